"""When each milestone is due."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from eightd.domain.clock.calendar import DayName, WorkingCalendar
from eightd.domain.clock.due import Deadline, compute, verdict
from eightd.domain.clock.ledger import LedgerKind
from eightd.domain.clock.profile import STANDARD, MilestoneSpec, Profile, StartEvent, Unit
from eightd.domain.clock.stops import ClockStop, StopReason
from eightd.domain.clock.ticks import due_instants
from eightd.domain.errors import ImplausibleError, OutOfReachError

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLOSE = time(17, 30)


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def stop(first: str, last: str | None, reason: StopReason = StopReason.LABORATORY) -> ClockStop:
    return ClockStop(local(first), None if last is None else local(last), reason)


def one(
    calendar: WorkingCalendar,
    started: datetime,
    *stops: ClockStop,
    amount: int = 3,
    unit: Unit = Unit.WORKING_DAYS,
    stoppable: bool = True,
    zone: ZoneInfo = SHANGHAI,
    close: time = CLOSE,
    now: datetime = NOW,
) -> Deadline:
    profile = Profile("p", 1, (MilestoneSpec("m", amount, unit, StartEvent.RECEIVED, stoppable),))
    starts = {StartEvent.RECEIVED: started}
    (deadline,) = compute(
        profile,
        starts,
        stops,
        calendar=calendar,
        close_of_business=close,
        zone=zone,
        sample_needed=None,
        now=now,
    )
    (quick,) = due_instants(
        profile,
        starts,
        stops,
        calendar=calendar,
        close_of_business=close,
        zone=zone,
        sample_needed=None,
        now=now,
    )
    assert quick == (deadline.contractual_due_at, deadline.due_at, deadline.provisional)
    return deadline


@pytest.mark.parametrize(
    ("started", "due"),
    [
        ("2026-03-12T16:40", "2026-03-17T17:30"),  # Thursday: Friday, Monday, Tuesday
        ("2026-03-12T00:00", "2026-03-17T17:30"),  # the day it started never counts, whatever the hour
        ("2026-03-12T17:29:59", "2026-03-17T17:30"),
        ("2026-03-12T17:30", "2026-03-17T17:30"),
        ("2026-03-12T23:59:59", "2026-03-17T17:30"),
        ("2026-03-13T00:00", "2026-03-18T17:30"),
        ("2026-03-14T10:20", "2026-03-18T17:30"),  # a Saturday: as if on Friday evening
        ("2026-03-15T23:59", "2026-03-18T17:30"),
        ("2026-02-12T10:00", "2026-02-24T17:30"),  # Friday, the moved Saturday, then nine days off
        ("2026-02-16T10:00", "2026-02-26T17:30"),  # on a holiday
        ("2026-02-25T10:00", "2026-02-28T17:30"),  # Thursday, Friday, the moved Saturday
        ("2026-09-17T10:00", "2026-09-21T17:30"),  # the moved Sunday
        ("2026-09-29T10:00", "2026-10-09T17:30"),
        ("2025-12-30T10:00", "2026-01-05T17:30"),  # across the year's end with a moved Sunday
    ],
)
def test_three_working_days(china, started, due):
    deadline = one(china, local(started))
    assert deadline.due_at == deadline.contractual_due_at == local(due)
    assert not deadline.provisional


def test_every_minute_of_a_day_starts_the_same_clock(china):
    midnight = local("2026-03-12T00:00")
    dues = {one(china, midnight + minute * MINUTE, amount=1).due_at for minute in range(24 * 60)}
    assert dues == {local("2026-03-13T17:30")}


def test_every_minute_around_both_ends_of_a_stop(china):
    tick, following = local("2026-03-13T17:30"), local("2026-03-16T17:30")
    for minute in range(-90, 91):
        begins = one(
            china, local("2026-03-12T09:00"), ClockStop(tick + minute * MINUTE, following, StopReason.OTHER)
        )
        assert begins.contractual_due_at == local("2026-03-17T17:30")
        inside = minute <= 0  # the beginning is included
        assert begins.due_at == local("2026-03-18T17:30" if inside else "2026-03-17T17:30")
        ends = one(
            china,
            local("2026-03-12T09:00"),
            ClockStop(local("2026-03-13T09:00"), tick + minute * MINUTE, StopReason.OTHER),
        )
        inside = minute > 0  # the end is not
        assert ends.due_at == local("2026-03-18T17:30" if inside else "2026-03-17T17:30")


def test_an_overlapping_stop_is_not_counted_twice(china):
    deadline = one(
        china,
        local("2026-03-12T09:00"),
        stop("2026-03-13T09:00", "2026-03-16T18:00"),
        stop("2026-03-16T09:00", "2026-03-17T09:00"),
    )
    assert deadline.due_at == local("2026-03-19T17:30")


def test_a_stop_over_days_off_or_before_the_start_or_after_the_due_date_changes_nothing(china):
    stops = (
        stop("2026-03-01T09:00", "2026-03-12T09:00"),
        stop("2026-03-13T17:31", "2026-03-16T17:30"),
        stop("2026-03-17T17:31", "2026-04-16T17:30"),
    )
    deadline = one(china, local("2026-03-12T10:00"), *stops)
    assert deadline.due_at == local("2026-03-17T17:30")
    told = [entry.at for entry in deadline.ledger if entry.kind is LedgerKind.STOP]
    assert told == [local("2026-03-13T17:31")]


def test_an_unstoppable_milestone_ignores_stops(china):
    deadline = one(china, local("2026-03-12T09:00"), stop("2026-03-13T09:00", None), stoppable=False)
    assert deadline.due_at == local("2026-03-17T17:30")
    assert not deadline.paused


def test_a_running_stop_pauses_the_clock(china):
    running = stop("2026-03-13T09:00", None)
    for now, due in (
        ("2026-03-12T12:00", "2026-03-17T17:30"),  # has not begun
        ("2026-03-13T17:29", "2026-03-17T17:30"),
        ("2026-03-13T17:31", "2026-03-18T17:30"),
        ("2026-03-20T12:00", "2026-03-24T17:30"),
        ("2034-03-20T12:00", "2034-03-22T17:30"),  # however long it lasts
    ):
        deadline = one(china, local("2026-03-12T10:00"), running, now=local(now))
        assert deadline.due_at == local(due)
        assert deadline.paused is (local(now) >= running.from_at)
        assert deadline.contractual_due_at == local("2026-03-17T17:30")


def test_a_stop_that_begins_after_the_due_date_does_not_pause(china):
    deadline = one(
        china, local("2026-03-12T10:00"), stop("2026-03-17T17:31", None), now=local("2026-03-20T12:00")
    )
    assert deadline.due_at == local("2026-03-17T17:30")
    assert not deadline.paused
    at_the_tick = one(
        china, local("2026-03-12T10:00"), stop("2026-03-17T17:30", None), now=local("2026-03-17T17:30")
    )
    assert at_the_tick.paused


def test_a_deadline_that_reaches_an_unknown_year_is_provisional(china):
    assert not one(china, local("2026-12-28T10:00")).provisional  # due on the 31st
    deadline = one(china, local("2026-12-29T10:00"))
    assert deadline.due_at == local("2027-01-01T17:30")
    assert deadline.provisional
    assert [entry.kind for entry in deadline.ledger[-2:]] == [LedgerKind.PROVISIONAL, LedgerKind.DUE]
    assert "2027" in deadline.ledger[-2].reason.text("zh")
    moved = one(china, local("2026-12-28T10:00"), stop("2026-12-31T09:00", "2026-12-31T18:00"))
    assert moved.provisional
    assert not one(china, local("2024-12-31T10:00")).provisional  # the day it started is not asked


def test_hours_and_calendar_days_need_no_calendar(china):
    started = local("2027-01-01T10:00")
    assert not one(china, started, unit=Unit.CLOCK_HOURS, amount=24).provisional
    deadline = one(china, started, unit=Unit.CALENDAR_DAYS, amount=3)
    assert deadline.due_at == local("2027-01-04T17:30")
    assert not deadline.provisional


def test_calendar_days_tick_on_every_day_and_stand_still_in_stops(china):
    assert one(china, local("2026-02-13T20:00"), unit=Unit.CALENDAR_DAYS, amount=2).due_at == local(
        "2026-02-15T17:30"
    )
    halted = one(
        china,
        local("2026-02-13T20:00"),
        stop("2026-02-14T17:30", "2026-02-15T17:30"),
        unit=Unit.CALENDAR_DAYS,
    )
    assert halted.due_at == local("2026-02-17T17:30")


def test_clock_hours_run_through_nights_and_stand_still_in_stops(china):
    started = local("2026-03-13T22:00")
    assert one(china, started, unit=Unit.CLOCK_HOURS, amount=24).due_at == local("2026-03-14T22:00")
    halted = one(
        china, started, stop("2026-03-14T01:00", "2026-03-14T03:30"), unit=Unit.CLOCK_HOURS, amount=24
    )
    assert halted.due_at == local("2026-03-15T00:30")
    assert halted.contractual_due_at == local("2026-03-14T22:00")
    kinds = [entry.kind for entry in halted.ledger]
    assert kinds == [LedgerKind.START, LedgerKind.STOP, LedgerKind.CONTRACTUAL_DUE, LedgerKind.DUE]


def test_clocks_set_forward_and_back_in_prague(prague):
    czech = WorkingCalendar("CZ", "1", official_years=frozenset({2026}))
    spring = one(czech, local("2026-03-27T12:00", prague), zone=prague, amount=1)
    assert spring.due_at == datetime(2026, 3, 30, 15, 30, tzinfo=UTC)
    autumn = one(czech, local("2026-10-23T12:00", prague), zone=prague, amount=1)
    assert autumn.due_at == datetime(2026, 10, 26, 16, 30, tzinfo=UTC)
    hours = one(czech, local("2026-03-28T12:00", prague), zone=prague, amount=24, unit=Unit.CLOCK_HOURS)
    assert hours.due_at == local("2026-03-29T13:00", prague)


def test_a_close_of_business_that_clocks_skip_or_show_twice(prague):
    every_day = WorkingCalendar("X", "1", weekend=frozenset(), official_years=frozenset({2026}))
    skipped = one(every_day, local("2026-03-28T12:00", prague), zone=prague, amount=1, close=time(2, 30))
    assert skipped.due_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = one(every_day, local("2026-10-24T12:00", prague), zone=prague, amount=1, close=time(2, 30))
    assert twice.due_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_start_day_is_the_plants_not_the_customers(china):
    nearly_midnight_utc = datetime(2026, 3, 12, 16, 30, tzinfo=UTC)  # already the 13th in Shanghai
    assert one(china, nearly_midnight_utc, amount=1).due_at == local("2026-03-16T17:30")


def test_the_ledger_tells_every_step(china):
    deadline = one(
        china,
        local("2026-03-12T10:00"),
        stop("2026-03-16T14:00", "2026-03-16T18:10"),
    )
    steps = [(entry.kind.value, entry.on.isoformat(), entry.count) for entry in deadline.ledger]
    assert steps == [
        ("start", "2026-03-12", None),
        ("tick", "2026-03-13", 1),
        ("skipped_day", "2026-03-14", None),
        ("skipped_day", "2026-03-15", None),
        ("stop", "2026-03-16", None),
        ("skipped_tick", "2026-03-16", None),
        ("tick", "2026-03-17", 2),
        ("contractual_due", "2026-03-17", None),
        ("tick", "2026-03-18", 3),
        ("due", "2026-03-18", None),
    ]
    said = [entry.reason.text("en") for entry in deadline.ledger]
    assert said[0] == (
        "Complaint received on 2026-03-12 10:00: 3 working days by calendar CN@2026, "
        "counted at close of business (17:30) from the next day on."
    )
    assert said[2] == "Not counted, weekend (Saturday)."
    assert said[4] == "Clock stopped from 2026-03-16 14:00 to 2026-03-16 18:10: laboratory test."
    assert said[5] == "Not counted, the clock was stopped (laboratory test)."
    assert said[8] == "3 of 3: working day (Wednesday)."
    assert said[9] == "Due on 2026-03-18 17:30."


def test_a_stop_after_the_days_tick_is_told_after_it(china):
    deadline = one(china, local("2026-03-12T10:00"), stop("2026-03-13T18:00", "2026-03-14T09:00"), amount=2)
    kinds = [entry.kind.value for entry in deadline.ledger]
    assert kinds == ["start", "tick", "stop", "skipped_day", "skipped_day", "tick", "due"]


def test_a_running_stop_in_the_ledger_of_calendar_days(china):
    deadline = one(
        china,
        local("2026-03-12T10:00"),
        stop("2026-03-13T09:00", None),
        unit=Unit.CALENDAR_DAYS,
        amount=1,
        now=local("2026-03-14T09:00"),
    )
    said = [entry.reason.text("zh") for entry in deadline.ledger]
    assert said[0] == "受理客诉，2026-03-12 10:00：1 个日历日，自次日起于每日下班时（17:30）计数。"
    assert said[1] == "自 2026-03-13 09:00 起停表，尚未恢复：实验室测试。"
    assert said[4] == "第 1/1 天：日历日。"


def standard(
    china: WorkingCalendar,
    sample: str | None,
    *,
    needed: bool | None = None,
    received: str | None = "2026-03-12T16:40",
) -> tuple[Deadline, ...]:
    starts = {
        StartEvent.RECEIVED: None if received is None else local(received),
        StartEvent.SAMPLE_RECEIVED: None if sample is None else local(sample),
    }
    stops = [stop("2026-03-17T14:00", "2026-03-18T18:10")]
    deadlines = compute(STANDARD, starts, stops, calendar=china, zone=SHANGHAI, sample_needed=needed, now=NOW)
    found = due_instants(
        STANDARD, starts, stops, calendar=china, zone=SHANGHAI, sample_needed=needed, now=NOW
    )
    assert [deadline.due_at for deadline in deadlines] == [quick and quick.due_at for quick in found]
    return deadlines


def test_the_adapter_case(china):
    initial, preliminary, final = standard(china, "2026-03-14T10:20")
    assert initial.due_at == initial.contractual_due_at == local("2026-03-13T16:40")
    assert preliminary.contractual_due_at == local("2026-03-18T17:30")
    assert preliminary.due_at == local("2026-03-20T17:30")
    assert final.contractual_due_at == local("2026-03-24T17:30")
    assert final.due_at == local("2026-03-26T17:30")


@pytest.mark.parametrize("needed", [None, True])
def test_without_the_sample_two_milestones_wait(china, needed):
    initial, preliminary, final = standard(china, None, needed=needed)
    assert initial.due_at == local("2026-03-13T16:40")
    for waiting in (preliminary, final):
        assert waiting.due_at is waiting.contractual_due_at is waiting.started_at is None
        assert waiting.waiting_since == local("2026-03-12T16:40")
        assert waiting.waiting_for is not None
        assert waiting.waiting_for.text("en") == "waiting for sample since 2026-03-12 16:40"
        assert waiting.waiting_for.text("zh") == "自 2026-03-12 16:40 起等待样品"
        assert waiting.ledger == ()


@pytest.mark.parametrize("sample", [None, "2026-03-20T10:00"])
def test_where_no_sample_is_needed_all_start_at_the_receipt(china, sample):
    _, preliminary, final = standard(china, sample, needed=False)
    assert preliminary.contractual_due_at == local("2026-03-17T17:30")
    assert final.started_at == local("2026-03-12T16:40")
    assert (
        final.ledger[0]
        .reason.text("en")
        .startswith("No sample needed: counted from the complaint's receipt on")
    )


def test_before_the_receipt_everything_waits_for_it(china):
    initial, preliminary, _ = standard(china, None, received=None)
    assert initial.waiting_for is not None
    assert initial.waiting_for.text("en") == "waiting for the complaint"
    assert preliminary.waiting_since is None


def test_a_calendar_that_hardly_works_is_an_error(china):
    never = replace(china, weekend=frozenset(range(7)), working_days={}, holidays={})
    with pytest.raises(OutOfReachError, match="CN@2026"):
        one(never, local("2026-03-12T10:00"))
    rarely = replace(
        never, own_days_on={date(2026, 4, 1) + timedelta(days=31 * n): DayName("x", "x") for n in range(99)}
    )
    assert one(rarely, local("2026-03-12T10:00"), amount=59).provisional
    profile = Profile("p", 1, (MilestoneSpec("m", 60, Unit.WORKING_DAYS, StartEvent.RECEIVED, True),))
    for path in (compute, due_instants):
        with pytest.raises(OutOfReachError):
            path(
                profile,
                {StartEvent.RECEIVED: local("2026-03-12T10:00")},
                (),
                calendar=rarely,
                zone=SHANGHAI,
                sample_needed=None,
                now=NOW,
            )


def test_naive_instants_are_refused(china):
    naive = datetime(2026, 3, 12, 10)  # noqa: DTZ001
    with pytest.raises(ImplausibleError, match="needs a zone"):
        one(china, naive)
    with pytest.raises(ImplausibleError, match="needs a zone"):
        one(china, local("2026-03-12T10:00"), now=naive)


def test_the_ends_of_time_are_reached_without_an_overflow(china):
    first = datetime(1900, 1, 1, tzinfo=UTC)
    last = datetime(2200, 12, 31, 23, 59, tzinfo=UTC)
    assert one(china, first, now=first, zone=ZoneInfo("America/New_York")).provisional
    assert one(china, last, now=last).provisional
    assert one(china, first, ClockStop(first, last, StopReason.OTHER)).due_at == local("2201-01-05T17:30")


def test_verdicts(china):
    deadline = one(china, local("2026-03-12T10:00"), stop("2026-03-13T09:00", "2026-03-13T18:00"))
    agreed, contractual = local("2026-03-18T17:30"), local("2026-03-17T17:30")
    assert (deadline.due_at, deadline.contractual_due_at) == (agreed, contractual)

    in_time = verdict(deadline, met_at=agreed, now=NOW, accepts_stops=True)
    assert (in_time.is_met, in_time.is_late, in_time.judged_due_at) == (True, False, agreed)
    assert (in_time.agreed_late_by, in_time.contractual_late_by) == (timedelta(0), timedelta(days=1))

    strict = verdict(deadline, met_at=agreed, now=NOW, accepts_stops=False)
    assert (strict.is_late, strict.late_by, strict.judged_due_at) == (True, timedelta(days=1), contractual)

    still_open = verdict(deadline, met_at=None, now=agreed + MINUTE, accepts_stops=True)
    assert (still_open.is_met, still_open.is_late, still_open.late_by) == (False, True, MINUTE)
    assert not verdict(deadline, met_at=None, now=agreed, accepts_stops=True).is_late


def test_what_waits_is_never_late(china):
    _, waiting, _ = standard(china, None)
    said = verdict(waiting, met_at=None, now=NOW, accepts_stops=True)
    assert (said.is_late, said.judged_due_at, said.late_by) == (False, None, timedelta(0))


def test_every_kind_of_entry_speaks_both_languages(china):
    deadline = one(china, local("2026-12-25T10:00"), stop("2026-12-28T09:00", "2026-12-28T18:00"), amount=5)
    kinds = Counter(entry.kind for entry in deadline.ledger)
    assert set(kinds) == set(LedgerKind)
    for entry in deadline.ledger:
        for language in ("en", "zh"):
            assert "{" not in entry.reason.text(language)
