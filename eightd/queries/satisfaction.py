"""What was asked of customers and what they answered: of one complaint, waiting in a plant, and as indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import Scope, may, scope
from eightd.domain.complaint import Stage
from eightd.domain.satisfaction import QUESTIONS, Asked, Score, SurveyState, score, wants_reopening
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.recipients import relay_for
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.queries.board import named
from eightd.queries.case import names, open_case

MOST = 50
"""How many complaints a list of what waits shows, those waiting longest first."""

RECENT = timedelta(days=60)
"""How long after its reply a complaint is listed as not asked yet."""


@dataclass(frozen=True, slots=True)
class SurveyView:
    """One question to the customer and its answer; ``holds`` says that its link opens."""

    id: int
    version: int
    state: SurveyState
    language: Language
    recipients: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    reminded_at: datetime | None
    remind_at: datetime | None
    revoked_at: datetime | None
    answers: Mapping[str, int]
    comment: str
    answered_by: str
    answered_at: datetime | None
    recorded_by: str
    is_dissatisfied: bool
    follow_up_due_at: datetime | None
    follow_up_done_at: datetime | None
    follow_up_by: str
    follow_up_note: str
    reopen_declined_because: str
    proposes_reopening: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class SatisfactionPage:
    """Everything about one complaint's satisfaction; ``open`` is the question that can still be answered."""

    number: str
    zone: str
    customer_number: str
    customer_language: Language
    contact: str
    emails: str
    part: str
    plant: str
    plant_en: str
    surveys: tuple[SurveyView, ...]
    open: SurveyView | None
    can_mail: bool
    ask: Outcome
    record: Outcome
    follow_up: Outcome
    reopen: Outcome


@dataclass(frozen=True, slots=True)
class CallView:
    """An unhappy customer who waits to be called, and until when."""

    number: str
    zone: str
    customer: str
    answered_at: datetime
    due_at: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class UnaskedView:
    """A complaint whose customer has been answered and not asked yet."""

    number: str
    zone: str
    customer: str
    stage: Stage
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer as the list of answers shows it."""

    number: str
    zone: str
    customer: str
    answered_at: datetime
    overall: int
    dissatisfied: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Indicators:
    """Scores of what was asked from one day to another: altogether, by month and by customer."""

    total: Score
    months: tuple[tuple[str, Score], ...]
    customers: tuple[tuple[str, str, Score], ...]
    answers: tuple[AnswerView, ...]


def satisfaction_page(session: Session, actor: Actor, number: str, now: datetime) -> SatisfactionPage | None:
    """Return the page of a complaint, None where the actor may not know of it."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    rows = list(
        session.execute(
            sa.select(SurveyRow).where(SurveyRow.complaint_id == case.row.id).order_by(SurveyRow.id.desc())
        ).scalars()
    )
    people = names(
        session, [one for row in rows for one in (row.asked_by, row.recorded_by, row.follow_up_by)]
    )
    surveys = tuple(_survey(row, case.row, people, now) for row in rows)
    return SatisfactionPage(
        number=case.row.number,
        zone=case.plant.zone,
        customer_number=case.row.customer_number,
        customer_language=case.customer.language,
        contact=case.row.contact,
        emails=case.customer.emails,
        part=case.part.number,
        plant=case.plant.name,
        plant_en=case.plant.name_en,
        surveys=surveys,
        open=next((one for one in surveys if one.holds and one.state is SurveyState.ASKED), None),
        can_mail=relay_for(session, case.plant.id) is not None,
        ask=may(actor, Action.ASK_SATISFACTION, case.snapshot),
        record=may(actor, Action.RECORD_SATISFACTION, case.snapshot),
        follow_up=may(actor, Action.FOLLOW_UP, case.snapshot),
        reopen=may(actor, Action.REOPEN, case.snapshot),
    )


@dataclass(frozen=True, slots=True)
class DoorView:
    """What the customer's page shows of the complaint it is about, and nothing else."""

    number: str
    customer_number: str
    part: str
    plant: str
    plant_en: str


