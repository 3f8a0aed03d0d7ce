"""Mark up a picture: the marks are drawn onto the original by the program, and filed as a picture of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from eightd.domain.goes_along import PICTURES
from eightd.domain.marks import Mark, document, problems
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.files import FileMissingError
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.unit_of_work import UnitOfWork, Work
from eightd.reporting.marked_picture import marked_picture
from eightd.reporting.thumbnail import NotAPictureError
from eightd.usecases.access import conclude
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.evidence.change import opened_file
from eightd.usecases.evidence.check import CheckedUpload
from eightd.usecases.evidence.file import file_evidence, filed_document
from eightd.usecases.verb import Done, verb

NOT_A_PICTURE = Phrase("marks.not_a_picture", "Only pictures can be marked", "只有图片可以标注")
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks and the picture that they make of an original."""

    original_id: int
    marks: tuple[Mark, ...]
    upload: CheckedUpload


def draw(uow: UnitOfWork, *, number: str, evidence_id: int, marks: tuple[Mark, ...]) -> Drawing:
    """Draw the marks; to be done before the transaction, for large pictures take a second.

    A marked picture is drawn anew from its original. Raises NotFound, or Invalid by the marks' places.
    """
    wrong = problems(marks)
    if wrong:
        raise Invalid(wrong)
    with uow.reading() as session:
        row = _original(session, number, evidence_id)
    if row.media_type not in PICTURES:
        raise Invalid({"marks": NOT_A_PICTURE.say()})
    try:
        made = marked_picture(uow.files.get(row.sha256), marks, uow.reports / "fonts")
    except FileMissingError as missing:
        raise NotFound from missing
    except NotAPictureError as broken:
        raise Invalid({"marks": NOT_A_PICTURE.say()}) from broken
    name = f"{PurePosixPath(row.filename).stem}-marked{_ENDINGS[made.media_type]}"
    upload = CheckedUpload(name, made.content, made.media_type, made.width, made.height)
    return Drawing(row.id, marks, upload)


def _original(session: Session, number: str, evidence_id: int) -> EvidenceRow:
    loaded = complaints.load(session, number)
    row = session.get(EvidenceRow, evidence_id)
    if loaded is None or row is None or row.complaint_id != loaded.row.id:
        raise NotFound
    return row if row.original_id is None else session.get_one(EvidenceRow, row.original_id)


@verb("evidence.mark")
def mark_picture(work: Work, *, number: str, evidence_id: int, version: int, drawing: Drawing) -> Done:
    """File the drawing: it is shown instead of the picture that it was made from, which is kept.

    It takes over all that was said of that one. ``version`` is the file's that was marked, as the actor saw it.
    Raises NotFound, NotAllowed, Stale.
    """
    opened, rows, row = opened_file(work, number, evidence_id, Action.ADD_EVIDENCE, version)
    if drawing.original_id != (row.original_id or row.id):
        raise NotFound
    filed = file_evidence(
        work,
        opened.row,
        drawing.upload,
        discipline=row.discipline,
        caption=row.caption,
        marker=row.marker,
        sender=row.sender,
    )
    filed.caption_other, filed.position, filed.pair = row.caption_other, row.position, row.pair
    filed.internal, filed.goes_along = row.internal, row.goes_along
    filed.original_id, filed.marks = drawing.original_id, document(drawing.marks)
    row.pair = ""
    row.version += 1
    original = next(one.filename for one in rows if one.id == drawing.original_id)
    conclude(
        work,
        opened,
        new={"files": filed_document([filed]), "original": original, "marks": len(drawing.marks)},
        subject=row.discipline.value if row.discipline else "",
        raise_version=False,
    )
    return Done(number=number, version=filed.version, id=filed.id)
