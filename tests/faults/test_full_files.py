"""A disk for evidence that is full, fails or takes no writes: told as such, and no row without its file."""

from __future__ import annotations

import errno
import gc
import io
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence import files
from eightd.persistence.engine import StoreBusyError
from eightd.persistence.files import FileStore
from eightd.persistence.tables.evidence import EvidenceRow, RenderedReportRow
from tests import complaints
from tests.faults import disks
from tests.usecases.case import D1, D2, D3, Case, picture

FAILURES = [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EACCES, errno.EMFILE]


def failing(number):
    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    return fail


# Each step of keeping a file, by what it calls.
STEPS = {
    "making the folder": (Path, "mkdir"),
    "making the file": (tempfile, "mkstemp"),
    "writing it to the disk": (os, "fsync"),
    "giving it its name": (Path, "replace"),
    "keeping the name": (files, "_sync_folder"),
}


@pytest.fixture(params=STEPS)
def broken(request, monkeypatch):
    """Let a step of keeping a file fail; returns the block in which it does."""

    @contextmanager
    def block(number=errno.ENOSPC):
        with monkeypatch.context() as patch:
            patch.setattr(*STEPS[request.param], failing(number))
            yield

    return block


@pytest.mark.parametrize("number", FAILURES, ids=errno.errorcode.get)
def test_a_file_that_cannot_be_kept_is_a_store_that_cannot_answer(tmp_path, broken, number):
    store = FileStore(tmp_path / "evidence")
    with broken(number), pytest.raises(StoreBusyError) as told:
        store.put(b"content")
    assert os.strerror(number) in str(told.value)
    assert not list(store.root.rglob(".put-*")), "nothing half-written is left"
    assert store.get(store.put(b"content")) == b"content"


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.EMFILE], ids=errno.errorcode.get)
def test_a_file_that_cannot_be_read_is_not_missing(tmp_path, monkeypatch, number):
    store = FileStore(tmp_path / "evidence")
    kept = store.put(b"content")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", failing(number))
        for read in (store.get, store.is_intact):
            with pytest.raises(StoreBusyError):
                read(kept)
    assert store.is_intact(kept)


def test_a_new_folder_is_kept_like_the_file_in_it(tmp_path, monkeypatch):
    """After a power cut a folder whose parent was never synced may be gone, with all that lies in it."""
    synced = []
    monkeypatch.setattr(files, "_sync_folder", synced.append)
    store = FileStore(tmp_path / "deep" / "evidence")
    kept = store.path(store.put(b"content"))
    assert {kept.parent, store.root, store.root.parent, tmp_path} <= set(synced)
    synced.clear()
    store.put(b"content")
    assert synced == [kept.parent], "whoever finds the file there may be the first to keep its name"


def test_a_page_says_so_and_the_same_form_goes_through_afterwards(app, world, client_for, broken):
    number = complaints.registered(world).number
    browser = client_for("cqe")

    def send(**others):
        sent = {"files": [(io.BytesIO(picture()), "one.png")], "caption": "x"}
        return browser.post(f"/complaints/{number}/evidence/new", sent, key="the-picture", **others)

    with broken():
        answer = send()
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "The store cannot answer right now. Nothing was saved." in answer.text
        assert send(headers={"HX-Request": "true"}).status_code == 503
    assert evidence_rows(world) == 0
    assert [send().status_code, send().status_code] == [303, 303]
    assert evidence_rows(world) == 1


def evidence_rows(world):
    with world.services.uow.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(EvidenceRow))


if disks.can_mount():

    @pytest.mark.parametrize("state", ["full", "read_only"])
    def test_on_a_disk_that_really_is(tmp_path, state):
        with disks.mounted(tmp_path / "disk", mebibytes=1) as disk:
            store = FileStore(disk.folder / "evidence")
            before = store.put(b"before")
            with getattr(disk, state)(), pytest.raises(StoreBusyError):
                store.put(os.urandom(200_000))
            assert store.get(before) == b"before"
            assert store.is_intact(store.put(b"after" * 1000))


def test_a_file_longer_than_the_system_allows(tmp_path):
    """The limit of the process, which the system enforces with EFBIG; a quota looks much the same."""
    resource = pytest.importorskip("resource")
    store, limits = FileStore(tmp_path / "evidence"), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(StoreBusyError):
            store.put(b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert store.is_intact(store.put(b"x" * 100_000))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_upload_that_finds_no_room_on_its_way_in(world, client_for, monkeypatch, caplog):
    """Large uploads wait in a temporary file before any page sees them."""
    number = complaints.registered(world).number
    browser, content = client_for("cqe"), io.BytesIO()
    Image.effect_noise((1000, 1000), 80).save(content, "PNG")
    assert len(content.getvalue()) > 600_000

    def send(headers=None):
        fields = {"csrf_token": browser.token(), "idempotency_key": "large-one"}
        boundary, body = encode_multipart(
            {**fields, "files": FileStorage(io.BytesIO(content.getvalue()), "large.png")}
        )
        return browser.client.post(
            f"/complaints/{number}/evidence/new",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers=headers,
        )

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "TemporaryFile", failing(errno.ENOSPC))
        assert send().status_code == 503
        assert send(headers={"HX-Request": "true"}).status_code == 503
    caplog.clear()
    gc.collect()  # the reader of forms leaves its file to the collector, which complains
    assert evidence_rows(world) == 0
    assert send().status_code == 303


def test_a_report_that_cannot_be_kept_is_drawn_when_there_is_room(world, client_for, clock):
    """The PDF of a revision is made when it is first asked for, and kept."""
    case = Case(world).confirmed()
    case.accept(D1, D2, D3)
    case.issue(ReportKind.INITIAL)
    address = f"/complaints/{case.number}/reports/1/en-customer.pdf"
    browser = client_for("cqe")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", failing(errno.ENOSPC))
        assert browser.get(address).status_code == 503
    first = browser.get(address)
    assert first.status_code == 200
    assert browser.get(address).data == first.data
    with world.services.uow.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RenderedReportRow)) == 1
