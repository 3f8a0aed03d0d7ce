"""Tells people: a message in each inbox and, on its way out, a delivery per relay, in the caller's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.messages import ALARMS, DeliveryState, MessageKind, RelayKind, leaves_at, wanted
from eightd.notifications.facts import Facts
from eightd.notifications.recipients import Reach, Stand, reach, relays_of
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.messaging import (
    DeliveryMessageRow,
    DeliveryRow,
    MessageRow,
    OutsideMailRow,
    RelayRow,
)
from eightd.persistence.unit_of_work import Work

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """Keeps the alarms of one sweep together: they leave at ``until_at``, or when the sweep lets them go."""

    until_at: datetime


class Postbox:
    """Makes messages and their deliveries in one transaction, remembering what it has looked up."""

    def __init__(self, session: Session, now: datetime, host: str, *, silent: bool = False) -> None:
        """Bind it to a transaction; ``host`` stands in Message-IDs; a ``silent`` one tells nobody."""
        self._session = session
        self._now = now
        self._host = host
        self._silent = silent
        self._reach: dict[int, Reach | None] = {}
        self._relays: dict[int, tuple[RelayRow, ...]] = {}
        self._open: dict[tuple[int, int], DeliveryRow] = {}  # joined in this transaction

    def tell(
        self,
        kind: MessageKind,
        stands: Iterable[Stand],
        facts: Facts,
        *,
        plant_id: int,
        complaint_id: int | None = None,
        due_at: datetime | None = None,
        duty: bool = False,
        hold: Hold | None = None,
    ) -> tuple[int, ...]:
        """Put a message into each inbox and send it by the ways the person has chosen; return who was told.

        ``due_at`` is the instant at which the milestone it is about falls due: quiet hours do not hold back
        what falls due within them. ``duty`` messages cannot have been switched off. With ``hold`` all that one
        person is told leaves as one.
        """
        stands = tuple(stands)
        if self._silent or not stands:
            return ()
        if plant_id not in self._relays:
            self._relays[plant_id] = relays_of(self._session, plant_id)
        known = self._reached(stand.user_id for stand in stands)
        made: list[tuple[Reach, MessageRow]] = []
        for stand in stands:
            person = known.get(stand.user_id)
            if person is None:
                continue
            row = MessageRow(
                user_id=person.user_id,
                kind=kind,
                complaint_id=complaint_id,
                facts=self._worded(facts, stand).as_document(),
                at=self._now,
            )
            made.append((person, row))
        self._session.add_all(row for _, row in made)
        self._session.flush()
        for person, row in made:
            self._deliver(person, row, plant_id, due_at=due_at, duty=duty, hold=hold)
        return tuple(person.user_id for person, _ in made)

    def expect(self, user_ids: Iterable[int], plant_id: int) -> None:
        """Look up several people at once who are about to be told one after the other."""
        if not self._silent:
            self._relays.setdefault(plant_id, relays_of(self._session, plant_id))
            self._reached(user_ids)

    def post_reply(self, reply: ReplyRow, relay: RelayRow) -> DeliveryRow:
        """Put a reply to the customer on its way; its mail is made already and carries ``reply.message_uid``."""
        delivery = DeliveryRow(
            relay_id=relay.id,
            reply_id=reply.id,
            address=", ".join([*reply.recipients, *reply.copies])[:400],
            state=DeliveryState.WAITING,
            message_uid=reply.message_uid,
            made_at=self._now,
            not_before_at=self._now,
        )
        self._session.add(delivery)
        self._session.flush()
        return delivery

    def post_outside(self, mail: OutsideMailRow, relay: RelayRow) -> DeliveryRow:
        """Put a mail to somebody without an account on its way; it is worded when it leaves."""
        delivery = DeliveryRow(
            relay_id=relay.id,
            outside_mail_id=mail.id,
            address=", ".join(mail.recipients)[:400],
            state=DeliveryState.WAITING,
            message_uid=self.new_uid(),
            made_at=self._now,
            not_before_at=self._now,
        )
        self._session.add(delivery)
        self._session.flush()
        return delivery

    def new_uid(self) -> str:
        """Return a Message-ID, without its brackets, that nobody can guess and that tells nothing."""
        return f"{secrets.token_hex(12)}@{self._host}"

    def _worded(self, facts: Facts, stand: Stand) -> Facts:
        absent = sorted(stand.instead_of - {stand.user_id})
        if not absent:
            return facts
        names = [person.name for person in self._reached(absent).values() if person is not None]
        return replace(facts, for_absent="、".join(names))

    def _reached(self, user_ids: Iterable[int]) -> dict[int, Reach | None]:
        wanted_ids = set(user_ids)
        missing = wanted_ids - self._reach.keys()
        if missing:
            self._reach.update(dict.fromkeys(missing))
            # Without any relay nobody's choices matter: the inbox has everything.
            chosen = any(self._relays.values())
            self._reach.update(reach(self._session, missing, choices=chosen))
        return {user_id: self._reach[user_id] for user_id in wanted_ids}

    def _deliver(
        self,
        person: Reach,
        message: MessageRow,
        plant_id: int,
        *,
        due_at: datetime | None,
        duty: bool,
        hold: Hold | None,
    ) -> None:
        for relay in self._relays[plant_id]:
            address = _address(person, relay)
            if not address or not wanted(message.kind, relay.kind.way, person.choices, duty=duty):
                continue
            zone: tzinfo = person.zone or UTC
            leaves = leaves_at(
                self._now,
                quiet_from=person.quiet_from,
                quiet_until=person.quiet_until,
                zone=zone,
                due_at=due_at,
            )
            is_alarm = message.kind in ALARMS
            if hold is not None and leaves == self._now:
                leaves = hold.until_at
            if not is_alarm:
                leaves = max(leaves, self._below_cap_at(person, relay))
            delivery = self._joined(person, relay, leaves, is_alarm=is_alarm)
            if delivery is None:
                delivery = self._new(person, relay, address, leaves, is_alarm=is_alarm)
            self._session.add(DeliveryMessageRow(delivery_id=delivery.id, message_id=message.id))

    def _new(
        self, person: Reach, relay: RelayRow, address: str, leaves: datetime, *, is_alarm: bool
    ) -> DeliveryRow:
        delivery = DeliveryRow(
            relay_id=relay.id,
            user_id=person.user_id,
            address=address,
            state=DeliveryState.WAITING,
            message_uid=self.new_uid(),
            made_at=self._now,
            not_before_at=leaves,
            is_alarm=is_alarm,
        )
        self._session.add(delivery)
        self._session.flush()
        if leaves > self._now:
            self._open[person.user_id, relay.id] = delivery
        return delivery

    def _joined(
        self, person: Reach, relay: RelayRow, leaves: datetime, *, is_alarm: bool
    ) -> DeliveryRow | None:
        """Return a delivery to the same person that has not left yet, where this message may wait as long."""
        if leaves <= self._now:
            return None
        known = self._open.get((person.user_id, relay.id))
        if known is None:
            known = self._session.execute(
                sa.select(DeliveryRow)
                .where(
                    DeliveryRow.user_id == person.user_id,
                    DeliveryRow.relay_id == relay.id,
                    DeliveryRow.state == DeliveryState.WAITING,
                    DeliveryRow.attempts == 0,
                    DeliveryRow.not_before_at > self._now,
                    DeliveryRow.reply_id.is_(None),
                )
                .order_by(DeliveryRow.not_before_at)
                .limit(1)
                .with_for_update()
            ).scalar_one_or_none()
        if known is None:
            return None
        known.not_before_at = min(known.not_before_at, leaves)
        known.is_alarm = known.is_alarm or is_alarm
        self._open[person.user_id, relay.id] = known
        return known

    def _below_cap_at(self, person: Reach, relay: RelayRow) -> datetime:
        """Return when one more delivery to this person is within the relay's cap: now, or an hour after others."""
        recent = self._session.execute(
            sa.select(DeliveryRow.made_at)
            .where(
                DeliveryRow.user_id == person.user_id,
                DeliveryRow.relay_id == relay.id,
                DeliveryRow.made_at > self._now - _HOUR,
            )
            .order_by(DeliveryRow.made_at.desc())
            .offset(relay.cap_per_hour - 1)
            .limit(1)
        ).scalar_one_or_none()
        return self._now if recent is None else recent + _HOUR


def postbox(work: Work) -> Postbox:
    """Return the postbox of a transaction; it tells nobody where the order is a loading of old cases."""
    found: Postbox | None = work.session.info.get(Postbox)
    if found is None:
        found = Postbox(work.session, work.now, work.mail_host, silent=work.order.silent)
        work.session.info[Postbox] = found
    return found


def _address(person: Reach, relay: RelayRow) -> str:
    """Return where a relay finds the person, empty where it does not."""
    if relay.kind is RelayKind.SMTP:
        return person.email
    return person.chat_names.get(relay.kind.value, "")
