"""The texts of an answer by their places: kept with their rows, read in either language, kept from customers."""

from dataclasses import replace
from datetime import date

import pytest

from eightd.domain.discipline.answers import (
    CauseAnswer,
    CausePath,
    ContainmentAction,
    ContainmentAnswer,
    Fishbone,
    FishboneCause,
    FiveWTwoH,
    ProblemAnswer,
    RootCause,
    StockCheck,
    StockPlace,
    TeamAnswer,
    Why,
)
from eightd.domain.discipline.older import todays
from eightd.domain.discipline.texts import (
    for_customers,
    in_language,
    keyed,
    places,
    texts,
    with_texts,
)
from eightd.domain.words import Language

CAUSES = CauseAnswer(
    changes_before="预热模组更换",
    fishbone=Fishbone(machine=(FishboneCause("发热管", key="m1"),)),
    causes=(
        RootCause(CausePath.OCCURRENCE, "冷焊", key="a", whys=(Why("温度低", key="w"), Why("功率小", 1))),
        RootCause(CausePath.ESCAPE, "负载 50 %", key="b"),
    ),
    ntf_quantity=2,
    translation={"causes/a/text": "cold joint", "changes_before": "  ", "causes/b/text": "load of 50 %"},
)


def test_rows_without_a_key_get_the_next_free_number():
    rows = (StockCheck(StockPlace.FIELD, 1), StockCheck(key="1"), StockCheck(key="x"), StockCheck(key="x"))
    answer = keyed(ContainmentAnswer(stock=rows, actions=(ContainmentAction("sort"),)))
    assert [row.key for row in answer.stock] == ["2", "1", "x", "3"]
    assert [row.key for row in answer.actions] == ["1"]
    assert keyed(answer) == answer
    assert [row.key for row in keyed(answer).stock] == ["2", "1", "x", "3"]


def test_nested_rows_get_keys_too_and_an_answer_without_rows_stays():
    answer = keyed(CAUSES)
    assert [why.key for why in answer.causes[0].whys] == ["w", "1"]
    assert keyed(TeamAnswer("Chen")) == TeamAnswer("Chen")


def test_a_key_says_nothing_of_the_row():
    assert StockCheck(key="1") == StockCheck(key="2")


def test_every_text_stands_at_its_place():
    assert texts(keyed(CAUSES)) == {
        "changes_before": "预热模组更换",
        "fishbone/machine/m1/text": "发热管",
        "causes/a/text": "冷焊",
        "causes/a/whys/w/text": "温度低",
        "causes/a/whys/1/text": "功率小",
        "causes/b/text": "负载 50 %",
    }
    problem = ProblemAnswer(our_words="x", five_w2h=FiveWTwoH(what="y"))
    assert texts(problem) == {"our_words": "x", "five_w2h/what": "y"}


def test_places_name_where_a_text_may_stand_and_the_rows():
    written, rows = places(keyed(CAUSES))
    assert {"ntf_text", "causes/b/how", "causes/a/whys/w/evidence", "fishbone/machine/m1/reason"} <= written
    assert rows == {"fishbone/machine/m1", "causes/a", "causes/a/whys/w", "causes/a/whys/1", "causes/b"}


def test_each_text_may_be_said_anew():
    loud = with_texts(keyed(CAUSES), lambda place, text: f"{place}!" if text else "")
    assert loud.causes[1].text == "causes/b/text!"
    assert loud.causes[1].path is CausePath.ESCAPE


@pytest.mark.parametrize(
    ("language", "first", "changes"),
    [(Language.ZH, "冷焊", "预热模组更换"), (Language.EN, "cold joint", "预热模组更换")],
)
def test_a_reader_gets_the_translation_where_one_was_typed(language, first, changes):
    told = in_language(keyed(CAUSES), language)
    assert (told.causes[0].text, told.changes_before) == (first, changes)


def test_without_a_translation_the_answer_is_told_as_it_is():
    plain = replace(CAUSES, translation={})
    assert in_language(plain, Language.EN) is plain


def test_customers_get_neither_internal_texts_nor_rows_nor_their_translations():
    answer = replace(keyed(CAUSES), internal=("causes/a", "changes_before", "fishbone/machine"))
    told = for_customers(answer)
    assert [cause.key for cause in told.causes] == ["b"]
    assert (told.changes_before, told.fishbone.machine, told.internal) == ("", (), ())
    assert told.translation == {"causes/b/text": "load of 50 %"}
    assert told.ntf_quantity == 2


def test_nothing_internal_leaves_the_answer_as_it_is():
    assert for_customers(CAUSES) is CAUSES
    dated = ContainmentAnswer(stock=(StockCheck(on=date(2026, 3, 1), key="1"),), internal=("stock/1/on",))
    assert for_customers(dated).stock[0].on == date(2026, 3, 1)  # only texts and rows can be internal


def test_answers_of_before_trees_and_states_are_brought_into_todays_shape():
    old = {
        "changes_before": "",
        "fishbone": {"man": ["x"], "machine": [{"text": "y", "state": "open"}]},
        "causes": [{"text": "c", "whys": ["a", {"text": "b", "level": 0}]}, {"text": "d"}],
    }
    assert todays(old) == {
        "changes_before": "",
        "fishbone": {"man": [{"text": "x"}], "machine": [{"text": "y", "state": "open"}]},
        "causes": [
            {"text": "c", "whys": [{"text": "a", "level": 0}, {"text": "b", "level": 0}]},
            {"text": "d", "whys": []},
        ],
    }
    assert todays({"leader": "Chen"}) == {"leader": "Chen"}
