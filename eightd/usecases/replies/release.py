"""Release a reply that a person has looked at: the finished mail is kept, and goes on its way (procedure 6).

The mail is made before the transaction, with the report's PDF, and kept under its hash: what leaves, and what can be
shown for ever, is that file. If the draft was changed meanwhile, the release is refused as stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may
from eightd.domain.correspondence import ReplyState
from eightd.domain.events import EventTag
from eightd.domain.messages import DeliveryState, RelayKind
from eightd.domain.wording import Finding
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.mail import Attachment, Mail, as_bytes, is_address
from eightd.notifications.recipients import relay_for
from eightd.notifications.tell import postbox
from eightd.persistence.repositories import complaints
from eightd.persistence.repositories.correspondence import judged, reply_of
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import MailboxRow, ReplyRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.messaging import DeliveryRow, RelayRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases.access import insist
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.replies.draft import ReplyEntry, entry_problems, record_reply
from eightd.usecases.replies.opening import open_reply
from eightd.usecases.reply import issued_revision
from eightd.usecases.report import issued_report
from eightd.usecases.sending import REPORT_KIND
from eightd.usecases.verb import Done, verb

NO_RELAY = Phrase(
    "reply.no_relay",
    "No mail server is set up for this plant, so nothing can be sent from here. "
    "Send it yourself and record it as sent elsewhere.",
    "本厂未配置邮件服务器，无法从本系统发送。请自行发送后登记为“已通过其他方式发送”。",
)
NO_RECIPIENT = Phrase("reply.no_recipient", "Please say who gets it", "请填写收件人")
REASON_MISSING = Phrase(
    "reply.reason_missing",
    "Please change “{text}”, or say why it may stay",
    "请修改“{text}”，或说明保留的理由",
)
UNDER_WAY = Phrase(
    "reply.under_way",
    "Another reply of this kind has been released and waits to be sent",
    "已有同类回复放行并等待发送",
)
CANNOT_BE_WRITTEN = Phrase(
    "reply.cannot_be_written", "This cannot be written into a mail: {why}", "无法写入邮件：{why}"
)
CAME_BACK = Phrase(
    "reply.came_back",
    "It was sent and has come back; correct the address in a new draft",
    "该回复已发送并被退回，请另起草稿更正地址",
)

_LONGEST_REASON = 1000
PREVIEW_UID = "preview"
"""What stands before the @ of a Message-ID while there is none."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished mail: of which version of the reply, under which Message-ID, kept under which hash."""

    version: int
    uid: str
    sha256: str


@dataclass(frozen=True, slots=True)
class MailFile:
    """A mail as it was or will be sent."""

    filename: str
    content: bytes
    sha256: str


def release_reply(
    uow: UnitOfWork,
    order: Order,
    *,
    number: str,
    reply_id: int,
    version: int,
    reasons: Mapping[str, str] | None = None,
) -> Done:
    """Release a draft: it is sent next, and its milestone is met when the mail server has taken it.

    ``reasons`` says of each finding of the wording guard, by its id, why it may stay. Raises Invalid by field for
    what is missing, NotAllowed where the rules refuse the sending or there is no mail server.
    """
    made = _finished(uow, order, number, reply_id)
    return _release(
        uow, order, number=number, reply_id=reply_id, version=version, reasons=dict(reasons or {}), made=made
    )


@verb("reply.release")
def _release(
    work: Work,
    *,
    number: str,
    reply_id: int,
    version: int,
    reasons: Mapping[str, str],
    made: Finished | Invalid | None,
) -> Done:
    found = open_reply(work, number, reply_id, ReplyState.DRAFT, version=version)
    reply, row = found.reply, found.opened.row
    relay = _relay(work.session, row)
    if relay is None:
        raise NotAllowed(NO_RELAY.say())
    if _another_under_way(work, reply):
        raise NotAllowed(UNDER_WAY.say())
    accepted = _accepted(work, reply, reasons)
    revision = _revision_still_good(work, row, reply)
    if isinstance(made, Invalid):
        raise made
    if made is None or made.version != reply.version:
        raise Stale(reply.version)
    reply.state, reply.accepted_findings = ReplyState.REVIEWED, accepted
    reply.reviewed_by, reply.reviewed_at = work.actor.id, work.now
    reply.message_uid, reply.sha256, reply.fault = made.uid, made.sha256, ""
    reply.version += 1
    work.session.flush()
    postbox(work).post_reply(reply, relay)
    told: dict[str, Any] = {
        "copies": ", ".join(reply.copies),
        "revision": revision.number if revision else None,
        "content_hash": revision.content_hash if revision else None,
        "sha256": reply.sha256,
        "message_id": reply.message_uid,
        "accepted": accepted,
    }
    if found.opened.allowed.on_behalf_of is not None:
        told["on_behalf_of"] = found.opened.allowed.on_behalf_of
    record_reply(work, row, reply, EventTag.REPLY_RELEASED, **told)
    return Done(number=number, version=reply.version, id=reply.id)


