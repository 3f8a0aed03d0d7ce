"""The state of a complaint as the rules see it: loaded once, decided on, never changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage, Tier
from eightd.domain.discipline.answers import Answer


class Origin(StrEnum):
    """The suspected origin, which says who leads the analysis (procedure 5)."""

    FUNCTIONAL = "functional"
    PROCESS = "process"
    APPEARANCE = "appearance"
    DESIGN = "design"
    MATERIAL = "material"


class ReportForm(StrEnum):
    """Full 8D, or the short form allowed for tier other (procedure 6)."""

    FULL = "full"
    SHORT = "short"


class ReportKind(StrEnum):
    """What an issued revision is: preliminary after D3 or D4, final after D7."""

    INITIAL = "initial"
    PRELIMINARY = "preliminary"
    FINAL = "final"


class VerdictResult(StrEnum):
    """What the customer said to the final report."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to do something. ``customers`` None means every customer of the actor's plants.

    ``deputy_for`` holds the ids of absent users for whom the actor stands in at this moment.
    """

    id: int
    roles: frozenset[Role]
    plants: frozenset[int]
    customers: frozenset[int] | None = None
    deputy_for: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DisciplineSnapshot:
    """One discipline: its state, owner, the draft and the answer last accepted (None if never).

    ``submitted_by_id`` is who submitted last, not always the owner: accepting D4–D7 takes another person.
    """

    code: DisciplineCode
    state: DisciplineState = DisciplineState.OPEN
    owner_id: int | None = None
    draft: Answer | None = None
    submitted: Answer | None = None
    accepted: Answer | None = None
    submitted_by_id: int | None = None

    @property
    def latest(self) -> Answer | None:
        """Return what a reader should see: the draft if newer, else submitted, else accepted."""
        if self.state in (DisciplineState.DRAFT, DisciplineState.RETURNED):
            return self.draft or self.submitted
        return self.accepted if self.state is DisciplineState.ACCEPTED else self.submitted


@dataclass(frozen=True, slots=True)
class ComplaintSnapshot:
    """Everything the rules ask about one complaint.

    ``answered_by`` is the number of the complaint whose 8D answers this one too: the disciplines are that one's then;
    empty where it has an 8D of its own. ``leads`` says that its own 8D answers others. ``explanation_proven`` says
    that the newest explanation names its evidence or why there is none.
    """

    id: int
    plant_id: int
    customer_id: int
    stage: Stage
    tier: Tier
    version: int
    received_at: datetime
    form: ReportForm = ReportForm.FULL
    origin: Origin | None = None
    ours: bool | None = None
    sample_needed: bool | None = None
    sample_received_at: datetime | None = None
    confirmed_at: datetime | None = None
    initial_reply_sent_at: datetime | None = None
    preliminary_sent_at: datetime | None = None
    final_sent_at: datetime | None = None
    verdict: VerdictResult | None = None
    clock_stopped: bool = False
    customer_demands_eight_d: bool = False
    assigned: Mapping[Role, int] = field(default_factory=dict)
    disciplines: Mapping[DisciplineCode, DisciplineSnapshot] = field(default_factory=dict)
    has_not_ours_explanation: bool = False
    explanation_proven: bool = False
    answered_by: str = ""
    leads: bool = False
    issued: frozenset[ReportKind] = frozenset()

    def discipline(self, code: DisciplineCode) -> DisciplineSnapshot:
        """Return the discipline, open and unowned if nothing was ever recorded."""
        return self.disciplines.get(code) or DisciplineSnapshot(code)
