"""Reminders before and the escalation after a due instant: each at its own instant, none left out."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.chain import (
    LONGEST_DISTANCE,
    AlarmKind,
    AlarmUnit,
    Chain,
    Distance,
    EscalationStep,
    Recipient,
    alarms,
    chain_from_document,
    standard_chain,
)
from eightd.domain.clock.profile import STANDARD, MilestoneSpec, Profile, StartEvent, Unit, from_document
from eightd.domain.errors import ImplausibleError, MalformedError
from tests.domain.clock import published

SHANGHAI, PRAGUE = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Prague")
CHINA, CZECH = published.china_of(2024, 2025, 2026), published.czech()
OWNER, LEAD, MANAGER = Recipient.OWNER, Recipient.LEAD, Recipient.QUALITY_MANAGER
LONG_AGO = datetime(2023, 1, 2, tzinfo=UTC)


def hours(amount):
    return Distance(amount, AlarmUnit.HOURS)


def days(amount):
    return Distance(amount, AlarmUnit.WORKING_DAYS)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def rung(chain, due, *, calendar=CHINA, zone=SHANGHAI, started=LONG_AGO):
    """Return (kind, plant-local minute, to) of every alarm, and check that they are numbered."""
    found = alarms(chain, at(due, zone), calendar=calendar, zone=zone, started_at=started)
    assert [one.step for one in found] == list(range(len(found)))
    assert all(one.at.tzinfo is UTC for one in found)
    return [(one.kind.value, one.at.astimezone(zone).isoformat()[:16], one.to) for one in found]


def instants(chain, due, **given):
    return [local for _, local, _ in rung(chain, due, **given)]


# ---------------------------------------------------------------- tables


def test_the_standard_chain_of_hours():
    assert rung(STANDARD.milestones[0].alarm_chain, "2026-03-13T16:40") == [
        ("reminder", "2026-03-13T08:40", (OWNER,)),
        ("reminder", "2026-03-13T14:40", (OWNER,)),
        ("due", "2026-03-13T16:40", (OWNER,)),
        ("overdue", "2026-03-13T20:40", (LEAD, OWNER)),
        ("overdue", "2026-03-14T16:40", (LEAD, OWNER, MANAGER)),  # a Saturday: hours know no days off
    ]


def test_the_standard_chain_of_days():
    assert rung(STANDARD.milestones[1].alarm_chain, "2026-03-17T17:30") == [
        ("reminder", "2026-03-16T17:30", (OWNER,)),
        ("reminder", "2026-03-17T15:30", (OWNER,)),
        ("due", "2026-03-17T17:30", (OWNER,)),
        ("overdue", "2026-03-18T17:30", (LEAD, OWNER)),
        ("overdue", "2026-03-19T17:30", (LEAD, OWNER, MANAGER)),
    ]
    assert standard_chain(hourly=False) is STANDARD.milestones[2].alarm_chain


# Due at 17:30 on; reminder two and one working days before; alarm one and three working days after.
IN_CHINA = [
    ("2026-03-12", "2026-03-10", "2026-03-11", "2026-03-13", "2026-03-17"),
    ("2026-03-16", "2026-03-12", "2026-03-13", "2026-03-17", "2026-03-19"),  # a Monday: over the weekend
    (
        "2026-03-14",
        "2026-03-12",
        "2026-03-13",
        "2026-03-16",
        "2026-03-18",
    ),  # due on a Saturday (calendar days)
    ("2026-03-15", "2026-03-12", "2026-03-13", "2026-03-16", "2026-03-18"),
    (
        "2024-02-19",
        "2024-02-09",
        "2024-02-18",
        "2024-02-20",
        "2024-02-22",
    ),  # the moved Sunday, then eight off
    ("2024-02-09", "2024-02-07", "2024-02-08", "2024-02-18", "2024-02-20"),
    ("2024-10-08", "2024-09-29", "2024-09-30", "2024-10-09", "2024-10-11"),
    ("2025-02-05", "2025-01-26", "2025-01-27", "2025-02-06", "2025-02-08"),  # alarm on a moved Saturday
    ("2025-10-09", "2025-09-29", "2025-09-30", "2025-10-10", "2025-10-13"),
    ("2026-02-24", "2026-02-13", "2026-02-14", "2026-02-25", "2026-02-27"),
    ("2026-02-18", "2026-02-13", "2026-02-14", "2026-02-24", "2026-02-26"),  # due within the festival
    ("2026-02-14", "2026-02-12", "2026-02-13", "2026-02-24", "2026-02-26"),
    ("2025-01-02", "2024-12-30", "2024-12-31", "2025-01-03", "2025-01-07"),  # over the year's end
    ("2026-01-04", "2025-12-30", "2025-12-31", "2026-01-05", "2026-01-07"),
    ("2026-12-31", "2026-12-29", "2026-12-30", "2027-01-01", "2027-01-05"),  # no table of 2027 yet
]


@pytest.mark.parametrize(("due", "two_before", "one_before", "one_after", "three_after"), IN_CHINA)
def test_working_days_before_and_after(due, two_before, one_before, one_after, three_after):
    chain = Chain(
        (days(1), days(2)), (EscalationStep(days(3), (MANAGER,)), EscalationStep(days(1), (OWNER,)))
    )
    assert instants(chain, f"{due}T17:30") == [
        f"{day}T17:30" for day in (two_before, one_before, due, one_after, three_after)
    ]


# Due in Brno; reminder 24 hours and one working day before; alarm 24 hours and one working day after.
IN_BRNO = [
    # the night to 29 March lasts an hour less: hours are hours, working days keep the time of day
    ("2026-03-30T17:30", "2026-03-29T17:30", "2026-03-27T17:30", "2026-03-31T17:30", "2026-03-31T17:30"),
    ("2026-03-29T17:30", "2026-03-28T16:30", "2026-03-27T17:30", "2026-03-30T17:30", "2026-03-30T17:30"),
    ("2026-03-28T17:30", "2026-03-27T17:30", "2026-03-27T17:30", "2026-03-29T18:30", "2026-03-30T17:30"),
    # Easter
    ("2026-04-02T17:30", "2026-04-01T17:30", "2026-04-01T17:30", "2026-04-03T17:30", "2026-04-07T17:30"),
    # the night to 25 October lasts an hour more; 28 October is a holiday
    ("2026-10-25T17:30", "2026-10-24T18:30", "2026-10-23T17:30", "2026-10-26T17:30", "2026-10-26T17:30"),
    ("2026-10-24T17:30", "2026-10-23T17:30", "2026-10-23T17:30", "2026-10-25T16:30", "2026-10-26T17:30"),
    ("2026-10-27T17:30", "2026-10-26T17:30", "2026-10-26T17:30", "2026-10-28T17:30", "2026-10-29T17:30"),
    # New Year
    ("2025-12-31T17:30", "2025-12-30T17:30", "2025-12-30T17:30", "2026-01-01T17:30", "2026-01-02T17:30"),
]


@pytest.mark.parametrize(("due", "hours_before", "day_before", "hours_after", "day_after"), IN_BRNO)
def test_where_clocks_are_set_forward_and_back(due, hours_before, day_before, hours_after, day_after):
    for before, after, expected in (
        (hours(24), hours(24), [hours_before, due, hours_after]),
        (days(1), days(1), [day_before, due, day_after]),
    ):
        chain = Chain((before,), (EscalationStep(after, (OWNER,)),))
        assert instants(chain, due, calendar=CZECH, zone=PRAGUE) == expected


def test_a_time_of_day_that_clocks_skip_or_show_twice():
    every_day = WorkingCalendar("X", "1", weekend=frozenset(), official_years=frozenset({2026}))
    chain = Chain((days(1),), (EscalationStep(days(1), (OWNER,)),))
    around = {"calendar": every_day, "zone": PRAGUE}
    assert instants(chain, "2026-03-28T02:30", **around)[-1] == "2026-03-29T03:30"
    assert instants(chain, "2026-03-30T02:30", **around)[0] == "2026-03-29T03:30"
    found = alarms(chain, at("2026-10-24T02:30", PRAGUE), started_at=LONG_AGO, **around)
    assert found[-1].at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first of the two
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    found = alarms(chain, second, started_at=LONG_AGO, **around)
    assert [one.at.astimezone(PRAGUE).isoformat()[:16] for one in found] == [
        "2026-10-24T02:30",
        "2026-10-25T02:30",
        "2026-10-26T02:30",
    ]


def test_seconds_are_kept():
    chain = Chain((days(1),), (EscalationStep(days(1), (OWNER,)),))
    found = alarms(
        chain, at("2026-03-12T16:40:31.000007"), calendar=CHINA, zone=SHANGHAI, started_at=LONG_AGO
    )
    assert [one.at for one in found] == [at(f"2026-03-{day}T16:40:31.000007") for day in (11, 12, 13)]


# ---------------------------------------------------------------- what is left out, what becomes one


def test_a_reminder_at_or_before_the_start_is_left_out():
    chain = Chain((hours(24), hours(8), hours(2)))
    due = at("2026-03-13T16:40")
    for started, expected in (
        (
            due - timedelta(hours=24, microseconds=1),
            ["2026-03-12T16:40", "2026-03-13T08:40", "2026-03-13T14:40"],
        ),
        (due - timedelta(hours=24), ["2026-03-13T08:40", "2026-03-13T14:40"]),
        (due - timedelta(hours=2, minutes=1), ["2026-03-13T14:40"]),
        (due - timedelta(hours=2), []),
        (due - timedelta(hours=1), []),
        (due, []),
    ):
        found = instants(chain, "2026-03-13T16:40", started=started)
        assert found == [*expected, "2026-03-13T16:40"], started


def test_alarms_of_the_same_instant_are_one_and_go_to_everybody_named():
    chain = Chain(
        (days(1), hours(24), hours(24)),
        (
            EscalationStep(hours(24), (OWNER, OWNER)),
            EscalationStep(days(1), (MANAGER, LEAD)),
            EscalationStep(hours(48), (LEAD,)),
        ),
    )
    assert rung(chain, "2026-03-11T17:30") == [
        ("reminder", "2026-03-10T17:30", (OWNER,)),
        ("due", "2026-03-11T17:30", (OWNER,)),
        ("overdue", "2026-03-12T17:30", (LEAD, OWNER, MANAGER)),
        ("overdue", "2026-03-13T17:30", (LEAD,)),
    ]


def test_an_empty_chain_still_rings_when_it_is_due():
    assert rung(Chain(), "2026-03-11T17:30") == [("due", "2026-03-11T17:30", (OWNER,))]


def test_a_plant_that_hardly_works_is_still_told():
    never = WorkingCalendar("never", "1", weekend=frozenset(range(7)))
    chain = Chain((days(1),), (EscalationStep(days(60), (MANAGER,)),))
    found = alarms(chain, at("2026-03-11T17:30"), calendar=never, zone=SHANGHAI, started_at=LONG_AGO)
    assert [one.kind for one in found] == [AlarmKind.REMINDER, AlarmKind.DUE, AlarmKind.OVERDUE]
    assert found[-1].at - found[1].at == timedelta(days=400)


def test_instants_without_a_zone_are_refused():
    naive = datetime(2026, 3, 12, 10)  # noqa: DTZ001
    for due, started in ((naive, LONG_AGO), (at("2026-03-12T10:00"), naive)):
        with pytest.raises(ImplausibleError, match="needs a zone"):
            alarms(Chain(), due, calendar=CHINA, zone=SHANGHAI, started_at=started)


# ---------------------------------------------------------------- plausible, and data


@pytest.mark.parametrize("unit", list(AlarmUnit))
def test_a_distance_has_its_limits(unit):
    longest = LONGEST_DISTANCE[unit]
    assert Distance(1, unit).amount == 1
    assert Distance(longest, unit).amount == longest
    for wrong in (0, -1, longest + 1):
        with pytest.raises(ImplausibleError, match=f"between 1 and {longest}"):
            Distance(wrong, unit)


def test_an_alarm_goes_to_somebody():
    with pytest.raises(ImplausibleError, match="somebody"):
        EscalationStep(hours(1), ())


def test_a_chain_has_its_limits():
    ten = tuple(hours(amount) for amount in range(1, 11))
    assert len(Chain(ten, tuple(EscalationStep(one, (OWNER,)) for one in ten)).reminders) == 10
    with pytest.raises(ImplausibleError, match="At most 10"):
        Chain((*ten, hours(11)))
    with pytest.raises(ImplausibleError, match="At most 10"):
        Chain((), tuple(EscalationStep(one, (OWNER,)) for one in (*ten, hours(11))))


CHAIN = Chain(
    (days(2), hours(3)), (EscalationStep(days(1), (OWNER, LEAD)), EscalationStep(hours(72), (MANAGER,)))
)


@pytest.mark.parametrize("chain", [Chain(), CHAIN, standard_chain(hourly=True), standard_chain(hourly=False)])
def test_a_document_comes_back_as_the_same_chain(chain):
    assert chain_from_document(json.loads(json.dumps(chain.as_document())), "chain") == chain


def test_a_profile_keeps_its_milestones_chains():
    own = MilestoneSpec("own", 3, Unit.WORKING_DAYS, StartEvent.RECEIVED, True, chain=CHAIN)
    silent = MilestoneSpec("silent", 3, Unit.CLOCK_HOURS, StartEvent.RECEIVED, True, chain=Chain())
    usual = MilestoneSpec("usual", 3, Unit.CLOCK_HOURS, StartEvent.RECEIVED, True)
    assert "chain" not in usual.as_document()
    read = from_document(json.loads(json.dumps(Profile("p", 1, (own, silent, usual)).as_document())))
    assert [spec.chain for spec in read.milestones] == [CHAIN, Chain(), None]
    assert [spec.alarm_chain for spec in read.milestones] == [CHAIN, Chain(), standard_chain(hourly=True)]


def test_a_chain_in_a_profile_may_be_null():
    milestone = {"name": "x", "amount": 2, "unit": "working_days", "starts_at": "received", "stoppable": True}
    read = from_document({"name": "p", "version": 1, "milestones": [{**milestone, "chain": None}]})
    assert read.milestones[0].chain is None


STEP = {"amount": 1, "unit": "hours", "to": ["owner"]}


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        ([], "chain: expected"),
        ({"reminders": []}, "chain: “escalation” is missing"),
        ({"reminders": {}, "escalation": []}, "chain.reminders: expected a list"),
        ({"reminders": [], "escalation": {}}, "chain.escalation: expected a list"),
        ({"reminders": [{"amount": 1}], "escalation": []}, "chain.reminders[0]: “unit” is missing"),
        ({"reminders": [{"amount": "1", "unit": "hours"}], "escalation": []}, "chain.reminders[0].amount:"),
        (
            {"reminders": [{"amount": 1, "unit": "weeks"}], "escalation": []},
            "chain.reminders[0].unit: must be",
        ),
        (
            {"reminders": [], "escalation": [STEP, {**STEP, "to": "owner"}]},
            "chain.escalation[1].to: expected a",
        ),
        (
            {"reminders": [], "escalation": [{**STEP, "to": ["boss"]}]},
            "chain.escalation[0].to: must be one of",
        ),
        ({"reminders": [], "escalation": [{**STEP, "unit": 3}]}, "chain.escalation[0].unit:"),
        ({"reminders": [], "escalation": [{**STEP, "at": 3}]}, "unknown key 'at'"),
    ],
)
def test_a_malformed_chain_is_told_with_its_place(chain, said):
    with pytest.raises(MalformedError) as caught:
        chain_from_document(chain, "chain")
    assert said in str(caught.value)


def test_an_implausible_chain_in_a_document_is_refused():
    for wrong in (
        {"reminders": [{"amount": 721, "unit": "hours"}], "escalation": []},
        {"reminders": [], "escalation": [{**STEP, "to": []}]},
    ):
        with pytest.raises(ImplausibleError):
            chain_from_document(wrong, "chain")
