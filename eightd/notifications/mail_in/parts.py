"""Walks through the parts of a mail: one text for the reader, everything else as files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from eightd.domain.words import Phrase
from eightd.notifications.mail_in import charsets, plain
from eightd.notifications.mail_in.received import Enclosure, Limits

TOO_MANY_PARTS = Phrase(
    "mail_in.too_many_parts",
    "It has more parts than anybody would write",
    "邮件的部分过多，不是正常书写的邮件",
)
TOO_DEEP = Phrase(
    "mail_in.too_deep",
    "Its parts are nested deeper than anybody would write",
    "邮件嵌套过深，不是正常书写的邮件",
)

_BROKEN = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError, OverflowError)
"""What the library raises for mails that contradict themselves."""

_MEDIA_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,60}/[a-z0-9][\w.+-]{0,80}", re.ASCII)
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_ENDINGS = {
    "text/html": ".html",
    "text/plain": ".txt",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
}


class OverLimitError(Exception):
    """The mail has more or deeper parts than a mail may have."""

    def __init__(self, phrase: Phrase) -> None:
        """Keep which limit it was."""
        super().__init__(phrase.en)
        self.phrase = phrase


@dataclass(slots=True)
class Content:
    """What was found so far; ``is_html`` tells that the text had to be made from HTML."""

    text: str = ""
    is_html: bool = False
    enclosures: list[Enclosure] = field(default_factory=list)


@dataclass(slots=True)
class _Count:
    limits: Limits
    parts: int = 0


def content(message: Message, limits: Limits) -> Content:
    """Return the text and the files of a mail. Raises OverLimitError."""
    return _content(message, _Count(limits), 0)


def raw_headers(message: Message, name: str) -> list[bytes]:
    """Return the values of a header as they came."""
    wanted = name.lower()
    return [
        str(value).encode("utf-8", "surrogateescape") if not _is_ascii(value) else value.encode()
        for key, value in message.raw_items()
        if key.lower() == wanted
    ]


def _is_ascii(value: object) -> bool:
    return isinstance(value, str) and value.isascii()


def _content(part: Message, count: _Count, depth: int) -> Content:
    count.parts += 1
    if count.parts > count.limits.parts:
        raise OverLimitError(TOO_MANY_PARTS)
    if depth > count.limits.depth:
        raise OverLimitError(TOO_DEEP)
    kind = media_type(part)
    if kind.startswith("message/") or not part.is_multipart():
        return _leaf(part, kind)
    inner = [_content(child, count, depth + 1) for child in children(part)]
    files = [file for one in inner for file in one.enclosures]
    if kind == "multipart/alternative":
        told = [one for one in inner if one.text.strip()]
        best = next((one for one in told if not one.is_html), told[0] if told else Content())
        return Content(best.text, best.is_html, files)
    texts = [one for one in inner if one.text.strip()]
    return Content("\n\n".join(one.text for one in texts), any(one.is_html for one in texts), files)


def _leaf(part: Message, kind: str) -> Content:
    name, disposition = filename(part), _disposition(part)
    if kind == "message/delivery-status":
        return Content(text=_report(part))
    if kind.startswith("message/"):
        return Content(enclosures=[_nested(part, name)])
    raw = payload_bytes(part)
    is_text = kind in {"text/plain", "text/html"} and disposition != "attachment" and not name
    is_text = is_text or kind.startswith("multipart/")  # whose boundary is nowhere
    if is_text:
        charset = _parameter(part, "charset")
        if kind == "text/html":
            found = None if charset else _META_CHARSET.search(raw[:4000])
            html = charsets.decoded(raw, found[1].decode("ascii", "replace") if found else charset)
            return Content(plain.from_html(html), is_html=True)
        return Content(charsets.many_lines(charsets.decoded(raw, charset)))
    if not raw and not name:
        return Content()
    inline = disposition != "attachment" and (
        disposition == "inline" or bool(raw_headers(part, "Content-ID"))
    )
    return Content(enclosures=[Enclosure(name or f"attachment{_ENDINGS.get(kind, '')}", kind, raw, inline)])


def _nested(part: Message, name: str) -> Enclosure:
    """Return a mail inside a mail as a file, as it came as far as the library can tell."""
    inner = next(iter(children(part)), None)
    if inner is None:
        return Enclosure(name or "mail.eml", "message/rfc822", payload_bytes(part))
    subjects = raw_headers(inner, "Subject")
    title = plain_name(charsets.header(subjects[0])[0][:80]) if subjects else ""
    try:
        raw = inner.as_bytes()
    except _BROKEN:
        raw = b"".join(
            f"{key}: ".encode("ascii", "replace") + raw_headers(inner, key)[0] + b"\r\n" for key in inner
        )
    return Enclosure(name or f"{title or 'mail'}.eml", "message/rfc822", raw)


def _report(part: Message) -> str:
    return "\n\n".join(
        "\n".join(f"{name}: {value}" for name, value in block) for block in report_blocks(part)
    )


def report_blocks(part: Message) -> Iterator[list[tuple[str, str]]]:
    """Yield the groups of fields of a delivery status, names in lower case."""
    for block in children(part):
        yield [
            (charsets.one_line(key).lower(), charsets.header(raw)[0])
            for key in dict.fromkeys(block.keys())
            for raw in raw_headers(block, key)
        ]


def children(part: Message) -> tuple[Message, ...]:
    """Return the parts of a part; none where its content is not made of parts."""
    payload = part.get_payload() if part.is_multipart() else ()  # else it would be decoded as it claims to be
    return tuple(child for child in payload if isinstance(child, Message))


def payload_bytes(part: Message) -> bytes:
    """Return a part's bytes without their transfer encoding, as far as they can be read."""
    try:
        found = part.get_payload(decode=True)
    except _BROKEN:
        found = None
    return found if isinstance(found, bytes) else b""


def media_type(part: Message) -> str:
    """Return the part's media type in lower case, a neutral one where it names none that can be."""
    try:
        kind = part.get_content_type().lower()
    except _BROKEN:
        return "application/octet-stream"
    return kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream"


def filename(part: Message) -> str:
    """Return the file's name, however the client wrote it: RFC 2231, encoded words, or raw bytes; else empty."""
    return plain_name(_parameter(part, "filename", "Content-Disposition") or _parameter(part, "name"))


def plain_name(name: str) -> str:
    """Return the last part of a path, on one line, 200 characters at most, the ending kept."""
    last = re.split(r"[/\\]", charsets.one_line(name))[-1].strip(" .")
    return last if len(last) <= 200 else f"{last[:180]}…{last[-19:]}"


def _disposition(part: Message) -> str:
    values = raw_headers(part, "Content-Disposition")
    return values[0].split(b";")[0].strip().lower().decode("ascii", "replace") if values else ""


def _parameter(part: Message, name: str, header: str = "Content-Type") -> str:
    """Return a parameter of a header as text; clients write raw bytes and encoded words there as well."""
    values = raw_headers(part, header)
    if not values:
        return ""
    unfolded = re.sub(rb"\r?\n(?=[ \t])|\r(?=[ \t])", b"", values[0][:20_000])
    carrier = Message()
    carrier[header] = charsets.guessed(unfolded).replace("\r", " ").replace("\n", " ")
    try:
        found = carrier.get_param(name, header=header)
    except _BROKEN:
        return ""
    if isinstance(found, tuple):
        charset, _, value = found
        try:
            return charsets.decoded(value.encode("latin-1"), charset or "")
        except UnicodeError:
            return value
    if not isinstance(found, str):
        return ""
    if "=?" in found:
        return charsets.header(found.encode("utf-8", "surrogatepass"))[0]
    return found
