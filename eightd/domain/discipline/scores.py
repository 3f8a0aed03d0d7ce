"""Who gave an 8D its scores, 0 to 3 per discipline; the three are compared (program, CQE, customer)."""

from __future__ import annotations

from enum import StrEnum

HIGHEST = 3


class Assessor(StrEnum):
    """Who scored."""

    PROGRAM = "program"
    CQE = "cqe"
    CUSTOMER = "customer"
