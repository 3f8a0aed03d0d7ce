"""The adapter case from registration to closure through the pages, by the right people; wrong people beside."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from eightd.domain.complaint import DisciplineCode
from eightd.domain.workflow.actions import COMPLAINT_ACTIONS, READING, Action
from eightd.usecases import discipline as verbs
from eightd.web.complaint_verbs import SPECS
from tests.reporting.case_documents import adapter
from tests.web.casework import act, form_of, registered, text_of

ANSWERS = adapter().answers
OWNER = dict.fromkeys(("D0", "D1", "D2", "D3", "D7", "D8"), "cqe") | {"D4": "pie", "D5": "pie", "D6": "pqe"}


def answer_through_the_page(world, client_for, number, code):
    """Fill a discipline by its owner, submit it on its page, accept it as the quality manager."""
    owner = OWNER[code]
    verbs.save_draft(
        world.services.uow, world.order(owner), number=number, code=DisciplineCode(code), version=1,
        answer=ANSWERS[DisciplineCode(code)],
    )  # fmt: skip
    path = f"/complaints/{number}/{code}"
    browser = client_for(owner)
    sent = form_of(browser.get(path).text, code)
    answer = browser.client.post(path, data={**sent, "do": "submit"})
    assert answer.status_code == 303, (code, text_of(answer.text))
    accepted = client_for("quality_manager").post(path, {"do": "accept"}, version=3)
    assert accepted.status_code == 303, (code, text_of(accepted.text))


def test_every_action_has_a_page():
    shown = {action for spec in SPECS for action in spec.actions}
    elsewhere = {
        Action.ADD_EVIDENCE, Action.CHANGE_EVIDENCE, Action.CHANGE_TASK, Action.FINISH_TASK, Action.VERIFY_TASK,
        Action.ACCEPT_FINDING, Action.SCORE, Action.RECORD_ASSESSMENT, Action.ISSUE_DOCUMENT, Action.DRAFT_REPLY,
        Action.SHARE_STATUS,
        Action.ANNOUNCE_RETURN, Action.CHANGE_RETURN, Action.RECEIVE_RETURN, Action.CHECK_RETURN,
        Action.BOOK_IN_RETURN, Action.RECOUNT_RETURN, Action.DRAW_RETURN, Action.COUNT_RETURN, Action.RECORD_PIECES,
        Action.ANALYSE_RETURN, Action.PLAN_RETURN, Action.RECORD_REWORK, Action.REDELIVER_RETURN,
        Action.SETTLE_RETURN, Action.CLOSE_RETURN, Action.CANCEL_RETURN, Action.CHASE_SAMPLE,
        Action.ASK_SUPPLIER, Action.JUDGE_SUPPLIER, Action.TAKE_OVER_ANSWER, Action.MERGE,
        Action.UNMERGE, Action.SPLIT, Action.JUDGE_MATCH, Action.WATCH_AFTERWARDS,
        Action.RECORD_CLAIM, Action.PROPOSE_POSITION, Action.APPROVE_CLAIM, Action.SETTLE_CLAIM,
        Action.RECORD_COST, Action.ASK_SATISFACTION, Action.RECORD_SATISFACTION, Action.FOLLOW_UP,
    }  # fmt: skip
    assert shown == COMPLAINT_ACTIONS - READING - elsewhere


@pytest.mark.slow
def test_the_adapter_case(world, client_for, clock):
    number = registered(world, received_at="2026-03-12T16:40:00+08:00")
    page = f"/complaints/{number}"
    sales, cqe, manager = client_for("sales"), client_for("cqe"), client_for("quality_manager")
    for code in ("D0", "D1", "D2", "D3"):
        answer_through_the_page(world, client_for, number, code)
    act(cqe, number, "issue-initial", {"language": "both"})
    clock.set("2026-03-13T10:00:00+08:00")
    act(
        sales,
        number,
        "send-initial",
        {"proof": "seen", "revision": "1", "recipient": "IQC", "text": "见附件"},
    )
    act(cqe, number, "confirm-ours", {"visit_needed": "no", "sample_needed": "yes", "origin": "process"})
    clock.set("2026-03-14T11:00:00+08:00")
    act(
        client_for("warehouse"),
        number,
        "sample-received",
        {
            "received_at": "2026-03-14T10:20",
            "announced_quantity": "18",
            "quantity": "17",
            "note": "1 pcs 由客户留样",
        },
    )
    clock.set("2026-03-17T15:00:00+08:00")
    act(
        cqe,
        number,
        "stop-clock",
        {"from_at": "2026-03-17T14:00", "stop_reason": "laboratory", "note": "X-Ray (LAB-26-0317)"},
    )
    shown = text_of(cqe.get(page).text)
    assert "still stopped" in shown
    assert "Clock stopped" in shown
    clock.set("2026-03-18T18:30:00+08:00")
    act(cqe, number, "resume-clock", {"to_at": "2026-03-18T18:10"})
    why = text_of(cqe.get(f"{page}/deadlines/final_report").text)
    assert "Laboratory" in why or "laboratory" in why
    part = cqe.part(f"{page}/deadlines/preliminary_analysis")
    assert part.status_code == 200
    assert "<html" not in part.text
    answer_through_the_page(world, client_for, number, "D4")
    act(cqe, number, "issue-preliminary", {"language": "zh"})
    act(sales, number, "send-preliminary", {"proof": "seen", "revision": "2", "text": ""})
    clock.set("2026-03-30T10:00:00+08:00")
    for code in ("D5", "D6", "D7"):
        answer_through_the_page(world, client_for, number, code)
    act(cqe, number, "issue-final", {"language": "both"})
    act(sales, number, "send-final", {"proof": "seen", "revision": "3"})
    clock.set("2026-04-28T10:00:00+08:00")
    act(sales, number, "verdict", {"result": "accepted", "by": "客户 SQM", "on": "2026-04-28"})
    answer_through_the_page(world, client_for, number, "D8")
    act(manager, number, "close")
    closed = text_of(cqe.get(page).text)
    assert "Closed" in closed
    assert "Met late" in closed
    report = client_for("auditor").get(f"{page}/reports/3/both-customer.pdf")
    assert report.status_code == 200
    assert report.data.startswith(b"%PDF")
    assert report.data == client_for("cqe").get(f"{page}/reports/3/both-customer.pdf").data
    assert "attachment" in report.headers["Content-Disposition"]
    act(cqe, number, "reopen", {"reason": "复发", "why": "recurred", "wrong_D4": "流出原因不成立"})
    assert "复发" in cqe.get(f"{page}/record").text
    for login in ("stranger", "limited", "admin"):
        other = client_for(login)
        for path in (
            "",
            "/record",
            "/deadlines/final_report",
            "/reports/3/both-customer.pdf",
            "/D4",
            "/evidence/new",
            *(f"/{spec.slug}" for spec in SPECS),
        ):
            assert other.get(page + path).status_code == 404, (login, path)


def test_not_ours(world, client_for):
    number = registered(world)
    cqe, sales, manager = client_for("cqe"), client_for("sales"), client_for("quality_manager")
    act(cqe, number, "not-ours", {"reason": "客户跌落"})
    act(manager, number, "return-not-ours", {"reason": "缺少照片"})
    act(cqe, number, "explanation", {"text": "客户跌落, 见照片", "unproven_because": "照片在客户处"})
    act(manager, number, "approve-not-ours")
    act(sales, number, "reply-not-ours", {"proof": "seen", "recipient": "IQC"})
    act(sales, number, "negotiation", {"text": "客户要求会面"})
    act(sales, number, "accept-not-ours", {"reason": "OK"})
    shown = text_of(cqe.get(f"/complaints/{number}").text)
    assert "Closed" in shown
    assert "客户要求会面" in shown


def test_refused_pages_say_why(world, client_for):
    number = registered(world)
    for login, slug, words in (
        ("sales", "confirm-ours", "CQE"),
        ("cqe", "close", "quality manager"),
        ("cqe", "issue-initial", "D3"),
        ("auditor", "comment", "Comment"),
    ):
        shown = client_for(login).get(f"/complaints/{number}/{slug}")
        assert shown.status_code == 409, (slug, shown.status_code)
        assert words in text_of(shown.text)
        assert client_for(login).post(
            f"/complaints/{number}/{slug}", {"text": "x"}, version=1
        ).status_code in {409, 422}


def test_a_stale_version_is_told(world, client_for):
    number = registered(world)
    cqe = client_for("cqe")
    sent = form_of(cqe.get(f"/complaints/{number}/tier").text, "tier")
    act(cqe, number, "sample-waived", {"reason": "照片足够"})
    stale = cqe.client.post(f"/complaints/{number}/tier", data={**sent, "tier": "general", "reason": "why"})
    assert stale.status_code == 409


def test_what_is_missing_is_asked_for(world, client_for):
    number = registered(world)
    cqe = client_for("cqe")
    for slug, fields in (
        ("not-ours", {"reason": "  "}),
        ("stop-clock", {"note": ""}),
        ("stop-clock", {"note": "x", "from_at": "2026-03-12T10:00"}),
        ("confirm-ours", {"visit_needed": "no"}),
        (
            "confirm-ours",
            {"visit_needed": "no", "sample_needed": "no", "origin": "design", "repeat_of": "CC-2026-99999"},
        ),
        ("comment", {"text": ""}),
        ("assign", {"user_id": ""}),
        ("assign", {"role": "rd", "user_id": str(world.users["finance"])}),
        ("header", {"received_at": "2030-01-01T00:00"}),
        ("header", {"quantity_delivered": "many"}),
    ):
        path = f"/complaints/{number}/{slug}"
        sent = {**form_of(cqe.get(path).text, slug), **fields}
        answer = cqe.client.post(path, data=sent)
        assert answer.status_code == 422, (slug, fields, text_of(answer.text))
        assert "data-error-summary" in answer.text


def test_a_choice_not_made_is_asked_for_in_words(world, client_for):
    number = registered(world)
    cqe = client_for("cqe")
    path = f"/complaints/{number}/confirm-ours"
    sent = {**form_of(cqe.get(path).text, "confirm-ours"), "visit_needed": "no"}
    answer = cqe.client.post(path, data=sent)
    assert "Please choose one." in text_of(answer.text)


def test_header_counts_tier_form_and_people(world, client_for):
    number = registered(world, demands=())
    cqe, page = client_for("cqe"), f"/complaints/{number}"
    act(cqe, number, "header", {"lots": "B2603A、B2603B", "customer_plant": "东莞二厂"})
    shown = cqe.get(page).text
    assert "B2603A, B2603B" in shown
    assert "东莞二厂" in shown
    emptied = {f"defects-1-{name}": "" for name in ("quantity", "phenomenon", "inspected")}
    changed = {"defects-0-quantity": "4", **emptied}
    act(client_for("production"), number, "counts", changed)
    shown = text_of(cqe.get(page).text)
    assert "counts 0 in the monthly score" in shown
    act(cqe, number, "short-form")
    act(cqe, number, "full-form")
    act(cqe, number, "tier", {"tier": "general", "reason": "客户关注"})
    assert "客户关注" in cqe.get(page).text
    act(cqe, number, "assign", {"role": "rd", "user_id": str(world.users["rd"]), "reason": "设计"})
    act(cqe, number, "assign-discipline", {"code": "D2", "user_id": str(world.users["te"])})
    shown = text_of(cqe.get(page).text)
    assert "冯涛" in shown
    assert "郑洁" in shown
    act(cqe, number, "comment", {"text": "电话沟通"})
    act(cqe, number, "sample-required", {"announced_quantity": "5"})
    act(cqe, number, "cancel", {"reason": "重复"})
    assert "重复" in cqe.get(page).text


def picture(size=(900, 600)):
    made = io.BytesIO()
    Image.new("RGB", size, "navy").save(made, "PNG")
    return made.getvalue()


def test_evidence(world, client_for):
    number = registered(world)
    cqe = client_for("cqe")
    path = f"/complaints/{number}/evidence/new"
    assert cqe.get(path).status_code == 200
    empty = cqe.post(path, {"caption": "x", "marker": "", "discipline": ""})
    assert empty.status_code == 422
    bad = cqe.post(path, {"files": (io.BytesIO(b"MZ\x90\0"), "a.exe"), "marker": "", "discipline": ""})
    assert bad.status_code == 422
    assert "a.exe" in bad.text
    sent = cqe.post(path, {
        "files": [(io.BytesIO(picture()), "Q1 焊点.png"), (io.BytesIO(b"a,b\n"), "stock.csv")],
        "caption": "Q1 源极", "marker": "nok", "discipline": "D4",
    })  # fmt: skip
    assert sent.status_code == 303
    shown = cqe.get(f"/complaints/{number}/D4").text
    assert "Q1 源极" in shown
    assert "/evidence/1/thumbnail" in shown
    file = cqe.get(f"/complaints/{number}/evidence/1")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    small = cqe.get(f"/complaints/{number}/evidence/1/thumbnail")
    assert small.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(small.data)).size == (480, 320)
    assert cqe.get(f"/complaints/{number}/evidence/2/thumbnail").status_code == 404
    other = registered(world, customer_number="x")
    assert cqe.get(f"/complaints/{other}/evidence/1").status_code == 404
    for login in ("stranger", "limited"):
        for ending in ("1", "1/thumbnail", "new"):
            assert client_for(login).get(f"/complaints/{number}/evidence/{ending}").status_code == 404
