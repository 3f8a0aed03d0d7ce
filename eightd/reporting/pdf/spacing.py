"""Where Chinese and Latin characters may be parted, and how near they stand to each other.

After the requirements for Chinese text layout: no closing mark begins a line and no opening one ends it;
the empty half of a full-width mark is dropped at a line's edge and between marks; a little space, which is
no character, parts Han from Latin letters and figures. Distances are in parts of the type size.
"""

from __future__ import annotations

from functools import lru_cache

APART = 0.09
"""Between Han and Latin: just below what programs that extract text take for a space between words."""

NEVER_FIRST = frozenset("!%),.:;?]}°’”‰′″℃、。々〉》」』】〕〗！％），．：；？］｝～…—·‼⁇⁈⁉・ー〜»›")
NEVER_LAST = frozenset("([{£¥‘“〈《「『【〔〖（［｛￡￥«‹第±≤≥≈~")
SEPARATORS = "-/_.,:;=&?@\\|+"
"""After these a word that is wider than its line is parted before it is parted anywhere."""

_CLOSING = frozenset("，。、；：！？）》」』】〉〕〗｝］”’")
_OPENING = frozenset("（《「『【〈〔〖｛［“‘")
_HALF = 0.5
_QUOTES = frozenset("“”‘’")
_COUNTED = frozenset(
    "秒分时天日周月年季件个片只台批次号元米克吨伏安瓦欧度倍层级位人项处万百千亿支颗套箱盒卷根条张点份名家班岁"
)


def is_han(character: str) -> bool:
    """Return whether the character is an ideograph."""
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"


@lru_cache(maxsize=8192)
def between(before: str, after: str) -> float:
    """Return what is added between two neighbours; below 0 they move together."""
    if before in _QUOTES or after in _QUOTES:
        return _at_quotes(before, after)
    if before in _CLOSING and (after in _CLOSING or after in _OPENING):
        return -_HALF
    if before in _OPENING and after in _OPENING:
        return -_HALF
    if (is_han(before) and _is_latin(after)) or (_is_latin(before) and is_han(after)):
        return APART
    return 0.0


def _at_quotes(before: str, after: str) -> float:
    """Return the distance at a quotation mark, which the fonts know only as wide as a Han character.

    It is drawn near to Latin and to other marks by half its width, never over a space: programs that
    extract text take a greater overlap for the end of a line, and would lose the space.
    """
    if before in _QUOTES and before in _CLOSING:
        near = _is_latin(after) or after in ".,;:)" or after in _CLOSING or after in _OPENING
    else:
        near = _is_latin(before) or before == "(" or before in _CLOSING or before in _OPENING
        near = near and after in _OPENING
        near = (
            near or (before in _CLOSING and after in _CLOSING) or (before in _OPENING and after in _OPENING)
        )
    return -_HALF if near else 0.0


def hanging(last: str) -> float:
    """Return how much of a line's last character is empty and may stand beyond the column."""
    return _HALF if last in _CLOSING else 0.0


def leading(first: str) -> float:
    """Return how much of a line's first character is empty and is drawn back out of the column."""
    return _HALF if first in _OPENING else 0.0


def belong_together(before: str, after: str) -> bool:
    """Return whether a line may not end between two neighbours."""
    if after in NEVER_FIRST or before in NEVER_LAST:
        return True
    return before.isdigit() and after in _COUNTED


def _is_latin(character: str) -> bool:
    return character < "\u2e80" and (character.isalnum() or character in "%‰+±°")
