"""The cost of poor quality as an Excel book: its sums, and every line on a second sheet (procedure 9).

Which columns, in which order and how wide is in ``cost_book/layout.toml`` and ``sums.toml``; what they and the words
in them are called, in both languages, is in ``cost_book/labels.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

from eightd.domain.cost.kinds import CostKind, CostPhase, CostSide
from eightd.domain.words import Language
from eightd.reporting.excel import layout as layouts
from eightd.reporting.excel.layout import Labels, Layout, SheetDataError
from eightd.reporting.excel.stream import Sheet, stream_sheet

_FOLDER = "cost_book"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One cost as the book shows it; ``in_plant`` is in ``plant_currency``."""

    number: str
    customer: str
    part: str
    kind: CostKind
    phase: CostPhase
    side: CostSide
    department: str
    spent_on: date
    amount: Decimal
    currency: str
    rate: Decimal
    rate_on: date
    in_plant: Decimal
    plant_currency: str
    supplier: str
    return_number: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    """The sums of one group, or of all where ``name`` is None; a name that is empty was not stated."""

    name: str | None
    under: str
    planned: Decimal
    actual: Decimal
    recovery_planned: Decimal
    recovered: Decimal
    net: Decimal
    plant_currency: str
    lines: int | None


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(CostLine))
SUM_FIELDS: tuple[str, ...] = tuple(field.name for field in fields(SumLine))
WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(member.value for member in CostKind),
    "phase": tuple(member.value for member in CostPhase),
    "side": tuple(member.value for member in CostSide),
}
"""The values that need a word, by the group they have in ``labels.toml``."""


def read(reports: Path) -> tuple[Layout, Layout, Labels]:
    """Read the layouts of both sheets and the labels; raises ``SheetDataError`` where they lack anything."""
    folder = reports / _FOLDER
    lines = layouts.read_layout(folder, FIELDS, WORDS)
    sums = layouts.read_layout(folder, SUM_FIELDS, WORDS, name="sums.toml")
    labels = layouts.read_labels(folder)
    needed = [
        *layouts.needed_labels(lines, WORDS, ("title", "sums", "creator", "total", "nothing")),
        *layouts.needed_labels(sums, {}, (), group="sums"),
    ]
    lacking = layouts.lacking(labels, needed)
    if lacking:
        raise SheetDataError(f"{_FOLDER}/labels.toml lacks {', '.join(lacking)}")
    return lines, sums, labels


def cost_book(
    sums: Iterable[SumLine],
    lines: Iterable[CostLine],
    *,
    language: Language,
    zone: str,
    reports: Path,
    exported_at: datetime | None = None,
) -> Iterator[bytes]:
    """Yield the book as xlsx, in constant memory; lines are read only as they are written.

    Without ``exported_at`` the same lines give the same bytes. Raises ``SheetDataError`` at the call.
    """
    layout, sum_layout, labels = read(reports)
    take = attrgetter(*(entry.field for entry in layout.columns))
    words = {
        name: labels["document", name][language] for name in ("title", "sums", "creator", "total", "nothing")
    }

    def sum_cells() -> Iterator[tuple[object, ...]]:
        for line in sums:
            name = words["total"] if line.name is None else line.name or words["nothing"]
            if isinstance(line.name, CostKind):
                name = labels["words", "kind", line.name.value][language]
            yield tuple(
                name if entry.field == "name" else getattr(line, entry.field) for entry in sum_layout.columns
            )

    return stream_sheet(
        words["title"],
        [layouts.column(entry, labels, WORDS, language) for entry in layout.columns],
        map(take, lines),
        zone=zone,
        creator=words["creator"],
        created=exported_at,
        frozen_columns=layout.frozen_columns,
        further=(
            Sheet(
                words["sums"],
                [
                    layouts.column(entry, labels, WORDS, language, group="sums")
                    for entry in sum_layout.columns
                ],
                sum_cells(),
                sum_layout.frozen_columns,
            ),
        ),
    )
