"""Who may do what to a return: every stage, action and role is decided by the two tables, nothing else."""

from datetime import UTC, datetime

import pytest

from eightd.domain.complaint import Role, Stage, Tier
from eightd.domain.returns.course import RETURN_ACTIONS, RETURN_TRANSITIONS
from eightd.domain.returns.printed import returns_table
from eightd.domain.returns.rights import may_on_return
from eightd.domain.returns.stages import ReturnStage
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed, RefusalKind
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot
from eightd.domain.workflow.table import READERS, ROLES_OF, TRANSITIONS

COMPLAINT = ComplaintSnapshot(
    id=1, plant_id=1, customer_id=1, stage=Stage.ANALYSING, tier=Tier.GENERAL, version=1,
    received_at=datetime(2026, 3, 12, tzinfo=UTC),
)  # fmt: skip


def person(*roles, plants=frozenset({1}), customers=None):
    return Actor(7, frozenset(roles), frozenset(plants), customers)


@pytest.mark.parametrize("action", sorted(RETURN_ACTIONS))
def test_every_stage_and_role_is_decided_by_the_tables(action):
    assert (COMPLAINT.stage, action) in TRANSITIONS
    for stage in ReturnStage:
        for role in Role:
            outcome = may_on_return(person(role), action, COMPLAINT, stage)
            if role not in READERS:
                assert outcome.kind is RefusalKind.HIDDEN
            elif role not in ROLES_OF[action]:
                assert outcome.kind is RefusalKind.ROLE
            elif (stage, action) not in RETURN_TRANSITIONS:
                assert outcome.kind is RefusalKind.STATE
                assert "return" in outcome.message.text("en")
            else:
                assert isinstance(outcome, Allowed)


def test_what_is_hidden_of_the_complaint_is_hidden_of_its_returns():
    for stranger in (person(Role.CQE, plants={2}), person(Role.CQE, customers=frozenset({2}))):
        for action in RETURN_ACTIONS:
            assert may_on_return(stranger, action, COMPLAINT, ReturnStage.RECEIVED).hidden


def test_announcing_is_not_done_to_a_return():
    with pytest.raises(ValueError, match="not done to a return"):
        may_on_return(person(Role.SALES), Action.ANNOUNCE_RETURN, COMPLAINT, ReturnStage.ANNOUNCED)


def test_every_open_stage_can_be_left_and_no_ended_one():
    for stage in ReturnStage:
        leads = {to for (from_, _), to in RETURN_TRANSITIONS.items() if from_ is stage} - {stage}
        assert bool(leads) is stage.is_open


def test_the_course_is_printed_as_it_is(pytestconfig):
    assert returns_table() in (pytestconfig.rootpath / "docs" / "returns.md").read_text("utf-8")
