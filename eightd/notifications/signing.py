"""Signs addresses that open exactly one thing without an account."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

_LENGTH = 20  # bytes of the signature: 160 bits
_TOKEN = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)-([A-Za-z0-9_-]{27})")


class Signer:
    """Makes and reads tokens such as ``17-kJ3…`` for a purpose; whether one still holds is the store's to say."""

    def __init__(self, key: bytes) -> None:
        """Take the key that only this installation knows."""
        self._key = key

    def token(self, purpose: str, subject: int, epoch: int = 0) -> str:
        """Return the token of a subject; another ``epoch`` makes all earlier ones of that subject void."""
        plain = f"{subject}.{epoch}" if epoch else str(subject)
        return f"{plain}-{self._signature(purpose, plain)}"

    def read(self, purpose: str, token: str) -> tuple[int, int] | None:
        """Return subject and epoch of a token made for this purpose, None for anything else."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(found[2], self._signature(purpose, found[1])):
            return None
        subject, _, epoch = found[1].partition(".")
        return int(subject), int(epoch or 0)

    def _signature(self, purpose: str, plain: str) -> str:
        digest = hmac.digest(self._key, f"{purpose}:{plain}".encode(), hashlib.sha256)[:_LENGTH]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
