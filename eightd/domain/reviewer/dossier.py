"""What the sceptical reviewer reads: the whole 8D as it stands, beside the facts of the complaint's header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from eightd.domain.complaint import DefectLine, Demand, DisciplineCode, Stage
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    ClosureAnswer,
    ContainmentAnswer,
    EmergencyAnswer,
    PreventionAnswer,
    ProblemAnswer,
    RootCause,
    TeamAnswer,
    ValidationAnswer,
)
from eightd.domain.discipline.texts import for_customers, texts
from eightd.domain.words import Language
from eightd.domain.workflow.form import form_in_force
from eightd.domain.workflow.snapshot import ComplaintSnapshot, ReportForm

_A = TypeVar(
    "_A",
    EmergencyAnswer,
    TeamAnswer,
    ProblemAnswer,
    ContainmentAnswer,
    CauseAnswer,
    ActionAnswer,
    ValidationAnswer,
    PreventionAnswer,
    ClosureAnswer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the header says; quantities in pieces, None where unknown; dates are the plant's.

    ``languages`` are those that the report goes out in, ``on`` is the day of the review.
    """

    received_on: date
    on: date
    delivered: int | None = None
    inspected: int | None = None
    complained: int | None = None
    lots: tuple[str, ...] = ()
    defects: tuple[DefectLine, ...] = ()
    demands: frozenset[Demand] = frozenset()
    languages: tuple[Language, ...] = ()

    def counts(self) -> frozenset[int]:
        """Return every number that may rightly be called the quantity defective: per line, phenomenon, kind, in all."""
        sums: dict[str, int] = {}
        for line in self.defects:
            for what in (line.phenomenon, f"{line.kind}:"):
                sums[what] = sums.get(what, 0) + line.quantity
        single = [line.quantity for line in self.defects]
        found = {*single, *sums.values(), sum(single), self.complained or 0}
        return frozenset(found - {0})

    def sizes(self) -> frozenset[int]:
        """Return every number that may rightly be called the quantity inspected."""
        found = {line.inspected for line in self.defects} | {self.inspected}
        return frozenset(size for size in found if size)

    def worst(self) -> int:
        """Return the quantity of the worst phenomenon, 0 where nothing was counted."""
        by_phenomenon: dict[str, int] = {}
        for line in self.defects:
            by_phenomenon[line.phenomenon] = by_phenomenon.get(line.phenomenon, 0) + line.quantity
        return max(by_phenomenon.values(), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Every answer as it stands, keyed, with the facts; ``short`` says that the short form is in force."""

    facts: Facts
    answers: Mapping[DisciplineCode, Answer] = field(default_factory=dict)
    stage: Stage = Stage.ANALYSING
    short: bool = False
    _read: dict[DisciplineCode, tuple[Mapping[str, str], Mapping[str, str]]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    @property
    def emergency(self) -> EmergencyAnswer:
        """D0, empty where nothing was written; so are all below."""
        return self._of(DisciplineCode.D0, EmergencyAnswer())

    @property
    def team(self) -> TeamAnswer:
        """D1."""
        return self._of(DisciplineCode.D1, TeamAnswer())

    @property
    def problem(self) -> ProblemAnswer:
        """D2."""
        return self._of(DisciplineCode.D2, ProblemAnswer())

    @property
    def containment(self) -> ContainmentAnswer:
        """D3."""
        return self._of(DisciplineCode.D3, ContainmentAnswer())

    @property
    def analysis(self) -> CauseAnswer:
        """D4."""
        return self._of(DisciplineCode.D4, CauseAnswer())

    @property
    def correction(self) -> ActionAnswer:
        """D5."""
        return self._of(DisciplineCode.D5, ActionAnswer())

    @property
    def validation(self) -> ValidationAnswer:
        """D6."""
        return self._of(DisciplineCode.D6, ValidationAnswer())

    @property
    def prevention(self) -> PreventionAnswer:
        """D7."""
        return self._of(DisciplineCode.D7, PreventionAnswer())

    @property
    def closure(self) -> ClosureAnswer:
        """D8."""
        return self._of(DisciplineCode.D8, ClosureAnswer())

    def causes(self) -> Iterator[tuple[int, RootCause]]:
        """Yield the named causes of D4, numbered from 1."""
        for number, cause in enumerate(self.analysis.causes, start=1):
            if cause.text.strip():
                yield number, cause

    def delivered(self) -> int | None:
        """Return the quantity delivered that D3 goes by, else the header's."""
        own = self.containment.delivered
        return self.facts.delivered if own is None else own

    def read_by_customers(self) -> Mapping[DisciplineCode, tuple[Mapping[str, str], Mapping[str, str]]]:
        """Return by discipline what a customer reads: the texts by place, and their translations by place.

        What is marked internal is left out, and so are the customer's own words.
        """
        if not self._read:
            for code, answer in self.answers.items():
                shown = for_customers(answer)
                said = texts(shown)
                said.pop("customer_words", None)
                self._read[code] = said, shown.translation
        return self._read

    def _of(self, code: DisciplineCode, otherwise: _A) -> _A:
        answer = self.answers.get(code)
        return answer if isinstance(answer, type(otherwise)) else otherwise


def dossier(
    snapshot: ComplaintSnapshot, facts: Facts, *, answers: Mapping[DisciplineCode, Answer] | None = None
) -> Dossier:
    """Return the 8D as it stands: the newest of each discipline, or ``answers`` as a reader sees them."""
    if answers is None:
        answers = {
            code: answer
            for code in DisciplineCode
            if (answer := snapshot.discipline(code).latest) is not None
        }
    return Dossier(
        facts=facts,
        answers=answers,
        stage=snapshot.stage,
        short=form_in_force(snapshot) is ReportForm.SHORT,
    )


def submitting(found: Dossier, code: DisciplineCode, answer: Answer) -> Dossier:
    """Return the dossier with this answer in the place of the stored one."""
    return replace(found, answers={**found.answers, code: answer})
