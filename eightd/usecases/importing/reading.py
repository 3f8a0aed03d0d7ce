"""Read the records of a file as it is mapped: each cell by the nature of its field, each doubt noted by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from eightd.domain.importing.cells import Cell, error_in, is_blank, text_of
from eightd.domain.importing.counts import read_count
from eightd.domain.importing.days import read_day
from eightd.domain.importing.fields import Field, Nature, Target, field_of
from eightd.domain.importing.grid import Sheet
from eightd.domain.importing.layout import headings, missing
from eightd.domain.importing.lines import Line, tell
from eightd.domain.importing.wording import CELL_ERROR
from eightd.domain.words import Message, Phrase
from eightd.usecases.importing.findings import Findings, Level
from eightd.usecases.importing.mapping import FileMapping, SheetMapping

WANTED = Phrase("import.wanted", "{field} is missing", "缺少“{field}”")
CUT = Phrase(
    "import.too_long",
    "{field}: longer than {most} characters; the rest is left out",
    "“{field}”超过 {most} 个字符，其余不导入",
)
A_TOTAL = Phrase("import.total", "A total, not a case", "合计行，不是记录")
HEADING_AGAIN = Phrase("import.heading_again", "The headings once more", "重复的表头")
A_NOTE = Phrase(
    "import.note_line", "A single text, no record: “{text}”", "单独的说明文字，不是记录：“{text}”"
)
NO_COLUMN = Phrase(
    "import.no_column",
    "No column holds “{field}”; nothing of this sheet can be brought in",
    "没有列对应“{field}”，该工作表无法导入",
)
FORMULA_LIKE = Phrase(
    "import.formula_like",
    "Begins like a formula; it is kept as text and never carried out",
    "以公式符号开头，仅作为文本保存，不会执行",
)

_PARTS = re.compile(r"[,;，；、\n|]+|\s{2,}|/(?!\d{1,2}/)")
_CAREFUL = ("=", "+", "@", "-")


@dataclass(slots=True)
class Record:
    """One record: values by field, and in which column each stands. ``ok`` is False where it must stay out."""

    sheet: Sheet
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ok: bool = True

    def text(self, code: str) -> str:
        """Return a text, empty where there is none."""
        return str(self.values.get(code) or "")

    @property
    def where(self) -> str:
        """Return sheet and row as people say it."""
        return f"{self.sheet.name}!{self.row + 1}"


@dataclass(slots=True)
class Reader:
    """Reads a file once; ``told`` is called with the lines read so far."""

    target: Target
    mapping: FileMapping
    latest: date
    findings: Findings
    told: Callable[[int], None] = lambda _rows: None
    blank: int = 0

    def records(self, sheets: Sequence[Sheet]) -> Iterator[Record]:
        """Yield the records of the sheets that are used, those with problems too."""
        done = 0
        for sheet in sheets:
            how = self.mapping.sheets.get(sheet.name)
            if how is None or not how.used:
                continue
            for lacking in missing(self.target, how.columns.values()):
                message = NO_COLUMN.say(field=_label(lacking))
                self.findings.add(Level.PROBLEM, sheet.name, how.layout.last, None, message)
            if missing(self.target, how.columns.values()):
                continue
            yield from self._of_sheet(sheet, how, done)
            done += len(sheet.rows)

    def _of_sheet(self, sheet: Sheet, how: SheetMapping, done: int) -> Iterator[Record]:
        fields = {
            column: one
            for column, code in how.columns.items()
            if (one := field_of(self.target, code)) is not None
        }
        names = headings(sheet, how.layout)
        for told in tell(sheet, how.layout, tuple(fields)):
            if told.row % 1_000 == 0:
                self.told(done + told.row)
            if told.line is Line.RECORD:
                yield self._record(sheet, told.row, fields, names)
            elif told.line is Line.BLANK:
                self.blank += 1
            else:
                self._skipped(sheet, told.row, told.line)

    def _skipped(self, sheet: Sheet, row: int, line: Line) -> None:
        column = next(column for column, cell in enumerate(sheet.rows[row]) if not is_blank(cell))
        message = {
            Line.TOTAL: A_TOTAL.say(),
            Line.HEADING: HEADING_AGAIN.say(),
            Line.NOTE: A_NOTE.say(text=text_of(sheet.rows[row][column])[:80]),
        }[line]
        self.findings.add(Level.SKIPPED, sheet.name, row, column, message)

    def _record(self, sheet: Sheet, row: int, fields: Mapping[int, Field], names: Sequence[str]) -> Record:
        record = Record(sheet, row)
        for column, one in fields.items():
            cell = sheet.at(row, column)
            if one.many:
                if not is_blank(cell):
                    record.notes.append(f"{names[column].rpartition(' / ')[2]}: {text_of(cell)}")
                continue
            record.columns[one.code] = column
            value = self._value(record, column, one, cell)
            if value not in (None, "", ()):
                record.values[one.code] = value
            elif one.required and record.ok:
                self.problem(record, one.code, WANTED.say(field=_label(one)))
        return record

    def _value(self, record: Record, column: int, one: Field, cell: Cell) -> Any:
        if one.nature in {Nature.DAY, Nature.COUNT}:
            read = (
                read_day(cell, latest=self.latest, order=self.mapping.order)
                if one.nature is Nature.DAY
                else read_count(cell)
            )
            if read.problem is not None:
                if one.required:
                    self.problem(record, one.code, read.problem)
                else:
                    self.remark(record, one.code, LEFT_EMPTY.say(why=read.problem))
            elif read.remark is not None:
                self.remark(record, one.code, read.remark)
            return read.value
        text = "" if is_blank(cell) else text_of(cell)
        if error_in(cell):
            self.remark(record, one.code, LEFT_EMPTY.say(why=CELL_ERROR.say(text=error_in(cell))))
            return None
        if one.nature is Nature.LIST:
            return tuple(dict.fromkeys(part.strip()[:80] for part in _PARTS.split(text) if part.strip()))
        if text.startswith(_CAREFUL) and not text[1:].replace(".", "").isdigit():
            self.findings.add(Level.REMARK, record.sheet.name, record.row, column, FORMULA_LIKE.say())
        if one.longest and len(text) > one.longest:
            self.remark(record, one.code, CUT.say(field=_label(one), most=one.longest))
            text = text[: one.longest]
        return text

    def problem(self, record: Record, code: str, message: Message) -> None:
        """Note why a record stays out, at the cell of a field."""
        record.ok = False
        self.findings.add(Level.PROBLEM, record.sheet.name, record.row, record.columns.get(code), message)

    def remark(self, record: Record, code: str, message: Message) -> None:
        """Note something that somebody should look at, at the cell of a field."""
        self.findings.add(Level.REMARK, record.sheet.name, record.row, record.columns.get(code), message)

    def skip(self, record: Record, code: str, message: Message) -> None:
        """Note why a record needs not come in."""
        self.findings.add(Level.SKIPPED, record.sheet.name, record.row, record.columns.get(code), message)


LEFT_EMPTY = Phrase("import.left_empty", "{why}; left empty", "{why}；留空")


def _label(one: Field) -> Message:
    return one.label.say()
