"""What the forms of returns are made of: fields, lists whose blank rows are left out; and the announcement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from eightd.domain.returns.stages import ReturnKind
from eightd.domain.returns.steps import LARGEST
from eightd.domain.words import Language
from eightd.usecases.errors import Invalid
from eightd.usecases.returns.opening import LONGEST_TEXT
from eightd.web import forms, words

MOST_LINES = 30
_SEPARATORS = re.compile(r"[\n,;，；、]")
LABEL_LANGUAGES = ((Language.ZH, _l("Chinese")), (Language.EN, _l("English")))


def several(text: str | None) -> tuple[str, ...]:
    """Return the single texts of a line parted by commas of either script."""
    return tuple(one.strip() for one in _SEPARATORS.split(text or "") if one.strip())


def pieces(label: Any, *, least: int = 0, needed: bool = True, hint: Any = "") -> wtforms.IntegerField:
    """Return a field for a number of pieces."""
    checks = [InputRequired() if needed else Optional(), NumberRange(min=least, max=LARGEST)]
    return wtforms.IntegerField(label, checks, description=hint)


def day(label: Any, *, needed: bool = False, hint: Any = "") -> wtforms.DateField:
    """Return a field for a plant-local day."""
    return wtforms.DateField(label, [InputRequired() if needed else Optional()], description=hint)


def line(label: Any, *, longest: int = 120, needed: bool = False, hint: Any = "") -> wtforms.StringField:
    """Return a field for a short text."""
    checks = [DataRequired()] if needed else []
    return wtforms.StringField(label, [*checks, Length(max=longest)], description=hint)


def text(label: Any, *, needed: bool = False, hint: Any = "") -> wtforms.TextAreaField:
    """Return a field for a text of any usual length."""
    checks = [DataRequired()] if needed else []
    return wtforms.TextAreaField(label, [*checks, Length(max=LONGEST_TEXT)], description=hint)


class Row(wtforms.Form):
    """A row of a list; one in which nobody typed anything is not there."""

    Meta = forms.Form.Meta
    typed_in: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was typed into the row; what is merely chosen does not count."""
        return not any(
            field.raw_data and str(field.raw_data[0]).strip()
            for field in self
            if field.short_name in self.typed_in
        )


def moved_to_rows(invalid: Invalid, prefix: str, places: Sequence[int]) -> Invalid:
    """Return the problems at the rows of the form: rows left blank were not handed on, so indices differ."""
    pattern = re.compile(rf"{prefix}-(\d+)-(\w+)")

    def named(name: str) -> str:
        found = pattern.fullmatch(name)
        if found is None or int(found[1]) >= len(places):
            return name
        return f"{prefix}-{places[int(found[1])]}-{found[2]}"

    return Invalid({named(name): problem for name, problem in invalid.problems.items()})


def filled(rows: Any) -> list[tuple[int, Any]]:
    """Return the rows that were filled in, with their place in the form."""
    return [(at, entry.form) for at, entry in enumerate(rows) if not entry.form.is_blank]


class EntryRow(Row):
    """The pieces of one complaint in the parcel."""

    typed_in = ("complaint", "quantity", "lots")
    complaint = wtforms.StringField(_l("Complaint"), [Length(max=40)])
    quantity = wtforms.IntegerField(_l("Pieces"), [Optional(), NumberRange(max=LARGEST)])
    lots = wtforms.StringField(_l("Lots"), [Length(max=1000)])


class AnnounceForm(forms.Form):
    """A parcel that is on its way, with the pieces of one or more complaints in it."""

    kind = wtforms.RadioField(
        _l("What comes back"), [InputRequired()], choices=lambda: words.choices(ReturnKind)
    )
    lines = wtforms.FieldList(
        wtforms.FormField(EntryRow), _l("Complaints in this parcel"), min_entries=1, max_entries=MOST_LINES
    )
    expected_on = day(_l("Expected on"))
    promised_on = day(
        _l("Promised back by"),
        hint=_l("The day by which the customer was promised pieces again; may follow later."),
    )
    carrier = line(_lp("transport", "Carrier"))
    tracking = line(_l("Tracking number"), hint=_l("Scanning it later finds this return as well."))
    sender = text(_l("Sender's address"))
    enclose = text(_l("To be enclosed"), hint=_l("Printed on the label, in the language of the label."))
    language = wtforms.SelectField(_l("Language of the label"), choices=lambda: list(LABEL_LANGUAGES))
    note = text(_l("Remark"))


def columns_of_entries() -> list[dict[str, Any]]:
    """Return the columns of the complaints in a parcel."""
    return [
        {"name": "complaint", "label": gettext("Complaint"), "kind": "text", "width": "m", "maxlength": 40,
         "placeholder": "CC-2026-00001"},
        {"name": "quantity", "label": gettext("Pieces"), "kind": "number", "min": 1, "width": "s"},
        {"name": "lots", "label": gettext("Lots"), "kind": "text", "maxlength": 1000},
    ]  # fmt: skip
