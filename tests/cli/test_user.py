"""`eightd user` and `eightd init`: what they print, and how they fail."""

import re

import pytest

from eightd.cli.main import run
from tests import factories
from tests.web.test_first_run import FORM


@pytest.fixture
def installed(app, tmp_path, monkeypatch, capsys):
    """Run commands in this process on an instance with a plant and an administrator."""
    monkeypatch.setenv("EIGHTD_INSTANCE", str(tmp_path / "instance"))
    factories.Browser(app).post("/first-run", FORM)

    def command(*arguments):
        code = run(list(arguments), create_app=lambda _settings: app)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_help_names_every_command(eightd):
    said = eightd("user", "--help")
    assert said.returncode == 0
    for name in ("list", "add", "password", "deactivate", "activate"):
        assert re.search(rf"^  {name} ", said.stdout, re.MULTILINE)


def test_an_account_is_added_listed_deactivated_and_helped(installed):
    code, out, _ = installed("user", "add", "Zhao", "--name", "赵敏", "--role", "sales", "--role", "cqe")
    assert code == 0
    assert re.fullmatch(r"added zhao, first password: \S{15,}\n", out)
    assert installed("user", "list")[1].splitlines() == [
        "zhao\t赵敏\tSZ\tsales,cqe",
        "admin\t韩雪\tSZ\tadmin",
    ]
    assert installed("user", "deactivate", "zhao")[1] == "zhao is inactive\n"
    assert "zhao" not in installed("user", "list")[1]
    assert "zhao\t赵敏\tSZ\tsales,cqe\tinactive" in installed("user", "list", "--all")[1]
    assert installed("user", "activate", "zhao")[0] == 0
    assert installed("user", "password", "ZHAO")[1].startswith("new password of zhao: ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["add", "admin", "--name", "x", "--role", "te"],
            1,
            "login: Somebody has this sign-in name already.",
        ),
        (["add", "x", "--name", "x", "--role", "te", "--plant", "XX"], 1, "there is no plant XX"),
        (["add", "x", "--name", "x", "--role", "king"], 2, "Invalid value for '--role'"),
        (["add", "x", "--name", "x"], 2, "Missing option '--role'"),
        (["deactivate", "nobody"], 1, "there is no account nobody"),
        (["deactivate", "admin"], 1, "There must remain an active administrator"),
        (["password", "nobody"], 1, "there is no account nobody"),
    ],
)
def test_failures_are_one_line_and_a_code(installed, arguments, code, said):
    got, out, err = installed("user", *arguments)
    assert (got, out) == (code, "")
    assert err.startswith(f"eightd: {said}")
    assert err.count("\n") == 1


def test_before_the_first_run_there_is_no_plant(eightd):
    said = eightd("user", "add", "x", "--name", "x", "--role", "te")
    assert (said.returncode, said.stderr) == (1, "eightd: there is no plant yet; finish the first run\n")


def test_init_makes_the_store_and_says_where(eightd, tmp_path):
    for _ in range(2):
        said = eightd("init")
        assert said.returncode == 0
        assert str(tmp_path / "instance") in said.stdout
        assert "There is no account yet" in said.stdout
