"""When the papers of a return may be printed."""

import pytest

from eightd.domain.returns.papers import ReturnPaper, unready
from eightd.domain.returns.stages import ReturnStage


@pytest.mark.parametrize(
    ("paper", "is_planned", "stage", "ready"),
    [
        (ReturnPaper.LABEL, False, ReturnStage.ANNOUNCED, True),
        (ReturnPaper.SHEET, False, ReturnStage.ANNOUNCED, True),
        (ReturnPaper.SHEET, True, ReturnStage.CLOSED, True),
        (ReturnPaper.REWORK_ORDER, False, ReturnStage.ANALYSED, False),
        (ReturnPaper.REWORK_ORDER, True, ReturnStage.PLANNED, True),
        (ReturnPaper.REWORK_ORDER, True, ReturnStage.CANCELLED, False),
    ],
)
def test_a_rework_order_wants_a_plan(paper, is_planned, stage, ready):
    assert (unready(paper, is_planned=is_planned, stage=stage) is None) is ready
