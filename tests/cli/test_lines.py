"""`eightd classify` and `eightd due`: JSON lines in, JSON lines out, for other programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CLASSIFY = {
    "defects": [{"kind": "functional", "phenomenon": "no output", "quantity": 15, "inspected": 600}],
    "quantity_inspected": 600,
    "flags": {"penalty_triggered": False, "ppm_exceeded": False, "safety": False, "line_stop": False},
}
DUE = {
    "received_at": "2026-03-12T16:40:00+08:00",
    "sample_received_at": "2026-03-14T10:20:00+08:00",
    "stops": [
        {
            "from": "2026-03-17T09:00:00+08:00",
            "to": "2026-03-18T09:00:00+08:00",
            "reason": "laboratory",
        }
    ],
    "profile": "standard",
    "calendar": "CN",
    "zone": "Asia/Shanghai",
}


def lines(*documents):
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)


def answers(ran):
    return [json.loads(line) for line in ran.stdout.splitlines()]


def milestones(answer):
    return {one["name"]: one for one in answer["milestones"]}


def test_classify_answers_in_the_shape_that_programs_know(eightd):
    ran = eightd("classify", given=lines(CLASSIFY))
    assert (ran.returncode, ran.stderr) == (0, "")
    (answer,) = answers(ran)
    assert (answer["tier"], answer["weight"], answer["criteria"]) == ("major", 2, "standard@1")
    first = answer["reasons"][0]
    assert first["rule"] == "functional_major"
    assert first["matched"] is True
    assert "15" in first["text"]
    assert {"rule", "matched", "text"} <= set(first)


def test_classify_speaks_chinese(eightd):
    (answer,) = answers(eightd("classify", "--language", "zh", given=lines(CLASSIFY)))
    assert "重大" in answer["reasons"][0]["text"]


def test_due_answers_in_the_shape_that_programs_know(eightd):
    ran = eightd("due", given=lines(DUE))
    assert (ran.returncode, ran.stderr) == (0, "")
    (answer,) = answers(ran)
    found = milestones(answer)
    assert list(found) == ["initial_reply", "preliminary_analysis", "final_report"]
    assert found["initial_reply"]["due_at"] == "2026-03-13T16:40:00+08:00"
    # the sample came on a Saturday; the tick of Tuesday the 17th fell into the stop
    assert found["preliminary_analysis"]["contractual_due_at"] == "2026-03-18T17:30:00+08:00"
    assert found["preliminary_analysis"]["due_at"] == "2026-03-19T17:30:00+08:00"
    assert found["final_report"]["provisional"] is False
    assert found["final_report"]["ledger"]


@pytest.mark.parametrize("sample", [{}, {"sample_received_at": None}])
def test_due_waits_for_the_sample(eightd, sample):
    (answer,) = answers(eightd("due", given=lines({"received_at": DUE["received_at"], **sample})))
    waiting = milestones(answer)["final_report"]
    assert waiting["contractual_due_at"] is None
    assert waiting["due_at"] is None
    assert waiting["waiting_for"]


def test_due_starts_at_the_receipt_where_no_sample_is_needed(eightd):
    given = {"received_at": DUE["received_at"], "sample_needed": False}
    (answer,) = answers(eightd("due", given=lines(given)))
    assert milestones(answer)["preliminary_analysis"]["due_at"] == "2026-03-17T17:30:00+08:00"


def test_due_knows_other_countries_and_zones(eightd):
    given = {**DUE, "stops": [], "calendar": "DE", "zone": "Europe/Berlin"}
    (answer,) = answers(eightd("due", given=lines(given)))
    assert milestones(answer)["final_report"]["due_at"].endswith(("+01:00", "+02:00"))
    assert milestones(answer)["final_report"]["calendar"].startswith("DE@")


BAD = {
    "classify": [
        ("[]", "object"),
        ("{", "not JSON"),
        ("NaN", "not a JSON number"),
        ('{"defects": 5}', "defects"),
        ('{"defects": [{"kind": "odd", "phenomenon": "x", "quantity": 1}]}', "kind"),
        ('{"defects": [{"kind": "other", "phenomenon": "x", "quantity": -1}]}', "quantity"),
        ('{"defects": [{"kind": "other", "phenomenon": "x", "quantity": 1.5}]}', "quantity"),
        ('{"defects": [{"kind": "other", "phenomenon": "x"}]}', "quantity"),
        ('{"flags": {"saftey": true}}', "saftey"),
        ('{"quantity_inspected": ' + "9" * 5000 + "}", "too large"),
        ("[" * 100_000, "too deeply"),
        ('{"defects": [{"kind": "other", "phenomenon": "\\ud800", "quantity": 1}]}', "phenomenon"),
    ],
    "due": [
        ("{}", "received_at"),
        ('{"received_at": "2026-03-12T16:40:00"}', "received_at"),
        ('{"received_at": "9999-12-31T23:59:59+00:00"}', "received_at"),
        ('{"received_at": "2026-03-12T16:40:00+08:00", "calendar": "XX"}', "XX"),
        ('{"received_at": "2026-03-12T16:40:00+08:00", "calendar": ""}', "calendar"),
        ('{"received_at": "2026-03-12T16:40:00+08:00", "zone": "Asia/Nowhere"}', "Asia/Nowhere"),
        ('{"received_at": "2026-03-12T16:40:00+08:00", "profile": "odd"}', "odd"),
        ('{"received_at": "2026-03-12T16:40:00+08:00", "stops": [{}]}', "stops[0]"),
        (
            '{"received_at": "2026-03-12T16:40:00+08:00", "stops": '
            '[{"from": "2026-03-14T00:00:00+08:00", "to": "2026-03-13T00:00:00+08:00"}]}',
            "stops[0]",
        ),
        ('{"received_at": "2026-03-12T16:40:00+08:00", "sample_needed": "no"}', "sample_needed"),
    ],
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_lines_are_answered_in_place_and_the_rest_goes_on(eightd, name, language):
    good = lines(CLASSIFY if name == "classify" else DUE)
    given = "\n" + "".join(f"{line}\n" for line, _ in BAD[name]) + "  \n" + good
    ran = eightd(name, "--language", language, given=given)
    assert ran.returncode == 1
    assert ran.stderr == ""
    *bad, last = answers(ran)
    assert "error" not in last
    assert [one["line"] for one in bad] == list(range(2, len(bad) + 2))
    assert all(set(one) == {"error", "line"} for one in bad)
    for (line, word), one in zip(BAD[name], bad, strict=True):
        assert language == "zh" or word in one["error"], (line[:80], one)
        assert "\n" not in one["error"]
        assert language == "en" or any("\u4e00" <= character <= "\u9fff" for character in one["error"])


@pytest.mark.parametrize("name", BAD)
def test_bytes_that_are_no_text_are_a_bad_line(name):
    good = lines(CLASSIFY if name == "classify" else DUE).encode()
    ran = subprocess.run(
        [sys.executable, "-m", "eightd", name], input=b'{"\xff": 1}\n\xef\xbb\xbf' + good,
        capture_output=True, cwd=ROOT, check=False, timeout=60,
    )  # fmt: skip
    bad, last = (json.loads(line) for line in ran.stdout.splitlines())
    assert ran.returncode == 1
    assert bad == {"error": "not UTF-8 text (byte 3)", "line": 1}
    assert "error" not in last


@pytest.mark.parametrize("name", BAD)
def test_no_line_is_no_answer(eightd, name):
    ran = eightd(name, given="")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("name", BAD)
def test_each_line_is_answered_before_the_next_is_asked_for(name):
    with subprocess.Popen(
        [sys.executable, "-m", "eightd", name], cwd=ROOT, text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as talking:  # fmt: skip
        for _ in range(3):
            talking.stdin.write(lines(CLASSIFY if name == "classify" else DUE))
            talking.stdin.flush()
            assert "error" not in json.loads(talking.stdout.readline())
        talking.stdin.close()
        assert talking.wait(timeout=20) == 0


@pytest.mark.parametrize("name", BAD)
def test_a_reader_that_goes_away_ends_it_quietly(name):
    with subprocess.Popen(
        [sys.executable, "-m", "eightd", name], cwd=ROOT, text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as talking:  # fmt: skip
        talking.stdout.close()
        talking.stdin.write(lines(CLASSIFY if name == "classify" else DUE))
        talking.stdin.close()
        assert talking.wait(timeout=20) == 1
        assert talking.stderr.read() == ""


@pytest.mark.parametrize("name", BAD)
def test_wrong_use_is_one_line_and_code_2(eightd, name):
    ran = eightd(name, "--language", "fr", given="")
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("eightd: ")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("name", BAD)
def test_it_starts_without_the_application(name):
    code = (
        "import sys; from eightd.cli.main import run; "
        f"run(['{name}', '--help'], create_app=None); "
        "print(sorted(set(sys.modules) & {'flask', 'sqlalchemy', 'reportlab', 'openpyxl', 'PIL'}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    assert ran.stdout.splitlines()[-1] == "[]"
