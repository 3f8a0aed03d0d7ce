"""D2: the problem in the customer's words and in ours, 5W2H, IS / IS-NOT, specification, effects."""

from __future__ import annotations

from dataclasses import fields

from eightd.domain.discipline.answers import ProblemAnswer
from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.sheet import Entry, Sheet, TableRow


def problem(answer: ProblemAnswer, sheet: Sheet) -> list[Block]:
    """Return D2."""
    return [
        *sheet.rows(
            [Entry("field.customer_words", answer.customer_words), Entry("field.our_words", answer.our_words)]
        ),
        *_five_w2h(answer, sheet),
        *_is_is_not(answer, sheet),
        *_specification(answer, sheet),
        *sheet.rows(
            [
                Entry("field.effect_customer", answer.effect_customer),
                Entry("field.effect_end_user", answer.effect_end_user),
                Entry("field.history", answer.history),
                Entry("field.other_parts", answer.other_parts),
            ]
        ),
    ]


def _five_w2h(answer: ProblemAnswer, sheet: Sheet) -> list[Block]:
    entries = [(one.name, getattr(answer.five_w2h, one.name)) for one in fields(answer.five_w2h)]
    rows = sheet.rows([Entry(f"five_w2h.{name}", text) for name, text in entries])
    return [sheet.subheading("title.five_w2h"), *rows] if rows else []


def _is_is_not(answer: ProblemAnswer, sheet: Sheet) -> list[Block]:
    table = sheet.table(
        "is_is_not",
        [
            TableRow(
                (
                    sheet.say(f"dimension.{one.dimension.value}", sheet.styles.strong),
                    one.is_,
                    one.is_not,
                    one.distinction,
                    one.change,
                ),
                place=f"is_is_not/{one.key}",
            )
            for one in answer.is_is_not
        ],
    )
    return [sheet.subheading("title.is_is_not"), *table] if table else []


def _specification(answer: ProblemAnswer, sheet: Sheet) -> list[Block]:
    """Return specification and actual side by side, each under its label."""
    colours = sheet.layout.colours
    sides = [
        (key, text, fill)
        for key, text, fill in (
            ("field.specification", answer.specification, colours.good_soft),
            ("field.actual", answer.actual, colours.alarm_soft),
        )
        if text
    ]
    if not sides:
        return []
    cells = []
    for key, text, fill in sides:
        label = sheet.words(sheet.labels(key), sheet.styles.label, sheet.styles.label_minor)
        content = sheet.text([*label, Run("\n", sheet.styles.body), *sheet.runs(text)])
        cells.append(Cell(content, fill=fill))
    look = Look(pad_x=6, pad_y=4)
    mark = sheet.mark("specification", answer.specification) or sheet.mark("actual", answer.actual)
    grid = Grid((1.0,) * len(cells), [Row(tuple(cells), mark=mark)], look=look).spaced(before=2, after=6)
    return [sheet.subheading("title.specification"), grid]
