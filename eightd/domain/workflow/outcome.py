"""The answer of the rules to "may this be done?": allowed with its consequences, or refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from eightd.domain.complaint import DisciplineState, Stage
from eightd.domain.events import Event
from eightd.domain.words import Message


class RefusalKind(StrEnum):
    """Why something was refused, so that a door can choose between hiding, greying out and asking."""

    HIDDEN = "hidden"  # not to be seen at all: answer as if it did not exist
    ROLE = "role"  # seen, but somebody else's to do
    STATE = "state"  # not listed for this stage or discipline state
    REASON = "reason"  # a reason is missing
    GATE = "gate"  # something must be done first


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be done: what to record and where it leads.

    ``to_stage`` is the stage afterwards (the same one if it does not change), ``to_state`` the
    discipline's state afterwards, None for actions on the whole complaint. ``warnings`` do not block.
    """

    events: tuple[Event, ...] = ()
    to_stage: Stage | None = None
    to_state: DisciplineState | None = None
    warnings: tuple[Message, ...] = ()
    on_behalf_of: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be done: why, and which gates are closed."""

    message: Message
    kind: RefusalKind
    gates: tuple[Message, ...] = ()

    @property
    def hidden(self) -> bool:
        """Return True when the door must answer as if the thing did not exist (404)."""
        return self.kind is RefusalKind.HIDDEN

    @property
    def messages(self) -> tuple[Message, ...]:
        """Return the single reasons to show: the closed gates, or else the message."""
        return self.gates or (self.message,)


Outcome: TypeAlias = Allowed | Refused
