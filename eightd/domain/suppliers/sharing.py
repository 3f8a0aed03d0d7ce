"""What of a complaint may be shown to a supplier, piece by piece: nothing is shown that nobody chose.

Who complains, what it costs and who works on it are no such pieces. Passages that no customer reads are none either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from eightd.domain.complaint import DefectKind
from eightd.domain.discipline.answers import ContainmentAnswer, Dimension, ProblemAnswer, StockPlace
from eightd.domain.discipline.texts import for_customers, in_language
from eightd.domain.words import Language, Phrase


class Section(StrEnum):
    """Where a fact stands among the others."""

    HEADER = "header"
    DEFECTS = "defects"
    PROBLEM = "problem"
    CONTAINMENT = "containment"


@dataclass(frozen=True, slots=True)
class SharedFact:
    """One fact with its name and what it says, each in both languages."""

    key: str
    section: Section
    label_en: str
    label_zh: str
    text_en: str
    text_zh: str

    def label(self, language: Language) -> str:
        """Return the name of the fact."""
        return self.label_zh if language is Language.ZH else self.label_en

    def text(self, language: Language) -> str:
        """Return what the fact says."""
        return self.text_zh if language is Language.ZH else self.text_en


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What the complaint's header says of the goods; who complained is not among it."""

    number: str
    received_on: date
    part_number: str
    part_name: str
    part_name_en: str
    drawing_revision: str
    lots: tuple[str, ...]
    date_codes: tuple[str, ...]
    serials: tuple[str, ...]
    quantity_delivered: int | None
    quantity_inspected: int | None
    quantity_complained: int | None
    quantity_confirmed_ng: int | None


@dataclass(frozen=True, slots=True)
class DefectFact:
    """One defect line as a supplier may be told of it."""

    kind: DefectKind
    phenomenon: str
    phenomenon_en: str
    quantity: int
    inspected: int | None


CHOSEN_AT_FIRST: frozenset[str] = frozenset(
    {"number", "received_on", "lots", "date_codes", "drawing_revision"}
)
"""What is ticked on the form before anybody has chosen; every defect line is, too."""

