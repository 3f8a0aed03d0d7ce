"""What the workbench asks for while somebody writes: saves, who else is there, other disciplines to read beside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.merge import OTHER, difference, merge
from eightd.domain.discipline.texts import keyed
from eightd.queries import drafts as queries
from eightd.queries.discipline import discipline_page
from eightd.queries.drafts import SavesView
from eightd.usecases import discipline as verbs
from eightd.usecases import presence as there
from eightd.usecases.errors import NotAllowed, Stale
from eightd.web import formats, places, requests
from eightd.web.discipline_forms import reading as answers
from eightd.web.discipline_forms import registry
from eightd.web.discipline_forms.fields import LONGEST
from eightd.web.session import public, quiet

blueprint = Blueprint("workbench", __name__)

CODES = ", ".join(code.value for code in DisciplineCode)
_HELD_MOST = 500


@blueprint.post(f"/complaints/<number>/<any({CODES}):code>/autosave")
def autosave(number: str, code: str) -> tuple[Response, int]:
    """Save the whole form as a draft, merged by field with what others saved since the version it was made from.

    Answers with the new version, what others changed, which fields conflict and stay as they are stored, and which
    could not be made sense of and were left out. 409 says why nothing can be saved.
    """
    discipline, seen = DisciplineCode(code), requests.seen_version()
    with requests.services().uow.reading() as session:
        view = discipline_page(session, requests.actor(), number, discipline)
    if view is None:
        abort(404)
    registry.offer_rows(view.answers)
    form = registry.FORMS[discipline]()
    refused = [] if form.validate() else places.leave_out_invalid(form)
    refused += [(name, gettext("At most %(most)d characters.", most=LONGEST)) for name in _too_long_beside()]
    answer = keyed(registry.read(form, discipline, view.header.zone))
    held = tuple(request.form.getlist("held"))[:_HELD_MOST] + tuple(place for place, _ in refused)
    try:
        done = verbs.autosave(
            requests.services().uow,
            requests.order(),
            number=number,
            code=discipline,
            version=seen,
            answer=answer,
            held=held,
        )
    except NotAllowed as refusal:
        reason = " ".join(formats.message(one) for one in (refusal.message, *refusal.gates))
        return jsonify(refused_because=reason, version=view.version), 409
    except Stale as stale:
        return jsonify(stale=True, version=stale.current_version), 409
    with requests.services().uow.reading() as session:
        saves = queries.saves(session, requests.actor(), number, discipline, (seen, done.id, done.version))
    if saves is None:
        abort(404)
    told: dict[str, Any] = {"version": done.version, **_moment(saves, done.version, requests.person().name)}
    if done.id != seen:
        base, theirs, stored = (saves.saves[one].answer for one in (seen, done.id, done.version))
        both = merge(base, answer, theirs, held=held)
        told |= _changes(discipline, answer, stored, saves, set(both.conflicts) | set(held))
        told["conflicts"] = _conflicts(discipline, theirs, both.conflicts, saves, done.id)
        told["kept"] = list(both.kept)
        told["others"] = saves.saves[done.id].by
    told["refused"] = [{"place": place, "message": message} for place, message in refused]
    return jsonify(told), 200


@blueprint.post(f"/complaints/<number>/<any({CODES}):code>/presence")
@quiet
def presence(number: str, code: str) -> Response:
    """Say that this person is here; tell who else is, and what others saved since the version given."""
    discipline, seen = DisciplineCode(code), requests.seen_version()
    person = requests.person()
    present = there.be_present(
        requests.services().uow,
        requests.services().order(person.actor, person.name, ""),
        number=number,
        code=discipline,
        place=request.form.get("place", ""),
        leaving="leaving" in request.form,
    )
    told: dict[str, Any] = {
        "version": present.version,
        "people": [{"id": one.user_id, "name": one.name, "place": one.place} for one in present.colleagues],
    }
    if present.version > seen:
        with requests.services().uow.reading() as session:
            saves = queries.saves(session, person.actor, number, discipline, (seen, present.version))
        if saves is not None:
            latest = saves.saves[saves.version]
            told |= {"version": saves.version, **_moment(saves, saves.version, latest.by)}
            told["state"] = saves.state
            if latest.at is not None:  # submitted or accepted: there is no draft to take over
                told |= _changes(discipline, saves.saves[seen].answer, latest.answer, saves, set())
    return jsonify(told)


@blueprint.get(f"/complaints/<number>/<any({CODES}):code>/reading")
def reading(number: str, code: str) -> str:
    """Show a discipline as text, to be read beside another one."""
    with requests.services().uow.reading() as session:
        view = discipline_page(session, requests.actor(), number, DisciplineCode(code))
    if view is None:
        abort(404)
    registry.offer_rows(view.answers)
    shown = [] if view.answer is None else answers.shown(view.code, view.answer, view.header.zone)
    return render_template("discipline/reading.html", page=view, shown=shown)


@blueprint.get("/session")
@public
@quiet
def session() -> Response:
    """Tell a page that was open for long who is signed in now, and the token for what it sends next."""
    user = current_user.id if current_user.is_authenticated else None
    return jsonify(user=user, csrf=generate_csrf())


def _too_long_beside() -> list[str]:
    """Return the places of texts in the other language that are longer than any may be."""
    return [name for name, text in request.form.items() if name.startswith(OTHER) and len(text) > LONGEST]


def _moment(saves: SavesView, version: int, by: str) -> dict[str, Any]:
    at: datetime | None = saves.saves[version].at
    return {"saved_by": by, "saved_at": "" if at is None else formats.instant(at, saves.zone)[-5:]}


def _changes(
    code: DisciplineCode, old: Answer, new: Answer, saves: SavesView, without: set[str]
) -> dict[str, Any]:
    """Return what leads from one answer to another, values as the form's fields show them."""
    found = difference(old, new)
    shown = _values(code, new, saves.zone)
    return {
        "fields": {place: shown.get(place, "") for place in found.fields if place not in without},
        "added": list(found.added),
        "removed": list(found.removed),
        "orders": {place: list(keys) for place, keys in found.orders.items()},
    }


def _conflicts(
    code: DisciplineCode, theirs: Answer, conflicting: Iterable[str], saves: SavesView, version: int
) -> list[dict[str, str]]:
    shown = _values(code, theirs, saves.zone)
    by = saves.saves[version].by or gettext("Somebody else")
    return [{"place": place, "theirs": shown.get(place, ""), "by": by} for place in conflicting]


def _values(code: DisciplineCode, answer: Answer, zone: str) -> dict[str, str]:
    return places.values(registry.filled(code, answer, zone), answer)
