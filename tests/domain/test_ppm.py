"""Parts per million: which pieces count, and when there is no number."""

from decimal import Decimal

import pytest

from eightd.domain.ppm import ppm


@pytest.mark.parametrize(
    ("confirmed_ng", "complained", "delivered", "expected"),
    [
        (3, 15, 1000, Decimal(3000)),
        (None, 15, 1000, Decimal(15000)),
        (0, 15, 1000, Decimal(0)),
        (None, None, 1000, None),
        (3, 15, None, None),
        (3, 15, 0, None),
        (1, None, 3, Decimal(333333)),
        (5, None, 2_000_000, Decimal(2)),  # 2.5 goes to the even neighbour
    ],
)
def test_what_counts(confirmed_ng, complained, delivered, expected):
    assert ppm(confirmed_ng=confirmed_ng, complained=complained, delivered=delivered) == expected
