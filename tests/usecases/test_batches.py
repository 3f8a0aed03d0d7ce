"""Archives of reports: made in slices, gone on with after a kill, only of what the person may see."""

import csv
import hashlib
import io
import zipfile

import pytest
import sqlalchemy as sa

from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.documents import DocumentBatchRow
from eightd.persistence.tables.evidence import EvidenceRow, RenderedReportRow
from eightd.persistence.tables.people import UserPlantRow
from eightd.queries import batches as queries
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases import batches, evidence, report
from eightd.usecases.batches import Which, Wish, archive, make_batches, request_batch
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.reports.withdraw import withdraw_report
from tests import factories
from tests.usecases.case import D3, Case, picture

EN = ReportLanguage.EN


@pytest.fixture(autouse=True)
def drawn_quickly(monkeypatch):
    """What a report looks like is no matter here."""

    def drawn(document, *, language, audience, **_):
        said = (document.number, document.revision, language.value, audience.value, document.withdrawn)
        return f"%PDF {said}".encode()

    monkeypatch.setattr(report, "render", drawn)


@pytest.fixture
def cases(world):
    made = []
    for _ in range(3):
        case = Case(world).confirmed()
        case.accept(D3)
        case.issue(ReportKind.INITIAL, EN)
        made.append(case)
    made[2].issue(ReportKind.INITIAL, EN)
    return made


def wish(cases, which=Which.NEWEST, language=None, audience=Audience.CUSTOMER):
    return Wish(tuple(one.number for one in cases), which, language, audience)


def requested(world, wished, login="sales"):
    return request_batch(world.services.uow, world.order(login), wish=wished).id


def batch(world, batch_id, login="sales"):
    with world.services.uow.reading() as session:
        return queries.batch(session, world.actor(login), batch_id)


def opened(world, batch_id, login="sales"):
    path, name = archive(world.services.uow, world.actor(login), batch_id=batch_id)
    assert name.endswith(".zip")
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        names = found.namelist()
        manifest = list(csv.DictReader(io.StringIO(found.read("manifest.csv").decode("utf-8-sig"))))
        for line in manifest:
            if line["file"]:
                assert hashlib.sha256(found.read(line["file"])).hexdigest() == line["file_sha256"]
    return names, manifest


def test_an_archive_holds_the_newest_reports_and_says_what_they_are(world, cases):
    done = requested(world, wish(cases))
    assert (batch(world, done).done, batch(world, done).percent) == (0, 0)
    with pytest.raises(NotFound):
        archive(world.services.uow, world.actor("sales"), batch_id=done)
    assert make_batches(world.services) == 1
    view = batch(world, done)
    assert (view.done, view.percent, view.files, view.error) == (3, 100, 3, "")
    names, manifest = opened(world, done)
    assert names == [
        *(f"{one.number}/{one.number}-r{n}-en-customer.pdf" for one, n in zip(cases, (1, 1, 2), strict=True)),
        "manifest.csv",
    ]  # fmt: skip
    assert [(line["revision"], line["name"]) for line in manifest] == [
        ("1", "初步报告 1 / Preliminary 1"), ("1", "初步报告 1 / Preliminary 1"), ("2", "初步报告 2 / Preliminary 2"),
    ]  # fmt: skip
    assert make_batches(world.services) == 0


def test_every_revision_withdrawn_ones_marked(world, cases):
    cases[2].do(withdraw_report, "cqe", revision=2, reason="x")
    newest = requested(world, wish(cases[2:]))
    every = requested(world, wish(cases[2:], Which.ALL))
    make_batches(world.services)
    assert [line["revision"] for line in opened(world, newest)[1]] == ["1"]
    names, manifest = opened(world, every)
    assert names[1].endswith("-withdrawn.pdf")
    assert [bool(line["withdrawn_at"]) for line in manifest] == [False, True]


def test_nothing_to_pack_is_said(world, cases):
    done = requested(world, wish(cases, Which.FINAL))
    assert make_batches(world.services) == 1
    assert batch(world, done).error == "empty"
    with pytest.raises(NotFound):
        archive(world.services.uow, world.actor("sales"), batch_id=done)
    assert not list(world.services.uow.batches.root.glob(".put-*"))


