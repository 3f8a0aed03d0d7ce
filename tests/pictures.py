"""Photographs for tests: drawn, noisy enough to weigh what a telephone's pictures weigh, alike in every run."""

from __future__ import annotations

import hashlib
import io
import random

from PIL import Image, ImageDraw, ImageFilter


def photograph(number: int, *, width: int = 2400, height: int = 1800, kind: str = "JPEG") -> bytes:
    """Return picture ``number``: a crimp-like thing on a bench, its number painted on it.

    The noise is drawn small and made larger, so that sixty of them take little time.
    """
    chance = random.Random(number)
    size = (width // 8, height // 8)
    small = Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3))
    ground = Image.new("RGB", small.size, (chance.randrange(90, 200), chance.randrange(90, 200), 150))
    picture = Image.blend(ground, small.filter(ImageFilter.GaussianBlur(1)), 0.35).resize((width, height))
    pen = ImageDraw.Draw(picture)
    x, y = width // 4 + chance.randrange(width // 8), height // 3
    pen.rectangle(
        (x, y, x + width // 3, y + height // 4), fill=(196, 172, 96), outline=(60, 50, 30), width=12
    )
    for strand in range(6):
        top = y + 20 + strand * height // 26
        pen.line((0, top, x, top + chance.randrange(-30, 30)), fill=(184, 96, 52), width=14)
    pen.text((40, 40), f"{number:02d}", fill=(20, 20, 20), font_size=height // 8)
    kept = io.BytesIO()
    picture.save(kept, kind, quality=88)
    return kept.getvalue()


def sha256(content: bytes) -> str:
    """Return the name that a file has in the store."""
    return hashlib.sha256(content).hexdigest()
