"""Who may set another tier."""

import pytest

from eightd.domain.classification.override import OverrideAllowed, OverrideRefused, decide_override
from eightd.domain.complaint import Role, Tier

CQE = {Role.CQE}
MANAGER = {Role.CQE, Role.QUALITY_MANAGER}


@pytest.mark.parametrize(
    ("current", "wanted", "reason", "roles", "refused"),
    [
        (Tier.OTHER, Tier.GENERAL, "pattern seen before", CQE, None),
        (Tier.OTHER, Tier.MAJOR, "x", MANAGER, None),
        (Tier.OTHER, Tier.MAJOR, " \n", CQE, "override.reason"),
        (Tier.MAJOR, Tier.GENERAL, "agreed", MANAGER, None),
        (Tier.MAJOR, Tier.GENERAL, "", MANAGER, "override.reason"),
        (Tier.MAJOR, Tier.OTHER, "agreed", CQE, "override.lower"),
        (Tier.MAJOR, Tier.OTHER, "agreed", (), "override.lower"),
        (Tier.MAJOR, Tier.MAJOR, "same", MANAGER, "override.same"),
    ],
)
def test_raising_needs_a_reason_and_lowering_the_quality_manager_too(current, wanted, reason, roles, refused):
    answer = decide_override(current, wanted, reason, roles)
    if refused is None:
        assert answer == OverrideAllowed(current, wanted, reason.strip())
    else:
        assert isinstance(answer, OverrideRefused)
        assert answer.reason.code == refused
