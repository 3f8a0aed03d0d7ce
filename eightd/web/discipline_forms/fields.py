"""Fields that the forms of disciplines are made of; everything may be left empty in a draft."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

import wtforms
from flask import g
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length, NumberRange, Optional, Regexp

from eightd.domain.discipline.money import with_cents
from eightd.domain.discipline.whys import DEEPEST
from eightd.web import forms, words

LONGEST = 20_000
SHORT = 400
MOST_ROWS = 400
_MOST = 2_000_000_000
INSTANT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""What browsers send for a date with time; the first is what they are given."""


class RowKeyField(wtforms.HiddenField):
    """The key that a row keeps while others are added, moved and removed; the browser makes one for a new row."""


class LevelField(wtforms.IntegerField):
    """How deep a row stands in its tree; moved by keys and buttons, not typed."""

    widget = wtforms.widgets.HiddenInput()


class LinesField(wtforms.TextAreaField):
    """Several short texts, one a line; its data is a tuple without empty lines."""

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Split what was typed into lines."""
        text = str(valuelist[0]) if valuelist else ""
        self.data = tuple(line.strip() for line in text.splitlines() if line.strip())  # type: ignore[assignment]


class MoneyField(wtforms.DecimalField):
    """An amount of money, shown with two decimals."""

    def __init__(self, label: Any = None, validators: Any = None, **others: Any) -> None:
        """Show every decimal of what was typed."""
        super().__init__(label, validators, places=None, **others)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format(with_cents(self.data), "f") if isinstance(self.data, Decimal) else ""


class IndexField(wtforms.SelectField):
    """The index of a row of another discipline; the page offers the rows under the field's ``source``."""

    def __init__(self, label: Any = None, *, source: str, **others: Any) -> None:
        """Offer what ``offer`` was given for this source."""
        super().__init__(
            label,
            choices=lambda: [("", "–"), *g.get("offered_rows", {}).get(source, [])],
            coerce=forms.whole_number,
            **others,
        )


def offer(**sources: list[tuple[int, str]]) -> None:
    """Say which rows of other disciplines may be chosen while this request builds its forms."""
    g.offered_rows = {**g.get("offered_rows", {}), **sources}


def key() -> RowKeyField:
    """Return the key of a row."""
    return RowKeyField(validators=[Length(max=40), Regexp(r"[A-Za-z0-9_-]*\Z")])


def level() -> LevelField:
    """Return the depth of a row in its tree, 0 at the top."""
    return LevelField(_l("Level"), validators=[Optional(), NumberRange(min=0, max=DEEPEST)], default=0)


def text(label: Any, *, longest: int = SHORT, **others: Any) -> wtforms.StringField:
    """Return a line of text."""
    return wtforms.StringField(label, [Length(max=longest)], **others)


def long(label: Any, **others: Any) -> wtforms.TextAreaField:
    """Return a text of several lines."""
    return wtforms.TextAreaField(label, [Length(max=LONGEST)], **others)


def lines(label: Any, **others: Any) -> LinesField:
    """Return several texts, one a line."""
    return LinesField(label, **others)


def amount(label: Any, **others: Any) -> wtforms.IntegerField:
    """Return a number of pieces, not negative."""
    return wtforms.IntegerField(label, [Optional(), NumberRange(min=0, max=_MOST)], **others)


def percent(label: Any, **others: Any) -> wtforms.DecimalField:
    """Return a percentage from 0 to 100."""
    return wtforms.DecimalField(label, [Optional(), NumberRange(min=0, max=100)], places=None, **others)


def money(label: Any, **others: Any) -> MoneyField:
    """Return an amount of money, which may be a credit."""
    return MoneyField(label, [Optional(), NumberRange(min=-_MOST, max=_MOST)], **others)


def day(label: Any, **others: Any) -> wtforms.DateField:
    """Return a plant-local date."""
    return wtforms.DateField(label, [Optional()], **others)


def instant(label: Any, **others: Any) -> wtforms.DateTimeLocalField:
    """Return a date with time on the plant's clock."""
    return wtforms.DateTimeLocalField(label, [Optional()], format=INSTANT_FORMATS, **others)


def choice(label: Any, kind: type[StrEnum], **others: Any) -> wtforms.SelectField:
    """Return a choice among the members of an enumeration; the first, or ``default``, until another is made."""
    return wtforms.SelectField(
        label, choices=_choices(kind), coerce=str, **{"default": next(iter(kind)), **others}
    )


def rows(form_class: type[wtforms.Form], label: Any = "") -> wtforms.FieldList[Any]:
    """Return rows of a form."""
    return wtforms.FieldList(wtforms.FormField(form_class), label, max_entries=MOST_ROWS)


def _choices(kind: type[StrEnum]) -> Callable[[], list[Any]]:
    return lambda: words.choices(kind)
