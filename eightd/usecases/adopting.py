"""Move a complaint to another version of its deadline profile, or to another profile (procedure 4).

A running deadline keeps its version until somebody decides otherwise, or the tier changes to one for which the
customer has another profile. Milestones that were met keep their dates in any case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.profile import Profile
from eightd.domain.complaint import Tier
from eightd.domain.events import EventTag
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories import open_complaints, rules
from eightd.persistence.repositories.open_complaints import Dates
from eightd.persistence.tables.catalogue import CustomerRow, ProfileRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.moved_deadlines import tell_moved
from eightd.usecases.verb import Done, verb

NO_SUCH_PROFILE = Phrase("adopt.no_such_profile", "There is no such profile", "没有该期限方案")
SAME_PROFILE = Phrase("adopt.same", "The complaint goes by this version already", "客诉已按该版本执行")


@dataclass(frozen=True, slots=True)
class Moved:
    """What an adoption changed, as the record keeps it: the profile and due instants by milestone."""

    old: dict[str, Any]
    new: dict[str, Any]


@verb("profile.adopt")
def adopt_profile(work: Work, *, number: str, version: int, profile: str, reason: str) -> Done:
    """Let one complaint go by a version such as ``standard@2``, with the reason why.

    Raises Invalid for a version that does not exist, and for the one it goes by already.
    """
    opened = open_complaint(work, number, Action.ADOPT_PROFILE, version=version, reason=reason)
    if not _exists(work.session, profile):
        raise Invalid({"profile": NO_SUCH_PROFILE.say()})
    if profile == opened.row.profile:
        raise Invalid({"profile": SAME_PROFILE.say()})
    moved = adopt(work, opened.row, rules.profile_at(work.session, profile), reason.strip())
    conclude(work, opened, old=moved.old, new=moved.new, subject=profile)
    return Done(number=number, version=opened.row.version)


def adopt(work: Work, row: ComplaintRow, profile: Profile, because: str) -> Moved:
    """Let the complaint go by the profile from now on and tell its CQE; the caller writes down what changed."""
    former, before = row.profile, _due_instants(work.session, row)
    row.profile = profile.ref
    recompute(work.session, row, work.now)
    work.session.flush()
    after = _due_instants(work.session, row)
    tell_moved(work, row, before, after, because)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return Moved(
        {"profile": former, **{name: _text(before.get(name)) for name in names}},
        {"profile": profile.ref, **{name: _text(after.get(name)) for name in names}},
    )


def follow_tier(work: Work, row: ComplaintRow, former: Tier) -> None:
    """Move the complaint to the newest version of its tier's profile where the tier before had another one."""
    if row.tier is former:
        return
    customer = work.session.get_one(CustomerRow, row.customer_id)
    name = rules.profile_name(work.session, customer, row.tier)
    if name in (rules.profile_name(work.session, customer, former), row.profile.rpartition("@")[0]):
        return
    profile = rules.newest_profile(work.session, name)
    moved = adopt(work, row, profile, profile.ref)
    work.record(
        EventTag.DEADLINE_MOVED,
        complaint_id=row.id,
        old={"tier": former.value, **moved.old},
        new={"tier": row.tier.value, **moved.new},
        reason=row.profile,
    )


def _exists(session: Session, ref: str) -> bool:
    name, _, number = ref.rpartition("@")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return False
    found = sa.select(ProfileRow.id).where(ProfileRow.name == name, ProfileRow.number == int(number))
    return session.execute(found).first() is not None


def _due_instants(session: Session, row: ComplaintRow) -> Dates:
    return open_complaints.due_instants(session, [row.id]).get(row.id, {})


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="minutes")
