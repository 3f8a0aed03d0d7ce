"""Files under a complaint: told by content, kept by hash, filed under a discipline."""

from dataclasses import replace

import pillow_heif
import pytest
from PIL import Image

from eightd.domain.complaint import DisciplineCode
from eightd.notifications.mail_in.received import Enclosure
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.usecases import evidence, outcome
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.evidence import Upload, check_upload
from eightd.usecases.mail_in.enclosures import kept
from tests.usecases.case import SEES_NOTHING, picture

pillow_heif.register_heif_opener()


def checked(case, name, content, **limits):
    return check_upload(Upload(name, content), replace(case.services.limits, **limits))


def file(case, *uploads, by="te", key="", **others):
    return evidence.add_evidence(
        case.services.uow, case.world.order(by, key), number=case.number, uploads=tuple(uploads), **others
    )


def test_files_are_kept_with_what_is_known_of_them(case):
    seen = case.row.version
    uploads = (
        checked(case, "C:\\bilder\\burr.PNG", picture("red", (8, 6))),
        checked(case, "curve.csv", b"t,T\n0,235\n"),
    )
    file(case, *uploads, discipline=DisciplineCode.D4, caption=" burr at the lip ", marker="nok")
    kept = case.all(EvidenceRow)
    assert [
        (one.filename, one.media_type, one.width, one.height, one.caption, one.marker) for one in kept
    ] == [
        ("burr.PNG", "image/png", 8, 6, "burr at the lip", "nok"),
        ("curve.csv", "text/csv", None, None, "burr at the lip", "nok"),
    ]
    assert {(one.discipline, one.by, one.at) for one in kept} == {
        (DisciplineCode.D4, case.world.users["te"], case.services.clock())
    }
    assert [case.services.uow.files.get(one.sha256) for one in kept] == [one.content for one in uploads]
    last = case.record[-1]
    assert (last.tag, last.subject) == ("evidence.added", "D4")
    assert [one["sha256"] for one in last.new["files"]] == [one.sha256 for one in kept]
    assert case.row.version == seen  # nobody who is typing has to begin again


def test_the_same_bytes_are_stored_once_and_the_same_form_files_once(case):
    upload = checked(case, "a.txt", b"measured 235 C")
    first, second = (file(case, upload, key="the same form") for _ in range(2))
    assert (first.id, second.replayed) == (second.id, True)
    file(case, upload, by="pie")
    kept = case.all(EvidenceRow)
    assert (len(kept), len({one.sha256 for one in kept})) == (2, 1)


def test_who_files_and_when(case):
    upload = checked(case, "a.txt", b"x")
    for login in ("sales", "finance", "warehouse", "production"):
        file(case, upload, by=login)
    with pytest.raises(NotAllowed):
        file(case, upload, by="auditor")
    for login in SEES_NOTHING:
        with pytest.raises(NotFound):
            file(case, upload, by=login)
    case.do(outcome.cancel, "cqe", reason="withdrawn")
    with pytest.raises(NotAllowed):
        file(case, upload)
    assert len(case.all(EvidenceRow)) == 4


def test_what_is_not_taken_says_why(services):
    case = type("Case", (), {"services": services})
    png = picture()
    for name, content, limits, code in (
        ("empty.png", b"", {}, "upload.empty"),
        ("big.txt", b"x" * 11, {"upload_max_bytes": 10}, "upload.too_large"),
        ("wide.png", png, {"upload_max_pixels": 47}, "upload.too_many_pixels"),
        ("cut.png", png[: len(png) // 2], {}, "upload.broken_picture"),
        ("run.txt", b"MZ\x90\x00" + b"\0" * 60, {}, "upload.kind_refused"),
        ("page.html", b"<script>alert(1)</script>", {}, "upload.kind_refused"),
        ("drawing.svg", b"<svg onload='x()'/>", {}, "upload.kind_refused"),
        ("binary.csv", b"a\0b", {}, "upload.kind_refused"),
    ):
        with pytest.raises(Invalid) as caught:
            checked(case, name, content, **limits)
        assert caught.value.problems["files"].code == code, name
    assert checked(case, "just.png", png, upload_max_pixels=48).width == 8


def test_a_picture_is_turned_upright_and_tells_no_place(services):
    case = type("Case", (), {"services": services})
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the telephone on its side
    exif[0x010E] = "13.4050 E"
    upright = checked(case, "phone.jpg", picture("blue", (8, 6), "JPEG", exif=exif))
    assert (upright.width, upright.height) == (6, 8)
    assert b"13.4050" not in upright.content


def test_a_telephones_picture_that_came_by_mail_becomes_evidence_like_any_other(case):
    content = picture("teal", (8, 6), "HEIF")
    (one,) = kept(
        case.services.uow.files, case.services.limits, [Enclosure("IMG_0017.HEIC", "image/heic", content)]
    )
    assert (one.upload.filename, one.upload.media_type, one.upload.width) == ("IMG_0017.jpg", "image/jpeg", 8)
    assert "note" not in one.document
    assert (
        case.services.uow.files.get(one.document["sha256"]) == content
    )  # the mail's own file stays what it was
    file(case, one.upload)
    assert case.all(EvidenceRow)[0].filename == "IMG_0017.jpg"
