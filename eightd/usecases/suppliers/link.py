"""Give a supplier a link to its own 8D: signed, expiring, revocable, and opening nothing else.

The program keeps who made it and until when it holds; the link itself is made anew from the row whenever it is shown,
so that the store holds nothing to steal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eightd.domain.complaint import Stage
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.events import EventTag
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.words import Language, Phrase
from eightd.domain.workflow.actions import Action
from eightd.notifications.signing import Signer
from eightd.persistence.engine import StoreBusyError
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierLinkRow
from eightd.persistence.unit_of_work import UnitOfWork, Work
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.outside_mail import write_outside
from eightd.usecases.suppliers.addresses import addresses_in
from eightd.usecases.suppliers.opening import OpenedCase, open_case
from eightd.usecases.system_actor import system_order
from eightd.usecases.verb import Done, verb

PURPOSE = OutsidePurpose.SUPPLIER_CASE.value
"""What a link is signed for; tokens for anything else do not open it."""

DAYS = (14, 30, 60, 90)
"""How long a link may hold."""

WRONG_DAYS = Phrase("supplier_link.days", "Please choose one of the durations", "请选择有效期")

_COUNTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class GuestCase:
    """What a link that holds opens."""

    case_id: int
    complaint_id: int
    plant_id: int
    supplier_id: int
    language: Language
    link_id: int
    expires_at: datetime


@verb("supplier_link.make")
def make_link(
    work: Work,
    *,
    number: str,
    days: int,
    recipient: str = "",
    send: bool = False,
    subject: str = "",
    body: str = "",
) -> Done:
    """Make a link to the case ``number`` that holds for so many days, and send it where asked; ``id`` is the link's.

    ``recipient`` holds addresses parted by commas, needed only to send. Raises Invalid for a field, NotAllowed
    where the plant has no mail server to send by.
    """
    opened = open_case(work, number, Action.ASK_SUPPLIER)
    if days not in DAYS:
        raise Invalid({"days": WRONG_DAYS.say()})
    link = add_link(work, opened, days=days, recipient=recipient)
    if send:
        write_outside(
            work,
            opened.complaint.row,
            purpose=OutsidePurpose.SUPPLIER_CASE,
            subject_id=opened.row.id,
            language=opened.row.language,
            recipients=addresses_in(recipient),
            subject=subject,
            body=body,
            link_id=link.id,
        )
    if opened.row.sent_at is None:
        opened.row.sent_at = work.now
    return Done(number=number, version=opened.row.version, id=link.id)


def add_link(work: Work, opened: OpenedCase, *, days: int, recipient: str) -> SupplierLinkRow:
    """Add a link and its entry in the record."""
    link = SupplierLinkRow(
        case_id=opened.row.id,
        recipient=", ".join(addresses_in(recipient)),
        expires_at=work.now + timedelta(days=days),
        made_by=work.actor.id,
        made_at=work.now,
    )
    work.session.add(link)
    work.session.flush()
    work.record(
        EventTag.SUPPLIER_LINK_MADE,
        complaint_id=opened.row.complaint_id,
        subject=opened.row.number,
        new={"expires_at": link.expires_at.isoformat(), "recipient": link.recipient},
    )
    return link


@verb("supplier_link.revoke")
def revoke_link(work: Work, *, number: str, link_id: int) -> Done:
    """Let a link open nothing any more; one that was revoked before stays so. Raises NotFound."""
    opened = open_case(work, number, Action.JUDGE_SUPPLIER, must_be_open=False)
    link = work.session.get(SupplierLinkRow, link_id, with_for_update=True)
    if link is None or link.case_id != opened.row.id:
        raise NotFound
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = work.now, work.actor.id
        work.record(
            EventTag.SUPPLIER_LINK_REVOKED,
            complaint_id=opened.row.complaint_id,
            subject=opened.row.number,
            new={"recipient": link.recipient, "opened": link.opened},
        )
    return Done(number=number, version=opened.row.version, id=link.id)


def opened_by(session: Session, links: Signer, token: str, now: datetime) -> GuestCase | None:
    """Return what a token opens, None where it was not made here for this, has expired or was revoked.

    Neither a case that was called off nor one of a cancelled complaint is opened by anything; one that was accepted
    can be read until its link expires.
    """
    read = links.read(PURPOSE, token)
    return None if read is None or read[1] else opens(session, read[0], now)


def opens(session: Session, link_id: int, now: datetime) -> GuestCase | None:
    """Return what a link opens, by its id; None as above."""
    found = session.execute(
        sa.select(SupplierLinkRow, SupplierCaseRow, ComplaintRow.stage)
        .join(SupplierCaseRow, SupplierCaseRow.id == SupplierLinkRow.case_id)
        .join(ComplaintRow, ComplaintRow.id == SupplierCaseRow.complaint_id)
        .where(SupplierLinkRow.id == link_id)
    ).one_or_none()
    if found is None:
        return None
    link, case, stage = found
    if link.revoked_at is not None or link.expires_at <= now:
        return None
    if case.state is SupplierCaseState.CANCELLED or stage is Stage.CANCELLED:
        return None
    return GuestCase(
        case_id=case.id,
        complaint_id=case.complaint_id,
        plant_id=case.plant_id,
        supplier_id=case.supplier_id,
        language=case.language,
        link_id=link.id,
        expires_at=link.expires_at,
    )


def holding_link(session: Session, case_id: int, now: datetime) -> SupplierLinkRow | None:
    """Return the link of a case that holds longest, None where none does."""
    return session.execute(
        sa.select(SupplierLinkRow)
        .where(
            SupplierLinkRow.case_id == case_id,
            SupplierLinkRow.revoked_at.is_(None),
            SupplierLinkRow.expires_at > now,
        )
        .order_by(SupplierLinkRow.expires_at.desc(), SupplierLinkRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def note_opening(uow: UnitOfWork, guest: GuestCase, now: datetime) -> None:
    """Count that a link was opened, once a minute at most; a store that cannot write now loses a count, no more."""
    with uow.reading() as session:
        last = session.get_one(SupplierLinkRow, guest.link_id).last_opened_at
    if last is not None and now - last < _COUNTED_EVERY:
        return
    try:
        with uow.writing(system_order(now)) as work:
            work.session.execute(
                sa.update(SupplierLinkRow)
                .where(SupplierLinkRow.id == guest.link_id)
                .values(opened=SupplierLinkRow.opened + 1, last_opened_at=now)
            )
    except (StoreBusyError, SQLAlchemyError):
        return
