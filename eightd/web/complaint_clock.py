"""Forms about a complaint's clocks: stops with their proof, their agreed end, why a milestone is late."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from eightd.domain.clock.profile import shown_title
from eightd.domain.clock.stops import CHOSEN, StopReason
from eightd.queries import clock_choices
from eightd.queries.complaint import CaseHead
from eightd.usecases import clock, lateness
from eightd.usecases.evidence import CheckedUpload, Upload, check_upload
from eightd.usecases.verb import Done
from eightd.web import complaint_forms as f
from eightd.web import formats, forms, requests, words


class StopForm(f.ActionForm):
    """A stop of the clocks with what proves it."""

    from_at = f.instant_field(_l("Stopped from"))
    stop_reason = wtforms.SelectField(
        _l("Why"), choices=lambda: [(one.value, words.word(one)) for one in CHOSEN]
    )
    agreed_until_at = f.instant_field(
        _l("Agreed until"),
        required=False,
        hint=_l("When this passes and the clock still stands, you are told."),
    )
    note = f.long_field(_l("Remark, as the customer is shown it"))
    evidence_id = wtforms.SelectField(_l("Proof: a file of this complaint"), coerce=forms.whole_number)
    proof = wtforms.FileField(_l("Proof: a new file"))


class ResumeForm(f.ActionForm):
    """The end of a stop."""

    to_at = f.instant_field(_l("Runs again from"))


class ExtendStopForm(f.ActionForm):
    """Another agreed end."""

    agreed_until_at = f.instant_field(_l("Agreed until"))
    reason = f.long_field(_l("Reason"))


class WithdrawStopForm(f.ActionForm):
    """Which stop was a mistake."""

    stop_id = wtforms.SelectField(_l("Stop"), [InputRequired()], coerce=forms.whole_number)
    reason = f.long_field(_l("Reason"))


class LatenessForm(f.ActionForm):
    """Why which milestone is late."""

    milestone = wtforms.SelectField(_l("Milestone"), [InputRequired()])
    reason = f.long_field(_l("Reason"))


def stop(form: Any, call: Any) -> Done:
    """Stop the clock; raises Invalid at the file for one that is not taken."""
    return call(  # type: ignore[no-any-return]  # a Call, whose module imports this one
        clock.stop_clock,
        from_at=call.at(form.from_at),
        reason=StopReason(form.stop_reason.data),
        note=form.note.data or "",
        agreed_until_at=call.at(form.agreed_until_at),
        evidence_id=form.evidence_id.data,
        upload=uploaded("proof"),
    )


def extend(form: Any, call: Any) -> Done:
    """Change the agreed end."""
    until = call.at(form.agreed_until_at)
    return call(clock.extend_stop, agreed_until_at=until, reason=form.reason.data or "")  # type: ignore[no-any-return]


def withdraw(form: Any, call: Any) -> Done:
    """Withdraw a stop."""
    return call(clock.withdraw_stop, stop_id=form.stop_id.data, reason=form.reason.data or "")  # type: ignore[no-any-return]


def explain(form: Any, call: Any) -> Done:
    """Say why a milestone is late."""
    return call(  # type: ignore[no-any-return]
        lateness.explain_lateness, milestone=form.milestone.data or "", reason=form.reason.data or ""
    )


def offer(form: Any, head: CaseHead) -> None:
    """Give the form what it offers to choose from; other forms are left alone."""
    match form:
        case StopForm() | f.ProvenForm():
            form.evidence_id.choices = filed_choices(head)
        case WithdrawStopForm():
            form.stop_id.choices = _stops(head)
        case LatenessForm():
            form.milestone.choices = _late(head)


def uploaded(name: str) -> CheckedUpload | None:
    """Return the file of a field, its content judged; raises Invalid at the field for one that is not taken."""
    given = request.files.get(name)
    if given is None or not given.filename:
        return None
    return check_upload(Upload(given.filename, given.read()), requests.services().limits, field=name)


def filed_choices(head: CaseHead) -> list[tuple[Any, str]]:
    """Return the files of the complaint to choose a proof from."""
    with requests.services().uow.reading() as session:
        found = clock_choices.proofs(session, head.header.id)
    named = ((one.id, f"{one.filename} · {one.caption}" if one.caption else one.filename) for one in found)
    return [("", gettext("None")), *named]


def _stops(head: CaseHead) -> list[tuple[Any, str]]:
    zone = head.header.zone
    shown = (
        (
            one.id,
            f"{words.word(one.reason)} · {formats.instant(one.from_at, zone)} – {_until(one.to_at, zone)}",
        )
        for one in head.stops
        if not one.withdrawn_because
    )
    return [("", gettext("Choose")), *shown]


def _until(to_at: Any, zone: str) -> str:
    return formats.instant(to_at, zone) if to_at else gettext("still stopped")


def _late(head: CaseHead) -> list[tuple[Any, str]]:
    now = requests.services().clock()
    with requests.services().uow.reading() as session:
        found = clock_choices.late_milestones(session, head.header.id, now)
    shown = (
        (
            one.milestone,
            f"{formats.message(shown_title(one.milestone, one.title_en, one.title_zh))} · {_late_by(one)}",
        )
        for one in found
    )
    return [("", gettext("Choose")), *shown]


def _late_by(one: clock_choices.LateView) -> str:
    said = gettext("%(length)s late", length=formats.duration(one.late_by))
    return f"{said} · {one.reason[:60]}" if one.reason else str(said)
