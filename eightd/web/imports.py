"""Bringing in: a file is taken, its columns corrected, tried with every problem listed, then carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.complaint import ComplaintKind
from eightd.domain.importing.days import DayOrder
from eightd.domain.importing.fields import FIELDS, Field, Nature, Target, field_of
from eightd.domain.importing.grid import Sheet
from eightd.domain.importing.layout import Layout
from eightd.domain.importing.rights import RunState, may_bring_in
from eightd.domain.words import Language
from eightd.queries import imports as queries
from eightd.reporting.import_sheets import TemplateColumn, table_book, template_book
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.importing import columns as columns_verbs
from eightd.usecases.importing import runs as verbs
from eightd.usecases.importing.mapping import FileMapping, SheetMapping
from eightd.web import downloads, formats, requests, words
from eightd.web.import_words import EXAMPLES, EXPLANATIONS, KINDS_OF_FINDING, TARGETS
from eightd.web.session import quiet

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

SHOWN_OF_A_KIND = 60
_MOST_ROW = 200

ORDERS = {
    DayOrder.UNSAID: _l("Say where it matters"),
    DayOrder.DAY: _l("Day, month, year"),
    DayOrder.MONTH: _l("Month, day, year"),
}


@blueprint.get("/")
def index() -> str:
    """Show what was brought in lately, and take a new file."""
    _insist()
    return _index({})


@blueprint.post("/")
def upload() -> str | AnyResponse | tuple[str, int]:
    """Take a file, and lead to its columns."""
    _insist()
    services, order = requests.services(), requests.order()
    target = _target(request.form.get("target", ""))
    plant_id = requests.sent_id("plant")
    if not may_bring_in(requests.actor(), target, plant_id):
        raise NotFound
    sent = request.files.get("file")
    try:
        file = verbs.take(
            (sent.filename if sent else "") or "", sent.read() if sent else b"", services.limits
        )
        done = verbs.upload(services.uow, order, plant_id=plant_id, target=target, file=file)
    except Invalid as invalid:
        return _index(_problems(invalid)), 422
    return redirect(url_for("imports.page", run_id=done.id), 303)


@blueprint.get("/<int:run_id>")
def page(run_id: int) -> str:
    """Show a file: its columns, what was found, how far it is, what came of it."""
    return _page(run_id)


@blueprint.get("/<int:run_id>/progress")
@quiet
def progress(run_id: int) -> Response:
    """Show the part of the page that changes while the file is worked on; when that is over, the page."""
    with requests.services().uow.reading() as session:
        run = queries.run(session, requests.actor(), run_id)
    if run is None:
        abort(404)
    answer = make_response(render_template("imports/progress.html", run=run))
    if not run.is_at_work:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/<int:run_id>/mapping")
def mapping(run_id: int) -> str | AnyResponse | tuple[str, int]:
    """Take how the file is read and have it tried; or read the headings again where they are said to stand."""
    sheets = columns_verbs.sheets_of(requests.services().uow, requests.actor(), run_id)
    kept, target = _kept(run_id)
    asked = _with_customers(kept) if request.form.get("part") == "customers" else _asked(sheets, kept, target)
    if request.form.get("do") == "again":
        return _page(run_id, asked=columns_verbs.proposed_again(sheets, target, asked))
    try:
        verbs.try_out(
            requests.services().uow,
            requests.order(),
            run_id=run_id,
            version=requests.seen_version(),
            mapping=asked,
        )
    except Invalid as invalid:
        return _page(run_id, asked=asked, problems=_problems(invalid)), 422
    return redirect(url_for("imports.page", run_id=run_id), 303)


@blueprint.post("/<int:run_id>/carry-out")
def carry_out(run_id: int) -> str | AnyResponse | tuple[str, int]:
    """Have everything brought in, all in one go."""
    try:
        verbs.carry_out(
            requests.services().uow,
            requests.order(),
            run_id=run_id,
            version=requests.seen_version(),
            leave_out=request.form.get("leave_out") == "1",
        )
    except Invalid as invalid:
        return _page(run_id, problems=_problems(invalid)), 422
    return redirect(url_for("imports.page", run_id=run_id), 303)


@blueprint.get("/<int:run_id>/findings.xlsx")
def findings(run_id: int) -> Response:
    """Hand out everything that was found, by cell, for whoever mends the file."""
    with requests.services().uow.reading() as session:
        found = queries.findings(session, requests.actor(), run_id)
    if found is None:
        abort(404)
    run, listed = found
    levels = {
        "problem": gettext("Stays out"),
        "remark": gettext("Please look"),
        "skipped": gettext("Not needed"),
    }
    language = formats.language()
    rows = [
        (levels[one["level"]], one["sheet"], str(one["row"]), one["cell"], one[language]) for one in listed
    ]
    heads = (
        gettext("What becomes of it"),
        gettext("Sheet"),
        gettext("Line"),
        gettext("Cell"),
        gettext("What was noticed"),
    )
    book = table_book(gettext("Findings"), heads, rows)
    return downloads.attachment(book, f"findings-{run.id}.xlsx", downloads.XLSX)


@blueprint.get("/templates/<target>.xlsx")
def template(target: str) -> Response:
    """Hand out a book to fill in, with its columns explained."""
    wanted = _target(target)
    if not may_bring_in(requests.actor(), wanted):
        raise NotFound
    made = [
        TemplateColumn(
            heading=one.label.say().text(formats.language()),
            required=one.required,
            example=EXAMPLES[wanted].get(one.code, ""),
            explanation=_explained(one),
        )
        for one in FIELDS[wanted]
        if not one.many
    ]
    heads = (gettext("Column"), gettext("Required"), gettext("What may stand in it"))
    book = template_book(str(TARGETS[wanted]), made, guide=gettext("Columns explained"), guide_heads=heads)
    return downloads.attachment(book, f"template-{wanted.value}.xlsx", downloads.XLSX)


def _explained(one: Field) -> str:
    own = EXPLANATIONS.get(one.code)
    return str(own if own is not None and one.nature is not Nature.DAY else EXPLANATIONS[one.nature.value])


def _insist() -> None:
    if not queries.targets(requests.actor()):
        raise NotFound


def _target(text: str) -> Target:
    if text not in set(Target):
        raise NotFound
    return Target(text)


def _problems(invalid: Invalid) -> dict[str, str]:
    return {name: message.text(formats.language()) for name, message in invalid.problems.items()}


def _index(problems: Mapping[str, str]) -> str:
    actor = requests.actor()
    with requests.services().uow.reading() as session:
        found, plants = queries.runs(session, actor), queries.plants(session, actor)
    allowed = queries.targets(actor)
    chosen = request.form.get("target") or request.args.get("target") or allowed[0].value
    return render_template(
        "imports/index.html",
        runs=found,
        plants=plants,
        targets=[(one.value, TARGETS[one]) for one in allowed],
        chosen=chosen if chosen in allowed else allowed[0].value,
        plant=request.form.get("plant") or plants[0][0],
        problems=problems,
        labels=TARGETS,
        limit=requests.services().limits.upload_max_bytes // 2**20,
    )


def _kept(run_id: int) -> tuple[FileMapping, Target]:
    with requests.services().uow.reading() as session:
        found = queries.run_page(session, requests.actor(), run_id, Language(formats.language()))
    if found is None:
        abort(404)
    return FileMapping.of(found.mapping), found.run.target


def _page(run_id: int, *, asked: FileMapping | None = None, problems: Mapping[str, str] | None = None) -> str:
    services, actor = requests.services(), requests.actor()
    with services.uow.reading() as session:
        found = queries.run_page(session, actor, run_id, Language(formats.language()))
    if found is None:
        abort(404)
    run, sheets = found.run, None
    held = asked or FileMapping.of(found.mapping)
    if asked is not None or run.state in {RunState.UPLOADED, RunState.FAILED} or request.args.get("columns"):
        sheets = columns_verbs.columns_of(
            columns_verbs.sheets_of(services.uow, actor, run_id), run.target, held
        )
    return render_template(
        "imports/page.html",
        page=found,
        run=run,
        sheets=sheets,
        mapping=held,
        fields=[(one.code, one.label.say().text(formats.language())) for one in FIELDS[run.target]],
        orders=[(one.value, label) for one, label in ORDERS.items()],
        kinds=words.choices(ComplaintKind),
        problems=problems or {},
        labels=TARGETS,
        findings_words=KINDS_OF_FINDING,
        shown=SHOWN_OF_A_KIND,
        again=asked is not None,
    )


def _asked(sheets: tuple[Sheet, ...], kept: FileMapping, target: Target) -> FileMapping:
    """Return the mapping that the form sends; what it does not know of stays as it was."""
    form = request.form
    chosen = {}
    for place, sheet in enumerate(sheets):
        before = f"sheet-{place}-"
        columns = {
            column: code
            for column in range(sheet.width)
            if (code := form.get(f"{before}column-{column}", "")) and field_of(target, code) is not None
        }
        first, last = sorted((_row(f"{before}first"), _row(f"{before}last")))
        chosen[sheet.name] = SheetMapping(form.get(f"{before}used") == "1", Layout(first, last), columns)
    order, kind = form.get("order", ""), form.get("kind", "")
    return replace(
        kept,
        sheets=chosen,
        order=DayOrder(order) if order in set(DayOrder) else DayOrder.UNSAID,
        kind=ComplaintKind(kind) if kind in set(ComplaintKind) else kept.kind,
        update=form.get("update") == "1",
    )


def _with_customers(kept: FileMapping) -> FileMapping:
    """Return the mapping with the customers that new names were said to be."""
    chosen = dict(kept.customers)
    for key, code in zip(request.form.getlist("name"), request.form.getlist("customer"), strict=False):
        if code:
            chosen[key[:200]] = code[:20]
        else:
            chosen.pop(key, None)
    return replace(kept, customers=chosen)


def _row(name: str) -> int:
    """Return a row from nought, as people count from one."""
    given = request.form.get(name, "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 1
    return max(0, min(number, _MOST_ROW) - 1)
