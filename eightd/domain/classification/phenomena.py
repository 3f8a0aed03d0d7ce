"""Lines of the same kind and phenomenon add up, "同类" (procedure 2 and 3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from eightd.domain.complaint import DefectCounts, DefectKind, DefectLine


@dataclass(frozen=True, slots=True)
class PhenomenonCount:
    """All lines of one phenomenon: pieces, and of how many inspected (None where unknown)."""

    kind: DefectKind
    phenomenon: str
    quantity: int
    inspected: int | None


@lru_cache(maxsize=4096)  # each registration compares with the whole catalogue
def phenomenon_key(phenomenon: str) -> str:
    """Return the spelling by which two phenomena are the same: width, case and blanks do not matter."""
    return " ".join(
        unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", phenomenon).casefold()).split()
    )


def count_phenomena(counts: DefectCounts) -> tuple[PhenomenonCount, ...]:
    """Add up the lines per kind and phenomenon, in the order in which they first appear, as first written.

    The quantity inspected is the largest given on the phenomenon's lines (a zero counts as given), else the
    complaint's.
    """
    groups: dict[tuple[DefectKind, str], list[DefectLine]] = {}
    for line in counts.defects:
        groups.setdefault((line.kind, phenomenon_key(line.phenomenon)), []).append(line)
    return tuple(
        PhenomenonCount(
            kind=kind,
            phenomenon=lines[0].phenomenon.strip(),
            quantity=sum(line.quantity for line in lines),
            inspected=_inspected(lines, counts.quantity_inspected),
        )
        for (kind, _), lines in groups.items()
    )


def _inspected(lines: Iterable[DefectLine], complaint_inspected: int | None) -> int | None:
    given = [line.inspected for line in lines if line.inspected is not None]
    return max(given) if given else complaint_inspected
