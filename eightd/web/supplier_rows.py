"""Rows that may be taken over from a supplier's 8D, in words: what a row is, and what it says."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, pgettext

from eightd.domain.discipline.answers import CorrectiveAction, DocumentChange, RootCause, Validation
from eightd.web import words


def said(row: Any) -> tuple[str, str]:
    """Return what a row of D4 to D7 is, and what it says."""
    if isinstance(row, RootCause):
        return str(words.word(row.path)), row.text
    if isinstance(row, CorrectiveAction):
        return pgettext("task", "Action"), row.action
    if isinstance(row, Validation):
        return gettext("Proof"), " · ".join(one for one in (row.from_lot, row.how, row.after) if one)
    if isinstance(row, DocumentChange):
        revised = f"{row.number} {row.from_revision} → {row.to_revision}"
        return str(words.word(row.type)), (revised if row.to_revision else row.none_reason).strip()
    return gettext("Read-across"), f"{row.where}: {row.decision}"
