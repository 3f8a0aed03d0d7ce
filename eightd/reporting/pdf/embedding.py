"""Files embedded in a PDF, each with its description, size, date and checksum, as PDF/A-3 wants them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFCatalog,
    PDFDictionary,
    PDFName,
    PDFObject,
    PDFStream,
    PDFString,
    PDFZCompress,
)


@dataclass(frozen=True, slots=True)
class Attached:
    """One file to embed; ``description`` is what a reader's program shows beside its name."""

    filename: str
    media_type: str
    content: bytes
    description: str = ""


def embed(canvas: Any, files: Sequence[Attached], moment: datetime) -> None:
    """Put the files into the document being drawn, in their order and under names that differ."""
    if not files:
        return
    document = canvas._doc
    catalog = document.Catalog
    catalog.__NoDefault__ = catalog.__Refs__ = [*PDFCatalog.__NoDefault__, "AF"]
    day = f"D:{moment.astimezone(UTC):%Y%m%d%H%M%S}Z"
    names: list[str] = []
    for file in files:
        names.append(_free(file.filename, names))
    references = []
    listed: list[Any] = []
    for name, file in sorted(zip(names, files, strict=True), key=lambda one: one[0].encode("utf-16-be")):
        reference = document.Reference(_specification(document, name, file, day))
        references.append(reference)
        listed += [_string(name), reference]
    catalog.Names = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray(listed)})})
    catalog.AF = PDFArray(references)


def _free(wanted: str, taken: Sequence[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        stem, dot, ending = wanted.rpartition(".")
        name = f"{stem} ({number}){dot}{ending}" if dot else f"{wanted} ({number})"
    return name


def _specification(document: Any, name: str, file: Attached, day: str) -> PDFDictionary:
    stream = PDFStream(content=file.content, filters=[PDFZCompress])
    stream.dictionary["Type"] = PDFName("EmbeddedFile")
    stream.dictionary["Subtype"] = _name(file.media_type)
    stream.dictionary["Params"] = PDFDictionary(
        {
            "Size": len(file.content),
            "ModDate": PDFString(day),
            "CheckSum": _Raw(f"<{hashlib.md5(file.content, usedforsecurity=False).hexdigest()}>"),
        }
    )
    return PDFDictionary(
        {
            "Type": PDFName("Filespec"),
            "F": _string(name),
            "UF": _string(name),
            "Desc": _string(file.description or name),
            "AFRelationship": PDFName("Supplement"),
            "EF": PDFDictionary({"F": document.Reference(stream), "UF": document.Reference(stream)}),
        }
    )


class _Raw(PDFObject):
    """Text that stands in the PDF as it is."""

    def __init__(self, text: str) -> None:
        self._text = text

    def format(self, document: Any) -> bytes:
        """Return the text."""
        del document
        return self._text.encode("ascii")


def _name(text: str) -> _Raw:
    """Return a name in which every character that is no letter or figure is written by its number."""
    written = "".join(
        chr(one) if one < 128 and chr(one).isalnum() else f"#{one:02X}" for one in text.encode("utf-8")
    )
    return _Raw(f"/{written}")


def _string(text: str) -> _Raw:
    """Return a text string that every character fits into."""
    return _Raw(f"<feff{text.encode('utf-16-be').hex()}>")
