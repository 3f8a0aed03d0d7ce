"""Compute a complaint's deadlines again after anything that moves them (procedure 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.due import Deadline
from eightd.domain.clock.profile import StartEvent
from eightd.domain.complaint import Stage
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.repositories import deadline_register, desk
from eightd.persistence.repositories.deadlines import clocks
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.evidence import SendingRow
from eightd.usecases.alarms.setting import set_alarm

NOTHING_DUE_AT = datetime(9000, 1, 1, tzinfo=UTC)
"""What the board sorts by while nothing is due: after every real date."""

MILESTONE_OF = {
    ReportKind.INITIAL: "initial_reply",
    ReportKind.PRELIMINARY: "preliminary_analysis",
    ReportKind.FINAL: "final_report",
}
"""Which milestone sending a reply of that kind meets."""

NOT_OURS_REPLY = "not_ours"
"""What a reply “not ours” is kept under: it answers every milestone for as long as the case is not ours."""


def recompute(session: Session, row: ComplaintRow, now: datetime) -> None:
    """Bring the stored deadlines up to date, and with them their next alarms and what the board sorts by.

    A deadline that was met keeps its dates, its ledger and the calendar version it was met under. One that only
    a reply “not ours” had met is open again once the case is found ours after all.
    """
    session.flush()
    met, answered_at = _met_at(session, row)
    stored = {
        deadline.milestone: deadline
        for deadline in session.execute(
            sa.select(DeadlineRow).where(DeadlineRow.complaint_id == row.id)
        ).scalars()
    }
    waiting: set[str] = set()
    computed = clocks(session, row, now)
    for position, deadline in enumerate(computed.deadlines):
        name = deadline.milestone.name
        if deadline.started_at is None and deadline.milestone.starts_at is StartEvent.SAMPLE_RECEIVED:
            waiting.add(name)
        kept = stored.get(name)
        if kept is None:
            kept = DeadlineRow(complaint_id=row.id, milestone=name, position=position)
            session.add(kept)
            stored[name] = kept
        met_at = met.get(name, answered_at)
        if kept.met_at is not None and met_at is not None:
            kept.next_alarm_at = None
            continue
        kept.met_at, kept.ledger = met_at, None
        kept.started_at = deadline.started_at
        kept.contractual_due_at = deadline.contractual_due_at
        kept.due_at = deadline.due_at
        kept.paused = deadline.paused
        kept.provisional = deadline.provisional
        kept.calendar = deadline.calendar_ref
        row.calendar = deadline.calendar_ref
        if met_at is not None:
            kept.paused = False
            kept.ledger = ledger_document(deadline)
        set_alarm(kept, deadline, computed, now=now, is_open=row.is_open)
    _point_to_next(row, list(stored.values()), accepts_stops=computed.accepts_stops)
    deadline_register.enter(row, stored.values(), accepts_stops=computed.accepts_stops)
    row.awaits_sample = row.is_open and any(stored[name].met_at is None for name in waiting)
    desk.lay_out(session, row.id)


def ledger_document(deadline: Deadline) -> list[dict[str, Any]]:
    """Return the ledger as plain values in both languages."""
    return [
        {
            "kind": entry.kind.value,
            "on": entry.on.isoformat(),
            "at": None if entry.at is None else entry.at.isoformat(),
            "count": entry.count,
            "text_zh": entry.reason.text(Language.ZH),
            "text_en": entry.reason.text(Language.EN),
        }
        for entry in deadline.ledger
    ]


_NOT_ANSWERED_YET = (Stage.NOT_OURS, Stage.NOT_OURS_APPROVED)


def _met_at(session: Session, row: ComplaintRow) -> tuple[dict[str, datetime], datetime | None]:
    """Return when each milestone was first met, and when a reply “not ours” that stands met all others.

    Whatever became of it, such a reply was the customer's initial reply.
    """
    sent = session.execute(
        sa.select(SendingRow.milestone, SendingRow.sent_at)
        .where(SendingRow.complaint_id == row.id)
        .order_by(SendingRow.sent_at.desc())
    ).all()
    met = {milestone: sent_at for milestone, sent_at in sent if milestone != NOT_OURS_REPLY}
    replies = [sent_at for milestone, sent_at in sent if milestone == NOT_OURS_REPLY]
    if not replies:
        return met, None
    initial = MILESTONE_OF[ReportKind.INITIAL]
    met[initial] = min(met.get(initial, replies[-1]), replies[-1])
    stands = row.ours is False and row.stage not in _NOT_ANSWERED_YET
    return met, replies[0] if stands else None


def _point_to_next(row: ComplaintRow, deadlines: list[DeadlineRow], *, accepts_stops: bool) -> None:
    """Keep on the complaint which open milestone is due first on the date that is judged.

    A milestone whose agreed date is judged has none while a stop holds it; it is named where nothing runs.
    """
    row.next_milestone, row.sort_due_at, row.clock_paused = None, NOTHING_DUE_AT, False
    if not row.is_open:
        return
    held: list[str] = []
    for deadline in sorted(deadlines, key=lambda one: one.position):
        if deadline.met_at is not None:
            continue
        row.clock_paused = row.clock_paused or deadline.paused
        if deadline.paused and accepts_stops:
            held.append(deadline.milestone)
            continue
        judged = deadline.due_at if accepts_stops else deadline.contractual_due_at
        if judged is not None and judged < row.sort_due_at:
            row.next_milestone, row.sort_due_at = deadline.milestone, judged
    if row.next_milestone is None and held:
        row.next_milestone = held[0]
