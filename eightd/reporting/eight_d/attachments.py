"""Files that go along with a report: listed in it, embedded in the PDF, or shown as pages behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.eight_d.document import AttachmentFact, EightDDocument
from eightd.reporting.eight_d.pictures import PictureBlock, print_ready
from eightd.reporting.pdf.blocks import Block, Text, colour
from eightd.reporting.pdf.embedding import Attached
from eightd.reporting.pdf.pages import OwnPage, Page
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.sheet import Sheet, TableRow

if TYPE_CHECKING:
    from eightd.reporting.pdf.importing import ForeignPages, Setting

_PAGES = "pages"
_EMBED = "embed"
_PDF = "application/pdf"


class MissingAttachmentError(LookupError):
    """The document names a file whose bytes were not given."""


@dataclass(frozen=True, slots=True)
class Along:
    """One file that goes along; ``pages`` where it is a PDF that can be shown, ``picture`` where it is one."""

    fact: AttachmentFact
    content: bytes
    pages: ForeignPages | None = None
    picture: bytes | None = None

    @property
    def is_shown(self) -> bool:
        """Return whether it follows as pages."""
        return self.pages is not None or self.picture is not None


def along(document: EightDDocument, contents: Mapping[str, bytes], sheet: Sheet) -> list[Along]:
    """Return the files of the document that go along, those to be shown made ready; raises MissingAttachmentError.

    What cannot be shown as pages (encrypted, broken, with scripts in it) is embedded instead.
    """
    made = []
    for fact in document.attachments:
        if fact.goes_along not in (_EMBED, _PAGES):
            continue
        if fact.sha256 not in contents:
            raise MissingAttachmentError(fact.sha256)
        content = contents[fact.sha256]
        pages = picture = None
        if fact.goes_along == _PAGES and fact.media_type == _PDF:
            pages = _pages(content)
        elif fact.goes_along == _PAGES:
            picture = print_ready(content, sheet.layout.pictures)
        made.append(Along(fact, content, pages, picture))
    return made


def _pages(content: bytes) -> ForeignPages | None:
    # Start-up saving: most reports have no foreign pages, and the reader of PDFs takes a while to load.
    from eightd.reporting.pdf.importing import NotImportedError, foreign_pages  # noqa: PLC0415

    try:
        return foreign_pages(content)
    except NotImportedError:
        return None


def listed(files: Sequence[Along], sheet: Sheet) -> list[Block]:
    """Return the table of the files, each with its checksum and where it is found."""
    return sheet.table(
        "attachments",
        [
            TableRow(
                (
                    one.fact.filename,
                    _size(len(one.content)),
                    sheet.say(_where(one)),
                    [Run(one.fact.sha256, sheet.styles.label)],
                )
            )
            for one in files
        ],
    )


def _where(one: Along) -> str:
    if one.is_shown:
        return "text.appended"
    return "text.attached_broken" if one.fact.goes_along == _PAGES else "text.embedded"


def _size(length: int) -> str:
    return f"{length / 1_000_000:.1f} MB" if length >= 100_000 else f"{max(length, 100) / 1000:.1f} kB"


def embedded(files: Sequence[Along]) -> list[Attached]:
    """Return the files that are embedded in the PDF."""
    return [
        Attached(one.fact.filename, one.fact.media_type, one.content, one.fact.sha256)
        for one in files
        if not one.is_shown
    ]


class PageHole(Block):
    """The room in which a page of another PDF is set."""

    def __init__(self, source: ForeignPages, number: int, *, height: float, edge: str) -> None:
        self.source = source
        self.number = number
        self._height = height
        self._edge = edge

    def height(self, width: float) -> float:
        """Return the room it was given."""
        del width
        return self._height

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw a fine line around where the page will stand."""
        across, down = self.source.sizes[self.number]
        scale = min(width / across, height / down)
        canvas.setStrokeColor(colour(self._edge))
        canvas.setLineWidth(0.4)
        left = x + (width - across * scale) / 2
        canvas.rect(left, top - down * scale, across * scale, down * scale, stroke=1, fill=0)


def appendix(files: Sequence[Along], sheet: Sheet) -> list[Block]:
    """Return a page for each picture and each page of a PDF that follows the report."""
    blocks: list[Block] = []
    for one in files:
        if one.picture is not None:
            blocks.append(_picture_page(one, one.picture, sheet))
        elif one.pages is not None:
            blocks += [_foreign_page(one, one.pages, at, sheet) for at in range(len(one.pages.sizes))]
    return blocks


def _picture_page(one: Along, jpeg: bytes, sheet: Sheet) -> Block:
    picture = PictureBlock(jpeg, f"picture{one.fact.sha256}", highest=1.0, edge=sheet.layout.colours.edge)
    paper = sheet.layout.paper(across=picture.is_wide)
    room = paper.start(2) - paper.bottom
    title = _title(one, 1, 1, sheet)
    picture.highest = room - title.height(paper.column) - title.after - 1
    return OwnPage([title, picture], paper)


def _foreign_page(one: Along, pages: ForeignPages, at: int, sheet: Sheet) -> Block:
    across, down = pages.sizes[at]
    paper = sheet.layout.paper(across=across > down)
    room = paper.start(2) - paper.bottom
    title = _title(one, at + 1, len(pages.sizes), sheet)
    height = room - title.height(paper.column) - title.after - 1
    return OwnPage([title, PageHole(pages, at, height=height, edge=sheet.layout.colours.hairline)], paper)


def _title(one: Along, page: int, pages: int, sheet: Sheet) -> Text:
    runs = sheet.runs(one.fact.filename, sheet.styles.minor)
    if pages > 1:
        runs = sheet.say(
            "text.attached_page", sheet.styles.minor, filename=runs[0].text, page=page, pages=pages
        )
    text = Text(runs, sheet.faces)
    text.spaced(after=5, keep=True)
    if page == 1:
        text.bookmark = (f"file{one.fact.sha256}", one.fact.filename)
    return text


def settings(pages: Sequence[Page]) -> list[Setting]:
    """Return where each foreign page stands among the report's pages."""
    found = [
        (at, page.paper, placed, placed.block)
        for at, page in enumerate(pages)
        for placed in page
        if isinstance(placed.block, PageHole)
    ]
    if not found:
        return []
    # Start-up saving, as above.
    from eightd.reporting.pdf.importing import Setting  # noqa: PLC0415

    return [
        Setting(
            at,
            hole.source,
            hole.number,
            paper.left,
            placed.top - placed.height,
            paper.column,
            placed.height,
        )
        for at, paper, placed, hole in found
    ]


def with_pages(pdf: bytes, wanted: Sequence[Setting]) -> bytes:
    """Return the PDF with the foreign pages in their places."""
    if not wanted:
        return pdf
    # Start-up saving, as above.
    from eightd.reporting.pdf.importing import set_in  # noqa: PLC0415

    return set_in(pdf, wanted)
