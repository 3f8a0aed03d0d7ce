"""Test results of single pieces in the demonstration plant: most of a return, the rest still to be tested."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.pieces import Piece
from eightd.domain.returns.stages import PieceVerdict
from eightd.persistence.repositories import failure_categories

_VOLTAGES = ("0.02", "0.00", "0.41", "0.03", "0.00", "0.37", "0.01", "0.02", "0.00")


def tested_pieces(session: Session, plant_id: int, kind: DefectKind, phenomenon: str) -> tuple[Piece, ...]:
    """Return nine NG pieces, three without trouble and two that are in order."""
    known = {one.category.code: one.category.id for one in failure_categories.branches(session, [plant_id])}
    bad = tuple(
        Piece(
            serial=f"SN2610{number:05d}",
            date_code="2610",
            verdict=PieceVerdict.NG,
            kind=kind,
            phenomenon=phenomenon,
            category_id=known.get("10-20-10" if number % 3 else "10-10-10") if number < 6 else None,
            measured={"Vout (V)": voltage, "Iin (A)": "0.02"},
        )
        for number, voltage in enumerate(_VOLTAGES)
    )
    good = tuple(
        Piece(
            serial=f"SN2611{number:05d}",
            date_code="2611",
            verdict=PieceVerdict.NTF if number < 3 else PieceVerdict.OK,
            category_id=known.get("85-20-10" if number < 3 else "80-10-10"),
            note="客户反馈无输出，未复现" if number == 0 else "",
            measured={"Vout (V)": "12.03", "Iin (A)": "0.35"},
        )
        for number in range(5)
    )
    return bad + good
