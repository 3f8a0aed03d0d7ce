"""Who may do what: roles, plants, customers, owners, deputies, four eyes (procedure 1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eightd.domain.authority import PlantSubject, Scope, may, may_see, scope
from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage
from eightd.domain.workflow.actions import COMPLAINT_ACTIONS, DISCIPLINE_ACTIONS, PLANT_ONLY_ACTIONS, Action
from eightd.domain.workflow.outcome import Allowed, RefusalKind, Refused
from tests.domain.workflow.course import (
    ADMIN,
    AUDITOR,
    CQE,
    CUSTOMER,
    D1,
    D3,
    D4,
    D5,
    D6,
    D7,
    D8,
    DEPUTY,
    MANAGER,
    OTHER_CQE,
    PEOPLE,
    PIE,
    PLANT,
    PQE,
    PRODUCTION,
    RD,
    SALES,
    TE,
    WAREHOUSE,
    complaint,
    person,
    with_discipline,
)

ANALYSING = complaint(Stage.ANALYSING)


def kind(outcome):
    return None if isinstance(outcome, Allowed) else outcome.kind


# ---------------------------------------------------------------- seen or not


@pytest.mark.parametrize("action", sorted(set(Action)))
def test_a_foreign_plant_or_customer_does_not_exist(action):
    outsiders = (
        person(1, *Role, plants=frozenset({PLANT + 1})),
        person(1, *Role, plants=frozenset()),
        person(1, *Role, customers=frozenset({CUSTOMER + 1})),
        person(1, *Role, customers=frozenset()),
    )
    for outsider in outsiders:
        outcome = may(outsider, action, ANALYSING, discipline=D4)
        assert isinstance(outcome, Refused)
        assert outcome.hidden
        assert outcome.message.text("en") == "There is nothing here"


def test_a_user_limited_to_the_customer_sees_its_complaints():
    limited = replace(SALES, customers=frozenset({CUSTOMER}))
    assert isinstance(may(limited, Action.VIEW, ANALYSING), Allowed)
    assert may_see(limited, PLANT, CUSTOMER)
    assert not may_see(limited, PLANT, CUSTOMER + 1)
    assert not may_see(limited, PLANT + 1, CUSTOMER)
    assert may_see(SALES, PLANT, CUSTOMER + 1)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_everybody_of_the_plant_reads_its_complaints_but_the_admin(role):
    for stage in Stage:
        assert isinstance(may(PEOPLE[role], Action.VIEW, complaint(stage)), Allowed)
        assert kind(may(ADMIN, Action.VIEW, complaint(stage))) is RefusalKind.HIDDEN


def test_somebody_without_a_role_sees_nothing():
    assert kind(may(person(1), Action.VIEW, ANALYSING)) is RefusalKind.HIDDEN


def test_the_auditor_reads_what_is_released_and_the_record_but_no_drafts():
    assert isinstance(may(AUDITOR, Action.VIEW_AUDIT, ANALYSING), Allowed)
    assert kind(may(AUDITOR, Action.VIEW_DRAFTS, ANALYSING)) is RefusalKind.HIDDEN
    assert isinstance(may(PRODUCTION, Action.VIEW_DRAFTS, ANALYSING), Allowed)
    assert kind(may(CQE, Action.VIEW_AUDIT, ANALYSING)) is RefusalKind.HIDDEN


def test_the_auditor_changes_nothing_and_is_told_so():
    for action in COMPLAINT_ACTIONS - {Action.VIEW, Action.VIEW_AUDIT, Action.VIEW_DRAFTS}:
        assert kind(may(AUDITOR, action, ANALYSING)) is RefusalKind.ROLE
    for action in DISCIPLINE_ACTIONS:
        owned = with_discipline(ANALYSING, D4, owner_id=AUDITOR.id)
        assert kind(may(AUDITOR, action, owned, discipline=D4)) is RefusalKind.ROLE


def test_lists_are_limited_to_what_one_may_see():
    limited = replace(CQE, customers=frozenset({1, 2}), plants=frozenset({PLANT, 5}))
    assert scope(limited) == Scope(frozenset({PLANT, 5}), frozenset({1, 2}), drafts=True)
    assert scope(AUDITOR) == Scope(frozenset({PLANT}), None, drafts=False)
    assert scope(ADMIN) == Scope(frozenset(), frozenset(), drafts=False)
    assert scope(person(1, Role.ADMIN, Role.CQE)) == Scope(frozenset({PLANT}), None, drafts=True)


# ---------------------------------------------------------------- the plant's own doors


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        (Action.REGISTER, {Role.SALES, Role.CQE, Role.QUALITY_MANAGER}),
        (Action.ADMINISTER, {Role.ADMIN}),
        (Action.EXPORT_LOG, {Role.CQE, Role.QUALITY_MANAGER, Role.AUDITOR}),
        (Action.VERIFY_AUDIT, {Role.QUALITY_MANAGER, Role.AUDITOR}),
        (Action.VIEW_AUDIT, {Role.QUALITY_MANAGER, Role.AUDITOR}),
        (Action.READ_INDICATORS, {Role.CQE, Role.QUALITY_MANAGER, Role.AUDITOR}),
        (Action.VIEW, set(Role) - {Role.ADMIN}),
        (Action.EXTEND_CATALOGUE, set(Role) - {Role.ADMIN, Role.AUDITOR, Role.FINANCE}),
        (Action.CLOSE, set()),
    ],
)
def test_a_door_of_the_plant_opens_to_its_roles_and_is_not_there_for_others(action, roles):
    for role, actor in PEOPLE.items():
        for subject in (None, PlantSubject(PLANT), PlantSubject(PLANT, CUSTOMER)):
            outcome = may(actor, action, subject)
            assert kind(outcome) is (None if role in roles else RefusalKind.HIDDEN), (role, subject)


def test_the_plants_doors_know_plants_and_customers():
    limited = replace(SALES, customers=frozenset({CUSTOMER}))
    assert isinstance(may(limited, Action.REGISTER, PlantSubject(PLANT, CUSTOMER)), Allowed)
    assert kind(may(limited, Action.REGISTER, PlantSubject(PLANT, CUSTOMER + 1))) is RefusalKind.HIDDEN
    assert kind(may(SALES, Action.REGISTER, PlantSubject(PLANT + 1))) is RefusalKind.HIDDEN


def test_an_action_of_the_plant_on_a_complaint_is_asked_of_its_plant():
    assert isinstance(may(AUDITOR, Action.EXPORT_LOG, ANALYSING), Allowed)
    for action in PLANT_ONLY_ACTIONS:
        assert kind(may(AUDITOR, action, replace(ANALYSING, plant_id=9))) is RefusalKind.HIDDEN


# ---------------------------------------------------------------- whose job, and when


@pytest.mark.parametrize(
    ("action", "stage", "allowed"),
    [
        (Action.CONFIRM_OURS, Stage.REGISTERED, {Role.CQE, Role.QUALITY_MANAGER}),
        (Action.RECEIVE_SAMPLE, Stage.ANALYSING, {Role.SALES, Role.WAREHOUSE}),
        (Action.SEND_INITIAL_REPLY, Stage.ANALYSING, {Role.SALES}),
        (Action.STOP_CLOCK, Stage.ANALYSING, {Role.CQE, Role.QUALITY_MANAGER}),
        (Action.RECORD_VERDICT_ACCEPTED, Stage.REPORTED, {Role.SALES, Role.CQE, Role.QUALITY_MANAGER}),
        (Action.CLOSE, Stage.WATCHING, {Role.QUALITY_MANAGER}),
        (Action.APPROVE_NOT_OURS, Stage.NOT_OURS, {Role.QUALITY_MANAGER}),
        (Action.LOWER_TIER, Stage.ANALYSING, {Role.QUALITY_MANAGER}),
    ],
)
def test_each_step_belongs_to_its_roles(action, stage, allowed):
    for role, actor in PEOPLE.items():
        expected = {Role.ADMIN: RefusalKind.HIDDEN}.get(role, RefusalKind.ROLE)
        outcome = may(actor, action, complaint(stage))
        assert kind(outcome) is (None if role in allowed else expected), role


def test_the_refusal_says_whose_job_it_is_in_both_languages():
    outcome = may(TE, Action.CONFIRM_OURS, complaint())
    assert isinstance(outcome, Refused)
    assert not outcome.hidden
    assert outcome.message.text("en") == "“Confirm: ours” is done by CQE, quality manager"
    assert outcome.message.text("zh") == "“确认为我方责任”由客户品质工程师（CQE）、品质经理执行"


def test_the_refusal_says_when_it_is_not_the_time():
    outcome = may(CQE, Action.CONFIRM_OURS, complaint(Stage.CLOSED))
    assert isinstance(outcome, Refused)
    assert outcome.kind is RefusalKind.STATE
    assert outcome.message.text("en") == "“Confirm: ours” is not possible while the complaint is: closed"


def test_any_cqe_of_the_plant_may_act_and_it_is_seen_for_whom():
    outcome = may(OTHER_CQE, Action.STOP_CLOCK, ANALYSING)
    assert outcome == Allowed(to_stage=Stage.ANALYSING, on_behalf_of=CQE.id)
    assert may(CQE, Action.STOP_CLOCK, ANALYSING) == Allowed(to_stage=Stage.ANALYSING)
    assert may(OTHER_CQE, Action.STOP_CLOCK, complaint(assigned={})) == Allowed(to_stage=Stage.REGISTERED)


# ---------------------------------------------------------------- disciplines


@pytest.mark.parametrize("actor", [TE, DEPUTY, CQE, OTHER_CQE, MANAGER])
def test_the_owner_the_deputy_a_cqe_and_the_manager_submit(actor):
    outcome = may(actor, Action.SUBMIT, ANALYSING, discipline=D4)
    assert isinstance(outcome, Allowed)
    assert outcome.to_state is DisciplineState.SUBMITTED
    assert outcome.on_behalf_of == (None if actor is TE else TE.id)


@pytest.mark.parametrize("actor", [PIE, RD, PQE, SALES, WAREHOUSE])
def test_others_do_not_submit(actor):
    outcome = may(actor, Action.SUBMIT, ANALYSING, discipline=D4)
    assert isinstance(outcome, Refused)
    assert outcome.kind is RefusalKind.ROLE
    assert outcome.message.text("en").startswith("“Submit” of D4 is for its owner")


def test_whoever_is_assigned_to_the_complaint_may_draft():
    assert isinstance(may(RD, Action.SAVE_DRAFT, ANALYSING, discipline=D4), Allowed)
    deputy = person(902, Role.RD, deputy_for=frozenset({RD.id}))
    assert isinstance(may(deputy, Action.SAVE_DRAFT, ANALYSING, discipline=D4), Allowed)
    outcome = may(PIE, Action.SAVE_DRAFT, ANALYSING, discipline=D4)
    assert isinstance(outcome, Refused)
    assert outcome.message.text("en").startswith("“Save draft” of D4 is for those assigned")


def test_a_discipline_without_an_owner_is_for_the_cqe():
    unowned = with_discipline(ANALYSING, D4, owner_id=None)
    assert kind(may(TE, Action.SUBMIT, unowned, discipline=D4)) is RefusalKind.ROLE
    assert may(CQE, Action.SUBMIT, unowned, discipline=D4).on_behalf_of is None


@pytest.mark.parametrize("actor", [TE, DEPUTY, RD, SALES])
def test_only_a_cqe_or_the_manager_accepts_and_returns(actor):
    submitted = with_discipline(ANALYSING, D4, state=DisciplineState.SUBMITTED, submitted_by_id=TE.id)
    for action in (Action.ACCEPT, Action.RETURN_FOR_REWORK):
        assert kind(may(actor, action, submitted, discipline=D4)) is RefusalKind.ROLE
        assert isinstance(may(CQE, action, submitted, discipline=D4), Allowed)
        assert isinstance(may(MANAGER, action, submitted, discipline=D4), Allowed)


@pytest.mark.parametrize("code", DisciplineCode)
def test_nobody_accepts_the_own_answer_to_d4_to_d7(code):
    submitted = with_discipline(
        ANALYSING, code, state=DisciplineState.SUBMITTED, owner_id=CQE.id, submitted_by_id=CQE.id
    )
    outcome = may(CQE, Action.ACCEPT, submitted, discipline=code)
    if code in {D4, D5, D6, D7}:
        assert isinstance(outcome, Refused)
        assert outcome.message.text("en") == (
            f"{code} must be accepted by somebody other than the person who submitted it"
        )
    else:
        assert isinstance(outcome, Allowed)
    assert isinstance(may(OTHER_CQE, Action.ACCEPT, submitted, discipline=code), Allowed)
    assert isinstance(may(CQE, Action.RETURN_FOR_REWORK, submitted, discipline=code), Allowed)


def test_four_eyes_look_at_who_submitted_not_at_who_owns():
    by_deputy = with_discipline(
        ANALYSING, D7, state=DisciplineState.SUBMITTED, owner_id=CQE.id, submitted_by_id=OTHER_CQE.id
    )
    assert isinstance(may(CQE, Action.ACCEPT, by_deputy, discipline=D7), Allowed)
    assert kind(may(OTHER_CQE, Action.ACCEPT, by_deputy, discipline=D7)) is RefusalKind.ROLE
    unknown = with_discipline(by_deputy, D7, submitted_by_id=None)
    assert kind(may(CQE, Action.ACCEPT, unknown, discipline=D7)) is RefusalKind.ROLE


@pytest.mark.parametrize(
    ("stage", "codes"),
    [
        (Stage.REGISTERED, {"D0", "D1", "D2", "D3"}),
        (Stage.ANALYSING, set(DisciplineCode)),
        (Stage.REPORTED, {"D8"}),
        (Stage.WATCHING, {"D8"}),
        (Stage.NOT_OURS, set()),
        (Stage.NOT_OURS_APPROVED, set()),
        (Stage.NEGOTIATING, set()),
        (Stage.CLOSED, set()),
        (Stage.CANCELLED, set()),
    ],
)
def test_disciplines_are_worked_on_in_their_stages(stage, codes):
    for code in DisciplineCode:
        outcome = may(CQE, Action.SAVE_DRAFT, complaint(stage), discipline=code)
        assert kind(outcome) is (None if code in codes else RefusalKind.STATE)


def test_the_refusal_says_in_which_state_the_discipline_is():
    outcome = may(CQE, Action.ACCEPT, ANALYSING, discipline=D4)
    assert isinstance(outcome, Refused)
    assert outcome.message.text("en") == "“Accept” is not possible while D4 is: open"
    outcome = may(CQE, Action.ACCEPT, complaint(Stage.CLOSED), discipline=D8)
    assert isinstance(outcome, Refused)
    assert outcome.message.text("zh") == "客诉处于“已结案”时不能处理 D8"


def test_a_discipline_action_without_a_discipline_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="save_draft needs a discipline"):
        may(CQE, Action.SAVE_DRAFT, ANALYSING)


# ---------------------------------------------------------------- deputies


def test_who_stands_in_for_the_absent_cqe_has_that_role_on_the_complaint_only():
    deputy = person(903, Role.PQE, deputy_for=frozenset({CQE.id}))
    assert may(deputy, Action.STOP_CLOCK, ANALYSING) == Allowed(to_stage=Stage.ANALYSING, on_behalf_of=CQE.id)
    assert kind(may(deputy, Action.STOP_CLOCK, complaint(assigned={Role.CQE: 5}))) is RefusalKind.ROLE
    assert isinstance(may(deputy, Action.SUBMIT, complaint(), discipline=D1), Allowed)
    submitted = with_discipline(complaint(), D3, state=DisciplineState.SUBMITTED, submitted_by_id=CQE.id)
    assert isinstance(may(deputy, Action.ACCEPT, submitted, discipline=D3), Allowed)


def test_a_deputy_gains_no_foreign_plant_or_customer_and_an_auditor_no_work():
    foreign = person(904, Role.CQE, deputy_for=frozenset({CQE.id}), plants=frozenset({9}))
    assert kind(may(foreign, Action.STOP_CLOCK, ANALYSING)) is RefusalKind.HIDDEN
    auditor = person(905, Role.AUDITOR, deputy_for=frozenset({CQE.id, TE.id}))
    assert kind(may(auditor, Action.STOP_CLOCK, ANALYSING)) is RefusalKind.ROLE
    assert kind(may(auditor, Action.SUBMIT, ANALYSING, discipline=D5)) is RefusalKind.ROLE
    assert kind(may(auditor, Action.SAVE_DRAFT, ANALYSING, discipline=D6)) is RefusalKind.ROLE


def test_a_deputy_of_an_absent_manager_who_is_assigned_approves():
    lent = complaint(Stage.NOT_OURS, assigned={Role.QUALITY_MANAGER: MANAGER.id})
    deputy = person(906, Role.CQE, deputy_for=frozenset({MANAGER.id}))
    assert isinstance(may(deputy, Action.APPROVE_NOT_OURS, lent), Allowed)
    assert kind(may(CQE, Action.APPROVE_NOT_OURS, lent)) is RefusalKind.ROLE
