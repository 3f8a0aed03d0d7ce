"""Load a complaint as the rules see it, and give out its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.authority import may_see
from eightd.domain.complaint import DefectCounts, DefectLine, Demand, DisciplineCode, Flags, Role
from eightd.domain.discipline.answers import Answer
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot, DisciplineSnapshot, ReportKind
from eightd.persistence.codec import answer_from
from eightd.persistence.dialects import upsert
from eightd.persistence.tables.complaint import AssignmentRow, ComplaintRow, DefectLineRow, NoteRow, NumberRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.people import PlantRow


@dataclass(frozen=True, slots=True)
class LoadedComplaint:
    """A complaint's row with the snapshot the rules decide on; both from one transaction."""

    row: ComplaintRow
    snapshot: ComplaintSnapshot


def load(session: Session, number: str, *, lock: bool = False) -> LoadedComplaint | None:
    """Load by number, None if there is none; with ``lock`` the row is held until the commit."""
    statement = sa.select(ComplaintRow).where(ComplaintRow.number == number)
    if lock:
        statement = statement.with_for_update()
    row = session.execute(statement).scalar_one_or_none()
    return None if row is None else LoadedComplaint(row, snapshot(session, row))


def discipline_version(session: Session, number: str, code: DisciplineCode) -> int:
    """Return the version of one discipline."""
    return session.execute(
        sa.select(DisciplineRow.version)
        .join(ComplaintRow, ComplaintRow.id == DisciplineRow.complaint_id)
        .where(ComplaintRow.number == number, DisciplineRow.code == code)
    ).scalar_one()


def is_visible(loaded: LoadedComplaint, actor: Actor) -> bool:
    """Return whether the complaint exists for the actor."""
    return may_see(actor, loaded.row.plant_id, loaded.row.customer_id)


def snapshot(session: Session, row: ComplaintRow) -> ComplaintSnapshot:
    """Build the snapshot of a complaint with its disciplines, assignments and issued revisions."""
    assigned = session.execute(
        sa.select(AssignmentRow.role, AssignmentRow.user_id).where(
            AssignmentRow.complaint_id == row.id, AssignmentRow.until_at.is_(None)
        )
    ).all()
    running_stop = sa.exists().where(ClockStopRow.complaint_id == row.id, ClockStopRow.to_at.is_(None))
    stopped, *bound = session.execute(sa.select(running_stop, *ties(row.id))).one()
    explanation = session.execute(
        sa.select(NoteRow.evidence, NoteRow.unproven_because)
        .where(NoteRow.complaint_id == row.id, NoteRow.kind == "explanation")
        .order_by(NoteRow.id.desc())
        .limit(1)
    ).first()
    issued = session.execute(
        sa.select(RevisionRow.kind, RevisionRow.issued_at).where(
            RevisionRow.complaint_id == row.id, RevisionRow.withdrawn_at.is_(None)
        )
    ).all()
    return composed(
        row,
        assigned={Role(role): user_id for role, user_id in assigned},
        clock_stopped=stopped,
        explained=None if explanation is None else bool(explanation[0]) or bool(explanation[1]),
        issued=issued,
        disciplines=_disciplines(session, answering_id(row)),
        tied=Tied(*bound),
    )


_Own, _Leader, _Follower = aliased(ComplaintRow), aliased(ComplaintRow), aliased(ComplaintRow)
"""Made once: naming so wide a table anew costs more than asking the store."""


@dataclass(frozen=True, slots=True)
class Tied:
    """What ties a complaint to others: whose 8D answers it, empty for its own, and whether its own answers others."""

    answered_by: str | None = None
    leads: bool = False


def ties(
    complaint_id: int | sa.SQLColumnExpression[int],
) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[bool]]:
    """Return the columns of ``Tied`` for a complaint, to be read along with others."""
    number = (
        sa.select(_Leader.number)
        .join(_Own, _Own.answered_by_id == _Leader.id)
        .where(_Own.id == complaint_id)
        .scalar_subquery()
    )
    leads = sa.exists().where(_Follower.answered_by_id == complaint_id)
    return number, leads


def answering_id(row: ComplaintRow) -> int:
    """Return the id of the complaint whose disciplines answer this one: its own, or its leader's."""
    return row.id if row.answered_by_id is None else row.answered_by_id