@verb("reply.send_again")
def send_again(work: Work, *, number: str, reply_id: int, version: int) -> Done:
    """Put a reply that was given up on its way again, the same mail under the same Message-ID."""
    found = open_reply(work, number, reply_id, ReplyState.FAILED, version=version)
    reply, row = found.reply, found.opened.row
    if reply.sent_at is not None:
        raise NotAllowed(CAME_BACK.say())
    relay = _relay(work.session, row)
    if relay is None:
        raise NotAllowed(NO_RELAY.say())
    if _another_under_way(work, reply):
        raise NotAllowed(UNDER_WAY.say())
    _revision_still_good(work, row, reply)
    delivery = work.session.execute(
        sa.select(DeliveryRow)
        .where(DeliveryRow.reply_id == reply.id)
        .order_by(DeliveryRow.id.desc())  # those before it were taken back
        .limit(1)
        .with_for_update()
    ).scalar_one()
    delivery.state, delivery.relay_id, delivery.attempts = DeliveryState.WAITING, relay.id, 0
    delivery.not_before_at, delivery.last_error = work.now, ""
    reply.state, reply.fault = ReplyState.REVIEWED, ""
    reply.version += 1
    record_reply(
        work, row, reply, EventTag.REPLY_SENT_AGAIN, sha256=reply.sha256, message_id=reply.message_uid
    )
    return Done(number=number, version=reply.version, id=reply.id)


def preview_mail(
    uow: UnitOfWork, actor: Actor, sender_name: str, *, number: str, reply_id: int, now: datetime
) -> MailFile:
    """Return the mail that a release would send now, but for its Message-ID; nothing is kept.

    Raises Invalid by field where it cannot be made, NotFound for what is hidden.
    """
    with uow.reading() as session:
        reply, row = _visible(session, actor, number, reply_id)
        relay = _relay(session, row)
    made = _mail(
        uow, Order(actor, sender_name, "", now), number, reply, relay, f"{PREVIEW_UID}@{uow.mail_host}"
    )
    return MailFile(f"{number}-{reply.kind.value}-{reply.id}-preview.eml", _bytes(made), "")


def kept_mail(uow: UnitOfWork, actor: Actor, *, number: str, reply_id: int) -> MailFile:
    """Return the mail as it was released and sent; raises NotFound for what is hidden or was never released."""
    with uow.reading() as session:
        reply, _ = _visible(session, actor, number, reply_id)
    if not reply.sha256:
        raise NotFound
    return MailFile(f"{number}-{reply.kind.value}-{reply.id}.eml", uow.issued.get(reply.sha256), reply.sha256)


def _finished(uow: UnitOfWork, order: Order, number: str, reply_id: int) -> Finished | Invalid | None:
    """Make and keep the mail; None where the verb will say why not, Invalid where it cannot be made."""
    with uow.reading() as session:
        try:
            reply, row = _visible(session, order.actor, number, reply_id)
        except NotFound:
            return None
        relay = _relay(session, row)
    if relay is None or reply.state is not ReplyState.DRAFT:
        return None
    uid = f"{token_hex(12)}@{uow.mail_host}"
    try:
        content = _bytes(_mail(uow, order, number, reply, relay, uid))
    except Invalid as invalid:
        return invalid
    return Finished(reply.version, uid, uow.issued.put(content))


def _visible(session: Session, actor: Actor, number: str, reply_id: int) -> tuple[ReplyRow, ComplaintRow]:
    """Return the reply for somebody who may read it: drafts are for those who see drafts."""
    loaded = complaints.load(session, number)
    reply = reply_of(session, number, reply_id)
    if loaded is None or reply is None:
        raise NotFound
    insist(may(actor, Action.VIEW, loaded.snapshot))
    if reply.state in (ReplyState.DRAFT, ReplyState.DISCARDED):
        insist(may(actor, Action.VIEW_DRAFTS, loaded.snapshot))
    return reply, loaded.row


