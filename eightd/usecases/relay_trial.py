"""Send a test message through a relay, now and not by the outbox, so that who asks sees what comes of it.

The order is claimed in one transaction, the network is called in none, what came of it is kept in another.
"""

from __future__ import annotations

import html
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from eightd.domain.messages import RelayKind
from eightd.domain.words import Language, Phrase
from eightd.notifications.mail import Mail, as_bytes
from eightd.notifications.recipients import relays_of
from eightd.notifications.relays.carry import carry
from eightd.notifications.relays.parcel import Later, Outcome, Parcel, Refused, Relay, Taken
from eightd.notifications.texts import MessageText
from eightd.persistence.tables.messaging import RelayRow, UserMessagingRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import IdempotencyRow
from eightd.persistence.unit_of_work import Order, Work
from eightd.usecases.accounts import own_row
from eightd.usecases.administration.relays import kept_relay
from eightd.usecases.errors import NotAllowed
from eightd.usecases.services import Services
from eightd.usecases.verb import Done, verb

SUBJECT = Phrase("trial.subject", "Test message from EightD", "EightD 测试消息")
TEXT = Phrase(
    "trial.text",
    "{name} has asked for this test message at {at}. Messages reach you this way.",
    "{name} 于 {at} 请求发送此测试消息。您可以通过此方式收到消息。",
)
_NO_ADDRESS = Phrase(
    "trial.no_address",
    "Your account has no e-mail address to send to.",
    "您的账户没有电子邮箱，无法发送。",
)
_TOO_SOON = Phrase(
    "trial.too_soon",
    "A test message was sent just now. Please wait a minute.",
    "刚刚已发送测试消息，请一分钟后再试。",
)
_SEALED = "what it signs in with was sealed with another key and has to be entered again"
_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a test through one relay; ``fault`` is empty where it was taken."""

    relay_id: int
    kind: RelayKind
    name: str
    address: str
    fault: str

    @property
    def taken(self) -> bool:
        """Return whether the other side has the message."""
        return not self.fault


@dataclass(frozen=True, slots=True)
class _Way:
    """A relay opened, and where it finds the person."""

    id: int
    name: str
    relay: Relay
    is_open: bool
    address: str


def try_relay(services: Services, order: Order, *, relay_id: int) -> tuple[Trial, ...]:
    """Send a test message to the administrator through this relay; nothing where the order was carried out before.

    Raises NotFound for a relay of a foreign plant, NotAllowed where the administrator has no address.
    """
    if _claim_trial(services.uow, order, relay_id=relay_id).replayed:
        return ()
    with services.uow.reading() as session:
        row = session.get_one(RelayRow, relay_id)
        person = session.get_one(UserRow, order.actor.id)
        way = _way(services, row, person, session.get(UserMessagingRow, person.id))
    return (_tried(services, order, way, person.language),)


def try_own_ways(services: Services, order: Order) -> tuple[Trial, ...]:
    """Send a test message to the actor by every way that reaches the actor; none where none does, or repeated.

    Raises NotAllowed within a minute of the one before.
    """
    if _claim_own_trial(services.uow, order).replayed:
        return ()
    with services.uow.reading() as session:
        person = session.get_one(UserRow, order.actor.id)
        own = session.get(UserMessagingRow, person.id)
        rows = {row.id: row for plant in sorted(order.actor.plants) for row in relays_of(session, plant)}
        ways = [_way(services, row, person, own) for row in rows.values()]
    return tuple(_tried(services, order, way, person.language) for way in ways if way.address)


@verb("relay.try")
def _claim_trial(work: Work, *, relay_id: int) -> Done:
    row = kept_relay(work, relay_id)
    if row.kind is RelayKind.SMTP and not own_row(work).email:
        raise NotAllowed(_NO_ADDRESS.say())
    return Done(id=row.id)


@verb(_OWN := "account.try_messages")
def _claim_own_trial(work: Work) -> Done:
    own_row(work)  # locked, so that two requests at once are one after the other
    earlier = sa.select(IdempotencyRow.key).where(
        IdempotencyRow.user_id == work.actor.id,
        IdempotencyRow.verb == _OWN,
        IdempotencyRow.at > work.now - _PAUSE,
        IdempotencyRow.key != work.order.key,
    )
    if work.session.execute(earlier.limit(1)).first() is not None:
        raise NotAllowed(_TOO_SOON.say())
    return Done(id=work.actor.id)


@verb("relay.note_trial")
def _note_trial(work: Work, *, trial: Trial) -> Done:
    row = work.session.get_one(RelayRow, trial.relay_id, with_for_update=True)
    if trial.taken:
        row.last_sent_at = work.now
    else:
        row.last_error_at, row.last_error = work.now, trial.fault
    work.record(
        "relay.tried",
        subject=row.name,
        new={"recipient": trial.address, **({"fault": trial.fault} if trial.fault else {})},
    )
    return Done(id=row.id)


def _way(services: Services, row: RelayRow, person: UserRow, own: UserMessagingRow | None) -> _Way:
    names = own.chat_names if own is not None else {}
    address = person.email if row.kind is RelayKind.SMTP else names.get(row.kind.value, "")
    secret = services.secrets.open(row.secret)
    return _Way(row.id, row.name, Relay(row.kind, row.settings, secret or ""), secret is not None, address)


def _tried(services: Services, order: Order, way: _Way, language: Language) -> Trial:
    outcome = _carried(services, order, way, language) if way.is_open else Refused(_SEALED)
    fault = ""
    if isinstance(outcome, Later | Refused):
        fault = outcome.reason or "refused"
    elif outcome.refused:
        fault = "; ".join(outcome.refused.values())
    trial = Trial(way.id, way.relay.kind, way.name, way.address, fault)
    _note_trial(services.uow, replace(order, key="", now=services.clock()), trial=trial)
    return trial


def _carried(services: Services, order: Order, way: _Way, language: Language) -> Outcome:
    text = _text(order, language, services.base_url)
    uid = f"{secrets.token_hex(12)}@{services.uow.mail_host}"
    mail = b""
    if way.relay.kind is RelayKind.SMTP:
        try:
            mail = as_bytes(_mail(uid, order, way, text))
        except ValueError as error:
            return Refused(str(error))
    return carry(
        way.relay, Parcel(uid, way.address, text, language, order.now, mail=mail, recipients=(way.address,))
    )


def _text(order: Order, language: Language, base_url: str) -> MessageText:
    at = order.now.strftime("%Y-%m-%d %H:%M UTC")
    said = TEXT.say(name=order.actor_name, at=at).text(language)
    return MessageText(
        subject=SUBJECT.say().text(language),
        text=f"{said}\n\n{base_url}/\n",
        html=f"<p>{html.escape(said)}</p>",
        chat=said,
        link=f"{base_url}/",
    )


def _mail(uid: str, order: Order, way: _Way, text: MessageText) -> Mail:
    settings: Any = way.relay.settings
    return Mail(
        uid=uid,
        at=order.now,
        from_name=str(settings.get("from_name") or "EightD"),
        from_address=str(settings.get("from_address") or ""),
        to=(way.address,),
        subject=text.subject,
        text=text.text,
        html=text.html,
    )


__all__ = ["Taken", "Trial", "try_own_ways", "try_relay"]
