"""Documents of many complaints as one archive: chosen, made by the worker with its progress shown, fetched."""

from __future__ import annotations

import re
from typing import Any

import wtforms
from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.authority import Allowed, may
from eightd.domain.workflow.actions import Action
from eightd.queries import batches as queries
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases import batches as verbs
from eightd.usecases.batches import Which, Wish
from eightd.usecases.errors import Invalid, NotFound
from eightd.web import forms, requests
from eightd.web.pages import alarms_stand_still
from eightd.web.session import quiet

blueprint = Blueprint("batches", __name__, url_prefix="/reports/batches")

_LONGEST = 8_000
_SEPARATORS = re.compile(r"[\s,;，；、]+")

WHICH = {
    Which.NEWEST: _l("The newest revision that holds"),
    Which.FINAL: _l("The newest final report that holds"),
    Which.ALL: _l("Every revision, withdrawn ones marked"),
}
LANGUAGES = {
    "": _l("As issued"),
    "both": _l("Chinese and English"),
    "zh": _l("Chinese"),
    "en": _l("English"),
}
AUDIENCES = {Audience.CUSTOMER: _l("For the customer"), Audience.INTERNAL: _l("Internal")}


class BatchForm(forms.Form):
    """Which complaints, which of their documents, for whom."""

    numbers = wtforms.TextAreaField(
        _l("Complaints"), description=_l("Their numbers, in lines or parted by commas.")
    )
    which = wtforms.RadioField(
        _l("Reports"), choices=lambda: [(one.value, label) for one, label in WHICH.items()], default="newest"
    )
    language = wtforms.RadioField(_l("Language"), choices=lambda: list(LANGUAGES.items()), default="")
    audience = wtforms.RadioField(
        _l("Version"),
        choices=lambda: [(one.value, label) for one, label in AUDIENCES.items()],
        default="customer",
    )


@blueprint.get("")
def index() -> str:
    """List the person's own archives."""
    _insist()
    with requests.services().uow.reading() as session:
        found = queries.batches(session, requests.actor())
    return render_template("batches/index.html", batches=found, **_words())


@blueprint.route("/new", methods=["GET", "POST"], endpoint="form")
def new() -> str | AnyResponse | tuple[str, int]:
    """Show and take the choice; ``number`` in the address fills complaints in beforehand."""
    _insist()
    given = "\n".join(request.args.getlist("number"))[:_LONGEST]
    form = BatchForm(data={"numbers": given})
    if not form.is_sent:
        return _choice(form)
    if not form.validate():
        return _choice(form), 422
    wish = Wish(
        numbers=tuple(one for one in _SEPARATORS.split((form.numbers.data or "")[:_LONGEST]) if one),
        which=Which(form.which.data),
        language=ReportLanguage(form.language.data) if form.language.data else None,
        audience=Audience(form.audience.data),
    )
    try:
        done = verbs.request_batch(requests.services().uow, requests.order(), wish=wish)
    except Invalid as invalid:
        form.refuse(invalid)
        return _choice(form), 422
    return redirect(url_for("batches.page", batch_id=done.id), 303)


@blueprint.get("/<int:batch_id>")
def page(batch_id: int) -> str:
    """Show how far an archive is."""
    return render_template("batches/page.html", batch=_batch(batch_id), **_words())


@blueprint.get("/<int:batch_id>/progress")
@quiet
def progress(batch_id: int) -> str:
    """Show the part of the page that changes while it is made."""
    return render_template("batches/progress.html", batch=_batch(batch_id), **_words())


@blueprint.get("/<int:batch_id>/archive.zip")
def archive(batch_id: int) -> AnyResponse:
    """Hand the archive out, as long as the person may still see everything in it."""
    path, name = verbs.archive(requests.services().uow, requests.actor(), batch_id=batch_id)
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, etag=False)


def _insist() -> None:
    if not isinstance(may(requests.actor(), Action.VIEW), Allowed):
        raise NotFound


def _batch(batch_id: int) -> queries.BatchView:
    with requests.services().uow.reading() as session:
        found = queries.batch(session, requests.actor(), batch_id)
    if found is None:
        abort(404)
    return found


def _choice(form: BatchForm) -> str:
    return render_template("batches/form.html", form=form, most=verbs.MOST, days=verbs.KEPT.days)


def _words() -> dict[str, Any]:
    return {
        "which": {one.value: label for one, label in WHICH.items()},
        "languages": LANGUAGES,
        "audiences": {one.value: label for one, label in AUDIENCES.items()},
        "days": verbs.KEPT.days,
        "stands_still": alarms_stand_still() or requests.person().alarms_seen_to_at is None,
    }
