"""The explanation letter: why a complaint is not ours, in the plant's name, to the customer (procedure 6)."""

from __future__ import annotations

from collections.abc import Mapping

from eightd.reporting.documents.facts import ComplaintDocument
from eightd.reporting.documents.head import brand
from eightd.reporting.eight_d.pictures import gallery
from eightd.reporting.pdf.blocks import Block, Stack, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.sheet.sheet import Fact, Sheet, stacked
from eightd.reporting.sheet.wording import Wording


def letterhead(document: ComplaintDocument, sheet: Sheet, logo: Block | None) -> list[Block]:
    """Return the plant's name, its logo and the date, without the band of a form."""
    styles = sheet.styles
    plant = Text(
        stacked(sheet.words(brand(document, sheet), styles.title, styles.heading_minor)), sheet.faces
    )
    left: Block = Stack([logo, plant.spaced(before=3)]) if logo else plant
    date = Text([Run(sheet.day(document.report.issued_at)[:10], styles.body)], sheet.faces, align=Align.RIGHT)
    grid = Grid((75, 25), [Row((Cell(left), Cell(date)))], look=Look(pad_x=0, pad_y=0))
    rule = Grid(
        (1,), [Row((Cell(Text((), sheet.faces)),), rule=sheet.layout.colours.accent)], look=Look(pad_y=0)
    )
    return [grid.spaced(after=4), rule.spaced(after=14)]


def section(
    name: str, document: ComplaintDocument, sheet: Sheet, pictures: Mapping[str, bytes]
) -> list[Block]:
    """Return one section of the letter, or nothing where it has no content."""
    match name:
        case "address":
            return _address(document, sheet)
        case "subject":
            return _subject(document, sheet)
        case "references":
            return _references(document, sheet)
        case "body":
            return _body(document, sheet)
        case "closing":
            return _closing(document, sheet)
        case "pictures":
            blocks = gallery(document.report.pictures, pictures, sheet)
            return [sheet.subheading("letter.enclosures"), *blocks[1:]] if blocks else []
        case "disclaimer":
            chosen = sheet.layout.disclaimer
            return sheet.note(Wording(chosen.zh, chosen.en), before=14)
        case _:
            raise LookupError(name)


def _address(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    customer = document.report.customer
    lines = [*sheet.say("letter.to", sheet.styles.minor), Run("\n", sheet.styles.body)]
    lines += sheet.named(customer.name, customer.name_en)
    for more in (customer.plant, customer.contact):
        if more:
            lines += [Run("\n", sheet.styles.body), *sheet.runs(more)]
    return [Text(lines, sheet.faces).spaced(after=18)]


def _subject(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    report = document.report
    if report.customer_number:
        label = sheet.labels("letter.subject", customer_number=report.customer_number, number=report.number)
    else:
        label = sheet.labels("letter.subject_plain", number=report.number)
    heading = Text(stacked(sheet.words(label, sheet.styles.heading, sheet.styles.heading_minor)), sheet.faces)
    return [heading.spaced(after=8, keep=True)]


def _references(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    report = document.report
    facts = sheet.facts(
        [
            Fact("field.part_number", report.part.number),
            Fact("field.part_customer_number", report.part.customer_number),
            Fact("field.part_name", sheet.named(report.part.name, report.part.name_en)),
            Fact("field.lots", ", ".join(report.lots)),
            Fact("field.delivery_number", report.delivery_number),
            Fact("field.received_at", report.received_at),
        ]
    )
    return [one.spaced(after=12) for one in facts]


def _body(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    report, said = document.report, document.explanation
    customer = Wording(report.customer.name, report.customer.name_en or report.customer.name)
    blocks: list[Block] = []
    greeting = sheet.labels("letter.greeting", customer="{customer}")
    blocks.append(_paragraph(_filled(greeting, customer), sheet))
    received = sheet.day(report.received_at)[:10] if report.received_at else ""
    opening = sheet.labels("letter.opening", part=report.part.number, name="{name}", received=received)
    name = Wording(report.part.name, report.part.name_en or report.part.name)
    blocks.append(_paragraph(_filled(opening, name, "{name}"), sheet))
    paragraphs = [one.strip() for one in said.text.split("\n") if one.strip()]
    blocks += [Text(sheet.runs(one), sheet.faces).spaced(before=3, after=6) for one in paragraphs]
    blocks.append(_paragraph(sheet.labels("letter.closing"), sheet))
    return blocks


def _filled(label: Wording, name: Wording, place: str = "{customer}") -> Wording:
    return Wording(label.zh.replace(place, name.zh), label.en.replace(place, name.en))


def _paragraph(wording: Wording, sheet: Sheet) -> Block:
    body = sheet.styles.body
    return Text(stacked(sheet.words(wording, body, sheet.styles.minor)), sheet.faces).spaced(
        before=3, after=6
    )


def _closing(document: ComplaintDocument, sheet: Sheet) -> list[Block]:
    said, styles = document.explanation, sheet.styles
    runs = [
        *stacked(sheet.words(sheet.labels("letter.regards"), styles.body, styles.minor)),
        Run("\n\n", styles.body),
    ]
    if said.approved_by and said.approved_at:
        signed = sheet.labels("letter.signed", name=said.approved_by, date=sheet.day(said.approved_at))
        runs += [*sheet.runs(said.approved_by, styles.strong), Run("\n", styles.body)]
        runs += [
            *stacked(sheet.words(sheet.labels("letter.role"), styles.body, styles.minor)),
            Run("\n", styles.body),
        ]
        runs += stacked(sheet.words(signed, styles.minor, styles.minor))
    if said.by:
        runs += [
            Run("\n", styles.body),
            *stacked(sheet.words(sheet.labels("letter.written", name=said.by), styles.minor, styles.minor)),
        ]
    block = Text(runs, sheet.faces)
    return [
        Grid((100,), [Row((Cell(block),))], look=Look(pad_x=0, pad_y=0), cuttable=False).spaced(
            before=10, after=10
        )
    ]
