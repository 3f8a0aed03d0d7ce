"""Words messages in the recipient's language, from the templates in ``templates/mail``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2

from eightd.domain.complaint import DisciplineCode, Role, Tier
from eightd.domain.messages import MessageKind
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import VerdictResult
from eightd.notifications.facts import Facts
from eightd.notifications.vocabulary import Vocabulary, catalogue, local, local_with_offset

_LONGEST_SUBJECT = 180
_LONGEST_TASK = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BEGINNING = datetime.min.replace(tzinfo=UTC)

MORNING = "morning"
"""``Facts.outcome`` of the digest that comes each morning, told from one that bundles messages."""

GROUPS = ("overdue", "due", "reminder", "stop_ended", "waiting", "message")
"""In which order a digest lists its items; ``due_today`` counts as due, what is no alarm as a message."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """A message ready to be sent: one line, the same as plain text, and as HTML.

    ``chat`` is what a robot says below the subject, ``link`` the one address it ends with.
    """

    subject: str
    text: str
    html: str
    chat: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One item of a digest: its complaint, what it says, and where it leads."""

    number: str
    line: str
    reason: str
    link: str


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """Items of one sort, the oldest first; ``count`` is how many there are, also where not all are listed."""

    name: str
    lines: tuple[DigestLine, ...]
    count: int


class Texts:
    """Finds and fills the templates ``<kind>/subject.txt``, ``body.txt`` and ``body.html``."""

    def __init__(self, folder: Path, translations: Path) -> None:
        """Keep where the templates lie, and where the Chinese for their English does."""
        self._folder = folder
        self._translations = translations
        self._languages: dict[Language, tuple[jinja2.Environment, Vocabulary]] = {}

    def message(self, kind: MessageKind, facts: Facts, language: Language, *, base_url: str) -> MessageText:
        """Return the message in the language, with its link below ``base_url``."""
        environment, words = self._language(language)
        subject = self._subject(kind.value, facts, language)
        names = {
            **_names(facts, words),
            "kind": kind.value,
            "subject": subject,
            "link": base_url + facts.path,
            "base_url": base_url,
            "chat": False,
            "tone": "calm",
            "button": "",
            "groups": self.groups(facts, language, base_url),
        }
        body = environment.get_template(f"{kind.value}/body.txt")
        return MessageText(
            subject=f"[{names['number']}] {subject}" if names["number"] else subject,
            text=_tidy(body.render(names)),
            html=environment.get_template(f"{kind.value}/body.html").render(names),
            chat=_tidy(body.render({**names, "chat": True})),
            link=names["link"],
        )

    def line(self, kind: MessageKind, facts: Facts, language: Language, *, numbered: bool = True) -> str:
        """Return the message as one line, as an inbox shows it; without the complaint's number if wanted."""
        subject = self._subject(kind.value, facts, language)
        return f"[{_clean(facts.number)}] {subject}" if numbered and facts.number else subject

    def _subject(self, kind: str, facts: Facts, language: Language) -> str:
        """Return the one line of a message or of a digest's item, without the complaint's number."""
        environment, words = self._language(language)
        names = {**_names(facts, words), "groups": self.groups(facts, language, "")}
        line = " ".join(environment.get_template(f"{kind}/subject.txt").render(names).split())
        return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 1]}…"

    def groups(self, facts: Facts, language: Language, base_url: str = "") -> tuple[DigestGroup, ...]:
        """Sort a digest's items into groups, in each the oldest first; of any other message there are none."""
        found: dict[str, list[DigestLine]] = {name: [] for name in GROUPS}
        for item in sorted(_items(facts), key=_age):
            found[_group(item.kind)].append(
                DigestLine(
                    number=_clean(item.number),
                    line=self._subject(_item_template(item.kind), item, language),
                    reason=_clean(item.reason),
                    link=base_url + item.path,
                )
            )
        counted = Counter[str]()
        for kind, count in facts.counts:
            counted[_group(kind)] += count
        return tuple(
            DigestGroup(name, tuple(lines), max(len(lines), counted[name]))
            for name, lines in found.items()
            if lines
        )

    def _language(self, language: Language) -> tuple[jinja2.Environment, Vocabulary]:
        found = self._languages.get(language)
        if found is None:
            environment = jinja2.Environment(
                loader=jinja2.FileSystemLoader(self._folder),
                autoescape=jinja2.select_autoescape(("html",)),
                undefined=jinja2.StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
                auto_reload=False,
            )
            texts = catalogue(self._translations, language)
            environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined] # by the extension
            found = self._languages[language] = environment, Vocabulary(language, texts)
        return found


