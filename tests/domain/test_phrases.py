"""Wordings to start from: those brought along are good in both languages, and know their fields; places of texts."""

import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.agreement import disagreements, has_language
from eightd.domain.discipline.answers import CauseAnswer, FiveWTwoH, ProblemAnswer, RootCause, Why
from eightd.domain.discipline.phrases import SHIPPED, field_of, fields_of
from eightd.domain.discipline.texts import places, with_texts
from eightd.domain.wording import findings
from eightd.domain.wording_rules import SHIPPED as GUARD

D4 = DisciplineCode.D4


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.en[:40])
def test_what_comes_along_is_good(one):
    assert one.field in fields_of(one.code)
    assert disagreements(one.zh, one.en) == ()
    assert one.zh.count("____") == one.en.count("____")
    assert not findings(one.zh, GUARD)
    assert not findings(one.en, GUARD)


def test_the_field_of_a_place():
    assert field_of(D4, "causes/ab12/whys/3/evidence") == "causes/whys/evidence"
    assert field_of(D4, "fishbone/man/1/text") == "fishbone/man/text"
    assert field_of(DisciplineCode.D2, "five_w2h/what") == "five_w2h/what"
    assert field_of(DisciplineCode.D3, "actions/1/owner") is None  # a name
    assert field_of(D4, "causes/ab12") is None


def test_names_and_numbers_are_read_alike_in_every_language():
    assert has_language("causes/1/text")
    assert not has_language("documents/1/number")
    assert not has_language("leader")


def test_every_place_of_an_answer_blank_ones_included():
    answer = CauseAnswer(causes=(RootCause(key="a", text="cold", whys=(Why(key="w"),)),))
    texts, rows = places(answer)
    assert {"changes_before", "causes/a/text", "causes/a/whys/w/evidence"} <= texts
    assert rows == {"causes/a", "causes/a/whys/w"}
    assert places(ProblemAnswer())[1] == frozenset()


def test_texts_are_replaced_by_place():
    answer = ProblemAnswer(our_words="a", five_w2h=FiveWTwoH(what="b"))
    said = with_texts(answer, lambda place, text: f"{place}={text}" if text else "")
    assert (said.our_words, said.five_w2h.what, said.history) == ("our_words=a", "five_w2h/what=b", "")
