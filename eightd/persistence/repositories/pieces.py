"""Test results of pieces as the rules see them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.returns.pieces import Piece
from eightd.persistence.tables.returns import ReturnPieceRow


def piece_rows(session: Session, *return_ids: int) -> list[ReturnPieceRow]:
    """Return the results of these returns, one return after another, in the order in which they were typed."""
    return list(
        session.execute(
            sa.select(ReturnPieceRow)
            .where(ReturnPieceRow.return_id.in_(return_ids))
            .order_by(ReturnPieceRow.return_id, ReturnPieceRow.position)
        ).scalars()
    )


def piece_of(row: ReturnPieceRow) -> Piece:
    """Return a kept result as the rules see it."""
    return Piece(
        serial=row.serial,
        date_code=row.date_code,
        verdict=row.verdict,
        kind=row.kind,
        phenomenon=row.phenomenon,
        category_id=row.category_id,
        ntf_criteria=row.ntf_criteria,
        note=row.note,
        measured=row.measured,
    )
