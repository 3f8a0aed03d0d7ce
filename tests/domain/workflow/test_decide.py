"""One answer for page, call and command: rights, then table, then reason, then gates; and what it records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eightd.domain.complaint import DisciplineState, Role, Stage, Tier
from eightd.domain.discipline.answers import CauseAnswer, CausePath, RootCause, TeamAnswer, TeamMember
from eightd.domain.events import Event, EventTag
from eightd.domain.workflow.actions import DISCIPLINE_ACTIONS, Action, tier_action
from eightd.domain.workflow.decide import available, blockers, decide, next_step, reason_required
from eightd.domain.workflow.gates import CONTAINMENT_ACCEPTED, OTHERS_ACCEPTED, missing
from eightd.domain.workflow.labels import listed, roles_listed
from eightd.domain.workflow.outcome import Allowed, RefusalKind, Refused
from eightd.domain.workflow.snapshot import ReportForm, ReportKind, VerdictResult
from tests.domain.workflow.course import (
    ADMIN,
    CQE,
    D1,
    D3,
    D4,
    D5,
    DEPUTY,
    MANAGER,
    NOW,
    OTHER_CQE,
    SALES,
    TE,
    accepted,
    case_answers,
    complaint,
    with_discipline,
)

ANSWERS = case_answers("adapter")


def refused(snapshot, action, actor, **rest):
    outcome = decide(snapshot, action, actor, now=NOW, **rest)
    assert isinstance(outcome, Refused)
    return outcome


def allowed(snapshot, action, actor, **rest):
    outcome = decide(snapshot, action, actor, now=NOW, **rest)
    assert isinstance(outcome, Allowed), outcome
    return outcome


def test_what_happened_is_recorded_with_who_when_whence_whither_and_why():
    outcome = allowed(complaint(Stage.REPORTED), Action.RECORD_VERDICT_REJECTED, SALES, reason=" too thin ")
    first = Event(
        EventTag.VERDICT_REJECTED, 1, SALES.id, NOW, "too thin", None, "reported", "analysing", None
    )
    assert outcome.events == (first, replace(first, tag=EventTag.COMPLAINT_REOPENED))
    assert outcome.to_stage is Stage.ANALYSING
    assert outcome.to_state is None


def test_a_discipline_event_tells_the_states_and_on_whose_behalf():
    answer = ANSWERS[D4]
    outcome = allowed(complaint(Stage.ANALYSING), Action.SUBMIT, DEPUTY, discipline=D4, answer=answer)
    assert outcome.events == (
        Event(EventTag.DISCIPLINE_SUBMITTED, 1, DEPUTY.id, NOW, "", D4, "open", "submitted", TE.id),
    )
    assert outcome.to_state is DisciplineState.SUBMITTED


def test_an_assignment_may_name_the_discipline_whose_owner_changes():
    (event,) = allowed(complaint(), Action.ASSIGN, CQE, discipline=D4).events
    assert (event.discipline, event.from_, event.to) == (D4, "registered", "registered")


def test_acting_for_the_assigned_cqe_is_recorded():
    assert allowed(complaint(), Action.CONFIRM_OURS, OTHER_CQE).events[0].on_behalf_of == CQE.id
    assert allowed(complaint(), Action.CONFIRM_OURS, CQE).events[0].on_behalf_of is None
    assert allowed(complaint(), Action.COMMENT, OTHER_CQE).events[0].on_behalf_of is None


def test_reading_leaves_no_event():
    assert allowed(complaint(), Action.VIEW, CQE).events == ()


def test_rights_come_before_the_table_the_table_before_the_reason_the_reason_before_the_gates():
    snapshot = complaint(clock_stopped=True)
    assert refused(snapshot, Action.STOP_CLOCK, ADMIN).hidden
    assert refused(snapshot, Action.STOP_CLOCK, SALES).kind is RefusalKind.ROLE
    assert refused(replace(snapshot, stage=Stage.CLOSED), Action.STOP_CLOCK, CQE).kind is RefusalKind.STATE
    missing_reason = refused(snapshot, Action.STOP_CLOCK, CQE, reason=" \t")
    assert missing_reason.kind is RefusalKind.REASON
    assert missing_reason.message.text("en") == "“Stop the clock” needs a reason"
    gate = refused(snapshot, Action.STOP_CLOCK, CQE, reason="laboratory")
    assert gate.kind is RefusalKind.GATE
    assert gate.message.text("en") == "“Stop the clock” is not possible yet: The clock is already stopped"
    assert gate.messages == gate.gates
    assert missing_reason.messages == (missing_reason.message,)


GATED = [
    (
        Action.APPROVE_NOT_OURS,
        MANAGER,
        {"stage": Stage.NOT_OURS},
        {"has_not_ours_explanation": True, "explanation_proven": True},
    ),
    (Action.RECEIVE_SAMPLE, SALES, {"sample_received_at": NOW}, {"sample_received_at": None}),
    (Action.RECEIVE_SAMPLE, SALES, {"sample_needed": False}, {"sample_needed": True}),
    (Action.WAIVE_SAMPLE, CQE, {"sample_needed": False}, {"sample_needed": None}),
    (Action.WAIVE_SAMPLE, CQE, {"sample_received_at": NOW}, {"sample_received_at": None}),
    (Action.REQUIRE_SAMPLE, CQE, {"sample_needed": True}, {"sample_needed": False}),
    (Action.STOP_CLOCK, CQE, {"clock_stopped": True}, {"clock_stopped": False}),
    (Action.RESUME_CLOCK, CQE, {"clock_stopped": False}, {"clock_stopped": True}),
    (Action.USE_SHORT_FORM, CQE, {"tier": Tier.GENERAL}, {"tier": Tier.OTHER}),
    (
        Action.USE_SHORT_FORM,
        CQE,
        {"tier": Tier.OTHER, "customer_demands_eight_d": True},
        {"customer_demands_eight_d": False},
    ),
    (Action.USE_SHORT_FORM, CQE, {"tier": Tier.OTHER, "form": ReportForm.SHORT}, {"form": ReportForm.FULL}),
    (Action.USE_FULL_FORM, CQE, {"form": ReportForm.FULL}, {"form": ReportForm.SHORT}),
]


@pytest.mark.parametrize(("action", "actor", "closed", "opened"), GATED)
def test_a_gate_closes_and_opens(action, actor, closed, opened):
    snapshot = complaint(**closed)
    assert refused(snapshot, action, actor, reason="r").kind is RefusalKind.GATE
    allowed(replace(snapshot, **opened), action, actor, reason="r")


ANALYSED = accepted(complaint(Stage.ANALYSING), ANSWERS, *list(ANSWERS)[:4])
REPORTABLE = accepted(ANALYSED, ANSWERS, *list(ANSWERS)[:7])
DONE = accepted(
    replace(REPORTABLE, stage=Stage.WATCHING, verdict=VerdictResult.ACCEPTED), ANSWERS, *list(ANSWERS)[:8]
)
EVERY_REPORT = frozenset(ReportKind)


@pytest.mark.parametrize(
    ("action", "actor", "passing", "closing", "codes"),
    [
        (Action.ISSUE_REPORT_INITIAL, CQE, ANALYSED, D3, ["gate.not_accepted"]),
        (Action.SEND_INITIAL_REPLY, SALES, ANALYSED, D3, ["gate.not_accepted"]),
        (
            Action.SEND_INITIAL_REPLY,
            SALES,
            ANALYSED,
            {"initial_reply_sent_at": NOW},
            ["gate.initial_not_sent.closed"],
        ),
        (Action.ISSUE_REPORT_PRELIMINARY, CQE, ANALYSED, D4, ["gate.not_accepted"]),
        (
            Action.SEND_PRELIMINARY,
            SALES,
            replace(ANALYSED, issued=EVERY_REPORT),
            {"issued": frozenset()},
            ["gate.preliminary_issued.closed"],
        ),
        (
            Action.SEND_PRELIMINARY,
            SALES,
            replace(ANALYSED, issued=EVERY_REPORT),
            {"preliminary_sent_at": NOW},
            ["gate.preliminary_not_sent.closed"],
        ),
        (Action.ISSUE_REPORT_FINAL, CQE, REPORTABLE, D5, ["gate.not_accepted"]),
        (
            Action.SEND_FINAL_REPORT,
            SALES,
            replace(REPORTABLE, issued=EVERY_REPORT),
            {"issued": frozenset({ReportKind.PRELIMINARY})},
            ["gate.final_issued.closed"],
        ),
        (Action.CLOSE, MANAGER, DONE, D5, ["gate.not_accepted"]),
        (Action.CLOSE, MANAGER, DONE, {"verdict": None}, ["gate.verdict_accepted.closed"]),
    ],
)
def test_a_report_gate_closes_and_opens(action, actor, passing, closing, codes):
    allowed(passing, action, actor)
    if isinstance(closing, dict):
        closed = replace(passing, **closing)
    else:
        closed = with_discipline(passing, closing, state=DisciplineState.SUBMITTED)
    assert [gate.code for gate in refused(closed, action, actor).gates] == codes


def test_a_final_report_is_held_back_when_a_cause_was_added_after_the_actions_were_accepted():
    third = RootCause(CausePath.SYSTEM, "no rule")
    causes = CauseAnswer(causes=(*ANSWERS[D4].causes, third))
    snapshot = with_discipline(REPORTABLE, D4, submitted=causes, accepted=causes)
    (gate,) = refused(snapshot, Action.ISSUE_REPORT_FINAL, CQE).gates
    assert gate.text("en") == "D5: cause 4 has no action"
    assert gate.text("zh") == "D5：第 4 个原因没有对策"


def test_submitting_takes_the_given_answer_or_else_the_draft():
    drafted = with_discipline(complaint(), D1, state=DisciplineState.DRAFT, draft=ANSWERS[D1])
    allowed(drafted, Action.SUBMIT, CQE, discipline=D1)
    outcome = refused(drafted, Action.SUBMIT, CQE, discipline=D1, answer=TeamAnswer(leader="CQE"))
    assert [gate.code for gate in outcome.gates] == ["content.d1_member"]
    assert [g.code for g in refused(complaint(), Action.SUBMIT, CQE, discipline=D1).gates] == [
        "content.empty"
    ]


def test_a_draft_may_be_as_empty_as_it_likes():
    allowed(complaint(), Action.SAVE_DRAFT, CQE, discipline=D1, answer=TeamAnswer())


def test_accepting_reviews_what_was_submitted_again():
    snapshot = with_discipline(ANALYSED, D5, state=DisciplineState.SUBMITTED, submitted=ANSWERS[D5])
    allowed(snapshot, Action.ACCEPT, CQE, discipline=D5)
    causes = CauseAnswer(causes=(*ANSWERS[D4].causes, RootCause(CausePath.SYSTEM, "no rule")))
    changed = with_discipline(snapshot, D4, state=DisciplineState.SUBMITTED, submitted=causes)
    assert refused(changed, Action.ACCEPT, CQE, discipline=D5).kind is RefusalKind.GATE


def test_returning_needs_a_reason_and_no_complete_answer():
    snapshot = with_discipline(complaint(), D1, state=DisciplineState.SUBMITTED, submitted=TeamAnswer())
    assert refused(snapshot, Action.RETURN_FOR_REWORK, CQE, discipline=D1).kind is RefusalKind.REASON
    outcome = allowed(snapshot, Action.RETURN_FOR_REWORK, CQE, discipline=D1, reason="no names")
    assert outcome.to_state is DisciplineState.RETURNED


def test_warnings_come_with_the_permission():
    outcome = allowed(complaint(), Action.SUBMIT, CQE, discipline=D3, answer=ANSWERS[D3])
    assert [warning.code for warning in outcome.warnings] == ["content.d3_unaccounted"]


def test_mistakes_of_the_caller_are_raised():
    with pytest.raises(ValueError, match="submit needs a discipline"):
        decide(complaint(), Action.SUBMIT, CQE, now=NOW)
    with pytest.raises(ValueError, match="register is not an action on a complaint"):
        decide(complaint(), Action.REGISTER, CQE, now=NOW)
    with pytest.raises(TypeError):
        decide(complaint(), Action.SUBMIT, CQE, discipline=D1, answer=ANSWERS[D4], now=NOW)


def test_buttons_are_offered_without_reason_and_without_judging_what_is_being_typed():
    offered = available(complaint(), CQE)
    assert isinstance(offered[Action.CANCEL], Allowed)
    assert offered[Action.CANCEL].events == ()
    assert isinstance(offered[Action.ISSUE_REPORT_INITIAL], Refused)
    assert offered[Action.ISSUE_REPORT_INITIAL].kind is RefusalKind.GATE
    assert offered[Action.SEND_INITIAL_REPLY].kind is RefusalKind.ROLE
    assert not set(offered) & DISCIPLINE_ACTIONS
    on_d1 = available(complaint(), CQE, D1)
    assert set(on_d1) == DISCIPLINE_ACTIONS
    assert isinstance(on_d1[Action.SUBMIT], Allowed)
    assert on_d1[Action.ACCEPT].kind is RefusalKind.STATE


def test_accepting_is_greyed_out_while_the_submitted_answer_is_incomplete():
    snapshot = with_discipline(complaint(), D1, state=DisciplineState.SUBMITTED, submitted=TeamAnswer())
    assert available(snapshot, CQE, D1)[Action.ACCEPT].kind is RefusalKind.GATE
    whole = TeamAnswer(leader="A", members=(TeamMember("B"),))
    snapshot = with_discipline(snapshot, D1, submitted=whole)
    assert isinstance(available(snapshot, CQE, D1)[Action.ACCEPT], Allowed)


@pytest.mark.parametrize(
    ("changes", "action", "says"),
    [
        ({}, Action.CONFIRM_OURS, "Next: “Confirm: ours”, by CQE, quality manager"),
        (
            {"stage": Stage.ANALYSING},
            Action.SEND_INITIAL_REPLY,
            "D3 Containment is not accepted yet (open)",
        ),
        ({"stage": Stage.NOT_OURS_APPROVED}, Action.REPLY_NOT_OURS, "Next: “Reply “not ours””, by sales"),
        (
            {"stage": Stage.NEGOTIATING},
            Action.ACCEPT_NOT_OURS,
            "Next: “Customer accepts “not ours””, by sales, CQE, quality manager",
        ),
        (
            {"stage": Stage.REPORTED},
            Action.RECORD_VERDICT_ACCEPTED,
            "Next: “Customer accepts”, by sales, CQE, quality manager",
        ),
    ],
)
def test_what_stands_in_the_way_of_the_next_step_is_said(changes, action, says):
    snapshot = complaint(**changes)
    assert next_step(snapshot) is action
    assert blockers(snapshot)[0].text("en") == says


def test_the_replies_follow_each_other():
    sent = complaint(Stage.ANALYSING, initial_reply_sent_at=NOW)
    assert next_step(sent) is Action.SEND_PRELIMINARY
    assert len(blockers(sent)) == 5
    assert next_step(replace(sent, preliminary_sent_at=NOW)) is Action.SEND_FINAL_REPORT
    assert next_step(replace(REPORTABLE, initial_reply_sent_at=NOW)) is Action.SEND_FINAL_REPORT
    assert next_step(replace(sent, tier=Tier.OTHER, form=ReportForm.SHORT)) is Action.SEND_FINAL_REPORT


def test_nothing_stands_in_the_way_of_a_case_that_is_over():
    for stage in (Stage.CLOSED, Stage.CANCELLED):
        assert next_step(complaint(stage)) is None
        assert blockers(complaint(stage)) == ()


def test_whether_a_reason_is_asked():
    assert reason_required(complaint(), Action.CANCEL)
    assert not reason_required(complaint(), Action.CONFIRM_OURS)
    assert reason_required(complaint(Stage.NEGOTIATING), Action.CONFIRM_OURS)
    assert not reason_required(complaint(Stage.CLOSED), Action.CANCEL)
    submitted = with_discipline(complaint(), D1, state=DisciplineState.SUBMITTED)
    assert reason_required(submitted, Action.RETURN_FOR_REWORK, D1)
    assert not reason_required(submitted, Action.ACCEPT, D1)
    assert not reason_required(complaint(), Action.RETURN_FOR_REWORK, D1)


def test_overriding_the_tier_is_raising_or_lowering():
    assert tier_action(Tier.GENERAL, Tier.MAJOR) is Action.RAISE_TIER
    assert tier_action(Tier.GENERAL, Tier.OTHER) is Action.LOWER_TIER
    assert tier_action(Tier.GENERAL, Tier.GENERAL) is None
    assert refused(complaint(), Action.LOWER_TIER, CQE, reason="r").kind is RefusalKind.ROLE
    allowed(complaint(), Action.LOWER_TIER, MANAGER, reason="r")


def test_a_message_is_asked_for_once():
    assert len(missing(complaint(), (CONTAINMENT_ACCEPTED, OTHERS_ACCEPTED))) == 7
    assert CONTAINMENT_ACCEPTED.code == "gate.containment_accepted"


def test_roles_are_named_in_the_order_of_the_procedure():
    message = roles_listed([Role.QUALITY_MANAGER, Role.SALES])
    assert message.text("zh") == "市场部 / 业务、品质经理"
    assert listed([message]) is message
