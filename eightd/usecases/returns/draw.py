"""Draw pieces of a return from stock for testing; more may follow."""

from __future__ import annotations

from eightd.domain.returns import steps
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.returns.opening import open_return, take_step, taken
from eightd.usecases.verb import Done, verb


@verb("return.draw")
def draw_return(work: Work, *, number: str, version: int, quantity: int) -> Done:
    """Draw so many pieces. Raises Invalid where fewer are in stock."""
    opened = open_return(work, number, Action.DRAW_RETURN, version=version)
    step = taken(steps.draw(opened.held, quantity))
    return take_step(work, opened, step, new={"pieces": quantity})
