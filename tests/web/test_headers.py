"""What every answer carries, errors and static files included."""

import re

import pytest

from eightd.app import create_app
from eightd.web.security import CONTENT_SECURITY_POLICY, HEADERS
from tests.conftest import make_settings

PATHS = [
    "/account/",
    "/login",
    "/nothing-here",
    "/static/eightd.css",
    "/static/none.css",
    "/account",
    "/broken",
]


@pytest.fixture
def broken(app):
    @app.get("/broken")
    def fail():
        raise RuntimeError("a secret that must not be shown")


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("login", ["cqe", None])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_them(client_for, path, login):
    answer = client_for(login).get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    assert ("public" if path == "/static/eightd.css?v" else "no-") in answer.headers["Cache-Control"]


def test_refused_methods_and_large_bodies_carry_them_too(client_for, app):
    app.config["MAX_CONTENT_LENGTH"] = 100
    for answer in (
        client_for("cqe").client.delete("/account/"),
        client_for("cqe").post("/login", {"login": "x" * 200}),
    ):
        assert answer.status_code in {405, 413}
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_the_policy_allows_nothing_foreign_and_nothing_inline():
    rules = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert {
        value
        for name, value in rules.items()
        if name not in {"default-src", "frame-ancestors", "base-uri", "img-src"}
    } == {"'self'"}
    assert "unsafe" not in CONTENT_SECURITY_POLICY


@pytest.mark.usefixtures("broken")
def test_pages_keep_to_the_policy(client_for):
    for path in ("/account/", "/login", "/broken", "/nothing-here"):
        page = client_for("cqe").get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_pages_are_not_kept_and_static_files_asked_for_by_hash_are(client_for):
    page = client_for("cqe").get("/account/")
    assert page.headers["Cache-Control"] == "no-store"
    address = re.search(r'href="(/static/eightd\.css\?v=\w+)"', page.text).group(1)
    style = client_for("cqe").get(address)
    assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in style.headers
    assert "Cookie" not in style.headers.get("Vary", "")


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_failure_shows_no_trace(client_for, language):
    browser = client_for("cqe")
    browser.post("/language", {"lang": language})
    answer = browser.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert ("Something went wrong" if language == "en" else "系统出错") in answer.text


@pytest.mark.parametrize("secure", [True, False])
def test_https_is_insisted_on_only_behind_https(tmp_path, ready_sqlite_url, secure):
    app = create_app(make_settings(tmp_path, ready_sqlite_url, cookie_secure=secure))
    assert ("Strict-Transport-Security" in app.test_client().get("/login").headers) is secure
    app.extensions["eightd.services"].uow.engine.dispose()
