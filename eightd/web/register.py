"""Registering a complaint: one form, helped along while it is typed, and a page of its own when it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from eightd.domain.authority import Allowed, PlantSubject, may
from eightd.domain.classification.classify import Classification
from eightd.domain.complaint import DefectKind
from eightd.domain.errors import UnknownNameError
from eightd.domain.workflow.actions import Action
from eightd.queries import registering
from eightd.queries.mail_in import MailView
from eightd.queries.registering import DoubleView, PlantView, SimilarView
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence import CheckedUpload, Upload, check_upload
from eightd.usecases.register import register as register_complaint
from eightd.usecases.registration import Registration, registration_problems
from eightd.usecases.verb import Order
from eightd.web import formats, forms, register_mail, requests, words
from eightd.web.board import complaint_url
from eightd.web.register_form import MOST_LINES, MOST_PICTURES, RegisterForm

blueprint = Blueprint("register", __name__)


@dataclass(frozen=True, slots=True)
class Help:
    """What is known about a complaint that is still being typed."""

    tier: Classification | None
    doubles: tuple[DoubleView, ...]
    similar: tuple[SimilarView, ...]


@blueprint.get("/complaints/new")
def form() -> str | Response:
    """Show an empty form, received now; one from a mail holds what the mail says."""
    plants = _plants()
    mail = register_mail.asked()
    if mail is not None and not register_mail.waits(mail):
        return redirect(url_for("mail_in.page", mail_id=mail.id), 303)
    begin = _begin(plants[0]) if mail is None else {**_begin(plants[0]), **register_mail.beginning(mail)}
    return _page(RegisterForm(data=begin), plants, mail)


@blueprint.post("/complaints/new")
def register() -> Response | tuple[str, int]:
    """Register what was typed, or show it again with everything that is wrong beside its field."""
    plants = _plants()
    order = requests.order()
    earlier = _earlier(order)
    if earlier is not None:
        return redirect(complaint_url(earlier), 303)
    made = RegisterForm()
    mail = register_mail.sent(made)
    _offer(made, plants, mail)
    made.validate()
    plant = _plant(made, plants)
    received_at = made.received(plant.zone)
    registration = _readable(made, plant, received_at)
    if registration is not None:
        made.refuse_registration(registration_problems(registration, requests.services().clock()))
    pictures = _pictures(made)
    _insist_on_doubles(made)
    if registration is None or any(one.errors for one in forms.walk(made)) or made.form_errors:
        return _page(made, plants, mail), 422
    try:
        if mail is None:
            done = register_complaint(
                requests.services().uow, order, registration=registration, pictures=pictures
            )
        else:
            done = register_mail.register(order, made, mail, registration, pictures)
    except Invalid as invalid:
        made.refuse_registration(invalid.problems)
        return _page(made, plants, mail), 422
    flash(gettext("%(number)s was registered.", number=done.number), "success")
    return redirect(complaint_url(done.number), 303)


@blueprint.post("/classify-preview")
def preview() -> str:
    """Say what tier the counts typed so far would give, and which cases are doubled or similar; writes nothing."""
    plants = _plants()
    made = RegisterForm()
    _offer(made, plants, register_mail.sent(made))
    made.validate()  # reads the numbers; what is wrong is said when the form is sent
    return render_template(
        "register/help.html", form=made, help=_help(made, _plant(made, plants)), is_part=True
    )


def _plants() -> tuple[PlantView, ...]:
    """Return the plants the person may register in; answers 404 where there is none."""
    actor = requests.actor()
    with requests.services().uow.reading() as session:
        known = registering.plants(session, actor, formats.language())
    allowed = tuple(
        one for one in known if isinstance(may(actor, Action.REGISTER, PlantSubject(one.id)), Allowed)
    )
    return allowed or abort(404)


def _plant(made: RegisterForm, plants: tuple[PlantView, ...]) -> PlantView:
    """Return the chosen plant, the only one where nothing was to choose; answers 404 for a foreign one."""
    chosen = made.plant_id.data
    if chosen is None:
        return plants[0]
    return next((one for one in plants if one.id == chosen), None) or abort(404)


def _earlier(order: Order) -> str | None:
    """Return the number where this very form was sent before: its own complaint is no double of it."""
    with requests.services().uow.reading() as session:
        return registering.registered_under(session, order.actor.id, order.key)


def _begin(plant: PlantView) -> dict[str, Any]:
    now = requests.services().clock().astimezone(ZoneInfo(plant.zone))
    return {"received_at": now.replace(tzinfo=None, second=0, microsecond=0), "plant_id": plant.id}


def _offer(made: RegisterForm, plants: tuple[PlantView, ...], mail: MailView | None) -> None:
    made.mail_files.choices = register_mail.choices(mail)
    made.plant_id.choices = [(one.id, one.name) for one in plants]
    if len(plants) == 1 and made.plant_id.data is None:
        made.plant_id.data = plants[0].id
    made.report_language.choices = [
        ("", gettext("As agreed with the customer")),
        ("zh", gettext("Chinese")),
        ("en", gettext("English")),
        ("both", gettext("Both languages")),
    ]


def _readable(made: RegisterForm, plant: PlantView, received_at: datetime | None) -> Registration | None:
    """Return the registration where every field could at least be read."""
    if received_at is None or any(one.errors for one in forms.walk(made)):
        return None
    return made.registration(plant.id, received_at)


def _pictures(made: RegisterForm) -> tuple[CheckedUpload, ...]:
    """Check the files by their content; what is refused stands beside the field."""
    sent = [one for one in made.pictures.data or () if isinstance(one, FileStorage) and one.filename]
    if len(sent) > MOST_PICTURES:
        made.pictures.errors = [gettext("At most %(num)s files at once.", num=MOST_PICTURES)]
        return ()
    checked = []
    for one in sent:
        try:
            upload = Upload(one.filename or "", one.read())
            checked.append(check_upload(upload, requests.services().limits, field="pictures"))
        except Invalid as invalid:
            made.refuse(invalid)
    return tuple(checked)


def _insist_on_doubles(made: RegisterForm) -> None:
    """Ask for a tick where this customer has used this number before."""
    if not made.double_ok.data and _doubles(made):
        made.customer_number.errors = [
            *made.customer_number.errors,
            gettext("This customer's number was used before. Please look at that complaint first."),
        ]


def _doubles(made: RegisterForm) -> tuple[DoubleView, ...]:
    actor = requests.actor()
    with requests.services().uow.reading() as session:
        customer = registering.customer_named(session, actor, made.customer_code.data or "")
        if customer is None:
            return ()
        return registering.doubles(session, actor, customer.id, made.customer_number.data or "")


def _help(made: RegisterForm, plant: PlantView) -> Help:
    actor, language, clock = requests.actor(), formats.language(), requests.services().clock
    counts = made.counts_so_far()
    on = (made.received(plant.zone) or clock()).astimezone(ZoneInfo(plant.zone)).date()
    with requests.services().uow.reading() as session:
        customer = registering.customer_named(session, actor, made.customer_code.data or "")
        try:
            tier = registering.expected_tier(session, customer, counts, on)
        except UnknownNameError:  # no criteria were in force then
            tier = None
        number = made.customer_number.data or ""
        return Help(
            tier=tier if counts.defects or tier is None or any(_set(counts.flags)) else None,
            doubles=registering.doubles(session, actor, customer.id, number) if customer else (),
            similar=registering.similar(
                session, actor, made.part_number.data or "", made.phenomena(), language
            ),
        )


def _set(flags: Any) -> tuple[bool, ...]:
    return flags.penalty_triggered, flags.ppm_exceeded, flags.safety, flags.line_stop


def _page(made: RegisterForm, plants: tuple[PlantView, ...], mail: MailView | None) -> str:
    _offer(made, plants, mail)
    had_files = any(one.filename for one in request.files.getlist("pictures"))
    return render_template(
        "register/form.html",
        form=made,
        plants=plants,
        help=_help(made, _plant(made, plants)),
        is_part=False,
        had_files=had_files,
        mail=mail,
        columns=_columns(),
        most_lines=MOST_LINES,
    )


def _columns() -> list[dict[str, Any]]:
    """Return the columns of the table of defects."""
    return [
        {"name": "kind", "label": gettext("Kind"), "kind": "select", "options": words.choices(DefectKind),
         "default": DefectKind.FUNCTIONAL.value, "blank": False, "width": "s"},
        {"name": "phenomenon", "label": gettext("Phenomenon"), "kind": "suggest", "required": False,
         "suggest_url": url_for("suggest.phenomena"), "maxlength": 200},
        {"name": "quantity", "label": gettext("Defective"), "kind": "number", "min": 1, "width": "s"},
        {"name": "inspected", "label": gettext("Of inspected"), "kind": "number", "min": 0, "width": "s"},
    ]  # fmt: skip
