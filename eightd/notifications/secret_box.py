"""Keeps the passwords of relays and mailboxes unreadable in the store and its backups."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken


class SecretBox:
    """Encrypts short texts with a key that stands outside the store."""

    def __init__(self, key: bytes) -> None:
        """Take 32 bytes, derived from the installation's secret key."""
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, secret: str) -> str:
        """Return the text as it may be stored; empty stays empty."""
        return self._fernet.encrypt(secret.encode()).decode() if secret else ""

    def open(self, sealed: str) -> str | None:
        """Return the text, None where it was sealed with another key: it has to be entered again."""
        if not sealed:
            return ""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
