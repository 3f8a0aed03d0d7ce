"""What one column's values look like in a sheet's XML, by kind: real numbers, real dates, texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from eightd.reporting.excel.instants import DAY_ZERO, local_serial
from eightd.reporting.excel.parts import Style
from eightd.reporting.excel.text import cell_text, is_plain

Show: TypeAlias = Callable[[Any], str]
"""Turns a value of a text column into its words; called about once per distinct value, not per cell."""

Render: TypeAlias = Callable[[Sequence[str], Sequence[Any]], list[str]]
"""Row numbers and one column's values of the same rows in, one XML fragment per row out."""


class CellKind(StrEnum):
    """How a column's values are stored and shown."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"
    PERCENT = "percent"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: title, kind, width in characters.

    Values by kind: text ``str`` (anything if ``show`` is given), integer ``int``, number and percent
    ``int | float | Decimal`` (a percent is a fraction: 0.25 is 25 %), date ``date``, instant an aware
    ``datetime``, duration ``timedelta``. None is an empty cell everywhere. ``wrap`` breaks long texts
    over lines. ``show`` answers with the words for a hashable value that is not a text itself.
    """

    title: str
    kind: CellKind = CellKind.TEXT
    width: float = 14.0
    wrap: bool = False
    show: Show | None = None


# Excel's day 1 is 1900-01-01, and it believes in a 29 February 1900: serial numbers are right from
# 1 March 1900 (61) on, so earlier dates are written as text.
_FIRST_TRUE_DAY = 61
_FIRST_TRUE_INSTANT = datetime(1900, 3, 2, tzinfo=UTC)  # past that day in every zone
_DAY = timedelta(days=1)
_EXACT = 10**15  # beyond this Excel rounds an integer to fifteen digits

_REMEMBERED = 400  # distinct values whose XML a column keeps
_REMEMBERED_LENGTH = 120  # longer texts seldom repeat, and would cost memory


def column_letters(index: int) -> str:
    """Return A for 0, Z for 25, AA for 26 and so on."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def renderer(column: Column, index: int, zone: ZoneInfo) -> Render:
    """Return the function that writes this column's cells, batch by batch.

    What can be known before the first row (letters, style, zone) is bound here, and the loop over a
    batch stands inside the function: the log writes millions of cells.
    """
    head = f'<c r="{column_letters(index)}'
    if column.kind in (CellKind.TEXT, CellKind.INTEGER, CellKind.DATE):
        known = _Known(_tail(column, zone))

        def remembered(places: Sequence[str], values: Sequence[Any]) -> list[str]:
            return [
                "" if value is None else f"{head}{place}{known[value]}"
                for place, value in zip(places, values, strict=True)
            ]

        return remembered
    tail = _tail(column, zone)

    def computed(places: Sequence[str], values: Sequence[Any]) -> list[str]:
        return [
            "" if value is None else f"{head}{place}{tail(value)}"
            for place, value in zip(places, values, strict=True)
        ]

    return computed


class _Known(dict[Any, str]):
    """Cell XML by value; the first few hundred distinct short values of a column are kept."""

    __slots__ = ("_tail",)

    def __init__(self, tail: Callable[[Any], str]) -> None:
        super().__init__()
        self._tail = tail

    def __missing__(self, value: Any) -> str:
        tail = self._tail(value)
        if len(self) < _REMEMBERED and len(tail) < _REMEMBERED_LENGTH:
            self[value] = tail
        return tail


def _tail(column: Column, zone: ZoneInfo) -> Callable[[Any], str]:
    """Return the function from a value to its cell's XML after the row number."""
    match column.kind:
        case CellKind.TEXT:
            return _text(column)
        case CellKind.INTEGER:
            return _integer
        case CellKind.NUMBER:
            return _number(Style.NUMBER)
        case CellKind.PERCENT:
            return _number(Style.PERCENT)
        case CellKind.DATE:
            return _date
        case CellKind.INSTANT:
            return _instant(zone)
        case CellKind.DURATION:
            return _duration


def inline(style: Style, guarded: Style) -> Callable[[str], str]:
    """Return the function that writes an inline string after the row number; an empty text leaves the cell empty.

    A formula-like text takes the guarded style (quotePrefix), so that it stays a text when edited.
    """
    head = f'" s="{style:d}" t="inlineStr"><is><t>'
    special = (
        {False: f'" s="{style:d}"', True: f'" s="{guarded:d}"'},
        {False: "", True: ' xml:space="preserve"'},
    )

    def write(text: str) -> str:
        if not text:
            return '"/>'
        if is_plain(text):
            return f"{head}{text}</t></is></c>"
        xml, formula_like, keep_space = cell_text(text)
        return f'{special[0][formula_like]} t="inlineStr"><is><t{special[1][keep_space]}>{xml}</t></is></c>'

    return write


_stray = inline(Style.TEXT, Style.TEXT_GUARDED)  # what a numeric cell could not hold exactly


def _text(column: Column) -> Callable[[Any], str]:
    write = inline(Style.WRAPPED, Style.WRAPPED_GUARDED) if column.wrap else _stray
    show = column.show
    if show is None:
        return write
    return lambda value: write(show(value))


def _value(number: str, style: Style) -> str:
    return f'" s="{style:d}"><v>{number}</v></c>'


def _integer(value: int) -> str:
    # The format code refuses a text or a fraction instead of writing a broken book.
    return _value(f"{value:d}", Style.INTEGER) if -_EXACT < value < _EXACT else _stray(f"{value:d}")


def _number(style: Style) -> Callable[[float | Decimal], str]:
    head = f'" s="{style:d}"><v>'

    def number(value: float | Decimal) -> str:
        # Fifteen significant digits are what Excel itself computes with.
        return f"{head}{value:.15g}</v></c>" if math.isfinite(value) else '" t="e"><v>#NUM!</v></c>'

    return number


def _date(value: date) -> str:
    if isinstance(value, datetime):
        raise TypeError("a date column takes dates; an instant needs a zone to become one")
    serial = value.toordinal() - DAY_ZERO
    return _value(f"{serial:d}", Style.DATE) if serial >= _FIRST_TRUE_DAY else _stray(value.isoformat())


def _instant(zone: ZoneInfo) -> Callable[[datetime], str]:
    head = f'" s="{Style.INSTANT:d}"><v>'
    serial = local_serial(zone)

    def instant(value: datetime) -> str:
        number = serial(value)
        if value < _FIRST_TRUE_INSTANT:
            return _stray(f"{value.astimezone(zone):%Y-%m-%d %H:%M}")
        return f"{head}{number}</v></c>"

    return instant


def _duration(value: timedelta) -> str:
    if value < timedelta(0):
        # Excel shows a negative time as ######.
        minutes = round(-value / timedelta(minutes=1))
        return _stray(f"-{minutes // 60}:{minutes % 60:02d}")
    return _value(f"{value / _DAY:.10f}", Style.DURATION)
