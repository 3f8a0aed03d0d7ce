"""The way in and out."""

import pytest

from eightd.web.session import safe_next
from tests import factories


def sign_in(browser, login="cqe", password=factories.PASSWORD, **others):
    return browser.post("/login", {"login": login, "password": password, **others})


def test_the_right_password_opens_the_door(client_for):
    browser = client_for(None)
    assert sign_in(browser).status_code == 303
    assert browser.get("/account/").status_code == 200


@pytest.mark.parametrize("login", ["CQE", " cqe "])
def test_case_and_blanks_of_the_name_do_not_matter(client_for, login):
    assert sign_in(client_for(None), login).status_code == 303


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("cqe", "a guess"),
        ("cqe", factories.PASSWORD.upper()),
        ("nobody", factories.PASSWORD),
        (factories.GONE, factories.PASSWORD),
    ],
)
def test_wrong_name_or_password_and_inactive_accounts_get_one_answer(client_for, login, password):
    answer = sign_in(client_for(None), login, password)
    assert answer.status_code == 403
    assert "Sign-in name or password is wrong." in answer.text
    assert password not in answer.text


def test_an_unknown_name_takes_the_same_work(client_for, services, monkeypatch):
    asked = []
    check = services.passwords._hasher.verify
    monkeypatch.setattr(
        type(services.passwords._hasher), "verify", lambda self, *given: asked.append(1) or check(*given)
    )
    sign_in(client_for(None), "nobody")
    sign_in(client_for(None), factories.GONE)
    assert len(asked) == 2


def test_empty_fields_are_named(client_for):
    answer = client_for(None).post("/login", {"login": "", "password": ""})
    assert answer.status_code == 422
    assert answer.text.count('class="error"') == 2


def test_a_page_asked_for_is_reached_after_the_sign_in(client_for):
    browser = client_for(None)
    asked = browser.get("/account/password?x=1")
    assert asked.status_code == 303
    assert asked.location == "/login?next=/account/password?x%3D1"
    assert 'name="next" value="/account/password?x=1"' in browser.get(asked.location).text
    assert sign_in(browser, next="/account/password?x=1").location == "/account/password?x=1"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example",
     "javascript:alert(1)", "account", "", " /account", "/a\r\nSet-Cookie: x=1", "/%0d" + "x" * 3000],
)  # fmt: skip
def test_the_way_back_never_leads_elsewhere(client_for, target):
    assert safe_next(target) is None
    assert sign_in(client_for(None), next=target).location == client_for("cqe").get("/login").location


def test_who_is_signed_in_is_not_asked_again(client_for):
    assert client_for("cqe").get("/login").status_code == 303


def test_signing_out_ends_the_session_and_keeps_the_language(client_for):
    browser = client_for("cqe")
    browser.post("/language", {"lang": "zh"})
    assert browser.post("/logout").location == "/login"
    assert browser.get("/account/").status_code == 303
    assert "登录" in browser.get("/login").text


def test_signing_in_leaves_nothing_of_the_session_before(client_for):
    browser = client_for(None)
    with browser.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    sign_in(browser)
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client_for):
    cookie = sign_in(client_for(None)).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_part_of_a_page_asked_for_signed_out_sends_the_whole_page_to_the_sign_in(client_for):
    answer = client_for(None).part("/account/")
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login")


def test_a_first_password_must_be_changed_before_anything_else(client_for, world, services):
    with services.uow.writing(world.order("admin")) as work:
        row = work.session.get(factories.UserRow, world.users["te"])
        row.must_change_password = True
    browser = client_for("te")
    assert browser.get("/account/").location == "/account/password"
    assert "set by somebody else" in browser.get("/account/password").text
