"""Where the pieces of a return are, by the movements they made: none is lost and none is made (procedure 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eightd.domain.errors import ImplausibleError
from eightd.domain.returns.labels import PLACE_LABELS
from eightd.domain.returns.stages import Disposition, Place, ReturnStage
from eightd.domain.words import Phrase

OUTSIDE: frozenset[Place] = frozenset({Place.CUSTOMER, Place.SURPLUS})
"""Where pieces come from; they never go back there."""

GONE: frozenset[Place] = frozenset({Place.SCRAPPED, Place.SENT_BACK, Place.MISSING})
"""Where pieces end; they never leave again."""

HERE: tuple[Place, ...] = tuple(place for place in Place if place not in OUTSIDE | GONE)
"""Where pieces are while the plant answers for them, in the order of their course."""

NOT_THERE = Phrase(
    "ledger.not_there",
    "{quantity} pieces cannot leave “{place}”: {there} are there",
    "“{place}”只有 {there} 件，不能移出 {quantity} 件",
)
NO_SUCH_WAY = Phrase(
    "ledger.no_such_way", "Pieces never go from “{from_}” to “{to}”", "件不能从“{from_}”移到“{to}”"
)
NO_PIECES = Phrase("ledger.no_pieces", "A movement moves at least one piece", "每次移动至少一件")


@dataclass(frozen=True, slots=True)
class Movement:
    """So many pieces moved from one place to another by the step that leads to ``stage``."""

    stage: ReturnStage
    from_place: Place
    to_place: Place
    quantity: int
    disposition: Disposition | None = None
    note: str = ""


def balance(movements: Iterable[Movement]) -> Mapping[Place, int]:
    """Return how many pieces are at each place; those outside count negative what came from there.

    The sum over all places is always nought. Raises ImplausibleError for a movement of nothing, out of a place that
    holds too few at that moment, out of where pieces end, back to where they came from, or to where they are.
    """
    at: Counter[Place] = Counter(dict.fromkeys(Place, 0))
    for one in movements:
        _move(at, one)
    return dict(at)


def _move(at: Counter[Place], one: Movement) -> None:
    if one.quantity < 1:
        raise ImplausibleError(NO_PIECES.say())
    if one.from_place in GONE or one.to_place in OUTSIDE or one.from_place is one.to_place:
        from_, to = PLACE_LABELS[one.from_place].say(), PLACE_LABELS[one.to_place].say()
        raise ImplausibleError(NO_SUCH_WAY.say(from_=from_, to=to))
    if one.from_place not in OUTSIDE and at[one.from_place] < one.quantity:
        place = PLACE_LABELS[one.from_place].say()
        raise ImplausibleError(NOT_THERE.say(quantity=one.quantity, place=place, there=at[one.from_place]))
    at[one.from_place] -= one.quantity
    at[one.to_place] += one.quantity


def here(at: Mapping[Place, int]) -> int:
    """Return how many pieces the plant still answers for."""
    return sum(at[place] for place in HERE)


def entered(at: Mapping[Place, int]) -> int:
    """Return how many pieces ever came in, those found beyond what was received with them."""
    return -sum(at[place] for place in OUTSIDE)


def gone(at: Mapping[Place, int]) -> int:
    """Return how many pieces were scrapped, sent back or are missing."""
    return sum(at[place] for place in GONE)


@dataclass(frozen=True, slots=True)
class Held:
    """A return as its steps see it: where it stands, what was announced, every movement so far."""

    stage: ReturnStage
    announced: int
    movements: tuple[Movement, ...] = ()

    @property
    def at(self) -> Mapping[Place, int]:
        """Return how many pieces are at each place."""
        return balance(self.movements)
