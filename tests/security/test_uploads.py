"""What is uploaded is what it says, or refused: one test per way to smuggle something in."""

import io
import random
import struct
import zipfile
import zlib

import pillow_heif
import pytest
from openpyxl import Workbook
from PIL import Image, PngImagePlugin

from eightd.usecases import evidence
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence import Upload, check_upload
from eightd.usecases.office_files import BROKEN, OLD_OFFICE, UNPACKS_TOO_LARGE, WITH_MACROS
from eightd.usecases.services import Limits
from tests import complaints

LIMITS = Limits(
    upload_max_bytes=2**20, upload_max_pixels=4_000_000, sign_in_attempts=5, sign_in_pause_minutes=15
)


def picture(kind="PNG", size=(40, 30), **others):
    content = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(content, kind, **others)
    return content.getvalue()


def office(*parts, compression=zipfile.ZIP_STORED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, size in parts:
            archive.writestr(name, b"\0" * size)
    return content.getvalue()


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def check(name, content):
    return check_upload(Upload(name, content), LIMITS)


def refusal(name, content):
    with pytest.raises(Invalid) as refused:
        check(name, content)
    return refused.value.problems["files"].code


pillow_heif.register_heif_opener()

EXIF = Image.Exif()
EXIF[0x0112] = 6  # to be turned by a quarter
EXIF[0x010E] = "SECRET"
EXIF.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 3.0)})
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_lose_where_and_by_whom_they_were_taken_and_stand_upright(kind):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "SECRET")
    others = {
        "PNG": {"pnginfo": notes},
        "JPEG": {"comment": b"SECRET", "xmp": b"SECRET"},
        "WEBP": {"xmp": b"SECRET"},
    }
    checked = check("a", picture(kind, exif=EXIF, **others[kind]))
    assert (checked.media_type, checked.width, checked.height) == (KINDS[kind], 30, 40)
    assert b"SECRET" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as again:
        assert again.size == (30, 40)
        assert not again.getexif()


def heic(size=(40, 30), exif=None, **others):
    """A telephone's picture: how it is to be turned stands in the file itself, and once more in its metadata."""
    drawn = Image.effect_noise(size, 80).convert("RGB")
    drawn.paste("blue", (0, 0, size[0], size[1] // 2))
    if exif is not None:
        drawn.info["exif"] = exif.tobytes()
    content = io.BytesIO()
    drawn.save(content, "HEIF", quality=50, **others)
    return content.getvalue()


def test_a_telephones_picture_is_kept_as_jpeg_upright_and_tells_nothing():
    checked = check("IMG_0017.HEIC", heic(exif=EXIF, xmp=b"<x:xmpmeta>SECRET</x:xmpmeta>"))
    assert (checked.filename, checked.media_type) == ("IMG_0017.jpg", "image/jpeg")
    assert (checked.width, checked.height) == (30, 40)
    for told in (b"SECRET", b"Exif", b"xmp", b"ftyp"):
        assert told not in checked.content
    with Image.open(io.BytesIO(checked.content)) as again:
        assert (again.format, again.size, dict(again.getexif())) == ("JPEG", (30, 40), {})
        assert again.getpixel((28, 20))[2] > 200  # what was above is at the right


def test_a_telephones_picture_is_known_by_its_content_alone():
    assert check("a.txt", heic()).filename == "a.txt.jpg"
    assert refusal("a.heic", b"no picture") == "upload.kind_refused"
    other = heic().replace(b"heic", b"avif")
    assert refusal("a.heic", other) == "upload.kind_refused"


def test_iptc_comments_and_other_segments_of_a_jpeg_go():
    sound = picture("JPEG", comment=b"SECRET")
    parts = ((0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x06SECRET"), (0xE5, b"SECRET"))
    iptc = b"".join(b"\xff" + bytes([mark]) + struct.pack(">H", len(told) + 2) + told for mark, told in parts)
    assert b"SECRET" not in check("a.jpg", sound[:2] + iptc + sound[2:]).content


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"prVt"])
def test_notes_in_a_png_go_wherever_they_stand(kind):
    sound = picture()
    told = {
        b"tEXt": b"Comment\0SECRET", b"zTXt": b"Comment\0\0" + zlib.compress(b"SECRET"),
        b"iTXt": b"XML:com.adobe.xmp\0\0\0\0\0SECRET", b"eXIf": EXIF.tobytes()[6:],
        b"tIME": b"\x07\xea\x0b\x16\x04\x05\x06", b"prVt": b"SECRET",
    }[kind]  # fmt: skip
    for at in (33, sound.rindex(b"IEND") - 4):
        assert kind not in check("a.png", sound[:at] + chunk(kind, told) + sound[at:]).content


def test_a_gif_loses_its_comments_and_foreign_blocks_but_no_frame():
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "green", "blue")]
    content = io.BytesIO()
    frames[0].save(
        content, "GIF", save_all=True, append_images=frames[1:], comment=b"SECRET", loop=0, duration=50
    )
    sound = content.getvalue()
    assert b"SECRET" in sound
    xmp = b"\x21\xff\x0bXMP DataXMP<x>SECRET</x>\x01" + bytes(range(255, -1, -1)) + b"\0"
    foreign = xmp + b"\x21\xfe\x06SECRET\0" + b"\x21\xff\x0bFOREIGNAPPL\x06SECRET\0"
    checked = check("a.gif", sound[:-1] + foreign + b"\x3b" + b"<script>SECRET")
    assert b"SECRET" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as again:
        assert (again.n_frames, again.size, again.info["loop"]) == (3, (20, 10), 0)


