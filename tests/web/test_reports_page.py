"""The reports issued: of what the person may see, with when they were sent, narrowed and linked."""

import pytest

from eightd.domain.workflow.snapshot import ReportKind
from tests.usecases.case import Case


@pytest.fixture
def case(world):
    """A complaint with the initial report issued twice and sent once."""
    made = Case(world).contained()
    made.issue(ReportKind.INITIAL)
    return made


def test_revisions_are_listed_newest_first_and_lead_to_the_pdf(client_for, case):
    page = client_for("sales").get("/reports")
    assert page.status_code == 200
    assert page.text.count(case.number) >= 2
    assert page.text.count("not sent</span>") == 1
    pdf = f"/complaints/{case.number}/reports/2/en-customer.pdf"
    assert pdf in page.text
    assert page.text.index(pdf) < page.text.index(f"/complaints/{case.number}/reports/1/en-customer.pdf")
    answer = client_for("sales").get(pdf)
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


def test_hidden_complaints_are_not_listed(client_for, case):
    for login in ("stranger", "limited"):
        page = client_for(login).get("/reports")
        assert page.status_code == 200
        assert case.number not in page.text
        assert "No reports" in page.text
    assert client_for("admin").get("/reports").status_code == 404


@pytest.mark.parametrize(
    ("query", "revisions"),
    [
        ("kind=initial", {1, 2}),
        ("kind=final", set()),
        ("sent=yes", {1}),
        ("sent=no", {2}),
        ("q=安科", {1, 2}),
        ("q=nobody", set()),
        ("kind=wrong&sent=maybe&after=x", {1, 2}),
    ],
)
def test_the_list_is_narrowed(client_for, case, query, revisions):
    page = client_for("auditor").get(f"/reports?{query}").text
    assert {one for one in (1, 2) if f"/reports/{one}/en-customer.pdf" in page} == revisions


def test_the_page_speaks_chinese(client_for, case):
    auditor = client_for("auditor")
    auditor.post("/account/language", {"language": "zh"})
    assert "已签发报告" in auditor.get("/reports").text
