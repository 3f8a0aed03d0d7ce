"""`eightd load FILE`: what it says of every record, and how it ends."""

import json

import pytest

from eightd import resources
from eightd.cli.main import run
from tests import factories
from tests.web.test_first_run import FORM

CASES = resources.cases()
ADDED = {
    "sales": "sales", "cqe": "cqe", "te": "te", "pie": "pie", "pqe": "pqe", "manager": "quality_manager",
}  # fmt: skip


def complaint(**others):
    return {
        "customer": {"code": "AO", "name": "Aozora"}, "kind": "line", "channel": "e-mail",
        "received_at": "2026-03-12T16:00:00+08:00", "part": {"number": "P-1"},
        "defects": [{"kind": "functional", "phenomenon": "无输出", "quantity": 1}], **others,
    }  # fmt: skip


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


@pytest.fixture
def plant(installed):
    """Run commands in a plant with the roles that a course needs."""
    for login, role in ADDED.items():
        assert installed("user", "add", login, "--name", login, "--role", role)[0] == 0
    return installed


def written(tmp_path, content):
    path = tmp_path / "records.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_each_record_says_what_became_of_it(plant, tmp_path):
    path = written(
        tmp_path, {"complaints": [complaint(), complaint(kind="row"), complaint(customer_number="2")]}
    )
    code, out, err = plant("load", path)
    assert code == 1
    assert out.splitlines() == [
        "1/3 complaints[0]: CC-2026-00001 registered in SZ, registered",
        "2/3 complaints[1]: not taken in: kind: “row” is none of "
        "line, field, returned_goods, claim, new_sample, logistics",
        "3/3 complaints[2]: CC-2026-00002 registered in SZ, registered",
    ]  # fmt: skip
    assert err == "2 of 3 records are in\n"
    code, out, err = plant("load", path, "--language", "zh")
    assert out.splitlines()[0] == "1/3 complaints[0]: CC-2026-00001 was already in in SZ, registered"
    assert out.splitlines()[1].endswith(
        "“row”不在 line, field, returned_goods, claim, new_sample, logistics 之中"
    )
    assert (code, err) == (1, "2 of 3 records are in\n")


def test_a_complete_case_goes_to_its_end_and_a_second_run_changes_nothing(plant, clock):
    clock.set("2026-11-20T09:00:00+08:00")
    path = str(CASES / "eight_d_adapter.json")
    assert plant("load", path) == (
        0,
        "1/1: CC-2026-00001 registered in SZ, closed\n",
        "1 of 1 records are in\n",
    )
    assert plant("load", path) == (
        0,
        "1/1: CC-2026-00001 was already in in SZ, closed\n",
        "1 of 1 records are in\n",
    )


def test_a_case_that_gets_stuck_says_how_far_it_came(plant, clock, tmp_path):
    clock.set("2026-11-20T09:00:00+08:00")
    record = json.loads((CASES / "eight_d_adapter.json").read_text(encoding="utf-8"))
    record["d4"]["causes"] = record["d4"]["causes"][:1]  # no cause of escape
    code, out, _ = plant("load", written(tmp_path, record))
    assert code == 1
    assert out.startswith("1/1: CC-2026-00001 registered, but not brought to its end: D4: ")
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "The file is not JSON: line 1"),
        ("{", "The file is not JSON: line 1"),
        ("[" * 100_000, "The file is not JSON: line 1: nested too deeply"),
        ("[1e5, NaN]", "The file is not JSON: line 1: a number that is none"),
        ('{"complaints": 7}', "complaints: expected a list"),
    ],
)
def test_a_bad_file_is_one_line_and_code_1(plant, tmp_path, content, said):
    code, out, err = plant("load", written(tmp_path, content))
    assert (code, out) == (1, "")
    assert err.startswith(f"eightd: {said}")
    assert err.count("\n") == 1


def test_a_file_in_another_encoding(plant, tmp_path):
    path = tmp_path / "gbk.json"
    path.write_bytes(json.dumps(complaint(), ensure_ascii=False).encode("gb18030"))
    code, _, err = plant("load", str(path))
    assert (code, err) == (1, f"eightd: {path}: not UTF-8 text\n")
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(complaint()).encode())
    assert plant("load", str(path))[0] == 0


def test_an_empty_list_is_nothing_to_do(plant, tmp_path):
    assert plant("load", written(tmp_path, "[]")) == (0, "", "0 of 0 records are in\n")


def test_wrong_use(eightd, tmp_path):
    for arguments, code, said in (
        (["load"], 2, "Missing argument 'FILE'"),
        (["load", str(tmp_path / "none.json")], 2, "does not exist"),
        (["load", str(tmp_path)], 2, "is a directory"),
        (["load", str(CASES / "complaints.json")], 1, "Please name the plant: -"),
    ):
        done = eightd(*arguments)
        assert (done.returncode, done.stdout) == (code, "")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    assert "JSON" in eightd("load", "--help").stdout


def test_a_plant_without_the_people_says_which_role_is_missing(installed, tmp_path):
    code, out, err = installed("load", written(tmp_path, [complaint()]))
    assert (code, err) == (1, "0 of 1 records are in\n")
    assert (
        out
        == "1/1 [0]: not taken in: No active user of plant SZ has the role sales and sees every customer\n"
    )
    elsewhere = installed("load", written(tmp_path, [complaint()]), "--plant", "XX")
    assert elsewhere == (1, "", "eightd: There is no plant XX\n")
