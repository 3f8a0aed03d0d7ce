"""Read a number of pieces however it was written: 12PCS, 41个, 1,200, full-width digits."""

from __future__ import annotations

import re

from eightd.domain.importing import wording
from eightd.domain.importing.cells import Cell, Reading, error_in, folded, is_blank
from eightd.domain.importing.days import han

MOST = 2_000_000_000
"""More pieces than a store's whole number holds are a slip of the keyboard."""

_LONGEST = 60
_UNITS = (
    r"(?:pcs|pc|pieces?|ea|units?|sets?|件|个|個|只|隻|台|套|片|颗|粒|支|根|枚|块"
    r"|条|张|部|组|双|瓶|卷|枝|顆|張)?\.?"
)
_ABOUT = r"(约|大约|近|共|共计|合计|计|总计|~|≈|ca\.?|approx\.?|about|total)?\s*[::]?\s*"
_GROUPED = re.compile(rf"{_ABOUT}(\d{{1,3}}(?:[,'\s]\d{{3}})+)(?:\.0+)?\s*{_UNITS}", re.IGNORECASE)
_PLAIN = re.compile(rf"{_ABOUT}([+-]?\d+)(\.\d+)?\s*(k|千|万)?\s*{_UNITS}", re.IGNORECASE)
_CHINESE = re.compile(rf"([一二三四五六七八九十两]{{1,3}})\s*{_UNITS}")
_TIMES = {"k": 1_000, "千": 1_000, "万": 10_000}


def read_count(cell: Cell) -> Reading[int]:
    """Read pieces: a whole number from nought; an empty cell is no number and no problem.

    A unit behind it is passed over. What is only about right, or in thousands, is read with a remark.
    """
    if is_blank(cell):
        return Reading()
    text = folded(cell)
    if error_in(cell):
        return Reading(problem=wording.CELL_ERROR.say(text=error_in(cell)))
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return Reading(problem=wording.NO_COUNT.say(text=text))
    if len(text) > _LONGEST:
        return Reading(problem=wording.NO_COUNT.say(text=f"{text[:_LONGEST]}…"))
    if grouped := _GROUPED.fullmatch(text):
        return _count(text, re.sub(r"\D", "", grouped[2]), doubt=bool(grouped[1]))
    if plain := _PLAIN.fullmatch(text):
        return _of_plain(text, plain, is_text=isinstance(cell, str))
    if chinese := _CHINESE.fullmatch(text):
        return _count(text, han(chinese[1]), doubt=False)
    return Reading(problem=wording.NO_COUNT.say(text=text))


def _of_plain(text: str, plain: re.Match[str], *, is_text: bool) -> Reading[int]:
    about, whole, places, times = plain.groups()
    if whole.startswith("-"):
        return Reading(problem=wording.NEGATIVE.say(text=text))
    if is_text and places and len(places) == 4 and not times:  # 1.000 and 1.250 are thousands to some
        return Reading(
            problem=wording.TWO_COUNTS.say(text=text, one=f"{whole}{places}", other=f"{whole}{places[1:]}")
        )
    factor = _TIMES.get((times or "").lower(), 1)
    digits = len((places or ".").lstrip("."))
    value, rest = divmod(int(whole + (places or "").lstrip(".")) * factor, 10**digits)
    if rest:
        return Reading(problem=wording.BROKEN_COUNT.say(text=text))
    return _count(text, str(value), doubt=bool(about or times))


def _count(text: str, digits: str, *, doubt: bool) -> Reading[int]:
    if int(digits) > MOST:
        return Reading(problem=wording.COUNT_TOO_LARGE.say(text=text))
    value = int(digits)
    return Reading(value, wording.COUNT_TAKEN.say(text=text, count=value) if doubt else None)
