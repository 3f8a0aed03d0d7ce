"""The 5-Why tree of a cause, read from its list of steps (procedure 7, D4).

A list holds a tree from the top, each branch before the next; a step answers the nearest one above it that is
less deep. Whatever levels a list has, it is read as some tree: nothing that somebody typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eightd.domain.discipline.answers import Why

DEEPEST = 20
"""The deepest level a step may stand at, the first being 0."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step with its number (``1.2.1``), its level and the steps that answer it."""

    why: Why
    number: str
    level: int
    children: tuple[Step, ...] = ()


def levels(given: Iterable[int]) -> tuple[int, ...]:
    """Return levels that make a tree: the first is 0, none deeper than one below its predecessor or ``DEEPEST``.

    Levels that already do are returned as they are; impossible ones become the nearest possible.
    """
    made: list[int] = []
    for level in given:
        deepest = min(made[-1] + 1, DEEPEST) if made else 0
        made.append(max(0, min(level, deepest)))
    return tuple(made)


def numbers(given: Iterable[int]) -> tuple[str, ...]:
    """Return the number of each step for the levels of a list, such as ``1``, ``1.1``, ``1.2``, ``2``."""
    made = []
    counts: list[int] = []
    for level in levels(given):
        del counts[level + 1 :]
        if len(counts) == level:
            counts.append(0)
        counts[level] += 1
        made.append(".".join(map(str, counts)))
    return tuple(made)


def tree(whys: Sequence[Why]) -> tuple[Step, ...]:
    """Return the steps at the top, each with its branches; none for an empty list."""
    depths = levels(why.level for why in whys)
    return _steps(whys, numbers(depths), depths, 0, len(whys), 0)


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return a tree's steps as a list, each branch before the next."""
    return tuple(one for step in steps for one in (step, *in_order(step.children)))


def branches(steps: Iterable[Step]) -> tuple[tuple[Step, ...], ...]:
    """Return the ways from the top to each last step, in order."""
    ways: list[tuple[Step, ...]] = []
    for step in steps:
        below = branches(step.children)
        ways.extend((step, *way) for way in below)
        if not below:
            ways.append((step,))
    return tuple(ways)


def longest(whys: Sequence[Why]) -> tuple[Why, ...]:
    """Return the chain with the most steps, the first of equals; steps without a text do not count.

    A step without a text does not part the chain: what answers it still counts.
    """
    said = (tuple(step.why for step in way if step.why.text.strip()) for way in branches(tree(whys)))
    return max(said, key=len, default=())


def is_chain(whys: Sequence[Why]) -> bool:
    """Return whether every step answers the one before, without branches."""
    return levels(why.level for why in whys) == tuple(range(len(whys)))


def _steps(
    whys: Sequence[Why], numbered: Sequence[str], depths: Sequence[int], start: int, end: int, level: int
) -> tuple[Step, ...]:
    heads = [at for at in range(start, end) if depths[at] == level]
    return tuple(
        Step(whys[at], numbered[at], level, _steps(whys, numbered, depths, at + 1, following, level + 1))
        for at, following in zip(heads, [*heads[1:], end], strict=False)
    )
