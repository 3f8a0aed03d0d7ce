"""The customer's satisfaction, asked for after the reply (procedure 10)."""

from __future__ import annotations

from enum import StrEnum


class SurveyState(StrEnum):
    """How far asking is."""

    ASKED = "asked"
    ANSWERED = "answered"
    REVOKED = "revoked"  # asked by mistake; its link opens nothing


QUESTIONS: tuple[str, ...] = ("speed", "communication", "analysis", "solution", "overall")
"""What the page asks, each answered with 1 (very dissatisfied) to 5 (very satisfied)."""
