"""Open a reply for a verb: its complaint locked and allowed, the reply as it is now, at the version seen."""

from __future__ import annotations

from dataclasses import dataclass

from eightd.domain.correspondence import ReplyKind, ReplyState
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories.correspondence import reply_of
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, open_complaint
from eightd.usecases.errors import NotAllowed, NotFound, Stale
from eightd.usecases.sending import ACTION

WRONG_STATE = Phrase(
    "reply.wrong_state",
    "This is not possible any more: the reply is {state}",
    "无法执行：该回复当前为“{state}”",
)
STATE_WORDS = {
    ReplyState.DRAFT: Phrase("reply_state.draft", "a draft", "草稿"),
    ReplyState.REVIEWED: Phrase("reply_state.reviewed", "released and waits to be sent", "已放行，待发送"),
    ReplyState.SENT: Phrase("reply_state.sent", "sent", "已发送"),
    ReplyState.FAILED: Phrase("reply_state.failed", "not delivered", "未送达"),
    ReplyState.DISCARDED: Phrase("reply_state.discarded", "discarded", "已作废"),
}


@dataclass(frozen=True, slots=True)
class OpenedReply:
    """A reply that the actor may act on in the way asked for."""

    reply: ReplyRow
    opened: Opened


def open_reply(
    work: Work,
    number: str,
    reply_id: int,
    *states: ReplyState,
    version: int,
    action: Action | None = None,
) -> OpenedReply:
    """Lock the complaint, ask the rules for ``action`` (else for sending this kind), check state and version.

    Raises NotFound, NotAllowed or Stale, in that order: what may not be seen is never betrayed.
    """
    known = reply_of(work.session, number, reply_id)
    kind = ReplyKind.INITIAL if known is None else known.kind
    wanted = action or ACTION[kind]
    opened = open_complaint(work, number, wanted if known is not None else Action.VIEW)
    if known is None:
        raise NotFound
    work.session.refresh(known)  # as it is now that the complaint is locked
    if known.version != version:
        raise Stale(known.version)
    if known.state not in states:
        raise NotAllowed(WRONG_STATE.say(state=STATE_WORDS[known.state].say()))
    return OpenedReply(known, opened)
