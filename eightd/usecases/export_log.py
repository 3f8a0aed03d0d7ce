"""Allow and record an export of the complaint log; the file itself is read afterwards (procedure 1 and 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eightd.domain.authority import may
from eightd.domain.events import EventTag
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.usecases.access import insist
from eightd.usecases.verb import Done, verb


def export_log(
    uow: UnitOfWork, order: Order, *, wanted: Mapping[str, str | Sequence[str]], language: Language
) -> Done:
    """Record that the log is exported, in which language and narrowed to what; the same order twice, once.

    Whoever may not export it any more is refused also when repeating an order. Raises NotFound.
    """
    insist(may(order.actor, Action.EXPORT_LOG))
    return _record(uow, order, wanted=wanted, language=language)


@verb("log.export")
def _record(work: Work, *, wanted: Mapping[str, str | Sequence[str]], language: Language) -> Done:
    filters = {name: value if isinstance(value, str) else list(value) for name, value in wanted.items()}
    work.record(EventTag.LOG_EXPORTED, new={"language": language.value, "filters": filters})
    return Done()
