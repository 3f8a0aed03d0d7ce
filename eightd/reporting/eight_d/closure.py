"""D8 and what follows it: closure, sample and deadlines, sign-off, what only the plant may read."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from eightd.domain.discipline.answers import ClosureAnswer
from eightd.domain.discipline.money import with_cents
from eightd.domain.workflow.snapshot import VerdictResult
from eightd.reporting.eight_d.document import DeadlineFact, EightDDocument, Wording
from eightd.reporting.eight_d.header import state, zone_note
from eightd.reporting.pdf.blocks import Block, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.sheet import Content, Entry, Fact, Sheet, TableRow, stacked


def closure(answer: ClosureAnswer | None, document: EightDDocument, sheet: Sheet) -> list[Block]:
    """Return D8 with the customer's verdict and the date of closure."""
    answer = answer or ClosureAnswer()
    verdict = document.verdict
    decided: list[Block] = []
    if verdict:
        colours = sheet.layout.colours
        shade = colours.good if verdict.result is VerdictResult.ACCEPTED else colours.alarm
        wording = sheet.labels(f"verdict.{verdict.result.value}")
        decided = sheet.facts(
            [
                Fact("field.verdict", sheet.words(wording, sheet.styles.strong.with_colour(shade))),
                Fact("field.verdict_by", verdict.by),
                Fact("field.verdict_on", verdict.on),
                Fact("field.closed_on", document.closed_on),
            ],
            columns=4,
        )
    elif document.closed_on:
        decided = sheet.facts([Fact("field.closed_on", document.closed_on)])
    return [
        *sheet.rows([Entry("field.watch", answer.watch)]),
        *_cost(answer, sheet),
        *sheet.rows([Entry("field.thanks", answer.thanks)]),
        *decided,
    ]


