"""Money with two decimals."""

from decimal import Decimal

import pytest

from eightd.domain.discipline.money import with_cents


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("8420.0", "8420.00"), ("8420", "8420.00"), ("0", "0.00"), ("-12.5", "-12.50"), ("1E+3", "1000.00"),
     ("0.125", "0.125"), ("0.12500", "0.125"), ("2000000000.10", "2000000000.10")],
)  # fmt: skip
def test_two_decimals_or_more_where_they_say_something(amount, shown):
    assert format(with_cents(Decimal(amount)), "f") == shown
