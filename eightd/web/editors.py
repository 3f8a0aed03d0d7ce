"""What the editors of a discipline draw from what is saved: fishbone, shares, matrix, proofs (procedure 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext
from markupsafe import Markup

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline import stock
from eightd.domain.discipline.answers import (
    ActionAnswer,
    CauseAnswer,
    Dimension,
    StockCheck,
    Validation,
    ValidationAnswer,
)
from eightd.domain.discipline.effectiveness import Change, contradictions, proof
from eightd.domain.discipline.shares import Shares, action_code, cause_code, cover, shares
from eightd.domain.discipline.whys import DEEPEST, levels, numbers
from eightd.queries.discipline import DisciplinePage, discipline_page
from eightd.web import formats, forms, requests, words
from eightd.web.discipline_forms import drawing, facts
from eightd.web.discipline_forms.questions import QUESTIONS

blueprint = Blueprint("editors", __name__, url_prefix="/complaints/<number>")

_PARTS = {
    DisciplineCode.D4: ("fishbone", "shares"),
    DisciplineCode.D5: ("matrix",),
    DisciplineCode.D6: ("proof",),
}
_CODES = ", ".join(code.value for code in _PARTS)


@dataclass(frozen=True)
class MatrixCause:
    """One cause of the matrix; ``own`` are the columns of its actions."""

    code: str
    text: str
    share: Decimal | None
    own: frozenset[int]


@dataclass(frozen=True)
class MatrixAction:
    """One action of the matrix; ``astray`` says that it answers no cause."""

    code: str
    text: str
    astray: bool


@dataclass(frozen=True)
class Matrix:
    """Causes against actions, with what is left over on either side in words."""

    causes: tuple[MatrixCause, ...]
    actions: tuple[MatrixAction, ...]
    complete: bool
    words: str


@dataclass(frozen=True)
class ShownProof:
    """What one validation proves: its drawing, and sentences with how good they are."""

    title: str
    drawing: Markup | None
    said: tuple[tuple[str, str], ...]


@blueprint.get(f"/<any({_CODES}):code>/part/<any(fishbone, shares, matrix, proof):name>")
def part(number: str, code: str, name: str) -> str:
    """Draw a part again from what is saved now."""
    if name not in _PARTS[DisciplineCode(code)]:
        abort(404)
    view = _view(number, DisciplineCode(code))
    return render_template(
        f"discipline/editors/parts/{name}.html", page=view, shown_part=editor_part(view, name)
    )


@blueprint.get("/D4/fishbone.png")
def fishbone_png(number: str) -> Response:
    """Hand out the fishbone as a picture to be saved; 404 where no cause is on it."""
    view = _view(number, DisciplineCode.D4)
    reports = requests.services().uow.reports
    picture = drawing.fishbone_png(view.answers.get(DisciplineCode.D4), facts.effect(view), reports)
    if picture is None:
        abort(404)
    answer = Response(picture, mimetype="image/png")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{view.header.number}-D4-fishbone.png")
    return answer


@blueprint.app_template_global()
def editor_part(view: DisciplinePage, name: str) -> Any:
    """Return what a part shows of the answer as saved; None where it has nothing to show."""
    answer = view.answers.get(view.code)
    if name == "fishbone":
        return drawing.fishbone_svg(answer, facts.effect(view))
    if name == "shares":
        return _shares(answer)
    return _matrix(view) if name == "matrix" else _proofs(view)


@blueprint.app_template_global()
def questions() -> Mapping[Dimension, Mapping[str, Any]]:
    """Return what each cell of IS / IS NOT asks."""
    return QUESTIONS


@blueprint.app_template_global()
def choices_of_dimension() -> Sequence[tuple[str, Any]]:
    """Return the dimensions of IS / IS NOT with their names."""
    return words.choices(Dimension)


@blueprint.app_template_global()
def why_numbers(rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Return level and number of each row of a tree of whys, as the tree is read."""
    given = [_level(row.get("level")) for row in rows or ()]
    return list(zip(levels(given), numbers(given), strict=True))


@blueprint.app_template_global()
def levels_known() -> frozenset[str]:
    """Return the levels that a step can be given, as a form sends them."""
    return frozenset(str(level) for level in range(DEEPEST + 1))


