"""The fishbone: one geometry for paper and screen, nothing overlapping the spine, nothing cut off."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from eightd.reporting.fishbone import Bone, fishbone, to_drawing, to_svg
from eightd.reporting.pdf import fonts
from tests.reporting.case_documents import REPORTS

BONES = [
    Bone(("人", "Man"), ("夜班技术员未复测炉温曲线",)),
    Bone(("机", "Machine"), ("预热 3 区发热管功率不足 (1.2 kW, 应为 2.0 kW)", "热电偶位置偏移")),
    Bone(("料", "Material")),
    Bone(("法", "Method"), ("no release check after replacing a rail", '<b> & "quoted"')),
    Bone(("环", "Environment"), ("x" * 200,)),
    Bone(("测", "Measurement"), tuple(f"cause {n}" for n in range(15))),
]


def test_the_svg_is_well_formed_and_free_of_inline_style():
    svg = to_svg(fishbone("无输出 <0 V> & more", BONES), title="鱼骨图 & causes")
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert "style=" not in svg
    texts = "".join("".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text"))
    for wanted in ('<b>&"quoted"', "夜班技术员未复测炉温曲线", "x" * 200, "cause14", "无输出<0V>&more"):
        assert wanted in texts.replace(" ", "")


def test_paper_and_screen_share_one_geometry():
    fonts.load(REPORTS / "fonts")
    figure = fishbone("effect", BONES)
    drawing = to_drawing(figure)
    assert (drawing.width, drawing.height) == (figure.width, figure.height)
    assert len(drawing.contents) == len(figure.strokes) + len(figure.boxes) + len(figure.labels) + 1
    assert {one.fontName for one in drawing.contents if hasattr(one, "fontName")} == {
        fonts.REGULAR,
        fonts.BOLD,
    }


def test_everything_lies_inside_the_figure():
    for width in (400.0, 515.0, 900.0):
        figure = fishbone("一个很长的现象描述" * 6, BONES, width=width)
        for stroke in figure.strokes:
            assert min(stroke.x1, stroke.x2) >= -0.1
            assert max(stroke.x1, stroke.x2) <= width
            assert 0 <= min(stroke.y1, stroke.y2) <= max(stroke.y1, stroke.y2) <= figure.height
        for box in figure.boxes:
            assert box.y >= 0
            assert box.y + box.height <= figure.height + 0.1
        assert all(0 <= label.y <= figure.height for label in figure.labels)


def test_an_empty_diagram_can_be_drawn():
    assert to_svg(fishbone("", []), title="empty").startswith("<svg")
