"""Read a few hundred complaints for the log with everything about them, each table once.

Columns, not objects: the log reads a hundred thousand complaints, and an object for each of them and for each of
their deadlines would cost more than the rest together. Words, instants and documents come as the store keeps
them; ``log`` makes values of those it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.clock import due
from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.due import Deadline
from eightd.domain.clock.profile import Profile
from eightd.domain.clock.stops import ClockStop
from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.persistence.repositories import rules
from eightd.persistence.repositories.deadlines import implied_stops, start_instants
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import (
    AssignmentRow,
    ClassificationRow,
    ComplaintRow,
    DefectLineRow,
)
from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.people import PlantRow
from eightd.queries.case import names

Found: TypeAlias = Mapping[int, list[Any]]
"""Rows by complaint."""

_Earlier = aliased(ComplaintRow)


def _plain(column: Any) -> Any:
    """Select a word or an instant as the driver gives it; reading each through its type would double the time."""
    return sa.type_coerce(column, sa.String).label(column.key)


def _document(column: Any) -> Any:
    """Select a document as text: what is not shown need not be parsed."""
    return sa.cast(column, sa.Text).label(column.key)


_HEADER = (
    sa.select(
        ComplaintRow.id,
        ComplaintRow.number,
        ComplaintRow.plant_id,
        ComplaintRow.customer_id,
        ComplaintRow.customer_number,
        ComplaintRow.customer_plant,
        ComplaintRow.contact,
        ComplaintRow.end_customer,
        _plain(ComplaintRow.kind),
        _plain(ComplaintRow.channel),
        _plain(ComplaintRow.received_at),
        ComplaintRow.part_customer_number,
        ComplaintRow.drawing_revision,
        _document(ComplaintRow.lots),
        _document(ComplaintRow.date_codes),
        _document(ComplaintRow.serials),
        ComplaintRow.order_number,
        ComplaintRow.delivery_number,
        ComplaintRow.quantity_delivered,
        ComplaintRow.quantity_inspected,
        ComplaintRow.quantity_complained,
        ComplaintRow.quantity_confirmed_ng,
        ComplaintRow.quantity_returned,
        _document(ComplaintRow.demands),
        ComplaintRow.report_language,
        _plain(ComplaintRow.stage),
        ComplaintRow.is_open,
        _plain(ComplaintRow.tier),
        ComplaintRow.weight,
        _plain(ComplaintRow.form),
        _plain(ComplaintRow.origin),
        ComplaintRow.ours,
        ComplaintRow.visit_needed,
        ComplaintRow.cqe_id,
        ComplaintRow.answered_by_id,
        ComplaintRow.sample_needed,
        ComplaintRow.sample_announced_quantity,
        ComplaintRow.sample_received_quantity,
        _plain(ComplaintRow.sample_received_at),
        ComplaintRow.sample_note,
        _plain(ComplaintRow.initial_reply_sent_at),
        _plain(ComplaintRow.final_sent_at),
        _plain(ComplaintRow.verdict),
        ComplaintRow.verdict_on,
        ComplaintRow.closed_on,
        _Earlier.number.label("repeat_of"),
        PlantRow.code.label("plant_code"),
        PlantRow.zone.label("plant_zone"),
        CustomerRow.name.label("customer_name"),
        CustomerRow.name_en.label("customer_name_en"),
        CustomerRow.contact.label("customer_contact"),
        CustomerRow.accepts_stops,
        PartRow.number.label("part_number"),
        PartRow.name.label("part_name"),
        PartRow.name_en.label("part_name_en"),
        PartRow.customer_number.label("part_own_customer_number"),
        PartRow.product_line,
    )
    .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
    .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
    .join(PartRow, PartRow.id == ComplaintRow.part_id)
    .outerjoin(_Earlier, _Earlier.id == ComplaintRow.repeat_of_id)
)
_NAMES = tuple(column["name"] for column in _HEADER.column_descriptions)
_DEFECTS = sa.select(
    DefectLineRow.complaint_id, DefectLineRow.phenomenon, DefectLineRow.phenomenon_en, DefectLineRow.quantity
).order_by(DefectLineRow.complaint_id, DefectLineRow.position)
_CLASSIFICATIONS = sa.select(
    ClassificationRow.complaint_id,
    ClassificationRow.criteria,
    _document(ClassificationRow.reasons),
    ClassificationRow.reason,
).order_by(ClassificationRow.complaint_id, ClassificationRow.id)
_DEADLINES = sa.select(
    DeadlineRow.complaint_id,
    DeadlineRow.milestone,
    _plain(DeadlineRow.contractual_due_at),
    _plain(DeadlineRow.due_at),
    _plain(DeadlineRow.met_at),
    DeadlineRow.provisional,
    DeadlineRow.paused,
    DeadlineRow.wants,
)
_ASSIGNMENTS = sa.select(AssignmentRow.complaint_id, _plain(AssignmentRow.role), AssignmentRow.user_id).where(
    AssignmentRow.until_at.is_(None)
)
_ACCEPTED = (
    sa.select(SubmissionRow.complaint_id, _plain(SubmissionRow.code), _document(SubmissionRow.answer))
    .join(
        DisciplineRow,
        sa.and_(
            DisciplineRow.complaint_id == SubmissionRow.complaint_id, DisciplineRow.code == SubmissionRow.code
        ),
    )
    .where(
        SubmissionRow.code.in_([DisciplineCode.D4, DisciplineCode.D5]),
        SubmissionRow.verdict == "accepted",
        DisciplineRow.state == DisciplineState.ACCEPTED,
    )
    .order_by(SubmissionRow.complaint_id, SubmissionRow.number)
)
_REVISIONS = sa.select(
    RevisionRow.complaint_id, RevisionRow.number, _plain(RevisionRow.kind), RevisionRow.content_hash
).order_by(RevisionRow.complaint_id, RevisionRow.number)
_STOPS = (
    sa.select(
        ClockStopRow.complaint_id,
        ClockStopRow.from_at,
        ClockStopRow.to_at,
        ClockStopRow.reason,
        ClockStopRow.note,
    )
    .where(ClockStopRow.withdrawn_because == "")
    .order_by(ClockStopRow.from_at)
)


@dataclass(slots=True)
class Known:
    """What the slices of one log share: names of people, and the rules that running stops are computed by."""

    people: dict[int, str] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    calendars: dict[tuple[int, int], tuple[PlantRow, WorkingCalendar]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slice:
    """What was found of the complaints asked for, in the order of their ids."""

    headers: Sequence[Mapping[str, Any]]
    defects: Found
    classifications: Found
    deadlines: Found
    assignments: Found
    accepted: Found
    revisions: Found
    moving: Mapping[int, tuple[Deadline, ...]]


def read(session: Session, ids: Sequence[int], known: Known, now: datetime) -> Slice:
    """Read the complaints with these ascending ids, in eight statements (a few more where clocks stand still)."""
    connection = session.connection()
    found = connection.execute(_HEADER.where(_among(ComplaintRow.id, ids)).order_by(ComplaintRow.id))
    wanted = frozenset(ids)
    headers = [dict(zip(_NAMES, row, strict=True)) for row in found.all() if row[0] in wanted]
    deadlines = _by_complaint(connection, _DEADLINES, DeadlineRow.complaint_id, ids)
    assignments = _by_complaint(connection, _ASSIGNMENTS, AssignmentRow.complaint_id, ids)
    needed = {user_id for rows in assignments.values() for _, _, user_id in rows}
    needed.update(header["cqe_id"] for header in headers)
    known.people.update(names(session, needed - known.people.keys()))
    return Slice(
        headers=headers,
        defects=_by_complaint(connection, _DEFECTS, DefectLineRow.complaint_id, ids),
        classifications=_by_complaint(connection, _CLASSIFICATIONS, ClassificationRow.complaint_id, ids),
        deadlines=deadlines,
        assignments=assignments,
        accepted=_accepted(connection, headers, ids),
        revisions=_by_complaint(connection, _REVISIONS, RevisionRow.complaint_id, ids),
        moving=moving(session, _paused(deadlines), known, now),
    )


def _accepted(connection: sa.Connection, headers: Sequence[Mapping[str, Any]], ids: Sequence[int]) -> Found:
    """Return what was accepted of each; of one that another's 8D answers, what was accepted there."""
    found = _by_complaint(connection, _ACCEPTED, SubmissionRow.complaint_id, ids)
    led = {
        header["id"]: header["answered_by_id"] for header in headers if header["answered_by_id"] is not None
    }
    if not led:
        return found
    theirs = _by_complaint(connection, _ACCEPTED, SubmissionRow.complaint_id, sorted(set(led.values())))
    return {**found, **{one: theirs.get(leader, []) for one, leader in led.items()}}


