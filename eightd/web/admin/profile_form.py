"""The form of a profile's version: milestones with their reminders and escalation as rows, and back to fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length, Optional

from eightd.domain.clock.chain import MOST_STEPS, AlarmUnit, Recipient
from eightd.domain.clock.met import MetBy
from eightd.domain.clock.profile import MilestoneSpec, Profile, StartEvent, Unit
from eightd.domain.complaint import DisciplineCode
from eightd.domain.words import Message
from eightd.usecases.administration import profiles as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, words

MOST_MILESTONES = 20


class ReminderForm(forms.Form):
    """A reminder before the due instant; a row without an amount is none."""

    amount = wtforms.IntegerField(_l("Amount"), [Optional()])
    unit = wtforms.SelectField(_l("Unit"), choices=lambda: words.choices(AlarmUnit))


class EscalationForm(ReminderForm):
    """An alarm after the due instant; a row with neither amount nor recipient is none."""

    to = wtforms.SelectMultipleField(_l("Who is told"), choices=lambda: words.choices(Recipient))


class MilestoneForm(forms.Form):
    """One milestone."""

    name = wtforms.StringField(_l("Short name"), [InputRequired(), Length(max=60)])
    title_zh = wtforms.StringField(_l("Title in Chinese"), [Length(max=60)])
    title_en = wtforms.StringField(_l("Title in English"), [Length(max=60)])
    amount = wtforms.IntegerField(_l("Amount"), [InputRequired()])
    unit = wtforms.SelectField(_l("Unit"), choices=lambda: words.choices(Unit))
    starts_at = wtforms.SelectField(_l("Starts at"), choices=lambda: words.choices(StartEvent))
    met_by = wtforms.SelectField(
        _l("Met by"), choices=lambda: [("", _l("What its name says")), *words.choices(MetBy)]
    )
    stoppable = wtforms.BooleanField(_l("Can be stopped"))
    disciplines = wtforms.SelectMultipleField(
        _l("Disciplines"), choices=lambda: [(one.value, one.value) for one in DisciplineCode]
    )
    reminders = wtforms.FieldList(wtforms.FormField(ReminderForm), max_entries=MOST_STEPS)
    escalation = wtforms.FieldList(wtforms.FormField(EscalationForm), max_entries=MOST_STEPS)


class ProfileForm(forms.Form):
    """The milestones of a version."""

    milestones = wtforms.FieldList(wtforms.FormField(MilestoneForm), max_entries=MOST_MILESTONES)

    def fields(self) -> tuple[verbs.MilestoneFields, ...]:
        """Return the milestones as the verb takes them."""
        return tuple(_milestone(one.form) for one in self.milestones)

    def refuse_rows(self, invalid: Invalid) -> None:
        """Show what is wrong beside the rows as they stand on the page, those left blank counted."""
        self.refuse(Invalid(_at_entries(invalid.problems, self)))


class NewProfileForm(ProfileForm):
    """The same, with the name of a profile that does not exist yet."""

    name = wtforms.StringField(_l("Name of the profile"), [InputRequired(), Length(max=60)])


def values(profile: Profile) -> dict[str, object]:
    """Return what the form begins with: the profile's milestones, their standard alarms written out."""
    return {"milestones": [_row(spec) for spec in profile.milestones]}


def options() -> dict[str, Any]:
    """Return the choices of the rows' columns."""
    return {
        "units": words.choices(Unit),
        "events": words.choices(StartEvent),
        "ends": words.choices(MetBy),
        "codes": [(one.value, one.value) for one in DisciplineCode],
        "spans": words.choices(AlarmUnit),
        "recipients": words.choices(Recipient),
        "most_milestones": MOST_MILESTONES,
        "most_alarms": MOST_STEPS,
    }


def _row(spec: MilestoneSpec) -> dict[str, object]:
    chain = spec.alarm_chain
    return {
        "name": spec.name,
        "title_zh": spec.title_zh,
        "title_en": spec.title_en,
        "amount": spec.amount,
        "unit": spec.unit.value,
        "starts_at": spec.starts_at.value,
        "met_by": spec.wants.value,
        "stoppable": spec.stoppable,
        "disciplines": [code.value for code in spec.disciplines],
        "reminders": [{"amount": one.amount, "unit": one.unit.value} for one in chain.reminders],
        "escalation": [
            {
                "amount": step.after.amount,
                "unit": step.after.unit.value,
                "to": [one.value for one in step.to],
            }
            for step in chain.escalation
        ],
    }


def _milestone(form: MilestoneForm) -> verbs.MilestoneFields:
    chosen = set(form.disciplines.data or ())
    return verbs.MilestoneFields(
        name=form.name.data or "",
        title_zh=form.title_zh.data or "",
        title_en=form.title_en.data or "",
        amount=form.amount.data or 0,
        unit=Unit(form.unit.data),
        starts_at=StartEvent(form.starts_at.data),
        stoppable=form.stoppable.data,
        disciplines=tuple(code for code in DisciplineCode if code.value in chosen),
        met_by=MetBy(form.met_by.data) if form.met_by.data else None,
        reminders=tuple(
            verbs.ReminderFields(row.amount.data or 0, AlarmUnit(row.unit.data))
            for row in (one.form for one in _filled(form.reminders))
        ),
        escalation=tuple(
            verbs.EscalationFields(
                row.amount.data or 0,
                AlarmUnit(row.unit.data),
                tuple(one for one in Recipient if one.value in (row.to.data or ())),
            )
            for row in (one.form for one in _filled(form.escalation))
        ),
    )


def _filled(rows: Any) -> list[Any]:
    """Return the rows that say something."""
    return [one for one in rows if one.form.amount.data is not None or getattr(one.form, "to", _NOBODY).data]


class _Nobody:
    data: tuple[str, ...] = ()


_NOBODY = _Nobody()


def _at_entries(problems: Mapping[str, Message], form: ProfileForm) -> dict[str, Message]:
    """Put problems of alarms that were kept to the rows as they stand on the page."""
    kept = [
        {name: [one.name for one in _filled(milestone.form[name])] for name in ("reminders", "escalation")}
        for milestone in form.milestones
    ]
    moved = {}
    for place, problem in problems.items():
        parts = place.split("-")
        if len(parts) == 5:
            _, milestone, name, row, field = parts
            place = f"{kept[int(milestone)][name][int(row)]}-{field}"  # noqa: PLW2901
        moved[place] = problem
    return moved
