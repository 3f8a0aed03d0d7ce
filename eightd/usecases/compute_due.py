"""Compute deadlines of a plain document by the official calendars, without any store (procedure 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eightd.domain.clock.lines import due_document, due_request
from eightd.domain.words import Language
from eightd.persistence.official_days import official_calendar


def compute_due(document: object, *, now: datetime, language: Language) -> dict[str, Any]:
    """Return the milestones of ``due_request``'s document as plain values.

    The calendar is an ISO 3166 country code, ``CN`` where none is given. Raises the domain's errors.
    """
    request = due_request(document, calendars=official_calendar, now=now)
    return due_document(request.compute(), request.zone, language)
