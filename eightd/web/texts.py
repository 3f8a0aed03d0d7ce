"""Text helps beside a discipline's form: wordings and earlier answers to start from, and whether languages agree."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from eightd.domain.authority import scope
from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.agreement import disagreements
from eightd.domain.discipline.phrases import field_of
from eightd.queries import texts as queries
from eightd.usecases import phrases as verbs
from eightd.usecases.errors import Invalid
from eightd.web import formats, requests
from eightd.web.discipline_forms.beside import OTHER
from eightd.web.discipline_forms.fields import LONGEST
from eightd.web.discipline_forms.labels import label_of, labels_of

blueprint = Blueprint("texts", __name__)

CODES = ", ".join(code.value for code in DisciplineCode)
_MOST_PAIRS = 400


@blueprint.get(f"/complaints/<number>/<any({CODES}):code>/texts")
def panel(number: str, code: str) -> str:
    """Offer texts for the field at ``place``."""
    return _panel(number, DisciplineCode(code), _place())


@blueprint.get(f"/complaints/<number>/<any({CODES}):code>/texts/<source>")
def earlier(number: str, code: str, source: str) -> str:
    """Show a whole earlier answer beside the form, to take over field by field."""
    with requests.services().uow.reading() as session:
        view = queries.whole_answer(session, requests.actor(), number, DisciplineCode(code), source)
    if view is None:
        abort(404)
    return render_template("texts/earlier.html", view=view, place=_place(), labels=labels_of(view.code))


@blueprint.post(f"/complaints/<number>/<any({CODES}):code>/texts/phrase")
def save_phrase(number: str, code: str) -> tuple[str, int] | str:
    """Save the text of a field as a wording of the plant's."""
    discipline, place = DisciplineCode(code), request.form.get("place", "")
    with requests.services().uow.reading() as session:
        view = queries.panel(session, requests.actor(), number, discipline, place)
    if view is None:
        abort(404)
    fields = verbs.PhraseFields(
        code=discipline,
        field=view.field or "",
        text_zh=request.form.get("text_zh", "").strip(),
        text_en=request.form.get("text_en", "").strip(),
        plant_id=view.plant_id,
    )
    try:
        verbs.create_phrase(requests.services().uow, requests.order(), fields=fields)
    except Invalid as invalid:
        said = " ".join(formats.message(one) for one in invalid.problems.values())
        return _panel(number, discipline, place, problem=said)
    return _panel(number, discipline, place, saved=gettext("The text was saved as a phrase."))


@blueprint.post("/texts/agreement")
def agreement() -> Response:
    """Say for each pair of texts that was sent how its languages disagree."""
    if not scope(requests.actor()).drafts:
        abort(404)
    pairs = [name[len(OTHER) :] for name in request.form if name.startswith(OTHER)][:_MOST_PAIRS]
    found = {}
    for place in pairs:
        other = request.form[f"{OTHER}{place}"][:LONGEST]
        text = request.form.get(f"text:{place}", "")[:LONGEST]
        unlike = disagreements(text, other) if other.strip() else ()
        found[place] = [formats.message(one) for one in unlike]
    return jsonify(found)


def _place() -> str:
    return request.args.get("place", "")[:200].removeprefix(OTHER)


def _panel(number: str, code: DisciplineCode, place: str, *, saved: str = "", problem: str = "") -> str:
    with requests.services().uow.reading() as session:
        view = queries.panel(session, requests.actor(), number, code, place)
    if view is None:
        abort(404)
    field = field_of(code, place)
    return render_template(
        "texts/panel.html",
        view=view,
        place=place,
        label="" if field is None else label_of(code, field),
        saved=saved,
        problem=problem,
    )
