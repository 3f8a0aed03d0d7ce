"""How rules are weighed, let stand and put in order; the page of documentation; the rows no example reaches."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eightd.domain.complaint import DisciplineCode, Stage, Tier
from eightd.domain.discipline.answers import (
    ActionAnswer,
    CauseAnswer,
    CausePath,
    CauseState,
    ContainmentAction,
    ContainmentAnswer,
    CorrectiveAction,
    EmergencyAnswer,
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
    Why,
)
from eightd.domain.discipline.texts import keyed
from eightd.domain.reviewer import lexicon, numbers
from eightd.domain.reviewer.causes import branches
from eightd.domain.reviewer.dossier import Dossier, Facts, dossier, submitting
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.printed import reviewer_page
from eightd.domain.reviewer.registry import BY_ID, RULES
from eightd.domain.reviewer.review import digest, repeats, review, standing, stopping
from eightd.domain.reviewer.scoring import CRITERIA, is_empty, score
from eightd.domain.words import Language
from eightd.domain.workflow import content
from eightd.domain.workflow.snapshot import ComplaintSnapshot, DisciplineSnapshot, ReportForm
from tests.domain.reviewer.examples import PUTS, RECEIVED, TODAY, sound

D = DisciplineCode
FACTS = Facts(received_on=RECEIVED, on=TODAY)
DOCS = Path(__file__).parents[3] / "docs" / "reviewer.md"


def only(code, answer, **facts):
    """Return what is objected to in an 8D of this one answer."""
    return review(Dossier(facts=replace(FACTS, **facts), answers={code: keyed(answer)}))


def rules(found):
    return {one.rule for one in found}


def snapshot(**others):
    values = {
        "id": 1, "plant_id": 1, "customer_id": 1, "stage": Stage.ANALYSING, "tier": Tier.OTHER, "version": 1,
        "received_at": None, **others,
    }  # fmt: skip
    return ComplaintSnapshot(**values)


# ---------------------------------------------------------------- the whole


def test_the_page_of_documentation_is_the_rules():
    assert DOCS.read_text(encoding="utf-8") == reviewer_page()


def test_every_rule_is_known_once_and_names_gates_that_exist():
    assert len(BY_ID) == len(RULES)
    known = {phrase.code for phrase in vars(content).values() if hasattr(phrase, "code")}
    assert {gate for rule in RULES for gate in rule.gates} <= known
    assert {rule.level for rule in RULES} == {Level.NOTE, Level.WARN, Level.STOP}


def test_an_empty_8d_is_objected_to_by_nobody():
    assert review(Dossier(facts=FACTS)) == ()


def test_objections_stand_in_the_order_of_disciplines_and_places():
    found = review(PUTS["place_without_number"](PUTS["cause"](sound(False), "Operator error"), "-"))
    assert [(one.rule, one.place) for one in found] == [
        ("d3.place_without_number", "stock/1/quantity"),
        ("d4.blames_person", "causes/1/text"),
    ]


def test_a_rule_is_weighed_otherwise_or_not_asked():
    bad = PUTS["cause"](sound(False), "Operator error")
    (found,) = review(bad, {"d4.blames_person": Level.NOTE})
    assert found.level is Level.NOTE
    assert stopping([found], D.D4) == ()
    assert review(bad, {"d4.blames_person": Level.OFF}) == ()


def test_a_stop_keeps_only_its_own_discipline():
    found = review(PUTS["cause"](sound(False), "Operator error"))
    (message,) = stopping(found, D.D4)
    assert "blames a person" in message.text(Language.EN)
    assert stopping(found, D.D5) == ()


def test_what_was_let_stand_holds_while_its_words_do():
    bad = PUTS["cause"](sound(False), "Operator error")
    (found,) = review(bad)
    let = {digest(found): "the customer knows"}
    (stands,) = review(bad, accepted=let)
    assert stands.accepted_because == "the customer knows"
    assert standing([stands]) == ()
    (again,) = review(PUTS["cause"](sound(False), "Human error"), accepted=let)
    assert again.accepted_because == ""


def test_what_was_let_stand_keeps_to_its_row_when_rows_move():
    one = Dossier(facts=FACTS, answers={D.D3: ContainmentAnswer(stock=(
        StockCheck(StockPlace.WIP, 5, 5, 0, key="a"), StockCheck(StockPlace.CUSTOMER, key="b"),
    ))})  # fmt: skip
    other = replace(one, answers={D.D3: replace(one.containment, stock=one.containment.stock[::-1])})
    missing = [next(o for o in review(d) if o.rule == "d3.place_without_number") for d in (one, other)]
    assert missing[0].what.arguments != missing[1].what.arguments
    assert digest(missing[0]) == digest(missing[1])


def test_a_language_is_part_of_what_was_let_stand():
    found = PUTS["both_languages"](sound(True), "磨损件要有寿命上限")
    assert {digest(one) for one in review(found)} != {
        digest(one) for one in review(PUTS["both_languages"](sound(True), "磨损件有寿命"))
    }


def test_a_gate_is_not_said_twice():
    answer = keyed(
        ValidationAnswer((Validation(0, date(2026, 3, 20), "B1", "how", None, "3 lots", "1", "0"),))
    )
    (missing,) = (one for one in only(D.D6, answer) if one.rule == "d6.no_sample")
    findings = content.review(snapshot(), D.D6, answer)
    (said,) = (one for one in findings if repeats(one, missing))
    assert said.message.arguments["field"].code == "content.d6_sample"
    (other,) = (one for one in findings if one.message.code == "content.d6_no_actions")
    assert not repeats(other, missing)


def test_the_dossier_holds_the_newest_answers_or_those_a_reader_sees():
    draft, accepted = TeamAnswer("A", "B"), TeamAnswer("C", "D")
    found = snapshot(disciplines={D.D1: DisciplineSnapshot(D.D1, draft=draft, accepted=accepted)})
    assert dossier(found, FACTS).answers == {}  # open: neither was submitted
    assert dossier(found, FACTS, answers={D.D1: accepted}).team is accepted
    begun = submitting(dossier(found, FACTS), D.D1, draft)
    assert begun.team is draft
    assert not begun.short
    short = snapshot(form=ReportForm.SHORT)
    assert dossier(short, FACTS).short
    stored = snapshot(disciplines={D.D1: replace(found.disciplines[D.D1], state="draft")})
    assert dossier(stored, FACTS).team is draft


# ---------------------------------------------------------------- rows no example reaches


def test_containment_says_what_is_missing_around_the_counts():
    stock = (StockCheck(StockPlace.CUSTOMER, 50),)
    assert rules(only(D.D3, ContainmentAnswer(stock=stock))) == {
        "d3.place_unchecked", "d3.delivered_unknown", "d3.own_stock_missing",
    }  # fmt: skip
    assert rules(only(D.D3, ContainmentAnswer(actions=(ContainmentAction(),)))) == set()


def test_causes_say_what_is_missing_around_the_chains():
    one = RootCause(CausePath.OCCURRENCE, "Burr 0.2 mm on the rail", 60, how="")
    found = only(D.D4, CauseAnswer(causes=(one, RootCause()), ntf_quantity=3))
    assert rules(found) == {
        "d4.no_escape", "d4.no_system", "d4.short_chain", "d4.unverified", "d4.shares", "d4.changes_not_asked",
        "d4.ntf_unexplained",
    }  # fmt: skip
    assert "d4.ntf_exceeds" in rules(only(D.D4, CauseAnswer(ntf_quantity=3, ntf_text="tested"), complained=2))
    short = Dossier(facts=FACTS, answers={D.D4: keyed(CauseAnswer())}, short=True)
    assert review(short) == ()


def test_a_tree_of_whys_has_a_branch_for_every_end():
    tree = (Why("a", 0), Why("b", 1), Why("", 2), Why("c", 2), Why("d", 1), Why("e", 0))
    assert ["".join(step.text for step in branch) for branch in branches(tree)] == ["abc", "ad", "e"]


def test_the_same_words_in_two_branches_are_no_repetition():
    tree = tuple(Why(text, level) for text, level in (("part bent", 0), ("rail worn", 1), ("no limit set", 2),
        ("gripper worn", 1), ("no limit set", 2)))  # fmt: skip
    found = PUTS["cause"](sound(False), "Rail worn by 0.2 mm")
    first = replace(found.analysis.causes[0], whys=tree)
    causes = (first, *found.analysis.causes[1:])
    assert review(submitting(found, D.D4, keyed(replace(found.analysis, causes=causes)))) == ()


def test_an_action_without_words_or_error_proofing():
    answer = ActionAnswer(
        actions=(CorrectiveAction(), CorrectiveAction(None, "Rail rounded", "", "0/50", "", "P", TODAY))
    )
    assert rules(only(D.D5, answer)) == {"d5.no_error_proofing"}


def test_looking_is_judged_beside_what_else_is_done_about_the_cause():
    found = sound(False)
    looking = replace(found.correction.actions[0], action="100 % visual inspection", error_proofing="none")
    both = keyed(ActionAnswer(actions=(*found.correction.actions, looking)))
    assert review(submitting(found, D.D5, both)) == ()
    no_index = keyed(ActionAnswer(actions=(replace(looking, cause=None), replace(looking, cause=9))))
    assert "d5.only_inspection" not in rules(only(D.D5, no_index))


def test_prevention_begun_and_empty():
    assert rules(only(D.D7, PreventionAnswer())) == {"d7.no_revision", "d7.no_read_across", "d7.no_lesson"}
    row = PreventionAnswer(read_across=(ReadAcross("line 2", ""),), lesson="Look")
    found = only(D.D7, row)
    assert {one.place for one in found if one.rule == "d7.no_read_across"} == {"read_across/1/decision"}
    document = replace(sound(False).prevention, documents=sound(False).prevention.documents[:1])
    assert rules(only(D.D7, document)) == {"d7.not_reviewed"}


def test_the_early_disciplines_begun_and_vague():
    assert rules(only(D.D0, EmergencyAnswer("dark", "stopped"))) == {"d0.unproven"}
    assert rules(only(D.D0, EmergencyAnswer("dark", "stopped", verified="by phone"))) == set()
    assert rules(only(D.D1, TeamAnswer(members=(TeamMember("A", "QA"), TeamMember("B", "QA"))))) == {
        "d1.one_department"
    }
    assert rules(only(D.D2, ProblemAnswer(our_words="scratched"))) == {"d2.not_counted", "d2.not_compared"}


def test_actions_proven_against_assumed_causes():
    found = sound(False)
    causes = tuple(replace(one, state=CauseState.HYPOTHESIS) for one in found.analysis.causes)
    assumed = submitting(found, D.D4, keyed(replace(found.analysis, causes=causes)))
    assert rules(review(assumed)) == {"d6.causes_assumed", "d4.unverified"}


def test_the_end_of_the_interim_action_in_the_future_and_without_known_causes():
    answer = keyed(ValidationAnswer((), date(2027, 1, 1)))
    assert rules(only(D.D6, answer)) == {"d6.done_in_future"}
    unknown = (Validation(7, date(2026, 3, 20), "B1", "how", 10, "2026-03-21", "1", "2"),)
    assert rules(only(D.D6, ValidationAnswer(unknown, date(2026, 3, 14)))) == set()
    empty_day = (replace(unknown[0], done_on=None),)
    assert rules(only(D.D6, ValidationAnswer(empty_day, date(2026, 3, 14)))) == set()


def test_contained_before_the_complaint_in_the_stock_too():
    stock = (StockCheck(StockPlace.WIP, 1, 1, 0, date(2026, 1, 2), "scrap"),)
    assert rules(only(D.D3, ContainmentAnswer(stock=stock))) == {"d3.before_received"}


def test_internal_places_are_not_read_as_the_customers():
    said = replace(sound(False).prevention, advice="We accept full responsibility", internal=("advice",))
    assert rules(review(submitting(sound(False), D.D7, said))) == set()


def test_translations_are_read_too():
    said = replace(sound(False).prevention, translation={"lesson": "我司承担全部责任"})
    (found,) = review(submitting(sound(False), D.D7, said))
    assert (found.rule, found.place, found.quote) == ("any.admits_liability", "lesson", "承担全部责任")


def test_the_customers_own_words_may_say_anything():
    said = replace(sound(False).problem, customer_words="This is your fault, you accept full responsibility")
    assert review(submitting(sound(False), D.D2, said)) == ()


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("text", "rate"),
    [("3.0 %", 0.03), ("0 / 1,200", 0.0), ("120 ppm", 0.00012), ("1 / 2, 3 %", None), ("none", None), ("150 %", None),
     ("9/31", 9 / 31), ("5 / 3", None), ("无不良", 0.0)],
)  # fmt: skip
def test_a_rate_is_read_from_words(text, rate):
    assert numbers.rate(text) == (None if rate is None else pytest.approx(rate))


def test_days_are_read_from_words_and_no_days_passed_over():
    assert numbers.days("2026年3月9日, 2026-13-40, 2026/3/10") == (date(2026, 3, 9), date(2026, 3, 10))


def test_texts_that_say_nothing_are_like_no_other():
    assert lexicon.alike("", "a") == lexicon.covered("", "a") == 0.0
    assert lexicon.alike("轴", "轴") == 1.0
    assert not lexicon.is_satisfied(" ")


# ---------------------------------------------------------------- scores


def test_scores_follow_what_stands():
    answer = sound(False).analysis
    (stops,) = review(PUTS["cause"](sound(False), "Operator error"))
    warns = replace(stops, level=Level.WARN)
    other = replace(warns, rule="d4.short_chain")
    blocks = content.Finding(content.Severity.BLOCKS, content.EMPTY.say())
    assert score(None, (), ()) == score(keyed(CauseAnswer()), (), ()) == 0
    assert (
        score(answer, (stops,), ()) == score(answer, (warns, other), ()) == score(answer, (), (blocks,)) == 1
    )
    assert score(answer, (warns, warns), ()) == 2
    assert score(answer, (replace(warns, level=Level.NOTE),), ()) == score(answer, (), ()) == 3


def test_an_answer_with_a_language_and_nothing_else_is_empty():
    assert is_empty(TeamAnswer(written_in=Language.EN))
    assert not is_empty(TeamAnswer("A"))


def test_every_discipline_has_four_criteria():
    assert {code: len(phrases) for code, phrases in CRITERIA.items()} == dict.fromkeys(DisciplineCode, 4)
