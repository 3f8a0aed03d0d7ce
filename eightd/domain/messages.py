"""What the program tells people, by which way and when, and what nobody may switch off (procedure 4: escalation)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from eightd.domain.clock.instants import as_utc, wall_clock_instant


class MessageKind(StrEnum):
    """Why a person is told something."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SAMPLE_RECEIVED = "sample_received"
    SAMPLE_OVERDUE = "sample_overdue"  # to sales: the customer is asked for it
    APPROVAL_WANTED = "approval_wanted"  # a reply “not ours” waits for the quality manager
    REPORT_ISSUED = "report_issued"
    REPLY_SENT = "reply_sent"
    REPLY_FAILED = "reply_failed"
    MAIL_FAILED = "mail_failed"  # to a supplier or customer, and no reply
    VERDICT = "verdict"
    MAIL_RECEIVED = "mail_received"
    REMINDER = "reminder"
    DUE = "due"
    OVERDUE = "overdue"
    TASK_ASSIGNED = "task_assigned"  # an action of a discipline: given to somebody, or moved to another day
    TASK_DONE = "task_done"  # it waits to be verified
    TASK_RETURNED = "task_returned"  # it did not work
    TASK_REMINDER = "task_reminder"
    TASK_DUE = "task_due"
    TASK_OVERDUE = "task_overdue"
    SUPPLIER_ANSWERED = "supplier_answered"  # a discipline of its own 8D waits to be judged
    SUPPLIER_DUE = "supplier_due"
    SUPPLIER_OVERDUE = "supplier_overdue"
    STOP_ENDED = "stop_ended"  # the agreed end of a stop has passed, or the clock was resumed
    DEADLINE_MOVED = "deadline_moved"
    CLAIM_WAITS = "claim_waits"  # a position on a claim waits for whoever approves its amount
    CLAIM_DECIDED = "claim_decided"
    SATISFACTION = "satisfaction"  # the customer has said how satisfied it is
    FOLLOW_UP_OVERDUE = "follow_up_overdue"  # an unhappy customer was not called within a working day
    RELATED = "related"  # answered together with another complaint, split, or like a case that is watched
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


ALARMS = frozenset(
    {
        MessageKind.REMINDER,
        MessageKind.DUE,
        MessageKind.OVERDUE,
        MessageKind.TASK_REMINDER,
        MessageKind.TASK_DUE,
        MessageKind.TASK_OVERDUE,
        MessageKind.SUPPLIER_DUE,
        MessageKind.SUPPLIER_OVERDUE,
        MessageKind.SAMPLE_OVERDUE,
        MessageKind.STOP_ENDED,
        MessageKind.FOLLOW_UP_OVERDUE,
    }
)
"""What belongs to a promise that runs out. A person gets these by duty and cannot switch them off."""

DIGESTED_BY_DEFAULT = frozenset({MessageKind.ACCEPTED, MessageKind.REPLY_SENT, MessageKind.DEADLINE_MOVED})
"""What reaches nobody outside the inbox unless asked for: it needs no action."""


def wanted_by_default(kind: MessageKind, way: Way) -> bool:
    """Return whether a message goes this way as long as the person has not chosen.

    The inbox has everything. A chat robot speaks to a whole group, so unasked it speaks of alarms only.
    """
    if way is Way.CHAT:
        return kind in ALARMS
    return way is Way.INBOX or kind not in DIGESTED_BY_DEFAULT


def is_fixed(kind: MessageKind) -> bool:
    """Return whether messages of the kind come by duty, so that no choice of them is asked for."""
    return kind in ALARMS


def wanted(
    kind: MessageKind, way: Way, choices: Mapping[tuple[MessageKind, Way], bool], *, duty: bool
) -> bool:
    """Return whether a message goes this way to a person who has made these choices.

    The inbox has everything. ``duty`` says that the person is told for an office held, as owner, deputy, lead or
    quality manager: an alarm, or a digest that bundles alarms, then goes every way, whatever was chosen.
    """
    if way is Way.INBOX or (duty and (kind in ALARMS or kind is MessageKind.DIGEST)):
        return True
    return choices.get((kind, way), wanted_by_default(kind, way))


def leaves_at(
    now: datetime, *, quiet_from: time | None, quiet_until: time | None, zone: tzinfo, due_at: datetime | None
) -> datetime:
    """Return the UTC instant from which a message may leave: now, or the end of the quiet hours it falls in.

    Quiet hours include their beginning and not their end, and cross midnight where they end earlier in the day
    than they begin; without a beginning or an end, or with both the same, there are none. ``due_at`` is the due
    instant of the milestone that an alarm speaks of: due at or before the quiet hours' end, it leaves at once.
    """
    now = as_utc(now)
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return now
    held = now
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        last_day = day if quiet_from < quiet_until else day + timedelta(days=1)
        begins = wall_clock_instant(day, quiet_from, zone)
        ends = wall_clock_instant(last_day, quiet_until, zone)
        if begins <= held < ends:
            held = ends
    return now if due_at is not None and due_at <= held else held


def next_digest(now: datetime, at: time, zone: tzinfo) -> datetime:
    """Return the first UTC instant after now at which the zone's clocks show the time; now itself never counts.

    On a day whose clocks leave the time out it is as much later as they were moved; where they show it twice,
    the first counts.
    """
    now = as_utc(now)
    today = now.astimezone(zone).date()
    instants = (wall_clock_instant(today + timedelta(days=days), at, zone) for days in range(3))
    return next(instant for instant in instants if instant > now)
