"""Tell what an uploaded file is by its content, and refuse what is not taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

import filetype

from eightd.domain.words import Phrase
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence.clean import HEIF, PICTURES, Refused, cleaned, is_heif
from eightd.usecases.office_files import OLD_OFFICE, is_old_office, is_zip, office_kind
from eightd.usecases.services import Limits

EMPTY = Phrase("upload.empty", "{name}: the file is empty", "{name}: 文件为空")
TOO_LARGE = Phrase(
    "upload.too_large",
    "{name}: larger than {limit} MB, please make it smaller",
    "{name}: 超过 {limit} MB, 请缩小后上传",
)
KIND_REFUSED = Phrase(
    "upload.kind_refused",
    "{name}: only JPEG, PNG, GIF, WebP, HEIC, PDF, Excel, Word, PowerPoint, CSV and text files are taken",
    "{name}: 仅接受 JPEG、PNG、GIF、WebP、HEIC、PDF、Excel、Word、PowerPoint、CSV 及文本文件",
)

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
_CONVERTED = (".heic", ".heif", ".hif")
"""How a telephone names the pictures that are kept as JPEG."""


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

    A picture is decoded once: that proves it is one, turns it upright and removes location data; one of a
    telephone (HEIC) is kept as JPEG. The name is made to end as its kind does, so that a computer that goes by
    names opens it as what it is.
    Raises Invalid with the message under ``field``.
    """
    name = _plain_name(upload.filename)
    if not upload.content:
        raise Invalid({field: EMPTY.say(name=name)})
    if len(upload.content) > limits.upload_max_bytes:
        raise Invalid({field: TOO_LARGE.say(name=name, limit=limits.upload_max_bytes // 2**20)})
    kind = HEIF if is_heif(upload.content) else filetype.guess_mime(upload.content)
    if kind in PICTURES:
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
    try:
        clean = cleaned(name, content, kind, limits.upload_max_pixels)
    except Refused as refused:
        raise Invalid({field: refused.message}) from refused
    if kind == HEIF and name.casefold().endswith(_CONVERTED):
        name = name[: name.rindex(".")]
    return CheckedUpload(
        _ending_as(name, clean.media_type), clean.content, clean.media_type, clean.width, clean.height
    )


def _plain_name(filename: str) -> str:
    """Return the last part of a name without control characters, 200 characters at most."""
    last = PureWindowsPath(PurePosixPath(filename).name).name
    cleaned = "".join(character for character in last if character.isprintable()).strip(". ")
    return cleaned[-200:] or "file"


def _ending_as(name: str, kind: str) -> str:
    """Return the name with an ending of its kind: ``report.hta`` that is a PDF becomes ``report.hta.pdf``."""
    endings = _ENDINGS[kind]
    return name if name.casefold().endswith(endings) else f"{name}{endings[0]}"
