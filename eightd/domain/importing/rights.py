"""Who may bring in what, and how far a file is."""

from __future__ import annotations

from enum import StrEnum

from eightd.domain.authority import PlantSubject, may
from eightd.domain.importing.fields import Target
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed
from eightd.domain.workflow.snapshot import Actor


class RunState(StrEnum):
    """How far a file is."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    CARRYING_OUT = "carrying_out"
    FINISHED = "finished"
    FAILED = "failed"


AT_WORK = (RunState.CHECKING.value, RunState.CARRYING_OUT.value)
"""States in which the worker has something to do."""

_ACTIONS = {Target.LOG: Action.IMPORT_LOG, Target.SUPPLIERS: Action.KEEP_SUPPLIERS}


def may_bring_in(actor: Actor, target: Target, plant_id: int | None = None) -> bool:
    """Return whether the actor may bring this in, to a plant where one is named.

    Whoever is limited to some customers may not: a file says of all of them.
    """
    action = _ACTIONS.get(target, Action.ADMINISTER)
    subject = None if plant_id is None else PlantSubject(plant_id)
    return actor.customers is None and isinstance(may(actor, action, subject), Allowed)
