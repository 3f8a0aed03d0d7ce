"""Read test results from the cells of a table, whoever typed it: a paste, a text in columns, a workbook.

Columns are told by their headings in either language; a column with any other heading is a measured value. Without
headings the columns stand as the form shows them. Everything that cannot be read is named by line and column; a caller
takes all or nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeAlias

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.categories import plain
from eightd.domain.returns.pieces import (
    MOST_MEASURED,
    MOST_PIECES,
    TOO_MANY_MEASURED,
    TOO_MANY_ROWS,
    UNKNOWN_CATEGORY,
    Column,
    Piece,
)
from eightd.domain.returns.stages import PieceVerdict
from eightd.domain.words import Message, Phrase

Row: TypeAlias = tuple[int, Sequence[object]]
"""A line's number, from 1, and its cells: texts, numbers, dates, or whatever else a spreadsheet holds."""

UNKNOWN_VERDICT = Phrase(
    "pieces.unknown_verdict", "“{text}” is none of NG, OK, NTF, not tested", "“{text}”不是 NG、OK、NTF 或未测"
)
UNKNOWN_KIND = Phrase(
    "pieces.unknown_kind", "“{text}” is none of functional, appearance, other", "“{text}”不是功能、外观或其他"
)
SHORTENED = Phrase(
    "pieces.shortened",
    "the spreadsheet has shortened “{text}”; format the column as text",
    "“{text}”已被表格软件截短，请将该列设为文本格式",
)
A_DATE = Phrase(
    "pieces.a_date",
    "the spreadsheet took this for a date ({text}); format the column as text",
    "表格软件把它当成了日期 ({text})，请将该列设为文本格式",
)
AN_ERROR = Phrase("pieces.an_error", "the cell holds the error {text}", "单元格为错误值 {text}")
TWO_COLUMNS = Phrase(
    "pieces.two_columns", "the column “{heading}” stands there twice", "“{heading}”列重复出现"
)
NOTHING_THERE = Phrase("pieces.nothing_there", "There is no piece in it.", "没有任何一件的结果。")

HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.SERIAL: (
        "序列号",
        "Serial number",
        "serial",
        "serial no",
        "s/n",
        "sn",
        "编号",
        "产品序列号",
        "条码",
    ),
    Column.DATE_CODE: (
        "生产批次",
        "Date code",
        "datecode",
        "d/c",
        "批次",
        "lot",
        "生产日期",
        "周期",
        "日期码",
    ),
    Column.VERDICT: ("判定", "Result", "verdict", "结果", "测试结果", "检测结果", "ok/ng"),
    Column.KIND: ("类别", "Kind", "defect kind", "不良类别", "类型"),
    Column.PHENOMENON: ("不良现象", "Phenomenon", "现象", "defect", "不良", "故障现象", "failure"),
    Column.CATEGORY: ("失效分类", "Failure category", "category", "分类", "失效类别"),
    Column.NTF_CRITERIA: ("NTF 判定标准", "NTF criteria", "ntf标准", "criteria"),
    Column.NOTE: ("备注", "Remark", "remarks", "note", "说明", "comment"),
}
"""What a column may be called; the first is how we write it in Chinese, the second in English."""

VERDICTS: Mapping[PieceVerdict, tuple[str, ...]] = {
    PieceVerdict.NG: ("NG", "NG", "nok", "fail", "failed", "bad", "不良", "不合格", "坏", "×", "x"),
    PieceVerdict.OK: ("OK", "OK", "pass", "passed", "good", "良", "良品", "合格", "好", "√", "✓"),
    PieceVerdict.NTF: (
        "NTF",
        "NTF",
        "nff",
        "no trouble found",
        "no fault found",
        "无故障",
        "未见异常",
        "未复现",
    ),
    PieceVerdict.NOT_TESTED: ("未测", "Not tested", "untested", "未测试", "未检", "待测", "-"),
}
"""What a verdict may be called; the first is how we write it in Chinese, the second in English."""

KINDS: Mapping[DefectKind, tuple[str, ...]] = {
    DefectKind.FUNCTIONAL: ("功能", "Functional", "function", "功能不良", "电气", "f"),
    DefectKind.APPEARANCE: ("外观", "Appearance", "cosmetic", "visual", "外观不良", "a"),
    DefectKind.OTHER: ("其他", "Other", "其它", "o"),
}
"""What a kind may be called; the first is how we write it in Chinese, the second in English."""

_ERRORS = frozenset({"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!"})
_SHORTENED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_EXACT = 10**15
_TITLES = 10
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What words mean here: phenomena by their words in either language, categories by code, name and path.

    Keys are as ``plain`` makes them; a phenomenon gives its kind and our own wording.
    """

    phenomena: Mapping[str, tuple[DefectKind, str]] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with one cell: its line from 1 and its column from 0, -1 where the whole line is meant."""

    line: int
    place: int
    message: Message


