"""What each action of a complaint's pages asks for and which verb it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from eightd.domain.complaint import (
    Channel,
    ComplaintKind,
    DefectKind,
    Demand,
    DisciplineCode,
    Flags,
    Role,
    Tier,
)
from eightd.domain.words import Message
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Origin, ReportForm, ReportKind, VerdictResult
from eightd.queries.complaint import CaseHead
from eightd.reporting.sheet.wording import Arrangement, ReportLanguage
from eightd.usecases import adopting, assign, clock, confirm, header, outcome, reply, report, sample, sending
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import Counts, DefectEntry, Header
from eightd.usecases.reports import withdraw
from eightd.usecases.verb import Done
from eightd.web import complaint_clock as c
from eightd.web import complaint_ends as e
from eightd.web import complaint_forms as f
from eightd.web import complaint_profile as p

Carry = Callable[[Any, "Call"], Done]
Prefill = Callable[["Seen"], Mapping[str, Any]]


@dataclass(frozen=True)
class Call:
    """What every verb is called with: the unit of work, the order, the complaint, the version seen."""

    uow: Any
    order: Any
    head: CaseHead
    version: int

    @property
    def number(self) -> str:
        """Return the complaint's number."""
        return self.head.header.number

    def at(self, field: Any) -> Any:
        """Return the instant typed into a field on the plant's clock."""
        return f.as_instant(field.data, self.head.header.zone)

    def __call__(self, verb: Callable[..., Done], **others: Any) -> Done:
        """Call a verb that checks the complaint's version."""
        return verb(self.uow, self.order, number=self.number, version=self.version, **others)


@dataclass(frozen=True)
class Seen:
    """What a form may be filled from: the complaint, and the time on the plant's clock."""

    head: CaseHead
    local: datetime


@dataclass(frozen=True)
class Spec:
    """One action's page: its address, its form, what fills it and what it does.

    The page is open to whoever may do one of ``actions``. ``required`` are texts without which the verb is not called.
    """

    slug: str
    actions: tuple[Action, ...]
    form: type[f.ActionForm]
    carry: Carry
    symbol: str = "check"
    intro: Any = ""
    title: Any = None
    prefill: Prefill = lambda _seen: {}
    required: tuple[str, ...] = ()
    tone: str = "primary"
    anchor: str = ""
    files: bool = False


def _plain(verb: Callable[..., Done]) -> Carry:
    return lambda _form, call: call(verb)


def _reasoned(verb: Callable[..., Done]) -> Carry:
    return lambda form, call: call(verb, reason=form.reason.data or "")


def _written(verb: Callable[..., Done]) -> Carry:
    return lambda form, call: call(verb, text=form.text.data or "")


def _confirm(form: Any, call: Call) -> Done:
    confirmation = confirm.Confirmation(
        visit_needed=form.visit_needed.data == "yes",
        sample_needed=form.sample_needed.data == "yes",
        origin=Origin(form.origin.data),
        repeat_of=form.repeat_of.data or "",
        note=form.note.data or "",
    )
    reason = "" if form.reason is None else form.reason.data or ""  # only asked for where it is needed
    return call(confirm.confirm_ours, confirmation=confirmation, reason=reason)


def _reply_not_ours(form: Any, call: Call) -> Done:
    return call(
        confirm.reply_not_ours,
        sent_at=call.at(form.sent_at),
        means=Channel(form.means.data),
        recipient=form.recipient.data or "",
        proof=_proof(form),
    )


def _proof(form: Any) -> sending.Proof:
    """Return how a sending elsewhere is known."""
    return sending.Proof(form.evidence_id.data, c.uploaded("file"), form.proof.data or "")


def _receive(form: Any, call: Call) -> Done:
    return call(
        sample.receive_sample,
        received_at=call.at(form.received_at),
        quantity=form.quantity.data,
        announced_quantity=form.announced_quantity.data,
        note=form.note.data or "",
    )


def _override(form: Any, call: Call) -> Done:
    return call(header.override_tier, tier=Tier(form.tier.data), reason=form.reason.data or "")


def _assign_role(form: Any, call: Call) -> Done:
    return call(
        assign.assign_role,
        role=Role(form.role.data),
        user_id=form.user_id.data,
        reason=form.reason.data or "",
    )


def _assign_discipline(form: Any, call: Call) -> Done:
    return call(
        assign.assign_discipline,
        code=DisciplineCode(form.code.data),
        user_id=form.user_id.data,
        reason=form.reason.data or "",
    )


def _issue(kind: ReportKind) -> Carry:
    return lambda form, call: call(
        report.issue_report,
        kind=kind,
        language=ReportLanguage(form.language.data),
        arrangement=Arrangement(form.arrangement.data),
    )


