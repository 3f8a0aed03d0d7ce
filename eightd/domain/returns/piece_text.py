"""Test results as text in columns parted by tabs: what a form shows, sends, and takes from a spreadsheet's paste."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from eightd.domain.returns.piece_table import HEADINGS, KINDS, VERDICTS, Row
from eightd.domain.returns.pieces import Column, Piece, measured_names
from eightd.domain.words import Language


def headings(language: Language) -> tuple[str, ...]:
    """Return the headings of our columns as we write them."""
    return tuple(_own(words, language) for words in HEADINGS.values())


def table(
    pieces: Sequence[Piece], language: Language, categories: Mapping[int, str]
) -> tuple[tuple[str, ...], ...]:
    """Return headings and pieces as rows of words; ``categories`` says how each is written."""
    measured = measured_names(pieces)
    rows = [(*headings(language), *measured)]
    for one in pieces:
        words: dict[Column, str] = {
            Column.SERIAL: one.serial,
            Column.DATE_CODE: one.date_code,
            Column.VERDICT: _own(VERDICTS[one.verdict], language),
            Column.KIND: "" if one.kind is None else _own(KINDS[one.kind], language),
            Column.PHENOMENON: one.phenomenon,
            Column.CATEGORY: "" if one.category_id is None else categories.get(one.category_id, ""),
            Column.NTF_CRITERIA: one.ntf_criteria,
            Column.NOTE: one.note,
        }
        rows.append(
            (*(words[column] for column in Column), *(one.measured.get(name, "") for name in measured))
        )
    return tuple(rows)


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines parted by tabs; a cell with a quotation mark is quoted as spreadsheets do."""
    lines = _Lines()
    csv.writer(lines, "excel-tab", lineterminator="\n").writerows(rows)
    return "".join(lines.written)


def rows_of(text: str) -> Iterator[Row]:
    """Yield the lines of a text with their numbers; where quotation marks do not close they are taken as they are."""
    try:
        yield from list(_numbered(csv.reader(_LINE.findall(text), "excel-tab", strict=True)))
    except csv.Error:
        yield from ((number, line.split("\t")) for number, line in enumerate(text.splitlines(), 1))


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, as tables part them: other signs that end lines stand inside cells."""


class _Lines:
    """What a writer of tables writes to."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> None:
        """Keep the text."""
        self.written.append(text)


def _numbered(lines: Iterator[list[str]]) -> Iterator[Row]:
    yield from enumerate(lines, 1)


def _own(words: Sequence[str], language: Language) -> str:
    return words[0] if language is Language.ZH else words[1]
