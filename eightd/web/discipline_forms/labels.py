"""What the fields of disciplines are called, by field: a place without the keys of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import wtforms

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.phrases import fields_of
from eightd.web import forms
from eightd.web.discipline_forms.registry import FORMS


def labels_of(code: DisciplineCode) -> Mapping[str, str]:
    """Return the fields in which sentences are written with what they are called, in the form's order."""
    known = frozenset(fields_of(code))
    return {field: label for field, label in _walk(FORMS[code](forms.NOTHING), "", "") if field in known}


def label_of(code: DisciplineCode, field: str) -> str:
    """Return what a field is called, itself where no form has it."""
    return labels_of(code).get(field, field)


def _walk(form: Any, before: str, title: str) -> Iterator[tuple[str, str]]:
    for one in form:
        own = str(one.label.text)
        place = f"{before}{one.short_name}"
        if isinstance(one, wtforms.FieldList):
            row_class = one.unbound_field.args[0]
            yield from _walk(row_class(forms.NOTHING, prefix="blank-"), f"{place}/", _under(title, own))
        elif isinstance(one, wtforms.FormField):
            yield from _walk(one.form, f"{place}/", title)
        else:
            yield place, _under(title, own)


def _under(title: str, label: str) -> str:
    return f"{title} · {label}" if title else label