def test_a_telephones_picture_with_too_many_pixels_is_refused_before_it_is_decoded():
    sound = heic()
    at = sound.index(b"ispe") + 8
    for size in ((2001, 2000), (60_000, 60_000), (2**32 - 1, 2**32 - 1)):
        content = sound[:at] + struct.pack(">II", *size) + sound[at + 8 :]
        assert refusal("a.heic", content) in {"upload.too_many_pixels", "upload.broken_picture"}


def test_a_telephones_picture_larger_than_it_says_is_not_decoded():
    sound = picture("HEIF", (400, 300), quality=10)
    at = sound.index(b"ispe") + 8
    assert (
        refusal("a.heic", sound[:at] + struct.pack(">II", 40, 30) + sound[at + 8 :])
        == "upload.broken_picture"
    )


def test_a_telephones_picture_cut_short_or_mutated_is_refused_never_an_error():
    dice, sound = random.Random("HEIC"), heic((64, 48), exif=EXIF)
    for _ in range(300):
        content = bytearray(sound)
        for _ in range(dice.randint(1, 6)):
            content[dice.randrange(12, len(content))] = dice.randrange(256)
        try:
            check("a", bytes(content[: dice.choice([len(content), dice.randrange(20, len(content))])]))
        except Invalid:
            continue


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hidden_behind_a_picture_is_cut_off(kind):
    checked = check("a", picture(kind) + b"<script>alert(1)</script>" + office(("a.txt", 3)))
    assert b"<script>" not in checked.content
    assert b"PK\x03\x04" not in checked.content


@pytest.mark.parametrize(
    "content",
    [b"<!doctype html><script>1</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
     b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'FILE:///etc/passwd'>]><x>&y;</x>", b"alert(1)",
     b"MZ\x90\0" + b"\0" * 300, b"\x7fELF" + b"\0" * 300, b"#!/bin/sh\nid\n", b"\0" * 20],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.js", "a.png", "a.pdf", "a.xlsx", "a", "a.exe"])
def test_active_content_is_refused_whatever_it_is_called(name, content):
    assert refusal(name, content) == "upload.kind_refused"


def test_text_is_only_ever_plain_text():
    assert check("a.csv", b"<script>1</script>,=1+1").media_type == "text/csv"
    assert check("a.txt", b"<svg onload=alert(1)>").media_type == "text/plain"
    assert refusal("a.txt", b"a\0b") == "upload.kind_refused"


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [("photo.png", picture("JPEG"), "photo.png.jpg"), ("photo.JPG", picture("JPEG"), "photo.JPG"),
     ("report.hta", b"%PDF-1.7\n", "report.hta.pdf"), ("report.pdf", b"%PDF-1.7\n", "report.pdf"),
     ("a.exe", picture(), "a.exe.png"), ("table.zip", office(("xl/workbook.xml", 5)), "table.zip.xlsx")],
)  # fmt: skip
def test_a_name_ends_as_its_content(name, content, kept):
    assert check(name, content).filename == kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd.png", "passwd.png"), ("C:\\Windows\\a.png", "a.png"), ("/a.png", "a.png"), ("..", "file.png"),
     ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie: x=1.png"), ("a\0.png", "a.png"), ("\u202egnp.exe", "gnp.exe.png"),
     ("x" * 5000 + ".png", "x" * 196 + ".png"), ("", "file.png"), ("图片.png", "图片.png")],
)  # fmt: skip
def test_a_name_is_no_path_and_no_header(name, kept):
    assert check(name, picture()).filename == kept


def test_an_empty_file_is_refused():
    assert refusal("a.png", b"") == "upload.empty"


