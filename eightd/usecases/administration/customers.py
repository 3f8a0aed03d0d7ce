"""Make and change customers and how they want to be served: calendar, profile, criteria, stops (procedure 4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from eightd.domain.complaint import Tier
from eightd.domain.words import Language, Message, Phrase
from eightd.persistence.dialects import alike
from eightd.persistence.tables.catalogue import (
    CalendarRow,
    CriteriaRow,
    CustomerRow,
    CustomerTierProfileRow,
    ProfileRow,
)
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import UserCustomerRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import (
    TAKEN,
    TOO_LONG,
    UNKNOWN,
    begin,
    change,
    check_version,
    plain,
    record_new,
    text_problems,
)
from eightd.usecases.administration.recomputing import recompute_open
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.verb import Done, verb

_LIMITS = {"code": 20, "name": 200, "name_en": 200, "contact": 200, "profile": 60, "criteria": 60}
_REQUIRED = ("code", "name", "profile", "criteria")
_MOVES_CLOCKS = {"calendar", "accepts_stops"}
_NOT_YET = Phrase(
    "customer.criteria_later",
    "No version of these criteria holds yet; the first one begins on {first}.",
    "该标准尚无生效版本，最早于 {first} 生效。",
)
_NO_ADDRESS = Phrase(
    "customer.no_address", "“{text}” is not an e-mail address.", "“{text}”不是电子邮箱地址。"
)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_ADDRESSES = 400


@dataclass(frozen=True, slots=True)
class CustomerFields:
    """What is kept about a customer; ``calendar`` None means the plant's.

    ``emails`` are parted by commas or semicolons of either script, blanks or lines. ``tier_profiles`` names the
    profile of those tiers whose complaints do not go by ``profile``.
    """

    code: str
    name: str
    name_en: str
    contact: str
    language: Language
    calendar: str | None
    profile: str
    criteria: str
    accepts_stops: bool
    active: bool
    emails: str = ""
    tier_profiles: Mapping[Tier, str] = field(default_factory=dict)

    def addresses(self) -> tuple[str, ...]:
        """Return the single addresses, each once, as written."""
        return tuple(dict.fromkeys(part for part in re.split(r"[,;，；、\s]+", self.emails) if part))

    def values(self) -> dict[str, Any]:
        """Return what stands in the customer's own row."""
        values = asdict(self)
        del values["tier_profiles"]
        return {**values, "emails": ",".join(self.addresses())}


@verb("customer.create")
def create_customer(work: Work, *, fields: CustomerFields) -> Done:
    """Make a customer; an actor who is limited to some customers sees it from now on. Raises Invalid."""
    begin(work)
    values = fields.values()
    _insist_valid(work, fields)
    row = CustomerRow(**values)
    work.session.add(row)
    work.session.flush()
    if work.actor.customers is not None:
        work.session.add(UserCustomerRow(user_id=work.actor.id, customer_id=row.id))
    _keep_tiers(work, row, fields)
    record_new(work, "customer", row.code, {**values, "tier_profiles": _plain_tiers(fields.tier_profiles)})
    return Done(id=row.id, version=row.version)


@verb("customer.change")
def change_customer(work: Work, *, customer_id: int, version: int, fields: CustomerFields) -> Done:
    """Change a customer; another calendar, or whether stops are accepted, moves its open deadlines at once.

    Profiles and criteria hold for what comes: running complaints keep their profile until their tier changes to one
    with another, and are classified by the new criteria when their counts change. Raises Stale or Invalid.
    """
    begin(work, customer_id=customer_id)
    row = work.session.get(CustomerRow, customer_id, with_for_update=True)
    if row is None:
        raise NotFound
    check_version(row, version)
    _insist_valid(work, fields, row)
    changed = change(work, row, "customer", row.code, fields.values())
    former = _keep_tiers(work, row, fields)
    if former != fields.tier_profiles:
        row.version += not changed
        work.session.flush()
        work.record(
            "customer.changed",
            subject=row.code,
            old={"tier_profiles": _plain_tiers(former)},
            new={"tier_profiles": _plain_tiers(fields.tier_profiles)},
        )
    if changed & _MOVES_CLOCKS:
        recompute_open(work, ComplaintRow.customer_id == row.id)
    return Done(id=row.id, version=row.version)


def _keep_tiers(work: Work, row: CustomerRow, fields: CustomerFields) -> dict[Tier, str]:
    """Write the profiles by tier as they are wanted; return what they were."""
    kept = {
        one.tier: one
        for one in work.session.execute(
            sa.select(CustomerTierProfileRow).where(CustomerTierProfileRow.customer_id == row.id)
        ).scalars()
    }
    former = {tier: one.profile for tier, one in kept.items()}
    for tier in Tier:
        wanted = fields.tier_profiles.get(tier)
        if wanted is None and tier in kept:
            work.session.delete(kept[tier])
        elif wanted is not None and tier in kept:
            kept[tier].profile = wanted
        elif wanted is not None:
            work.session.add(CustomerTierProfileRow(customer_id=row.id, tier=tier, profile=wanted))
    work.session.flush()
    return former


def _plain_tiers(profiles: Mapping[Tier, str]) -> dict[str, Any]:
    return {plain(tier): profiles[tier] for tier in Tier if tier in profiles}


def _insist_valid(work: Work, fields: CustomerFields, row: CustomerRow | None = None) -> None:
    problems: dict[str, Message] = text_problems(fields.values(), _LIMITS, _REQUIRED)
    other = sa.select(CustomerRow.id).where(
        alike(CustomerRow.code, fields.code),
        CustomerRow.id != (0 if row is None else row.id),
    )
    if work.session.execute(other.limit(1)).first() is not None:
        problems.setdefault("code", TAKEN.say(value=fields.code))
    if fields.calendar is not None and not _exists(work, CalendarRow, fields.calendar):
        problems["calendar"] = UNKNOWN.say()
    if not _exists(work, ProfileRow, fields.profile):
        problems.setdefault("profile", UNKNOWN.say())
    for tier, name in fields.tier_profiles.items():
        if not _exists(work, ProfileRow, name):
            problems[f"profile_{tier.value}"] = UNKNOWN.say()
    wrong = next((one for one in fields.addresses() if not _ADDRESS.fullmatch(one)), None)
    if wrong is not None:
        problems["emails"] = _NO_ADDRESS.say(text=wrong)
    elif len(",".join(fields.addresses())) > _LONGEST_ADDRESSES:
        problems["emails"] = TOO_LONG.say(most=_LONGEST_ADDRESSES)
    criteria_problem = _criteria_problem(work, fields.criteria)
    if criteria_problem is not None:
        problems.setdefault("criteria", criteria_problem)
    if problems:
        raise Invalid(problems)


def _exists(work: Work, table: Any, name: str) -> bool:
    return work.session.execute(sa.select(table.id).where(table.name == name).limit(1)).first() is not None


def _criteria_problem(work: Work, name: str) -> Message | None:
    """Say that there are no such criteria, or none that hold today: a complaint could not be classified."""
    oldest = sa.select(CriteriaRow.valid_from_on).where(CriteriaRow.name == name).order_by("valid_from_on")
    first = work.session.execute(oldest.limit(1)).scalar_one_or_none()
    if first is None:
        return UNKNOWN.say()
    return _NOT_YET.say(first=first.isoformat()) if first > work.now.date() else None
