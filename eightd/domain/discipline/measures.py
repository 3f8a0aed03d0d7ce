"""The units that numbers carry in texts of both languages, each as a multiple of one base unit.

Words that only count (件, pcs, 只, lots) are no units: ``200 件``, ``200 pcs`` and ``200 adapters`` say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_WORDS = {  # base unit: (multiple, symbols and Chinese names, English words whatever their case)
    "ppm": (
        ("10000", "%", "percent|per cent"),
        ("1000", "‰", ""),
        ("1", "", "ppm"),
    ),
    "s": (
        ("0.001", "ms|毫秒", ""),
        ("1", "s|秒钟|秒", "secs?|seconds?"),
        ("60", "min|分钟", "mins?|minutes?"),
        ("3600", "h|个小时|小时|个钟头", "hrs?|hours?"),
        ("86400", "d|个自然日|自然日|天(?![线津然])", "days?|calendar days?"),
        ("604800", "个星期|个周|星期|周(?![转边期])", "weeks?|wks?"),
    ),
    "working day": (("1", "个工作日|工作日|个工作天", "working days?|business days?|work(?:ing)? ?days?"),),
    "month": (("1", "个月", "months?"), ("12", "年", "years?|yrs?")),
    "m": (
        ("0.000000001", "nm|纳米", ""),
        ("0.000001", "μm|um|微米", "microns?"),
        ("0.001", "mm|毫米", "millimet(?:er|re)s?"),
        ("0.01", "cm|厘米", ""),
        ("0.0254", "英寸", "inch(?:es)?"),
        ("1", "m|米", "met(?:er|re)s?"),
        ("1000", "km|公里|千米", ""),
    ),
    "m/s": (("0.001", "mm/s|毫米/秒", ""), ("1", "m/s|米/秒", "")),
    "g": (
        ("0.001", "mg|毫克", ""),
        ("1", "g|克(?!服)", "grams?"),
        ("1000", "kg|公斤|千克", ""),
        ("1000000", "t|吨", "tons?|tonnes?"),
    ),
    "l": (("0.001", "ml|mL|毫升", ""), ("1", "l|L|升(?![级高温至到压降为])", "lit(?:er|re)s?")),
    "°C": (("1", "°C|摄氏度", "deg(?:rees?)? ?c(?:elsius)?"),),
    "degree": (("1", "°|度", "deg(?:rees?)?"),),
    "V": (
        ("0.001", "mV|毫伏", ""),
        ("1", "V|Vac|Vdc|VAC|VDC|伏特|伏", "volts?"),
        ("1000", "kV|千伏", ""),
    ),
    "A": (
        ("0.000001", "μA|uA|微安", ""),
        ("0.001", "mA|毫安", ""),
        ("1", "A|安培|安(?![全装排置])", "amps?|amperes?"),
    ),
    "W": (("0.001", "mW|毫瓦", ""), ("1", "W|瓦特|瓦", "watts?"), ("1000", "kW|KW|千瓦", "")),
    "Wh": (("1", "Wh|瓦时", ""), ("1000", "kWh|千瓦时", "")),
    "Ah": (("0.001", "mAh|毫安时", ""), ("1", "Ah|安时", "")),
    "VA": (("1", "VA", ""), ("1000", "kVA", "")),
    "Ω": (
        ("0.001", "mΩ|毫欧", ""),
        ("1", "Ω|欧姆|欧(?![洲盟元])", "ohms?"),
        ("1000", "kΩ|KΩ|千欧", ""),
        ("1000000", "MΩ|兆欧", ""),
    ),
    "F": (("0.000000000001", "pF|皮法", ""), ("0.000000001", "nF|纳法", ""), ("0.000001", "μF|uF|微法", "")),
    "Hz": (("1", "Hz|赫兹", "hertz"), ("1000", "kHz|KHz|千赫", ""), ("1000000", "MHz|兆赫", "")),
    "dB": (("1", "dB|分贝", "decibels?"),),
    "Nm": (("0.01", "cNm|cN·m", ""), ("1", "N·m|N\\.m|Nm|牛·米|牛米", "")),
    "kgf·cm": (("1", "kgf·cm|kgf\\.cm|kgfcm|公斤力·厘米", ""),),
    "N": (("1", "N|牛顿|牛(?!皮)", "newtons?"), ("1000", "kN|千牛", "")),
    "Pa": (
        ("1", "Pa|帕", ""),
        ("1000", "kPa|千帕", ""),
        ("100000", "巴", "bar"),
        ("1000000", "MPa|兆帕", ""),
    ),
    "rpm": (("1", "r/min|转/分钟|转/分", "rpm"),),
    "lx": (("1", "lx|勒克斯", "lux"),),
    "CNY": (("1", "元|人民币", "cny|rmb|yuan"),),
    "USD": (("1", "美元|美金", "usd|us dollars?"),),
    "EUR": (("1", "欧元", "eur|euros?"),),
}

CURRENCIES = {
    "¥": "CNY",
    "￥": "CNY",
    "CNY": "CNY",
    "RMB": "CNY",
    "人民币": "CNY",
    "US$": "USD",
    "$": "USD",
} | {
    "USD": "USD",
    "€": "EUR",
    "EUR": "EUR",
}
"""What stands before an amount of money."""


def _alternatives() -> Iterator[tuple[str, str, Decimal]]:
    for base, steps in _WORDS.items():
        for multiple, symbols, words in steps:
            for name in _split(symbols):
                yield name, base, Decimal(multiple)
            for name in _split(words):
                yield f"(?i:{name})", base, Decimal(multiple)


def _split(names: str) -> list[str]:
    """Split alternatives at the bars that stand outside brackets."""
    return re.findall(r"(?:\([^)]*\)|\[[^\]]*\]|[^|])+", names)


def _length(pattern: str) -> int:
    return len(re.sub(r"\(\?!.*|[(?:i)]", "", pattern))


_UNITS = sorted(_alternatives(), key=lambda one: -_length(one[0]))
_NO_LETTER = "(?![A-Za-z])"

UNIT = "|".join(
    f"(?P<u{at}>{name}){_NO_LETTER if name.isascii() else ''}" for at, (name, _, _) in enumerate(_UNITS)
)
"""A pattern with one group per unit, the longest names first."""


def measured(number: Decimal, group: str) -> tuple[str, Decimal]:
    """Return the base unit of the pattern's group, and the number in it."""
    _, base, multiple = _UNITS[int(group[1:])]
    return base, number * multiple
