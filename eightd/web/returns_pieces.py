"""Test results of the pieces of a return: typed in a grid, pasted or brought in from a file (procedure 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length

from eightd.domain.returns.categories import words_of
from eightd.domain.returns.piece_table import HEADINGS, KINDS, NOTHING_THERE, VERDICTS, Table, read_pieces
from eightd.domain.returns.piece_text import as_text, headings, rows_of, table
from eightd.domain.returns.pieces import (
    MOST_PIECES,
    Column,
    Known,
    Piece,
    Problem,
    merged,
    problems,
    serial_key,
)
from eightd.domain.words import Language
from eightd.domain.workflow.outcome import Allowed, Refused
from eightd.queries.returns import pieces as queries
from eightd.queries.returns.pieces import PiecesPage
from eightd.reporting import pieces_table
from eightd.usecases.administration.calendar_tables.read import MOST_BYTES, read_rows
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.returns.pieces import record_pieces
from eightd.web import downloads, formats, forms, requests, returns_tier

blueprint = Blueprint("returns_pieces", __name__, url_prefix="/returns/<number>/pieces")

_COLUMNS_READ = 60
_MOST_TOLD = 100


class PiecesForm(forms.Form):
    """The results as text in columns, and what holds for all of them."""

    ntf_criteria = wtforms.TextAreaField(
        _l("NTF criteria agreed with the customer"),
        [Length(max=4000)],
        description=_l("They hold for every NTF piece that names none of its own."),
    )
    table = wtforms.TextAreaField(_l("Results"))


class ImportForm(forms.Form):
    """A file with results."""

    file = wtforms.FileField(_l("File with results"))


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a cell: where a person finds it, and its line and column in what was sent."""

    where: str
    text: str
    line: int = -1
    place: int = -1


@blueprint.get("")
def grid(number: str) -> str:
    """Show the results: to type in where the person may, to read otherwise."""
    return _page(_found(number))


@blueprint.post("")
def save(number: str) -> Response | tuple[str, int]:
    """Keep the results of the grid, all or none."""
    page = _found(number)
    form = PiecesForm()
    sent = request.form.get("table", "")  # as it is: a blank first column is a column
    read = read_pieces(rows_of(sent), page.catalogue)
    nothing = not read.pieces and [one.message.code for one in read.problems] == [NOTHING_THERE.code]
    wrong = (
        []
        if nothing
        else [_in_grid(one.line, one.place, formats.message(one.message), read) for one in read.problems]
    )
    if not form.validate() or wrong:
        _insist_allowed(page)
        return _page(page, form=form, text=sent, wrong=wrong), 422
    try:
        done = record_pieces(
            requests.services().uow,
            requests.order(),
            number=number,
            version=requests.seen_version(),
            pieces=read.pieces,
            ntf_criteria=form.ntf_criteria.data or "",
        )
    except Invalid as invalid:
        wrong = [_told(name, formats.message(message), read) for name, message in invalid.problems.items()]
        wrong.sort(key=lambda one: (one.line, one.place))
        return _page(page, form=form, text=sent, wrong=wrong), 422
    kept = ngettext(
        "The result of one piece is saved.", "The results of %(num)d pieces are saved.", len(read.pieces)
    )
    flash(kept, "success")
    return redirect(url_for(".grid", number=done.number), 303)


@blueprint.post("/import")
def bring_in(number: str) -> Response | str | tuple[str, int]:
    """Read results from a file and put them into the grid; nothing is kept before somebody saves it."""
    page = _found(number)
    _insist_allowed(page)
    form = ImportForm()
    file = request.files.get("file")
    if file is None or not file.filename:
        form.file.errors = [gettext("Please choose a file.")]
        return _page(page, importing=form), 422
    try:
        rows = read_rows(file.filename, file.stream.read(MOST_BYTES + 1), columns=_COLUMNS_READ)
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(page, importing=form), 422
    read = read_pieces(rows, page.catalogue)
    wrong = [_in_file(one.line, one.place, formats.message(one.message)) for one in read.problems]
    if not wrong:
        known = {one.category.id: Known(one.name(), one.meaning) for one in page.categories}
        found = problems(read.pieces, criteria=page.ntf_criteria, categories=known)
        wrong = [_in_file_of(one, read) for one in found]
    if wrong:
        return _page(page, importing=form, refused=wrong, filename=file.filename), 422
    everything = merged(page.pieces, read.pieces)
    changed = len(page.pieces) + len(read.pieces) - len(everything)
    told = gettext(
        "%(file)s: %(new)d pieces are new, %(changed)d take the place of the same serial. Nothing is saved yet: check "
        "the grid, then save it.",
        file=file.filename,
        new=len(read.pieces) - changed,
        changed=changed,
    )
    return _page(page, text=_text(page, everything), brought=told)


