"""Record what the test of each piece of a return showed (procedure 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from eightd.domain.returns.pieces import (
    MOST_PIECES,
    TOO_MANY_PIECES,
    TOO_MANY_ROWS,
    Piece,
    problems,
)
from eightd.domain.returns.stages import PieceVerdict, Place
from eightd.domain.returns.steps import Step
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories import failure_categories
from eightd.persistence.repositories.pieces import piece_of, piece_rows
from eightd.persistence.tables.returns import ReturnPieceRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import Invalid
from eightd.usecases.returns.opening import insist_valid, lengths, open_return, take_step
from eightd.usecases.verb import Done, verb


@verb("return.record_pieces")
def record_pieces(
    work: Work,
    *,
    number: str,
    version: int,
    pieces: Sequence[Piece],
    ntf_criteria: str | None = None,
) -> Done:
    """Keep these pieces as the results of the return, in this order, instead of those kept so far.

    ``version`` is the return's. ``ntf_criteria`` are the customer's for every piece without its own; None leaves them
    as they are. The record names every piece that came, went or changed; where nothing did, nothing is written. Raises
    Invalid with messages under ``pieces-<index>-<column>``, and under ``pieces`` for more than were drawn.
    """
    opened = open_return(work, number, Action.RECORD_PIECES, version=version)
    row = opened.row
    criteria = row.ntf_criteria if ntf_criteria is None else ntf_criteria.strip()
    tree = failure_categories.branches(work.session, [row.plant_id])
    insist_valid(lengths({"ntf_criteria": criteria}))
    drawn = opened.held.at[Place.DRAWN]
    if len(pieces) > MOST_PIECES:
        raise Invalid({"pieces": TOO_MANY_ROWS.say(most=MOST_PIECES)})
    if len(pieces) > drawn:
        raise Invalid({"pieces": TOO_MANY_PIECES.say(count=len(pieces), drawn=drawn)})
    found = problems(pieces, criteria=criteria, categories=failure_categories.known(tree))
    insist_valid({f"pieces-{one.piece}-{one.column}": one.message for one in reversed(found)})
    codes = {one.category.id: one.category.code for one in tree}
    kept = [piece_of(one) for one in piece_rows(work.session, row.id)]
    gone, come = _changes(kept, pieces, codes)
    moved = [one.serial for one in kept] != [one.serial for one in pieces]
    if not (gone or come or moved or criteria != row.ntf_criteria):
        return Done(number=row.number, version=row.version, id=row.id)
    old, new = _figures(kept), _figures(pieces)
    if criteria != row.ntf_criteria:
        old["ntf_criteria"], new["ntf_criteria"] = row.ntf_criteria, criteria
        row.ntf_criteria = criteria
    work.session.execute(sa.delete(ReturnPieceRow).where(ReturnPieceRow.return_id == row.id))
    if pieces:
        work.session.execute(
            sa.insert(ReturnPieceRow),
            [_values(row.id, position, piece) for position, piece in enumerate(pieces)],
        )
    return take_step(
        work,
        opened,
        Step(row.stage),
        old={**old, "piece_results": gone},
        new={**new, "piece_results": come},
    )


def _values(return_id: int, position: int, piece: Piece) -> dict[str, Any]:
    return {
        "return_id": return_id,
        "position": position,
        "serial": piece.serial,
        "date_code": piece.date_code,
        "kind": piece.kind,
        "phenomenon": piece.phenomenon,
        "measured": dict(piece.measured),
        "verdict": piece.verdict,
        "ntf_criteria": piece.ntf_criteria,
        "category_id": piece.category_id,
        "note": piece.note,
    }


def _figures(pieces: Iterable[Piece]) -> dict[str, Any]:
    """Return how many pieces there are of each verdict, as the record keeps it."""
    found = Counter(one.verdict for one in pieces)
    return {f"pieces_{verdict.value}": found[verdict] for verdict in PieceVerdict if found[verdict]}


def _changes(
    kept: Iterable[Piece], wanted: Iterable[Piece], codes: Mapping[int, str]
) -> tuple[list[str], list[str]]:
    """Return the results that went and those that came, a line each."""
    before, after = (Counter(_line(one, codes) for one in side) for side in (kept, wanted))
    return sorted((before - after).elements()), sorted((after - before).elements())


def _line(piece: Piece, codes: Mapping[int, str]) -> str:
    words = (
        piece.serial or "–",
        piece.date_code,
        piece.verdict.value.upper().replace("_", " "),
        piece.phenomenon,
        "" if piece.kind is None else piece.kind.value,
        "" if piece.category_id is None else codes.get(piece.category_id, ""),
        *(f"{name}={value}" for name, value in sorted(piece.measured.items())),
        piece.ntf_criteria,
        piece.note,
    )
    return " · ".join(word for word in words if word)
