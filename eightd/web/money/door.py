"""The blueprint of claims and cost, and how amounts are read and written on its pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import wtforms
from flask import Blueprint

from eightd.domain.cost import amounts
from eightd.web import forms

blueprint = Blueprint("money", __name__)

_NONSENSE = Decimal("NaN")


class AmountField(wtforms.StringField):
    """An amount as people type it; what is none of them reads as not a number, which every verb refuses by name."""

    @property
    def number(self) -> Decimal | None:
        """Return the number typed, None where nothing was."""
        text = (self.data or "").strip()
        if not text:
            return None
        found = amounts.typed(text)
        return _NONSENSE if found is None else found


@blueprint.app_template_filter()
def money(value: Decimal | None) -> str:
    """Write an amount with every place it has, thousands separated by commas."""
    return "" if value is None else f"{value:,f}"


@blueprint.app_template_filter()
def rate(value: Decimal | None) -> str:
    """Write a rate without zeros at its end."""
    return "" if value is None else f"{value.normalize():f}"


def typed(value: Decimal | None) -> str:
    """Write a number as it may be typed again."""
    return "" if value is None else f"{value:f}"


def currencies(first: str) -> list[tuple[str, str]]:
    """Return every currency as a choice: the plant's, those in common use, then the rest."""
    known = dict.fromkeys([first, *amounts.COMMON, *sorted(amounts.CURRENCIES)])
    return [(code, code) for code in known]


def amount_view(field: AmountField, **extras: Any) -> dict[str, Any]:
    """Return an amount's field for the macros: a text with the keys for numbers on a phone."""
    return forms.view(field, inputmode="decimal", autocomplete="off", **extras)


def day(field: wtforms.DateField) -> date:
    """Return the day of a field that is needed; the first day of all, which every verb refuses, where it is empty."""
    return field.data or date.min
