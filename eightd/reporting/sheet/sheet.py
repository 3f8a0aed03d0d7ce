"""A document's building blocks in its own wording and look: headings, facts, rows, tables."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from eightd.reporting.pdf.blocks import Block, Text
from eightd.reporting.pdf.fonts import Faces
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Align, Run, Style, clean
from eightd.reporting.sheet.labels import Labels
from eightd.reporting.sheet.layout import Layout
from eightd.reporting.sheet.styles import Styles
from eightd.reporting.sheet.wording import Arrangement, ReportLanguage, Told, Wording

_FITTED_MOST = 0.24  # of the width; a fitted column does not grow past it
_WORD_MOST = 0.2  # of the width; a column does not grow past it to keep a word whole

Content: TypeAlias = str | int | Decimal | date | datetime | Wording | Sequence[Run] | Block | None
"""What may stand in a cell; empty text and None print nothing, a number is printed also where it is 0."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value of a fact grid; ``span`` columns wide."""

    key: str
    content: Content
    span: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One labelled text; ``place`` is where it stands in its answer, for the mark of what changed."""

    key: str
    content: Content
    place: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table; a total is set off from the rows above it. ``place`` as for an entry."""

    cells: Sequence[Content]
    total: bool = False
    place: str = ""


class Sheet:
    """Everything a section needs to set its text: wording, look, language, zone."""

    def __init__(
        self,
        *,
        labels: Labels,
        layout: Layout,
        language: ReportLanguage,
        faces: Faces,
        zone: str,
        arrangement: Arrangement = Arrangement.STACKED,
    ) -> None:
        self.labels = labels
        self.layout = layout
        self.language = language
        self.arrangement = arrangement
        self.faces = faces
        self.zone = ZoneInfo(zone)
        self.styles = Styles.of(layout)
        self._changed: frozenset[str] = frozenset()

    def marking(self, places: Collection[str]) -> Sheet:
        """Return the same sheet that marks what stands at these places, at the left edge."""
        other = copy.copy(self)
        other._changed = frozenset(places)
        return other

    def mark(self, place: str, *contents: Content) -> str:
        """Return the colour of the change bar of a place, or nothing where nothing changed at it or below."""
        changed = bool(place) and any(
            one == place or one.startswith(f"{place}/") or place.startswith(f"{one}/")
            for one in self._changed
        )
        told = any(isinstance(one, Told) and one.changed for one in contents)
        return self.layout.colours.change if changed or told else ""

    def words(self, wording: Wording, style: Style, minor: Style | None = None) -> list[Run]:
        """Return a wording in the report's language; with both, English follows smaller."""
        zh, en = clean(wording.zh, self.faces), clean(wording.en, self.faces)
        if self.language is not ReportLanguage.BOTH or not (zh and en) or zh == en:
            first = en if self.language is ReportLanguage.EN else zh
            return [Run(first or zh or en, style)] if zh or en else []
        return [Run(zh, style), Run(f" {en}", minor or self.styles.minor)]

    def named(self, zh: str, en: str) -> list[Run]:
        """Return a name from the records in both its languages, the report's own first."""
        zh, en = clean(zh, self.faces), clean(en, self.faces)
        first, second = (en, zh) if self.language is ReportLanguage.EN else (zh, en)
        if not first or not second or first == second:
            return [Run(first or second, self.styles.body)] if first or second else []
        return [Run(first, self.styles.body), Run(f"\n{second}", self.styles.minor)]

    def say(self, key: str, style: Style | None = None, **arguments: object) -> list[Run]:
        """Return a label's wording as content."""
        return self.words(self.labels(key, **arguments), style or self.styles.body)

    def plain(self, key: str, **arguments: object) -> str:
        """Return a label's wording as one string, the languages parted by a slash."""
        wording = self.labels(key, **arguments)
        if self.language is ReportLanguage.BOTH and wording.zh != wording.en:
            return f"{wording.zh} / {wording.en}"
        return wording.en if self.language is ReportLanguage.EN else wording.zh

    def day(self, value: date) -> str:
        """Return a date as it is printed; an instant is shown in the plant's zone to the minute."""
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")
        return value.isoformat()

    def runs(self, content: Content, style: Style | None = None) -> list[Run]:
        """Return any content but a block as runs; empty content as none."""
        style = style or self.styles.body
        if content is None or isinstance(content, Block):
            return []
        if isinstance(content, str):
            return self._told(content, style)
        if isinstance(content, Wording):
            return self.words(content, style)
        if isinstance(content, date):
            return [Run(self.day(content), style)]
        if isinstance(content, int | Decimal):
            return [Run(number(content), style)]
        return list(content)

    def _told(self, text: str, style: Style) -> list[Run]:
        first = clean(text, self.faces).strip()
        runs = [Run(first, style)] if first else []
        if isinstance(text, Told) and text.other:
            second = clean(text.other, self.faces).strip()
            runs += [Run(f"\n{second}" if runs else second, self.styles.second(style))] if second else []
        return runs

    def text(self, content: Content, *, style: Style | None = None, align: Align = Align.LEFT) -> Text:
        """Return content as a block of text."""
        return Text(self.runs(content, style), self.faces, align=align)

    def label(self, key: str, *, below: bool = False, align: Align = Align.LEFT) -> Text:
        """Return a small grey label; with both languages beside or below each other."""
        runs = self.words(self.labels(key), self.styles.label, self.styles.label_minor)
        return Text(stacked(runs) if below else runs, self.faces, align=align)

    def heading(self, code: str, key: str) -> Block:
        """Return a section's heading; ``code`` stands in a coloured box where given."""
        colours = self.layout.colours
        title = Text(self.words(self.labels(key), self.styles.heading, self.styles.heading_minor), self.faces)
        look = Look(pad_x=6, pad_y=3.2)
        if code:
            badge = Text(
                [Run(code, self.styles.heading.with_colour("#ffffff"))], self.faces, align=Align.CENTRE
            )
            row = Row((Cell(badge, fill=colours.accent), Cell(title)), fill=colours.band)
            grid = Grid((7, 93), [row], look=look)
        else:
            grid = Grid((100,), [Row((Cell(title),), fill=colours.band)], look=look)
        grid.spaced(before=15, after=6, keep=True)
        grid.bookmark = (key, f"{code} {self.plain(key)}".strip())
        return grid

    def subheading(self, key: str) -> Block:
        """Return the heading of a table or diagram."""
        runs = self.words(self.labels(key), self.styles.subheading, self.styles.minor)
        return Text(runs, self.faces).spaced(before=9, after=3.5, keep=True)

    def note(self, content: Content, *, before: float = 4, after: float = 4) -> list[Block]:
        """Return a small grey remark below a table or a section, or nothing where it is empty."""
        runs = self.runs(content, self.styles.minor)
        return [Text(runs, self.faces).spaced(before=before, after=after)] if runs else []

    def facts(self, facts: Sequence[Fact], *, columns: int = 3) -> list[Block]:
        """Return labelled values side by side, label above value; empty ones are left out."""
        rows: list[Row] = []
        cells: list[Cell] = []
        used = 0
        for fact in facts:
            runs = self.runs(fact.content)
            if not runs:
                continue
            span = min(fact.span, columns)
            if used + span > columns:
                rows.append(_filled(cells, used, columns, self.faces))
                cells, used = [], 0
            label = self.words(self.labels(fact.key), self.styles.label, self.styles.label_minor)
            value = Text([*label, Run("\n", self.styles.body), *runs], self.faces)
            cells.append(Cell(value, span=span))
            used += span
        if cells:
            rows.append(_filled(cells, used, columns, self.faces))
        if not rows:
            return []
        look = Look(pad_x=5, pad_y=2.8, rule=self.layout.colours.hairline, edge=self.layout.colours.edge)
        return [Grid((1.0,) * columns, rows, look=look)]

    def rows(self, entries: Sequence[Entry]) -> list[Block]:
        """Return labelled texts below each other; empty ones are left out.

        The label stands at the left, or, where two languages stand in columns, above each of them.
        """
        rows = [self._row(one) for one in entries if isinstance(one.content, Block) or self.runs(one.content)]
        if not rows:
            return []
        look = Look(pad_x=5, pad_y=3, rule=self.layout.colours.hairline, edge=self.layout.colours.edge)
        return [Grid((20, 30, 50), rows, look=look).spaced(before=5, after=5)]

    def _row(self, entry: Entry) -> Row:
        content, mark = entry.content, self.mark(entry.place, entry.content)
        if self.arrangement is Arrangement.COLUMNS and isinstance(content, Told) and content.other.strip():
            label = self.labels(entry.key)
            sides = ((label.zh, str(content)), (label.en, content.other))
            first, second = (
                self.text([Run(f"{clean(head, self.faces)}\n", self.styles.label), *self.runs(text)])
                for head, text in sides
            )
            return Row((Cell(first, span=2), Cell(second)), mark=mark)
        block = content if isinstance(content, Block) else self.text(content)
        return Row((Cell(self.label(entry.key, below=True)), Cell(block, span=2)), mark=mark)

    def table(self, name: str, rows: Sequence[TableRow]) -> list[Block]:
        """Return one of the document's tables with repeating heads.

        Columns in which no row but the total says anything are left out, as is a table without rows.
        """
        shape = self.layout.shape
        columns, weights = shape.tables[name], self.layout.columns[name]
        used = [
            index
            for index in range(len(columns))
            if any(self._says(row.cells[index]) for row in rows if not row.total)
        ]
        if not used:
            return []
        colours = self.layout.colours
        aligns = {at: Align.RIGHT if columns[at] in shape.numeric else Align.LEFT for at in used}
        head = Row(
            tuple(Cell(self.label(f"column.{columns[at]}", below=True, align=aligns[at])) for at in used),
            fill=colours.band,
            rule=colours.edge,
        )
        body = [
            Row(
                tuple(Cell(self._cell(row.cells[at], aligns[at], total=row.total)) for at in used),
                fill=colours.soft if row.total else "",
                keep=index == len(rows) - 2 and rows[-1].total,
                mark=self.mark(row.place, *row.cells),
            )
            for index, row in enumerate(rows)
        ]
        look = Look(rule=colours.hairline, edge=colours.edge)
        shares = {at: weights[at] for at in used}
        widths = self._widths(columns, shares, [head, *body], look)
        return [Grid(widths, [head, *body], look=look, heads=1).spaced(before=2, after=5)]

    def _widths(
        self, columns: Sequence[str], shares: dict[int, float], rows: Sequence[Row], look: Look
    ) -> list[float]:
        """Return widths in points: numbers and dates as wide as they are, the rest by their shares."""
        whole = self.layout.paper().column
        shape = self.layout.shape
        fitted: dict[int, float] = {}
        for position, at in enumerate(shares):
            if columns[at] in shape.numeric or columns[at] in shape.fitted:
                contents = [row.cells[position].content for row in rows]
                widest = max(one.natural_width() for one in contents if isinstance(one, Text))
                fitted[at] = min(widest + 2 * look.pad_x + 0.5, whole * _FITTED_MOST)
        free = {at: share for at, share in shares.items() if at not in fitted}
        if not free:
            return [fitted[at] for at in shares]
        least = {
            at: min(self._word(rows, position) + 2 * look.pad_x + 0.5, whole * _WORD_MOST)
            for position, at in enumerate(shares)
            if at in free
        }
        return [(fitted | _shared(free, least, whole - sum(fitted.values())))[at] for at in shares]

    def _word(self, rows: Sequence[Row], position: int) -> float:
        """Return the width of the column's longest word."""
        contents = [row.cells[position].content for row in rows]
        return max(one.least_width() for one in contents if isinstance(one, Text))

    def _says(self, content: Content) -> bool:
        return isinstance(content, Block) or bool(self.runs(content))

    def _cell(self, content: Content, align: Align, *, total: bool) -> Block:
        if isinstance(content, Block):
            return content
        return self.text(content, style=self.styles.strong if total else None, align=align)


