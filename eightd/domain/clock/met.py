"""What meets a milestone, and when it was first met (procedure 4 and 6).

A reply to the customer, the verdict and the closure answer what comes before them in the course as well: whoever
has the final report owes no preliminary one. An accepted discipline answers for itself alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum


class MetBy(StrEnum):
    """What a milestone asks for, in the order of the course."""

    D0_ACCEPTED = "d0_accepted"
    D1_ACCEPTED = "d1_accepted"
    D2_ACCEPTED = "d2_accepted"
    D3_ACCEPTED = "d3_accepted"
    INITIAL_REPLY = "initial_reply"
    D4_ACCEPTED = "d4_accepted"
    PRELIMINARY_ANALYSIS = "preliminary_analysis"
    D5_ACCEPTED = "d5_accepted"
    D6_ACCEPTED = "d6_accepted"
    D7_ACCEPTED = "d7_accepted"
    FINAL_REPORT = "final_report"
    VERDICT_ACCEPTED = "verdict_accepted"
    D8_ACCEPTED = "d8_accepted"
    CLOSED = "closed"


REPLIES = frozenset({MetBy.INITIAL_REPLY, MetBy.PRELIMINARY_ANALYSIS, MetBy.FINAL_REPORT})
"""What is sent to the customer; sendings are kept under these values."""

ACCEPTANCES = frozenset(one for one in MetBy if one.value[0] == "d" and one.value[1].isdigit())
"""The acceptance of a discipline, whose code the value begins with."""

_ORDER = {one: place for place, one in enumerate(MetBy)}

Happened = Iterable[tuple[MetBy, datetime]]
"""What happened in a complaint and when; the same thing may have happened more than once."""


def wanted_by(name: str) -> MetBy:
    """Return what meets a milestone of which nobody says so: the reply of its name, else the closure."""
    return MetBy(name) if name in REPLIES else MetBy.CLOSED


def answers(happened: MetBy, wanted: MetBy) -> bool:
    """Return whether what happened meets a milestone that asks for ``wanted``."""
    if happened in ACCEPTANCES:
        return happened is wanted
    return _ORDER[wanted] <= _ORDER[happened]


def first_met(wanted: MetBy, happened: Happened) -> datetime | None:
    """Return the earliest instant at which what is wanted had happened, None where it has not."""
    return min((at for one, at in happened if answers(one, wanted)), default=None)
