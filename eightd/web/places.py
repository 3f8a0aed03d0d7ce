"""The fields of a discipline's form by their places, as the browser and the merge know them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import wtforms

from eightd.domain.discipline.answers import Written
from eightd.domain.discipline.merge import INTERNAL, OTHER
from eightd.web import forms
from eightd.web.discipline_forms.fields import RowKeyField


def fields_by_place(form: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every simple field with its place; a row without a key goes by its number, ``#0``."""
    for one in form:
        place = f"{before}{one.short_name}"
        if isinstance(one, wtforms.FieldList):
            for number, entry in enumerate(one):
                key = entry.form["key"].data if "key" in entry.form else ""
                yield from fields_by_place(entry.form, f"{place}/{key or f'#{number}'}/")
        elif isinstance(one, wtforms.FormField):
            yield from fields_by_place(one.form, f"{place}/")
        elif not isinstance(one, RowKeyField):
            yield place, one


def values(form: Any, answer: Written) -> dict[str, str]:
    """Return what each place of an answer holds, as its field shows it; ``form`` is filled with the answer."""
    shown = {place: _text(forms.view(one)["value"]) for place, one in fields_by_place(form)}
    shown |= {f"{OTHER}{place}": text for place, text in answer.translation.items()}
    shown |= {f"{INTERNAL}{place}": "1" for place in answer.internal}
    return shown


def leave_out_invalid(form: Any) -> list[tuple[str, str]]:
    """Blank every field that cannot be taken; return their places with what is wrong, in words."""
    refused = []
    for place, one in fields_by_place(form):
        if not one.errors:
            continue
        refused.append((place, "; ".join(map(str, one.errors))))
        default = one.default() if callable(one.default) else one.default
        one.data = default if isinstance(one, wtforms.SelectField) else None
    return refused


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)
