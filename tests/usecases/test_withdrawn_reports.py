"""Withdrawn revisions: they stay, say so, and nothing leans on them any more."""

import hashlib
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from eightd.domain.correspondence import ReplyKind, ReplyState
from eightd.domain.discipline.texts import texts
from eightd.domain.messages import MessageKind
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import decide
from eightd.domain.workflow.outcome import Refused
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.evidence import RenderedReportRow, RevisionRow
from eightd.persistence.tables.messaging import MessageRow
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import content_hash, from_json, to_json
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import accounts, discipline, reply, report
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.replies import draft
from eightd.usecases.reports.withdraw import withdraw_report
from eightd.usecases.verify import walk
from tests.reporting.pdf_text import whole
from tests.usecases.case import D1, D2, D3, D4, PROOF, answers

INITIAL, PRELIMINARY, FINAL = ReportKind
EN = ReportLanguage.EN


def pdf(case, revision=1, login="cqe", audience=Audience.CUSTOMER):
    return report.issued_report(
        case.services.uow, case.world.actor(login), number=case.number, revision=revision, language=EN,
        audience=audience, now=case.services.clock(),
    )  # fmt: skip


def as_sent(case, revision=1, login="cqe"):
    return report.report_as_sent(
        case.services.uow, case.world.actor(login), number=case.number, revision=revision, language=EN,
        audience=Audience.CUSTOMER,
    )  # fmt: skip


def contents(case):
    """The frozen content of every revision, as it is kept."""
    with case.services.uow.reading() as session:
        return list(session.execute(sa.select(RevisionRow.content).order_by(RevisionRow.number)).scalars())


def withdraw(case, revision=1, login="cqe", reason="wrong lot"):
    return case.do(withdraw_report, login, revision=revision, reason=reason)


@pytest.fixture
def issued(case):
    case.confirmed().accept(D1, D2, D3)
    case.issue(INITIAL)
    return case


def test_a_withdrawn_revision_stays_and_says_so(issued, monkeypatch):
    monkeypatch.setattr(
        report,
        "render",
        lambda document, **_: f"%PDF {document.withdrawn and document.withdrawn.en}".encode(),
    )
    before = pdf(issued)
    withdraw(issued)
    row = issued.all(RevisionRow)[0]
    assert (row.withdrawn_because, row.withdrawn_by) == ("wrong lot", issued.world.users["cqe"])
    last = issued.record[-1]
    assert (last.tag, last.subject, last.reason) == ("report.withdrawn", "revision 1", "wrong lot")
    after = pdf(issued)
    assert after.filename.endswith("-withdrawn.pdf")
    assert (before.content, after.content) == (
        b"%PDF None", b"%PDF Withdrawn on 2026-03-12: no longer valid",
    )  # fmt: skip
    assert pdf(issued) == after
    assert as_sent(issued).content == before.content
    with issued.services.uow.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RenderedReportRow)) == 1
    with pytest.raises(NotFound):
        report.issued_report(
            issued.services.uow, issued.world.actor("cqe"), number=issued.number, revision=None, language=None,
            audience=Audience.CUSTOMER, now=issued.services.clock(),
        )  # fmt: skip


def test_what_was_never_made_before_is_not_handed_out_as_sent(issued):
    withdraw(issued)
    with pytest.raises(NotFound):
        as_sent(issued)


def test_once_and_only_what_was_issued(issued):
    withdraw(issued)
    with pytest.raises(Invalid) as caught:
        withdraw(issued)
    assert "revision" in caught.value.problems
    with pytest.raises(NotFound):
        withdraw(issued, 2)
    issued.issue(INITIAL)
    with pytest.raises(NotAllowed):
        withdraw(issued, 2, reason=" ")
    with pytest.raises(Invalid):
        withdraw(issued, 2, reason="x" * 2001)


def test_who_withdraws(issued):
    arguments = {"revision": 1, "reason": "because"}
    issued.refuses_stale(withdraw_report, "cqe", **arguments)
    issued.is_only_for(
        {"cqe", "cqe2", "quality_manager"}, lambda login: issued.do(withdraw_report, login, **arguments)
    )


def test_a_withdrawn_report_opens_no_gate(case):
    case.confirmed().sampled().accept(D1, D2, D3, D4)
    case.issue(PRELIMINARY)

    def sending():
        with case.services.uow.reading() as session:
            loaded = complaints.load(session, case.number)
        actor = case.world.actor("sales")
        return decide(loaded.snapshot, Action.SEND_PRELIMINARY, actor, now=case.services.clock())

    assert not isinstance(sending(), Refused)
    withdraw(case)
    assert isinstance(sending(), Refused)
    case.issue(PRELIMINARY)
    assert not isinstance(sending(), Refused)


