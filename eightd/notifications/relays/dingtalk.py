"""Says a message through a DingTalk (钉钉) group robot, signed where it has a secret.

Its documentation (自定义机器人接入): POST JSON to ``/robot/send?access_token=…``; with 加签 the address also carries
``timestamp`` in milliseconds and ``sign``, base64 of HMAC-SHA256 of “timestamp, line feed, secret” with the secret,
good for an hour; ``at.atMobiles`` or ``at.atUserIds`` are mentioned; 20 messages a minute.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from urllib.parse import urlencode

from eightd.notifications.relays.parcel import Outcome, Parcel, Relay
from eightd.notifications.relays.posting import as_json, judged, post
from eightd.notifications.relays.wecom import content, is_mobile, plain_mobile

_MOST_BYTES = 8_000  # of text: JSON may need twice as many, and 20,000 bytes are the limit
_BUSY = frozenset({-1, 130101, 410100})  # system busy, too often


def carry(relay: Relay, parcel: Parcel) -> Outcome:
    """Say the message as text and mention the person by mobile number or user id."""
    who = parcel.address.strip()
    at: dict[str, object] = {"isAtAll": False}
    mention = ""
    if is_mobile(who):
        at["atMobiles"] = [plain_mobile(who)]
        mention = f"\n@{plain_mobile(who)}"
    elif who:
        at["atUserIds"] = [who]
        mention = f"\n@{who}"
    said = content(parcel, _MOST_BYTES) + mention
    body = as_json({"msgtype": "text", "text": {"content": said}, "at": at})
    answer = post(relay.settings, signed(str(relay.settings.get("url", "")), relay.secret, parcel.at), body)
    return judged(answer, code="errcode", words="errmsg", passing=_BUSY)


def signed(url: str, secret: str, at: datetime) -> str:
    """Return the address with timestamp and signature; as it is where the robot has no secret."""
    if not secret:
        return url
    timestamp = str(int(at.timestamp() * 1000))
    digest = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")
    query = urlencode({"timestamp": timestamp, "sign": base64.b64encode(digest).decode()})
    return f"{url}{'&' if '?' in url else '?'}{query}"
