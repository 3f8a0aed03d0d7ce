"""The page of a complaint's documents: issued, previewed, handed out; what may not be says why."""

import pytest

from tests.web.casework import registered


@pytest.fixture
def number(world):
    return registered(world)


def test_a_document_is_issued_and_handed_out(client_for, number):
    browser = client_for("cqe")
    page = browser.get(f"/complaints/{number}/documents")
    assert "No document has been issued" in page.text
    assert "for complaints found not to be ours" in page.text
    answer = browser.post(
        f"/complaints/{number}/documents",
        {"kind": "complaint_notice", "language": "both", "do": "issue"},
        version=1,
        follow=True,
    )
    assert "Complaint notice and tracking sheet 1 was issued." in answer.text
    pdf = browser.get(f"/complaints/{number}/documents/complaint_notice/1.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert browser.get(f"/complaints/{number}/documents/complaint_notice/2.pdf").status_code == 404
    read = browser.get(f"/complaints/{number}/documents/complaint_notice/1/read")
    assert "客户抱怨通知 / 追踪处理单" in read.text
    english = browser.get(f"/complaints/{number}/documents/complaint_notice/1/read?language=en")
    assert "Department in charge" in english.text
    assert "责任部门" not in english.text
    picture = f"/complaints/{number}/documents/complaint_notice/1/pictures/{'a' * 64}.jpg"
    assert browser.get(picture).status_code == 404


def test_a_preview_is_drawn_at_once(client_for, number):
    browser = client_for("cqe")
    answer = browser.post(
        f"/complaints/{number}/documents",
        {"kind": "handling_form", "language": "zh", "do": "preview"},
        version=1,
        follow=True,
    )
    assert answer.data.startswith(b"%PDF")


def test_what_may_not_be_issued_says_why(client_for, number):
    browser = client_for("cqe")
    wrong = {"kind": "handling_form", "language": "fr", "do": "issue"}
    assert browser.post(f"/complaints/{number}/documents", wrong, version=1).status_code == 422
    letter = {"kind": "explanation_letter", "language": "en", "do": "issue"}
    answer = browser.post(f"/complaints/{number}/documents", letter, version=1)
    assert answer.status_code == 409
    assert "for complaints found not to be ours" in answer.text
    assert client_for("te").get(f"/complaints/{number}/documents").status_code == 200
    assert client_for("te").post(f"/complaints/{number}/documents", letter, version=1).status_code == 409
