"""Draft a reply to the customer from the record, change it, throw it away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from eightd.domain.correspondence import ReplyKind, ReplyState, TemplateKind
from eightd.domain.errors import MalformedError
from eightd.domain.events import EventTag
from eightd.domain.messages import DeliveryState
from eightd.domain.reply_texts import ReplyText, check_text, fill
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.notifications.mail import is_address
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.messaging import DeliveryRow
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.replies.facts import About, addresses_in, values_of
from eightd.usecases.replies.opening import open_reply
from eightd.usecases.replies.templates import report_labels, template_for
from eightd.usecases.reply import issued_revision
from eightd.usecases.sending import REPORT_KIND
from eightd.usecases.verb import Done, verb

NOT_AN_ADDRESS = Phrase(
    "reply.not_an_address", "“{address}” is not an e-mail address", "“{address}”不是邮箱地址"
)
TOO_MANY = Phrase("reply.too_many", "At most {limit} addresses", "最多 {limit} 个地址")
NO_REPORT_HERE = Phrase("reply.no_report_here", "No report goes with this kind of reply", "该类回复不附报告")
ON_ITS_WAY = Phrase(
    "reply.on_its_way", "It is being sent at this moment and cannot be taken back", "正在发送，无法撤回"
)
BOUNCED = Phrase(
    "reply.bounced_stays",
    "It was sent and has come back; it stays as it is",
    "该回复已发送并被退回，须保留原状",
)

_MOST_ADDRESSES = 20


@dataclass(frozen=True, slots=True)
class ReplyEntry:
    """What the editor holds; ``revision`` is the report's number, None for text alone."""

    subject: str
    body: str
    recipients: tuple[str, ...]
    copies: tuple[str, ...] = ()
    language: Language = Language.ZH
    revision: int | None = None
    attached_language: ReportLanguage | None = None


def draft_reply(
    uow: UnitOfWork, order: Order, *, number: str, kind: ReplyKind, language: Language | None = None
) -> Done:
    """Draft a reply from the template in force; ``language`` None is the customer's. ``id`` is the reply's."""
    return _draft(uow, order, number=number, kind=kind, language=language, reports=uow.reports)


@verb("reply.draft")
def _draft(work: Work, *, number: str, kind: ReplyKind, language: Language | None, reports: Path) -> Done:
    opened = open_complaint(work, number, Action.DRAFT_REPLY)
    row = opened.row
    customer = work.session.get_one(CustomerRow, row.customer_id)
    chosen = language or customer.language
    revision = newest_revision(work, row, kind)
    text = _written(work, opened, kind, chosen, revision, work.order.actor_name, reports)
    to = tuple(one for one in addresses_in(row.contact) or addresses_in(customer.emails) if is_address(one))
    reply = ReplyRow(
        complaint_id=row.id,
        kind=kind,
        state=ReplyState.DRAFT,
        language=chosen,
        recipients=list(to[:_MOST_ADDRESSES]),
        copies=[],
        subject=text.subject,
        body=text.body,
        revision_id=revision.id if revision else None,
        attached_language=revision.language if revision else "",
        accepted_findings=[],
        drafted_by=work.actor.id,
        drafted_at=work.now,
    )
    return _drafted(work, opened, reply)


def refill_reply(
    uow: UnitOfWork, order: Order, *, number: str, reply_id: int, version: int, language: Language
) -> Done:
    """Write a draft anew from the template in force, in this language; what was typed into the text goes."""
    return _refill(
        uow, order, number=number, reply_id=reply_id, version=version, language=language, reports=uow.reports
    )


