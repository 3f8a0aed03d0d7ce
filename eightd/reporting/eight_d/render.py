"""Render an 8D document as PDF (procedure 7): the same document, language and audience give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    ClosureAnswer,
    ContainmentAnswer,
    EmergencyAnswer,
    PreventionAnswer,
    ProblemAnswer,
    TeamAnswer,
    ValidationAnswer,
)
from eightd.domain.workflow.snapshot import ReportForm
from eightd.reporting.eight_d import (
    actions,
    causes,
    closure,
    containment,
    header,
    prevention,
    problem,
    team,
)
from eightd.reporting.eight_d.attachments import (
    Along,
    along,
    appendix,
    embedded,
    listed,
    settings,
    with_pages,
)
from eightd.reporting.eight_d.audience import Audience, for_audience
from eightd.reporting.eight_d.document import EightDDocument, content_hash
from eightd.reporting.eight_d.frame import Frame
from eightd.reporting.eight_d.labels import load_labels
from eightd.reporting.eight_d.layout import load_layout
from eightd.reporting.eight_d.pictures import gallery, logo
from eightd.reporting.eight_d.telling import told
from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.embedding import Attached
from eightd.reporting.pdf.pages import About, distribute, write
from eightd.reporting.sheet.labels import Labels
from eightd.reporting.sheet.layout import Layout
from eightd.reporting.sheet.sheet import Sheet
from eightd.reporting.sheet.wording import Arrangement, ReportLanguage

_FOLDER = "eight_d_report"

SomeAnswer = TypeVar("SomeAnswer", bound=Answer)


def render(
    document: EightDDocument,
    *,
    language: ReportLanguage,
    audience: Audience,
    reports: Path,
    pictures: Mapping[str, bytes],
    digest: str = "",
    attachments: Mapping[str, bytes] | None = None,
    arrangement: Arrangement | None = None,
) -> bytes:
    """Return the report as PDF.

    ``digest`` is the hash printed, that of the document where it is empty: what was frozen by an earlier version of
    the program keeps its own, though the document would be written with more fields today.

    ``reports`` is the folder that holds ``eight_d_report/`` and ``fonts/``; ``pictures`` gives the
    bytes of every picture of the document by SHA-256. What the customer's version leaves out is
    the table in ``audience``. A document of revision 0 carries the draft's watermark. Dates in the
    PDF come from ``issued_at``; nothing else of time, machine or process is in it. ``attachments``
    gives the bytes of the files that go along, ``arrangement`` overrules the document's. Raises
    MalformedLayout, MissingPictureError or MissingAttachmentError.
    """
    digest = digest or content_hash(document)
    tale = story(
        document,
        language=language,
        audience=audience,
        reports=reports,
        pictures=pictures,
        digest=digest,
        attachments=attachments,
        arrangement=arrangement,
    )
    shown, sheet = tale.shown, tale.sheet
    paper = sheet.layout.paper()
    about = About(
        title=f"{sheet.plain(header.title_key(shown))} {shown.number}",
        author=" / ".join(dict.fromkeys(filter(None, (shown.plant.zh, shown.plant.en)))),
        subject=f"{sheet.plain('report.subject')} {shown.number} "
        f"{sheet.plain('report.revision')} {shown.revision} {sheet.plain(header.state(shown))}",
        keywords=f"8D, {shown.number}, {digest}",
        language=language.tag,
        moment=shown.issued_at,
    )
    pages = distribute([*tale.blocks, *tale.appendix], paper)
    frame = Frame(shown, sheet, [page.paper for page in pages], digest)
    pdf = write(pages, paper, about, frame, tale.embedded)
    return with_pages(pdf, settings(pages))


@dataclass(frozen=True, slots=True)
class Story:
    """What a report tells, block by block, and the sheet it is set on; ``shown`` is what this reader may know.

    ``appendix`` follows on paper alone, ``embedded`` are the files inside the PDF.
    """

    shown: EightDDocument
    sheet: Sheet
    blocks: list[Block]
    appendix: list[Block]
    embedded: list[Attached]


def story(
    document: EightDDocument,
    *,
    language: ReportLanguage,
    audience: Audience,
    reports: Path,
    pictures: Mapping[str, bytes],
    digest: str,
    attachments: Mapping[str, bytes] | None = None,
    arrangement: Arrangement | None = None,
) -> Story:
    """Return the report's blocks in their order, for paper and for the screen."""
    folder = reports / _FOLDER
    layout = _layout(folder / "layout.toml", _changed(folder / "layout.toml"))
    sheet = Sheet(
        labels=_labels(folder / "labels.toml", _changed(folder / "labels.toml")),
        layout=layout,
        language=language,
        faces=fonts.load(reports / "fonts"),
        zone=document.zone,
        arrangement=arrangement or Arrangement(document.arrangement),
    )
    shown = for_audience(document, audience)
    files = along(shown, attachments or {}, sheet)
    shown = replace(shown, answers=_told(shown, language))
    teller = _Teller(shown, pictures, digest, files)
    blocks = header.title(shown, sheet, audience, logo(folder, layout))
    for name in layout.sections["short" if shown.form is ReportForm.SHORT else "full"]:
        blocks += teller.section(name, sheet)
    if audience is Audience.CUSTOMER:
        blocks += closure.disclaimer(sheet)
    return Story(shown, sheet, blocks, appendix(files, sheet), embedded(files))


