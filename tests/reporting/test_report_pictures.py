"""Pictures in the report: in pairs, upright, without their metadata, whatever they were."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from eightd.domain.complaint import DisciplineCode
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import Picture, PictureMark
from eightd.reporting.eight_d.layout import load_layout
from eightd.reporting.eight_d.pictures import MissingPictureError, print_ready
from eightd.reporting.eight_d.render import render
from eightd.reporting.eight_d.sheet import ReportLanguage
from tests.reporting.case_documents import REPORTS, adapter
from tests.reporting.pdf_text import whole

WANTED = load_layout(REPORTS / "eight_d_report" / "layout.toml").pictures


def photo(size=(320, 200), kind="JPEG", mode="RGB", shade="#336699", orientation=None) -> bytes:
    image = Image.new(mode, size, shade)
    image.paste(Image.new(mode, (size[0] // 2, size[1] // 2), "#ffcc00"), (0, 0))
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    if orientation:
        exif[0x0112] = orientation
    target = io.BytesIO()
    image.save(target, kind, **({"exif": exif, "comment": b"SECRET-PLACE"} if kind == "JPEG" else {}))
    return target.getvalue()


def printed(*contents: bytes, discipline: DisciplineCode = DisciplineCode.D2) -> bytes:
    named = {hashlib.sha256(content).hexdigest(): content for content in contents}
    marks = [PictureMark.OK, PictureMark.NOK, None]
    pictures = tuple(
        Picture(name, discipline, f"图 {index} <caption>", marks[index % 3])
        for index, name in enumerate(named)
    )
    return render(
        replace(adapter(), pictures=pictures),
        language=ReportLanguage.EN,
        audience=Audience.CUSTOMER,
        reports=REPORTS,
        pictures=named,
    )


def embedded(pdf: bytes) -> list[Image.Image]:
    found = [one.image for page in PdfReader(io.BytesIO(pdf)).pages for one in page.images]
    return [image for image in found if image is not None]


def test_pictures_of_every_format_are_embedded_with_their_captions():
    pdf = printed(
        photo(),
        photo(kind="PNG"),
        photo(kind="PNG", mode="RGBA"),
        photo(kind="WEBP"),
        photo(mode="L", shade="#222"),
    )
    assert len(embedded(pdf)) == 5
    text = whole(pdf)
    assert "OK图0<caption>" in text
    assert "NOK图1<caption>" in text


def test_a_small_upright_jpeg_keeps_its_compressed_data():
    content = photo()
    ready = print_ready(content, WANTED)
    assert ready is not None
    start = content.index(b"\xff\xda")
    assert ready.endswith(content[start:])
    assert ready in printed(content)


def test_metadata_of_pictures_does_not_travel():
    for content in (photo(), photo(orientation=6), photo((3000, 2000))):
        assert b"SECRET-PLACE" in content
        assert b"SECRET-PLACE" not in printed(content)
    trailing = photo() + b"SECRET-PLACE"
    assert b"SECRET-PLACE" not in printed(trailing)


def test_a_photo_is_turned_upright_and_made_no_larger_than_print_needs():
    (turned,) = embedded(printed(photo((320, 200), orientation=6)))
    assert turned.size == (200, 320)
    (smaller,) = embedded(printed(photo((4000, 3000))))
    assert max(smaller.size) == WANTED.most_pixels


def test_the_same_picture_twice_is_embedded_once():
    content = photo()
    name = hashlib.sha256(content).hexdigest()
    twice = tuple(Picture(name, code, code.value) for code in (DisciplineCode.D2, DisciplineCode.D6))
    pdf = render(
        replace(adapter(), pictures=twice),
        language=ReportLanguage.EN,
        audience=Audience.CUSTOMER,
        reports=REPORTS,
        pictures={name: content},
    )
    assert pdf.count(content[content.index(b"\xff\xda") :]) == 1


def test_a_file_that_is_no_picture_is_said_to_be_none():
    assert "Picturecannotbeshown" in whole(printed(b"no picture at all"))
    assert "Picturecannotbeshown" in whole(printed(photo()[:200]))


def test_a_picture_that_was_not_given_stops_the_report():
    document = replace(adapter(), pictures=(Picture("00" * 32),))
    with pytest.raises(MissingPictureError):
        render(
            document,
            language=ReportLanguage.EN,
            audience=Audience.CUSTOMER,
            reports=REPORTS,
            pictures={},
        )


def test_many_pictures_fill_pages_in_pairs():
    contents = [photo((300 + n, 220)) for n in range(41)]
    pdf = printed(*contents)
    assert len(embedded(pdf)) == 41
    assert pdf.startswith(b"%PDF-1.7")
