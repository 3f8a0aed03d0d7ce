"""The code by which a report on paper is confirmed: drawn at random, short enough for a QR code and for typing.

It follows from nothing: neither the number of the complaint nor a key of the installation gives it away, and it
holds for ever, also after the installation's key was changed. 20 characters of 5 bits each are 100 bits.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Digits and letters that nobody takes for another: no i, l, o, u."""

LENGTH = 20

_TYPED = str.maketrans({"i": "1", "l": "1", "o": "0", "-": None, " ": None})
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def code_of(randomness: bytes) -> str:
    """Return the code that these bytes make; at least 13 of them are needed, more are not used.

    Raises ValueError for fewer.
    """
    if len(randomness) * 8 < LENGTH * 5:
        raise ValueError("too few bytes for a code")
    number = int.from_bytes(randomness, "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))


def read_code(typed: str) -> str | None:
    """Return the code as it is kept from what was scanned or typed, None for what cannot be one.

    Capitals, hyphens, blanks and the letters taken for digits are forgiven.
    """
    plain = typed.strip().lower().translate(_TYPED)
    return plain if _CODE.fullmatch(plain) else None


def grouped(code: str) -> str:
    """Return the code in groups of five, as it is printed to be typed."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))