def _told(document: EightDDocument, language: ReportLanguage) -> dict[DisciplineCode, Answer]:
    changed = document.changed_places
    return {code: told(one, language, changed.get(code, ())) for code, one in document.answers.items()}


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells a document section by section."""

    document: EightDDocument
    pictures: Mapping[str, bytes]
    digest: str
    files: list[Along]

    def section(self, name: str, sheet: Sheet) -> list[Block]:
        """Return one section of the layout with its heading, or nothing where it has no content."""
        code, document = "", self.document
        match name:
            case "header":
                return header.facts(document, sheet)
            case "defects":
                return header.defects(document, sheet)
            case "course":
                content = closure.course(document, sheet)
            case "approval":
                content = closure.approval(document, sheet, self.digest)
            case "attachments":
                content = listed(self.files, sheet)
            case "internal":
                content = closure.internal(document, sheet)
            case _:
                code = name
                discipline = DisciplineCode(name)
                marking = sheet.marking(document.changed_places.get(discipline, ()))
                content = _discipline(discipline, document, marking)
                own = [picture for picture in document.pictures if picture.discipline is discipline]
                content += gallery(own, self.pictures, sheet)
        return [sheet.heading(code, f"section.{name}"), *content] if content else []


def _discipline(code: DisciplineCode, document: EightDDocument, sheet: Sheet) -> list[Block]:
    match document.answers.get(code):
        case EmergencyAnswer() as answer:
            return team.emergency(answer, sheet)
        case TeamAnswer() as answer:
            return team.team(answer, sheet)
        case ProblemAnswer() as answer:
            return problem.problem(answer, sheet)
        case ContainmentAnswer() as answer:
            return containment.containment(answer, sheet)
        case CauseAnswer() as answer:
            return causes.causes(answer, sheet, _effect(document, sheet))
        case ActionAnswer() as answer:
            return actions.actions(answer, sheet, _answer(document, DisciplineCode.D4, CauseAnswer))
        case ValidationAnswer() as answer:
            return actions.validation(answer, sheet, _answer(document, DisciplineCode.D5, ActionAnswer))
        case PreventionAnswer() as answer:
            return prevention.prevention(answer, sheet)
        case ClosureAnswer() as answer:
            return closure.closure(answer, document, sheet)
        case _:
            return closure.closure(None, document, sheet) if code is DisciplineCode.D8 else []


def _answer(document: EightDDocument, code: DisciplineCode, kind: type[SomeAnswer]) -> SomeAnswer | None:
    answer = document.answers.get(code)
    return answer if isinstance(answer, kind) else None


def _effect(document: EightDDocument, sheet: Sheet) -> str:
    """Return the few words at the head of the fishbone: the worst phenomenon, else the symptom."""
    if document.defects:
        worst = max(document.defects, key=lambda line: line.quantity or 0)
        if sheet.language is ReportLanguage.EN:
            return worst.phenomenon_en or worst.phenomenon
        return worst.phenomenon or worst.phenomenon_en
    emergency = _answer(document, DisciplineCode.D0, EmergencyAnswer)
    return emergency.symptom if emergency else ""


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns


@lru_cache(maxsize=8)
def _layout(path: Path, _: int) -> Layout:
    return load_layout(path)


@lru_cache(maxsize=8)
def _labels(path: Path, _: int) -> Labels:
    return load_labels(path)
