"""The frame around every verb: one transaction, done once per idempotency key."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Concatenate, ParamSpec

from eightd.persistence.unit_of_work import Order, UnitOfWork, Work, claim, settle

__all__ = ["Done", "Order", "verb"]

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb led to. ``replayed`` is True where the same order had been carried out before."""

    number: str = ""
    version: int = 0
    id: int = 0
    replayed: bool = False


def verb(
    name: str,
) -> Callable[[Callable[Concatenate[Work, P], Done]], Callable[Concatenate[UnitOfWork, Order, P], Done]]:
    """Make a function over ``Work`` a verb: opens, claims the key, carries out, settles, commits.

    The verb is called as ``submit(uow, order, number=…)``. A key that was claimed before answers
    with the earlier result and changes nothing. Any exception rolls everything back, the key too.
    """

    def wrap(
        carry_out: Callable[Concatenate[Work, P], Done],
    ) -> Callable[Concatenate[UnitOfWork, Order, P], Done]:
        @functools.wraps(carry_out)
        def run(uow: UnitOfWork, order: Order, /, *args: P.args, **kwargs: P.kwargs) -> Done:
            with uow.writing(order) as work:
                earlier = claim(work, name)
                if earlier is not None:
                    return Done(**{**earlier, "replayed": True})
                done = carry_out(work, *args, **kwargs)
                settle(work, asdict(done))
                return done

        return run

    return wrap