def instant(kept: str | datetime | None) -> datetime | None:
    """Return what ``_plain`` selected of an instant: SQLite keeps text without a zone, in UTC."""
    if kept is None or isinstance(kept, datetime):
        return kept
    return datetime.fromisoformat(kept + "+00:00")


def _among(column: Any, ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Return the condition for these ids: a range where they lie close together, which is read faster.

    A range may hold others too; they are left out afterwards.
    """
    first, last = ids[0], ids[-1]
    if last - first < 2 * len(ids):
        return sa.and_(column >= first, column <= last)
    return sa.and_(column.in_(list(ids)))


def _by_complaint(
    connection: sa.Connection, statement: sa.Select[*tuple[Any, ...]], column: Any, ids: Sequence[int]
) -> Found:
    found: dict[int, list[Any]] = {}
    for row in connection.execute(statement.where(_among(column, ids))).all():
        rows = found.get(row[0])
        if rows is None:
            found[row[0]] = [row]
        else:
            rows.append(row)
    return found


def _paused(deadlines: Found) -> list[int]:
    return [
        complaint_id
        for complaint_id, rows in deadlines.items()
        if any(paused and met_at is None for _, _, _, _, met_at, _, paused, _ in rows)
    ]


def moving(
    session: Session, paused: Sequence[int], known: Known, now: datetime
) -> Mapping[int, tuple[Deadline, ...]]:
    """Compute the deadlines of complaints whose clock stands still now: their dates move on until the stop ends."""
    if not paused:
        return {}
    stops = _by_complaint(session.connection(), _STOPS, ClockStopRow.complaint_id, sorted(paused))
    computed = {}
    for row in session.execute(sa.select(ComplaintRow).where(ComplaintRow.id.in_(paused))).scalars():
        if row.profile not in known.profiles:
            known.profiles[row.profile] = rules.profile_at(session, row.profile)
        plant, calendar = _calendar(session, row, known)
        computed[row.id] = due.compute(
            known.profiles[row.profile],
            start_instants(row),
            [*(ClockStop(*stop) for _, *stop in stops.get(row.id, ())), *implied_stops(row)],
            calendar=calendar,
            close_of_business=plant.close_of_business,
            zone=ZoneInfo(plant.zone),
            sample_needed=row.sample_needed,
            now=now,
        )
    return computed


def _calendar(session: Session, row: ComplaintRow, known: Known) -> tuple[PlantRow, WorkingCalendar]:
    key = (row.plant_id, row.customer_id)
    if key not in known.calendars:
        plant = session.get_one(PlantRow, row.plant_id)
        customer = session.get_one(CustomerRow, row.customer_id)
        known.calendars[key] = plant, rules.calendar_for(session, plant, customer)
    return known.calendars[key]
