"""A reportlab drawing as SVG whose look is in attributes only: a page with a strict policy shows nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from reportlab.graphics.shapes import (
    Circle,
    Drawing,
    Ellipse,
    Group,
    Line,
    Path,
    Polygon,
    PolyLine,
    Rect,
    String,
)
from reportlab.lib.colors import Color

_ANCHORS = {"start": "start", "middle": "middle", "end": "end"}
_OPERATORS = (("M", 2), ("L", 2), ("C", 6), ("Z", 0))


def to_svg(drawing: Drawing, label: str) -> str:
    """Return the drawing at its own size, y turned downwards; ``label`` names it for those who cannot see it."""
    width, height = float(drawing.width), float(drawing.height)
    inner = "".join(_shapes(drawing.contents))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label, quote=True)}" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}">'
        f'<g transform="translate(0 {_n(height)}) scale(1 -1)">{inner}</g></svg>'
    )


def strings(drawing: Drawing) -> Iterator[str]:
    """Yield every text of the drawing."""
    yield from _strings(drawing.contents)


def _strings(shapes: list[Any]) -> Iterator[str]:
    for shape in shapes:
        if isinstance(shape, String):
            yield shape.text
        elif isinstance(shape, Group):
            yield from _strings(shape.contents)


def _shapes(shapes: list[Any]) -> Iterator[str]:
    for shape in shapes:
        match shape:
            case Group():
                matrix = " ".join(_n(one) for one in shape.transform)
                yield f'<g transform="matrix({matrix})">{"".join(_shapes(shape.contents))}</g>'
            case Line():
                place = f'x1="{_n(shape.x1)}" y1="{_n(shape.y1)}" x2="{_n(shape.x2)}" y2="{_n(shape.y2)}"'
                yield f"<line {place}{_stroke(shape)}/>"
            case Rect():
                place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
                corner = f' rx="{_n(shape.rx)}" ry="{_n(shape.ry)}"' if shape.rx or shape.ry else ""
                yield f"<rect {place}{corner}{_look(shape)}/>"
            case Circle():
                yield f'<circle cx="{_n(shape.cx)}" cy="{_n(shape.cy)}" r="{_n(shape.r)}"{_look(shape)}/>'
            case Ellipse():
                radii = f'rx="{_n(shape.rx)}" ry="{_n(shape.ry)}"'
                yield f'<ellipse cx="{_n(shape.cx)}" cy="{_n(shape.cy)}" {radii}{_look(shape)}/>'
            case Polygon():
                yield f'<polygon points="{_points(shape.points)}"{_look(shape)}/>'
            case PolyLine():
                yield f'<polyline points="{_points(shape.points)}" fill="none"{_stroke(shape)}/>'
            case Path():
                yield f'<path d="{_path(shape)}"{_look(shape)}/>'
            case String():
                yield _string(shape)


def _string(shape: Any) -> str:
    bold = ' font-weight="bold"' if "bold" in str(shape.fontName).lower() else ""
    anchor = _ANCHORS.get(shape.textAnchor, "start")
    return (
        f'<text transform="translate({_n(shape.x)} {_n(shape.y)}) scale(1 -1)" font-size="{_n(shape.fontSize)}" '
        f'font-family="inherit" text-anchor="{anchor}"{bold}{_fill(shape)}>{escape(shape.text)}</text>'
    )


def _path(shape: Any) -> str:
    numbers = iter(shape.points)
    made = []
    for operator in shape.operators:
        letter, count = _OPERATORS[operator]
        made.append(letter + " ".join(_n(next(numbers)) for _ in range(count)))
    return "".join(made)


def _points(numbers: list[float]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in zip(numbers[::2], numbers[1::2], strict=True))


def _look(shape: Any) -> str:
    return _fill(shape) + _stroke(shape)


def _fill(shape: Any) -> str:
    return f' fill="{_colour(shape.fillColor)}"'


def _stroke(shape: Any) -> str:
    if getattr(shape, "strokeColor", None) is None or not shape.strokeWidth:
        return ""
    dashes = getattr(shape, "strokeDashArray", None)
    dashed = f' stroke-dasharray="{" ".join(_n(one) for one in dashes)}"' if dashes else ""
    return f' stroke="{_colour(shape.strokeColor)}" stroke-width="{_n(shape.strokeWidth)}"{dashed}'


def _colour(value: Color | None) -> str:
    return "none" if value is None else f"#{value.hexval()[2:]}"


def _n(value: float) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
