"""What is offered under a field while somebody types: customers, parts, phenomena the person may know of."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from eightd.domain.authority import scope
from eightd.domain.complaint import DefectKind
from eightd.queries import registering
from eightd.queries.registering import SuggestionView
from eightd.web import formats, requests

blueprint = Blueprint("suggest", __name__, url_prefix="/suggest")

_LONGEST = 100


@blueprint.get("/customers")
def customers() -> str:
    """Offer customers by code and name."""
    text = _typed()
    with requests.services().uow.reading() as session:
        found = registering.customers(session, requests.actor(), text, formats.language())
    return _options(found)


@blueprint.get("/parts")
def parts() -> str:
    """Offer parts by number and name."""
    text = _typed()
    with requests.services().uow.reading() as session:
        found = registering.parts(session, requests.actor(), text, formats.language())
    return _options(found)


@blueprint.get("/phenomena")
def phenomena() -> str:
    """Offer phenomena of the catalogue; ``kind`` narrows them where it names one."""
    text, kind = _typed(), request.args.get("kind")
    with requests.services().uow.reading() as session:
        found = registering.phenomena(
            session, text, formats.language(), DefectKind(kind) if kind in set(DefectKind) else None
        )
    return _options(found)


def _typed() -> str:
    """Return what was typed; the parameter has the name of the field, whatever the form calls it.

    Answers 404 to somebody who sees no complaints.
    """
    if not scope(requests.actor()).plants:
        abort(404)
    given = next((value for name, value in request.args.items() if name != "kind"), "")
    return given.replace("\0", " ").strip()[:_LONGEST]


def _options(found: tuple[SuggestionView, ...]) -> str:
    return render_template("register/options.html", options=found)
