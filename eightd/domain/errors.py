"""What the rules raise when given something they cannot work with; errors speak both languages."""

from __future__ import annotations

from eightd.domain.words import Language, Message


class DomainError(Exception):
    """An error that can be shown to a person: it carries a message in both languages."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the English sentence, for logs and tracebacks."""
        return self.message.text(Language.EN)


class ImplausibleError(DomainError, ValueError):
    """A value that a rule set, a calendar or a stop may not have."""


class MalformedError(DomainError, ValueError):
    """A plain document (JSON) that is not what it should be; the message names the place."""


class UnknownNameError(DomainError, LookupError):
    """A name (calendar, profile, zone, criteria) that nothing answers to."""


class OutOfReachError(DomainError, ValueError):
    """A due instant that lies further away than any clock is followed."""
