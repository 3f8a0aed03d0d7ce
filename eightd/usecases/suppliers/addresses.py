"""Mail addresses as people type them into one field."""

from __future__ import annotations

import re

_PARTED = re.compile(r"[\s,;，；、]+")


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the addresses of a field in which several are parted by commas, semicolons or spaces, each once."""
    return tuple(dict.fromkeys(one for one in _PARTED.split(text) if one))
