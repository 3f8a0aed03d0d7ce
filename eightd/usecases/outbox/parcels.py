"""Make the parcel of a delivery: the person's messages worded now, a reply as released, a mail to somebody outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.messages import MessageKind, RelayKind
from eightd.domain.words import Language
from eightd.notifications.facts import Facts, from_document
from eightd.notifications.mail import Mail, as_bytes
from eightd.notifications.relays.parcel import Parcel, Refused
from eightd.notifications.texts import MessageText
from eightd.persistence.files import FileMissingError
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.messaging import (
    DeliveryMessageRow,
    DeliveryRow,
    MessageRow,
    OutsideMailRow,
    RelayRow,
)
from eightd.persistence.tables.people import UserRow
from eightd.usecases.outside_mail import text_of
from eightd.usecases.services import Services

MOST_OF_A_KIND = 60
"""How many messages of each kind a digest lists: what nobody would read needs no mail server either."""


def parcel_of(
    services: Services, session: Session, delivery_id: int, relay: RelayRow, now: datetime
) -> Parcel | Refused:
    """Return what the relay is given; Refused where it can never be made."""
    row = session.get_one(DeliveryRow, delivery_id)
    if row.reply_id is not None:
        return _reply(services, session, row, now)
    if row.outside_mail_id is not None:
        return _outside(services, session, row, relay, now)
    person = session.get_one(UserRow, row.user_id)
    if not person.active:
        return Refused("the account is no longer active")
    kind, facts = _told(session, row)
    text = services.texts.message(kind, facts, person.language, base_url=services.base_url)
    mail = b""
    if relay.kind is RelayKind.SMTP:
        try:
            mail = as_bytes(_mail(services, row, relay, text))
        except ValueError as refused:
            return Refused(f"the mail cannot be written: {refused}")
    return Parcel(
        uid=row.message_uid,
        address=row.address,
        text=text,
        language=person.language,
        at=now,
        mail=mail,
        recipients=(row.address,),
    )


def _told(session: Session, row: DeliveryRow) -> tuple[MessageKind, Facts]:
    """Return the one message of a delivery, or a digest of several, alarms by their instants, the oldest first.

    Of very many messages of a kind the oldest are listed and all are counted: the rest stand in the inbox.
    """
    of_this = DeliveryMessageRow.delivery_id == row.id
    bundled = sa.join(MessageRow, DeliveryMessageRow, DeliveryMessageRow.message_id == MessageRow.id)
    counted = session.execute(
        sa.select(MessageRow.kind, sa.func.count())
        .select_from(bundled)
        .where(of_this)
        .group_by(MessageRow.kind)
        .order_by(MessageRow.kind)
    ).all()
    messages = [
        message
        for kind, _ in counted
        for message in session.execute(
            sa.select(MessageRow)
            .select_from(bundled)
            .where(of_this, MessageRow.kind == kind)
            .order_by(MessageRow.id)
            .limit(MOST_OF_A_KIND)
        ).scalars()
    ]
    if len(messages) == 1:
        return messages[0].kind, from_document(messages[0].facts)
    items = [replace(from_document(message.facts), kind=message.kind.value) for message in messages]
    items.sort(key=lambda item: item.alarm_at or item.at or row.made_at)
    is_cut = any(count > MOST_OF_A_KIND for _, count in counted)
    return MessageKind.DIGEST, Facts(
        path="/inbox",
        zone=items[0].zone,
        at=row.made_at,
        items=tuple(items),
        counts=tuple((kind.value, count) for kind, count in counted) if is_cut else (),
    )


def _mail(services: Services, row: DeliveryRow, relay: RelayRow, text: MessageText) -> Mail:
    """Return the mail of a delivery, the same at every try."""
    settings = relay.settings
    return Mail(
        uid=row.message_uid,
        at=row.made_at,
        from_name=str(settings.get("from_name") or "EightD"),
        from_address=str(settings.get("from_address") or f"eightd@{urlsplit(services.base_url).hostname}"),
        to=(row.address,),
        subject=text.subject,
        text=text.text,
        html=text.html,
        automatic=True,
    )


def _outside(
    services: Services, session: Session, row: DeliveryRow, relay: RelayRow, now: datetime
) -> Parcel | Refused:
    """Return a mail to somebody without an account, the same at every try."""
    written = session.get_one(OutsideMailRow, row.outside_mail_id)
    text = MessageText(written.subject, text_of(written, services.links, services.base_url), "")
    try:
        mail = as_bytes(
            replace(_mail(services, row, relay, text), to=tuple(written.recipients), automatic=False)
        )
    except ValueError as refused:
        return Refused(f"the mail cannot be written: {refused}")
    return Parcel(
        uid=row.message_uid,
        address=row.address,
        text=text,
        language=written.language,
        at=now,
        mail=mail,
        recipients=tuple(written.recipients),
    )


def _reply(services: Services, session: Session, row: DeliveryRow, now: datetime) -> Parcel | Refused:
    """Return a reply to the customer: the very bytes that were released."""
    reply = session.get_one(ReplyRow, row.reply_id)
    try:
        mail = services.uow.issued.get(reply.sha256)
    except FileMissingError:
        return Refused("the released mail is missing from the store of issued documents")
    return Parcel(
        uid=row.message_uid,
        address=row.address,
        text=MessageText(reply.subject, reply.body, ""),
        language=Language(reply.language),
        at=now,
        mail=mail,
        recipients=(*reply.recipients, *reply.copies),
    )
