"""The pages of claims and cost, all of them on one blueprint."""

from eightd.web.money import case, costs, rates
from eightd.web.money.door import blueprint

__all__ = ["blueprint", "case", "costs", "rates"]