_HEADER: Mapping[str, Phrase] = {
    "number": Phrase("share.number", "Our complaint number", "我方客诉编号"),
    "received_on": Phrase("share.received_on", "Complained of on", "客诉日期"),
    "part_number": Phrase("share.part_number", "Our part", "我方料号"),
    "part_name": Phrase("share.part_name", "Name of our part", "我方品名"),
    "drawing_revision": Phrase("share.drawing_revision", "Drawing revision", "图纸版本"),
    "lots": Phrase("share.lots", "Lots", "批次"),
    "date_codes": Phrase("share.date_codes", "Date codes", "周期代码"),
    "serials": Phrase("share.serials", "Serial numbers", "序列号"),
    "quantity_delivered": Phrase("share.quantity_delivered", "Delivered, pieces", "交付数量（件）"),
    "quantity_inspected": Phrase("share.quantity_inspected", "Inspected, pieces", "检验数量（件）"),
    "quantity_complained": Phrase("share.quantity_complained", "Complained of, pieces", "投诉数量（件）"),
    "quantity_confirmed_ng": Phrase("share.quantity_confirmed_ng", "Confirmed NG, pieces", "确认不良（件）"),
}
_KINDS: Mapping[DefectKind, Phrase] = {
    DefectKind.FUNCTIONAL: Phrase("share.functional", "Functional defect", "功能不良"),
    DefectKind.APPEARANCE: Phrase("share.appearance", "Appearance defect", "外观不良"),
    DefectKind.OTHER: Phrase("share.other", "Other defect", "其他不良"),
}
_COUNT = Phrase("share.count", "{phenomenon}: {quantity} pieces", "{phenomenon}：{quantity} 件")
_COUNT_OF = Phrase(
    "share.count_of",
    "{phenomenon}: {quantity} of {inspected} pieces inspected",
    "{phenomenon}：检验 {inspected} 件中 {quantity} 件",
)
_PROBLEM: Mapping[str, Phrase] = {
    "customer_words": Phrase("share.customer_words", "In the customer's words", "客户的描述"),
    "our_words": Phrase("share.our_words", "The problem", "问题描述"),
    "five_w2h/who": Phrase("share.who", "Who", "何人"),
    "five_w2h/what": Phrase("share.what", "What", "何事"),
    "five_w2h/where": Phrase("share.where", "Where", "何处"),
    "five_w2h/when": Phrase("share.when", "When", "何时"),
    "five_w2h/why": Phrase("share.why", "Why", "何故"),
    "five_w2h/how": Phrase("share.how", "How", "如何"),
    "five_w2h/how_many": Phrase("share.how_many", "How many", "多少"),
    "specification": Phrase("share.specification", "Specification", "规格"),
    "actual": Phrase("share.actual", "Actual", "实测"),
    "effect_customer": Phrase("share.effect_customer", "Effect at the customer", "对客户的影响"),
    "effect_end_user": Phrase("share.effect_end_user", "Effect at the end user", "对最终用户的影响"),
    "history": Phrase("share.history", "History", "历史"),
    "other_parts": Phrase("share.other_parts", "Other parts affected", "其他受影响的零件"),
}
_DIMENSIONS: Mapping[Dimension, Phrase] = {
    Dimension.WHAT: Phrase("share.is_what", "Is / is not: what", "是 / 不是：何事"),
    Dimension.WHERE: Phrase("share.is_where", "Is / is not: where", "是 / 不是：何处"),
    Dimension.WHEN: Phrase("share.is_when", "Is / is not: when", "是 / 不是：何时"),
    Dimension.HOW_MANY: Phrase("share.is_how_many", "Is / is not: how many", "是 / 不是：多少"),
}
_IS = Phrase("share.is", "is: {is_}; is not: {is_not}", "是：{is_}；不是：{is_not}")
_PLACES: Mapping[StockPlace, Phrase] = {
    StockPlace.CUSTOMER: Phrase("share.at_customer", "Stock at the customer", "客户处库存"),
    StockPlace.CUSTOMER_LINE: Phrase("share.at_line", "Stock on the customer's line", "客户产线库存"),
    StockPlace.IN_TRANSIT: Phrase("share.in_transit", "Stock in transit", "在途库存"),
    StockPlace.CONSUMED: Phrase("share.consumed", "Already built in", "已装配使用"),
    StockPlace.FIELD: Phrase("share.in_field", "In the field", "市场端"),
    StockPlace.FINISHED_GOODS: Phrase("share.finished", "Our finished goods", "我方成品库存"),
    StockPlace.WIP: Phrase("share.wip", "Our work in progress", "我方在制品"),
    StockPlace.RAW_MATERIAL: Phrase("share.raw", "Our raw material", "我方原材料"),
    StockPlace.SUPPLIER: Phrase("share.at_supplier", "Stock at the supplier", "供应商处库存"),
}
_STOCK = Phrase(
    "share.stock",
    "{quantity} pieces, {checked} checked, {ng} NG",
    "{quantity} 件，已检 {checked} 件，不良 {ng} 件",
)
_ACTION = Phrase("share.action", "Our interim action", "我方临时措施")
_CLEAN = Phrase("share.first_clean_lot", "First clean lot", "首个良品批次")


def offered(
    header: HeaderFacts,
    defects: Sequence[DefectFact],
    problem: ProblemAnswer | None,
    containment: ContainmentAnswer | None,
) -> tuple[SharedFact, ...]:
    """Return everything that may be chosen for a supplier, in the order in which it is shown; blanks are left out."""
    found = [*_of_header(header), *_of_defects(defects)]
    if problem is not None:
        found += _of_problem(problem)
    if containment is not None:
        found += _of_containment(containment)
    return tuple(found)


def chosen(facts: Sequence[SharedFact], keys: Collection[str]) -> tuple[SharedFact, ...]:
    """Return the facts that were chosen, in their order; a key that is not offered chooses nothing."""
    return tuple(one for one in facts if one.key in keys)


