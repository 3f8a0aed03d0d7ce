"""Turns HTML of mails into text, and parts what is new in a mail from what it quotes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from eightd.notifications.mail_in.charsets import many_lines

_MOST_HTML = 1_000_000
_LINES = frozenset(
    {
        *("p", "div", "br", "hr", "pre", "blockquote", "section", "article", "header", "footer"),
        *("table", "tr", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
_EMPTY_HIDDEN = re.compile(
    r"<(script|style|title|template|noscript|svg|object|iframe)\b[^<>]{0,2000}/>", re.IGNORECASE
)
_MARKUP = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_UNCLOSED = re.compile(r"<(?![^<>]*>)")

_ON_WROTE = re.compile(
    r"(?:On|Am|Le|El) .{4,300}(?:wrote|schrieb|écrit|escribió)[^\n]{0,200}[:：]"
    r"|(?:At|在|于) ?.{4,300}(?:wrote|写道|寫道)[^\n]{0,40}[:：]"
    r"|.{4,200}(?:于|於) ?\d{4}[^\n]{4,100}(?:写道|寫道)[^\n]{0,10}[:：]"
)
_RULE = re.compile(
    r"[-_—=]{2,}\s*(?:Original Message|Original|原始邮件|原始郵件|原邮件|回复的原邮件|回复的邮件"
    r"|Reply message|Ursprüngliche Nachricht)"
    r"[^\n]{0,30}[-_—=]{2,}.{0,80}",
    re.IGNORECASE,
)
_BLOCK_FROM = re.compile(
    r"[*>\s]*(?:From|发件人|寄件者|寄件人|Von|差出人)\s*[*]?\s*[:：].{0,300}", re.IGNORECASE
)
_BLOCK_MORE = re.compile(
    r"[*>\s]*(?:Sent|Date|To|Subject|发送时间|发送日期|时间|日期|收件人|主题|寄件日期|收件者|主旨|Gesendet|An|Betreff)\s*[*]?\s*[:：]",
    re.IGNORECASE,
)


class _Text(HTMLParser):
    """Collects what a reader would see; nothing is fetched, nothing is run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the tag does; what stands in hidden tags is left out."""
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag in {"td", "th"}:
            self.pieces.append("\t")
        elif tag in _LINES:
            self.pieces.append("\n")
            if tag == "li":
                self.pieces.append("- ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag that closes itself; a hidden one hides nothing."""
        if tag not in _HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """End a line where the tag does."""
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag in _LINES and tag not in {"br", "li"}:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take text; blanks and line ends of the source mean one blank."""
        if not self._hidden:
            self.pieces.append(re.sub(r"[ \t\r\n\f]+", " ", data))


def from_html(html: str) -> str:
    """Return the text that the HTML shows, a line a paragraph; never raises."""
    source = _without_unclosed(html[:_MOST_HTML])
    reader = _Text()
    try:
        reader.feed(source)
        reader.close()
        text = "".join(reader.pieces)
    except (AssertionError, ValueError, RecursionError):  # the library refuses some broken declarations
        text = _MARKUP.sub(" ", source)
    lines = (re.sub(r" *\t *", "\t", line).strip() for line in re.sub(r" {2,}", " ", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", many_lines("\n".join(lines)))


def parted(text: str) -> tuple[str, str]:
    """Return what is new in a mail and the earlier mails below it; all of it is new where nothing else would be."""
    lines = text.split("\n")
    cut = next((at for at in range(len(lines)) if _begins_quote(lines, at)), len(lines))
    belongs = _is_quoted if cut == len(lines) else _is_rule
    while cut and belongs(lines[cut - 1]):
        cut -= 1
    fresh = "\n".join(lines[:cut]).rstrip()
    if not fresh.strip(" \t\n>-_"):
        return text, ""
    return fresh, "\n".join(lines[cut:]).strip("\n")


def _begins_quote(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    if len(line) > 600:
        return False
    if _RULE.fullmatch(line):
        return True
    if _ON_WROTE.fullmatch(line):
        return True
    if line.startswith(("On ", "At ", "Am ", "在", "于")) and at + 1 < len(lines) and len(line) < 300:
        both = f"{line} {lines[at + 1].strip()[:300]}"
        if _ON_WROTE.fullmatch(both):
            return True
    if _BLOCK_FROM.fullmatch(line):
        following = [one for one in lines[at + 1 : at + 8] if one.strip()][:5]
        return sum(_BLOCK_MORE.match(one) is not None for one in following) >= 2
    return False


def _is_quoted(line: str) -> bool:
    return line.startswith(">") or not line.strip()


def _is_rule(line: str) -> bool:
    """Return whether the line is drawn over an earlier mail, or blank."""
    return not line.strip(" _-=*—")


def _without_unclosed(html: str) -> str:
    """Escape every < that no > closes before the next <: the library searches on for each of them."""
    return _UNCLOSED.sub("&lt;", _EMPTY_HIDDEN.sub(" ", _without_comments(html)))


def _without_comments(html: str) -> str:
    pieces, at = [], 0
    while (begin := html.find("<!--", at)) != -1:
        end = html.find("-->", begin + 4)
        if end == -1:
            break
        pieces.append(html[at:begin])
        at = end + 3
    return "".join([*pieces, html[at:]])
