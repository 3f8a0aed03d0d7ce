"""The register of deadlines on the page and as a file: who sees what, filters, paging, rates, the export."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from eightd.persistence.tables.record import AuditRow
from eightd.queries import deadline_register as queries
from tests.factories import LIMITED, STRANGER
from tests.web.casework import act, registered, text_of

INITIAL = "initial_reply"


@pytest.fixture
def late(world, clock):
    """A complaint whose initial reply is overdue by six hours."""
    number = registered(world)
    clock.advance(hours=30)
    return number


def exported(world):
    with world.services.uow.reading() as session:
        found = session.execute(sa.select(AuditRow).where(AuditRow.tag == "deadlines.exported")).scalars()
        return [(row.actor_name, row.new) for row in found]


def test_everybody_who_sees_complaints_sees_their_deadlines(client_for, late):
    for login in ("sales", "te", "finance", "auditor", "quality_manager"):
        shown = client_for(login).get("/deadlines/")
        assert shown.status_code == 200
        text = text_of(shown.text)
        for wanted in (
            late,
            "Initial reply",
            "Overdue",
            "by 6 h",
            "2026-03-13 16:40",
            "Anke Electronics",
            "CN@1",
        ):
            assert wanted in text, (login, wanted)
        assert ("On-time rates" in text) is (login in {"auditor", "quality_manager"})
        assert ("Export as Excel" in text) is (login in {"auditor", "quality_manager"})
    assert client_for("admin").get("/deadlines/").status_code == 404


def test_the_page_can_be_opened_from_the_menu_in_chinese(client_for, late):
    cqe = client_for("cqe")
    cqe.post("/language", {"lang": "zh"})
    shown = cqe.get("/deadlines/")
    assert 'href="/deadlines/"' in cqe.get("/").text
    for wanted in ("回复期限", "期限台账", "准时率", "已逾期", "初步回复", "合同期限", "协议期限"):
        assert wanted in text_of(shown.text)
    assert "按合同期限" in text_of(cqe.get("/deadlines/rates").text)


@pytest.mark.parametrize("login", [STRANGER, LIMITED])
@pytest.mark.parametrize("asked", ["", "?state=overdue", "?customer=ANKE", "?plant=P1", "?from="])
def test_foreign_deadlines_are_nowhere(client_for, late, login, asked):
    browser = client_for(login)
    for path in ("/deadlines/", "/deadlines/rates"):
        assert late not in text_of(browser.get(path + asked).text)
        assert "Anke" not in browser.get(path + asked).text


def test_the_usual_period_begins_with_the_month_before(client_for, world, clock):
    registered(world, received_at="2026-01-12T10:00:00+08:00")
    new = registered(world)
    cqe = client_for("cqe")
    usual = text_of(cqe.get("/deadlines/").text)
    assert new in usual
    assert "2026-01-13 10:00" not in usual
    for asked in ("?from=", "?state=overdue", "?from=2026-01-13&until=2026-01-13"):
        assert "2026-01-13 10:00" in text_of(cqe.get(f"/deadlines/{asked}").text)


def test_what_is_overdue_is_counted_whatever_the_period(client_for, world):
    registered(world, received_at="2026-01-12T10:00:00+08:00")
    page = client_for("cqe").get("/deadlines/")
    assert "<b>1</b>" in page.text.replace("\n", "")
    assert "overdue" in text_of(page.text)


def test_a_reason_is_shown_and_asked_for(client_for, late):
    sales = client_for("sales")
    assert "Say why" in text_of(sales.get("/deadlines/").text)
    act(sales, late, "explain-lateness", {"milestone": INITIAL, "reason": "客户休假"})
    shown = text_of(sales.get("/deadlines/").text)
    assert "客户休假" in shown
    assert "Say why" not in shown
    assert "Nothing matches" in text_of(sales.get("/deadlines/?state=unexplained").text)


def test_pages_by_key(client_for, world, monkeypatch):
    monkeypatch.setattr(queries.page, "__kwdefaults__", {**queries.page.__kwdefaults__, "size": 4})
    for _ in range(3):
        registered(world)
    cqe = client_for("cqe")
    first = cqe.get("/deadlines/")
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = cqe.get(following)
    assert second.status_code == 200
    before = second.text.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert text_of(cqe.get(before).text).count("Initial reply") == text_of(first.text).count("Initial reply")


@pytest.mark.parametrize(
    "asked",
    [
        "state=enormous", "customer=NOBODY", "milestone=none", "plant=P2", "from=yesterday", "until=0001-01-01",
        "after=x", "before=999999999999999999-1-a", "after=１-1-a",
    ],
)  # fmt: skip
def test_what_means_nothing_is_named(client_for, late, asked):
    shown = client_for("cqe").get(f"/deadlines/?{asked}")
    assert shown.status_code == 200
    assert "Left out because it means nothing here" in text_of(shown.text)


def test_without_complaints_the_page_says_so(client_for, world):
    assert "There are no deadlines yet" in text_of(client_for("cqe").get("/deadlines/").text)
    assert "Nothing to count" in text_of(client_for("cqe").get("/deadlines/rates").text)


def test_rates_by_month_milestone_and_customer(client_for, late, clock):
    shown = text_of(client_for("auditor").get("/deadlines/rates").text)
    for wanted in (
        "0.0 %",
        "0 of 1",
        "2026-03",
        "Initial reply",
        "Anke Electronics",
        "By the contractual date",
    ):
        assert wanted in shown
    assert "2026-02 " not in shown.split("Month")[1]
    narrow = client_for("auditor").get("/deadlines/rates?from=2026-04-01&until=2026-04-30")
    assert "Nothing to count" in text_of(narrow.text)
    long = client_for("auditor").get("/deadlines/rates?from=2001-01-01&until=2026-12-31")
    assert "Rates cover five years at most" in text_of(long.text)
    assert client_for("sales").get("/deadlines/rates").status_code == 404


@pytest.mark.parametrize("login", ["cqe", "auditor"])
def test_the_book_is_handed_out_and_recorded_once(client_for, world, late, login):
    browser = client_for(login)
    sent = {"language": "en", "state": "overdue", "customer": "ANKE", "from": ""}
    first = browser.post("/deadlines/export", sent, key="the-same-key")
    assert first.status_code == 200
    assert 'attachment; filename="deadline-register-2026-03-13.xlsx"' in first.headers["Content-Disposition"]
    browser.post("/deadlines/export", sent, key="the-same-key")
    register, rates = load_workbook(io.BytesIO(first.data)).worksheets
    titles, *rows = register.iter_rows(values_only=True)
    (row,) = [dict(zip(titles, row, strict=True)) for row in rows]
    assert (row["Complaint no."], row["Milestone"], row["State"], row["Late by (h)"]) == (
        late, "Initial reply", "Overdue", 6,
    )  # fmt: skip
    assert rates.max_row == 1 + 1 + 12 + 1 + 1  # altogether, twelve months, one customer, one milestone
    ((_, new),) = exported(world)
    assert new == {"language": "en", "filters": {"state": "overdue", "customer": "ANKE"}}
    assert "Deadline register exported" in text_of(client_for("auditor").get("/audit").text)


@pytest.mark.parametrize("login", ["sales", "te", "admin"])
def test_for_others_there_is_no_book(client_for, world, late, login):
    assert client_for(login).post("/deadlines/export", {"language": "en"}).status_code == 404
    assert exported(world) == []


@pytest.mark.parametrize("asked", [{"language": "de"}, {"state": "x"}, {"plant": "P2"}, {"from": "soon"}])
def test_what_means_nothing_never_widens_the_book(client_for, world, late, asked):
    assert client_for("cqe").post("/deadlines/export", {"language": "en", **asked}).status_code == 400
    assert exported(world) == []
