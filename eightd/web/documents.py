"""The documents of a complaint beside its 8D report: previewed, issued, handed out."""

from __future__ import annotations

import wtforms
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.paperwork import DocumentKind
from eightd.queries import documents as queries
from eightd.queries.documents import DocumentsPage
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases.documents import issue as verbs
from eightd.usecases.documents import reading
from eightd.web import downloads, forms, requests, words

blueprint = Blueprint("documents", __name__, url_prefix="/complaints/<number>/documents")

LANGUAGES = (("zh", "中文"), ("en", "English"), ("both", "中文 + English"))
_KINDS = ", ".join(kind.value for kind in DocumentKind)


class IssueForm(forms.Form):
    """Which document, in which language."""

    kind = wtforms.RadioField(
        _l("Document"), choices=lambda: words.choices(DocumentKind), default=DocumentKind.COMPLAINT_NOTICE
    )
    language = wtforms.SelectField(_l("Language"), choices=lambda: list(LANGUAGES))


@blueprint.route("", methods=["GET", "POST"])
def index(number: str) -> str | AnyResponse | tuple[str, int]:
    """List what was issued; issue another, or look at it before."""
    view = _view(number)
    form = IssueForm(data={"language": view.report_language, "kind": DocumentKind.COMPLAINT_NOTICE.value})
    if not form.is_sent:
        return _page(view, form)
    if not form.validate():
        return _page(view, form), 422
    kind, language = DocumentKind(form.kind.data), ReportLanguage(form.language.data)
    if request.form.get("do") == "preview":
        return redirect(url_for(".preview", number=number, kind=kind.value, language=language.value), 303)
    done = verbs.issue_document(
        requests.services().uow,
        requests.order(),
        number=number,
        version=requests.seen_version(),
        kind=kind,
        language=language,
    )
    flash(
        gettext("%(document)s %(number)d was issued.", document=words.word(kind), number=done.id), "success"
    )
    return redirect(url_for(".index", number=number), 303)


@blueprint.get(f"/<any({_KINDS}):kind>/<int:position>.pdf")
def download(number: str, kind: str, position: int) -> Response:
    """Hand out an issued document: the same bytes for ever."""
    services = requests.services()
    found = verbs.issued_document(
        services.uow,
        requests.actor(),
        number=number,
        kind=DocumentKind(kind),
        position=position,
        now=services.clock(),
    )
    return downloads.attachment(found.content, found.filename, "application/pdf")


@blueprint.get(f"/<any({_KINDS}):kind>/<int:position>/read")
def read(number: str, kind: str, position: int) -> str:
    """Show an issued document for reading on the screen, in any language."""
    asked = request.args.get("language", "")
    page = reading.document_page(
        requests.services().uow,
        requests.actor(),
        number=number,
        kind=DocumentKind(kind),
        position=position,
        language=ReportLanguage(asked) if asked in dict(LANGUAGES) else None,
    )
    return render_template("documents/read.html", page=page, languages=LANGUAGES)


@blueprint.get(f"/<any({_KINDS}):kind>/<int:position>/pictures/<sha256>.jpg")
def picture(number: str, kind: str, position: int, sha256: str) -> Response:
    """Show a picture of a document to those who may read it."""
    jpeg = reading.document_picture(
        requests.services().uow,
        requests.actor(),
        number=number,
        kind=DocumentKind(kind),
        position=position,
        sha256=sha256,
    )
    return Response(jpeg, mimetype="image/jpeg")


@blueprint.get(f"/<any({_KINDS}):kind>/preview-<any(zh, en, both):language>.pdf")
def preview(number: str, kind: str, language: str) -> Response:
    """Draw what the document would look like now; nothing is kept."""
    services = requests.services()
    found = verbs.preview_document(
        services.uow,
        requests.actor(),
        number=number,
        kind=DocumentKind(kind),
        language=ReportLanguage(language),
        now=services.clock(),
    )
    return downloads.attachment(found.content, found.filename, "application/pdf")


def _view(number: str) -> DocumentsPage:
    with requests.services().uow.reading() as session:
        view = queries.documents_page(session, requests.actor(), number)
    if view is None:
        abort(404)
    return view


def _page(view: DocumentsPage, form: IssueForm) -> str:
    return render_template("documents/index.html", view=view, form=form, languages=dict(LANGUAGES))
