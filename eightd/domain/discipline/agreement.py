"""Whether a text and its translation state the same: numbers, dates, lots and units, whatever the languages.

What is compared are facts (``stated``), each as often as it likes: what one language says again with a number, the
other may say with a pronoun. A number in words (两天, "both") answers a figure of the other side, but is itself missed
only where the other side tells another number of the same unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from eightd.domain.discipline.stated import Fact, Key, facts
from eightd.domain.words import Message, Phrase

MISSING = Phrase("agreement.missing", "The other language is not written yet.", "另一种语言尚未填写。")
SAME = Phrase("agreement.same", "Both languages hold the same text.", "两种语言的文字相同，可能尚未翻译。")
ONLY_HERE = Phrase("agreement.only_here", "Only in the text: {facts}", "只在原文中：{facts}")
ONLY_THERE = Phrase(
    "agreement.only_there", "Only in the other language: {facts}", "只在另一种语言中：{facts}"
)

WITHOUT_LANGUAGE = frozenset(
    {
        "champion",
        "currency",
        "email",
        "first_clean_lot",
        "from_lot",
        "from_revision",
        "leader",
        "name",
        "number",
        "owner",
        "phone",
        "to_revision",
    }
)
"""Fields that are read alike in every language: names of people, numbers, lots, revisions."""

_MOST = 8  # facts named in one message


def disagreements(text: str, other: str) -> tuple[Message, ...]:
    """Return how a text and its other language disagree, nothing where they agree or both are empty."""
    text, other = text.strip(), other.strip()
    if not text and not other:
        return ()
    if not text or not other:
        return (MISSING.say(),) if _is_language(text or other) else ()
    if text.casefold() == other.casefold():
        return (SAME.say(),) if _is_language(text) else ()
    here, there = _apart(facts(text), facts(other))
    made = []
    for phrase, left, whole in ((ONLY_HERE, here, text), (ONLY_THERE, there, other)):
        if left:
            written = sorted({fact.written for fact in left}, key=lambda fact: (whole.find(fact), fact))
            more = " …" if len(written) > _MOST else ""
            made.append(phrase.say(facts=" · ".join(written[:_MOST]) + more))
    return tuple(made)


def has_language(place: str) -> bool:
    """Return whether what stands at the place of an answer is put into the other language."""
    return place.rpartition("/")[2] not in WITHOUT_LANGUAGE


def _is_language(text: str) -> bool:
    """Return whether the text says something in one language; numbers, codes, names and short marks do not."""
    return bool(re.search("[\u4e00-\u9fff]{2}", text)) or len(re.findall(r"(?<![A-Za-z])[a-z]{2,}", text)) > 1


def _apart(here: Sequence[Fact], there: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Return what each side states alone."""
    mine, theirs = ([one for one in side if not one.told] for side in (here, there))
    left = [one for one in mine if not _answered(one, theirs)]
    right = [one for one in theirs if not _answered(one, mine)]
    left, right = _dates_in_figures(left, right)
    right, left = _dates_in_figures(right, left)
    told_here, told_there = [one for one in here if one.told], [one for one in there if one.told]
    only_here = [one for one in left if not _answered(one, told_there)]
    only_there = [one for one in right if not _answered(one, told_here)]
    odd_here = [one for one in told_here if one.written and not _answered(one, there)]
    odd_there = [one for one in told_there if one.written and not _answered(one, here)]
    only_here += [one for one in odd_here if _rivals(one, odd_there)]
    only_there += [one for one in odd_there if _rivals(one, odd_here)]
    return only_here, only_there


def _dates_in_figures(dated: list[Fact], counted: list[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Let 3 月 12 日 answer 3/12 or 12/3."""
    left = []
    rest = list(counted)
    for one in dated:
        kind, *value = next(iter(one.keys), ("",))
        figures = [other for other in rest if kind == "date" and _is_figure(other, value[1:])]
        if len(figures) == 2:
            rest = [other for other in rest if other not in figures]
        else:
            left.append(one)
    return left, rest


def _is_figure(fact: Fact, values: Sequence[object]) -> bool:
    return any(key[0] == "" and key[1] in values for key in fact.keys)


def _answered(one: Fact, others: Sequence[Fact]) -> bool:
    return any(_meet(one, other) for other in others)


def _rivals(one: Fact, others: Sequence[Fact]) -> bool:
    """Return whether the other side tells another number of the same unit."""
    kinds = {key[0] for key in one.keys}
    return any(kinds & {key[0] for key in other.keys} for other in others)


def _meet(one: Fact, other: Fact) -> bool:
    return any(_equal(mine, theirs) for mine in one.keys for theirs in other.keys)


def _equal(mine: Key, theirs: Key) -> bool:
    return len(mine) == len(theirs) and all(
        a == b or a is None or b is None for a, b in zip(mine, theirs, strict=True)
    )