def _cost(answer: ClosureAnswer, sheet: Sheet) -> list[Block]:
    """Return the cost with one sum per currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in answer.cost:
        sums[line.currency] += line.amount or 0
    rows = [
        TableRow(
            (line.kind, None if line.amount is None else with_cents(line.amount), line.currency),
            place=f"cost/{line.key}",
        )
        for line in answer.cost
    ]
    rows += [
        TableRow((sheet.say("text.sum", sheet.styles.strong), with_cents(amount), currency), total=True)
        for currency, amount in sums.items()
    ]
    table = sheet.table("cost", rows)
    return [sheet.subheading("title.cost"), *table] if table else []


def course(document: EightDDocument, sheet: Sheet) -> list[Block]:
    """Return the sample, the deadlines and the stops of the clocks."""
    sample = document.sample
    needed: Content = None
    if sample.needed is not None:
        needed = sheet.say("text.sample_needed" if sample.needed else "text.sample_not_needed")
    facts = sheet.facts(
        [
            Fact("field.sample_needed", needed),
            Fact("field.sample_announced", sample.announced_quantity),
            Fact("field.sample_received_at", sample.received_at),
            Fact("field.sample_received", sample.received_quantity),
            Fact("field.sample_difference", sample.difference_reason),
            Fact("field.sample_reason", sample.reason),
        ]
    )
    deadlines = sheet.table(
        "deadlines",
        [
            TableRow(
                (
                    one.name,
                    _due(one, one.contractual_due_at, sheet) or sheet.runs(one.waiting_for),
                    [*_due(one, one.agreed_due_at, sheet), *_because(one, sheet)],
                    one.met_at or sheet.say("text.open", sheet.styles.minor),
                )
            )
            for one in document.deadlines
        ],
    )
    stops = sheet.table(
        "stops",
        [
            TableRow(
                (one.reason, one.from_at, one.until_at or sheet.say("text.stop_running"), one.note, one.by)
            )
            for one in document.stops
        ],
    )
    return [
        *facts,
        *([sheet.subheading("title.deadlines"), *deadlines] if deadlines else []),
        *([sheet.subheading("title.stops"), *stops] if stops else []),
    ]


def _due(deadline: DeadlineFact, due: datetime | None, sheet: Sheet) -> list[Run]:
    if due is None:
        return []
    runs = sheet.runs(due)
    if deadline.provisional:
        runs += [Run(" ", sheet.styles.minor), *sheet.say("text.provisional", sheet.styles.minor)]
    return runs


def _because(deadline: DeadlineFact, sheet: Sheet) -> list[Run]:
    reason = sheet.words(deadline.agreed_because, sheet.styles.minor)
    return [Run("\n", sheet.styles.minor), *reason] if reason else []


def approval(document: EightDDocument, sheet: Sheet, content_hash: str) -> list[Block]:
    """Return who answered and accepted each discipline, who approved, who issued, and the full hash."""
    signed = sheet.table(
        "sign_offs",
        [
            TableRow(
                (
                    [
                        Run(f"{one.discipline.value}  ", sheet.styles.strong),
                        *sheet.say(f"section.{one.discipline.value}"),
                    ],
                    one.submitted_by,
                    one.submitted_at,
                    one.accepted_by,
                    one.accepted_at,
                )
            )
            for one in document.sign_offs
        ],
    )
    issue = sheet.facts(
        [
            Fact("field.report_kind", sheet.say(state(document))),
            Fact("field.revision", document.revision),
            Fact("field.issued_at", document.issued_at),
            Fact("field.full_hash", content_hash, span=4),
        ],
        columns=4,
    )
    note = Text(sheet.words(zone_note(document, sheet), sheet.styles.minor), sheet.faces).spaced(before=6)
    return [
        *([sheet.subheading("title.sign_offs"), *signed] if signed else []),
        *_meanings(document, sheet),
        *_signatures(document, sheet),
        *(block.spaced(before=8) for block in issue),
        note,
    ]


def _meanings(document: EightDDocument, sheet: Sheet) -> list[Block]:
    """Return once what the acceptances were signed with."""
    meanings = list(dict.fromkeys(one.meaning for one in document.sign_offs if one.meaning != Wording()))
    runs: list[Run] = []
    for meaning in meanings:
        gap = "; " if runs else ": "
        label = [] if runs else sheet.say("text.signed", sheet.styles.minor)
        runs += [*label, Run(gap, sheet.styles.minor), *sheet.words(meaning, sheet.styles.minor)]
    return sheet.note(runs, before=2)


def _signatures(document: EightDDocument, sheet: Sheet) -> list[Block]:
    """Return the approvals of the whole case as signatures: meaning, name and moment under a line each."""
    styles, colours = sheet.styles, sheet.layout.colours
    cards = [(one.meaning, one.by, one.at) for one in document.approvals]
    if document.revision:
        cards.append((sheet.labels("field.issued_by"), document.issued_by, document.issued_at))
    cards = [card for card in cards if card[1] or card[2]]
    if not cards:
        return []
    cells = []
    for meaning, by, at in cards:
        label = stacked(sheet.words(meaning, styles.label, styles.label_minor))
        when = [Run(f"\n{sheet.day(at)}", styles.minor)] if at else []
        name = [Run("\n", styles.strong), *sheet.runs(by, styles.strong)]
        cells.append(Cell(Text([*label, *name, *when], sheet.faces)))
    cells += [Cell(Text((), sheet.faces))] * (-len(cells) % 3)
    rows = [Row(tuple(cells[at : at + 3]), fill=colours.soft) for at in range(0, len(cells), 3)]
    look = Look(pad_x=7, pad_y=6, rule=colours.hairline, edge=colours.accent)
    grid = Grid((1.0,) * 3, rows, look=look, cuttable=False).spaced(before=2, after=5)
    return [sheet.subheading("title.approvals"), grid]


def disclaimer(sheet: Sheet) -> list[Block]:
    """Return the plant's technical disclaimer, below everything else."""
    said = sheet.layout.disclaimer
    runs = stacked(sheet.words(Wording(said.zh, said.en), sheet.styles.minor))
    if not runs:
        return []
    label = sheet.words(sheet.labels("section.disclaimer"), sheet.styles.label, sheet.styles.label_minor)
    text = Text([*label, Run("\n", sheet.styles.minor), *runs], sheet.faces)
    look = Look(pad_x=5, pad_y=4, edge=sheet.layout.colours.hairline)
    return [Grid((1,), [Row((Cell(text),))], look=look).spaced(before=12)]


def internal(document: EightDDocument, sheet: Sheet) -> list[Block]:
    """Return what only the plant may read: how the tier came about, and its own facts."""
    reasons = [
        (Run("\n", sheet.styles.body) if index else None, sheet.words(reason, sheet.styles.body))
        for index, reason in enumerate(document.tier_reasons)
    ]
    joined = [run for gap, runs in reasons for run in ([gap, *runs] if gap else runs)]
    facts = sheet.table(
        "internal",
        [TableRow((one.label, one.text)) for one in document.internal],
    )
    return [
        *sheet.rows(
            [Entry("field.tier_criteria", document.tier_criteria), Entry("field.tier_reasons", joined)]
        ),
        *facts,
    ]
