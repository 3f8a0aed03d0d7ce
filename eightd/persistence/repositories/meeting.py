"""What has happened in complaints that meets their milestones: for one, or for a slice of them (procedure 4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.met import ACCEPTANCES, MetBy, first_met
from eightd.domain.complaint import DisciplineCode, Stage
from eightd.domain.workflow.snapshot import VerdictResult
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.evidence import SendingRow

NOT_OURS_REPLY = "not_ours"
"""What a reply “not ours” is kept under: it answers every milestone for as long as the case is not ours."""

_NOT_ANSWERED_YET = (Stage.NOT_OURS, Stage.NOT_OURS_APPROVED)


@dataclass(frozen=True, slots=True)
class Course:
    """What happened in a complaint; ``answered_at`` is when a reply “not ours” that stands was last sent."""

    happened: tuple[tuple[MetBy, datetime], ...]
    answered_at: datetime | None = None

    def met_at(self, wanted: MetBy) -> datetime | None:
        """Return when a milestone that asks for this was first met, None while it is open."""
        return first_met(wanted, self.happened) or self.answered_at


def courses(
    session: Session, rows: Sequence[ComplaintRow], wanted: Collection[MetBy]
) -> Mapping[int, Course]:
    """Return each complaint's course as far as its milestones ask for it, in at most two statements.

    What is accepted in the 8D of another complaint counts for those answered with it, from when they are.
    """
    ids = [row.id for row in rows]
    happened: dict[int, list[tuple[MetBy, datetime]]] = {row.id: _of_header(row) for row in rows}
    if not ACCEPTANCES.isdisjoint(wanted):
        accepted: dict[int, list[tuple[MetBy, datetime]]] = {}
        leaders = {row.answered_by_id for row in rows if row.answered_by_id is not None}
        for complaint_id, code, at in session.execute(_accepted([*ids, *leaders])):
            if at is not None:
                accepted.setdefault(complaint_id, []).append((MetBy(f"{code.value.lower()}_accepted"), at))
        for row in rows:
            happened[row.id] += accepted.get(row.id, [])
            if row.answered_by_id is not None:
                since = row.answered_from_at or row.received_at
                happened[row.id] += [(by, max(at, since)) for by, at in accepted.get(row.answered_by_id, [])]
    replies: dict[int, list[datetime]] = {}
    for complaint_id, milestone, sent_at in session.execute(_sent(ids)):
        if milestone == NOT_OURS_REPLY:  # whatever became of it, it was the customer's initial reply
            replies.setdefault(complaint_id, []).append(sent_at)
            happened[complaint_id].append((MetBy.INITIAL_REPLY, sent_at))
        else:
            happened[complaint_id].append((MetBy(milestone), sent_at))
    return {
        row.id: Course(tuple(happened[row.id]), max(replies[row.id]) if _stands(row, replies) else None)
        for row in rows
    }


def _of_header(row: ComplaintRow) -> list[tuple[MetBy, datetime]]:
    found = []
    if row.verdict is VerdictResult.ACCEPTED and row.verdict_at is not None:
        found.append((MetBy.VERDICT_ACCEPTED, row.verdict_at))
    if row.closed_at is not None:
        found.append((MetBy.CLOSED, row.closed_at))
    return found


def _stands(row: ComplaintRow, replies: Mapping[int, Sequence[datetime]]) -> bool:
    return row.id in replies and row.ours is False and row.stage not in _NOT_ANSWERED_YET


def _accepted(ids: Collection[int]) -> sa.Select[int, DisciplineCode, datetime | None]:
    return (
        sa.select(SubmissionRow.complaint_id, SubmissionRow.code, sa.func.min(SubmissionRow.verdict_at))
        .where(SubmissionRow.complaint_id.in_(ids), SubmissionRow.verdict == "accepted")
        .group_by(SubmissionRow.complaint_id, SubmissionRow.code)
    )


def _sent(ids: Sequence[int]) -> sa.Select[int, str, datetime]:
    """Select what was sent; what came back reached nobody."""
    return sa.select(SendingRow.complaint_id, SendingRow.milestone, SendingRow.sent_at).where(
        SendingRow.complaint_id.in_(ids), SendingRow.bounced_at.is_(None)
    )
