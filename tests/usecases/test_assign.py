"""Who gets a complaint: rules, load, absence and deputies; handing over with the history kept."""

from datetime import date

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, Role
from eightd.domain.workflow.snapshot import Origin
from eightd.persistence.tables.catalogue import AssignmentRuleRow
from eightd.persistence.tables.complaint import AssignmentRow, DeskRow
from eightd.persistence.tables.people import AbsenceRow, UserPlantRow, UserRoleRow, UserRow
from eightd.usecases import assign, confirm, discipline, outcome
from eightd.usecases.errors import Invalid
from tests import factories
from tests.usecases.case import D1, D4, D5, D7, answers, holder


def add(world, *rows):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add_all(rows)


def rule(world, login, role=Role.CQE, customer=None, line=None, rank=1):
    return AssignmentRuleRow(
        plant_id=world.plant,
        role=role,
        user_id=world.users[login],
        customer_id=customer,
        product_line=line,
        rank=rank,
    )


def away(world, login, deputy=None, first=date(2026, 3, 12), last=date(2026, 3, 13)):
    deputy_id = None if deputy is None else world.users[deputy]
    return AbsenceRow(user_id=world.users[login], deputy_id=deputy_id, from_on=first, until_on=last)


def cqe_of(case):
    return holder(case, Role.CQE)


def test_without_rules_the_least_loaded_takes_it(case_of):
    cases = [case_of() for _ in range(3)]
    assert [cqe_of(case) for case in cases] == ["cqe", "cqe2", "cqe"]
    cases[0].do(outcome.cancel, "cqe", reason="withdrawn")
    cases[2].do(outcome.cancel, "cqe", reason="withdrawn")
    assert cqe_of(case_of()) == "cqe"


def test_load_counts_for_every_role(store_world, case_of):
    add(store_world, UserRoleRow(user_id=store_world.users["pie"], role=Role.TE))
    cases = [case_of() for _ in range(3)]
    assert [holder(case, Role.TE) for case in cases] == ["te", "pie", "te"]
    cases[0].do(outcome.cancel, "cqe", reason="withdrawn")
    cases[2].do(outcome.cancel, "cqe", reason="withdrawn")
    assert holder(case_of(), Role.TE) == "te"


def test_the_more_specific_rule_goes_first(store_world, case_of):
    add(
        store_world,
        rule(store_world, "cqe2"),
        rule(store_world, "cqe", line="adapters"),
        rule(store_world, "cqe2", customer=store_world.customer),
        rule(store_world, "cqe", customer=store_world.customer, line="adapters"),
    )
    assert cqe_of(case_of()) == "cqe"
    assert cqe_of(case_of(part_number="NEW", product_line="housings")) == "cqe2"
    assert cqe_of(case_of(customer_code="BERGER")) == "cqe"
    assert cqe_of(case_of(customer_code="BERGER", part_number="NEW-2")) == "cqe2"


def test_the_absent_are_represented_or_passed_over(store_world, case_of, clock):
    add(store_world, rule(store_world, "cqe"), away(store_world, "cqe", "cqe2"))
    for day, login in (("12", "cqe2"), ("13", "cqe2"), ("14", "cqe")):
        clock.set(f"2026-03-{day}T23:59:59+08:00")
        assert cqe_of(case_of()) == login
    add(store_world, away(store_world, "cqe2", "cqe", date(2026, 3, 16), date(2026, 3, 16)))
    clock.set("2026-03-16T09:00:00+08:00")
    assert cqe_of(case_of()) == "cqe"


def test_who_may_not_see_the_customer_is_not_asked(store_world, case_of):
    add(store_world, rule(store_world, factories.LIMITED))
    assert cqe_of(case_of()) == "cqe"
    assert cqe_of(case_of(customer_code="BERGER")) == factories.LIMITED


def test_a_plant_without_cqe_leaves_it_to_the_quality_manager(store_world, case_of):
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.execute(
            sa.update(UserRow).where(UserRow.login.in_(("cqe", "cqe2"))).values(active=False)
        )
    assert cqe_of(case_of()) == "quality_manager"


def test_confirming_another_origin_keeps_who_is_there_and_gives_the_analysis_on(case):
    case.do(assign.assign_role, "cqe", role=Role.PQE, user_id=_second_pqe(case))
    case.confirmed(origin=Origin.MATERIAL)
    assert {role: holder(case, role) for role in (Role.CQE, Role.PQE, Role.TE, Role.SQE)} == {
        Role.CQE: "cqe", Role.PQE: "pie", Role.TE: "te", Role.SQE: "sqe",
    }  # fmt: skip
    assert [case.owner(code) for code in (D4, D5)] == ["sqe", "sqe"]


