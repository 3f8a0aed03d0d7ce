"""Read days from the cells of a table, whoever typed it; what cannot be read is told line by line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from eightd.domain.words import Message, Phrase
from eightd.usecases.administration.calendar_fields import FIRST_YEAR, LAST_YEAR, LONGEST_REASON
from eightd.usecases.errors import Invalid

Row: TypeAlias = tuple[int, Sequence[object]]
"""A line's number, from 1, and its cells: texts, numbers, dates, or whatever else a spreadsheet holds."""

MOST_LINES = 2000
_MOST_TOLD = 20
_SHOWN = 40

_LINE = Phrase("table.line", "Line {line}: {problem}", "第 {line} 行：{problem}")
_MORE = Phrase("table.more", "And {count} more lines cannot be read.", "另有 {count} 行无法识别。")
_EMPTY = Phrase("table.empty", "There is no day in the file.", "文件中没有任何日期。")
TOO_LONG = Phrase("table.too_long", "The file has more than {most} lines.", "文件超过 {most} 行。")
_HEADER = Phrase(
    "table.header",
    "the first line should name the columns “date”, “kind” and “name”",
    "首行应为列名“日期”“类型”“名称”",
)
_NO_KIND = Phrase("table.no_kind", "there is no column “kind”", "缺少“类型”列")
_BAD_DATE = Phrase(
    "table.bad_date", "“{text}” is not a date such as 2027-01-31", "“{text}”不是日期（如 2027-01-31）"
)
_NO_DATE = Phrase("table.no_date", "the date is missing", "缺少日期")
_BAD_YEAR = Phrase(
    "table.bad_year", "“{text}” is not between 2000 and 2100", "“{text}”不在 2000 与 2100 年之间"
)
_BAD_KIND = Phrase(
    "table.bad_kind",
    "“{text}” is neither off (休) nor on (班)",
    "“{text}”既非“休”(off)也非“班”(on)",
)
_MISSING_KIND = Phrase("table.missing_kind", "off or on (休, 班) is missing", "缺少类型（休、班）")
_LONG_NAME = Phrase("table.long_name", "the name is longer than {most} characters", "名称超过 {most} 个字符")
_TWICE = Phrase("table.twice", "{day} stands in line {first} already", "{day} 与第 {first} 行重复")
_BOTH_WAYS = Phrase("table.both_ways", "{day} is the opposite in line {first}", "{day} 与第 {first} 行相矛盾")

_COLUMNS: Mapping[str, frozenset[str]] = {
    "date": frozenset({"date", "day", "日期", "日", "时间", "datum"}),
    "kind": frozenset({"kind", "type", "类型", "类别", "种类", "休班", "休/班", "班休", "状态", "status"}),
    "name": frozenset(
        {
            "name",
            "reason",
            "holiday",
            "summary",
            "description",
            "名称",
            "节日",
            "节日名称",
            "节假日",
            "原因",
            "说明",
        }
    ),
    "name_zh": frozenset({"namezh", "chinese", "中文", "中文名", "中文名称", "名称中文", "名称(中文)"}),
    "name_en": frozenset({"nameen", "english", "英文", "英文名", "英文名称", "名称英文", "名称(英文)"}),
}
_POSITIONS = {"date": 0, "kind": 1, "name": 2, "name_en": 3}
_OFF = frozenset({
    "off", "day off", "dayoff", "free", "holiday", "public holiday", "closed", "休", "休息", "休息日", "放假", "假",
    "假日", "节假日", "法定节假日", "公休", "公休日",
})  # fmt: skip
_ON = frozenset({
    "on", "work", "working", "workday", "working day", "make-up", "make-up day", "make-up workday", "班", "上班",
    "上班日", "补班", "调休上班", "工作日",
})  # fmt: skip
_SEPARATED = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_BEGAN = date(1899, 12, 30)
_SERIALS = range(36_526, 73_416)  # 2000-01-01 to 2100-12-31
DEFAULT_NAMES = {False: ("休息日", "day off"), True: ("上班", "working day")}


@dataclass(frozen=True, slots=True)
class TableDay:
    """A day as a table says it; ``name_en`` is empty where one name serves both languages."""

    on: date
    working: bool
    name: str
    name_en: str
    line: int


class _UnreadableError(ValueError):
    """A cell says nothing that could be taken."""

    def __init__(self, problem: Message) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Gathering:
    """Gathers days and problems; each date once."""

    def __init__(self) -> None:
        self._days: dict[date, TableDay] = {}
        self._problems: list[tuple[int, Message]] = []

    def add(self, day: TableDay, *, may_repeat: bool = False) -> None:
        """Take a day, or tell that its date stands there already; ``may_repeat`` lets the same kind pass."""
        first = self._days.setdefault(day.on, day)
        if first is day or (may_repeat and first.working == day.working):
            return
        phrase = _TWICE if first.working == day.working else _BOTH_WAYS
        self.tell(day.line, phrase.say(day=day.on.isoformat(), first=first.line))

    def tell(self, line: int, problem: Message) -> None:
        """Remember that a line cannot be taken."""
        self._problems.append((line, problem))

    def days(self) -> tuple[TableDay, ...]:
        """Return the days in order; raise Invalid with a message for every line that cannot be taken."""
        if self._problems:
            told: dict[str, Message] = {
                f"line-{number}": _LINE.say(line=line, problem=problem)
                for number, (line, problem) in enumerate(self._problems[:_MOST_TOLD])
            }
            if len(self._problems) > _MOST_TOLD:
                told["line-more"] = _MORE.say(count=len(self._problems) - _MOST_TOLD)
            raise Invalid(told)
        if not self._days:
            raise Invalid({"file": _EMPTY.say()})
        return tuple(self._days[on] for on in sorted(self._days))


