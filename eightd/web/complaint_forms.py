"""Forms of the single actions on a complaint; times are typed on the plant's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Demand, DisciplineCode, Role, Tier
from eightd.domain.workflow.snapshot import Origin, VerdictResult
from eightd.domain.workflow.table import WORKING
from eightd.reporting.sheet.wording import Arrangement
from eightd.web import forms, words
from eightd.web.discipline_forms.fields import INSTANT_FORMATS

_MOST = 2_000_000_000
REPORT_LANGUAGES = (
    ("both", _l("Chinese and English")),
    ("zh", _l("Chinese")),
    ("en", _l("English")),
)


def as_instant(naive: datetime | None, zone: str) -> datetime | None:
    """Return the instant at which the plant's clock shows the time typed."""
    return None if naive is None else naive.replace(tzinfo=ZoneInfo(zone))


class ListField(wtforms.StringField):
    """Several short texts in one line, parted by commas of either script."""

    def _value(self) -> str:
        given: Any = self.data or ""
        return given if isinstance(given, str) else ", ".join(given)

    def texts(self) -> tuple[str, ...]:
        """Return the single texts."""
        text = self._value()
        for separator in ("，", "、", ";", "；", "\n"):
            text = text.replace(separator, ",")
        return tuple(part.strip() for part in text.split(",") if part.strip())


def instant_field(label: Any, *, required: bool = True, hint: Any = "") -> wtforms.DateTimeLocalField:
    """Return a field for an instant on the plant's clock."""
    return wtforms.DateTimeLocalField(
        label, [InputRequired() if required else Optional()], format=INSTANT_FORMATS, description=hint
    )


def _count(label: Any) -> wtforms.IntegerField:
    return wtforms.IntegerField(label, [Optional(), NumberRange(min=0, max=_MOST)])


def long_field(label: Any) -> wtforms.TextAreaField:
    """Return a field for a text of any usual length."""
    return wtforms.TextAreaField(label, [Length(max=20_000)])


class _OneOf(wtforms.RadioField):
    """Radio buttons of which none is chosen beforehand: not choosing is what goes wrong."""

    def pre_validate(self, form: BaseForm) -> None:
        """Ask for a choice where none was made."""
        if not self.raw_data:
            raise wtforms.ValidationError(gettext("Please choose one."))
        super().pre_validate(form)


def _yes_no(label: Any) -> wtforms.RadioField:
    return _OneOf(label, choices=lambda: [("yes", _l("Yes")), ("no", _l("No"))])


class ActionForm(forms.Form):
    """A form of one action; ``reason`` is asked for where the action needs one."""


class PlainForm(ActionForm):
    """Nothing but the button."""


class ReasonForm(ActionForm):
    """The reason alone."""

    reason = long_field(_l("Reason"))


class TextForm(ActionForm):
    """A text alone."""

    text = long_field(_l("Text"))


class ConfirmForm(ActionForm):
    """What the CQE decides on confirming."""

    visit_needed = _yes_no(_l("On-site visit needed?"))
    sample_needed = _yes_no(_l("Sample needed?"))
    origin = wtforms.SelectField(_l("Suspected origin"), choices=lambda: words.choices(Origin))
    repeat_of = wtforms.StringField(_l("Recurrence of"), [Length(max=40)])
    note = long_field(_l("Remark"))
    reason = long_field(_l("Reason"))


class ProvenForm(ActionForm):
    """A form that asks how it is known that something was sent elsewhere: by a file or in words."""

    evidence_id: wtforms.SelectField  # made last in each form, for fields stand in the order they are made


def _filed() -> wtforms.SelectField:
    return wtforms.SelectField(_l("Proof: a file of this complaint"), coerce=forms.whole_number)


def _file() -> wtforms.FileField:
    return wtforms.FileField(_l("Proof: a new file"))


def _proof_in_words() -> wtforms.StringField:
    return wtforms.StringField(
        _l("Or in words, how it is known"),
        [Length(max=1000)],
        description=_l("For example who confirmed the receipt, or the number of the consignment."),
    )


class NotOursReplyForm(ProvenForm):
    """How the explanation was sent."""

    sent_at = instant_field(_l("Sent on"))
    means = wtforms.SelectField(_l("By"), choices=lambda: words.choices(Channel), default=Channel.EMAIL)
    recipient = wtforms.StringField(_l("To"), [Length(max=200)])
    evidence_id = _filed()
    file = _file()
    proof = _proof_in_words()


class SampleForm(ActionForm):
    """The sample's arrival."""

    received_at = instant_field(_l("Received on"))
    announced_quantity = _count(_l("Announced quantity"))
    quantity = _count(_l("Received quantity"))
    note = long_field(_l("Remark, reason of a difference"))


class RequireSampleForm(ActionForm):
    """How many the customer announced."""

    announced_quantity = _count(_l("Announced quantity"))


class TierForm(ActionForm):
    """A tier set by hand."""

    tier = _OneOf(_l("Tier"), choices=lambda: words.choices(Tier))
    reason = long_field(_l("Reason"))


