"""Classification in the open: one plain document in, one out, as other programs exchange them (procedure 3)."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import Any

from eightd.domain.classification.classify import Classification
from eightd.domain.complaint import DefectCounts, DefectKind, DefectLine, Flags
from eightd.domain.documents import (
    read_choice,
    read_list,
    read_object,
    read_text,
    read_whole_number,
    read_yes_no,
)
from eightd.domain.words import Language

_FLAGS = tuple(field.name for field in dataclass_fields(Flags))


def counts_from_document(document: object) -> DefectCounts:
    """Read ``{"defects": […], "quantity_inspected": …, "flags": {…}}``.

    Quantities are whole pieces from 0 up; ``inspected`` and ``quantity_inspected`` may be null or absent where
    unknown, absent defects are none, absent flags are false. More pieces defective than inspected are let
    through: that never makes a case lighter. Raises MalformedError naming the place of the first wrong thing.
    """
    root = read_object(document, "", optional=("defects", "quantity_inspected", "flags"))
    defects = read_list(root.get("defects", []), "defects")
    flags = read_object(root.get("flags", {}), "flags", optional=_FLAGS)
    return DefectCounts(
        defects=tuple(_line(line, f"defects[{index}]") for index, line in enumerate(defects)),
        quantity_inspected=_inspected(root.get("quantity_inspected"), "quantity_inspected"),
        flags=Flags(**{name: read_yes_no(value, f"flags.{name}") for name, value in flags.items()}),
    )


def classification_document(classification: Classification, language: Language | str) -> dict[str, Any]:
    """Return the classification as plain values, its reasons worded in the language."""
    return {
        "tier": classification.tier.value,
        "weight": classification.weight,
        "criteria": classification.criteria_ref,
        "reasons": [
            {
                "rule": reason.rule,
                "matched": reason.matched,
                "text": reason.message.text(language),
                "numbers": dict(reason.numbers),
            }
            for reason in classification.reasons
        ],
    }


def _line(document: object, where: str) -> DefectLine:
    line = read_object(document, where, required=("kind", "phenomenon", "quantity"), optional=("inspected",))
    return DefectLine(
        kind=read_choice(line["kind"], f"{where}.kind", DefectKind),
        phenomenon=read_text(line["phenomenon"], f"{where}.phenomenon"),
        quantity=read_whole_number(line["quantity"], f"{where}.quantity"),
        inspected=_inspected(line.get("inspected"), f"{where}.inspected"),
    )


def _inspected(value: object, where: str) -> int | None:
    return None if value is None else read_whole_number(value, where)
