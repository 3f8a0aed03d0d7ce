"""How a file goes along with a report: printed, embedded in the PDF, as pages behind it, or not at all."""

from __future__ import annotations

from enum import StrEnum

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""The kinds of pictures that are kept and printed."""


class GoesAlong(StrEnum):
    """What becomes of a file when a report is issued. As usual: a picture is printed, another file stays here."""

    USUAL = ""
    EMBED = "embed"
    PAGES = "pages"
    NOT = "not"


def ways_along(media_type: str) -> tuple[GoesAlong, ...]:
    """Return what may be chosen for a kind of file: only a PDF has pages, only a picture is printed unasked."""
    if media_type in PICTURES:
        return GoesAlong.USUAL, GoesAlong.EMBED, GoesAlong.NOT
    if media_type == "application/pdf":
        return GoesAlong.USUAL, GoesAlong.PAGES, GoesAlong.EMBED
    return GoesAlong.USUAL, GoesAlong.EMBED
