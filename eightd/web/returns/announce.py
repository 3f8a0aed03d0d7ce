"""Announcing a return: one parcel with the pieces of one or more complaints, and a label to print."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from eightd.domain.authority import OTHER_ROLE, scope
from eightd.domain.returns.stages import ReturnKind
from eightd.domain.words import Language, Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.labels import roles_listed
from eightd.domain.workflow.outcome import Refused
from eightd.domain.workflow.table import ROLES_OF
from eightd.queries import complaint as complaints
from eightd.queries.complaint import CaseHead
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.returns.announce import NO_SUCH_COMPLAINT, ReturnEntry, announce_return
from eightd.web import requests
from eightd.web.returns import fields as f

ENCLOSE = Phrase(
    "returns.enclose",
    "This label outside on the parcel\nA list of the pieces with serial number and what was seen\n"
    "Each faulty place marked, electronic parts in antistatic packing",
    "本标签贴于外箱\n逐件清单：序列号与不良现象\n请标示不良位置，电子件使用防静电包装",
)
"""What customers are asked to put in where nobody asks for something else."""


def announce() -> str | Response | tuple[str, int]:
    """Show and take the form; ``complaint`` in the address fills the first line."""
    actor = requests.actor()
    if not scope(actor).plants:
        abort(404)
    wanted = ROLES_OF[Action.ANNOUNCE_RETURN]
    head = _asked()
    if head is None and not actor.roles & wanted:
        label = Action.ANNOUNCE_RETURN.label.say()
        raise NotAllowed(OTHER_ROLE.say(action=label, roles=roles_listed(wanted)))
    form = f.AnnounceForm(data=_begin(head))
    if not form.is_sent:
        return _page(form, head)
    valid = form.validate()
    lines = _lines(form)
    if not valid or not lines:
        return _page(form, head), 422
    try:
        done = announce_return(
            requests.services().uow,
            requests.order(),
            lines=tuple(entry for _, entry in lines),
            kind=ReturnKind(form.kind.data),
            expected_on=form.expected_on.data,
            promised_on=form.promised_on.data,
            carrier=form.carrier.data or "",
            tracking=form.tracking.data or "",
            sender=form.sender.data or "",
            enclose=form.enclose.data or "",
            note=form.note.data or "",
            language=Language(form.language.data),
        )
    except NotFound:  # of the first complaint; one that is hidden reads like one that is not there
        form.refuse(Invalid({f"lines-{lines[0][0]}-complaint": NO_SUCH_COMPLAINT.say()}))
        return _page(form, head), 422
    except Invalid as invalid:
        form.refuse(f.moved_to_rows(invalid, "lines", [at for at, _ in lines]))
        return _page(form, head), 422
    flash(
        gettext("%(number)s was announced. Please print the label for the parcel.", number=done.number),
        "success",
    )
    return redirect(url_for("returns.page", number=done.number), 303)


def _asked() -> CaseHead | None:
    """Return the complaint that the address names; answers 404 for one that is hidden, 409 where it takes none."""
    number = request.args.get("complaint", "").strip()
    if not number:
        return None
    with requests.services().uow.reading() as session:
        head = complaints.complaint_head(session, requests.actor(), number)
    if head is None:
        abort(404)
    outcome = head.outcomes[Action.ANNOUNCE_RETURN]
    if isinstance(outcome, Refused):
        raise NotAllowed(outcome.message, outcome.gates)
    return head


def _begin(head: CaseHead | None) -> dict[str, Any]:
    if head is None:
        language = Language.ZH
        return {
            "language": language.value,
            "enclose": ENCLOSE.say().text(language),
            "kind": ReturnKind.GOODS.value,
        }
    header = head.header
    language = Language.EN if header.report_language == "en" else Language.ZH
    awaited = header.sample_needed and header.sample_received_at is None
    name = (
        header.customer_name_en
        if language is Language.EN and header.customer_name_en
        else header.customer_name
    )
    return {
        "kind": (ReturnKind.SAMPLE if awaited else ReturnKind.GOODS).value,
        "language": language.value,
        "enclose": ENCLOSE.say().text(language),
        "sender": "\n".join(one for one in (name, header.customer_plant, header.contact) if one),
        "lines": [
            {
                "complaint": header.number,
                "quantity": header.sample_announced_quantity if awaited else None,
                "lots": ", ".join(header.lots),
            }
        ],
    }


def _lines(form: f.AnnounceForm) -> list[tuple[int, ReturnEntry]]:
    """Return what was typed by its place in the form; what lacks something is said beside it."""
    found, complete = [], True
    for at, row in f.filled(form.lines):
        for field in (row.complaint, row.quantity):
            if not field.data and not field.errors:
                field.errors = [gettext("Please fill this in")]
            complete = complete and not field.errors
        if complete:
            found.append((at, ReturnEntry(row.complaint.data, row.quantity.data, f.several(row.lots.data))))
    if not f.filled(form.lines):
        form.form_errors = [*form.form_errors, gettext("Which complaint do the pieces belong to?")]
    return found if complete else []


def _page(form: f.AnnounceForm, head: CaseHead | None) -> str:
    languages = [
        (value, label, {"data-text": ENCLOSE.say().text(value)}) for value, label in f.LABEL_LANGUAGES
    ]
    return render_template(
        "returns/announce.html",
        form=form,
        head=head,
        columns=f.columns_of_entries(),
        languages=languages,
        most=f.MOST_LINES,
    )
