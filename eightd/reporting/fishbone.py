"""The fishbone (Ishikawa) diagram: one geometry for screen, paper and picture (procedure 7, D4).

What became of a possible cause is told by a mark and by its text, not by colour alone: an open one has a hollow
circle; an excluded one is crossed out, with the reason in small; a confirmed one has a full circle, stands in bold
and begins with the code of its root cause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from eightd.domain.discipline.answers import Fishbone, FishboneState
from eightd.domain.discipline.shares import cause_code
from eightd.reporting.figure import (
    Box,
    Dot,
    Figure,
    Head,
    Label,
    Palette,
    Stroke,
    measure,
    to_drawing,
    wrapped,
)
from eightd.reporting.figure import to_svg as figure_svg

__all__ = ["Bone", "Palette", "Twig", "fishbone", "ribs", "to_drawing", "to_svg"]

_SIZE = 7.2  # of the text; everything else follows it
_NAME = 8.0 / _SIZE
_REASON = 6.3 / _SIZE
_LEADING = 9.4 / _SIZE
_REASON_LEADING = 8.2 / _SIZE


@dataclass(frozen=True, slots=True)
class Twig:
    """One possible cause in plain text; ``code`` names the root cause it became."""

    text: str
    state: FishboneState = FishboneState.OPEN
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Bone:
    """One category: its name in one or two lines and the causes on it; a bare text is an open cause."""

    name: tuple[str, ...]
    causes: tuple[str | Twig, ...] = ()


def ribs(
    bones: Fishbone,
    names: Mapping[str, tuple[str, ...]],
    *,
    causes: int | None = None,
    show: Callable[[str], str] = str,
) -> list[Bone]:
    """Return the six categories of an answer; ``names`` by the name of the list, ``show`` cleans every text.

    ``causes`` is how many root causes there are: a link to one that is no longer there is left out.
    """
    made = []
    for one in fields(bones):
        twigs = tuple(
            Twig(
                show(cause.text),
                cause.state,
                show(cause.reason),
                cause_code(cause.cause)
                if cause.cause is not None
                and 0 <= cause.cause < (cause.cause + 1 if causes is None else causes)
                else "",
            )
            for cause in getattr(bones, one.name)
            if cause.text.strip()
        )
        made.append(Bone(names[one.name], twigs))
    return made


@dataclass(slots=True)
class _Sketch:
    """What is drawn so far, and the measures that follow the size of the text."""

    size: float
    strokes: list[Stroke] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def by(self, points: float) -> float:
        """Return a measure given for the usual size, for this one."""
        return points * self.size / _SIZE

    @property
    def mark(self) -> float:
        """Return the room a mark takes before its text."""
        return self.by(9)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A cause as lines: its text, and the reason why it is excluded."""

    twig: Twig
    lines: tuple[str, ...]
    reason: tuple[str, ...]

    def height(self, size: float) -> float:
        return (len(self.lines) * _LEADING + len(self.reason) * _REASON_LEADING) * size


