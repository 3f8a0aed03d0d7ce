"""Look after the outbox: send again what was given up, cancel what should not leave.

What is sent again keeps its Message-ID, so that whoever has it already sees one mail. A reply to a customer
follows its delivery: sent again it waits in the outbox as it was released, cancelled it has failed.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from eightd.domain.correspondence import ReplyState
from eightd.domain.events import EventTag
from eightd.domain.messages import DeliveryState
from eightd.domain.words import Language, Phrase
from eightd.persistence.repositories.deliveries import kept_in
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.messaging import DeliveryRow, RelayRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import begin
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.outbox.settle import given_up
from eightd.usecases.verb import Done, verb

MOST_AT_ONCE = 200

_NONE = Phrase("delivery.none", "Tick at least one.", "请至少勾选一项。")
_MANY = Phrase("delivery.many", "At most {most} at a time.", "一次最多 {most} 项。")
_CANCELLED = Phrase("delivery.cancelled", "cancelled by an administrator", "已由管理员取消")


@verb("delivery.send_again")
def send_again(work: Work, *, ids: Collection[int]) -> Done:
    """Let deliveries that were given up leave again, at once; ``id`` of the answer is how many.

    What is no longer given up is passed over, and so is a reply that its author has discarded or taken up again.
    Raises NotFound where one of them is not the actor's to look after, Invalid for none or too many.
    """
    again = 0
    for row in _chosen(work, ids):
        if row.state is not DeliveryState.DEAD or not _reply_follows(work, row):
            continue
        old = row.last_error
        row.state, row.attempts, row.not_before_at = DeliveryState.WAITING, 0, work.now
        row.lease = ""
        again += 1
        if row.reply_id is None:
            work.record(
                "delivery.sent_again",
                subject=_subject(row),
                old={"fault": old},
                new={"recipient": row.address},
            )
    return Done(id=again)


@verb("delivery.cancel")
def cancel(work: Work, *, ids: Collection[int]) -> Done:
    """Keep deliveries that wait or were given up from leaving; ``id`` of the answer is how many.

    One that is on its way at this moment, or has left, is passed over. Raises NotFound or Invalid.
    """
    cancelled = 0
    for row in _chosen(work, ids):
        if row.state not in {DeliveryState.WAITING, DeliveryState.DEAD}:
            continue
        was_waiting = row.state is DeliveryState.WAITING
        row.state = DeliveryState.CANCELLED
        cancelled += 1
        if was_waiting:
            given_up(work, row, _CANCELLED.say().text(Language.EN))
        if row.reply_id is None:
            work.record("delivery.cancelled", subject=_subject(row), new={"recipient": row.address})
    return Done(id=cancelled)


def _chosen(work: Work, ids: Collection[int]) -> list[DeliveryRow]:
    """Return the deliveries, locked in the order of their ids."""
    begin(work)
    wanted = set(ids)
    if not wanted:
        raise Invalid({"ids": _NONE.say()})
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid({"ids": _MANY.say(most=MOST_AT_ONCE)})
    rows = (
        work.session.execute(
            sa.select(DeliveryRow)
            .join(RelayRow, RelayRow.id == DeliveryRow.relay_id)
            .where(DeliveryRow.id.in_(wanted), kept_in(work.actor.plants))
            .order_by(DeliveryRow.id)
            .with_for_update(of=DeliveryRow)
        )
        .scalars()
        .all()
    )
    if len(rows) != len(wanted):
        raise NotFound
    return list(rows)


def _reply_follows(work: Work, row: DeliveryRow) -> bool:
    """Let a failed reply wait in the outbox again; False where it has gone another way meanwhile."""
    if row.reply_id is None:
        return True
    reply = work.session.get_one(ReplyRow, row.reply_id)
    complaint = work.session.execute(
        sa.select(ComplaintRow).where(ComplaintRow.id == reply.complaint_id).with_for_update()
    ).scalar_one()
    work.session.refresh(reply)
    if reply.state is not ReplyState.FAILED:
        return False
    work.record(
        EventTag.REPLY_SENT_AGAIN,
        complaint_id=complaint.id,
        subject=f"reply {reply.id}",
        old={"fault": reply.fault},
        new={"kind": reply.kind.value, "recipient": ", ".join(reply.recipients)},
    )
    reply.state, reply.fault = ReplyState.REVIEWED, ""
    reply.version += 1
    complaint.version += 1
    return True


def _subject(row: DeliveryRow) -> str:
    return f"delivery {row.id}"
