"""Reconcile suspect stock with what was delivered (procedure 7, D3)."""

from __future__ import annotations

from dataclasses import dataclass

from eightd.domain.discipline.answers import ContainmentAnswer


@dataclass(frozen=True, slots=True)
class StockBalance:
    """Sums of the stock table in pieces; ``unaccounted`` None where the quantity delivered is unknown.

    ``unaccounted`` is negative when more pieces were found than delivered: a contradiction, shown as such.
    """

    quantity: int
    checked: int
    ng: int
    of_delivered: int
    delivered: int | None
    unaccounted: int | None


def balance(answer: ContainmentAnswer) -> StockBalance:
    """Sum the stock table and compare the places outside the plant with the quantity delivered.

    Empty quantities count as nothing. Only places where the pieces had left the plant
    (``StockPlace.is_delivered``) are held against ``delivered``.
    """
    of_delivered = sum(row.quantity or 0 for row in answer.stock if row.place.is_delivered)
    return StockBalance(
        quantity=sum(row.quantity or 0 for row in answer.stock),
        checked=sum(row.checked or 0 for row in answer.stock),
        ng=sum(row.ng or 0 for row in answer.stock),
        of_delivered=of_delivered,
        delivered=answer.delivered,
        unaccounted=None if answer.delivered is None else answer.delivered - of_delivered,
    )
