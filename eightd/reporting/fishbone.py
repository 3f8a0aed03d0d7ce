"""The fishbone (Ishikawa) diagram: one geometry, drawn as a reportlab drawing and as SVG (procedure 7, D4).

The geometry needs no font: widths are estimated on the safe side, so that screen and paper agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from reportlab.graphics.shapes import Drawing, Line, Polygon, Rect, String
from reportlab.lib.colors import HexColor

from eightd.reporting.pdf.fonts import BOLD, REGULAR

_SIZE = 7.2
_LEADING = 9.4
_NAME_SIZE = 8.0
_SLANT = 34.0  # how far a bone leans from its category towards the head
_BOX_HEIGHT = 26.0
_HEAD_WIDTH = 104.0
_STEM = 18.0  # spine to the left of the first bone
_TWIG_GAP = 5.0


@dataclass(frozen=True, slots=True)
class Bone:
    """One category: its name in one or two lines and the causes on it, in plain text."""

    name: tuple[str, ...]
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``."""

    line: str = "#5b6673"
    text: str = "#1d2733"
    box: str = "#e9eff6"
    box_text: str = "#16426b"
    head: str = "#16426b"
    head_text: str = "#ffffff"


@dataclass(frozen=True, slots=True)
class _Stroke:
    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class _Label:
    x: float
    y: float  # baseline
    text: str
    size: float
    kind: str
    anchor: Literal["start", "middle"] = "start"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """The laid-out diagram; y grows downwards from the upper edge."""

    width: float
    height: float
    strokes: tuple[_Stroke, ...]
    boxes: tuple[_Box, ...]
    labels: tuple[_Label, ...]
    arrow: tuple[float, float]


