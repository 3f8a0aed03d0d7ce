"""Give the customer a link to what was released of one complaint: signed, expiring, revocable.

The link opens nothing but that; whoever has it needs no account. The program keeps who made it and until when it
holds; the link itself is made anew from the row whenever it is shown, so that the store holds nothing to steal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, undefer

from eightd.domain.events import EventTag
from eightd.domain.words import Language, Phrase
from eightd.domain.workflow.actions import Action
from eightd.notifications.signing import Signer
from eightd.persistence.engine import StoreBusyError
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow, StatusLinkRow
from eightd.persistence.tables.evidence import RevisionRow, SendingRow
from eightd.persistence.unit_of_work import UnitOfWork, Work
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.report import ReportFile, kept_report
from eightd.usecases.system_actor import system_order
from eightd.usecases.verb import Done, verb

PURPOSE = "status"
"""What a link is signed for; tokens for anything else do not open it."""

DAYS = (7, 30, 90, 180)
"""How long a link may hold."""

WRONG_DAYS = Phrase("status_link.days", "Please choose one of the durations", "请选择有效期")
TOO_LONG = Phrase("status_link.recipient", "At most {limit} characters", "最多 {limit} 个字符")

_LONGEST_RECIPIENT = 200
_COUNTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link that holds opens."""

    id: int
    complaint_id: int
    language: Language
    expires_at: datetime


@verb("status_link.make")
def make_link(work: Work, *, number: str, days: int, language: Language, recipient: str = "") -> Done:
    """Make a link that holds for so many days; ``id`` of the answer is the link's."""
    opened = open_complaint(work, number, Action.SHARE_STATUS)
    if days not in DAYS:
        raise Invalid({"days": WRONG_DAYS.say()})
    if len(recipient.strip()) > _LONGEST_RECIPIENT:
        raise Invalid({"recipient": TOO_LONG.say(limit=_LONGEST_RECIPIENT)})
    link = StatusLinkRow(
        complaint_id=opened.row.id,
        language=language,
        recipient=recipient.strip(),
        expires_at=work.now + timedelta(days=days),
        made_by=work.actor.id,
        made_at=work.now,
    )
    work.session.add(link)
    work.session.flush()
    conclude(
        work,
        opened,
        subject=f"link {link.id}",
        new={"expires_at": link.expires_at.isoformat(), "recipient": link.recipient},
        raise_version=False,
    )
    return Done(number=number, version=opened.row.version, id=link.id)


@verb("status_link.revoke")
def revoke_link(work: Work, *, number: str, link_id: int) -> Done:
    """Let a link open nothing any more; one that was revoked before stays so. Raises NotFound."""
    opened = open_complaint(work, number, Action.SHARE_STATUS)
    link = work.session.get(StatusLinkRow, link_id, with_for_update=True)
    if link is None or link.complaint_id != opened.row.id:
        raise NotFound
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = work.now, work.actor.id
        work.record(
            EventTag.STATUS_LINK_REVOKED,
            complaint_id=opened.row.id,
            subject=f"link {link.id}",
            new={"recipient": link.recipient, "opened": link.opened},
        )
    return Done(number=number, version=opened.row.version, id=link.id)


def opened_by(session: Session, links: Signer, token: str, now: datetime) -> Link | None:
    """Return the link of a token, None where it was not made here for this, has expired or was revoked."""
    read = links.read(PURPOSE, token)
    if read is None:
        return None
    row = session.get(StatusLinkRow, read[0])
    if row is None or read[1] or row.revoked_at is not None or row.expires_at <= now:
        return None
    return Link(row.id, row.complaint_id, row.language, row.expires_at)


def note_opening(uow: UnitOfWork, link: Link, now: datetime) -> None:
    """Count that a link was opened, once a minute at most; a store that cannot write now loses a count, no more."""
    with uow.reading() as session:
        last = session.get_one(StatusLinkRow, link.id).last_opened_at
    if last is not None and now - last < _COUNTED_EVERY:
        return
    try:
        with uow.writing(system_order(now)) as work:
            work.session.execute(
                sa.update(StatusLinkRow)
                .where(StatusLinkRow.id == link.id)
                .values(opened=StatusLinkRow.opened + 1, last_opened_at=now)
            )
    except (StoreBusyError, SQLAlchemyError):
        return


def released_report(uow: UnitOfWork, link: Link, *, revision: int, now: datetime) -> ReportFile:
    """Return the customer's version of a report that was sent, in the language in which it was sent.

    Raises NotFound for a revision that was only issued, whose mail came back, or of another complaint.
    """
    with uow.reading() as session:
        found = session.execute(
            sa.select(RevisionRow, ComplaintRow.number, ReplyRow.attached_language)
            .join(ComplaintRow, ComplaintRow.id == RevisionRow.complaint_id)
            .join(SendingRow, SendingRow.revision_id == RevisionRow.id)
            .outerjoin(ReplyRow, ReplyRow.id == SendingRow.reply_id)
            .where(
                RevisionRow.complaint_id == link.complaint_id,
                RevisionRow.number == revision,
                SendingRow.bounced_at.is_(None),
            )
            .order_by(SendingRow.id.desc())
            .limit(1)
            .options(undefer(RevisionRow.content))
        ).one_or_none()
    if found is None:
        raise NotFound
    frozen = found.RevisionRow
    return kept_report(
        uow,
        frozen,
        number=found.number,
        language=ReportLanguage(found.attached_language or frozen.language),
        audience=Audience.CUSTOMER,
        now=now,
    )
