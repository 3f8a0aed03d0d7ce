"""What ties a complaint to others: answered together, split, doubled, compared, watched, opened again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.afterwards import ReopeningWhy, Watch, Wrong
from eightd.domain.authority import scope
from eightd.domain.complaint import DisciplineCode, Stage, Tier
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import available
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import matching
from eightd.persistence.tables.afterwards import AfterWatchRow, MatchRow, ReopeningRow
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.queries.case import Case, names, open_case
from eightd.queries.header import DefectLineView, HeaderView, header_view, line_view

_NEAR = 5


@dataclass(frozen=True, slots=True)
class RelatedView:
    """Another complaint, as one line says it."""

    id: int
    number: str
    received_at: datetime
    stage: Stage
    tier: Tier
    customer: str
    customer_en: str
    part: str
    phenomenon: str
    phenomenon_en: str
    description: str


@dataclass(frozen=True, slots=True)
class MatchView:
    """An earlier case with the same part and phenomenon; ``same_cause`` None where nothing was answered yet."""

    other: RelatedView
    under_watch: bool = False
    same_cause: bool | None = None
    because: str = ""
    judged_by: str = ""
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WatchView:
    """The watch after closure; ``is_live`` on the day of reading."""

    watch: Watch
    result: str
    is_live: bool


@dataclass(frozen=True, slots=True)
class ReopeningView:
    """Why the case was opened again, and what was wrong before."""

    at: datetime
    by: str
    why: ReopeningWhy
    reason: str
    wrong: tuple[Wrong, ...]
    recurred_as: RelatedView | None


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that may be filed with a part that is split off."""

    id: int
    filename: str
    caption: str


@dataclass(frozen=True, slots=True)
class RelationsPage:
    """Everything around one complaint that is another complaint; what the actor may not see is left out."""

    header: HeaderView
    lines: tuple[DefectLineView, ...]
    files: tuple[FileView, ...]
    answered_by: RelatedView | None
    followers: tuple[RelatedView, ...]
    split_from: RelatedView | None
    split_off: tuple[RelatedView, ...]
    duplicate_of: RelatedView | None
    doubles: tuple[RelatedView, ...]
    repeat_of: RelatedView | None
    repeats: tuple[RelatedView, ...]
    matches: tuple[MatchView, ...]
    later: tuple[MatchView, ...]
    watch: WatchView | None
    reopenings: tuple[ReopeningView, ...]
    mergeable: tuple[RelatedView, ...]
    outcomes: Mapping[Action, Outcome]

    @property
    def waiting(self) -> int:
        """How many earlier cases nobody has compared with."""
        return sum(one.same_cause is None for one in self.matches)


