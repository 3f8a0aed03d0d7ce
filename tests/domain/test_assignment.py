"""Who gets a new complaint (procedure 5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.assignment import (
    ANALYST,
    AssignmentRule,
    Candidate,
    discipline_owners,
    propose,
    suspected_origin,
)
from eightd.domain.complaint import DefectCounts, DefectKind, DefectLine, DisciplineCode, Role
from eightd.domain.workflow.snapshot import Origin

ON = date(2026, 3, 12)
HUAXIN, NORTHWIND = 1, 2


def cqe(number, load=0, **rest):
    return Candidate(number, frozenset({Role.CQE}), load, **rest)


def away(number, load=0, **rest):
    return cqe(number, load, away_from_on=ON, away_until_on=ON, **rest)


def rule(user_id, customer_id=None, product_line=None, rank=0):
    return AssignmentRule(Role.CQE, customer_id, product_line, user_id, rank)


def chosen(rules, candidates, customer_id=HUAXIN, product_line="power"):
    proposal = propose(rules, candidates, customer_id, product_line, None, ON)
    return proposal.assignments.get(Role.CQE), proposal.reasons[Role.CQE].text("en")


@pytest.mark.parametrize(
    ("rules", "expected", "why"),
    [
        ([], 2, "CQE: no rule fits; fewest open complaints (1)"),
        ([rule(1)], 1, "CQE: by the rule for all complaints"),
        ([rule(1), rule(3, product_line="power")], 3, "CQE: by the rule for this product line"),
        ([rule(3, product_line="power"), rule(1, HUAXIN)], 1, "CQE: by the rule for this customer"),
        (
            [rule(1, HUAXIN), rule(3, HUAXIN, "power")],
            3,
            "CQE: by the rule for this customer and product line",
        ),
        (
            [rule(1, NORTHWIND), rule(3, HUAXIN, "moulding")],
            2,
            "CQE: no rule fits; fewest open complaints (1)",
        ),
        ([rule(1, HUAXIN, rank=2), rule(3, HUAXIN, rank=1)], 3, "CQE: by the rule for this customer"),
        ([rule(1, HUAXIN), rule(3, HUAXIN), rule(2, HUAXIN)], 2, "CQE: by the rule for this customer"),
        ([rule(99, HUAXIN), rule(1)], 1, "CQE: by the rule for all complaints"),
        ([AssignmentRule(Role.PQE, HUAXIN, None, 1)], 2, "CQE: no rule fits; fewest open complaints (1)"),
    ],
)
def test_the_cqe_comes_by_customer_and_product_line_then_by_load(rules, expected, why):
    assert chosen(rules, [cqe(1, 5), cqe(2, 1), cqe(3, 3)]) == (expected, why)


def test_a_complaint_without_product_line_follows_the_rules_that_name_none():
    assert chosen([rule(1, product_line="power"), rule(2)], [cqe(1), cqe(2)], product_line=None)[0] == 2


def test_the_deputy_of_an_absent_user_takes_over():
    user_id, why = chosen([rule(1, HUAXIN)], [away(1, deputy_id=2), cqe(2, 9), cqe(3)])
    assert (user_id, why) == (2, "CQE: by the rule for this customer; deputy of the absent")


def test_deputies_stand_in_for_each_other_along_the_chain_but_not_in_a_circle():
    chain = [away(1, deputy_id=2), away(2, deputy_id=3), cqe(3, 9), cqe(4)]
    assert chosen([rule(1)], chain)[0] == 3
    circle = [away(1, deputy_id=2), away(2, deputy_id=1), cqe(4)]
    assert chosen([rule(1)], circle)[0] == 4


def test_a_deputy_who_lacks_the_role_or_is_unknown_is_passed_over():
    te = Candidate(2, frozenset({Role.TE}))
    assert chosen([rule(1)], [away(1, deputy_id=2), te, cqe(3)])[0] == 3
    assert chosen([rule(1)], [away(1, deputy_id=77), cqe(3)])[0] == 3
    assert chosen([rule(1), rule(4)], [away(1), cqe(3), cqe(4, 9)])[0] == 4


def test_by_load_the_absent_are_left_out_unless_everybody_is_away():
    assert chosen([], [away(1), cqe(2, 9)])[0] == 2
    user_id, why = chosen([], [away(1, 4), away(2, 3)])
    assert (user_id, why) == (2, "CQE: everybody with this role is away; fewest open complaints (3)")


def test_a_plant_without_cqe_gives_it_to_the_quality_manager():
    manager = Candidate(8, frozenset({Role.QUALITY_MANAGER}))
    assert chosen([], [manager]) == (8, "CQE: nobody has this role here; the quality manager stands in")
    assert chosen([], []) == (None, "CQE: nobody has this role here")


@pytest.mark.parametrize(
    ("begin", "end", "absent"),
    [
        (None, None, False),
        (0, 0, True),
        (-3, -1, False),
        (1, 3, False),
        (-3, 0, True),
        (0, 3, True),
        (None, 0, True),
        (None, -1, False),
        (0, None, True),
        (1, None, False),
    ],
)
def test_days_away_include_both_ends_and_may_be_open(begin, end, absent):
    first = None if begin is None else ON + timedelta(days=begin)
    last = None if end is None else ON + timedelta(days=end)
    assert cqe(1, away_from_on=first, away_until_on=last).is_away(ON) is absent


STAFF = [Candidate(number, frozenset({role})) for number, role in enumerate(Role)]
USER = {role: number for number, role in enumerate(Role)}


@pytest.mark.parametrize(
    ("origin", "role"),
    [
        (Origin.FUNCTIONAL, Role.TE),
        (Origin.PROCESS, Role.PIE),
        (Origin.APPEARANCE, Role.PIE),
        (Origin.DESIGN, Role.RD),
        (Origin.MATERIAL, Role.SQE),
    ],
)
def test_the_analysis_goes_by_the_suspected_origin(origin, role):
    proposal = propose([], STAFF, HUAXIN, None, origin, ON)
    assert proposal.analyst is role
    assert dict(proposal.assignments) == {r: USER[r] for r in (Role.CQE, Role.PQE, role)}
    assert set(proposal.reasons) == set(proposal.assignments)
    assert proposal.notes == ()
    owners = discipline_owners(origin, proposal.assignments)
    assert [owners[code] for code in DisciplineCode] == (
        [USER[Role.CQE]] * 4 + [USER[role]] * 2 + [USER[Role.PQE]] + [USER[Role.CQE]] * 2
    )


def test_without_an_origin_nobody_analyses_yet():
    proposal = propose([], STAFF, HUAXIN, None, None, ON)
    assert proposal.analyst is None
    assert set(proposal.assignments) == {Role.CQE, Role.PQE}
    assert proposal.notes[0].text("en") == "The origin is not known yet: no analyst is assigned"


def test_a_missing_analyst_or_pqe_leaves_the_work_to_the_cqe():
    proposal = propose([], [cqe(1)], HUAXIN, None, Origin.DESIGN, ON)
    assert proposal.assignments == {Role.CQE: 1}
    assert proposal.reasons[Role.RD].text("en") == "RD: nobody has this role here"
    assert set(discipline_owners(Origin.DESIGN, proposal.assignments).values()) == {1}
    assert set(discipline_owners(None, {Role.CQE: 1}).values()) == {1}
    assert set(discipline_owners(None, {}).values()) == {None}


def test_every_origin_has_an_analyst():
    assert set(ANALYST) == set(Origin)


@pytest.mark.parametrize(
    ("lines", "origin"),
    [
        ([], None),
        ([("other", "a", 50)], None),
        ([("functional", "a", 1)], Origin.FUNCTIONAL),
        ([("appearance", "a", 1)], Origin.APPEARANCE),
        ([("functional", "a", 18), ("appearance", "b", 3)], Origin.FUNCTIONAL),
        ([("functional", "a", 5), ("appearance", "b", 10)], Origin.FUNCTIONAL),
        ([("functional", "a", 5), ("appearance", "b", 11)], Origin.APPEARANCE),
        ([("functional", "a", 5), ("appearance", "b", 6), ("appearance", "b", 5)], Origin.APPEARANCE),
        ([("functional", "a", 5), ("appearance", "b", 6), ("appearance", "c", 5)], Origin.FUNCTIONAL),
    ],
)
def test_the_origin_is_suspected_from_the_defects(lines, origin):
    defects = tuple(DefectLine(DefectKind(kind), name, quantity) for kind, name, quantity in lines)
    assert suspected_origin(DefectCounts(defects)) is origin


@given(
    st.lists(
        st.builds(
            Candidate,
            st.integers(1, 6),
            st.frozensets(st.sampled_from([Role.CQE, Role.PQE, Role.TE])),
            st.integers(0, 3),
            st.sampled_from([None, ON]),
            st.sampled_from([None, ON]),
            st.sampled_from([None, 1, 2, 3]),
        ),
        unique_by=lambda candidate: candidate.user_id,
    ),
    st.lists(
        st.builds(
            AssignmentRule,
            st.sampled_from([Role.CQE, Role.TE]),
            st.sampled_from([None, 1, 2]),
            st.sampled_from([None, "power"]),
            st.integers(1, 6),
            st.integers(0, 2),
        )
    ),
    st.randoms(),
)
def test_a_proposal_names_people_with_the_role_whatever_the_order_of_rules_and_users(
    candidates, rules, random
):
    proposal = propose(rules, candidates, HUAXIN, "power", Origin.FUNCTIONAL, ON)
    having = {role: {c.user_id for c in candidates if role in c.roles} for role in Role}
    for role in (Role.CQE, Role.PQE, Role.TE):
        assert (role in proposal.assignments) is bool(having[role])
        assert proposal.assignments.get(role) in having[role] | {None}
    present = {c.user_id for c in candidates if Role.CQE in c.roles and not c.is_away(ON)}
    assert not present or proposal.assignments[Role.CQE] in present
    random.shuffle(candidates)
    random.shuffle(rules)
    assert propose(rules, candidates, HUAXIN, "power", Origin.FUNCTIONAL, ON) == proposal
