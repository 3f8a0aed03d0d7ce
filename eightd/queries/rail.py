"""The nine disciplines of one complaint at a glance: state, owner, what is missing, and when they are due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.words import Message
from eightd.domain.workflow.content import blocking, review, warning
from eightd.domain.workflow.form import owed_disciplines
from eightd.persistence.repositories import rules
from eightd.queries.case import Case
from eightd.queries.deadlines import stored_deadlines


@dataclass(frozen=True, slots=True)
class DueView:
    """The milestone that a discipline belongs to, its date that is judged, and when it was met."""

    milestone: str
    title: Message
    due_at: datetime | None
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class StandingView:
    """How one discipline stands; ``due`` None where no milestone asks for it."""

    missing: int
    to_check: int
    due: DueView | None


@dataclass(frozen=True, slots=True)
class ProgressView:
    """How many of the disciplines owed are accepted."""

    accepted: int
    owed: int

    @property
    def percent(self) -> int:
        """Return the part that is accepted, rounded down."""
        return 100 * self.accepted // self.owed if self.owed else 0


def standings(session: Session, case: Case) -> Mapping[DisciplineCode, StandingView]:
    """Return how each discipline stands, in two statements. Dates are as last kept, not computed."""
    stored = stored_deadlines(session, case)
    by_code: dict[DisciplineCode, DueView] = {}
    for spec in rules.profile_at(session, case.row.profile).milestones:
        row = stored.get(spec.name)
        if row is None:
            continue
        judged = row.due_at if case.customer.accepts_stops else row.contractual_due_at
        for code in spec.disciplines:
            by_code.setdefault(code, DueView(spec.name, spec.title, judged, row.met_at))
    return {code: _standing(case, code, by_code.get(code)) for code in DisciplineCode}


def progress(case: Case) -> ProgressView:
    """Return how far the disciplines that must be accepted have come."""
    owed = owed_disciplines(case.snapshot)
    accepted = sum(case.shown_state(code) is DisciplineState.ACCEPTED for code in owed)
    return ProgressView(accepted, len(owed))


def _standing(case: Case, code: DisciplineCode, due: DueView | None) -> StandingView:
    answer = case.released(code)
    if answer is None or not case.drafts or case.shown_state(code) is DisciplineState.ACCEPTED:
        return StandingView(0, 0, due)
    found = review(case.snapshot, code, answer)
    return StandingView(len(blocking(found)), len(warning(found)), due)