def relations_page(session: Session, actor: Actor, number: str, now: datetime) -> RelationsPage | None:
    """Return the page as it is at this instant; None where the complaint is hidden."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    row = case.row
    c = ComplaintRow
    ties = session.execute(
        sa.select(c.id, c.answered_by_id, c.split_from_id, c.duplicate_of_id, c.repeat_of_id).where(
            sa.or_(
                c.answered_by_id == row.id,
                c.split_from_id == row.id,
                c.duplicate_of_id == row.id,
                c.repeat_of_id == row.id,
            )
        )
    ).all()
    kept = (
        session.execute(
            sa.select(MatchRow)
            .where(sa.or_(MatchRow.complaint_id == row.id, MatchRow.earlier_id == row.id))
            .order_by(MatchRow.id)
        )
        .scalars()
        .all()
    )
    found = matching.candidates(session, row) if row.is_open else ()
    reopenings = (
        session.execute(
            sa.select(ReopeningRow)
            .where(ReopeningRow.complaint_id == row.id)
            .order_by(ReopeningRow.id.desc())
        )
        .scalars()
        .all()
    )
    own = (row.answered_by_id, row.split_from_id, row.duplicate_of_id, row.repeat_of_id)
    wanted = {one for one in own if one is not None} | {tie.id for tie in ties} | {one.id for one in found}
    wanted |= {one for match in kept for one in (match.complaint_id, match.earlier_id)} - {row.id}
    wanted |= {one.recurred_as_id for one in reopenings if one.recurred_as_id is not None}
    seen = _related(session, actor, wanted)
    people = names(session, (row.registered_by, row.closed_by, *(one.by for one in reopenings),
                             *(one.judged_by for one in kept)))  # fmt: skip
    lines = session.execute(
        sa.select(DefectLineRow).where(DefectLineRow.complaint_id == row.id).order_by(DefectLineRow.position)
    ).scalars()

    def tied(column: str) -> tuple[RelatedView, ...]:
        return tuple(seen[tie.id] for tie in ties if getattr(tie, column) == row.id and tie.id in seen)

    return RelationsPage(
        header=header_view(case, people),
        lines=tuple(line_view(line) for line in lines),
        files=_files(session, case),
        answered_by=seen.get(row.answered_by_id or 0),
        followers=tied("answered_by_id"),
        split_from=seen.get(row.split_from_id or 0),
        split_off=tied("split_from_id"),
        duplicate_of=seen.get(row.duplicate_of_id or 0),
        doubles=tied("duplicate_of_id"),
        repeat_of=seen.get(row.repeat_of_id or 0),
        repeats=tied("repeat_of_id"),
        matches=_matches(row.id, kept, found, seen, people),
        later=tuple(
            _match(match, seen[match.complaint_id], people)
            for match in kept
            if match.earlier_id == row.id and match.complaint_id in seen
        ),
        watch=_watch(session, row.id, now.astimezone(ZoneInfo(case.plant.zone)).date()),
        reopenings=tuple(_reopening(one, seen, people) for one in reopenings),
        mergeable=_mergeable(session, actor, case),
        outcomes=available(case.snapshot, actor),
    )


def matches_of(session: Session, actor: Actor, case: Case) -> tuple[MatchView, ...]:
    """Return the earlier cases that one complaint is compared with, as D4 shows them; three statements at most."""
    kept = (
        session.execute(sa.select(MatchRow).where(MatchRow.complaint_id == case.row.id).order_by(MatchRow.id))
        .scalars()
        .all()
    )
    found = matching.candidates(session, case.row) if case.row.is_open else ()
    wanted = {match.earlier_id for match in kept} | {one.id for one in found}
    seen = _related(session, actor, wanted)
    return _matches(case.row.id, kept, found, seen, {})


def _matches(
    complaint_id: int,
    kept: Collection[MatchRow],
    found: Collection[matching.Candidate],
    seen: Mapping[int, RelatedView],
    people: Mapping[int, str],
) -> tuple[MatchView, ...]:
    own = {match.earlier_id: match for match in kept if match.complaint_id == complaint_id}
    views = [_match(match, seen[one], people) for one, match in own.items() if one in seen]
    views += [
        MatchView(seen[one.id], under_watch=one.under_watch)
        for one in found
        if one.id not in own and one.id in seen
    ]
    return tuple(sorted(views, key=lambda one: one.same_cause is not None))


def _match(match: MatchRow, other: RelatedView, people: Mapping[int, str]) -> MatchView:
    return MatchView(
        other=other,
        under_watch=match.under_watch,
        same_cause=match.same_cause,
        because=match.because,
        judged_by=people.get(match.judged_by or 0, ""),
        judged_at=match.judged_at,
    )


def _related(session: Session, actor: Actor, ids: Collection[int]) -> Mapping[int, RelatedView]:
    """Return those of the complaints that the actor may see, in one statement."""
    if not ids:
        return {}
    seen, c, line = scope(actor), ComplaintRow, aliased(DefectLineRow)
    worst = (
        sa.select(DefectLineRow.id)
        .where(DefectLineRow.complaint_id == c.id)
        .order_by(DefectLineRow.quantity.desc(), DefectLineRow.position)
        .limit(1)
        .correlate(c)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            c, CustomerRow.name, CustomerRow.name_en, PartRow.number, line.phenomenon, line.phenomenon_en
        )
        .join(CustomerRow, CustomerRow.id == c.customer_id)
        .join(PartRow, PartRow.id == c.part_id)
        .outerjoin(line, line.id == worst)
        .where(c.id.in_(sorted(ids)), c.plant_id.in_(sorted(seen.plants)))
        .order_by(c.id)
    )
    if seen.customers is not None:
        statement = statement.where(c.customer_id.in_(sorted(seen.customers)))
    return {
        row.id: RelatedView(
            id=row.id,
            number=row.number,
            received_at=row.received_at,
            stage=row.stage,
            tier=row.tier,
            customer=name,
            customer_en=name_en,
            part=part,
            phenomenon=phenomenon or "",
            phenomenon_en=phenomenon_en or phenomenon or "",
            description=row.description,
        )
        for row, name, name_en, part, phenomenon, phenomenon_en in session.execute(statement)
    }


def _mergeable(session: Session, actor: Actor, case: Case) -> tuple[RelatedView, ...]:
    """Return the newest complaints of the same part and customer whose 8D could answer this one, five at most."""
    c, row = ComplaintRow, case.row
    found = session.execute(
        sa.select(c.id)
        .where(
            c.part_id == row.part_id,
            c.plant_id == row.plant_id,
            c.customer_id == row.customer_id,
            c.id != row.id,
            c.answered_by_id.is_(None),
            c.imported_from == "",
            c.stage.in_((Stage.REGISTERED, Stage.ANALYSING, Stage.REPORTED, Stage.WATCHING)),
        )
        .order_by(c.id.desc())
        .limit(_NEAR)
    ).scalars()
    return tuple(reversed(list(_related(session, actor, list(found)).values())))


def _files(session: Session, case: Case) -> tuple[FileView, ...]:
    found = session.execute(
        sa.select(EvidenceRow.id, EvidenceRow.filename, EvidenceRow.caption)
        .where(EvidenceRow.complaint_id == case.row.id, EvidenceRow.original_id.is_(None))
        .order_by(EvidenceRow.id)
    )
    return tuple(FileView(*one) for one in found)


def _watch(session: Session, complaint_id: int, today: date) -> WatchView | None:
    row = session.get(AfterWatchRow, complaint_id)
    if row is None:
        return None
    watch = matching.watch_of(row)
    return WatchView(watch, row.result, watch.is_live(today))


def _reopening(
    row: ReopeningRow, seen: Mapping[int, RelatedView], people: Mapping[int, str]
) -> ReopeningView:
    return ReopeningView(
        at=row.at,
        by=people.get(row.by, ""),
        why=row.why,
        reason=row.reason,
        wrong=tuple(Wrong(DisciplineCode(one["code"]), one["text"]) for one in row.was_wrong),
        recurred_as=seen.get(row.recurred_as_id or 0),
    )
