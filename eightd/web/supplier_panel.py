"""Beside D4 to D7: which of our rows came from a supplier's 8D, and what may still be taken over."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask_babel import gettext

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.suppliers.taking import LISTS
from eightd.queries.discipline import discipline_page
from eightd.queries.suppliers.origins import Source, sources
from eightd.web import formats, requests
from eightd.web.supplier_rows import said

blueprint = Blueprint("supplier_panel", __name__, url_prefix="/complaints/<number>")

CODES = ", ".join(code.value for code in LISTS)


@dataclass(frozen=True)
class Origin:
    """A supplier's 8D and our rows that came from it, each with its number in its list and what it says."""

    number: str
    title: str
    rows: tuple[tuple[str, str], ...]
    is_accepted: bool


@blueprint.get(f"/<any({CODES}):code>/suppliers", endpoint="panel")
def panel(number: str, code: str) -> str:
    """Show where rows came from, as a part of the discipline's page; nothing where no supplier was asked."""
    with requests.services().uow.reading() as session:
        view = discipline_page(session, requests.actor(), number, DisciplineCode(code))
        found = () if view is None else sources(session, number, DisciplineCode(code))
    if view is None:
        abort(404)
    return render_template(
        "suppliers/panel.html", origins=[_origin(one, DisciplineCode(code), view.answer) for one in found]
    )


def _origin(one: Source, code: DisciplineCode, answer: Answer | None) -> Origin:
    rows = []
    for name in LISTS[code] if answer is not None else ():
        for position, row in enumerate(getattr(answer, name), start=1):
            if f"{name}/{row.key}" in one.rows:
                what, text = said(row)
                rows.append((gettext("%(what)s (row %(number)d)", what=what, number=position), text))
    return Origin(one.number, formats.message(one.origin), tuple(rows), one.is_accepted)
