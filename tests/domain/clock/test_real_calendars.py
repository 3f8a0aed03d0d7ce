"""Due dates of three real years, written down by hand and counted again by another library."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.due import compute
from eightd.domain.clock.ledger import LedgerKind
from eightd.domain.clock.profile import MilestoneSpec, Profile, StartEvent, Unit
from eightd.domain.clock.ticks import DueInstants, due_instants
from eightd.persistence.official_days import official_calendar
from tests.domain.clock import published

SHANGHAI, PRAGUE = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Prague")
CLOSE = time(17, 30)
MINUTES = range(-5, 6)  # 17:25 … 17:35

# Started on; due after 1, 3 and 7 working days, each at 17:30.
CHINA = [
    # 2024, New Year: a Monday off
    ("2023-12-31", "2024-01-02", "2024-01-04", "2024-01-10"),
    # Spring Festival 10–17 February; the Sundays 4 and 18 are worked
    ("2024-02-02", "2024-02-04", "2024-02-06", "2024-02-18"),
    ("2024-02-08", "2024-02-09", "2024-02-19", "2024-02-23"),
    ("2024-02-12", "2024-02-18", "2024-02-20", "2024-02-26"),  # on a holiday
    ("2024-02-18", "2024-02-19", "2024-02-21", "2024-02-27"),  # on the moved Sunday itself
    # leap day
    ("2024-02-28", "2024-02-29", "2024-03-04", "2024-03-08"),
    # Qingming 4–6 April; Sunday 7 is worked
    ("2024-04-02", "2024-04-03", "2024-04-08", "2024-04-12"),
    # Labour Day 1–5 May; Sunday 28 April and Saturday 11 May are worked
    ("2024-04-26", "2024-04-28", "2024-04-30", "2024-05-09"),
    ("2024-04-30", "2024-05-06", "2024-05-08", "2024-05-13"),
    # Dragon Boat 10 June
    ("2024-06-07", "2024-06-11", "2024-06-13", "2024-06-19"),
    # Mid-Autumn 15–17 September; Saturday 14 is worked
    ("2024-09-13", "2024-09-14", "2024-09-19", "2024-09-25"),
    # National Day 1–7 October; Sunday 29 September and Saturday 12 October are worked
    ("2024-09-27", "2024-09-29", "2024-10-08", "2024-10-12"),
    ("2024-09-30", "2024-10-08", "2024-10-10", "2024-10-15"),
    # the year's end: New Year is the Wednesday alone
    ("2024-12-30", "2024-12-31", "2025-01-03", "2025-01-09"),
    ("2024-12-31", "2025-01-02", "2025-01-06", "2025-01-10"),
    ("2025-01-01", "2025-01-02", "2025-01-06", "2025-01-10"),
    # 2025, Spring Festival 28 January – 4 February; Sunday 26 January and Saturday 8 February are worked
    ("2025-01-24", "2025-01-26", "2025-02-05", "2025-02-10"),
    ("2025-01-27", "2025-02-05", "2025-02-07", "2025-02-12"),
    # Qingming 4–6 April, nothing moved
    ("2025-04-03", "2025-04-07", "2025-04-09", "2025-04-15"),
    # Labour Day 1–5 May; Sunday 27 April is worked
    ("2025-04-25", "2025-04-27", "2025-04-29", "2025-05-08"),
    # Dragon Boat 31 May – 2 June
    ("2025-05-30", "2025-06-03", "2025-06-05", "2025-06-11"),
    # National Day and Mid-Autumn in one, 1–8 October; Sunday 28 September and Saturday 11 October are worked
    ("2025-09-26", "2025-09-28", "2025-09-30", "2025-10-13"),
    ("2025-09-30", "2025-10-09", "2025-10-11", "2025-10-16"),
    # the year's end: New Year 1–3 January; Sunday 4 is worked
    ("2025-12-30", "2025-12-31", "2026-01-05", "2026-01-09"),
    ("2025-12-31", "2026-01-04", "2026-01-06", "2026-01-12"),
    # 2026, Spring Festival 15–23 February; the Saturdays 14 and 28 are worked
    ("2026-02-13", "2026-02-14", "2026-02-25", "2026-03-02"),
    ("2026-02-14", "2026-02-24", "2026-02-26", "2026-03-03"),
    ("2026-02-27", "2026-02-28", "2026-03-03", "2026-03-09"),
    # Qingming 4–6 April
    ("2026-04-03", "2026-04-07", "2026-04-09", "2026-04-15"),
    # Labour Day 1–5 May; Saturday 9 is worked
    ("2026-04-30", "2026-05-06", "2026-05-08", "2026-05-13"),
    # Dragon Boat 19–21 June
    ("2026-06-18", "2026-06-22", "2026-06-24", "2026-06-30"),
    # Mid-Autumn 25–27 September (Sunday 20 is worked), National Day 1–7 October (Saturday 10 is worked)
    ("2026-09-19", "2026-09-20", "2026-09-22", "2026-09-29"),
    ("2026-09-24", "2026-09-28", "2026-09-30", "2026-10-12"),
    ("2026-10-07", "2026-10-08", "2026-10-10", "2026-10-15"),
]


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def dues(
    calendar: WorkingCalendar,
    started: datetime,
    *amounts: int,
    zone: ZoneInfo = SHANGHAI,
    unit: Unit = Unit.WORKING_DAYS,
) -> list[DueInstants]:
    """Return the dates of several milestones started at once, computed both ways."""
    specs = [MilestoneSpec(str(amount), amount, unit, StartEvent.RECEIVED, True) for amount in amounts]
    given: dict[str, Any] = {
        "calendar": calendar,
        "close_of_business": CLOSE,
        "zone": zone,
        "sample_needed": None,
        "now": started,
    }
    profile, starts = Profile("p", 1, tuple(specs)), {StartEvent.RECEIVED: started}
    found = due_instants(profile, starts, [], **given)
    told = compute(profile, starts, [], **given)
    assert list(found) == [(one.contractual_due_at, one.due_at, one.provisional) for one in told]
    return [one for one in found if one is not None]


@pytest.fixture(
    scope="module",
    params=[published.china_of(2024, 2025, 2026), official_calendar("CN")],
    ids=["as published", "as shipped"],
)
def china(request):
    return request.param


@pytest.mark.parametrize(("started", *(f"after_{amount}" for amount in (1, 3, 7))), CHINA)
def test_working_days_in_china(china, started, after_1, after_3, after_7):
    for hour in ("00:00", "17:29:59.999999", "17:30", "23:59:59.999999"):
        found = dues(china, at(f"{started}T{hour}"), 1, 3, 7)
        assert [one.due_at for one in found] == [
            at(f"{day}T17:30").astimezone(UTC) for day in (after_1, after_3, after_7)
        ]
        assert not any(one.provisional for one in found)


@pytest.mark.parametrize(("started", *(f"after_{amount}" for amount in (1, 3, 7))), CHINA)
def test_the_table_above_is_what_another_library_counts(started, after_1, after_3, after_7):
    day, worked = date.fromisoformat(started), []
    while len(worked) < 7:
        day += timedelta(days=1)
        if chinese_calendar.is_workday(day):
            worked.append(day.isoformat())
    assert (worked[0], worked[2], worked[6]) == (after_1, after_3, after_7)


def test_every_working_day_of_three_years_is_reached_from_the_one_before():
    """One working day at a time through the years: no day is counted twice, none left out."""
    china = published.china_of(2024, 2025, 2026)
    day, seen = at("2023-12-31T12:00"), []
    while day.year < 2027:
        (one,) = dues(china, day, 1)
        day = one.due_at.astimezone(SHANGHAI)
        seen.append(day.date())
    first = date(2024, 1, 1)
    all_days = [first + timedelta(days=n) for n in range((date(2026, 12, 31) - first).days + 1)]
    assert seen[:-1] == [one for one in all_days if chinese_calendar.is_workday(one)]


def test_a_year_end_without_the_next_years_table_is_provisional_until_the_table_comes():
    before = published.china_of(2026)
    one, three, seven = dues(before, at("2026-12-30T10:00"), 1, 3, 7)
    assert one == (at("2026-12-31T17:30"), at("2026-12-31T17:30"), False)
    assert three == (at("2027-01-04T17:30"), at("2027-01-04T17:30"), True)  # as if New Year were worked
    assert seven == (at("2027-01-08T17:30"), at("2027-01-08T17:30"), True)

    after = WorkingCalendar(
        "CN",
        "2027",
        holidays={**before.holidays, date(2027, 1, 1): next(iter(before.holidays.values()))},
        working_days=before.working_days,
        official_years=frozenset({2026, 2027}),
    )
    assert dues(after, at("2026-12-30T10:00"), 1, 3, 7) == [
        (at(f"{day}T17:30"), at(f"{day}T17:30"), False) for day in ("2026-12-31", "2027-01-05", "2027-01-11")
    ]


# ---------------------------------------------------------------- every minute around close of business

STARTED_AROUND_CLOSE = [
    ("2026-03-12", "2026-03-13"),  # a Thursday
    ("2026-03-13", "2026-03-16"),  # a Friday
    ("2026-02-13", "2026-02-14"),  # before a moved Saturday
    ("2026-02-14", "2026-02-24"),  # a moved Saturday, before nine days off
    ("2026-09-20", "2026-09-21"),  # a moved Sunday
    ("2026-10-01", "2026-10-08"),  # the first of seven days off
    ("2025-12-31", "2026-01-04"),  # the year's last day
]


@pytest.mark.parametrize(("day", "due"), STARTED_AROUND_CLOSE)
def test_started_at_any_minute_around_close_of_business(china, day, due):
    """The day it started never counts: not even where the tick was still to come."""
    for minute in MINUTES:
        (found,) = dues(china, at(f"{day}T17:30") + timedelta(minutes=minute), 1)
        assert found.due_at == at(f"{due}T17:30"), minute


@pytest.mark.parametrize(
    ("midnight", "before", "after"),
    [
        ("2026-03-12T00:00", "2026-03-12T17:30", "2026-03-13T17:30"),
        ("2026-02-14T00:00", "2026-02-14T17:30", "2026-02-24T17:30"),  # into the moved Saturday
        ("2026-10-01T00:00", "2026-10-08T17:30", "2026-10-08T17:30"),  # into seven days off
        ("2026-01-01T00:00", "2026-01-04T17:30", "2026-01-04T17:30"),  # into the year
    ],
)
def test_started_at_any_minute_around_midnight(china, midnight, before, after):
    """The plant's own midnight divides the days."""
    for minute in MINUTES:
        (found,) = dues(china, at(midnight) + timedelta(minutes=minute), 1)
        assert found.due_at == at(before if minute < 0 else after), minute


