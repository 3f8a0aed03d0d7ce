"""Where each key and value of a TOML text stands, so that a fault can be told by line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys from the root, with numbers for the members of an array."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SIMPLE = re.compile(r"[^,\]}\n#]+")
_ESCAPE = re.compile(r'\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|["\\bfnrt])')
_PLAIN = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column, both from 1."""

    line: int
    column: int


def places(text: str) -> dict[Path, Place]:
    """Return the place of every table, key and array member of a text that is sound TOML.

    A key is where it is written, a member of an array where its value begins; a table that is only
    implied by a longer head is where that head stands. The root ``()`` is the first line.
    """
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.document()
    return scanner.found


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._tables: dict[Path, int] = defaultdict(int)  # how often an array of tables was begun
        self.found: dict[Path, Place] = {(): Place(1, 1)}

    def document(self) -> None:
        table: Path = ()
        while self._skip():
            if self._text.startswith("[[", self._at):
                table = self._head(2)
            elif self._text[self._at] == "[":
                table = self._head(1)
            else:
                self._pair(table)

    def _head(self, brackets: int) -> Path:
        begun = self._at
        self._at += brackets
        path: Path = ()
        keys = self._keys()
        for index, (key, _) in enumerate(keys):
            path = (*path, key)
            self._note(path, begun)
            if index == len(keys) - 1 and brackets == 2:
                self._tables[path] += 1
            if self._tables.get(path):
                path = (*path, self._tables[path] - 1)
            self._note(path, begun)
        self._at = self._text.index("]" * brackets, self._at) + brackets
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key, at in self._keys():
            path = (*path, key)
            self._note(path, at)
        self._at = self._text.index("=", self._at) + 1
        self._value(path)

    def _keys(self) -> list[tuple[str, int]]:
        keys = []
        while True:
            self._blanks()
            at = self._at
            keys.append((self._string() if self._text[at] in "\"'" else self._bare(), at))
            self._blanks()
            if not self._text.startswith(".", self._at):
                return keys
            self._at += 1

    def _bare(self) -> str:
        begun = self._at
        self._run(_BARE)
        return self._text[begun : self._at]

    def _run(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError("the text is no sound TOML")
        self._at = match.end()

    def _value(self, path: Path) -> None:
        self._blanks()
        first = self._text[self._at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline(path)
        else:
            self._run(_SIMPLE)

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._skip() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            member = (*path, index)
            self._note(member, self._at)
            self._value(member)
            index += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._pair(path)
        self._at += 1

    def _string(self) -> str:
        quote = self._text[self._at]
        if self._text.startswith(quote * 3, self._at):
            return self._long_string(quote)
        begun = self._at = self._at + 1
        while self._text[self._at] != quote:
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        inside = self._text[begun : self._at]
        self._at += 1
        return _ESCAPE.sub(_unescaped, inside) if quote == '"' else inside

    def _long_string(self, quote: str) -> str:
        begun = self._at = self._at + 3
        while not self._text.startswith(quote * 3, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        inside = self._text[begun : self._at]
        self._at += 3
        while self._text.startswith(quote, self._at):  # up to two more quotes belong to the text
            self._at += 1
        return inside

    def _blanks(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in " \t":
            self._at += 1

    def _skip(self) -> bool:
        """Go on to the next thing written; return False at the end."""
        while self._at < len(self._text):
            if self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text[self._at] in " \t\n":
                self._at += 1
            else:
                return True
        return False

    def _note(self, path: Path, at: int) -> None:
        if path not in self.found:
            line = bisect_right(self._starts, at)
            self.found[path] = Place(line, at - self._starts[line - 1] + 1)


def _unescaped(match: re.Match[str]) -> str:
    what = match.group(1)
    return chr(int(what[1:], 16)) if what[0] in "uU" else _PLAIN[what]
