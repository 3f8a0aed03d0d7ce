"""The complaint log's page and file: who may, what is in it, recorded once, safe to open."""

import io
import json

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from eightd.persistence.tables.record import AuditRow
from tests.factories import LIMITED, STRANGER
from tests.web.casework import registered, text_of


def book(answer):
    """Open the file that was answered: a dict per row, by column title."""
    assert answer.status_code == 200, answer.text
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    titles, *rows = sheet.iter_rows()
    return [
        {title.value: cell for title, cell in zip(titles, row, strict=True) if cell.value is not None}
        for row in rows
    ]


def exported(world):
    """Return what the audit trail says of exports."""
    with world.services.uow.reading() as session:
        found = session.execute(sa.select(AuditRow).where(AuditRow.tag == "log.exported")).scalars()
        return [(row.actor_name, row.new) for row in found]


@pytest.mark.parametrize("login", ["auditor", "quality_manager", "cqe"])
def test_those_who_review_and_audit_may(client_for, world, login):
    number = registered(world)
    browser = client_for(login)
    page = browser.get("/log/")
    assert page.status_code == 200
    assert "1 complaint" in text_of(page.text)
    answer = browser.post("/log/export", {"language": "en"})
    (row,) = book(answer)
    assert row["Complaint no."].value == number
    assert row["Tier"].value == "Major"
    assert row["Customer"].value == "Anke Electronics"
    assert 'attachment; filename="complaint-log-2026-03-12.xlsx"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("login", ["sales", "te", "production", "finance", "admin"])
def test_for_others_there_is_no_log(client_for, world, login):
    registered(world)
    browser = client_for(login)
    assert browser.get("/log/").status_code == 404
    assert browser.post("/log/export", {"language": "en"}).status_code == 404
    assert exported(world) == []


@pytest.mark.parametrize("login", [STRANGER, LIMITED])
@pytest.mark.parametrize("asked", [{}, {"plant": "P1"}, {"customer": "ANKE"}, {"q": "无输出"}])
def test_foreign_complaints_are_never_in_the_file(client_for, world, login, asked):
    number = registered(world)
    browser = client_for(login)
    page = browser.get("/log/", query_string=asked)
    assert "0 complaints" in text_of(page.text)
    answer = browser.post("/log/export", {"language": "en", **asked})
    assert number.encode() not in answer.data
    if answer.status_code == 200:
        assert book(answer) == []
    else:  # a plant or customer that is not there for this person
        assert answer.status_code == 400


def test_the_export_is_recorded_once_however_often_it_is_sent(client_for, world):
    registered(world)
    browser = client_for("auditor")
    sent = {"language": "zh", "tier": "major", "extent": "open"}
    first = browser.post("/log/export", sent, key="the-same-key")
    second = browser.post("/log/export", sent, key="the-same-key")
    assert len(book(first)) == len(book(second)) == 1
    assert exported(world) == [
        ("沈岩", {"language": "zh", "filters": {"extent": "open", "tier": "major"}}),
    ]


def test_the_address_of_the_board_narrows_the_log(client_for, world):
    registered(world)
    registered(world, quantity=6)
    browser = client_for("cqe")
    page = browser.get("/log/", query_string={"tier": "major", "extent": "open", "whose": "all"})
    assert "1 complaint ·" not in text_of(page.text)
    assert "1 complaint" in text_of(page.text)
    assert '<input type="hidden" name="tier" value="major">' in page.text
    answer = browser.post("/log/export", {"language": "en", "tier": "major", "extent": "open"})
    assert [row["Tier"].value for row in book(answer)] == ["Major"]


@pytest.mark.parametrize(
    "asked",
    [
        {"tier": "enormous"}, {"customer": "NOBODY"}, {"plant": "P2"}, {"from": "yesterday"},
        {"until": "0001-01-01"}, {"stage": "x"}, {"language": "de"},
    ],
)  # fmt: skip
def test_what_means_nothing_never_widens_the_file(client_for, world, asked):
    registered(world)
    browser = client_for("cqe")
    assert browser.get("/log/", query_string=asked).status_code == 200
    assert browser.post("/log/export", {"language": "en", **asked}).status_code == 400
    assert exported(world) == []


@pytest.mark.parametrize("text", ["=1+1", "+86 21 5555", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_texts_that_look_like_formulas_stay_texts(client_for, world, text):
    registered(world, customer_number=text, contact=text)
    (row,) = book(client_for("auditor").post("/log/export", {"language": "en"}))
    for title in ("Customer's no.", "Contact"):
        assert row[title].value == text
        assert row[title].data_type in {"s", "inlineStr"}


def test_dates_and_numbers_are_real(client_for, world):
    registered(world)
    (row,) = book(client_for("auditor").post("/log/export", {"language": "en"}))
    assert row["Received"].value.isoformat() == "2026-03-12T16:40:00"  # the plant's clock
    assert row["Delivered (pcs)"].value == 5000
    assert row["Initial reply: contractual"].value.isoformat() == "2026-03-13T16:40:00"


def test_a_log_of_nothing_is_a_book_with_titles(client_for, world):
    answer = client_for("auditor").post("/log/export", {"language": "zh"})
    assert book(answer) == []
    assert "客诉编号" in [cell.value for cell in load_workbook(io.BytesIO(answer.data)).active[1]]


def test_a_key_is_needed(client_for, world):
    browser = client_for("auditor")
    answer = browser.client.post("/log/export", data={"csrf_token": browser.token(), "language": "en"})
    assert answer.status_code == 400
    assert json.dumps(exported(world)) == "[]"


def test_the_board_leads_to_the_log_of_its_list(client_for, world):
    registered(world)
    address = "/log/?whose=all&amp;tier=major&amp;extent=open"
    assert address in client_for("quality_manager").get("/?whose=all&tier=major").text
    assert "/log/" not in client_for("sales").get("/?whose=all&tier=major").text
