"""The sections of a return's papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from eightd.domain.returns.papers import ReturnPaper
from eightd.reporting.pdf.blocks import Block, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Run
from eightd.reporting.returns.facts import ReturnFacts
from eightd.reporting.sheet.sheet import Entry, Fact, Sheet, TableRow, stacked
from eightd.reporting.sheet.signatures import signing_boxes

_SIGNED_BY: Mapping[ReturnPaper, tuple[str, ...]] = {
    ReturnPaper.SHEET: ("warehouse", "production", "pie", "cqe", "finance"),
    ReturnPaper.REWORK_ORDER: ("pie", "production", "cqe", "warehouse"),
}
_UNHEADED = frozenset({"facts", "address"})


def section(name: str, facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    """Return one section of the layout with its heading, or nothing where it has no content."""
    content = _CONTENT[name](facts, sheet)
    if not content or name in _UNHEADED:
        return content
    return [sheet.heading("", f"section.{name}"), *content]


def _facts(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    shared = [
        Fact("field.complaint", facts.complaint),
        Fact("field.customer", sheet.named(facts.customer.zh, facts.customer.en)),
        Fact("field.customer_number", facts.customer_number),
        Fact("field.part", _part(facts, sheet), span=2),
        Fact("field.kind", facts.kind),
        Fact("field.announced", facts.announced),
        Fact("field.promised_on", facts.promised_on),
        Fact("field.location", facts.location),
    ]
    if facts.paper is ReturnPaper.REWORK_ORDER:
        return sheet.facts(shared)
    own = [
        Fact("field.announced_by", f"{facts.announced_by}, {sheet.day(facts.announced_at)}"),
        Fact("field.parcel", facts.parcel if facts.parcel != facts.number else ""),
        Fact("field.carrier", " ".join(filter(None, (facts.carrier, facts.tracking)))),
        Fact("field.expected_on", facts.expected_on),
        Fact("field.credit_number", facts.credit_number),
        Fact("field.booked_on", facts.booked_on),
    ]
    return sheet.facts([*shared, *own])


def _part(facts: ReturnFacts, sheet: Sheet) -> list[Run]:
    name = sheet.named(facts.part_name.zh, facts.part_name.en)
    return [Run(f"{facts.part_number}  ", sheet.styles.strong), *name]


def _address(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    """Return whom the parcel goes to, large, and whom it comes from, small."""
    styles, colours = sheet.styles, sheet.layout.colours
    to = [
        *sheet.words(sheet.labels("text.to"), styles.label, styles.label_minor),
        Run("\n", styles.body),
        *stacked(sheet.words(facts.plant, styles.heading, styles.heading_minor)),
    ]
    address = stacked(sheet.words(facts.address, styles.body, styles.body))
    if address:
        to += [Run("\n", styles.body), *address]
    sender = sheet.runs(facts.sender) or sheet.named(facts.customer.zh, facts.customer.en)
    origin = [
        *sheet.words(sheet.labels("text.from"), styles.label, styles.label_minor),
        Run("\n", styles.body),
        *sender,
    ]
    look = Look(pad_x=8, pad_y=7, rule=colours.hairline, edge=colours.ink)
    row = Row((Cell(Text(to, sheet.faces)), Cell(Text(origin, sheet.faces))))
    due = sheet.facts([Fact("field.expected_on", facts.expected_on)], columns=1) if facts.expected_on else []
    return [Grid((60, 40), [row], look=look, cuttable=False).spaced(after=6), *due]


def _parcel(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    if facts.paper is ReturnPaper.SHEET and len(facts.parcel_lines) < 2:
        return []
    rows = [
        TableRow(
            (
                one.number,
                " / ".join(filter(None, (one.complaint, one.customer_number))),
                [
                    Run(f"{one.part_number}  ", sheet.styles.strong),
                    *sheet.words(one.part_name, sheet.styles.body),
                ],
                one.lots,
                one.quantity,
            )
        )
        for one in facts.parcel_lines
    ]
    return sheet.table("parcel", rows)


def _enclose(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    return [sheet.text(facts.enclose).spaced(after=6)] if facts.enclose else []


def _remark(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    return [sheet.text(facts.note).spaced(after=6)] if facts.note else []


def _arrivals(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    rows = [TableRow((one.at, one.quantity, one.cartons, one.by, one.note)) for one in facts.arrivals]
    return sheet.table("arrivals", rows)


def _standing(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    """Return where the pieces are, and what was compared; what does not agree unexplained is an alarm."""
    if not facts.standing:
        return []
    total = TableRow((sheet.say("text.sum"), sum(one.quantity for one in facts.standing)), total=True)
    places = sheet.table(
        "standing", [*(TableRow((one.place, one.quantity)) for one in facts.standing), total]
    )
    alarm = sheet.styles.strong.with_colour(sheet.layout.colours.alarm)
    rows = [
        TableRow(
            (
                one.what,
                one.expected,
                one.actual,
                sheet.say("text.unexplained", alarm) if one.is_open else one.because,
            )
        )
        for one in facts.compared
    ]
    found = sheet.rows([Entry("field.found_part", facts.found_part)])
    return [*places, *sheet.table("compared", rows), *found]


def _counts(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    if not facts.counts:
        return []
    rows = [
        TableRow(
            (
                one.kind,
                sheet.named(one.phenomenon.zh, one.phenomenon.en),
                one.verdict,
                one.category,
                one.quantity,
            )
        )
        for one in facts.counts
    ]
    total = sum(one.quantity for one in facts.counts)
    return sheet.table(
        "counts", [*rows, TableRow((sheet.say("text.sum"), None, None, None, total), total=True)]
    )


def _pieces(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    rows = [
        TableRow(
            (one.position, one.serial, one.date_code, one.phenomenon, one.measured, one.verdict, one.category)
        )
        for one in facts.pieces
    ]
    return sheet.table("pieces", rows)


def _analysis(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    return sheet.rows(
        [
            Entry("field.analysis", facts.analysis),
            Entry("field.ntf_criteria", facts.ntf_criteria),
            Entry("field.note", facts.note),
        ]
    )


def _plan(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    if not facts.plan:
        return []
    rows = [TableRow((one.disposition, one.quantity, one.how, one.owner, one.due_on)) for one in facts.plan]
    total = TableRow(
        (sheet.say("text.sum"), sum(one.quantity for one in facts.plan), None, None, None), total=True
    )
    return sheet.table("plan", [*rows, total])


def _steps(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    return [sheet.text(facts.steps).spaced(after=6)] if facts.steps else []


def _results(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    """Return a form to fill in by hand on the shop floor: good, scrapped, who."""
    room = [Run(" \n ", sheet.styles.body)]
    rows = [TableRow((one.disposition, one.quantity, room, room, room)) for one in facts.plan]
    return sheet.table("results", rows)


def _shipments(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    rows = [
        TableRow(
            (one.sent_on, one.quantity, " ".join(filter(None, (one.carrier, one.tracking))), one.by, one.note)
        )
        for one in facts.shipments
    ]
    return sheet.table("shipments", rows)


def _movements(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    rows = [
        TableRow((one.at, one.from_place, one.to_place, one.quantity, one.by, one.note))
        for one in facts.movements
    ]
    return sheet.table("movements", rows)


def _signatures(facts: ReturnFacts, sheet: Sheet) -> list[Block]:
    return [signing_boxes(_SIGNED_BY[facts.paper], sheet)]


_CONTENT: Mapping[str, Callable[[ReturnFacts, Sheet], list[Block]]] = {
    "facts": _facts,
    "address": _address,
    "parcel": _parcel,
    "enclose": _enclose,
    "remark": _remark,
    "arrivals": _arrivals,
    "standing": _standing,
    "counts": _counts,
    "pieces": _pieces,
    "analysis": _analysis,
    "plan": _plan,
    "steps": _steps,
    "results": _results,
    "shipments": _shipments,
    "movements": _movements,
    "signatures": _signatures,
}
