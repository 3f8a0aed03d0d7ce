"""Evidence of a complaint: all of it in groups and pairs, a panel beside a discipline, one file and its marks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import wtforms
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from eightd.domain.complaint import DisciplineCode
from eightd.domain.goes_along import PICTURES, GoesAlong, ways_along
from eightd.domain.marks import LONGEST_TEXT, MOST_MARKS, Mark, MarkColour, MarkKind
from eightd.domain.workflow.outcome import Outcome, Refused
from eightd.queries import evidence as queries
from eightd.queries.evidence import EvidenceDetail, EvidenceView
from eightd.reporting.thumbnail import NotAPictureError, thumbnail
from eightd.usecases import evidence as verbs
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.web import forms, requests, words

blueprint = Blueprint("evidence", __name__, url_prefix="/complaints/<number>/evidence")

LARGE = 1600
"""The longer edge of a picture shown large, in pixels."""

ACCEPTED = (
    "image/*,.heic,.heif,.pdf,.xlsx,.docx,.pptx,.csv,.txt,.log,application/pdf,"
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

_ALONG = {
    GoesAlong.USUAL: _l("Not sent along"),
    GoesAlong.EMBED: _l("Embedded in the PDF"),
    GoesAlong.PAGES: _l("As pages behind the report"),
    GoesAlong.NOT: _l("Not in the report"),
}
_PRINTED = _l("Printed in the report")
_PRINTED_AND_EMBEDDED = _l("Printed, and embedded in the PDF")

KINDS = {
    MarkKind.ARROW: lazy_pgettext("drawn on a picture", "Arrow"),
    MarkKind.BOX: lazy_pgettext("drawn on a picture", "Box"),
    MarkKind.TEXT: lazy_pgettext("drawn on a picture", "Text"),
    MarkKind.BLUR: lazy_pgettext("drawn on a picture", "Blur"),
}
COLOURS = {
    MarkColour.RED: _l("Red"),
    MarkColour.YELLOW: _l("Yellow"),
    MarkColour.BLUE: _l("Blue"),
    MarkColour.GREEN: _l("Green"),
    MarkColour.WHITE: _l("White"),
    MarkColour.BLACK: _l("Black"),
}


class SaidForm(forms.Form):
    """What is said of a file."""

    caption_zh = wtforms.StringField(_l("Caption in Chinese"), [Length(max=400)])
    caption_en = wtforms.StringField(_l("Caption in English"), [Length(max=400)])
    marker = wtforms.RadioField(
        _l("Part shown"),
        choices=lambda: [("", _l("Neither")), ("ok", _l("OK part")), ("nok", _l("NOK part"))],
        default="",
    )
    discipline = wtforms.SelectField(
        _l("Belongs to"), choices=lambda: [("", _l("The complaint")), *words.choices(DisciplineCode)]
    )
    pair_with = wtforms.SelectField(_l("Stands beside"), coerce=forms.whole_number)
    place = wtforms.SelectField(_l("Place in the order"), coerce=forms.whole_number)
    goes_along = wtforms.SelectField(_l("With the report"))
    internal = wtforms.BooleanField(_l("Internal: nothing that a customer gets contains it"))


class MarkForm(wtforms.Form):
    """One mark; coordinates in per cent of the picture's width and height."""

    class Meta(forms.Form.Meta):
        """As forms of this house, without a token of its own."""

    kind = wtforms.SelectField(_l("Mark"), choices=lambda: list(_named(KINDS)))
    x1 = wtforms.DecimalField(_l("From the left"), [InputRequired(), NumberRange(0, 100)], places=None)
    y1 = wtforms.DecimalField(_l("From the top"), [InputRequired(), NumberRange(0, 100)], places=None)
    x2 = wtforms.DecimalField(
        _l("To, from the left"), [Optional(), NumberRange(0, 100)], places=None, default=Decimal(0)
    )
    y2 = wtforms.DecimalField(
        _l("To, from the top"), [Optional(), NumberRange(0, 100)], places=None, default=Decimal(0)
    )
    colour = wtforms.SelectField(
        _l("Colour"), choices=lambda: list(_named(COLOURS)), default=MarkColour.RED.value
    )
    text = wtforms.StringField(KINDS[MarkKind.TEXT], [Length(max=LONGEST_TEXT)])


