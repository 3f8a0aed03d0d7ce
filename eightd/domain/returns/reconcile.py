"""Whether the quantities of a return agree from step to step, and what explains where they do not (procedure 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eightd.domain.returns.labels import PLACE_LABELS
from eightd.domain.returns.ledger import Held, Movement, balance, entered, gone, here
from eightd.domain.returns.stages import Place, ReturnStage
from eightd.domain.words import Message, Phrase

ANNOUNCED_RECEIVED = Phrase(
    "reconcile.announced_received", "Announced – received so far", "预告数 – 已签收数"
)
ANNOUNCED_FOUND = Phrase(
    "reconcile.announced_found",
    "Announced – right part found, with the rest that comes",
    "预告数 – 核对正确数（含后到余数）",
)
RECEIVED_FOUND = Phrase("reconcile.received_found", "Received – counted at the check", "签收数 – 核对清点数")
DRAWN_COUNTED = Phrase(
    "reconcile.drawn_counted", "Drawn for testing – counted by phenomenon", "领料测试数 – 现象统计数"
)
COUNTED_AGAIN = Phrase("reconcile.counted_again", "Counted again: {place}", "重新清点：{place}")
IN_OUT = Phrase(
    "reconcile.in_out",
    "Came in – here, sent back, scrapped or missing",
    "累计收入 – 在厂、已交付、报废与短缺之和",
)
REST_WITH = Phrase("reconcile.rest_with", "The rest comes with {returns}", "余数随 {returns} 到货")
REST_GIVEN_UP = Phrase(
    "reconcile.rest_given_up", "The rest does not come: {reason}", "余数不再寄来：{reason}"
)
COUNTED_NEXT = Phrase(
    "reconcile.counted_next", "Drawn or corrected since: counted next", "此后又有领料或更正，待重新统计"
)
STILL_COMING = Phrase("reconcile.still_coming", "Explained when the parcel is checked", "核对包裹时予以说明")
SAID = Phrase("reconcile.said", "{because}", "{because}")


@dataclass(frozen=True, slots=True)
class Rest:
    """The return that brings what was missing of another one; ``given_up`` why it was cancelled, else empty."""

    number: str
    announced: int
    given_up: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Two quantities that should agree; ``explained`` also where they do, ``because`` says why they do not."""

    label: Message
    expected: int
    actual: int
    explained: bool
    because: Message | None = None

    @property
    def difference(self) -> int:
        """Return how many more there are than expected, negative for fewer."""
        return self.actual - self.expected


def reconcile(
    held: Held, *, because: str, counted: int | None, rests: Sequence[Rest] = ()
) -> tuple[Line, ...]:
    """Return what is compared so far, in the order of the course.

    ``because`` is what the check said of a difference, ``counted`` the sum of the counts by phenomenon, None before
    there are any. A return that is cancelled or not received has nothing to compare.
    """
    if not held.movements:
        return ()
    at = held.at
    lines = list(_check_lines(held, because.strip(), rests))
    if counted is not None:
        again = COUNTED_NEXT.say() if held.stage is ReturnStage.DRAWN else None
        lines.append(_line(DRAWN_COUNTED.say(), _drawn(held.movements), counted, again))
    lines.extend(_again(held.movements))
    lines.append(_line(IN_OUT.say(), entered(at), here(at) + gone(at)))
    return tuple(lines)


def unexplained(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines that do not agree and that nobody has explained."""
    return tuple(line for line in lines if not line.explained)


def _line(label: Message, expected: int, actual: int, because: Message | None = None) -> Line:
    agrees = expected == actual
    return Line(label, expected, actual, agrees or because is not None, None if agrees else because)


def _drawn(movements: Sequence[Movement]) -> int:
    """Return how many pieces were tested, corrections included; where they went afterwards does not matter."""
    drawn = sum(one.quantity for one in movements if one.to_place is Place.DRAWN)
    lost = sum(
        one.quantity for one in movements if (one.from_place, one.to_place) == (Place.DRAWN, Place.MISSING)
    )
    return drawn - lost


def _moved(movements: Sequence[Movement], stage: ReturnStage, *ways: tuple[Place, Place]) -> int:
    return sum(
        one.quantity for one in movements if one.stage is stage and (one.from_place, one.to_place) in ways
    )


def _check_lines(held: Held, because: str, rests: Sequence[Rest]) -> Iterator[Line]:
    moved = held.movements
    received = _moved(moved, ReturnStage.RECEIVED, (Place.CUSTOMER, Place.ARRIVED))
    if held.stage is ReturnStage.RECEIVED:
        differs = received != held.announced
        yield Line(
            ANNOUNCED_RECEIVED.say(),
            held.announced,
            received,
            explained=True,
            because=STILL_COMING.say() if differs else None,
        )
        return
    right = _moved(moved, ReturnStage.CHECKED, (Place.ARRIVED, Place.CHECKED))
    wrong = _moved(moved, ReturnStage.CHECKED, (Place.ARRIVED, Place.WRONG_PART))
    said = SAID.say(because=because) if because else None
    rest = sum(one.announced for one in rests if not one.given_up)
    yield _line(ANNOUNCED_FOUND.say(), held.announced, right + rest, _of_rests(rests) or said)
    yield _line(RECEIVED_FOUND.say(), received, right + wrong, said)


def _of_rests(rests: Sequence[Rest]) -> Message | None:
    if not rests:
        return None
    given_up = [one.given_up for one in rests if one.given_up]
    if given_up:
        return REST_GIVEN_UP.say(reason="; ".join(given_up))
    return REST_WITH.say(returns=", ".join(one.number for one in rests))


def _again(movements: Sequence[Movement]) -> Iterator[Line]:
    """Tell every count that was corrected, with the quantity before and after."""
    for position, one in enumerate(movements):
        at_check = Place.ARRIVED in (one.from_place, one.to_place)
        if at_check or (one.from_place is not Place.SURPLUS and one.to_place is not Place.MISSING):
            continue
        place = one.to_place if one.from_place is Place.SURPLUS else one.from_place
        before = balance(movements[:position])[place]
        change = one.quantity if place is one.to_place else -one.quantity
        yield _line(
            COUNTED_AGAIN.say(place=PLACE_LABELS[place].say()),
            before,
            before + change,
            SAID.say(because=one.note),
        )
