"""What the places of a reply template are filled with: what was accepted, approved or issued, never a draft.

Neither people of the plant (but the sender), nor costs, nor the tier, nor what is marked internal are among it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode, DisciplineState, Stage
from eightd.domain.correspondence import ReplyKind
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    CauseState,
    ContainmentAnswer,
    PreventionAnswer,
    ProblemAnswer,
    ValidationAnswer,
)
from eightd.domain.discipline.texts import for_customers, in_language
from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.domain.words import Argument, Language, Phrase
from eightd.domain.workflow.snapshot import ComplaintSnapshot
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.reporting.eight_d.audience import linked
from eightd.reporting.eight_d.labels import Labels
from eightd.usecases.confirm import explanation
from eightd.usecases.deadlines import MILESTONE_OF
from eightd.usecases.sending import REPORT_KIND

_D = DisciplineCode
_ADDRESS = re.compile(r"<?[^\s<>,;，；]+@[^\s<>,;，；]+>?")

OF_INSPECTED = Phrase(
    "reply_fact.of_inspected", "{what}: {count} of {inspected}", "{what} {count}/{inspected}"
)
COUNTED = Phrase("reply_fact.counted", "{what}: {count}", "{what} {count}")
QUANTITY = Phrase("reply_fact.quantity", "{label}: {count}", "{label}：{count}")
AT_PLACE = Phrase(
    "reply_fact.at_place",
    "{place}: {quantity}, checked {checked}, NG {ng}",
    "{place}：{quantity}，已检 {checked}，不良 {ng}",
)
WHERE = Phrase("reply_fact.where", "{what} (at {where})", "{what}（{where}）")
FROM = Phrase("reply_fact.from", "{what}, from {on}", "{what}，自 {on} 起")
CAUSE = Phrase("reply_fact.cause", "{path}: {text}", "{path}：{text}")
ASSUMED = Phrase("reply_fact.assumed", "{text} (being verified)", "{text}（验证中）")
DONE = Phrase("reply_fact.done", "{what}, done {on}", "{what}，已于 {on} 完成")
DONE_FROM = Phrase(
    "reply_fact.done_from", "{what}, done {on}, from lot {lot}", "{what}，已于 {on} 完成，自批次 {lot} 起"
)
PLANNED = Phrase("reply_fact.planned", "{what}, planned for {on}", "{what}，计划 {on} 完成")
PROVED = Phrase(
    "reply_fact.proved", "{how}: before {before}, after {after}", "{how}：改善前 {before}，改善后 {after}"
)
SAMPLES = Phrase("reply_fact.samples", "{what} (sample {count})", "{what}（样本 {count}）")
REVISED = Phrase("reply_fact.revised", "{kind} {number}: {old} → {new}", "{kind} {number}：{old} → {new}")
ACROSS = Phrase("reply_fact.across", "{where}: {decision}", "{where}：{decision}")
RECEIVED_SAMPLE = Phrase("reply_fact.sample_received", "received on {on}", "已于 {on} 收到")
COUNTED_SAMPLE = Phrase(
    "reply_fact.sample_counted", "received on {on}, {count} pieces", "已于 {on} 收到 {count} 件"
)
NO_SAMPLE = Phrase("reply_fact.no_sample", "not needed", "无需样品")
AWAITED_SAMPLE = Phrase(
    "reply_fact.sample_awaited",
    "please send it to us; our analysis begins with it",
    "请尽快寄出，收到后即开始分析",
)
BY = Phrase("reply_fact.by", "{what}: by {at}", "{what}：{at} 前")
AFTER_SAMPLE = Phrase(
    "reply_fact.after_sample", "{what}: once the sample has arrived", "{what}：收到样品后起算"
)
INITIAL_TITLE = Phrase("reply_fact.initial", "Initial reply", "初步回复")
PRELIMINARY_TITLE = Phrase("reply_fact.preliminary", "Preliminary analysis", "初步原因分析")
FINAL_TITLE = Phrase("reply_fact.final", "Final 8D report", "最终 8D 报告")
REPORT = Phrase(
    "reply_fact.report", "8D report {number}, revision {revision}", "8D 报告 {number} 第 {revision} 版"
)

_TITLES = dict(zip(MILESTONE_OF.values(), (INITIAL_TITLE, PRELIMINARY_TITLE, FINAL_TITLE), strict=True))


@dataclass(frozen=True, slots=True)
class About:
    """What a letter is about, in which language it is written, and by whom; ``kind`` None where it is no reply."""

    row: ComplaintRow
    snapshot: ComplaintSnapshot
    kind: ReplyKind | None
    language: Language
    sender: str
    revision: RevisionRow | None


def values_of(session: Session, about: About, labels: Labels) -> dict[str, str]:
    """Return the value of every place, empty where the record says nothing that may be told."""
    row = about.row
    plant = session.get_one(PlantRow, row.plant_id)
    customer = session.get_one(CustomerRow, row.customer_id)
    part = session.get_one(PartRow, row.part_id)
    word = _Words(about.language, ZoneInfo(plant.zone), labels)
    customer_name = word.pair(customer.name, customer.name_en)
    lines = session.execute(
        sa.select(DefectLineRow).where(DefectLineRow.complaint_id == row.id).order_by(DefectLineRow.position)
    ).scalars()
    values = {
        "number": row.number,
        "customer_number": row.customer_number,
        "customer": customer_name,
        "contact": _without_address(row.contact) or _without_address(customer.contact) or customer_name,
        "plant": word.pair(plant.name, plant.name_en),
        "sender": about.sender,
        "part": f"{part.number} {word.pair(part.name, part.name_en)}",
        "customer_part": row.part_customer_number or part.customer_number,
        "lots": word.listed(row.lots),
        "received": word.instant(row.received_at),
        "defects": word.listed(word.defect(line) for line in lines),
        "quantities": word.quantities(row),
        "sample": word.sample(row),
        **_of_returns(session, row),
        "address": (plant.address_en if about.language is Language.EN else "") or plant.address,
        "next_dates": word.next_dates(session, row, customer, about.kind),
        "report": ""
        if about.revision is None
        else word.say(REPORT, number=row.number, revision=about.revision.number),
        "explanation": "",
    }
    if row.stage in (Stage.NOT_OURS_APPROVED, Stage.NEGOTIATING):
        values["explanation"] = explanation(session, row)
    values.update(_of_disciplines(_for_customers(accepted(about.snapshot), about.language), word))
    return values


def _of_returns(session: Session, row: ComplaintRow) -> dict[str, str]:
    """Say which samples were announced and have not come."""
    announced = list(
        session.execute(
            sa.select(ReturnRow)
            .where(
                ReturnRow.complaint_id == row.id,
                ReturnRow.stage == ReturnStage.ANNOUNCED,
                ReturnRow.kind == ReturnKind.SAMPLE,
            )
            .order_by(ReturnRow.id)
        ).scalars()
    )
    days = [one.expected_on for one in announced if one.expected_on is not None]
    return {
        "returns": ", ".join(one.number for one in announced),
        "expected": max(days).isoformat() if days else "",
        "enclose": "\n".join(dict.fromkeys(one.enclose for one in announced if one.enclose)),
    }


def accepted(snapshot: ComplaintSnapshot) -> dict[DisciplineCode, Answer]:
    """Return the answers of the disciplines that are accepted now."""
    return {
        code: discipline.accepted
        for code, discipline in snapshot.disciplines.items()
        if discipline.state is DisciplineState.ACCEPTED and discipline.accepted is not None
    }


def _for_customers(
    answers: Mapping[DisciplineCode, Answer], language: Language
) -> dict[DisciplineCode, Answer]:
    """Return answers without what is internal, in the language where it was translated."""
    shown = linked(answers, {code: for_customers(answer) for code, answer in answers.items()})
    return {code: in_language(answer, language) for code, answer in shown.items()}


def addresses_in(*texts: str) -> tuple[str, ...]:
    """Return the e-mail addresses that stand in texts, each once, in their order."""
    found = (match[0].strip("<>") for text in texts for match in _ADDRESS.finditer(text))
    return tuple(dict.fromkeys(found))


def _without_address(contact: str) -> str:
    return " ".join(_ADDRESS.sub(" ", contact).split()).strip(" ,;，；")


def _of_disciplines(answers: Mapping[DisciplineCode, Answer], word: _Words) -> dict[str, str]:
    values: dict[str, str] = {}
    problem, containment = answers.get(_D.D2), answers.get(_D.D3)
    causes, chosen = answers.get(_D.D4), answers.get(_D.D5)
    proof, prevention = answers.get(_D.D6), answers.get(_D.D7)
    if isinstance(problem, ProblemAnswer):
        values["problem"] = problem.our_words
    if isinstance(containment, ContainmentAnswer):
        values["containment"] = word.bullets(
            word.interim(action.what, action.where, action.from_on) for action in containment.actions
        )
        values["stock"] = word.stock(containment)
        values["clean_lot"] = containment.first_clean_lot
    if isinstance(causes, CauseAnswer):
        values["causes"] = word.causes(causes)
    if isinstance(chosen, ActionAnswer):
        done = proof if isinstance(proof, ValidationAnswer) else None
        values["actions"] = word.actions(chosen, done)
        values["validation"] = "" if done is None else word.validations(done)
    if isinstance(prevention, PreventionAnswer):
        values["prevention"] = word.prevention(prevention)
    return values


@dataclass(frozen=True, slots=True)
class _Words:
    """Puts facts into the words of one language, instants on the plant's clock."""

    language: Language
    zone: ZoneInfo
    labels: Labels

    def say(self, phrase: Phrase, **arguments: Argument) -> str:
        return phrase.say(**arguments).text(self.language)

    def pair(self, zh: str, en: str) -> str:
        return en if self.language is Language.EN and en else zh

    def label(self, key: str) -> str:
        wording = self.labels(key)
        return wording.en if self.language is Language.EN else wording.zh

    def instant(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def listed(self, parts: Iterable[str]) -> str:
        return (", " if self.language is Language.EN else "、").join(part for part in parts if part)

    def bullets(self, lines: Iterable[str]) -> str:
        told = (f"- {' '.join(line.split())}" for line in lines if line.strip())
        return "\n".join(dict.fromkeys(told))  # three actions may have one proof

    def defect(self, line: DefectLineRow) -> str:
        what = self.pair(line.phenomenon, line.phenomenon_en)
        if line.inspected is None:
            return self.say(COUNTED, what=what, count=line.quantity)
        return self.say(OF_INSPECTED, what=what, count=line.quantity, inspected=line.inspected)

    def quantities(self, row: ComplaintRow) -> str:
        counted = {
            "delivered": row.quantity_delivered,
            "inspected": row.quantity_inspected,
            "complained": row.quantity_complained,
            "confirmed_ng": row.quantity_confirmed_ng,
            "returned": row.quantity_returned,
        }
        return "\n".join(
            self.say(QUANTITY, label=self.label(f"field.{name}"), count=count)
            for name, count in counted.items()
            if count is not None
        )

    def interim(self, what: str, where: str, from_on: date | None) -> str:
        said = self.say(WHERE, what=what, where=where) if where else what
        return self.say(FROM, what=said, on=from_on.isoformat()) if from_on and what else said

    def stock(self, answer: ContainmentAnswer) -> str:
        return self.bullets(
            self.say(
                AT_PLACE,
                place=self.label(f"place.{row.place.value}"),
                quantity=row.quantity,
                checked=0 if row.checked is None else row.checked,
                ng=0 if row.ng is None else row.ng,
            )
            for row in answer.stock
            if row.quantity is not None
        )

    def causes(self, answer: CauseAnswer) -> str:
        return self.bullets(
            self.say(
                CAUSE,
                path=self.label(f"path.{cause.path.value}"),
                text=cause.text if cause.state is CauseState.VERIFIED else self.say(ASSUMED, text=cause.text),
            )
            for cause in answer.causes
            if cause.text
        )

    def actions(self, chosen: ActionAnswer, proof: ValidationAnswer | None) -> str:
        done = {one.action: one for one in proof.validations if one.done_on} if proof else {}
        lines = []
        for position, action in enumerate(chosen.actions):
            finished = done.get(position)
            if not action.action:
                continue
            if finished is not None and finished.done_on is not None:
                on = finished.done_on.isoformat()
                lot = finished.from_lot.strip(" -—–")
                lines.append(
                    self.say(DONE_FROM, what=action.action, on=on, lot=lot)
                    if lot
                    else self.say(DONE, what=action.action, on=on)
                )
            elif action.planned_on is not None:
                lines.append(self.say(PLANNED, what=action.action, on=action.planned_on.isoformat()))
            else:
                lines.append(action.action)
        return self.bullets(lines)

    def validations(self, proof: ValidationAnswer) -> str:
        lines = []
        for one in proof.validations:
            if not (one.how and one.before and one.after):
                continue
            said = self.say(PROVED, how=one.how, before=one.before, after=one.after)
            lines.append(
                said if one.sample_size is None else self.say(SAMPLES, what=said, count=one.sample_size)
            )
        return self.bullets(lines)

    def prevention(self, answer: PreventionAnswer) -> str:
        revised = (
            self.say(
                REVISED,
                kind=self.label(f"document.{one.type.value}"),
                number=one.number,
                old=one.from_revision,
                new=one.to_revision,
            )
            for one in answer.documents
            if one.to_revision
        )
        across = (
            self.say(ACROSS, where=one.where, decision=one.decision)
            for one in answer.read_across
            if one.where and one.decision
        )
        return self.bullets((*revised, *across))

    def sample(self, row: ComplaintRow) -> str:
        if row.sample_received_at is not None:
            on = f"{row.sample_received_at.astimezone(self.zone):%Y-%m-%d}"
            if row.sample_received_quantity is None:
                return self.say(RECEIVED_SAMPLE, on=on)
            return self.say(COUNTED_SAMPLE, on=on, count=row.sample_received_quantity)
        if row.sample_needed is None:
            return ""
        return self.say(AWAITED_SAMPLE if row.sample_needed else NO_SAMPLE)

    def next_dates(
        self, session: Session, row: ComplaintRow, customer: CustomerRow, kind: ReplyKind | None
    ) -> str:
        """Say what the customer may still expect: open milestones after the one that this reply meets."""
        report_kind = None if kind is None else REPORT_KIND.get(kind)
        if report_kind is None:
            return ""
        deadlines = session.execute(
            sa.select(DeadlineRow)
            .where(DeadlineRow.complaint_id == row.id, DeadlineRow.met_at.is_(None))
            .order_by(DeadlineRow.position)
        ).scalars()
        told = []
        for deadline in deadlines:
            title = _TITLES.get(deadline.milestone)
            own = self.pair(deadline.title_zh, deadline.title_en)
            what = own if title is None or own else self.say(title)
            if deadline.milestone == MILESTONE_OF[report_kind] or not what:
                continue
            due_at = deadline.due_at if customer.accepts_stops else deadline.contractual_due_at
            if due_at is not None:
                told.append(self.say(BY, what=what, at=self.instant(due_at)))
            elif deadline.started_at is None and row.sample_needed and row.sample_received_at is None:
                told.append(self.say(AFTER_SAMPLE, what=what))
        return self.bullets(told)
