"""What a reader holds in hand: two languages, check code, marks of change, whole pairs, turned pages, files along."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline import answers as a
from eightd.domain.discipline.texts import keyed
from eightd.domain.words import Language
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import AttachmentFact, EightDDocument, Picture, PictureMark, Wording
from eightd.reporting.eight_d.layout import load_layout
from eightd.reporting.eight_d.pictures import in_pairs
from eightd.reporting.eight_d.render import render, story
from eightd.reporting.eight_d.telling import told
from eightd.reporting.pdf.pages import distribute
from eightd.reporting.pdf.qr_code import modules
from eightd.reporting.sheet.wording import Arrangement, ReportLanguage, Told
from tests.reporting.case_documents import REPORTS, adapter, sensor, sensor_pictures
from tests.reporting.pdf_text import pages, whole

BOTH = ReportLanguage.BOTH
URL = "https://eightd.example.test/check/Zx81-aa02-9912"


def printed(document: EightDDocument, language=BOTH, audience=Audience.CUSTOMER, **more) -> bytes:
    more = {"pictures": {}, **more}
    return render(document, language=language, audience=audience, reports=REPORTS, **more)


def said(symptom: str, other: str, written_in: Language = Language.ZH) -> EightDDocument:
    answer = a.EmergencyAnswer(
        symptom=symptom, action="停止出货", written_in=written_in, translation={"symptom": other}
    )
    return replace(adapter(), answers={DisciplineCode.D0: answer})


@pytest.mark.parametrize("arrangement", list(Arrangement))
def test_each_reader_gets_the_language_of_the_report(arrangement):
    document = said("指示灯不亮", "lamp stays dark")
    zh, en, both = (
        whole(printed(document, language, arrangement=arrangement)) for language in ReportLanguage
    )
    assert ("指示灯不亮" in zh, "lampstaysdark" in zh) == (True, False)
    assert ("指示灯不亮" in en, "lampstaysdark" in en) == (False, True)
    assert both.index("指示灯不亮") < both.index("lampstaysdark")
    assert "停止出货" in en  # nobody wrote it in English
    english = whole(printed(said("lamp stays dark", "指示灯不亮", Language.EN), arrangement=arrangement))
    assert english.index("指示灯不亮") < english.index("lampstaysdark")


def test_two_languages_stand_side_by_side_in_columns_and_below_each_other_otherwise():
    def ends(arrangement: Arrangement) -> tuple[float, float]:
        found: dict[str, float] = {}

        def visit(text, _cm, tm, _font, _size):
            for word in ("指示灯不亮", "lamp stays dark"):
                if word in text:
                    found[word] = tm[4]

        reader = PdfReader(
            io.BytesIO(printed(said("指示灯不亮", "lamp stays dark"), arrangement=arrangement))
        )
        for page in reader.pages:
            page.extract_text(visitor_text=visit)
        return found["指示灯不亮"], found["lamp stays dark"]

    left, right = ends(Arrangement.COLUMNS)
    assert right - left > 200
    left, right = ends(Arrangement.STACKED)
    assert right == pytest.approx(left)


def test_a_told_answer_knows_both_texts_and_what_changed():
    answer = keyed(a.CauseAnswer(causes=(a.RootCause(text="预热不足"), a.RootCause(text="未检出"))))
    answer = replace(answer, translation={"causes/1/text": "too cold"})
    shown = told(answer, BOTH, ("causes/1",))
    first, second = (cause.text for cause in shown.causes)
    assert isinstance(first, Told)
    assert (first, first.other, first.changed) == ("预热不足", "too cold", True)
    assert isinstance(second, Told)
    assert (second, second.other, second.changed) == ("未检出", "", False)


def test_the_check_code_reads_as_its_address_and_stands_on_every_page():
    squares = modules(URL)
    size = len(squares) + 8
    image = Image.new("L", (size, size), 255)
    for row, line in enumerate(squares):
        for column, dark in enumerate(line):
            image.putpixel((column + 4, row + 4), 0 if dark else 255)
    (code,) = zxingcpp.read_barcodes(image.resize((size * 6, size * 6), Image.Resampling.NEAREST))
    assert code.text == URL
    with_code, without = printed(replace(adapter(), check_url=URL)), printed(adapter())
    assert all("Scan to confirm" in page for page in pages(with_code))
    assert "Scantoconfirm" not in whole(without)
    for page in PdfReader(io.BytesIO(with_code)).pages:
        assert any("check-code" in name for name in page["/Resources"]["/XObject"])


def test_a_withdrawn_revision_says_so_and_why_on_every_page():
    withdrawn = replace(adapter(), withdrawn=Wording("数据有误", "wrong data"))
    for page in pages(printed(withdrawn)):
        assert page.count("WITHDRAWN") == 2
        assert "wrong data" in page
    assert "WITHDRAWN" not in whole(printed(adapter()))


def test_what_changed_has_a_bar_and_the_report_says_what_the_bar_means():
    colour = b"0.780392 0.466667 0 rg"  # of the layout

    def bars(document: EightDDocument) -> int:
        contents = [page.get_contents() for page in PdfReader(io.BytesIO(printed(document))).pages]
        return sum(
            content.get_data().count(colour.replace(b"0.", b"."))
            for content in contents
            if content is not None
        )

    assert bars(adapter()) == 0
    changed = replace(
        adapter(), changed_places={DisciplineCode.D2: ("our_words",), DisciplineCode.D3: ("stock/1",)}
    )
    assert bars(changed) == 3
    assert "changedsincetherevisionbefore" in whole(printed(changed))
    assert "changedsincetherevisionbefore" not in whole(printed(adapter()))


def test_a_large_fishbone_has_its_own_page_across_behind_the_page_that_names_it():
    reader = PdfReader(io.BytesIO(printed(sensor())))
    wide = [at for at, page in enumerate(reader.pages) if page.mediabox.width > page.mediabox.height]
    assert len(wide) == 1
    text = pages(printed(sensor()))
    assert "Fishbone diagram" in text[wide[0]]
    assert "on the next page, across" in text[wide[0] - 1]
    assert f"Page {wide[0] + 1} of {len(text)}" in text[wide[0]]
    assert all(
        page.mediabox.width < page.mediabox.height for page in PdfReader(io.BytesIO(printed(adapter()))).pages
    )


def test_pairs_stand_side_by_side_ok_at_the_left():
    shots = (
        Picture("a", pair="p", mark=PictureMark.NOK),
        Picture("b"),
        Picture("c", pair="p", mark=PictureMark.OK),
        Picture("d"),
        Picture("e", pair="only one"),
    )
    rows = [tuple(one.sha256 if one else "" for one in row) for row in in_pairs(shots)]
    assert rows == [("c", "a"), ("b", "d"), ("e", "")]


@pytest.mark.parametrize("language", list(ReportLanguage))
def test_captions_are_read_in_the_language_of_the_report(language):
    content = next(iter(sensor_pictures(1).values()))
    shot = Picture(hashlib.sha256(content).hexdigest(), caption="焊点", caption_other="joint")
    text = whole(printed(replace(adapter(), pictures=(shot,)), language, pictures={shot.sha256: content}))
    assert "焊点" in text.split("图片")[-1] if language is ReportLanguage.ZH else True
    assert ("joint" in text) == (language is not ReportLanguage.ZH)


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_a_long_case_stays_well_set(size, tmp_path):
    """Sixty pictures, forty rows of stock, twelve pages of text: nothing leaves its page, no picture its caption."""
    folder = tmp_path / "eight_d_report"
    folder.mkdir()
    (tmp_path / "fonts").symlink_to(REPORTS / "fonts")
    for name in ("layout.toml", "labels.toml"):
        text = (REPORTS / "eight_d_report" / name).read_text("utf-8")
        (folder / name).write_text(text.replace('size = "A4"', f'size = "{size}"'), "utf-8")
    small = io.BytesIO()
    Image.new("RGB", (400, 300), "#446688").save(small, "JPEG")
    names = [f"{at:064x}" for at in range(60)]
    document = sensor()
    words = "\n".join(f"第{n}段 paragraph {n}: " + "压接高度过大 crimp too high; " * 24 for n in range(60))
    problem = document.answers[DisciplineCode.D2]
    assert isinstance(problem, a.ProblemAnswer)
    document = replace(
        document,
        answers={**document.answers, DisciplineCode.D2: replace(problem, our_words=words)},
        pictures=tuple(
            Picture(
                name,
                list(DisciplineCode)[at % 9],
                f"图 {at}",
                caption_other=f"picture {at}",
                pair=f"{at // 2}",
            )
            for at, name in enumerate(names)
        ),
    )
    shown = story(
        document,
        language=BOTH,
        audience=Audience.CUSTOMER,
        reports=tmp_path,
        pictures=dict.fromkeys(names, small.getvalue()),
        digest="0" * 64,
    )
    paper = load_layout(
        folder / "layout.toml",
    ).paper()
    set_ = distribute(shown.blocks, paper)
    assert len(set_) > 25
    for page in set_:
        assert page.placed
        low = page.paper.bottom - 0.1
        assert all(placed.top - placed.height >= low for placed in page)
        assert not page.placed[-1].block.keep or page is set_[-1]
        tops = [placed.top for placed in page]
        assert tops == sorted(tops, reverse=True)
    text = whole(
        render(
            document,
            language=BOTH,
            audience=Audience.CUSTOMER,
            reports=tmp_path,
            pictures=dict.fromkeys(names, small.getvalue()),
        )
    )
    assert [at for at in range(60) if f"图{at}" not in text or f"picture{at}" not in text] == []
    assert [n for n in range(60) if f"paragraph{n}:" not in text] == []


def a_pdf(*sizes: tuple[float, float], javascript: bool = False, password: str = "") -> bytes:
    writer = PdfWriter()
    for size in sizes:
        writer.add_blank_page(*size)
    if javascript:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('x')")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(name): value for name, value in action.items()}
        )
    if password:
        writer.encrypt(password)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_files(*files: tuple[str, str, str, bytes]) -> bytes:
    named = {hashlib.sha256(content).hexdigest(): content for *_, content in files}
    facts = tuple(
        AttachmentFact(hashlib.sha256(content).hexdigest(), name, kind, along)
        for name, kind, along, content in files
    )
    return printed(replace(adapter(), attachments=facts), attachments=named)


def test_a_file_is_embedded_with_its_name_and_bytes():
    book = b"PK spreadsheet" * 9
    pdf = with_files(
        ("测量 Cpk.xlsx", "application/vnd.ms-excel", "embed", book), ("a.pdf", "application/pdf", "", b"x")
    )
    reader = PdfReader(io.BytesIO(pdf))
    assert dict(reader.attachments) == {"测量 Cpk.xlsx": [book]}
    assert "/AF" in reader.root_object
    assert "测量Cpk.xlsx" in whole(pdf)
    assert hashlib.sha256(book).hexdigest() in whole(pdf)
    assert with_files(
        ("a.txt", "text/plain", "embed", b"1"), ("a.txt", "text/plain", "embed", b"2")
    ) == with_files(("a.txt", "text/plain", "embed", b"1"), ("a.txt", "text/plain", "embed", b"2"))


def test_pages_of_a_pdf_follow_the_report_and_are_counted_with_it():
    before = len(PdfReader(io.BytesIO(printed(adapter()))).pages)
    foreign = printed(replace(adapter(), number="CC-2026-09999"))
    pdf = with_files(
        ("old.pdf", "application/pdf", "pages", foreign),
        ("w.pdf", "application/pdf", "pages", a_pdf((800, 400))),
    )
    reader = PdfReader(io.BytesIO(pdf))
    text = pages(pdf)
    inside = len(PdfReader(io.BytesIO(foreign)).pages)
    assert len(text) >= before + inside + 1
    assert f"Page {len(text)} of {len(text)}" in text[-1]
    assert f"old.pdf, page 2 of {inside}" in text[-inside]
    assert "CC-2026-09999" in text[-2]
    assert reader.pages[-1].mediabox.width > reader.pages[-1].mediabox.height
    assert dict(reader.attachments) == {}
    assert (reader.metadata or {}).get("/Producer") == "EightD"
    assert pdf == with_files(
        ("old.pdf", "application/pdf", "pages", foreign),
        ("w.pdf", "application/pdf", "pages", a_pdf((800, 400))),
    )


@pytest.mark.parametrize(
    "hostile",
    [
        b"no pdf",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\ntrailer << /Root 1 0 R >>",
        a_pdf((200, 200), javascript=True),
        a_pdf((200, 200), password="x"),
        a_pdf((200, 200))[:250],
        a_pdf((0.1, 200)),
        a_pdf(),
    ],
)
def test_a_hostile_pdf_is_embedded_and_never_opened(hostile):
    pdf = with_files(("bad.pdf", "application/pdf", "pages", hostile))
    assert dict(PdfReader(io.BytesIO(pdf)).attachments) == {"bad.pdf": [hostile]}
    assert "cannotbeshownaspages" in whole(pdf)


def test_a_picture_follows_on_a_page_of_its_own():
    content = next(iter(sensor_pictures(1).values()))
    pdf = with_files(("photo.jpg", "image/jpeg", "pages", content))
    last = PdfReader(io.BytesIO(pdf)).pages[-1]
    assert "photo.jpg" in last.extract_text()
    assert last.mediabox.width > last.mediabox.height
    assert len(last.images) == 1


def test_the_customer_reads_the_disclaimer(tmp_path):
    folder = tmp_path / "eight_d_report"
    folder.mkdir()
    (tmp_path / "fonts").symlink_to(REPORTS / "fonts")
    (folder / "labels.toml").write_text(
        (REPORTS / "eight_d_report" / "labels.toml").read_text("utf-8"), "utf-8"
    )
    text = (REPORTS / "eight_d_report" / "layout.toml").read_text("utf-8")
    old = 'empty for none.\nzh = ""\nen = ""'
    assert old in text
    (folder / "layout.toml").write_text(
        text.replace(old, 'empty for none.\nzh = "仅供技术交流"\nen = "for technical exchange only"'), "utf-8"
    )
    for audience, is_there in ((Audience.CUSTOMER, True), (Audience.INTERNAL, False)):
        pdf = render(adapter(), language=BOTH, audience=audience, reports=tmp_path, pictures={})
        assert ("仅供技术交流" in whole(pdf)) is is_there
        assert ("fortechnicalexchangeonly" in whole(pdf)) is is_there
