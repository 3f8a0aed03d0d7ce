"""What a message is about, in one line of the page's language."""

from __future__ import annotations

from eightd.domain.messages import MessageKind
from eightd.notifications.facts import Facts
from eightd.queries.inbox import MessageView
from eightd.web import formats, words


def line(message: MessageView) -> str:
    """Return the message's line; of one whose complaint is hidden only its kind."""
    if message.facts is None:
        return str(words.word(message.kind))
    return _said(message.kind, message.facts)


def item(facts: Facts) -> str:
    """Return the line of one thing that a digest bundles."""
    known = facts.kind in set(MessageKind)
    return _said(MessageKind(facts.kind) if known else None, facts)


def _said(kind: MessageKind | None, facts: Facts) -> str:
    milestone = facts.milestone_zh if formats.language() == "zh" else facts.milestone_en
    about = [
        str(words.word(kind)),
        facts.number,
        facts.discipline,
        milestone,
        formats.instant(facts.due_at, facts.zone),
    ]
    return " · ".join(part for part in about if part)


def details(message: MessageView) -> list[str]:
    """Return what tells one complaint from another: customer, part, phenomenon, who, why."""
    facts = message.facts
    if facts is None:
        return []
    chinese = formats.language() == "zh"
    customer = facts.customer_zh if chinese else facts.customer_en or facts.customer_zh
    phenomenon = facts.phenomenon_zh if chinese else facts.phenomenon_en or facts.phenomenon_zh
    return [part for part in (customer, facts.part, phenomenon, facts.by, facts.reason) if part]
