"""Turns bytes of mails into text, whatever they call themselves: Chinese clients mislabel often."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re

_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "hz", "gb2312-80", "x-gbk", "cp936", "ms936", "hz-gb-2312"})
_TRUSTED = re.compile(
    r"utf-(8|7|16|16-le|16-be|32|32-le|32-be)|ascii|iso8859-\d+|cp\d+|big5|big5hkscs|euc_jp|euc_jis_2004"
    r"|shift_jis|iso2022_jp\w*|iso2022_kr|euc_kr|johab|koi8-[ru]|mac-\w+|tis-620|gb2312|gbk|gb18030|hz"
)
"""Codecs that are character sets; Python knows others, which are tricks in a mail."""

_HIGH = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(rb"=\?([!->@-~]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_FOLD = re.compile(rb"\r\n(?=[ \t])|\n(?=[ \t])|\r(?=[ \t])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TRICK = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def decoded(raw: bytes, charset: str = "") -> str:
    """Return the text of bytes that claim a character set; never raises, and never believes it blindly.

    The Chinese sets are read as GB18030, which holds them all. Bytes that cannot be what they claim are tried
    as UTF-8, then as GB18030, then taken as Latin-1.
    """
    name = charset.strip().strip("\"'").split("*")[0].lower()
    if name in _CHINESE:
        return _chinese(raw, name)
    codec = _codec(name)
    if codec in {"", "ascii", "utf-8"}:
        return guessed(raw)
    if codec.startswith(("iso8859", "cp125")) and _is_not_western(raw):
        return guessed(raw)
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError, OverflowError):
        return guessed(raw)


def guessed(raw: bytes) -> str:
    """Return the text of bytes of which nothing is known."""
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeError:
            continue
    return raw.decode("latin-1")


def header(raw: bytes) -> tuple[str, bool]:
    """Return a header's text on one line, and whether something in it was hidden that breaks lines or controls.

    Encoded words that follow each other in one character set are joined before they are decoded: clients
    cut in the middle of a character. Raw bytes between them are guessed.
    """
    unfolded = _FOLD.sub(b"", raw).strip(b" \t\r\n")
    pieces: list[tuple[str, bytes]] = []  # charset ("" for plain text) and bytes
    place, tricked = 0, False
    for found in _WORD.finditer(unfolded):
        between = unfolded[place : found.start()]
        if between.strip(b" \t") or not (pieces and pieces[-1][0]):
            pieces.append(("", between))
        charset = found[1].decode("ascii", "replace").lower()
        content = _word_bytes(found[2], found[3])
        if content is None:
            pieces.append(("", found[0]))
        elif pieces and pieces[-1][0] == charset:
            pieces[-1] = (charset, pieces[-1][1] + content)
        else:
            pieces.append((charset, content))
        place = found.end()
    pieces.append(("", unfolded[place:]))
    text = "".join(decoded(content, charset) if charset else guessed(content) for charset, content in pieces)
    tricked = _TRICK.search(text) is not None
    return one_line(text), tricked


def one_line(text: str) -> str:
    """Return the text without anything that breaks a line, controls a terminal or turns the reading direction."""
    plain = _DIRECTION.sub("", _CONTROL.sub(" ", text))
    return " ".join(plain.split())


def many_lines(text: str) -> str:
    """Return the text with plain line ends, without other controls and without long gaps."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    plain = _DIRECTION.sub("", _CONTROL.sub("", plain.replace("\xa0", " ").replace("\x85", "\n")))
    lines = [line.rstrip() for line in plain.split("\n")]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n")


def shortened(text: str, most: int) -> str:
    """Return the text, its end cut off where it is longer than that many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _codec(name: str) -> str:
    """Return Python's name of a character set, empty for what is none."""
    if not name.isascii() or len(name) > 60 or "\0" in name:
        return ""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return codec if _TRUSTED.fullmatch(codec) else ""


def _chinese(raw: bytes, name: str) -> str:
    if name.startswith("hz") and raw.isascii() and b"~{" in raw:
        try:
            return raw.decode("hz")
        except UnicodeError:
            return raw.decode("gb18030", "replace")
    if _is_surely_utf8(raw):
        return raw.decode("utf-8")
    try:
        return raw.decode("gb18030")
    except UnicodeError:
        pass
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        return raw.decode("gb18030", "replace")  # one broken character must not spoil the rest


def _is_surely_utf8(raw: bytes) -> bool:
    """Return whether bytes labelled as Chinese are UTF-8: only characters of three bytes and more, at least two."""
    try:
        text = raw.decode("utf-8")
    except UnicodeError:
        return False
    foreign = [letter for letter in text if letter > "\x7f"]
    return len(foreign) > 1 and min(foreign) >= "\u0800"


def _is_not_western(raw: bytes) -> bool:
    """Return whether bytes that claim a western set are UTF-8 or Chinese: accents rarely stand in pairs."""
    runs = _HIGH.findall(raw)
    if not runs:
        return False
    try:
        raw.decode("utf-8")
    except UnicodeError:
        pass
    else:
        return True
    if sum(map(len, runs)) < 4 or any(len(run) % 2 for run in runs):
        return False
    try:
        text = raw.decode("gb18030")
    except UnicodeError:
        return False
    return all("\u3000" <= letter <= "\u9fff" or letter > "\uff00" for letter in text if letter > "\x7f")


def _word_bytes(how: bytes, content: bytes) -> bytes | None:
    if how in b"bB":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
        if len(letters) % 4 == 1:
            letters = letters[:-1]
        try:
            return base64.b64decode(letters + b"=" * (-len(letters) % 4))
        except (binascii.Error, ValueError):
            return None
    return quopri.decodestring(content.replace(b"_", b" "), header=False)
