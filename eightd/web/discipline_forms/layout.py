"""How a discipline's form is laid out, and the same as readable text: released, earlier, compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import wtforms

from eightd.domain.discipline.money import with_cents
from eightd.domain.discipline.whys import numbers
from eightd.web import formats, forms
from eightd.web.discipline_forms.fields import LevelField, LinesField, MoneyField, RowKeyField
from eightd.web.discipline_forms.mapping import is_blank


@dataclass(frozen=True)
class Fields:
    """Fields side by side; a nested form's are named ``form.field``."""

    names: tuple[str, ...]
    grid: str = "grid-2"


@dataclass(frozen=True)
class Rows:
    """Rows of one list. ``widths`` by column; ``cards`` for long rows; ``nested`` are lists inside the rows."""

    name: str
    what: Any
    add_label: Any
    widths: dict[str, str] = field(default_factory=dict)
    cards: bool = False
    grid: str = "grid-3"
    empty: Any = None
    nested: tuple[Rows, ...] = ()
    hints: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A titled part of the page; ``template`` draws its parts where the general macros do not serve."""

    name: str
    title: Any
    symbol: str
    parts: tuple[Fields | Rows, ...]
    hint: Any = None
    template: str | None = None


class DisciplineForm(forms.Form):
    """The form of one discipline, in sections."""

    SECTIONS: ClassVar[tuple[Section, ...]] = ()
    BLANKS: ClassVar[dict[str, int]] = {}


@dataclass(frozen=True)
class ShownTable:
    """Rows as read: a title, the columns' names, each row's texts."""

    what: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    cards: bool


@dataclass(frozen=True)
class ShownSection:
    """A section as read: single facts and tables; ``facts`` pair a label with one or several texts."""

    name: str
    title: str
    symbol: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    tables: tuple[ShownTable, ...]


@dataclass(frozen=True)
class Difference:
    """One field that differs between two answers."""

    label: str
    old: str
    new: str


def columns(field_list: Any, part: Rows) -> list[dict[str, Any]]:
    """Return the columns of a list for the row macros."""
    made = []
    nested = {one.name: one for one in part.nested}
    for one in _blank_row(field_list):
        if isinstance(one, wtforms.FieldList):
            inner = nested[one.short_name]
            made.append(
                {
                    "name": one.short_name,
                    "label": str(one.label.text),
                    "kind": "rows",
                    "columns": columns(one, inner),
                    "add_label": str(inner.add_label),
                    "hint": part.hints.get(one.short_name),
                }
            )
            continue
        shown = forms.view(one, name=one.short_name)
        shown.update(value=None, error=None, hint=part.hints.get(one.short_name))
        shown["width"] = part.widths.get(one.short_name)
        if one.short_name == "owner":  # the panel of actions brings who is there
            shown["attrs"] = {"list": "plant-people"}
        if shown["kind"] == "select":  # attributes of an option ride along, such as data-of-delivered
            tagged = {str(value): more[-1] for value, _, *more in one.iter_choices() if len(more) > 1}
            shown["options"] = [(value, label, tagged.get(value) or {}) for value, label in shown["options"]]
        if shown["kind"] == "textarea":
            shown["rows"] = 2 if part.cards else 1
        filled = (
            shown["kind"] == "select" or one.short_name == "currency"
        )  # stands in a row that is added, too
        if filled and one.data is not None and str(one.data):
            shown["default"] = str(one.data)
        made.append(shown)
    return made


def bound(form: Any, name: str) -> Any:
    """Return a field of the form, ``outer.inner`` for one of a nested form."""
    found = form
    for part in name.split("."):
        found = (found.form if isinstance(found, wtforms.FormField) else found)[part]
    return found


def shown(form: DisciplineForm) -> list[ShownSection]:
    """Return what a form holds as text, section by section; what is empty is left out."""
    made = []
    for section in form.SECTIONS:
        facts = []
        tables = []
        for part in section.parts:
            if isinstance(part, Rows):
                table = _table(bound(form, part.name), part)
                if table.rows:
                    tables.append(table)
                continue
            for name in part.names:
                texts = written(bound(form, name))
                if texts:
                    facts.append((str(bound(form, name).label.text), texts))
        if facts or tables:
            made.append(
                ShownSection(section.name, str(section.title), section.symbol, tuple(facts), tuple(tables))
            )
    return made


def written(one: Any) -> tuple[str, ...]:
    """Return a field's value as people read it; nothing where it is empty."""
    value = one.data
    if isinstance(one, LinesField):
        return tuple(value or ())
    if isinstance(one, wtforms.SelectField):
        return tuple(
            str(label) for key, label, *_ in one.iter_choices() if str(key) == str(value) and str(key)
        )
    if value is None or value == "":
        return ()
    if isinstance(value, datetime):
        return (value.strftime("%Y-%m-%d %H:%M"),)
    if isinstance(value, date):
        return (formats.day(value),)
    if isinstance(one, MoneyField) and isinstance(value, Decimal):
        shown = with_cents(value)
        return (formats.number(shown, -int(shown.as_tuple().exponent)),)
    if isinstance(value, int | Decimal):
        return (formats.number(value),)
    return (str(value),)


