"""The content of each discipline as frozen values: what is drafted, submitted, frozen and printed (procedure 7).

Every field may be empty: a draft is an answer too. What must be filled before an answer can be
submitted or accepted is decided by the gates, not here. ``*_on`` are plant-local dates,
``*_at`` aware instants, percentages 0–100, quantities in pieces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from eightd.domain.complaint import DisciplineCode


class StockPlace(StrEnum):
    """Where pieces of the suspect population may be (procedure 7, D3)."""

    CUSTOMER = "customer"
    CUSTOMER_LINE = "customer_line"
    IN_TRANSIT = "in_transit"
    CONSUMED = "consumed"
    FIELD = "field"
    FINISHED_GOODS = "finished_goods"
    WIP = "wip"
    RAW_MATERIAL = "raw_material"
    SUPPLIER = "supplier"

    @property
    def is_delivered(self) -> bool:
        """Return True where the pieces had left the plant and so count towards the quantity delivered."""
        return self in _DELIVERED


_DELIVERED = frozenset(
    {
        StockPlace.CUSTOMER,
        StockPlace.CUSTOMER_LINE,
        StockPlace.IN_TRANSIT,
        StockPlace.CONSUMED,
        StockPlace.FIELD,
    }
)


class CausePath(StrEnum):
    """Why it happened, why it was not found, why the system allowed it (procedure 7, D4)."""

    OCCURRENCE = "occurrence"
    ESCAPE = "escape"
    SYSTEM = "system"


class CauseState(StrEnum):
    """Whether a cause is proven (can it be switched on and off) or still assumed."""

    VERIFIED = "verified"
    HYPOTHESIS = "hypothesis"


class Dimension(StrEnum):
    """The rows of IS / IS-NOT."""

    WHAT = "what"
    WHERE = "where"
    WHEN = "when"
    HOW_MANY = "how_many"


class DocumentType(StrEnum):
    """The documents D7 revises."""

    PFMEA = "pfmea"
    DFMEA = "dfmea"
    CONTROL_PLAN = "control_plan"
    WORK_INSTRUCTION = "work_instruction"
    DRAWING = "drawing"
    TRAINING = "training"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EmergencyAnswer:
    """D0: the symptom and what was done at once."""

    symptom: str = ""
    action: str = ""
    effect_percent: Decimal | None = None
    verified: str = ""
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One person of the 8D team."""

    name: str = ""
    department: str = ""
    function: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class TeamAnswer:
    """D1: champion, leader and members."""

    champion: str = ""
    leader: str = ""
    members: tuple[TeamMember, ...] = ()


@dataclass(frozen=True, slots=True)
class FiveWTwoH:
    """The 5W2H of the problem."""

    who: str = ""
    what: str = ""
    where: str = ""
    when: str = ""
    why: str = ""
    how: str = ""
    how_many: str = ""


@dataclass(frozen=True, slots=True)
class IsIsNot:
    """One comparison: where the problem is and where it is not, what distinguishes and what changed."""

    dimension: Dimension = Dimension.WHAT
    is_: str = ""
    is_not: str = ""
    distinction: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class ProblemAnswer:
    """D2: the problem in the customer's words and in ours."""

    customer_words: str = ""
    our_words: str = ""
    five_w2h: FiveWTwoH = field(default_factory=FiveWTwoH)
    is_is_not: tuple[IsIsNot, ...] = ()
    specification: str = ""
    actual: str = ""
    effect_customer: str = ""
    effect_end_user: str = ""
    history: str = ""
    other_parts: str = ""


@dataclass(frozen=True, slots=True)
class StockCheck:
    """One place of the stock table."""

    place: StockPlace = StockPlace.CUSTOMER
    quantity: int | None = None
    checked: int | None = None
    ng: int | None = None
    on: date | None = None
    disposition: str = ""
    marking: str = ""


