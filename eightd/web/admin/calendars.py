"""Working calendars: a year at a glance, own days, and which deadlines the next version would move."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from eightd.queries.administration import calendars as queries
from eightd.queries.administration import moves as move_queries
from eightd.usecases.administration import calendars as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests
from eightd.web.admin import steps
from eightd.web.first_run import countries

blueprint = Blueprint("calendars", __name__, url_prefix="/calendars")

_YEARS = range(2001, 2101)

MARKS: Mapping[queries.DayMark, tuple[str, str, object]] = {
    queries.DayMark.HOLIDAY: ("calendar-off", "red", _l("Holiday")),
    queries.DayMark.MOVED: ("repeat", "amber", _l("Moved working day")),
    queries.DayMark.OWN_OFF: ("building-factory-2", "violet", _l("Own day off")),
    queries.DayMark.OWN_ON: ("tool", "blue", _l("Own working day")),
}
"""Symbol, tone and word of a marked day: colour never speaks alone."""


class OwnDayForm(forms.Form):
    """A day of the plant's own."""

    on = wtforms.DateField(_l("Date"), [InputRequired()])
    reason = wtforms.StringField(_l("Reason"), [InputRequired(), Length(max=120)])


class CalendarForm(forms.Form):
    """Whose public holidays hold, and the plant's own days."""

    country = wtforms.SelectField(_l("Public holidays of"), choices=countries)
    off = wtforms.FieldList(wtforms.FormField(OwnDayForm), max_entries=500)
    on = wtforms.FieldList(wtforms.FormField(OwnDayForm), max_entries=500)


class NewCalendarForm(CalendarForm):
    """The same, with the name of a calendar that does not exist yet."""

    name = wtforms.StringField(_l("Name of the calendar"), [InputRequired(), Length(max=40)])


@blueprint.get("/")
def index() -> str:
    """List the calendars by name."""
    with requests.services().uow.reading() as session:
        names = queries.names(session)
    return render_template("admin/calendar_names.html", names=names, countries=dict(countries()))


@blueprint.get("/<name>")
def show(name: str) -> str:
    """Show a year of the newest version, its own days, and the versions."""
    versions = _versions(name)
    given = request.args.get("year", "")
    year = int(given) if given.isascii() and given.isdigit() and int(given) in _YEARS else _this_year()
    with requests.services().uow.reading() as session:
        calendar = move_queries.newest_calendar(session, name)
    if calendar is None:
        abort(404)
    return render_template(
        "admin/calendar.html",
        name=name,
        versions=versions,
        year=queries.year_of(calendar, year),
        years=_YEARS,
        marks=MARKS,
        countries=dict(countries()),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make the first version of a new name."""
    form = NewCalendarForm(data={"country": "CN"})
    return _answer(form, form.name.data or "", 0)


@blueprint.route("/<name>/version", methods=["GET", "POST"])
def version(name: str) -> str | Response | tuple[str, int]:
    """Make the next version of a name, beginning with what the newest says."""
    newest = _versions(name)[0]
    form = CalendarForm(
        data={
            "country": newest.country,
            "off": [{"on": day, "reason": reason} for day, reason in newest.off],
            "on": [{"on": day, "reason": reason} for day, reason in newest.on],
        }
    )
    return _answer(form, name, requests.seen_version() if form.is_sent else newest.number)


@blueprint.post("/<name>/apply")
def apply(name: str) -> Response:
    """Compute again the open deadlines that an interrupted run left with an older version."""
    _versions(name)
    _apply(name)
    return redirect(url_for(".show", name=name), 303)


def _answer(form: CalendarForm, name: str, seen: int) -> str | Response | tuple[str, int]:
    shown = {"form": form, "name": name, "version": seen}
    if not form.passes() or steps.step() == "edit":
        page = render_template("admin/calendar_form.html", **shown)
        return page, 422 if form.is_sent and steps.step() != "edit" else 200
    fields = _fields(form)
    try:
        if seen and steps.step() == "look":
            fields.insist_valid()
            return _look(form, name, seen, fields)
        done = verbs.save_calendar(
            requests.services().uow, requests.order(), name=name, version=seen, fields=fields
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return render_template("admin/calendar_form.html", **shown), 422
    flash(gettext("“%(name)s” was saved.", name=done.number), "success")
    if seen:
        _apply(name)
    return redirect(url_for(".show", name=name), 303)


def _look(form: CalendarForm, name: str, seen: int, fields: verbs.CalendarFields) -> str:
    """Show which deadlines the version would move, before it is saved."""
    services = requests.services()
    calendar = move_queries.calendar_from(
        name,
        seen + 1,
        fields.country,
        {day.on.isoformat(): day.reason for day in fields.off},
        {day.on.isoformat(): day.reason for day in fields.on},
    )
    with services.uow.reading() as session:
        moves = move_queries.moves(session, requests.actor(), calendar, services.clock())
    return render_template(
        "admin/calendar_preview.html",
        form=form,
        name=name,
        version=seen,
        moves=moves,
        carried=steps.carried(),
    )


def _apply(name: str) -> None:
    moved = verbs.apply_calendar(requests.services().uow, requests.order(), name=name)
    if moved:
        flash(
            ngettext(
                "The deadlines of %(num)d complaint moved.",
                "The deadlines of %(num)d complaints moved.",
                moved,
            ),
            "message",
        )
    else:
        flash(gettext("No open deadline moved."), "message")


def _versions(name: str) -> tuple[queries.CalendarVersionView, ...]:
    with requests.services().uow.reading() as session:
        found = queries.versions(session, name)
    if not found:
        abort(404)
    return found


def _this_year() -> int:
    return requests.services().clock().astimezone(ZoneInfo(requests.person().zone)).year


def _fields(form: CalendarForm) -> verbs.CalendarFields:
    def days(rows: wtforms.FieldList[wtforms.FormField[OwnDayForm]]) -> tuple[verbs.OwnDay, ...]:
        return tuple(
            verbs.OwnDay(one.form.on.data, one.form.reason.data or "")
            for one in rows
            if one.form.on.data is not None  # required, so there is one when the form passes
        )

    return verbs.CalendarFields(country=form.country.data, off=days(form.off), on=days(form.on))