class AssignRoleForm(ActionForm):
    """Who takes a role."""

    role = wtforms.SelectField(
        _l("Role"), choices=lambda: [(role.value, words.word(role)) for role in Role if role in WORKING]
    )
    user_id = wtforms.SelectField(_l("Person"), [InputRequired()], coerce=forms.whole_number)
    reason = long_field(_l("Reason"))


class AssignDisciplineForm(ActionForm):
    """Who owns a discipline."""

    code = wtforms.SelectField(_l("Discipline"), choices=lambda: words.choices(DisciplineCode))
    user_id = wtforms.SelectField(_l("Person"), [InputRequired()], coerce=forms.whole_number)
    reason = long_field(_l("Reason"))


class IssueForm(ActionForm):
    """The languages a revision is meant for, and how two stand together."""

    language = _OneOf(_l("Language"), choices=lambda: list(REPORT_LANGUAGES))
    arrangement = _OneOf(
        _l("Two languages"), choices=lambda: words.choices(Arrangement), default=Arrangement.STACKED.value
    )


class WithdrawForm(ActionForm):
    """Which revision holds no more, and why."""

    revision = wtforms.SelectField(_l("Revision"), [InputRequired()], coerce=forms.whole_number)
    reason = long_field(_l("Reason"))


class SendForm(ProvenForm):
    """What was sent, when, how and to whom."""

    sent_at = instant_field(_l("Sent on"))
    means = wtforms.SelectField(_l("By"), choices=lambda: words.choices(Channel), default=Channel.EMAIL)
    recipient = wtforms.StringField(_l("To"), [Length(max=200)])
    revision = wtforms.SelectField(_l("Report revision sent"), coerce=forms.whole_number)
    text = long_field(_l("Text of the reply"))
    evidence_id = _filed()
    file = _file()
    proof = _proof_in_words()


class VerdictForm(ActionForm):
    """What the customer said."""

    result = _OneOf(_l("Verdict"), choices=lambda: words.choices(VerdictResult))
    by = wtforms.StringField(_l("Given by"), [InputRequired(), Length(max=200)])
    on = wtforms.DateField(_l("On"), [InputRequired()])
    reason = long_field(_l("Reason, when rejected"))


class HeaderForm(ActionForm):
    """The facts of the header that may be corrected."""

    received_at = instant_field(_l("Received"))
    kind = wtforms.SelectField(_l("Kind"), choices=lambda: words.choices(ComplaintKind))
    channel = wtforms.SelectField(_l("Channel"), choices=lambda: words.choices(Channel))
    customer_number = wtforms.StringField(_l("Customer's number"), [Length(max=120)])
    customer_plant = wtforms.StringField(_l("Customer's plant"), [Length(max=120)])
    contact = wtforms.StringField(_l("Contact"), [Length(max=200)])
    end_customer = wtforms.StringField(_l("End customer"), [Length(max=200)])
    part_customer_number = wtforms.StringField(_l("Customer's part number"), [Length(max=80)])
    drawing_revision = wtforms.StringField(_l("Drawing revision"), [Length(max=40)])
    lots = ListField(_l("Lots"))
    date_codes = ListField(_l("Date codes"))
    serials = ListField(_l("Serials"))
    order_number = wtforms.StringField(_l("Order"), [Length(max=80)])
    delivery_number = wtforms.StringField(_l("Delivery"), [Length(max=80)])
    quantity_delivered = _count(_l("Quantity delivered"))
    quantity_complained = _count(_l("Quantity complained"))
    quantity_confirmed_ng = _count(_l("Quantity confirmed NG"))
    quantity_returned = _count(_l("Quantity returned"))
    report_language = wtforms.SelectField(_l("Report language"), choices=lambda: list(REPORT_LANGUAGES))
    demands = wtforms.SelectMultipleField(_l("The customer wants"), choices=lambda: words.choices(Demand))
    description = long_field(_l("Description"))


class DefectForm(forms.Form):
    """One counted phenomenon."""

    kind = wtforms.SelectField(_l("Kind"), choices=lambda: words.choices(DefectKind))
    phenomenon = wtforms.StringField(_l("Phenomenon"), [Length(max=200)])
    phenomenon_en = wtforms.StringField(_l("Phenomenon in English"), [Length(max=200)])
    quantity = _count(_l("Defective"))
    inspected = _count(_l("Inspected"))


class CountsForm(ActionForm):
    """What the tier depends on."""

    quantity_inspected = _count(_l("Quantity inspected"))
    penalty_triggered = wtforms.BooleanField(_l("Penalty clause triggered"))
    ppm_exceeded = wtforms.BooleanField(_l("Monthly PPM limit exceeded"))
    safety = wtforms.BooleanField(_l("Safety"))
    line_stop = wtforms.BooleanField(_l("Customer line stop"))
    defects = wtforms.FieldList(wtforms.FormField(DefectForm), max_entries=50)
