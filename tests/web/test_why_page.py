"""Why a date, on the page: months that are heard too, the text to paste; stops and lateness by their forms."""

from __future__ import annotations

import html
import io
import re

import pytest
import sqlalchemy as sa

from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from tests.usecases.case import picture
from tests.web.casework import act, form_of, registered, text_of

FINAL = "final_report"


@pytest.fixture
def number(world, client_for, clock):
    """Received on Thursday; the sample on Saturday, so that the clocks run."""
    found = registered(world)
    act(
        client_for("cqe"),
        found,
        "confirm-ours",
        {"visit_needed": "no", "sample_needed": "yes", "origin": "process"},
    )
    clock.set("2026-03-14T11:00:00+08:00")
    received = {"received_at": "2026-03-14T10:20", "announced_quantity": "1", "quantity": "1"}
    act(client_for("warehouse"), found, "sample-received", received)
    return found


def pasted(page):
    return html.unescape(re.search(r'id="why-text"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)[1])


def stop(client_for, number, **fields):
    return act(
        client_for("cqe"), number, "stop-clock",
        {"stop_reason": "laboratory", "note": "LAB-26-0317", "evidence_id": "", **fields},
    )  # fmt: skip


def rows(world, table):
    with world.services.uow.reading() as session:
        return list(session.execute(sa.select(table)).scalars())


def test_the_months_are_seen_and_heard(client_for, number, clock):
    clock.set("2026-03-17T14:00:00+08:00")
    stop(client_for, number)
    clock.set("2026-03-18T18:10:00+08:00")
    act(client_for("cqe"), number, "resume-clock")
    page = client_for("cqe").get(f"/complaints/{number}/deadlines/{FINAL}")
    assert page.text.count('<table class="month">') == 1
    for wanted in (
        'class="is-start"', 'class="is-tick"', 'class="is-stopped"', 'class="is-tick is-contractual"',
        'class="is-tick is-agreed"', 'class="is-stopped is-today"', "‖", "◇", "◆",
    ):  # fmt: skip
        assert wanted in page.text
    heard = text_of(page.text)
    assert "counted: 7, due as agreed" in heard
    assert "clock stopped" in heard
    assert "Lateness is judged on the agreed date, because the customer accepts stops." in heard


def test_the_text_is_in_the_customers_language_first(client_for, number):
    cqe = client_for("cqe")
    address = f"/complaints/{number}/deadlines/{FINAL}"
    assert pasted(cqe.get(address)).startswith(f"{number} · 最终 8D 报告：期限说明")
    assert pasted(cqe.get(f"{address}?text=nonsense")).startswith(f"{number} · 最终")
    english = pasted(cqe.get(f"{address}?text=en"))
    assert "Agreed date (with stops): 2026-03-24 17:30 (UTC+08:00)" in english
    both = pasted(cqe.part(f"{address}?text=both"))
    assert english in both
    assert "最终 8D 报告" in both
    assert 'data-copy="why-text"' in cqe.get(address).text


def test_what_waits_has_a_text_and_no_months(world, client_for):
    found = registered(world)
    page = client_for("sales").get(f"/complaints/{found}/deadlines/{FINAL}?text=en")
    assert "waiting for sample since 2026-03-12 16:40" in pasted(page)
    assert "month-legend" not in page.text


def test_a_stop_with_its_proof_its_end_and_back_again(world, client_for, number, clock):
    clock.set("2026-03-17T14:00:00+08:00")
    cqe = client_for("cqe")
    path = f"/complaints/{number}/stop-clock"
    sent = {**form_of(cqe.get(path).text, "stop-clock"), "note": "LAB", "agreed_until_at": "2026-03-18T12:00"}
    refused = cqe.client.post(path, data={**sent, "proof": (io.BytesIO(b"MZ\0\0"), "lab.exe")})
    assert refused.status_code == 422
    assert "only JPEG, PNG" in text_of(refused.text)
    taken = cqe.client.post(path, data={**sent, "proof": (io.BytesIO(picture()), "lab.png")})
    assert taken.status_code == 303
    shown = text_of(cqe.get(f"/complaints/{number}").text)
    assert "agreed until 2026-03-18 12:00" in shown
    assert "Proof" in shown
    assert "the agreed end has passed" not in shown
    clock.set("2026-03-18T12:01:00+08:00")
    assert "the agreed end has passed" in text_of(cqe.get(f"/complaints/{number}").text)
    assert 'value="2026-03-18T12:00"' in cqe.get(f"/complaints/{number}/extend-stop").text
    act(cqe, number, "extend-stop", {"agreed_until_at": "2026-03-20T12:00", "reason": "二次切片"})
    page = cqe.get(f"/complaints/{number}")
    assert "Agreed end of a stop changed" in text_of(page.text)
    (one,) = rows(world, ClockStopRow)
    act(cqe, number, "withdraw-stop", {"stop_id": str(one.id), "reason": "other complaint"})
    shown = text_of(cqe.get(f"/complaints/{number}").text)
    assert "withdrawn: other complaint" in shown
    assert "lab.png" in text_of(cqe.get(f"/complaints/{number}/stop-clock").text)


def test_lateness_is_asked_for_and_shown(world, client_for, number, clock):
    sales = client_for("sales")
    assert "Say why" in text_of(sales.get(f"/complaints/{number}").text)  # the initial reply is overdue
    asked = sales.get(f"/complaints/{number}/explain-lateness?milestone=initial_reply").text
    assert '<option value="initial_reply" selected>' in asked
    assert "final_report" not in asked.replace(f"/{FINAL}", "")
    act(sales, number, "explain-lateness", {"milestone": "initial_reply", "reason": "客户休假"})
    shown = text_of(client_for("auditor").get(f"/complaints/{number}").text)
    assert "客户休假" in shown
    assert "Change the reason" not in shown
    assert "Reason of the lateness" in text_of(sales.get(f"/complaints/{number}/record").text)
    (kept,) = [row for row in rows(world, DeadlineRow) if row.late_reason]
    assert kept.late_reason_by == world.users["sales"]


@pytest.mark.parametrize("login", ["te", "auditor"])
def test_others_see_no_way_to_explain(client_for, number, login):
    shown = text_of(client_for(login).get(f"/complaints/{number}").text)
    assert "Overdue" in shown
    assert "Say why" not in shown
