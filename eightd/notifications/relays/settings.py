"""Checks what an administrator enters for a relay before it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from eightd.domain.messages import RelayKind
from eightd.domain.words import Message, Phrase
from eightd.notifications.mail import is_address
from eightd.notifications.relays.smtp import NO_ENCRYPTION, STARTTLS, TLS

SECURITIES = (STARTTLS, TLS, NO_ENCRYPTION)
"""How a mail server is spoken to, the best first."""

USUAL_PORTS: Mapping[str, int] = {STARTTLS: 587, TLS: 465, NO_ENCRYPTION: 25}

_OF_ADDRESS = ("url", "proxy", "timeout", "ca_file")

FIELDS: Mapping[RelayKind, tuple[str, ...]] = {
    RelayKind.SMTP: (
        "host", "port", "security", "username", "from_address", "from_name", "timeout", "ca_file",
    ),
    RelayKind.WECOM: _OF_ADDRESS,
    RelayKind.DINGTALK: _OF_ADDRESS,
    RelayKind.FEISHU: _OF_ADDRESS,
    RelayKind.WEBHOOK: _OF_ADDRESS,
}  # fmt: skip
"""What a relay of each kind reads of its settings; its secret stands apart."""

SHORTEST_SECRET = 16  # of a webhook, which nobody types by hand
LONGEST_TIMEOUT = 30  # seconds of each step, of which there are several

_LONGEST = 500
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]{2,45}\]?")
_VISIBLE = re.compile(r"[!-~]+")

_MISSING = Phrase("relay.missing", "Please fill in this field", "请填写此项")
_HOST_WRONG = Phrase("relay.host", "This is not the name of a server", "服务器名称不正确")
_PORT_WRONG = Phrase("relay.port", "A port lies between 1 and 65535", "端口应在 1 与 65535 之间")
_SECURITY_WRONG = Phrase("relay.security", "Please choose how to encrypt", "请选择加密方式")
_ADDRESS_WRONG = Phrase("relay.address", "This is not an e-mail address", "电子邮件地址不正确")
_LINE_WRONG = Phrase(
    "relay.line", "One line of at most {most} characters, please", "请输入一行文字，不超过 {most} 个字符"
)
_TIMEOUT_WRONG = Phrase(
    "relay.timeout", "Between 1 and {longest} seconds, please", "请输入 1 至 {longest} 秒"
)
_FILE_WRONG = Phrase(
    "relay.ca_file", "There is no such file of certificates on the server", "服务器上没有此证书文件"
)
_URL_WRONG = Phrase(
    "relay.url",
    "An address begins with https:// or http:// and holds neither blanks nor a user name",
    "地址应以 https:// 或 http:// 开头，且不含空格和用户名",
)
_ROBOT_WRONG = Phrase(
    "relay.robot",
    "This is not the address that the robot's settings show; it holds “{part}”",
    "这不是机器人设置中显示的地址，应包含“{part}”",
)
_SECRET_SHORT = Phrase(
    "relay.secret", "A secret has at least {least} characters", "密钥至少应有 {least} 个字符"
)
_PASSWORD_MISSING = Phrase("relay.password", "A user name needs its password", "填写用户名后还需填写密码")


def problems(kind: RelayKind, settings: Mapping[str, Any], secret: str) -> dict[str, Message]:
    """Return what is wrong by field, nothing where the relay can be tried; ``secret`` is a field too.

    Whether the other side answers is for the test button to find out.
    """
    found = _of_smtp(settings, secret) if kind is RelayKind.SMTP else _of_address(kind, settings, secret)
    timeout = settings.get("timeout")
    if timeout not in (None, "") and not _is_number(timeout, 1, LONGEST_TIMEOUT):
        found["timeout"] = _TIMEOUT_WRONG.say(longest=LONGEST_TIMEOUT)
    ca_file = str(settings.get("ca_file") or "")
    if ca_file and ("\0" in ca_file or not Path(ca_file).is_file()):
        found["ca_file"] = _FILE_WRONG.say()
    return found


def _of_smtp(settings: Mapping[str, Any], secret: str) -> dict[str, Message]:
    found: dict[str, Message] = {}
    host = str(settings.get("host") or "")
    if _HOST.fullmatch(host) is None:
        found["host"] = (_HOST_WRONG if host else _MISSING).say()
    if not _is_number(settings.get("port"), 1, 65535):
        found["port"] = _PORT_WRONG.say()
    if settings.get("security") not in SECURITIES:
        found["security"] = _SECURITY_WRONG.say()
    address = str(settings.get("from_address") or "")
    if not is_address(address):
        found["from_address"] = (_ADDRESS_WRONG if address else _MISSING).say()
    for field, most in (("from_name", 100), ("username", 200)):
        if not _is_line(str(settings.get(field) or ""), most):
            found[field] = _LINE_WRONG.say(most=most)
    if settings.get("username") and not secret:
        found["secret"] = _PASSWORD_MISSING.say()
    elif not _is_line(secret, _LONGEST):
        found["secret"] = _LINE_WRONG.say(most=_LONGEST)
    return found


def _of_address(kind: RelayKind, settings: Mapping[str, Any], secret: str) -> dict[str, Message]:
    found: dict[str, Message] = {}
    url = str(settings.get("url") or "")
    if not url:
        found["url"] = _MISSING.say()
    elif not _is_url(url):
        found["url"] = _URL_WRONG.say()
    elif (part := _part_missing(kind, url)) is not None:
        found["url"] = _ROBOT_WRONG.say(part=part)
    proxy = str(settings.get("proxy") or "")
    if proxy and not _is_url(proxy):
        found["proxy"] = _URL_WRONG.say()
    if not _is_line(secret, _LONGEST):
        found["secret"] = _LINE_WRONG.say(most=_LONGEST)
    elif kind is RelayKind.WEBHOOK and len(secret) < SHORTEST_SECRET:
        found["secret"] = _SECRET_SHORT.say(least=SHORTEST_SECRET)
    return found


def _part_missing(kind: RelayKind, url: str) -> str | None:
    """Return what a robot's address always holds and this one does not."""
    split = urlsplit(url)
    query = parse_qs(split.query)
    if kind is RelayKind.WECOM and "key" not in query:
        return "?key="
    if kind is RelayKind.DINGTALK and "access_token" not in query:
        return "?access_token="
    if kind is RelayKind.FEISHU and "/hook/" not in split.path:
        return "/hook/"
    return None


def _is_url(text: str) -> bool:
    """Return whether it names a server by http or https, without a sign-in, a fragment or anything invisible."""
    if len(text) > _LONGEST or _VISIBLE.fullmatch(text) is None:
        return False
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        return False
    return (
        split.scheme.lower() in {"http", "https"}
        and _HOST.fullmatch(split.hostname or "") is not None
        and port != 0
        and "@" not in split.netloc
        and not split.fragment
    )


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable()


def _is_number(value: object, least: float, most: float) -> bool:
    try:
        return least <= float(str(value)) <= most
    except ValueError:
        return False
