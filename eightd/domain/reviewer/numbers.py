"""Numbers and days read out of what people typed: counts of a quantity, percentages, dates, lots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from eightd.domain.wording import folded

_OF = re.compile(r"(?<![\d./])(\d{1,7}) *(?:pcs|pieces|件|个|只)? *(?:/|of|out of) *(\d{1,7})(?![\d./%])")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) *%")
_PPM = re.compile(r"(\d+(?:\.\d+)?) *ppm")
_DAY = re.compile(r"(?<!\d)(20\d\d) *[-/.年] *(\d{1,2}) *[-/.月] *(\d{1,2})(?!\d)")
_NONE = re.compile(
    r"(?:零|0 *(?:pcs|件|个|只)?) *(?:不良|缺陷|ng)|无不良|未发现不良|\b(?:no|zero"
    r"|0) (?:\w+ )?(?:defects?|ng|rejects?|failures?|findings?|scratch(?:es)?)\b|^0(?: *%)?$"
)
_LOT = re.compile(r"[a-z]*\d[a-z0-9-]*")


def shares(text: str) -> tuple[tuple[int, int], ...]:
    """Return every "18 / 600" and "18 of 600 pieces" as (part, whole); parts larger than their whole are none."""
    plain = _without_space(text)
    found = ((int(one.group(1)), int(one.group(2))) for one in _OF.finditer(plain))
    return tuple((part, whole) for part, whole in found if whole and part <= whole)


def rate(text: str) -> float | None:
    """Return the share defective that the text states, 0 to 1; None where it states none or several."""
    plain = _without_space(text)
    found = [part / whole for part, whole in shares(text)]
    found += [float(one) / 100 for one in _PERCENT.findall(plain)]
    found += [float(one) / 1_000_000 for one in _PPM.findall(plain)]
    if not found and _NONE.search(plain):
        return 0.0
    return found[0] if len(found) == 1 and found[0] <= 1 else None


def days(text: str) -> tuple[date, ...]:
    """Return every full date of the text, such as 2026-03-19 or 2026年3月19日; what is no day is left out."""
    return tuple(_days(folded(text)))


def lots(text: str) -> tuple[str, ...]:
    """Return what may be lot numbers in the text, in lower case."""
    return tuple(_LOT.findall(folded(text)))


def shape(lot: str) -> str:
    """Return a lot's form, such as ``a0000a``: lots of one form follow each other in order."""
    return re.sub(r"[a-z]", "a", re.sub(r"\d", "0", folded(lot).strip()))


def _without_space(text: str) -> str:
    return re.sub(r"(?<=\d)[ ,](?=\d{3}(?!\d))", "", folded(text).strip())


def _days(plain: str) -> Iterator[date]:
    for year, month, day in _DAY.findall(plain):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue
