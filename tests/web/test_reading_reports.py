"""Reports on the screen: read in every version, compared, and only by those who may see the complaint."""

import re
from dataclasses import replace
from html import unescape

import pytest

from eightd.domain.workflow.snapshot import ReportKind
from eightd.usecases import discipline, evidence
from eightd.usecases.evidence import Upload, check_upload
from eightd.usecases.reports.withdraw import withdraw_report
from tests import factories
from tests.usecases.case import D1, D2, D3, D4, Case, answers, picture

INITIAL, PRELIMINARY, _ = ReportKind


@pytest.fixture
def case(world, clock):
    made = Case(world).confirmed()
    made.accept(D1, D2, D3)
    upload = check_upload(Upload("crack.png", picture(size=(40, 30))), world.services.limits)
    evidence.add_evidence(
        made.services.uow, world.order("cqe"), number=made.number, uploads=(upload,), discipline=D2,
        caption="crack at pin 3",
    )  # fmt: skip
    made.issue(INITIAL)
    clock.advance(hours=1)
    made.work(discipline.reopen_discipline, "cqe", D2, reason="more is known")
    earlier = answers()[D2]
    words = earlier.customer_words + " 又发现 3 件 <b>."
    made.work(discipline.submit, "cqe", D2, answer=replace(earlier, customer_words=words, history=""))
    made.work(discipline.accept, "cqe2", D2)
    made.accept(D4)
    made.issue(PRELIMINARY)
    return made


def text_of(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_a_report_is_read_as_it_is_printed(case, client_for):
    browser = client_for("cqe")
    for language, heading in (("en", "Problem description"), ("zh", "问题描述"), ("both", "问题描述")):
        answer = browser.get(
            f"/complaints/{case.number}/reports/2/read?language={language}&audience=internal"
        )
        assert answer.status_code == 200
        text = text_of(answer)
        for shown in (heading, case.number, "Preliminary 2", "crack at pin 3", "PA-1200"):
            assert shown in text, (language, shown)
        assert "又发现 3 件" in text or language == "en"
    assert "&lt;b&gt;" in answer.text
    assert "style=" not in answer.text[answer.text.index("<article") : answer.text.index("</article>")]


def test_its_pictures_are_shown_to_who_may_read_it(case, client_for):
    browser = client_for("auditor")
    page = browser.get(f"/complaints/{case.number}/reports/1/read").text
    address = re.search(r'src="([^"]+/pictures/customer/[0-9a-f]{64}\.jpg)"', page)[1]
    answer = browser.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert browser.get(address.replace(address[-12:-4], "00000000")).status_code == 404
    for login in (factories.STRANGER, factories.LIMITED, "admin"):
        assert client_for(login).get(address).status_code == 404


def test_two_revisions_beside_each_other(case, client_for):
    browser = client_for("sales")
    answer = browser.get(f"/complaints/{case.number}/reports/1..2")
    assert answer.status_code == 200
    assert "<ins> 又发现 3 件 &lt;b&gt;.</ins>" in answer.text
    text = text_of(answer)
    for shown in ("D2 Problem description", "In the customer's words", "changed", "D4 Root cause", "added"):
        assert shown in text, shown
    assert "Nothing differs" in browser.get(f"/complaints/{case.number}/reports/2..2").text
    back = text_of(browser.get(f"/complaints/{case.number}/reports/2..1"))
    assert "removed" in back
    led = browser.get(f"/complaints/{case.number}/reports/compare?old=1&new=2")
    assert led.headers["Location"].endswith("/reports/1..2")


def test_what_is_not_there_is_not_found(case, client_for):
    browser = client_for("cqe")
    for path in ("3/read", "1..3", "0..1", "compare", "1/as-sent-en-customer.pdf"):
        answer = browser.get(f"/complaints/{case.number}/reports/{path}", follow_redirects=True)
        assert answer.status_code == 404, path
    for login in (factories.STRANGER, factories.LIMITED, "admin"):
        for path in ("1/read", "1..2", "1/as-sent-en-customer.pdf"):
            assert client_for(login).get(f"/complaints/{case.number}/reports/{path}").status_code == 404


def test_a_withdrawn_one_says_so_everywhere(case, client_for):
    browser = client_for("cqe")
    kept = browser.get(f"/complaints/{case.number}/reports/1/en-customer.pdf").data
    case.do(withdraw_report, "cqe", revision=1, reason="wrong lot <x>")
    page = browser.get(f"/complaints/{case.number}/reports/1/read").text
    assert "was withdrawn on 2026-03-12: wrong lot &lt;x&gt;" in page
    assert "A newer revision exists" in page
    assert browser.get(f"/complaints/{case.number}/reports/1/as-sent-en-customer.pdf").data == kept
    marked = browser.get(f"/complaints/{case.number}/reports/1/en-customer.pdf")
    assert "withdrawn.pdf" in marked.headers["Content-Disposition"]
    assert marked.data != kept
    own = browser.get(f"/complaints/{case.number}").text
    assert "wrong lot" in own
    assert "Withdrawn" in own