# ---------------------------------------------------------------- zones

# Reported by a customer in Brno, on the clocks there; the plant in Suzhou's due instants on its own clocks:
# 24 hours (as Brno reads it), 1 and 3 working days.
BRNO_TO_SUZHOU = [
    # winter: seven hours apart; 16:59 is still Thursday in Suzhou, 17:00 already Friday
    ("2026-03-12T16:59", "2026-03-13T16:59", "2026-03-13T17:30", "2026-03-17T17:30"),
    ("2026-03-12T17:00", "2026-03-13T17:00", "2026-03-16T17:30", "2026-03-18T17:30"),
    # the clocks go forward in Brno on 29 March: 24 hours later it is an hour later there
    ("2026-03-28T12:00", "2026-03-29T13:00", "2026-03-30T17:30", "2026-04-01T17:30"),
    ("2026-03-29T01:59", "2026-03-30T02:59", "2026-03-30T17:30", "2026-04-01T17:30"),
    ("2026-03-29T03:00", "2026-03-30T03:00", "2026-03-30T17:30", "2026-04-01T17:30"),
    # summer: six hours apart
    ("2026-06-10T17:59", "2026-06-11T17:59", "2026-06-11T17:30", "2026-06-15T17:30"),
    ("2026-06-10T18:00", "2026-06-11T18:00", "2026-06-12T17:30", "2026-06-16T17:30"),
    # the clocks go back on 25 October: 24 hours later it is an hour earlier there
    ("2026-10-24T12:00", "2026-10-25T11:00", "2026-10-26T17:30", "2026-10-28T17:30"),
    ("2026-10-25T03:00", "2026-10-26T03:00", "2026-10-26T17:30", "2026-10-28T17:30"),
    # New Year's Eve in Brno is New Year's Day in Suzhou, from 17:00 on
    ("2025-12-31T16:59", "2026-01-01T16:59", "2026-01-04T17:30", "2026-01-06T17:30"),
    ("2025-12-31T17:00", "2026-01-01T17:00", "2026-01-04T17:30", "2026-01-06T17:30"),
    ("2024-12-31T16:59", "2025-01-01T16:59", "2025-01-02T17:30", "2025-01-06T17:30"),
    ("2025-01-01T17:00", "2025-01-02T17:00", "2025-01-03T17:30", "2025-01-07T17:30"),
]


