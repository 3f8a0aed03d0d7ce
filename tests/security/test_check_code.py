"""The code on a report confirms exactly one revision, for ever, and tells nothing else."""

import re
import string

import pytest
import sqlalchemy as sa

from eightd.domain.check_code import ALPHABET, grouped
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.people import UserRow
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import calendar_feed, report, status_link
from eightd.usecases.reports.withdraw import withdraw_report
from tests.usecases.case import Case


@pytest.fixture
def case(world):
    made = Case(world, customer_number="Q-77", contact="Lin Mei <lin@customer.example>")
    return made.contained()


@pytest.fixture
def visitor(app):
    """Somebody who was never here before."""
    return app.test_client()


def code_of(case, revision=1):
    return next(one.check_code for one in case.all(RevisionRow) if one.number == revision)


def made(case, language=ReportLanguage.EN, revision=1):
    return report.issued_report(
        case.services.uow, case.world.actor("cqe"), number=case.number, revision=revision, language=language,
        audience=Audience.CUSTOMER, now=case.services.clock(),
    ).sha256  # fmt: skip


def is_sealed(answer):
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def is_unknown(answer):
    assert answer.status_code == 404
    assert "没有与此代码对应的报告" in answer.text
    assert "Nothing is known of this code" in answer.text
    assert "CC-2026" not in answer.text
    is_sealed(answer)
    return True


def test_a_code_confirms_its_revision(case, visitor):
    kept = case.all(RevisionRow)[0]
    hashes = {made(case), made(case, ReportLanguage.ZH)}
    answer = visitor.get(f"/check/{kept.check_code}")
    assert answer.status_code == 200
    is_sealed(answer)
    for shown in (case.number, "Preliminary 1", kept.content_hash, "2026-03-12", "newest", *hashes):
        assert shown in answer.text
    assert "初步报告 1" in visitor.get(f"/check/{kept.check_code}?lang=zh").text
    assert visitor.get(f"/check/{grouped(kept.check_code).upper()}").status_code == 200


def test_nothing_else_is_in_the_answer(case, world, visitor):
    """Neither customer nor part, people, texts, tier nor anything of the program behind."""
    made(case)
    hidden = [
        "ANKE", "安科", "Q-77", "Lin Mei", "lin@", "PA-1200", "B2603A", "no output", "无输出", "15", "5000",
        "major", "重大", "csrf", "/complaints", "/login", "customer version", "internal", "kind", "both",
    ]  # fmt: skip
    with case.services.uow.reading() as session:
        hidden += session.execute(sa.select(UserRow.name)).scalars().all()
        logins = session.execute(sa.select(UserRow.login)).scalars()
        hidden += [login for login in logins if len(login) > 3]  # shorter ones stand inside words
    for language in ("zh", "en"):
        text = visitor.get(f"/check/{code_of(case)}?lang={language}").text
        body = text[text.index("<body>") :].replace(case.row.received_at.strftime("%Y-%m-%d"), "")
        body = re.sub(r"\?v=[0-9a-f]+", "", body)
        for kept in (case.all(RevisionRow)[0].content_hash, made(case), code_of(case)):
            body = body.replace(kept, "")
        for one in hidden:
            assert one not in body, one


def test_a_newer_revision_is_told_and_nothing_of_it(case, visitor):
    case.issue(ReportKind.INITIAL)
    first, second = (visitor.get(f"/check/{code_of(case, number)}").text for number in (1, 2))
    assert "a newer one exists" in first
    assert "Preliminary 2" not in first
    assert case.all(RevisionRow)[1].content_hash not in first
    assert "newest" in second


def test_a_withdrawn_revision_says_when_and_no_more(case, visitor):
    sha256, kept = made(case), case.all(RevisionRow)[0]
    case.do(withdraw_report, "cqe", revision=1, reason="SECRET REASON")
    answer = visitor.get(f"/check/{kept.check_code}")
    assert "was withdrawn on 2026-03-12" in answer.text
    for hidden in ("SECRET", sha256, kept.content_hash, "genuine", "newer"):
        assert hidden not in answer.text, hidden
    case.issue(ReportKind.INITIAL)
    assert "A newer revision exists" in visitor.get(f"/check/{kept.check_code}").text
    case.do(withdraw_report, "cqe", revision=2, reason="again")
    assert "A newer revision exists" not in visitor.get(f"/check/{kept.check_code}").text


def test_forged_codes(case, visitor, app):
    code = code_of(case)
    for position in range(0, len(code), 4):
        other = next(one for one in ALPHABET if one != code[position])
        assert is_unknown(visitor.get(f"/check/{code[:position]}{other}{code[position + 1 :]}"))
    for wrong in (code[:-1], f"{code}0", f"{code}%20x", "1", "%00", "' or 1=1 --", "é" * 20, "A" * 500):
        answer = visitor.get(f"/check/{wrong}")
        assert answer.status_code in {400, 404}, wrong
        assert "CC-2026" not in answer.text


def test_codes_of_other_purposes_open_nothing(case, world, visitor):
    done = status_link.make_link(
        case.services.uow, world.order("sales"), number=case.number, days=30, language="en"
    )
    links = case.services.links
    for purpose in (status_link.PURPOSE, calendar_feed.PURPOSE, "check"):
        assert is_unknown(visitor.get(f"/check/{links.token(purpose, done.id)}"))
    for address in (f"/s/{code_of(case)}", f"/feed/{code_of(case)}.ics"):
        assert visitor.get(address).status_code == 404
    with case.services.uow.reading() as session:
        complaint = session.execute(sa.select(ComplaintRow.id)).scalar_one()
    for guess in (str(complaint), case.number, case.all(RevisionRow)[0].content_hash[:20]):
        assert is_unknown(visitor.get(f"/check/{guess}"))


def test_a_revision_of_before_there_were_codes_is_confirmed_by_none(case, visitor, world):
    with case.services.uow.writing(world.order("cqe")) as work:
        work.session.execute(sa.update(RevisionRow).values(check_code=None))
    for code in ("None", "", "null", "0" * 20):
        assert visitor.get(f"/check/{code}").status_code == 404


def test_codes_do_not_follow_from_one_another(case):
    for _ in range(4):
        case.issue(ReportKind.INITIAL)
    codes = [one.check_code for one in case.all(RevisionRow)]
    assert len(set(codes)) == 5
    assert all(set(code) <= set(string.ascii_lowercase + string.digits) for code in codes)
    assert max(sum(a == b for a, b in zip(one, other, strict=True)) for one in codes for other in codes if one != other) < 10  # fmt: skip # noqa: E501


def test_whoever_tries_one_after_the_other_must_wait(case, visitor, clock):
    code = code_of(case)
    for number in range(30):
        assert is_unknown(visitor.get(f"/check/{number:020d}"))
    blocked = visitor.get(f"/check/{code}")
    assert blocked.status_code == 429
    assert "请十分钟后再试" in blocked.text
    is_sealed(blocked)
    elsewhere = visitor.get(f"/check/{code}", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200
    clock.advance(minutes=10)
    assert visitor.get(f"/check/{code}").status_code == 200
