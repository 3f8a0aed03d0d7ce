"""Correct how many pieces of a return lie at a place to what was counted there, with the reason."""

from __future__ import annotations

from eightd.domain.returns import steps
from eightd.domain.returns.stages import Place
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.returns.opening import insist_valid, lengths, open_return, take_step, taken
from eightd.usecases.verb import Done, verb


@verb("return.recount")
def recount_return(
    work: Work, *, number: str, version: int, place: Place, quantity: int, because: str
) -> Done:
    """Let a place hold as many pieces as were counted there; what is fewer is missing, what is more came with it.

    Raises Invalid by field, also where nothing differs.
    """
    opened = open_return(work, number, Action.RECOUNT_RETURN, version=version)
    insist_valid(lengths({"because": because}))
    step = taken(steps.recount(opened.held, place=place, quantity=quantity, because=because))
    return take_step(
        work,
        opened,
        step,
        old={"pieces": opened.held.at[place]},
        new={"place": place.value, "pieces": quantity, "because": because.strip()},
    )