@dataclass(frozen=True, slots=True)
class ContainmentAction:
    """One interim action of D3."""

    what: str = ""
    where: str = ""
    owner: str = ""
    from_on: date | None = None
    effect_percent: Decimal | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ContainmentAnswer:
    """D3: suspect stock reconciled with what was delivered, and the interim actions."""

    delivered: int | None = None
    stock: tuple[StockCheck, ...] = ()
    unaccounted_reason: str = ""
    actions: tuple[ContainmentAction, ...] = ()
    first_clean_lot: str = ""


@dataclass(frozen=True, slots=True)
class Fishbone:
    """人 man, 机 machine, 料 material, 法 method, 环 environment, 测 measurement."""

    man: tuple[str, ...] = ()
    machine: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    measurement: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RootCause:
    """One cause with its 5-Why chain; ``how`` says how it was verified or will be."""

    path: CausePath = CausePath.OCCURRENCE
    text: str = ""
    share_percent: Decimal | None = None
    state: CauseState = CauseState.HYPOTHESIS
    how: str = ""
    whys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CauseAnswer:
    """D4: what changed before, the fishbone, the causes, the pieces without a fault found (NTF)."""

    changes_before: str = ""
    fishbone: Fishbone = field(default_factory=Fishbone)
    causes: tuple[RootCause, ...] = ()
    ntf_quantity: int | None = None
    ntf_text: str = ""


@dataclass(frozen=True, slots=True)
class CorrectiveAction:
    """One chosen action; ``cause`` is the index of its cause in D4, from 0, None while not chosen."""

    cause: int | None = None
    action: str = ""
    error_proofing: str = ""
    proof: str = ""
    side_effects: str = ""
    owner: str = ""
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class ActionAnswer:
    """D5: the options considered and the action chosen for every cause."""

    options_considered: str = ""
    actions: tuple[CorrectiveAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation:
    """The proof that one action works; ``action`` is its index in D5, from 0."""

    action: int | None = None
    done_on: date | None = None
    from_lot: str = ""
    how: str = ""
    sample_size: int | None = None
    window: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ValidationAnswer:
    """D6: implementation and effectiveness, and the end of D3's interim action."""

    validations: tuple[Validation, ...] = ()
    interim_ended_on: date | None = None
    customer_confirmation: str = ""


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """One document revised, or ``none_reason`` why it was not."""

    type: DocumentType = DocumentType.PFMEA
    number: str = ""
    from_revision: str = ""
    to_revision: str = ""
    on: date | None = None
    owner: str = ""
    none_reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadAcross:
    """One other product, line or plant looked at."""

    where: str = ""
    decision: str = ""
    owner: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class PreventionAnswer:
    """D7: documents changed, read-across, lesson, advice to the system."""

    documents: tuple[DocumentChange, ...] = ()
    read_across: tuple[ReadAcross, ...] = ()
    lesson: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One cost of the case in its own currency (ISO 4217 code)."""

    kind: str = ""
    amount: Decimal | None = None
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class ClosureAnswer:
    """D8: results of the watch, cost, thanks. The verdict and the closing date belong to the complaint."""

    watch: str = ""
    cost: tuple[CostLine, ...] = ()
    thanks: str = ""


Answer: TypeAlias = (
    EmergencyAnswer
    | TeamAnswer
    | ProblemAnswer
    | ContainmentAnswer
    | CauseAnswer
    | ActionAnswer
    | ValidationAnswer
    | PreventionAnswer
    | ClosureAnswer
)

ANSWER_TYPES: dict[DisciplineCode, type[Answer]] = {
    DisciplineCode.D0: EmergencyAnswer,
    DisciplineCode.D1: TeamAnswer,
    DisciplineCode.D2: ProblemAnswer,
    DisciplineCode.D3: ContainmentAnswer,
    DisciplineCode.D4: CauseAnswer,
    DisciplineCode.D5: ActionAnswer,
    DisciplineCode.D6: ValidationAnswer,
    DisciplineCode.D7: PreventionAnswer,
    DisciplineCode.D8: ClosureAnswer,
}
