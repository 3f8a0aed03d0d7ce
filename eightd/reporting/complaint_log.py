"""The complaint log 客诉台账 (procedure 7 and 9): one row per complaint, as an Excel book of any length.

Which columns, in which order and how wide is in ``complaint_log/layout.toml``; what they and the words
in them are called, in both languages, is in ``complaint_log/labels.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, TypeAlias

from eightd.domain.complaint import Channel, ComplaintKind, Demand, Stage, Tier
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin, ReportForm, ReportKind, VerdictResult
from eightd.reporting.excel.stream import CellKind, Column, Show, stream_sheet

ReportLanguage: TypeAlias = Language | Literal["both"]


class LogDataError(ValueError):
    """The log's layout or labels lack something, or name what does not exist; the text says what."""


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


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """One column of the layout: which field, in what kind of cell, how wide, and whose words it needs.

    ``join`` says how a field of several values becomes one text: ``inline`` or ``lines``.
    """

    field: str
    cell: CellKind = CellKind.TEXT
    width: float = 14.0
    wrap: bool = False
    words: str | None = None
    join: Literal["inline", "lines"] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The log's columns in their order; the first ``frozen_columns`` stay in view."""

    columns: tuple[LayoutColumn, ...]
    frozen_columns: int


LabelKey: TypeAlias = tuple[str, ...]
Labels: TypeAlias = Mapping[LabelKey, Mapping[str, str]]
"""Texts by language under their path in the file, such as ``("words", "tier", "major")``."""


def read_layout(reports: Path) -> Layout:
    """Read ``complaint_log/layout.toml``; a column that the log cannot fill raises ``LogDataError``."""
    content = _read(reports, "layout.toml")
    try:
        columns = tuple(
            LayoutColumn(**{**entry, "cell": CellKind(entry.get("cell", "text"))})
            for entry in content["column"]
        )
        layout = Layout(columns, content["frozen_columns"])
    except (KeyError, TypeError, ValueError) as error:
        raise LogDataError(f"complaint_log/layout.toml: {error}") from error
    for column in columns:
        if column.field not in FIELDS:
            raise LogDataError(f"complaint_log/layout.toml: there is no field {column.field!r}")
        if column.join not in (None, "inline", "lines"):
            raise LogDataError(f"complaint_log/layout.toml: values cannot be joined {column.join!r}")
        if column.words is not None and column.words not in WORDS:
            raise LogDataError(f"complaint_log/layout.toml: there are no words {column.words!r}")
    return layout


def read_labels(reports: Path) -> Labels:
    """Read ``complaint_log/labels.toml``."""
    labels: dict[LabelKey, Mapping[str, str]] = {}

    def walk(table: Mapping[str, Any], path: LabelKey) -> None:
        if table and all(isinstance(value, str) for value in table.values()):
            labels[path] = table
            return
        for key, value in table.items():
            if not isinstance(value, dict):
                raise LogDataError(f"complaint_log/labels.toml: {'.'.join((*path, key))} needs zh and en")
            walk(value, (*path, key))

    walk(_read(reports, "labels.toml"), ())
    return labels


def missing_labels(layout: Layout, labels: Labels) -> list[str]:
    """Name every label that the log can need and that is absent or blank, in either language."""
    needed: list[LabelKey] = [("document", key) for key in ("title", "creator", "separator")]
    needed += [("columns", column.field) for column in layout.columns]
    needed += [("words", group, value) for group, values in WORDS.items() for value in values]
    return [
        ".".join((*key, language.value))
        for key in needed
        for language in Language
        if not labels.get(key, {}).get(language, "").strip()
    ]


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
    bytes. Raises ``LogDataError`` at the call, before any byte, if layout or labels lack anything.
    """
    layout, labels = read_layout(reports), read_labels(reports)
    lacking = missing_labels(layout, labels)
    if lacking:
        raise LogDataError(f"complaint_log/labels.toml lacks {', '.join(lacking)}")
    spoken = Language(language)
    columns = [_column(entry, labels, spoken) for entry in layout.columns]
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


def _read(reports: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((reports / "complaint_log" / name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LogDataError(f"complaint_log/{name}: {error}") from error


def _column(entry: LayoutColumn, labels: Labels, language: Language) -> Column:
    return Column(
        title=labels[("columns", entry.field)][language],
        kind=entry.cell,
        width=entry.width,
        wrap=entry.wrap,
        show=_show(entry, labels, language),
    )


def _show(entry: LayoutColumn, labels: Labels, language: Language) -> Show | None:
    """Return how the field's values become text; None for a field that is text, number or date itself."""
    one: Callable[[Any], str] | None = None
    if entry.words is not None:
        spoken: dict[Any, str] = {
            value: labels[("words", entry.words, value)][language] for value in WORDS[entry.words]
        }
        if entry.words == "yes_no":
            spoken = {True: spoken["yes"], False: spoken["no"]}
        one = spoken.__getitem__
    if entry.join is None:
        return one
    glue = "\n" if entry.join == "lines" else labels[("document", "separator")][language]
    return _joined(glue, one)


def _joined(glue: str, one: Callable[[Any], str] | None) -> Show:
    def show(values: Sequence[Any]) -> str:
        return glue.join(map(one, values) if one is not None else values)

    return show
