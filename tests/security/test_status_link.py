"""A status link opens exactly one thing, for as long as it holds, and tells nothing of anything else."""

import string

import pytest

from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.complaint import NoteRow
from eightd.persistence.tables.correspondence import StatusLinkRow
from eightd.usecases import calendar_feed, confirm, status_link
from tests.usecases.case import D1, D2, D3, D4, Case

ALPHABET = string.ascii_letters + string.digits + "-_"


@pytest.fixture
def case(world):
    return Case(world, customer_number="Q-77", contact="Lin Mei <lin@customer.example>").contained()


@pytest.fixture
def visitor(app):
    """Somebody who was never here before."""
    return app.test_client()


def linked(case, login="sales", days=30, language=Language.EN):
    done = status_link.make_link(
        case.services.uow, case.world.order(login), number=case.number, days=days, language=language
    )
    return done.id, case.services.links.token(status_link.PURPOSE, done.id)


def is_gone(answer):
    """Nothing here, in both languages, and not a word of whose link it was."""
    assert answer.status_code == 404
    assert "此链接无效" in answer.text
    assert "There is nothing here" in answer.text
    assert "CC-2026" not in answer.text
    is_sealed(answer)
    return True


def is_sealed(answer):
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_an_open_link_shows_what_was_released(case, visitor):
    _, token = linked(case)
    answer = visitor.get(f"/s/{token}")
    assert answer.status_code == 200
    is_sealed(answer)
    for shown in (case.number, "Q-77", "PA-1200", "no output", "Initial reply", "Revision 1"):
        assert shown in answer.text
    pdf = visitor.get(f"/s/{token}/reports/1.pdf")
    assert (pdf.status_code, pdf.data[:5]) == (200, b"%PDF-")
    is_sealed(pdf)
    assert "客诉" in visitor.get(f"/s/{token}?lang=zh").text
    assert "Complaint" in visitor.get(f"/s/{token}?lang=xx").text


def test_forged_token(case, visitor):
    link, token = linked(case)
    number, _, signature = token.partition("-")
    for position in range(0, len(signature), 5):
        other = next(one for one in ALPHABET if one != signature[position])
        assert is_gone(visitor.get(f"/s/{number}-{signature[:position]}{other}{signature[position + 1 :]}"))
    assert is_gone(visitor.get(f"/s/{link}-{'A' * 27}"))
    assert is_gone(visitor.get(f"/s/{link}"))


def test_truncated_token(case, visitor):
    _, token = linked(case)
    for cut in (1, 5, len(token) - 1):
        assert is_gone(visitor.get(f"/s/{token[:-cut]}"))
    for changed in (f"{token}A", f"{token}%20", token.swapcase(), f"0{token}", token.replace("-", ".0-", 1)):
        assert is_gone(visitor.get(f"/s/{changed}"))


def test_a_link_of_another_complaint(case, world, visitor):
    other = Case(world, customer_number="OTHER-1")
    _, mine = linked(case)
    other_link, theirs = linked(other)
    signature = mine.partition("-")[2]
    assert is_gone(visitor.get(f"/s/{other_link}-{signature}"))
    assert other.number not in visitor.get(f"/s/{mine}").text
    assert case.number not in visitor.get(f"/s/{theirs}").text
    assert is_gone(visitor.get(f"/s/{theirs}/reports/1.pdf"))  # the other one has revision 1


def test_expired_link(case, visitor, clock):
    _, token = linked(case, days=7)
    clock.advance(days=7, seconds=-1)
    assert visitor.get(f"/s/{token}").status_code == 200
    clock.advance(seconds=1)
    assert is_gone(visitor.get(f"/s/{token}"))
    assert is_gone(visitor.get(f"/s/{token}/reports/1.pdf"))


def test_revoked_link(case, visitor):
    link, token = linked(case)
    _, second = linked(case)
    status_link.revoke_link(
        case.services.uow, case.world.order("quality_manager"), number=case.number, link_id=link
    )
    assert is_gone(visitor.get(f"/s/{token}"))
    assert is_gone(visitor.get(f"/s/{token}/reports/1.pdf"))
    assert visitor.get(f"/s/{second}").status_code == 200


def test_tokens_for_other_purposes_open_nothing(case, visitor):
    link, token = linked(case)
    links = case.services.links
    for purpose in (calendar_feed.PURPOSE, "", "Status", "status "):
        assert is_gone(visitor.get(f"/s/{links.token(purpose, link)}"))
    assert is_gone(visitor.get(f"/s/{links.token(status_link.PURPOSE, link, 1)}"))
    assert visitor.get(f"/feed/{token}.ics").status_code == 404


def test_nothing_internal_is_shown(case, world, visitor):
    case.sampled().submit(D4)
    with case.services.uow.writing(world.order("cqe")) as work:
        work.session.add(
            NoteRow(complaint_id=case.row.id, kind="comment", text="SECRET NOTE", at=work.now, by=1)
        )
    case.do(confirm.confirm_not_ours, "cqe", reason="SECRET EXPLANATION")
    _, token = linked(case)
    text = visitor.get(f"/s/{token}").text
    for hidden in (
        "SECRET",
        "发热管",
        "ajor",
        "重大",
        "赵敏",
        "钱伟",
        "Lin Mei",
        "lin@",
        "csrf",
        "/complaints",
        "ours",
    ):
        assert hidden not in text, hidden


def test_reports_that_were_not_sent_are_not_handed_out(world, visitor):
    case = Case(world).confirmed()
    case.accept(D1, D2, D3)
    case.issue(ReportKind.INITIAL)
    _, token = linked(case)
    assert "Revision 1" not in visitor.get(f"/s/{token}").text
    assert is_gone(visitor.get(f"/s/{token}/reports/1.pdf"))
    assert is_gone(visitor.get(f"/s/{token}/reports/99.pdf"))


def test_openings_are_counted_once_a_minute(case, visitor, clock):
    link, token = linked(case)

    def opened():
        with case.services.uow.reading() as session:
            return session.get_one(StatusLinkRow, link).opened

    for _ in range(3):
        visitor.get(f"/s/{token}")
    assert opened() == 1
    clock.advance(minutes=1)
    visitor.get(f"/s/{token}")
    assert opened() == 2


def test_a_link_opens_nothing_else(case, visitor):
    _, token = linked(case)
    visitor.get(f"/s/{token}")
    for path in (
        f"/complaints/{case.number}",
        f"/complaints/{case.number}/D3",
        f"/s/{token}/reports/1.eml",
        "/s/",
    ):
        assert visitor.get(path).status_code in {303, 404}
    assert visitor.put(f"/s/{token}").status_code in {400, 405}
