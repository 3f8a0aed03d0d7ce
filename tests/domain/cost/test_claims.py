"""A claim's course: what we bear, who approves up to which amount (inclusive), four eyes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.complaint import Role, Stage
from eightd.domain.cost import approvals, claims
from eightd.domain.cost.approvals import STANDARD
from eightd.domain.cost.claims import COURSE, STATES, Borne, ClaimSnapshot, ClaimStep, borne, may_on_claim
from eightd.domain.cost.kinds import ClaimPosition, ClaimState
from eightd.domain.workflow.outcome import Allowed, Refused
from eightd.domain.workflow.snapshot import Actor
from tests.domain.workflow.course import complaint as snapshot

D = Decimal
LIMITS = {Role.CQE: D("5000"), Role.FINANCE: D("20000"), Role.QUALITY_MANAGER: D("20000")}
ACCEPT, SHARE, REJECT = ClaimPosition


def actor(role, user_id=7, plants=frozenset({1})):
    return Actor(user_id, frozenset({role}), plants)


@pytest.mark.parametrize(
    ("amount", "roles", "least"),
    [
        ("0", {Role.CQE, Role.FINANCE, Role.QUALITY_MANAGER}, Role.CQE),
        ("4999.99", {Role.CQE, Role.FINANCE, Role.QUALITY_MANAGER}, Role.CQE),
        ("5000", {Role.CQE, Role.FINANCE, Role.QUALITY_MANAGER}, Role.CQE),
        ("5000.01", {Role.FINANCE, Role.QUALITY_MANAGER}, Role.FINANCE),
        ("20000.00", {Role.FINANCE, Role.QUALITY_MANAGER}, Role.FINANCE),
        ("20000.01", set(), None),
    ],
)
def test_limits_include_themselves(amount, roles, least):
    assert approvals.covering(LIMITS, D(amount)) == roles
    assert approvals.approver(LIMITS, D(amount)) == least
    for role in Role:
        assert approvals.may_approve(LIMITS, {role}, D(amount)) is (role in roles)


def test_without_limits_the_quality_manager_approves_anything():
    assert approvals.approver(STANDARD, D(10) ** 12) is Role.QUALITY_MANAGER
    assert approvals.covering(STANDARD, D(1)) == {Role.QUALITY_MANAGER}
    assert approvals.approver({Role.QUALITY_MANAGER: None, Role.CQE: D(9)}, D(9)) is Role.CQE


@given(
    st.decimals(min_value=0, max_value=10**6, places=2), st.decimals(min_value=0, max_value=10**6, places=2)
)
def test_more_money_never_needs_fewer_people(one, other):
    less, more = sorted((one, other))
    assert approvals.covering(LIMITS, more) <= approvals.covering(LIMITS, less)


def test_what_is_at_stake():
    assert [approvals.at_stake(one, D(100), D(40)) for one in (ACCEPT, SHARE, REJECT)] == [40, 40, 100]


@pytest.mark.parametrize(
    ("position", "share", "amount", "found"),
    [
        (ACCEPT, None, None, Borne(D("1000.01"))),
        (REJECT, None, None, Borne(D(0))),
        (SHARE, "50", None, Borne(D("500.00"), D(50))),  # 500.005, half to even
        (SHARE, "33.33", None, Borne(D("333.30"), D("33.33"))),
        (SHARE, "0.01", None, Borne(D("0.10"), D("0.01"))),
        (SHARE, None, "400", Borne(D(400), D("40.00"))),
        (SHARE, None, "1000", Borne(D(1000), D("100.00"))),
        (SHARE, None, None, {"share": "claim.share_or_amount"}),
        (SHARE, "50", "400", {"share": "claim.share_or_amount"}),
        (SHARE, "0", None, {"share": "claim.wrong_share"}),
        (SHARE, "100", None, {"share": "claim.wrong_share"}),
        (SHARE, "NaN", None, {"share": "claim.wrong_share"}),
        (SHARE, "33.333", None, {"share": "claim.wrong_share"}),
        (SHARE, None, "1000.01", {"amount": "claim.not_a_part"}),
        (SHARE, None, "0", {"amount": "cost.not_above_zero"}),
        (SHARE, None, "1.001", {"amount": "cost.too_many_places"}),
    ],
)
def test_what_we_bear(position, share, amount, found):
    given_share, given_amount = (None if one is None else D(one) for one in (share, amount))
    answer = borne(position, D("1000.01"), "CNY", share=given_share, amount=given_amount)
    assert answer == found or {name: one.code for name, one in answer.items()} == found


def test_a_share_that_rounds_to_nothing_or_all_is_refused():
    assert borne(SHARE, D("0.01"), "CNY", share=D("40"))["share"].code == "claim.not_a_part"
    assert borne(SHARE, D("0.01"), "CNY", share=D("60"))["share"].code == "claim.not_a_part"


@given(
    st.decimals(min_value=1, max_value=10**9, places=2),
    st.decimals(min_value=D("0.01"), max_value=D("99.99"), places=2),
)
def test_a_share_and_the_rest_are_the_whole(claimed, share):
    ours, theirs = (borne(SHARE, claimed, "CNY", share=one) for one in (share, 100 - share))
    if isinstance(ours, Borne) and isinstance(theirs, Borne):
        assert abs(ours.amount + theirs.amount - claimed) <= D("0.01")
        assert 0 < ours.amount < claimed


RIGHTS = {
    ClaimStep.CHANGE: {Role.SALES, Role.CQE, Role.QUALITY_MANAGER, Role.FINANCE},
    ClaimStep.WITHDRAW: {Role.SALES, Role.CQE, Role.QUALITY_MANAGER, Role.FINANCE},
    ClaimStep.PROPOSE: {Role.SALES, Role.CQE, Role.QUALITY_MANAGER},
    ClaimStep.APPROVE: {Role.CQE, Role.QUALITY_MANAGER, Role.FINANCE},
    ClaimStep.RETURN: {Role.CQE, Role.QUALITY_MANAGER, Role.FINANCE},
    ClaimStep.SETTLE: {Role.SALES, Role.FINANCE},
}


@pytest.mark.parametrize("step", ClaimStep)
@pytest.mark.parametrize("state", ClaimState)
def test_every_step_in_every_state_by_every_role(step, state):
    complaint = snapshot(Stage.CLOSED)
    claim = ClaimSnapshot(state, proposed_by_id=1, at_stake=D(5000))
    for role in Role:
        found = may_on_claim(actor(role), step, complaint, claim, LIMITS, "CNY")
        expected = role in RIGHTS[step] and (state, step) in COURSE
        assert isinstance(found, Allowed) is expected, (role, found)
    hidden = may_on_claim(actor(Role.CQE, plants=frozenset({99})), step, complaint, claim, LIMITS, "CNY")
    assert isinstance(hidden, Refused)
    assert hidden.hidden
    assert set(STATES) == set(ClaimState)


def test_nobody_approves_the_own_position_or_more_than_the_limit():
    complaint = snapshot(Stage.ANALYSING)
    claim = ClaimSnapshot(ClaimState.PROPOSED, proposed_by_id=7, at_stake=D("5000.00"))

    def code(role, claim=claim, limits=LIMITS):
        found = may_on_claim(actor(role), ClaimStep.APPROVE, complaint, claim, limits, "CNY")
        return found.message.code if isinstance(found, Refused) else None

    assert code(Role.QUALITY_MANAGER) == "claim.own_position"
    other = replace(claim, proposed_by_id=8)
    assert code(Role.CQE, other) is None
    assert code(Role.CQE, replace(other, at_stake=D("5000.01"))) == "claim.above_limit"
    assert code(Role.QUALITY_MANAGER, replace(other, at_stake=D("20000.01"))) == "claim.nobody_covers"
    assert code(Role.FINANCE, replace(other, at_stake=None)) is None
    assert (
        claims.nobody_covers(D("1234.5"), "CNY")
        .text("en")
        .startswith("Nobody's approval limit reaches 1,234.5")
    )


def test_a_claim_that_is_over_takes_no_step():
    assert not {state for state, _ in COURSE} & {ClaimState.SETTLED, ClaimState.WITHDRAWN}
