"""Sessions end with the next request after what they stood on has changed."""

import pytest

from eightd.domain.complaint import Role
from eightd.queries import people
from eightd.usecases import users
from tests import factories


def entry(world, login, **others):
    with world.services.uow.reading() as session:
        row = people.user(session, world.actor("admin"), world.users[login])
    values = {
        name: getattr(row, name)
        for name in (
            "name",
            "email",
            "phone",
            "department",
            "language",
            "active",
            "roles",
            "plants",
            "customers",
        )
    }
    return users.UserEntry(**{**values, **others}), row.version


def change(world, login, **others):
    wanted, version = entry(world, login, **others)
    users.change_user(
        world.services.uow, world.order("admin"), user_id=world.users[login], version=version, entry=wanted
    )


def is_in(browser):
    return browser.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "others",
    [{"active": False}, {"roles": frozenset({Role.PQE})}, {"customers": frozenset({1})}],
    ids=["deactivated", "other role", "other customers"],
)
def test_what_an_administrator_changes_ends_sessions(client_for, world, others):
    browser = client_for("cqe")
    assert is_in(browser)
    change(world, "cqe", **others)
    assert not is_in(browser)
    assert "Your session has ended" in browser.get("/login").text


def test_a_new_name_ends_nothing(client_for, world):
    browser = client_for("cqe")
    change(world, "cqe", name="钱大伟")
    assert is_in(browser)


def test_a_reset_password_ends_sessions(client_for, world, services):
    browser = client_for("cqe")
    _, version = entry(world, "cqe")
    users.reset_password(
        services.uow, world.order("admin"), user_id=world.users["cqe"], version=version,
        password_hash=services.passwords.hash("another password"),
    )  # fmt: skip
    assert not is_in(browser)


def test_changing_the_own_password_ends_the_others_and_keeps_this_one(client_for):
    here, there = client_for("cqe"), client_for("cqe")
    new = "a new long password"
    answer = here.post("/account/password", {"present": factories.PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert is_in(here)
    assert not is_in(there)


def test_signing_out_everywhere_else_does_that(client_for):
    here, there = client_for("cqe"), client_for("cqe")
    assert here.post("/account/sessions/end").status_code == 303
    assert is_in(here)
    assert not is_in(there)


@pytest.mark.parametrize("identity", ["", "1", "1.", ".1", "x.1", "1.x", "-1.1", "99999.1", "1.1.1"])
def test_a_session_that_makes_no_sense_is_nobody(client_for, identity):
    browser = client_for(None)
    with browser.client.session_transaction() as session:
        session["_user_id"] = identity
    assert not is_in(browser)


def test_a_session_without_requests_runs_out(app, client_for):
    assert app.permanent_session_lifetime.total_seconds() == 12 * 3600
    with client_for("cqe").client.session_transaction() as session:
        assert session.permanent
