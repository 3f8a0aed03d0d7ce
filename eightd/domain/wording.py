"""The wording guard: marks what a reply to a customer should not say, with the reason and what to write instead.

It helps a person who reviews a reply; it forbids nothing. Being quiet about good sentences matters more than
catching every bad one, so that what it marks is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eightd.domain.correspondence import WordingKind
from eightd.domain.words import Message, Phrase

OWN_WHY = Phrase(
    "wording.own.why", "The plant does not want this said to customers", "本厂规定不得对客户如此表述"
)
OWN_ADVICE = Phrase("wording.own.advice", "{advice}", "{advice}")
OWN_INSTEAD = Phrase("wording.own.instead", "Please word it differently", "请换一种说法")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for, and what is said about it.

    ``spares_facts`` passes over a sentence that says something that can be checked: a date, a number, a document.
    ``heeds_negation`` passes over what the clause denies, asks or reports as somebody's demand.
    """

    name: str
    kind: WordingKind
    pattern: re.Pattern[str]
    why: Phrase
    instead: Message
    spares_facts: bool = False
    heeds_negation: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that should not reach a customer: ``text`` stands from ``start`` to before ``end``.

    ``id`` is the rule's name and which of its findings this is, so that a reason can be kept for it.
    """

    id: str
    kind: WordingKind
    start: int
    end: int
    text: str
    why: Message
    instead: Message

    def line(self, whole: str) -> int:
        """Return on which line of the text it begins, from 1."""
        return whole.count("\n", 0, self.start) + 1


def own_rule(number: int, kind: WordingKind, phrase: str, advice: str) -> Rule:
    """Return the plant's own rule: the phrase as it is, whatever its case, width and blanks.

    A phrase in Latin letters is found as whole words only. Raises ValueError for an empty phrase.
    """
    words = folded(phrase).split()
    if not words:
        raise ValueError("a phrase to look for is not empty")
    source = r"\s+".join(re.escape(word) for word in words)
    if _LATIN.match(words[0][0]):
        source = rf"(?<![a-z0-9]){source}"
    if _LATIN.match(words[-1][-1]):
        source = rf"{source}(?![a-z0-9])"
    return Rule(
        name=f"own.{number}",
        kind=kind,
        pattern=re.compile(source),
        why=OWN_WHY,
        instead=OWN_ADVICE.say(advice=advice.strip()) if advice.strip() else OWN_INSTEAD.say(),
        heeds_negation=False,
    )


def findings(text: str, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Return what the rules find, in order of place; of findings that overlap the first is kept.

    The customer's own words are passed over where they stand in quotation marks and are said to be theirs.
    """
    plain = folded(text)
    quoted = tuple(_customers_words(plain))
    found = [
        (match.start(), match.end(), rule)
        for rule in rules
        for match in rule.pattern.finditer(plain)
        if not _is_spared(plain, match, rule, quoted)
    ]
    found.sort(key=lambda one: (one[0], -one[1], one[2].name))
    kept: list[Finding] = []
    counted: dict[str, int] = {}
    reached = 0
    for start, end, rule in found:
        if start < reached:
            continue
        reached = end
        counted[rule.name] = counted.get(rule.name, 0) + 1
        kept.append(
            Finding(
                id=f"{rule.name}:{counted[rule.name]}",
                kind=rule.kind,
                start=start,
                end=end,
                text=text[start:end],
                why=rule.why.say(),
                instead=rule.instead,
            )
        )
    return tuple(kept)


def folded(text: str) -> str:
    """Return the text in lower case and half width, each character still in its place."""
    return "".join(_fold(character) for character in text)


_LATIN = re.compile(r"[a-z0-9]")
_SAME = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u3000": " "})


def _fold(character: str) -> str:
    if character < "\x7f":
        return character.lower()
    narrow = unicodedata.normalize("NFKC", character.translate(_SAME)).lower()
    return narrow if len(narrow) == 1 else character


# ---------------------------------------------------------------- what is passed over

_SENTENCE_END = re.compile(r"[。!?;；！？\n]|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[。!?;；！？\n,，:：]|\.(?=\s|$)|\b(?:and|but|so|therefore|as)\b")

_DENIED_ZH = re.compile(
    r"(?:不|未|非|无需|无须|不予|不再|不会|不能|不应|不用|无法|拒绝)(?:需|必|须|应|能|是|由|因|属)?$"
    r"|不(?:意味着|代表|表示|构成|等于|视为|视作|认为|同意|认可|接受|承认)|并非|并不|不是|是否|能否|有无"
    r"|拒绝|要求|请求|主张|索要|如(?!下|上|图|附|期|实)|若|假设"
)
_DENIED_EN = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|whether|if|unless|declines?|refuses?|requests?|requested"
    r"|demands?|demanded|asks?|asked|claims?|claimed|alleges?|alleged)\b|n't\b"
)
_NUMBERING = re.compile(r"\b[48]\s*d\b|\bd[0-8]\b|^\s*[(（]?\d{1,2}\s*[.、)）:](?!\d)", re.MULTILINE)
_FACT = re.compile(
    r"\d|[一二三四五六七八九十百两]+(?:天|日|周|个|小时|人|名|次|批|件|台|份|项)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
_QUOTE = re.compile(r"「[^」]*」|『[^』]*』|“[^”]*”|\"[^\"\n]*\"")
_CUSTOMER = re.compile(
    r"贵司|贵公司|贵方|贵厂|客户|客诉|来函|来信|来电|您|\b(?:customer|you|your|client|buyer)\b"
)
_SAYING = re.compile(
    r"称|指出|反馈|反映|要求|提出|写道|写到|表示|描述|认为|说|询问|原话|原文|投诉"
    r"|\b(?:wr(?:ote|ites?|itten)|stat(?:e|es|ed|ement)|sa(?:id|ys?)|ask(?:s|ed)?|report(?:s|ed)?"
    r"|request(?:s|ed)?|demand(?:s|ed)?|claim(?:s|ed)?|quot(?:e|es|ed)|mention(?:s|ed)?|describ(?:e|es|ed)"
    r"|complain(?:s|ed|t)?|words|letter|mail)\b"
)


def _is_spared(plain: str, match: re.Match[str], rule: Rule, quoted: tuple[tuple[int, int], ...]) -> bool:
    start, end = match.span()
    if any(first <= start and end <= last for first, last in quoted):
        return True
    if rule.heeds_negation:
        before = plain[_begin(_CLAUSE_END, plain, start) : start]
        if _DENIED_ZH.search(before) or _DENIED_EN.search(before):
            return True
    return rule.spares_facts and _says_something(
        plain[_begin(_SENTENCE_END, plain, start) : _end(plain, end)]
    )


def _begin(boundary: re.Pattern[str], plain: str, start: int) -> int:
    return max((found.end() for found in boundary.finditer(plain, 0, start)), default=0)


def _end(plain: str, end: int) -> int:
    found = _SENTENCE_END.search(plain, end)
    return len(plain) if found is None else found.start()


def _says_something(sentence: str) -> bool:
    return _FACT.search(_NUMBERING.sub("", sentence)) is not None


def _customers_words(plain: str) -> Iterator[tuple[int, int]]:
    """Yield the places of quotations that the same sentence ascribes to the customer."""
    for quotation in _QUOTE.finditer(plain):
        lead = plain[_begin(_SENTENCE_END, plain, quotation.start()) : quotation.start()]
        tail = plain[quotation.end() : _end(plain, quotation.end())]
        if any(_CUSTOMER.search(side) and _SAYING.search(side) for side in (lead, tail)):
            yield quotation.span()
