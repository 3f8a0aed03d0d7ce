"""The draft of a discipline: every save of it kept as a version, and merged by field with what others saved since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ANSWER_TYPES, Answer
from eightd.domain.discipline.merge import Merged, difference, merge
from eightd.persistence.codec import answer_document, answer_from
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.workbench import DraftSaveRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude
from eightd.usecases.errors import Conflicting, Stale

MOST_SAVES = 200
"""Versions of one draft that are kept to merge with; who comes with an older one compares field by field."""


def row_of(work: Work, opened: Opened, code: DisciplineCode) -> DisciplineRow:
    """Return the discipline's row."""
    return work.session.get_one(DisciplineRow, (opened.row.id, code))


def current_version(work: Work, number: str, code: DisciplineCode) -> int | None:
    """Return the version of a discipline, None where there is no such complaint."""
    return work.session.execute(
        sa.select(DisciplineRow.version)
        .join(ComplaintRow, ComplaintRow.id == DisciplineRow.complaint_id)
        .where(ComplaintRow.number == number, DisciplineRow.code == code)
    ).scalar_one_or_none()


def merge_into(
    work: Work,
    opened: Opened,
    row: DisciplineRow,
    version: int,
    answer: Answer,
    *,
    held: Collection[str] = (),
    mine_wins: bool = False,
) -> Merged[Answer]:
    """Merge an answer that was made from a version into what is stored. Raises Stale for a version to come."""
    if version > row.version:
        raise Stale(row.version)
    stored = opened.snapshot.discipline(row.code).latest or ANSWER_TYPES[row.code]()
    base = stored if version == row.version else _at(work, row, version)
    return merge(base, answer, stored, mine_wins=mine_wins, held=held)


def merged(work: Work, opened: Opened, row: DisciplineRow, version: int, answer: Answer) -> Answer:
    """Return the answer merged into what is stored. Raises Conflicting where both changed the same fields."""
    if version == row.version:
        return answer
    mine = merge_into(work, opened, row, version, answer, mine_wins=True)
    if mine.conflicts:
        theirs = merge_into(work, opened, row, version, answer)
        raise Conflicting(row.version, mine=mine.answer, theirs=theirs.answer, places=mine.conflicts)
    return mine.answer


def keep(work: Work, opened: Opened, row: DisciplineRow, answer: Answer) -> None:
    """Store the draft as the next version, with the places that changed in the record."""
    document = answer_document(answer)
    old, new = _changes(row.draft or last_document(opened, row.code), document)
    row.draft, row.draft_by, row.draft_at = document, work.actor.id, work.now
    move(row, opened)
    remember(work, row)
    forget(work, opened, row.code, before=row.version - MOST_SAVES)
    conclude(work, opened, old=old, new=new, raise_version=False)


def move(row: DisciplineRow, opened: Opened) -> None:
    """Raise the version, and the state where the decision says so."""
    if opened.allowed.to_state is not None:
        row.state = opened.allowed.to_state
    row.version += 1


def remember(work: Work, row: DisciplineRow) -> None:
    """Keep the draft as it stands at its version, for later saves to be merged against."""
    work.session.add(
        DraftSaveRow(
            complaint_id=row.complaint_id,
            code=row.code,
            version=row.version,
            document=row.draft,
            by=work.actor.id,
            at=work.now,
        )
    )


def forget(work: Work, opened: Opened, code: DisciplineCode, *, before: int) -> None:
    """Drop the versions before one."""
    if before > 1:
        work.session.execute(
            sa.delete(DraftSaveRow).where(
                DraftSaveRow.complaint_id == opened.row.id,
                DraftSaveRow.code == code,
                DraftSaveRow.version < before,
            )
        )


def says_the_same(row: DisciplineRow, answer: Answer) -> bool:
    """Return whether the stored draft holds the same in every field, in rows of the same keys and order."""
    found = difference(answer_from(row.code, row.draft or {}), answer)
    return not (found.fields or found.added or found.removed or found.orders)


def last_document(opened: Opened, code: DisciplineCode) -> dict[str, Any]:
    """Return the newest answer's document, empty where there is none."""
    latest = opened.snapshot.discipline(code).latest
    return {} if latest is None else answer_document(latest)


def _at(work: Work, row: DisciplineRow, version: int) -> Answer:
    """Return the draft as it was at a version; blank where that was before the first save, or is kept no more."""
    kept = work.session.get(DraftSaveRow, (row.complaint_id, row.code, version))
    return ANSWER_TYPES[row.code]() if kept is None else answer_from(row.code, kept.document)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return only the places that differ, before and after; what is blank from the start is no change."""
    before, after = dict(_places(old, "")), dict(_places(new, ""))
    changed = [
        place
        for place in dict.fromkeys([*after, *before])
        if before.get(place) != after.get(place) and not (place not in before and after[place] in _BLANK)
    ]
    return (
        {place: before[place] for place in changed if place in before},
        {place: after[place] for place in changed if place in after},
    )


_BLANK: tuple[Any, ...] = ("", None, [])


def _places(document: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        place = f"{before}{name}"
        if isinstance(value, Mapping):
            yield from _places(value, f"{place}/")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for row in value:
                yield from _places(row, f"{place}/{row.get('key', '')}/")
        elif name != "key":
            yield place, value