def door(session: Session, complaint_id: int) -> DoorView:
    """Return what the customer knows of its own complaint anyway."""
    found = session.execute(
        sa.select(ComplaintRow, PlantRow, PartRow.number)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .where(ComplaintRow.id == complaint_id)
    ).one()
    row, plant, part = found
    return DoorView(
        row.number,
        row.customer_number,
        row.part_customer_number or part,
        plant.name,
        plant.name_en or plant.name,
    )


def calls(session: Session, actor: Actor, now: datetime, language: Language | str) -> tuple[CallView, ...]:
    """Return the unhappy customers who wait to be called, the earliest due first."""
    wanted = _seen(scope(actor))
    found = session.execute(
        _joined(SurveyRow)
        .where(*wanted, SurveyRow.is_dissatisfied, SurveyRow.follow_up_done_at.is_(None))
        .order_by(SurveyRow.follow_up_due_at, SurveyRow.id)
        .limit(MOST)
    ).all()
    return tuple(
        CallView(
            number=row.number,
            zone=row.zone,
            customer=named(row.name, row.name_en, language),
            answered_at=row.SurveyRow.answered_at,
            due_at=row.SurveyRow.follow_up_due_at,
            overdue=row.SurveyRow.follow_up_due_at < now,
        )
        for row in found
    )


def unasked(
    session: Session, actor: Actor, now: datetime, language: Language | str
) -> tuple[UnaskedView, ...]:
    """Return the complaints answered in the last weeks whose customer has not been asked, the oldest reply first."""
    seen = scope(actor)
    wanted: list[Any] = [
        ComplaintRow.plant_id.in_(sorted(seen.plants)),
        ComplaintRow.final_sent_at > now - RECENT,
        ComplaintRow.stage.in_((Stage.REPORTED, Stage.WATCHING, Stage.CLOSED)),
        ComplaintRow.imported_from == "",
        ~sa.exists().where(SurveyRow.complaint_id == ComplaintRow.id),
    ]
    if seen.customers is not None:
        wanted.append(ComplaintRow.customer_id.in_(sorted(seen.customers)))
    found = session.execute(
        sa.select(
            ComplaintRow.number, PlantRow.zone, CustomerRow.name, CustomerRow.name_en, ComplaintRow.stage,
            ComplaintRow.final_sent_at,
        )
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .where(*wanted)
        .order_by(ComplaintRow.final_sent_at, ComplaintRow.id)
        .limit(MOST)
    )  # fmt: skip
    return tuple(
        UnaskedView(number, zone, named(name, name_en, language), stage, sent_at)
        for number, zone, name, name_en, stage, sent_at in found
        if sent_at is not None
    )


def indicators(
    session: Session,
    actor: Actor,
    from_on: date,
    until_on: date,
    zone: str,
    language: Language | str,
    *,
    plant_id: int | None = None,
) -> Indicators:
    """Return the scores of what was asked on these days, both inclusive, in one zone; what was taken back is not."""
    clock = ZoneInfo(zone)
    begins = datetime.combine(from_on, time(0), clock)
    ends = datetime.combine(until_on + timedelta(days=1), time(0), clock)
    wanted = [
        *_seen(scope(actor)),
        SurveyRow.asked_at >= begins,
        SurveyRow.asked_at < ends,
        SurveyRow.state != SurveyState.REVOKED,
    ]
    if plant_id is not None:
        wanted.append(SurveyRow.plant_id == plant_id)
    found = session.execute(
        sa.select(
            SurveyRow.asked_at, SurveyRow.state, SurveyRow.answers, SurveyRow.customer_id, CustomerRow.code,
            CustomerRow.name, CustomerRow.name_en,
        )
        .join(CustomerRow, CustomerRow.id == SurveyRow.customer_id)
        .where(*wanted)
    ).all()  # fmt: skip
    months: dict[str, list[Asked]] = {}
    customers: dict[tuple[str, str], list[Asked]] = {}
    every: list[Asked] = []
    for row in found:
        one = Asked(row.answers if row.state is SurveyState.ANSWERED else None)
        every.append(one)
        months.setdefault(f"{row.asked_at.astimezone(clock):%Y-%m}", []).append(one)
        who = (named(row.name, row.name_en, language), row.code)
        customers.setdefault(who, []).append(one)
    return Indicators(
        total=score(every),
        months=tuple((month, score(months[month])) for month in sorted(months)),
        customers=tuple(
            (name, code, value)
            for (name, code), value in sorted(
                ((who, score(given)) for who, given in customers.items()), key=_worst_first
            )
        ),
        answers=_answers(session, wanted, language),
    )


