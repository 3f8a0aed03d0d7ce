"""Marks drawn on a picture: what kinds there are, and which drawings are accepted (procedure 7, D2)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eightd.domain.words import Message, Phrase

MOST_MARKS = 200
LONGEST_TEXT = 200
_SMALLEST = 0.004
"""The smallest width and height of a box, and length of an arrow, as a part of the picture."""

NOTHING_DRAWN = Phrase(
    "marks.nothing_drawn",
    "Draw at least one arrow, box, text or blur",
    "请至少绘制一个箭头、方框、文字或模糊区域",
)
TOO_MANY = Phrase("marks.too_many", "At most {limit} marks on a picture", "一张图片上最多 {limit} 个标记")
OUTSIDE = Phrase("marks.outside", "This must lie within the picture (0–100 %)", "须在图片范围内（0–100 %）")
TOO_SMALL = Phrase("marks.too_small", "This mark is too small to be seen", "该标记太小，无法看清")
NO_TEXT = Phrase("marks.no_text", "Please write the text", "请填写文字")
TOO_LONG = Phrase("marks.too_long", "At most {limit} characters", "最多 {limit} 个字符")


class MarkKind(StrEnum):
    """What may be drawn on a picture."""

    ARROW = "arrow"
    BOX = "box"
    TEXT = "text"
    BLUR = "blur"


class MarkColour(StrEnum):
    """The colours of marks; each is drawn with an edge that contrasts with it."""

    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"
    GREEN = "green"
    WHITE = "white"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark; coordinates are parts of the picture's width and height from its upper left corner, 0 to 1.

    An arrow points from the first point to the second. A box or blur lies between two opposite corners. A text
    begins at the first point; its second means nothing.
    """

    kind: MarkKind
    x1: float
    y1: float
    x2: float = 0.0
    y2: float = 0.0
    colour: MarkColour = MarkColour.RED
    text: str = ""


def problems(marks: Sequence[Mark]) -> Mapping[str, Message]:
    """Return what is wrong with a drawing, by place: ``marks`` or ``marks-<number from 0>-<field>``."""
    if not marks:
        return {"marks": NOTHING_DRAWN.say()}
    if len(marks) > MOST_MARKS:
        return {"marks": TOO_MANY.say(limit=MOST_MARKS)}
    return {f"marks-{at}-{name}": problem for at, one in enumerate(marks) for name, problem in _problems(one)}


def _problems(mark: Mark) -> Iterator[tuple[str, Message]]:
    outside = [name for name in ("x1", "y1", "x2", "y2") if not 0 <= getattr(mark, name) <= 1]
    for name in outside:  # NaN is in no range
        yield name, OUTSIDE.say()
    if mark.kind is MarkKind.TEXT:
        if not mark.text.strip():
            yield "text", NO_TEXT.say()
        if len(mark.text) > LONGEST_TEXT:
            yield "text", TOO_LONG.say(limit=LONGEST_TEXT)
    elif not outside and _extent(mark) < _SMALLEST:
        yield "x2", TOO_SMALL.say()


def _extent(mark: Mark) -> float:
    """Return an arrow's length, or the lesser of a box's width and height."""
    width, height = abs(mark.x2 - mark.x1), abs(mark.y2 - mark.y1)
    return math.hypot(width, height) if mark.kind is MarkKind.ARROW else min(width, height)


def document(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Return a drawing as it is stored: numbers to the ten-thousandth, and of each kind what it needs."""
    return [_document(one) for one in marks]


def _document(mark: Mark) -> dict[str, Any]:
    stored: dict[str, Any] = {"kind": mark.kind.value, "x1": round(mark.x1, 4), "y1": round(mark.y1, 4)}
    if mark.kind is not MarkKind.TEXT:
        stored |= {"x2": round(mark.x2, 4), "y2": round(mark.y2, 4)}
    if mark.kind is not MarkKind.BLUR:
        stored["colour"] = mark.colour.value
    if mark.kind is MarkKind.TEXT:
        stored["text"] = mark.text.strip()
    return stored


def stored_marks(stored: Sequence[Mapping[str, Any]] | None) -> tuple[Mark, ...]:
    """Return a drawing read back from the store; none for a picture without marks."""
    return tuple(
        Mark(
            kind=MarkKind(one["kind"]),
            x1=one["x1"],
            y1=one["y1"],
            x2=one.get("x2", 0.0),
            y2=one.get("y2", 0.0),
            colour=MarkColour(one.get("colour", MarkColour.RED)),
            text=one.get("text", ""),
        )
        for one in stored or ()
    )


def hides(stored: Sequence[Mapping[str, Any]] | None) -> bool:
    """Return whether a stored drawing blurs anything: its original is then for the plant alone."""
    return any(one["kind"] == MarkKind.BLUR for one in stored or ())
