"""File pictures and documents under a complaint: checked by content, stored by hash."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

import filetype
from PIL import Image, ImageOps

from eightd.domain.complaint import DisciplineCode
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.errors import Invalid
from eightd.usecases.office_files import OLD_OFFICE, is_old_office, is_zip, office_kind
from eightd.usecases.services import Limits
from eightd.usecases.verb import Done, verb

EMPTY = Phrase("upload.empty", "{name}: the file is empty", "{name}: 文件为空")
TOO_LARGE = Phrase(
    "upload.too_large",
    "{name}: larger than {limit} MB, please make it smaller",
    "{name}: 超过 {limit} MB, 请缩小后上传",
)
TOO_MANY_PIXELS = Phrase(
    "upload.too_many_pixels",
    "{name}: more than {limit} million pixels, please make it smaller",
    "{name}: 超过 {limit} 百万像素, 请缩小后上传",
)
KIND_REFUSED = Phrase(
    "upload.kind_refused",
    "{name}: only JPEG, PNG, GIF, WebP, PDF, Excel, Word, PowerPoint, CSV and text files are taken",
    "{name}: 仅接受 JPEG、PNG、GIF、WebP、PDF、Excel、Word、PowerPoint、CSV 及文本文件",
)
BROKEN_PICTURE = Phrase("upload.broken_picture", "{name}: the picture cannot be read", "{name}: 图片无法读取")

_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_TEXT_ENDINGS = {".csv": "text/csv", ".txt": "text/plain", ".log": "text/plain"}
_ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
}
_KEPT_OF_A_PICTURE = ("icc_profile", "transparency", "dpi")
_DAMAGED = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises for damaged pictures and for metadata that lies about itself."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived, with what the sender calls it."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file whose kind was told by its content; pictures are turned upright and stripped of metadata."""

    filename: str
    content: bytes
    media_type: str
    width: int | None = None
    height: int | None = None


def check_upload(upload: Upload, limits: Limits, *, field: str = "files") -> CheckedUpload:
    """Tell what the file is by its content and refuse what is not taken.

    A picture is decoded once: that proves it is one, turns it upright and removes location data. The name
    is made to end as its kind does, so that a computer that goes by names opens it as what it is.
    Raises Invalid with the message under ``field``.
    """
    name = _plain_name(upload.filename)
    if not upload.content:
        raise Invalid({field: EMPTY.say(name=name)})
    if len(upload.content) > limits.upload_max_bytes:
        raise Invalid({field: TOO_LARGE.say(name=name, limit=limits.upload_max_bytes // 2**20)})
    kind = filetype.guess_mime(upload.content)
    if kind in _PICTURES:
        return _checked_picture(name, upload.content, kind, limits, field)
    if kind == "application/pdf":
        return CheckedUpload(_ending_as(name, kind), upload.content, kind)
    if is_old_office(upload.content):
        raise Invalid({field: OLD_OFFICE.say(name=name)})
    if is_zip(upload.content):
        office = office_kind(upload.content, limits.upload_max_bytes)
        if isinstance(office, str):
            return CheckedUpload(_ending_as(name, office), upload.content, office)
        raise Invalid({field: (office or KIND_REFUSED).say(name=name)})
    ending = PurePosixPath(name).suffix.casefold()
    if kind is None and ending in _TEXT_ENDINGS and b"\0" not in upload.content:
        return CheckedUpload(name, upload.content, _TEXT_ENDINGS[ending])
    raise Invalid({field: KIND_REFUSED.say(name=name)})


def _checked_picture(name: str, content: bytes, kind: str, limits: Limits, field: str) -> CheckedUpload:
    too_many = TOO_MANY_PIXELS.say(name=name, limit=limits.upload_max_pixels // 1_000_000)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pixels, our own limit is checked below; of metadata, it goes
            with Image.open(io.BytesIO(content), formats=[_PICTURES[kind]]) as picture:
                if picture.width * picture.height > limits.upload_max_pixels:
                    raise Invalid({field: too_many})
                upright = ImageOps.exif_transpose(picture)
                upright.load()
    except Image.DecompressionBombError as bomb:
        raise Invalid({field: too_many}) from bomb
    except _DAMAGED as broken:
        raise Invalid({field: BROKEN_PICTURE.say(name=name)}) from broken
    name = _ending_as(name, kind)
    if kind == "image/gif":  # nothing to turn, and saving again would lose the other frames
        return CheckedUpload(name, content, kind, upright.width, upright.height)
    cleaned = io.BytesIO()
    upright.info = {key: upright.info[key] for key in _KEPT_OF_A_PICTURE if key in upright.info}
    if kind == "image/jpeg":
        upright.convert("RGB").save(cleaned, "JPEG", quality=90)
    else:
        upright.save(cleaned, _PICTURES[kind])
    return CheckedUpload(name, cleaned.getvalue(), kind, upright.width, upright.height)


def _plain_name(filename: str) -> str:
    """Return the last part of a name without control characters, 200 characters at most."""
    last = PureWindowsPath(PurePosixPath(filename).name).name
    cleaned = "".join(character for character in last if character.isprintable()).strip(". ")
    return cleaned[-200:] or "file"


def _ending_as(name: str, kind: str) -> str:
    """Return the name with an ending of its kind: ``report.hta`` that is a PDF becomes ``report.hta.pdf``."""
    endings = _ENDINGS[kind]
    return name if name.casefold().endswith(endings) else f"{name}{endings[0]}"


def file_evidence(
    work: Work,
    row: ComplaintRow,
    upload: CheckedUpload,
    *,
    discipline: DisciplineCode | None = None,
    caption: str = "",
    marker: str = "",
    by: int | None = None,
    sender: str = "",
) -> EvidenceRow:
    """Store the bytes and the row inside the transaction of the calling verb; ``sender`` of what came by mail."""
    evidence = EvidenceRow(
        complaint_id=row.id,
        discipline=discipline,
        sha256=work.files.put(upload.content),
        filename=upload.filename,
        media_type=upload.media_type,
        size=len(upload.content),
        width=upload.width,
        height=upload.height,
        caption=caption.strip()[:400],
        marker=marker,
        sender=sender,
        by=work.actor.id if by is None else by,
        at=work.now,
    )
    work.session.add(evidence)
    work.session.flush()
    return evidence


def filed_document(rows: Sequence[EvidenceRow]) -> list[dict[str, str]]:
    """Return what the record keeps of filed evidence: each name with its hash."""
    return [{"filename": row.filename, "sha256": row.sha256} for row in rows]


@verb("evidence.add")
def add_evidence(
    work: Work,
    *,
    number: str,
    uploads: tuple[CheckedUpload, ...],
    discipline: DisciplineCode | None = None,
    caption: str = "",
    marker: str = "",
) -> Done:
    """File checked uploads under the complaint, and under a discipline where one is named."""
    opened = open_complaint(work, number, Action.ADD_EVIDENCE)
    rows = [
        file_evidence(work, opened.row, upload, discipline=discipline, caption=caption, marker=marker)
        for upload in uploads
    ]
    conclude(
        work,
        opened,
        new={"files": filed_document(rows)},
        subject=discipline.value if discipline else "",
        raise_version=False,
    )
    return Done(number=number, version=opened.row.version, id=rows[-1].id if rows else 0)
