"""What pages show of suppliers' 8Ds: frozen values, made by ``cases``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.discipline.answers import Answer
from eightd.domain.messages import DeliveryState
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.suppliers.due import SupplierMilestone
from eightd.domain.suppliers.sharing import SharedFact
from eightd.domain.suppliers.taking import Offer
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome
from eightd.queries.header import HeaderView


@dataclass(frozen=True, slots=True)
class CaseOfComplaint:
    """One supplier's 8D in the list of a complaint's; ``level`` is 1 for our own supplier, 2 for its supplier."""

    number: str
    supplier_id: int
    supplier: str
    part: str
    phenomenon: str
    state: SupplierCaseState
    level: int
    due_at: datetime
    submitted_at: datetime | None
    score: int | None
    states: Mapping[DisciplineCode, DisciplineState]
    taken: int


@dataclass(frozen=True, slots=True)
class CasesOfComplaint:
    """Every supplier's 8D of a complaint, each chain together."""

    header: HeaderView
    cases: tuple[CaseOfComplaint, ...]
    outcomes: Mapping[Action, Outcome]


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that a supplier may see, or that it sent."""

    id: int
    filename: str
    media_type: str
    size: int
    caption: str
    code: DisciplineCode | None
    from_supplier: bool


@dataclass(frozen=True, slots=True)
class PromiseView:
    """Until when a milestone is wanted, the steps that led there in both languages, and when it was met."""

    milestone: SupplierMilestone
    due_at: datetime
    met_at: datetime | None
    because: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """One answer that was given, and what we said to it."""

    number: int
    by_name: str
    at: datetime
    verdict: str
    verdict_by: str
    verdict_at: datetime | None
    verdict_reason: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One discipline as we judge it: the newest answer given, what is missing or odd about it, its history."""

    code: DisciplineCode
    state: DisciplineState
    version: int
    answer: Answer | None
    missing: tuple[Any, ...]
    warnings: tuple[Any, ...]
    submissions: tuple[SubmissionView, ...]


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that was made."""

    id: int
    recipient: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str
    opened: int
    last_opened_at: datetime | None
    holds: bool


@dataclass(frozen=True, slots=True)
class LetterView:
    """A mail that was written to the supplier, and how far it came; ``by`` empty where the program wrote it."""

    subject: str
    recipients: tuple[str, ...]
    by: str
    at: datetime
    state: DeliveryState | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one supplier's 8D."""

    header: HeaderView
    id: int
    number: str
    version: int
    supplier_id: int
    supplier: str
    supplier_emails: str
    language: Language
    state: SupplierCaseState
    part: str
    phenomenon: str
    message: str
    asked: tuple[DisciplineCode, ...]
    due_at: datetime
    promises: tuple[PromiseView, ...]
    moved_to: datetime | None
    made_by: str
    made_at: datetime
    sent_at: datetime | None
    submitted_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str
    score: int | None
    score_note: str
    outcome_reason: str
    facts: tuple[SharedFact, ...]
    files: tuple[FileView, ...]
    answers: tuple[AnswerView, ...]
    offers: tuple[Offer, ...]
    links: tuple[LinkView, ...]
    letters: tuple[LetterView, ...]
    above: str
    below: tuple[str, ...]
    may_go_deeper: bool
    can_mail: bool
    outcomes: Mapping[Action, Outcome]

    @property
    def is_open(self) -> bool:
        """Return whether something is still asked of the supplier."""
        return self.state.is_open


@dataclass(frozen=True, slots=True)
class AskView:
    """What the form to ask a supplier offers."""

    header: HeaderView
    suppliers: tuple[tuple[int, str, bool], ...]
    facts: tuple[SharedFact, ...]
    files: tuple[FileView, ...]
    outcome: Outcome
