"""One cell of a foreign table: its text without what is not seen, and whether it says anything."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Generic, TypeAlias, TypeVar

from eightd.domain.words import Message

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None
"""What a spreadsheet hands out for one cell; None and "" are an empty one."""

T = TypeVar("T")

_REMEMBERED = 20_000

NOTHING = frozenset(
    {"-", "--", "---", "/", "\\", "—", "——", "–", "无", "n/a", "na", "none", "nil", "null", "空"}
)
"""What people write where there is nothing to write."""

ERRORS = (
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
)


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a cell was read as; with a ``remark`` where there was a doubt, a ``problem`` where it could not be read."""

    value: T | None = None
    remark: Message | None = None
    problem: Message | None = None


def text_of(cell: Cell) -> str:
    """Return the cell as text: outer blanks, invisible and control characters gone, lines kept.

    A whole number shows no places, a date is ISO, the zero time of a date is left out.
    """
    if not isinstance(cell, str):
        return _shown(cell)
    return _seen(cell)


@lru_cache(_REMEMBERED)
def _seen(cell: str) -> str:
    """Return the text as it is seen; tables say the same again and again."""
    if cell.isprintable() and "\u3000" not in cell and "\u00a0" not in cell:
        return cell.strip()  # almost all are like this
    seen = "".join(
        " " if one in "\u00a0\u3000\t" else one
        for one in cell.replace("\r\n", "\n").replace("_x000D_", "")
        if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return seen.strip()


def _shown(cell: Cell) -> str:
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes") if cell.time() != time.min else cell.date().isoformat()
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Return whether the cell says nothing: empty, blanks, or a dash in its place."""
    if not isinstance(cell, str):
        return cell is None
    text = text_of(cell)
    return not text or (len(text) < 5 and text.casefold() in NOTHING)


def folded(cell: Cell) -> str:
    """Return the text with full-width forms as their plain ones, for reading numbers and dates."""
    return _folded(text_of(cell))


@lru_cache(_REMEMBERED)
def _folded(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def key_of(cell: Cell) -> str:
    """Return what two spellings of a name have in common: no blanks, no case, plain forms."""
    return _key(text_of(cell))


@lru_cache(_REMEMBERED)
def _key(text: str) -> str:
    return "".join(_folded(text).casefold().split())


def error_in(cell: Cell) -> str:
    """Return the spreadsheet's own error that the cell shows, empty where it shows none."""
    text = folded(cell).upper() if isinstance(cell, str) else ""
    return text if text in ERRORS else ""
