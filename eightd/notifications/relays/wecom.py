"""Says a message through a WeCom (企业微信) group robot.

Its documentation (群机器人配置说明): POST JSON to ``/cgi-bin/webhook/send?key=…``; text of at most 2,048 bytes with
``mentioned_list`` (user ids) and ``mentioned_mobile_list``; 20 messages a minute. There is no signature: the key is.
"""

from __future__ import annotations

import re

from eightd.notifications.relays.parcel import Outcome, Parcel, Relay
from eightd.notifications.relays.posting import as_json, cut, judged, post

_MOST_BYTES = 2048
_BUSY = frozenset({-1, 45009, 45033})  # system busy, too often, too many at once
_MOBILE = re.compile(r"\+?[0-9][0-9 -]{6,18}[0-9]")


def carry(relay: Relay, parcel: Parcel) -> Outcome:
    """Say the message as text and mention the person by mobile number or user id."""
    who = parcel.address.strip()
    text: dict[str, object] = {"content": content(parcel, _MOST_BYTES)}
    if is_mobile(who):
        text["mentioned_mobile_list"] = [plain_mobile(who)]
    elif who:
        text["mentioned_list"] = [who]
    body = as_json({"msgtype": "text", "text": text})
    answer = post(relay.settings, str(relay.settings.get("url", "")), body)
    return judged(answer, code="errcode", words="errmsg", passing=_BUSY)


def content(parcel: Parcel, most: int) -> str:
    """Return subject, facts and link in so many bytes; the link is never cut, and only ``address`` is mentioned.

    ``<@name>`` in a text mentions somebody here; what people typed must not.
    """
    text = parcel.text
    link = f"\n{text.link}" if text.link else ""
    said = f"{text.subject}\n{text.chat or text.text}".strip().replace("<@", "<\N{ZERO WIDTH SPACE}@")
    return cut(said, most - len(link.encode())) + link


def is_mobile(who: str) -> bool:
    """Return whether a name to mention is a mobile number."""
    return _MOBILE.fullmatch(who) is not None


def plain_mobile(who: str) -> str:
    """Return a mobile number as the robots know it: digits, a leading + kept."""
    return re.sub(r"[ -]", "", who)
