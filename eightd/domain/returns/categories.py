"""Failure categories on three levels, and the tree to start from (procedure 8; IATF 16949 10.2.6)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eightd.domain.words import Language, Message, Phrase

LEVELS = 3


class Meaning(StrEnum):
    """What a category means to the program; what lies below it means the same."""

    IN_ORDER = "in_order"  # the piece meets its specification
    IN_ORDER_NTF = "in_order_ntf"  # no trouble found by the procedure agreed with the customer
    CAUSED_BY_CUSTOMER = "caused_by_customer"
    UNDETERMINED = "undetermined"

    @property
    def is_good(self) -> bool:
        """Return True where the piece itself has no defect."""
        return self in (Meaning.IN_ORDER, Meaning.IN_ORDER_NTF)


def plain(text: str) -> str:
    """Return a word as it is compared: half-width, small letters, without blanks, stars and colons."""
    return re.sub(r"[\s_*:：]+", "", unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True, slots=True)
class Shipped:
    """A category that the program brings along; the code tells its parent: ``10-20-30`` lies below ``10-20``."""

    code: str
    name: str
    name_en: str
    meaning: Meaning | None = None

    @property
    def parent(self) -> str:
        """Return the code of the category above, empty at the top."""
        return self.code.rpartition("-")[0]

    @property
    def level(self) -> int:
        """Return 1 at the top, 3 at the bottom."""
        return self.code.count("-") + 1


SHIPPED: tuple[Shipped, ...] = (
    Shipped("10", "功能不良", "Functional failure"),
    Shipped("10-10", "元器件", "Component"),
    Shipped("10-10-10", "元器件早期失效", "Early failure of a component"),
    Shipped("10-10-20", "元器件批次不良", "Defective lot of components"),
    Shipped("10-10-30", "过电应力或静电损伤 (EOS/ESD)", "Electrical overstress or discharge (EOS/ESD)"),
    Shipped("10-20", "焊接与连接", "Soldering and connection"),
    Shipped("10-20-10", "虚焊、假焊", "Cold or missing solder joint"),
    Shipped("10-20-20", "连锡、短路", "Solder bridge, short circuit"),
    Shipped("10-20-30", "端子或线束接触不良", "Bad contact of terminal or harness"),
    Shipped("10-30", "软件与参数", "Software and parameters"),
    Shipped("10-30-10", "软件版本错误", "Wrong software version"),
    Shipped("10-30-20", "参数或标定错误", "Wrong parameter or calibration"),
    Shipped("10-40", "装配", "Assembly"),
    Shipped("10-40-10", "漏装、错装", "Part missing or wrong"),
    Shipped("10-40-20", "扭矩或压装不良", "Torque or press fit out of limits"),
    Shipped("10-40-30", "密封不良", "Leak"),
    Shipped("20", "外观与尺寸不良", "Appearance and dimensions"),
    Shipped("20-10", "表面", "Surface"),
    Shipped("20-10-10", "划伤、碰伤", "Scratch or dent"),
    Shipped("20-10-20", "脏污、锈蚀", "Stain or corrosion"),
    Shipped("20-10-30", "色差、镀层不良", "Colour or plating"),
    Shipped("20-20", "形状与尺寸", "Shape and dimensions"),
    Shipped("20-20-10", "尺寸超差", "Dimension out of tolerance"),
    Shipped("20-20-20", "变形、开裂", "Deformation or crack"),
    Shipped("20-20-30", "毛刺、飞边", "Burr or flash"),
    Shipped("20-30", "标识", "Marking"),
    Shipped("20-30-10", "标签错误或缺失", "Label wrong or missing"),
    Shipped("20-30-20", "印字不清", "Print not legible"),
    Shipped("30", "包装与物流", "Packaging and logistics"),
    Shipped("30-10", "包装", "Packaging"),
    Shipped("30-10-10", "混料", "Mixed parts"),
    Shipped("30-10-20", "包装破损", "Packaging damaged"),
    Shipped("30-20", "我方运输", "Transport by us"),
    Shipped("30-20-10", "运输损坏", "Damaged in transport"),
    Shipped("70", "客户原因", "Caused by customer", Meaning.CAUSED_BY_CUSTOMER),
    Shipped("70-10", "使用与应用", "Use and application"),
    Shipped("70-10-10", "超规格使用", "Used beyond specification"),
    Shipped("70-10-20", "接线或操作错误", "Wrong wiring or operation"),
    Shipped("70-20", "客户装配与搬运", "Assembly and handling at the customer"),
    Shipped("70-20-10", "装配损坏", "Damaged in assembly"),
    Shipped("70-20-20", "跌落、搬运损坏", "Dropped or damaged in handling"),
    Shipped("80", "良品", "In order", Meaning.IN_ORDER),
    Shipped("80-10", "检测合格", "Passed every test"),
    Shipped("80-10-10", "出厂测试合格", "Passed the final test"),
    Shipped("85", "按 NTF 程序判定为良品", "In order by NTF procedure", Meaning.IN_ORDER_NTF),
    Shipped("85-10", "标准测试", "Standard test"),
    Shipped("85-10-10", "常温测试未见异常", "No fault at room temperature"),
    Shipped("85-20", "工况测试", "Test under load"),
    Shipped("85-20-10", "高低温测试未见异常", "No fault at high and low temperature"),
    Shipped("85-20-20", "装车或系统测试未见异常", "No fault in vehicle or system"),
    Shipped("90", "无法判定", "Cannot be determined", Meaning.UNDETERMINED),
    Shipped("90-10", "样品不可用", "Sample not usable"),
    Shipped("90-10-10", "样品已拆解或损毁", "Taken apart or destroyed"),
    Shipped("90-20", "信息不足", "Information missing"),
    Shipped("90-20-10", "失效条件不明", "Conditions of the failure unknown"),
)
"""The tree to start from; plants add to it, rename it and switch off what they do not need."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category as a plant keeps it; ``plant_id`` None serves every plant, ``own_meaning`` None takes that above."""

    id: int
    parent_id: int | None
    code: str
    name: str
    name_en: str
    own_meaning: Meaning | None = None
    plant_id: int | None = None
    active: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class Branch:
    """A category in its tree: the way to it from the top, what it means, whether it may be chosen."""

    category: Category
    path: tuple[Category, ...]
    meaning: Meaning | None
    offered: bool

    @property
    def level(self) -> int:
        """Return 1 at the top."""
        return len(self.path)

    def says(self) -> Message:
        """Return the names from the top down."""
        chinese = " / ".join(one.name for one in self.path)
        return PATH.say(zh=chinese, en=" / ".join(one.name_en or one.name for one in self.path))

    def name(self) -> Message:
        """Return the category's own name."""
        return PATH.say(zh=self.category.name, en=self.category.name_en or self.category.name)


