"""Allow and record an export of the return log; the file itself is read afterwards (procedure 1 and 9)."""

from __future__ import annotations

from collections.abc import Mapping

from eightd.domain.authority import may
from eightd.domain.events import EventTag
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.usecases.access import insist
from eightd.usecases.verb import Done, verb


def export_returns(uow: UnitOfWork, order: Order, *, wanted: Mapping[str, str], language: Language) -> Done:
    """Record that the log is exported, in which language and narrowed to what; the same order twice, once.

    Whoever sees returns may export those. Whoever may not any more is refused also when repeating an order.
    Raises NotFound.
    """
    insist(may(order.actor, Action.VIEW))
    return _record(uow, order, wanted=wanted, language=language)


@verb("returns.export")
def _record(work: Work, *, wanted: Mapping[str, str], language: Language) -> Done:
    work.record(EventTag.RETURNS_EXPORTED, new={"language": language.value, "filters": dict(wanted)})
    return Done()