@blueprint.app_template_global()
def stock_words() -> Mapping[str, str]:
    """Return how the stock is spoken of, with ``{places}`` for the numbers, for the script that counts along."""
    phrases = {
        "unknown": stock.UNKNOWN,
        "all_found": stock.ALL_FOUND,
        "missing": stock.MISSING,
        "too_many": stock.TOO_MANY,
        "checked": stock.CHECKED_TOO_MANY,
        "ng": stock.NG_TOO_MANY,
    }
    is_chinese = formats.language() == "zh"
    return {name: phrase.zh if is_chinese else phrase.en for name, phrase in phrases.items()}


@blueprint.app_template_global()
def marked_stock(field_list: Any) -> list[dict[str, Any]]:
    """Return the rows of the stock table with what contradicts itself marked at the cell."""
    shown = forms.rows(field_list)
    for row, entry in zip(shown, field_list, strict=True):
        counts = {name: entry.form[name].data for name in ("quantity", "checked", "ng")}
        row["_marks"] = {
            name: formats.message(message)
            for name, message in stock.contradictions(StockCheck(**counts)).items()
        }
    return shown


def _level(value: Any) -> int:
    text = str(value or 0)
    return int(text) if text.isdecimal() else 0


def _view(number: str, code: DisciplineCode) -> DisciplinePage:
    with requests.services().uow.reading() as session:
        view = discipline_page(session, requests.actor(), number, code)
    if view is None:
        abort(404)
    return view


def _shares(answer: Any) -> Shares | None:
    if not isinstance(answer, CauseAnswer) or not any(cause.text for cause in answer.causes):
        return None
    return shares(answer.causes)


def _matrix(view: DisciplinePage) -> Matrix | None:
    found, chosen = view.answers.get(DisciplineCode.D4), view.answers.get(DisciplineCode.D5)
    if not isinstance(found, CauseAnswer) or not found.causes:
        return None
    actions = chosen.actions if isinstance(chosen, ActionAnswer) else ()
    held = cover(found.causes, actions)
    said = [at for at, action in enumerate(actions) if action.action.strip()]
    column = {at: place for place, at in enumerate(said)}
    return Matrix(
        tuple(
            MatrixCause(
                cause_code(at), cause.text, cause.share_percent, frozenset(column[one] for one in own)
            )
            for at, (cause, own) in enumerate(zip(found.causes, held.actions_of, strict=True))
        ),
        tuple(MatrixAction(action_code(at), actions[at].action, at in held.astray) for at in said),
        held.is_complete,
        _matrix_words(held.uncovered, held.astray),
    )


def _matrix_words(uncovered: Sequence[int], astray: Sequence[int]) -> str:
    if not uncovered and not astray:
        return str(gettext("Every cause has an action, every action a cause."))
    said = []
    if uncovered:
        causes = ", ".join(cause_code(at) for at in uncovered)
        said.append(gettext("Causes without an action: %(causes)s.", causes=causes))
    if astray:
        actions = ", ".join(action_code(at) for at in astray)
        said.append(gettext("Actions without a cause: %(actions)s.", actions=actions))
    return " ".join(said)


def _proofs(view: DisciplinePage) -> list[ShownProof]:
    answer, planned = view.answers.get(DisciplineCode.D6), view.answers.get(DisciplineCode.D5)
    if not isinstance(answer, ValidationAnswer):
        return []
    actions = planned.actions if isinstance(planned, ActionAnswer) else ()
    made = (_proof(row, [action.action for action in actions]) for row in answer.validations)
    return [one for one in made if one is not None]


def _proof(row: Validation, actions: Sequence[str]) -> ShownProof | None:
    title = ""
    if row.action is not None and 0 <= row.action < len(actions):
        title = f"{action_code(row.action)} · {actions[row.action]}"
    odd = contradictions(row)
    if odd:
        return ShownProof(title, None, tuple(("bad", formats.message(one)) for one in odd.values()))
    found = proof(row)
    if found is None:
        return None
    first, *others = (formats.message(one) for one in found.says())
    kind = {Change.BETTER: "good", Change.UNKNOWN: "plain"}.get(found.change, "open")
    if found.change is Change.NOT_BETTER:
        kind = "bad"
    return ShownProof(title, drawing.proof_svg(found), (("plain", first), *((kind, text) for text in others)))
