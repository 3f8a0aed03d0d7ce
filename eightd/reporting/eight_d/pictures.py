"""Pictures of the report: freed of their metadata, made no larger than print needs, set in pairs."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFImageXObject
from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.eight_d.document import Picture, PictureMark
from eightd.reporting.pdf.blocks import Block, Text, Whole, colour
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.spacing import is_han
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.layout import Layout, PictureLayout
from eightd.reporting.sheet.sheet import Sheet
from eightd.reporting.sheet.wording import ReportLanguage, Told

_ORIENTATION = 0x0112
_THREADS = 2
_WORTH_THREADS = 4  # pictures


class MissingPictureError(LookupError):
    """The document names a picture whose bytes were not given."""


class PictureBlock(Block):
    """One picture, scaled to its column and to the layout's greatest height.

    ``edge`` is the colour of a fine line around it, ``shade`` that of a bar over it.
    """

    def __init__(self, jpeg: bytes, name: str, *, highest: float, edge: str = "", shade: str = "") -> None:
        self._jpeg = jpeg
        self._edge = edge
        self._shade = shade
        self._name = name
        self.highest = highest
        with Image.open(io.BytesIO(jpeg)) as image:
            self._pixels = image.size

    @property
    def name(self) -> str:
        """Return what the picture is called inside the document: ``picture`` and its hash, or ``logo``."""
        return self._name

    @property
    def is_wide(self) -> bool:
        """Return whether it is wider than high."""
        return self._pixels[0] > self._pixels[1]

    def _size(self, width: float) -> tuple[float, float]:
        across, down = self._pixels
        scale = min(width / across, self.highest / down)
        return across * scale, down * scale

    def height(self, width: float) -> float:
        """Return the scaled height."""
        return self._size(width)[1]

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draw at the left of the column; the same picture is embedded once."""
        del height
        across, down = self._size(width)
        target: Any = canvas
        registered = target._doc.getXObjectName(self._name)
        if registered not in target._doc.idToObject:
            image: Any = PDFImageXObject(self._name)
            image.loadImageFromJPEG(io.BytesIO(self._jpeg))
            target._doc.Reference(image, registered)
            target._doc.addForm(self._name, image)
        target._formsinuse.append(self._name)
        canvas.saveState()
        canvas.translate(x, top - down)
        canvas.scale(across, down)
        target._code.append(f"/{registered} Do")
        canvas.restoreState()
        target._currentPageHasImages = 1
        if self._edge:
            canvas.setStrokeColor(colour(self._edge))
            canvas.setLineWidth(0.4)
            canvas.rect(x, top - down, across, down, stroke=1, fill=0)
        if self._shade:
            canvas.setFillColor(colour(self._shade))
            canvas.rect(x, top - 2.2, across, 2.2, stroke=0, fill=1)


def print_ready(content: bytes, wanted: PictureLayout) -> bytes | None:
    """Return a JPEG without metadata, turned upright; None where the content is no readable picture.

    A JPEG that stands upright and is not too large keeps its compressed data byte for byte.
    """
    try:
        with Image.open(io.BytesIO(content)) as image:
            upright = image.getexif().get(_ORIENTATION, 1) == 1
            if (
                image.format == "JPEG"
                and upright
                and max(image.size) <= wanted.most_pixels
                and image.mode in ("L", "RGB")
            ):
                return _without_metadata(content)
            scale = min(1.0, wanted.most_pixels / max(image.size))
            across, down = (max(1, round(side * scale)) for side in image.size)
            image.draft("RGB", (across, down))  # a photo is decoded no larger than it will stand
            turned = ImageOps.exif_transpose(image)
            turned.thumbnail((wanted.most_pixels, wanted.most_pixels))
            if turned.mode in ("RGBA", "LA", "P", "PA"):
                layer = turned.convert("RGBA")
                turned = Image.new("RGB", layer.size, "white")
                turned.paste(layer, mask=layer.getchannel("A"))
            target = io.BytesIO()
            bare = turned.convert("RGB")
            bare.info = {}  # else comment and profile would be written again
            bare.save(target, "JPEG", quality=wanted.quality)
            return target.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def logo(folder: Path, layout: Layout) -> Block | None:
    """Return the logo that a layout names beside itself, None where it names none or the file cannot be shown."""
    if not layout.brand.logo:
        return None
    jpeg = print_ready((folder / layout.brand.logo).read_bytes(), layout.pictures)
    return None if jpeg is None else PictureBlock(jpeg, "logo", highest=layout.brand.logo_height * mm)


