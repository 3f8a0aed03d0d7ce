"""The own account."""

import pytest

from eightd.persistence import audit
from eightd.queries import people
from tests import factories

CONTACT = {"name": "钱大伟", "email": "qian@example.com", "phone": "021-555"}


def account(world, login):
    with world.services.uow.reading() as session:
        return people.account(session, world.users[login], world.services.clock().date())


def test_contact_is_changed_and_recorded(client_for, world, services):
    assert client_for("cqe").post("/account/contact", CONTACT, version=1).status_code == 303
    found = account(world, "cqe")
    assert (found.name, found.email, found.phone, found.version) == (
        "钱大伟",
        "qian@example.com",
        "021-555",
        2,
    )
    with services.uow.reading() as session:
        assert audit.verify_chain(session, audit.SYSTEM_CHAIN, services.uow.signing_key) is None
        last = list(audit._entries(session, audit.SYSTEM_CHAIN))[-1]
    assert (last.tag, last.subject) == ("account.contact_changed", "cqe")
    assert last.new == CONTACT


@pytest.mark.parametrize("email", ["nowhere", "a b@example.com", "a@b"])
def test_an_address_that_cannot_be_one_is_refused(client_for, email):
    answer = client_for("cqe").post("/account/contact", {**CONTACT, "email": email}, version=1)
    assert answer.status_code == 422
    assert "not an e-mail address" in answer.text
    assert f'value="{email}"' in answer.text


def test_the_language_is_changed(client_for, world):
    assert client_for("cqe").post("/account/language", {"language": "zh"}).status_code == 303
    assert account(world, "cqe").language == "zh"
    assert client_for("cqe").post("/account/language", {"language": "fr"}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"present": "wrong"}, "not your present password"),
        ({"again": "something else"}, "differ"),
        ({"new": "short", "again": "short"}, "at least 10"),
        ({"new": factories.PASSWORD, "again": factories.PASSWORD}, "your present password"),
        ({"new": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}, "different characters"),
        ({"new": ""}, "required"),
    ],
)
def test_a_password_that_will_not_do_is_refused(client_for, fields, said):
    good = {"present": factories.PASSWORD, "new": "a new long password", "again": "a new long password"}
    answer = client_for("cqe").post("/account/password", {**good, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert factories.PASSWORD not in answer.text


def test_days_away_lend_the_roles_to_the_deputy(client_for, world, clock):
    days = {"from_on": "2026-03-12", "until_on": "2026-03-13", "deputy_id": str(world.users["cqe2"])}
    browser = client_for("cqe")
    assert browser.post("/account/absences", days).status_code == 303
    assert "2026-03-13" in browser.get("/account/").text
    assert world.actor("cqe2").deputy_for == {world.users["cqe"]}
    clock.set("2026-03-13T23:59:00+08:00")
    with world.services.uow.reading() as session:
        here = people.signed_in(session, world.users["cqe2"], 1, clock())
    assert here.actor.deputy_for == {world.users["cqe"]}
    clock.set("2026-03-14T00:00:00+08:00")
    with world.services.uow.reading() as session:
        here = people.signed_in(session, world.users["cqe2"], 1, clock())
    assert here.actor.deputy_for == frozenset()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"until_on": "2026-03-01"}, "before the first"),
        ({"until_on": "2028-03-01"}, "At most a year"),
        ({"deputy_id": ""}, "required"),
        ({"from_on": "yesterday"}, "Not a valid date"),
    ],
)
def test_days_away_that_cannot_be_are_refused(client_for, world, fields, said):
    days = {"from_on": "2026-03-12", "until_on": "2026-03-13", "deputy_id": str(world.users["cqe2"])}
    answer = client_for("cqe").post("/account/absences", {**days, **fields})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_deputy_is_a_colleague(client_for, world):
    days = {"from_on": "2026-03-12", "until_on": "2026-03-13"}
    for login in (factories.STRANGER, factories.GONE, "cqe"):
        answer = client_for("cqe").post("/account/absences", {**days, "deputy_id": str(world.users[login])})
        assert answer.status_code == 422, login


def test_days_away_can_be_taken_back_by_their_owner_only(client_for, world):
    days = {"from_on": "2026-03-12", "until_on": "2026-03-13", "deputy_id": str(world.users["cqe2"])}
    client_for("cqe").post("/account/absences", days)
    absence = account(world, "cqe").absences[0]
    assert client_for("te").post(f"/account/absences/{absence.id}/cancel").status_code == 404
    assert client_for("cqe").post(f"/account/absences/{absence.id}/cancel").status_code == 303
    assert account(world, "cqe").absences == ()
