"""Confirm a complaint as ours or not, and what follows when it is not (procedure 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Channel
from eightd.domain.correspondence import ReplyKind
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Origin
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.complaint import ComplaintRow, NoteRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.assigning import assign_analysis
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence import CheckedUpload, file_evidence, filed_document
from eightd.usecases.outcome import local_day
from eightd.usecases.reply import insist_on_instant, insist_on_recipient
from eightd.usecases.sample import decide_sample
from eightd.usecases.sending import Proof, Sent, keep, proven
from eightd.usecases.tasks.keep_in_step import cancel_open
from eightd.usecases.verb import Done, verb

NO_SUCH_COMPLAINT = Phrase("repeat.unknown", "There is no complaint {number}", "没有客诉 {number}")
REPEATS_ITSELF = Phrase("repeat.itself", "A complaint cannot repeat itself", "客诉不能重复其自身")
NO_PROOF = Proof()
NO_SUCH_EVIDENCE = Phrase(
    "explanation.no_such_evidence", "There is no such file of this complaint", "该客诉没有此文件"
)
EXPLANATION_EMPTY = Phrase("explanation.empty", "Please write the explanation", "请填写说明")


@dataclass(frozen=True, slots=True)
class Backing:
    """What proves an explanation “not ours”: files of the complaint, new files, or words why there are none."""

    evidence: tuple[int, ...] = ()
    uploads: tuple[CheckedUpload, ...] = ()
    unproven_because: str = ""


NOTHING_YET = Backing()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the CQE decides: on-site visit, sample, suspected origin, recurrence of an earlier case."""

    visit_needed: bool
    sample_needed: bool
    origin: Origin
    repeat_of: str = ""
    note: str = ""


@verb("complaint.confirm_ours")
def confirm_ours(
    work: Work, *, number: str, version: int, confirmation: Confirmation, reason: str = ""
) -> Done:
    """Confirm the complaint as ours: the analysis begins and goes to whom the origin says.

    ``reason`` is needed only where it had been found not ours before. Raises Invalid for an earlier
    case that does not exist or may not be seen.
    """
    opened = open_complaint(work, number, Action.CONFIRM_OURS, version=version, reason=reason)
    row = opened.row
    row.ours = True
    row.confirmed_at = row.confirmed_at or work.now
    row.visit_needed = confirmation.visit_needed
    row.origin = confirmation.origin
    row.confirmation_note = confirmation.note.strip()
    if row.sample_received_at is None:
        decide_sample(row, needed=confirmation.sample_needed, now=work.now)
    row.repeat_of_id = _earlier_case(work, row, confirmation.repeat_of)
    assigned = assign_analysis(work, row, confirmation.origin, previously=opened.snapshot.origin)
    recompute(work.session, row, work.now)
    conclude(
        work,
        opened,
        new={
            "origin": confirmation.origin.value,
            "visit_needed": confirmation.visit_needed,
            "sample_needed": confirmation.sample_needed,
            "repeat_of": confirmation.repeat_of,
            "assigned": {role.value: user_id for role, user_id in assigned.items()},
        },
    )
    return Done(number=number, version=row.version)


@verb("complaint.confirm_not_ours")
def confirm_not_ours(
    work: Work, *, number: str, version: int, reason: str, backing: Backing = NOTHING_YET
) -> Done:
    """Find that the complaint is not ours; the reason becomes the first version of the explanation.

    What proves it may follow, but is asked for before it is approved. Raises Invalid for a file that is not there.
    """
    opened = open_complaint(work, number, Action.CONFIRM_NOT_OURS, version=version, reason=reason)
    opened.row.ours = False
    opened.row.confirmed_at = opened.row.confirmed_at or work.now
    said = _explain(work, opened.row, reason, backing)
    return _concluded(work, opened, new=said)


@verb("not_ours.write_explanation")
def write_explanation(
    work: Work, *, number: str, version: int, text: str, backing: Backing = NOTHING_YET
) -> Done:
    """Write the explanation anew, with what proves it; earlier versions stay."""
    opened = open_complaint(work, number, Action.WRITE_EXPLANATION, version=version)
    if not text.strip():
        raise Invalid({"text": EXPLANATION_EMPTY.say()})
    said = _explain(work, opened.row, text, backing)
    return _concluded(work, opened, new=said)


@verb("not_ours.approve")
def approve_not_ours(work: Work, *, number: str, version: int) -> Done:
    """Approve the explanation; sales may reply."""
    return _concluded(work, open_complaint(work, number, Action.APPROVE_NOT_OURS, version=version))


