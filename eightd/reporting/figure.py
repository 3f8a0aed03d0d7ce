"""Line drawings as one geometry, drawn alike as SVG for screens, as a reportlab drawing and as a PNG.

The geometry needs no font: widths are estimated on the safe side (``measure``), so that screen and paper agree.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont
from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.fonts import BOLD, REGULAR
from eightd.reporting.pdf.text import clean

_ADVANCES = (
    "227 370 574 590 590 963 740 325 378 378 507 590 325 370 325 387 590 590 590 590 590 590 590 590 590 590 "
    "325 325 590 590 590 514 1007 641 681 656 714 615 585 717 757 330 568 686 578 853 749 770 667 770 682 624 "
    "625 748 619 915 627 580 613 378 387 378 590 567 626 591 644 527 644 581 372 597 640 304 306 604 315 964 "
    "641 626 644 644 437 495 421 637 576 863 562 574 511 378 296 378 590"
)
_ASCII = tuple(int(advance) / 1000 * 1.02 for advance in _ADVANCES.split())
"""Advance widths of the bold font from space to ``~``: no other weight or usual screen font is wider."""

_NO_BREAK_BEFORE = "，。、；：！？）》」』】,.;:!?)]}%"
_MOST_PIXELS = 24_000_000
_ON_SCREEN = 2.0  # pixels of a PNG for one unit of the figure
_FINER = 2  # drawn this much larger and made smaller again: smooth lines
_STRIKE = 0.32  # height of the line through a text, in its size


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``."""

    line: str = "#5b6673"
    text: str = "#1d2733"
    box: str = "#e9eff6"
    box_text: str = "#16426b"
    head: str = "#16426b"
    head_text: str = "#ffffff"
    muted: str = "#5b6673"
    strong: str = "#8f1420"
    paper: str = "#ffffff"

    def of(self, kind: str) -> str:
        """Return the colour of a kind of stroke, box, dot or text; the usual ink for what has none of its own."""
        return {
            "line": self.line,
            "box": self.box,
            "box-text": self.box_text,
            "head": self.head,
            "head-text": self.head_text,
            "open": self.muted,
            "excluded": self.muted,
            "excluded-cause": self.muted,
            "reason": self.muted,
            "legend": self.muted,
            "confirmed": self.strong,
            "before": self.strong,
            "after": self.head,
            "paper": self.paper,
        }.get(kind, self.text)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled box with rounded corners."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle, filled or hollow."""

    x: float
    y: float
    radius: float
    kind: str
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """The point of an arrow to the right."""

    x: float
    y: float
    size: float
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; ``y`` is its baseline, ``struck`` draws a line through it."""

    x: float
    y: float
    text: str
    size: float
    kind: str
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A laid-out drawing; y grows downwards from the upper edge."""

    width: float
    height: float
    strokes: tuple[Stroke, ...] = ()
    boxes: tuple[Box, ...] = ()
    dots: tuple[Dot, ...] = ()
    heads: tuple[Head, ...] = ()
    labels: tuple[Label, ...] = ()


def to_drawing(figure: Figure, palette: Palette | None = None) -> Drawing:
    """Return the figure for a PDF; the fonts must have been loaded."""
    colours = palette or Palette()
    drawing = Drawing(figure.width, figure.height, initialFontName=REGULAR)  # else Helvetica gets in
    top = figure.height

    def line(x1: float, y1: float, x2: float, y2: float, width: float, kind: str) -> None:
        colour = HexColor(colours.of(kind))
        drawing.add(Line(x1, top - y1, x2, top - y2, strokeColor=colour, strokeWidth=width))

    for stroke in figure.strokes:
        line(stroke.x1, stroke.y1, stroke.x2, stroke.y2, stroke.width, stroke.kind)
    for head in figure.heads:
        x, y, half = head.x, top - head.y, head.size / 2
        points = [x, y, x - head.size, y + half, x - head.size, y - half]
        colour = HexColor(colours.of(head.kind))
        drawing.add(Polygon(points, fillColor=colour, strokeColor=None, strokeWidth=0))
    for box in figure.boxes:
        drawing.add(
            Rect(
                box.x,
                top - box.y - box.height,
                box.width,
                box.height,
                rx=3,
                ry=3,
                fillColor=HexColor(colours.of(box.kind)),  # type: ignore[arg-type]  # stub
                strokeColor=None,  # type: ignore[arg-type]
            )
        )
    for dot in figure.dots:
        colour = HexColor(colours.of(dot.kind))
        drawing.add(
            Circle(
                dot.x,
                top - dot.y,
                dot.radius,
                fillColor=colour if dot.filled else None,
                strokeColor=colour,
                strokeWidth=dot.radius / 3,
            )
        )
    for label in figure.labels:
        name = BOLD if label.bold else REGULAR
        colour = HexColor(colours.of(label.kind))
        drawing.add(
            String(
                label.x,
                top - label.y,
                label.text,
                fontName=name,
                fontSize=label.size,
                fillColor=colour,
                textAnchor=label.anchor,
            )
        )
        if label.struck:
            y = label.y - label.size * _STRIKE
            width = stringWidth(label.text, name, label.size)
            line(label.x, y, label.x + width, y, label.size / 14, label.kind)
    return drawing


