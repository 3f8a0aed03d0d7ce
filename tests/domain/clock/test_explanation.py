"""A date explained: its steps kept and read again, its text for a mail, its month picture."""

import json
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from eightd.domain.clock.calendar import DayName, WorkingCalendar
from eightd.domain.clock.due import compute
from eightd.domain.clock.explanation import Explanation, judged_on, plain_text
from eightd.domain.clock.ledger import LedgerKind
from eightd.domain.clock.month_picture import DayRole, months
from eightd.domain.clock.profile import MilestoneSpec, Profile, StartEvent, Unit, shown_title
from eightd.domain.clock.steps import as_documents, from_documents, steps_of
from eightd.domain.clock.stops import ClockStop, StopReason
from eightd.domain.words import Language

SHANGHAI = ZoneInfo("Asia/Shanghai")
PRAGUE = ZoneInfo("Europe/Prague")
EN, ZH = Language.EN, Language.ZH
R = DayRole


def local(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def stop(first, last, reason=StopReason.LABORATORY, note=""):
    return ClockStop(local(first), last and local(last), reason, note)


def deadline(
    calendar, started, *stops, amount=7, unit=Unit.WORKING_DAYS, now="2026-12-01T12:00", zone=SHANGHAI
):
    spec = MilestoneSpec("final_report", amount, unit, StartEvent.RECEIVED, True)
    (found,) = compute(
        Profile("p", 1, (spec,)),
        {StartEvent.RECEIVED: started and local(started, zone)},
        stops,
        calendar=calendar,
        close_of_business=time(17, 30),
        zone=zone,
        sample_needed=None,
        now=local(now, zone),
    )
    return found


def told(found, *languages, steps=None, zone=SHANGHAI, **others):
    values = {
        "number": "CC-2026-00001", "milestone": found.milestone.title,
        "steps": steps_of(found.ledger) if steps is None else steps,
        "contractual_due_at": found.contractual_due_at, "agreed_due_at": found.due_at, "met_at": None,
        "held": found.paused, "accepts_stops": True, "calendar": found.calendar_ref, "zone": zone,
        "zone_name": zone.key, "waiting_for": found.waiting_for, **others,
    }  # fmt: skip
    return plain_text(Explanation(**values), languages or (EN,))


def pictured(found, now="2026-12-01T12:00", steps=None):
    return months(
        steps_of(found.ledger) if steps is None else steps,
        contractual_due_at=found.contractual_due_at,
        agreed_due_at=found.due_at,
        zone=SHANGHAI,
        now=local(now),
    )


def days(picture):
    return {day.on: day for month in picture for week in month.weeks for day in week if day}


@pytest.fixture
def stopped(china):
    """From Wednesday 23 September over the Mid-Autumn and National holidays, two days in a laboratory."""
    return deadline(china, "2026-09-23T10:00", stop("2026-09-28T09:00", "2026-09-30T00:00"))


def old(found):
    """The ledger as it was kept before it told reasons and ends of stops."""
    kept = as_documents(steps_of(found.ledger))
    return from_documents(
        [
            {name: value for name, value in one.items() if name not in {"until", "why_zh", "why_en", "code"}}
            for one in kept
        ]
    )


def test_a_ledger_survives_a_trip_through_json(stopped):
    steps = steps_of(stopped.ledger)
    assert from_documents(json.loads(json.dumps(as_documents(steps)))) == steps
    assert {step.code for step in steps if step.kind is LedgerKind.SKIPPED_DAY} == {
        "day.holiday",
        "day.weekend",
    }
    assert [step.sentence for step in old(stopped)] == [step.sentence for step in steps]


def test_the_text_in_english(stopped):
    assert told(stopped).split("\n") == [
        "CC-2026-00001 · Final 8D report: why this date",
        (
            "Complaint received on 2026-09-23 10:00: 7 working days by calendar CN@2026, counted at close of"
            " business (17:30) from the next day on. (UTC+08:00)"
        ),
        "Counted:",
        "  1. 2026-09-24 Thu",
        "  2. 2026-09-30 Wed",
        "  3. 2026-10-08 Thu",
        "  4. 2026-10-09 Fri",
        "  5. 2026-10-10 Sat · working day moved here: make-up day",
        "  6. 2026-10-12 Mon",
        "  7. 2026-10-13 Tue",
        "Not counted:",
        "  2026-09-25 – 2026-09-27: holiday: 中秋节",
        "  2026-09-28 – 2026-09-29: clock stopped: laboratory test",
        "  2026-10-01 – 2026-10-07: holiday: 国庆节",
        "  2026-10-11: weekend",
        "Clock stopped:",
        "  2026-09-28 09:00 (UTC+08:00) – 2026-09-30 00:00 (UTC+08:00): laboratory test",
        "Contractual date (without stops): 2026-10-10 17:30 (UTC+08:00)",
        "Agreed date (with stops): 2026-10-13 17:30 (UTC+08:00)",
        "Lateness is judged on the agreed date, because the customer accepts stops.",
        "Calendar CN@2026; local time of Asia/Shanghai",
    ]


def test_the_text_in_chinese_and_in_both(stopped):
    chinese, english = told(stopped, ZH), told(stopped, EN)
    assert told(stopped, ZH, EN) == f"{chinese}\n\n{english}"
    for wanted in (
        "期限说明", "  1. 2026-09-24 周四", "  2026-09-25 至 2026-09-27: 节假日：中秋节",
        "停表：实验室测试", "按协议期限判定是否逾期：客户接受停表。", "日历 CN@2026；时区 Asia/Shanghai",
    ):  # fmt: skip
        assert wanted.replace(": ", "：") in chinese.replace(": ", "：")
    assert "Mon" not in chinese


def test_the_judged_date_follows_the_customer(stopped):
    assert "does not accept stops" in told(stopped, accepts_stops=False)
    assert "合同期限" in judged_on(accepts_stops=False).text(ZH)


def test_a_running_stop_leaves_the_agreed_date_open(china):
    found = deadline(
        china, "2026-03-12T16:40", stop("2026-03-13T09:00", None), amount=3, now="2026-03-16T12:00"
    )
    text = told(found)
    assert "since 2026-03-13 09:00 (UTC+08:00), still stopped: laboratory test" in text
    assert (
        "Agreed date (with stops): open while the clock is stopped; 2026-03-18 17:30 (UTC+08:00) if" in text
    )
    picture = days(pictured(found, "2026-03-16T12:00"))
    assert {on.day for on, day in picture.items() if R.STOPPED in day.roles} == {13, 14, 15, 16}


def test_a_met_date_says_when(stopped):
    assert "Met on 2026-10-12 09:05 (UTC+08:00)" in told(stopped, met_at=local("2026-10-12T09:05"))


def test_what_waits_says_for_what(china):
    found = deadline(china, None)
    assert told(found).split("\n") == [
        "CC-2026-00001 · Final 8D report: why this date",
        "waiting for the complaint",
        "Lateness is judged on the agreed date, because the customer accepts stops.",
        "Calendar CN@2026; local time of Asia/Shanghai",
    ]


def test_a_year_without_table_is_told_as_provisional(china):
    found = deadline(china, "2026-12-29T10:00", now="2026-12-29T11:00")
    assert "Provisional: the official calendar of 2027 is not known yet." in told(found)
    picture = pictured(found)
    assert [(month.year, month.month) for month in picture] == [(2026, 12), (2027, 1)]
    assert R.PROVISIONAL in days(picture)[date(2027, 1, 7)].roles


def test_the_offset_is_the_one_of_each_instant(china):
    found = deadline(china, "2026-03-27T10:00", unit=Unit.CALENDAR_DAYS, amount=4, zone=PRAGUE)
    text = told(found, zone=PRAGUE)
    assert "from the next day on. (UTC+01:00)" in text
    assert "Contractual date (without stops): 2026-03-31 17:30 (UTC+02:00)" in text


def test_hours_have_nothing_to_count_day_by_day(china):
    found = deadline(china, "2026-03-12T16:40", unit=Unit.CLOCK_HOURS, amount=24)
    text = told(found)
    assert "24 hours" in text
    assert "ounted:" not in text
    picture = days(pictured(found))
    assert picture[date(2026, 3, 12)].roles == {R.START}
    assert picture[date(2026, 3, 13)].roles == {R.CONTRACTUAL, R.AGREED}


def test_a_ledger_of_old_is_told_by_its_sentences(stopped):
    text = told(stopped, steps=old(stopped))
    assert "  2026-09-25 – 2026-09-27: Not counted, holiday: 中秋节." in text
    assert "  Clock stopped from 2026-09-28 09:00 to 2026-09-30 00:00: laboratory test." in text
    picture = days(pictured(stopped, steps=old(stopped)))
    assert picture[date(2026, 9, 25)].roles == {R.OFF}
    assert {on.day for on, day in picture.items() if R.STOPPED in day.roles} == {28, 29}


def test_the_picture_shows_what_each_day_was(stopped):
    picture = pictured(stopped, now="2026-10-12T12:00")
    assert [(month.year, month.month) for month in picture] == [(2026, 9), (2026, 10)]
    assert [len(week) for week in picture[0].weeks] == [7] * 5
    assert picture[0].weeks[0][0] is None
    found = days(picture)
    assert {on: day.count for on, day in found.items() if day.count} == {
        date(2026, 9, 24): 1, date(2026, 9, 30): 2, date(2026, 10, 8): 3, date(2026, 10, 9): 4,
        date(2026, 10, 10): 5, date(2026, 10, 12): 6, date(2026, 10, 13): 7,
    }  # fmt: skip
    assert {on: day.roles for on, day in found.items() if on.day in {10, 11, 12, 13, 23} and day.roles} == {
        date(2026, 9, 23): {R.START},
        date(2026, 10, 10): {R.TICK, R.MOVED, R.CONTRACTUAL},
        date(2026, 10, 11): {R.WEEKEND},
        date(2026, 10, 12): {R.TICK, R.TODAY},
        date(2026, 10, 13): {R.TICK, R.AGREED},
    }
    assert {on.day for on, day in found.items() if R.HOLIDAY in day.roles and on.month == 9} == {25, 26, 27}
    assert {on.day for on, day in found.items() if R.STOPPED in day.roles} == {28, 29}  # its end is midnight
    assert found[date(2026, 10, 13)].sentences[0].en == "7 of 7: working day (Tuesday)."


def test_own_days_and_stops_as_long_as_nothing():
    calendar = WorkingCalendar(
        "P1", "3",
        own_days_off={date(2026, 3, 13): DayName("stocktaking", "盘点")},
        own_days_on={date(2026, 3, 14): DayName("shift", "加班")},
        official_years=frozenset({2026}),
    )  # fmt: skip
    found = deadline(
        calendar, "2026-03-12T10:00", stop("2026-03-14T09:00", "2026-03-14T09:00", StopReason.OTHER, "x"),
        amount=2,
    )  # fmt: skip
    picture = days(pictured(found))
    assert picture[date(2026, 3, 13)].roles == {R.OWN_OFF}
    assert picture[date(2026, 3, 14)].roles == {R.OWN_ON, R.TICK, R.STOPPED}  # it is told where it stood
    assert "  1. 2026-03-14 Sat · the plant works on this day: shift" in told(found)


def test_a_clock_over_the_turn_of_a_year(china):
    found = deadline(china, "2026-11-30T10:00", unit=Unit.CALENDAR_DAYS, amount=60)
    assert [(month.year, month.month) for month in pictured(found)] == [(2026, 11), (2026, 12), (2027, 1)]


@pytest.mark.parametrize(
    ("name", "own", "shown"),
    [
        ("final_report", ("", ""), ("Final 8D report", "最终 8D 报告")),
        ("final_report", ("D8 closed", ""), ("D8 closed", "D8 closed")),
        ("containment", ("", "围堵"), ("围堵", "围堵")),
        ("containment", ("", ""), ("containment", "containment")),
    ],
)
def test_what_a_milestone_is_called(name, own, shown):
    title = shown_title(name, *own)
    assert (title.text(EN), title.text(ZH)) == shown
