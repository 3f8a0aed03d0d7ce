"""A layout or wording file that cannot be used is refused with the line of every fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path as File
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from eightd.domain.words import Language, Message, Phrase
from eightd.reporting.sheet.toml_places import Path, Place, places

T = TypeVar("T")

NOT_TOML = Phrase("layout.not_toml", "not TOML: {error}", "不是有效的 TOML：{error}")
NOT_TEXT = Phrase("layout.not_text", "not UTF-8 text", "不是 UTF-8 文本")
ABSENT = Phrase("layout.absent", "the file is missing", "文件不存在")
UNKNOWN_KEY = Phrase("layout.unknown_key", "{key} is not known here", "{key} 在此处未知")
MISSING_KEY = Phrase("layout.missing_key", "{key} is missing", "缺少 {key}")
WRONG_TYPE = Phrase("layout.wrong_type", "{key} must be {wanted}", "{key} 必须是{wanted}")
_KINDS = {
    str: Phrase("layout.kind.text", "a text in quotes", "带引号的文本"),
    float: Phrase("layout.kind.number", "a number", "数字"),
    int: Phrase("layout.kind.whole", "a whole number", "整数"),
    bool: Phrase("layout.kind.bool", "true or false", "true 或 false"),
    tuple: Phrase("layout.kind.list", "a list in [ ]", "[ ] 中的列表"),
    dict: Phrase("layout.kind.table", "a table", "一个表"),
}
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: where it stands and what is wrong."""

    file: str
    line: int
    column: int
    message: Message

    def text(self, language: Language | str) -> str:
        """Return the fault with its place, such as ``layout.toml:12:8: page.size …``."""
        return f"{self.file}:{self.line}:{self.column}: {self.message.text(language)}"


class MalformedLayout(ValueError):  # noqa: N818 - it names the state of the file
    """A layout or wording file cannot be used; ``faults`` has every fault in the order of the file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column)))
        super().__init__(self.text(Language.EN))

    def text(self, language: Language | str) -> str:
        """Return all faults in the language, one a line."""
        return "\n".join(fault.text(language) for fault in self.faults)


class TomlFile:
    """One file being read: gathers its faults, and refuses it at the end with all of them."""

    def __init__(self, path: File) -> None:
        """Read the file; raises MalformedLayout where it is absent or no TOML."""
        self._name = f"{path.parent.name}/{path.name}"
        self._faults: list[Fault] = []
        self._places: dict[Path, Place] = {(): Place(1, 1)}
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            line = before.count(b"\n") + 1
            raise MalformedLayout([Fault(self._name, line, 1, NOT_TEXT.say())]) from error
        except OSError as error:
            raise MalformedLayout([Fault(self._name, 1, 1, ABSENT.say())]) from error
        try:
            self.content: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise MalformedLayout([self._syntax(str(error), text)]) from error
        self._places = places(text)

    def _syntax(self, said: str, text: str) -> Fault:
        match = _AT.search(said)
        line, column = text.count("\n") + 1, 1
        if match and match.group(1):
            line, column = int(match.group(1)), int(match.group(2))
        return Fault(self._name, line, column, NOT_TOML.say(error=_AT.sub("", said)))

    def fault(self, path: Path, message: Message) -> None:
        """Note a fault at the nearest place that is written in the file."""
        at = path
        while at not in self._places:
            at = at[:-1]
        place = self._places[at]
        self._faults.append(Fault(self._name, place.line, place.column, message))

    def unknown(self, path: Path) -> None:
        """Note a key that means nothing here."""
        self.fault(path, UNKNOWN_KEY.say(key=dotted(path)))

    def missing(self, path: Path) -> None:
        """Note a key that is not there, at the table that should hold it."""
        self.fault(path, MISSING_KEY.say(key=dotted(path)))

    def refuse(self) -> None:
        """Raise MalformedLayout where a fault was noted."""
        if self._faults:
            raise MalformedLayout(self._faults)

    def read(self, kind: type[T]) -> T:
        """Return the content as a dataclass; raises MalformedLayout with all that is wrong with its shape."""
        value = self._read(kind, self.content, ())
        self.refuse()
        return value  # type: ignore[no-any-return]  # built as the kind asks

    def _read(self, kind: Any, plain: Any, path: Path) -> Any:
        origin = get_origin(kind)
        if is_dataclass(kind):
            return self._read_table(kind, plain, path)
        if origin is tuple:
            member = get_args(kind)[0]
            if not isinstance(plain, list):
                return self._wrong(path, tuple)
            return tuple(self._read(member, one, (*path, at)) for at, one in enumerate(plain))
        if origin in (dict, Mapping):
            if not isinstance(plain, dict):
                return self._wrong(path, dict)
            return {key: self._read(get_args(kind)[1], one, (*path, key)) for key, one in plain.items()}
        is_number = isinstance(plain, int | float) and not isinstance(plain, bool)
        if kind is float and is_number and abs(plain) < 1e6:
            return float(plain)
        if kind is not float and type(plain) is kind:
            return plain
        return self._wrong(path, kind)

    def _read_table(self, kind: Any, plain: Any, path: Path) -> Any:
        if not isinstance(plain, dict):
            return self._wrong(path, dict)
        hints = get_type_hints(kind)
        known = {one.name: one for one in fields(kind) if one.init}
        for key in plain:
            if key not in known:
                self.unknown((*path, key))
        values = {}
        for name, one in known.items():
            if name in plain:
                values[name] = self._read(hints[name], plain[name], (*path, name))
            elif one.default is MISSING and one.default_factory is MISSING:
                self.missing((*path, name))
        return None if self._faults else kind(**values)

    def _wrong(self, path: Path, kind: Any) -> None:
        wanted = _KINDS[kind].say()
        self.fault(path, WRONG_TYPE.say(key=dotted(path), wanted=wanted))


def dotted(path: Path) -> str:
    """Return a path as a person writes it: ``page.size``, ``sections.full[2]``."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