class DrawingForm(forms.Form):
    """All marks of a picture."""

    marks = wtforms.FieldList(wtforms.FormField(MarkForm), max_entries=MOST_MARKS)


@blueprint.get("", endpoint="page")
def page(number: str) -> str:
    """Show all files of the complaint, grouped by discipline."""
    return _board("evidence/page.html", number, None)


@blueprint.get("/panel", endpoint="panel")
def panel(number: str) -> str:
    """Show the files of one discipline beside its form."""
    code = request.args.get("discipline", "")
    if code and code not in set(DisciplineCode):
        abort(404)
    return _board("evidence/panel.html", number, DisciplineCode(code) if code else None)


@blueprint.get("/<int:evidence_id>/large", endpoint="large")
def large(number: str, evidence_id: int) -> Response:
    """Show a picture as large as a screen; 404 where the file is none."""
    services = requests.services()
    with services.uow.reading() as session:
        found = queries.evidence_file(session, services.uow.files, requests.actor(), number, evidence_id)
    if found is None or found.media_type not in PICTURES:
        abort(404)
    try:
        return Response(thumbnail(found.content, LARGE), mimetype="image/jpeg")
    except NotAPictureError:
        abort(404)


@blueprint.route("/<int:evidence_id>/details", methods=["GET", "POST"], endpoint="details")
def details(number: str, evidence_id: int) -> str | AnyResponse | tuple[str, int]:
    """Show one file with all that is said of it, and take what is to be said instead."""
    detail = _detail(number, evidence_id)
    form = _said_form(detail)
    if not form.is_sent:
        return _details_page(detail, form)
    if not form.validate():
        _insist(detail.may_change)
        return _details_page(detail, form), 422
    code = DisciplineCode(form.discipline.data) if form.discipline.data else None
    try:
        verbs.change_evidence(
            requests.services().uow,
            requests.order(),
            number=number,
            evidence_id=evidence_id,
            version=requests.seen_version(),
            said=verbs.Said(
                chinese=form.caption_zh.data or "",
                english=form.caption_en.data or "",
                marker=form.marker.data or "",
                discipline=code,
                pair_with=form.pair_with.data,
                place=form.place.data if code is detail.file.discipline else None,
                internal=bool(form.internal.data),
                goes_along=GoesAlong(form.goes_along.data or ""),
            ),
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _details_page(detail, form), 422
    flash(gettext("%(name)s: saved.", name=detail.file.filename), "success")
    return redirect(url_for("evidence.page", number=number) + f"#e{evidence_id}", 303)


@blueprint.route("/<int:evidence_id>/mark", methods=["GET", "POST"], endpoint="mark")
def mark(number: str, evidence_id: int) -> str | AnyResponse | tuple[str, int]:
    """Draw on a picture: in the browser, or with numbers; the program draws the result."""
    detail = _detail(number, evidence_id)
    if not detail.file.is_picture:
        abort(404)
    _insist(detail.may_mark)
    form = DrawingForm(data={"marks": [_typed(one) for one in detail.drawing]})
    if not form.is_sent:
        return _mark_page(detail, form)
    if not form.validate():
        return _mark_page(detail, form), 422
    services, order, version = requests.services(), requests.order(), requests.seen_version()
    try:
        drawing = verbs.draw(
            services.uow,
            number=number,
            evidence_id=evidence_id,
            marks=tuple(_drawn(entry.form) for entry in form.marks),
        )
        done = verbs.mark_picture(
            services.uow, order, number=number, evidence_id=evidence_id, version=version, drawing=drawing
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _mark_page(detail, form), 422
    flash(gettext("The marked picture is shown from now on; the original is kept."), "success")
    return redirect(url_for("evidence.details", number=number, evidence_id=done.id), 303)


@blueprint.app_template_global("along")
def along(file: EvidenceView, way: GoesAlong | None = None) -> str:
    """Return how a file goes along with the report, in words: as it does, or as it would in another way."""
    chosen = file.goes_along if way is None else way
    if file.is_picture and chosen is GoesAlong.USUAL:
        return str(_PRINTED)
    if file.is_picture and chosen is GoesAlong.EMBED:
        return str(_PRINTED_AND_EMBEDDED)
    return str(_ALONG[chosen])


def _named(labels: Any) -> Any:
    return ((value.value, label) for value, label in labels.items())


def _insist(outcome: Outcome) -> None:
    if isinstance(outcome, Refused):
        raise NotAllowed(outcome.message, outcome.gates)


def _board(template: str, number: str, discipline: DisciplineCode | None) -> str:
    with requests.services().uow.reading() as session:
        board = queries.evidence_board(session, requests.actor(), number, discipline)
    if board is None:
        abort(404)
    return render_template(
        template,
        board=board,
        number=number,
        discipline=discipline,
        disciplines=words.choices(DisciplineCode),
        zone=board.header.zone,
        accepted=ACCEPTED,
        limit=requests.services().limits.upload_max_bytes // 2**20,
    )


def _detail(number: str, evidence_id: int) -> EvidenceDetail:
    with requests.services().uow.reading() as session:
        detail = queries.evidence_detail(session, requests.actor(), number, evidence_id)
    if detail is None:
        abort(404)
    return detail


def _said_form(detail: EvidenceDetail) -> SaidForm:
    file = detail.file
    form = SaidForm(
        data={
            "caption_zh": file.caption_zh,
            "caption_en": file.caption_en,
            "marker": file.marker,
            "discipline": file.discipline.value if file.discipline else "",
            "pair_with": detail.partner_id,
            "place": detail.place,
            "goes_along": file.goes_along.value,
            "internal": file.internal,
        }
    )
    form.pair_with.choices = [
        ("", _l("No other picture")),
        *((one.id, one.caption or one.filename) for one in detail.partners),
    ]
    form.place.choices = [("", _l("At the end")), *((at, str(at)) for at in range(1, detail.places + 1))]
    form.goes_along.choices = [(way.value, along(file, way)) for way in ways_along(file.media_type)]
    return form


def _details_page(detail: EvidenceDetail, form: SaidForm) -> str:
    return render_template(
        "evidence/details.html",
        detail=detail,
        file=detail.file,
        form=form,
        number=detail.header.number,
        zone=detail.header.zone,
    )


def _typed(mark: Mark) -> dict[str, Any]:
    """Return a mark as its form's fields: per cent, to a hundredth."""
    return {
        "kind": mark.kind.value,
        **{name: f"{round(getattr(mark, name) * 100, 2):g}" for name in ("x1", "y1", "x2", "y2")},
        "colour": mark.colour.value,
        "text": mark.text,
    }


def _drawn(row: Any) -> Mark:
    """Return the mark that a row of the form describes."""
    at = {name: float(row[name].data or 0) / 100 for name in ("x1", "y1", "x2", "y2")}
    return Mark(MarkKind(row.kind.data), **at, colour=MarkColour(row.colour.data), text=row.text.data or "")


def _mark_page(detail: EvidenceDetail, form: DrawingForm) -> str:
    return render_template(
        "evidence/mark.html",
        detail=detail,
        file=detail.file,
        picture=detail.original or detail.file,
        form=form,
        kinds=KINDS,
        colours=COLOURS,
        form_choices={"kind": list(_named(KINDS)), "colour": list(_named(COLOURS))},
        number=detail.header.number,
    )
