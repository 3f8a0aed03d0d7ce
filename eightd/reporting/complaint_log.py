"""The complaint log 客诉台账 (procedure 7 and 9): one row per complaint, as an Excel book of any length.

Which columns, in which order and how wide is in ``complaint_log/layout.toml``; what they and the words
in them are called, in both languages, is in ``complaint_log/labels.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import Literal, TypeAlias

from eightd.domain.complaint import Channel, ComplaintKind, Demand, Stage, Tier
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin, ReportForm, ReportKind, VerdictResult
from eightd.reporting.excel import layout as layouts
from eightd.reporting.excel.layout import Labels, Layout, SheetDataError
from eightd.reporting.excel.stream import stream_sheet

ReportLanguage: TypeAlias = Language | Literal["both"]


_FOLDER = "complaint_log"


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneClock:
    """One milestone's clock (procedure 4): aware instants, None for what has not come yet.

    ``late_by_hours`` is how late it was met, or is now, on the date that counts for the customer;
    None while it is not late. ``provisional`` is None where there is no due date.
    """

    contractual_due_at: datetime | None = None
    agreed_due_at: datetime | None = None
    met_at: datetime | None = None
    late_by_hours: float | None = None
    provisional: bool | None = None


NOT_STARTED = MilestoneClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One complaint as the log shows it: the header of procedure 7, tier, clocks, people, outcome.

    Quantities are pieces, ``*_at`` aware UTC instants, ``*_on`` plant-local dates. Sentences
    (``reasons``, ``phenomena``, summaries) come in the language of the log.
    """

    number: str
    customer: str
    kind: ComplaintKind
    received_at: datetime
    plant: str = ""
    stage: Stage = Stage.REGISTERED
    customer_number: str = ""
    customer_plant: str = ""
    contact: str = ""
    end_customer: str = ""
    channel: Channel | None = None
    demands: tuple[Demand, ...] = ()
    part_number: str = ""
    customer_part_number: str = ""
    part_name: str = ""
    drawing_revision: str = ""
    product_line: str = ""
    lots: tuple[str, ...] = ()
    date_codes: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    order_number: str = ""
    delivery_number: str = ""
    phenomena: tuple[str, ...] = ()
    quantity_delivered: int | None = None
    quantity_inspected: int | None = None
    quantity_complained: int | None = None
    quantity_confirmed_ng: int | None = None
    quantity_returned: int | None = None
    ppm: float | None = None
    tier: Tier | None = None
    reasons: tuple[str, ...] = ()
    criteria: str = ""
    score_weight: int | None = None
    repeat_of: str = ""
    language: ReportLanguage | None = None
    revision: str = ""
    interim_on: date | None = None
    final_on: date | None = None
    person_in_charge: str = ""
    cqe: str = ""
    pqe: str = ""
    sqe: str = ""
    te: str = ""
    pie: str = ""
    rd: str = ""
    initial_reply: MilestoneClock = NOT_STARTED
    preliminary_analysis: MilestoneClock = NOT_STARTED
    final_report: MilestoneClock = NOT_STARTED
    ours: bool | None = None
    on_site_visit: bool | None = None
    sample_needed: bool | None = None
    sample_received_at: datetime | None = None
    sample_announced: int | None = None
    sample_received: int | None = None
    sample_difference: str = ""
    form: ReportForm | None = None
    origin: Origin | None = None
    root_causes: str = ""
    actions: str = ""
    verdict: VerdictResult | None = None
    verdict_on: date | None = None
    closed_on: date | None = None
    report_kind: ReportKind | None = None
    report_revision: int | None = None
    report_hash: str = ""


_MILESTONES = ("initial_reply", "preliminary_analysis", "final_report")
FIELDS: tuple[str, ...] = tuple(
    path
    for field in fields(LogRow)
    for path in (
        [f"{field.name}.{part.name}" for part in fields(MilestoneClock)]
        if field.name in _MILESTONES
        else [field.name]
    )
)
"""Everything a column may show, a milestone's parts as ``final_report.met_at``."""

_CHOICES: Mapping[str, type[StrEnum]] = {
    "kind": ComplaintKind,
    "channel": Channel,
    "demand": Demand,
    "tier": Tier,
    "stage": Stage,
    "form": ReportForm,
    "origin": Origin,
    "verdict": VerdictResult,
    "report_kind": ReportKind,
}
WORDS: Mapping[str, tuple[str, ...]] = {
    **{name: tuple(member.value for member in choices) for name, choices in _CHOICES.items()},
    "language": (*(member.value for member in Language), "both"),
    "yes_no": ("yes", "no"),
}
"""The values that need a word, by the group they have in ``labels.toml``."""


def read_layout(reports: Path) -> Layout:
    """Read ``complaint_log/layout.toml``; a column that the log cannot fill raises ``SheetDataError``."""
    return layouts.read_layout(reports / _FOLDER, FIELDS, WORDS)


def read_labels(reports: Path) -> Labels:
    """Read ``complaint_log/labels.toml``."""
    return layouts.read_labels(reports / _FOLDER)


def missing_labels(layout: Layout, labels: Labels) -> list[str]:
    """Name every label that the log can need and that is absent or blank, in either language."""
    return layouts.lacking(labels, layouts.needed_labels(layout, WORDS, ("title", "creator", "separator")))


def complaint_log(
    rows: Iterable[LogRow],
    *,
    language: Language | str,
    zone: str,
    reports: Path,
    exported_at: datetime | None = None,
) -> Iterator[bytes]:
    """Yield the log as an xlsx book, in constant memory; rows are read only as they are written.

    Instants are shown in ``zone``, the plant's. ``reports`` is the folder that holds one folder per
    document. ``exported_at`` is kept in the book's properties; without it the same rows give the same
    bytes. Raises ``SheetDataError`` at the call, before any byte, if layout or labels lack anything.
    """
    layout, labels = read_layout(reports), read_labels(reports)
    lacking = missing_labels(layout, labels)
    if lacking:
        raise SheetDataError(f"complaint_log/labels.toml lacks {', '.join(lacking)}")
    spoken = Language(language)
    columns = [layouts.column(entry, labels, WORDS, spoken) for entry in layout.columns]
    take = attrgetter(*(entry.field for entry in layout.columns))
    return stream_sheet(
        labels[("document", "title")][spoken],
        columns,
        map(take, rows),
        zone=zone,
        creator=labels[("document", "creator")][spoken],
        created=exported_at,
        frozen_columns=layout.frozen_columns,
    )
