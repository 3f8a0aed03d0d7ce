"""Issued reports: numbered, frozen, the same bytes for ever, and seen by those who may see the case."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.evidence import EvidenceRow, RenderedReportRow, RevisionRow
from eightd.persistence.tables.people import UserRow
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import discipline, evidence, header, report
from eightd.usecases.errors import NotAllowed, NotFound
from eightd.usecases.evidence import Upload, check_upload
from tests.reporting.pdf_text import squeezed, whole
from tests.usecases.case import D1, D2, D3, D4, D5, D6, D7, SEES_NOTHING, Case, answers, counts, picture

INITIAL, PRELIMINARY, FINAL = ReportKind
EN, ZH = ReportLanguage.EN, ReportLanguage.ZH
ROOT = Path(__file__).parents[2]


def pdf(case, revision=1, login="cqe", language=EN, audience=Audience.INTERNAL):
    return report.issued_report(
        case.services.uow, case.world.actor(login), number=case.number, revision=revision, language=language,
        audience=audience, now=case.services.clock(),
    )  # fmt: skip


def preview(case, login="cqe", audience=Audience.INTERNAL):
    return report.preview_report(
        case.services.uow, case.world.actor(login), number=case.number, language=EN, audience=audience,
        now=case.services.clock(),
    )  # fmt: skip


def test_each_kind_waits_for_its_disciplines(case):
    for kind, codes in ((INITIAL, (D1, D2, D3)), (PRELIMINARY, (D4,)), (FINAL, (D5, D6, D7))):
        with pytest.raises(NotAllowed) as caught:
            case.issue(kind)
        if kind is not INITIAL:
            assert caught.value.gates
        else:
            case.confirmed()
        case.accept(*codes)
        case.issue(kind)
    assert [(one.number, one.kind) for one in case.all(RevisionRow)] == [
        (1, INITIAL),
        (2, PRELIMINARY),
        (3, FINAL),
    ]
    assert case.issue(FINAL, ZH) == 4
    last = case.record[-1]
    assert (last.tag, last.subject, last.new["language"]) == ("report.final_issued", "revision 4", "zh")
    assert last.new["content_hash"] == case.all(RevisionRow)[-1].content_hash


def test_later_changes_do_not_touch_what_was_issued(store_world, case, clock):
    case.confirmed().accept(D1, D2, D3)
    upload = check_upload(Upload("ok.png", picture()), case.services.limits)
    evidence.add_evidence(
        case.services.uow,
        store_world.order("cqe"),
        number=case.number,
        uploads=(upload,),
        caption="as it should be",
    )
    case.issue(INITIAL)
    before = pdf(case), pdf(case, audience=Audience.CUSTOMER, language=ZH)
    text = whole(before[0].content)
    assert squeezed("as it should be") in text
    # Everything the report tells changes, and the program that draws it "is upgraded".
    clock.advance(days=3)
    case.work(discipline.reopen_discipline, "cqe", D2, reason="the customer says more")
    case.work(
        discipline.submit, "cqe", D2, answer=replace(answers()[D2], customer_words="quite another thing")
    )
    case.work(discipline.accept, "cqe2", D2)
    case.do(header.change_counts, "sales", counts=counts(2))
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.get(CustomerRow, store_world.customer).name = "另一公司"
        work.session.get(PartRow, store_world.part).name = "另一零件"
        work.session.execute(sa.update(UserRow).where(UserRow.login == "cqe").values(name="Renamed"))
        work.session.execute(sa.update(EvidenceRow).values(caption="other"))
    assert (pdf(case), pdf(case, audience=Audience.CUSTOMER, language=ZH)) == before
    assert case.issue(INITIAL) == 2
    second = whole(pdf(case, 2).content)
    assert squeezed("quite another thing") in second
    assert "Renamed" in second
    # A version that nobody asked for until now is drawn from what was frozen.
    late = whole(pdf(case, language=ZH).content)
    assert "安科电子" in late
    assert "另一公司" not in late


def test_the_bytes_outlive_another_way_of_drawing(case, monkeypatch):
    case.confirmed().accept(D3)
    case.issue(INITIAL)
    first = pdf(case)
    monkeypatch.setattr(report, "render", lambda *_, **__: b"%PDF drawn by a later release")
    assert pdf(case) == first
    assert pdf(case, language=ZH).content == b"%PDF drawn by a later release"
    kept = [row.sha256 for row in rendered(case)]
    assert sorted(kept) == sorted([first.sha256, pdf(case, language=ZH).sha256])


def rendered(case):
    with case.services.uow.reading() as session:
        return session.execute(sa.select(RenderedReportRow)).scalars().all()


_ANOTHER_PROCESS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from eightd import resources
from eightd.domain.complaint import Role
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.persistence.engine import make_engine
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases.report import issued_report
url, evidence, issued, plant, number = sys.argv[1:]
folders = {"evidence": Path(evidence), "issued": Path(issued), "reports": resources.reports()}
uow = UnitOfWork(make_engine(url), **folders, signing_key=b"x")
print(issued_report(uow, Actor(1, frozenset({Role.CQE}), frozenset({int(plant)})), number=number, revision=1,
    language=ReportLanguage.BOTH, audience=Audience.INTERNAL, now=datetime.now(UTC)).sha256)
"""


