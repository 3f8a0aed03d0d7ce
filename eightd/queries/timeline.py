"""The record of everything that happened to a complaint, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.events import EventTag
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.audit import chain_of
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries.case import Case, names, open_case

PAGE = 30
"""Entries on one page of the record."""

_TOGETHER = 20
"""How many times as many rows are read, for saves of one draft by one person are told as one entry."""

_ABOUT_MILESTONES = frozenset(
    {EventTag.DEADLINE_MOVED, EventTag.PROFILE_ADOPTED, EventTag.LATENESS_EXPLAINED, EventTag.ALARM_RAISED}
)
_PERSON_KEYS = frozenset({"user_id", "owner_id", "on_behalf_of"})


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry: what happened to what, by whom, from what to what and why.

    ``old`` and ``new`` are plain values by field; ``people`` names the users whose ids stand in them, ``titles``
    the complaint's own milestones in Chinese and English. Saves of a draft by one person, one after another, are one
    entry: ``times`` counts them, ``since`` is the instant of the first.
    """

    sequence: int
    at: datetime
    by: str
    tag: str
    subject: str
    reason: str
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    times: int = 1
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordView:
    """One page of the record; ``older`` is the key of the next page, None on the last."""

    number: str
    zone: str
    entries: tuple[EntryView, ...]
    older: int | None


def record(session: Session, actor: Actor, number: str, before: int | None = None) -> RecordView | None:
    """Return the entries before a sequence number, the newest where it is None; None for what is hidden."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    groups, has_more = newest(session, case, PAGE, before)
    shown = rows_of(groups)
    people = names(session, people_in(shown))
    titles = titles_in(session, shown, case)
    return RecordView(
        number=case.row.number,
        zone=case.plant.zone,
        entries=tuple(group_view(group, people, titles, drafts=case.drafts) for group in groups),
        older=shown[-1].sequence if has_more else None,
    )


def newest(
    session: Session, case: Case, limit: int, before: int | None = None
) -> tuple[tuple[tuple[AuditRow, ...], ...], bool]:
    """Return the newest entries as groups of rows, and whether there are older ones.

    One statement; a second where a draft was saved again and again.
    """
    rows = record_rows(session, case, before, limit + 1)
    groups = together(rows)
    if len(groups) == len(rows):
        return groups[:limit], len(rows) > limit
    most = limit * _TOGETHER
    rows = record_rows(session, case, before, most + 1)
    groups = together(rows[:most])
    return groups[:limit], len(rows) > most or len(groups) > limit


def rows_of(groups: tuple[tuple[AuditRow, ...], ...]) -> tuple[AuditRow, ...]:
    """Return the rows of all groups."""
    return tuple(row for group in groups for row in group)


def together(rows: tuple[AuditRow, ...]) -> tuple[tuple[AuditRow, ...], ...]:
    """Put saves of one draft by one person that follow one another into one group; every other row stands alone."""
    groups: list[list[AuditRow]] = []
    for row in rows:
        last = groups[-1][-1] if groups else None
        if last is not None and row.tag == EventTag.DRAFT_SAVED and _saver(last) == _saver(row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return tuple(tuple(group) for group in groups)


def _saver(row: AuditRow) -> tuple[str, str, str, int | None]:
    return row.tag, row.subject, row.actor_name, row.actor_id


def record_rows(session: Session, case: Case, before: int | None, limit: int) -> tuple[AuditRow, ...]:
    """Return the newest entries of the complaint's chain before a sequence number."""
    statement = sa.select(AuditRow).where(AuditRow.chain == chain_of(case.row.id))
    if before is not None:
        statement = statement.where(AuditRow.sequence < before)
    return tuple(session.execute(statement.order_by(AuditRow.sequence.desc()).limit(limit)).scalars())


def titles_in(session: Session, rows: tuple[AuditRow, ...], case: Case) -> Mapping[str, tuple[str, str]]:
    """Return the titles of the complaint's own milestones where an entry names milestones at all."""
    if not any(row.tag in _ABOUT_MILESTONES for row in rows):
        return {}
    found = session.execute(
        sa.select(DeadlineRow.milestone, DeadlineRow.title_zh, DeadlineRow.title_en).where(
            DeadlineRow.complaint_id == case.row.id, DeadlineRow.title_en != ""
        )
    )
    return {milestone: (zh, en) for milestone, zh, en in found}


def entry_view(
    row: AuditRow,
    people: Mapping[int, str],
    titles: Mapping[str, tuple[str, str]] | None = None,
    *,
    drafts: bool,
) -> EntryView:
    """Return an entry; what a draft said stays out for those who see released content only."""
    hidden = not drafts and row.tag == EventTag.DRAFT_SAVED
    unheard = _OF_SUBMISSIONS if not drafts and row.tag in _UNRELEASED else frozenset()
    return EntryView(
        sequence=row.sequence,
        at=row.at,
        by=row.actor_name,
        tag=row.tag,
        subject=row.subject,
        reason=row.reason,
        old={} if hidden else {key: value for key, value in (row.old or {}).items() if key not in unheard},
        new={} if hidden else {key: value for key, value in (row.new or {}).items() if key not in unheard},
        people=people,
        titles=titles or {},
    )


_UNRELEASED = frozenset({EventTag.DISCIPLINE_SUBMITTED, EventTag.DISCIPLINE_RETURNED})
_OF_SUBMISSIONS = frozenset({"tasks"})
"""What entries about answers that nobody has accepted repeat of them."""


def group_view(
    group: tuple[AuditRow, ...],
    people: Mapping[int, str],
    titles: Mapping[str, tuple[str, str]] | None = None,
    *,
    drafts: bool,
) -> EntryView:
    """Return a group of rows, newest first, as one entry with everything that changed in it."""
    newest_one = entry_view(group[0], people, titles, drafts=drafts)
    if len(group) == 1:
        return newest_one
    views = [entry_view(row, people, titles, drafts=drafts) for row in reversed(group)]
    return replace(
        newest_one,
        old={name: value for view in reversed(views) for name, value in view.old.items()},
        new={name: value for view in views for name, value in view.new.items()},
        times=len(group),
        since=group[-1].at,
    )


def people_in(rows: tuple[AuditRow, ...]) -> Iterator[int]:
    """Yield the ids of the users that the entries name."""
    for row in rows:
        for document in (row.old, row.new):
            for key, value in (document or {}).items():
                if key in _PERSON_KEYS and isinstance(value, int):
                    yield value
                elif key == "assigned" and isinstance(value, dict):
                    yield from (one for one in value.values() if isinstance(one, int))
