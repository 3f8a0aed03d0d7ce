"""Says a message through a Feishu / Lark (飞书) group robot, signed where it has a secret.

Its documentation (自定义机器人使用指南): POST JSON to ``/open-apis/bot/v2/hook/…``; with 签名校验 the body carries
``timestamp`` in seconds and ``sign``, base64 of HMAC-SHA256 of nothing with “timestamp, line feed, secret” as the
key, good for an hour; 20 kB; 100 messages a minute, 5 a second. A post is made of parts, so that nothing anybody
typed is read as a mention; people are mentioned by open_id or user_id only.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Any

from eightd.domain.words import Language
from eightd.notifications.relays.parcel import Outcome, Parcel, Relay
from eightd.notifications.relays.posting import as_json, cut, judged, post

_MOST_BYTES = 8_000  # of text: JSON may need twice as many, and 20 kB is the limit
_BUSY = frozenset({9499, 11232})  # too many requests


def carry(relay: Relay, parcel: Parcel) -> Outcome:
    """Say the message as a post with a title, the facts, the link and a mention."""
    text = parcel.text
    said = cut((text.chat or text.text).strip(), _MOST_BYTES)
    lines: list[list[dict[str, Any]]] = [[{"tag": "text", "text": said}]]
    if text.link:
        lines.append([{"tag": "a", "text": text.link, "href": text.link}])
    if parcel.address.strip():
        lines.append([{"tag": "at", "user_id": parcel.address.strip()}])
    language = "zh_cn" if parcel.language is Language.ZH else "en_us"
    document: dict[str, Any] = {
        "msg_type": "post",
        "content": {"post": {language: {"title": text.subject, "content": lines}}},
    }
    if relay.secret:
        timestamp, sign = signature(relay.secret, parcel.at)
        document = {"timestamp": timestamp, "sign": sign, **document}
    answer = post(relay.settings, str(relay.settings.get("url", "")), as_json(document))
    return judged(answer, code="code", words="msg", passing=_BUSY)


def signature(secret: str, at: datetime) -> tuple[str, str]:
    """Return timestamp and signature of a try."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.digest(f"{timestamp}\n{secret}".encode(), b"", "sha256")
    return timestamp, base64.b64encode(digest).decode()
