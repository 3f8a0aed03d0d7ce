"""A caption in two languages, and which of its two texts is which."""

from __future__ import annotations

import re
from collections.abc import Mapping

from eightd.domain.words import Language

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def caption_in(caption: str, caption_other: str) -> Mapping[Language, str]:
    """Return the caption of each language, empty where there is none.

    A caption says of itself in which language it is: by its Chinese characters. One that has none, beside another
    that has none either, is the Chinese one, for it was entered first; alone it is the English one.
    """
    is_chinese = bool(_HAN.search(caption)) or bool(caption_other and not _HAN.search(caption_other))
    if is_chinese:
        return {Language.ZH: caption, Language.EN: caption_other}
    return {Language.ZH: caption_other, Language.EN: caption}


def stored_captions(chinese: str, english: str) -> tuple[str, str]:
    """Return caption and other caption as they are kept: the Chinese one first where there is one."""
    return (chinese, english) if chinese else (english, "")
