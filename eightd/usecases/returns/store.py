"""Book a return in: everything of the right part gets a location."""

from __future__ import annotations

from eightd.domain.returns import steps
from eightd.domain.workflow.actions import Action
from eightd.persistence.unit_of_work import Work
from eightd.usecases.returns.opening import insist_valid, lengths, open_return, take_step, taken
from eightd.usecases.verb import Done, verb


@verb("return.book_in")
def book_in(work: Work, *, number: str, version: int, location: str) -> Done:
    """Put what was checked in stock at the location. Raises Invalid by field."""
    opened = open_return(work, number, Action.BOOK_IN_RETURN, version=version)
    insist_valid(lengths({"location": location}))
    step = taken(steps.book_in(opened.held, location))
    opened.row.location = location.strip()
    return take_step(work, opened, step, new={"location": opened.row.location})
