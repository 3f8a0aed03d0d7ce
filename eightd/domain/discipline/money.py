"""Amounts of money as people write them (procedure 7, D8: cost)."""

from __future__ import annotations

from decimal import Decimal

_CENTS = Decimal("0.01")


def with_cents(amount: Decimal) -> Decimal:
    """Return an amount below 10^26 with two decimals; further ones stay where they say something."""
    shown = amount.quantize(_CENTS)
    return shown if shown == amount else amount.normalize()