@verb("reply.refill")
def _refill(
    work: Work, *, number: str, reply_id: int, version: int, language: Language, reports: Path
) -> Done:
    found = open_reply(work, number, reply_id, ReplyState.DRAFT, version=version, action=Action.DRAFT_REPLY)
    reply = found.reply
    revision = newest_revision(work, found.opened.row, reply.kind)
    text = _written(work, found.opened, reply.kind, language, revision, work.order.actor_name, reports)
    reply.subject, reply.body, reply.language = text.subject, text.body, language
    reply.revision_id = revision.id if revision else None
    reply.attached_language = revision.language if revision else ""
    return _edited(work, found.opened.row, reply)


@verb("reply.edit")
def edit_reply(work: Work, *, number: str, reply_id: int, version: int, entry: ReplyEntry) -> Done:
    """Change a draft. It may still lack its recipient; what cannot be sent at all is Invalid by its field."""
    found = open_reply(work, number, reply_id, ReplyState.DRAFT, version=version, action=Action.DRAFT_REPLY)
    reply, row = found.reply, found.opened.row
    problems = entry_problems(entry)
    revision: RevisionRow | None = None
    report_kind = REPORT_KIND.get(reply.kind)
    if entry.revision is not None and report_kind is None:
        problems["revision"] = NO_REPORT_HERE.say()
    elif report_kind is not None:
        try:
            revision = issued_revision(work, row, report_kind, entry.revision)
        except Invalid as invalid:
            problems.update(invalid.problems)
    if problems:
        raise Invalid(problems)
    reply.subject, reply.body = entry.subject.strip(), plain_lines(entry.body)
    reply.recipients, reply.copies = list(entry.recipients), list(entry.copies)
    reply.language = entry.language
    reply.revision_id = revision.id if revision else None
    reply.attached_language = "" if revision is None else (entry.attached_language or revision.language)
    return _edited(work, row, reply)


@verb("reply.discard")
def discard_reply(work: Work, *, number: str, reply_id: int, version: int) -> Done:
    """Throw away a draft, or a reply that could not be sent; one that was sent and came back stays."""
    found = open_reply(
        work,
        number,
        reply_id,
        ReplyState.DRAFT,
        ReplyState.FAILED,
        version=version,
        action=Action.DRAFT_REPLY,
    )
    reply = found.reply
    if reply.sent_at is not None:
        raise NotAllowed(BOUNCED.say())
    _cancel_delivery(work, reply)
    reply.state = ReplyState.DISCARDED
    reply.version += 1
    record_reply(work, found.opened.row, reply, EventTag.REPLY_DISCARDED)
    return Done(number=number, version=reply.version, id=reply.id)


@verb("reply.take_back")
def take_back_reply(work: Work, *, number: str, reply_id: int, version: int) -> Done:
    """Make a released reply a draft again, for as long as nobody is sending it."""
    found = open_reply(
        work, number, reply_id, ReplyState.REVIEWED, version=version, action=Action.DRAFT_REPLY
    )
    reply = found.reply
    if not _cancel_delivery(work, reply):
        raise NotAllowed(ON_ITS_WAY.say())
    reply.state, reply.reviewed_by, reply.reviewed_at = ReplyState.DRAFT, None, None
    reply.message_uid, reply.sha256, reply.accepted_findings = "", "", []
    reply.version += 1
    record_reply(work, found.opened.row, reply, EventTag.REPLY_TAKEN_BACK)
    return Done(number=number, version=reply.version, id=reply.id)


@verb("reply.redraft")
def redraft_reply(work: Work, *, number: str, reply_id: int, version: int) -> Done:
    """Draft a reply with the text of one that did not arrive; that one stays as it was."""
    found = open_reply(work, number, reply_id, ReplyState.FAILED, version=version, action=Action.DRAFT_REPLY)
    earlier = found.reply
    _cancel_delivery(work, earlier)
    reply = ReplyRow(
        complaint_id=earlier.complaint_id,
        kind=earlier.kind,
        state=ReplyState.DRAFT,
        language=earlier.language,
        recipients=list(earlier.recipients),
        copies=list(earlier.copies),
        subject=earlier.subject,
        body=earlier.body,
        revision_id=earlier.revision_id,
        attached_language=earlier.attached_language,
        accepted_findings=[],
        drafted_by=work.actor.id,
        drafted_at=work.now,
    )
    return _drafted(work, found.opened, reply)