@blueprint.get("/<any(template, results):what>.<any(csv, xlsx):ending>")
def file(number: str, what: str, ending: str) -> Response:
    """Hand out the empty table, or the results so far, in the language of the page."""
    page = _found(number)
    language = Language(formats.language())
    categories = words_of(page.categories, language)
    pieces = page.pieces if what == "results" else ()
    rows = table(pieces, language, categories)
    name = gettext("test results") if pieces else gettext("test results (template)")
    if ending == "csv":
        return downloads.attachment(pieces_table.as_csv(rows), f"{number} {name}.csv", pieces_table.CSV)
    order = list(Column)
    offered = {
        order.index(Column.VERDICT): _own(VERDICTS, language),
        order.index(Column.KIND): _own(KINDS, language),
        order.index(Column.PHENOMENON): [one.text for one in page.phenomena],
        order.index(Column.CATEGORY): [categories[one.category.id] for one in page.categories if one.offered],
    }
    content = pieces_table.as_workbook(rows, gettext("Results"), offered, gettext("What may be entered"))
    return downloads.attachment(content, f"{number} {name}.xlsx", pieces_table.XLSX)


def _found(number: str) -> PiecesPage:
    with requests.services().uow.reading() as session:
        found = queries.pieces_page(session, requests.actor(), number, formats.language())
    return found or abort(404)


def _insist_allowed(page: PiecesPage) -> None:
    if isinstance(page.outcome, Refused):
        raise NotAllowed(page.outcome.message, page.outcome.gates)


def _text(page: PiecesPage, pieces: Sequence[Piece]) -> str:
    language = Language(formats.language())
    return as_text(table(pieces, language, words_of(page.categories, language)))


# ---------------------------------------------------------------- what is wrong, and where


def _in_grid(line: int, place: int, text: str, read: Table) -> Wrong:
    """Name a cell of the grid: the piece, counted as the grid counts, and the column."""
    row = read.lines.index(line) + 1 if line in read.lines else 0
    names = {at: _label(name) for name, at in read.places.items()}
    where = gettext("Piece %(row)d", row=row) if row else gettext("Line %(line)d", line=line)
    if place >= 0:
        where += f", {names.get(place, place + 1)}"
    return Wrong(where, text, line, place)


def _told(name: str, text: str, read: Table) -> Wrong:
    """Name the cell that a verb's message is about; the whole where it is about none."""
    parts = name.split("-", 2)
    if len(parts) < 3:
        return Wrong("", text)
    return _in_grid(read.lines[int(parts[1])], read.places.get(parts[2], -1), text, read)


def _in_file(line: int, place: int, text: str) -> Wrong:
    """Name a cell as spreadsheets do."""
    return Wrong(f"{_letters(place)}{line}" if place >= 0 else gettext("Line %(line)d", line=line), text)


def _in_file_of(problem: Problem, read: Table) -> Wrong:
    line, place = read.lines[problem.piece], read.places.get(problem.column, -1)
    text = formats.message(problem.message)
    if place < 0 and problem.column in set(Column):
        text = f"{_label(problem.column)}: {text}"
    return _in_file(line, place, text)


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _label(name: str) -> str:
    """Return how a column is headed; a measured value by its own name."""
    known = dict(zip(Column, headings(Language(formats.language())), strict=True))
    return known.get(Column(name), name) if name in set(Column) else name


# ---------------------------------------------------------------- the page