def _mail(
    uow: UnitOfWork, order: Order, number: str, reply: ReplyRow, relay: RelayRow | None, uid: str
) -> Mail:
    """Write the mail with the report's PDF as the customer may read it."""
    entry = ReplyEntry(reply.subject, reply.body, tuple(reply.recipients), tuple(reply.copies))
    problems = entry_problems(entry)
    if not reply.recipients:
        problems["recipients"] = NO_RECIPIENT.say()
    if problems:
        raise Invalid(problems)
    with uow.reading() as session:
        row = session.get_one(ComplaintRow, reply.complaint_id)
        plant = session.get_one(PlantRow, row.plant_id)
        person = session.get(UserRow, order.actor.id)
        mailbox = _mailbox(session, row)
        revision = None if reply.revision_id is None else session.get_one(RevisionRow, reply.revision_id)
    settings = {} if relay is None else relay.settings
    from_address = str(settings.get("from_address") or f"eightd@{uow.mail_host}")
    plant_name = plant.name_en if reply.language is Language.EN and plant.name_en else plant.name
    reply_to = mailbox or (person.email if person is not None else "")
    attachments: tuple[Attachment, ...] = ()
    if revision is not None:
        pdf = issued_report(
            uow,
            order.actor,
            number=number,
            revision=revision.number,
            language=ReportLanguage(reply.attached_language or revision.language),
            audience=Audience.CUSTOMER,
            now=order.now,
        )
        attachments = (Attachment(pdf.filename, "application/pdf", pdf.content),)
    return Mail(
        uid=uid,
        at=order.now,
        from_name=str(settings.get("from_name") or plant_name),
        from_address=from_address,
        to=tuple(reply.recipients),
        subject=reply.subject,
        text=reply.body + "\n",
        copies=tuple(reply.copies),
        reply_to=reply_to if is_address(reply_to) and reply_to != from_address else "",
        attachments=attachments,
        automatic=False,
    )


def _bytes(mail: Mail) -> bytes:
    try:
        return as_bytes(mail)
    except ValueError as refused:
        raise Invalid({"body": CANNOT_BE_WRITTEN.say(why=str(refused))}) from refused


def _mailbox(session: Session, row: ComplaintRow) -> str:
    """Return the address of the mailbox that the program reads for the plant: answers are filed from there."""
    settings = session.execute(
        sa.select(MailboxRow.settings)
        .where(MailboxRow.plant_id == row.plant_id, MailboxRow.active)
        .order_by(MailboxRow.id)
        .limit(1)
    ).scalar_one_or_none()
    if settings is None:
        return ""
    return next(
        (
            str(settings[name])
            for name in ("address", "username")
            if name in settings and is_address(str(settings[name]))
        ),
        "",
    )


def _relay(session: Session, row: ComplaintRow) -> RelayRow | None:
    return relay_for(session, row.plant_id, RelayKind.SMTP)


def _another_under_way(work: Work, reply: ReplyRow) -> bool:
    waiting = sa.select(ReplyRow.id).where(
        ReplyRow.complaint_id == reply.complaint_id,
        ReplyRow.kind == reply.kind,
        ReplyRow.state == ReplyState.REVIEWED,
        ReplyRow.id != reply.id,
    )
    return work.session.execute(waiting.limit(1)).first() is not None


def _accepted(work: Work, reply: ReplyRow, reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the findings with the reasons why each may stay; raises Invalid for those without one."""
    found = judged(work.session, reply.subject, reply.body)
    problems: dict[str, Message] = {
        reason_field(finding): REASON_MISSING.say(text=finding.text)
        for finding in found
        if not reasons.get(finding.id, "").strip()
    }
    if problems:
        raise Invalid(problems)
    return [
        {
            "id": finding.id,
            "kind": finding.kind.value,
            "text": finding.text,
            "reason": reasons[finding.id].strip()[:_LONGEST_REASON],
        }
        for finding in found
    ]


def reason_field(finding: Finding) -> str:
    """Return the name of the form field that holds a finding's reason."""
    return f"reason-{finding.id}"


def _revision_still_good(work: Work, row: ComplaintRow, reply: ReplyRow) -> RevisionRow | None:
    """Return the report that goes with it; raises Invalid for one that the customer has rejected since."""
    report_kind = REPORT_KIND.get(reply.kind)
    if reply.revision_id is None or report_kind is None:
        return None
    number = work.session.get_one(RevisionRow, reply.revision_id).number
    return issued_revision(work, row, report_kind, number)
