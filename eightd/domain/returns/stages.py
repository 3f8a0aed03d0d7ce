"""What a return is made of: its stages, where pieces can be, what is decided about them (procedure 8)."""

from __future__ import annotations

from enum import StrEnum


class ReturnKind(StrEnum):
    """Why pieces come back."""

    SAMPLE = "sample"  # 样品: asked for to analyse, its receipt starts the clocks
    GOODS = "goods"  # 客退品: what the customer gives back


class ReturnStage(StrEnum):
    """The course of a return."""

    ANNOUNCED = "announced"  # label printed, still on its way
    RECEIVED = "received"  # by sales, at least in part
    CHECKED = "checked"  # part, number and quantity, by warehouse / PMC
    BOOKED_IN = "booked_in"  # has a location
    DRAWN = "drawn"  # by production: being tested, bad pieces isolated
    COUNTED = "counted"  # phenomena and defects counted
    ANALYSED = "analysed"  # failure categories given by TE or PIE
    PLANNED = "planned"  # rework, repair, scrap or return as it is
    REWORKED = "reworked"  # results of the plan counted
    REDELIVERED = "redelivered"  # nothing is left here that should go back
    SETTLED = "settled"  # booked by finance
    CLOSED = "closed"
    CANCELLED = "cancelled"  # announced, and never came

    @property
    def is_open(self) -> bool:
        """Return False once nothing more is owed."""
        return self not in (ReturnStage.CLOSED, ReturnStage.CANCELLED)


class Place(StrEnum):
    """Where the pieces of a return are; the value is kept with every movement.

    Pieces enter from the customer and from ``SURPLUS`` only; they end scrapped, kept, sent back or missing.
    """

    CUSTOMER = "customer"  # outside: what was received comes from here
    SURPLUS = "surplus"  # outside: more were counted than were received
    ARRIVED = "arrived"
    CHECKED = "checked"
    WRONG_PART = "wrong_part"  # set aside: not the part that was announced
    STORED = "stored"
    DRAWN = "drawn"  # at production, in test or isolated
    TO_REWORK = "to_rework"
    TO_REPAIR = "to_repair"
    TO_SCRAP = "to_scrap"
    READY = "ready"  # may be sent back: reworked, repaired, or as it is
    KEPT = "kept"  # reference piece
    SCRAPPED = "scrapped"
    SENT_BACK = "sent_back"
    MISSING = "missing"  # fewer were counted than were received, with an explanation


class Disposition(StrEnum):
    """What is to become of pieces (procedure 8)."""

    REWORK = "rework"
    REPAIR = "repair"
    SCRAP = "scrap"
    RETURN_AS_IS = "return_as_is"
    KEEP = "keep"


class PieceVerdict(StrEnum):
    """What the test of one piece showed."""

    NG = "ng"
    OK = "ok"
    NTF = "ntf"  # no trouble found by the criteria agreed with the customer
    NOT_TESTED = "not_tested"
