"""Profiles are plausible, versioned data."""

import json
from dataclasses import replace

import pytest

from eightd.domain.clock.chain import AlarmUnit as Span
from eightd.domain.clock.chain import Chain, Distance, EscalationStep, Recipient, standard_chain
from eightd.domain.clock.met import MetBy
from eightd.domain.clock.profile import STANDARD, MilestoneSpec, Profile, StartEvent, Unit, from_document
from eightd.domain.complaint import DisciplineCode
from eightd.domain.errors import ImplausibleError, MalformedError

VISIT = MilestoneSpec(
    "visit", 1, Unit.CALENDAR_DAYS, StartEvent.CONFIRMED, True, (DisciplineCode.D0,), title_zh="拜访"
)


def test_the_standard_is_the_procedures():
    assert STANDARD.ref == "standard@1"
    assert [(m.name, m.amount, m.unit, m.starts_at, m.stoppable) for m in STANDARD.milestones] == [
        ("initial_reply", 24, Unit.CLOCK_HOURS, StartEvent.RECEIVED, False),
        ("preliminary_analysis", 3, Unit.WORKING_DAYS, StartEvent.SAMPLE_RECEIVED, True),
        ("final_report", 7, Unit.WORKING_DAYS, StartEvent.SAMPLE_RECEIVED, True),
    ]
    assert STANDARD.accepts_stops


def test_titles():
    assert STANDARD.milestones[0].title.text("zh") == "初步回复"
    assert VISIT.title.text("en") == VISIT.title.text("zh") == "拜访"
    named = MilestoneSpec("{odd}", 1, Unit.CLOCK_HOURS, StartEvent.RECEIVED, False)
    assert named.title.text("en") == "{odd}"


def test_the_alarms_are_the_milestones_own_or_the_standard_ones_of_its_unit():
    assert [spec.alarm_chain for spec in STANDARD.milestones] == [
        standard_chain(hourly=True), standard_chain(hourly=False), standard_chain(hourly=False),
    ]  # fmt: skip
    own = Chain((Distance(4, Span.HOURS),))
    assert replace(VISIT, chain=own).alarm_chain is own


def test_only_an_own_title_is_the_profiles():
    assert STANDARD.milestones[0].own_title is None
    assert VISIT.own_title == VISIT.title
    untitled = MilestoneSpec("plan", 1, Unit.CLOCK_HOURS, StartEvent.RECEIVED, stoppable=False)
    assert untitled.own_title is not None
    assert untitled.own_title.text("en") == "plan"


def test_a_milestone_is_met_by_what_it_says_or_by_what_its_name_says():
    assert [spec.wants for spec in STANDARD.milestones] == [
        MetBy.INITIAL_REPLY, MetBy.PRELIMINARY_ANALYSIS, MetBy.FINAL_REPORT,
    ]  # fmt: skip
    assert VISIT.wants is MetBy.CLOSED
    assert replace(VISIT, met_by=MetBy.D5_ACCEPTED).wants is MetBy.D5_ACCEPTED
    assert replace(STANDARD.milestones[0], met_by=MetBy.D3_ACCEPTED).wants is MetBy.D3_ACCEPTED


def test_a_document_comes_back_as_the_same_profile():
    chain = Chain((Distance(4, Span.HOURS),), (EscalationStep(Distance(1, Span.HOURS), (Recipient.LEAD,)),))
    answered = replace(VISIT, name="plan", met_by=MetBy.D5_ACCEPTED, chain=chain)
    own = Profile("客户", 2, (VISIT, answered, STANDARD.milestones[1]), accepts_stops=False)
    for profile in (STANDARD, own):
        assert from_document(json.loads(json.dumps(profile.as_document()))) == profile


def test_a_short_document_is_enough():
    milestone = {"name": "x", "amount": 2, "unit": "working_days", "starts_at": "received", "stoppable": True}
    read = from_document({"name": "p", "version": 1, "milestones": [milestone]})
    assert read.milestones[0].disciplines == ()
    with pytest.raises(MalformedError, match=r"milestones\[0\].unit: must be one of clock_hours"):
        from_document({"name": "p", "version": 1, "milestones": [{**milestone, "unit": "weeks"}]})


@pytest.mark.parametrize(
    ("unit", "amount"),
    [
        (Unit.CLOCK_HOURS, 0),
        (Unit.CLOCK_HOURS, 43_801),
        (Unit.CALENDAR_DAYS, 1_826),
        (Unit.WORKING_DAYS, 1_251),
        (Unit.WORKING_DAYS, -1),
    ],
)
def test_an_implausible_amount_is_refused(unit, amount):
    with pytest.raises(ImplausibleError, match="Milestone x"):
        MilestoneSpec("x", amount, unit, StartEvent.RECEIVED, stoppable=True)


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "a@1"}, {"version": 0}, {"milestones": ()}, {"milestones": (VISIT, VISIT)}],
)
def test_an_implausible_profile_is_refused(wrong):
    with pytest.raises(ImplausibleError):
        Profile(**{"name": "p", "version": 1, "milestones": (VISIT,), **wrong})


@pytest.mark.parametrize("name", ["", "a@b"])
def test_a_milestone_needs_a_name(name):
    with pytest.raises(ImplausibleError):
        MilestoneSpec(name, 1, Unit.CLOCK_HOURS, StartEvent.RECEIVED, stoppable=True)
