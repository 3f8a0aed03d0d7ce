"""Read the fields of a record leniently where it may leave things out, strictly where it says something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from eightd.domain.documents import (
    read_date,
    read_decimal,
    read_instant,
    read_list,
    read_object,
    read_whole_number,
    read_yes_no,
)
from eightd.domain.errors import MalformedError
from eightd.domain.words import Phrase

_LARGEST = 2_000_000_000
_PLACES = 6
_Choice = TypeVar("_Choice", bound=StrEnum)

NOT_TEXT = Phrase("record.not_text", "{where}: expected text", "{where}: 应为文本")
UNKNOWN_WORD = Phrase(
    "record.unknown_word", "{where}: “{given}” is none of {known}", "{where}: “{given}”不在 {known} 之中"
)
UNREADABLE = Phrase(
    "record.unreadable",
    "{where}: contains characters that stand for no text",
    "{where}: 含有不可作为文本的字符",
)
NO_SUCH_NUMBER = Phrase(
    "record.no_such_number",
    "{where}: at most {largest}, with at most {places} decimals",
    "{where}: 最大 {largest}，最多 {places} 位小数",
)


def _readable(text: str, where: str) -> str:
    """Return the text without blanks around it; refuse what a store or a printer cannot hold."""
    if any((sign < " " and sign not in "\t\n\r") or "\ud800" <= sign <= "\udfff" for sign in text):
        raise MalformedError(UNREADABLE.say(where=where))
    return text.strip()


class Record:
    """One JSON object with the place it stands at, so that every complaint names it."""

    def __init__(self, value: object, where: str) -> None:
        """Take the value as an object; raise MalformedError where it is none."""
        if not isinstance(value, Mapping):
            read_object(value, where)  # raises with the right words
        self.fields: Mapping[str, object] = value if isinstance(value, Mapping) else {}
        self.where = where

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def has(self, key: str) -> bool:
        """Return True where the key is there and not null."""
        return self.fields.get(key) is not None

    def text(self, key: str, default: str = "") -> str:
        """Return the text without blanks around it; numbers are taken as written."""
        value = self.fields.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise MalformedError(NOT_TEXT.say(where=self._at(key)))
        return _readable(str(value), self._at(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where absent."""
        value = self.fields.get(key)
        if value is None:
            return ()
        entries = [value] if isinstance(value, str) else list(read_list(value, self._at(key)))
        if not all(isinstance(entry, str) for entry in entries):
            raise MalformedError(NOT_TEXT.say(where=self._at(key)))
        return tuple(_readable(str(entry), self._at(key)) for entry in entries)

    def holds_objects(self, key: str) -> bool:
        """Return True where a list holds objects; how each must look is for who reads them."""
        value = self.fields.get(key)
        return isinstance(value, list | tuple) and any(isinstance(entry, Mapping) for entry in value)

    def count(self, key: str) -> int | None:
        """Return pieces, None where absent."""
        value = self.fields.get(key)
        return None if value is None else read_whole_number(value, self._at(key), high=_LARGEST)

    def position(self, key: str) -> int | None:
        """Return an index from 0, None where absent."""
        value = self.fields.get(key)
        return None if value is None else read_whole_number(value, self._at(key), high=999)

    def number(self, key: str) -> Decimal | None:
        """Return a decimal number, None where absent."""
        value = self.fields.get(key)
        if value is None:
            return None
        number = read_decimal(str(value) if isinstance(value, float) else value, self._at(key))
        if abs(number) > _LARGEST or number != round(number, _PLACES):
            raise MalformedError(NO_SUCH_NUMBER.say(where=self._at(key), largest=_LARGEST, places=_PLACES))
        return number

    def flag(self, key: str) -> bool | None:
        """Return true or false, None where absent."""
        value = self.fields.get(key)
        return None if value is None else read_yes_no(value, self._at(key))

    def instant(self, key: str) -> datetime | None:
        """Return an aware instant, None where absent."""
        value = self.fields.get(key)
        return None if value is None else read_instant(value, self._at(key))

    def day(self, key: str) -> date | None:
        """Return a date, None where absent."""
        value = self.fields.get(key)
        return None if value is None else read_date(value, self._at(key))

    def record(self, key: str) -> Record:
        """Return the object under the key, an empty one where absent."""
        value = self.fields.get(key)
        return Record({} if value is None else value, self._at(key))

    def records(self, key: str) -> Sequence[Record]:
        """Return the objects of a list, none where absent."""
        value = self.fields.get(key)
        if value is None:
            return ()
        entries = read_list(value, self._at(key))
        return [Record(entry, f"{self._at(key)}[{index}]") for index, entry in enumerate(entries)]

    def choice(self, key: str, words: type[_Choice], synonyms: Mapping[str, _Choice]) -> _Choice:
        """Return the member meant by a word: its value, or one of the synonyms, whatever the case."""
        given = self.text(key)
        wanted = given.casefold().replace("-", "_").replace(" ", "_")
        for member in words:
            if member.value == wanted:
                return member
        if given.casefold() in synonyms:
            return synonyms[given.casefold()]
        known = ", ".join([*(member.value for member in words), *synonyms])
        raise MalformedError(UNKNOWN_WORD.say(where=self._at(key), given=given[:40], known=known))
