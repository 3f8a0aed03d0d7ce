"""Bring a return as far as a test of its pages needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.stages import Disposition, PieceVerdict, ReturnKind, ReturnStage
from eightd.domain.returns.steps import Count, PlanEntry, Result
from eightd.usecases.returns.analyse import analyse_return
from eightd.usecases.returns.announce import ReturnEntry, announce_return
from eightd.usecases.returns.check import check_return
from eightd.usecases.returns.count import count_return
from eightd.usecases.returns.draw import draw_return
from eightd.usecases.returns.plan import plan_return
from eightd.usecases.returns.receive import receive_return
from eightd.usecases.returns.redeliver import redeliver_return
from eightd.usecases.returns.rework import record_rework
from eightd.usecases.returns.settle import settle_return
from eightd.usecases.returns.store import book_in
from tests import factories

S = ReturnStage


def announced(world: factories.World, *complaints: str, quantity: int = 20, **others: Any) -> str:
    """Announce a parcel for these complaints; return its number."""
    done = announce_return(
        world.services.uow,
        world.order("sales"),
        lines=tuple(ReturnEntry(number, quantity) for number in complaints),
        **{"kind": ReturnKind.GOODS, **others},
    )
    return done.number


def brought_to(world: factories.World, number: str, stage: ReturnStage, quantity: int = 20) -> int:
    """Bring an announced return so far, everything agreeing; return its version."""
    now = world.services.clock()
    steps: tuple[tuple[ReturnStage, str, Any, dict[str, Any]], ...] = (
        (S.RECEIVED, "sales", receive_return, {"received_at": now - timedelta(hours=1), "quantity": quantity}),
        (S.CHECKED, "warehouse", check_return, {"quantity": quantity}),
        (S.BOOKED_IN, "warehouse", book_in, {"location": "R2-B07"}),
        (S.DRAWN, "production", draw_return, {"quantity": quantity}),
        (S.COUNTED, "production", count_return, {"counts": (
            Count(DefectKind.FUNCTIONAL, "无输出", PieceVerdict.NG, quantity - 4),
            Count(None, "", PieceVerdict.NTF, 4),
        )}),
        (S.ANALYSED, "te", analyse_return, {"analysis": "C12", "ntf_criteria": "2 h at 55 °C", "categories": {}}),
        (S.PLANNED, "pie", plan_return, {"rows": (
            PlanEntry(Disposition.REWORK, quantity - 4, "replace C12", "PIE"),
            PlanEntry(Disposition.RETURN_AS_IS, 4),
        ), "promised_on": now.date() - timedelta(days=1)}),
        (S.REWORKED, "production", record_rework, {"results": (Result(Disposition.REWORK, quantity - 4, 0),)}),
        (S.REDELIVERED, "warehouse", redeliver_return, {"quantity": quantity, "sent_on": now.date()}),
        (S.SETTLED, "finance", settle_return, {"credit_number": "CN-1", "booked_on": now.date()}),
    )  # fmt: skip
    version = 1
    for reached, by, verb, arguments in steps:
        if list(S).index(reached) > list(S).index(stage):
            break
        version = verb(
            world.services.uow, world.order(by), number=number, version=version, **arguments
        ).version
    return version
