"""What a complaint is made of: kinds, channels, defect lines, tiers, stages (procedure 2, 3 and 6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ComplaintKind(StrEnum):
    """What may be reported (procedure 2)."""

    LINE = "line"  # 0-km, at the customer's line
    FIELD = "field"
    RETURNED_GOODS = "returned_goods"  # 客退
    CLAIM = "claim"  # 索赔
    NEW_SAMPLE = "new_sample"  # 送样不合格
    LOGISTICS = "logistics"  # quantity, label, packaging, documents


class Channel(StrEnum):
    """How the complaint reached us (procedure 2)."""

    PHONE = "phone"
    EMAIL = "email"
    VISIT = "visit"
    PORTAL = "portal"
    INSTANT_MESSAGE = "instant_message"
    LETTER = "letter"


class Demand(StrEnum):
    """What the customer wants (procedure 2)."""

    RETURN = "return"
    REPLACEMENT = "replacement"
    CREDIT = "credit"
    EIGHT_D = "8d"
    EXPLANATION = "explanation"


class DefectKind(StrEnum):
    """The kind of a defect line; only the first two can raise the tier (procedure 3)."""

    FUNCTIONAL = "functional"
    APPEARANCE = "appearance"
    OTHER = "other"


class Tier(StrEnum):
    """客诉等级, from the gravest down (procedure 3)."""

    MAJOR = "major"
    GENERAL = "general"
    OTHER = "other"

    @property
    def rank(self) -> int:
        """Return 2 for major, 1 for general, 0 for other: higher is graver."""
        return _RANK[self]


HISTORY = "H"
"""Stands before a plant's prefix in the numbers of complaints that were brought in from an older log."""

_RANK = {Tier.MAJOR: 2, Tier.GENERAL: 1, Tier.OTHER: 0}


class Role(StrEnum):
    """Who a user is to a complaint (procedure 1); suppliers and customers have no account."""

    SALES = "sales"
    CQE = "cqe"
    PQE = "pqe"
    SQE = "sqe"
    TE = "te"
    PIE = "pie"
    RD = "rd"
    PRODUCTION = "production"
    WAREHOUSE = "warehouse"
    FINANCE = "finance"
    QUALITY_MANAGER = "quality_manager"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Stage(StrEnum):
    """The course of a complaint (procedure 6)."""

    REGISTERED = "registered"
    NOT_OURS = "not_ours"  # CQE found it is not ours: explanation being written
    NOT_OURS_APPROVED = "not_ours_approved"  # the quality manager approved; sales replies
    NEGOTIATING = "negotiating"  # replied "not ours", the customer has not accepted yet
    ANALYSING = "analysing"  # confirmed as ours, D0–D8 under way
    REPORTED = "reported"  # final report sent, waiting for the customer's verdict
    WATCHING = "watching"  # verdict accepted, effectiveness watch
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Return False once nothing more is owed: closed or cancelled."""
        return self not in (Stage.CLOSED, Stage.CANCELLED)


class DisciplineCode(StrEnum):
    """D0–D8."""

    D0 = "D0"
    D1 = "D1"
    D2 = "D2"
    D3 = "D3"
    D4 = "D4"
    D5 = "D5"
    D6 = "D6"
    D7 = "D7"
    D8 = "D8"


class DisciplineState(StrEnum):
    """How far one discipline is (procedure 6)."""

    OPEN = "open"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class DefectLine:
    """One counted phenomenon; quantities in pieces, ``inspected`` None where unknown (procedure 2)."""

    kind: DefectKind
    phenomenon: str
    quantity: int
    inspected: int | None = None


@dataclass(frozen=True, slots=True)
class Flags:
    """Circumstances that make a case major whatever the counts (procedure 3)."""

    penalty_triggered: bool = False
    ppm_exceeded: bool = False
    safety: bool = False
    line_stop: bool = False


@dataclass(frozen=True, slots=True)
class DefectCounts:
    """All that classification looks at: the lines, the complaint's own inspected quantity, the flags."""

    defects: tuple[DefectLine, ...] = ()
    quantity_inspected: int | None = None
    flags: Flags = field(default_factory=Flags)