def _page(
    page: PiecesPage,
    *,
    form: PiecesForm | None = None,
    text: str | None = None,
    wrong: Sequence[Wrong] = (),
    importing: ImportForm | None = None,
    refused: Sequence[Wrong] = (),
    filename: str = "",
    brought: str = "",
) -> str:
    """Draw the page; ``text`` is what was sent or brought in, and not saved."""
    language = Language(formats.language())
    writes = isinstance(page.outcome, Allowed)
    shown = form or PiecesForm(forms.NOTHING, data={"ntf_criteria": page.ntf_criteria})
    names = words_of(page.categories, language)
    return render_template(
        "returns_pieces/page.html",
        page=page,
        writes=writes,
        why=None if not isinstance(page.outcome, Refused) else formats.message(page.outcome.message),
        form=shown,
        text=_text(page, page.pieces) if text is None else text,
        wrong=wrong[:_MOST_TOLD],
        more=max(0, len(wrong) - _MOST_TOLD),
        unsaved=text is not None,
        importing=importing or ImportForm(forms.NOTHING),
        refused=refused[:_MOST_TOLD],
        refused_more=max(0, len(refused) - _MOST_TOLD),
        filename=filename,
        brought=brought,
        grid=_grid(page, names, wrong) if writes else None,
        rows=() if writes else table(page.pieces, language, names),
        category=names,
        tier=returns_tier.preview(page.number) if page.pieces else None,
        seen_before=_seen_before(page),
        count_url=_count_url(page),
        verdicts=_sums(page),
        most=MOST_PIECES,
    )


def _grid(page: PiecesPage, names: Mapping[int, str], wrong: Sequence[Wrong]) -> dict[str, Any]:
    """Return what the script makes the grid of: columns with the words they know, what is wrong, what came back."""
    language = Language(formats.language())
    offered: Mapping[Column, Sequence[Any]] = {
        Column.VERDICT: _own(VERDICTS, language),
        Column.KIND: _own(KINDS, language),
        Column.PHENOMENON: [
            [
                one.text,
                one.text_en,
                _own({one.kind: KINDS[one.kind]}, language)[0],
            ]
            for one in page.phenomena
        ],
        Column.CATEGORY: [
            [names[one.category.id], one.category.code, formats.message(one.says())]
            for one in page.categories
            if one.offered
        ],
    }
    return {
        "columns": [
            {
                "key": column.value,
                "label": label,
                "words": HEADINGS[column],
                "offered": offered.get(column, ()),
            }
            for column, label in zip(Column, headings(language), strict=True)
        ],
        "wrong": [[one.line, one.place, one.text] for one in wrong if one.line >= 0],
        "seen": {serial: _seen_text(views) for serial, views in page.earlier.items()},
        "most": min(MOST_PIECES, page.drawn),
    }


def _own(known: Mapping[Any, Sequence[str]], language: Language) -> list[str]:
    return [words_[0] if language is Language.ZH else words_[1] for words_ in known.values()]


def _seen_text(views: Sequence[queries.EarlierView]) -> str:
    last = views[-1]
    told: str = gettext(
        "Came back before: %(number)s (%(complaint)s)",
        number=last.return_number,
        complaint=last.complaint_number,
    )
    return told


def _seen_before(page: PiecesPage) -> list[tuple[Piece, tuple[queries.EarlierView, ...]]]:
    return [
        (one, page.earlier[serial_key(one.serial)])
        for one in page.pieces
        if one.serial and serial_key(one.serial) in page.earlier
    ]


def _sums(page: PiecesPage) -> dict[Any, int]:
    sums: dict[Any, int] = {}
    for one in page.tallies:
        sums[one.verdict] = sums.get(one.verdict, 0) + one.quantity
    return sums


def _count_url(page: PiecesPage) -> str | None:
    """Return where the counts are taken over from the pieces, None where that is not to be done now."""
    if (
        not page.pieces
        or not isinstance(page.may_count, Allowed)
        or "returns.step" not in current_app.view_functions
    ):
        return None
    return url_for("returns.step", number=page.number, step="count", of="pieces")
