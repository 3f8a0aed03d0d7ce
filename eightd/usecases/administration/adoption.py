"""Let open complaints go by the newest version of their profile, because somebody decided so (procedure 4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from time import monotonic

import sqlalchemy as sa

from eightd.domain.clock.profile import Profile
from eightd.domain.events import EventTag
from eightd.domain.words import Message
from eightd.persistence.repositories import rules
from eightd.persistence.repositories.open_complaints import SLICE
from eightd.persistence.tables.catalogue import ProfileRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.usecases.administration.changing import REQUIRED, TOO_LONG, begin
from eightd.usecases.adopting import adopt
from eightd.usecases.errors import Invalid, NotFound, Stale

AT_ONCE = 20.0
"""Seconds after which a run stops at the end of a slice and says how many complaints are left."""

_LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Adoption:
    """Which open complaints adopt a version, and why; ``complaints`` None means all of the actor's."""

    reason: str
    complaints: frozenset[int] | None = None

    def insist_valid(self) -> None:
        """Raise Invalid for a reason that says nothing or too much."""
        problem: Message | None = None
        if not self.reason.strip():
            problem = REQUIRED.say()
        elif len(self.reason.strip()) > _LONGEST_REASON:
            problem = TOO_LONG.say(most=_LONGEST_REASON)
        if problem is not None:
            raise Invalid({"reason": problem})


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many complaints a run let go by the version, and how many of those wanted are left to another run."""

    complaints: int
    left: int = 0


def adopt_newest(uow: UnitOfWork, order: Order, *, name: str, version: int, adoption: Adoption) -> Adopted:
    """Let the actor's open complaints that go by an older version go by ``version``, the newest.

    Each slice is a transaction of its own, so that a long run keeps nobody else from writing. After ``AT_ONCE`` it
    stops; what is left then, or after an interruption, still goes by its older version, and is done by calling this
    again. Complaints of plants and customers that are not the actor's stay as they are. Raises NotFound for those who
    do not administer and for an unknown name, Stale where somebody made a newer version meanwhile, Invalid for a
    missing reason.
    """
    began, adopted, after = monotonic(), 0, 0
    unkeyed = Order(order.actor, order.actor_name, "", order.now)
    while True:
        with uow.writing(unkeyed) as work:
            begin(work)
            adoption.insist_valid()
            profile = _newest(work, name, version)
            wanted = (ComplaintRow.id > after, *_wanted(work, profile, adoption.complaints))
            if monotonic() - began > AT_ONCE:
                return Adopted(adopted, _count(work, wanted))
            found = (
                sa.select(ComplaintRow)
                .where(*wanted)
                .order_by(ComplaintRow.id)
                .limit(SLICE)
                .with_for_update()
            )
            rows = list(work.session.execute(found).scalars())
            for row in rows:
                _adopt(work, row, profile, adoption.reason.strip())
        adopted += len(rows)
        if len(rows) < SLICE:
            return Adopted(adopted)
        after = rows[-1].id


def _count(work: Work, wanted: Collection[sa.ColumnElement[bool]]) -> int:
    return work.session.execute(sa.select(sa.func.count(ComplaintRow.id)).where(*wanted)).scalar_one()


def _adopt(work: Work, row: ComplaintRow, profile: Profile, reason: str) -> None:
    moved = adopt(work, row, profile, reason)
    work.record(
        EventTag.PROFILE_ADOPTED,
        complaint_id=row.id,
        subject=profile.ref,
        old=moved.old,
        new=moved.new,
        reason=reason,
    )


def _newest(work: Work, name: str, version: int) -> Profile:
    newest = work.session.execute(
        sa.select(sa.func.max(ProfileRow.number)).where(ProfileRow.name == name)
    ).scalar_one()
    if newest is None:
        raise NotFound
    if newest != version:
        raise Stale(newest)
    return rules.profile_at(work.session, f"{name}@{newest}")


def _wanted(work: Work, profile: Profile, ids: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    older = [f"{profile.name}@{number}" for number in range(1, profile.version)]
    wanted: list[sa.ColumnElement[bool]] = [
        ComplaintRow.is_open.is_(True),
        ComplaintRow.profile.in_(older),
        ComplaintRow.plant_id.in_(work.actor.plants),
    ]
    if work.actor.customers is not None:
        wanted.append(ComplaintRow.customer_id.in_(work.actor.customers))
    if ids is not None:
        wanted.append(ComplaintRow.id.in_(ids))
    return wanted
