"""What passes between the plant and its customers, and the states it goes through (procedure 6)."""

from __future__ import annotations

from enum import StrEnum


class ReplyKind(StrEnum):
    """What a reply answers: a milestone, or a complaint that is not ours."""

    INITIAL = "initial"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    NOT_OURS = "not_ours"


class TemplateKind(StrEnum):
    """What a template is for: a reply of that kind, or the request for a sample that does not come."""

    INITIAL = "initial"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    NOT_OURS = "not_ours"
    SAMPLE = "sample"

    @property
    def reply(self) -> ReplyKind | None:
        """Return the reply that is written from it, None for what is no reply."""
        return None if self is TemplateKind.SAMPLE else ReplyKind(self.value)


class ReplyState(StrEnum):
    """Where a reply to the customer stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"  # released by a person, waits in the outbox
    SENT = "sent"  # the mail server has taken it: the milestone is met
    FAILED = "failed"  # given up by the relay, or bounced
    DISCARDED = "discarded"


class OutsidePurpose(StrEnum):
    """What a mail to a supplier or customer that is no reply is about."""

    SUPPLIER_CASE = "supplier_case"  # a supplier's own 8D: asked for, reminded, returned, accepted
    SAMPLE = "sample"  # the customer is asked for the pieces announced
    SATISFACTION = "satisfaction"


class WordingKind(StrEnum):
    """Why a phrase should not reach a customer."""

    LIABILITY = "liability"  # admits a legal fault
    EMPTY = "empty"  # says nothing that could be checked
    OWN = "own"  # the plant's own rule


class MailKind(StrEnum):
    """What a mail that was read turned out to be."""

    NEW = "new"
    ANSWER = "answer"  # to one of our mails
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    OWN = "own"  # from this program: a loop
    REFUSED = "refused"  # its headers contradict themselves or play tricks


class MailState(StrEnum):
    """What became of a mail that was read."""

    OPEN = "open"  # a draft complaint that waits for sales
    FILED = "filed"  # under a complaint
    REGISTERED = "registered"  # became a complaint
    DISMISSED = "dismissed"
    IGNORED = "ignored"  # needs nobody: automatic answers, loops
