"""What a reader's program finds in a PDF."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfReader


def pages(pdf: bytes) -> list[str]:
    """Return the text of every page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """Return the text without white space: lines break where the column ends, not where the text does."""
    return "".join(text.split())


def whole(pdf: bytes) -> str:
    """Return the text of all pages without white space, the running head and footer included."""
    return squeezed("".join(pages(pdf)))


def fonts(pdf: bytes) -> dict[str, bool]:
    """Return the fonts the pages name, and whether each is embedded."""
    found: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for reference in resources.get("/Font", {}).values():
            font = reference.get_object()
            descriptor = font.get("/FontDescriptor")
            found[str(font["/BaseFont"])] = bool(descriptor and "/FontFile2" in descriptor.get_object())
    return found
