"""Whole courses of a complaint: the recorded cases, the short form, not ours, and random walks (procedure 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eightd.domain.complaint import DisciplineCode, DisciplineState, Stage, Tier
from eightd.domain.workflow.actions import COMPLAINT_ACTIONS, DISCIPLINE_ACTIONS, Action
from eightd.domain.workflow.decide import blockers, decide, next_step
from eightd.domain.workflow.outcome import Allowed, Refused
from eightd.domain.workflow.snapshot import ComplaintSnapshot, ReportForm, VerdictResult
from eightd.domain.workflow.table import DISCIPLINE_TRANSITIONS, TRANSITIONS, WORKABLE
from tests.domain.workflow.course import (
    CQE,
    D0,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    D7,
    D8,
    MANAGER,
    NOW,
    OWNERS,
    PEOPLE,
    SALES,
    WAREHOUSE,
    applied,
    case_answers,
    complaint,
)


class Course:
    """A complaint that is led along; every step must be allowed."""

    def __init__(self, snapshot: ComplaintSnapshot, answers=None):
        self.snapshot = snapshot
        self.answers = answers or {}

    def do(self, actor, *actions, reason="because"):
        for action in actions:
            outcome = decide(self.snapshot, action, actor, reason=reason, now=NOW)
            assert isinstance(outcome, Allowed), outcome
            self.snapshot = applied(self.snapshot, action, outcome, actor)
        return self

    def work(self, *codes: DisciplineCode):
        """Draft, submit and accept the recorded answers."""
        for code in codes:
            if code not in self.answers:
                continue
            for action, actor in (
                (Action.SAVE_DRAFT, OWNERS[code]),
                (Action.SUBMIT, OWNERS[code]),
                (Action.ACCEPT, MANAGER if code is D7 else CQE),  # D7 is the CQE's own
            ):
                answer = self.answers[code]
                outcome = decide(self.snapshot, action, actor, discipline=code, answer=answer, now=NOW)
                assert isinstance(outcome, Allowed), outcome
                self.snapshot = applied(self.snapshot, action, outcome, actor, code, answer)
        return self

    def refused(self, actor, action, **rest):
        outcome = decide(self.snapshot, action, actor, now=NOW, **rest)
        assert isinstance(outcome, Refused), outcome
        return outcome


@pytest.mark.parametrize("name", ["adapter", "housing"])
def test_a_recorded_case_passes_every_gate_in_order(name):
    case = Course(complaint(), case_answers(name))
    assert (D0 in case.answers) is (name == "adapter")
    assert case.refused(SALES, Action.SEND_INITIAL_REPLY).gates
    case.work(D0, D1, D2, D3).do(CQE, Action.ISSUE_REPORT_INITIAL).do(SALES, Action.SEND_INITIAL_REPLY)
    case.do(CQE, Action.CONFIRM_OURS).do(WAREHOUSE, Action.RECEIVE_SAMPLE)
    case.do(CQE, Action.STOP_CLOCK, Action.RESUME_CLOCK)
    assert case.refused(CQE, Action.ISSUE_REPORT_PRELIMINARY).gates
    case.work(D4)
    assert case.refused(SALES, Action.SEND_PRELIMINARY).gates[0].code == "gate.preliminary_issued.closed"
    case.do(CQE, Action.ISSUE_REPORT_PRELIMINARY).do(SALES, Action.SEND_PRELIMINARY)
    case.work(D5, D6)
    assert len(case.refused(CQE, Action.ISSUE_REPORT_FINAL).gates) == 1
    case.work(D7)
    assert case.refused(SALES, Action.SEND_FINAL_REPORT).gates[0].code == "gate.final_issued.closed"
    case.do(CQE, Action.ISSUE_REPORT_FINAL).do(SALES, Action.SEND_FINAL_REPORT)
    case.do(SALES, Action.RECORD_VERDICT_ACCEPTED)
    assert case.refused(MANAGER, Action.CLOSE).gates
    case.work(D8).do(CQE, Action.ISSUE_REPORT_FINAL).do(MANAGER, Action.CLOSE)
    assert case.snapshot.stage is Stage.CLOSED
    assert case.snapshot.verdict is VerdictResult.ACCEPTED
    assert blockers(case.snapshot) == ()


def test_d8_is_not_accepted_before_the_verdict():
    case = Course(complaint(Stage.ANALYSING), case_answers("housing")).work(D1, D2, D3, D4, D5, D6, D7)
    outcome = decide(case.snapshot, Action.SUBMIT, CQE, discipline=D8, answer=case.answers[D8], now=NOW)
    assert isinstance(outcome, Allowed)
    case.snapshot = applied(case.snapshot, Action.SUBMIT, outcome, CQE, D8, case.answers[D8])
    refusal = case.refused(CQE, Action.ACCEPT, discipline=D8)
    assert [gate.code for gate in refusal.gates] == ["gate.verdict_accepted.closed"]


def test_a_begun_d0_must_be_accepted_before_closing_and_an_untouched_one_never_blocks():
    case = Course(complaint(Stage.ANALYSING), case_answers("adapter")).work(D1, D2, D3, D4, D5, D6, D7)
    case.do(CQE, Action.ISSUE_REPORT_FINAL).do(
        SALES, Action.SEND_FINAL_REPORT, Action.RECORD_VERDICT_ACCEPTED
    )
    case.work(D8)
    untouched = case.snapshot
    case.do(MANAGER, Action.CLOSE)
    drafted = replace(untouched.discipline(D0), state=DisciplineState.DRAFT)
    case.snapshot = replace(untouched, disciplines={**untouched.disciplines, D0: drafted})
    (gate,) = case.refused(MANAGER, Action.CLOSE).gates
    assert gate.text("en") == "D0 Symptom and emergency action is not accepted yet (draft)"
    assert gate.text("zh") == "D0 紧急措施 尚未被接受（草稿）"


def test_the_short_form_is_reported_and_closed_after_d4():
    case = Course(complaint(tier=Tier.OTHER), case_answers("housing")).do(
        CQE, Action.USE_SHORT_FORM, Action.CONFIRM_OURS
    )
    case.work(D1, D2, D3).do(SALES, Action.SEND_INITIAL_REPLY).work(D4)
    assert next_step(case.snapshot) is Action.SEND_FINAL_REPORT
    case.do(CQE, Action.ISSUE_REPORT_FINAL).do(
        SALES, Action.SEND_FINAL_REPORT, Action.RECORD_VERDICT_ACCEPTED
    )
    case.do(MANAGER, Action.CLOSE)


def test_a_short_form_lapses_when_the_tier_rises_and_the_case_can_go_back_to_analysis():
    case = Course(complaint(tier=Tier.OTHER, form=ReportForm.SHORT), case_answers("housing"))
    case.do(CQE, Action.CONFIRM_OURS).work(D1, D2, D3, D4).do(CQE, Action.ISSUE_REPORT_FINAL)
    case.do(SALES, Action.SEND_FINAL_REPORT, Action.RECORD_VERDICT_ACCEPTED)
    case.snapshot = replace(case.snapshot, tier=Tier.MAJOR)
    assert len(case.refused(MANAGER, Action.CLOSE).gates) == 4
    case.do(CQE, Action.REOPEN).work(D5, D6, D7)


def test_not_ours_is_explained_approved_replied_negotiated_and_closed():
    case = Course(complaint()).do(CQE, Action.CONFIRM_NOT_OURS)
    assert [message.code for message in blockers(case.snapshot)] == ["gate.explanation_written.closed"]
    assert case.refused(MANAGER, Action.APPROVE_NOT_OURS).gates
    case.do(CQE, Action.WRITE_EXPLANATION).do(MANAGER, Action.RETURN_NOT_OURS, Action.APPROVE_NOT_OURS)
    case.do(SALES, Action.REPLY_NOT_OURS, Action.RECORD_NEGOTIATION, Action.ACCEPT_NOT_OURS)
    assert case.snapshot.stage is Stage.CLOSED


def test_after_a_rejection_disciplines_go_back_and_the_report_is_sent_again():
    case = Course(complaint(Stage.ANALYSING), case_answers("housing")).work(D1, D2, D3, D4)
    case.do(CQE, Action.ISSUE_REPORT_PRELIMINARY).do(SALES, Action.SEND_PRELIMINARY)
    case.work(D5, D6, D7)
    assert case.refused(SALES, Action.SEND_PRELIMINARY).gates
    case.do(CQE, Action.ISSUE_REPORT_FINAL).do(
        SALES, Action.SEND_FINAL_REPORT, Action.RECORD_VERDICT_REJECTED
    )
    outcome = decide(case.snapshot, Action.REOPEN_DISCIPLINE, CQE, discipline=D4, reason="too thin", now=NOW)
    assert isinstance(outcome, Allowed)
    case.snapshot = applied(case.snapshot, Action.REOPEN_DISCIPLINE, outcome, CQE, D4)
    assert case.refused(SALES, Action.SEND_FINAL_REPORT).gates
    case.work(D4).do(SALES, Action.SEND_PRELIMINARY, Action.SEND_FINAL_REPORT)


ANSWERS = case_answers("adapter")
STEPS = st.one_of(
    st.tuples(st.sampled_from(sorted(COMPLAINT_ACTIONS)), st.none()),
    st.tuples(st.sampled_from(sorted(DISCIPLINE_ACTIONS)), st.sampled_from(DisciplineCode)),
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(Tier),
    st.lists(st.tuples(STEPS, st.sampled_from(sorted(PEOPLE))), max_size=60),
    st.booleans(),
)
def test_a_random_walk_never_leaves_the_tables_nor_closes_without_a_verdict(tier, walk, prepared):
    snapshot = complaint(tier=tier)
    if prepared:
        snapshot = (
            Course(complaint(Stage.ANALYSING, tier=tier), ANSWERS).work(*list(DisciplineCode)[:8]).snapshot
        )
    for (action, code), role in walk:
        actor = PEOPLE[role]
        answer = ANSWERS[code] if code is not None else None
        outcome = decide(snapshot, action, actor, discipline=code, reason="r", answer=answer, now=NOW)
        if isinstance(outcome, Refused):
            assert outcome.messages
            continue
        before = snapshot
        snapshot = applied(snapshot, action, outcome, actor, code, answer)
        if code is None:
            assert TRANSITIONS[before.stage, action].to_stage is snapshot.stage
        else:
            assert code in WORKABLE[before.stage]
            state = before.discipline(code).state
            assert DISCIPLINE_TRANSITIONS[state, action].to_state is snapshot.discipline(code).state
        if snapshot.stage is Stage.CLOSED and before.stage is not Stage.CLOSED:
            accepted = action is Action.CLOSE and snapshot.verdict is VerdictResult.ACCEPTED
            assert accepted or (action is Action.ACCEPT_NOT_OURS and before.stage is Stage.NEGOTIATING)
        assert snapshot.stage not in {Stage.REPORTED, Stage.WATCHING} or snapshot.issued
        assert bool(blockers(snapshot)) is snapshot.stage.is_open


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, min_size=20, max_size=60))
def test_a_walk_by_whoever_may_always_has_a_next_step(walk):
    """Take each step by the first person who may take it: more of the course is reached than by chance alone."""
    snapshot = Course(complaint(Stage.ANALYSING), ANSWERS).work(D1, D2, D3, D4, D5, D6, D7).snapshot
    for chosen, code in walk:
        step = next_step(snapshot)
        for action, target in ((chosen, code), (step or Action.REOPEN, None)):
            for actor in PEOPLE.values():
                answer = ANSWERS[target] if target else None
                outcome = decide(
                    snapshot, action, actor, discipline=target, reason="r", answer=answer, now=NOW
                )
                if isinstance(outcome, Allowed):
                    snapshot = applied(snapshot, action, outcome, actor, target, answer)
                    break
        assert (next_step(snapshot) is None) is not snapshot.stage.is_open
