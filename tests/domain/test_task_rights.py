"""Who may change, finish and verify an action."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from eightd.domain.authority import Allowed, RefusalKind, Refused, may_on_task
from eightd.domain.complaint import DisciplineCode, Role, Stage, Tier
from eightd.domain.tasks import TaskSnapshot, TaskState
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot, DisciplineSnapshot

A, D5 = Action, DisciplineCode.D5
OWNER, LEADER, ASSIGNED, OTHER, DONE_BY = 1, 2, 3, 4, 5
CASE = ComplaintSnapshot(
    id=1, plant_id=1, customer_id=1, stage=Stage.ANALYSING, tier=Tier.MAJOR, version=1,
    received_at=datetime(2026, 3, 12, tzinfo=UTC), assigned={Role.TE: ASSIGNED, Role.PQE: 9},
    disciplines={D5: DisciplineSnapshot(D5, owner_id=LEADER)},
)  # fmt: skip
OPEN = TaskSnapshot(D5, TaskState.OPEN, owner_id=OWNER)
DONE = TaskSnapshot(D5, TaskState.DONE, owner_id=OWNER, done_by_id=DONE_BY)


def person(who, *roles, plants=frozenset({1}), deputy_for=()):
    return Actor(who, frozenset(roles), plants, None, frozenset(deputy_for))


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (person(OWNER, Role.PRODUCTION), True),
        (person(LEADER, Role.PIE), True),
        (person(ASSIGNED, Role.TE), True),
        (person(OTHER, Role.PIE, deputy_for={OWNER}), True),
        (person(OTHER, Role.PIE, deputy_for={ASSIGNED}), True),
        (person(OTHER, Role.CQE), True),
        (person(OTHER, Role.QUALITY_MANAGER), True),
        (person(OTHER, Role.PIE), False),
        (person(OWNER, Role.AUDITOR), False),
    ],
)
def test_finishing_is_for_its_owner_the_team_and_the_reviewers(actor, allowed):
    outcome = may_on_task(actor, A.FINISH_TASK, CASE, OPEN)
    assert isinstance(outcome, Allowed) is allowed
    if not allowed:
        assert outcome.kind is RefusalKind.ROLE


def test_a_deputy_finishes_in_the_owners_place():
    outcome = may_on_task(person(OTHER, Role.PIE, deputy_for={OWNER}), A.FINISH_TASK, CASE, OPEN)
    assert outcome.on_behalf_of == OWNER
    assert may_on_task(person(OWNER, Role.PIE), A.FINISH_TASK, CASE, OPEN).on_behalf_of is None


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (person(OTHER, Role.PQE), True),
        (person(OTHER, Role.CQE), True),
        (person(OTHER, Role.PIE), False),
        (person(DONE_BY, Role.PQE), False),
        (person(DONE_BY, Role.QUALITY_MANAGER), False),
    ],
)
def test_a_pqe_or_reviewer_verifies_but_not_the_own_report(actor, allowed):
    assert isinstance(may_on_task(actor, A.VERIFY_TASK, CASE, DONE), Allowed) is allowed


@pytest.mark.parametrize("action", [A.CHANGE_TASK, A.FINISH_TASK, A.VERIFY_TASK])
@pytest.mark.parametrize("state", TaskState)
def test_the_state_decides_what_may_be_done(action, state):
    wanted = {TaskState.DONE, TaskState.VERIFIED} if action is A.VERIFY_TASK else {TaskState.OPEN}
    outcome = may_on_task(person(OTHER, Role.CQE), action, CASE, replace(OPEN, state=state))
    if state in wanted:
        assert isinstance(outcome, Allowed)
    else:
        assert isinstance(outcome, Refused)
        assert outcome.kind is RefusalKind.STATE


@pytest.mark.parametrize(("stage", "allowed"), [(Stage.CLOSED, True), (Stage.CANCELLED, False)])
def test_what_was_promised_outlives_the_case_but_not_its_cancellation(stage, allowed):
    outcome = may_on_task(person(OTHER, Role.CQE), A.FINISH_TASK, replace(CASE, stage=stage), OPEN)
    assert isinstance(outcome, Allowed) is allowed


def test_what_is_foreign_is_hidden():
    outcome = may_on_task(person(OWNER, Role.CQE, plants=frozenset({2})), A.FINISH_TASK, CASE, OPEN)
    assert outcome.hidden
