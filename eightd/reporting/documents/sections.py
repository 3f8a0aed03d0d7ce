"""The sections of the complaint notice and the handling form (procedure 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    CauseState,
    ClosureAnswer,
    ContainmentAnswer,
    PreventionAnswer,
    ProblemAnswer,
    ValidationAnswer,
)
from eightd.domain.discipline.money import with_cents
from eightd.domain.discipline.stock import balance
from eightd.domain.discipline.texts import in_language
from eightd.domain.words import Language
from eightd.reporting.documents.facts import ComplaintDocument
from eightd.reporting.eight_d import closure, header
from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.sheet import Entry, Fact, Sheet, TableRow, percent
from eightd.reporting.sheet.signatures import signing_boxes
from eightd.reporting.sheet.wording import ReportLanguage

SomeAnswer = TypeVar("SomeAnswer", bound=Answer)

_SIGNED_BY = {
    "complaint_notice": ("sales", "cqe", "department", "manager"),
    "handling_form": ("cqe", "department", "finance", "manager"),
}


def section(name: str, document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    """Return one section of the layout with its heading, or nothing where it has no content."""
    if name == "facts":
        return [*header.facts(document.report, sheet), *_own_facts(document, sheet)]
    if name == "defects":
        return header.defects(document.report, sheet)
    content = _CONTENT[name](document, sheet)
    heading = "title.measures" if name == "measures" else f"section.{name}"
    return [sheet.heading("", heading), *content] if content else []


def _own_facts(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    facts = sheet.facts(
        [Fact("field.registered_by", document.registered_by), Fact("field.stage", document.stage)], columns=3
    )
    return [one.spaced(before=5) for one in facts]


def _answer(
    document: ComplaintDocument, code: DisciplineCode, kind: type[SomeAnswer], sheet: Sheet
) -> SomeAnswer | None:
    """Return the accepted answer in the document's language, None where there is none."""
    answer = document.report.answers.get(code)
    if not isinstance(answer, kind):
        return None
    return (
        answer
        if sheet.language is ReportLanguage.BOTH
        else in_language(answer, Language(sheet.language.value))
    )


