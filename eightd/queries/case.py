"""Read what every page about one complaint needs, each table once, and let the rules see the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see, scope
from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.discipline.answers import Answer
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot, DisciplineSnapshot
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.base import Base
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow, NoteRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.people import PlantRow, UserRow

R = TypeVar("R", bound=Base)


@dataclass(frozen=True, slots=True)
class Case:
    """The rows of one complaint that the actor may see, with the snapshot made of them.

    ``drafts`` False means that the actor sees released answers only. ``disciplines`` and ``submissions`` are those of
    the complaint whose 8D answers it. Rows never leave the queries.
    """

    row: ComplaintRow
    plant: PlantRow
    customer: CustomerRow
    part: PartRow
    assignments: tuple[AssignmentRow, ...]
    stops: tuple[ClockStopRow, ...]
    notes: tuple[NoteRow, ...]
    revisions: tuple[RevisionRow, ...]
    disciplines: Mapping[DisciplineCode, DisciplineRow]
    submissions: Mapping[DisciplineCode, tuple[SubmissionRow, ...]]
    snapshot: ComplaintSnapshot
    drafts: bool

    def released(self, code: DisciplineCode) -> Answer | None:
        """Return the answer that the actor may read: the newest, or for readers of released content the accepted."""
        found = self.snapshot.discipline(code)
        return found.latest if self.drafts else found.accepted

    def shown_state(self, code: DisciplineCode) -> DisciplineState:
        """Return the discipline's state; a draft nobody may know of counts as not begun."""
        return shown_state(self.snapshot.discipline(code), drafts=self.drafts)


def shown_state(discipline: DisciplineSnapshot, *, drafts: bool) -> DisciplineState:
    """Return the state as it is told to people who see drafts, and to those who do not."""
    if not drafts and discipline.state is DisciplineState.DRAFT:
        return DisciplineState.OPEN
    return discipline.state


def open_case(session: Session, actor: Actor, number: str) -> Case | None:
    """Read the complaint in eight statements; None where there is none or the actor may not see it."""
    found = session.execute(
        sa.select(ComplaintRow, PlantRow, CustomerRow, PartRow, *complaints.ties(ComplaintRow.id))
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .where(ComplaintRow.number == number)
    ).one_or_none()
    if found is None or not may_see(actor, found[0].plant_id, found[0].customer_id):
        return None
    row, plant, customer, part, answered_by, leads = found
    answering_id = complaints.answering_id(row)
    assignments = _of(session, AssignmentRow, row.id, "id")
    stops = _of(session, ClockStopRow, row.id, "from_at")
    notes = _of(session, NoteRow, row.id, "id")
    revisions = _of(session, RevisionRow, row.id, "number")
    disciplines = {one.code: one for one in _of(session, DisciplineRow, answering_id, "code")}
    submissions: dict[DisciplineCode, tuple[SubmissionRow, ...]] = {}
    for one in _of(session, SubmissionRow, answering_id, "number"):
        submissions[one.code] = (*submissions.get(one.code, ()), one)
    snapshot = complaints.composed(
        row,
        assigned={one.role: one.user_id for one in assignments if one.until_at is None},
        clock_stopped=any(stop.to_at is None for stop in stops),
        explained=_proven(notes),
        issued=((one.kind, one.issued_at) for one in revisions if one.withdrawn_at is None),
        disciplines={
            code: _discipline(discipline, submissions.get(code, ()))
            for code, discipline in disciplines.items()
        },
        tied=complaints.Tied(answered_by, leads),
    )
    return Case(
        row=row,
        plant=plant,
        customer=customer,
        part=part,
        assignments=assignments,
        stops=stops,
        notes=notes,
        revisions=revisions,
        disciplines=disciplines,
        submissions=submissions,
        snapshot=snapshot,
        drafts=scope(actor).drafts,
    )


def names(session: Session, ids: Iterable[int | None]) -> Mapping[int, str]:
    """Return the names of the people with these ids, in one statement."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    found = session.execute(sa.select(UserRow.id, UserRow.name).where(UserRow.id.in_(sorted(wanted))))
    return dict(iter(found))


def _proven(notes: Iterable[NoteRow]) -> bool | None:
    """Return whether the newest explanation “not ours” says what proves it, None without one."""
    written = [note for note in notes if note.kind == "explanation"]
    return bool(written[-1].evidence or written[-1].unproven_because) if written else None


def _discipline(row: DisciplineRow, submissions: tuple[SubmissionRow, ...]) -> DisciplineSnapshot:
    accepted = [one for one in submissions if one.verdict == "accepted"]
    return complaints.discipline_snapshot(
        row, submissions[-1] if submissions else None, accepted[-1] if accepted else None
    )


def _of(session: Session, table: type[R], complaint_id: int, order: str) -> tuple[R, ...]:
    columns = table.__table__.c
    statement = sa.select(table).where(columns.complaint_id == complaint_id).order_by(columns[order])
    return tuple(session.execute(statement).scalars())