def as_document(facts: Sequence[SharedFact]) -> dict[str, Any]:
    """Return the facts as they are kept with the case."""
    return {"facts": [{**asdict(one), "section": one.section.value} for one in facts]}


def from_document(document: Mapping[str, Any]) -> tuple[SharedFact, ...]:
    """Read what ``as_document`` wrote."""
    return tuple(
        SharedFact(**{**one, "section": Section(one["section"])}) for one in document.get("facts", ())
    )


def _fact(key: str, section: Section, label: Phrase, en: str, zh: str) -> SharedFact:
    return SharedFact(key, section, label.en, label.zh, en.strip(), zh.strip())


def _of_header(header: HeaderFacts) -> Iterator[SharedFact]:
    for name, label in _HEADER.items():
        value = getattr(header, name)
        if isinstance(value, tuple):
            value = ", ".join(value)
        text = "" if value is None else str(value)
        if text.strip():
            english = header.part_name_en.strip() or text if name == "part_name" else text
            yield _fact(name, Section.HEADER, label, english, text)


def _of_defects(defects: Sequence[DefectFact]) -> Iterator[SharedFact]:
    for position, line in enumerate(defects):
        phrase = _COUNT if line.inspected is None else _COUNT_OF
        counted = {"quantity": line.quantity, "inspected": line.inspected or 0}
        yield _fact(
            f"defects/{position}",
            Section.DEFECTS,
            _KINDS[line.kind],
            phrase.say(phenomenon=line.phenomenon_en or line.phenomenon, **counted).text(Language.EN),
            phrase.say(phenomenon=line.phenomenon, **counted).text(Language.ZH),
        )


def _of_problem(answer: ProblemAnswer) -> Iterator[SharedFact]:
    answer = for_customers(answer)
    en, zh = in_language(answer, Language.EN), in_language(answer, Language.ZH)
    for place, label in _PROBLEM.items():
        text_en, text_zh = _at(en, place), _at(zh, place)
        if text_en.strip():
            yield _fact(f"D2/{place}", Section.PROBLEM, label, text_en, text_zh)
    for row_en, row_zh in zip(en.is_is_not, zh.is_is_not, strict=True):
        if row_en.is_.strip() or row_en.is_not.strip():
            said_en = _IS.say(is_=row_en.is_ or "—", is_not=row_en.is_not or "—")
            said_zh = _IS.say(is_=row_zh.is_ or "—", is_not=row_zh.is_not or "—")
            yield _fact(
                f"D2/is_is_not/{row_en.key}",
                Section.PROBLEM,
                _DIMENSIONS[row_en.dimension],
                said_en.text(Language.EN),
                said_zh.text(Language.ZH),
            )


def _at(answer: ProblemAnswer, place: str) -> str:
    outer, _, inner = place.partition("/")
    value = getattr(answer, outer)
    return str(getattr(value, inner) if inner else value)


def _of_containment(answer: ContainmentAnswer) -> Iterator[SharedFact]:
    answer = for_customers(answer)
    en, zh = in_language(answer, Language.EN), in_language(answer, Language.ZH)
    for row in en.stock:
        if row.quantity is not None:
            said = _STOCK.say(quantity=row.quantity, checked=_or_dash(row.checked), ng=_or_dash(row.ng))
            yield _fact(
                f"D3/stock/{row.key}",
                Section.CONTAINMENT,
                _PLACES[row.place],
                said.text(Language.EN),
                said.text(Language.ZH),
            )
    for row_en, row_zh in zip(en.actions, zh.actions, strict=True):
        if row_en.what.strip():
            yield _fact(f"D3/actions/{row_en.key}", Section.CONTAINMENT, _ACTION, row_en.what, row_zh.what)
    if en.first_clean_lot.strip():
        yield _fact("D3/first_clean_lot", Section.CONTAINMENT, _CLEAN, en.first_clean_lot, zh.first_clean_lot)


def _or_dash(number: int | None) -> str | int:
    return "—" if number is None else number