@pytest.mark.parametrize(("reported", "hours", "after_1", "after_3"), BRNO_TO_SUZHOU)
def test_a_customer_in_brno_and_a_plant_in_suzhou(china, reported, hours, after_1, after_3):
    started = at(reported, PRAGUE).astimezone(UTC)
    (one_day,) = dues(china, started, 24, unit=Unit.CLOCK_HOURS)
    assert one_day.due_at.astimezone(PRAGUE).isoformat()[:16] == hours
    assert [one.due_at for one in dues(china, started, 1, 3)] == [
        at(f"{after_1}").astimezone(UTC),
        at(f"{after_3}").astimezone(UTC),
    ]


# A plant in Brno: started on its clocks; due after 1 and 3 working days, and 24 hours later, in UTC.
BRNO = [
    # across 29 March 2026: 17:30 is 16:30 UTC before, 15:30 after
    ("2026-03-25T10:00", "2026-03-26T16:30", "2026-03-30T15:30", "2026-03-26T09:00"),
    ("2026-03-26T10:00", "2026-03-27T16:30", "2026-03-31T15:30", "2026-03-27T09:00"),
    ("2026-03-27T17:30", "2026-03-30T15:30", "2026-04-01T15:30", "2026-03-28T16:30"),
    ("2026-03-28T23:59", "2026-03-30T15:30", "2026-04-01T15:30", "2026-03-29T22:59"),
    # Good Friday 3 April, Easter Monday 6 April
    ("2026-04-01T10:00", "2026-04-02T15:30", "2026-04-08T15:30", "2026-04-02T08:00"),
    # across 25 October 2026; 28 October is a holiday
    ("2026-10-22T10:00", "2026-10-23T15:30", "2026-10-27T16:30", "2026-10-23T08:00"),
    ("2026-10-23T10:00", "2026-10-26T16:30", "2026-10-29T16:30", "2026-10-24T08:00"),
    ("2026-10-24T12:00", "2026-10-26T16:30", "2026-10-29T16:30", "2026-10-25T10:00"),
    # Christmas and New Year
    ("2025-12-23T10:00", "2025-12-29T16:30", "2025-12-31T16:30", "2025-12-24T09:00"),
    ("2025-12-31T10:00", "2026-01-02T16:30", "2026-01-06T16:30", "2026-01-01T09:00"),
]


