"""Count what the pieces in test show; the counts may feed the complaint's defect lines and so change its tier."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eightd.domain.classification.phenomena import phenomenon_key
from eightd.domain.complaint import DefectKind
from eightd.domain.returns import steps
from eightd.domain.returns.stages import PieceVerdict
from eightd.domain.returns.steps import Count
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.returns import ReturnCountRow, ReturnRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.header import classify_by_counts
from eightd.usecases.registration import TOO_LONG, DefectEntry
from eightd.usecases.returns.opening import insist_valid, lengths, open_return, take_step, taken
from eightd.usecases.verb import Done, verb

__all__ = ["Count", "count_return", "fed_entries"]

COMPLAINT_OVER = Phrase(
    "return.complaint_over",
    "The complaint is closed: its counts no longer change",
    "客诉已结案，数量不再变更",
)
_LONGEST_PHENOMENON = 200


@verb("return.count")
def count_return(
    work: Work,
    *,
    number: str,
    version: int,
    counts: tuple[Count, ...],
    note: str = "",
    feeds: bool = False,
) -> Done:
    """Count every piece in test under what it shows.

    With ``feeds`` the complaint's confirmed NG quantity becomes what its returns showed, a defect line never less
    than that; another tier may follow, with its reasons kept. Raises Invalid by field (``counts-0-quantity``).
    """
    opened = open_return(work, number, Action.COUNT_RETURN, version=version)
    row, about = opened.row, opened.complaint.row
    problems = lengths({"note": note}) | _too_long(counts)
    if feeds and not about.is_open:
        problems["feeds"] = COMPLAINT_OVER.say()
    insist_valid(problems)
    step = taken(steps.count(opened.held, counts))
    work.session.execute(sa.delete(ReturnCountRow).where(ReturnCountRow.return_id == row.id))
    work.session.add_all(
        ReturnCountRow(
            return_id=row.id,
            position=position,
            kind=one.kind,
            phenomenon=one.phenomenon.strip(),
            verdict=one.verdict,
            quantity=one.quantity,
        )
        for position, one in enumerate(counts)
    )
    row.test_note = note.strip()
    said = {"counts": [_document(one) for one in counts], "note": row.test_note}
    changed = feeds and _feed(work, about, row.number)
    return take_step(work, opened, step, new=said, changes_complaint=changed)


def _document(one: Count) -> dict[str, Any]:
    return {
        "kind": one.kind.value if one.kind else "",
        "phenomenon": one.phenomenon.strip(),
        "verdict": one.verdict.value,
        "quantity": one.quantity,
    }


def _too_long(counts: tuple[Count, ...]) -> dict[str, Message]:
    return {
        f"counts-{position}-phenomenon": TOO_LONG.say(limit=_LONGEST_PHENOMENON)
        for position, one in enumerate(counts)
        if len(one.phenomenon.strip()) > _LONGEST_PHENOMENON
    }


def _feed(work: Work, about: ComplaintRow, subject: str) -> bool:
    """Bring the complaint's counts up to what its returns showed; say whether anything changed."""
    work.session.flush()
    shown = work.session.execute(
        sa.select(ReturnCountRow.kind, ReturnCountRow.phenomenon, ReturnCountRow.quantity)
        .join(ReturnRow, ReturnRow.id == ReturnCountRow.return_id)
        .where(ReturnRow.complaint_id == about.id, ReturnCountRow.verdict == PieceVerdict.NG)
        .order_by(ReturnCountRow.return_id, ReturnCountRow.position)
    ).all()
    confirmed = sum(quantity for _, _, quantity in shown)
    changed = about.quantity_confirmed_ng != confirmed
    before, about.quantity_confirmed_ng = about.quantity_confirmed_ng, confirmed
    lines = work.session.execute(
        sa.select(DefectLineRow)
        .where(DefectLineRow.complaint_id == about.id)
        .order_by(DefectLineRow.position)
    ).scalars()
    kept = [
        DefectEntry(line.kind, line.phenomenon, line.quantity, line.inspected, line.phenomenon_en)
        for line in lines
    ]
    entries = fed_entries(kept, [(kind, text, quantity) for kind, text, quantity in shown if kind])
    if entries == kept and not changed:
        return False
    classify_by_counts(
        work,
        about,
        entries,
        subject=subject,
        old={"quantity_confirmed_ng": before},
        new={"quantity_confirmed_ng": confirmed},
    )
    return True


def fed_entries(kept: list[DefectEntry], shown: list[tuple[DefectKind, str, int]]) -> list[DefectEntry]:
    """Return the defect lines with what returns showed: a phenomenon has at least as many as were shown of it.

    A line is never lowered, for those that came back need not be all; of several lines of one phenomenon the first
    takes what is lacking. What nobody had reported gets a line of its own.
    """
    totals: dict[tuple[DefectKind, str], tuple[str, int]] = {}
    for kind, text, quantity in shown:
        place = (kind, phenomenon_key(text))
        first, so_far = totals.get(place, (text, 0))
        totals[place] = (first, so_far + quantity)
    entries = list(kept)
    for (kind, key), (text, quantity) in totals.items():
        same = [
            at for at, one in enumerate(entries) if one.kind is kind and phenomenon_key(one.phenomenon) == key
        ]
        lacking = quantity - sum(entries[at].quantity for at in same)
        if not same:
            entries.append(DefectEntry(kind, text, quantity))
        elif lacking > 0:
            one = entries[same[0]]
            more = one.quantity + lacking
            inspected = None if one.inspected is None else max(one.inspected, more)
            entries[same[0]] = DefectEntry(one.kind, one.phenomenon, more, inspected, one.phenomenon_en)
    return entries


def counts_of(work: Work, row: ReturnRow) -> list[ReturnCountRow]:
    """Return what was counted, in its order."""
    return list(
        work.session.execute(
            sa.select(ReturnCountRow)
            .where(ReturnCountRow.return_id == row.id)
            .order_by(ReturnCountRow.position)
        ).scalars()
    )
