"""Blocks distributed over pages, and pages drawn into a PDF whose bytes depend on nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf.blocks import Block
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


def distribute(blocks: Sequence[Block], paper: Paper) -> list[list[Placed]]:
    """Place the blocks on pages; headings stay with what follows, long blocks are cut.

    Raises TooHighError for a block that is higher than a page and refuses even a forced cut.
    """
    pages: list[list[Placed]] = [[]]
    waiting = list(reversed(blocks))
    y = paper.start(1)
    after = 0.0
    while waiting:
        block = waiting.pop()
        page = pages[-1]
        gap = max(block.before, after) if page else 0.0
        room = y - gap - paper.bottom
        height = block.height(paper.column)
        if height <= room + 0.01 and _following(block, waiting, paper.column) <= room - height + 0.01:
            page.append(Placed(block, y - gap, height))
            y -= gap + height
            after = block.after
            continue
        # Also where the block itself would fit: its end then goes over with what must follow it.
        parts = block.cut(paper.column, min(room, height - 1))
        if parts is None and not page:
            parts = block.cut(paper.column, room, force=True)
            if parts is None and height <= room + 0.01:  # only what follows does not fit: let it go
                page.append(Placed(block, y - gap, height))
                y -= gap + height
                after = block.after
                continue
            if parts is None:
                raise TooHighError(f"{type(block).__name__} of {height:.0f} points")
        if parts is not None:
            head, tail = parts
            tail.keep = block.keep
            page.append(Placed(head, y - gap, head.height(paper.column)))
            waiting.append(tail)
        else:
            waiting.append(block)
        pages.append([])
        y, after = paper.start(len(pages)), 0.0
    return pages


def _following(block: Block, waiting: Sequence[Block], width: float) -> float:
    """Return the room that must remain below a block which may not stand last on its page."""
    needed = 0.0
    for following in reversed(waiting):
        if not block.keep:
            return needed
        needed += max(block.after, following.before) + following.least(width)
        block = following
    return needed


def write(
    pages: Sequence[Sequence[Placed]],
    paper: Paper,
    about: About,
    frame: Callable[[Canvas, int, int], None],
) -> bytes:
    """Draw the pages and return the PDF; ``frame`` draws what stands on every page, under its content.

    Equal input gives equal bytes in every process: dates come from ``about``, names from the order.
    """
    with DRAWING:
        return _write(pages, paper, about, frame)


def _write(
    pages: Sequence[Sequence[Placed]],
    paper: Paper,
    about: About,
    frame: Callable[[Canvas, int, int], None],
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
    for number, page in enumerate(pages, start=1):
        frame(canvas, number, len(pages))
        for placed in page:
            if placed.block.bookmark:
                key, title = placed.block.bookmark
                canvas.bookmarkHorizontal(key, 0, placed.top + 6)
                canvas.addOutlineEntry(title, key, level=0)
            placed.block.draw(canvas, paper.left, placed.top, paper.column, placed.height)
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