def days_of(rows: Iterable[Row]) -> tuple[TableDay, ...]:
    """Return the days of a table in order; blank lines are passed over, unknown columns too.

    Raises Invalid with a message for every line that cannot be read, and none of its days.
    """
    gathering = Gathering()
    columns: Mapping[str, int] | None = None
    for number, (line, cells) in enumerate(filled(rows)):
        if number > MOST_LINES:
            raise Invalid({"file": TOO_LONG.say(most=MOST_LINES)})
        if columns is None:
            columns = _named(cells)
            if columns is not None:
                if "kind" not in columns:
                    raise Invalid({"file": _LINE.say(line=line, problem=_NO_KIND.say())})
                continue
            if not _is_date(cells[0]):
                raise Invalid({"file": _LINE.say(line=line, problem=_HEADER.say())})
            columns = _POSITIONS
        try:
            gathering.add(_day(line, cells, columns))
        except _UnreadableError as unreadable:
            gathering.tell(line, unreadable.problem)
    return gathering.days()


def filled(rows: Iterable[Row]) -> Iterable[Row]:
    """Return the rows that say anything."""
    return ((line, cells) for line, cells in rows if any(_text(cell) for cell in cells))


def plain(text: str) -> str:
    """Return a text of one line without control characters and doubled blanks."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(printable.split())


def insist_length(name: str) -> Message | None:
    """Say that a name is too long to be kept."""
    return _LONG_NAME.say(most=LONGEST_REASON) if len(name) > LONGEST_REASON else None


def _named(cells: Sequence[object]) -> Mapping[str, int] | None:
    """Return which column is which, None where the line does not name them."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        heading = re.sub(r"[\s_*:]", "", _text(cell)).casefold()
        for name, words in _COLUMNS.items():
            if heading in words:
                found.setdefault(name, place)
    return found if "date" in found else None


def _day(line: int, cells: Sequence[object], columns: Mapping[str, int]) -> TableDay:
    on = _date(_cell(cells, columns, "date"))
    working = _kind(_text(_cell(cells, columns, "kind")))
    names = {name: plain(_raw(_cell(cells, columns, name))) for name in ("name", "name_zh", "name_en")}
    own = names["name_zh"] or names["name"]
    english = names["name_en"] if own else ""
    name = own or names["name_en"]
    for one in (name, english):
        problem = insist_length(one)
        if problem is not None:
            raise _UnreadableError(problem)
    if not name:
        name, english = DEFAULT_NAMES[working]
    return TableDay(on, working, name, "" if english == name else english, line)


def _cell(cells: Sequence[object], columns: Mapping[str, int], name: str) -> object:
    place = columns.get(name)
    return cells[place] if place is not None and place < len(cells) else None


def _raw(cell: object) -> str:
    return "" if cell is None else str(cell)


def _text(cell: object) -> str:
    """Return what a cell says, in half-width characters."""
    return unicodedata.normalize("NFKC", _raw(cell)).strip().strip("\u200b\ufeff")


def _is_date(cell: object) -> bool:
    try:
        _date(cell)
    except _UnreadableError:
        return False
    return True


def _date(cell: object) -> date:
    if isinstance(cell, datetime):
        if cell.time() != time(0):
            raise _UnreadableError(_BAD_DATE.say(text=str(cell)))
        return _within(cell.date(), cell.date().isoformat())
    if isinstance(cell, date):
        return _within(cell, cell.isoformat())
    if isinstance(cell, int | float) and cell in _SERIALS:
        return _EXCEL_BEGAN + timedelta(days=int(cell))
    text = _text(cell).removesuffix(".0") if isinstance(cell, float) else _text(cell)
    if not text:
        raise _UnreadableError(_NO_DATE.say())
    found = _SEPARATED.fullmatch(text)
    parts = found.group(1, 3, 4) if found else None
    if parts is None:
        other = _CHINESE.fullmatch(text.replace(" ", "")) or _TOGETHER.fullmatch(text)
        parts = other.group(1, 2, 3) if other else None
    if parts is None:
        raise _UnreadableError(_BAD_DATE.say(text=text[:_SHOWN]))
    year, month, day = map(int, parts)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _UnreadableError(_BAD_YEAR.say(text=text[:_SHOWN]))
    try:
        return date(year, month, day)
    except ValueError:
        raise _UnreadableError(_BAD_DATE.say(text=text[:_SHOWN])) from None


def _within(on: date, text: str) -> date:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise _UnreadableError(_BAD_YEAR.say(text=text))
    return on


def _kind(text: str) -> bool:
    word = " ".join(text.casefold().split())
    if not word:
        raise _UnreadableError(_MISSING_KIND.say())
    if word in _ON:
        return True
    if word in _OFF:
        return False
    raise _UnreadableError(_BAD_KIND.say(text=text[:_SHOWN]))
