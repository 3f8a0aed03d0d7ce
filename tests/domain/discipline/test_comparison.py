"""What differs between two answers: fields, rows by their keys, words inside texts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from eightd.domain.discipline import comparison
from eightd.domain.discipline.answers import (
    CauseAnswer,
    ContainmentAnswer,
    EmergencyAnswer,
    FiveWTwoH,
    ProblemAnswer,
    RootCause,
    StockCheck,
    StockPlace,
    Why,
)
from eightd.domain.discipline.comparison import Change, ChangeKind, Piece, PieceKind, changed_places, compare

ADDED, REMOVED, CHANGED, MOVED = ChangeKind
SAME, INSERTED, DELETED = PieceKind


def marked(old, new):
    signs = {SAME: "{}", INSERTED: "[+{}]", DELETED: "[-{}]"}
    return "".join(signs[one.kind].format(one.text) for one in comparison.pieces(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("no output", "no output", "no output"),
        ("", "all new", "[+all new]"),
        ("all gone", "", "[-all gone]"),
        ("Solder joint of pin 3 cracked.", "Solder joint of pin 4 cracked.", "Solder joint of pin [-3][+4] cracked."),
        ("锡膏厚度不足。", "锡膏厚度为 80 µm。", "锡膏厚度[-不足][+为 80 µm]。"),
        ("焊点开裂", "焊点虚焊开裂", "焊点[+虚焊]开裂"),
        ("first\nsecond\nthird", "first\nthird", "first\n[-second\n]third"),
        ("0.25 %", "0.35 %", "[-0.25][+0.35] %"),
        ("A. B. C.", "A. X. C.", "A. [-B][+X]. C."),
    ],
)  # fmt: skip
def test_words_inside_texts(old, new, expected):
    assert marked(old, new) == expected


def test_both_texts_can_be_read_from_the_pieces():
    old = "烙铁温度 350 °C，作业员目视检查。Checked by eye; 100 % inspection follows.\n最后一段"
    new = "烙铁温度 380 °C，AOI 检查。Checked by AOI; 100 % inspection follows.\n新的一段\n最后一段"
    found = comparison.pieces(old, new)
    assert "".join(one.text for one in found if one.kind is not INSERTED) == old
    assert "".join(one.text for one in found if one.kind is not DELETED) == new
    assert all(one.text for one in found)


def test_a_stretch_of_very_many_words_is_replaced_whole(monkeypatch):
    monkeypatch.setattr(comparison, "_COMPARED_MOST", 3)
    assert comparison.pieces("a b c", "a b d") == (Piece(DELETED, "a b c"), Piece(INSERTED, "a b d"))


def test_single_fields():
    old = ProblemAnswer(customer_words="no output", history="none", five_w2h=FiveWTwoH(who="line 3"))
    new = ProblemAnswer(customer_words="no output at all", actual="0 V", five_w2h=FiveWTwoH(who="line 4"))
    assert compare(old, new) == (
        Change("customer_words", CHANGED, "no output", "no output at all"),
        Change("five_w2h/who", CHANGED, "line 3", "line 4"),
        Change("actual", ADDED, None, "0 V"),
        Change("history", REMOVED, "none", None),
    )
    assert changed_places(old, new) == ("customer_words", "five_w2h/who", "actual")
    assert compare(old, old) == compare(None, None) == ()
    assert compare(EmergencyAnswer(effect_percent=Decimal(80)), EmergencyAnswer(symptom=" ")) == (
        Change("effect_percent", REMOVED, Decimal(80), None),
    )


def test_an_answer_that_came_or_went():
    answer = ProblemAnswer(our_words="cracked joint", five_w2h=FiveWTwoH(where="Suzhou"))
    assert [(one.place, one.kind) for one in compare(None, answer)] == [
        ("our_words", ADDED),
        ("five_w2h/where", ADDED),
    ]
    assert {one.kind for one in compare(answer, None)} == {REMOVED}
    assert changed_places(answer, None) == ()


def stock(*rows):
    return ContainmentAnswer(
        stock=tuple(StockCheck(key=key, place=place, quantity=n) for key, place, n in rows)
    )


CUSTOMER, WIP, FIELD = StockPlace.CUSTOMER, StockPlace.WIP, StockPlace.FIELD


def test_rows_are_followed_by_their_keys():
    old = stock(("a", CUSTOMER, 10), ("b", WIP, 5), ("e", WIP, 7), ("c", FIELD, None))
    new = stock(("c", FIELD, None), ("a", CUSTOMER, 12), ("e", WIP, 7), ("d", WIP, 1))
    assert compare(old, new) == (
        Change("stock/c", MOVED, 4, 1, is_row=True),
        Change("stock/a/quantity", CHANGED, 10, 12),
        Change("stock/d", ADDED, is_row=True),
        Change("stock/d/place", ADDED, None, WIP),
        Change("stock/d/quantity", ADDED, None, 1),
        Change("stock/b", REMOVED, is_row=True),
        Change("stock/b/place", REMOVED, WIP, None),
        Change("stock/b/quantity", REMOVED, 5, None),
    )
    assert changed_places(old, new) == (
        "stock/c", "stock/a/quantity", "stock/d", "stock/d/place", "stock/d/quantity",
    )  # fmt: skip


def test_rows_inside_rows():
    cause = RootCause(text="cold joint", key="a", whys=(Why("because", key="x"), Why("since", 1, key="y")))
    old = CauseAnswer(causes=(cause,))
    new = CauseAnswer(causes=(replace(cause, whys=(Why("because", key="x"), Why("as", 1, key="y"))),))
    assert compare(old, new) == (Change("causes/a/whys/y/text", CHANGED, "since", "as"),)


def test_rows_typed_anew_are_known_by_what_they_say():
    old = CauseAnswer(causes=(RootCause(text="cold joint", key="1"), RootCause(text="no AOI", key="2")))
    new = CauseAnswer(
        causes=(RootCause(text="cold joint", key="p4"), RootCause(text="no AOI", how="tried", key="q5"),
                RootCause(key="r6"))
    )  # fmt: skip
    assert compare(old, new)[:1] == (Change("causes/q5/how", ADDED, None, "tried"),)
    assert [(one.place, one.kind) for one in compare(old, new) if one.is_row] == [("causes/r6", ADDED)]


def test_translations_are_compared_too():
    old = ProblemAnswer(our_words="裂", translation={"our_words": "crack", "history": "none"})
    new = ProblemAnswer(our_words="裂", translation={"our_words": "cracked", "actual": "0 V", "history": " "})
    assert compare(old, new) == (
        Change("our_words", CHANGED, "crack", "cracked", is_translation=True),
        Change("actual", ADDED, None, "0 V", is_translation=True),
        Change("history", REMOVED, "none", None, is_translation=True),
    )
    assert [one.place for one in compare(None, new) if one.is_translation] == ["our_words", "actual"]
    assert all(one.kind is REMOVED for one in compare(new, None))
