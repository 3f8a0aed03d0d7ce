"""The cost of poor quality, added up: expected, actual, recovered, and what stays with us (procedure 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from eightd.domain.cost.kinds import CostKind, CostPhase, CostSide

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line adds, in the plant's currency."""

    kind: CostKind
    phase: CostPhase
    side: CostSide
    in_plant: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """Four sums in the plant's currency; recoveries count as what they take away."""

    planned: Decimal = _NOTHING
    actual: Decimal = _NOTHING
    recovery_planned: Decimal = _NOTHING
    recovered: Decimal = _NOTHING

    @property
    def net(self) -> Decimal:
        """Return what actually stays with us; less than zero where more was recovered than spent."""
        return self.actual - self.recovered

    @property
    def net_planned(self) -> Decimal:
        """Return what is expected to stay with us."""
        return self.planned - self.recovery_planned

    def __add__(self, other: Sums) -> Sums:
        """Add two together, column by column."""
        return Sums(
            self.planned + other.planned,
            self.actual + other.actual,
            self.recovery_planned + other.recovery_planned,
            self.recovered + other.recovered,
        )


def sums(entries: Iterable[Entry]) -> Sums:
    """Add up lines."""
    total = Sums()
    for one in entries:
        total += of(one)
    return total


def of(entry: Entry) -> Sums:
    """Return what one line adds to which sum."""
    amount = entry.in_plant
    if entry.side is CostSide.OURS:
        return Sums(planned=amount) if entry.phase is CostPhase.PLANNED else Sums(actual=amount)
    if entry.phase is CostPhase.PLANNED:
        return Sums(recovery_planned=amount)
    return Sums(recovered=amount)


def by_kind(entries: Iterable[Entry]) -> Mapping[CostKind, Sums]:
    """Add up lines by their kind, in the order of the kinds; a kind without lines is left out."""
    found: dict[CostKind, Sums] = {}
    for one in entries:
        found[one.kind] = found.get(one.kind, Sums()) + of(one)
    return {kind: found[kind] for kind in CostKind if kind in found}
