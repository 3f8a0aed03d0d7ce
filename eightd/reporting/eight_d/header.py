"""The report's head: plant, number, state of the report, the facts of the complaint, its defects."""

from __future__ import annotations

from datetime import datetime

from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportForm
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import EightDDocument, Wording
from eightd.reporting.pdf.blocks import Block, Stack, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.sheet.sheet import Fact, Sheet, TableRow, stacked


def brand(document: EightDDocument, sheet: Sheet) -> Wording:
    """Return the layout's brand text, or the plant's name where the layout has none."""
    chosen = sheet.layout.brand
    return Wording(chosen.zh or document.plant.zh, chosen.en or document.plant.en)


def title_key(document: EightDDocument) -> str:
    """Return the label of the report's title."""
    return "report.short" if document.form is ReportForm.SHORT else "report.full"


def state(document: EightDDocument) -> str:
    """Return the label that says whether this is a draft, preliminary or final."""
    return "report.draft" if document.revision == 0 else f"report.{document.report_kind.value}"


def revision(document: EightDDocument, sheet: Sheet) -> str:
    """Return the revision in words, such as ``Revision 3``."""
    return f"{sheet.plain('report.revision')} {document.revision}"


def standing(document: EightDDocument, sheet: Sheet) -> str:
    """Return what people call this revision: its name where it has one, else its kind."""
    name = document.revision_name
    if document.revision and (name.zh or name.en):
        return "".join(run.text for run in sheet.words(name, sheet.styles.label))
    return sheet.plain(state(document))


def title(document: EightDDocument, sheet: Sheet, audience: Audience, logo: Block | None) -> list[Block]:
    """Return the head of the first page."""
    styles, colours = sheet.styles, sheet.layout.colours
    name = brand(document, sheet)
    plant = Text(stacked(sheet.words(name, styles.heading, styles.minor)), sheet.faces)
    runs = sheet.words(sheet.labels(title_key(document)), styles.title, styles.heading_minor)
    heading = Text(stacked(runs), sheet.faces, align=Align.RIGHT)
    left: Block = Stack([logo, plant.spaced(before=3)]) if logo else plant
    top = Grid((55, 45), [Row((Cell(left), Cell(heading)))], look=Look(pad_x=0, pad_y=0))

    number = Text([Run(document.number, styles.heading.with_colour("#ffffff"))], sheet.faces)
    white = styles.body.with_colour("#ffffff")
    kind = Text([Run(standing(document, sheet), white)], sheet.faces, align=Align.CENTRE)
    dated = f"{revision(document, sheet)} · {sheet.day(document.issued_at)[:10]}"
    issue = Text([Run(dated, white)], sheet.faces, align=Align.RIGHT)
    band = Grid(
        (34, 33, 33),
        [Row((Cell(number), Cell(kind), Cell(issue)), fill=colours.accent)],
        look=Look(pad_x=7, pad_y=4),
    )
    blocks: list[Block] = [top.spaced(after=7), band.spaced(after=5)]
    if audience is Audience.INTERNAL:
        warning = Run(sheet.plain("report.internal"), styles.small.with_colour(colours.alarm))
        blocks.append(Text([warning], sheet.faces, align=Align.RIGHT).spaced(after=2))
    if any(document.changed_places.values()):
        legend = Text(sheet.say("report.changed", styles.minor), sheet.faces)
        row = Row((Cell(legend),), mark=colours.change)
        blocks.append(Grid((1,), [row], look=Look(pad_x=0, pad_y=1)).spaced(after=3))
    return blocks


def facts(document: EightDDocument, sheet: Sheet) -> list[Block]:
    """Return the facts of the complaint."""
    part, customer, counts = document.part, document.customer, document.quantities
    return sheet.facts(
        [
            Fact("field.customer", sheet.named(customer.name, customer.name_en)),
            Fact("field.customer_plant", customer.plant),
            Fact("field.contact", customer.contact),
            Fact("field.end_customer", customer.end_customer),
            Fact("field.customer_number", document.customer_number),
            Fact("field.kind", sheet.say(f"kind.{document.kind.value}") if document.kind else None),
            Fact(
                "field.channel", sheet.say(f"channel.{document.channel.value}") if document.channel else None
            ),
            Fact("field.received_at", document.received_at),
            Fact("field.demands", _joined(sheet, [f"demand.{one.value}" for one in document.demands])),
            Fact("field.part_number", part.number),
            Fact("field.part_customer_number", part.customer_number),
            Fact("field.part_name", sheet.named(part.name, part.name_en)),
            Fact("field.drawing_revision", part.drawing_revision),
            Fact("field.product_line", part.product_line),
            Fact("field.lots", ", ".join(document.lots)),
            Fact("field.date_codes", ", ".join(document.date_codes)),
            Fact("field.serials", ", ".join(document.serials), span=2 if len(document.serials) > 3 else 1),
            Fact("field.order_number", document.order_number),
            Fact("field.delivery_number", document.delivery_number),
            Fact("field.delivered", counts.delivered),
            Fact("field.inspected", counts.inspected),
            Fact("field.complained", counts.complained),
            Fact("field.confirmed_ng", counts.confirmed_ng),
            Fact("field.returned", counts.returned),
            Fact("field.ppm", document.ppm),
            Fact("field.tier", sheet.say(f"tier.{document.tier.value}") if document.tier else None),
            Fact("field.repeat_of", document.repeat_of),
            Fact("field.person_in_charge", document.person_in_charge),
            Fact(
                "field.languages", _joined(sheet, [f"language.{Language(one)}" for one in document.languages])
            ),
            Fact("field.interim_sent_at", document.interim_sent_at),
            Fact("field.final_sent_at", document.final_sent_at),
            Fact("field.closed_on", document.closed_on),
        ]
    )


def defects(document: EightDDocument, sheet: Sheet) -> list[Block]:
    """Return the defect lines."""
    table = sheet.table(
        "defects",
        [
            TableRow(
                (
                    index,
                    sheet.say(f"defect_kind.{line.kind.value}"),
                    sheet.named(line.phenomenon, line.phenomenon_en),
                    line.quantity,
                    line.inspected,
                )
            )
            for index, line in enumerate(document.defects, start=1)
        ],
    )
    return [sheet.subheading("section.defects"), *table] if table else []


def zone_note(document: EightDDocument, sheet: Sheet) -> Wording:
    """Return the sentence that says in which zone times are printed."""
    moment: datetime = document.issued_at.astimezone(sheet.zone)
    offset = moment.strftime("%z")
    return sheet.labels("report.zone", zone=document.zone, offset=f"{offset[:3]}:{offset[3:]}")


def _joined(sheet: Sheet, keys: list[str]) -> list[Run]:
    runs: list[Run] = []
    for key in keys:
        if runs:
            runs.append(Run(", ", sheet.styles.body))
        runs.extend(sheet.say(key))
    return runs
