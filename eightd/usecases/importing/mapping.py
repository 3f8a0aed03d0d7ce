"""How the columns of a file are read: proposed, corrected by a person, kept for the next file of that shape."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import ComplaintKind
from eightd.domain.importing.cells import key_of
from eightd.domain.importing.days import DayOrder
from eightd.domain.importing.fields import Target, field_of
from eightd.domain.importing.grid import Sheet
from eightd.domain.importing.layout import LOOKED_AT, Layout, find_layout, headings, propose
from eightd.persistence.tables.importing import ImportMappingRow
from eightd.persistence.unit_of_work import Work

_VALUES = "values"
"""Under which fingerprint the choices that belong to no sheet are kept."""


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """How one sheet is read: whether at all, where its headings stand (both ends included), what columns hold."""

    used: bool
    layout: Layout
    columns: Mapping[int, str]

    def document(self) -> dict[str, Any]:
        """Return it as it is kept."""
        columns = {str(column): code for column, code in sorted(self.columns.items())}
        return {"used": self.used, "first": self.layout.first, "last": self.layout.last, "columns": columns}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> SheetMapping:
        """Read what was kept."""
        columns = {int(column): code for column, code in document["columns"].items()}
        return cls(bool(document["used"]), Layout(document["first"], document["last"]), columns)


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How a file is read. ``customers`` says for the key of a name which customer's code is meant.

    The empty key stands for lines without a customer, an empty code for a customer that is to be made. ``update``
    lets lines about something known change it.
    """

    sheets: Mapping[str, SheetMapping]
    order: DayOrder = DayOrder.UNSAID
    kind: ComplaintKind = ComplaintKind.LINE
    customers: Mapping[str, str] = field(default_factory=dict)
    update: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "sheets": {name: one.document() for name, one in self.sheets.items()},
            "order": self.order.value,
            "kind": self.kind.value,
            "customers": dict(self.customers),
            "update": self.update,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> FileMapping:
        """Read what was kept."""
        return cls(
            {name: SheetMapping.of(one) for name, one in document["sheets"].items()},
            DayOrder(document.get("order", "")),
            ComplaintKind(document.get("kind", ComplaintKind.LINE)),
            dict(document.get("customers", {})),
            bool(document.get("update", False)),
        )


def shape_of(sheet: Sheet, target: Target) -> str:
    """Return the fingerprint of a sheet's headings as they are found, equal for next year's file of that shape."""
    layout = find_layout(sheet, target) or Layout(0, 0)
    names = [key_of(name) for name in headings(sheet, layout)]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256(json.dumps([target.value, names]).encode()).hexdigest()


def proposal(session: Session, plant_id: int, target: Target, sheets: Sequence[Sheet]) -> FileMapping:
    """Return how the file would be read: as files of that shape were last time, else by its headings.

    A sheet without headings that anybody knows is not used.
    """
    shapes = {sheet.name: shape_of(sheet, target) for sheet in sheets}
    kept = {
        row.fingerprint: row.document
        for row in session.execute(
            sa.select(ImportMappingRow).where(
                ImportMappingRow.plant_id == plant_id,
                ImportMappingRow.target == target.value,
                ImportMappingRow.fingerprint.in_([*shapes.values(), _VALUES]),
            )
        ).scalars()
    }
    chosen = {
        sheet.name: SheetMapping.of(kept[shapes[sheet.name]])
        if shapes[sheet.name] in kept
        else proposed_sheet(sheet, target)
        for sheet in sheets
    }
    values = kept.get(_VALUES, {})
    return FileMapping.of({"sheets": {name: one.document() for name, one in chosen.items()}, **values})


def proposed_sheet(sheet: Sheet, target: Target, layout: Layout | None = None) -> SheetMapping:
    """Return how a sheet would be read by its headings, found or standing where it is said."""
    found = layout or find_layout(sheet, target)
    if found is None:
        return SheetMapping(used=False, layout=Layout(0, 0), columns={})
    return SheetMapping(used=True, layout=found, columns=propose(headings(sheet, found), target))


def fitted(mapping: FileMapping, target: Target, sheets: Sequence[Sheet]) -> FileMapping:
    """Return the mapping as far as the file has such sheets, rows and columns, and the target such fields."""
    chosen = {}
    for sheet in sheets:
        one = mapping.sheets.get(sheet.name) or SheetMapping(used=False, layout=Layout(0, 0), columns={})
        last = max(0, min(one.layout.last, len(sheet.rows) - 1, LOOKED_AT * 2))
        columns = {
            column: code
            for column, code in one.columns.items()
            if 0 <= column < sheet.width and field_of(target, code) is not None
        }
        chosen[sheet.name] = SheetMapping(
            one.used, Layout(max(0, min(one.layout.first, last)), last), columns
        )
    return FileMapping(chosen, mapping.order, mapping.kind, mapping.customers, mapping.update)


def keep(work: Work, plant_id: int, target: Target, sheets: Sequence[Sheet], mapping: FileMapping) -> None:
    """Keep how each sheet was read for the next file of its shape, and the choices of values for any."""
    document = mapping.document()
    values = {name: document[name] for name in ("order", "kind", "customers", "update")}
    known = work.session.execute(
        sa.select(ImportMappingRow).where(
            ImportMappingRow.plant_id == plant_id, ImportMappingRow.target == target.value
        )
    ).scalars()
    rows = {row.fingerprint: row for row in known}
    wanted = {shape_of(sheet, target): document["sheets"][sheet.name] for sheet in sheets}
    customers = rows[_VALUES].document.get("customers", {}) if _VALUES in rows else {}
    wanted[_VALUES] = {**values, "customers": {**customers, **values["customers"]}}
    for fingerprint, kept in wanted.items():
        row = rows.get(fingerprint)
        if row is None:
            work.session.add(
                ImportMappingRow(
                    plant_id=plant_id, target=target.value, fingerprint=fingerprint, document=kept,
                    saved_by=work.actor.id, saved_at=work.now,
                )
            )  # fmt: skip
        elif row.document != kept:
            row.document, row.saved_by, row.saved_at = kept, work.actor.id, work.now
