"""Each discipline's answer: what blocks, what only warns, what passes (procedure 6 and 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from eightd.domain.complaint import DisciplineState, Tier
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    CausePath,
    CauseState,
    ClosureAnswer,
    ContainmentAction,
    ContainmentAnswer,
    CorrectiveAction,
    DocumentChange,
    DocumentType,
    EmergencyAnswer,
    Fishbone,
    FishboneCause,
    FishboneState,
    FiveWTwoH,
    PreventionAnswer,
    ProblemAnswer,
    ReadAcross,
    RootCause,
    StockCheck,
    StockPlace,
    TeamAnswer,
    TeamMember,
    Validation,
    ValidationAnswer,
)
from eightd.domain.workflow.content import blocking, review, review_accepted, warning
from eightd.domain.workflow.form import may_use_short_form
from eightd.domain.workflow.snapshot import ComplaintSnapshot, ReportForm
from tests.domain.workflow.course import (
    D0,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    D7,
    D8,
    accepted,
    case_answers,
    complaint,
    with_discipline,
)

ON = date(2026, 3, 20)
OCCURRENCE = RootCause(CausePath.OCCURRENCE, "cold joint", None, CauseState.VERIFIED, "on and off")
ESCAPE = RootCause(CausePath.ESCAPE, "load too low", None, CauseState.VERIFIED, "91 of 91")
ESCAPE_OF_ONE_PERCENT = replace(ESCAPE, share_percent=Decimal(1))
BOTH = CauseAnswer(causes=(OCCURRENCE, ESCAPE))
FIX = CorrectiveAction(0, "new heater", owner="PIE", planned_on=ON)
FIX_TEST = CorrectiveAction(1, "full load", owner="TE", planned_on=ON)
PROOF = Validation(0, ON, "B1", "cut", 100, "1 week", "3 %", "0 %")
PROOF_TEST = replace(PROOF, action=1)
STOCK = StockCheck(StockPlace.CUSTOMER, 100)
SORT = ContainmentAction("sort")
REVISED = DocumentChange(DocumentType.PFMEA, "P", "B", "C")
KEPT = DocumentChange(DocumentType.CONTROL_PLAN, "C", none_reason="nothing to change")
ACROSS = ReadAcross("line 2", "checked")
HALF_ACROSS = (ReadAcross("line 2"), ReadAcross(decision="ok"))


def codes(messages: Any) -> list[str]:
    return [message.code.removeprefix("content.") for message in messages]


def analysed(**rest: Any) -> ComplaintSnapshot:
    """A complaint whose D3, D4 and D5 are submitted."""
    snapshot = complaint(**rest)
    answers: dict[Any, Answer] = {
        D3: ContainmentAnswer(stock=(STOCK,), actions=(SORT,)),
        D4: BOTH,
        D5: ActionAnswer(actions=(FIX, FIX_TEST)),
    }
    for code, answer in answers.items():
        snapshot = with_discipline(snapshot, code, state=DisciplineState.SUBMITTED, submitted=answer)
    return snapshot


@pytest.mark.parametrize(
    ("code", "answer", "blocks", "warns"),
    [
        (D0, None, ["empty"], []),
        (D0, EmergencyAnswer(), ["d0_symptom", "d0_action"], []),
        (D0, EmergencyAnswer("no output", " \n"), ["d0_action"], []),
        (D0, EmergencyAnswer("no output", "stop"), [], []),
        (D1, TeamAnswer(), ["d1_leader", "d1_member"], []),
        (D1, TeamAnswer(leader="CQE", members=(TeamMember(department="quality"),)), ["d1_member"], []),
        (D1, TeamAnswer(leader="CQE", members=(TeamMember(), TeamMember("A"))), [], []),
        (D2, ProblemAnswer(), ["d2_words"], ["d2_what", "d2_how_many"]),
        (D2, ProblemAnswer(customer_words="broken"), [], ["d2_what", "d2_how_many"]),
        (D2, ProblemAnswer(our_words="x", five_w2h=FiveWTwoH(what="w", how_many="3")), [], []),
        (D3, ContainmentAnswer(), ["d3_stock", "d3_action"], []),
        (D3, ContainmentAnswer(stock=(StockCheck(checked=1),), actions=(SORT,)), ["d3_stock"], []),
        (D3, ContainmentAnswer(stock=(STOCK,), actions=(ContainmentAction(),)), ["d3_action"], []),
        (D3, ContainmentAnswer(stock=(replace(STOCK, disposition="scrap"),)), [], []),
        (D3, ContainmentAnswer(stock=(STOCK, replace(STOCK, disposition="scrap"))), ["d3_action"], []),
        (D3, ContainmentAnswer(100, (STOCK,), actions=(SORT,)), [], []),
        (D3, ContainmentAnswer(112, (STOCK,), actions=(SORT,)), [], ["d3_unaccounted"]),
        (D3, ContainmentAnswer(112, (STOCK,), "kept by the customer", (SORT,)), [], []),
        (D3, ContainmentAnswer(90, (STOCK,), "any", (SORT,)), [], ["d3_too_many"]),
        (
            D3,
            ContainmentAnswer(stock=(replace(STOCK, checked=101),), actions=(SORT,)),
            [],
            ["d3_contradiction"],
        ),
        (
            D3,
            ContainmentAnswer(stock=(replace(STOCK, checked=5, ng=6),), actions=(SORT,)),
            [],
            ["d3_contradiction"],
        ),
        (D3, ContainmentAnswer(stock=(replace(STOCK, ng=6),), actions=(SORT,)), [], []),
        (D4, CauseAnswer(), ["d4_occurrence", "d4_escape"], []),
        (D4, CauseAnswer(causes=(OCCURRENCE,)), ["d4_escape"], []),
        (D4, CauseAnswer(causes=(ESCAPE,)), ["d4_occurrence"], []),
        (D4, BOTH, [], []),
        (D4, CauseAnswer(causes=(OCCURRENCE, replace(ESCAPE, text=" "))), ["d4_escape", "d4_text"], []),
        (D4, CauseAnswer(causes=(OCCURRENCE, replace(ESCAPE, how=""))), ["d4_how"], []),
        (D4, CauseAnswer(causes=(OCCURRENCE, RootCause(CausePath.ESCAPE, "x"))), [], ["d4_hypothesis"]),
        (
            D4,
            CauseAnswer(
                causes=(
                    replace(OCCURRENCE, share_percent=Decimal(100)),
                    replace(ESCAPE, share_percent=Decimal(1)),
                )
            ),
            [],
            ["d4_share"],
        ),
        (D5, ActionAnswer(), ["d5_cause", "d5_cause"], []),
        (D5, ActionAnswer(actions=(FIX,)), ["d5_cause"], []),
        (D5, ActionAnswer(actions=(FIX, FIX_TEST)), [], []),
        (D5, ActionAnswer(actions=(FIX, FIX_TEST, replace(FIX, cause=None))), ["d5_unknown"], []),
        (D5, ActionAnswer(actions=(FIX, FIX_TEST, replace(FIX, cause=2))), ["d5_unknown"], []),
        (D5, ActionAnswer(actions=(FIX, FIX_TEST, replace(FIX, cause=-1))), ["d5_unknown"], []),
        (D5, ActionAnswer(actions=(FIX, replace(FIX_TEST, action=""))), ["d5_cause", "d5_text"], []),
        (
            D5,
            ActionAnswer(actions=(FIX, replace(FIX_TEST, owner="", planned_on=None))),
            ["d5_owner", "d5_planned"],
            [],
        ),
        (D6, ValidationAnswer(), ["d6_action", "d6_action", "d6_interim"], []),
        (D6, ValidationAnswer((PROOF, PROOF_TEST)), ["d6_interim"], []),
        (D6, ValidationAnswer((PROOF, PROOF_TEST), ON), [], []),
        (D6, ValidationAnswer((PROOF,), ON), ["d6_action"], []),
        (D6, ValidationAnswer((PROOF, PROOF_TEST, replace(PROOF, action=2)), ON), ["d6_unknown"], []),
        (D6, ValidationAnswer((PROOF, replace(PROOF_TEST, sample_size=0)), ON), ["d6_field"], []),
        (D6, ValidationAnswer((Validation(0), PROOF_TEST), ON), ["d6_field"] * 6, []),
        (D7, PreventionAnswer(), ["d7_document", "d7_read_across"], ["d7_reviewed"]),
        (D7, PreventionAnswer((REVISED, KEPT), (ACROSS,)), [], []),
        (D7, PreventionAnswer((REVISED,), (ACROSS,)), [], ["d7_reviewed"]),
        (D7, PreventionAnswer((REVISED, replace(KEPT, none_reason="")), (ACROSS,)), ["d7_revision"], []),
        (D7, PreventionAnswer((replace(REVISED, to_revision="B "), KEPT), (ACROSS,)), ["d7_revision"], []),
        (D7, PreventionAnswer((replace(REVISED, to_revision=""), KEPT), (ACROSS,)), ["d7_revision"], []),
        (
            D7,
            PreventionAnswer((REVISED, KEPT), (ReadAcross("line 2"), ReadAcross(decision="ok"))),
            ["d7_read_across"],
            [],
        ),
        (D8, ClosureAnswer(), ["d8_watch"], []),
        (D8, ClosureAnswer(watch="3 lots"), [], []),
    ],
)
def test_an_answer_is_reviewed(code, answer, blocks, warns):
    findings = review(analysed(), code, answer)
    assert codes(blocking(findings)) == blocks
    assert codes(warning(findings)) == warns


def test_an_exclusion_without_a_reason_is_only_warned_about():
    excluded = FishboneCause("humidity", FishboneState.EXCLUDED)
    for one, warned in ((excluded, ["d4_excluded"]), (replace(excluded, reason="45 % logged"), [])):
        answer = CauseAnswer(causes=(OCCURRENCE, ESCAPE), fishbone=Fishbone(environment=(one,)))
        findings = review(complaint(), D4, answer)
        assert not blocking(findings)
        assert [code for code in codes(warning(findings)) if code == "d4_excluded"] == warned


def test_actions_wait_for_causes_and_validations_for_actions():
    assert codes(blocking(review(complaint(), D5, ActionAnswer()))) == ["d5_no_causes"]
    assert codes(blocking(review(complaint(), D6, ValidationAnswer()))) == ["d6_no_actions"]


def test_validation_does_not_ask_for_the_end_of_an_interim_action_that_never_was():
    snapshot = with_discipline(
        analysed(), D3, submitted=ContainmentAnswer(stock=(replace(STOCK, disposition="scrap"),))
    )
    assert not review(snapshot, D6, ValidationAnswer((PROOF, PROOF_TEST)))


def test_the_short_form_asks_for_one_cause_of_any_path():
    short = complaint(tier=Tier.OTHER, form=ReportForm.SHORT)
    assert codes(blocking(review(short, D4, CauseAnswer()))) == ["d4_cause"]
    assert not blocking(review(short, D4, CauseAnswer(causes=(ESCAPE,))))


@pytest.mark.parametrize(
    ("tier", "demands", "may"),
    [
        (Tier.OTHER, False, True),
        (Tier.OTHER, True, False),
        (Tier.GENERAL, False, False),
        (Tier.MAJOR, False, False),
    ],
)
def test_the_short_form_is_for_tier_other_unless_an_8d_is_demanded(tier, demands, may):
    snapshot = complaint(tier=tier, customer_demands_eight_d=demands, form=ReportForm.SHORT)
    assert may_use_short_form(snapshot) is may
    needs_both = codes(blocking(review(snapshot, D4, CauseAnswer(causes=(ESCAPE,))))) == ["d4_occurrence"]
    assert needs_both is not may


def test_an_answer_of_another_discipline_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="TeamAnswer does not answer D4"):
        review(complaint(), D4, TeamAnswer())


def test_the_12_unaccounted_pieces_of_the_adapter_case_are_found_and_only_warned_about():
    (message,) = warning(review(complaint(), D3, case_answers("adapter")[D3]))
    assert message.text("en") == "D3: 12 of 5000 pieces delivered are unaccounted for and no reason is given"


@pytest.mark.parametrize("name", ["adapter", "housing"])
def test_the_recorded_answers_agree_with_each_other(name):
    answers = case_answers(name)
    snapshot = accepted(complaint(), answers, *answers)
    assert review_accepted(snapshot, answers) == ()


def test_accepted_answers_are_compared_without_the_drafts_around_them():
    answers = case_answers("housing")
    snapshot = accepted(complaint(), answers, D3, D4, D5)
    reopened = with_discipline(snapshot, D4, state=DisciplineState.DRAFT, draft=CauseAnswer())
    assert review_accepted(reopened, (D3, D4, D5, D6)) == ()
    more = CauseAnswer(causes=(OCCURRENCE, ESCAPE, replace(ESCAPE, text="third")))
    changed = with_discipline(snapshot, D4, submitted=more, accepted=more)
    assert codes(review_accepted(changed, (D4, D5))) == ["d5_cause"]
