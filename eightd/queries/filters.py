"""What lists of complaints have in common: which part of all they are about, and when nothing is due."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

FAR = datetime(8000, 1, 1, tzinfo=UTC)
"""Nothing is due beyond: complaints whose open milestones all wait are sorted after this."""


class Extent(StrEnum):
    """Which part of all complaints a list is about."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"