def _withdraw(form: Any, call: Call) -> Done:
    return call(withdraw.withdraw_report, revision=form.revision.data or 0, reason=form.reason.data or "")


def _send(kind: ReportKind) -> Carry:
    def carry(form: Any, call: Call) -> Done:
        sent = reply.Reply(
            sent_at=call.at(form.sent_at),
            means=Channel(form.means.data),
            recipient=form.recipient.data or "",
            revision=form.revision.data,
            text=form.text.data or "",
            proof=_proof(form),
        )
        return call(reply.send_reply, kind=kind, reply=sent)

    return carry


def _verdict(form: Any, call: Call) -> Done:
    return call(
        outcome.record_verdict,
        result=VerdictResult(form.result.data),
        by=form.by.data or "",
        on=form.on.data,
        reason=form.reason.data or "",
    )


def _edit_header(form: Any, call: Call) -> Done:
    values: dict[str, Any] = {}
    for one in fields(Header):
        field = form[one.name]
        values[one.name] = field.texts() if isinstance(field, f.ListField) else field.data
        if values[one.name] is None and not one.name.startswith("quantity_"):
            values[one.name] = ""
    received_at = call.at(form.received_at)
    before = call.head.header.received_at
    if received_at == before.replace(second=0, microsecond=0):
        received_at = before  # seconds cannot be typed: a receipt left alone stays what it was
    values.update(
        received_at=received_at,
        kind=ComplaintKind(values["kind"]),
        channel=Channel(values["channel"]),
        demands=tuple(Demand(one) for one in values["demands"]),
    )
    return call(header.edit_header, header=Header(**values))


def _change_counts(form: Any, call: Call) -> Done:
    kept = [entry for entry in form.defects if _is_filled(entry.form)]
    counts = Counts(
        defects=tuple(
            DefectEntry(
                kind=DefectKind(row["kind"].data),
                phenomenon=row["phenomenon"].data or "",
                quantity=row["quantity"].data or 0,
                inspected=row["inspected"].data,
                phenomenon_en=row["phenomenon_en"].data or "",
            )
            for row in (entry.form for entry in kept)
        ),
        quantity_inspected=form.quantity_inspected.data,
        flags=Flags(
            penalty_triggered=form.penalty_triggered.data,
            ppm_exceeded=form.ppm_exceeded.data,
            safety=form.safety.data,
            line_stop=form.line_stop.data,
        ),
    )
    try:
        return call(header.change_counts, counts=counts)
    except Invalid as invalid:
        raise Invalid(_at_entries(invalid.problems, [entry.name for entry in kept])) from invalid


def _is_filled(row: Any) -> bool:
    return any(row[name].data not in {None, ""} for name in ("phenomenon", "quantity", "inspected"))


def _at_entries(problems: Mapping[str, Message], names: list[str]) -> dict[str, Message]:
    """Put problems of the rows that were kept to the rows as they stand on the page."""
    moved = {}
    for place, problem in problems.items():
        parts = place.split("-")
        if parts[0] == "defects" and len(parts) == 3:
            place = f"{names[int(parts[1])]}-{parts[2]}"  # noqa: PLW2901
        moved[place] = problem
    return moved


def _now(name: str) -> Prefill:
    return lambda seen: {name: seen.local}


def _agreed_end(seen: Seen) -> Mapping[str, Any]:
    running = [one.agreed_until_at for one in seen.head.stops if one.to_at is None and one.agreed_until_at]
    zone = ZoneInfo(seen.head.header.zone)
    return {"agreed_until_at": running[0].astimezone(zone).replace(tzinfo=None) if running else seen.local}


def _header_values(seen: Seen) -> Mapping[str, Any]:
    values = {one.name: getattr(seen.head.header, one.name) for one in fields(Header)}
    zone = ZoneInfo(seen.head.header.zone)
    return {**values, "received_at": seen.head.header.received_at.astimezone(zone).replace(tzinfo=None)}


def _count_values(seen: Seen) -> Mapping[str, Any]:
    names = ("quantity_inspected", "penalty_triggered", "ppm_exceeded", "safety", "line_stop")
    rows = [{one.name: getattr(line, one.name) for one in fields(line)} for line in seen.head.lines]
    return {**{name: getattr(seen.head.header, name) for name in names}, "defects": [*rows, {}, {}]}


def _sample_values(seen: Seen) -> Mapping[str, Any]:
    return {"received_at": seen.local, "announced_quantity": seen.head.header.sample_announced_quantity}