def stacked(runs: Sequence[Run]) -> list[Run]:
    """Return a wording's runs below each other instead of side by side."""
    return [Run(run.text if at == 0 else f"\n{run.text.lstrip()}", run.style) for at, run in enumerate(runs)]


def number(value: int | Decimal) -> str:
    """Return a number without exponent; a decimal keeps the places it was recorded with."""
    return str(value) if isinstance(value, int) else f"{value:f}"


def percent(value: Decimal | None) -> str:
    """Return ``70 %``, or nothing for None."""
    if value is None:
        return ""
    shortened = value.normalize()
    return f"{shortened:f} %"


def _shared(shares: dict[int, float], least: dict[int, float], room: float) -> dict[int, float]:
    """Return the room shared by weight, but no column narrower than its longest word where that can be."""
    if sum(least.values()) > room:
        least = {}
    narrow: dict[int, float] = {}
    while True:
        rest = room - sum(narrow.values())
        total = sum(share for at, share in shares.items() if at not in narrow)
        widths = {at: narrow.get(at, rest * share / total if total else 0.0) for at, share in shares.items()}
        below = {at: least[at] for at in widths if at in least and widths[at] < least[at] - 0.01}
        if not below:
            return widths
        narrow |= below


def _filled(cells: Sequence[Cell], used: int, columns: int, faces: Faces) -> Row:
    if used < columns:
        return Row((*cells, Cell(Text((), faces), span=columns - used)))
    return Row(tuple(cells))
