"""The same form sent twice does one thing."""

import pytest

from eightd.queries import people


def absences(world):
    with world.services.uow.reading() as session:
        return people.account(session, world.users["cqe"], world.services.clock().date()).absences


@pytest.fixture
def days(world):
    return {"from_on": "2026-03-12", "until_on": "2026-03-13", "deputy_id": str(world.users["cqe2"])}


def test_a_form_sent_twice_does_one_thing(client_for, world, days):
    browser = client_for("cqe")
    for _ in range(2):
        assert browser.post("/account/absences", days, key="one-and-the-same").status_code == 303
    assert len(absences(world)) == 1


def test_the_version_may_have_moved_by_the_first_sending(client_for):
    browser = client_for("cqe")
    for _ in range(2):
        sent = browser.post(
            "/account/contact", {"name": "New", "email": "", "phone": ""}, version=1, key="same-key"
        )
        assert sent.status_code == 303


def test_the_key_is_the_persons_own(client_for, world, days):
    client_for("cqe").post("/account/absences", days, key="same-for-both")
    other = {**days, "deputy_id": str(world.users["cqe"])}
    assert client_for("cqe2").post("/account/absences", other, key="same-for-both").status_code == 303
    with world.services.uow.reading() as session:
        assert people.account(session, world.users["cqe2"], world.services.clock().date()).absences


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with blank in it", "ünïcödé-key"])
def test_a_form_without_a_proper_key_is_a_bad_request(client_for, days, key):
    assert client_for("cqe").post("/account/absences", {**days, "idempotency_key": key}).status_code == 400


def test_a_form_shown_again_keeps_its_key(client_for, days):
    page = client_for("cqe").post("/account/absences", {**days, "from_on": ""}, key="kept-while-refused").text
    assert 'name="idempotency_key" value="kept-while-refused"' in page
