"""What a page is filled with: blocks that know their height, can be cut, and draw themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import lru_cache

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from eightd.reporting.pdf.fonts import BOLD, REGULAR, Faces
from eightd.reporting.pdf.text import Align, Line, Run, least_width, paragraphs, set_lines, spaced


@lru_cache(maxsize=256)
def colour(value: str) -> Color:
    """Return the colour for ``#rrggbb``."""
    return HexColor(value)


class Block(ABC):
    """Something with a height at a given width. All measures are points, y grows upwards.

    ``before`` and ``after`` are the distances to its neighbours (the larger of two counts);
    ``keep`` holds it on the page of what follows, as a heading needs; one that ``breaks`` begins a page.
    """

    before: float = 0.0
    after: float = 0.0
    keep: bool = False
    breaks: bool = False
    bookmark: tuple[str, str] | None = None

    @abstractmethod
    def height(self, width: float) -> float:
        """Return the height when set to the width."""

    @abstractmethod
    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw with the upper left corner at (x, top); ``height`` is the room it was given."""

    def least(self, width: float) -> float:
        """Return the height of the smallest part that may stand alone at the end of a page."""
        return self.height(width)

    def cut(self, width: float, room: float, *, force: bool = False) -> tuple[Block, Block] | None:
        """Return a part that fits into ``room`` and the rest, or None where it should not be cut.

        ``force`` asks for a cut at any price: the block is higher than a page.
        """
        del width, room, force
        return None

    def spaced(self, *, before: float = 0.0, after: float = 0.0, keep: bool = False) -> Block:
        """Set the distances and return itself."""
        self.before, self.after, self.keep = before, after, keep
        return self


class Gap(Block):
    """Nothing, of a given height."""

    def __init__(self, height: float) -> None:
        self._height = height

    def height(self, width: float) -> float:
        """Return the fixed height."""
        del width
        return self._height

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw nothing."""


