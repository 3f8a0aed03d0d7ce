"""What a supplier may write by its link, and what its answer must hold: the content rules of our own 8D (procedure 6).

A supplier owns every discipline it is asked for. It writes while one is open, a draft or returned; what was submitted
waits for our verdict, what was accepted stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from eightd.domain.complaint import DisciplineCode, DisciplineState, Stage, Tier
from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.texts import texts
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.suppliers.due import SupplierMilestone
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.content import Finding, review
from eightd.domain.workflow.snapshot import ComplaintSnapshot, DisciplineSnapshot

FINISHED = Phrase(
    "supplier_door.finished",
    "This 8D was accepted as a whole. Nothing can be changed any more.",
    "本 8D 已整体接受，不能再修改。",
)
BEING_EXAMINED = Phrase(
    "supplier_door.being_examined",
    "This answer was submitted and is being examined. You can change it when it is returned to you.",
    "该答复已提交，正在审核。退回后方可修改。",
)
STANDS = Phrase(
    "supplier_door.stands",
    "This answer was accepted and can be changed no more.",
    "该答复已被接受，不能再修改。",
)
WRITABLE = frozenset({DisciplineState.OPEN, DisciplineState.DRAFT, DisciplineState.RETURNED})
"""States in which a supplier writes."""


def why_not_writable(case: SupplierCaseState, state: DisciplineState) -> Message | None:
    """Return why a supplier cannot write in a discipline now, None where it can."""
    if not case.is_open:
        return FINISHED.say()
    if state in WRITABLE:
        return None
    return (STANDS if state is DisciplineState.ACCEPTED else BEING_EXAMINED).say()


def findings(
    disciplines: Mapping[DisciplineCode, DisciplineSnapshot], code: DisciplineCode, answer: Answer | None
) -> tuple[Finding, ...]:
    """Return what is missing from a supplier's answer, held against its own other answers and never against ours."""
    return review(_alone(disciplines), code, answer)


def as_written(answer: Answer) -> Answer:
    """Return the answer as a supplier may give it: in the language in which it is written, nothing marked inside.

    Whatever holds a Chinese character counts as Chinese.
    """
    is_chinese = any("\u4e00" <= letter <= "\u9fff" for text in texts(answer).values() for letter in text)
    return replace(answer, written_in=Language.ZH if is_chinese else Language.EN, translation={}, internal=())


ANSWERED = frozenset({DisciplineState.SUBMITTED, DisciplineState.ACCEPTED})
"""States in which a supplier has done its part."""

_LAST: Mapping[SupplierMilestone, DisciplineCode] = {
    SupplierMilestone.CONTAINMENT: DisciplineCode.D3,
    SupplierMilestone.ANALYSIS: DisciplineCode.D4,
    SupplierMilestone.WHOLE: DisciplineCode.D8,
}


def is_met(milestone: SupplierMilestone, states: Mapping[DisciplineCode, DisciplineState]) -> bool:
    """Return whether everything asked for up to a milestone is answered, whatever we think of it."""
    return all(state in ANSWERED for code, state in states.items() if code <= _LAST[milestone])


def _alone(disciplines: Mapping[DisciplineCode, DisciplineSnapshot]) -> ComplaintSnapshot:
    """Return a complaint of which nothing is known but the supplier's answers; always the full form."""
    return ComplaintSnapshot(
        id=0,
        plant_id=0,
        customer_id=0,
        stage=Stage.ANALYSING,
        tier=Tier.MAJOR,
        version=0,
        received_at=datetime.min.replace(tzinfo=UTC),
        disciplines=disciplines,
    )
