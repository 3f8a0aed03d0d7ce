"""What a text states that any language must state alike: numbers with their units, dates, times, lots, other codes.

A number written in words is only *told*: languages count in words where others do not ("a", 一个, "both"), so it
may stand for a figure on the other side but is not missed where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from eightd.domain.discipline.measures import CURRENCIES, UNIT, measured

Key: TypeAlias = tuple[object, ...]
"""A fact in no language: its kind and its value. None inside is what was left unsaid, such as a date's year."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a text states, as written, with every way in which it may be meant.

    ``told`` is a number in words.
    """

    written: str
    keys: frozenset[Key]
    told: bool = False


def facts(text: str) -> list[Fact]:
    """Return what the text states, in no particular order; figures of full width count as others."""
    rest = _BY.sub("×", text.translate(_PLAIN))
    found: list[Fact] = []
    for pattern, say in _READERS:
        for match in pattern.finditer(rest):
            found.extend(say(match))
        rest = pattern.sub(_room, rest)
    codes, rest = _codes(rest)
    return [*found, *codes, *_quantities(rest), *_in_words(rest)]


def _room(match: re.Match[str]) -> str:
    """Keep the place of what was understood, with a character that says nothing."""
    return "\x00" * len(match[0])


_WIDE = (
    *range(0xFF10, 0xFF1A),
    *range(0xFF21, 0xFF3B),
    *range(0xFF41, 0xFF5B),
    *map(ord, "％．：－／～（）＋＃＄"),
)
_PLAIN = str.maketrans(
    {wide: chr(wide - 0xFEE0) for wide in _WIDE}
    | {ord(odd): usual for odd, usual in zip("\u00a0\u202f\u2009〜−‑µΩ", "   ~--μΩ", strict=True)}
    | {ord("℃"): "°C", ord("㎜"): "mm", ord("㎝"): "cm", ord("㎏"): "kg"}
)  # fmt: skip

_BY = re.compile(r"(?<=\d)\s?[xX*]\s?(?=\d)")

# Numbers in words

_ZH_FIGURES = {figure: value for value, figure in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "双": 2,
}
_ZH_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_ZH = "[零〇一二两三四五六七八九十百千万]+"
_ZH_COUNTED = "个件只片台套块支枚颗批次条项名位人班种组箱家款处份张道步轮级倍页点"
_EN_FIGURES = {
    word: value
    for value, words in enumerate(
        (
            "zero", "one first", "two second both twice pair", "three third", "four fourth", "five fifth", "six sixth",
            "seven seventh", "eight eighth", "nine ninth", "ten tenth", "eleven", "twelve dozen", "thirteen",
            "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        )
    )
    for word in words.split()
}  # fmt: skip
_EN_FIGURES |= {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
}
_EN_FIGURES |= {"ninety": 90, "hundred": 100, "thousand": 1000}


def _zh_number(words: str) -> int:
    """Return what Chinese numerals say; 一二 without places is read figure by figure."""
    if not any(place in words for place in _ZH_PLACES):
        return int("".join(str(_ZH_FIGURES[figure]) for figure in words))
    total, figure, below_10_000 = 0, 0, 0
    for character in words:
        if character in _ZH_FIGURES:
            figure = _ZH_FIGURES[character]
        elif character == "万":
            total, below_10_000, figure = ((below_10_000 + figure) or 1) * 10_000, 0, 0
        else:
            below_10_000, figure = below_10_000 + (figure or 1) * _ZH_PLACES[character], 0
    return total + below_10_000 + figure


_ZH_TOLD = re.compile(
    rf"(?P<ordinal>第)?(?P<number>{_ZH}|双)\s?(?:(?P<unit>{UNIT})|(?P<counted>[{_ZH_COUNTED}])|)"
)
_EN_WORD = "|".join(sorted(_EN_FIGURES, key=len, reverse=True))
_EN_TOLD = re.compile(
    rf"(?<![a-z])(?P<number>(?:{_EN_WORD})(?:[ -](?:{_EN_WORD}))*)(?![a-z])(?:[ -](?P<unit>{UNIT}))?",
    re.IGNORECASE,
)
_LOOSE = tuple(  # words in which languages say a figure without counting
    (re.compile(rf"(?<![a-z])(?:{en})(?![a-z])|{zh}", re.IGNORECASE), fact)
    for en, zh, fact in (
        ("an?|one|once|single|each|every|the", "[一单每首该本]", ("", 1)),
        ("no|none|not|never|without|zero|nil", "[无未没零不]", ("", 0)),
        ("full|fully|all|every|each|entire|completely?", "[全满整]|百分百", ("ppm", 1_000_000)),
    )
)


def _in_words(text: str) -> Iterator[Fact]:
    for match in _ZH_TOLD.finditer(text):
        if match["unit"] or match["counted"] or match["ordinal"]:
            yield _told(match, _zh_number(match["number"].replace("双", "两")))
    for match in _EN_TOLD.finditer(text):
        number = 0
        for word in re.split(r"[ -]", match["number"].lower()):
            value = _EN_FIGURES[word]
            number = max(number, 1) * value if value in {12, 100, 1000} and number else number + value
        yield _told(match, number)
    for pattern, (base, value) in _LOOSE:
        if pattern.search(text):
            yield Fact("", frozenset({(base, Decimal(value))}), told=True)


def _told(match: re.Match[str], number: int) -> Fact:
    return Fact(match[0].strip(), frozenset({_with_unit(match, Decimal(number))}), told=True)


def _with_unit(match: re.Match[str], number: Decimal) -> Key:
    group = next((name for name, text in match.groupdict().items() if text and re.match(r"u\d", name)), None)
    base, value = ("", number) if group is None else measured(number, group)
    return base, value.normalize()


# Dates, times and other names

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![a-z])\.?"
)
_DAY, _NTH, _TO = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)", r"(?:st|nd|rd|th)?", r"\s*(?:[-–—~至到]|to|and)\s*"
_YEAR, _M = r"(?P<year>20\d\d)", r"(?P<month>1[0-2]|0?[1-9])"
_AFTERNOON = frozenset({"下午", "晚上", "中午", "p"})


def _date(match: re.Match[str]) -> Iterator[Fact]:
    found = match.groupdict()
    for day in (found["day"], found.get("until")):
        if day:
            yield _name(match, ("date", _year(found), _month_number(found), int(day)))


def _month(match: re.Match[str]) -> Iterator[Fact]:
    found = match.groupdict()
    yield _name(match, ("month", _year(found), _month_number(found)))


def _time(match: re.Match[str]) -> Iterator[Fact]:
    found = match.groupdict()
    hour, minute = int(found["hour"]), found.get("minute") or "0"
    half = (found.get("half") or found.get("m") or "").lower()
    if hour < 12 and (half in _AFTERNOON or half[:1] in _AFTERNOON):
        hour += 12
    yield _name(match, ("time", hour, 30 if minute == "半" else int(minute)))


def _hour(match: re.Match[str]) -> Iterator[Fact]:
    """Say what ``17 点`` may be: an hour of the day, or points of a list."""
    hour = int(match["hour"])
    yield Fact(
        match[0], frozenset({("time", hour, 0), ("time", hour + 12, 0), ("", Decimal(hour).normalize())})
    )


def _day_of_month(match: re.Match[str]) -> Iterator[Fact]:
    """Say what ``12 日`` may be: the twelfth, or twelve days."""
    number = Decimal(match[1])
    yield Fact(match[0], frozenset({("", number.normalize()), ("s", (number * 86_400).normalize())}))


def _calendar_year(match: re.Match[str]) -> Iterator[Fact]:
    yield Fact(match[1], frozenset({("", Decimal(match[1]).normalize())}))


def _quarter(match: re.Match[str]) -> Iterator[Fact]:
    given = match[1] or match[2]
    yield _name(match, ("quarter", _ZH_FIGURES.get(given) or int(given)))


def _week(match: re.Match[str]) -> Iterator[Fact]:
    yield _name(match, ("week", int(match[1] or match[2])))


def _standard(match: re.Match[str]) -> Iterator[Fact]:
    yield _name(match, ("code", re.sub(r"[\s/-]", "", match[0]).casefold()))


def _hundredths(match: re.Match[str]) -> Iterator[Fact]:
    given = match[1]
    share = Decimal(given) if given[0].isdigit() else Decimal(_zh_number(given))
    yield Fact(match[0], frozenset({("ppm", (share * 10_000).normalize())}))


def _half(match: re.Match[str]) -> Iterator[Fact]:
    for unit in re.finditer(UNIT, match["zh"] or match["en"]):
        yield Fact(match[0], frozenset({measured(Decimal("0.5"), str(unit.lastgroup))}), told=True)


def _name(match: re.Match[str], key: Key) -> Fact:
    return Fact(match[0].strip(), frozenset({key}))


def _year(found: dict[str, str | None]) -> int | None:
    given = found.get("year")
    return int(given) if given else None


def _month_number(found: dict[str, str | None]) -> int:
    month = found["month"] or ""
    return int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1


_HALF = "(?P<half>上午|早上|凌晨|下午|晚上|中午)"
_NOT_IN_CODE, _NO_CODE = "(?<![A-Za-z0-9])", "(?![A-Za-z0-9])"
_HOUR, _HALF_PAST = r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])", r"(?P<minute>\d{1,2}(?=\s?分(?!钟))|半)\s?分?"
_UNTIL = rf"(?:{_TO}(?P<until>{_DAY}){_NTH})?"
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Fact]]], ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (rf"(?<![\d.]){_YEAR}([-/.]){_M}\2(?P<day>{_DAY})", _date),
        (rf"(?<![\d.])(?P<day>{_DAY})\.{_M}\.{_YEAR}(?!\d)", _date),
        (
            rf"(?:{_YEAR}\s?年\s?)?(?<!\d){_M}\s?月\s?(?P<day>{_DAY})(?:\s?[日号]?{_TO}(?P<until>{_DAY}))?\s?[日号]",
            _date,
        ),
        (rf"(?<![\d.])(?P<day>{_DAY}){_NTH}{_UNTIL}(?:\s|-|of )+{_MONTH}(?:,?[\s-]+{_YEAR})?", _date),
        (rf"(?<![A-Za-z]){_MONTH}\s?(?P<day>{_DAY}){_NTH}{_UNTIL}(?:,?\s+{_YEAR})?", _date),
        (rf"(?:{_YEAR}\s?年\s?)?(?<![\d.]){_M}\s?月", _month),
        (rf"(?<![A-Za-z])(?!May(?! 20)|Mar(?![a-z])){_MONTH}(?:,?\s+{_YEAR})?", _month),
        (r"(?:in|by|of|since|until|from|during) (?P<month>May)(?![a-z])", _month),
        (rf"第?([一二三四1-4])\s?季度|{_NOT_IN_CODE}Q([1-4]){_NO_CODE}", _quarter),
        (rf"第\s?(\d{{1,2}})\s?周|{_NOT_IN_CODE}(?:CW|W|[Ww]k|[Ww]eek)\s?(\d{{1,2}}){_NO_CODE}", _week),
        (
            rf"{_HALF}?\s?(?<!:){_HOUR}:(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d)(?:\s?(?P<m>[ap])\.?m(?![a-z])\.?)?",
            _time,
        ),
        (r"(?<![\d.])(?P<hour>1[0-2]|[1-9])\s?(?i:(?P<m>[ap])\.?m(?![a-z]))", _time),
        (rf"{_HALF}\s?{_HOUR}\s?[点时](?:\s?{_HALF_PAST})?", _time),
        (rf"{_HOUR}\s?[点时]\s?{_HALF_PAST}", _time),
        (rf"{_HOUR}\s?[点时]", _hour),
        (r"(?<![\d.])(\d{1,3})\s?日", _day_of_month),
        (r"(?<![\d.])(20\d\d)\s?年", _calendar_year),
        (r"(?<![A-Za-z])(?:ISO|IEC|GB/T|GB|IPC|UL|EN|VDA|IATF|DIN|ASTM|JIS)[\s-]?\d[\d.-]*\d", _standard),
        (rf"百分之\s?(\d+(?:\.\d+)?|{_ZH})", _hundredths),
        (r"半\s?(?P<zh>个小时|小时|天|个月|年)|(?i:half an? )(?P<en>hour|day|year)", _half),
    )
)

# Lots and other codes; numbers

_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+|(?<=\d)\.(?=\d)[A-Za-z0-9]+)*")
_PLAIN_UNIT = re.sub(r"\?P<u\d+>", "?:", UNIT)
_FIGURE = re.compile(rf"\d[\d.]*(?:st|nd|rd|th|k|(?:{_PLAIN_UNIT}))?")
_FIGURES = re.compile(rf"{_FIGURE.pattern}(?:-(?:{_FIGURE.pattern}|[A-Za-z]+))*")
_LABELLED = re.compile(r"(?:rev|ver|v|no|nr|qty|aql|cpk|ppk|x|ac|dc|rmb|cny|usd|eur)(?=\d)", re.IGNORECASE)
_AROUND = re.compile(r"^(?:[a-z]{3,}-)+|(?:-[a-z]{3,})+$")


def _codes(text: str) -> tuple[list[Fact], str]:
    """Return lots, part and document numbers, and the text without them."""
    found: list[Fact] = []

    def take(match: re.Match[str]) -> str:
        label = _LABELLED.match(match[0])
        token = match[0][label.end() :] if label else match[0]
        if not re.search(r"\d", token) or not re.search(r"[A-Za-z]", token) or _FIGURES.fullmatch(token):
            return " " * (len(match[0]) - len(token)) + token if label else match[0]
        token = _AROUND.sub("", match[0])
        parts = token.split("-")
        several = len(parts) == 2 and all(re.fullmatch(r"[A-Za-z]+\d{3,}[A-Za-z]?", part) for part in parts)
        codes = parts if several else [token]
        found.extend(Fact(code, frozenset({("code", code.casefold())})) for code in codes)
        return _room(match)

    return found, _TOKEN.sub(take, text)


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?"
_MONEY = "|".join(re.escape(sign) for sign in CURRENCIES)
_TIMES = {"万": 10_000, "亿": 100_000_000, "k": 1000, "thousand": 1000, "million": 1_000_000}
_BELOW = r"(?P<below>(?<![A-Za-z0-9)%°\x00])-|零下\s?|(?i:minus )|)"
_QUANTITY = re.compile(
    rf"(?:(?P<money>{_MONEY})\s?)?{_BELOW}(?<!\d)(?<!\d\.)(?P<number>{_NUMBER})(?:st|nd|rd|th)?"
    rf"(?:\s?(?P<times>万|亿|k(?![A-Za-zΩ])|(?i:thousand|million)(?![a-z])))?(?:[\s-]?(?:{UNIT}))?"
)
_LINK = re.compile(r"\s*(?:[-–—~至到、/x×*±]|to|and|or|和|或)\s*[±+-]?\s*")


def _quantities(text: str) -> Iterator[Fact]:
    """Yield the numbers, each with the unit behind it or that of the next one of its range: 20–30 mm."""
    matches = list(_QUANTITY.finditer(text))
    unit: str | None = None
    for at in range(len(matches) - 1, -1, -1):
        match, after = matches[at], matches[at + 1] if at + 1 < len(matches) else None
        groups = (name for name, given in match.groupdict().items() if given and re.match(r"u\d", name))
        linked = after is not None and bool(_LINK.fullmatch(text, match.end(), after.start()))
        unit = next(groups, unit if linked else None)
        yield _quantity(match, unit)


def _quantity(match: re.Match[str], unit: str | None) -> Fact:
    given, times = match["number"], match["times"]
    number = Decimal(given.replace(",", "")) * _TIMES.get((times or "").lower(), 1)
    if match["money"]:
        return Fact(match[0].strip(), frozenset({(CURRENCIES[match["money"]], number.normalize())}))
    base, value = ("", number) if unit is None else measured(number, unit)
    if match["below"] and base in {"°C", "degree"}:
        value = -value
    if not base and len(given) > 2 and given[0] == "0" and given.isdigit():
        return Fact(given, frozenset({("code", given)}))
    keys: set[Key] = {(base, value.normalize())}
    if base == "degree":  # 25 度 is a temperature or an angle
        keys.add(("°C", value.normalize()))
    return Fact(match[0].strip(" -"), frozenset(keys))