class Text(Block):
    """Runs of plain text, set as paragraphs at their line ends; may be cut between lines."""

    def __init__(self, runs: Iterable[Run], faces: Faces, *, align: Align = Align.LEFT) -> None:
        self._paragraphs = paragraphs(runs)
        self._faces = faces
        self._align = align
        self._set: tuple[float, list[Line]] | None = None

    @property
    def paragraphs(self) -> Sequence[Sequence[Run]]:
        """Return the text by its line ends, for readers that set it themselves."""
        return self._paragraphs

    @property
    def align(self) -> Align:
        """Return where the lines stand."""
        return self._align

    @classmethod
    def _of_lines(cls, lines: list[Line], width: float, like: Text) -> Text:
        text = cls((), like._faces, align=like._align)
        text._set = (width, lines)
        text.before, text.after = like.before, like.after
        return text

    def lines(self, width: float) -> list[Line]:
        """Return the set lines; kept for the last width asked."""
        if self._set is None or abs(self._set[0] - width) > 0.01:
            self._set = (
                width,
                [line for one in self._paragraphs for line in set_lines(one, width, self._faces)],
            )
        return self._set[1]

    def natural_width(self) -> float:
        """Return the width at which nothing would have to be broken."""
        return max((line.width for line in self.lines(1e6)), default=0.0)

    def least_width(self) -> float:
        """Return the width below which a word would have to be broken."""
        return max((least_width(one, self._faces) for one in self._paragraphs), default=0.0)

    def height(self, width: float) -> float:
        """Return the sum of the leadings."""
        return sum(line.leading for line in self.lines(width))

    def least(self, width: float) -> float:
        """Return the height of two lines, or of all where a cut would leave one alone."""
        lines = self.lines(width)
        return sum(line.leading for line in (lines if len(lines) < 4 else lines[:2]))

    def cut(self, width: float, room: float, *, force: bool = False) -> tuple[Block, Block] | None:
        """Cut so that at least two lines stand on either side, unless forced."""
        lines = self.lines(width)
        fitting, used = 0, 0.0
        for line in lines:
            if used + line.leading > room + 0.01:
                break
            used += line.leading
            fitting += 1
        fitting = min(fitting, len(lines) - 2) if not force else fitting
        if fitting < (1 if force else 2) or fitting >= len(lines):
            return None
        return (
            Text._of_lines(lines[:fitting], width, self),
            Text._of_lines(lines[fitting:], width, self),
        )

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw the lines, each on the baseline that its size asks for."""
        del height
        lines = self.lines(width)
        if not any(line.fragments for line in lines):
            return
        text = canvas.beginText()
        y = top
        for line in lines:
            slack = width - line.width
            shift = {Align.LEFT: 0.0, Align.RIGHT: slack, Align.CENTRE: slack / 2}[self._align]
            baseline = y - (line.leading - line.size) / 2 - line.size * 0.86
            for offset, run in line.fragments:
                text.setTextOrigin(x + shift + offset, baseline)
                text.setFont(BOLD if run.style.bold else REGULAR, run.style.size)
                text.setFillColor(colour(run.style.colour))
                _write(text, run)
            y -= line.leading
        canvas.drawText(text)


def _write(text: PDFTextObject, run: Run) -> None:
    """Write a run; what parts or joins its characters is a distance, so that it reads as it was written."""
    for piece, near in spaced(run.text):
        if near:
            if len(piece) > 1:
                text.textOut(piece[:-1])
            text.setCharSpace(near * run.style.size)
            text.textOut(piece[-1])
            text.setCharSpace(0)
        else:
            text.textOut(piece)


class Stack(Block):
    """Blocks one below the other, cut only between or inside its members; meant for a table's cell."""

    def __init__(self, members: Sequence[Block]) -> None:
        self._members = tuple(members)

    @property
    def members(self) -> Sequence[Block]:
        """Return what stands below each other."""
        return self._members

    def height(self, width: float) -> float:
        """Return the members' heights and the distances between them."""
        return sum(member.before + member.height(width) + member.after for member in self._members)

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw the members from the top."""
        del height
        for member in self._members:
            own = member.height(width)
            member.draw(canvas, x, top - member.before, width, own)
            top -= member.before + own + member.after

    def cut(self, width: float, room: float, *, force: bool = False) -> tuple[Block, Block] | None:
        """Cut before the member that does not fit, or inside it."""
        used = 0.0
        for index, member in enumerate(self._members):
            own = member.before + member.height(width) + member.after
            if used + own <= room + 0.01:
                used += own
                continue
            parts = member.cut(width, room - used - member.before - member.after, force=force)
            head, tail = self._members[:index], self._members[index:]
            if parts is not None:
                head, tail = (*head, parts[0]), (parts[1], *tail[1:])
            return (Stack(head), Stack(tail)) if head else None
        return None


class Whole(Stack):
    """Blocks one below the other that stay together wherever they fit a page."""

    def cut(self, width: float, room: float, *, force: bool = False) -> tuple[Block, Block] | None:
        """Cut only where there is no other way."""
        return super().cut(width, room, force=force) if force else None


class Diagram(Block):
    """A drawing, made smaller where it is wider than its column or higher than ``limit``."""

    def __init__(self, drawing: Drawing, *, limit: float) -> None:
        self._drawing = drawing
        self._limit = limit

    @property
    def drawing(self) -> Drawing:
        """Return the drawing at its own size."""
        return self._drawing

    def _scale(self, width: float) -> float:
        return min(1.0, width / float(self._drawing.width), self._limit / float(self._drawing.height))

    def height(self, width: float) -> float:
        """Return the drawing's height at its scale."""
        return float(self._drawing.height) * self._scale(width)

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw centred in the column."""
        scale = self._scale(width)
        canvas.saveState()
        canvas.translate(x + (width - float(self._drawing.width) * scale) / 2, top - height)
        canvas.scale(scale, scale)
        renderPDF.draw(self._drawing, canvas, 0, 0)
        canvas.restoreState()
