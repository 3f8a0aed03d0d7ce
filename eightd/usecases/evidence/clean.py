"""Turn pictures upright and write them anew without what they tell of place, time and person."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps

from eightd.domain.words import Message, Phrase

TOO_MANY_PIXELS = Phrase(
    "upload.too_many_pixels",
    "{name}: more than {limit} million pixels, please make it smaller",
    "{name}: 超过 {limit} 百万像素, 请缩小后上传",
)
BROKEN_PICTURE = Phrase("upload.broken_picture", "{name}: the picture cannot be read", "{name}: 图片无法读取")

HEIF = "image/heic"
PICTURES = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP", HEIF: "HEIF",
}  # fmt: skip
"""The kinds of pictures taken, and what Pillow calls them."""

_HEVC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
_KEPT_OF_A_PICTURE = ("icc_profile", "transparency", "dpi")
_DAMAGED = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError,
    struct.error, zlib.error, RuntimeError, MemoryError,
)  # fmt: skip
"""What Pillow and libheif raise for damaged pictures and for metadata that lies about itself."""

_ANIMATION = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A picture as it is kept, in pixels upright."""

    content: bytes
    media_type: str
    width: int
    height: int


class Refused(Exception):  # noqa: N818 - the caller says to whom
    """The picture is not taken; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        """Keep why."""
        super().__init__(message.text("en"))
        self.message = message


def is_heif(content: bytes) -> bool:
    """Return whether these are a telephone's HEIC pictures: an ISO file of one of the HEVC picture brands."""
    if content[4:8] != b"ftyp" or len(content) < 16:
        return False
    brands = content[8:12] + content[16 : max(16, int.from_bytes(content[:4]))][:200]
    return any(brands[at : at + 4] in _HEVC_BRANDS for at in range(0, len(brands), 4))


def cleaned(name: str, content: bytes, kind: str, most_pixels: int) -> Cleaned:
    """Decode a picture once: that proves it is one, turns it upright and leaves everything but the pixels behind.

    HEIC becomes JPEG, which every browser and the report can show. The pixels of a GIF stay as they are, with
    all its frames; its comments go. Raises Refused.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pixels, our own limit is checked below; of metadata, it goes
            upright = _upright(name, content, kind, most_pixels)
            if kind == "image/gif":
                return Cleaned(_plain_gif(content), kind, upright.width, upright.height)
            return _written(upright, "image/jpeg" if kind == HEIF else kind)
    except Image.DecompressionBombError as bomb:
        raise Refused(_too_many(name, most_pixels)) from bomb
    except _DAMAGED as broken:
        raise Refused(BROKEN_PICTURE.say(name=name)) from broken


def _too_many(name: str, most_pixels: int) -> Message:
    return TOO_MANY_PIXELS.say(name=name, limit=most_pixels // 1_000_000)


def _upright(name: str, content: bytes, kind: str, most_pixels: int) -> Image.Image:
    """Decode and turn a picture; what it says of its size is believed first, and libheif decodes no more than that."""
    if kind == HEIF:
        # Start-up saving of some 70 ms: most processes never see a picture of a telephone.
        import pillow_heif  # noqa: PLC0415

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    with Image.open(io.BytesIO(content), formats=[PICTURES[kind]]) as picture:
        if picture.width * picture.height > most_pixels:
            raise Refused(_too_many(name, most_pixels))
        upright = ImageOps.exif_transpose(picture)
        upright.load()
        return upright


def _written(upright: Image.Image, kind: str) -> Cleaned:
    made = io.BytesIO()
    upright.info = {key: upright.info[key] for key in _KEPT_OF_A_PICTURE if key in upright.info}
    if kind == "image/jpeg":
        upright.convert("RGB").save(made, "JPEG", quality=90)
    else:
        upright.save(made, PICTURES[kind])
    return Cleaned(made.getvalue(), kind, upright.width, upright.height)


def _plain_gif(content: bytes) -> bytes:
    """Return a GIF without comments, texts, foreign applications' blocks and anything behind its end.

    Raises LookupError or ValueError where the blocks do not follow each other as they must.
    """
    at = 13 + _colours(content[10])
    kept = [content[:at]]
    while at < len(content) and content[at] != 0x3B:
        begin, extension = at, content[at] == 0x21
        if extension:
            at += 2
        elif content[at] == 0x2C:
            at += 10 + _colours(content[at + 9]) + 1  # the descriptor, its colours, the code size
        else:
            raise ValueError("no block of a GIF")
        application = content[at + 1 : at + 12]
        while content[at]:
            at += content[at] + 1
        at += 1
        kind = content[begin + 1]
        if not extension or kind == 0xF9 or (kind == 0xFF and application in _ANIMATION):
            kept.append(content[begin:at])
    return b"".join(kept) + b"\x3b"


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
