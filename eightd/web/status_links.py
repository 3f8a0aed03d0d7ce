"""The status links of a complaint: made for the customer, shown to be copied, revoked."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length

from eightd.domain.words import Language
from eightd.domain.workflow.outcome import Allowed
from eightd.queries import status_link as queries
from eightd.queries.status_link import LinksView
from eightd.usecases import status_link as verbs
from eightd.usecases.errors import Invalid
from eightd.web import forms, requests, words

blueprint = Blueprint("status_links", __name__, url_prefix="/complaints/<number>/links")


class LinkForm(forms.Form):
    """For whom a link is and how long it holds."""

    recipient = wtforms.StringField(
        _l("For whom"), [Length(max=200)], description=_l("So that you know later whose link it is.")
    )
    days = wtforms.SelectField(
        _l("Holds for"),
        coerce=forms.whole_number,
        choices=lambda: [(one, gettext("%(count)d days", count=one)) for one in verbs.DAYS],
        default=30,
    )
    language = wtforms.SelectField(_l("Language"), choices=lambda: words.choices(Language))


@blueprint.route("", methods=["GET", "POST"])
def index(number: str) -> str | Response | tuple[str, int]:
    """List the links; make one."""
    view = _view(number)
    form = LinkForm(data={"language": view.customer_language, "days": 30})
    if not form.is_sent:
        return _page(view, form)
    if not form.validate():
        return _page(view, form), 422
    try:
        verbs.make_link(
            requests.services().uow,
            requests.order(),
            number=number,
            days=form.days.data,
            language=Language(form.language.data),
            recipient=form.recipient.data or "",
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(view, form), 422
    flash(gettext("The link was made. Copy it from the list and give it to the customer."), "success")
    return redirect(url_for(".index", number=number), 303)


@blueprint.post("/<int:link_id>/revoke")
def revoke(number: str, link_id: int) -> Response:
    """Let a link open nothing any more."""
    verbs.revoke_link(requests.services().uow, requests.order(), number=number, link_id=link_id)
    flash(gettext("The link opens nothing any more."), "success")
    return redirect(url_for(".index", number=number), 303)


def _view(number: str) -> LinksView:
    services = requests.services()
    with services.uow.reading() as session:
        view = queries.links(session, requests.actor(), number, services.clock())
    if view is None:
        abort(404)
    return view


def _page(view: LinksView, form: LinkForm) -> str:
    services = requests.services()
    may_share = isinstance(view.outcome, Allowed)
    addresses = {
        one.id: services.base_url + url_for("status.page", token=services.links.token(verbs.PURPOSE, one.id))
        for one in view.links
        if one.holds and may_share
    }
    return render_template(
        "status_links/index.html", view=view, addresses=addresses, may_share=may_share, form=form
    )