def _words(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    problem = _answer(document, DisciplineCode.D2, ProblemAnswer, sheet)
    said = document.description or (problem.customer_words if problem else "")
    return sheet.rows(
        [
            Entry("field.customer_words", said or sheet.say("text.no_words", sheet.styles.minor)),
            Entry("field.our_words", problem.our_words if problem else ""),
        ]
    )


def _tier(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    report = document.report
    reasons: list[Run] = []
    for reason in report.tier_reasons:
        if reasons:
            reasons.append(Run("\n", sheet.styles.body))
        reasons += sheet.words(reason, sheet.styles.body)
    return sheet.rows(
        [
            Entry(
                "field.tier",
                sheet.say(f"tier.{report.tier.value}", sheet.styles.strong) if report.tier else None,
            ),
            Entry("field.tier_criteria", report.tier_criteria),
            Entry("field.tier_reasons", reasons),
        ]
    )


def _holders(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    return sheet.table("holders", [TableRow((one.role, one.name)) for one in document.holders])


def _deadlines(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    return closure.course(document.report, sheet)


def _steps(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    return sheet.table("steps", [TableRow((one.what, one.by, one.at)) for one in document.steps])


def _containment(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    answer = _answer(document, DisciplineCode.D3, ContainmentAnswer, sheet)
    if answer is None:
        return []
    sums = balance(answer)
    colours, styles = sheet.layout.colours, sheet.styles
    lines: list[Run] = []
    if sums.delivered is None:
        lines += sheet.say("text.found_only", found=sums.of_delivered)
    else:
        lines += sheet.say("text.reconciliation", delivered=sums.delivered, found=sums.of_delivered)
    if sums.unaccounted:
        key = "text.unaccounted" if sums.unaccounted > 0 else "text.too_many"
        alarm = styles.strong.with_colour(colours.alarm)
        lines += [
            Run("\n", styles.body),
            *sheet.words(sheet.labels(key, count=abs(sums.unaccounted)), alarm, alarm),
        ]
    return sheet.rows(
        [
            Entry("title.reconciliation", lines),
            Entry("field.unaccounted_reason", answer.unaccounted_reason),
            Entry("title.interim", "\n".join(one.what for one in answer.actions if one.what)),
            Entry("field.first_clean_lot", answer.first_clean_lot),
        ]
    )


def _causes(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    answer = _answer(document, DisciplineCode.D4, CauseAnswer, sheet)
    if answer is None:
        return []
    colours = sheet.layout.colours
    rows = [
        TableRow(
            (
                f"C{index}",
                sheet.say(f"path.{one.path.value}"),
                one.text,
                percent(one.share_percent),
                sheet.words(
                    sheet.labels(f"cause_state.{one.state.value}"),
                    sheet.styles.strong.with_colour(
                        colours.good if one.state is CauseState.VERIFIED else colours.alarm
                    ),
                ),
            )
        )
        for index, one in enumerate(answer.causes, start=1)
    ]
    return sheet.table("causes", rows)


def _measures(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    return sheet.table("measures", list(_measured(document, sheet)))


def _measured(document: ComplaintDocument, sheet: Sheet) -> Iterator[TableRow]:
    """Yield interim actions, then corrective ones with what came of them."""
    containment = _answer(document, DisciplineCode.D3, ContainmentAnswer, sheet)
    chosen = _answer(document, DisciplineCode.D5, ActionAnswer, sheet)
    proven = _answer(document, DisciplineCode.D6, ValidationAnswer, sheet)
    for interim in containment.actions if containment else ():
        done = proven.interim_ended_on if proven else None
        yield TableRow(
            (sheet.say("kind.interim"), interim.what, interim.owner, interim.from_on, done, interim.evidence)
        )
    results = {one.action: one for one in proven.validations} if proven else {}
    for index, action in enumerate(chosen.actions if chosen else ()):
        result = results.get(index)
        yield TableRow(
            (
                sheet.say("kind.corrective"),
                action.action,
                action.owner,
                action.planned_on,
                result.done_on if result else None,
                result.after if result else "",
            )
        )


def _prevention(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    answer = _answer(document, DisciplineCode.D7, PreventionAnswer, sheet)
    if answer is None:
        return []
    documents = sheet.table(
        "documents",
        [
            TableRow(
                (
                    sheet.say(f"document.{one.type.value}"),
                    one.number,
                    one.none_reason or f"{one.from_revision} → {one.to_revision}",
                )
            )
            for one in answer.documents
        ],
    )
    return [*documents, *sheet.rows([Entry("field.lesson", answer.lesson)])]


def _cost(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    answer = _answer(document, DisciplineCode.D8, ClosureAnswer, sheet)
    if answer is None:
        return []
    rows = [
        TableRow((one.kind, None if one.amount is None else f"{with_cents(one.amount):f}", one.currency))
        for one in answer.cost
    ]
    return sheet.table("cost", rows)


def _outcome(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    report = document.report
    verdict = report.verdict
    facts = sheet.facts(
        [
            Fact("field.verdict", sheet.say(f"verdict.{verdict.result.value}") if verdict else None),
            Fact("field.verdict_by", verdict.by if verdict else ""),
            Fact("field.verdict_on", verdict.on if verdict else None),
            Fact("field.closed_on", report.closed_on),
        ],
        columns=4,
    )
    approved = sheet.table("approvals", [TableRow((one.meaning, one.by, one.at)) for one in report.approvals])
    return [*facts, *approved]


def _signatures(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    return [signing_boxes(_SIGNED_BY[document.kind.value], sheet)]


_CONTENT: Mapping[str, Callable[[ComplaintDocument, Sheet], list[Block]]] = {
    "words": _words,
    "tier": _tier,
    "holders": _holders,
    "deadlines": _deadlines,
    "measures": _measures,
    "steps": _steps,
    "containment": _containment,
    "causes": _causes,
    "prevention": _prevention,
    "cost": _cost,
    "outcome": _outcome,
    "signatures": _signatures,
}
