"""The shipped examples are what they are called, in both languages."""

import json

import pytest

from eightd.domain.clock.examples import CALENDAR_30, EXAMPLES, FIVE_TEN, LONG_90, SHIPPED
from eightd.domain.clock.lines import shipped_profile
from eightd.domain.clock.met import ACCEPTANCES, MetBy
from eightd.domain.clock.profile import STANDARD, MilestoneSpec, Profile, StartEvent, Unit, from_document
from eightd.domain.errors import UnknownNameError


def test_the_examples_are_paced_as_they_are_asked_for():
    assert FIVE_TEN.pace.text("en") == "24 hours / 5 / 10 working days"
    assert FIVE_TEN.pace.text("zh") == "24 小时 / 5 / 10 个工作日"
    assert CALENDAR_30.pace.text("en") == "1 / 7 / 14 / 25 / 30 calendar days"
    assert LONG_90.pace.text("zh") == "2 / 14 / 60 / 90 个日历日"
    one = MilestoneSpec("x", 1, Unit.CALENDAR_DAYS, StartEvent.RECEIVED, stoppable=False)
    assert Profile("p", 1, (one,)).pace.text("en") == "1 calendar day"


@pytest.mark.parametrize("profile", SHIPPED, ids=lambda one: one.name)
def test_a_shipped_profile_can_be_kept_and_followed(profile):
    assert from_document(json.loads(json.dumps(profile.as_document()))) == profile
    assert shipped_profile(profile.name) is shipped_profile(profile.ref) is profile
    wanted = [spec.wants for spec in profile.milestones]
    assert wanted == sorted(wanted, key=list(MetBy).index)
    assert {MetBy.INITIAL_REPLY, MetBy.PRELIMINARY_ANALYSIS, MetBy.FINAL_REPORT} <= set(wanted)
    for spec in profile.milestones:
        assert spec.disciplines
        assert spec.title.text("zh") != spec.title.text("en")
        if spec.wants in ACCEPTANCES:
            assert spec.wants.value[:2].upper() in spec.disciplines


def test_a_name_that_is_not_shipped_is_refused():
    assert STANDARD not in EXAMPLES
    with pytest.raises(UnknownNameError):
        shipped_profile("standard@2")
