"""Whether a person may set another tier than the one computed (procedure 3)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from eightd.domain.complaint import Role, Tier
from eightd.domain.words import Message, Phrase

_SAME = Phrase("override.same", "The complaint already has this tier.", "客诉已是该等级。")
_REASON = Phrase("override.reason", "Another tier needs a reason.", "变更等级须填写理由。")
_LOWER = Phrase(
    "override.lower", "Only the quality manager may lower the tier.", "只有品质经理可以降低客诉等级。"
)


@dataclass(frozen=True, slots=True)
class OverrideAllowed:
    """The tier may be set; the reason stands without the blanks around it."""

    current: Tier
    wanted: Tier
    reason: str


@dataclass(frozen=True, slots=True)
class OverrideRefused:
    """The tier may not be set, and why."""

    reason: Message


def decide_override(
    current: Tier, wanted: Tier, reason: str, roles: Collection[Role]
) -> OverrideAllowed | OverrideRefused:
    """Decide whether a person with these roles may replace the tier.

    Raising needs a reason; lowering needs a reason and the quality manager. Who may act on the complaint at
    all is not decided here.
    """
    if wanted is current:
        return OverrideRefused(_SAME.say())
    if wanted.rank < current.rank and Role.QUALITY_MANAGER not in roles:
        return OverrideRefused(_LOWER.say())
    if not reason.strip():
        return OverrideRefused(_REASON.say())
    return OverrideAllowed(current, wanted, reason.strip())
