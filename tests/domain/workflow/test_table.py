"""The tables themselves: complete, closed, and obeyed for every stage, action and role (procedure 6)."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage
from eightd.domain.events import TAGS
from eightd.domain.workflow import table
from eightd.domain.workflow.actions import (
    ACTION_LABELS,
    COMPLAINT_ACTIONS,
    DISCIPLINE_ACTIONS,
    PLANT_ONLY_ACTIONS,
    Action,
)
from eightd.domain.workflow.decide import decide
from eightd.domain.workflow.labels import DISCIPLINE_LABELS, ROLE_LABELS, STAGE_LABELS, STATE_LABELS
from eightd.domain.workflow.outcome import Allowed, RefusalKind, Refused
from eightd.domain.workflow.printed import transitions_page
from tests.domain.workflow.course import NOW, PEOPLE, complaint, person, with_discipline

COURSE = [
    (Stage.REGISTERED, Action.CONFIRM_OURS, Stage.ANALYSING),
    (Stage.REGISTERED, Action.CONFIRM_NOT_OURS, Stage.NOT_OURS),
    (Stage.NOT_OURS, Action.APPROVE_NOT_OURS, Stage.NOT_OURS_APPROVED),
    (Stage.NOT_OURS, Action.CONFIRM_OURS, Stage.ANALYSING),
    (Stage.NOT_OURS_APPROVED, Action.REPLY_NOT_OURS, Stage.NEGOTIATING),
    (Stage.NOT_OURS_APPROVED, Action.RETURN_NOT_OURS, Stage.NOT_OURS),
    (Stage.NEGOTIATING, Action.RECORD_NEGOTIATION, Stage.NEGOTIATING),
    (Stage.NEGOTIATING, Action.ACCEPT_NOT_OURS, Stage.CLOSED),
    (Stage.NEGOTIATING, Action.CONFIRM_OURS, Stage.ANALYSING),
    (Stage.ANALYSING, Action.SEND_FINAL_REPORT, Stage.REPORTED),
    (Stage.ANALYSING, Action.CONFIRM_NOT_OURS, Stage.NOT_OURS),
    (Stage.REPORTED, Action.RECORD_VERDICT_ACCEPTED, Stage.WATCHING),
    (Stage.REPORTED, Action.RECORD_VERDICT_REJECTED, Stage.ANALYSING),
    (Stage.WATCHING, Action.RECORD_VERDICT_REJECTED, Stage.ANALYSING),
    (Stage.WATCHING, Action.CLOSE, Stage.CLOSED),
    (Stage.WATCHING, Action.REOPEN, Stage.ANALYSING),
    (Stage.CLOSED, Action.REOPEN, Stage.ANALYSING),
    (Stage.CANCELLED, Action.REOPEN, Stage.REGISTERED),
]


@pytest.mark.parametrize(("stage", "action", "to"), COURSE)
def test_the_course_of_the_procedure_is_in_the_table(stage, action, to):
    assert table.TRANSITIONS[stage, action].to_stage is to


def test_a_case_can_be_cancelled_from_every_open_stage_and_only_with_a_reason():
    for stage in Stage:
        row = table.TRANSITIONS.get((stage, Action.CANCEL))
        assert (row is not None) is stage.is_open
        assert row is None or (row.to_stage is Stage.CANCELLED and row.reason_required)


@pytest.mark.parametrize("action", [Action.CANCEL, Action.REOPEN, Action.RECORD_VERDICT_REJECTED])
def test_cancelling_reopening_and_rejection_always_carry_a_reason(action):
    rows = [row for (_, listed), row in table.TRANSITIONS.items() if listed is action]
    assert rows
    assert all(row.reason_required for row in rows)


def test_no_stage_and_action_is_listed_twice():
    pairs = [(stage, row.action) for row in table._ROWS for stage in row.stages]
    assert len(pairs) == len(set(pairs)) == len(table.TRANSITIONS)


def test_every_action_has_a_place_a_label_and_its_audit_entries():
    assert {action for _, action in table.TRANSITIONS} == COMPLAINT_ACTIONS
    assert {action for _, action in table.DISCIPLINE_TRANSITIONS} == DISCIPLINE_ACTIONS
    assert set(table.PLANT_ROLES) >= PLANT_ONLY_ACTIONS
    assert set(TAGS) == set(ACTION_LABELS) == set(Action)
    assert all(action.label is ACTION_LABELS[action] for action in Action)


def test_everything_has_a_name():
    assert set(ROLE_LABELS) == set(Role)
    assert set(STAGE_LABELS) == set(Stage)
    assert set(STATE_LABELS) == set(DisciplineState)
    assert set(DISCIPLINE_LABELS) == set(DisciplineCode)


def test_the_auditor_and_the_admin_change_nothing():
    idle = {Role.AUDITOR, Role.ADMIN}
    for (_, action), row in table.TRANSITIONS.items():
        assert not row.roles & idle or action in {Action.VIEW, Action.VIEW_AUDIT}


def test_the_quality_manager_may_do_what_a_cqe_may():
    for roles in [row.roles for row in table.TRANSITIONS.values()] + list(table.PLANT_ROLES.values()):
        assert Role.CQE not in roles or Role.QUALITY_MANAGER in roles


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_action_and_role_is_decided_by_a_row_or_refused(stage):
    snapshot = complaint(stage, assigned={})
    for action, role in itertools.product(sorted(COMPLAINT_ACTIONS), Role):
        row = table.TRANSITIONS.get((stage, action))
        outcome = decide(snapshot, action, person(1, role), reason="because", now=NOW)
        if row is None or role not in row.roles:
            assert isinstance(outcome, Refused), (stage, action, role)
            assert outcome.kind in {RefusalKind.HIDDEN, RefusalKind.ROLE, RefusalKind.STATE}
            assert (outcome.kind is RefusalKind.STATE) is (role in table.ROLES_OF[action] and row is None)
        elif isinstance(outcome, Refused):
            assert outcome.kind is RefusalKind.GATE, (stage, action, role)
            assert row.gates
        else:
            assert outcome.to_stage is row.to_stage


@pytest.mark.parametrize("code", DisciplineCode)
def test_every_state_stage_action_and_role_of_a_discipline_is_decided_by_a_row_or_refused(code):
    people = {role: PEOPLE[role] for role in Role}
    for stage, state, action in itertools.product(Stage, DisciplineState, sorted(DISCIPLINE_ACTIONS)):
        snapshot = with_discipline(complaint(stage), code, state=state)
        row = table.DISCIPLINE_TRANSITIONS.get((state, action))
        listed = row is not None and code in table.WORKABLE.get(stage, ())
        for role, actor in people.items():
            outcome = decide(snapshot, action, actor, discipline=code, reason="because", now=NOW)
            if isinstance(outcome, Allowed):
                assert listed, (stage, state, action, role)
                assert row is not None
                assert outcome.to_state is row.to_state
                assert outcome.to_stage is stage
            elif not listed:
                assert outcome.kind in {RefusalKind.HIDDEN, RefusalKind.ROLE, RefusalKind.STATE}
            if role in {Role.AUDITOR, Role.ADMIN, Role.FINANCE, Role.WAREHOUSE}:
                assert isinstance(outcome, Refused)


def test_the_printed_tables_are_those_of_the_code():
    page = Path(__file__).parents[3] / "docs" / "transitions.md"
    assert page.read_text(encoding="utf-8") == transitions_page()


def test_the_printed_tables_name_every_row():
    page = transitions_page()
    rows = [row for row in page.splitlines() if row.startswith("| ") and "`" in row]
    assert len(rows) == (
        len(table.TRANSITIONS)
        - 3 * len(Stage)  # reading is not printed per stage
        + len(table.DISCIPLINE_TRANSITIONS)
        + len(table.WORKABLE)
        + len(table.PLANT_ROLES)
    )
