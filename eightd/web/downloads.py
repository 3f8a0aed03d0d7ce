"""Files handed out to be saved, never shown inside the site."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response


def attachment(content: bytes, filename: str, media_type: str) -> Response:
    """Return the bytes under their name; old browsers get it in ASCII."""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "._-") else "_" for one in filename)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    return Response(content, mimetype=media_type, headers={"Content-Disposition": disposition})
