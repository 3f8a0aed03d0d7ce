"""Small pictures of evidence for pages: decoded, shrunk and written anew, so nothing of the original rides along."""

from __future__ import annotations

import io

from PIL import Image

EDGE = 480
"""The longer edge, in pixels: sharp on a dense screen in a grid of quarter columns."""


class NotAPictureError(ValueError):
    """The bytes cannot be decoded as a picture."""


def thumbnail(content: bytes, edge: int = EDGE) -> bytes:
    """Return a JPEG no larger than ``edge`` in either direction; transparent ground becomes white."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "GIF", "WEBP"]) as picture:
            picture.draft("RGB", (edge, edge))  # a large JPEG is decoded small
            small = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise NotAPictureError(str(broken)) from broken
    small.thumbnail((edge, edge))
    ground = Image.new("RGB", small.size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    made = io.BytesIO()
    ground.save(made, "JPEG", quality=80)
    return made.getvalue()
