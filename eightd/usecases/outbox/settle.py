"""What follows when a relay has taken a delivery, or has given it up for good."""

from __future__ import annotations

from datetime import datetime

from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.messaging import DeliveryRow, OutsideMailRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.outside_mail import tell_writer
from eightd.usecases.replies.settle import reply_given_up, reply_taken


def taken(work: Work, row: DeliveryRow, at: datetime) -> None:
    """Let a reply that was taken meet its milestone; other deliveries need nothing more."""
    if row.reply_id is not None:
        reply_taken(work, work.session.get_one(ReplyRow, row.reply_id), at, row.last_error)


def given_up(work: Work, row: DeliveryRow, reason: str) -> None:
    """Tell those who wait for a mail to somebody outside that it will not arrive.

    Other dead deliveries wait for the administrator.
    """
    if row.reply_id is not None:
        reply_given_up(work, work.session.get_one(ReplyRow, row.reply_id), reason)
    if row.outside_mail_id is not None:
        tell_writer(work, work.session.get_one(OutsideMailRow, row.outside_mail_id), reason)