def _second_pqe(case):
    add(case.world, UserRoleRow(user_id=case.world.users["pie"], role=Role.PQE))
    return case.world.users["pie"]


def test_a_handover_is_kept_and_what_nobody_has_begun_follows(case, clock):
    users = case.world.users
    case.confirmed()
    case.work(discipline.save_draft, "cqe", D1, answer=answers()[D1])
    clock.advance(hours=1)
    case.do(assign.assign_role, "cqe", role=Role.CQE, user_id=users["cqe2"], reason=" leaves on Monday ")
    assert (case.row.cqe_id, case.owner(D1)) == (users["cqe2"], "cqe")
    followers = [code.value for code in DisciplineCode if case.owner(code) == "cqe2"]
    assert followers == ["D0", "D2", "D3", "D7", "D8"]
    held = [one for one in case.all(AssignmentRow) if one.role is Role.CQE]
    assert [(one.user_id, one.until_at, one.reason) for one in held] == [
        (users["cqe"], clock(), ""), (users["cqe2"], None, "leaves on Monday"),
    ]  # fmt: skip
    last = case.record[-1]
    assert (last.tag, last.subject, last.old, last.new, last.reason) == (
        "complaint.assigned", "cqe", {"user_id": users["cqe"]}, {"user_id": users["cqe2"]}, "leaves on Monday",
    )  # fmt: skip


def test_a_discipline_given_to_somebody_by_name_stays_with_them(case):
    users = case.world.users
    case.confirmed()
    for code, login in ((D7, "pie"), (D5, "rd")):
        case.do(assign.assign_discipline, "cqe", code=code, user_id=users[login])
    case.do(assign.assign_role, "cqe", role=Role.CQE, user_id=users["cqe2"])
    case.do(assign.assign_role, "cqe", role=Role.TE, user_id=_second_te(case))
    assert [case.owner(code) for code in (D4, D5, D7)] == ["production", "rd", "pie"]
    case.do(confirm.confirm_not_ours, "cqe", reason="x")
    confirmation = confirm.Confirmation(visit_needed=False, sample_needed=True, origin=Origin.MATERIAL)
    case.do(confirm.confirm_ours, "cqe", confirmation=confirmation, reason="ours after all")
    assert [case.owner(code) for code in (D4, D5, D7)] == ["sqe", "rd", "pie"]


def _second_te(case):
    add(case.world, UserRoleRow(user_id=case.world.users["production"], role=Role.TE))
    return case.world.users["production"]


def test_only_who_can_act_is_given_anything(store_world, case):
    users = store_world.users
    add(store_world, UserPlantRow(user_id=users[factories.GONE], plant_id=store_world.foreign_plant))
    for role, login in (
        (Role.TE, "pie"), (Role.CQE, factories.LIMITED), (Role.CQE, factories.GONE), (Role.CQE, factories.STRANGER),
        (Role.AUDITOR, "auditor"), (Role.ADMIN, "admin"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            case.do(assign.assign_role, "cqe", role=role, user_id=users[login])
        assert list(caught.value.problems) == ["user_id"], (role, login)
    for login in ("auditor", "admin", factories.LIMITED, factories.GONE, factories.STRANGER):
        with pytest.raises(Invalid):
            case.do(assign.assign_discipline, "cqe", code=D4, user_id=users[login])
    with pytest.raises(Invalid):
        case.do(assign.assign_role, "cqe", role=Role.CQE, user_id=999_999)


def test_who_assigns(case):
    users = case.world.users
    for verb, arguments in (
        (assign.assign_role, {"role": Role.CQE, "user_id": users["cqe2"]}),
        (assign.assign_discipline, {"code": D4, "user_id": users["rd"]}),
    ):
        case.refuses_stale(verb, "cqe", **arguments)
        case.is_only_for(
            {"cqe", "cqe2", "quality_manager"}, lambda login, v=verb, a=arguments: case.do(v, login, **a)
        )


def test_the_desk_follows_at_once(case):
    users = case.world.users

    def desks():
        rows = case.all(DeskRow, DeskRow.user_id, DeskRow.role)
        return {login for login, user_id in users.items() if any(row.user_id == user_id for row in rows)}

    assert desks() == {"sales", "cqe", "pqe", "te"}
    case.do(assign.assign_role, "cqe", role=Role.CQE, user_id=users["cqe2"])
    assert desks() == {"sales", "cqe2", "pqe", "te"}
    case.do(assign.assign_discipline, "cqe", code=D7, user_id=users["rd"])
    assert desks() == {"sales", "cqe2", "pqe", "te", "rd"}
    case.do(outcome.cancel, "cqe", reason="withdrawn")
    assert desks() == set()
