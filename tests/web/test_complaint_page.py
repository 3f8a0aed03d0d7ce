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
