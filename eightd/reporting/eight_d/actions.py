"""D5 and D6: the action chosen for every cause, and the proof that it works."""

from __future__ import annotations

from eightd.domain.discipline.answers import ActionAnswer, CauseAnswer, Validation, ValidationAnswer
from eightd.domain.discipline.effectiveness import Change, proof
from eightd.domain.discipline.shares import action_code, cause_code
from eightd.domain.words import Language
from eightd.reporting.figure import Palette, to_drawing
from eightd.reporting.pdf.blocks import Block, Diagram, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Align, Run
from eightd.reporting.proof_chart import proof_chart
from eightd.reporting.sheet.sheet import Content, Entry, Sheet, TableRow, stacked
from eightd.reporting.sheet.wording import Wording

_MOST_COLUMNS = 12  # of the matrix; more actions are listed in words


def actions(answer: ActionAnswer, sheet: Sheet, found: CauseAnswer | None) -> list[Block]:
    """Return D5; ``found`` gives the causes of the matrix."""
    table = sheet.table(
        "actions",
        [
            TableRow(
                (
                    [Run(action_code(index), sheet.styles.strong)],
                    "" if one.cause is None else cause_code(one.cause),
                    one.action,
                    one.error_proofing,
                    one.proof,
                    one.side_effects,
                    one.owner,
                    one.planned_on,
                ),
                place=f"actions/{one.key}",
            )
            for index, one in enumerate(answer.actions)
        ],
    )
    return [
        *sheet.rows([Entry("field.options_considered", answer.options_considered)]),
        *([sheet.subheading("title.actions"), *table] if table else []),
        *_matrix(answer, sheet, found),
    ]


def _matrix(answer: ActionAnswer, sheet: Sheet, found: CauseAnswer | None) -> list[Block]:
    """Return causes against actions; a cause without an action is said in red."""
    if found is None or not found.causes or not answer.actions:
        return []
    styles, colours = sheet.styles, sheet.layout.colours
    wide = len(answer.actions) > _MOST_COLUMNS
    heads: list[Content] = [[Run("", styles.label)]]
    heads += [] if wide else [action_code(index) for index in range(len(answer.actions))]
    rows = [Row(tuple(Cell(sheet.text(head, style=styles.label, align=Align.CENTRE)) for head in heads))]
    rows[0] = Row((*rows[0].cells, Cell(Text((), sheet.faces))), fill=colours.band, rule=colours.edge)
    for index, cause in enumerate(found.causes):
        own = [at for at, one in enumerate(answer.actions) if one.cause == index]
        name = Text([Run(f"{cause_code(index)}  ", styles.strong), *sheet.runs(cause.text)], sheet.faces)
        marks: list[Cell] = []
        if not wide:
            marks = [
                Cell(sheet.text("●" if at in own else "", align=Align.CENTRE))
                for at in range(len(answer.actions))
            ]
        listed = ", ".join(action_code(at) for at in own) if wide else ""
        missing = sheet.say("text.cause_without_action", styles.strong.with_colour(colours.alarm))
        remark = Text(sheet.runs(listed) if own else missing, sheet.faces)
        rows.append(Row((Cell(name), *marks, Cell(remark))))
    free = [
        at for at, one in enumerate(answer.actions) if one.cause is None or one.cause >= len(found.causes)
    ]
    if free:
        lost = [
            Run(f"{', '.join(action_code(at) for at in free)}  ", styles.strong),
            *sheet.say("text.action_without_cause", styles.strong.with_colour(colours.alarm)),
        ]
        rows.append(Row((Cell(Text(lost, sheet.faces), span=len(heads) + 1),), fill=colours.alarm_soft))
    marks_width = 0.0 if wide else 6.0 * len(answer.actions)
    orphaned = any(all(one.cause != at for one in answer.actions) for at in range(len(found.causes)))
    remarks_width = 22.0 if wide or orphaned else 1.0
    weights = [
        99.0 - marks_width - remarks_width,
        *([] if wide else [6.0] * len(answer.actions)),
        remarks_width,
    ]
    look = Look(rule=colours.hairline, edge=colours.edge, pad_x=3)
    grid = Grid(weights, rows, look=look, heads=1)
    return [sheet.subheading("title.matrix"), grid.spaced(before=2, after=4)]


def validation(answer: ValidationAnswer, sheet: Sheet, planned: ActionAnswer | None) -> list[Block]:
    """Return D6; ``planned`` gives the actions their words."""
    styles, colours = sheet.styles, sheet.layout.colours
    before, after = styles.strong.with_colour(colours.alarm), styles.strong.with_colour(colours.good)
    table = sheet.table(
        "validations",
        [
            TableRow(
                (
                    "" if one.action is None else [Run(action_code(one.action), styles.strong)],
                    _action_text(one.action, planned),
                    one.done_on,
                    one.from_lot,
                    one.how,
                    one.sample_size,
                    one.window,
                    sheet.runs(one.before, before),
                    sheet.runs(one.after, after),
                ),
                place=f"validations/{one.key}",
            )
            for one in answer.validations
        ],
    )
    return [
        *([sheet.subheading("title.validations"), *table] if table else []),
        *_proofs(answer, sheet),
        *sheet.rows(
            [
                Entry("field.interim_ended_on", answer.interim_ended_on, "interim_ended_on"),
                Entry("field.customer_confirmation", answer.customer_confirmation),
            ]
        ),
    ]


def _proofs(answer: ValidationAnswer, sheet: Sheet) -> list[Block]:
    """Return what the numbers before and after prove, in a sentence with its confidence and as a chart."""
    rows = [row for one in answer.validations for row in _proof(one, sheet)]
    if not rows:
        return []
    look = Look(pad_x=5, pad_y=5, rule=sheet.layout.colours.hairline, edge=sheet.layout.colours.edge)
    return [sheet.subheading("title.proof"), Grid((48, 52), rows, look=look).spaced(before=2, after=5)]


def _proof(row: Validation, sheet: Sheet) -> list[Row]:
    shown = proof(row)
    if shown is None:
        return []
    styles, colours = sheet.styles, sheet.layout.colours
    code = "" if row.action is None else f"{action_code(row.action)}  "
    runs = [Run(code, styles.strong)] if code else []
    for at, message in enumerate(shown.says()):
        wording = Wording(message.text(Language.ZH), message.text(Language.EN))
        strong = at == 1 and shown.change is not Change.UNKNOWN
        shade = colours.good if shown.change is Change.BETTER else colours.alarm
        style = styles.strong.with_colour(shade) if strong else styles.body
        said = stacked(sheet.words(wording, style, styles.second(style)))
        runs += [Run("\n", styles.body), *said] if at else said
    palette = Palette(
        line=colours.edge,
        text=colours.ink,
        head=colours.good,
        strong=colours.alarm,
        muted=colours.grey,
    )
    figure = proof_chart(
        shown,
        before=sheet.plain("column.before"),
        after=sheet.plain("column.after"),
        width=sheet.layout.paper().column * 0.5,
        size=styles.label.size,
    )
    chart = Diagram(to_drawing(figure, palette), limit=figure.height)
    mark = sheet.mark(f"validations/{row.key}")
    return [Row((Cell(Text(runs, sheet.faces)), Cell(chart)), mark=mark)]


def _action_text(index: int | None, planned: ActionAnswer | None) -> str:
    if index is None or planned is None or not 0 <= index < len(planned.actions):
        return ""
    return planned.actions[index].action
