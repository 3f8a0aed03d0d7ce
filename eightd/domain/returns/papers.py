"""The papers of a return and when each may be printed (procedure 8 and 9)."""

from __future__ import annotations

from enum import StrEnum

from eightd.domain.returns.stages import ReturnStage
from eightd.domain.words import Message, Phrase

NO_PLAN = Phrase(
    "return_paper.no_plan",
    "There is nothing to rework before a plan says what becomes of the pieces",
    "制定处理计划后才有返工单",
)


class ReturnPaper(StrEnum):
    """A paper; the value is the folder under ``reports/`` that lays it out."""

    LABEL = "return_label"
    SHEET = "return_sheet"
    REWORK_ORDER = "rework_order"


def unready(paper: ReturnPaper, *, is_planned: bool, stage: ReturnStage) -> Message | None:
    """Return why the paper cannot be printed now, None where it can; a cancelled return has no rework order."""
    if paper is ReturnPaper.REWORK_ORDER and (not is_planned or stage is ReturnStage.CANCELLED):
        return NO_PLAN.say()
    return None