def test_no_reply_takes_it_along(issued):
    uow, order = issued.services.uow, issued.world.order
    done = draft.draft_reply(uow, order("sales"), number=issued.number, kind=ReplyKind.INITIAL)
    withdraw(issued)
    given = reply.Reply(issued.services.clock(), "email", "x@customer.example", 1, "", PROOF)
    with pytest.raises(Invalid) as caught:
        issued.do(reply.send_reply, "sales", kind=INITIAL, reply=given)
    assert "withdrawn" in caught.value.problems["revision"].text("en")
    issued.issue(INITIAL)
    again = draft.draft_reply(uow, order("sales"), number=issued.number, kind=ReplyKind.INITIAL)
    with uow.reading() as session:
        numbers = {one.id: one.number for one in session.execute(sa.select(RevisionRow)).scalars()}
        attached = [numbers[session.get_one(ReplyRow, one).revision_id] for one in (done.id, again.id)]
    assert attached == [1, 2]


def test_a_released_reply_that_waits_becomes_a_draft_again(issued):
    uow = issued.services.uow
    done = draft.draft_reply(uow, issued.world.order("sales"), number=issued.number, kind=ReplyKind.INITIAL)
    with uow.writing(issued.world.order("sales")) as work:
        waiting = work.session.get_one(ReplyRow, done.id)
        waiting.state, waiting.sha256 = ReplyState.REVIEWED, "0" * 64
    withdraw(issued)  # nothing to cancel: it is being sent at this moment
    with uow.reading() as session:
        assert session.get_one(ReplyRow, done.id).state is ReplyState.REVIEWED


def test_sales_and_cqe_are_told(issued):
    withdraw(issued, login="quality_manager")
    with issued.services.uow.reading() as session:
        found = session.execute(
            sa.select(MessageRow.user_id, MessageRow.facts).where(
                MessageRow.kind == MessageKind.REPORT_ISSUED
            )
        ).all()
    told = {user for user, facts in found if facts["outcome"] == "withdrawn"}
    assert told >= {issued.world.users["sales"], issued.world.users["cqe"]}


def test_every_revision_has_a_code_of_its_own_and_names_the_address(issued):
    uow = issued.services.uow
    assert from_json(contents(issued)[0]).check_url == ""  # this machine alone would get there
    uow.public_url = "https://quality.example"
    issued.issue(INITIAL)
    first, second = issued.all(RevisionRow)
    assert first.check_code != second.check_code
    document = from_json(contents(issued)[1])
    assert document.check_url == f"https://quality.example/check/{second.check_code}"
    assert (document.revision_name.en, document.revision_name.zh) == ("Preliminary 2", "初步报告 2")


def test_what_changed_since_the_revision_before_is_frozen(issued, clock):
    clock.advance(hours=1)
    issued.work(discipline.reopen_discipline, "cqe", D2, reason="more is known")
    issued.work(discipline.submit, "cqe", D2, answer=replace(answers()[D2], history="twice before"))
    issued.work(discipline.accept, "cqe2", D2)
    issued.accept(D4)
    issued.issue(PRELIMINARY)
    document = from_json(contents(issued)[-1])
    assert document.changed_places == {D2: ("history",)}
    assert "history" in texts(document.answers[D2])


NEWER_KEYS = (
    "revision_name", "check_url", "check_code", "arrangement", "changed_places", "attachments", "withdrawn",
)  # fmt: skip


def test_a_revision_frozen_by_an_earlier_version_keeps_its_hash(issued):
    """Its document lacks what is known today; what is printed is the hash it was issued with."""
    plain = json.loads(contents(issued)[0])
    for key in NEWER_KEYS:
        del plain[key]
    for one in plain["sign_offs"]:
        del one["meaning"]
    for answer in plain["answers"].values():
        for key in ("translation", "internal", "written_in"):
            answer.pop(key)
    older = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    kept = hashlib.sha256(older).hexdigest()
    with issued.services.uow.writing(issued.world.order("cqe")) as work:
        work.session.execute(sa.update(RevisionRow).values(content=older, content_hash=kept, check_code=None))
    assert content_hash(from_json(older)) != kept
    assert kept in whole(pdf(issued).content).replace("\n", "")
    assert to_json(from_json(older)) != older
    issued.issue(INITIAL)  # and it can be compared with


def test_verification_looks_at_codes_and_withdrawals(issued):
    uow = issued.services.uow
    accounts.set_language(uow, issued.world.order("cqe"), language=Language.ZH)
    withdraw(issued)
    assert walk(uow, None).flaw is None
    for values, said in (
        ({"check_code": "0" * 20}, "check code"),
        ({"withdrawn_at": None}, "withdrawn"),
    ):
        row = issued.all(RevisionRow)[0]
        before = {name: getattr(row, name) for name in values}
        with uow.writing(issued.world.order("cqe")) as work:
            work.session.execute(sa.update(RevisionRow).values(**values))
        assert said in walk(uow, None).message.text("en")
        with uow.writing(issued.world.order("cqe")) as work:
            work.session.execute(sa.update(RevisionRow).values(**before))
    assert walk(uow, None).flaw is None


def test_what_is_issued_is_sealed_where_the_plant_signs(issued, monkeypatch):
    monkeypatch.setattr(
        issued.services.uow, "seal", lambda pdf, at, zone: pdf + f"%sealed {at} {zone}".encode()
    )
    first = pdf(issued)
    assert first.content.endswith(b"Asia/Shanghai")
    assert pdf(issued) == first
