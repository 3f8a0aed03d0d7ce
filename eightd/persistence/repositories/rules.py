"""The versioned rules a complaint goes by: criteria, deadline profile, working calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.classification import criteria as criteria_rules
from eightd.domain.classification.criteria import Criteria
from eightd.domain.clock import profile as profile_rules
from eightd.domain.clock.calendar import DayName, WorkingCalendar
from eightd.domain.clock.profile import Profile
from eightd.domain.complaint import Tier
from eightd.persistence.official_days import official_calendar
from eightd.persistence.tables.catalogue import (
    CalendarRow,
    CriteriaRow,
    CustomerRow,
    CustomerTierProfileRow,
    DayValue,
    ProfileRow,
)
from eightd.persistence.tables.people import PlantRow


def criteria_for(session: Session, customer: CustomerRow, on: date) -> Criteria:
    """Return the version of the customer's criteria in force on a plant-local date.

    Before the first version of that name the standard holds. Raises UnknownNameError where that had not
    begun either.
    """
    names = (customer.criteria, criteria_rules.STANDARD.name)
    rows = session.execute(sa.select(CriteriaRow).where(CriteriaRow.name.in_(names))).scalars().all()
    begun = [row for row in rows if row.name == customer.criteria and row.valid_from_on <= on]
    chosen = begun or [row for row in rows if row.name == criteria_rules.STANDARD.name]
    return criteria_rules.criteria_in_force(
        [criteria_rules.from_document(row.document) for row in chosen], on
    )


def criteria_at(session: Session, ref: str) -> Criteria:
    """Return the criteria a complaint was classified by, from their reference such as ``standard@1``."""
    name, _, number = ref.rpartition("@")
    row = session.execute(
        sa.select(CriteriaRow).where(CriteriaRow.name == name, CriteriaRow.number == int(number))
    ).scalar_one()
    return criteria_rules.from_document(row.document)


def newest_profile(session: Session, name: str) -> Profile:
    """Return the newest version of a deadline profile."""
    row = session.execute(
        sa.select(ProfileRow).where(ProfileRow.name == name).order_by(ProfileRow.number.desc()).limit(1)
    ).scalar_one()
    return profile_rules.from_document(row.document)


def profile_name(session: Session, customer: CustomerRow, tier: Tier) -> str:
    """Return the name of the profile that the customer's new complaints of the tier go by."""
    own = session.get(CustomerTierProfileRow, (customer.id, tier))
    return customer.profile if own is None else own.profile


def profile_at(session: Session, ref: str) -> Profile:
    """Return the profile a complaint goes by, from its reference such as ``standard@1``.

    A version is never edited, so a session reads it once.
    """
    known: dict[str, Profile] = session.info.setdefault(profile_at, {})
    if ref not in known:
        name, _, number = ref.rpartition("@")
        document = session.execute(
            sa.select(ProfileRow.document).where(ProfileRow.name == name, ProfileRow.number == int(number))
        ).scalar_one()
        known[ref] = profile_rules.from_document(document)
    return known[ref]


def calendar_for(session: Session, plant: PlantRow, customer: CustomerRow) -> WorkingCalendar:
    """Return the newest version of the calendar agreed with the customer, else of the plant's."""
    name = customer.calendar or plant.calendar
    row = session.execute(
        sa.select(CalendarRow).where(CalendarRow.name == name).order_by(CalendarRow.number.desc()).limit(1)
    ).scalar_one()
    return working_calendar(row)


def working_calendar(row: CalendarRow) -> WorkingCalendar:
    """Build the calendar of a row; equal versions share one value, with its precomputed ticks.

    Days that were taken from an official table stand among the public holidays and moved working days, all others
    are the plant's own; the years the table is complete for are no longer provisional.
    """
    return _built(
        row.name,
        row.number,
        row.country,
        _frozen(row.days_off),
        _frozen(row.days_on),
        tuple(row.final_years or ()),
    )


def day_name(value: DayValue) -> DayName:
    """Return the name kept for a day of a calendar version: one text, or one in each language."""
    if isinstance(value, str):
        return DayName(en=value, zh=value)
    return DayName(en=value["en"], zh=value["zh"])


def is_of_a_table(value: DayValue) -> bool:
    """Return whether a day was taken from an official table, and is not the plant's own."""
    return not isinstance(value, str) and bool(value.get("official"))


_Frozen = tuple[tuple[str, DayName, bool], ...]


def _frozen(days: Mapping[str, DayValue]) -> _Frozen:
    return tuple((day, day_name(value), is_of_a_table(value)) for day, value in sorted(days.items()))


@lru_cache(maxsize=64)
def _built(
    name: str, number: int, country: str, off: _Frozen, on: _Frozen, final_years: tuple[int, ...]
) -> WorkingCalendar:
    official = official_calendar(country).with_table(
        off=_days(off, of_a_table=True), on=_days(on, of_a_table=True), complete_years=final_years
    )
    return official.with_own_days(
        name=name, version=str(number), off=_days(off, of_a_table=False), on=_days(on, of_a_table=False)
    )


def _days(days: _Frozen, *, of_a_table: bool) -> dict[date, DayName]:
    return {date.fromisoformat(day): name for day, name, official in days if official is of_a_table}
