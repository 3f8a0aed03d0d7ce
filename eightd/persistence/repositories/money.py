"""Read what the rules about money ask: rates by date, a plant's limits, a claim as a snapshot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.cost import amounts, approvals
from eightd.domain.cost.approvals import STANDARD, Limits
from eightd.domain.cost.claims import ClaimSnapshot
from eightd.domain.cost.kinds import ClaimPosition
from eightd.persistence.tables.money import ApprovalLimitRow, ClaimRow, ExchangeRateRow


def known_rate(session: Session, base: str, currency: str, on: date) -> tuple[Decimal, date] | None:
    """Return the rate that holds on a day and from when it does, None where none was entered before it.

    A currency's rate in itself is 1.
    """
    if currency == base:
        return Decimal(1), on
    found = session.execute(
        sa.select(ExchangeRateRow.rate, ExchangeRateRow.from_on)
        .where(
            ExchangeRateRow.base == base,
            ExchangeRateRow.currency == currency,
            ExchangeRateRow.from_on <= on,
        )
        .order_by(ExchangeRateRow.from_on.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else (found.rate, found.from_on)


def limits_of(session: Session, plant_id: int) -> tuple[Limits, int]:
    """Return a plant's limits with their version, the standard ones at version 0 where it has set none."""
    found = list(
        session.execute(sa.select(ApprovalLimitRow).where(ApprovalLimitRow.plant_id == plant_id)).scalars()
    )
    if not found:
        return STANDARD, 0
    return {row.role: row.up_to for row in found}, max(row.version for row in found)


def snapshot_of(claim: ClaimRow, currency: str) -> ClaimSnapshot:
    """Return the claim as the rules see it, in the plant's currency."""
    stake = None
    if claim.position is not None and claim.accepted_amount is not None:
        stake = stake_of(claim, currency, claim.position, claim.accepted_amount)
    return ClaimSnapshot(claim.state, claim.proposed_by, stake)


def stake_of(claim: ClaimRow, currency: str, position: ClaimPosition, accepted: Decimal) -> Decimal:
    """Return what an approval answers for, in the plant's currency."""
    return amounts.converted(approvals.at_stake(position, claim.amount, accepted), claim.rate, currency)
