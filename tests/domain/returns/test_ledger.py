"""The ledger: pieces move, none is lost and none is made."""

import pytest

from eightd.domain.errors import ImplausibleError
from eightd.domain.returns.ledger import Held, Movement, balance, entered, gone, here
from eightd.domain.returns.stages import Place as P  # noqa: N817
from eightd.domain.returns.stages import ReturnStage as S


def moved(*ways):
    return tuple(Movement(S.RECEIVED, from_, to, quantity) for from_, to, quantity in ways)


def test_the_balance_adds_up():
    at = balance(moved((P.CUSTOMER, P.ARRIVED, 10), (P.SURPLUS, P.ARRIVED, 1), (P.ARRIVED, P.MISSING, 2)))
    assert (at[P.ARRIVED], at[P.MISSING], at[P.CUSTOMER], at[P.SURPLUS]) == (9, 2, -10, -1)
    assert (entered(at), here(at), gone(at), sum(at.values())) == (11, 9, 2, 0)
    assert Held(S.ANNOUNCED, 10).at[P.ARRIVED] == 0


@pytest.mark.parametrize(
    ("ways", "code"),
    [
        ([(P.CUSTOMER, P.ARRIVED, 0)], "ledger.no_pieces"),
        ([(P.CUSTOMER, P.ARRIVED, 3), (P.ARRIVED, P.CHECKED, 4)], "ledger.not_there"),
        ([(P.ARRIVED, P.CHECKED, 1), (P.CUSTOMER, P.ARRIVED, 3)], "ledger.not_there"),
        (
            [(P.CUSTOMER, P.ARRIVED, 3), (P.ARRIVED, P.SCRAPPED, 3), (P.SCRAPPED, P.READY, 1)],
            "ledger.no_such_way",
        ),
        ([(P.CUSTOMER, P.ARRIVED, 3), (P.ARRIVED, P.CUSTOMER, 1)], "ledger.no_such_way"),
        ([(P.CUSTOMER, P.ARRIVED, 3), (P.ARRIVED, P.ARRIVED, 1)], "ledger.no_such_way"),
    ],
)
def test_what_cannot_be_is_refused(ways, code):
    with pytest.raises(ImplausibleError) as refused:
        balance(moved(*ways))
    assert refused.value.message.code == code
