"""One discipline of a supplier's 8D: the form of ours to type in, or the answer to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, flash, g, jsonify, redirect, render_template, request, session
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ContainmentAnswer, ProblemAnswer
from eightd.domain.discipline.stock import balance
from eightd.domain.discipline.texts import keyed
from eightd.domain.suppliers.answering import as_written
from eightd.domain.words import Language
from eightd.queries.suppliers import guest as queries
from eightd.queries.suppliers.guest import GuestDisciplinePage
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.suppliers import answering as verbs
from eightd.usecases.suppliers.link import GuestCase
from eightd.web import formats, forms, requests
from eightd.web import session as door
from eightd.web.discipline_forms import drawing, facts, layout, mapping, reading, registry
from eightd.web.discipline_forms.layout import Difference, DisciplineForm
from eightd.web.supplier_link import (
    ACCEPTED_KINDS,
    FilesForm,
    address,
    blueprint,
    guest_order,
    keep_to_pace,
    through_the_link,
)

CODES = ", ".join(code.value for code in DisciplineCode)
_NAME = "guest_name"


@blueprint.get(f"/<token>/<any({CODES}):code>")
@door.public
@through_the_link
def discipline(guest: GuestCase, code: str) -> str:
    """Show a discipline: to type in where it can be written, to read otherwise."""
    view = loaded(guest, DisciplineCode(code))
    return drawn(view, shown_form(view))


@blueprint.post(f"/<token>/<any({CODES}):code>")
@door.public
@through_the_link
def answer(guest: GuestCase, code: str) -> AnyResponse | tuple[str | Response, int]:
    """Save or submit; the button says which."""
    action = request.form.get("do", "")
    if action not in {"save", "submit"}:
        abort(400)
    keep_to_pace(guest)
    view = loaded(guest, DisciplineCode(code))
    seen, name = requests.seen_version(), request.form.get("by_name", "").strip()
    if name:
        session[_NAME] = name[: verbs.LONGEST_NAME]
    registry.offer_rows(view.answers)
    form = registry.FORMS[view.code]()
    if not form.validate():
        if _by_script():
            return jsonify(refused=""), 422
        return drawn(view, form, version=seen), 422
    written = registry.read(form, view.code, view.header.zone)
    given: dict[str, Any] = {
        "link_id": guest.link_id,
        "code": view.code,
        "version": seen,
        "answer": written,
    }
    if _by_script():
        return _saved_while_typing(view, given)
    try:
        if action == "save":
            verbs.save(requests.services().uow, guest_order(), **given)
        else:
            verbs.submit(requests.services().uow, guest_order(), **given, by_name=name)
    except NotAllowed as refusal:
        form.form_errors = [formats.message(one) for one in (refusal.message, *refusal.gates)]
        return drawn(view, form, version=seen), 409
    except Invalid as invalid:
        told = {field: formats.message(problem) for field, problem in invalid.problems.items()}
        return drawn(view, form, version=seen, name_error=told.get("by_name", "")), 422
    except Stale:
        return _overtaken(guest, view, form), 409
    if action == "save":
        flash(gettext("%(code)s: the draft was saved.", code=view.code.value), "success")
        return redirect(address(view.code), 303)
    flash(gettext("%(code)s was submitted.", code=view.code.value), "success")
    return redirect(address(None), 303)


def _by_script() -> bool:
    """Return whether the form was sent while somebody types in it; what is submitted is pressed for."""
    return request.accept_mimetypes.best == "application/json" and request.form.get("do") == "save"


def _saved_while_typing(view: GuestDisciplinePage, given: Mapping[str, Any]) -> tuple[Response, int]:
    try:
        done = verbs.save(requests.services().uow, guest_order(), **given, while_typing=True)
    except NotAllowed as refusal:
        return jsonify(refused=formats.message(refusal.message)), 409
    except Stale as stale:
        return jsonify(stale=stale.current_version), 409
    now = requests.services().clock()
    return jsonify(version=done.version, at=formats.instant(now, view.header.zone)[-5:]), 200


def _overtaken(guest: GuestCase, seen: GuestDisciplinePage, form: DisciplineForm) -> str:
    """Show what was typed beside what somebody else with the link has saved meanwhile; both are kept."""
    g.wants_new_key = True  # the old key belongs to the order that was refused
    fresh = loaded(guest, seen.code)
    written = registry.read(form, seen.code, seen.header.zone)
    differing: Sequence[Difference] = ()
    if fresh.answer is not None:
        differing = reading.differences(seen.code, fresh.answer, as_written(written), seen.header.zone)
    registry.offer_rows(fresh.answers)
    return drawn(fresh, form, overtaken=differing or (Difference("", "", ""),))


def drawn(
    view: GuestDisciplinePage,
    form: DisciplineForm,
    *,
    version: int | None = None,
    name_error: str = "",
    overtaken: Sequence[Difference] = (),
    files_form: FilesForm | None = None,
    too_old: bool = False,
) -> str:
    """Draw the page; ``version`` is what a form that was sent is made from, and not saved."""
    may_write = view.refusal is None or version is not None
    if may_write:
        mapping.pad(form, form.BLANKS)
    shown = []
    if not may_write and view.answer is not None:
        shown = reading.shown(view.code, view.answer, view.header.zone)
    written = view.answer
    return render_template(
        "supplier_door/discipline.html",
        page=view,
        guest=g.guest,
        token=g.token,
        form=form,
        may_write=may_write,
        shown=shown,
        version=view.version if version is None else version,
        name=request.form.get("by_name", "") or session.get(_NAME, ""),
        name_error=name_error,
        overtaken=overtaken,
        too_old=too_old,
        files_form=files_form or FilesForm(forms.NOTHING),
        balance=balance(written) if isinstance(written, ContainmentAnswer) else None,
        drawing=drawing.fishbone_svg(view.answers.get(view.code), facts.effect(view))
        if view.code is DisciplineCode.D4
        else None,
        uncovered=facts.uncovered(view),
        bound=layout.bound,
        columns=layout.columns,
        is_rows=lambda part: isinstance(part, layout.Rows),
        language=Language(formats.language()),
        accepted_kinds=ACCEPTED_KINDS,
    )


def shown_form(view: GuestDisciplinePage) -> DisciplineForm:
    """Return the form with the answer, or with what an empty discipline begins with."""
    registry.offer_rows(view.answers)
    begun = view.answer
    if begun is None:
        begun = keyed(registry.begun(view.code, view.answers, None))
        if isinstance(begun, ProblemAnswer):
            begun = keyed(ProblemAnswer(customer_words=view.header.phenomenon, is_is_not=begun.is_is_not))
    return registry.filled(view.code, begun, view.header.zone)


def loaded(guest: GuestCase, code: DisciplineCode) -> GuestDisciplinePage:
    """Return a discipline of the guest's 8D; raises NotFound for one that is not asked for."""
    with requests.services().uow.reading() as store:
        view = queries.discipline_page(store, guest.case_id, code)
    if view is None:
        raise NotFound
    return view
