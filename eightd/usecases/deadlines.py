"""Compute a complaint's deadlines again after anything that moves them (procedure 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.due import Deadline
from eightd.domain.clock.met import MetBy, wanted_by
from eightd.domain.clock.profile import StartEvent
from eightd.domain.clock.steps import as_documents, steps_of
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.repositories import deadline_register, desk
from eightd.persistence.repositories.deadlines import clocks
from eightd.persistence.repositories.meeting import NOT_OURS_REPLY, courses
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.unit_of_work import is_silent
from eightd.usecases.alarms.samples import set_chase
from eightd.usecases.alarms.setting import set_alarm

__all__ = ["MILESTONE_OF", "NOTHING_DUE_AT", "NOT_OURS_REPLY", "ledger_document", "recompute"]

NOTHING_DUE_AT = datetime(9000, 1, 1, tzinfo=UTC)
"""What the board sorts by while nothing is due: after every real date."""

MILESTONE_OF = {
    ReportKind.INITIAL: "initial_reply",
    ReportKind.PRELIMINARY: "preliminary_analysis",
    ReportKind.FINAL: "final_report",
}
"""Which milestone sending a reply of that kind meets."""


def recompute(session: Session, row: ComplaintRow, now: datetime) -> None:
    """Bring the stored deadlines up to date, and with them their next alarms and what the board sorts by.

    A deadline that was met keeps its dates, its ledger and the calendar version it was met under. One that only
    a reply “not ours” had met is open again once the case is found ours after all. Of a profile that the complaint
    has left, milestones that were met stay, behind those that are owed now; the others go.
    """
    session.flush()
    stored = {
        deadline.milestone: deadline
        for deadline in session.execute(
            sa.select(DeadlineRow).where(DeadlineRow.complaint_id == row.id)
        ).scalars()
    }
    waiting: set[str] = set()
    computed = clocks(session, row, now)
    held = {name: MetBy(kept.wants) if kept.wants else wanted_by(name) for name, kept in stored.items()}
    wanted = [one.milestone.wants for one in computed.deadlines]
    course = courses(session, [row], {*wanted, *held.values()})[row.id]
    _leave(session, stored, [one.milestone.name for one in computed.deadlines])
    for position, deadline in enumerate(computed.deadlines):
        name = deadline.milestone.name
        if deadline.started_at is None and deadline.milestone.starts_at is StartEvent.SAMPLE_RECEIVED:
            waiting.add(name)
        kept = stored.get(name)
        if kept is None:
            kept = DeadlineRow(complaint_id=row.id, milestone=name)
            session.add(kept)
            stored[name] = kept
        kept.position = position
        title = deadline.milestone.own_title
        kept.title_en = "" if title is None else title.text(Language.EN)
        kept.title_zh = "" if title is None else title.text(Language.ZH)
        if kept.met_at is not None and course.met_at(held[name]) is not None:
            kept.next_alarm_at = None
            continue
        kept.wants = deadline.milestone.wants.value
        met_at = course.met_at(deadline.milestone.wants)
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
        if is_silent(session):
            kept.alarm_due_at = None  # nobody heard those before: the first sweep begins with the latest
    _point_to_next(row, list(stored.values()), accepts_stops=computed.accepts_stops)
    deadline_register.enter(row, stored.values(), accepts_stops=computed.accepts_stops)
    row.awaits_sample = row.is_open and any(stored[name].met_at is None for name in waiting)
    set_chase(session, row, now)
    desk.lay_out(session, row.id)


def ledger_document(deadline: Deadline) -> list[dict[str, Any]]:
    """Return the ledger as plain values in both languages."""
    return as_documents(steps_of(deadline.ledger))


def _leave(session: Session, stored: dict[str, DeadlineRow], names: list[str]) -> None:
    """Let go of the milestones that are not among the names, but for those that were met."""
    for name in [name for name in stored if name not in names]:
        if stored[name].met_at is None:
            session.delete(stored.pop(name))
        else:
            stored[name].position, stored[name].next_alarm_at = len(names), None


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
