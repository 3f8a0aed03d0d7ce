"""What one person has chosen about messages, and by which ways the plants can reach anybody at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.messages import MessageKind, RelayKind, Way, wanted_by_default
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.messaging import MessageChoiceRow, RelayRow, UserMessagingRow
from eightd.persistence.tables.people import UserRow

WAYS = (Way.EMAIL, Way.CHAT)
"""The ways that can be chosen; the inbox has everything."""


@dataclass(frozen=True, slots=True)
class ChoicesView:
    """The choices in force, defaults included; version 0 where the person has chosen nothing yet.

    ``robots`` are the chat relays that serve the person's plants; ``zone`` is empty where nothing was chosen.
    """

    version: int
    email: str
    wanted: Mapping[tuple[MessageKind, Way], bool]
    zone: str
    quiet_from: time | None
    quiet_until: time | None
    digest_time: time | None
    next_digest_at: datetime | None
    chat_names: Mapping[RelayKind, str]
    robots: tuple[RelayKind, ...]
    has_mail: bool
    feed_epoch: int


def choices(session: Session, actor: Actor) -> ChoicesView:
    """Return the actor's choices in three statements."""
    email, own = session.execute(
        sa.select(UserRow.email, UserMessagingRow)
        .outerjoin(UserMessagingRow, UserMessagingRow.user_id == UserRow.id)
        .where(UserRow.id == actor.id)
    ).one()
    row: UserMessagingRow | None = own
    wanted = {(kind, way): wanted_by_default(kind, way) for kind in MessageKind for way in WAYS}
    for choice in session.execute(
        sa.select(MessageChoiceRow).where(MessageChoiceRow.user_id == actor.id)
    ).scalars():
        wanted[choice.kind, choice.way] = choice.wanted
    kinds = set(
        session.execute(
            sa.select(RelayRow.kind)
            .where(
                RelayRow.active,
                sa.or_(RelayRow.plant_id.in_(actor.plants), RelayRow.plant_id.is_(None)),
            )
            .distinct()
        ).scalars()
    )
    return ChoicesView(
        version=0 if row is None else row.version,
        email=email,
        wanted=wanted,
        zone="" if row is None else row.zone,
        quiet_from=row.quiet_from if row else None,
        quiet_until=row.quiet_until if row else None,
        digest_time=row.digest_time if row else None,
        next_digest_at=row.next_digest_at if row else None,
        chat_names={RelayKind(kind): name for kind, name in (row.chat_names if row else {}).items()},
        robots=tuple(kind for kind in RelayKind if kind in kinds and kind.way is Way.CHAT),
        has_mail=RelayKind.SMTP in kinds,
        feed_epoch=row.feed_epoch if row else 0,
    )