def composed(
    row: ComplaintRow,
    *,
    assigned: Mapping[Role, int],
    clock_stopped: bool,
    explained: bool | None,
    issued: Iterable[tuple[ReportKind, datetime]],
    disciplines: Mapping[DisciplineCode, DisciplineSnapshot],
    tied: Tied = Tied(),
) -> ComplaintSnapshot:
    """Put a snapshot together from what was read already; a page that shows the rows reads them once.

    A report issued before the customer rejected it, or before the case was reopened, no longer counts; nor does
    one that was withdrawn, which is not among ``issued``. ``explained`` is None without an explanation “not ours”,
    else whether the newest says what proves it; ``disciplines`` are the leader's where another's 8D answers it.
    """
    return ComplaintSnapshot(
        id=row.id,
        plant_id=row.plant_id,
        customer_id=row.customer_id,
        stage=row.stage,
        tier=row.tier,
        version=row.version,
        received_at=row.received_at,
        form=row.form,
        origin=row.origin,
        ours=row.ours,
        sample_needed=row.sample_needed,
        sample_received_at=row.sample_received_at,
        confirmed_at=row.confirmed_at,
        initial_reply_sent_at=row.initial_reply_sent_at,
        preliminary_sent_at=row.preliminary_sent_at,
        final_sent_at=row.final_sent_at,
        verdict=row.verdict,
        clock_stopped=clock_stopped,
        customer_demands_eight_d=Demand.EIGHT_D.value in row.demands,
        assigned=assigned,
        disciplines=disciplines,
        has_not_ours_explanation=explained is not None,
        explanation_proven=bool(explained),
        answered_by=tied.answered_by or "",
        leads=tied.leads,
        issued=frozenset(
            kind for kind, issued_at in issued if row.rejected_at is None or issued_at > row.rejected_at
        ),
    )


def counts(session: Session, row: ComplaintRow) -> DefectCounts:
    """Return what classification looks at."""
    lines = session.execute(
        sa.select(DefectLineRow).where(DefectLineRow.complaint_id == row.id).order_by(DefectLineRow.position)
    ).scalars()
    return DefectCounts(
        defects=tuple(
            DefectLine(line.kind, line.phenomenon, line.quantity, line.inspected) for line in lines
        ),
        quantity_inspected=row.quantity_inspected,
        flags=Flags(
            penalty_triggered=row.penalty_triggered,
            ppm_exceeded=row.ppm_exceeded,
            safety=row.safety,
            line_stop=row.line_stop,
        ),
    )


def next_number(session: Session, plant: PlantRow, year: int) -> str:
    """Give out the plant's next number of the year, such as CC-2026-00001; never given twice.

    The counter row is raised in one statement that holds its lock until the commit, so parallel
    writers queue and a number is skipped only if its transaction never committed, and then reused
    by nobody else because it was never seen.
    """
    values = {"plant_id": plant.id, "year": year, "last": 1}
    insert = upsert(session, NumberRow).values(**values)
    statement = insert.on_conflict_do_update(
        index_elements=["plant_id", "year"], set_={"last": NumberRow.last + 1}
    ).returning(NumberRow.last)
    last: int = session.execute(statement).scalar_one()
    return f"{plant.number_prefix}-{year}-{last:05d}"


def _disciplines(session: Session, complaint_id: int) -> dict[DisciplineCode, DisciplineSnapshot]:
    newest = _newest_submissions(session, complaint_id)
    accepted = _newest_submissions(session, complaint_id, verdict="accepted")
    rows = session.execute(
        sa.select(DisciplineRow).where(DisciplineRow.complaint_id == complaint_id)
    ).scalars()
    return {row.code: discipline_snapshot(row, newest.get(row.code), accepted.get(row.code)) for row in rows}


def discipline_snapshot(
    row: DisciplineRow, newest: SubmissionRow | None, accepted: SubmissionRow | None
) -> DisciplineSnapshot:
    """Put a discipline together with its newest submission and the one accepted last."""
    submitted = None if newest is None else answer_from(row.code, newest.answer)
    return DisciplineSnapshot(
        code=row.code,
        state=row.state,
        owner_id=row.owner_id,
        draft=None if row.draft is None else answer_from(row.code, row.draft),
        submitted=submitted,
        accepted=submitted if accepted is newest else _answer(row.code, accepted),
        submitted_by_id=None if newest is None else newest.by,
    )


def _newest_submissions(
    session: Session, complaint_id: int, verdict: str | None = None
) -> dict[DisciplineCode, SubmissionRow]:
    statement = sa.select(SubmissionRow).where(SubmissionRow.complaint_id == complaint_id)
    if verdict is not None:
        statement = statement.where(SubmissionRow.verdict == verdict)
    found = session.execute(statement.order_by(SubmissionRow.number)).scalars()
    return {row.code: row for row in found}


def _answer(code: DisciplineCode, row: SubmissionRow | None) -> Answer | None:
    return None if row is None else answer_from(code, row.answer)
