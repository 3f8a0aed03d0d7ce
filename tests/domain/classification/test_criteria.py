"""Criteria are plausible, versioned data."""

import json
from datetime import date
from decimal import Decimal

import pytest

from eightd.domain.classification.criteria import STANDARD, Criteria, criteria_in_force, from_document
from eightd.domain.complaint import Tier
from eightd.domain.errors import DomainError, ImplausibleError, MalformedError, UnknownNameError

DAY = date(2026, 1, 1)


def test_the_standard_is_the_procedures():
    assert STANDARD.ref == "standard@1"
    assert [STANDARD.weight(tier) for tier in Tier] == [2, 1, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": " x"},
        {"name": "a@b"},
        {"version": 0},
        {"functional_general": 0},
        {"functional_general": 16},
        {"appearance_general": 31},
        {"low_rate_percent": Decimal(-1)},
        {"low_rate_percent": Decimal("100.01")},
        {"low_rate_percent": Decimal("NaN")},
        {"weight_other": -1},
        {"weight_general": 3},
        {"weight_other": 2},
    ],
)
def test_implausible_criteria_are_refused(wrong):
    with pytest.raises(ImplausibleError) as caught:
        Criteria(**{"name": "x", "version": 1, "valid_from_on": DAY, **wrong})
    assert isinstance(caught.value, ValueError)
    assert str(caught.value) == caught.value.message.text("en") != caught.value.message.text("zh")


def test_no_general_range_at_all_is_plausible():
    assert Criteria("strict", 1, DAY, functional_general=1, functional_major=1).functional_major == 1


def test_a_document_comes_back_as_the_same_criteria():
    own = Criteria("客户", 3, DAY, 20, 6, 40, 12, Decimal("0.50"), True, 5, 2, 1)
    for criteria in (STANDARD, own):
        assert from_document(json.loads(json.dumps(criteria.as_document()))) == criteria


def test_what_a_document_leaves_out_is_the_standards():
    assert from_document({"name": "standard", "version": 1, "valid_from_on": "2000-01-01"}) == STANDARD


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"valid_from_on": "1.1.2026"}, "valid_from_on"),
        ({"low_rate_percent": 0.5}, "low_rate_percent"),
        ({"weights": {"gross": 1}}, "'gross'"),
        ({"functional_major": True}, "functional_major"),
        ({"name": None}, "name"),
        ({"limit": 3}, "'limit'"),
    ],
)
def test_a_wrong_document_is_refused_by_its_place(wrong, place):
    with pytest.raises(MalformedError, match=place):
        from_document({"name": "x", "version": 1, "valid_from_on": "2026-01-01", **wrong})


def test_criteria_in_force_are_the_latest_begun():
    old = Criteria("a", 1, date(2020, 1, 1))
    new = Criteria("a", 2, DAY)
    corrected = Criteria("a", 3, DAY)
    assert criteria_in_force([new, old], date(2025, 12, 31)) is old
    assert criteria_in_force([new, old], DAY) is new
    assert criteria_in_force([corrected, new, old], DAY) is corrected
    with pytest.raises(UnknownNameError, match="2019-12-31"):
        criteria_in_force([new, old], date(2019, 12, 31))


def test_every_error_of_the_rules_is_a_domain_error():
    assert issubclass(MalformedError, DomainError)
