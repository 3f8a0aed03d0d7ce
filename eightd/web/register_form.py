"""The form a complaint is registered with, and what it says as the rules want it (procedure 2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from eightd.domain.complaint import (
    Channel,
    ComplaintKind,
    DefectCounts,
    DefectKind,
    Demand,
    Flags,
)
from eightd.domain.words import Message
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import Counts, DefectEntry, Header, Registration
from eightd.web import forms, words

MOST_LINES = 30
MOST_PICTURES = 20
_SEPARATORS = re.compile(r"[\n,;，；、]")
_LARGEST = 2_000_000_000


def _quantity(label: Any) -> wtforms.IntegerField:
    return wtforms.IntegerField(label, [Optional(), NumberRange(min=0, max=_LARGEST)])


class DefectForm(wtforms.Form):
    """One defect line; a line without phenomenon and quantity is not there."""

    Meta = forms.Form.Meta

    kind = wtforms.SelectField(
        _l("Kind"), choices=lambda: words.choices(DefectKind), default=DefectKind.FUNCTIONAL.value
    )
    phenomenon = wtforms.StringField(_l("Phenomenon"), [Length(max=200)])
    quantity = wtforms.IntegerField(_l("Defective"), [Optional(), NumberRange(max=_LARGEST)])
    inspected = wtforms.IntegerField(_l("Of inspected"), [Optional(), NumberRange(min=0, max=_LARGEST)])

    @property
    def is_blank(self) -> bool:
        """Return whether nobody has typed anything into the line."""
        typed = (self.phenomenon, self.quantity, self.inspected)
        return not any(field.raw_data and field.raw_data[0].strip() for field in typed)


class RegisterForm(forms.Form):
    """Everything sales knows of a complaint; only customer, part, receipt and one defect are needed."""

    plant_id = wtforms.SelectField(_l("Plant"), coerce=forms.whole_number)
    customer_code = wtforms.StringField(_l("Customer"), [InputRequired(), Length(max=200)])
    customer_number = wtforms.StringField(_l("Customer's number"), [Length(max=120)])
    double_ok = wtforms.BooleanField(_l("This is another complaint: register it all the same"))
    part_number = wtforms.StringField(_l("Part number"), [InputRequired(), Length(max=80)])
    part_name = wtforms.StringField(_l("Part name"), [Length(max=200)])
    received_at = wtforms.DateTimeLocalField(
        _l("Received"), [InputRequired()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )
    kind = wtforms.SelectField(
        _l("Kind of complaint"),
        choices=lambda: words.choices(ComplaintKind),
        default=ComplaintKind.LINE.value,
    )
    channel = wtforms.SelectField(
        _l("Reached us by"), choices=lambda: words.choices(Channel), default=Channel.EMAIL.value
    )
    defects = wtforms.FieldList(
        wtforms.FormField(DefectForm), _l("Defects"), min_entries=1, max_entries=MOST_LINES
    )
    quantity_delivered = _quantity(_l("Delivered"))
    quantity_inspected = _quantity(_l("Inspected"))
    quantity_complained = _quantity(_l("Complained of"))
    penalty_triggered = wtforms.BooleanField(_l("A penalty clause was triggered"))
    ppm_exceeded = wtforms.BooleanField(_l("The monthly PPM limit is exceeded"))
    safety = wtforms.BooleanField(_l("Safety is involved"))
    line_stop = wtforms.BooleanField(_l("The customer's line stands still"))
    lots = wtforms.TextAreaField(_l("Lots"), description=_l("Separate several by a comma or a new line."))
    demands = wtforms.SelectMultipleField(_l("The customer wants"), choices=lambda: words.choices(Demand))
    description = wtforms.TextAreaField(_l("In the customer's words"), [Length(max=20_000)])
    mail_id = wtforms.HiddenField()
    mail_files = wtforms.SelectMultipleField(_l("Files of the mail"), choices=[])
    pictures = wtforms.MultipleFileField(_l("Pictures and files"))
    customer_plant = wtforms.StringField(_l("Customer's plant"), [Length(max=120)])
    contact = wtforms.StringField(_l("Contact at the customer"), [Length(max=200)])
    end_customer = wtforms.StringField(_l("End customer"), [Length(max=200)])
    order_number = wtforms.StringField(_l("Order"), [Length(max=80)])
    delivery_number = wtforms.StringField(_l("Delivery note"), [Length(max=80)])
    part_customer_number = wtforms.StringField(_l("Customer's part number"), [Length(max=80)])
    drawing_revision = wtforms.StringField(_l("Drawing revision"), [Length(max=40)])
    date_codes = wtforms.StringField(_l("Date codes"))
    serials = wtforms.StringField(_l("Serial numbers"))
    report_language = wtforms.SelectField(_l("Report in"), default="")

    def typed_lines(self) -> list[tuple[int, DefectForm]]:
        """Return the defect lines that were filled in, with their place in the form."""
        return [(at, entry.form) for at, entry in enumerate(self.defects) if not entry.form.is_blank]

    def flags(self) -> Flags:
        """Return the circumstances that were ticked."""
        return Flags(**{one.name: bool(self[one.name].data) for one in fields_of(Flags)})

    def phenomena(self) -> list[str]:
        """Return the phenomena typed so far."""
        return [line.phenomenon.data for _, line in self.typed_lines() if line.phenomenon.data]

    def counts_so_far(self) -> DefectCounts:
        """Return what can be classified of what was typed: lines with a phenomenon and at least one piece."""
        lines = [
            _entry(line).line()
            for _, line in self.typed_lines()
            if line.kind.data in set(DefectKind)
            and line.phenomenon.data
            and 0 < (line.quantity.data or 0) <= _LARGEST
        ]
        inspected = self.quantity_inspected.data
        known = inspected if inspected is not None and 0 <= inspected <= _LARGEST else None
        return DefectCounts(tuple(lines), known, self.flags())

    def received(self, zone: str) -> datetime | None:
        """Return when it was received, on the plant's clock; None while that cannot be read."""
        data = self.received_at.data
        return None if data is None else data.replace(tzinfo=ZoneInfo(zone))

    def registration(self, plant_id: int, received_at: datetime) -> Registration:
        """Return the registration that a valid form gives."""
        header = Header(
            kind=ComplaintKind(self.kind.data),
            channel=Channel(self.channel.data),
            received_at=received_at,
            customer_number=self.customer_number.data or "",
            customer_plant=self.customer_plant.data or "",
            contact=self.contact.data or "",
            end_customer=self.end_customer.data or "",
            description=self.description.data or "",
            part_customer_number=self.part_customer_number.data or "",
            drawing_revision=self.drawing_revision.data or "",
            lots=_several(self.lots.data),
            date_codes=_several(self.date_codes.data),
            serials=_several(self.serials.data),
            order_number=self.order_number.data or "",
            delivery_number=self.delivery_number.data or "",
            quantity_delivered=self.quantity_delivered.data,
            quantity_complained=self.quantity_complained.data,
            demands=tuple(Demand(one) for one in self.demands.data or ()),
            report_language=self.report_language.data or "",
        )
        entries = tuple(_entry(line) for _, line in self.typed_lines())
        return Registration(
            plant_id=plant_id,
            customer_code=self.customer_code.data or "",
            part_number=self.part_number.data or "",
            part_name=self.part_name.data or "",
            header=header,
            counts=Counts(entries, self.quantity_inspected.data, self.flags()),
        )

    def refuse_registration(self, problems: Mapping[str, Message]) -> None:
        """Show problems at the lines they belong to: blank lines were left out of the registration."""
        places = [at for at, _ in self.typed_lines()]

        def named(name: str) -> str:
            found = re.fullmatch(r"defects-(\d+)-(\w+)", name)
            if found and int(found[1]) < len(places):
                return f"defects-{places[int(found[1])]}-{found[2]}"
            return "defects-0-phenomenon" if name == "defects" else name

        self.refuse(Invalid({named(name): problem for name, problem in problems.items()}))


def _entry(line: DefectForm) -> DefectEntry:
    return DefectEntry(
        DefectKind(line.kind.data), line.phenomenon.data or "", line.quantity.data or 0, line.inspected.data
    )


def _several(text: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in _SEPARATORS.split(text or "") if one.strip())
