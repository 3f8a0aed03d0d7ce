"""Whom people report to: somebody who is there, not themselves, and never in a circle."""

from dataclasses import replace

import pytest

from eightd.domain.complaint import Role
from eightd.persistence.tables.people import UserRow
from eightd.queries import people
from eightd.usecases.errors import Invalid
from eightd.usecases.users import UserEntry, change_user, create_user


def entry(world, login):
    with world.services.uow.reading() as session:
        found = people.user(session, world.actor("admin"), world.users[login])
    return found, UserEntry(
        name=found.name, language=found.language, roles=found.roles, plants=found.plants,
        customers=found.customers, active=found.active, lead_id=found.lead_id,
    )  # fmt: skip


def report_to(world, login, lead, **others):
    found, kept = entry(world, login)
    wanted = replace(kept, lead_id=world.users[lead] if isinstance(lead, str) else lead, **others)
    return change_user(
        world.services.uow, world.order("admin"), user_id=found.id, version=found.version, entry=wanted
    )


def lead_of(world, login):
    with world.services.uow.reading() as session:
        return session.get_one(UserRow, world.users[login]).lead_id


def test_a_lead_is_kept_and_taken_away_without_ending_sessions(store_world):
    report_to(store_world, "te", "cqe")
    assert lead_of(store_world, "te") == store_world.users["cqe"]
    with store_world.services.uow.reading() as session:
        assert session.get_one(UserRow, store_world.users["te"]).session_epoch == 1
    report_to(store_world, "te", None)
    assert lead_of(store_world, "te") is None


@pytest.mark.parametrize("lead", ["te", "gone", "stranger", 999])
def test_who_cannot_lead(store_world, lead):
    with pytest.raises(Invalid) as refused:
        report_to(store_world, "te", lead)
    assert list(refused.value.problems) == ["lead_id"]


def test_nobody_reports_in_a_circle(store_world):
    report_to(store_world, "te", "cqe")
    report_to(store_world, "cqe", "quality_manager")
    for lead in ("te", "cqe"):
        with pytest.raises(Invalid) as refused:
            report_to(store_world, "quality_manager", lead)
        assert list(refused.value.problems) == ["lead_id"]
    assert lead_of(store_world, "quality_manager") is None


def test_a_circle_of_others_hangs_nothing(store_world):
    """Rows from elsewhere may hold one; whoever stands outside it can still be changed."""
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        for login, lead in (("cqe", "te"), ("te", "cqe")):
            work.session.get_one(UserRow, store_world.users[login]).lead_id = store_world.users[lead]
    report_to(store_world, "pqe", "cqe")


def test_a_lead_who_left_stays_until_another_is_chosen(store_world):
    report_to(store_world, "te", "cqe2")
    found, kept = entry(store_world, "cqe2")
    change_user(
        store_world.services.uow, store_world.order("admin"), user_id=found.id, version=found.version,
        entry=replace(kept, active=False),
    )  # fmt: skip
    report_to(store_world, "te", "cqe2", department="test")
    with pytest.raises(Invalid):
        report_to(store_world, "pie", "cqe2")


def test_a_new_account_has_a_lead(store_world):
    made = UserEntry(
        name="新人", roles=frozenset({Role.TE}), plants=frozenset({store_world.plant}),
        lead_id=store_world.users["cqe"],
    )  # fmt: skip
    done = create_user(
        store_world.services.uow, store_world.order("admin"), login="new", password_hash="x", entry=made
    )
    with store_world.services.uow.reading() as session:
        assert people.user(session, store_world.actor("admin"), done.id).lead_name == "钱伟"