def _confirm_values(seen: Seen) -> Mapping[str, Any]:
    return {"origin": seen.head.header.origin, "note": seen.head.header.confirmation_note}


def _language(seen: Seen) -> Mapping[str, Any]:
    return {"language": seen.head.header.report_language or "both"}


def _sending(kind: ReportKind) -> Prefill:
    def values(seen: Seen) -> Mapping[str, Any]:
        issued = [one.number for one in seen.head.revisions if one.kind is kind and one.withdrawn_at is None]
        return {
            "sent_at": seen.local,
            "recipient": seen.head.header.contact,
            "revision": issued[-1] if issued else None,
        }

    return values


_A = Action
SPECS: tuple[Spec, ...] = (
    Spec("header", (_A.EDIT_HEADER,), f.HeaderForm, _edit_header, "pencil", prefill=_header_values),
    Spec("counts", (_A.RECLASSIFY,), f.CountsForm, _change_counts, "clipboard-list", prefill=_count_values,
         intro=_l("The tier is worked out again; the earlier classification stays in the history.")),
    Spec("tier", (_A.RAISE_TIER, _A.LOWER_TIER), f.TierForm, _override, "alert-triangle", title=_l("Set the tier"),
         prefill=lambda seen: {"tier": seen.head.header.tier}, required=("reason",),
         intro=_l("Raising needs a reason; lowering needs a reason and the quality manager.")),
    Spec("assign", (_A.ASSIGN,), f.AssignRoleForm, _assign_role, "user-check", title=_l("Assign a role")),
    Spec("assign-discipline", (_A.ASSIGN,), f.AssignDisciplineForm, _assign_discipline, "user-check",
         title=_l("Assign a discipline")),
    Spec("short-form", (_A.USE_SHORT_FORM,), f.PlainForm,
         lambda _form, call: call(header.choose_form, form=ReportForm.SHORT), "file-text",
         _l("The answer is then D1–D4 in brief with the correction.")),
    Spec("full-form", (_A.USE_FULL_FORM,), f.PlainForm,
         lambda _form, call: call(header.choose_form, form=ReportForm.FULL), "copy"),
    Spec("confirm-ours", (_A.CONFIRM_OURS,), f.ConfirmForm, _confirm, "user-check",
         _l("The analysis begins and goes to whom the origin says."), prefill=_confirm_values),
    Spec("not-ours", (_A.CONFIRM_NOT_OURS,), e.NotOursForm, e.not_ours, "arrow-back-up", files=True,
         intro=_l("The reason becomes the first version of the explanation to the customer."), required=("reason",)),
    Spec("explanation", (_A.WRITE_EXPLANATION,), e.ExplanationForm, e.explain, "pencil", files=True,
         prefill=lambda seen: {"text": seen.head.explanation, "evidence": list(seen.head.explained_by),
                               "unproven_because": seen.head.unproven_because}, required=("text",)),
    Spec("approve-not-ours", (_A.APPROVE_NOT_OURS,), f.PlainForm, _plain(confirm.approve_not_ours), "check",
         _l("Sales may then send the explanation to the customer.")),
    Spec("return-not-ours", (_A.RETURN_NOT_OURS,), f.ReasonForm, _reasoned(confirm.return_not_ours),
         "arrow-back-up", required=("reason",)),
    Spec("reply-not-ours", (_A.REPLY_NOT_OURS,), f.NotOursReplyForm, _reply_not_ours, "send",
         _l("For what was sent by other means: say when, how, and how it is known."), files=True,
         prefill=lambda seen: {"sent_at": seen.local, "recipient": seen.head.header.contact}),
    Spec("negotiation", (_A.RECORD_NEGOTIATION,), f.TextForm, _written(confirm.record_negotiation),
         "message-circle", required=("text",)),
    Spec("accept-not-ours", (_A.ACCEPT_NOT_OURS,), f.ReasonForm,
         lambda form, call: call(confirm.accept_not_ours, note=form.reason.data or ""), "circle-check",
         _l("The complaint is then closed.")),
    Spec("sample-received", (_A.RECEIVE_SAMPLE,), f.SampleForm, _receive, "package-import",
         _l("The clocks that wait for the sample start at that moment."), prefill=_sample_values),
    Spec("sample-waived", (_A.WAIVE_SAMPLE,), f.ReasonForm, _reasoned(sample.waive_sample), "package",
         _l("The clocks then start at the complaint's receipt."), required=("reason",)),
    Spec("sample-required", (_A.REQUIRE_SAMPLE,), f.RequireSampleForm,
         lambda form, call: call(sample.require_sample, announced_quantity=form.announced_quantity.data),
         "package", prefill=lambda seen: {"announced_quantity": seen.head.header.sample_announced_quantity}),
    Spec("stop-clock", (_A.STOP_CLOCK,), c.StopForm, c.stop, "player-pause", prefill=_now("from_at"),
         required=("note",), files=True, intro=_l("A stop never brings a deadline forward; both dates stay visible.")),
    Spec("resume-clock", (_A.RESUME_CLOCK,), c.ResumeForm,
         lambda form, call: call(clock.resume_clock, to_at=call.at(form.to_at)), "player-play",
         prefill=_now("to_at")),
    Spec("extend-stop", (_A.EXTEND_STOP,), c.ExtendStopForm, c.extend, "player-pause", prefill=_agreed_end,
         required=("reason",), anchor="deadlines", intro=_l("The earlier agreed end stays in the record.")),
    Spec("withdraw-stop", (_A.WITHDRAW_STOP,), c.WithdrawStopForm, c.withdraw, "arrow-back-up", anchor="deadlines",
         required=("reason",), intro=_l("For a stop entered by mistake: it stays to be seen and moves no date.")),
    Spec("profile", (_A.ADOPT_PROFILE,), p.ProfileForm,
         lambda form, call: call(adopting.adopt_profile, profile=form.profile.data, reason=form.reason.data or ""),
         "hourglass", _l("Milestones that were met keep their dates; those that are owed are computed anew."),
         required=("reason",), anchor="deadlines"),
    Spec("explain-lateness", (_A.EXPLAIN_LATENESS,), c.LatenessForm, c.explain, "message-circle",
         required=("reason",), anchor="deadlines", intro=_l("The register of deadlines shows the reason.")),
    Spec("issue-initial", (_A.ISSUE_REPORT_INITIAL,), f.IssueForm, _issue(ReportKind.INITIAL), "file-check",
         _l("What is accepted is frozen as a numbered revision."), prefill=_language, anchor="reports"),
    Spec("issue-preliminary", (_A.ISSUE_REPORT_PRELIMINARY,), f.IssueForm, _issue(ReportKind.PRELIMINARY),
         "file-check", _l("What is accepted is frozen as a numbered revision."), prefill=_language, anchor="reports"),
    Spec("issue-final", (_A.ISSUE_REPORT_FINAL,), f.IssueForm, _issue(ReportKind.FINAL), "file-check",
         _l("What is accepted is frozen as a numbered revision."), prefill=_language, anchor="reports"),
    Spec("withdraw-report", (_A.WITHDRAW_REPORT,), f.WithdrawForm, _withdraw, "ban",
         _l("It stays and says from now on that it holds no more, also to whoever scans the code on the paper."),
         required=("reason",), tone="bad", anchor="reports"),
    Spec("send-initial", (_A.SEND_INITIAL_REPLY,), f.SendForm, _send(ReportKind.INITIAL), "send",
         _l("For what was sent by other means: say when, how, and how it is known."), files=True,
         prefill=_sending(ReportKind.INITIAL)),
    Spec("send-preliminary", (_A.SEND_PRELIMINARY,), f.SendForm, _send(ReportKind.PRELIMINARY), "send",
         _l("For what was sent by other means: say when, how, and how it is known."), files=True,
         prefill=_sending(ReportKind.PRELIMINARY)),
    Spec("send-final", (_A.SEND_FINAL_REPORT,), f.SendForm, _send(ReportKind.FINAL), "send",
         _l("For what was sent by other means: say when, how, and how it is known."), files=True,
         prefill=_sending(ReportKind.FINAL)),
    Spec("verdict", (_A.RECORD_VERDICT_ACCEPTED, _A.RECORD_VERDICT_REJECTED), f.VerdictForm, _verdict,
         "message-circle", title=_l("Customer's verdict"), prefill=lambda seen: {"on": seen.local.date()}),
    Spec("close", (_A.CLOSE,), f.PlainForm, _plain(outcome.close), "circle-check",
         _l("Nothing is owed any more; the record stays.")),
    Spec("reopen", (_A.REOPEN,), e.ReopenForm, e.reopen, "repeat", required=("reason",)),
    Spec("cancel", (_A.CANCEL,), e.CancelForm, e.cancel, "ban",
         _l("For a duplicate or a complaint that was withdrawn."), required=("reason",), tone="bad"),
    Spec("comment", (_A.COMMENT,), f.TextForm,
         lambda form, call: header.comment(call.uow, call.order, number=call.number, text=form.text.data or ""),
         "message-circle", required=("text",), anchor="notes"),
)  # fmt: skip
"""Every action of a complaint but viewing and evidence; a test compares them with the domain's."""
