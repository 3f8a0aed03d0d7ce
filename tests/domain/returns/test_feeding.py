"""Results of returned pieces flow into D2, D3 and D4, and only where they belong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from eightd.domain.discipline.answers import (
    CauseAnswer,
    ContainmentAnswer,
    FiveWTwoH,
    PreventionAnswer,
    ProblemAnswer,
    StockCheck,
    StockPlace,
)
from eightd.domain.returns.feeding import Results, Shown, fed
from eightd.domain.words import Language, Phrase

NO_OUTPUT = Phrase("phenomenon", "no output", "无输出").say()
TESTED = Results(
    ("RCC-2026-00001",), 50, ng=30, ok=3, ntf=15, phenomena=(Shown(NO_OUTPUT, 30),),
    criteria=("24 h, 85 °C",), on=date(2026, 11, 20),
)  # fmt: skip
GOOD = Results(("RCC-2026-00001",), 5, ng=0, ok=5, ntf=0)
CUSTOMER = StockCheck(key="a", place=StockPlace.CUSTOMER, quantity=60)


def test_d2_says_how_many_in_its_own_language_and_keeps_what_was_typed():
    answer = ProblemAnswer(five_w2h=FiveWTwoH(how_many="50 件客退"))
    told = fed(answer, TESTED)
    assert told.five_w2h.how_many == (
        "50 件客退\n客退检测 (RCC-2026-00001)：收到 50 件，检测 48 件：NG 30 (无输出 30), NTF 15, OK 3"
    )
    assert fed(told, TESTED) == told
    english = fed(replace(told, written_in=Language.EN), replace(TESTED, ok=0))
    assert english.five_w2h.how_many == (
        "50 件客退\nReturned pieces (RCC-2026-00001): 50 received, 45 tested: NG 30 (no output 30), NTF 15"
    )
    assert fed(ProblemAnswer(), GOOD).five_w2h.how_many.endswith("检测 5 件：NG 0, OK 5")


@pytest.mark.parametrize(
    ("stock", "filled"),
    [
        ((), 0),
        ((CUSTOMER,), 0),
        ((replace(CUSTOMER, quantity=None),), 0),
        ((replace(CUSTOMER, quantity=10),), 1),
        ((replace(CUSTOMER, checked=2),), 1),
        ((replace(CUSTOMER, ng=2),), 1),
        ((CUSTOMER, replace(CUSTOMER, key="b")), 2),
        ((replace(CUSTOMER, disposition="sorted out"),), 0),
        ((StockCheck(key="c", place=StockPlace.WIP, quantity=60),), 1),
    ],
)
def test_d3_checks_the_pieces_once(stock, filled):
    told = fed(ContainmentAnswer(stock=stock), TESTED)
    row = told.stock[filled]
    assert (row.checked, row.ng, row.on) == (48, 30, date(2026, 11, 20))
    assert "RCC-2026-00001" in row.disposition
    assert [one.key for one in told.stock if one is not row] == [
        one.key for at, one in enumerate(stock) if at != filled
    ]
    marked = replace(told, stock=tuple(replace(one, marking="green dot") for one in told.stock))
    again = fed(marked, replace(TESTED, ng=31, returns=("RCC-2026-00001", "RCC-2026-00002")))
    assert (again.stock[filled].ng, again.stock[filled].marking) == (31, "green dot")
    assert again.stock[filled].disposition.count("RCC-2026-00001") == 1
    assert [replace(one, marking="") for one in again.stock if one is not again.stock[filled]] == [
        one for at, one in enumerate(stock) if at != filled
    ]


def test_d4_names_the_pieces_without_trouble_and_the_criteria():
    told = fed(CauseAnswer(), TESTED)
    assert told.ntf_quantity == 15
    assert told.ntf_text == "客退 NTF：检测 48 件中 15 件；与客户约定的判定标准：24 h, 85 °C"
    assert fed(told, TESTED) == told
    fewer = fed(told, replace(TESTED, ntf=0, criteria=()))
    assert (fewer.ntf_quantity, fewer.ntf_text[-3:]) == (0, "未记录")
    assert fed(CauseAnswer(), GOOD) == CauseAnswer()
    assert fed(PreventionAnswer(), TESTED) == PreventionAnswer()
