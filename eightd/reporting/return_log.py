"""The return log (procedure 8 and 9): one row per return, with what came, what was found and what became of it.

Which columns, in which order and how wide is in ``return_log/layout.toml``; what they and the words in them are
called, in both languages, is in ``return_log/labels.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path

from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.domain.words import Language
from eightd.reporting.excel import layout as layouts
from eightd.reporting.excel.layout import Labels, Layout, SheetDataError
from eightd.reporting.excel.stream import stream_sheet

_FOLDER = "return_log"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLogRow:
    """One return as the book shows it: quantities in pieces, aware instants, plant-local days.

    ``late`` says that pieces left after the day promised; ``unexplained`` that quantities do not agree and nobody
    said why.
    """

    number: str
    complaint: str
    customer: str
    part: str
    kind: ReturnKind
    stage: ReturnStage
    parcel: str
    rest_of: str = ""
    lots: str = ""
    announced_at: datetime
    announced_by: str = ""
    announced: int
    expected_on: date | None = None
    carrier: str = ""
    received_at: datetime | None = None
    received: int = 0
    right: int = 0
    wrong: int = 0
    found_part: str = ""
    missing: int = 0
    surplus: int = 0
    difference_because: str = ""
    unexplained: bool = False
    location: str = ""
    drawn: int = 0
    ng: int = 0
    ok: int = 0
    ntf: int = 0
    not_tested: int = 0
    phenomena: str = ""
    categories: str = ""
    analysis: str = ""
    here: int = 0
    scrapped: int = 0
    kept: int = 0
    sent_back: int = 0
    promised_on: date | None = None
    sent_on: date | None = None
    late: bool = False
    credit_number: str = ""
    booked_on: date | None = None
    closed_at: datetime | None = None
    outcome_reason: str = ""


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(ReturnLogRow))
"""Everything a column may show."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(member.value for member in ReturnKind),
    "stage": tuple(member.value for member in ReturnStage),
    "yes_no": ("yes", "no"),
}
"""The values that need a word, by the group they have in ``labels.toml``."""


def read(reports: Path) -> tuple[Layout, Labels]:
    """Read the layout and the labels; raises ``SheetDataError`` where they lack anything."""
    folder = reports / _FOLDER
    layout = layouts.read_layout(folder, FIELDS, WORDS)
    labels = layouts.read_labels(folder)
    lacking = layouts.lacking(labels, layouts.needed_labels(layout, WORDS, ("title", "creator")))
    if lacking:
        raise SheetDataError(f"{_FOLDER}/labels.toml lacks {', '.join(lacking)}")
    return layout, labels


def return_log(
    rows: Iterable[ReturnLogRow],
    *,
    language: Language,
    zone: str,
    reports: Path,
    exported_at: datetime | None = None,
) -> Iterator[bytes]:
    """Yield the log as an xlsx book, in constant memory; rows are read only as they are written.

    Instants are shown in ``zone``. ``exported_at`` is kept in the book's properties; without it the same rows
    give the same bytes. Raises ``SheetDataError`` at the call if layout or labels lack anything.
    """
    layout, labels = read(reports)
    return stream_sheet(
        labels[("document", "title")][language],
        [layouts.column(entry, labels, WORDS, language) for entry in layout.columns],
        map(attrgetter(*(entry.field for entry in layout.columns)), rows),
        zone=zone,
        creator=labels[("document", "creator")][language],
        created=exported_at,
        frozen_columns=layout.frozen_columns,
    )