def test_a_killed_worker_is_gone_on_from_where_it_stopped(world, cases, monkeypatch):
    done = requested(world, wish(cases))

    class Killed(BaseException):
        pass

    real, calls = batches.kept_report, []

    def dies(*given, number, **more):
        calls.append(number)
        if len(calls) == 2:
            raise Killed
        return real(*given, number=number, **more)

    monkeypatch.setattr(batches, "kept_report", dies)
    with pytest.raises(Killed):
        make_batches(world.services)
    assert batch(world, done).done == 1
    assert make_batches(world.services) == 1
    assert calls[1] == calls[2] == cases[1].number
    assert len(opened(world, done)[1]) == 3
    # Killed while packing: the file half written is nobody's, and packing begins anew.
    again = requested(world, wish(cases[:2]))
    monkeypatch.setattr(batches, "_manifest", lambda _lines: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        make_batches(world.services)
    monkeypatch.undo()
    make_batches(world.services)
    assert len(opened(world, again)[1]) == 2


def test_a_slice_ends_in_time(world, cases):
    done = requested(world, wish(cases))
    assert make_batches(world.services, seconds=0) == 0
    assert batch(world, done).done == 0


def test_rights_are_asked_when_made_and_when_fetched(world, cases):
    uow, sales = world.services.uow, world.users["sales"]
    first = requested(world, wish(cases))
    make_batches(world.services)
    second = requested(world, wish(cases))
    with uow.writing(world.order("admin")) as work:
        moved = sa.update(UserPlantRow).where(UserPlantRow.user_id == sales)
        work.session.execute(moved.values(plant_id=world.foreign_plant))
    with pytest.raises(NotAllowed):
        archive(uow, world.actor("sales"), batch_id=first)
    make_batches(world.services)
    assert batch(world, second).error == "empty"
    for login in ("cqe", "admin", factories.STRANGER):
        with pytest.raises(NotFound):
            archive(uow, world.actor(login), batch_id=first)
        assert batch(world, first, login) is None


def test_what_cannot_be_asked_for(world, cases):
    for numbers, said in (
        ((), "at least one"),
        (("CC-2026-99999",), "CC-2026-99999"),
        (tuple(f"CC-2026-{one:05d}" for one in range(201)), "At most 200"),
    ):
        with pytest.raises(Invalid) as caught:
            requested(world, Wish(numbers, Which.ALL, None, Audience.CUSTOMER))
        assert said in caught.value.problems["numbers"].text("en")
    with pytest.raises(Invalid):
        requested(world, wish(cases), factories.STRANGER)
    for _ in range(3):
        requested(world, wish(cases[:1]))
    with pytest.raises(NotAllowed):
        requested(world, wish(cases[:1]))
    requested(world, wish(cases[:1]), "cqe")


def test_a_report_whose_file_is_lost_does_not_hold_up_the_others(world, cases):
    uow = world.services.uow
    upload = evidence.check_upload(evidence.Upload("a.png", picture()), world.services.limits)
    evidence.add_evidence(uow, world.order("cqe"), number=cases[0].number, uploads=(upload,))
    cases[0].issue(ReportKind.INITIAL, EN)
    with uow.reading() as session:
        sha256 = session.execute(sa.select(EvidenceRow.sha256)).scalar_one()
    uow.files.path(sha256).unlink()
    done = requested(world, wish(cases[:2]))
    make_batches(world.services)
    names, manifest = opened(world, done)
    assert len(names) == 2
    assert [bool(line["file"]) for line in manifest] == [False, True]


def test_archives_are_tidied_away(world, cases, clock):
    first = requested(world, wish(cases))
    second = requested(world, wish(cases))
    make_batches(world.services)
    path, _ = archive(world.services.uow, world.actor("sales"), batch_id=first)
    clock.advance(days=7)
    assert batches.tidy(world.services) == 0
    clock.advance(seconds=1)
    assert batches.is_anything_to_make(world.services)
    make_batches(world.services)
    assert not path.exists()
    assert batch(world, first) is batch(world, second) is None
    assert not batches.is_anything_to_make(world.services)
    with world.services.uow.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RenderedReportRow)) == 3


def test_the_same_form_twice_is_one_archive(world, cases):
    order = world.order("sales", "the same form")
    first, second = (request_batch(world.services.uow, order, wish=wish(cases)) for _ in range(2))
    assert (first.id, second.replayed) == (second.id, True)
    with world.services.uow.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DocumentBatchRow)) == 1


def test_on_both_stores(store_world, clock):
    case = Case(store_world).confirmed()
    case.accept(D3)
    case.issue(ReportKind.INITIAL, EN)
    done = requested(store_world, wish([case]))
    assert batches.is_anything_to_make(store_world.services)
    assert make_batches(store_world.services) == 1
    assert len(opened(store_world, done)[1]) == 1
    clock.advance(days=8)
    assert batches.tidy(store_world.services) == 1
