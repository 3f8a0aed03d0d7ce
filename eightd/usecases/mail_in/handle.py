"""What people do with a mail: file it under a complaint, dismiss it, take that back, register a complaint from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from eightd.domain.authority import Allowed, PlantSubject, may, may_see
from eightd.domain.correspondence import MailState
from eightd.domain.events import EventTag
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import IncomingMailRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.evidence import EvidenceRow, SendingRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import insist
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.evidence import CheckedUpload, filed_document
from eightd.usecases.mail_in.enclosures import uploads_of
from eightd.usecases.mail_in.filing import file_under, record_mail
from eightd.usecases.register import register_complaint
from eightd.usecases.registration import Registration
from eightd.usecases.services import Services
from eightd.usecases.verb import Done, verb

REASON_NEEDED = Phrase("mail_in.reason_needed", "Please say why", "请说明原因")
NO_SUCH_COMPLAINT = Phrase("mail_in.no_such_complaint", "There is no complaint {number}", "没有客诉 {number}")
NOT_OPEN = Phrase(
    "mail_in.not_open",
    "The mail does not wait any more; take back first what was done with it",
    "该邮件已处理；请先撤回之前的处理",
)
NOTHING_TO_TAKE_BACK = Phrase(
    "mail_in.nothing_to_take_back", "Nothing was done with the mail yet", "该邮件尚未处理"
)
REGISTERED = Phrase(
    "mail_in.registered",
    "A complaint was registered from this mail: it can be cancelled there",
    "已由此邮件登记客诉：可在该客诉中取消",
)
_LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail as the actor saw it."""

    mail_id: int
    version: int


def uploads(services: Services, actor: Actor, mail_id: int) -> dict[int, CheckedUpload]:
    """Return the mail's files that may be evidence, checked, by their place in it; before the transaction.

    Raises NotFound for a mail that the actor may not see.
    """
    with services.uow.reading() as session:
        row = session.get(IncomingMailRow, mail_id)
        if row is None or not _visible(actor, row):
            raise NotFound
    return uploads_of(services.uow.files, services.limits, row.attachments)


@verb("mail.file")
def file_mail(work: Work, *, seen: Seen, number: str, files: dict[int, CheckedUpload]) -> Done:
    """File a mail that waits under the complaint of this number. Raises NotFound, Stale, NotAllowed or Invalid."""
    mail = _opened(work, seen)
    _insist_waiting(mail)
    wanted = number.strip().upper()
    row = work.session.execute(
        sa.select(ComplaintRow).where(ComplaintRow.number == wanted)
    ).scalar_one_or_none()
    if row is None or not may_see(work.actor, row.plant_id, row.customer_id):
        raise Invalid({"number": NO_SUCH_COMPLAINT.say(number=wanted)})
    insist(may(work.actor, Action.HANDLE_MAIL, PlantSubject(row.plant_id, row.customer_id)))
    file_under(work, mail, row, files, EventTag.MAIL_FILED)
    _handled(work, mail)
    return Done(number=row.number, version=mail.version, id=mail.id)


@verb("mail.dismiss")
def dismiss_mail(work: Work, *, seen: Seen, reason: str) -> Done:
    """Lay a mail that waits aside, with the reason. Raises NotFound, Stale, NotAllowed or Invalid."""
    mail = _opened(work, seen)
    _insist_waiting(mail)
    mail.note = _reason(reason)
    mail.state = MailState.DISMISSED
    _handled(work, mail)
    record_mail(work, EventTag.MAIL_DISMISSED, mail, None, reason=mail.note)
    return Done(version=mail.version, id=mail.id)


@verb("mail.take_back")
def take_back_mail(work: Work, *, seen: Seen, reason: str) -> Done:
    """Let a mail that was filed, dismissed or laid aside wait again, with the reason.

    What it had brought under a complaint goes from there, but for files that a stop or a reply refers to; the
    record keeps what it was. Raises NotFound, Stale, NotAllowed or Invalid.
    """
    mail = _opened(work, seen)
    if mail.state is MailState.OPEN:
        raise NotAllowed(NOTHING_TO_TAKE_BACK.say())
    if mail.state is MailState.REGISTERED:
        raise NotAllowed(REGISTERED.say())
    said = _reason(reason)
    complaint_id = mail.complaint_id
    removed = _remove_evidence(work, mail)
    work.record(
        EventTag.MAIL_TAKEN_BACK,
        complaint_id=complaint_id,
        subject=mail.subject[:120],
        old={"mail": mail.id, "sender": mail.from_address, **({"files": removed} if removed else {})},
        reason=said,
    )
    mail.state, mail.complaint_id, mail.note = MailState.OPEN, None, said
    _handled(work, mail)
    return Done(version=mail.version, id=mail.id)


@verb("mail.register")
def register_from_mail(
    work: Work,
    *,
    seen: Seen,
    registration: Registration,
    pictures: Sequence[CheckedUpload],
    files: dict[int, CheckedUpload],
) -> Done:
    """Register a complaint from a mail that waits, with those of its files that were chosen, and link the two.

    Raises NotFound, Stale, NotAllowed, or Invalid with every problem by field.
    """
    mail = _opened(work, seen)
    _insist_waiting(mail)
    row = register_complaint(work, registration, pictures)
    file_under(work, mail, row, files, EventTag.MAIL_REGISTERED)
    mail.state = MailState.REGISTERED
    _handled(work, mail)
    return Done(number=row.number, version=row.version, id=row.id)


def _opened(work: Work, seen: Seen) -> IncomingMailRow:
    """Return the mail, locked, at the version seen; hidden comes before stale."""
    mail = work.session.get(IncomingMailRow, seen.mail_id, with_for_update=True)
    if mail is None or not _visible(work.actor, mail):
        raise NotFound
    if mail.version != seen.version:
        raise Stale(mail.version)
    return mail


def _visible(actor: Actor, mail: IncomingMailRow) -> bool:
    """Return whether the mail exists for the actor: of the plant, and of the customers the actor is limited to."""
    if actor.customers is not None and mail.customer_id not in actor.customers:
        return False
    subject = PlantSubject(mail.plant_id, mail.customer_id)
    return isinstance(may(actor, Action.HANDLE_MAIL, subject), Allowed)


def _insist_waiting(mail: IncomingMailRow) -> None:
    if mail.state is not MailState.OPEN:
        raise NotAllowed(NOT_OPEN.say())


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid({"reason": REASON_NEEDED.say()})
    return reason.strip()[:_LONGEST_REASON]


def _handled(work: Work, mail: IncomingMailRow) -> None:
    mail.handled_by, mail.handled_at = work.actor.id, work.now
    mail.version += 1


def _remove_evidence(work: Work, mail: IncomingMailRow) -> list[dict[str, str]]:
    ids = [one["evidence_id"] for one in mail.attachments if one.get("evidence_id")]
    rows = work.session.execute(
        sa.select(EvidenceRow).where(
            EvidenceRow.id.in_(ids),
            EvidenceRow.complaint_id == mail.complaint_id,
            ~sa.exists().where(ClockStopRow.evidence_id == EvidenceRow.id),
            ~sa.exists().where(SendingRow.evidence_id == EvidenceRow.id),
        )
    ).scalars()
    removed = list(rows)
    told = filed_document(removed)
    for row in removed:
        work.session.delete(row)
    mail.attachments = [_unfiled(one) for one in mail.attachments]
    return told


def _unfiled(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "evidence_id"}
