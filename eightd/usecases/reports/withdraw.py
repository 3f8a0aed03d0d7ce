"""Withdraw a revision that should not be relied upon; it stays, with who, when and why (procedure 6)."""

from __future__ import annotations

import sqlalchemy as sa

from eightd.domain.correspondence import ReplyState
from eightd.domain.events import EventTag
from eightd.domain.messages import DeliveryState
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.messaging import DeliveryRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.verb import Done, verb

ALREADY = Phrase("withdraw.already", "Revision {revision} was withdrawn before", "第 {revision} 版此前已撤回")
_LONGEST_REASON = 2000


@verb("report.withdraw")
def withdraw_report(work: Work, *, number: str, version: int, revision: int, reason: str) -> Done:
    """Say that a revision holds no more; ``id`` of the answer is its number.

    What was sent stays as it is, byte for byte. Released replies that still wait to be sent with it become drafts
    again. Raises NotFound for a revision that was never issued, Invalid for one that was withdrawn before.
    """
    opened = open_complaint(work, number, Action.WITHDRAW_REPORT, version=version, reason=reason)
    row = opened.row
    frozen = work.session.execute(
        sa.select(RevisionRow)
        .where(RevisionRow.complaint_id == row.id, RevisionRow.number == revision)
        .with_for_update()
    ).scalar_one_or_none()
    if frozen is None:
        raise NotFound
    if frozen.withdrawn_at is not None:
        raise Invalid({"revision": ALREADY.say(revision=revision)})
    if len(reason.strip()) > _LONGEST_REASON:
        raise Invalid({"reason": TOO_LONG.say(limit=_LONGEST_REASON)})
    frozen.withdrawn_at, frozen.withdrawn_by = work.now, work.actor.id
    frozen.withdrawn_because = reason.strip()
    work.session.flush()
    kept_back = _keep_back(work, row, frozen)
    conclude(
        work,
        opened,
        subject=f"revision {revision}",
        new={"revision": revision, "content_hash": frozen.content_hash, "replies_kept_back": kept_back},
    )
    return Done(number=number, version=row.version, id=revision)


def _keep_back(work: Work, row: ComplaintRow, frozen: RevisionRow) -> list[int]:
    """Make drafts again of the released replies that wait with this revision; one being sent cannot be stopped."""
    waiting = work.session.execute(
        sa.select(ReplyRow).where(
            ReplyRow.complaint_id == row.id,
            ReplyRow.revision_id == frozen.id,
            ReplyRow.state == ReplyState.REVIEWED,
        )
    ).scalars()
    kept_back = []
    for reply in waiting.all():
        cancelled = work.session.execute(
            sa.update(DeliveryRow)
            .where(
                DeliveryRow.reply_id == reply.id,
                DeliveryRow.state.in_((DeliveryState.WAITING, DeliveryState.DEAD)),
            )
            .values(state=DeliveryState.CANCELLED)
            .returning(DeliveryRow.id)
        ).all()
        if cancelled:
            reply.state, reply.reviewed_by, reply.reviewed_at = ReplyState.DRAFT, None, None
            reply.message_uid, reply.sha256, reply.accepted_findings = "", "", []
            reply.version += 1
            work.record(
                EventTag.REPLY_TAKEN_BACK,
                complaint_id=row.id,
                subject=f"reply {reply.id}",
                new={"kind": reply.kind.value, "recipient": ", ".join(reply.recipients)},
            )
            kept_back.append(reply.id)
    return kept_back
