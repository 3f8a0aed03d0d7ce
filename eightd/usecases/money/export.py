"""Allow and record an export of costs; the file itself is read afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from eightd.domain.authority import PlantSubject, may
from eightd.domain.events import EventTag
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.usecases.access import insist
from eightd.usecases.verb import Done, verb


def export_costs(
    uow: UnitOfWork, order: Order, *, plant_id: int, wanted: Mapping[str, str], language: Language
) -> Done:
    """Record that a plant's costs are exported, narrowed to what; whoever may not read them is refused, again too.

    Raises NotFound.
    """
    insist(may(order.actor, Action.READ_COSTS, PlantSubject(plant_id)))
    return _record(uow, order, wanted=wanted, language=language)


@verb("costs.export")
def _record(work: Work, *, wanted: Mapping[str, str], language: Language) -> Done:
    work.record(EventTag.COSTS_EXPORTED, new={"language": language.value, "filters": dict(wanted)})
    return Done()
