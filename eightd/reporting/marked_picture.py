"""Draw marks onto a picture: arrows, boxes, texts, and blurs of which nothing can be won back."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from eightd.domain.marks import Mark, MarkColour, MarkKind
from eightd.reporting.thumbnail import NotAPictureError

_LINE = 0.006
"""How thick lines are, as a part of the picture's longer edge; the contrasting edge around them comes on top."""

_LETTER = 0.032
_CELLS = 8
"""A blurred place keeps no more than so many averages along its longer side, whatever was to be read there."""

_LEAST_CELL = 0.016
"""Nor is an average of less than this part of the picture's longer edge: small blurs side by side hide, too."""

_FINE = 2000
"""Up to this edge, in pixels, lines are drawn twice as fine and then shrunk, so that they are smooth."""

_INK: dict[MarkColour, tuple[int, int, int]] = {
    MarkColour.RED: (208, 21, 33),
    MarkColour.YELLOW: (255, 214, 0),
    MarkColour.BLUE: (11, 80, 208),
    MarkColour.GREEN: (14, 122, 54),
    MarkColour.WHITE: (255, 255, 255),
    MarkColour.BLACK: (16, 16, 16),
}
_WHITE, _BLACK = (255, 255, 255), (16, 16, 16)
_BRIGHT = frozenset({MarkColour.YELLOW, MarkColour.WHITE})


@dataclass(frozen=True, slots=True)
class MarkedPicture:
    """A picture with its marks, written anew: JPEG from JPEG, PNG from everything else."""

    content: bytes
    media_type: str
    width: int
    height: int


def marked_picture(content: bytes, marks: Sequence[Mark], fonts: Path) -> MarkedPicture:
    """Return the picture with the marks drawn on it; blurs first, for no arrow is to be hidden.

    ``fonts`` is the folder of the documents' fonts, so that texts look the same wherever they were typed.
    Raises NotAPictureError.
    """
    picture, kind = _opened(content)
    for mark in marks:
        if mark.kind is MarkKind.BLUR:
            _blur(picture, mark)
    drawn = [mark for mark in marks if mark.kind is not MarkKind.BLUR]
    if drawn:
        fine = 2 if max(picture.size) <= _FINE else 1
        layer = Image.new("RGBA", (picture.width * fine, picture.height * fine), (0, 0, 0, 0))
        pen = _Pen(layer, fonts / "NotoSansSC-Bold.ttf")
        for mark in drawn:
            pen.draw(mark)
        if fine > 1:
            layer = layer.reduce(fine)
        picture.paste(layer, mask=layer.getchannel("A"))
    made = io.BytesIO()
    if kind == "JPEG":
        picture.save(made, "JPEG", quality=90)
    else:
        picture.save(made, "PNG")
    media_type = "image/jpeg" if kind == "JPEG" else "image/png"
    return MarkedPicture(made.getvalue(), media_type, picture.width, picture.height)