def _worst_first(entry: tuple[tuple[str, str], Score]) -> tuple[bool, Decimal, str]:
    average = entry[1].average()
    return average is None, average or Decimal(0), entry[0][1]


def _answers(session: Session, wanted: Iterable[Any], language: Language | str) -> tuple[AnswerView, ...]:
    """Return the newest answers."""
    found = session.execute(
        _joined(SurveyRow)
        .where(*wanted, SurveyRow.state == SurveyState.ANSWERED)
        .order_by(SurveyRow.answered_at.desc(), SurveyRow.id.desc())
        .limit(MOST)
    ).all()
    return tuple(
        AnswerView(
            number=row.number,
            zone=row.zone,
            customer=named(row.name, row.name_en, language),
            answered_at=row.SurveyRow.answered_at,
            overall=row.SurveyRow.answers.get("overall", 0),
            dissatisfied=row.SurveyRow.is_dissatisfied,
            comment=row.SurveyRow.comment,
        )
        for row in found
    )


def _joined(table: type[SurveyRow]) -> sa.Select[Any]:
    columns: Any = (table, ComplaintRow.number, PlantRow.zone, CustomerRow.name, CustomerRow.name_en)
    return (
        sa.select(*columns)
        .join(ComplaintRow, ComplaintRow.id == table.complaint_id)
        .join(PlantRow, PlantRow.id == table.plant_id)
        .join(CustomerRow, CustomerRow.id == table.customer_id)
    )


def _seen(seen: Scope) -> list[Any]:
    wanted: list[Any] = [SurveyRow.plant_id.in_(sorted(seen.plants))]
    if seen.customers is not None:
        wanted.append(SurveyRow.customer_id.in_(sorted(seen.customers)))
    return wanted


def _survey(row: SurveyRow, complaint: ComplaintRow, people: Mapping[int, str], now: datetime) -> SurveyView:
    reopened = (
        complaint.rejected_at is not None
        and row.answered_at is not None
        and complaint.rejected_at >= row.answered_at
    )
    return SurveyView(
        id=row.id,
        version=row.version,
        state=row.state,
        language=row.language,
        recipients=tuple(row.recipients),
        asked_by=people.get(row.asked_by or 0, ""),
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        reminded_at=row.reminded_at,
        remind_at=row.remind_at,
        revoked_at=row.revoked_at,
        answers={question: row.answers[question] for question in QUESTIONS if question in row.answers},
        comment=row.comment,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        recorded_by=people.get(row.recorded_by or 0, ""),
        is_dissatisfied=row.is_dissatisfied,
        follow_up_due_at=row.follow_up_due_at,
        follow_up_done_at=row.follow_up_done_at,
        follow_up_by=people.get(row.follow_up_by or 0, ""),
        follow_up_note=row.follow_up_note,
        reopen_declined_because=row.reopen_declined_because,
        proposes_reopening=wants_reopening(
            dissatisfied=row.is_dissatisfied,
            declined=bool(row.reopen_declined_because),
            reopened_since=reopened,
            stage=complaint.stage,
        ),
        holds=row.state is not SurveyState.REVOKED and row.expires_at > now,
    )
