"""Settings: where they come from, and one clear line where one is wrong."""

import os
import stat
import threading
from pathlib import Path

import pytest

from eightd import config
from eightd.config import SettingsError


@pytest.fixture
def instance(tmp_path):
    return tmp_path / "instance"


def read(instance, **variables):
    return config.read({"EIGHTD_INSTANCE": str(instance), **variables})


def in_file(instance, text):
    instance.mkdir(exist_ok=True)
    (instance / "config.py").write_text(text, encoding="utf-8")


def test_nothing_set_is_a_working_installation(instance):
    settings = read(instance)
    assert settings.database_url == f"sqlite:///{instance.as_posix()}/eightd.sqlite"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert not settings.cookie_secure


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(instance):
    in_file(instance, "PORT = 9000\nTHREADS = 4\nfrom datetime import timedelta\n")
    settings = read(instance, EIGHTD_PORT="9001")
    assert (settings.port, settings.threads, settings.session_hours) == (9001, 4, 12)


def test_an_empty_variable_is_not_set(instance):
    assert read(instance, EIGHTD_PORT="").port == 8000


@pytest.mark.parametrize("given", ["postgres://u:p@db/eightd", "postgresql://u:p@db/eightd"])
def test_postgresql_gets_its_driver(instance, given):
    assert read(instance, EIGHTD_DATABASE_URL=given).database_url == "postgresql+psycopg://u:p@db/eightd"


def test_https_makes_cookies_secure_unless_told_otherwise(instance):
    assert read(instance, EIGHTD_BASE_URL="https://eightd.example/").base_url == "https://eightd.example"
    assert read(instance, EIGHTD_BASE_URL="https://eightd.example").cookie_secure
    assert not read(
        instance, EIGHTD_BASE_URL="https://eightd.example", EIGHTD_COOKIE_SECURE="no"
    ).cookie_secure


def test_a_host_of_six_is_bracketed(instance):
    assert read(instance, EIGHTD_HOST="::1").base_url == "http://[::1]:8000"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", "EIGHTD_PORT: must be a whole number from 1 to 65535"),
        ("PORT", "70000", "EIGHTD_PORT: must be a whole number from 1 to 65535"),
        ("PORT", "-1", "EIGHTD_PORT: must be a whole number"),
        ("PORTT", "8000", "EIGHTD_PORTT: there is no such setting; did you mean EIGHTD_PORT?"),
        ("QQQ", "1", "EIGHTD_QQQ: there is no such setting"),
        ("HOST", "a b", "EIGHTD_HOST: must be a host name"),
        ("DATABASE_URL", "mysql://u:secret@db/x", "EIGHTD_DATABASE_URL: must begin with"),
        ("DATABASE_URL", "sqlite://", "EIGHTD_DATABASE_URL: must name a file"),
        ("BASE_URL", "eightd.example", "EIGHTD_BASE_URL: must be an address"),
        ("COOKIE_SECURE", "maybe", "EIGHTD_COOKIE_SECURE: must be yes or no"),
        ("SECRET_KEY", "short", "EIGHTD_SECRET_KEY: must have at least 32 characters"),
        ("LOG_LEVEL", "loud", "EIGHTD_LOG_LEVEL: must be debug"),
    ],
)
def test_a_wrong_variable_is_one_clear_line(instance, name, value, words):
    with pytest.raises(SettingsError) as caught:
        read(instance, **{f"EIGHTD_{name}": value})
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PORT = 'eighty'", "PORT in "),
        ("PORTS = 80", "PORTS in "),
        ("PORT = [80]", "must be text, a number, True or False"),
        ("PORT = (", "cannot be read"),
        ("raise RuntimeError('two\\nlines')", "cannot be read: two lines"),
        ("INSTANCE = '/srv/other'", "there is no such setting"),
    ],
)
def test_a_wrong_line_in_the_file_is_one_clear_line(instance, text, words):
    in_file(instance, text)
    with pytest.raises(SettingsError) as caught:
        read(instance)
    assert words in str(caught.value)
    assert "config.py" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_instance_that_cannot_be_made_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"EIGHTD_INSTANCE: .* cannot be made"):
        read(tmp_path / "file" / "instance")


def test_the_secret_key_is_made_once_and_is_private(instance):
    first, second = read(instance), read(instance)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert first.secret_key not in repr(first)
    assert sorted(path.name for path in instance.iterdir()) == ["secret_key"]
    if os.name == "posix":
        assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600


def test_starts_at_the_same_moment_share_one_secret_key(instance):
    keys, gate = set(), threading.Barrier(8)

    def start():
        gate.wait()
        keys.add(read(instance).secret_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_secret_key_that_others_may_read_stops_the_start(instance):
    read(instance)
    (instance / "secret_key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        read(instance)


def test_a_damaged_secret_key_stops_the_start(instance):
    instance.mkdir()
    (instance / "secret_key").write_text("x")
    (instance / "secret_key").chmod(0o600)
    with pytest.raises(SettingsError, match="damaged"):
        read(instance)


def test_every_setting_is_described_in_the_instance_note():
    note = (Path(__file__).parents[2] / "instance/README.md").read_text(encoding="utf-8")
    missing = [
        name
        for name in config.known()
        if f"`{name.removeprefix('EIGHTD_')}`" not in note and name not in note
    ]
    assert missing == []


def test_the_command_line_ends_with_that_line_and_code_2(eightd):
    ended = eightd("serve", EIGHTD_PORT="eighty")
    assert ended.returncode == 2
    assert ended.stderr == "eightd: EIGHTD_PORT: must be a whole number from 1 to 65535\n"
    assert ended.stdout == ""


def test_an_unknown_command_is_one_line_and_code_2(eightd):
    ended = eightd("srve")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


def test_every_command_has_help(eightd):
    listed = eightd("--help")
    assert listed.returncode == 0
    commands = [line.split()[0] for line in listed.stdout.split("Commands:")[1].splitlines() if line.strip()]
    assert "serve" in commands
    for name in commands:
        ended = eightd(name, "--help")
        assert (ended.returncode, ended.stderr) == (0, "")
        assert len(ended.stdout) > 60
