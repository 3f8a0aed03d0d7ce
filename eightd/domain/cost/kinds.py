"""The kinds of cost, and what we answer to a claim (procedure 9: cost of poor quality)."""

from __future__ import annotations

from enum import StrEnum


class CostKind(StrEnum):
    """What a cost line is for."""

    SORTING = "sorting"  # 挑选
    FREIGHT = "freight"  # 运费
    REWORK = "rework"  # 返工
    SCRAP = "scrap"  # 报废
    CREDIT = "credit"  # 赔款 / 折让
    TRAVEL = "travel"  # 差旅
    LINE_STOP = "line_stop"  # 停线
    ANALYSIS = "analysis"  # laboratory, tests
    OTHER = "other"


class CostPhase(StrEnum):
    """Whether a cost is expected or has come."""

    PLANNED = "planned"
    ACTUAL = "actual"


class CostSide(StrEnum):
    """Who bears the line: we, or it is recovered from the supplier."""

    OURS = "ours"
    RECOVERY = "recovery"  # claimed from, or paid by, the supplier


class ClaimPosition(StrEnum):
    """What we answer to the customer's claim."""

    ACCEPT = "accept"
    SHARE = "share"
    REJECT = "reject"


class ClaimState(StrEnum):
    """How far a claim is."""

    OPEN = "open"  # made by the customer, no position yet
    PROPOSED = "proposed"  # a position waits for approval
    APPROVED = "approved"
    SETTLED = "settled"  # credited or refused, and the customer knows
    WITHDRAWN = "withdrawn"  # by the customer
