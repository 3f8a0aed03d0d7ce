"""Complaint notice, handling form and explanation letter: frozen at issue, the same bytes for ever."""

import hashlib

import pytest

from eightd.domain.paperwork import NOT_APPROVED, NOT_OURS_ONLY, DocumentKind
from eightd.persistence.tables.documents import IssuedDocumentRow
from eightd.reporting.documents.facts import from_json
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases import confirm, discipline
from eightd.usecases.documents import issue
from eightd.usecases.errors import NotAllowed, NotFound, Stale
from tests.complaints import UNPROVEN
from tests.reporting.pdf_text import whole
from tests.usecases.case import D3, SEES_NOTHING, Case, answers

K = DocumentKind


@pytest.fixture
def case(store_world):
    return Case(store_world).confirmed()


def issued(case, kind, position=1, login="cqe"):
    services = case.world.services
    return issue.issued_document(
        services.uow, case.world.actor(login), number=case.number, kind=kind, position=position,
        now=services.clock(),
    )  # fmt: skip


def test_a_notice_says_who_is_in_charge_and_what_happened(case):
    case.do(issue.issue_document, "cqe", kind=K.COMPLAINT_NOTICE, language=ReportLanguage.BOTH)
    found = issued(case, K.COMPLAINT_NOTICE)
    assert hashlib.sha256(found.content).hexdigest() == found.sha256
    text = whole(found.content)
    for wanted in ("客户抱怨通知", case.number, "无输出", "客户品质工程师", "CQE确认"):
        assert wanted.replace(" ", "") in text.replace(" ", ""), wanted


def test_what_was_issued_does_not_change_with_the_complaint(case):
    case.do(issue.issue_document, "cqe", kind=K.HANDLING_FORM, language=ReportLanguage.ZH)
    first = issued(case, K.HANDLING_FORM).content
    case.work(discipline.save_draft, "te", D3, answer=answers()[D3])
    case.work(discipline.submit, "cqe", D3)
    case.work(discipline.accept, "cqe", D3)
    assert issued(case, K.HANDLING_FORM).content == first
    case.do(issue.issue_document, "cqe", kind=K.HANDLING_FORM, language=ReportLanguage.ZH)
    second = issued(case, K.HANDLING_FORM, 2)
    assert second.content != first
    assert "未查明12pcs" in whole(second.content).replace(" ", "")
    rows = case.all(IssuedDocumentRow)
    assert [(row.kind, row.number) for row in rows] == [("handling_form", 1), ("handling_form", 2)]
    with case.world.services.uow.reading() as session:
        for row in rows:
            content = session.get_one(IssuedDocumentRow, row.id).content
            assert hashlib.sha256(content).hexdigest() == row.content_hash
            assert from_json(content).report.number == case.number


def test_the_letter_waits_for_the_quality_manager(store_world):
    case = Case(store_world)
    wanted = {"kind": K.EXPLANATION_LETTER, "language": ReportLanguage.EN}
    with pytest.raises(NotAllowed) as caught:
        case.do(issue.issue_document, "cqe", **wanted)
    assert caught.value.message.phrase == NOT_OURS_ONLY
    case.do(
        confirm.confirm_not_ours,
        "cqe",
        reason="L and N are swapped at station 4 of the customer",
        backing=UNPROVEN,
    )
    with pytest.raises(NotAllowed) as caught:
        case.do(issue.issue_document, "cqe", **wanted)
    assert caught.value.message.phrase == NOT_APPROVED
    case.do(confirm.approve_not_ours, "quality_manager")
    case.do(issue.issue_document, "sales", **wanted)
    text = whole(issued(case, K.EXPLANATION_LETTER).content).replace(" ", "")
    assert "LandNareswappedatstation4ofthecustomer" in text
    assert "approvedby" in text
    assert "major" not in text  # the tier is ours alone


def test_who_may_not_and_what_is_stale(case):
    for login in SEES_NOTHING:
        with pytest.raises(NotFound):
            case.do(issue.issue_document, login, kind=K.HANDLING_FORM, language=ReportLanguage.EN)
    for login in ("te", "auditor"):
        with pytest.raises(NotAllowed):
            case.do(issue.issue_document, login, kind=K.HANDLING_FORM, language=ReportLanguage.EN)
    with pytest.raises(Stale):
        issue.issue_document(
            case.world.services.uow, case.world.order("cqe"), number=case.number, version=999,
            kind=K.HANDLING_FORM, language=ReportLanguage.EN,
        )  # fmt: skip
    with pytest.raises(NotFound):
        issued(case, K.HANDLING_FORM)
    case.do(issue.issue_document, "cqe", kind=K.HANDLING_FORM, language=ReportLanguage.EN)
    for login in SEES_NOTHING:
        with pytest.raises(NotFound):
            issued(case, K.HANDLING_FORM, login=login)
    assert issued(case, K.HANDLING_FORM, login="auditor").content


def test_a_preview_is_kept_nowhere(case):
    services = case.world.services
    found = issue.preview_document(
        services.uow, case.world.actor("cqe"), number=case.number, kind=K.HANDLING_FORM,
        language=ReportLanguage.EN, now=services.clock(),
    )  # fmt: skip
    assert "DRAFT" in whole(found.content)
    assert case.all(IssuedDocumentRow) == []
