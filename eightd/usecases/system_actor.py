"""Who the program itself is when it acts on its own: raising alarms, reading mail, taking in official calendars."""

from __future__ import annotations

from datetime import datetime

from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.unit_of_work import Order

NAME = "EightD"
"""What the record calls the program; there is no account behind it."""

SYSTEM = Actor(id=0, roles=frozenset(), plants=frozenset())


def system_order(now: datetime) -> Order:
    """Return an order the program gives itself; doing it again finds what is left."""
    return Order(actor=SYSTEM, actor_name=NAME, key="", now=now)