def test_two_processes_draw_the_same_bytes(case, store_settings, tmp_path):
    case.confirmed().accept(D1, D2, D3)
    case.issue(INITIAL)
    uow = case.services.uow
    address, files, own_issued = store_settings.database_url, str(uow.files.root), str(tmp_path / "other")
    elsewhere = subprocess.run(
        [sys.executable, "-c", _ANOTHER_PROCESS, address, files, own_issued, str(case.world.plant), case.number],
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "America/Lima", "LC_ALL": "C"},
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout.strip()  # fmt: skip
    with uow.writing(case.world.order("cqe")) as work:
        work.session.execute(sa.delete(RenderedReportRow))
    assert pdf(case, language=ReportLanguage.BOTH).sha256 == elsewhere


def test_what_is_hidden_or_was_never_issued_is_not_found(case):
    case.confirmed().accept(D3)
    case.issue(INITIAL)
    for login in ("auditor", "finance", "sales"):
        assert pdf(case, login=login).content.startswith(b"%PDF")
        assert preview(case, login).content.startswith(b"%PDF")
    for login in SEES_NOTHING:
        with pytest.raises(NotFound):
            pdf(case, login=login)
        with pytest.raises(NotFound):
            preview(case, login)
    for revision in (0, 2, -1):
        with pytest.raises(NotFound):
            pdf(case, revision)
    nowhere = Case.known(case.world, "CC-2026-99999")
    for ask in (pdf, preview):
        with pytest.raises(NotFound):
            ask(nowhere)


def test_a_preview_carries_a_watermark_and_keeps_nothing(case):
    assert whole(preview(case).content).count("DRAFT") >= 1
    case.confirmed().accept(D3)
    case.issue(INITIAL)
    assert "DRAFT" not in whole(pdf(case).content)
    before = len(case.record)
    assert "DRAFT" in whole(preview(case).content)
    assert (len(case.record), len(case.all(RevisionRow)), preview(case).sha256) == (before, 1, "")


def test_what_is_not_accepted_is_not_told(case):
    case.confirmed().accept(D3)
    secret = replace(answers()[D2], customer_words="not yet agreed wording")
    case.work(discipline.submit, "cqe", D2, answer=secret)
    case.issue(INITIAL)
    assert squeezed("not yet agreed wording") not in whole(pdf(case).content)


def test_who_issues(case):
    case.confirmed().accept(D3)
    arguments = {"kind": INITIAL, "language": EN}
    case.refuses_stale(report.issue_report, "cqe", **arguments)
    case.is_only_for(
        {"cqe", "cqe2", "quality_manager"}, lambda login: case.do(report.issue_report, login, **arguments)
    )
    order = case.world.order("cqe", "the same form")
    seen = case.row.version
    first, second = (
        report.issue_report(case.services.uow, order, number=case.number, version=seen, **arguments)
        for _ in range(2)
    )
    assert (first.id, second.id, second.replayed) == (1, 1, True)
    assert len(case.all(RevisionRow)) == 1