PATH = Phrase("category.path", "{en}", "{zh}")


def tree(categories: Iterable[Category]) -> tuple[Branch, ...]:
    """Return the categories by code, each followed by what lies below it.

    A category means what it says itself, else what the one above means; it is offered where it and all above are
    active. What hangs on nothing is left out.
    """
    below: dict[int | None, list[Category]] = {}
    for one in sorted(categories, key=lambda one: (one.code, one.id)):
        below.setdefault(one.parent_id, []).append(one)
    return tuple(_branches(below, None, (), None, offered=True))


def _branches(
    below: Mapping[int | None, Sequence[Category]],
    parent_id: int | None,
    path: tuple[Category, ...],
    meaning: Meaning | None,
    *,
    offered: bool,
) -> Iterator[Branch]:
    for one in below.get(parent_id, ()) if len(path) < LEVELS else ():
        branch = Branch(one, (*path, one), one.own_meaning or meaning, offered and one.active)
        yield branch
        yield from _branches(below, one.id, branch.path, branch.meaning, offered=branch.offered)


def words_of(branches: Iterable[Branch], language: Language) -> dict[int, str]:
    """Return how each category is written: by its name where no other has it, else with those above it."""
    found = {one.category.id: one for one in branches}
    names = Counter(plain(one.name().text(language)) for one in found.values())
    return {
        category_id: (one.name() if names[plain(one.name().text(language))] == 1 else one.says()).text(
            language
        )
        for category_id, one in found.items()
    }


def keys_of(branches: Iterable[Branch]) -> dict[str, int]:
    """Return what each category may be called, as ``plain`` makes it: code, names, names from the top down.

    A name that several have means none of them.
    """
    keys: dict[str, int] = {}
    several: set[str] = set()
    for one in branches:
        called = {plain(said.text(language)) for said in (one.name(), one.says()) for language in Language}
        for key in called | {plain(one.category.code)}:
            if keys.setdefault(key, one.category.id) != one.category.id:
                several.add(key)
    return {key: category_id for key, category_id in keys.items() if key not in several}