@dataclass(frozen=True, slots=True)
class Table:
    """What a table says; ``lines`` has the line of each piece, ``places`` the column of everything that has one."""

    pieces: tuple[Piece, ...] = ()
    lines: tuple[int, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[CellProblem, ...] = ()


def read_pieces(rows: Iterable[Row], catalogue: Catalogue) -> Table:
    """Return the pieces of a table; blank lines are passed over, titles above the headings too.

    An empty verdict is NG where a phenomenon is given, else not tested. A kind that is not given is the catalogue's.
    """
    filled = [(line, cells) for line, cells in rows if any(said(cell) for cell in cells)]
    begins = next((at for at, (_, cells) in enumerate(filled[:_TITLES]) if _is_heading(cells)), None)
    if begins is None:
        places: dict[str, int] = {column.value: at for at, column in enumerate(Column)}
        measured: dict[str, int] = {}
        reading = _Reading(catalogue)
    else:
        line, cells = filled[begins]
        reading = _Reading(catalogue)
        places, measured = reading.headings(line, cells)
        filled = filled[begins + 1 :]
    if not filled:
        reading.tell(1, -1, NOTHING_THERE.say())
    if len(filled) > MOST_PIECES:
        reading.tell(filled[MOST_PIECES][0], -1, TOO_MANY_ROWS.say(most=MOST_PIECES))
        filled = []
    pieces = tuple(reading.piece(line, cells, places, measured) for line, cells in filled)
    return Table(pieces, tuple(line for line, _ in filled), {**places, **measured}, tuple(reading.problems))


def said(cell: object) -> str:
    """Return what a cell says on one line; whole numbers without a point, others with ten digits at most."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else f"{cell:.10g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "minutes")
    printable = "".join(one if one.isprintable() else " " for one in str(cell))
    return " ".join(printable.split())


def _is_heading(cells: Sequence[object]) -> bool:
    return any(plain(said(cell)) in _COLUMNS for cell in cells)


_COLUMNS: Mapping[str, Column] = {plain(word): column for column, words in HEADINGS.items() for word in words}
_VERDICTS = {plain(word): verdict for verdict, words in VERDICTS.items() for word in words}
_KINDS = {plain(word): kind for kind, words in KINDS.items() for word in words}


class _Reading:
    """Reads line by line and gathers what cannot be read."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.problems: list[CellProblem] = []

    def tell(self, line: int, place: int, problem: Message) -> None:
        self.problems.append(CellProblem(line, place, problem))

    def headings(self, line: int, cells: Sequence[object]) -> tuple[dict[str, int], dict[str, int]]:
        """Return where our columns and the measured values stand."""
        places: dict[str, int] = {}
        measured: dict[str, int] = {}
        for place, cell in enumerate(cells):
            heading = said(cell)
            if not heading:
                continue
            column = _COLUMNS.get(plain(heading))
            target, name = (measured, heading) if column is None else (places, column.value)
            if target.setdefault(name, place) != place:
                self.tell(line, place, TWO_COLUMNS.say(heading=heading[:_SHOWN]))
        if len(measured) > MOST_MEASURED:
            self.tell(line, -1, TOO_MANY_MEASURED.say(most=MOST_MEASURED))
        return places, measured

    def piece(
        self, line: int, cells: Sequence[object], places: Mapping[str, int], measured: Mapping[str, int]
    ) -> Piece:
        """Return one piece; what cannot be read of it is told and left blank."""

        def text(place: int | None) -> str:
            if place is None or place >= len(cells):
                return ""
            found = said(cells[place])
            if found.casefold() in _ERRORS:
                self.tell(line, place, AN_ERROR.say(text=found))
                return ""
            return found

        def column(one: Column) -> tuple[int, str]:
            place = places.get(one)
            return -1 if place is None else place, text(place)

        phenomenon_said = column(Column.PHENOMENON)[1]
        meant = self.catalogue.phenomena.get(plain(phenomenon_said))
        kind = self._kind(line, *column(Column.KIND))
        return Piece(
            serial=self._number(line, cells, *column(Column.SERIAL)),
            date_code=self._number(line, cells, *column(Column.DATE_CODE), may_be_date=True),
            verdict=self._verdict(line, *column(Column.VERDICT), phenomenon_said),
            kind=meant[0] if kind is None and meant else kind,
            phenomenon=meant[1] if meant else phenomenon_said,
            category_id=self._category(line, *column(Column.CATEGORY)),
            ntf_criteria=column(Column.NTF_CRITERIA)[1],
            note=column(Column.NOTE)[1],
            measured={name: value for name, place in measured.items() if (value := text(place))},
        )

    def _number(
        self, line: int, cells: Sequence[object], place: int, text: str, *, may_be_date: bool = False
    ) -> str:
        """Return a serial or a date code in half-width characters; what a spreadsheet has spoiled is told."""
        cell = cells[place] if text else None
        if (isinstance(cell, int | float) and abs(cell) >= _EXACT) or _SHORTENED.fullmatch(text):
            self.tell(line, place, SHORTENED.say(text=text[:_SHOWN]))
        elif isinstance(cell, date | time) and not may_be_date:
            self.tell(line, place, A_DATE.say(text=text))
        return unicodedata.normalize("NFKC", text)

    def _verdict(self, line: int, place: int, text: str, phenomenon: str) -> PieceVerdict:
        if not text:
            return PieceVerdict.NG if phenomenon else PieceVerdict.NOT_TESTED
        found = _VERDICTS.get(plain(text))
        if found is None:
            self.tell(line, place, UNKNOWN_VERDICT.say(text=text[:_SHOWN]))
            return PieceVerdict.NOT_TESTED
        return found

    def _kind(self, line: int, place: int, text: str) -> DefectKind | None:
        found = _KINDS.get(plain(text))
        if text and found is None:
            self.tell(line, place, UNKNOWN_KIND.say(text=text[:_SHOWN]))
        return found

    def _category(self, line: int, place: int, text: str) -> int | None:
        found = self.catalogue.categories.get(plain(text)) if text else None
        if text and found is None:
            self.tell(line, place, UNKNOWN_CATEGORY.say())
        return found
