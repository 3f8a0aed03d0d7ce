"""Forms of another site, of another session and of another form are not carried out."""

import io
import re

import pytest
from werkzeug.routing import AnyConverter

from tests import complaints, factories
from tests.web.permission_table import TABLE


@pytest.fixture
def number(world):
    return complaints.registered(world).number


def a_value(rule, name):
    """Something that may stand in the address there."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else 1


@pytest.mark.parametrize("token", [None, "", "wrong", "IjEi.x.y"])
def test_every_unsafe_route_refuses_a_missing_or_wrong_token(app, client_for, number, token):
    browser = client_for("quality_manager")
    adapter = app.url_map.bind("localhost")
    for key in TABLE:
        endpoint, method, *_which = key.split()
        if method == "GET":
            continue
        (rule,) = (rule for rule in app.url_map.iter_rules(endpoint) if method in rule.methods)
        values = {name: a_value(rule, name) for name in rule.arguments} | {"number": number}
        path = adapter.build(endpoint, {name: values[name] for name in rule.arguments})
        fields = {"idempotency_key": "forged-by-another", "version": "1", "reason": "forged"}
        answer = browser.client.post(path, data=fields | ({} if token is None else {"csrf_token": token}))
        if "token" in rule.arguments:  # of a link, and this one was never made
            assert answer.status_code == 404, key
            continue
        assert answer.status_code == 400, key
        assert "This page was too old" in answer.text, key


def test_a_token_does_not_outlive_the_sign_in(client_for):
    """Fixation: what was known of the session before signing in is worth nothing afterwards."""
    browser = client_for(None)
    before = browser.token()
    cookie = browser.client.get_cookie("session").value
    browser.post("/login", {"login": "cqe", "password": factories.PASSWORD})
    assert browser.client.get_cookie("session").value != cookie
    browser.get("/account/")
    forged = {"csrf_token": before, "idempotency_key": "known-before"}
    assert browser.client.post("/account/sessions/end", data=forged).status_code == 400
    other = client_for(None)
    other.client.set_cookie("session", cookie)
    assert other.get("/account/").status_code == 303


def test_a_signed_session_cannot_be_made_without_the_key(client_for):
    browser = client_for(None)
    body, *rest = client_for("cqe").client.get_cookie("session").value.split(".")
    for forged in (f"{body}x.{'.'.join(rest)}", ".".join([body, *rest[:-1], "x" * 27]), body, ""):
        browser.client.set_cookie("session", forged)
        assert browser.get("/account/").status_code == 303


@pytest.mark.parametrize(
    "address", ["/account/sessions/end", "/complaints/{}/cancel", "/logout", "/language"]
)
def test_nothing_is_done_by_following_a_link(client_for, number, address):
    path = address.format(number)
    browser = client_for("cqe")
    assert browser.get(path).status_code in {200, 405}
    assert (
        browser.post(f"/complaints/{number}/cancel", {"reason": "still open"}, version=1).status_code == 303
    )
    assert browser.get("/account/").status_code == 200


def test_a_key_that_comes_with_another_form_does_that_forms_work(client_for, number):
    """A bug that hands out one key twice must not answer "done" of the first."""
    browser = client_for("cqe")
    for text in ("remark alpha", "remark beta", "remark alpha"):
        answer = browser.post(
            f"/complaints/{number}/comment", {"text": text}, version=1, key="one-key-for-all"
        )
        assert answer.status_code == 303
    page = browser.get(f"/complaints/{number}").text
    assert page.count("remark alpha") == page.count("remark beta") > 0


def test_a_files_content_is_part_of_the_order(client_for, number):
    browser = client_for("cqe")
    for content in (b"one", b"two", b"one"):
        data = {"files": (io.BytesIO(content), "a.txt")}
        assert (
            browser.post(f"/complaints/{number}/evidence/new", data, key="one-key-for-all").status_code == 303
        )
    assert (
        len(
            set(
                re.findall(rf"/complaints/{number}/evidence/(\d+)", browser.get(f"/complaints/{number}").text)
            )
        )
        == 2
    )


@pytest.mark.parametrize("path", ["/complaints/{}/D1", "/complaints/{}/comment"])
def test_stale_pages_keep_what_was_typed(client_for, world, number, path):
    first, second = client_for("cqe"), client_for("cqe2")
    typed = {"do": "save", "champion": "Mr <b>Shen</b>", "text": "words"}
    if path.endswith("D1"):
        assert (
            first.post(path.format(number), {"do": "save", "champion": "Ms Qian"}, version=1).status_code
            == 303
        )
        answer = second.post(path.format(number), typed, version=1)
        assert answer.status_code == 409
        assert "Mr &lt;b&gt;Shen&lt;/b&gt;" in answer.text
        assert 'name="version" value="2"' in answer.text
    else:
        first.post(f"/complaints/{number}/tier", {"tier": "major", "reason": "because"}, version=1)
        reason = {"reason": "My <b>long</b> reason"}
        answer = second.post(f"/complaints/{number}/cancel", reason, version=1)
        assert answer.status_code == 409
        assert "My &lt;b&gt;long&lt;/b&gt; reason" in answer.text
