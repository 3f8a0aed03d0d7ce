"""What the program tells people, by which way, and what nobody may switch off (procedure 4: escalation)."""

from __future__ import annotations

from enum import StrEnum


class MessageKind(StrEnum):
    """Why a person is told something."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SAMPLE_RECEIVED = "sample_received"
    APPROVAL_WANTED = "approval_wanted"  # a reply “not ours” waits for the quality manager
    REPORT_ISSUED = "report_issued"
    REPLY_SENT = "reply_sent"
    REPLY_FAILED = "reply_failed"
    VERDICT = "verdict"
    MAIL_RECEIVED = "mail_received"
    REMINDER = "reminder"
    DUE = "due"
    OVERDUE = "overdue"
    STOP_ENDED = "stop_ended"  # the agreed end of a stop has passed, or the clock was resumed
    DEADLINE_MOVED = "deadline_moved"
    DIGEST = "digest"  # each morning, or many alarms in one


class Way(StrEnum):
    """How a message reaches a person; the inbox always has it."""

    INBOX = "inbox"
    EMAIL = "email"
    CHAT = "chat"


class RelayKind(StrEnum):
    """What carries messages out of the program."""

    SMTP = "smtp"
    WECOM = "wecom"  # 企业微信
    DINGTALK = "dingtalk"  # 钉钉
    FEISHU = "feishu"  # 飞书 / Lark
    WEBHOOK = "webhook"

    @property
    def way(self) -> Way:
        """Return what a user calls it: everything but mail is chat."""
        return Way.EMAIL if self is RelayKind.SMTP else Way.CHAT


class DeliveryState(StrEnum):
    """What became of a message on its way out."""

    WAITING = "waiting"
    LEASED = "leased"  # a relay is sending it
    SENT = "sent"
    DEAD = "dead"  # given up; a person may send it again
    CANCELLED = "cancelled"


ALARMS = frozenset({MessageKind.REMINDER, MessageKind.DUE, MessageKind.OVERDUE, MessageKind.STOP_ENDED})
"""What belongs to a promise that runs out. A person gets these by duty and cannot switch them off."""

DIGESTED_BY_DEFAULT = frozenset({MessageKind.ACCEPTED, MessageKind.REPLY_SENT, MessageKind.DEADLINE_MOVED})
"""What reaches nobody outside the inbox unless asked for: it needs no action."""
