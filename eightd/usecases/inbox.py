"""What people do with their own messages: read them. Nothing of it is recorded, and doing it twice changes nothing."""

from __future__ import annotations

import sqlalchemy as sa

from eightd.persistence.tables.messaging import MessageRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import NotFound
from eightd.usecases.verb import Done, verb


@verb("inbox.read_message")
def read_message(work: Work, *, message_id: int) -> Done:
    """Mark a message of the actor's as read; the first time counts. Raises NotFound for anybody else's."""
    row = work.session.get(MessageRow, message_id)
    if row is None or row.user_id != work.actor.id:
        raise NotFound
    if row.read_at is None:
        row.read_at = work.now
    return Done(id=row.id)


@verb("inbox.read_all")
def read_all(work: Work, *, newest: int) -> Done:
    """Mark the actor's messages as read up to the newest that the page showed: a later one stays unread."""
    work.session.execute(
        sa.update(MessageRow)
        .where(MessageRow.user_id == work.actor.id, MessageRow.read_at.is_(None), MessageRow.id <= newest)
        .values(read_at=work.now)
        .execution_options(synchronize_session=False)
    )
    return Done(id=newest)
