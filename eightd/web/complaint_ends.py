"""Forms of how a complaint ends or begins again: not ours with its evidence, cancelled as a double, opened again."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from eightd.domain.afterwards import ReopeningWhy, Wrong
from eightd.domain.complaint import DisciplineCode
from eightd.queries.complaint import CaseHead
from eightd.usecases import confirm, outcome
from eightd.usecases.verb import Done
from eightd.web import complaint_clock as c
from eightd.web import complaint_forms as f
from eightd.web import forms, words


def _number(label: Any, hint: Any) -> wtforms.StringField:
    return wtforms.StringField(label, [Length(max=40)], description=hint)


class BackedForm(f.ActionForm):
    """An explanation “not ours” with what proves it."""

    evidence: (
        wtforms.SelectMultipleField
    )  # made last in each form, for fields stand in the order they are made


def _evidence() -> wtforms.SelectMultipleField:
    return wtforms.SelectMultipleField(_l("Evidence: files of this complaint"), coerce=forms.whole_number)


def _file() -> wtforms.FileField:
    return wtforms.FileField(_l("Evidence: a new file"))


def _unproven() -> wtforms.TextAreaField:
    return wtforms.TextAreaField(
        _l("Or why there is no evidence"),
        [Length(max=2000)],
        description=_l("One or the other is asked for before the quality manager approves."),
    )


class NotOursForm(BackedForm):
    """Why it is not ours."""

    reason = f.long_field(_l("Reason"))
    evidence = _evidence()
    file = _file()
    unproven_because = _unproven()


class ExplanationForm(BackedForm):
    """The explanation to the customer."""

    text = f.long_field(_l("Text"))
    evidence = _evidence()
    file = _file()
    unproven_because = _unproven()


class CancelForm(f.ActionForm):
    """Why nothing is owed any more."""

    reason = f.long_field(_l("Reason"))
    duplicate_of = _number(
        _l("Duplicate of"), _l("The number of the complaint that goes on; empty where withdrawn.")
    )


class ReopenForm(f.ActionForm):
    """Why it begins again, and what was wrong before."""

    why = wtforms.SelectField(
        _l("Opened again because"),
        choices=lambda: words.choices(ReopeningWhy),
        default=ReopeningWhy.RECURRED.value,
    )
    reason = f.long_field(_l("Reason"))
    recurred_as = _number(_l("Came back as"), _l("The number of the new complaint, where there is one."))

    def wrong(self) -> list[tuple[DisciplineCode, wtforms.Field]]:
        """Return the field of each discipline."""
        return [(code, self[f"wrong_{code.value}"]) for code in DisciplineCode]


for _code in DisciplineCode:
    setattr(ReopenForm, f"wrong_{_code.value}", wtforms.TextAreaField("", [Length(max=2000)]))


def offer(form: Any, head: CaseHead) -> None:
    """Give the form what it offers to choose from; other forms are left alone."""
    match form:
        case BackedForm():
            form.evidence.choices = [one for one in c.filed_choices(head) if one[0] != ""]
        case ReopenForm():
            for code, field in form.wrong():
                field.label.text = gettext("%(discipline)s: what was wrong?", discipline=words.word(code))


def not_ours(form: Any, call: Any) -> Done:
    """Find that it is not ours."""
    return call(confirm.confirm_not_ours, reason=form.reason.data or "", backing=_backing(form))  # type: ignore[no-any-return]


def explain(form: Any, call: Any) -> Done:
    """Write the explanation anew."""
    return call(confirm.write_explanation, text=form.text.data or "", backing=_backing(form))  # type: ignore[no-any-return]


def cancel(form: Any, call: Any) -> Done:
    """Cancel, as a double of another or because it was withdrawn."""
    return call(  # type: ignore[no-any-return]
        outcome.cancel, reason=form.reason.data or "", duplicate_of=form.duplicate_of.data or ""
    )


def reopen(form: Any, call: Any) -> Done:
    """Open again, with what was wrong before."""
    wrong = tuple(Wrong(code, field.data) for code, field in form.wrong() if field.data)
    return call(  # type: ignore[no-any-return]
        outcome.reopen,
        reason=form.reason.data or "",
        why=ReopeningWhy(form.why.data),
        was_wrong=wrong,
        recurred_as=form.recurred_as.data or "",
    )


def _backing(form: Any) -> confirm.Backing:
    upload = c.uploaded("file")
    return confirm.Backing(
        evidence=tuple(form.evidence.data or ()),
        uploads=() if upload is None else (upload,),
        unproven_because=form.unproven_because.data or "",
    )
