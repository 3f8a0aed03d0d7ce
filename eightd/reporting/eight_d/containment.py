"""D3: stock by place with its sums, what is unaccounted for, interim actions, first clean lot."""

from __future__ import annotations

from eightd.domain.discipline.answers import ContainmentAnswer
from eightd.domain.discipline.stock import StockBalance, balance
from eightd.reporting.pdf.blocks import Block, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.sheet import Entry, Sheet, TableRow, percent, stacked


def containment(answer: ContainmentAnswer, sheet: Sheet) -> list[Block]:
    """Return D3."""
    return [
        *_stock(answer, sheet),
        *_interim(answer, sheet),
        *sheet.rows([Entry("field.first_clean_lot", answer.first_clean_lot)]),
    ]


def _stock(answer: ContainmentAnswer, sheet: Sheet) -> list[Block]:
    sums = balance(answer)
    rows = [
        TableRow(
            (
                sheet.say(f"place.{one.place.value}"),
                one.quantity,
                one.checked,
                one.ng,
                one.on,
                one.disposition,
                one.marking,
            ),
            place=f"stock/{one.key}",
        )
        for one in answer.stock
    ]
    total = TableRow(
        (sheet.say("text.sum", sheet.styles.strong), sums.quantity, sums.checked, sums.ng, None, None, None),
        total=True,
    )
    table = sheet.table("stock", [*rows, total])
    result: list[Block] = [sheet.subheading("title.stock"), *table] if table else []
    if table:
        table[0].keep = True  # the sums and what they are held against are read together
    if table or answer.delivered is not None:
        result.append(_reconciliation(sums, sheet))
    return [*result, *sheet.rows([Entry("field.unaccounted_reason", answer.unaccounted_reason)])]


def _reconciliation(sums: StockBalance, sheet: Sheet) -> Block:
    """Return the line that holds the stock against the delivery, red where they do not meet."""
    styles, colours = sheet.styles, sheet.layout.colours
    heading = sheet.words(sheet.labels("title.reconciliation"), styles.label, styles.label_minor)
    if sums.unaccounted is None:
        counted = sheet.say("text.found_only", found=sums.of_delivered)
        result, fill = [], colours.soft
    else:
        counted = sheet.say("text.reconciliation", delivered=sums.delivered, found=sums.of_delivered)
        key = "text.all_found" if sums.unaccounted == 0 else "text.unaccounted"
        key = "text.too_many" if sums.unaccounted < 0 else key
        colour, fill = (
            (colours.good, colours.good_soft)
            if sums.unaccounted == 0
            else (colours.alarm, colours.alarm_soft)
        )
        strong = styles.strong.with_colour(colour)
        wording = sheet.labels(key, count=abs(sums.unaccounted))
        result = sheet.words(wording, strong, styles.small.with_colour(colour))
    content = Text([*heading, Run("\n", styles.body), *stacked(counted)], sheet.faces)
    verdict = Text([Run("\n", styles.label), *stacked(result)], sheet.faces)
    row = Row((Cell(content), Cell(verdict)), fill=fill)
    return Grid((60, 40), [row], look=Look(pad_x=5, pad_y=4)).spaced(before=3, after=5)


def _interim(answer: ContainmentAnswer, sheet: Sheet) -> list[Block]:
    table = sheet.table(
        "interim",
        [
            TableRow(
                (one.what, one.where, one.owner, one.from_on, percent(one.effect_percent), one.evidence),
                place=f"actions/{one.key}",
            )
            for one in answer.actions
        ],
    )
    return [sheet.subheading("title.interim"), *table] if table else []
