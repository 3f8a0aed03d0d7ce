"""Why a verb did not happen; every door turns these into its own kind of answer."""

from __future__ import annotations

from collections.abc import Mapping

from eightd.domain.discipline.answers import Answer
from eightd.domain.words import Message
from eightd.persistence.engine import StoreBusyError, StoreInDoubtError

__all__ = [
    "Conflicting",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "Stale",
    "StoreBusyError",
    "StoreInDoubtError",
    "VerbError",
]


class VerbError(Exception):
    """A verb that did not happen; nothing was saved."""


class NotFound(VerbError):  # noqa: N818 - the house's word for what is hidden or missing
    """There is no such thing, or the actor may not know that there is."""


class NotAllowed(VerbError):  # noqa: N818
    """The rules refuse, with the reason and what stands in the way."""

    def __init__(self, message: Message, gates: tuple[Message, ...] = ()) -> None:
        """Keep the reason and the gates that failed, in words."""
        super().__init__(message.text("en"))
        self.message = message
        self.gates = gates


class Stale(VerbError):  # noqa: N818
    """Somebody else changed it since the actor's page was made."""

    def __init__(self, current_version: int) -> None:
        """Keep the version that the store holds now."""
        super().__init__(f"changed meanwhile, now version {current_version}")
        self.current_version = current_version


class Conflicting(Stale):
    """Two people changed the same fields of an answer since the actor's page was made."""

    def __init__(
        self, current_version: int, *, mine: Answer, theirs: Answer, places: tuple[str, ...]
    ) -> None:
        """Keep both answers, merged but for the fields at these places."""
        super().__init__(current_version)
        self.mine = mine
        self.theirs = theirs
        self.places = places


class Invalid(VerbError):  # noqa: N818
    """Input that cannot be taken: a message per field, by its form name."""

    def __init__(self, problems: Mapping[str, Message]) -> None:
        """Keep every problem, so that all are shown at once."""
        super().__init__("; ".join(f"{field}: {message.text('en')}" for field, message in problems.items()))
        self.problems = dict(problems)
