"""Make, renew and take away the secret address of a person's calendar feed."""

from __future__ import annotations

from eightd.persistence.unit_of_work import Work
from eightd.usecases.message_choices import own_messaging
from eightd.usecases.verb import Done, verb

PURPOSE = "feed"
"""What the address is signed for."""


@verb("account.renew_feed")
def renew_feed(work: Work, *, version: int) -> Done:
    """Make the feed's address, another one than ever before: every earlier one is void. Raises Stale."""
    row = own_messaging(work, version)
    row.feed_epoch = abs(row.feed_epoch) + 1
    row.version += 1
    work.record("account.feed_renewed", subject=work.order.actor_name)
    return Done(id=work.actor.id, version=row.version)


@verb("account.remove_feed")
def remove_feed(work: Work, *, version: int) -> Done:
    """Take the feed away; the epoch is kept below zero, so that no later address is an earlier one. Raises Stale."""
    row = own_messaging(work, version)
    if row.feed_epoch > 0:
        row.feed_epoch = -row.feed_epoch
        row.version += 1
        work.record("account.feed_removed", subject=work.order.actor_name)
    return Done(id=work.actor.id, version=row.version)