@verb("not_ours.return")
def return_not_ours(work: Work, *, number: str, version: int, reason: str) -> Done:
    """Return the explanation to the CQE with a reason."""
    opened = open_complaint(work, number, Action.RETURN_NOT_OURS, version=version, reason=reason)
    return _concluded(work, opened)


@verb("not_ours.reply")
def reply_not_ours(
    work: Work,
    *,
    number: str,
    version: int,
    sent_at: datetime,
    means: Channel,
    recipient: str,
    proof: Proof = NO_PROOF,
) -> Done:
    """Record the explanation as sent to the customer: while the case is not ours it meets every milestone.

    Raises Invalid for an instant before the receipt or in the future, and where nothing proves it.
    """
    opened = open_complaint(work, number, Action.REPLY_NOT_OURS, version=version)
    row = opened.row
    insist_on_instant(work, row, sent_at)
    insist_on_recipient(recipient)
    sent = Sent(
        sent_at=sent_at,
        means=means,
        recipient=recipient.strip(),
        text=explanation(work.session, row),
        by=work.actor.id,
        evidence=proven(work, row, proof),
        proof=proof.words.strip(),
    )
    keep(work, row, ReplyKind.NOT_OURS, sent)
    conclude(work, opened, new=sent.told())
    recompute(work.session, row, work.now)
    return Done(number=number, version=row.version)


@verb("not_ours.record_negotiation")
def record_negotiation(work: Work, *, number: str, version: int, text: str) -> Done:
    """Write down a step of the negotiation with the customer."""
    opened = open_complaint(work, number, Action.RECORD_NEGOTIATION, version=version, reason=text)
    _note(work, opened.row, "negotiation", text)
    return _concluded(work, opened)


@verb("not_ours.accept")
def accept_not_ours(work: Work, *, number: str, version: int, note: str = "") -> Done:
    """Record that the customer accepts the explanation: the complaint is closed, its open actions are cancelled."""
    opened = open_complaint(work, number, Action.ACCEPT_NOT_OURS, version=version, reason=note)
    if note.strip():
        _note(work, opened.row, "negotiation", note)
    row = opened.row
    row.closed_at, row.closed_by = work.now, work.actor.id
    row.closed_on = local_day(work, row)
    tasks = cancel_open(work, row)
    return _concluded(work, opened, old=tasks.as_old(), new=tasks.as_new())


def _concluded(
    work: Work, opened: Opened, *, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None
) -> Done:
    conclude(work, opened, old=old, new=new)
    recompute(work.session, opened.row, work.now)
    return Done(number=opened.row.number, version=opened.row.version)


def _note(work: Work, row: ComplaintRow, kind: str, text: str) -> None:
    work.session.add(
        NoteRow(complaint_id=row.id, kind=kind, text=text.strip(), at=work.now, by=work.actor.id)
    )


def _explain(work: Work, row: ComplaintRow, text: str, backing: Backing) -> dict[str, Any]:
    """Keep an explanation with what proves it; return what the record says of that."""
    wanted = sorted(set(backing.evidence))
    files = list(
        work.session.execute(
            sa.select(EvidenceRow)
            .where(EvidenceRow.complaint_id == row.id, EvidenceRow.id.in_(wanted))
            .order_by(EvidenceRow.id)
        ).scalars()
    )
    if len(files) != len(wanted):
        raise Invalid({"evidence": NO_SUCH_EVIDENCE.say()})
    files += [file_evidence(work, row, upload) for upload in backing.uploads]
    because = "" if files else backing.unproven_because.strip()
    work.session.add(
        NoteRow(
            complaint_id=row.id,
            kind="explanation",
            text=text.strip(),
            at=work.now,
            by=work.actor.id,
            evidence=[one.id for one in files],
            unproven_because=because,
        )
    )
    said: dict[str, Any] = {"files": filed_document(files)} if files else {}
    return {**said, "unproven_because": because} if because else said


def explanation(session: Session, row: ComplaintRow) -> str:
    """Return the newest explanation why the complaint is not ours, empty where there is none."""
    newest = session.execute(
        sa.select(NoteRow.text)
        .where(NoteRow.complaint_id == row.id, NoteRow.kind == "explanation")
        .order_by(NoteRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return newest or ""


def _earlier_case(work: Work, row: ComplaintRow, number: str) -> int | None:
    wanted = number.strip().upper()
    if not wanted:
        return None
    if wanted == row.number:
        raise Invalid({"repeat_of": REPEATS_ITSELF.say()})
    earlier = complaints.load(work.session, wanted)
    if earlier is None or not complaints.is_visible(earlier, work.actor):
        raise Invalid({"repeat_of": NO_SUCH_COMPLAINT.say(number=wanted)})
    return earlier.row.id
