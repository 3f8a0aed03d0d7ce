"""The door to administration: for everybody but administrators there is nothing here."""

from __future__ import annotations

from flask import Blueprint, render_template

from eightd.domain.authority import Allowed, may
from eightd.domain.workflow.actions import Action
from eightd.queries.administration import overview
from eightd.usecases.errors import NotFound
from eightd.web import requests
from eightd.web.admin import (
    assignment,
    calendars,
    criteria,
    customers,
    deliveries,
    failure_categories,
    mailboxes,
    parts,
    phenomena,
    plants,
    profiles,
    relays,
    reply_templates,
    reviewer,
    users,
    wording,
)

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

for _noun in (
    users,
    plants,
    customers,
    parts,
    phenomena,
    failure_categories,
    assignment,
    criteria,
    profiles,
    calendars,
    relays,
    deliveries,
    mailboxes,
    reply_templates,
    wording,
    reviewer,
):
    blueprint.register_blueprint(_noun.blueprint)


@blueprint.before_request
def _administrators_only() -> None:
    if not isinstance(may(requests.actor(), Action.ADMINISTER), Allowed):
        raise NotFound


@blueprint.get("")
def index() -> str:
    """Show what there is to administer."""
    with requests.services().uow.reading() as session:
        counts = overview.overview(session, requests.actor())
    return render_template("admin/index.html", counts=counts)
