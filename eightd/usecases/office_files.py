"""Tell what an Office file is by what is packed in it, without unpacking anything."""

from __future__ import annotations

import io
import zipfile

from eightd.domain.words import Phrase

WITH_MACROS = Phrase(
    "upload.with_macros",
    "{name}: files with macros are not taken; please save it without macros (.xlsx, .docx, .pptx)",
    "{name}: 不接受含宏的文件, 请另存为不含宏的 .xlsx、.docx 或 .pptx",
)
OLD_OFFICE = Phrase(
    "upload.old_office",
    "{name}: the Office format before 2007 is not taken; please save it as .xlsx, .docx, .pptx or PDF",
    "{name}: 不接受 2007 年以前的 Office 格式, 请另存为 .xlsx、.docx、.pptx 或 PDF",
)
UNPACKS_TOO_LARGE = Phrase(
    "upload.unpacks_too_large",
    "{name}: becomes too large when unpacked",
    "{name}: 解压后过大",
)
BROKEN = Phrase("upload.broken", "{name}: the file is damaged", "{name}: 文件已损坏")

_SCHEMA = "application/vnd.openxmlformats-officedocument"
_MAIN_PARTS = {
    "xl/workbook.xml": f"{_SCHEMA}.spreadsheetml.sheet",
    "word/document.xml": f"{_SCHEMA}.wordprocessingml.document",
    "ppt/presentation.xml": f"{_SCHEMA}.presentationml.presentation",
}
_MOST_PARTS = 20_000
_LARGEST_RATIO = 50


def is_zip(content: bytes) -> bool:
    """Return whether the bytes begin as an archive does."""
    return content.startswith(b"PK\x03\x04")


def is_old_office(content: bytes) -> bool:
    """Return whether the bytes begin as .xls, .doc and .ppt do: a container that may hide macros anywhere."""
    return content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def office_kind(content: bytes, limit: int) -> str | Phrase | None:
    """Return the media type of an archive, why it cannot be taken, or None where it is no Office file.

    Only the list of contents is read. ``limit`` is the largest upload in bytes; what claims to become more
    than fifty times that when unpacked is taken for an attack on whoever opens it.
    """
    if content.count(b"PK\x01\x02") > _MOST_PARTS:
        return UNPACKS_TOO_LARGE
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return BROKEN
    names = {part.filename.casefold() for part in parts}
    found = next((kind for name, kind in _MAIN_PARTS.items() if name in names), None)
    if found is None:
        return WITH_MACROS if "xl/workbook.bin" in names else None
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in name for name in names):
        return WITH_MACROS
    if sum(part.file_size for part in parts) > limit * _LARGEST_RATIO:
        return UNPACKS_TOO_LARGE
    return found
