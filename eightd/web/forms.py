"""Forms: WTForms without a second CSRF token, and their fields as the form macros want them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import wtforms
from babel.support import Translations
from flask import g, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms.fields.core import Field
from wtforms.i18n import messages_path
from wtforms.meta import DefaultMeta
from wtforms.validators import Regexp

from eightd.usecases.errors import Invalid
from eightd.web import formats

_ASTRONOMIC = 2**62
_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
_KINDS: tuple[tuple[type[Field], str], ...] = (
    (wtforms.HiddenField, "hidden"),
    (wtforms.PasswordField, "password"),
    (wtforms.TextAreaField, "textarea"),
    (wtforms.RadioField, "radio"),
    (wtforms.SelectMultipleField, "checkboxes"),
    (wtforms.SelectField, "select"),
    (wtforms.BooleanField, "checkbox"),
    (wtforms.MultipleFileField, "file"),
    (wtforms.FileField, "file"),
    (wtforms.DateTimeLocalField, "datetime-local"),
    (wtforms.DateField, "date"),
    (wtforms.TimeField, "time"),
    (wtforms.IntegerField, "number"),
    (wtforms.DecimalField, "number"),
    (wtforms.EmailField, "email"),
    (wtforms.TelField, "tel"),
    (wtforms.SearchField, "search"),
)


EMAIL = Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("This is not an e-mail address."))
"""One ``@`` between two things without blanks: whether it exists only a mail can tell."""

NOTHING: MultiDict[str, Any] = MultiDict()
"""Hand this to a form to show it unsent while the request sends another form of the page."""


@lru_cache
def _catalogue(language: str) -> Any:
    return Translations.load(messages_path(), [language], "wtforms")


class _Words:
    """WTForms' own sentences, in the language of the request."""

    def gettext(self, string: str) -> str:
        return str(_catalogue(formats.language()).ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(_catalogue(formats.language()).ungettext(singular, plural, n))


class Form(wtforms.Form):
    """A form of a page: filled from the request where one was sent, stripped of blanks around text.

    The CSRF token is checked for the whole application, not here. The form shown last is remembered, so
    that the dialog about a stale version can name its fields.
    """

    class Meta(DefaultMeta):
        """How WTForms works in this house."""

        def get_translations(self, form: Any) -> Any:
            """Return WTForms' own sentences."""
            return _Words()

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Keep whole numbers within what can be compared: WTForms turns them into floats to judge them."""
            bound = super().bind_field(form, unbound_field, options)
            if isinstance(bound, wtforms.IntegerField):
                bound.filters = (*bound.filters, _within_reason)
            return bound

    def __init__(self, formdata: Any = None, **values: Any) -> None:
        """Fill the form from what was sent, else from ``obj``, ``data`` and keywords as WTForms does."""
        is_row = bool(values.get("prefix"))  # FormField makes its forms itself and hands down what was sent
        given = sent() if formdata is None and not is_row else formdata
        super().__init__(None if given is NOTHING else given, **values)
        if not is_row:
            g.form = self

    def process(
        self,
        formdata: Any = None,
        obj: Any = None,
        data: Any = None,
        extra_filters: Any = None,
        **values: Any,
    ) -> None:
        """Fill the fields; blanks around text go, but not around a password."""
        texts = (name for name, one in self._fields.items() if isinstance(one, wtforms.StringField))
        stripping = {
            name: [_stripped] for name in texts if not isinstance(self._fields[name], wtforms.PasswordField)
        }
        super().process(formdata, obj, data, {**stripping, **(extra_filters or {})}, **values)

    @property
    def is_sent(self) -> bool:
        """Return whether this request sends a form."""
        return request.method in _UNSAFE

    def passes(self) -> bool:
        """Return whether the form was sent and every field is acceptable."""
        return self.is_sent and self.validate()

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge every field; a list with more rows than it takes is refused, never cut short in silence."""
        passed = super().validate(extra_validators)
        crowded = _crowded(self, sent())
        if crowded is None:
            return passed
        told = gettext(
            "%(list)s: at most %(limit)d rows.", list=crowded.label.text, limit=crowded.max_entries
        )
        self.form_errors = [*self.form_errors, told]
        return False

    def refuse(self, invalid: Invalid) -> None:
        """Show what a verb found wrong beside the fields; what belongs to no field stands above the form."""
        flat = {one.name: one for one in walk(self)}
        for name, problem in invalid.problems.items():
            text = formats.message(problem)
            if name in flat:
                flat[name].errors = [*flat[name].errors, text]
            else:
                self.form_errors = [*self.form_errors, text]


def _crowded(form: Any, given: Any) -> Any:
    """Return the first list of a form that was sent more rows than it takes, None where there is none."""
    for one in form:
        if isinstance(one, wtforms.FieldList):
            indices = {
                name[len(one.name) + 1 :].split("-", 1)[0]
                for name in given or ()
                if name.startswith(f"{one.name}-")
            }
            if one.max_entries and sum(index.isdigit() for index in indices) > one.max_entries:
                return one
            rows = [entry.form for entry in one if isinstance(entry, wtforms.FormField)]
        else:
            rows = [one.form] if isinstance(one, wtforms.FormField) else []
        for row in rows:
            if (found := _crowded(row, given)) is not None:
                return found
    return None


def _within_reason(value: Any) -> Any:
    return max(-_ASTRONOMIC, min(value, _ASTRONOMIC)) if isinstance(value, int) else value


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def sent() -> MultiDict[str, Any] | CombinedMultiDict[str, Any] | None:
    """Return the fields and files of an unsafe request, None for a safe one."""
    if request.method not in _UNSAFE:
        return None
    return CombinedMultiDict((request.files, request.form)) if request.files else request.form


def walk(fields: Any) -> Iterator[Field]:
    """Yield every simple field, in order, rows and nested forms opened."""
    for one in fields:
        if isinstance(one, wtforms.FieldList | wtforms.FormField):
            yield from walk(one)
        else:
            yield one


def view(field: Field, **extras: Any) -> dict[str, Any]:
    """Return a WTForms field as `macros/forms.html` wants it; ``extras`` override (hint, kind, width …)."""
    kind = next((name for one, name in _KINDS if isinstance(field, one)), "text")
    if isinstance(field.widget, wtforms.widgets.HiddenInput):
        kind = "hidden"
    shown: dict[str, Any] = {
        "name": field.name,
        "label": field.label.text,
        "value": _value(field, kind),
        "error": "; ".join(map(str, field.errors)) or None,
        "hint": field.description or None,
        "required": bool(field.flags.required),
        "kind": kind,
    }
    for flag in ("maxlength", "min", "max"):
        limit = getattr(field.flags, flag, None)
        if limit is not None:
            shown[flag] = limit
    if kind in {"select", "radio", "checkboxes"}:
        given = [(str(value), label) for value, label, *_ in field.iter_choices()]  # type: ignore[attr-defined]
        shown["options"] = [option for option in given if option[0]] if kind == "select" else given
        blank = next((label for value, label in given if not value), None)
        if kind == "select":
            shown["blank"] = blank if blank is not None else False
    if kind == "number" and isinstance(field, wtforms.DecimalField):
        shown["step"] = "any"
    return {**shown, **extras}


def rows(field_list: Any) -> list[dict[str, Any]]:
    """Return the rows of a FieldList for ``rows_table`` and ``rows_cards``: name to value, errors, nested rows."""
    shown = []
    for entry in field_list:
        if not isinstance(entry, wtforms.FormField):
            shown.append(
                {"value": _value(entry, "text"), "_errors": {"value": "; ".join(map(str, entry.errors))}}
            )
            continue
        row: dict[str, Any] = {"_errors": {}}
        for one in entry:
            if isinstance(one, wtforms.FieldList):
                row[one.short_name] = rows(one)
                continue
            row[one.short_name] = view(one)["value"]
            if one.errors:
                row["_errors"][one.short_name] = "; ".join(map(str, one.errors))
        shown.append(row)
    return shown


def errors(form: Form) -> list[Any]:
    """Return what ``error_summary`` lists: fields with an error, and what belongs to no field."""
    found: list[Any] = [(None, text) for text in form.form_errors]
    return found + [view(one) for one in walk(form) if one.errors]


def _value(field: Field, kind: str) -> Any:
    if kind == "checkbox":
        return bool(field.data)
    if kind == "checkboxes":
        return [str(one) for one in field.data or []]
    if kind in {"select", "radio"}:
        return "" if field.data is None else str(field.data)
    if kind in {"file", "password"}:
        return ""
    written = getattr(field, "_value", None)
    return written() if written is not None else field.data


def whole_number(value: Any) -> int | None:
    """Read a select's value as a number, an empty choice as None; for ``coerce``."""
    return int(value) if value not in {None, "", "None"} else None


def typed() -> Mapping[str, Any]:
    """Return the form this request has filled last, by field name; empty where no form was made."""
    form = g.get("form")
    return {} if form is None else {one.name: one for one in walk(form)}