def test_a_file_over_the_limit_is_refused():
    assert refusal("a.txt", b"a" * (LIMITS.upload_max_bytes + 1)) == "upload.too_large"


@pytest.mark.parametrize("size", [(60_000, 60_000), (2001, 2000), (2**31 - 1, 1)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(size):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    assert refusal("a.png", bomb) in {"upload.too_many_pixels", "upload.broken_picture"}


def test_a_bomb_in_a_pictures_notes_is_refused():
    sound = picture()
    notes = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 100_000_000))
    assert refusal("a.png", sound[:33] + notes + sound[33:]) == "upload.broken_picture"


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_cut_short_is_refused(kind):
    sound = picture(kind)
    assert refusal("a", sound[: len(sound) // 2]) == "upload.broken_picture"


@pytest.mark.parametrize("kind", [*KINDS, "GIF"])
def test_damage_of_any_kind_is_refused_never_an_error(kind):
    dice, sound = random.Random(kind), picture(kind, **({} if kind == "GIF" else {"exif": EXIF}))
    for _ in range(400):
        content = bytearray(sound)
        for _ in range(dice.randint(1, 6)):
            content[dice.randrange(4, len(content))] = dice.randrange(256)
        try:
            check("a", bytes(content[: dice.choice([len(content), dice.randrange(20, len(content))])]))
        except Invalid:
            continue


def test_todays_office_files_are_taken_for_what_is_in_them():
    content = io.BytesIO()
    Workbook().save(content)
    assert check("a.xlsx", content.getvalue()).media_type.endswith("spreadsheetml.sheet")
    assert check("a.docx", office(("word/document.xml", 5))).media_type.endswith("wordprocessingml.document")
    assert check("a.pptx", office(("ppt/presentation.xml", 5))).media_type.endswith(
        "presentationml.presentation"
    )


@pytest.mark.parametrize("name", ["a.xlsm", "a.xlsx", "a.docm"])
@pytest.mark.parametrize("macro", ["xl/vbaProject.bin", "word/VBAPROJECT.BIN", "xl/activeX/activeX1.bin"])
def test_macros_are_refused_whatever_the_file_is_called(name, macro):
    assert refusal(name, office(("xl/workbook.xml", 5), (macro, 5))) == WITH_MACROS.code


def test_the_office_format_before_2007_is_refused_with_a_way_out():
    assert refusal("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == OLD_OFFICE.code


def test_a_zip_bomb_is_refused():
    bomb = office(("xl/workbook.xml", 5), ("xl/a.xml", 60 * 2**20), compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < LIMITS.upload_max_bytes
    assert refusal("a.xlsx", bomb) == UNPACKS_TOO_LARGE.code


def test_an_archive_of_countless_parts_is_refused_unread():
    assert refusal("a.xlsx", b"PK\x03\x04" + b"PK\x01\x02" * 30_000) == UNPACKS_TOO_LARGE.code


def test_a_damaged_or_other_archive_is_refused():
    assert refusal("a.xlsx", b"PK\x03\x04" + b"\0" * 100) == BROKEN.code
    assert refusal("a.xlsx", office(("anything.txt", 5))) == "upload.kind_refused"


# ---------------------------------------------------------------- through the door


@pytest.fixture
def case(world):
    return complaints.registered(world).number


def send(browser, number, name, content):
    return browser.post(f"/complaints/{number}/evidence/new", {"files": (io.BytesIO(content), name)})


def test_a_file_comes_back_as_an_attachment_with_its_kind(client_for, world, case, services):
    upload = check_upload(Upload("总<b>\"';.txt", "文字 <script>".encode()), services.limits)
    done = evidence.add_evidence(services.uow, world.order("cqe"), number=case, uploads=(upload,))
    answer = client_for("cqe").get(f"/complaints/{case}/evidence/{done.id}")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''%E6%80%BB%3Cb%3E%22%27%3B.txt" in disposition
    assert answer.data.decode() == "文字 <script>"


def test_what_is_refused_says_why_at_the_field(client_for, case):
    answer = send(client_for("cqe"), case, "a.html", b"<script>1</script>")
    assert answer.status_code == 422
    assert "only JPEG, PNG" in answer.text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "What was sent is too large"), ("zh", "提交的内容过大")]
)
def test_more_than_the_server_takes_is_told_in_the_persons_language(client_for, case, app, language, said):
    browser = client_for("cqe")
    browser.post("/language", {"lang": language})
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    answer = send(browser, case, "a.png", b"a" * 20_000)
    assert answer.status_code == 413
    assert said in answer.text