def _without_metadata(jpeg: bytes) -> bytes:
    """Copy a JPEG without its application and comment segments, but for JFIF and Adobe's colour mark."""
    kept = [jpeg[:2]]
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xDA:
            break
        length = 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        is_metadata = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)
        if not is_metadata:
            kept.append(jpeg[at : at + length])
        at += length
    end = jpeg.rfind(b"\xff\xd9") + 2
    kept.append(jpeg[at : end if end > at else None])
    return b"".join(kept)


def gallery(pictures: Sequence[Picture], contents: Mapping[str, bytes], sheet: Sheet) -> list[Block]:
    """Return the pictures in pairs with their captions, OK beside NOK; raises MissingPictureError."""
    if not pictures:
        return []
    for picture in pictures:
        if picture.sha256 not in contents:
            raise MissingPictureError(picture.sha256)
    ready = _ready(pictures, contents, sheet.layout.pictures)
    empty = Cell(Text((), sheet.faces))
    rows = []
    for left, right in in_pairs(pictures):
        cells = (_figure(one, ready[one.sha256], sheet) if one else empty for one in (left, right))
        rows.append(Row(tuple(cells)))
    grid = Grid((1, 1), rows, look=Look(pad_x=5, pad_y=6)).spaced(before=2, after=4)
    return [sheet.subheading("title.pictures"), grid]


def in_pairs(pictures: Sequence[Picture]) -> list[tuple[Picture, Picture | None]]:
    """Return pictures two by two: those of one pair side by side, OK at the left, the others in their order."""
    rows: list[tuple[Picture, Picture | None]] = []
    alone: list[Picture] = []
    seen: set[str] = set()

    def close() -> None:
        rows.extend(
            (alone[at], alone[at + 1] if at + 1 < len(alone) else None) for at in range(0, len(alone), 2)
        )
        alone.clear()

    for picture in pictures:
        together = [one for one in pictures if picture.pair and one.pair == picture.pair]
        if len(together) < 2:
            alone.append(picture)
        elif picture.pair not in seen:
            seen.add(picture.pair)
            close()
            together.sort(key=lambda one: _ORDER[one.mark])
            rows.extend(
                (together[at], together[at + 1] if at + 1 < len(together) else None)
                for at in range(0, len(together), 2)
            )
    close()
    return rows


_ORDER = {PictureMark.OK: 0, None: 1, PictureMark.NOK: 2}


def _ready(
    pictures: Sequence[Picture], contents: Mapping[str, bytes], wanted: PictureLayout
) -> dict[str, bytes | None]:
    """Return every picture ready to be embedded; several at a time, since decoding waits for no other thread."""
    names = list(dict.fromkeys(picture.sha256 for picture in pictures))
    if len(names) < _WORTH_THREADS:
        return {name: print_ready(contents[name], wanted) for name in names}
    with ThreadPoolExecutor(_THREADS) as pool:
        made = pool.map(lambda name: print_ready(contents[name], wanted), names)
        return dict(zip(names, made, strict=True))


def _figure(picture: Picture, jpeg: bytes | None, sheet: Sheet) -> Cell:
    styles, colours = sheet.styles, sheet.layout.colours
    caption: list[Run] = []
    shade = ""
    if picture.mark:
        shade = colours.good if picture.mark is PictureMark.OK else colours.alarm
        strong = replace(styles.small, colour=shade, bold=True)
        caption = [Run(f"{sheet.plain(f'text.picture_{picture.mark.value}')}  ", strong)]
    caption += sheet.runs(_caption(picture, sheet), styles.small)
    image: Block
    if jpeg is None:
        image = sheet.text(sheet.say("text.picture_unreadable", styles.small.with_colour(colours.alarm)))
    else:
        highest = sheet.layout.pictures.highest * mm
        image = PictureBlock(
            jpeg, f"picture{picture.sha256}", highest=highest, edge=colours.edge, shade=shade
        )
    return Cell(Whole([image, Text(caption, sheet.faces).spaced(before=3)]))


def _caption(picture: Picture, sheet: Sheet) -> str:
    """Return the caption as the report's reader reads it; Chinese is the one with Chinese characters in it."""
    typed, other = picture.caption, picture.caption_other
    if not other.strip():
        return typed
    zh, en = (typed, other) if any(map(is_han, typed)) else (other, typed)
    if sheet.language is ReportLanguage.BOTH:
        return Told(zh, en)
    return en if sheet.language is ReportLanguage.EN else zh
