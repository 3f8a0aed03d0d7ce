"""What of a complaint may be shown to a supplier."""

from dataclasses import replace
from datetime import date

from eightd.domain.complaint import DefectKind
from eightd.domain.discipline.answers import (
    ContainmentAction,
    ContainmentAnswer,
    Dimension,
    FiveWTwoH,
    IsIsNot,
    ProblemAnswer,
    StockCheck,
    StockPlace,
)
from eightd.domain.suppliers.sharing import (
    DefectFact,
    HeaderFacts,
    as_document,
    chosen,
    from_document,
    offered,
)
from eightd.domain.words import Language

HEADER = HeaderFacts(
    number="CC-2026-00001",
    received_on=date(2026, 3, 12),
    part_number="PA-1200",
    part_name="电源适配器",
    part_name_en="Power adapter",
    drawing_revision="",
    lots=("L1", "L2"),
    date_codes=(),
    serials=(),
    quantity_delivered=1000,
    quantity_inspected=None,
    quantity_complained=0,
    quantity_confirmed_ng=None,
)
DEFECTS = (
    DefectFact(DefectKind.FUNCTIONAL, "无输出", "no output", 7, 600),
    DefectFact(DefectKind.OTHER, "脏污", "", 2, None),
)
PROBLEM = ProblemAnswer(
    customer_words="hidden",
    our_words="外壳开裂",
    five_w2h=FiveWTwoH(where="卡扣"),
    is_is_not=(
        IsIsNot(Dimension.WHERE, "左卡扣", "", key="a"),
        IsIsNot(Dimension.WHAT, key="b"),
    ),
    translation={"our_words": "Housing cracked"},
    internal=("customer_words",),
)
CONTAINMENT = ContainmentAnswer(
    stock=(
        StockCheck(StockPlace.RAW_MATERIAL, 500, None, 3, key="s"),
        StockCheck(StockPlace.WIP, None, key="t"),
    ),
    actions=(ContainmentAction("隔离", key="x"), ContainmentAction(key="y")),
    first_clean_lot="L9",
)


def test_every_fact_is_named_and_said_in_both_languages():
    found = {one.key: one for one in offered(HEADER, DEFECTS, PROBLEM, CONTAINMENT)}
    assert list(found) == [
        "number", "received_on", "part_number", "part_name", "lots", "quantity_delivered",
        "quantity_complained", "defects/0", "defects/1", "D2/our_words", "D2/five_w2h/where",
        "D2/is_is_not/a", "D3/stock/s", "D3/actions/x", "D3/first_clean_lot",
    ]  # fmt: skip
    assert found["part_name"].text(Language.EN) == "Power adapter"
    assert found["lots"].text_zh == "L1, L2"
    assert found["defects/0"].text(Language.EN) == "no output: 7 of 600 pieces inspected"
    assert found["defects/1"].text_en == "脏污: 2 pieces"
    assert found["D2/our_words"].text(Language.EN) == "Housing cracked"
    assert found["D2/is_is_not/a"].text_en == "is: 左卡扣; is not: —"
    assert found["D3/stock/s"].text(Language.ZH) == "500 件，已检 — 件，不良 3 件"
    assert found["D3/stock/s"].label(Language.ZH) == "我方原材料"
    assert found["D3/stock/s"].label(Language.EN) == "Our raw material"


def test_without_answers_the_header_is_left():
    bare = replace(HEADER, part_name_en="", lots=())
    found = {one.key: one for one in offered(bare, (), None, None)}
    assert found["part_name"].text_en == "电源适配器"
    assert "lots" not in found
    assert [one.key for one in offered(bare, (), ProblemAnswer(), ContainmentAnswer())] == list(found)


def test_only_what_was_chosen_is_kept_and_read_back():
    facts = chosen(offered(HEADER, DEFECTS, PROBLEM, CONTAINMENT), ("lots", "defects/0", "customer"))
    assert [one.key for one in facts] == ["lots", "defects/0"]
    assert from_document(as_document(facts)) == facts
    assert from_document({}) == ()
