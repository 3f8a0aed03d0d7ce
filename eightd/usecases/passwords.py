"""Hash and check passwords with argon2id, a few at a time so that guessing cannot eat the machine's memory."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from eightd.domain.words import Message, Phrase

SHORTEST, LONGEST = 10, 200

_TOO_SHORT = Phrase("password.short", "Use at least {least} characters.", "至少 {least} 个字符。")
_TOO_LONG = Phrase("password.long", "Use at most {most} characters.", "最多 {most} 个字符。")
_LIKE_LOGIN = Phrase("password.login", "The password may not be the sign-in name.", "密码不能与登录名相同。")
_MONOTONOUS = Phrase(
    "password.monotonous", "Use more than a few different characters.", "请使用更多不同的字符。"
)

_WORDS = "bdfghjkmnprstvwz", "aeiou"
_AT_A_TIME = 2


def flaw(password: str, login: str) -> Message | None:
    """Say why a new password cannot be taken, None where it can; length counts characters."""
    if len(password) < SHORTEST:
        return _TOO_SHORT.say(least=SHORTEST)
    if len(password) > LONGEST:
        return _TOO_LONG.say(most=LONGEST)
    if password.casefold() == login.casefold():
        return _LIKE_LOGIN.say()
    return _MONOTONOUS.say() if len(set(password)) < 5 else None


def invent() -> str:
    """Return a new random password that can be read out, about 50 bits strong."""
    syllables = ["".join(secrets.choice(letters) for letters in (*_WORDS, _WORDS[0])) for _ in range(5)]
    return "-".join(syllables)


class Passwords:
    """Hashes and checks; one per process, used by all threads."""

    def __init__(self, memory_kib: int = 19_456) -> None:
        """Take ``memory_kib`` per hash, in two passes on one lane: OWASP's advice for argon2id."""
        self._hasher = PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_urlsafe())
        # In threads of their own: the C library keeps what a thread has used for that thread, so that each of
        # the server's would hold these megabytes for good. None is started before the first hash is asked
        # for: a server may fork before.
        self._desk = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="passwords")

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        return self._desk.submit(self._hasher.hash, password).result()

    def matches(self, stored: str | None, password: str) -> bool:
        """Return whether the password belongs to the stored hash.

        None (no such account) is checked against a hash nobody knows, so that the answer takes as long.
        """
        try:
            self._desk.submit(self._hasher.verify, stored or self._nobody, password[:LONGEST]).result()
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Return whether the hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(stored)
