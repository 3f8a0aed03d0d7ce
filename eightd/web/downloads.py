"""Files handed out to be saved, never shown inside the site."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

from eightd.reporting.excel.stream import CONTENT_TYPE as XLSX

__all__ = ["XLSX", "attachment", "streamed_book"]


def attachment(content: bytes, filename: str, media_type: str) -> Response:
    """Return the bytes under their name; old browsers get it in ASCII."""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "._-") else "_" for one in filename)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    return Response(content, mimetype=media_type, headers={"Content-Disposition": disposition})


def streamed_book(content: Iterable[bytes], name: str) -> Response:
    """Return an Excel book that is sent while it is written; ``name`` is plain and has no ending."""
    return Response(
        content,
        mimetype=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.xlsx"',
            "X-Accel-Buffering": "no",  # a proxy in front is to hand it on as it comes
        },
    )
