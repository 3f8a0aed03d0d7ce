"""How long a closed case is watched, and what binds complaints together in the rules."""

from dataclasses import replace
from datetime import date

import pytest

from eightd.domain.afterwards import Watch, with_lots
from eightd.domain.complaint import DisciplineCode, Role, Stage
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import Allowed, Refused, decide
from tests.domain.workflow.course import NOW, PEOPLE, complaint

DAY = date(2026, 3, 12)
LATER = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("watch", "on", "live"),
    [
        (Watch(DAY, until_on=LATER), LATER, True),
        (Watch(DAY, until_on=LATER), date(2026, 6, 11), False),
        (Watch(DAY), LATER, True),
        (Watch(DAY, until_on=LATER, ended_on=DAY), DAY, False),
        (Watch(DAY, until_on=DAY, lots=2, seen=("A",)), LATER, True),
        (Watch(DAY, lots=2, seen=("A", "B")), DAY, False),
    ],
)
def test_a_watch_lives_until_its_day_or_its_lots_are_over(watch, on, live):
    assert watch.is_live(on) is live


def test_lots_count_once():
    assert with_lots(("A",), (" B ", "A", "")) == ("A", "B")


def refused(snapshot, action, **others):
    outcome = decide(snapshot, action, PEOPLE[Role.CQE], reason="because", now=NOW, **others)
    return " ".join(one.text("en") for one in outcome.messages) if isinstance(outcome, Refused) else ""


def test_a_follower_is_worked_on_in_its_leader_and_a_leader_follows_nobody():
    case = complaint(stage=Stage.ANALYSING, ours=True)
    follower = replace(case, answered_by="CC-2026-00001")
    leader = replace(case, leads=True)
    assert refused(case, Action.MERGE) == ""
    assert "an 8D of its own" in refused(case, Action.UNMERGE)
    assert refused(follower, Action.UNMERGE) == ""
    for action in (Action.MERGE, Action.CONFIRM_NOT_OURS):
        assert "CC-2026-00001" in refused(follower, action)
    for action in (Action.MERGE, Action.CANCEL, Action.CONFIRM_NOT_OURS):
        assert "answers other complaints too" in refused(leader, action)
    said = refused(follower, Action.SAVE_DRAFT, discipline=DisciplineCode.D4)
    assert said == "D4 is worked on in CC-2026-00001: this complaint is answered with its 8D"
    assert isinstance(decide(follower, Action.CANCEL, PEOPLE[Role.CQE], reason="x", now=NOW), Allowed)


def test_an_explanation_is_approved_with_its_evidence_only():
    case = complaint(stage=Stage.NOT_OURS, ours=False, has_not_ours_explanation=True)
    manager = PEOPLE[Role.QUALITY_MANAGER]
    outcome = decide(case, Action.APPROVE_NOT_OURS, manager, now=NOW)
    assert isinstance(outcome, Refused)
    assert "evidence" in outcome.message.text("en")
    proven = replace(case, explanation_proven=True)
    assert isinstance(decide(proven, Action.APPROVE_NOT_OURS, manager, now=NOW), Allowed)
