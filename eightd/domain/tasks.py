"""The actions of D3, D5 and D7 as tasks that are owned, finished and verified (procedure 1, 7)."""

from __future__ import annotations

from enum import StrEnum


class TaskKind(StrEnum):
    """What an action is for: hold the problem, mend its cause, keep it from elsewhere."""

    INTERIM = "interim"
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class TaskState(StrEnum):
    """Where an action stands; one not verified as working is open again."""

    OPEN = "open"
    DONE = "done"
    VERIFIED = "verified"
    CANCELLED = "cancelled"  # its row left the discipline, or the complaint ended without it

    @property
    def is_owed(self) -> bool:
        """Return True while somebody still has to carry it out."""
        return self is TaskState.OPEN
