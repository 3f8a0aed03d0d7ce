"""What a paper of a return says, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eightd.domain.returns.papers import ReturnPaper
from eightd.reporting.sheet.wording import Wording


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """One return of the parcel; the quantity is what was announced, in pieces."""

    number: str
    complaint: str
    customer_number: str
    part_number: str
    part_name: Wording
    quantity: int
    lots: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrived at one time."""

    at: datetime
    quantity: int
    cartons: int | None
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many pieces are at a place."""

    place: Wording
    quantity: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Two quantities that should agree; ``because`` says why they do not, empty where nobody has."""

    what: Wording
    expected: int
    actual: int
    because: Wording = Wording()

    @property
    def is_open(self) -> bool:
        """Return whether they differ and nobody has said why."""
        return self.expected != self.actual and self.because == Wording()


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of pieces."""

    at: datetime
    from_place: Wording
    to_place: Wording
    quantity: int
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many pieces show a phenomenon."""

    kind: Wording
    phenomenon: Wording
    verdict: Wording
    quantity: int
    category: Wording = Wording()


@dataclass(frozen=True, slots=True)
class ExaminedPiece:
    """The test of one piece."""

    position: int
    serial: str
    date_code: str
    phenomenon: str
    measured: str
    verdict: Wording
    category: Wording = Wording()


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to become of so many pieces, and what came of them so far."""

    disposition: Wording
    quantity: int
    how: str
    owner: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Shipment:
    """What was sent back at one time."""

    sent_on: date
    quantity: int
    carrier: str
    tracking: str
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """One return as it stands at ``at``; ``code`` is what the label's codes say.

    Quantities are in pieces; ``parcel_lines`` are all returns that share the parcel, this one among them.
    """

    paper: ReturnPaper
    number: str
    parcel: str
    code: str
    at: datetime
    zone: str
    plant: Wording
    address: Wording
    customer: Wording
    kind: Wording
    stage: Wording
    complaint: str
    customer_number: str
    part_number: str
    part_name: Wording
    announced: int
    announced_at: datetime
    announced_by: str
    parcel_lines: tuple[ParcelLine, ...]
    carrier: str = ""
    tracking: str = ""
    sender: str = ""
    enclose: str = ""
    expected_on: date | None = None
    promised_on: date | None = None
    location: str = ""
    found_part: str = ""
    analysis: str = ""
    ntf_criteria: str = ""
    steps: str = ""
    note: str = ""
    credit_number: str = ""
    booked_on: date | None = None
    arrivals: tuple[Arrival, ...] = ()
    standing: tuple[Standing, ...] = ()
    movements: tuple[Moved, ...] = ()
    counts: tuple[Counted, ...] = ()
    pieces: tuple[ExaminedPiece, ...] = ()
    plan: tuple[Planned, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    compared: tuple[Compared, ...] = ()
