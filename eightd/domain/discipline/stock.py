"""Reconcile suspect stock with what was delivered (procedure 7, D3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from eightd.domain.discipline.answers import ContainmentAnswer, StockCheck
from eightd.domain.words import Message, Phrase

UNKNOWN = Phrase(
    "stock.unknown",
    "The quantity delivered is missing: {found} found outside the plant",
    "未填写已交付数量：厂外已找到 {found} 件",
)
ALL_FOUND = Phrase(
    "stock.all_found", "All {delivered} delivered pieces are found", "已交付的 {delivered} 件全部找到"
)
MISSING = Phrase(
    "stock.missing",
    "{rest} of {delivered} delivered pieces are unaccounted for",
    "已交付的 {delivered} 件中有 {rest} 件去向不明",
)
TOO_MANY = Phrase(
    "stock.too_many",
    "{rest} pieces more were found than the {delivered} delivered",
    "找到的数量比已交付的 {delivered} 件多 {rest} 件",
)
CHECKED_TOO_MANY = Phrase("stock.checked_too_many", "More checked than there are", "检查数大于数量")
NG_TOO_MANY = Phrase("stock.ng_too_many", "More NG than were checked", "不良数大于检查数")


class Reconciled(StrEnum):
    """How the pieces found stand against those delivered."""

    UNKNOWN = "unknown"
    ALL_FOUND = "all_found"
    MISSING = "missing"
    TOO_MANY = "too_many"


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

    @property
    def state(self) -> Reconciled:
        """Return how the pieces found stand against those delivered."""
        if self.unaccounted is None:
            return Reconciled.UNKNOWN
        if self.unaccounted == 0:
            return Reconciled.ALL_FOUND
        return Reconciled.MISSING if self.unaccounted > 0 else Reconciled.TOO_MANY

    @property
    def to_check(self) -> int:
        """Return how many of the pieces found are not checked yet; never negative."""
        return max(0, self.quantity - self.checked)

    def says(self) -> Message:
        """Return the reconciliation as a sentence."""
        if self.delivered is None or self.unaccounted is None:
            return UNKNOWN.say(found=f"{self.of_delivered:,}")
        phrase = {Reconciled.ALL_FOUND: ALL_FOUND, Reconciled.MISSING: MISSING}.get(self.state, TOO_MANY)
        return phrase.say(rest=f"{abs(self.unaccounted):,}", delivered=f"{self.delivered:,}")


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


def contradictions(row: StockCheck) -> dict[str, Message]:
    """Return what contradicts itself in a row, by field: ``checked`` above ``quantity``, ``ng`` above ``checked``.

    A field that is empty contradicts nothing: NG is held against ``checked`` only.
    """
    found: dict[str, Message] = {}
    if row.quantity is not None and row.checked is not None and row.checked > row.quantity:
        found["checked"] = CHECKED_TOO_MANY.say()
    if row.checked is not None and row.ng is not None and row.ng > row.checked:
        found["ng"] = NG_TOO_MANY.say()
    return found
