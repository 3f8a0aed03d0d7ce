"""Strict reading of plain documents (what JSON gives): every wrong thing is named by its place in one line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from eightd.domain.errors import MalformedError
from eightd.domain.words import Argument, Message, Phrase

LARGEST = 10**18
"""The largest whole number accepted; it still fits a 64-bit column."""

_SHOWN = 40

_ROOT = Phrase("document.root", "the document", "文档")
_WRONG_TYPE = Phrase(
    "document.type", "{where}: expected {wanted}, got {given}", "{where}：应为{wanted}，实际为 {given}"
)
_OBJECT = Phrase("document.object", "an object", "对象")
_LIST = Phrase("document.list", "a list", "列表")
_TEXT = Phrase("document.text", "text that is not empty", "非空文本")
_NUMBER = Phrase("document.number", "a whole number", "整数")
_DECIMAL = Phrase("document.decimal", "a decimal number as text", "文本形式的十进制数")
_YES_NO = Phrase("document.yes_no", "true or false", "true 或 false")
_DATE = Phrase("document.date", "a date such as 2026-03-12", "日期，如 2026-03-12")
_TIME = Phrase("document.time", "a time of day such as 17:30", "时刻，如 17:30")
_INSTANT = Phrase(
    "document.instant",
    "an instant with its offset such as 2026-03-12T16:40:00+08:00",
    "带时区偏移的时间，如 2026-03-12T16:40:00+08:00",
)
_MISSING = Phrase("document.missing", "{where}: “{key}” is missing", "{where}：缺少“{key}”")
_UNKNOWN = Phrase(
    "document.unknown_key",
    "{where}: unknown key {key}; known are {known}",
    "{where}：未知的键 {key}；可用的键：{known}",
)
_RANGE = Phrase(
    "document.range",
    "{where}: must be between {low} and {high}, got {given}",
    "{where}：应在 {low} 与 {high} 之间，实际为 {given}",
)
_CHOICE = Phrase(
    "document.choice",
    "{where}: must be one of {known}, got {given}",
    "{where}：应为 {known} 之一，实际为 {given}",
)

_Choice = TypeVar("_Choice", bound=StrEnum)


def read_object(
    value: object, where: str, *, required: Collection[str] = (), optional: Collection[str] = ()
) -> Mapping[str, object]:
    """Return the object after checking its keys.

    Raises MalformedError for anything but an object, for a missing required key and for a key that is
    neither required nor optional: a mistyped key must not pass for an absent one.
    """
    if not isinstance(value, Mapping):
        raise _mistyped(where, _OBJECT, value)
    known = (*required, *optional)
    for key in value:
        if key not in known:
            raise _malformed(_UNKNOWN, where, key=_shown(key), known=", ".join(known))
    for key in required:
        if key not in value:
            raise _malformed(_MISSING, where, key=key)
    return value


def read_list(value: object, where: str) -> Sequence[object]:
    """Return the list; anything else is a MalformedError."""
    if not isinstance(value, list | tuple):
        raise _mistyped(where, _LIST, value)
    return value


def read_text(value: object, where: str) -> str:
    """Return the text without the blanks around it; empty text and unpaired surrogates are refused."""
    if not isinstance(value, str) or not value.strip() or _has_surrogate(value):
        raise _mistyped(where, _TEXT, value)
    return value.strip()


def read_whole_number(value: object, where: str, *, low: int = 0, high: int = LARGEST) -> int:
    """Return the whole number within ``low`` and ``high``, both included; true, false and 15.0 are refused."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _mistyped(where, _NUMBER, value)
    if not low <= value <= high:
        raise _malformed(_RANGE, where, low=low, high=high, given=_shown(value))
    return value


def read_decimal(value: object, where: str) -> Decimal:
    """Return the exact decimal of text such as "1.5" or of a whole number; a float is refused as inexact."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        with suppress(InvalidOperation):
            number = Decimal(value)
            if number.is_finite():
                return number
    raise _mistyped(where, _DECIMAL, value)


def read_yes_no(value: object, where: str) -> bool:
    """Return the boolean; 0, 1, null and text are refused."""
    if not isinstance(value, bool):
        raise _mistyped(where, _YES_NO, value)
    return value


def read_choice(value: object, where: str, choices: type[_Choice]) -> _Choice:
    """Return the member of the enumeration with that value."""
    known = [str(choice) for choice in choices]
    if not isinstance(value, str) or value not in known:
        raise _malformed(_CHOICE, where, known=", ".join(known), given=_shown(value))
    return choices(value)


def read_date(value: object, where: str) -> date:
    """Return the date of text in the form 2026-03-12."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise _mistyped(where, _DATE, value)


def read_time_of_day(value: object, where: str) -> time:
    """Return the wall-clock time of text in the form 17:30 or 17:30:00."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", value):
        with suppress(ValueError):
            return time.fromisoformat(value)
    raise _mistyped(where, _TIME, value)


def read_instant(value: object, where: str) -> datetime:
    """Return the aware instant of ISO 8601 text; text without an offset is refused, never guessed."""
    if isinstance(value, str):
        with suppress(ValueError):
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is not None:
                return instant
    raise _mistyped(where, _INSTANT, value)


def _mistyped(where: str, wanted: Phrase, given: object) -> MalformedError:
    return _malformed(_WRONG_TYPE, where, wanted=wanted.say(), given=_shown(given))


def _malformed(phrase: Phrase, where: str, **arguments: Argument | Message) -> MalformedError:
    return MalformedError(phrase.say(where=where or _ROOT.say(), **arguments))


def _shown(value: object) -> str:
    """Return the value as one short printable line, in JSON's words where it has them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    if isinstance(value, int) and abs(value) > LARGEST:
        return "±10^18…"  # printing it could take longer than the rule itself
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
