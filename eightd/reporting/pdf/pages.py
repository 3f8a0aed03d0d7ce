"""Blocks distributed over pages, and pages drawn into a PDF whose bytes depend on nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.embedding import Attached, embed
from eightd.reporting.pdf.fonts import DRAWING, REGULAR

rl_config.useA85 = 0  # binary streams: a fifth smaller, and what every reader expects


@dataclass(frozen=True, slots=True)
class Paper:
    """The sheet and its margins in points; the first page may begin higher than the others."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    top_first: float

    @property
    def column(self) -> float:
        """Return the width between the margins."""
        return self.width - self.left - self.right

    def start(self, page: int) -> float:
        """Return the y where the content of the page (from 1) begins."""
        return self.height - (self.top_first if page == 1 else self.top)


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with the y of its upper end."""

    block: Block
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class About:
    """The PDF's metadata; ``moment`` dates it."""

    title: str
    author: str
    subject: str
    keywords: str
    language: str
    moment: datetime


class TooHighError(Exception):
    """A block is higher than a page and cannot be cut."""


@dataclass(slots=True)
class Page:
    """One page: its paper and what stands on it."""

    paper: Paper
    placed: list[Placed] = field(default_factory=list)

    def __iter__(self) -> Iterator[Placed]:
        """Go through what stands on the page from the top."""
        return iter(self.placed)

    def __len__(self) -> int:
        """Return how many blocks stand on the page."""
        return len(self.placed)


class OwnPage(Block):
    """Blocks on pages of their own, of any size; what follows goes on below what came before.

    One that ``floats`` comes behind the page on which it was asked for, so that this page is filled
    first; any other ends the page before it.
    """

    def __init__(self, blocks: Sequence[Block], paper: Paper, *, floats: bool = False) -> None:
        self.blocks = tuple(blocks)
        self.paper = paper
        self.floats = floats

    def height(self, width: float) -> float:
        """Return nothing: it takes no room where it is asked for."""
        del width
        return 0.0

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw nothing where it is asked for."""


def distribute(blocks: Sequence[Block], paper: Paper) -> list[Page]:
    """Place the blocks on pages; headings stay with what follows, long blocks are cut.

    Raises TooHighError for a block that is higher than a page and refuses even a forced cut.
    """
    return _Setting(paper).set(blocks)


class _Setting:
    """The page being filled, those done, and those that wait for its end."""

    def __init__(self, paper: Paper, *, is_first: bool = True) -> None:
        self._paper = paper
        self._is_first = is_first
        self._done: list[Page] = []
        self._floating: list[Page] = []
        self._open()

    def set(self, blocks: Sequence[Block]) -> list[Page]:
        waiting = list(reversed(blocks))
        while waiting:
            block = waiting.pop()
            if isinstance(block, OwnPage):
                self._own(block)
            else:
                self._place(block, waiting)
        if self._page.placed or not (self._done or self._floating):
            self._close()
        return [*self._done, *self._floating]

    def _open(self) -> None:
        self._page = Page(self._paper)
        self._y = self._paper.start(1 if self._is_first and not self._done else 2)
        self._after = 0.0

    def _close(self) -> None:
        self._done += [self._page, *self._floating]
        self._floating = []
        self._open()

    def _own(self, block: OwnPage) -> None:
        own = _Setting(block.paper, is_first=False).set(block.blocks)
        if block.floats and self._page.placed:
            self._floating += own
            return
        if self._page.placed:
            self._close()
        self._done += own
        self._open()

    def _put(self, block: Block, gap: float, height: float) -> None:
        self._page.placed.append(Placed(block, self._y - gap, height))
        self._y -= gap + height
        self._after = block.after

    def _place(self, block: Block, waiting: list[Block]) -> None:
        page, width = self._page, self._paper.column
        if block.breaks and page.placed:
            self._close()
            page = self._page
        gap = max(block.before, self._after) if page.placed else 0.0
        room = self._y - gap - self._paper.bottom
        height = block.height(width)
        if height <= room + 0.01 and _following(block, waiting, width) <= room - height + 0.01:
            self._put(block, gap, height)
            return
        # Also where the block itself would fit: its end then goes over with what must follow it.
        parts = block.cut(width, min(room, height - 1))
        if parts is None and not page.placed:
            parts = block.cut(width, room, force=True)
            if parts is None and height <= room + 0.01:  # only what follows does not fit: let it go
                self._put(block, gap, height)
                return
            if parts is None:
                raise TooHighError(f"{type(block).__name__} of {height:.0f} points")
        if parts is not None:
            head, tail = parts
            tail.keep = block.keep
            self._put(head, gap, head.height(width))
            waiting.append(tail)
        else:
            waiting.append(block)
        self._close()


def _following(block: Block, waiting: Sequence[Block], width: float) -> float:
    """Return the room that must remain below a block which may not stand last on its page."""
    needed = 0.0
    for following in reversed(waiting):
        if not block.keep:
            return needed
        if isinstance(following, OwnPage):
            if following.floats:
                continue
            return needed
        needed += max(block.after, following.before) + following.least(width)
        block = following
    return needed


def write(
    pages: Sequence[Page],
    paper: Paper,
    about: About,
    frame: Callable[[Canvas, int, int], None],
    files: Sequence[Attached] = (),
) -> bytes:
    """Draw the pages and return the PDF; ``frame`` draws what stands on every page, under its content.

    ``paper`` is the size that a reader's program takes for the document's; ``files`` are embedded.

    Equal input gives equal bytes in every process: dates come from ``about``, names from the order.
    """
    with DRAWING:
        return _write(pages, paper, about, frame, files)


def _write(
    pages: Sequence[Page],
    paper: Paper,
    about: About,
    frame: Callable[[Canvas, int, int], None],
    files: Sequence[Attached],
) -> bytes:
    target = io.BytesIO()
    canvas: Any = Canvas(
        target,
        pagesize=(paper.width, paper.height),
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,  # type: ignore[arg-type]  # the stub says float
        lang=about.language,
        pdfVersion=(1, 7),
    )
    _describe(canvas, about)
    embed(canvas, files, about.moment)
    for number, page in enumerate(pages, start=1):
        canvas.setPageSize((page.paper.width, page.paper.height))
        frame(canvas, number, len(pages))
        for placed in page:
            if placed.block.bookmark:
                key, title = placed.block.bookmark
                canvas.bookmarkHorizontal(key, 0, placed.top + 6)
                canvas.addOutlineEntry(title, key, level=0)
            placed.block.draw(canvas, page.paper.left, placed.top, page.paper.column, placed.height)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _describe(canvas: Any, about: About) -> None:
    canvas.setTitle(about.title)
    canvas.setAuthor(about.author)
    canvas.setSubject(about.subject)
    canvas.setKeywords(about.keywords)
    canvas.setCreator("EightD")
    canvas.setProducer("EightD")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    stamp = canvas._doc._timeStamp
    moment = about.moment.astimezone(UTC)
    stamp.t = moment.timestamp()
    stamp.lt = moment.timetuple()
    stamp.YMDhms = tuple(moment.timetuple())[:6]
    stamp.dhh = stamp.dmm = 0
