"""The pages of returned goods: announcing, every step at the door, the board, the scan field."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from eightd.domain.returns.reconcile import IN_OUT, Line
from eightd.domain.returns.stages import ReturnStage
from eightd.web.returns import page
from tests import complaints, factories
from tests.web.casework import form_of, text_of
from tests.web.returns_work import announced, brought_to

S = ReturnStage
DAY = "2026-03-12"  # of the standing clock


@pytest.fixture
def complaint(world):
    return complaints.registered(world).number


@pytest.fixture
def parcel(world, complaint):
    return announced(world, complaint)


def send(b: factories.Browser, number: str, slug: str, typed: dict[str, Any]) -> Any:
    """Fill in the form of a step as its page shows it, and send it."""
    shown = b.get(f"/returns/{number}/{slug}")
    assert shown.status_code == 200, text_of(shown.text)
    return b.client.post(f"/returns/{number}/{slug}", data={**form_of(shown.text, slug), **typed})


def test_one_parcel_for_two_complaints_bears_one_label(world, client_for, complaint):
    other = complaints.registered(world).number
    b = client_for("sales")
    shown = b.get(f"/returns/new?complaint={complaint}").text
    assert complaint in shown
    assert "PA-1200" in shown
    sent = {
        "kind": "goods", "language": "en", "enclose": "a list", "sender": "Anke", "expected_on": "2026-03-16",
        "lines-0-complaint": complaint, "lines-0-quantity": "20", "lines-0-lots": "B2603A，B2603B",
        "lines-1-complaint": "", "lines-1-quantity": "", "lines-1-lots": "",
        "lines-2-complaint": "CC-2026-99999", "lines-2-quantity": "3", "lines-2-lots": "",
    }  # fmt: skip
    refused = b.post("/returns/new", sent)
    assert refused.status_code == 422
    assert (
        'id="f-lines-2-complaint-error"' in refused.text
    )  # beside its own row, though a blank one stands before it
    assert "B2603A，B2603B" in refused.text
    answer = b.post("/returns/new", {**sent, "lines-2-complaint": other})
    assert answer.location == "/returns/RCC-2026-00001", text_of(answer.text)
    first = text_of(b.get(answer.location).text)
    assert "B2603A, B2603B" in first
    assert "RCC-2026-00002" in first  # in the same parcel
    both = b.get("/returns/?code=rcc-2026-00001").text
    assert "Several returns bear this code" in both


def test_a_complaint_that_is_not_there_is_told_beside_its_field(world, client_for):
    b = client_for("sales")
    answer = b.post(
        "/returns/new",
        {"kind": "goods", "language": "zh", "lines-0-complaint": "CC-2026-00009", "lines-0-quantity": "2"},
    )
    assert answer.status_code == 422
    assert 'id="f-lines-0-complaint-error"' in answer.text
    nothing = b.post("/returns/new", {"kind": "goods", "language": "zh"})
    assert nothing.status_code == 422
    assert "Which complaint do the pieces belong to?" in nothing.text


COURSE: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("sales", "receive", {"quantity": "20", "received_at": f"{DAY}T10:00"}),
    ("warehouse", "check", {"quantity": "20"}),
    ("warehouse", "book-in", {"location": "R2-B07"}),
    ("production", "draw", {}),  # all that are in stock, as the form begins
    ("production", "count", {"counts-0-kind": "functional", "counts-0-phenomenon": "无输出",
                             "counts-0-verdict": "ng", "counts-0-quantity": "20"}),
    ("te", "analyse", {"analysis": "C12 short"}),
    ("pie", "plan", {"rows-0-disposition": "rework", "rows-0-quantity": "20", "rows-0-how": "replace C12"}),
    ("production", "rework", {"results-0-good": "20"}),
    ("warehouse", "redeliver", {}),
    ("finance", "settle", {"credit_number": "CN-88"}),
    ("sales", "close", {}),
)  # fmt: skip


def test_each_step_is_sent_from_the_return_s_own_page(client_for, parcel):
    for login, slug, typed in COURSE:
        b = client_for(login)
        shown = b.get(f"/returns/{parcel}")
        answer = b.client.post(f"/returns/{parcel}/{slug}", data={**form_of(shown.text, slug), **typed})
        assert answer.status_code == 303, (slug, text_of(answer.text))
    ended = text_of(client_for("sales").get(f"/returns/{parcel}").text)
    assert "R2-B07" in ended
    assert "C12 short" in ended
    assert "CN-88" in ended


BAD: tuple[tuple[ReturnStage, str, str, dict[str, str], tuple[str, ...], str], ...] = (
    (S.ANNOUNCED, "sales", "receive", {"quantity": "-1", "note": "corner wet"}, ("quantity",), "corner wet"),
    (S.ANNOUNCED, "sales", "receive", {"quantity": "x", "received_at": f"{DAY}T23:00"}, ("quantity",), "23:00"),
    (S.ANNOUNCED, "sales", "receive", {"quantity": "5", "received_at": "2027-01-01T10:00"}, ("received_at",), "2027"),
    (S.ANNOUNCED, "sales", "cancel", {"reason": " "}, ("reason",), ""),
    (S.RECEIVED, "warehouse", "check", {"quantity": "18"}, ("because",), "18"),
    (S.RECEIVED, "warehouse", "check", {"quantity": "18", "wrong": "2"}, ("found_part",), "18"),
    (S.CHECKED, "warehouse", "book-in", {"location": ""}, ("location",), ""),
    (S.BOOKED_IN, "production", "draw", {"quantity": "21"}, ("quantity",), "21"),
    (S.DRAWN, "production", "count", {"counts-0-quantity": "3", "counts-0-phenomenon": "", "counts-0-kind":
     "functional", "counts-0-verdict": "ng"}, ("counts-0-phenomenon",), ""),
    (S.ANALYSED, "pie", "plan", {"rows-0-quantity": "5", "rows-0-disposition": "rework", "rows-0-how": ""},
     ("rows-0-how",), ""),
    (S.PLANNED, "production", "rework", {"results-0-good": "99"}, ("results-0-good",), "99"),
    (S.REWORKED, "warehouse", "redeliver", {"quantity": "20", "sent_on": "2027-01-01"}, ("sent_on",), "2027-01-01"),
    (S.REDELIVERED, "finance", "settle", {"credit_number": ""}, ("credit_number",), ""),
)  # fmt: skip


def test_what_cannot_be_taken_is_told_beside_its_field_and_nothing_is_kept(world, client_for, complaint):
    numbers = {stage: announced(world, complaint) for stage, *_ in BAD}
    for stage, number in numbers.items():
        brought_to(world, number, stage)
    for stage, login, slug, typed, fields, kept in BAD:
        b, number = client_for(login), numbers[stage]
        before = b.get(f"/returns/{number}").text
        answer = send(b, number, slug, typed)
        assert answer.status_code == 422, (slug, typed)
        for field in fields:
            assert f'id="f-{field}-error"' in answer.text, (slug, typed, text_of(answer.text))
        assert kept in answer.text, (slug, typed)
        after = b.get(f"/returns/{number}").text
        assert text_of(before) == text_of(after), (slug, typed)


def test_a_list_that_does_not_add_up_says_so_beside_it(world, client_for, parcel):
    brought_to(world, parcel, S.DRAWN)
    counts = {"counts-0-phenomenon": "无输出", "counts-0-quantity": "18", "counts-0-kind": "functional",
              "counts-0-verdict": "ng"}  # fmt: skip
    answer = send(client_for("production"), parcel, "count", counts)
    assert answer.status_code == 422
    assert 'id="counts-error"' in answer.text
    assert "2 too few" in text_of(answer.text)


def test_the_parcel_s_photo_is_filed_and_shown(client_for, parcel):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(content, "JPEG")
    typed = {"quantity": "20", "photo": (io.BytesIO(content.getvalue()), "parcel.jpg")}
    b = client_for("sales")
    assert send(b, parcel, "receive", typed).status_code == 303
    shown = b.get(f"/returns/{parcel}").text
    assert "/evidence/" in shown.split('id="receipts"')[1]
    wrong = {"quantity": "1", "photo": (io.BytesIO(b"MZ not a picture"), "parcel.jpg")}
    refused = send(b, parcel, "receive", wrong)
    assert refused.status_code == 422
    assert 'id="f-photo-error"' in refused.text


def test_a_difference_stands_out_until_it_is_explained(app, world, client_for, parcel):
    brought_to(world, parcel, S.BOOKED_IN)
    b = client_for("production")
    counts = {"counts-0-phenomenon": "无输出", "counts-0-quantity": "12", "counts-0-kind": "functional",
              "counts-0-verdict": "ng"}  # fmt: skip
    assert send(b, parcel, "draw", {"quantity": "12"}).status_code == 303
    assert send(b, parcel, "count", counts).status_code == 303
    assert "is-apart" not in b.get(f"/returns/{parcel}").text
    assert send(b, parcel, "draw", {"quantity": "2"}).status_code == 303
    assert "is-apart" in b.get(f"/returns/{parcel}").text
    found = {"place": "stored", "quantity": "7", "because": "one more in the foam"}
    assert send(client_for("warehouse"), parcel, "recount", found).status_code == 303
    assert "one more in the foam" in text_of(b.get(f"/returns/{parcel}").text)
    with app.test_request_context():
        line = page.compared(Line(IN_OUT.say(), 20, 18, explained=False))
    assert (line["look"], line["words"]) == ("is-off", "2 pieces too few, and nobody has said why")


def test_a_stale_form_keeps_what_was_typed(world, client_for, parcel):
    b = client_for("sales")
    typed = {"quantity": "7", "received_at": f"{DAY}T09:00", "note": "first of two"}
    assert b.post(f"/returns/{parcel}/receive", typed, version=1).status_code == 303
    stale = b.post(f"/returns/{parcel}/receive", typed, version=1)
    assert stale.status_code == 409
    assert "first of two" in stale.text


def test_a_step_out_of_turn_is_refused_with_its_reason(world, client_for, parcel):
    b = client_for("warehouse")
    for answer in (
        b.get(f"/returns/{parcel}/check"),
        b.post(f"/returns/{parcel}/check", {"quantity": "1"}, version=1),
    ):
        assert answer.status_code == 409
        assert "is not possible while the return is: announced" in text_of(answer.text)
    assert "is done by" in text_of(client_for("production").get(f"/returns/{parcel}").text)


def test_the_board_shows_a_desk_its_stages(world, client_for, complaint):
    for stage in (S.ANNOUNCED, S.RECEIVED, S.DRAWN, S.REWORKED):
        number = announced(world, complaint, expected_on=world.services.clock().date())
        brought_to(world, number, stage)
    warehouse = client_for("warehouse").get("/returns/").text
    assert [f'id="stage-{stage}"' in warehouse for stage in ("announced", "received", "drawn", "reworked")] == [
        True, True, False, True,
    ]  # fmt: skip
    production = client_for("production").get("/returns/").text
    assert 'id="stage-drawn"' in production
    assert 'id="stage-announced"' not in production
    alone = client_for("sales").get("/returns/?stage=drawn&kind=goods&customer=ANKE").text
    assert "RCC-2026-00003" in alone
    assert "RCC-2026-00001" not in alone
    late = client_for("sales").get("/returns/?late=1").text
    assert "RCC-2026-00004" in late  # was promised for yesterday
    assert "RCC-2026-00001" not in late
    nothing = text_of(client_for("sales").get("/returns/?stage=closed&desk=nobody").text)
    assert "No returns are waiting here" in nothing


def test_a_code_leads_to_its_return(world, client_for, complaint):
    number = announced(world, complaint, tracking="SF1234567890")
    b = client_for("warehouse")
    for code in (number, number.lower(), "SF1234567890", f" {number} "):
        assert b.get("/returns/", query_string={"code": code}).location == f"/returns/{number}?scanned=1"
    unknown = b.get("/returns/?code=SF000")
    assert "No return bears this code: SF000" in text_of(unknown.text)
    assert 'value="SF000"' in unknown.text
    foreign = client_for(factories.STRANGER)
    assert "No return bears this code" in text_of(foreign.get(f"/returns/?code={number}").text)
    assert foreign.get(f"/returns/{number}").status_code == 404


def test_the_returns_of_a_complaint(world, client_for, complaint, parcel):
    announced(world, complaint, quantity=5)
    shown = client_for("auditor").get(f"/complaints/{complaint}/returns").text
    assert "RCC-2026-00001" in shown
    assert "RCC-2026-00002" in shown
    other = complaints.registered(world).number
    empty = client_for("sales").get(f"/complaints/{other}/returns").text
    assert "Nothing has come back for this complaint" in text_of(empty)
