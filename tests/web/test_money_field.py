"""Amounts of money in forms: two decimals when shown, what was typed when refused."""

from decimal import Decimal

import pytest
import wtforms
from werkzeug.datastructures import MultiDict

from eightd.web.discipline_forms import fields
from eightd.web.discipline_forms.layout import written


class CostForm(wtforms.Form):
    amount = fields.money("Amount")


@pytest.mark.parametrize(
    ("amount", "typed", "read"),
    [(Decimal("8420.0"), "8420.00", ("8,420.00",)), (Decimal("0.125"), "0.125", ("0.125",)), (None, "", ())],
)
def test_money_has_two_decimals(amount, typed, read):
    form = CostForm(data={"amount": amount})
    assert (form.amount._value(), written(form.amount)) == (typed, read)


def test_what_was_typed_comes_back_as_it_was():
    form = CostForm(MultiDict({"amount": "84,2O"}))
    assert not form.validate()
    assert form.amount._value() == "84,2O"
