"""The fishbone: one geometry for paper, screen and picture; nothing overlaps, nothing is cut off."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from eightd.domain.discipline.answers import Fishbone, FishboneCause, FishboneState
from eightd.reporting.figure import Figure, Label, to_png
from eightd.reporting.fishbone import Bone, Twig, fishbone, ribs, to_drawing, to_svg
from eightd.reporting.pdf import fonts
from tests.reporting.case_documents import REPORTS

S = FishboneState
LEGEND = {S.OPEN: "待查 open", S.EXCLUDED: "excluded (why)", S.CONFIRMED: "confirmed"}
BONES = [
    Bone(("人", "Man"), (Twig("夜班技术员未复测炉温曲线", S.EXCLUDED, "有复测签字 (2026-03-02)"),)),
    Bone(("机", "Machine"), (Twig("预热 3 区发热管功率不足 (1.2 kW)", S.CONFIRMED, code="C1"), "热电偶偏移")),
    Bone(("料", "Material")),
    Bone(("法", "Method"), ("no release check after replacing a rail", '<b> & "quoted"')),
    Bone(("环", "Environment"), ("x" * 200,)),
    Bone(("测", "Measurement"), tuple(f"cause {n}" for n in range(15))),
]
SVG = "{http://www.w3.org/2000/svg}"

WORDS = st.text("abW mM漏温度。，()8%—Ω℃é“", min_size=1, max_size=60).filter(str.strip)
TWIGS = st.builds(Twig, WORDS, st.sampled_from(S), WORDS, st.sampled_from(["", "C1", "C12"]))
SIX_BONES = st.lists(st.lists(TWIGS, max_size=9), min_size=6, max_size=6).map(
    lambda lists: [Bone((f"类 {at}", "Measurement"), tuple(twigs)) for at, twigs in enumerate(lists)]
)


def texts(svg: str) -> list[ET.Element]:
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return list(root.iter(f"{SVG}text"))


def area(label: Label, faces: fonts.Faces) -> tuple[float, float, float, float]:
    """Return where the label's ink may be: left, top, right, bottom."""
    wide = max(face.width(label.text, label.size) for face in (faces.regular, faces.bold))
    left = label.x - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, label.y - 0.88 * label.size, left + wide, label.y + 0.14 * label.size


def overlapping(figure: Figure, faces: fonts.Faces) -> list[tuple[str, str]]:
    placed = [(label.text, area(label, faces)) for label in figure.labels]
    return [
        (one, other)
        for at, (one, a) in enumerate(placed)
        for other, b in placed[at + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.01 and min(a[3], b[3]) - max(a[1], b[1]) > 0.01
    ]


def test_the_svg_is_well_formed_and_free_of_inline_style():
    svg = to_svg(fishbone("无输出 <0 V> & more", BONES), title="鱼骨图 & causes")
    assert "style=" not in svg
    said = "".join("".join(one.itertext()) for one in texts(svg)).replace(" ", "")
    for wanted in ('<b>&"quoted"', "夜班技术员未复测炉温曲线", "x" * 200, "cause14", "无输出<0V>&more"):
        assert wanted in said


def test_what_became_of_a_cause_is_told_by_mark_and_text():
    figure = fishbone("effect", BONES, legend=LEGEND)
    svg = to_svg(figure, title="t")
    struck = [one.text for one in texts(svg) if one.get("text-decoration") == "line-through"]
    bold = [one.text for one in texts(svg) if "confirmed-cause" in one.get("class", "")]
    reason = [one.text for one in texts(svg) if "reason" in one.get("class", "")]
    assert "".join(struck) == "夜班技术员未复测炉温曲线"
    assert bold[0].startswith("C1 预热")
    assert "".join(reason).replace(" ", "") == "有复测签字(2026-03-02)"
    assert sum(dot.filled for dot in figure.dots) == 2  # one cause and the legend
    assert len([one for one in figure.strokes if one.kind == "excluded"]) == 4
    assert {label.text for label in figure.labels if label.kind == "legend"} == set(LEGEND.values())


def test_an_answers_lists_become_bones():
    bones = Fishbone(
        man=(FishboneCause(" "), FishboneCause("tired", S.EXCLUDED, "rested")),
        machine=(FishboneCause("worn", S.CONFIRMED, "", 0), FishboneCause("old", S.CONFIRMED, "", 7)),
    )
    names = {name: (name,) for name in ("man", "machine", "material", "method", "environment", "measurement")}
    made = ribs(bones, names, causes=2, show=str.upper)
    assert made[0].causes == (Twig("TIRED", S.EXCLUDED, "RESTED"),)
    assert [twig.code for twig in made[1].causes] == ["C1", ""]
    assert [twig.code for twig in ribs(bones, names)[1].causes] == ["C1", "C8"]


def test_paper_and_screen_share_one_geometry():
    fonts.load(REPORTS / "fonts")
    figure = fishbone("effect", BONES, legend=LEGEND)
    drawing = to_drawing(figure)
    assert (drawing.width, drawing.height) == (figure.width, figure.height)
    drawn = figure.strokes, figure.boxes, figure.dots, figure.heads, figure.labels
    struck = sum(label.struck for label in figure.labels)
    assert len(drawing.contents) == sum(map(len, drawn)) + struck
    assert {one.fontName for one in drawing.contents if hasattr(one, "fontName")} == {
        fonts.REGULAR,
        fonts.BOLD,
    }


def test_the_picture_has_the_figures_shape():
    figure = fishbone("无输出", BONES, width=600, size=9, legend=LEGEND)
    picture = Image.open(io.BytesIO(to_png(figure, REPORTS / "fonts")))
    assert picture.format == "PNG"
    assert picture.width == 1200
    assert abs(picture.height - figure.height * 2) <= 1
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert len(picture.getcolors(100_000)) > 20
    long = fishbone("x", [Bone(("m",), tuple(f"cause {n}" for n in range(400)))], width=900, size=12)
    assert Image.open(io.BytesIO(to_png(long, REPORTS / "fonts"))).height < 12_000


def test_everything_lies_inside_the_figure():
    for width in (400.0, 515.0, 900.0):
        figure = fishbone("一个很长的现象描述" * 6, BONES, width=width, legend=LEGEND)
        for stroke in figure.strokes:
            assert min(stroke.x1, stroke.x2) >= -0.1
            assert max(stroke.x1, stroke.x2) <= width
            assert 0 <= min(stroke.y1, stroke.y2) <= max(stroke.y1, stroke.y2) <= figure.height
        for box in figure.boxes:
            assert box.y >= 0
            assert box.y + box.height <= figure.height + 0.1
        assert all(0 <= label.y <= figure.height for label in figure.labels)


@settings(max_examples=40, deadline=None)
@given(WORDS, SIX_BONES, st.sampled_from([(515.0, 7.2), (740.0, 8.0), (900.0, 12.0)]))
def test_no_text_ever_lies_on_another(effect, bones, shape):
    faces = fonts.load(REPORTS / "fonts")
    width, size = shape
    figure = fishbone(effect, bones, width=width, size=size, legend=LEGEND)
    assert overlapping(figure, faces) == []
    for label in figure.labels:
        left, top, right, bottom = area(label, faces)
        assert left >= -0.01
        assert right <= width + 0.01
        assert top >= -0.01
        assert bottom <= figure.height + 0.01


def test_an_empty_diagram_can_be_drawn():
    assert to_svg(fishbone("", []), title="empty").startswith("<svg")
