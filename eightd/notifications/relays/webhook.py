"""Posts a message as plain JSON to a plant's own receiver, signed so that it can tell who sent it.

``X-EightD-Delivery`` is the same for every try of one message: a receiver that has seen it answers 2xx and does
nothing. ``X-EightD-Signature: t=…,v1=…`` holds the second of the try and the HMAC-SHA256, in hexadecimal, of
“t, full stop, body” with the secret; a receiver refuses what is older than it likes.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from eightd.notifications.relays.parcel import Outcome, Parcel, Relay, Taken
from eightd.notifications.relays.posting import Answer, as_json, post


def carry(relay: Relay, parcel: Parcel) -> Outcome:
    """Post the message; any 2xx means that it was taken."""
    text = parcel.text
    body = as_json(
        {
            "delivery": parcel.uid,
            "to": parcel.address,
            "language": parcel.language.value,
            "subject": text.subject,
            "text": text.chat or text.text,
            "link": text.link,
        }
    )
    headers = {"X-EightD-Delivery": parcel.uid}
    if relay.secret:
        headers["X-EightD-Signature"] = signature(relay.secret, parcel.at, body)
    answer = post(relay.settings, str(relay.settings.get("url", "")), body, headers)
    return Taken() if isinstance(answer, Answer) else answer


def signature(secret: str, at: datetime, body: bytes) -> str:
    """Return what the header holds for a body sent at that instant."""
    second = str(int(at.timestamp()))
    return f"t={second},v1={hmac.digest(secret.encode(), f'{second}.'.encode() + body, 'sha256').hex()}"