def _names(facts: Facts, words: Vocabulary) -> dict[str, Any]:
    """Return what the templates may say: the facts in words, empty where a message has none."""
    due = facts.due_at
    told_at = facts.at or facts.alarm_at
    return {
        "lang": words.language.value,
        "number": _clean(facts.number),
        "customer": _clean(words.pair(facts.customer_zh, facts.customer_en)),
        "part": _clean(facts.part),
        "phenomenon": _clean(words.pair(facts.phenomenon_zh, facts.phenomenon_en)),
        "tier": words.word(Tier, facts.tier),
        "role": words.word(Role, facts.role),
        "discipline": words.word(DisciplineCode, facts.discipline),
        "verdict": words.word(VerdictResult, facts.outcome),
        "reply": words.reply(facts.outcome),
        "outside": words.outside(facts.outcome),
        "task": _clean(facts.task),
        "task_named": _brief(_clean(facts.task)) or words.say("Action"),
        "milestone": _clean(words.milestone(facts)),
        "milestone_named": _clean(words.milestone(facts)) or words.say("Milestone"),
        "discipline_named": words.word(DisciplineCode, facts.discipline) or words.say("Discipline"),
        "outcome": facts.outcome,
        "amount": _clean(facts.amount),
        "due": local(due, facts.zone),
        "due_exact": local_with_offset(due, facts.zone),
        "contractual": (
            local_with_offset(facts.contractual_due_at, facts.zone) if facts.contractual_due_at != due else ""
        ),
        "old_due": local(facts.old_due_at, facts.zone),
        "old_due_exact": local_with_offset(facts.old_due_at, facts.zone),
        "distance": words.length(told_at - due) if told_at and due else "",
        "at": local_with_offset(facts.at, facts.zone),
        "by": _clean(facts.by),
        "reason": _CONTROL.sub(" ", facts.reason).strip(),
        "for_absent": _clean(facts.for_absent),
        "items": sum(count for _, count in facts.counts) or sum(1 for _ in _items(facts)),
    }


def _items(facts: Facts) -> Iterator[Facts]:
    """Yield the items of a digest, and of digests that it bundles.

    How late an item of a morning's list is, is said for the instant of the list; what it calls due is due later
    that day.
    """
    for item in facts.items:
        seen = item if item.at else replace(item, at=facts.at)
        if item.items:
            yield from _items(seen)
        elif facts.outcome == MORNING and item.kind in _TODAY:
            yield replace(seen, kind=_TODAY[item.kind])
        else:
            yield seen


def _age(item: Facts) -> datetime:
    return item.due_at or item.alarm_at or item.at or _BEGINNING


def _group(kind: str) -> str:
    if kind in _TODAY.values():
        return "due"
    group = kind.removeprefix("task_").removeprefix("supplier_").removeprefix("follow_up_")
    return group if group in GROUPS else "message"


def _item_template(kind: str) -> str:
    """Return whose subject says an item: a message's, or one that only a morning's list has."""
    as_reminder = {today: kind.replace("due", "reminder") for kind, today in _TODAY.items()}
    if kind in as_reminder:
        return as_reminder[kind]
    return kind if kind in _MESSAGES else "waiting"


_TODAY = {MessageKind.DUE.value: "due_today", MessageKind.TASK_DUE.value: "task_due_today"}
"""What is due later on the day of a morning's list; it is said as a reminder would say it."""


_MESSAGES = frozenset(MessageKind) - {MessageKind.DIGEST}


def _clean(text: str) -> str:
    """Return the text on one line, without what no reader sees."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _brief(text: str) -> str:
    """Return as much of a text as a line has room for."""
    return text if len(text) <= _LONGEST_TASK else f"{text[: _LONGEST_TASK - 1].rstrip()}…"


def _tidy(text: str) -> str:
    """Return the text without trailing blanks and with at most one empty line in a row."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
