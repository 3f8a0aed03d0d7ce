"""Reads a mailbox by IMAP: what came since, one mail at a time, without marking what was not taken."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from eightd.domain.words import Message, Phrase

UNKNOWN_HOST = Phrase("mailbox.unknown_host", "There is no host {host}", "找不到主机 {host}")
NO_ANSWER = Phrase("mailbox.no_answer", "{host}:{port} does not answer: {why}", "{host}:{port} 无响应: {why}")
CERTIFICATE = Phrase(
    "mailbox.certificate", "The certificate of {host} is not trusted: {why}", "{host} 的证书不受信任: {why}"
)
NO_TLS = Phrase(
    "mailbox.no_tls",
    "{host}:{port} does not speak TLS this way: {why}",
    "{host}:{port} 不支持该加密方式: {why}",
)
SIGN_IN_REFUSED = Phrase(
    "mailbox.sign_in_refused",
    "The server refuses the sign-in: {why}. Many providers want an authorisation code instead of the password.",
    "服务器拒绝登录: {why}。许多邮箱需使用“授权码”代替密码。",
)
NO_FOLDER = Phrase(
    "mailbox.no_folder", "The folder {folder} cannot be opened: {why}", "无法打开文件夹 {folder}: {why}"
)
PROTOCOL = Phrase(
    "mailbox.protocol", "The server answers otherwise than expected: {why}", "服务器应答异常: {why}"
)
NO_CA_FILE = Phrase(
    "mailbox.no_ca_file", "The file of certificates cannot be read: {why}", "无法读取证书文件: {why}"
)

_IDENTITY = '("name" "EightD" "version" "1" "vendor" "EightD")'
_LINE = re.compile(
    rb"\((?=[^)]*\bUID (?P<uid>\d+))(?=[^)]*\bRFC822\.SIZE (?P<size>\d+))(?=[^)]*\bINTERNALDATE \"(?P<date>[^\"]+)\")"
)
_HEAD_BYTES = 65_536
_ANSWER_BYTES = 64 * 2**20
"""More than any answer is allowed to bring; what a mail may have is asked before it is fetched."""


class Security(StrEnum):
    """How the connection is kept private."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Access:
    """How a mailbox is reached; ``ca_file`` names certificates to trust beside the system's, empty for none."""

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca_file: str = ""
    timeout: float = 30.0  # seconds for each answer


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that lies in the folder: its number there, its size in bytes, when the mailbox got it."""

    uid: int
    size: int
    received_at: datetime


class MailboxError(Exception):
    """The mailbox cannot be read, and why, in words for the administrator."""

    def __init__(self, message: Message) -> None:
        """Keep the words in both languages."""
        super().__init__(message.text("en"))
        self.message = message


class OpenMailbox:
    """A folder that is open. Numbers hold as long as ``uid_validity`` stays what it was."""

    def __init__(self, box: BaseMailBox, access: Access, uid_validity: int, count: int) -> None:
        """Bind it to a connection; made by ``opened`` only."""
        self._box = box
        self._access = access
        self.uid_validity = uid_validity
        self.count = count

    def after(self, last_uid: int, since: date | None = None) -> tuple[Waiting, ...]:
        """Return what lies there with a greater number, in their order; ``since`` is a day of the mailbox in UTC."""
        if not self.count:
            return ()
        lines = self._fetch(f"{last_uid + 1}:*", "(UID INTERNALDATE RFC822.SIZE)")
        found = {waiting.uid: waiting for line in lines for waiting in _waiting(line)}
        return tuple(
            found[uid]
            for uid in sorted(found)
            if uid > last_uid and (since is None or found[uid].received_at.date() >= since)
        )

    def whole(self, uid: int) -> bytes | None:
        """Return a mail as it came, unmarked; None where it is gone."""
        return self._fetched(uid, "BODY.PEEK[]")

    def head(self, uid: int) -> bytes | None:
        """Return the beginning of a mail that is too large to be fetched whole."""
        return self._fetched(uid, f"BODY.PEEK[]<0.{_HEAD_BYTES}>")

    def mark_seen(self, uid: int) -> None:
        """Mark a mail as read; nothing depends on it, so that a refusal is nothing."""
        # Not by the library's own verb: that one also removes what other people have marked as deleted.
        with suppress(imaplib.IMAP4.error, OSError):
            self._box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _fetched(self, uid: int, what: str) -> bytes | None:
        pieces = self._fetch(str(uid), f"(UID {what})")
        contents = [
            piece[1]
            for piece in pieces
            if isinstance(piece, tuple) and re.search(rb"\bUID %d\b" % uid, piece[0] + _rest(pieces))
        ]
        return contents[0] if contents else None

    def _fetch(self, which: str, what: str) -> list[Any]:
        with _in_words(self._access):
            answer, pieces = self._box.client.uid("FETCH", which, what)
        if answer != "OK":
            raise MailboxError(PROTOCOL.say(why=_shown(pieces)))
        return pieces


@contextmanager
def opened(access: Access) -> Iterator[OpenMailbox]:
    """Sign in and open the folder; sign out at the end.

    Raises MailboxError for whatever the other side does, here and by the folder's own verbs.
    """
    with _in_words(access):
        box = _connected(access)
    try:
        with _in_words(access):
            folder = _selected(box, access)
        yield folder
    finally:
        with suppress(imaplib.IMAP4.error, OSError, ImapToolsError):
            box.logout()


@contextmanager
def _in_words(access: Access) -> Iterator[None]:
    host, port = access.host, access.port
    try:
        yield
    except MailboxError:
        raise
    except MailboxLoginError as refused:
        raise MailboxError(SIGN_IN_REFUSED.say(why=_said(refused))) from refused
    except MailboxFolderSelectError as refused:
        raise MailboxError(NO_FOLDER.say(folder=access.folder, why=_said(refused))) from refused
    except (imaplib.IMAP4.error, ImapToolsError) as wrong:
        raise MailboxError(PROTOCOL.say(why=_said(wrong))) from wrong
    except socket.gaierror as unknown:
        raise MailboxError(UNKNOWN_HOST.say(host=host)) from unknown
    except ssl.SSLCertVerificationError as untrusted:
        raise MailboxError(CERTIFICATE.say(host=host, why=untrusted.verify_message)) from untrusted
    except ssl.SSLError as refused:
        raise MailboxError(NO_TLS.say(host=host, port=port, why=refused.reason or str(refused))) from refused
    except UnicodeError as impossible:  # a host name that no name server could know
        raise MailboxError(UNKNOWN_HOST.say(host=host)) from impossible
    except OSError as silent:
        why = silent.strerror or str(silent) or type(silent).__name__
        raise MailboxError(NO_ANSWER.say(host=host, port=port, why=why)) from silent


def _connected(access: Access) -> BaseMailBox:
    host, port, timeout = access.host, access.port, access.timeout
    box: BaseMailBox
    if access.security is Security.NONE:
        box = MailBoxUnencrypted(host, port, timeout)
    else:
        context = _context(access.ca_file)
        if access.security is Security.TLS:
            box = MailBox(host, port, timeout, ssl_context=context)
        else:
            box = _StartTls(host, port, timeout, ssl_context=context)
    # The library takes an answer of any length.
    box.client.read = _bounded(box.client.read)  # type: ignore[method-assign,assignment]
    return box


class _StartTls(MailBoxStartTls):
    """Hangs up where the server does not turn to TLS, as the library does not."""

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self._host, self._port, self._timeout)
        try:
            if "STARTTLS" not in client.capabilities:
                raise MailboxError(NO_TLS.say(host=self._host, port=self._port, why="STARTTLS"))
            client.starttls(self._ssl_context)
        except BaseException:
            client.shutdown()
            raise
        return client


def _context(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as unreadable:
            raise MailboxError(NO_CA_FILE.say(why=unreadable.strerror or str(unreadable))) from unreadable
    return context


def _bounded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def bounded(size: int) -> bytes:
        if size > _ANSWER_BYTES:
            raise imaplib.IMAP4.abort(f"an answer of {size} bytes")
        return read(size)

    return bounded


def _selected(box: BaseMailBox, access: Access) -> OpenMailbox:
    if access.username.isascii() and access.password.isascii():
        box.login(access.username, access.password, initial_folder=None)
    else:
        try:
            box.login_utf8(access.username, access.password, initial_folder=None)
        except imaplib.IMAP4.error as refused:
            raise MailboxError(SIGN_IN_REFUSED.say(why=_said(refused))) from refused
    _introduce(box.client)
    _, answer = box.folder.set(access.folder)
    _, validity = box.client.response("UIDVALIDITY")
    number = validity[0] if validity else None
    if number is None or not number.isdigit():
        raise MailboxError(PROTOCOL.say(why="UIDVALIDITY"))
    return OpenMailbox(box, access, int(number), int(answer[0] or b"0"))


def _introduce(client: imaplib.IMAP4) -> None:
    """Say which program this is: NetEase opens no folder for a client that did not."""
    known = set(client.capabilities)
    with suppress(imaplib.IMAP4.error):
        _, told = client.capability()
        known |= set((told[0] or b"").decode("ascii", "replace").upper().split()) if told else set()
    if "ID" in known:
        with suppress(imaplib.IMAP4.error):
            client.xatom("ID", _IDENTITY)


def _waiting(line: object) -> Iterator[Waiting]:
    found = _LINE.search(line) if isinstance(line, bytes) else None
    if found is None:
        return
    try:
        received_at = parsedate_to_datetime(found["date"].decode("ascii").strip())
    except (ValueError, TypeError, IndexError):
        received_at = datetime.now(UTC)
    if received_at.tzinfo is None:
        received_at = received_at.replace(tzinfo=UTC)
    yield Waiting(int(found["uid"]), int(found["size"]), received_at.astimezone(UTC))


def _rest(pieces: list[object]) -> bytes:
    """Return what stands between the contents: some servers tell the number only after them."""
    return b" ".join(piece for piece in pieces if isinstance(piece, bytes))


def _said(wrong: Exception) -> str:
    """Return what the server said, without the library's words around it."""
    result = getattr(wrong, "command_result", None)
    if isinstance(result, tuple) and len(result) > 1:
        return _shown(result[1])
    return _shown([str(wrong)])


def _shown(answer: object) -> str:
    pieces = answer if isinstance(answer, list) else [answer]
    texts = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in pieces if one]
    plain = "".join(letter if letter.isprintable() else " " for letter in " ".join(texts))
    return plain.strip().rstrip(".")[:200] or "–"
