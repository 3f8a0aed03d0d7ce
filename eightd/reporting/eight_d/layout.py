"""What the layout of the 8D report names: its forms, its sections, its tables and their columns."""

from __future__ import annotations

from pathlib import Path

from eightd.domain.complaint import DisciplineCode
from eightd.reporting.sheet.layout import Layout, Shape
from eightd.reporting.sheet.layout import load_layout as load

SECTIONS = frozenset(
    {
        "header",
        "defects",
        "course",
        "approval",
        "attachments",
        "internal",
        *(code.value for code in DisciplineCode),
    }
)
"""What ``[sections]`` may name."""

TABLES = {
    "defects": ("no", "defect_kind", "phenomenon", "quantity", "inspected"),
    "members": ("name", "department", "function", "phone", "email"),
    "is_is_not": ("dimension", "is", "is_not", "distinction", "change"),
    "stock": ("place", "quantity", "checked", "ng", "date", "disposition", "marking"),
    "interim": ("what", "where", "owner", "from", "effect", "evidence"),
    "causes": ("no", "path", "cause", "share", "state"),
    "actions": ("no", "cause_no", "action", "error_proofing", "proof", "side_effects", "owner", "planned"),
    "validations": (
        "no",
        "action",
        "done",
        "from_lot",
        "how_validated",
        "sample_size",
        "window",
        "before",
        "after",
    ),
    "documents": ("document", "document_number", "revision_change", "date", "owner", "remark"),
    "read_across": ("where", "decision", "owner", "date"),
    "cost": ("cost_kind", "amount", "currency"),
    "deadlines": ("milestone", "contractual", "agreed", "met"),
    "stops": ("reason", "from", "until", "note", "by"),
    "sign_offs": ("discipline", "submitted_by", "submitted_at", "accepted_by", "accepted_at"),
    "internal": ("reason", "note"),
    "attachments": ("filename", "size", "where_found", "checksum"),
}
"""The tables of the report and their columns, each of which needs a width in ``[columns]``."""

_NUMERIC = frozenset(
    {"quantity", "inspected", "checked", "ng", "sample_size", "share", "effect", "amount", "size"}
)
_FITTED = frozenset({"no", "cause_no", "date", "from", "until", "planned", "done", "currency", "phone"})

SHAPE = Shape(("full", "short"), SECTIONS, TABLES, numeric=_NUMERIC, fitted=_FITTED)


def load_layout(path: Path) -> Layout:
    """Read the report's ``layout.toml``; raises MalformedLayout with the line of every fault."""
    return load(path, SHAPE)
