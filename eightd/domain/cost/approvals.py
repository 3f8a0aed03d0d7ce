"""Who approves our position on a claim: limits per role and plant, in the plant's currency and inclusive."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from eightd.domain.complaint import Role
from eightd.domain.cost.kinds import ClaimPosition

APPROVERS: tuple[Role, ...] = (Role.CQE, Role.FINANCE, Role.QUALITY_MANAGER)
"""Roles that a plant may let approve, in the order in which one is named of several with the same limit."""

STANDARD: Mapping[Role, Decimal | None] = {Role.QUALITY_MANAGER: None}
"""What holds where a plant has set nothing: the quality manager approves any amount. None is no limit."""

Limits = Mapping[Role, Decimal | None]
"""Up to which amount a role approves, None for any; a role that is not named approves nothing."""


def at_stake(position: ClaimPosition, claimed: Decimal, accepted: Decimal) -> Decimal:
    """Return the amount that an approval answers for: what we pay, or all that is claimed where we reject it.

    A claim that was rejected may come back whole, so that rejecting takes the approval that accepting would take.
    """
    return claimed if position is ClaimPosition.REJECT else accepted


def covering(limits: Limits, amount: Decimal) -> frozenset[Role]:
    """Return the roles whose limit reaches the amount, the limit itself included."""
    return frozenset(role for role, up_to in limits.items() if up_to is None or amount <= up_to)


def approver(limits: Limits, amount: Decimal) -> Role | None:
    """Return the role with the lowest limit that reaches the amount, None where none does."""
    able = covering(limits, amount)
    ranked = sorted(
        (role for role in APPROVERS if role in able),
        key=lambda role: (limits[role] is None, limits[role] or Decimal(0)),
    )
    return ranked[0] if ranked else None


def may_approve(limits: Limits, roles: Collection[Role], amount: Decimal) -> bool:
    """Return whether somebody with these roles approves the amount."""
    return bool(covering(limits, amount) & frozenset(roles))
