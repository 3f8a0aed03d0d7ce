"""A supplier's own 8D: its states (procedure 1: SQE; the supplier has a signed link, no account)."""

from __future__ import annotations

from enum import StrEnum

from eightd.domain.complaint import DisciplineCode


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


ASKED_BY_DEFAULT: tuple[DisciplineCode, ...] = tuple(code for code in DisciplineCode if code.value != "D0")
"""What a supplier is asked to answer unless the SQE asks for less."""