def _opened(content: bytes) -> tuple[Image.Image, str | None]:
    """Return the pixels on white ground, and what kind of picture it was."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "GIF", "WEBP"]) as picture:
            kind = picture.format
            layered = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise NotAPictureError(str(broken)) from broken
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground, kind


def _blur(picture: Image.Image, mark: Mark) -> None:
    """Replace a place by a few averages of it, blended into each other."""
    left, right = sorted((mark.x1 * picture.width, mark.x2 * picture.width))
    top, bottom = sorted((mark.y1 * picture.height, mark.y2 * picture.height))
    place = (
        math.floor(left),
        math.floor(top),
        min(picture.width, math.ceil(right)),
        min(picture.height, math.ceil(bottom)),
    )
    region = picture.crop(place)
    cell = max(max(region.size) / _CELLS, max(picture.size) * _LEAST_CELL)
    cells = (max(1, round(region.width / cell)), max(1, round(region.height / cell)))
    averages = region.resize(cells, Image.Resampling.BOX)
    picture.paste(averages.resize(region.size, Image.Resampling.BICUBIC), place)


class _Pen:
    """Draws on one layer; every length follows the layer's longer edge."""

    def __init__(self, layer: Image.Image, face: Path) -> None:
        self.width, self.height = layer.size
        longer = max(layer.size)
        self.line = max(3.0, longer * _LINE)
        self.edge = max(1.0, self.line * 0.45)
        self.paper = ImageDraw.Draw(layer)
        self.letter = max(10, round(longer * _LETTER))
        self.face = face

    def draw(self, mark: Mark) -> None:
        """Draw one mark, its contrasting edge below it."""
        if mark.kind is MarkKind.ARROW:
            self._arrow(mark)
        elif mark.kind is MarkKind.BOX:
            self._box(mark)
        else:
            self._text(mark)

    def _arrow(self, mark: Mark) -> None:
        tail = (mark.x1 * self.width, mark.y1 * self.height)
        tip = (mark.x2 * self.width, mark.y2 * self.height)
        length = math.dist(tail, tip)
        head = min(self.line * 5, length * 0.6)
        along = ((tip[0] - tail[0]) / length, (tip[1] - tail[1]) / length)
        across = (-along[1], along[0])

        def at(back: float, aside: float) -> tuple[float, float]:
            return (
                tip[0] - along[0] * back + across[0] * aside,
                tip[1] - along[1] * back + across[1] * aside,
            )

        half, wing = self.line / 2, head * 0.55
        outline = [
            at(0, 0), at(head, wing), at(head, half), at(length, half),
            at(length, -half), at(head, -half), at(head, -wing),
        ]  # fmt: skip
        self.paper.line(
            [*outline, outline[0], outline[1]],
            fill=_edge(mark.colour),
            width=round(self.edge * 2),
            joint="curve",
        )
        self.paper.polygon(outline, fill=_INK[mark.colour])

    def _box(self, mark: Mark) -> None:
        left, right = sorted((mark.x1 * self.width, mark.x2 * self.width))
        top, bottom = sorted((mark.y1 * self.height, mark.y2 * self.height))
        grow = self.edge
        outer = (left - grow, top - grow, right + grow, bottom + grow)
        self.paper.rectangle(outer, outline=_edge(mark.colour), width=round(self.line + 2 * grow))
        self.paper.rectangle((left, top, right, bottom), outline=_INK[mark.colour], width=round(self.line))

    def _text(self, mark: Mark) -> None:
        """Write on a ground of the colour, broken where the picture ends, moved in where it would not fit."""
        font = ImageFont.truetype(str(self.face), self.letter)
        pad = self.letter * 0.35
        lines = _broken(mark.text.strip(), font, self.width - 2 * pad)
        size = (max(font.getlength(line) for line in lines), self.letter * 1.3 * len(lines))
        left = max(0.0, min(mark.x1 * self.width, self.width - size[0] - 2 * pad))
        top = max(0.0, min(mark.y1 * self.height, self.height - size[1] - pad))
        ground = (left, top, left + size[0] + 2 * pad, top + size[1] + pad)
        self.paper.rounded_rectangle(
            ground, radius=pad, fill=_INK[mark.colour], outline=_edge(mark.colour), width=round(self.edge)
        )
        for at, line in enumerate(lines):
            place = (left + pad, top + pad / 2 + self.letter * (1.3 * at + 1.05))
            self.paper.text(place, line, font=font, fill=_edge(mark.colour), anchor="ls")


def _edge(colour: MarkColour) -> tuple[int, int, int]:
    return _BLACK if colour in _BRIGHT else _WHITE


def _broken(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break a text into lines of at most this width, between words where there are any."""
    lines, line = [], ""
    for character in " ".join(text.split()):
        if line and font.getlength(line + character) > width:
            cut = line.rfind(" ") + 1
            if character == " " or not cut:
                cut = len(line)
            lines.append(line[:cut].rstrip())
            line = line[cut:]
        line = (line + character).lstrip()
    return [*lines, line]
