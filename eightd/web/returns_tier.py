"""What the results of single pieces would do to the tier, in words: before, after and why (procedure 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eightd.domain.complaint import DefectLine, Tier
from eightd.queries.returns import tier as queries
from eightd.queries.returns.tier import Found
from eightd.usecases.registration import DefectEntry
from eightd.usecases.returns.count import fed_entries
from eightd.web import formats, requests


@dataclass(frozen=True)
class Line:
    """A phenomenon of the complaint: its quantity now, None where it is new, and as the pieces would have it."""

    phenomenon: str
    before: int | None
    after: int


@dataclass(frozen=True)
class Preview:
    """The tier before and after; ``reasons`` are the rules that would decide it."""

    before: Tier
    after: Tier
    overridden: bool
    lines: tuple[Line, ...]
    reasons: tuple[str, ...]


def preview(return_number: str) -> Preview | None:
    """Return what taking over the pieces would lead to; None where it would change no count."""
    with requests.services().uow.reading() as session:
        found = queries.tier_preview(session, requests.actor(), return_number, _fed)
    if found is None or found.fed == found.lines:
        return None
    lines = tuple(
        Line(one.phenomenon, found.lines[at].quantity if at < len(found.lines) else None, one.quantity)
        for at, one in enumerate(found.fed)
    )
    return Preview(
        before=found.before,
        after=found.after.tier,
        overridden=found.overridden,
        lines=tuple(one for one in lines if one.before != one.after),
        reasons=tuple(formats.message(one.message) for one in found.after.reasons if one.matched),
    )


def _fed(lines: Sequence[DefectLine], shown: Sequence[Found]) -> list[DefectLine]:
    entries = [DefectEntry(one.kind, one.phenomenon, one.quantity, one.inspected) for one in lines]
    return [one.line() for one in fed_entries(entries, list(shown))]
