"""Render an 8D document as PDF (procedure 7): the same document, language and audience give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from reportlab.lib.units import mm

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
from eightd.reporting.eight_d.audience import Audience, for_audience
from eightd.reporting.eight_d.document import EightDDocument, content_hash
from eightd.reporting.eight_d.frame import Frame
from eightd.reporting.eight_d.labels import load_labels
from eightd.reporting.eight_d.layout import load_layout
from eightd.reporting.eight_d.pictures import PictureBlock, gallery, print_ready
from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.pages import About, distribute, write
from eightd.reporting.sheet.labels import Labels
from eightd.reporting.sheet.layout import Layout
from eightd.reporting.sheet.sheet import Sheet
from eightd.reporting.sheet.wording import ReportLanguage

_FOLDER = "eight_d_report"
_TAGS = {ReportLanguage.ZH: "zh-CN", ReportLanguage.EN: "en", ReportLanguage.BOTH: "zh-CN"}

SomeAnswer = TypeVar("SomeAnswer", bound=Answer)


def render(
    document: EightDDocument,
    *,
    language: ReportLanguage,
    audience: Audience,
    reports: Path,
    pictures: Mapping[str, bytes],
    digest: str = "",
) -> bytes:
    """Return the report as PDF.

    ``digest`` is the hash printed, that of the document where it is empty: what was frozen by an earlier version of
    the program keeps its own, though the document would be written with more fields today.

    ``reports`` is the folder that holds ``eight_d_report/`` and ``fonts/``; ``pictures`` gives the
    bytes of every picture of the document by SHA-256. What the customer's version leaves out is
    the table in ``audience``. A document of revision 0 carries the draft's watermark. Dates in the
    PDF come from ``issued_at``; nothing else of time, machine or process is in it. Raises
    MalformedLayout or MissingPictureError.
    """
    digest = digest or content_hash(document)
    told = story(
        document, language=language, audience=audience, reports=reports, pictures=pictures, digest=digest
    )
    shown, sheet = told.shown, told.sheet
    paper = sheet.layout.paper()
    about = About(
        title=f"{sheet.plain(header.title_key(shown))} {shown.number}",
        author=" / ".join(dict.fromkeys(filter(None, (shown.plant.zh, shown.plant.en)))),
        subject=f"{sheet.plain('report.subject')} {shown.number} "
        f"{sheet.plain('report.revision')} {shown.revision} {sheet.plain(header.state(shown))}",
        keywords=f"8D, {shown.number}, {digest}",
        language=_TAGS[language],
        moment=shown.issued_at,
    )
    return write(distribute(told.blocks, paper), paper, about, Frame(shown, sheet, paper, digest))


@dataclass(frozen=True, slots=True)
class Story:
    """What a report tells, block by block, and the sheet it is set on; ``shown`` is what this reader may know."""

    shown: EightDDocument
    sheet: Sheet
    blocks: list[Block]


def story(
    document: EightDDocument,
    *,
    language: ReportLanguage,
    audience: Audience,
    reports: Path,
    pictures: Mapping[str, bytes],
    digest: str,
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
    )
    shown = for_audience(document, audience)
    blocks = header.title(shown, sheet, audience, _logo(folder, layout))
    for name in layout.sections["short" if shown.form is ReportForm.SHORT else "full"]:
        blocks += _section(name, shown, sheet, pictures, digest)
    return Story(shown, sheet, blocks)


def _section(
    name: str, document: EightDDocument, sheet: Sheet, pictures: Mapping[str, bytes], digest: str
) -> list[Block]:
    """Return one section of the layout with its heading, or nothing where it has no content."""
    code = ""
    match name:
        case "header":
            return header.facts(document, sheet)
        case "defects":
            return header.defects(document, sheet)
        case "course":
            content = closure.course(document, sheet)
        case "approval":
            content = closure.approval(document, sheet, digest)
        case "internal":
            content = closure.internal(document, sheet)
        case _:
            code = name
            discipline = DisciplineCode(name)
            content = _discipline(discipline, document, sheet)
            own = [picture for picture in document.pictures if picture.discipline is discipline]
            content += gallery(own, pictures, sheet)
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


def _logo(folder: Path, layout: Layout) -> Block | None:
    if not layout.brand.logo:
        return None
    jpeg = print_ready((folder / layout.brand.logo).read_bytes(), layout.pictures)
    return None if jpeg is None else PictureBlock(jpeg, "logo", highest=layout.brand.logo_height * mm)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns


@lru_cache(maxsize=8)
def _layout(path: Path, _: int) -> Layout:
    return load_layout(path)


@lru_cache(maxsize=8)
def _labels(path: Path, _: int) -> Labels:
    return load_labels(path)
