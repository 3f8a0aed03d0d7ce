"""Defective parts per million delivered (procedure 7, header)."""

from __future__ import annotations

from decimal import Decimal


def ppm(*, confirmed_ng: int | None, complained: int | None, delivered: int | None) -> Decimal | None:
    """Return whole parts per million, None while either number is unknown or nothing was delivered.

    Defective are the pieces confirmed NG, or those complained about until they are confirmed.
    """
    defective = complained if confirmed_ng is None else confirmed_ng
    if defective is None or not delivered:
        return None
    return (Decimal(defective) * 1_000_000 / delivered).quantize(Decimal(1))
