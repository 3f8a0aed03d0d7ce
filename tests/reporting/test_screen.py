"""Documents on the screen say what they say on paper, in the same order, without styles of their own."""

import re

import pytest

from eightd import resources
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import content_hash
from eightd.reporting.eight_d.render import render, story
from eightd.reporting.screen.parts import Cell, Columns, Figure, Heading, Picture, Prose, Table
from eightd.reporting.screen.reading import Reader
from eightd.reporting.sheet.wording import ReportLanguage
from tests.pictures import photograph
from tests.reporting import case_documents
from tests.reporting.pdf_text import squeezed, whole


def parts_of(document, language, audience=Audience.INTERNAL):
    told = story(
        document, language=language, audience=audience, reports=resources.reports(),
        pictures=contents(document), digest=content_hash(document),
    )  # fmt: skip
    return Reader(told.sheet.layout).read(told.blocks)


def contents(document):
    one = photograph(1)
    return {picture.sha256: one for picture in document.pictures}


def flat(parts):
    """Every part, those inside cells too."""
    for part in parts:
        yield part
        rows = (
            (*part.heads, *part.rows)
            if isinstance(part, Table)
            else part.rows
            if isinstance(part, Columns)
            else ()
        )
        for row in rows:
            for cell in row.cells:
                yield from flat(cell.parts)


def text_of(parts):
    return " ".join(part.plain for part in flat(parts) if isinstance(part, Prose))


@pytest.mark.parametrize("name", ["adapter", "housing", "sensor"])
@pytest.mark.parametrize("language", list(ReportLanguage))
def test_the_screen_says_what_the_paper_says(name, language):
    """Every line read on the screen stands in the PDF."""
    document = getattr(case_documents, name)()
    parts = parts_of(document, language)
    pdf = squeezed(
        whole(
            render(
                document, language=language, audience=Audience.INTERNAL, reports=resources.reports(),
                pictures=contents(document),
            )
        )
    )  # fmt: skip
    said = [
        span.text
        for part in flat(parts)
        if isinstance(part, Prose)
        for line in part.lines
        for span in line
        if len(span.text) < 40
    ]
    missing = [text for text in said if squeezed(text) not in pdf]
    assert len(said) > 80
    assert not missing, missing[:10]


def test_sections_come_in_the_order_of_the_layout():
    parts = parts_of(case_documents.sensor(), ReportLanguage.EN)
    codes = [part.code for part in flat(parts) if isinstance(part, Heading) and part.code]
    assert codes == sorted(codes)
    assert codes[0] == "D0"
    anchors = [part.anchor for part in flat(parts) if isinstance(part, Heading) and part.level == 2]
    assert len(set(anchors)) == len(anchors)


def test_drawings_have_no_styles_and_say_what_is_on_them():
    figures = [
        part
        for part in flat(parts_of(case_documents.sensor(), ReportLanguage.EN))
        if isinstance(part, Figure)
    ]
    assert figures
    for figure in figures:
        assert not re.search(r"\sstyle=|<style|<script|href", figure.svg)
        assert "<text" in figure.svg
        assert figure.label


def test_tables_give_each_cell_the_name_of_its_column():
    tables = [
        part
        for part in flat(parts_of(case_documents.adapter(), ReportLanguage.EN))
        if isinstance(part, Table)
    ]
    assert tables
    stock = next(
        table for table in tables if any("Checked" in cell.head for row in table.rows for cell in row.cells)
    )
    assert isinstance(stock.rows[0].cells[0], Cell)
    assert all(1 <= cell.share <= 12 for table in tables for row in table.rows for cell in row.cells)


def test_customers_read_nothing_internal_and_every_picture_by_its_hash():
    document = case_documents.sensor(pictures=4)
    inside, outside = (parts_of(document, ReportLanguage.BOTH, audience) for audience in reversed(Audience))
    if "not for the customer" not in text_of(inside):
        inside, outside = outside, inside
    assert "not for the customer" not in text_of(outside)
    shown = {part.sha256 for part in flat(inside) if isinstance(part, Picture) and not part.logo}
    assert shown == {picture.sha256 for picture in document.pictures}
