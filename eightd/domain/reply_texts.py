"""The language of reply templates: text with ``{name}`` places that are filled from the record, nothing more.

A paragraph whose places are all empty is left out, and so is a line; what has no place stays as it is. So a template
may speak of causes before there are any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from eightd.domain.errors import MalformedError
from eightd.domain.words import Phrase

LONGEST_SUBJECT = 300
LONGEST_BODY = 20_000

UNKNOWN_PLACE = Phrase(
    "reply_text.unknown_place",
    "There is no place {place}; known are: {known}",
    "没有占位符 {place}；可用: {known}",
)
STRAY_BRACE = Phrase(
    "reply_text.stray_brace",
    "Line {line}: a brace without its partner; places are written as {example}",
    "第 {line} 行: 花括号不成对；占位符写作 {example}",
)
NO_SUBJECT = Phrase("reply_text.no_subject", "The subject is missing", "缺少主题")
LONG_SUBJECT = Phrase(
    "reply_text.long_subject",
    "A subject is one line of at most {limit} characters",
    "主题应为一行，最多 {limit} 个字符",
)
NO_BODY = Phrase("reply_text.no_body", "The text is missing", "缺少正文")
LONG_BODY = Phrase("reply_text.long_body", "At most {limit} characters of text", "正文最多 {limit} 个字符")
IN_SUBJECT = Phrase(
    "reply_text.in_subject",
    "{place} may be several lines long and does not fit a subject",
    "{place} 可能为多行，不能用于主题",
)

_PLACE = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the language: what it is filled with; ``lines`` where that may be several lines."""

    name: str
    label: Phrase
    lines: bool = False


def _place(name: str, en: str, zh: str, *, lines: bool = False) -> Place:
    return Place(name, Phrase(f"reply_place.{name}", en, zh), lines)


PLACES: tuple[Place, ...] = (
    _place("number", "our number", "我方客诉编号"),
    _place("customer_number", "the customer's number", "客户编号"),
    _place("customer", "customer", "客户"),
    _place("contact", "contact at the customer", "客户联系人"),
    _place("plant", "our plant", "我方工厂"),
    _place("sender", "who drafts the reply", "起草人"),
    _place("part", "part number and name", "料号与品名"),
    _place("customer_part", "the customer's part number", "客户料号"),
    _place("lots", "lots", "批次"),
    _place("received", "when the complaint was received", "客诉受理时间"),
    _place("defects", "phenomena with their quantities", "不良现象及数量"),
    _place("quantities", "quantities delivered to returned", "出货、检验、客诉、退回数量", lines=True),
    _place("problem", "the problem in our words (D2, accepted)", "我方问题描述（D2，已接受）", lines=True),
    _place("containment", "interim actions (D3, accepted)", "临时措施（D3，已接受）", lines=True),
    _place("stock", "stock by place (D3, accepted)", "各地点库存排查（D3，已接受）", lines=True),
    _place("clean_lot", "first clean lot (D3, accepted)", "首个合格批次（D3，已接受）"),
    _place("causes", "causes (D4, accepted)", "原因（D4，已接受）", lines=True),
    _place("actions", "corrective actions (D5, D6, accepted)", "纠正措施及日期（D5、D6，已接受）", lines=True),
    _place("validation", "proof that they work (D6, accepted)", "效果验证（D6，已接受）", lines=True),
    _place("prevention", "documents and read-across (D7, accepted)", "文件修订与水平展开（D7，已接受）", lines=True),
    _place("sample", "where the sample stands", "样品状态"),
    _place("returns", "numbers of the returns announced", "已预告的客退单号"),
    _place("expected", "when a sample was expected", "样品预计到货日期"),
    _place("enclose", "what is to be enclosed", "需随附的物品", lines=True),
    _place("address", "where goods are sent to", "收货地址", lines=True),
    _place("next_dates", "what is still owed and by when", "后续回复及期限", lines=True),
    _place("explanation", "the explanation, once approved", "非我方责任的说明（已批准）", lines=True),
    _place("report", "the report that goes with it", "随附报告"),
)  # fmt: skip
"""Every place, in the order in which it is offered."""

_KNOWN = {place.name: place for place in PLACES}


@dataclass(frozen=True, slots=True)
class ReplyText:
    """A subject and a body: of a template with places, of a reply without."""

    subject: str
    body: str


def read_template(text: str) -> ReplyText:
    """Read a template file: its first line is the subject, the rest after a blank line the body."""
    subject, _, body = text.replace("\r\n", "\n").partition("\n")
    return ReplyText(subject.strip(), body.strip("\n"))


def check_template(template: ReplyText) -> None:
    """Refuse a template with unknown places, stray braces, or without subject or body, by MalformedError."""
    check_text(template)
    for place in _places(template.subject):
        if _known(place).lines:
            raise MalformedError(IN_SUBJECT.say(place=_shown(place)))
    for place in _places(template.body):
        _known(place)


def check_text(text: ReplyText) -> None:
    """Refuse a text without subject or body, or one that is too long, by MalformedError."""
    if not text.subject.strip():
        raise MalformedError(NO_SUBJECT.say())
    if len(text.subject) > LONGEST_SUBJECT or "\n" in text.subject:
        raise MalformedError(LONG_SUBJECT.say(limit=LONGEST_SUBJECT))
    if not text.body.strip():
        raise MalformedError(NO_BODY.say())
    if len(text.body) > LONGEST_BODY:
        raise MalformedError(LONG_BODY.say(limit=LONGEST_BODY))


def fill(template: ReplyText, values: Mapping[str, str]) -> ReplyText:
    """Return the text with its places filled; a value that is missing counts as empty.

    Values are put in as they are: braces in them mean nothing. Raises MalformedError as ``check_template`` does.
    """
    check_template(template)
    subject = " ".join(_filled(template.subject, values).split())
    paragraphs = (_paragraph(paragraph, values) for paragraph in re.split(r"\n[ \t]*\n+", template.body))
    body = "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())
    return ReplyText(subject[:LONGEST_SUBJECT], body[:LONGEST_BODY])


def _paragraph(paragraph: str, values: Mapping[str, str]) -> str:
    if _is_hollow(paragraph, values):
        return ""
    return "\n".join(_filled(line, values) for line in paragraph.split("\n") if not _is_hollow(line, values))


def _is_hollow(text: str, values: Mapping[str, str]) -> bool:
    """Return whether the text has places and every one of them is empty."""
    places = [found[1] for found in _PLACE.finditer(text)]
    return bool(places) and not any(values.get(place, "").strip() for place in places)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found[1], "").strip(), text)


def _places(text: str) -> list[str]:
    for number, line in enumerate(text.split("\n"), 1):
        if re.search(r"[{}]", _PLACE.sub("", line)):
            raise MalformedError(STRAY_BRACE.say(line=number, example="{number}"))
    return [found[1] for found in _PLACE.finditer(text)]


def _known(place: str) -> Place:
    found = _KNOWN.get(place)
    if found is None:
        raise MalformedError(UNKNOWN_PLACE.say(place=_shown(place), known=", ".join(_KNOWN)))
    return found


def _shown(place: str) -> str:
    return "{" + place[:40] + "}"
