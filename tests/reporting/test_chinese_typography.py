"""Whatever is written: no glyph leaves its column, no mark stands where it may not, and nothing is lost or added."""

from __future__ import annotations

import io
import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.blocks import Text
from eightd.reporting.pdf.spacing import APART, between, hanging, leading
from eightd.reporting.pdf.text import Line, Run, Style, set_lines, spaced
from tests.reporting.case_documents import REPORTS, case, texts
from tests.reporting.pdf_text import squeezed

FACES = fonts.load(REPORTS / "fonts")
STYLE = Style(10, 14, "#000000")
CLOSING = "，。；：！？）》」』】、”’,.;:!?)]}%…"
OPENING = "（《「『【“‘([{"

CHINESE = (
    "预热",
    "不足",
    "板面温度",
    "焊点",
    "《程序》",
    "“引用”",
    "120秒",
    "第3批",
    "（复测 OK）",
    "——",
    "…",
)
LATIN = (
    "Q1",
    "IPC-A-610",
    "customer’s",
    "105 °C",
    "12 pcs",
    "± 5 %",
    "100 %",
    "0.35 mm²",
    "“so called”",
    "(see D4)",
)
LONG = (" https://example.test/a/very/long/path?with=questions&and=more ", " SN" + "0123456789" * 9 + " ")
WORDS = st.sampled_from([*CHINESE, *"、，。；：！？", *LATIN, *LONG])
MIXED = st.lists(WORDS, min_size=1, max_size=30).flatmap(
    lambda words: st.lists(st.sampled_from(["", "", " "]), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True)).strip()
    )
)


def set_in(text: str, width: float) -> list[Line]:
    return set_lines((Run(text, STYLE),), width, FACES)


def ink(line: Line) -> tuple[float, float]:
    """Return from where to where the line's glyphs reach."""
    left, right = [], []
    for offset, run in line.fragments:
        at = offset
        face = FACES.face(bold=run.style.bold)
        for piece, near in spaced(run.text):
            for index, character in enumerate(piece):
                size = run.style.size
                left.append(at + leading(character) * size)
                right.append(at + face.width(character, size) - hanging(character) * size)
                at += face.width(character, size) + (near * size if index == len(piece) - 1 else 0)
    return min(left, default=0.0), max(right, default=0.0)


def written(lines: list[Line]) -> list[str]:
    return ["".join(run.text for _, run in line.fragments) for line in lines]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(MIXED, st.floats(22, 300))
def test_every_glyph_stays_in_its_column_and_no_character_is_lost(text, width):
    lines = set_in(text, width)
    for line in lines:
        left, right = ink(line)
        assert left >= -0.01
        assert right <= width + 0.03
    assert squeezed("".join(written(lines))) == squeezed(text)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(MIXED, st.floats(150, 300))
def test_marks_stand_where_they_may(text, width):
    shown = written(set_in(re.sub(r"([，。；：！？、”）》…—]){3,}", r"\1", text), width))
    for line in shown[1:]:
        assert line[0] not in CLOSING or len(line) == 1
    for line in shown[:-1]:
        assert line.rstrip()[-1] not in OPENING


@pytest.mark.parametrize(
    "bound", ["105 °C", "12 pcs", "± 5 %", "120秒", "第3批", "IPC-A-610", "3.1 mΩ", "0.35 mm²"]
)
def test_what_belongs_together_stays_on_one_line(bound):
    text = f"板面温度只有{bound}，焊点冷焊；the board was at {bound} and more"
    for width in range(70, 240, 7):
        assert sum(squeezed(line).count(squeezed(bound)) for line in written(set_in(text, width))) == 2


def test_a_long_word_is_broken_after_a_separator_and_fills_the_line_it_began_on():
    url = "https://example.test/quality/reports/2026/CC-2026-00017?revision=3&language=zh"
    shown = written(set_in(f"见 {url}", 150))
    assert "".join(shown).replace(" ", "") == f"见{url}"
    assert shown[0].startswith("见 https://")
    assert all(line[-1] in "/-_.?&=:" for line in shown[:-1])


def test_han_and_latin_stand_apart_without_a_character_between_them():
    (line,) = set_in("温度120秒", 200)
    assert written([line]) == ["温度120秒"]
    bare = FACES.regular.width("温度120秒", 10)
    assert line.width == pytest.approx(bare + 2 * APART * 10)
    assert between("温", "度") == 0
    assert between("a", "b") == 0


def test_full_width_marks_are_squeezed_beside_each_other_and_at_the_edges():
    (line,) = set_in("甲）。", 200)
    assert line.width == pytest.approx(20)  # half a mark between, half at the end
    assert set_in("（甲", 200)[0].fragments[0][0] == pytest.approx(-5)
    assert between("。", "甲") == 0


def test_a_single_character_is_not_left_alone_on_the_last_line():
    shown = written(set_in("供应商手册第七章模具寿命上限与测试窗口列为须通知的变更", 134))
    assert len(shown[-1]) >= 2


def test_a_quote_and_an_apostrophe_in_english_are_half_as_wide_as_their_glyphs():
    assert set_in("customer’s", 200)[0].width == pytest.approx(FACES.regular.width("customers", 10) + 5)


@pytest.mark.parametrize("name", ["adapter", "housing", "sensor"])
def test_what_programs_extract_is_what_was_written(name, tmp_path):
    """Each text of the case on a line of its own: two programs that extract it give its source."""
    found = [text for _, text in texts(case(name)) if "\n" not in text and len(text) < 50]
    marks = [
        "见《程序》，（复测 OK）。“引用”、「甲」（乙）",
        "温度120秒、customer’s “so called” part（见D4）",
    ]
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(600, 842), invariant=1)
    wanted = [*marks, *found][:110]
    for at, text in enumerate(wanted):
        if at and at % 55 == 0:
            canvas.showPage()
        Text([Run(text, Style(8, 10, "#000000"))], FACES).draw(canvas, 20, 830 - at % 55 * 14.5, 570, 0)
    canvas.save()
    path = tmp_path / "lines.pdf"
    path.write_bytes(target.getvalue())
    by_pypdf = "\n".join(page.extract_text() for page in PdfReader(target).pages).splitlines()
    assert [line.strip() for line in by_pypdf if line.strip()] == [" ".join(one.split()) for one in wanted]
    read = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    by_poppler = [line.strip() for line in read.stdout.replace("\f", "\n").splitlines() if line.strip()]
    assert [squeezed(line) for line in by_poppler] == [squeezed(one) for one in wanted]
