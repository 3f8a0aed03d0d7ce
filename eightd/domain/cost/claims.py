"""The course of a customer's claim: our position proposed, approved by amount with four eyes, settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from eightd.domain.authority import may
from eightd.domain.complaint import Role
from eightd.domain.cost import amounts
from eightd.domain.cost.approvals import Limits, covering, may_approve
from eightd.domain.cost.kinds import ClaimPosition, ClaimState
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.labels import roles_listed
from eightd.domain.workflow.outcome import Allowed, Outcome, RefusalKind, Refused
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot


class ClaimStep(StrEnum):
    """What may be done to a claim."""

    CHANGE = "change"
    PROPOSE = "propose"
    APPROVE = "approve"
    RETURN = "return"
    SETTLE = "settle"
    WITHDRAW = "withdraw"


COURSE: Mapping[tuple[ClaimState, ClaimStep], ClaimState] = {
    (ClaimState.OPEN, ClaimStep.CHANGE): ClaimState.OPEN,
    (ClaimState.PROPOSED, ClaimStep.CHANGE): ClaimState.OPEN,  # other figures: what was proposed is void
    (ClaimState.OPEN, ClaimStep.PROPOSE): ClaimState.PROPOSED,
    (ClaimState.PROPOSED, ClaimStep.PROPOSE): ClaimState.PROPOSED,
    (ClaimState.APPROVED, ClaimStep.PROPOSE): ClaimState.PROPOSED,  # the customer did not agree
    (ClaimState.PROPOSED, ClaimStep.APPROVE): ClaimState.APPROVED,
    (ClaimState.PROPOSED, ClaimStep.RETURN): ClaimState.OPEN,
    (ClaimState.APPROVED, ClaimStep.SETTLE): ClaimState.SETTLED,
    (ClaimState.OPEN, ClaimStep.WITHDRAW): ClaimState.WITHDRAWN,
    (ClaimState.PROPOSED, ClaimStep.WITHDRAW): ClaimState.WITHDRAWN,
    (ClaimState.APPROVED, ClaimStep.WITHDRAW): ClaimState.WITHDRAWN,
}
"""Where each step leads; what is not listed is refused."""

ACTIONS: Mapping[ClaimStep, Action] = {
    ClaimStep.CHANGE: Action.RECORD_CLAIM,
    ClaimStep.PROPOSE: Action.PROPOSE_POSITION,
    ClaimStep.APPROVE: Action.APPROVE_CLAIM,
    ClaimStep.RETURN: Action.APPROVE_CLAIM,
    ClaimStep.SETTLE: Action.SETTLE_CLAIM,
    ClaimStep.WITHDRAW: Action.RECORD_CLAIM,
}
"""The right that each step takes."""

STATES: Mapping[ClaimState, Phrase] = {
    ClaimState.OPEN: Phrase("claim.open", "position wanted", "待提出立场"),
    ClaimState.PROPOSED: Phrase("claim.proposed", "to be approved", "待批准"),
    ClaimState.APPROVED: Phrase("claim.approved", "approved", "已批准"),
    ClaimState.SETTLED: Phrase("claim.settled", "settled", "已结算"),
    ClaimState.WITHDRAWN: Phrase("claim.withdrawn", "withdrawn", "已撤回"),
}
NOT_NOW = Phrase(
    "claim.not_now", "This is not possible while the claim is: {state}", "索赔处于“{state}”时不能进行此操作"
)
OWN_POSITION = Phrase(
    "claim.own_position",
    "A position must be approved by somebody other than the person who proposed it",
    "索赔立场须由提出者以外的人批准",
)
ABOVE_LIMIT = Phrase(
    "claim.above_limit",
    "{amount} {currency} are approved by {roles}",
    "{amount} {currency} 须由{roles}批准",
)
NOBODY_COVERS = Phrase(
    "claim.nobody_covers",
    "Nobody's approval limit reaches {amount} {currency}. The quality manager or finance sets the limits.",
    "没有角色的审批额度达到 {amount} {currency}，请品质经理或财务调整额度。",
)
SHARE_OR_AMOUNT = Phrase(
    "claim.share_or_amount",
    "Please say either the share in percent or the amount that we bear",
    "请填写我方承担的比例或金额（二选一）",
)
WRONG_SHARE = Phrase(
    "claim.wrong_share",
    "A share is more than 0 and less than 100 percent, with two places at most",
    "比例须大于 0 且小于 100，最多两位小数",
)
NOT_A_PART = Phrase(
    "claim.not_a_part", "What we share must be less than what is claimed", "分担金额须小于索赔金额"
)


@dataclass(frozen=True, slots=True)
class ClaimSnapshot:
    """A claim as the rules see it; ``at_stake`` in the plant's currency, None before a position is proposed."""

    state: ClaimState
    proposed_by_id: int | None = None
    at_stake: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Borne:
    """What a position has us pay: the amount in the claim's currency, and the share in percent where shared."""

    amount: Decimal
    share: Decimal | None = None


