"""The form of a calendar's version, and what a table taken from a file does to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length, Optional

from eightd.queries.administration import calendars as queries
from eightd.usecases.administration.calendar_fields import LONGEST_REASON, CalendarFields, OwnDay
from eightd.usecases.administration.calendar_tables.cells import TableDay
from eightd.web import forms
from eightd.web.first_run import countries

MOST_ROWS = 800
_YEARS = re.compile(r"\d{4}(?:[\s,，、;；]+\d{4}){0,9}")


class OwnDayForm(forms.Form):
    """A day beside the library's table: the plant's own, or of an official table."""

    on = wtforms.DateField(_l("Date"), [InputRequired()])
    reason = wtforms.StringField(_l("Reason"), [InputRequired(), Length(max=LONGEST_REASON)])
    reason_en = wtforms.StringField(_l("The same in English"), [Optional(), Length(max=LONGEST_REASON)])
    official = wtforms.BooleanField(_l("Official"), [Optional()])


class CalendarForm(forms.Form):
    """Whose public holidays hold, further days off and on, and for which years they are complete."""

    country = wtforms.SelectField(_l("Public holidays of"), choices=countries)
    final_years = wtforms.SelectMultipleField(
        _l("Years whose official days are all below"), coerce=forms.whole_number, validate_choice=False
    )
    file = wtforms.FileField(_l("Table of days"))
    official_for = wtforms.StringField(
        _l("Official and complete for the years"), [Optional(), Length(max=80)]
    )
    marking = wtforms.StringField(
        _l("Reason of the days you click"), [Optional(), Length(max=LONGEST_REASON)]
    )
    off = wtforms.FieldList(wtforms.FormField(OwnDayForm), max_entries=MOST_ROWS)
    on = wtforms.FieldList(wtforms.FormField(OwnDayForm), max_entries=MOST_ROWS)


class NewCalendarForm(CalendarForm):
    """The same, with the name of a calendar that does not exist yet."""

    name = wtforms.StringField(_l("Name of the calendar"), [InputRequired(), Length(max=40)])


def typed_of(version: queries.CalendarVersionView) -> dict[str, Any]:
    """Return what the form of the next version begins with."""
    return {
        "country": version.country,
        "final_years": list(version.final_years),
        "off": [_row(one.on, one.reason, one.reason_en, official=one.official) for one in version.off],
        "on": [_row(one.on, one.reason, one.reason_en, official=one.official) for one in version.on],
    }


def fields_of(form: CalendarForm) -> CalendarFields:
    """Return what a version would be made of; rows without a date are left out, for they cannot pass."""
    return CalendarFields(
        country=form.country.data,
        off=_days(form.off),
        on=_days(form.on),
        final_years=tuple(year for year in form.final_years.data or () if year is not None),
    )


def choose_years(form: CalendarForm, country: str, this_year: int) -> None:
    """Offer the years that may be called complete: the coming ones without an official table, and those chosen."""
    chosen = {year for year in form.final_years.data or () if year is not None}
    open_years = set(range(this_year, this_year + 3)) - queries.official_years(country)
    form.final_years.choices = [(year, str(year)) for year in sorted(chosen | open_years)]


def asked_years(form: CalendarForm) -> tuple[int, ...] | None:
    """Return the years that the table in the file is complete for; None, with an error, where they cannot be read."""
    given = (form.official_for.data or "").strip()
    if not given:
        return ()
    if not (given.isascii() or _YEARS.fullmatch(given)) or not _YEARS.fullmatch(given):
        form.official_for.errors = [gettext("Years such as 2027, 2028.")]
        return None
    return tuple(sorted({int(year) for year in re.findall(r"\d{4}", given)}))


def with_table(form: CalendarForm, days: Sequence[TableDay], complete: Sequence[int]) -> dict[str, Any]:
    """Return what the form holds once the days of a table are taken over.

    A day of the table takes the place of whatever stood at its date. Of years that the table is complete for,
    earlier official days go; its days there, and those of the week before, are official.
    """
    dates = {day.on for day in days}

    def kept(rows: wtforms.FieldList[wtforms.FormField[OwnDayForm]]) -> Iterable[dict[str, Any]]:
        for one in rows:
            on, is_official = one.form.on.data, bool(one.form.official.data)
            if on in dates or (on is not None and is_official and on.year in complete):
                continue
            yield _row(on, one.form.reason.data or "", one.form.reason_en.data or "", official=is_official)

    taken: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    for day in days:
        year = day.on.year + ((day.on.month, day.on.day) >= (12, 25) and day.on.year not in complete)
        taken[day.working].append(_row(day.on, day.name, day.name_en, official=year in complete))
    chosen = {year for year in form.final_years.data or () if year is not None}
    return {
        "country": form.country.data,
        "final_years": sorted(chosen | set(complete)),
        "marking": form.marking.data,
        "off": sorted([*kept(form.off), *taken[False]], key=_place),
        "on": sorted([*kept(form.on), *taken[True]], key=_place),
    }


def _place(row: dict[str, Any]) -> date:
    on: date | None = row["on"]
    return on or date.max


def _row(on: date | None, reason: str, reason_en: str, *, official: bool) -> dict[str, Any]:
    return {"on": on, "reason": reason, "reason_en": reason_en, "official": official}


def _days(rows: wtforms.FieldList[wtforms.FormField[OwnDayForm]]) -> tuple[OwnDay, ...]:
    return tuple(
        OwnDay(
            on=one.form.on.data,
            reason=one.form.reason.data or "",
            reason_en=one.form.reason_en.data or "",
            official=bool(one.form.official.data),
        )
        for one in rows
        if one.form.on.data is not None
    )
