"""The content of each discipline as frozen values: what is drafted, submitted, frozen and printed (procedure 7).

Every field may be empty: a draft is an answer too. What must be filled before an answer can be
submitted or accepted is decided by the gates, not here. ``*_on`` are plant-local dates,
``*_at`` aware instants, percentages 0–100, quantities in pieces.

Every row of a list carries a ``key`` that stays with it while rows are added, moved and removed, so that
two people's work can be merged, a translation keeps to its text and an action to its row. Keys are unique
within their list and say nothing else: equality leaves them aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from eightd.domain.complaint import DisciplineCode
from eightd.domain.words import Language


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


class FishboneState(StrEnum):
    """What became of a possible cause on the fishbone."""

    OPEN = "open"
    EXCLUDED = "excluded"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What every answer carries beside its content.

    ``written_in`` is the language its texts are typed in; ``translation`` holds the other language's by place;
    ``internal`` names the places that no customer reads. A place is a path such as ``our_words``,
    ``five_w2h/what``, ``causes/ab12/text`` or, a whole row, ``causes/ab12`` (see ``texts``).
    """

    written_in: Language = Language.ZH
    translation: Mapping[str, str] = field(default_factory=dict)
    internal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A row of a list."""

    key: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class EmergencyAnswer(Written):
    """D0: the symptom and what was done at once."""

    symptom: str = ""
    action: str = ""
    effect_percent: Decimal | None = None
    verified: str = ""
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TeamMember(Keyed):
    """One person of the 8D team."""

    name: str = ""
    department: str = ""
    function: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class TeamAnswer(Written):
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
class IsIsNot(Keyed):
    """One comparison: where the problem is and where it is not, what distinguishes and what changed."""

    dimension: Dimension = Dimension.WHAT
    is_: str = ""
    is_not: str = ""
    distinction: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class ProblemAnswer(Written):
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
class StockCheck(Keyed):
    """One place of the stock table."""

    place: StockPlace = StockPlace.CUSTOMER
    quantity: int | None = None
    checked: int | None = None
    ng: int | None = None
    on: date | None = None
    disposition: str = ""
    marking: str = ""


@dataclass(frozen=True, slots=True)
class ContainmentAction(Keyed):
    """One interim action of D3."""

    what: str = ""
    where: str = ""
    owner: str = ""
    from_on: date | None = None
    effect_percent: Decimal | None = None
    evidence: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContainmentAnswer(Written):
    """D3: suspect stock reconciled with what was delivered, and the interim actions."""

    delivered: int | None = None
    stock: tuple[StockCheck, ...] = ()
    unaccounted_reason: str = ""
    actions: tuple[ContainmentAction, ...] = ()
    first_clean_lot: str = ""


@dataclass(frozen=True, slots=True)
class FishboneCause(Keyed):
    """One possible cause; ``reason`` says why it is excluded, ``cause`` is the index of the root cause it became."""

    text: str = ""
    state: FishboneState = FishboneState.OPEN
    reason: str = ""
    cause: int | None = None


@dataclass(frozen=True, slots=True)
class Fishbone:
    """人 man, 机 machine, 料 material, 法 method, 环 environment, 测 measurement."""

    man: tuple[FishboneCause, ...] = ()
    machine: tuple[FishboneCause, ...] = ()
    material: tuple[FishboneCause, ...] = ()
    method: tuple[FishboneCause, ...] = ()
    environment: tuple[FishboneCause, ...] = ()
    measurement: tuple[FishboneCause, ...] = ()


@dataclass(frozen=True, slots=True)
class Why(Keyed):
    """One answer to "why?" in a tree listed from the top, each branch before the next.

    ``level`` is its depth, 0 for an answer to the symptom itself; a step answers the nearest one above it that is
    less deep. ``evidence`` is what shows it.
    """

    text: str = ""
    level: int = 0
    evidence: str = ""


def chain(*texts: str) -> tuple[Why, ...]:
    """Return whys without branches, each answering the one before."""
    return tuple(Why(text, level) for level, text in enumerate(texts))


@dataclass(frozen=True, slots=True)
class RootCause(Keyed):
    """One cause with its 5-Why tree; ``how`` says how it was verified or will be."""

    path: CausePath = CausePath.OCCURRENCE
    text: str = ""
    share_percent: Decimal | None = None
    state: CauseState = CauseState.HYPOTHESIS
    how: str = ""
    whys: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class CauseAnswer(Written):
    """D4: what changed before, the fishbone, the causes, the pieces without a fault found (NTF)."""

    changes_before: str = ""
    fishbone: Fishbone = field(default_factory=Fishbone)
    causes: tuple[RootCause, ...] = ()
    ntf_quantity: int | None = None
    ntf_text: str = ""


@dataclass(frozen=True, slots=True)
class CorrectiveAction(Keyed):
    """One chosen action; ``cause`` is the index of its cause in D4, from 0, None while not chosen."""

    cause: int | None = None
    action: str = ""
    error_proofing: str = ""
    proof: str = ""
    side_effects: str = ""
    owner: str = ""
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class ActionAnswer(Written):
    """D5: the options considered and the action chosen for every cause."""

    options_considered: str = ""
    actions: tuple[CorrectiveAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation(Keyed):
    """The proof that one action works; ``action`` is its index in D5, from 0.

    ``before_ng`` of ``before_size`` and ``after_ng`` of ``sample_size`` pieces are what ``before`` and ``after``
    say as numbers, where the proof counts pieces.
    """

    action: int | None = None
    done_on: date | None = None
    from_lot: str = ""
    how: str = ""
    sample_size: int | None = None
    window: str = ""
    before: str = ""
    after: str = ""
    before_ng: int | None = None
    before_size: int | None = None
    after_ng: int | None = None


@dataclass(frozen=True, slots=True)
class ValidationAnswer(Written):
    """D6: implementation and effectiveness, and the end of D3's interim action."""

    validations: tuple[Validation, ...] = ()
    interim_ended_on: date | None = None
    customer_confirmation: str = ""


@dataclass(frozen=True, slots=True)
class DocumentChange(Keyed):
    """One document revised, or ``none_reason`` why it was not."""

    type: DocumentType = DocumentType.PFMEA
    number: str = ""
    from_revision: str = ""
    to_revision: str = ""
    on: date | None = None
    owner: str = ""
    none_reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadAcross(Keyed):
    """One other product, line or plant looked at."""

    where: str = ""
    decision: str = ""
    owner: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class PreventionAnswer(Written):
    """D7: documents changed, read-across, lesson, advice to the system."""

    documents: tuple[DocumentChange, ...] = ()
    read_across: tuple[ReadAcross, ...] = ()
    lesson: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class CostLine(Keyed):
    """One cost of the case in its own currency (ISO 4217 code)."""

    kind: str = ""
    amount: Decimal | None = None
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class ClosureAnswer(Written):
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
