"""What the layouts and labels of the documents beside the 8D report name, and where they are read from.

A document says what it shares with the 8D report in the report's own words: its labels hold only what is its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from eightd.domain.paperwork import DocumentKind
from eightd.reporting.eight_d.labels import load_labels as load_report_labels
from eightd.reporting.sheet.labels import Labels, load_labels
from eightd.reporting.sheet.layout import Layout, Shape, load_layout

_TABLES = {
    "defects": ("no", "defect_kind", "phenomenon", "quantity", "inspected"),
    "holders": ("role", "holder"),
    "deadlines": ("milestone", "contractual", "agreed", "met"),
    "stops": ("reason", "from", "until", "note", "by"),
    "steps": ("step", "by", "at"),
    "causes": ("no", "path", "cause", "share", "state"),
    "measures": ("measure_kind", "measure", "owner", "planned", "done", "result"),
    "documents": ("document", "document_number", "revision_change"),
    "cost": ("cost_kind", "amount", "currency"),
    "approvals": ("meaning", "approved_by", "approved_at"),
}
_NUMERIC = frozenset({"quantity", "inspected", "share", "amount"})
_FITTED = frozenset({"no", "measure_kind", "planned", "done", "currency", "at"})


def _shape(sections: tuple[str, ...], tables: tuple[str, ...]) -> Shape:
    return Shape(
        ("full",),
        frozenset(sections),
        {name: _TABLES[name] for name in tables},
        numeric=_NUMERIC,
        fitted=_FITTED,
    )


SHAPES: Mapping[DocumentKind, Shape] = {
    DocumentKind.COMPLAINT_NOTICE: _shape(
        ("facts", "defects", "words", "tier", "holders", "deadlines", "measures", "steps", "signatures"),
        ("defects", "holders", "deadlines", "stops", "measures", "steps"),
    ),
    DocumentKind.HANDLING_FORM: _shape(
        (
            "facts",
            "defects",
            "words",
            "containment",
            "causes",
            "measures",
            "prevention",
            "cost",
            "outcome",
            "signatures",
        ),
        ("defects", "causes", "measures", "documents", "cost", "approvals"),
    ),
    DocumentKind.EXPLANATION_LETTER: _shape(
        ("address", "subject", "references", "body", "closing", "pictures", "disclaimer"), ()
    ),
}
"""The sections and tables of each document."""

_SHARED: Mapping[str, frozenset[str]] = {
    "document.title": frozenset(),
    "document.subject": frozenset(),
    "document.number": frozenset({"number"}),
    "document.footer": frozenset(),
}
_INSIDE = (
    "section.words",
    "section.signatures",
    "title.measures",
    "column.holder",
    "column.role",
    "column.step",
    "column.at",
    "column.measure",
    "column.measure_kind",
    "column.result",
    "kind.interim",
    "kind.corrective",
    "text.no_words",
    "text.signed",
)
LABELS: Mapping[DocumentKind, Mapping[str, frozenset[str]]] = {
    DocumentKind.COMPLAINT_NOTICE: {
        **_SHARED,
        **dict.fromkeys(_INSIDE, frozenset()),
        "section.tier": frozenset(),
        "section.holders": frozenset(),
        "section.deadlines": frozenset(),
        "section.steps": frozenset(),
        "field.stage": frozenset(),
        "field.registered_by": frozenset(),
        "sign.sales": frozenset(),
        "sign.cqe": frozenset(),
        "sign.department": frozenset(),
        "sign.manager": frozenset(),
    },
    DocumentKind.HANDLING_FORM: {
        **_SHARED,
        **dict.fromkeys(_INSIDE, frozenset()),
        "section.containment": frozenset(),
        "section.causes": frozenset(),
        "section.prevention": frozenset(),
        "section.cost": frozenset(),
        "section.outcome": frozenset(),
        "field.stage": frozenset(),
        "field.registered_by": frozenset(),
        "sign.cqe": frozenset(),
        "sign.department": frozenset(),
        "sign.finance": frozenset(),
        "sign.manager": frozenset(),
    },
    DocumentKind.EXPLANATION_LETTER: {
        **_SHARED,
        "letter.to": frozenset(),
        "letter.subject": frozenset({"customer_number", "number"}),
        "letter.subject_plain": frozenset({"number"}),
        "letter.greeting": frozenset({"customer"}),
        "letter.opening": frozenset({"part", "name", "received"}),
        "letter.closing": frozenset(),
        "letter.regards": frozenset(),
        "letter.signed": frozenset({"name", "date"}),
        "letter.written": frozenset({"name"}),
        "letter.role": frozenset(),
        "letter.enclosures": frozenset(),
    },
}
"""The labels a document has of its own, each with the names that may stand in braces."""


def read_layout(reports: Path, kind: DocumentKind) -> Layout:
    """Read the layout of a document; raises MalformedLayout with the line of every fault."""
    path = reports / kind.value / "layout.toml"
    return _layout(path, kind, path.stat().st_mtime_ns)


def read_labels(reports: Path, kind: DocumentKind) -> Labels:
    """Read the labels of a document, those of the 8D report beneath; raises MalformedLayout."""
    own, shared = reports / kind.value / "labels.toml", reports / "eight_d_report" / "labels.toml"
    return _labels(own, shared, kind, (own.stat().st_mtime_ns, shared.stat().st_mtime_ns))


@lru_cache(maxsize=8)
def _layout(path: Path, kind: DocumentKind, _: int) -> Layout:
    return load_layout(path, SHAPES[kind])


@lru_cache(maxsize=8)
def _labels(own: Path, shared: Path, kind: DocumentKind, _: tuple[int, int]) -> Labels:
    report = load_report_labels(shared)
    return Labels({**report.wordings, **load_labels(own, LABELS[kind]).wordings})