def fishbone(effect: str, bones: Sequence[Bone], *, width: float = 515.0) -> Figure:
    """Lay out the diagram for a width in points (or pixels on screen).

    The first half of the bones stands above the spine, the rest below. The height follows from the
    longest bone on either side.
    """
    upper = list(bones[: (len(bones) + 1) // 2])
    lower = list(bones[(len(bones) + 1) // 2 :])
    pitch = (width - _HEAD_WIDTH - _STEM) / max(len(upper), len(lower), 1)
    room = pitch - _SLANT - 8
    upper_height = max((_bone_height(bone, room) for bone in upper), default=0.0)
    lower_height = max((_bone_height(bone, room) for bone in lower), default=0.0)
    effect_lines = _wrapped(effect, _HEAD_WIDTH - 16, _SIZE + 0.6)
    head_height = max(46.0, len(effect_lines) * _LEADING + 16)
    spine = max(_BOX_HEIGHT + upper_height, head_height / 2 + 2)
    height = spine + max(lower_height + _BOX_HEIGHT, head_height / 2 + 2)

    strokes = [_Stroke(4, spine, width - _HEAD_WIDTH - 6, spine, 1.8)]
    boxes = [_Box(width - _HEAD_WIDTH, spine - head_height / 2, _HEAD_WIDTH, head_height, "head")]
    first = spine - (len(effect_lines) - 1) * _LEADING / 2 + _SIZE * 0.36
    labels = [
        _Label(width - _HEAD_WIDTH / 2, first + at * _LEADING, line, _SIZE + 0.6, "head", "middle", bold=True)
        for at, line in enumerate(effect_lines)
    ]
    for side, reach, rib in ((-1, upper_height, upper), (1, lower_height, lower)):
        for index, bone in enumerate(rib):
            foot = _STEM + (index + 1) * pitch - 14
            _lay_bone(bone, side, foot, spine, reach, room, strokes, boxes, labels)
    return Figure(width, height, tuple(strokes), tuple(boxes), tuple(labels), (width - _HEAD_WIDTH, spine))


def to_drawing(figure: Figure, palette: Palette | None = None) -> Drawing:
    """Return the figure for a PDF; the fonts must have been loaded."""
    colours = palette or Palette()
    drawing = Drawing(figure.width, figure.height, initialFontName=REGULAR)  # else Helvetica gets in
    for stroke in figure.strokes:
        drawing.add(
            Line(
                stroke.x1,
                figure.height - stroke.y1,
                stroke.x2,
                figure.height - stroke.y2,
                strokeColor=HexColor(colours.line),
                strokeWidth=stroke.width,
            )
        )
    x, y = figure.arrow
    y = figure.height - y
    drawing.add(
        Polygon(
            [x, y, x - 10, y + 5, x - 10, y - 5],
            fillColor=HexColor(colours.line),
            strokeColor=None,
            strokeWidth=0,
        )
    )
    for box in figure.boxes:
        drawing.add(
            Rect(
                box.x,
                figure.height - box.y - box.height,
                box.width,
                box.height,
                rx=3,
                ry=3,
                fillColor=HexColor(colours.head if box.kind == "head" else colours.box),  # type: ignore[arg-type]  # stub
                strokeColor=None,  # type: ignore[arg-type]
            )
        )
    for label in figure.labels:
        drawing.add(
            String(
                label.x,
                figure.height - label.y,
                label.text,
                fontName=BOLD if label.bold else REGULAR,
                fontSize=label.size,
                fillColor=HexColor(_text_colour(label.kind, colours)),
                textAnchor=label.anchor,
            )
        )
    return drawing


def to_svg(figure: Figure, *, title: str, palette: Palette | None = None) -> str:
    """Return the figure as an SVG element without inline style; classes ``fishbone-*`` let a page restyle it."""
    colours = palette or Palette()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fishbone" role="img" '
        f'viewBox="0 0 {_n(figure.width)} {_n(figure.height)}"><title>{escape(title)}</title>'
    ]
    parts.extend(
        f'<line class="fishbone-line" x1="{_n(s.x1)}" y1="{_n(s.y1)}" x2="{_n(s.x2)}" y2="{_n(s.y2)}" '
        f'stroke="{colours.line}" stroke-width="{_n(s.width)}"/>'
        for s in figure.strokes
    )
    x, y = figure.arrow
    parts.append(
        f'<polygon class="fishbone-arrow" fill="{colours.line}" '
        f'points="{_n(x)},{_n(y)} {_n(x - 10)},{_n(y - 5)} {_n(x - 10)},{_n(y + 5)}"/>'
    )
    parts.extend(
        f'<rect class="fishbone-{b.kind}" x="{_n(b.x)}" y="{_n(b.y)}" width="{_n(b.width)}" '
        f'height="{_n(b.height)}" rx="3" fill="{colours.head if b.kind == "head" else colours.box}"/>'
        for b in figure.boxes
    )
    parts.extend(
        f'<text class="fishbone-{t.kind}-text" x="{_n(t.x)}" y="{_n(t.y)}" font-size="{_n(t.size)}" '
        f'text-anchor="{t.anchor}"{" font-weight=" + chr(34) + "bold" + chr(34) if t.bold else ""} '
        f'fill="{_text_colour(t.kind, colours)}">{escape(t.text)}</text>'
        for t in figure.labels
    )
    parts.append("</svg>")
    return "".join(parts)


def _lay_bone(
    bone: Bone,
    side: int,
    foot: float,
    spine: float,
    reach: float,
    room: float,
    strokes: list[_Stroke],
    boxes: list[_Box],
    labels: list[_Label],
) -> None:
    tip = foot - _SLANT
    strokes.append(_Stroke(tip, spine + side * reach, foot, spine, 1.1))
    names = [line for name in bone.name for line in _wrapped(name, room + 20, _NAME_SIZE)]
    box_width = max(54.0, max((_measure(name, _NAME_SIZE) for name in names), default=0.0) + 12)
    box_y = spine + side * reach - (_BOX_HEIGHT if side < 0 else 0)
    boxes.append(_Box(tip - box_width / 2, box_y, box_width, _BOX_HEIGHT, "box"))
    middle = box_y + _BOX_HEIGHT / 2
    labels.extend(
        _Label(
            tip,
            middle + (at - (len(names) - 1) / 2) * (_LEADING + 0.6) + _NAME_SIZE * 0.34,
            name,
            _NAME_SIZE if at == 0 else _SIZE - 0.6,
            "box",
            "middle",
            bold=at == 0,
        )
        for at, name in enumerate(names)
    )
    y = spine - reach + 4 if side < 0 else spine + 6
    for cause in bone.causes:
        lines = _wrapped(cause, room, _SIZE)
        twig = y + len(lines) * _LEADING + 1.5
        at_bone = foot - _SLANT * abs(spine - twig) / max(reach, 1)
        # Above the spine the bone leans away over the text: the text ends where the bone is at its top.
        narrowest = foot - _SLANT * abs(spine - y) / max(reach, 1) if side < 0 else at_bone
        start = narrowest - room - 3
        strokes.append(_Stroke(start, twig, at_bone, twig, 0.5))
        labels.extend(
            _Label(start, y + (index + 1) * _LEADING - 1.8, line, _SIZE, "cause")
            for index, line in enumerate(lines)
        )
        y = twig + _TWIG_GAP


def _bone_height(bone: Bone, room: float) -> float:
    lines = sum(len(_wrapped(cause, room, _SIZE)) for cause in bone.causes)
    return max(40.0, lines * _LEADING + len(bone.causes) * (_TWIG_GAP + 1.5) + 10)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    """Break at spaces and between wide characters; a word wider than the line is broken anywhere."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        candidate = line + piece
        if _measure(candidate.rstrip(), size) <= width:
            line = candidate if line or piece.strip() else ""
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while _measure(line.rstrip(), size) > width:
            cut = next(n for n in range(len(line), 0, -1) if n == 1 or _measure(line[:n], size) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in " ".join(text.split()):
        starts = not pieces or character == " " or _is_wide(character) or _is_wide(pieces[-1][-1])
        if starts and not (pieces and character in "，。、；：！？）》」』】,.;:!?)]}%"):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _is_wide(character: str) -> bool:
    return character >= "\u2e80"


def _measure(text: str, size: float) -> float:
    return sum(_em(character) for character in text) * size


def _em(character: str) -> float:
    if _is_wide(character):
        return 1.0
    if character in "iljI.,;:'|!()[] ":
        return 0.34
    if character in "mwMW@%—…":
        return 0.95
    return 0.68 if character.isupper() else 0.58


def _text_colour(kind: str, colours: Palette) -> str:
    return {"head": colours.head_text, "box": colours.box_text}.get(kind, colours.text)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
