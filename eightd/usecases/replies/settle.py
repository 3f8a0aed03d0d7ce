"""What became of a released reply: taken by the mail server, given up, or come back (procedure 4 and 6).

Only a reply that was taken meets its milestone, at the instant it was taken. It *was* sent: so it is kept even
where the complaint has moved on since its release. A mail that comes back reached nobody: its sending is kept,
but meets nothing any more, and the milestone it alone had met is open again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from eightd.domain.complaint import Channel, Stage
from eightd.domain.correspondence import ReplyKind, ReplyState
from eightd.domain.events import TAGS, Event, EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.workflow.outcome import Allowed
from eightd.domain.workflow.snapshot import Actor
from eightd.domain.workflow.table import TRANSITIONS
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.evidence import RevisionRow, SendingRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude
from eightd.usecases.deadlines import recompute
from eightd.usecases.sending import ACTION, Sent, keep, take_out
from eightd.usecases.telling import sales_of, tell_people

_LONGEST_FAULT = 400

_BACK_FROM = {ReplyKind.FINAL: Stage.REPORTED, ReplyKind.NOT_OURS: Stage.NEGOTIATING}
_BACK_TO = {ReplyKind.FINAL: Stage.ANALYSING, ReplyKind.NOT_OURS: Stage.NOT_OURS_APPROVED}
"""Where a reply that reached nobody leaves the complaint, if nothing has happened to it since."""


def reply_taken(work: Work, reply: ReplyRow, at: datetime, note: str = "") -> None:
    """Keep the reply as sent at the instant the mail server took it; doing it again changes nothing.

    ``note`` is what the server said against single recipients. The entry in the record is the releasing person's.
    """
    row = _locked(work, reply)
    if reply.state is ReplyState.SENT:
        return
    revision = None if reply.revision_id is None else work.session.get_one(RevisionRow, reply.revision_id)
    reply.state, reply.sent_at, reply.fault = ReplyState.SENT, at, note[:_LONGEST_FAULT]
    reply.version += 1
    sent = Sent(
        sent_at=at,
        means=Channel.EMAIL,
        recipient=", ".join(reply.recipients),
        text=reply.body,
        by=_releaser(reply),
        revision=revision,
        reply_id=reply.id,
    )
    to_stage = _stage_after(row, reply.kind, revision)
    from_stage = row.stage
    keep(work, row, reply.kind, sent)
    events = tuple(
        Event(tag, row.id, _releaser(reply), work.now, "", None, from_stage.value, to_stage.value)
        for tag in TAGS[ACTION[reply.kind]]
    )
    told = {
        **sent.told(),
        "reply": reply.id,
        "sha256": reply.sha256,
        "message_id": reply.message_uid,
        "copies": ", ".join(reply.copies),
    }
    if note:
        told["fault"] = reply.fault
    person = work.session.get_one(UserRow, _releaser(reply))
    conclude(
        work.ordered(
            replace(work.order, actor=Actor(person.id, frozenset(), frozenset()), actor_name=person.name)
        ),
        Opened(row, complaints.snapshot(work.session, row), Allowed(events=events, to_stage=to_stage)),
        new=told,
    )
    recompute(work.session, row, work.now)
    told_already = ({row.cqe_id} | sales_of(work.session, row)) - {person.id}
    tell_people(
        work.ordered(replace(work.order, actor_name=person.name)),
        row,
        MessageKind.REPLY_SENT,
        {reply.drafted_by, person.id} - told_already,
        outcome=reply.kind.value,
    )


def reply_given_up(work: Work, reply: ReplyRow, reason: str) -> None:
    """Mark a released reply as not sent, and tell its author, its releaser and the CQE: the milestone stays open."""
    row = _locked(work, reply)
    if reply.state is not ReplyState.REVIEWED:
        return
    _fail(work, row, reply, EventTag.REPLY_GIVEN_UP, reason)


def reply_bounced(work: Work, reply: ReplyRow, reason: str) -> None:
    """Mark a reply as come back: its sending meets nothing any more, and everybody concerned is told.

    A final report that the customer has judged meanwhile did arrive somewhere: the complaint stays where it is.
    A bounce before the mail server's own word was written down counts as given up. Doing it again changes nothing.
    """
    row = _locked(work, reply)
    if reply.state is ReplyState.REVIEWED:
        _fail(work, row, reply, EventTag.REPLY_GIVEN_UP, reason)
        return
    sending = work.session.execute(
        sa.select(SendingRow).where(SendingRow.reply_id == reply.id, SendingRow.bounced_at.is_(None))
    ).scalar_one_or_none()
    if reply.state is not ReplyState.SENT or sending is None:
        return
    before = row.stage
    alone = not _sent_otherwise(work, row, sending)
    if alone and row.stage is _BACK_FROM.get(reply.kind):
        row.stage = _BACK_TO[reply.kind]
        row.is_open = row.stage.is_open
    take_out(work, row, reply.kind, sending)
    _fail(work, row, reply, EventTag.REPLY_BOUNCED, reason, before=before)


def _fail(
    work: Work, row: ComplaintRow, reply: ReplyRow, tag: EventTag, reason: str, before: Stage | None = None
) -> None:
    reply.state = ReplyState.FAILED
    reply.fault = reason[:_LONGEST_FAULT]
    reply.version += 1
    row.version += 1
    moved = before is not None and before is not row.stage
    work.record(
        tag,
        complaint_id=row.id,
        subject=f"reply {reply.id}",
        old={"state": before.value} if before is not None and moved else None,
        new={
            "kind": reply.kind.value,
            "recipient": ", ".join(reply.recipients),
            **({"state": row.stage.value} if moved else {}),
        },
        reason=reply.fault,
    )
    people = {reply.drafted_by, _releaser(reply), row.cqe_id}
    tell_people(
        work,
        row,
        MessageKind.REPLY_FAILED,
        {one for one in people if one is not None},
        outcome=reply.kind.value,
        reason=reply.fault,
    )


def _locked(work: Work, reply: ReplyRow) -> ComplaintRow:
    """Lock the complaint, then read the reply as it is now."""
    row = work.session.execute(
        sa.select(ComplaintRow)
        .where(ComplaintRow.id == reply.complaint_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    work.session.refresh(reply)
    return row


def _stage_after(row: ComplaintRow, kind: ReplyKind, revision: RevisionRow | None) -> Stage:
    """Return where a mail that has left brings the complaint, which may have moved on since its release.

    A report that the customer has rejected since answers nothing any more.
    """
    transition = TRANSITIONS.get((row.stage, ACTION[kind]))
    overtaken = revision is not None and row.rejected_at is not None and revision.issued_at <= row.rejected_at
    return row.stage if transition is None or overtaken else transition.to_stage


def _sent_otherwise(work: Work, row: ComplaintRow, sending: SendingRow) -> bool:
    """Return whether another sending of the same kind has reached the customer since the last rejection."""
    others = sa.select(SendingRow.sent_at).where(
        SendingRow.complaint_id == row.id,
        SendingRow.milestone == sending.milestone,
        SendingRow.id != sending.id,
        SendingRow.bounced_at.is_(None),
    )
    return any(
        row.rejected_at is None or sent_at > row.rejected_at
        for sent_at in work.session.execute(others).scalars()
    )


def _releaser(reply: ReplyRow) -> int:
    return reply.drafted_by if reply.reviewed_by is None else reply.reviewed_by
