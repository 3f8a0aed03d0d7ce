"""Render a document beside the 8D report as PDF: the same document and language give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from eightd.domain.paperwork import DocumentKind
from eightd.reporting.documents import letter, sections
from eightd.reporting.documents.facts import ComplaintDocument, content_hash, to_json
from eightd.reporting.documents.frame import DocumentFrame
from eightd.reporting.documents.head import brand, head, number_words
from eightd.reporting.documents.layouts import read_labels, read_layout
from eightd.reporting.eight_d.audience import Audience, for_audience
from eightd.reporting.eight_d.pictures import logo
from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.pages import About, distribute, write
from eightd.reporting.sheet.sheet import Sheet
from eightd.reporting.sheet.wording import ReportLanguage


@dataclass(frozen=True, slots=True)
class Story:
    """A document told in blocks, before it is set on pages: what paper and screen share."""

    document: ComplaintDocument
    sheet: Sheet
    blocks: tuple[Block, ...]
    digest: str


def story(
    document: ComplaintDocument,
    *,
    language: ReportLanguage,
    reports: Path,
    pictures: Mapping[str, bytes],
) -> Story:
    """Tell the document in blocks.

    ``reports`` holds a folder per kind and ``fonts/``; ``pictures`` gives the bytes of every picture by SHA-256.
    What is written to customers is told from the customer's version of the facts. Raises MalformedLayout or
    MissingPictureError.
    """
    digest = content_hash(to_json(document))
    if document.kind.is_for_customers:
        document = replace(document, report=for_audience(document.report, Audience.CUSTOMER))
    layout = read_layout(reports, document.kind)
    sheet = Sheet(
        labels=read_labels(reports, document.kind),
        layout=layout,
        language=language,
        faces=fonts.load(reports / "fonts"),
        zone=document.report.zone,
    )
    blocks = _blocks(document, sheet, logo(reports / document.kind.value, layout), pictures)
    return Story(document, sheet, tuple(blocks), digest)


def render_document(
    document: ComplaintDocument,
    *,
    language: ReportLanguage,
    reports: Path,
    pictures: Mapping[str, bytes],
) -> bytes:
    """Return the document as PDF; see ``story``. Number 0 is a preview and carries the draft's watermark."""
    told = story(document, language=language, reports=reports, pictures=pictures)
    document, sheet = told.document, told.sheet
    paper = sheet.layout.paper()
    title = f"{sheet.plain('document.title')} {document.report.number}"
    plant = document.report.plant
    about = About(
        title=title,
        author=" / ".join(dict.fromkeys(filter(None, (plant.zh, plant.en)))),
        subject=f"{sheet.plain('document.subject')} {document.report.number}",
        keywords=f"{document.report.number}, {told.digest}",
        language=language.tag,
        moment=document.report.issued_at,
    )
    footer = " · ".join(
        (
            document.report.number,
            sheet.plain("document.footer"),
            number_words(document, sheet),
            f"{sheet.plain('report.hash')} {told.digest[:16]}",
        )
    )
    frame = DocumentFrame(
        sheet, paper, brand(document, sheet), title, footer, is_draft=document.report.revision == 0
    )
    return write(distribute(told.blocks, paper), paper, about, frame)


def _blocks(
    document: ComplaintDocument, sheet: Sheet, logo: Block | None, pictures: Mapping[str, bytes]
) -> list[Block]:
    names = sheet.layout.sections["full"]
    if document.kind is DocumentKind.EXPLANATION_LETTER:
        blocks = letter.letterhead(document, sheet, logo)
        for name in names:
            blocks += letter.section(name, document, sheet, pictures)
        return blocks
    blocks = head(document, sheet, logo)
    for name in names:
        blocks += sections.section(name, document, sheet)
    return blocks
