"""What holds of every chain of alarms, whatever the calendar, the zone and the due instant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.clock.chain import (
    LONGEST_DISTANCE,
    MOST_STEPS,
    AlarmKind,
    AlarmUnit,
    Chain,
    Distance,
    EscalationStep,
    Recipient,
    alarms,
    chain_from_document,
)
from tests.domain.clock.test_due_properties import ZONES, calendars, moments

distances = st.sampled_from(AlarmUnit).flatmap(
    lambda unit: st.builds(
        Distance, st.integers(1, 5) | st.integers(1, LONGEST_DISTANCE[unit]), st.just(unit)
    )
)
steps = st.builds(
    EscalationStep, distances, st.lists(st.sampled_from(Recipient), min_size=1, max_size=4).map(tuple)
)
chains = st.builds(
    Chain,
    st.lists(distances, max_size=MOST_STEPS).map(tuple),
    st.lists(steps, max_size=MOST_STEPS).map(tuple),
)
zones = st.sampled_from([*ZONES, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")])
lengths = st.timedeltas(timedelta(0), timedelta(days=90))
ORDER = [AlarmKind.REMINDER, AlarmKind.DUE, AlarmKind.OVERDUE]


@given(chains, moments, lengths, calendars, zones)
def test_alarms_are_in_order_at_distinct_instants_and_ring_once_when_due(chain, due, length, calendar, zone):
    started = due - length
    found = alarms(chain, due, calendar=calendar, zone=zone, started_at=started)
    assert [one.at for one in found] == sorted({one.at for one in found})
    assert [one.step for one in found] == list(range(len(found)))
    kinds = [one.kind for one in found]
    assert kinds == sorted(kinds, key=ORDER.index)
    assert [one.at for one in found if one.kind is AlarmKind.DUE] == [due]
    for one in found:
        assert len(set(one.to)) == len(one.to) > 0
        assert one.at.tzinfo is UTC
        if one.kind is AlarmKind.REMINDER:
            assert started < one.at < due
        if one.kind is AlarmKind.OVERDUE:
            assert one.at > due
    assert kinds.count(AlarmKind.REMINDER) <= len(chain.reminders)


@given(chains, moments, calendars, zones)
def test_nobody_named_is_left_out(chain, due, calendar, zone):
    """Every alarm after the due instant that the chain names is rung, to everybody it names."""
    found = alarms(chain, due, calendar=calendar, zone=zone, started_at=due - timedelta(days=1000))
    late = [one for one in found if one.kind is AlarmKind.OVERDUE]
    assert bool(late) is bool(chain.escalation)
    assert {name for one in late for name in one.to} == {
        name for step in chain.escalation for name in step.to
    }
    assert len([one for one in found if one.kind is AlarmKind.REMINDER]) >= bool(chain.reminders)


@given(chains, moments, lengths, calendars, zones)
def test_the_order_in_a_profile_does_not_matter(chain, due, length, calendar, zone):
    given_as = {"calendar": calendar, "zone": zone, "started_at": due - length}
    turned = Chain(chain.reminders[::-1], chain.escalation[::-1])
    assert alarms(chain, due, **given_as) == alarms(turned, due, **given_as)


@given(st.integers(1, 60), moments, calendars, zones)
def test_working_days_away_are_counted_one_by_one(amount, due, calendar, zone):
    """As many working days lie between the alarm and the due day, and the alarm's own is one."""
    distance = Distance(amount, AlarmUnit.WORKING_DAYS)
    before, at_once, after = alarms(
        Chain((distance,), (EscalationStep(distance, (Recipient.OWNER,)),)),
        due,
        calendar=calendar,
        zone=zone,
        started_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    due_on = at_once.at.astimezone(zone).date()
    for alarm, direction in ((before, -1), (after, 1)):
        on, day, counted = alarm.at.astimezone(zone).date(), due_on, 0
        while day != on:
            day += direction * timedelta(days=1)
            counted += calendar.day(day).working
        assert counted == amount
        assert calendar.day(on).working


@given(chains, moments, lengths, calendars, zones, lengths)
def test_a_later_start_only_leaves_reminders_out(chain, due, length, calendar, zone, later):
    early = alarms(chain, due, calendar=calendar, zone=zone, started_at=due - length - later)
    late = alarms(chain, due, calendar=calendar, zone=zone, started_at=due - length)
    kept = [(one.kind, one.at, one.to) for one in late]
    assert kept == [(one.kind, one.at, one.to) for one in early][len(early) - len(late) :]


@given(chains)
def test_every_chain_can_be_kept_as_data(chain):
    assert chain_from_document(chain.as_document(), "chain") == chain
