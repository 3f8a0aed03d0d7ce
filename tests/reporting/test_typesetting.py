"""Lines break where Chinese and Latin typography allow, blocks are cut where a page ends."""

from __future__ import annotations

import pytest
from reportlab.graphics.shapes import Drawing

from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.blocks import Diagram, Gap, Stack, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.pages import Paper, TooHighError, distribute
from eightd.reporting.pdf.text import MISSING, Run, Style, clean, set_lines
from tests.reporting.case_documents import REPORTS

FACES = fonts.load(REPORTS / "fonts")
STYLE = Style(10, 12, "#000000")
PAPER = Paper(width=220, height=240, left=10, right=10, top=20, bottom=20, top_first=20)


def lines(text: str, width: float) -> list[str]:
    set_ = set_lines((Run(text, STYLE),), width, FACES)
    return ["".join(run.text for _, run in line.fragments) for line in set_]


def text(count: int) -> Text:
    return Text([Run("\n".join(str(n) for n in range(count)), STYLE)], FACES)


def written(page) -> list[str]:
    found = []
    for placed in page:
        if isinstance(placed.block, Text):
            found += ["".join(run.text for _, run in one.fragments) for one in placed.block.lines(200)]
    return found


def test_latin_words_stay_whole_and_chinese_breaks_anywhere():
    assert lines("preheating too low", 60) == ["preheating", "too low"]
    assert lines("板面预热不足", 31) == ["板面预", "热不足"]
    assert lines("使用 Q1 焊点", 42) == ["使用 Q1", "焊点"]


def test_no_line_begins_with_closing_or_ends_with_opening_punctuation():
    for width in range(45, 140, 3):
        for one in lines("成品仓、在途、客户端。（复测 OK）《程序》, 结束: 完成! 100 %；“引用”……", width)[1:]:
            assert one[0] not in "、。）》,:!；”…%"
        assert all(one[-1] not in "（《“" for one in lines("（甲）（乙）《丙》“丁”（戊）", width))


def test_a_number_keeps_its_unit():
    for width in range(40, 140):
        joined = lines("heated to 105 °C and 12 V at 600 pcs or 30 min", width)
        assert not any(one.startswith(("°C", "V", "pcs", "min")) for one in joined)


def test_no_line_is_wider_than_its_column():
    for width in (12.0, 33.0, 80.0):
        for line in set_lines(
            (Run("https://example.test/a-b_c/" + "w" * 90 + "字（" * 9, STYLE),), width, FACES
        ):
            assert line.width <= width + 0.02


def test_styles_share_a_line_and_keep_their_order():
    bold = Style(10, 12, "#000000", bold=True)
    (line,) = set_lines((Run("中文 ", bold), Run(" English", STYLE)), 300, FACES)
    assert [run.text for _, run in line.fragments] == ["中文", "English"]
    assert line.fragments[1][0] > FACES.bold.width("中文", 10)


def test_empty_text_is_an_empty_line():
    assert lines("", 50) == [""]
    assert lines("   ", 50) == [""]


def test_clean_keeps_what_can_be_shown():
    assert clean("abc 中文 Ω °C ≥ ①", FACES) == "abc 中文 Ω °C ≥ ①"
    assert clean("\u200b\x07\ud800", FACES) == ""
    assert clean("☎️\U0001f468\u200d\U0001f469", FACES) in (MISSING * 3, f"☎{MISSING * 2}")


def test_long_text_is_cut_with_two_lines_on_either_side():
    block = text(10)
    first, second = block.cut(200, 40) or (None, None)
    assert isinstance(first, Text)
    assert isinstance(second, Text)
    assert (len(first.lines(200)), len(second.lines(200))) == (3, 7)
    assert text(10).cut(200, 23) is None
    nine = text(10).cut(200, 12 * 9)
    assert nine is not None
    assert nine[1].height(200) == 24


def test_a_heading_moves_with_what_follows_it():
    heading = Text([Run("heading", STYLE)], FACES).spaced(keep=True)
    pages = distribute([Gap(180), heading, text(3)], PAPER)
    assert written(pages[0]) == []
    assert written(pages[1]) == ["heading", "0", "1", "2"]
    chain = [Gap(170), *(Text([Run("h", STYLE)], FACES).spaced(keep=True) for _ in range(2)), text(2)]
    assert len(distribute(chain, PAPER)[0]) == 1


def test_a_heading_alone_at_the_end_is_still_printed():
    heading = Text([Run("heading", STYLE)], FACES).spaced(keep=True)
    assert [len(page) for page in distribute([Gap(195), heading, heading], PAPER)] == [1, 2]


def test_the_end_of_a_table_goes_over_with_what_must_follow_it():
    grid = Grid((1, 1), rows(*[3] * 4, keep=(2,)), look=Look()).spaced(keep=True)
    pages = distribute([Gap(20), grid, text(3)], PAPER)
    assert [
        len(placed.block._rows) for page in pages for placed in page if isinstance(placed.block, Grid)
    ] == [2, 2]
    assert written(pages[1]) == ["0", "1", "2"]


def test_what_cannot_be_cut_and_is_too_high_is_refused():
    with pytest.raises(TooHighError):
        distribute([Gap(400)], PAPER)


def rows(*counts: int, keep: tuple[int, ...] = ()) -> list[Row]:
    return [Row((Cell(text(count)), Cell(text(1))), keep=at in keep) for at, count in enumerate(counts)]


def test_a_table_is_cut_between_rows_and_repeats_its_heads():
    grid = Grid((1, 1), rows(1, *[2] * 30), look=Look(), heads=1)
    pages = distribute([grid], PAPER)
    assert len(pages) > 3
    shown = [placed.block for page in pages for placed in page]
    assert sum(len(one._rows) - 1 for one in shown if isinstance(one, Grid)) == 30
    assert all(one._rows[0] == grid._rows[0] for one in shown if isinstance(one, Grid))


def test_a_group_row_is_not_left_behind():
    grid = Grid((1, 1), rows(*[3] * 8, keep=(3,)), look=Look())
    head, _ = grid.cut(200, 180) or (None, None)
    assert isinstance(head, Grid)
    assert len(head._rows) == 3
    all_kept = Grid((1, 1), rows(*[3] * 8, keep=tuple(range(8))), look=Look())
    assert all_kept.cut(200, 180) is None
    assert len(distribute([all_kept], PAPER)) == 2


def test_a_row_higher_than_a_page_is_cut_inside():
    grid = Grid((1, 1), rows(1, 60, 1), look=Look(), heads=1)
    pages = distribute([grid], PAPER)
    assert len(pages) >= 4
    assert all(placed.height <= 200.1 for page in pages for placed in page)


def test_a_cell_of_several_blocks_is_cut_between_or_inside_them():
    stack = Stack([text(4), text(20)])
    first, rest = stack.cut(200, 100) or (None, None)
    assert first is not None
    assert rest is not None
    assert first.height(200) <= 100
    assert first.height(200) + rest.height(200) == stack.height(200)
    assert stack.cut(200, 10) is None
    assert stack.cut(200, 1000) is None


def test_a_diagram_is_made_smaller_but_never_larger():
    assert Diagram(Drawing(400, 100), limit=500).height(200) == 50
    assert Diagram(Drawing(100, 100), limit=500).height(200) == 100
    assert Diagram(Drawing(100, 800), limit=400).height(200) == 400
