"""What the layouts and labels of a return's papers name, and where they are read from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from eightd.domain.returns.papers import ReturnPaper
from eightd.reporting.sheet.labels import Labels, load_labels
from eightd.reporting.sheet.layout import Layout, Shape, load_layout

_TABLES = {
    "parcel": ("number", "complaint", "part", "lots", "quantity"),
    "arrivals": ("at", "quantity", "cartons", "by", "note"),
    "standing": ("place", "quantity"),
    "compared": ("compared", "expected", "actual", "because"),
    "movements": ("at", "from_place", "to_place", "quantity", "by", "note"),
    "counts": ("kind", "phenomenon", "verdict", "category", "quantity"),
    "pieces": ("no", "serial", "date_code", "phenomenon", "measured", "verdict", "category"),
    "plan": ("disposition", "quantity", "how", "owner", "due"),
    "shipments": ("sent_on", "quantity", "carrier", "by", "note"),
    "results": ("disposition", "quantity", "good", "scrapped", "signed"),
}


def _shape(*sections: str, tables: tuple[str, ...]) -> Shape:
    return Shape(
        ("full",),
        frozenset(sections),
        {name: _TABLES[name] for name in tables},
        numeric=frozenset({"quantity", "cartons", "expected", "actual"}),
        fitted=frozenset({"no", "at", "due", "sent_on"}),
    )


SHAPES: Mapping[ReturnPaper, Shape] = {
    ReturnPaper.LABEL: _shape("address", "parcel", "enclose", "remark", tables=("parcel",)),
    ReturnPaper.SHEET: _shape(
        "facts",
        "parcel",
        "arrivals",
        "standing",
        "counts",
        "pieces",
        "analysis",
        "plan",
        "shipments",
        "movements",
        "signatures",
        tables=(
            "parcel",
            "arrivals",
            "standing",
            "compared",
            "movements",
            "counts",
            "pieces",
            "plan",
            "shipments",
        ),
    ),
    ReturnPaper.REWORK_ORDER: _shape(
        "facts", "counts", "plan", "steps", "results", "signatures", tables=("counts", "plan", "results")
    ),
}
"""The sections and tables of each paper."""

_SHARED = (
    "paper.title",
    "paper.footer",
    "paper.as_of",
    "field.parcel",
    "field.part",
    "field.announced",
    "column.quantity",
)
_WORKING = (
    "field.complaint",
    "field.customer",
    "field.customer_number",
    "field.kind",
    "field.promised_on",
    "field.location",
    "section.counts",
    "section.plan",
    "section.signatures",
    "column.kind",
    "column.phenomenon",
    "column.verdict",
    "column.category",
    "column.disposition",
    "column.how",
    "column.owner",
    "column.due",
    "text.signed",
    "text.sum",
    "sign.production",
    "sign.pie",
    "sign.cqe",
)
_PLACES: Mapping[str, frozenset[str]] = {
    "paper.as_of": frozenset({"at"}),
    "report.page": frozenset({"page", "pages"}),
}


def _labels_of(*names: str) -> Mapping[str, frozenset[str]]:
    return {name: _PLACES.get(name, frozenset()) for name in ("report.page", *_SHARED, *names)}


_PARCEL = ("column.number", "column.complaint", "column.part", "column.lots", "section.parcel")
LABELS: Mapping[ReturnPaper, Mapping[str, frozenset[str]]] = {
    ReturnPaper.LABEL: _labels_of(
        *_PARCEL,
        "text.to",
        "text.from",
        "text.stick",
        "section.enclose",
        "section.remark",
        "field.expected_on",
    ),
    ReturnPaper.SHEET: _labels_of(
        *_PARCEL,
        *_WORKING,
        "section.arrivals",
        "section.standing",
        "section.pieces",
        "section.analysis",
        "section.movements",
        "section.shipments",
        "column.sent_on",
        "column.carrier",
        "field.carrier",
        "field.expected_on",
        "field.announced_by",
        "field.found_part",
        "field.analysis",
        "field.ntf_criteria",
        "field.note",
        "field.credit_number",
        "field.booked_on",
        "text.unexplained",
        "column.compared",
        "column.expected",
        "column.actual",
        "column.because",
        "column.at",
        "column.cartons",
        "column.by",
        "column.note",
        "column.place",
        "column.from_place",
        "column.to_place",
        "column.no",
        "column.serial",
        "column.date_code",
        "column.measured",
        "sign.warehouse",
        "sign.finance",
    ),
    ReturnPaper.REWORK_ORDER: _labels_of(
        *_WORKING,
        "section.steps",
        "section.results",
        "column.good",
        "column.scrapped",
        "column.signed",
        "sign.warehouse",
    ),
}
"""The labels of each paper, each with the names that may stand in braces."""


def read_layout(reports: Path, paper: ReturnPaper) -> Layout:
    """Read the layout of a paper; raises MalformedLayout with the line of every fault."""
    path = reports / paper.value / "layout.toml"
    return _layout(path, paper, path.stat().st_mtime_ns)


def read_labels(reports: Path, paper: ReturnPaper) -> Labels:
    """Read the labels of a paper; raises MalformedLayout."""
    path = reports / paper.value / "labels.toml"
    return _labels(path, paper, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _layout(path: Path, paper: ReturnPaper, _: int) -> Layout:
    return load_layout(path, SHAPES[paper])


@lru_cache(maxsize=8)
def _labels(path: Path, paper: ReturnPaper, _: int) -> Labels:
    return load_labels(path, LABELS[paper])
