"""Working calendars: a year at a glance, days of one's own or from a file, and which deadlines would move."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.words import Language
from eightd.queries.administration import calendars as queries
from eightd.queries.administration import moves as move_queries
from eightd.reporting import calendar_template
from eightd.usecases.administration import calendars as verbs
from eightd.usecases.administration.calendar_fields import FIRST_YEAR, LAST_YEAR, CalendarFields
from eightd.usecases.administration.calendar_tables.read import MOST_BYTES, read_table
from eightd.usecases.errors import Invalid
from eightd.web import formats, forms, requests
from eightd.web.admin import calendar_forms, steps
from eightd.web.admin.calendar_forms import CalendarForm, NewCalendarForm
from eightd.web.admin.calendar_words import year_words
from eightd.web.first_run import countries

blueprint = Blueprint("calendars", __name__, url_prefix="/calendars")

_LINKED = range(2020, 2031)


@blueprint.get("/")
def index() -> str:
    """List the calendars by name."""
    with requests.services().uow.reading() as session:
        names = queries.names(session)
    return render_template("admin/calendar_names.html", names=names, countries=dict(countries()))


@blueprint.get("/<name>")
def show(name: str) -> str:
    """Show a year of the newest version, who goes by it, and the versions."""
    with requests.services().uow.reading() as session:
        versions = queries.versions(session, name)
        calendar = move_queries.newest_calendar(session, name)
        if calendar is None:
            abort(404)
        followers = queries.followers(session, requests.actor(), name)
    year = _asked_year(request.args.get("year", ""))
    return render_template(
        "admin/calendar.html",
        name=name,
        versions=versions,
        followers=followers,
        year=queries.year_of(calendar, year),
        years=_years(year),
        look=year_words(),
        countries=dict(countries()),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make the first version of a new name, perhaps beginning with what another calendar says."""
    source = request.args.get("source", "")
    form = NewCalendarForm(
        data=calendar_forms.typed_of(_versions(source)[0]) if source else {"country": "CN"}
    )
    return _answer(form, form.name.data or "", 0)


@blueprint.get("/new/template.<any(csv, xlsx):ending>")
def template(ending: str) -> Response:
    """Hand out the empty table of days, in the language of the page."""
    language, year = Language(formats.language()), _this_year() + 1
    if ending == "csv":
        content, kind = calendar_template.as_csv(language, year), calendar_template.CSV
    else:
        content, kind = calendar_template.as_workbook(language, year), calendar_template.XLSX
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="calendar-{year}.{ending}"'
    return answer


@blueprint.route("/<name>/version", methods=["GET", "POST"])
def version(name: str) -> str | Response | tuple[str, int]:
    """Make the next version of a name, beginning with what the newest says."""
    newest = _versions(name)[0]
    form = CalendarForm(data=calendar_forms.typed_of(newest))
    return _answer(form, name, requests.seen_version() if form.is_sent else newest.number)


@blueprint.post("/<name>/apply")
def apply(name: str) -> Response:
    """Compute again the open deadlines that an interrupted run left with an older version."""
    _versions(name)
    _apply(name)
    return redirect(url_for(".show", name=name), 303)


def _answer(form: CalendarForm, name: str, seen: int) -> str | Response | tuple[str, int]:
    asked = request.form.get("do", "look")
    if not form.is_sent or asked == "edit" or request.form.get("show"):
        return _page(form, name, seen)
    if asked == "take":
        taken = _take(form)
        return (_page(form, name, seen), 422) if taken is None else _page(taken, name, seen)
    if not form.passes():
        return _page(form, name, seen), 422
    fields = calendar_forms.fields_of(form)
    try:
        if seen and steps.step() == "look":
            fields.insist_valid()
            return _look(name, seen, fields)
        done = verbs.save_calendar(
            requests.services().uow, requests.order(), name=name, version=seen, fields=fields
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(form, name, seen), 422
    flash(gettext("“%(name)s” was saved.", name=done.number), "success")
    if seen:
        _apply(name)
    return redirect(url_for(".show", name=name), 303)


def _page(form: CalendarForm, name: str, seen: int) -> str:
    """Show the form with a year of what it says, so that days can be clicked."""
    asked = request.form.get("show") or request.form.get("year") or request.args.get("year", "")
    year = _asked_year(asked)
    fields = calendar_forms.fields_of(form)
    calendar_forms.choose_years(form, _country(fields), _this_year())
    return render_template(
        "admin/calendar_form.html",
        form=form,
        name=name,
        version=seen,
        doubtful=queries.doubtful_days(_calendar(name, seen, fields), _country(fields), fields.final_years),
        official=queries.year_of(
            _calendar(name, seen, CalendarFields(fields.country, (), (), fields.final_years)), year
        ),
        year=queries.year_of(_calendar(name, seen, fields), year),
        years=_years(year),
        look=year_words(),
    )


def _take(form: CalendarForm) -> CalendarForm | None:
    """Return the form with the days of the file taken over; None, with the reasons, where they cannot be."""
    complete = calendar_forms.asked_years(form)
    file = request.files.get("file")
    if file is None or not file.filename:
        form.file.errors = [gettext("Please choose a file.")]
        return None
    try:
        days = read_table(file.filename, file.stream.read(MOST_BYTES + 1), this_year=_this_year())
    except Invalid as invalid:
        form.refuse(invalid)
        return None
    if complete is None:
        return None
    missing = [year for year in complete if year not in {day.on.year for day in days if not day.working}]
    if missing:
        form.official_for.errors = [gettext("The table has no day off in %(year)s.", year=missing[0])]
        return None
    flash(
        ngettext(
            "%(num)d day was taken from the file. Nothing is saved yet.",
            "%(num)d days were taken from the file. Nothing is saved yet.",
            len(days),
        ),
        "success",
    )
    typed = calendar_forms.with_table(form, days, complete)
    if isinstance(form, NewCalendarForm):
        return NewCalendarForm(forms.NOTHING, data={**typed, "name": form.name.data})
    return CalendarForm(forms.NOTHING, data=typed)


def _look(name: str, seen: int, fields: CalendarFields) -> str:
    """Show which deadlines the version would move, before it is saved."""
    services, calendar = requests.services(), _calendar(name, seen, fields)
    with services.uow.reading() as session:
        moves = move_queries.moves(session, requests.actor(), calendar, services.clock())
    return render_template(
        "admin/calendar_preview.html",
        name=name,
        version=seen,
        moves=moves,
        doubtful=queries.doubtful_days(calendar, fields.country, fields.final_years),
        carried=steps.carried(),
    )


def _calendar(name: str, seen: int, fields: CalendarFields) -> WorkingCalendar:
    """Return the calendar that would be; a day that stands on both sides is shown as a day off."""
    off, on = fields.days_off(), fields.days_on()
    return move_queries.calendar_from(
        name or "?",
        seen + 1,
        _country(fields),
        off,
        {day: value for day, value in on.items() if day not in off},
        [year for year in fields.final_years if FIRST_YEAR <= year <= LAST_YEAR],
    )


def _country(fields: CalendarFields) -> str:
    """Return the country to paint, whatever was sent."""
    return fields.country if fields.country in dict(countries()) else "CN"


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


def _asked_year(given: str) -> int:
    within = given.isascii() and given.isdigit() and len(given) == 4 and FIRST_YEAR < int(given) <= LAST_YEAR
    return int(given) if within else _this_year()


def _years(shown: int) -> list[int]:
    """Return the years to go to."""
    return sorted({*_LINKED, shown})


def _this_year() -> int:
    return requests.services().clock().astimezone(ZoneInfo(requests.person().zone)).year
