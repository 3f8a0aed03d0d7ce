"""Pages of satisfaction: ask and take back, told by phone, followed up, left as it is, the indicators."""

from __future__ import annotations

import re

import pytest

from eightd.persistence.tables.afterwards import SurveyRow
from tests.usecases.case import Case


@pytest.fixture
def case(world):
    case = Case(world, contact="Lin Mei <lin@customer.example>")
    with case.services.uow.writing(world.order("cqe")) as work:
        row = work.session.get_one(type(case.row), case.row.id)
        row.stage, row.final_sent_at = "closed", work.now
    return case


def at(case, tail=""):
    return f"/complaints/{case.number}/satisfaction{tail}"


def test_from_the_link_to_the_decision(case, client_for, clock):
    sales, cqe = client_for("sales"), client_for("cqe")
    assert case.number in sales.get("/satisfaction").text, "answered, and not asked yet"
    asking = sales.get(at(case, "/ask")).text
    assert "No mail server is set up" in asking
    assert sales.post(at(case, "/ask"), {"language": "en", "days": "3"}).status_code == 422
    assert sales.post(at(case, "/ask"), {"language": "en", "days": "14"}).status_code == 303
    page = sales.get(at(case)).text
    link = re.search(r'value="[^"]*(/f/[^"]+)"', page)[1]
    assert link not in client_for("te").get(at(case)).text, "who may not ask is not shown the link"
    customer = client_for(None)
    answers = {"overall": "2", "analysis": "1", "comment": "the same again"}
    assert "Thank you" in customer.post(link, answers).text
    page = sales.get(at(case)).text
    for shown in (
        "Dissatisfied",
        "the same again",
        "Call the customer until 2026-03-13 17:30",
        "Open the case again?",
    ):
        assert shown in page
    assert "Do not reopen" not in page, "a CQE decides"
    (row,) = case.all(SurveyRow)
    assert case.number in sales.get("/tasks/").text
    assert "to be called" not in client_for("te").get("/tasks/").text
    clock.advance(days=2)
    assert "overdue" in sales.get("/tasks/").text
    step = at(case, f"/{row.id}")
    assert sales.post(f"{step}/call", {"note": ""}, version=2).status_code == 422
    assert sales.post(f"{step}/call", {"note": "visit on Monday"}, version=1).status_code == 409
    assert sales.post(f"{step}/call", {"note": "visit on Monday"}, version=2).status_code == 303
    assert "Do not reopen" in cqe.get(at(case)).text
    assert cqe.post(f"{step}/decline", {"reason": ""}, version=3).status_code == 422
    assert cqe.post(f"{step}/decline", {"reason": "an older lot"}, version=3).status_code == 303
    page = cqe.get(at(case)).text
    assert "an older lot" in page
    assert "Open the case again?" not in page
    index = client_for("quality_manager").get("/satisfaction").text
    assert "100.0 %" in index
    assert "2.00" in index
    assert "the same again" in index
    assert "Nobody was asked" in client_for("stranger").get("/satisfaction").text
    assert "was not understood" in sales.get("/satisfaction?from=x").text


def test_told_by_phone_and_taken_back(case, client_for):
    b = client_for("sales")
    b.post(at(case, "/ask"), {"language": "zh", "days": "7"})
    assert b.post(at(case, "/record"), {"overall": "5"}, version=1).status_code == 422, "who said it?"
    told = {"overall": "5", "answered_by": "Mr Wu by phone"}
    assert b.post(at(case, "/record"), told, version=0).status_code == 409
    assert b.post(at(case, "/record"), told, version=1).status_code == 303
    assert "recorded by" in b.get(at(case)).text
    b.post(at(case, "/ask"), {"language": "zh", "days": "7"})
    newest = case.all(SurveyRow)[-1]
    assert b.post(at(case, f"/{newest.id}/revoke"), version=1).status_code == 303
    assert "Taken back" in b.get(at(case)).text
    assert client_for("te").get(at(case, "/ask")).status_code == 409
    assert client_for("stranger").get(at(case)).status_code == 404
