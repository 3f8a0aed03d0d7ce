"""Amounts are exact: typing, places of currencies, rounding half to even, sums that no order changes."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.cost import amounts
from eightd.domain.cost.kinds import CostKind, CostPhase, CostSide
from eightd.domain.cost.sums import Entry, Sums, by_kind, of, sums

D = Decimal
currencies = st.sampled_from(["CNY", "JPY", "KWD"])
money = st.decimals(min_value=D("0.01"), max_value=D("9999999.99"), places=2)
rates = st.decimals(min_value=D("0.00000001"), max_value=D("9999.99999999"), places=8)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1234.5", "1234.5"), ("1,234.50", "1234.50"), ("１２，３４５．６", "12345.6"), (" 12 ", "12"), (".5", "0.5"),
        ("12 000", "12000"), ("0", "0"),
    ],
)  # fmt: skip
def test_what_people_type(text, read):
    assert amounts.typed(text) == D(read)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "1e5",
        "NaN",
        "Infinity",
        "12,34",
        "1,2345",
        "1.2.3",
        "12 PCS",
        "¥12",
        "٣",
        "1" * 41,
        "1_000",
    ],
)
def test_what_is_no_amount(text):
    assert amounts.typed(text) is None


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "CNY", "0.00"), ("0.015", "CNY", "0.02"), ("0.025", "CNY", "0.02"), ("2.5", "JPY", "2"),
        ("3.5", "JPY", "4"), ("0.0005", "KWD", "0.000"), ("0.0015", "KWD", "0.002"), ("-0.015", "EUR", "-0.02"),
    ],
)  # fmt: skip
def test_half_goes_to_even(amount, currency, rounded):
    assert str(amounts.rounded(D(amount), currency)) == rounded


@pytest.mark.parametrize(
    ("amount", "rate", "base", "found"),
    [
        ("100", "7.1234", "CNY", "712.34"), ("0.01", "0.5", "CNY", "0.00"), ("0.03", "0.5", "CNY", "0.02"),
        ("1000000000000", "1", "CNY", "1000000000000.00"), ("1.5", "150.33333333", "JPY", "225"),
    ],
)  # fmt: skip
def test_conversion(amount, rate, base, found):
    assert str(amounts.converted(D(amount), D(rate), base)) == found


@given(money, rates, currencies)
def test_conversion_is_the_nearest_amount(amount, rate, base):
    found = amounts.converted(amount, rate, base)
    step = Fraction(1, 10 ** amounts.places(base))
    assert abs(Fraction(found) - Fraction(amount) * Fraction(rate)) <= step / 2
    assert amounts.rounded(found, base) == found
    assert amounts.converted(amount, D(1), "CNY") == amount


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (None, "CNY", "cost.not_a_number"), ("NaN", "CNY", "cost.not_a_number"),
        ("Infinity", "CNY", "cost.not_a_number"), ("0", "CNY", "cost.not_above_zero"),
        ("-0.01", "CNY", "cost.not_above_zero"), ("0.01", "CNY", None), ("0.001", "CNY", "cost.too_many_places"),
        ("0.001", "KWD", None), ("1.5", "JPY", "cost.too_many_places"), ("1000000000000", "CNY", None),
        ("1000000000000.01", "CNY", "cost.too_large"),
    ],
)  # fmt: skip
def test_amounts_that_are_taken(amount, currency, code):
    found = amounts.amount_problem(None if amount is None else D(amount), currency)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("rate", "taken"),
    [
        (None, False), ("0", False), ("-1", False), ("NaN", False), ("0.00000001", True), ("0.000000001", False),
        ("99999999.99999999", True), ("100000000", False),
    ],
)  # fmt: skip
def test_rates_that_are_taken(rate, taken):
    assert (amounts.rate_problem(None if rate is None else D(rate)) is None) is taken


def test_currencies():
    assert amounts.currency_problem("CNY") is None
    for code in ("", "cny", "RMB", "XXX", "ABCDEFGHIJKLM"):
        assert amounts.currency_problem(code) is not None
    assert [amounts.places(one) for one in ("CNY", "JPY", "KWD", "???")] == [2, 0, 3, 2]
    assert set(amounts.COMMON) <= amounts.CURRENCIES


entries = st.builds(
    Entry, st.sampled_from(CostKind), st.sampled_from(CostPhase), st.sampled_from(CostSide), money
)


@given(st.lists(entries, max_size=20), st.randoms())
def test_sums_do_not_depend_on_the_order_or_the_grouping(lines, random):
    total = sums(lines)
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert sums(shuffled) == total
    assert sum(by_kind(lines).values(), Sums()) == total
    assert total.planned + total.actual + total.recovery_planned + total.recovered == sum(
        (one.in_plant for one in lines), D(0)
    )
    assert total.net == total.actual - total.recovered
    assert total.net_planned == total.planned - total.recovery_planned


@pytest.mark.parametrize(
    ("phase", "side", "where"),
    [
        (CostPhase.PLANNED, CostSide.OURS, "planned"), (CostPhase.ACTUAL, CostSide.OURS, "actual"),
        (CostPhase.PLANNED, CostSide.RECOVERY, "recovery_planned"), (CostPhase.ACTUAL, CostSide.RECOVERY, "recovered"),
    ],
)  # fmt: skip
def test_each_line_counts_once(phase, side, where):
    assert of(Entry(CostKind.SCRAP, phase, side, D("1.10"))) == Sums(**{where: D("1.10")})