def entry_problems(entry: ReplyEntry) -> dict[str, Message]:
    """Return what is wrong with addresses and text, by field."""
    problems: dict[str, Message] = {}
    for field, addresses in (("recipients", entry.recipients), ("copies", entry.copies)):
        wrong = [one for one in addresses if not is_address(one)]
        if wrong:
            problems[field] = NOT_AN_ADDRESS.say(address=wrong[0][:100])
        elif len(addresses) > _MOST_ADDRESSES:
            problems[field] = TOO_MANY.say(limit=_MOST_ADDRESSES)
    try:
        check_text(ReplyText(entry.subject.strip(), plain_lines(entry.body)))
    except MalformedError as malformed:
        field = "subject" if "subject" in malformed.message.code else "body"
        problems[field] = malformed.message
    return problems


def plain_lines(text: str) -> str:
    """Return a text as it is kept: lines ended as everywhere here, none with blanks at its end."""
    return "\n".join(
        line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ).strip("\n")


def newest_revision(work: Work, row: ComplaintRow, kind: ReplyKind) -> RevisionRow | None:
    """Return the newest report that goes with this kind of reply and was neither withdrawn nor rejected since."""
    report_kind = REPORT_KIND.get(kind)
    if report_kind is None:
        return None
    newest = (
        sa.select(RevisionRow)
        .where(
            RevisionRow.complaint_id == row.id,
            RevisionRow.kind == report_kind,
            RevisionRow.withdrawn_at.is_(None),
        )
        .order_by(RevisionRow.number.desc())
        .limit(1)
    )
    if row.rejected_at is not None:
        newest = newest.where(RevisionRow.issued_at > row.rejected_at)
    return work.session.execute(newest).scalar_one_or_none()


def record_reply(work: Work, row: ComplaintRow, reply: ReplyRow, tag: EventTag, **told: object) -> None:
    """Write down what happened to a reply."""
    work.record(
        tag,
        complaint_id=row.id,
        subject=f"reply {reply.id}",
        new={"kind": reply.kind.value, "recipient": ", ".join(reply.recipients), **told},
    )


def _written(
    work: Work,
    opened: Opened,
    kind: ReplyKind,
    language: Language,
    revision: RevisionRow | None,
    sender: str,
    reports: Path,
) -> ReplyText:
    about = About(opened.row, opened.snapshot, kind, language, sender, revision)
    template = template_for(work.session, reports, TemplateKind(kind.value), language, opened.row.customer_id)
    return fill(template, values_of(work.session, about, report_labels(reports)))


def _drafted(work: Work, opened: Opened, reply: ReplyRow) -> Done:
    work.session.add(reply)
    work.session.flush()
    conclude(
        work,
        opened,
        subject=f"reply {reply.id}",
        new={"kind": reply.kind.value, "language": reply.language.value},
        raise_version=False,
    )
    return Done(number=opened.row.number, version=reply.version, id=reply.id)


def _edited(work: Work, row: ComplaintRow, reply: ReplyRow) -> Done:
    reply.version += 1
    record_reply(work, row, reply, EventTag.REPLY_EDITED)
    return Done(number=row.number, version=reply.version, id=reply.id)


def _cancel_delivery(work: Work, reply: ReplyRow) -> bool:
    """Cancel what waits or was given up; False where there is none that could be."""
    cancelled = work.session.execute(
        sa.update(DeliveryRow)
        .where(
            DeliveryRow.reply_id == reply.id,
            DeliveryRow.state.in_((DeliveryState.WAITING, DeliveryState.DEAD)),
        )
        .values(state=DeliveryState.CANCELLED)
        .returning(DeliveryRow.id)
    ).all()
    return bool(cancelled)
