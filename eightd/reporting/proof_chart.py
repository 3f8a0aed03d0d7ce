"""Before and after of an effectiveness proof with what the samples allow to say, as a small chart (procedure 7, D6)."""

from __future__ import annotations

import math

from eightd.domain.discipline.effectiveness import Counted, Proof
from eightd.reporting.figure import Dot, Figure, Label, Palette, Stroke, measure
from eightd.reporting.figure import to_svg as figure_svg

_ROW = 2.6  # heights in the size of the text
_AXIS = 2.0
_MOST_TICKS = 5


def proof_chart(proof: Proof, *, before: str, after: str, width: float = 420.0, size: float = 8.0) -> Figure:
    """Lay out a row for what was counted before, where it was, and one for after.

    The dot is the share found, the bar its two-sided 95 % limits, in percent from 0; ``before`` and ``after``
    name the rows. The words stay left and right of the bars, never on them.
    """
    rows = [] if proof.before is None else [(before, proof.before, "before")]
    rows.append((after, proof.after, "after"))
    names = [f"{name}  {one.ng:,} / {one.size:,}" for name, one, _ in rows]
    shares = [f"{_share(one)} %" for _, one, _ in rows]
    left = max(measure(name, size) for name in names) + size
    right = width - max(measure(share, size) for share in shares) - size
    highest = max(one.upper for _, one, _ in rows) * 100
    step = _step(highest)
    most: float = step * math.ceil(highest / step - 1e-9)
    span = max(right - left - size, size)

    def at(share: float) -> float:
        return left + span * min(share * 100 / most, 1)

    floor = len(rows) * _ROW * size
    strokes = [Stroke(left, floor, left + span, floor, 0.8)]
    labels: list[Label] = []
    dots: list[Dot] = []
    for tick in range(round(most / step) + 1):
        x = left + span * tick * step / most
        strokes.append(Stroke(x, size * 0.4, x, floor + size * 0.4, 0.3))
        text = f"{tick * step:.10g} %"
        labels.append(Label(x, floor + size * 1.5, text, size * 0.85, "legend", "middle"))
    for index, (_, one, kind) in enumerate(rows):
        y = (index + 0.5) * _ROW * size
        low, high = at(one.lower), max(at(one.upper), at(one.lower) + 1.5)
        strokes.append(Stroke(low, y, high, y, size * 0.3, kind))
        strokes.extend(Stroke(end, y - size * 0.45, end, y + size * 0.45, 1, kind) for end in (low, high))
        dots.append(Dot(at(one.share), y, size * 0.38, kind))
        labels.append(Label(0, y + size * 0.36, names[index], size, "text"))
        labels.append(Label(width, y + size * 0.36, shares[index], size, kind, "end", bold=True))
    return Figure(width, floor + _AXIS * size, tuple(strokes), (), tuple(dots), (), tuple(labels))


def to_svg(figure: Figure, *, title: str, palette: Palette | None = None) -> str:
    """Return the chart as an SVG element; classes ``proof-figure-*`` let a page restyle it."""
    return figure_svg(figure, title=title, name="proof-figure", palette=palette)


def _share(one: Counted) -> str:
    return f"{one.share * 100:.2g}" if one.share < 0.1 else f"{one.share * 100:.1f}".removesuffix(".0")


def _step(most: float) -> float:
    """Return a round distance of ticks, so that few of them reach ``most`` percent."""
    raw = most / (_MOST_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))
