"""On-time rates by month, customer and milestone, summed up by the store (procedure 9: indicators)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.clock.punctuality import Punctuality, Rate
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.base import UtcInstant
from eightd.persistence.tables.catalogue import CustomerRow, ProfileRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.queries.board import named
from eightd.queries.board_walk import narrowed_scope
from eightd.queries.deadline_register import Filters, midnight, plant_zones

MOST_MONTHS = 60
"""The longest period that rates are asked for: five years."""

_D = DeadlineRow.__table__.c


@dataclass(frozen=True, slots=True)
class CustomerRate:
    """How punctually one customer was answered."""

    code: str
    name: str
    rates: Punctuality


@dataclass(frozen=True, slots=True)
class RatesView:
    """The rates of a period. Months are named by their first day; customers by how much was counted, most first."""

    total: Punctuality
    months: tuple[tuple[date, Punctuality], ...]
    customers: tuple[CustomerRate, ...]
    milestones: tuple[tuple[str, Punctuality], ...]


def rates(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    language: Language | str,
    *,
    from_on: date,
    until_on: date,
) -> RatesView:
    """Return the rates of the days from one to the other, both included and cut into calendar months.

    What is counted is said in ``domain.clock.punctuality``; the filters' own days and state are not asked. One
    statement per plant, answered from an index alone, and two more. Raises ValueError beyond five years.
    """
    months = [*_months(from_on, until_on)]
    if len(months) > MOST_MONTHS:
        raise ValueError("a period is at most five years")
    seen = narrowed_scope(scope(actor), filters.customer_id)
    plants = sorted(seen.plants & filters.plants if filters.plants else seen.plants)
    zones = plant_zones(session, plants) if plants else {}
    by_month: defaultdict[date, Punctuality] = defaultdict(Punctuality)
    by_customer: defaultdict[int, Punctuality] = defaultdict(Punctuality)
    by_milestone: defaultdict[str, Punctuality] = defaultdict(Punctuality)
    for plant, zone in zones.items():
        wanted = [_D.plant_id == plant]
        if filters.milestone:
            wanted.append(_D.milestone == filters.milestone)
        if seen.customers is not None:
            wanted.append(_D.customer_id.in_(sorted(seen.customers)))
        bounds = [(midnight(first, zone), midnight(end, zone)) for first, end in months]
        for place, customer, milestone, *sums in session.execute(_sums(bounds, wanted, now)):
            found = _punctuality(sums)
            by_month[months[place][0].replace(day=1)] += found
            by_customer[customer] += found
            by_milestone[milestone] += found
    total = sum(by_milestone.values(), Punctuality())
    return RatesView(
        total=total,
        months=tuple((first.replace(day=1), by_month[first.replace(day=1)]) for first, _ in months),
        customers=_customers(session, by_customer, language),
        milestones=tuple((name, by_milestone[name]) for name in _in_order(session, by_milestone)),
    )


def milestones(session: Session) -> Mapping[str, tuple[str, str]]:
    """Return every milestone of any profile with its own titles, Chinese and English; blank for a standard one.

    Where profiles call the same milestone differently, the oldest one's word holds for all together.
    """
    found: dict[str, tuple[str, str]] = {}
    rows = session.execute(sa.select(ProfileRow.document).order_by(ProfileRow.id)).scalars()
    for document in rows:
        for one in document["milestones"]:
            found.setdefault(one["name"], (one.get("title_zh", ""), one.get("title_en", "")))
    return found


def _months(from_on: date, until_on: date) -> Iterator[tuple[date, date]]:
    """Yield the first day of each month's part of the period, and the day after its last."""
    first = from_on
    while first <= until_on:
        year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
        following = date(year, month, 1)
        yield first, min(following, date.fromordinal(until_on.toordinal() + 1))
        first = following


def _sums(
    bounds: list[tuple[datetime, datetime]], wanted: list[sa.ColumnElement[bool]], now: datetime
) -> sa.Select[Any]:
    """Count and count in time, on the judged, the contractual and the agreed date, by month, customer, milestone."""
    instant = UtcInstant()
    period = sa.union_all(
        *(
            sa.select(
                sa.literal(place).label("place"),
                sa.literal(from_at, instant).label("from_at"),
                sa.literal(end_at, instant).label("end_at"),
            )
            for place, (from_at, end_at) in enumerate(bounds)
        )
    ).cte("period")
    past = {
        name: sa.and_(_D.owed, _D[name] < now) for name in ("judged_due_at", "contractual_due_at", "due_at")
    }
    past["due_at"] = sa.and_(past["due_at"], ~_D.paused)  # it moves on while a stop holds it
    sums = [
        sa.func.sum(sa.case((one, 1), else_=0))
        for name in past
        for one in (
            sa.and_(_D[name].is_not(None), sa.or_(_D.met_at.is_not(None), past[name])),
            _D.met_at <= _D[name],
        )
    ]
    within = sa.and_(*wanted, _D.judged_due_at >= period.c.from_at, _D.judged_due_at < period.c.end_at)
    return (
        sa.select(period.c.place, _D.customer_id, _D.milestone, *sums)
        .select_from(period.join(DeadlineRow, within))
        .group_by(period.c.place, _D.customer_id, _D.milestone)
    )


def _punctuality(sums: list[int]) -> Punctuality:
    judged, contractual, agreed = (Rate(int(sums[place]), int(sums[place + 1])) for place in (0, 2, 4))
    return Punctuality(judged, contractual, agreed)


def _customers(
    session: Session, by_customer: Mapping[int, Punctuality], language: Language | str
) -> tuple[CustomerRate, ...]:
    rows = session.execute(
        sa.select(CustomerRow.id, CustomerRow.code, CustomerRow.name, CustomerRow.name_en).where(
            CustomerRow.id.in_(sorted(by_customer))
        )
    )
    found = [
        CustomerRate(row.code, named(row.name, row.name_en, language), by_customer[row.id]) for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-one.rates.judged.counted, one.code)))


def _in_order(session: Session, by_milestone: Mapping[str, Punctuality]) -> list[str]:
    order = [*milestones(session)]
    return sorted(by_milestone, key=lambda name: (order.index(name) if name in order else len(order), name))
