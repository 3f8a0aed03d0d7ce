"""Earlier cases that a complaint may repeat: the same part and phenomenon, with a known cause or under watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.afterwards import Watch
from eightd.domain.complaint import DisciplineCode, Stage
from eightd.persistence.tables.afterwards import AfterWatchRow, MatchRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.people import PlantRow

MOST = 3
_LOOKED_AT = 200  # the part's newest complaints: enough to find some, and never a scan
_LOOKED_BACK = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier case; ``under_watch`` says that it was closed and its part and phenomena are still watched for."""

    id: int
    number: str
    customer_id: int
    under_watch: bool


def candidates(session: Session, row: ComplaintRow) -> tuple[Candidate, ...]:
    """Return the earlier cases that this one may repeat, those under watch first, then the newest; three at most.

    Cases of the same plant within two years, neither cancelled nor bound to this one already (answered together,
    split from, known as what it repeats), whose cause is accepted or that are watched. One statement.
    """
    own = sa.select(DefectLineRow.phenomenon).where(DefectLineRow.complaint_id == row.id)
    of_part = (
        sa.select(ComplaintRow.id)
        .where(ComplaintRow.part_id == row.part_id, ComplaintRow.id < row.id)
        .order_by(ComplaintRow.id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    c, line, cause = ComplaintRow, aliased(DefectLineRow), SubmissionRow
    analysed = sa.exists().where(
        cause.complaint_id == sa.func.coalesce(c.answered_by_id, c.id),
        cause.code == DisciplineCode.D4,
        cause.verdict == "accepted",
    )
    bound = {one for one in (row.answered_by_id, row.split_from_id, row.repeat_of_id) if one is not None}
    statement = (
        sa.select(c.id, c.number, c.customer_id, analysed, AfterWatchRow, PlantRow.zone)
        .join(PlantRow, PlantRow.id == c.plant_id)
        .outerjoin(AfterWatchRow, AfterWatchRow.complaint_id == c.id)
        .where(
            c.id.in_(sa.select(of_part.c.id)),
            c.plant_id == row.plant_id,
            c.stage != Stage.CANCELLED,
            c.received_at >= row.received_at - _LOOKED_BACK,
            sa.exists().where(line.complaint_id == c.id, line.phenomenon.in_(own)),
            sa.or_(analysed, AfterWatchRow.complaint_id.is_not(None)),
        )
        .order_by(c.id.desc())
    )
    if bound:
        statement = statement.where(c.id.not_in(sorted(bound)))
        statement = statement.where(
            sa.or_(c.answered_by_id.is_(None), c.answered_by_id.not_in(sorted(bound)))
        )
    found = []
    for one, number, customer_id, is_analysed, watch, zone in session.execute(statement):
        live = _is_live(watch, row.received_at.astimezone(ZoneInfo(zone)).date())
        if live or is_analysed:
            found.append(Candidate(one, number, customer_id, live))
    found.sort(key=lambda one: not one.under_watch)
    return tuple(found[:MOST])


def _is_live(watch: AfterWatchRow | None, on: date) -> bool:
    return watch is not None and watch_of(watch).is_live(on)


def watch_of(row: AfterWatchRow) -> Watch:
    """Return a watch as the rules see it."""
    return Watch(row.from_on, row.until_on, row.lots, tuple(row.lots_seen), row.ended_on)


def unanswered(session: Session, row: ComplaintRow) -> tuple[tuple[str, int], ...]:
    """Return number and customer of the earlier cases for which nobody has said whether it is the same cause."""
    bound = sorted({one for one in (row.answered_by_id, row.repeat_of_id) if one is not None})
    kept = session.execute(
        sa.select(ComplaintRow.id, ComplaintRow.number, ComplaintRow.customer_id, MatchRow.same_cause)
        .join(MatchRow, MatchRow.earlier_id == ComplaintRow.id)
        .where(MatchRow.complaint_id == row.id, ComplaintRow.stage != Stage.CANCELLED)
        .order_by(MatchRow.id)
    ).all()
    waiting = [
        (number, customer_id)
        for one, number, customer_id, same_cause in kept
        if same_cause is None and one not in bound
    ]
    known = {one for one, *_ in kept}
    waiting += [(one.number, one.customer_id) for one in candidates(session, row) if one.id not in known]
    return tuple(waiting)
