"""The course of a return as a table (procedure 8); what is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping

from eightd.domain.returns.stages import ReturnStage
from eightd.domain.workflow.actions import Action

_S = ReturnStage
_ARRIVING = (_S.ANNOUNCED, _S.RECEIVED)
_TESTED = (_S.DRAWN, _S.COUNTED, _S.ANALYSED)
_HERE = (_S.CHECKED, _S.BOOKED_IN, *_TESTED, _S.PLANNED, _S.REWORKED)
_OPEN = tuple(stage for stage in ReturnStage if stage.is_open)

RETURN_TRANSITIONS: Mapping[tuple[ReturnStage, Action], ReturnStage] = {
    **{(stage, Action.CHANGE_RETURN): stage for stage in _OPEN},
    **{(stage, Action.RECEIVE_RETURN): _S.RECEIVED for stage in _ARRIVING},  # a parcel may come in parts
    (_S.ANNOUNCED, Action.CANCEL_RETURN): _S.CANCELLED,
    (_S.RECEIVED, Action.CHECK_RETURN): _S.CHECKED,
    (_S.CHECKED, Action.BOOK_IN_RETURN): _S.BOOKED_IN,
    **{(stage, Action.RECOUNT_RETURN): stage for stage in _HERE},
    **{(stage, Action.DRAW_RETURN): _S.DRAWN for stage in (_S.BOOKED_IN, *_TESTED)},  # more may be drawn
    **{(stage, Action.RECORD_PIECES): stage for stage in _TESTED},
    **{(stage, Action.COUNT_RETURN): _S.COUNTED for stage in _TESTED},  # counted again after more was tested
    (_S.COUNTED, Action.ANALYSE_RETURN): _S.ANALYSED,
    (_S.ANALYSED, Action.ANALYSE_RETURN): _S.ANALYSED,
    **{
        (stage, Action.PLAN_RETURN): _S.PLANNED
        for stage in (_S.BOOKED_IN, _S.ANALYSED, _S.PLANNED, _S.REWORKED)
    },  # what nobody tests is planned as it was booked in
    (_S.PLANNED, Action.RECORD_REWORK): _S.REWORKED,  # once everything planned has its result
    (_S.PLANNED, Action.REDELIVER_RETURN): _S.PLANNED,  # what is ready need not wait for the others
    (_S.REWORKED, Action.REDELIVER_RETURN): _S.REDELIVERED,  # once nothing is left
    (_S.REDELIVERED, Action.SETTLE_RETURN): _S.SETTLED,
    (_S.SETTLED, Action.CLOSE_RETURN): _S.CLOSED,
}
"""Where an action leads from each stage once it is complete; while something is left, the return stays where it is."""

RETURN_ACTIONS: frozenset[Action] = frozenset(action for _, action in RETURN_TRANSITIONS)
"""Actions on one return; announcing makes one."""

__all__ = ["RETURN_ACTIONS", "RETURN_TRANSITIONS"]