def borne(
    position: ClaimPosition,
    claimed: Decimal,
    currency: str,
    *,
    share: Decimal | None = None,
    amount: Decimal | None = None,
) -> Borne | Mapping[str, Message]:
    """Return what we bear of a claim, or what is wrong by the fields ``share`` and ``amount``.

    A shared claim takes a share in percent or an amount, not both; each is worked out from the other, the amount in
    the currency's places, the share in two.
    """
    if position is ClaimPosition.ACCEPT:
        return Borne(claimed)
    if position is ClaimPosition.REJECT:
        return Borne(Decimal(0))
    if share is None and amount is not None:
        wrong = amounts.amount_problem(amount, currency)
        if wrong is None and amount >= claimed:
            wrong = NOT_A_PART.say()
        if wrong is not None:
            return {"amount": wrong}
        return Borne(amount, amounts.percent(amount, claimed))
    if share is None or amount is not None:
        return {"share": SHARE_OR_AMOUNT.say()}
    if not share.is_finite() or not 0 < share < 100 or share != round(share, 2):
        return {"share": WRONG_SHARE.say()}
    found = amounts.converted(claimed, share.scaleb(-2), currency)
    return Borne(found, share) if 0 < found < claimed else {"share": NOT_A_PART.say()}


def may_on_claim(
    actor: Actor,
    step: ClaimStep,
    complaint: ComplaintSnapshot,
    claim: ClaimSnapshot,
    limits: Limits,
    currency: str,
) -> Outcome:
    """Say whether the actor may do this step: right, state, then for an approval four eyes and the own limit.

    ``currency`` is the plant's. Whoever approves may return.
    """
    outcome = may(actor, ACTIONS[step], complaint)
    if isinstance(outcome, Refused):
        return outcome
    if (claim.state, step) not in COURSE:
        return Refused(NOT_NOW.say(state=STATES[claim.state].say()), RefusalKind.STATE)
    if step not in (ClaimStep.APPROVE, ClaimStep.RETURN):
        return Allowed(on_behalf_of=outcome.on_behalf_of)
    if claim.proposed_by_id == actor.id:
        return Refused(OWN_POSITION.say(), RefusalKind.ROLE)
    stake = claim.at_stake or Decimal(0)
    if not may_approve(limits, actor.roles, stake):
        return Refused(_above(limits, stake, currency), RefusalKind.ROLE)
    return Allowed()


def _above(limits: Limits, stake: Decimal, currency: str) -> Message:
    able: frozenset[Role] = covering(limits, stake)
    if not able:
        return nobody_covers(stake, currency)
    return ABOVE_LIMIT.say(amount=f"{stake:,f}", currency=currency, roles=roles_listed(able))


def nobody_covers(stake: Decimal, currency: str) -> Message:
    """Return that no limit reaches the amount."""
    return NOBODY_COVERS.say(amount=f"{stake:,f}", currency=currency)
