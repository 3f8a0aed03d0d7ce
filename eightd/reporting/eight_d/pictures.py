"""Pictures of the report: freed of their metadata, made no larger than print needs, set in pairs."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFImageXObject
from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.eight_d.document import Picture, PictureMark
from eightd.reporting.pdf.blocks import Block, Stack, Text
from eightd.reporting.pdf.grid import Cell, Grid, Look, Row
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.layout import PictureLayout
from eightd.reporting.sheet.sheet import Sheet

_ORIENTATION = 0x0112


class MissingPictureError(LookupError):
    """The document names a picture whose bytes were not given."""


class PictureBlock(Block):
    """One picture, scaled to its column and to the layout's greatest height, never enlarged past it."""

    def __init__(self, jpeg: bytes, name: str, *, highest: float) -> None:
        self._jpeg = jpeg
        self._name = name
        self._highest = highest
        with Image.open(io.BytesIO(jpeg)) as image:
            self._pixels = image.size

    def _size(self, width: float) -> tuple[float, float]:
        across, down = self._pixels
        scale = min(width / across, self._highest / down)
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
            image.draft("RGB", (wanted.most_pixels, wanted.most_pixels))
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
    """Return the pictures in pairs with their captions; raises MissingPictureError."""
    if not pictures:
        return []
    cells = [Cell(_figure(picture, contents, sheet)) for picture in pictures]
    if len(cells) % 2:
        cells.append(Cell(Text((), sheet.faces)))
    rows = [Row((cells[at], cells[at + 1])) for at in range(0, len(cells), 2)]
    grid = Grid((1, 1), rows, look=Look(pad_x=5, pad_y=5)).spaced(before=2, after=4)
    return [sheet.subheading("title.pictures"), grid]


def _figure(picture: Picture, contents: Mapping[str, bytes], sheet: Sheet) -> Block:
    if picture.sha256 not in contents:
        raise MissingPictureError(picture.sha256)
    styles, colours = sheet.styles, sheet.layout.colours
    caption: list[Run] = []
    if picture.mark:
        shade = colours.good if picture.mark is PictureMark.OK else colours.alarm
        strong = styles.small.with_colour(shade)
        caption = [Run(f"{sheet.plain(f'text.picture_{picture.mark.value}')}  ", strong)]
    caption += sheet.runs(picture.caption, styles.small)
    jpeg = print_ready(contents[picture.sha256], sheet.layout.pictures)
    image: Block
    if jpeg is None:
        image = sheet.text(sheet.say("text.picture_unreadable", styles.small.with_colour(colours.alarm)))
    else:
        highest = sheet.layout.pictures.highest * mm
        image = PictureBlock(jpeg, f"picture{picture.sha256}", highest=highest)
    return Stack([image, Text(caption, sheet.faces).spaced(before=3)])
