"""Texts as Excel keeps them: escaped, without characters that XML forbids, never longer than a cell."""

from __future__ import annotations

import re
from typing import NamedTuple

CELL_LIMIT = 32_767
"""Characters that a cell holds, counted as Excel counts: UTF-16 code units."""

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_UNUSUAL_STARTS = (" ", *_FORMULA_STARTS)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_REPLACEMENT = "\ufffd"
_CUT_MARK = "…"


class CellText(NamedTuple):
    """A text ready for ``<t>``: its XML, whether it could be taken for a formula, whether blanks count."""

    xml: str
    formula_like: bool = False
    keep_space: bool = False


def is_plain(text: str) -> bool:
    """Say whether the text can stand in a cell as it is; a quick, cautious no for anything unusual."""
    return (
        text.isprintable()
        and "&" not in text
        and "<" not in text
        and ">" not in text
        and "_x" not in text
        and len(text) * 2 <= CELL_LIMIT
        and not text.startswith(_UNUSUAL_STARTS)
        and not text.endswith(" ")
    )


def cell_text(text: str) -> CellText:
    r"""Make a text fit for a cell.

    Forbidden control characters and lone surrogates become U+FFFD; CRLF and CR become the line feed
    that Excel uses inside a cell; a text above the cell's limit is cut and ends with an ellipsis;
    ``_x0041_`` and its like, which Excel would read as an escape, are escaped themselves
    (ECMA-376 part 1, 22.9.2.19). Formula-like is judged on the first character as it was given.
    """
    formula_like = text.startswith(_FORMULA_STARTS)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _cut(_FORBIDDEN.sub(_REPLACEMENT, text))
    xml = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    xml = _LOOKS_ESCAPED.sub("_x005F_", xml)
    return CellText(xml, formula_like, "\n" in text or text != text.strip())


def attribute(text: str) -> str:
    """Escape a text for a double-quoted XML attribute; blanks of every kind become spaces."""
    cleaned = _FORBIDDEN.sub(_REPLACEMENT, " ".join(text.split()))
    escaped = cleaned.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;")


def _cut(text: str) -> str:
    if len(text) * 2 <= CELL_LIMIT or len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return text
    room = (CELL_LIMIT - len(_CUT_MARK)) * 2
    # A pair of surrogates that the cut would split is dropped whole.
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + _CUT_MARK
