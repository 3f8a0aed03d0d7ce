"""The frame around every verb: one transaction, done once per idempotency key."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Concatenate, ParamSpec

from eightd.domain.words import Phrase
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work, claim, settle
from eightd.usecases.errors import NotAllowed

__all__ = ["Done", "Order", "verb"]

P = ParamSpec("P")

KEY_OF_ANOTHER = Phrase(
    "verb.key_of_another",
    "This form was made for something else. Please load the page again.",
    "该表单的标识已用于其他操作, 请重新加载页面。",
)


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
    with the earlier result and changes nothing; one that was claimed for another verb is refused with
    NotAllowed, for nobody may be told "done" of what was not. Any exception rolls everything back, the
    key too.
    """

    def wrap(
        carry_out: Callable[Concatenate[Work, P], Done],
    ) -> Callable[Concatenate[UnitOfWork, Order, P], Done]:
        @functools.wraps(carry_out)
        def run(uow: UnitOfWork, order: Order, /, *args: P.args, **kwargs: P.kwargs) -> Done:
            with uow.writing(order) as work:
                earlier = claim(work, name)
                if earlier is not None:
                    if earlier.verb != name:
                        raise NotAllowed(KEY_OF_ANOTHER.say())
                    return Done(**{**earlier.result, "replayed": True})
                done = carry_out(work, *args, **kwargs)
                settle(work, asdict(done))
                return done

        return run

    return wrap
