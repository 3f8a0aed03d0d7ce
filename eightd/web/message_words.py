"""What a message is about, in one line of the page's language."""

from __future__ import annotations

from eightd.domain.messages import MessageKind
from eightd.domain.words import Language
from eightd.notifications.facts import Facts
from eightd.queries.inbox import MessageView
from eightd.web import formats, requests, words


def line(message: MessageView) -> str:
    """Return the message's line; of one whose complaint is hidden only its kind."""
    if message.facts is None:
        return str(words.word(message.kind))
    return _said(message.kind, message.facts)


def item(facts: Facts) -> str:
    """Return the line of one thing that a digest bundles."""
    if facts.kind in set(MessageKind):
        return _said(MessageKind(facts.kind), facts)
    chinese = formats.language() == Language.ZH
    return " · ".join(filter(None, [facts.number, facts.milestone_zh if chinese else facts.milestone_en]))


def details(message: MessageView) -> list[str]:
    """Return what the line leaves out: part, phenomenon, who, why."""
    facts = message.facts
    if facts is None:
        return []
    chinese = formats.language() == Language.ZH
    phenomenon = facts.phenomenon_zh if chinese else facts.phenomenon_en or facts.phenomenon_zh
    return [part for part in (facts.part, phenomenon, facts.by, facts.reason) if part]


def _said(kind: MessageKind, facts: Facts) -> str:
    return requests.services().texts.line(kind, facts, Language(formats.language()))
