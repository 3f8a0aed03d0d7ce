"""The columns of a file as a person looks at them: headings, what stands in the first lines, what each is read as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from eightd.domain.importing.cells import is_blank, text_of
from eightd.domain.importing.fields import Target
from eightd.domain.importing.grid import Sheet, letters
from eightd.domain.importing.layout import headings, missing
from eightd.domain.importing.rights import may_bring_in
from eightd.domain.words import Phrase
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.importing import ImportRunRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.usecases.errors import NotFound
from eightd.usecases.importing.book import read_book
from eightd.usecases.importing.mapping import FileMapping, fitted, proposed_sheet

SAMPLES = 3
_LOOKED_THROUGH = 60
_LONGEST_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column; ``code`` is the field it is read as, empty where it is left out."""

    place: int
    letters: str
    heading: str
    samples: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet; ``first`` and ``last`` are the rows of its headings as people count them."""

    name: str
    used: bool
    rows: int
    first: int
    last: int
    columns: tuple[ColumnView, ...]
    lacking: tuple[Phrase, ...]


def sheets_of(uow: UnitOfWork, actor: Actor, run_id: int) -> tuple[Sheet, ...]:
    """Return the sheets of a file that was taken; raises NotFound where the actor may not see it."""
    with uow.reading() as session:
        row = session.get(ImportRunRow, run_id)
        if row is None or not may_bring_in(actor, Target(row.target), row.plant_id):
            raise NotFound
    return read_book(row.filename, uow.files.get(row.sha256), row.size)


def columns_of(sheets: tuple[Sheet, ...], target: Target, mapping: FileMapping) -> tuple[SheetView, ...]:
    """Return how the file is read by a mapping, as far as it fits the file."""
    held = fitted(mapping, target, sheets)
    return tuple(_view(sheet, target, held) for sheet in sheets)


def proposed_again(sheets: tuple[Sheet, ...], target: Target, mapping: FileMapping) -> FileMapping:
    """Return the mapping with the columns proposed anew from where the headings are said to stand."""
    held = fitted(mapping, target, sheets)
    again = {
        sheet.name: replace(proposed_sheet(sheet, target, held.sheets[sheet.name].layout), used=True)
        if held.sheets[sheet.name].used
        else held.sheets[sheet.name]
        for sheet in sheets
    }
    return replace(held, sheets=again)


def _view(sheet: Sheet, target: Target, mapping: FileMapping) -> SheetView:
    how = mapping.sheets[sheet.name]
    names = headings(sheet, how.layout)
    columns = tuple(
        ColumnView(
            place,
            letters(place),
            name,
            tuple(_samples(sheet, how.layout.last, place)),
            how.columns.get(place, ""),
        )
        for place, name in enumerate(names)
    )
    shown = tuple(one for one in columns if one.heading or one.samples)
    lacking = tuple(one.label for one in missing(target, how.columns.values())) if how.used else ()
    return SheetView(
        sheet.name, how.used, len(sheet.rows), how.layout.first + 1, how.layout.last + 1, shown, lacking
    )


def _samples(sheet: Sheet, above: int, column: int) -> Iterator[str]:
    """Yield the first few different values below the headings."""
    seen: set[str] = set()
    for row in range(above + 1, min(len(sheet.rows), above + _LOOKED_THROUGH)):
        cell = sheet.at(row, column)
        text = " ".join(text_of(cell).split())[:_LONGEST_SAMPLE]
        if is_blank(cell) or text in seen:
            continue
        seen.add(text)
        yield text
        if len(seen) == SAMPLES:
            return
