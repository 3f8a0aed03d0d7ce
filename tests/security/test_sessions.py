"""The session's cookie and what it is good for; more in tests/web/test_sessions_end.py and test_throttle.py."""

import pytest

from eightd.app import create_app
from tests import factories
from tests.conftest import make_settings


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_travels_over_https_only_where_there_is_https(tmp_path, ready_sqlite_url, https):
    app = create_app(make_settings(tmp_path, ready_sqlite_url, cookie_secure=https))
    world = factories.world(app.extensions["eightd.services"])
    browser = factories.Browser(app, world.users["cqe"])
    answer = browser.get("/account/", base_url="https://localhost" if https else None)
    flags = answer.headers.get("Set-Cookie", "")
    assert ("Secure" in flags) is https
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags
    assert "Domain" not in flags
    app.extensions["eightd.services"].uow.engine.dispose()


def test_a_cookie_from_before_the_sessions_were_ended_is_worth_nothing(client_for):
    browser = client_for("cqe")
    browser.get("/account/")
    stolen = browser.client.get_cookie("session").value
    assert browser.post("/account/sessions/end").status_code == 303
    thief = client_for(None)
    thief.client.set_cookie("session", stolen)
    assert thief.get("/account/").status_code == 303


def test_a_session_holds_no_secret(client_for):
    """The cookie is signed, not hidden: it may say who, and nothing more."""
    browser = client_for(None)
    browser.post("/login", {"login": "cqe", "password": factories.PASSWORD})
    with browser.client.session_transaction() as session:
        assert set(session) <= {
            "_user_id",
            "_id",
            "_fresh",
            "_permanent",
            "csrf_token",
            "language",
            "_flashes",
        }
        assert factories.PASSWORD not in str(dict(session))


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_way_leads_to_another_site(client_for, target):
    browser = client_for("cqe")
    sent = (
        browser.get("/login", query_string={"next": target}),
        browser.post("/language", {"lang": "en", "next": target}),
        browser.post("/logout", {"next": target}),
    )
    for answer in sent:
        assert answer.status_code == 303
        assert "evil" not in answer.location
        assert answer.location.startswith("/")
