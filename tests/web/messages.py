"""Find every text a page may show, and what the catalogues have for it.

`python -m tests.web.messages` prints what has no Chinese yet, as catalogue entries to fill in.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from eightd import resources

ROOT = Path(__file__).parents[2]
KEYWORDS = {
    "_": None, "gettext": None, "lazy_gettext": None, "_l": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "_lp": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A text and where it is said; `text` is a pair where there is a plural."""

    text: str | tuple[str, str]
    context: str | None
    place: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text if isinstance(self.text, str) else self.text[0]


def said() -> Iterator[Said]:
    """Yield every text marked for translation in templates, mails, and the Python of pages and messages."""
    for path in sorted(resources.templates().rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from _in(path, babel_extract)
    for folder in ("web", "notifications"):
        for path in sorted((ROOT / "eightd" / folder).rglob("*.py")):
            yield from _in(path, "python")


def _in(path: Path, method: object) -> Iterator[Said]:
    with path.open("rb") as file:
        found = list(extract(method, file, KEYWORDS, options={"encoding": "utf-8"}))  # type: ignore[arg-type]
    for line, text, _comments, context in found:
        place = f"{path.relative_to(ROOT)}:{line}"
        yield Said(text if isinstance(text, str) else (text[0], text[1]), context, place)


def catalogues() -> dict[str, Catalog]:
    """Return the Chinese catalogue of each area."""
    found = {}
    for path in sorted(resources.translations().glob("zh/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            found[path.stem] = read_po(file, locale="zh", abort_invalid=True)
    return found


def entries(catalogue: Catalog) -> dict[tuple[str | None, str], Message]:
    """Return the entries of a catalogue, without its header, by context and English text."""
    return {
        (one.context, one.id if isinstance(one.id, str) else one.id[0]): one for one in catalogue if one.id
    }


def is_translated(entry: Message) -> bool:
    """Return whether an entry has a Chinese text that is not only proposed."""
    parts = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
    return bool(parts) and all(parts) and not entry.fuzzy


def missing() -> list[Said]:
    """Return what is said but has no Chinese, once each."""
    known = {
        key for area in catalogues().values() for key, one in entries(area).items() if is_translated(one)
    }
    first: dict[tuple[str | None, str], Said] = {}
    for one in said():
        if one.key not in known:
            first.setdefault(one.key, one)
    return list(first.values())


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main() -> int:
    """Print what is missing; exit code 1 where something is."""
    out = sys.stdout.write
    without = missing()
    for one in without:
        out(f"#: {one.place}\n")
        if one.context:
            out(f"msgctxt {_quoted(one.context)}\n")
        if isinstance(one.text, str):
            out(f'msgid {_quoted(one.text)}\nmsgstr ""\n\n')
        else:
            out(f'msgid {_quoted(one.text[0])}\nmsgid_plural {_quoted(one.text[1])}\nmsgstr[0] ""\n\n')
    sys.stderr.write(f"{len(without)} without Chinese\n")
    return int(bool(without))


if __name__ == "__main__":
    sys.exit(main())
