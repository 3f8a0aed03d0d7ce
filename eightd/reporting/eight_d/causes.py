"""D4: what changed before, the fishbone, the causes, their 5-Why chains, pieces without a fault."""

from __future__ import annotations

from dataclasses import fields

from eightd.domain.discipline.answers import CauseAnswer, CauseState, Fishbone, FishboneState, RootCause
from eightd.domain.discipline.shares import cause_code
from eightd.reporting.eight_d.whys import FIRST_INDENT, Indented, why_links
from eightd.reporting.fishbone import Palette, fishbone, ribs, to_drawing
from eightd.reporting.pdf.blocks import Block, Diagram, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.pages import OwnPage
from eightd.reporting.pdf.text import Run, clean
from eightd.reporting.sheet.sheet import Entry, Sheet, TableRow, percent
from eightd.reporting.sheet.wording import Told

_SIZES = (10.4, 9.4, 8.4, 7.2)
"""Of the diagram's text: on a page of its own the largest that fits."""


def causes(answer: CauseAnswer, sheet: Sheet, effect: str) -> list[Block]:
    """Return D4; ``effect`` stands at the head of the fishbone."""
    return [
        *sheet.rows([Entry("field.changes_before", answer.changes_before)]),
        *_fishbone(answer.fishbone, sheet, effect, len(answer.causes)),
        *_overview(answer, sheet),
        *_chains(answer, sheet),
        *sheet.rows([Entry("field.ntf", _no_fault(answer, sheet), "ntf_text")]),
    ]


def _no_fault(answer: CauseAnswer, sheet: Sheet) -> list[Run]:
    """Return how many pieces showed no fault, and what was done with them."""
    text = sheet.runs(answer.ntf_text)
    if answer.ntf_quantity is None:
        return text
    return [Run(f"{answer.ntf_quantity} pcs{' · ' if text else ''}", sheet.styles.body), *text]


def _fishbone(bones: Fishbone, sheet: Sheet, effect: str, causes: int) -> list[Block]:
    """Return the diagram: in the text, or on a page of its own across where it has many causes."""
    found = [cause for one in fields(bones) for cause in getattr(bones, one.name) if cause.text.strip()]
    if not found:
        return []
    colours, layout = sheet.layout.colours, sheet.layout
    names = {
        one.name: tuple(
            run.text.strip() for run in sheet.words(sheet.labels(f"fishbone.{one.name}"), sheet.styles.strong)
        )
        for one in fields(bones)
    }
    drawn = ribs(bones, names, causes=causes, show=lambda text: _shown(text, sheet))
    palette = Palette(
        line=colours.grey,
        text=colours.ink,
        box=colours.band,
        box_text=colours.accent,
        head=colours.accent,
        muted=colours.grey,
        strong=colours.alarm,
    )
    across = 0 < layout.fishbone.landscape_from <= len(found)
    paper = layout.paper(across=across)
    legend = {state: sheet.plain(f"fishbone_state.{state.value}") for state in FishboneState}
    states = {cause.state for cause in found}
    limit = paper.start(2) - paper.bottom - 40
    head = clean(effect, sheet.faces) or sheet.plain("text.problem")
    used = {state: words for state, words in legend.items() if state in states}
    laid = [
        fishbone(head, drawn, width=paper.column, size=size, legend=used)
        for size in (_SIZES if across else _SIZES[-1:])
    ]
    figure = next((one for one in laid if one.height <= limit), laid[-1])
    diagram = Diagram(to_drawing(figure, palette), limit=limit).spaced(before=3, after=6)
    heading = sheet.subheading("title.fishbone")
    if not across:
        return [heading, diagram]
    return [
        *sheet.note(sheet.say("text.fishbone_apart", sheet.styles.minor)),
        OwnPage([heading, diagram], paper, floats=True),
    ]


def _shown(text: str, sheet: Sheet) -> str:
    """Return a text of the diagram, with its other language behind it."""
    other = text.other if isinstance(text, Told) else ""
    return " / ".join(one for one in (clean(text, sheet.faces), clean(other, sheet.faces)) if one)


def _overview(answer: CauseAnswer, sheet: Sheet) -> list[Block]:
    table = sheet.table(
        "causes",
        [
            TableRow(
                (
                    [Run(cause_code(index), sheet.styles.strong)],
                    sheet.say(f"path.{one.path.value}"),
                    one.text,
                    percent(one.share_percent),
                    _state(one, sheet),
                ),
                place=f"causes/{one.key}",
            )
            for index, one in enumerate(answer.causes)
        ],
    )
    return [sheet.subheading("title.causes"), *table] if table else []


def _state(cause: RootCause, sheet: Sheet) -> list[Run]:
    colours = sheet.layout.colours
    shade = colours.good if cause.state is CauseState.VERIFIED else colours.alarm
    key = f"cause_state.{cause.state.value}"
    return sheet.words(sheet.labels(key), sheet.styles.strong.with_colour(shade))


def _chains(answer: CauseAnswer, sheet: Sheet) -> list[Block]:
    blocks = [
        _chain(index, cause, sheet)
        for index, cause in enumerate(answer.causes)
        if cause.how or any(why.text.strip() for why in cause.whys)
    ]
    return [sheet.subheading("title.whys"), *blocks] if blocks else []


def _chain(index: int, cause: RootCause, sheet: Sheet) -> Block:
    """Return one cause with its whys from the symptom down, and how it was proven."""
    styles, colours = sheet.styles, sheet.layout.colours
    head = [
        Run(f"{cause_code(index)}  ", styles.strong.with_colour(colours.accent)),
        *sheet.words(sheet.labels(f"path.{cause.path.value}"), styles.strong, styles.minor),
    ]
    rows = [Row((Cell(Text(head, sheet.faces)),), fill=colours.soft, keep=True)]
    links = why_links(cause.whys, sheet)
    for at, (why, link) in enumerate(links):
        place = f"causes/{cause.key}/whys/{why.key}"
        mark = sheet.mark(place, why.text, why.evidence)
        rows.append(Row((Cell(link),), keep=at == len(links) - 2, mark=mark))
    if cause.how.strip():
        key = "text.verified_how" if cause.state is CauseState.VERIFIED else "text.hypothesis_how"
        label = sheet.words(sheet.labels(key), styles.label, styles.label_minor)
        proof = sheet.text([*label, Run("\n", styles.body), *sheet.runs(cause.how)])
        mark = sheet.mark(f"causes/{cause.key}/how", cause.how)
        rows.append(Row((Cell(Indented(proof, FIRST_INDENT)),), mark=mark))
    return Grid((100,), rows, look=Look(pad_x=5, pad_y=2.2)).spaced(before=5, after=5)