def fishbone(
    effect: str,
    bones: Sequence[Bone],
    *,
    width: float = 515.0,
    size: float = _SIZE,
    legend: Mapping[FishboneState, str] | None = None,
) -> Figure:
    """Lay out the diagram for a width in points (or pixels on screen); ``size`` is that of the text.

    The first half of the bones stands above the spine, the rest below. The height follows from the longest bone
    on either side. ``legend`` says in words at the foot what the marks mean.
    """
    sketch = _Sketch(size)
    head_width, stem, slant = sketch.by(104), sketch.by(18), sketch.by(34)
    upper = list(bones[: (len(bones) + 1) // 2])
    lower = list(bones[(len(bones) + 1) // 2 :])
    pitch = (width - head_width - stem) / max(len(upper), len(lower), 1)
    room = max(pitch - slant - sketch.by(8), 4 * size)
    laid = {id(bone): [_lay(cause, room - sketch.mark, size) for cause in bone.causes] for bone in bones}
    upper_height = max((_bone_height(laid[id(bone)], sketch) for bone in upper), default=0.0)
    lower_height = max((_bone_height(laid[id(bone)], sketch) for bone in lower), default=0.0)
    box_height = max((_box_height(bone, room, sketch) for bone in bones), default=0.0)
    effect_size = size + sketch.by(0.6)
    effect_lines = wrapped(effect, head_width - sketch.by(16), effect_size)
    head_height = max(sketch.by(46), len(effect_lines) * _LEADING * size + sketch.by(16))
    spine = max(box_height + upper_height, head_height / 2 + 2)
    height = spine + max(lower_height + box_height, head_height / 2 + 2)

    sketch.strokes.append(Stroke(4, spine, width - head_width - sketch.by(6), spine, sketch.by(1.8)))
    sketch.boxes.append(Box(width - head_width, spine - head_height / 2, head_width, head_height, "head"))
    first = spine - (len(effect_lines) - 1) * _LEADING * size / 2 + size * 0.36
    sketch.labels.extend(
        Label(
            width - head_width / 2,
            first + at * _LEADING * size,
            line,
            effect_size,
            "head-text",
            "middle",
            bold=True,
        )
        for at, line in enumerate(effect_lines)
    )
    for side, reach, row in ((-1, upper_height, upper), (1, lower_height, lower)):
        for index, bone in enumerate(row):
            foot = stem + (index + 1) * pitch - sketch.by(14)
            sketch.strokes.append(Stroke(foot - slant, spine + side * reach, foot, spine, sketch.by(1.1)))
            _draw_box(sketch, bone, foot - slant, spine + side * reach, side, box_height, room)
            _draw_causes(sketch, laid[id(bone)], _Place(side, foot, spine, reach, room, slant))
    if legend:
        height = _draw_legend(sketch, legend, height + sketch.by(10), width)
    return Figure(
        width,
        height,
        tuple(sketch.strokes),
        tuple(sketch.boxes),
        tuple(sketch.dots),
        (Head(width - head_width, spine, sketch.by(10)),),
        tuple(sketch.labels),
    )


def to_svg(figure: Figure, *, title: str, palette: Palette | None = None) -> str:
    """Return the diagram as an SVG element; classes ``fishbone-*`` let a page restyle it."""
    return figure_svg(figure, title=title, name="fishbone-figure", palette=palette)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a bone's causes go: above (-1) or below (1) the spine, left of the bone."""

    side: int
    foot: float
    spine: float
    reach: float
    room: float
    slant: float

    def bone_at(self, y: float) -> float:
        """Return where the bone is at a height."""
        return self.foot - self.slant * abs(self.spine - y) / max(self.reach, 1)


def _lay(cause: str | Twig, width: float, size: float) -> _Laid:
    twig = Twig(cause) if isinstance(cause, str) else cause
    is_confirmed = twig.state is FishboneState.CONFIRMED
    text = f"{twig.code} {twig.text}" if is_confirmed and twig.code else twig.text
    reason = twig.reason if twig.state is FishboneState.EXCLUDED else ""
    return _Laid(twig, tuple(wrapped(text, width, size)), tuple(wrapped(reason, width, size * _REASON)))


def _bone_height(laid: Sequence[_Laid], sketch: _Sketch) -> float:
    causes = sum(one.height(sketch.size) for one in laid)
    return max(sketch.by(40), causes + len(laid) * sketch.by(6.5) + sketch.by(10))


def _names(bone: Bone, room: float, sketch: _Sketch) -> list[str]:
    return [line for name in bone.name for line in wrapped(name, room, sketch.size * _NAME)]


def _box_height(bone: Bone, room: float, sketch: _Sketch) -> float:
    return max(sketch.by(26), len(_names(bone, room, sketch)) * sketch.by(10) + sketch.by(6))


def _draw_box(
    sketch: _Sketch, bone: Bone, tip: float, end: float, side: int, height: float, room: float
) -> None:
    names = _names(bone, room, sketch)
    size = sketch.size * _NAME
    width = max(sketch.by(54), max((measure(name, size) for name in names), default=0.0) + sketch.by(12))
    top = end - (height if side < 0 else 0)
    sketch.boxes.append(Box(tip - width / 2, top, width, height, "box"))
    middle = top + height / 2
    sketch.labels.extend(
        Label(
            tip,
            middle + (at - (len(names) - 1) / 2) * sketch.by(10) + size * 0.34,
            name,
            size if at == 0 else sketch.by(6.6),
            "box-text",
            "middle",
            bold=at == 0,
        )
        for at, name in enumerate(names)
    )


def _draw_causes(sketch: _Sketch, laid: Sequence[_Laid], place: _Place) -> None:
    """Stack a bone's causes, each in lines over its twig, in the room left of the bone."""
    size = sketch.size
    y = place.spine - place.reach + sketch.by(4) if place.side < 0 else place.spine + sketch.by(6)
    for one in laid:
        twig = y + one.height(size) + sketch.by(1.5)
        at_bone = place.bone_at(twig)
        # Above the spine the bone leans away over the text: the text ends where the bone is at its top.
        start = min(at_bone, place.bone_at(y)) - place.room - sketch.by(3)
        sketch.strokes.append(Stroke(start, twig, at_bone, twig, sketch.by(0.5)))
        _draw_mark(sketch, one.twig.state, start + sketch.by(3.2), y + sketch.by(6))
        kind = one.twig.state.value
        base = y
        for line in one.lines:
            base += _LEADING * size
            sketch.labels.append(
                Label(
                    start + sketch.mark,
                    base - sketch.by(1.8),
                    line,
                    size,
                    f"{kind}-cause",
                    bold=one.twig.state is FishboneState.CONFIRMED,
                    struck=one.twig.state is FishboneState.EXCLUDED,
                )
            )
        for line in one.reason:
            base += _REASON_LEADING * size
            sketch.labels.append(
                Label(start + sketch.mark, base - sketch.by(1.6), line, size * _REASON, "reason")
            )
        y = twig + sketch.by(5)


def _draw_mark(sketch: _Sketch, state: FishboneState, x: float, y: float) -> None:
    """Draw a hollow circle for open, a cross for excluded, a full circle for confirmed."""
    reach = sketch.by(2.4)
    if state is FishboneState.EXCLUDED:
        for slope in (1, -1):
            sketch.strokes.append(
                Stroke(x - reach, y - slope * reach, x + reach, y + slope * reach, sketch.by(1), "excluded")
            )
        return
    sketch.dots.append(Dot(x, y, reach, state.value, filled=state is FishboneState.CONFIRMED))


def _draw_legend(sketch: _Sketch, legend: Mapping[FishboneState, str], top: float, width: float) -> float:
    """Draw what the marks mean, as many a line as there is room for; return where it ends."""
    x, y = 4.0, top
    for state, words in legend.items():
        for at, line in enumerate(wrapped(words, width - sketch.by(20), sketch.size)):
            needed = sketch.mark + measure(line, sketch.size)
            if x > 4.0 and (at or x + needed > width - 4):
                x, y = 4.0, y + sketch.by(11)
            if at == 0:
                _draw_mark(sketch, state, x + sketch.by(3.2), y + sketch.by(5))
            sketch.labels.append(Label(x + sketch.mark, y + sketch.by(7.6), line, sketch.size, "legend"))
            x += needed + sketch.by(14)
    return y + sketch.by(12)
