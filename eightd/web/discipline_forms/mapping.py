"""The way from an answer to its form and back, by field name, for every discipline alike.

A form's fields are called as the answer's. Nested values are FormFields, tuples of values are rows;
a tuple of texts is either one text a line or rows with one field ``text``. Rows in which nothing but
a choice was made are dropped.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import wtforms
from flask import request

from eightd.domain.discipline.whys import DEEPEST, levels
from eightd.web.discipline_forms.fields import IndexField, LevelField, LinesField, RowKeyField

T = TypeVar("T")


def form_values(answer: Any, zone: str, form_class: type[wtforms.Form]) -> dict[str, Any]:
    """Return the answer as the values that a form is filled with; instants on the plant's clock."""
    values: dict[str, Any] = {}
    for one in fields(answer):
        if not hasattr(form_class, one.name):
            continue
        value = getattr(answer, one.name)
        values[one.name] = _form_value(value, zone, getattr(form_class, one.name))
    return values


def _form_value(value: Any, zone: str, unbound: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if is_dataclass(value) and not isinstance(value, type):
        return form_values(value, zone, unbound.args[0])
    if isinstance(value, tuple) and unbound.field_class is wtforms.FieldList:
        row_class = unbound.args[0].args[0]
        return [
            {"text": item} if isinstance(item, str) else form_values(item, zone, row_class) for item in value
        ]
    return value


def answer_of(form: Any, kind: type[T], zone: str) -> T:
    """Return the answer that a valid form holds; empty rows are dropped."""
    hints = _hints(cast("Any", kind))
    given = {
        one.name: _value(form[one.name], hints[one.name], zone)
        for one in fields(cast("Any", kind))
        if one.name in form
    }
    return kind(**given)


def _value(field: Any, hint: Any, zone: str) -> Any:
    if isinstance(field, wtforms.FieldList):
        return _rows(field, get_args(hint)[0], zone)
    if isinstance(field, wtforms.FormField):
        return answer_of(field.form, hint, zone)
    if isinstance(field, LinesField):
        return tuple(field.data or ())
    if isinstance(field, LevelField):
        return field.data or 0
    if isinstance(field, wtforms.DateTimeLocalField):
        naive = field.data
        return None if naive is None else naive.replace(tzinfo=ZoneInfo(zone))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(str(field.data))
    return (field.data or "") if hint is str else field.data


def _rows(field_list: Any, row_kind: Any, zone: str) -> tuple[Any, ...]:
    filled = [entry.form for entry in field_list if not is_blank(entry.form)]
    if row_kind is str:
        return tuple(row["text"].data for row in filled)
    return tuple(answer_of(row, row_kind, zone) for row in filled)


def is_blank(form: Any) -> bool:
    """Return whether nothing was entered; a choice that always has a value says nothing, a chosen row does.

    A row that is written in the other language only is not blank.
    """
    return all(_is_blank(field) for field in form) and not _is_told_beside(form)


def _is_told_beside(form: Any) -> bool:
    key = form["key"].data if "key" in form else ""
    return bool(key) and any(
        text.strip()
        for name, text in request.form.items()
        if name.startswith("other:") and f"/{key}/" in name
    )


def _is_blank(field: Any) -> bool:
    if isinstance(field, wtforms.FieldList):
        return all(is_blank(entry.form) for entry in field)
    if isinstance(field, wtforms.FormField):
        return is_blank(field.form)
    if isinstance(field, RowKeyField | LevelField):
        return True
    if isinstance(field, wtforms.SelectField) and not isinstance(field, IndexField):
        return True
    if field.raw_data and any(str(given).strip() for given in field.raw_data):
        return bool(field.name.endswith("-currency"))  # filled in beforehand
    return bool(field.data in {None, "", ()} or field.name.endswith("-currency"))


def pad(form: Any, blanks: Mapping[str, int] | None = None, usual: int = 2) -> None:
    """Append empty rows, so that there is room to type where no script adds any.

    ``blanks`` says how many by the list's own name; nested lists grow alike.
    """
    wanted = blanks or {}
    for field in form:
        if isinstance(field, wtforms.FormField):
            pad(field.form, wanted, usual)
        if not isinstance(field, wtforms.FieldList):
            continue
        free = 0
        for entry in reversed(list(field)):
            if not is_blank(entry.form):
                break
            free += 1
        room = (field.max_entries or len(field) + usual) - len(field)
        for _ in range(min(wanted.get(field.short_name, usual) - free, room)):
            entry = field.append_entry()
            if "key" in entry.form:
                entry.form["key"].data = secrets.token_hex(4)
            if "level" in entry.form and len(field) > 1:
                above = levels(one.form["level"].data or 0 for one in field)[-2]
                entry.form["level"].data = min(above + 1, DEEPEST)
        for entry in field:
            pad(entry.form, wanted, usual)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return {name: _plain(hint) for name, hint in get_type_hints(kind).items()}


def _plain(hint: Any) -> Any:
    """Take None out of ``X | None``."""
    if get_origin(hint) is tuple:
        return hint
    others = [one for one in get_args(hint) if one is not type(None)]
    return others[0] if others else hint
