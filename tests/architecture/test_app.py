"""The application factory: what it takes, and what it says where it cannot start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import request

from eightd.app import create_app
from eightd.config import SettingsError
from eightd.web.session import public
from tests.conftest import make_settings

ROOT = Path(__file__).parents[2]


def made(tmp_path, url, **others):
    return create_app(make_settings(tmp_path, url, **others))


@pytest.mark.parametrize("hops", [0, 1])
def test_forwarded_addresses_are_believed_only_behind_a_named_proxy(tmp_path, ready_sqlite_url, hops):
    app = made(tmp_path, ready_sqlite_url, trusted_proxies=hops)
    app.add_url_rule("/_seen", view_func=public(lambda: f"{request.remote_addr} {request.scheme}"))
    app.extensions["eightd.installed"] = True  # the first run is done
    headers = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    seen = app.test_client().get("/_seen", headers=headers).text
    assert seen == ("192.0.2.7 https" if hops else "127.0.0.1 http")
    app.extensions["eightd.services"].uow.engine.dispose()


def test_a_database_that_cannot_be_opened_is_one_clear_line(tmp_path):
    with pytest.raises(SettingsError, match="EIGHTD_DATABASE_URL: the database cannot be opened: ") as caught:
        made(tmp_path, f"sqlite:///{tmp_path}/no/such/folder/eightd.sqlite")
    assert "\n" not in str(caught.value)


def test_a_server_that_does_not_answer_is_one_clear_line_without_the_password(tmp_path):
    with pytest.raises(SettingsError, match="EIGHTD_DATABASE_URL: the database cannot be opened: ") as caught:
        made(tmp_path, f"postgresql+psycopg://eightd:hush@/eightd?host={tmp_path}")
    assert "\n" not in str(caught.value)
    assert "hush" not in str(caught.value)


def test_servers_that_start_at_once_on_an_empty_store_all_start(tmp_path, store):
    code = "from eightd.app import create_app; print(create_app().name)"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EIGHTD_")}
    own = {"EIGHTD_INSTANCE": str(tmp_path / "instance"), "EIGHTD_DATABASE_URL": store}
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT, env={**inherited, **own}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]  # fmt: skip
    said = [server.communicate(timeout=60) for server in servers]
    assert said == [("eightd\n", "")] * 4


@pytest.mark.parametrize(("port", "code"), [("8000", 0), ("eighty", 4)])
def test_wsgi_has_the_app_or_says_why_not(tmp_path, port, code):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EIGHTD_")}
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi; print(wsgi.app.name)"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**inherited, "EIGHTD_INSTANCE": str(tmp_path), "EIGHTD_PORT": port},
    )  # fmt: skip
    assert ended.returncode == code
    assert ended.stdout == ("" if code else "eightd\n")
    assert ended.stderr == ("eightd: EIGHTD_PORT: must be a whole number from 1 to 65535\n" if code else "")
