"""The 5-Why tree on paper: each step with its number, tied to the one it answers, its evidence below it."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from eightd.domain.discipline.answers import Why
from eightd.domain.discipline.whys import Step, in_order, is_chain, tree
from eightd.reporting.pdf.blocks import Block, colour
from eightd.reporting.pdf.fonts import BOLD
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.sheet import Sheet

FIRST_INDENT = 26.0
"""From the left edge to the text of a first step of a chain."""

_MIDDLE = 8.0  # of the first circle
_BESIDE = 12.0  # between a number and its text

_PILL = 5.0  # around a long number
_STEP = 15.0  # by which each level goes in
_DEEPEST = 8  # what is deeper stands below this
_REACH = 5.0  # over the distance between two rows


class Indented(Block):
    """A block that begins further to the right."""

    def __init__(self, inner: Block, indent: float) -> None:
        self.inner = inner
        self.indent = indent

    def height(self, width: float) -> float:
        """Return the height of what is inside."""
        return self.inner.height(width - self.indent)

    def least(self, width: float) -> float:
        """Return what the inside needs at least."""
        return self.inner.least(width - self.indent)

    def cut(self, width: float, room: float, *, force: bool = False) -> tuple[Block, Block] | None:
        """Cut what is inside; both parts keep their indent."""
        parts = self.inner.cut(width - self.indent, room, force=force)
        return None if parts is None else (self._with(parts[0]), self._with(parts[1], is_rest=True))

    def _with(self, inner: Block, *, is_rest: bool = False) -> Block:
        del is_rest
        return Indented(inner, self.indent)

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw what is inside, moved in."""
        self.inner.draw(canvas, x + self.indent, top, width - self.indent, height)


class WhyStep(Indented):
    """One step: its number in a circle at its level, the lines that tie it to the steps above and below.

    ``passing`` are the levels whose line runs on beside it, ``answers`` whether a step answers it directly below.
    """

    def __init__(
        self,
        inner: Block,
        number: str,
        level: int,
        *,
        passing: Sequence[int],
        answers: bool,
        shades: tuple[str, str],
        size: float,
        pill: float,
    ) -> None:
        radius = size * 0.86
        super().__init__(inner, _MIDDLE - radius + _STEP * level + max(pill, 2 * radius) + _BESIDE)
        self._pill = max(pill, 2 * radius)
        self._number = number
        self._level = level
        self._passing = tuple(passing)
        self._answers = answers
        self._shades = shades
        self._size = size

    @property
    def number(self) -> str:
        """Return the step's number, such as 2.1."""
        return self._number

    @property
    def level(self) -> int:
        """Return how deep it stands, 0 at the top."""
        return self._level

    def height(self, width: float) -> float:
        """Return the height of the text, or of the circle beside it."""
        return max(super().height(width), self._size * 1.9 if self._number else 0.0)

    def _with(self, inner: Block, *, is_rest: bool = False) -> Block:
        number = "" if is_rest else self._number
        return WhyStep(
            inner,
            number,
            self._level,
            passing=self._passing,
            answers=self._answers,
            shades=self._shades,
            size=self._size,
            pill=self._pill,
        )

    def _middle(self, level: int) -> float:
        return _MIDDLE + _STEP * level

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw the lines, the circle over them, and the text."""
        shade, line = self._shades
        radius = self._size * 0.86
        y = top - radius - 0.5
        canvas.setStrokeColor(colour(line))
        canvas.setLineWidth(0.9)
        for level in self._passing:
            canvas.line(x + self._middle(level), top + _REACH, x + self._middle(level), top - height - _REACH)
        if self._level:
            parent = x + self._middle(self._level - 1)
            if self._number:
                canvas.line(parent, top + _REACH, parent, y)
                canvas.line(parent, y, x + self._middle(self._level), y)
        middle = x + self._middle(self._level)
        if self._answers:
            canvas.line(middle, y, middle, top - height - _REACH)
        if self._number:
            self._circle(canvas, x + self._middle(self._level) - radius, y, radius, shade)
        super().draw(canvas, x, top, width, height)

    def _circle(self, canvas: Canvas, left: float, y: float, radius: float, shade: str) -> None:
        text_width = canvas.stringWidth(self._number, BOLD, self._size)
        canvas.setFillColor(colour(shade))
        canvas.roundRect(left, y - radius, self._pill, 2 * radius, radius, stroke=0, fill=1)
        text = canvas.beginText(0, 0)
        text.setFont(BOLD, self._size)
        text.setFillColor(colour("#ffffff"))
        text.setTextOrigin(left + (self._pill - text_width) / 2, y - self._size * 0.36)
        text.textOut(self._number)
        canvas.drawText(text)


def why_links(whys: Sequence[Why], sheet: Sheet) -> list[tuple[Why, Block]]:
    """Return each step that says something with its block, in the order of the tree.

    A chain without branches stands below itself; branches go in by their level. A step that nothing
    answers is a root and stands out.
    """
    steps = list(in_order(tree([why for why in whys if why.text.strip()])))
    chain = is_chain([step.why for step in steps])
    colours, styles = sheet.layout.colours, sheet.styles
    made: list[tuple[Why, Block]] = []
    for at, step in enumerate(steps):
        is_root = not step.children
        level = 0 if chain else min(step.level, _DEEPEST)
        text = sheet.runs(step.why.text, styles.strong if is_root else styles.body)
        number = str(at + 1) if chain else step.number
        evidence = sheet.runs(step.why.evidence, styles.small)
        if evidence:
            label = sheet.words(sheet.labels("text.why_evidence"), styles.label, styles.label_minor)
            text = [*text, Run("\n", styles.small), *label, Run("  ", styles.label), *evidence]
        link = WhyStep(
            sheet.text(text),
            number,
            level,
            passing=() if chain else _passing(steps, at),
            answers=at + 1 < len(steps) if chain else bool(step.children) and step.level < _DEEPEST,
            shades=(colours.accent if is_root else colours.grey, colours.edge),
            size=styles.label.size,
            pill=sheet.faces.bold.width(number, styles.label.size) + _PILL,
        )
        made.append((step.why, link))
    return made


def _passing(steps: Sequence[Step], at: int) -> list[int]:
    """Return the levels to which a later step is tied by a line that runs past this one."""
    levels = []
    for level in range(min(steps[at].level, _DEEPEST)):
        later = next((one.level for one in steps[at + 1 :] if one.level <= level + 1), None)
        if later == level + 1:
            levels.append(level)
    return levels
