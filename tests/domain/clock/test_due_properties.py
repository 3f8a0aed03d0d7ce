"""What holds of every deadline, against a clock that is walked day by day."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from eightd.domain.clock.calendar import DayName, WorkingCalendar
from eightd.domain.clock.due import compute
from eightd.domain.clock.ledger import LedgerKind
from eightd.domain.clock.profile import MilestoneSpec, Profile, StartEvent, Unit
from eightd.domain.clock.stops import ClockStop, StopReason
from eightd.domain.clock.ticks import due_instants

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Prague", "America/New_York", "UTC")]
EARLY, LATE = datetime(2025, 12, 1), datetime(2027, 2, 1)  # noqa: DTZ001

instants = st.datetimes(EARLY, LATE, timezones=st.just(UTC))
quarter_hours = instants.map(lambda at: at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0))
moments = instants | quarter_hours
days = st.dates(EARLY.date(), LATE.date())
names = st.just(DayName("day", "日"))
calendars = st.builds(
    WorkingCalendar,
    name=st.just("X"),
    version=st.sampled_from("123"),
    weekend=st.sampled_from([frozenset(), frozenset({5, 6}), frozenset({6}), frozenset({4, 5})]),
    holidays=st.dictionaries(days, names, max_size=20),
    working_days=st.dictionaries(days, names, max_size=5),
    own_days_off=st.dictionaries(days.filter(lambda day: day.day % 2 == 0), names, max_size=5),
    own_days_on=st.dictionaries(days.filter(lambda day: day.day % 2), names, max_size=5),
    official_years=st.sampled_from([frozenset({2025, 2026}), frozenset({2025, 2026, 2027, 2028})]),
)


@st.composite
def clock_stops(draw):
    first = draw(moments)
    length = draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=20)))
    return ClockStop(first, None if length is None else first + length, draw(st.sampled_from(StopReason)))


@st.composite
def clocks(draw):
    spec = MilestoneSpec(
        "m", draw(st.integers(1, 12)), draw(st.sampled_from(Unit)), StartEvent.RECEIVED, draw(st.booleans())
    )
    return {
        "profile": Profile("p", 1, (spec,)),
        "starts": {StartEvent.RECEIVED: draw(moments)},
        "stops": draw(st.lists(clock_stops(), max_size=4)),
        "calendar": draw(calendars),
        "close_of_business": draw(st.sampled_from([time(17, 30), time(0, 0), time(2, 30), time(23, 59)])),
        "zone": draw(st.sampled_from(ZONES)),
        "sample_needed": None,
        "now": draw(moments),
    }


def walked(clock, stops):
    """The procedure's clock, read aloud: one plain day after the other."""
    (spec,) = clock["profile"].milestones
    started = clock["starts"][StartEvent.RECEIVED]
    zone, now = clock["zone"], clock["now"]
    day = started.astimezone(zone).date()
    left = spec.amount
    while True:
        day += timedelta(days=1)
        if spec.unit is Unit.WORKING_DAYS and not clock["calendar"].day(day).working:
            continue
        tick = datetime.combine(day, clock["close_of_business"], zone).astimezone(UTC)
        if any(stop.from_at <= tick < (now if stop.to_at is None else stop.to_at) for stop in stops):
            continue
        left -= 1
        if left == 0:
            return tick


@settings(deadline=None, max_examples=300)
@given(clocks())
def test_both_ways_of_computing_agree(clock):
    arguments = {key: clock[key] for key in clock if key not in {"profile", "starts", "stops"}}
    (deadline,) = compute(clock["profile"], clock["starts"], clock["stops"], **arguments)
    (quick,) = due_instants(clock["profile"], clock["starts"], clock["stops"], **arguments)
    assert quick == (deadline.contractual_due_at, deadline.due_at, deadline.provisional)


@settings(deadline=None, max_examples=300)
@given(clocks())
def test_days_are_those_of_the_plain_walk(clock):
    (spec,) = clock["profile"].milestones
    if spec.unit is Unit.CLOCK_HOURS:
        return
    (quick,) = due_instants(**clock)
    assert quick is not None
    assert quick.contractual_due_at == walked(clock, [])
    assert quick.due_at == walked(clock, clock["stops"] if spec.stoppable else [])


@settings(deadline=None, max_examples=300)
@given(clocks(), clock_stops())
def test_a_stop_never_brings_a_deadline_forward(clock, another):
    (before,) = due_instants(**clock)
    (after,) = due_instants(**{**clock, "stops": [*clock["stops"], another]})
    assert before is not None
    assert after is not None
    assert after.due_at >= before.due_at >= before.contractual_due_at == after.contractual_due_at


@settings(deadline=None, max_examples=300)
@given(clocks())
def test_the_ledger_adds_up(clock):
    (deadline,) = compute(**clock)
    spec = deadline.milestone
    assert deadline.ledger[0].kind is LedgerKind.START
    assert deadline.ledger[-1].kind is LedgerKind.DUE
    assert deadline.ledger[-1].at == deadline.due_at
    dates = [entry.on for entry in deadline.ledger if entry.kind is not LedgerKind.STOP]
    assert dates == sorted(dates)
    if spec.unit is Unit.CLOCK_HOURS:
        return
    ticks = [entry for entry in deadline.ledger if entry.kind is LedgerKind.TICK]
    assert [entry.count for entry in ticks] == list(range(1, spec.amount + 1))
    assert ticks[-1].at == deadline.due_at
    told = [
        entry.on
        for entry in deadline.ledger
        if entry.kind in {LedgerKind.TICK, LedgerKind.SKIPPED_DAY, LedgerKind.SKIPPED_TICK}
    ]
    assert deadline.started_at is not None
    first = deadline.started_at.astimezone(clock["zone"]).date()
    assert told == [first + timedelta(days=n + 1) for n in range(len(told))]


@settings(deadline=None, max_examples=200)
@given(clocks(), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_starting_later_is_never_due_earlier(clock, later):
    (before,) = due_instants(**clock)
    starts = {StartEvent.RECEIVED: clock["starts"][StartEvent.RECEIVED] + later}
    (after,) = due_instants(**{**clock, "starts": starts})
    assert before is not None
    assert after is not None
    assert after.due_at >= before.due_at
