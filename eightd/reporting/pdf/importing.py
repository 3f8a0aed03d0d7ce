"""Pages of other PDFs, made harmless, and set into pages of ours."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
)

MOST_PAGES = 200
MOST_BYTES = 40_000_000

_BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_ACTIVE = ("/OpenAction", "/AA")


class NotImportedError(ValueError):
    """The pages of a PDF are not taken over: it is encrypted, broken, active or too large."""


@dataclass(frozen=True, slots=True)
class ForeignPages:
    """A PDF of nothing but what its pages show, with the width and height of each as it is read."""

    content: bytes
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where one foreign page stands: on which of our pages (from 0), and in which box in points."""

    page: int
    source: ForeignPages
    number: int
    x: float
    y: float
    width: float
    height: float


def foreign_pages(content: bytes) -> ForeignPages:
    """Return the pages of a PDF without anything but what they show; raises NotImportedError.

    Annotations, forms, scripts, actions, metadata and embedded files stay behind.
    """
    if len(content) > MOST_BYTES:
        raise NotImportedError("too large")
    try:
        made, sizes = _clean(content)
        again = PdfReader(io.BytesIO(made))
        if len(again.pages) != len(sizes):
            raise NotImportedError("broken")
    except _BROKEN as error:
        raise NotImportedError("broken") from error
    return ForeignPages(made, tuple(sizes))


def _clean(content: bytes) -> tuple[bytes, list[tuple[float, float]]]:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise NotImportedError("encrypted")
    _refuse_active(reader)
    if not 0 < len(reader.pages) <= MOST_PAGES:
        raise NotImportedError("no pages, or too many")
    writer = PdfWriter()
    writer.metadata = None
    sizes = []
    for page in reader.pages:
        box = [float(one) for one in page.cropbox]
        across, down = box[2] - box[0], box[3] - box[1]
        if not (1 <= across <= 15_000 and 1 <= down <= 15_000):
            raise NotImportedError("a page without a size")
        turned = page.rotation % 360
        inside = page.get_contents()
        form = DecodedStreamObject()
        form.set_data(inside.get_data() if inside is not None else b"")
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): _numbers(box),
                NameObject("/Matrix"): _numbers(_upright(box, turned)),
                NameObject("/Resources"): page.get("/Resources", DictionaryObject()),
            }
        )
        _without_strangers(form)
        size = (across, down) if turned % 180 == 0 else (down, across)
        sizes.append(size)
        made = writer.add_blank_page(*size)
        named = writer._add_object(form.flate_encode().clone(writer))
        made[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/XObject"): DictionaryObject({NameObject("/Shown"): named})}
        )
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue(), sizes


def _without_strangers(form: DictionaryObject) -> None:
    """Leave behind what fonts and pictures of the page may carry beside themselves."""
    seen: set[int] = set()

    def visit(value: Any) -> None:
        value = value.get_object()
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, dict):
            for key in ("/Metadata", "/PieceInfo", "/AF", "/OPI", "/AA", "/A"):
                value.pop(key, None)
            for one in list(value.values()):
                visit(one)
        elif isinstance(value, list):
            for one in value:
                visit(one)

    visit(form["/Resources"])


def _refuse_active(reader: PdfReader) -> None:
    root = reader.root_object
    names = root.get("/Names", DictionaryObject()).get_object()
    if any(key in root for key in _ACTIVE) or "/JavaScript" in names:
        raise NotImportedError("active")
    for page in reader.pages:
        for holder in (page, *_annotations(page)):
            action = holder.get("/A", DictionaryObject()).get_object()
            if "/AA" in holder or "/JS" in action:
                raise NotImportedError("active")


def _annotations(page: Any) -> Iterator[Any]:
    for one in page.get("/Annots", ArrayObject()).get_object():
        yield one.get_object()


def _upright(box: Sequence[float], turned: int) -> list[float]:
    """Return the matrix that turns a page as readers' programs do and moves it to the origin."""
    left, low, right, high = box
    return {
        0: [1, 0, 0, 1, -left, -low],
        90: [0, -1, 1, 0, -low, right],
        180: [-1, 0, 0, -1, right, high],
        270: [0, 1, -1, 0, high, -left],
    }[turned]


def _numbers(values: Sequence[float]) -> ArrayObject:
    return ArrayObject([FloatObject(one) for one in values])


def set_in(pdf: bytes, settings: Sequence[Setting]) -> bytes:
    """Return our PDF with the foreign pages drawn where they are set; equal input gives equal bytes."""
    reader = PdfReader(io.BytesIO(pdf))
    writer = PdfWriter(clone_from=reader)
    opened: dict[int, PdfReader] = {}
    for at, one in enumerate(settings):
        source = opened.setdefault(id(one.source), PdfReader(io.BytesIO(one.source.content)))
        shown: Any = source.pages[one.number]["/Resources"]
        form = shown["/XObject"].raw_get("/Shown").get_object().clone(writer)
        page: Any = writer.pages[one.page]
        name = NameObject(f"/Foreign{at}")
        resources = page["/Resources"].get_object()
        drawn = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
        drawn[name] = form.indirect_reference
        across, down = one.source.sizes[one.number]
        scale = min(one.width / across, one.height / down)
        x = one.x + (one.width - across * scale) / 2
        y = one.y + one.height - down * scale
        stream = DecodedStreamObject()
        inside = page.get_contents()
        before = inside.get_data() if inside is not None else b""
        command = f"\nq {scale:.5f} 0 0 {scale:.5f} {x:.3f} {y:.3f} cm {name} Do Q\n"
        stream.set_data(before + command.encode("ascii"))
        page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    writer.metadata = reader.metadata
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
