"""A supplier's own 8D: its states, what it is asked for, its number (procedure 1: SQE; the supplier has a link)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.words import Message, Phrase


class SupplierCaseState(StrEnum):
    """How far a supplier's 8D is."""

    OPEN = "open"  # prepared or sent, nothing submitted yet
    SUBMITTED = "submitted"  # every discipline asked for is submitted or accepted
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Return False once nothing more is asked of the supplier."""
        return self not in (SupplierCaseState.ACCEPTED, SupplierCaseState.CANCELLED)


_D = DisciplineCode

ASKED_BY_DEFAULT: tuple[DisciplineCode, ...] = (_D.D1, _D.D2, _D.D3, _D.D4, _D.D5, _D.D6, _D.D7)
"""What a supplier is asked to answer unless the SQE asks for more or less."""

BUILDS_ON: Mapping[DisciplineCode, DisciplineCode] = {_D.D5: _D.D4, _D.D6: _D.D5}
"""Actions answer causes and proofs answer actions: neither can be asked for without the other."""

NOTHING_ASKED = Phrase(
    "supplier.nothing_asked", "Please ask for at least one discipline", "请至少选择一个步骤"
)
BUILDS = Phrase(
    "supplier.builds",
    "{code} builds on {other}: please ask for both",
    "{code} 以 {other} 为基础，请同时要求",
)

_LEVELS = 3
"""How deep a chain of suppliers may go: the supplier, its supplier, and that one's."""


def wrong_with_asked(asked: Collection[DisciplineCode]) -> Message | None:
    """Return why a supplier cannot be asked for these disciplines, None where it can."""
    if not asked:
        return NOTHING_ASKED.say()
    for code, other in BUILDS_ON.items():
        if code in asked and other not in asked:
            return BUILDS.say(code=code.value, other=other.value)
    return None


def state_after(states: Iterable[DisciplineState]) -> SupplierCaseState:
    """Return the state of an open case whose disciplines stand so; nobody but a person accepts the whole."""
    answered = {DisciplineState.SUBMITTED, DisciplineState.ACCEPTED}
    return SupplierCaseState.SUBMITTED if set(states) <= answered else SupplierCaseState.OPEN


def case_number(above: str, known: Collection[str], *, chained: bool) -> str:
    """Return the next number below a complaint's, or where ``chained`` below a supplier case's.

    ``known`` are the numbers already given there; none is given twice.
    """
    before = f"{above}." if chained else f"{above}-S"
    used = [int(rest) for one in known if (rest := one.removeprefix(before)) != one and rest.isdigit()]
    return f"{before}{max(used, default=0) + 1}"


def level_of(number: str) -> int:
    """Return how far down the chain a case stands: 1 for our own supplier's."""
    return number.rpartition("-S")[2].count(".") + 1


def may_go_deeper(number: str) -> bool:
    """Return whether a case may have one below it."""
    return level_of(number) < _LEVELS
