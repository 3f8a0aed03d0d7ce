"""Carry what waits in the outbox: lease one delivery, send it outside any transaction, keep what became of it.

A program that dies while it sends leaves a lease behind; when that has run out the delivery is sent again, with the
same Message-ID. So a death costs at most one message twice, and none is lost. (pretix's outbox is the model.)
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from eightd.domain.messages import DeliveryState
from eightd.notifications.relays.carry import carry
from eightd.notifications.relays.parcel import Later, Outcome, Refused, Relay, Taken
from eightd.persistence.tables.messaging import DeliveryRow, RelayRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.outbox.parcels import parcel_of
from eightd.usecases.outbox.settle import given_up, taken
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order

LEASE = timedelta(minutes=5)
"""How long one delivery may take; longer than any relay's time-outs together."""

MOST_ATTEMPTS = 100
"""How often a delivery is tried, over four days: a mail server that failed on Friday evening is mended on Monday."""

_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
_PATIENCE = 3
"""After so many failures in one round a relay rests until the next one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery that this process alone may send now."""

    id: int
    relay_id: int
    lease: str
    attempt: int


def pause_before(attempt: int) -> timedelta:
    """Return how long to wait after the attempt of that number, 1 the first: twice as long each time, to an hour."""
    doublings = min(max(attempt, 1) - 1, 10)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)


def carry_out(services: Services, *, most: int = 200) -> int:
    """Send what may leave now, alarms first; return how many deliveries were taken by their relays.

    ``most`` ends the round after so many tries. Several processes may do this at once.
    """
    failures: Counter[int] = Counter()
    sent = 0
    for _ in range(most):
        resting = [relay_id for relay_id, count in failures.items() if count >= _PATIENCE]
        leased = _lease(services, resting)
        if leased is None:
            break
        outcome = _carry(services, leased)
        _keep(services, leased, outcome)
        if isinstance(outcome, Taken):
            sent += 1
        elif isinstance(outcome, Later):
            failures[leased.relay_id] += 1
    return sent


def _lease(services: Services, resting: list[int]) -> Leased | None:
    """Take the next delivery for this process alone, None where nothing may leave."""
    now = services.clock()
    with services.uow.reading() as session:  # most rounds find nothing, and need no lock for that
        if session.execute(_next(now, resting).limit(1)).first() is None:
            return None
    with services.uow.writing(system_order(now)) as work:
        row = work.session.execute(
            _next(now, resting).limit(1).with_for_update(of=DeliveryRow, skip_locked=True)
        ).scalar_one_or_none()
        if row is None:
            return None
        row.state = DeliveryState.LEASED
        row.lease = secrets.token_hex(16)
        row.not_before_at = now + LEASE
        row.attempts += 1
        return Leased(row.id, row.relay_id, row.lease, row.attempts)


def _next(now: datetime, resting: list[int]) -> sa.Select[DeliveryRow]:
    """Select what may leave: waiting ones whose time has come, and leased ones whose lease has run out.

    A lease's end stands in ``not_before_at``, so that one index finds both.
    """
    return (
        sa.select(DeliveryRow)
        .join(RelayRow, RelayRow.id == DeliveryRow.relay_id)
        .where(
            DeliveryRow.state.in_((DeliveryState.WAITING, DeliveryState.LEASED)),
            DeliveryRow.not_before_at <= now,
            RelayRow.active,
            DeliveryRow.relay_id.not_in(resting),
        )
        .order_by(DeliveryRow.is_alarm.desc(), DeliveryRow.not_before_at, DeliveryRow.id)
    )


def _carry(services: Services, leased: Leased) -> Outcome:
    """Make the parcel and hand it over, in no transaction."""
    now = services.clock()
    with services.uow.reading() as session:
        relay = session.get_one(RelayRow, leased.relay_id)
        secret = services.secrets.open(relay.secret)
        if secret is None:
            return Refused("the relay's secret was sealed by another installation; enter it again")
        made = parcel_of(services, session, leased.id, relay, now)
        opened = Relay(relay.kind, relay.settings, secret)
    if isinstance(made, Refused):
        return made
    # On the last try a mail leaves for those recipients who take it, though a server puts off others.
    return carry(opened, replace(made, last_try=leased.attempt >= MOST_ATTEMPTS))


def _keep(services: Services, leased: Leased, outcome: Outcome) -> None:
    """Write down what became of a delivery, unless its lease has passed to somebody else."""
    now = services.clock()
    with services.uow.writing(system_order(now)) as work:
        row = work.session.execute(
            sa.select(DeliveryRow)
            .where(DeliveryRow.id == leased.id, DeliveryRow.lease == leased.lease)
            .with_for_update()
        ).scalar_one_or_none()
        if row is None:
            _log.warning("delivery %s took longer than its lease", leased.id)
            return
        relay = work.session.get_one(RelayRow, row.relay_id)
        row.lease = ""
        match outcome:
            case Taken():
                row.state, row.sent_at = DeliveryState.SENT, now
                row.last_error = "; ".join(f"{who}: {why}" for who, why in outcome.refused.items())[:400]
                relay.last_sent_at = now
                taken(work, row, now)
            case Refused():
                _give_up(work, row, relay, outcome.reason)
            case Later() if row.attempts >= MOST_ATTEMPTS:
                _give_up(work, row, relay, outcome.reason)
            case Later():
                row.state = DeliveryState.WAITING
                row.not_before_at = now + pause_before(row.attempts)
                row.last_error = outcome.reason
                relay.last_error, relay.last_error_at = outcome.reason, now


def _give_up(work: Work, row: DeliveryRow, relay: RelayRow, reason: str) -> None:
    row.state, row.last_error = DeliveryState.DEAD, reason
    relay.last_error, relay.last_error_at = reason, work.now
    given_up(work, row, reason)