@pytest.mark.parametrize(
    "calendar", [published.czech(), official_calendar("CZ")], ids=["published", "shipped"]
)
@pytest.mark.parametrize(("started", "after_1", "after_3", "hours"), BRNO)
def test_a_plant_in_brno(calendar, started, after_1, after_3, hours):
    begun = at(started, PRAGUE)
    assert [one.due_at for one in dues(calendar, begun, 1, 3, zone=PRAGUE)] == [
        datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (after_1, after_3)
    ]
    (found,) = dues(calendar, begun, 24, zone=PRAGUE, unit=Unit.CLOCK_HOURS)
    assert found.due_at == datetime.fromisoformat(hours).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "due"),
    [("2026-03-27", "2026-03-30T15:30"), ("2026-03-29", "2026-03-30T15:30"),
     ("2026-10-23", "2026-10-26T16:30"), ("2026-10-25", "2026-10-26T16:30")],
)  # fmt: skip
def test_started_in_brno_at_any_minute_around_close_of_business(day, due):
    for minute in MINUTES:
        (found,) = dues(
            published.czech(), at(f"{day}T17:30", PRAGUE) + timedelta(minutes=minute), 1, zone=PRAGUE
        )
        assert found.due_at == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("started", "hours", "due"),
    [
        ("2026-03-29T01:30", 1, "2026-03-29T03:30"),  # the hour from two to three is missing
        ("2026-03-29T01:59", 24, "2026-03-30T02:59"),
        ("2026-10-25T01:30", 1, "2026-10-25T02:30"),  # the first time it is half past two
        ("2026-10-25T01:30", 2, "2026-10-25T02:30"),  # the second
        ("2026-10-25T01:30", 3, "2026-10-25T03:30"),
    ],
)
def test_clock_hours_are_hours_whatever_the_clocks_show(started, hours, due):
    (found,) = dues(published.czech(), at(started, PRAGUE), hours, zone=PRAGUE, unit=Unit.CLOCK_HOURS)
    assert found.due_at - at(started, PRAGUE).astimezone(UTC) == timedelta(hours=hours)
    assert found.due_at.astimezone(PRAGUE).isoformat()[:16] == due


def test_the_ledger_of_a_spring_festival_names_every_day():
    """Thirteen days of 2026 in a row, told one by one to whoever asks why."""
    spec = MilestoneSpec("m", 3, Unit.WORKING_DAYS, StartEvent.RECEIVED, True)
    (told,) = compute(
        Profile("p", 1, (spec,)),
        {StartEvent.RECEIVED: at("2026-02-12T16:40")},
        [],
        calendar=published.china_of(2026),
        close_of_business=CLOSE,
        zone=SHANGHAI,
        sample_needed=None,
        now=at("2026-02-12T16:40"),
    )
    days = {
        entry.on.day: entry.reason.text("zh")
        for entry in told.ledger
        if entry.kind in {LedgerKind.TICK, LedgerKind.SKIPPED_DAY}
    }
    assert days == {
        13: "第 1/3 天：工作日（星期五）。",
        14: "第 2/3 天：调休上班：补班。",
        **dict.fromkeys(range(15, 24), "不计：节假日：春节。"),
        24: "第 3/3 天：工作日（星期二）。",
    }
