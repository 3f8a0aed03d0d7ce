"""States, numbers and what a supplier may be asked for."""

import pytest

from eightd.domain.complaint import DisciplineCode as D
from eightd.domain.complaint import DisciplineState as S
from eightd.domain.suppliers.case import (
    ASKED_BY_DEFAULT,
    SupplierCaseState,
    case_number,
    level_of,
    may_go_deeper,
    state_after,
    wrong_with_asked,
)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (ASKED_BY_DEFAULT, None),
        ((D.D4,), None),
        ((), "supplier.nothing_asked"),
        ((D.D5,), "supplier.builds"),
        ((D.D4, D.D6), "supplier.builds"),
    ],
)
def test_what_may_be_asked_for(asked, wrong):
    found = wrong_with_asked(asked)
    assert (found and found.code) == wrong


def test_the_case_follows_its_disciplines():
    assert state_after([S.SUBMITTED, S.ACCEPTED]) is SupplierCaseState.SUBMITTED
    assert state_after([S.SUBMITTED, S.RETURNED]) is SupplierCaseState.OPEN
    assert [one.is_open for one in SupplierCaseState] == [True, True, False, False]


def test_numbers_are_never_given_twice():
    above = "CC-2026-00001"
    assert case_number(above, [], chained=False) == "CC-2026-00001-S1"
    assert case_number(above, [f"{above}-S1", f"{above}-S9"], chained=False) == "CC-2026-00001-S10"
    assert case_number(f"{above}-S1", [f"{above}-S1.2"], chained=True) == "CC-2026-00001-S1.3"
    assert case_number(f"{above}-S1", [], chained=True) == "CC-2026-00001-S1.1"


def test_a_chain_ends():
    assert [level_of(one) for one in ("X-S1", "X-S1.1", "X-S1.1.4")] == [1, 2, 3]
    assert [may_go_deeper(one) for one in ("X-S1", "X-S1.1", "X-S1.1.4")] == [True, True, False]