def to_svg(figure: Figure, *, title: str, name: str, palette: Palette | None = None) -> str:
    """Return the figure as an SVG element without inline style; classes ``<name>-*`` let a page restyle it."""
    colours = palette or Palette()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" role="img" '
        f'viewBox="0 0 {_n(figure.width)} {_n(figure.height)}"><title>{escape(title)}</title>'
    ]
    parts.extend(
        f'<line class="{name}-{s.kind}" x1="{_n(s.x1)}" y1="{_n(s.y1)}" x2="{_n(s.x2)}" y2="{_n(s.y2)}" '
        f'stroke="{colours.of(s.kind)}" stroke-width="{_n(s.width)}"/>'
        for s in figure.strokes
    )
    parts.extend(
        f'<polygon class="{name}-arrow" fill="{colours.of(h.kind)}" points="{_n(h.x)},{_n(h.y)} '
        f'{_n(h.x - h.size)},{_n(h.y - h.size / 2)} {_n(h.x - h.size)},{_n(h.y + h.size / 2)}"/>'
        for h in figure.heads
    )
    parts.extend(
        f'<rect class="{name}-{b.kind}" x="{_n(b.x)}" y="{_n(b.y)}" width="{_n(b.width)}" '
        f'height="{_n(b.height)}" rx="3" fill="{colours.of(b.kind)}"/>'
        for b in figure.boxes
    )
    parts.extend(
        f'<circle class="{name}-{d.kind}" cx="{_n(d.x)}" cy="{_n(d.y)}" r="{_n(d.radius)}" '
        f'fill="{colours.of(d.kind) if d.filled else "none"}" stroke="{colours.of(d.kind)}" '
        f'stroke-width="{_n(d.radius / 3)}"/>'
        for d in figure.dots
    )
    parts.extend(
        f'<text class="{name}-{t.kind}" x="{_n(t.x)}" y="{_n(t.y)}" font-size="{_n(t.size)}" '
        f'text-anchor="{t.anchor}"{_font(t)} fill="{colours.of(t.kind)}">{escape(t.text)}</text>'
        for t in figure.labels
    )
    parts.append("</svg>")
    return "".join(parts)


def to_png(figure: Figure, folder: Path, palette: Palette | None = None) -> bytes:
    """Return the figure as a PNG with the fonts of ``folder``; a very long one with fewer pixels."""
    colours, faces = palette or Palette(), fonts.load(folder)
    most = (_MOST_PIXELS / (figure.width * figure.height)) ** 0.5
    scale = min(_ON_SCREEN * _FINER, most)
    size = (max(1, round(figure.width * scale)), max(1, round(figure.height * scale)))
    image = Image.new("RGB", size, colours.paper)
    pen = ImageDraw.Draw(image)

    def line(x1: float, y1: float, x2: float, y2: float, width: float, kind: str) -> None:
        ends = (x1 * scale, y1 * scale, x2 * scale, y2 * scale)
        pen.line(ends, fill=colours.of(kind), width=max(1, round(width * scale)))

    for s in figure.strokes:
        line(s.x1, s.y1, s.x2, s.y2, s.width, s.kind)
    for h in figure.heads:
        back, half = (h.x - h.size) * scale, h.size / 2 * scale
        corners = [(h.x * scale, h.y * scale), (back, h.y * scale - half), (back, h.y * scale + half)]
        pen.polygon(corners, fill=colours.of(h.kind))
    for b in figure.boxes:
        area = (b.x * scale, b.y * scale, (b.x + b.width) * scale, (b.y + b.height) * scale)
        pen.rounded_rectangle(area, radius=3 * scale, fill=colours.of(b.kind))
    for d in figure.dots:
        round_about = (d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius)
        pen.ellipse(
            tuple(edge * scale for edge in round_about),
            fill=colours.of(d.kind) if d.filled else None,
            outline=colours.of(d.kind),
            width=max(1, round(d.radius / 3 * scale)),
        )
    anchors = {"start": "ls", "middle": "ms", "end": "rs"}
    cut: dict[tuple[bool, float], ImageFont.FreeTypeFont] = {}
    for t in figure.labels:
        key = (t.bold, t.size)
        if key not in cut:
            path = folder / f"{BOLD if t.bold else REGULAR}.ttf"
            cut[key] = ImageFont.truetype(path, max(1.0, t.size * scale))
        text, colour = clean(t.text, faces), colours.of(t.kind)
        pen.text((t.x * scale, t.y * scale), text, fill=colour, font=cut[key], anchor=anchors[t.anchor])
        if t.struck:
            y = t.y - t.size * _STRIKE
            line(t.x, y, t.x + cut[key].getlength(text) / scale, y, t.size / 14, t.kind)
    finished = image.resize((max(1, size[0] // _FINER), max(1, size[1] // _FINER)), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    finished.save(file, "PNG", optimize=True)
    return file.getvalue()


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break at spaces and between wide characters; a word wider than the line is broken anywhere."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        candidate = line + piece
        if measure(candidate.rstrip(), size) <= width:
            line = candidate if line or piece.strip() else ""
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while measure(line.rstrip(), size) > width:
            cut = next(n for n in range(len(line), 0, -1) if n == 1 or measure(line[:n], size) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    if line.strip():
        lines.append(line.rstrip())
    return lines


def measure(text: str, size: float) -> float:
    """Return how wide the text is at most, in the unit of the size."""
    return sum(_em(character) for character in text) * size


def _em(character: str) -> float:
    return _ASCII[ord(character) - 32] if " " <= character <= "~" else 1.08


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in " ".join(text.split()):
        starts = not pieces or character == " " or _is_wide(character) or _is_wide(pieces[-1][-1])
        if starts and not (pieces and character in _NO_BREAK_BEFORE):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _is_wide(character: str) -> bool:
    return character >= "\u2e80"


def _font(label: Label) -> str:
    weight = ' font-weight="bold"' if label.bold else ""
    return weight + (' text-decoration="line-through"' if label.struck else "")


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
