"""The stock table held against the delivery, and rows that contradict themselves."""

from __future__ import annotations

import pytest

from eightd.domain.discipline.answers import ContainmentAnswer, StockCheck, StockPlace
from eightd.domain.discipline.stock import Reconciled, balance, contradictions

P = StockPlace


@pytest.mark.parametrize(
    ("delivered", "state", "unaccounted", "said"),
    [
        (None, Reconciled.UNKNOWN, None, "The quantity delivered is missing: 1,200 found outside the plant"),
        (1200, Reconciled.ALL_FOUND, 0, "All 1,200 delivered pieces are found"),
        (5000, Reconciled.MISSING, 3800, "3,800 of 5,000 delivered pieces are unaccounted for"),
        (1000, Reconciled.TOO_MANY, -200, "200 pieces more were found than the 1,000 delivered"),
    ],
)
def test_the_reconciliation_in_words(delivered, state, unaccounted, said):
    stock = (
        StockCheck(place=P.CUSTOMER, quantity=1200, checked=700, ng=3),
        StockCheck(place=P.WIP, quantity=300, checked=None, ng=None),
    )
    found = balance(ContainmentAnswer(delivered=delivered, stock=stock))
    assert (found.state, found.unaccounted, found.says().text("en")) == (state, unaccounted, said)
    assert (found.quantity, found.checked, found.ng, found.of_delivered) == (1500, 700, 3, 1200)
    assert found.to_check == 800


@pytest.mark.parametrize(
    ("quantity", "checked", "ng", "fields"),
    [
        (10, 10, 10, set()),
        (10, 11, 0, {"checked"}),
        (10, 5, 6, {"ng"}),
        (10, 12, 13, {"checked", "ng"}),
        (None, 12, 1, set()),
        (10, None, 6, set()),
        (10, 5, None, set()),
    ],
)
def test_rows_that_contradict_themselves(quantity, checked, ng, fields):
    assert set(contradictions(StockCheck(quantity=quantity, checked=checked, ng=ng))) == fields
