"""The complaint page: what it shows to whom, why a date, the record."""

from __future__ import annotations

from tests.web.casework import registered, text_of


def test_a_new_complaint_shows_everything(world, client_for):
    number = registered(world)
    shown = client_for("cqe").get(f"/complaints/{number}")
    assert shown.status_code == 200
    text = text_of(shown.text)
    for wanted in (
        "Major",
        "Registered",
        "no output",
        "HX-SCAR-260312-07",
        "Initial reply",
        "waiting for sample",
    ):
        assert wanted in text
    assert "&lt;b&gt;18&lt;/b&gt;" in shown.text


def test_every_discipline_page_opens(world, client_for):
    number = registered(world)
    for code in range(9):
        shown = client_for("cqe").get(f"/complaints/{number}/D{code}")
        assert shown.status_code == 200, code


def test_in_chinese_too(world, client_for):
    number = registered(world)
    cqe = client_for("cqe")
    cqe.post("/language", {"lang": "zh"})
    for path, wanted in (
        ("", "回复期限"),
        ("/record", "登记客诉"),
        ("/deadlines/initial_reply", "期限说明"),
        ("/D3", "库存排查"),
    ):
        assert wanted in text_of(cqe.get(f"/complaints/{number}{path}").text)


def test_hidden_and_missing_pages_are_alike(world, client_for):
    number = registered(world)
    for login in ("stranger", "limited", "admin"):
        for path in ("", "/record", "/deadlines/initial_reply", "/D4", "/comment", "/evidence/new"):
            assert client_for(login).get(f"/complaints/{number}{path}").status_code == 404
    cqe = client_for("cqe")
    for path in (
        "/complaints/CC-2026-99999",
        f"/complaints/{number}/deadlines/none",
        f"/complaints/{number}/D10",
    ):
        assert cqe.get(path).status_code == 404


def test_a_date_explains_itself_on_a_page_and_as_a_part_of_one(world, client_for):
    number = registered(world)
    cqe = client_for("cqe")
    whole = cqe.get(f"/complaints/{number}/deadlines/initial_reply")
    part = cqe.part(f"/complaints/{number}/deadlines/initial_reply")
    assert "24 hours" in text_of(whole.text)
    assert "24 hours" in text_of(part.text)
    assert "<!doctype html>" in whole.text
    assert "<!doctype html>" not in part.text


def test_an_action_that_waits_is_greyed_with_its_reason(world, client_for):
    number = registered(world)
    shown = client_for("cqe").get(f"/complaints/{number}").text
    assert 'aria-disabled="true" title="D3 Containment is not accepted yet (open)"' in shown
    asked = client_for("auditor").get(f"/complaints/{number}").text
    assert f"/complaints/{number}/comment" not in asked