def differences(old: DisciplineForm, new: DisciplineForm) -> list[Difference]:
    """Return the fields that differ between two filled forms, in the form's order."""
    before, after = dict(_flat(old)), dict(_flat(new))
    return [
        Difference(label, before.get(label, ""), after.get(label, ""))
        for label in dict.fromkeys([*after, *before])
        if before.get(label, "") != after.get(label, "")
    ]


def _flat(form: DisciplineForm) -> Iterator[tuple[str, str]]:
    for section in form.SECTIONS:
        for part in section.parts:
            if isinstance(part, Rows):
                yield from _flat_rows(bound(form, part.name), part, "")
                continue
            for name in part.names:
                one = bound(form, name)
                texts = written(one)
                if texts:
                    yield str(one.label.text), "\n".join(texts)


def _flat_rows(field_list: Any, part: Rows, before: str) -> Iterator[tuple[str, str]]:
    nested = {one.name: one for one in part.nested}
    filled = (entry.form for entry in field_list if not is_blank(entry.form))
    for number, row in enumerate(filled, 1):
        place = f"{before}{part.what} {number}"
        for one in row:
            if isinstance(one, RowKeyField | LevelField):
                continue
            if isinstance(one, wtforms.FieldList):
                yield from _flat_rows(one, nested[one.short_name], f"{place} · ")
                continue
            texts = written(one)
            if texts:
                yield f"{place} · {one.label.text}", "\n".join(texts)


def _table(field_list: Any, part: Rows) -> ShownTable:
    blank = [one for one in _blank_row(field_list) if not isinstance(one, RowKeyField | LevelField)]
    heads = tuple(str(one.label.text) for one in blank)
    numeric = tuple(isinstance(one, wtforms.IntegerField | wtforms.DecimalField) for one in blank)
    filled = [entry.form for entry in field_list if not is_blank(entry.form)]
    shown = {one.short_name for one in blank}
    rows = tuple(tuple(_cell(one) for one in row if one.short_name in shown) for row in filled)
    return ShownTable(str(part.what), heads, numeric, rows, part.cards)


def _cell(one: Any) -> tuple[str, ...]:
    if isinstance(one, wtforms.FieldList) and "level" in dict(one[0].form._fields if len(one) else {}):
        return _steps(one)
    if isinstance(one, wtforms.FieldList):
        return tuple(
            text
            for entry in one
            for inner in entry.form
            if not isinstance(inner, RowKeyField | LevelField)
            for text in written(inner)
        )
    return written(one)


def _steps(field_list: Any) -> tuple[Any, ...]:
    """Return a tree's steps as number, text and evidence, in order."""
    filled = [entry.form for entry in field_list if not is_blank(entry.form)]
    numbered = numbers(row["level"].data or 0 for row in filled)
    return tuple(
        (number, row["text"].data or "", row["evidence"].data or "")
        for number, row in zip(numbered, filled, strict=True)
    )


def _blank_row(field_list: Any) -> Any:
    row_class = field_list.unbound_field.args[0]
    return row_class(forms.NOTHING, prefix="blank-")
