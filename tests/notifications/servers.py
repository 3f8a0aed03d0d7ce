"""Real servers on this machine: a mail server that misbehaves when told to, and something that robots' makers run.

`smtp_server` is a fixture for every test; `SmtpServer(…)` and `HttpServer(…)` are for those that need another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


# ---------------------------------------------------------------- mail


@dataclass(frozen=True)
class Received:
    """A mail as the server got it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)

    @property
    def uid(self) -> str:
        """The Message-ID without angle brackets."""
        return str(self.mail["Message-ID"]).strip("<>")


class SmtpServer:
    """A mail server on a free port, in a thread of its own.

    `messages` is what it took. Set `refuse` (5xx) or `defer` (4xx) to an answer and it gives that to every mail;
    `recipients` holds such answers by address. `hang` makes it take a mail's end and never answer, `cut` makes it
    close the connection there, `lose` makes it take the mail and close without saying so. `down = True` closes the
    door, as if the machine were off; `down = False` opens it again on the same port.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: bool = False,
        users: Mapping[str, str] | None = None,
    ) -> None:
        self.messages: list[Received] = []
        self.refuse = self.defer = ""
        self.recipients: dict[str, str] = {}
        self.hang = self.cut = self.lose = False
        self.host = HOST
        self._tls, self._starttls, self._users = tls, starttls, users
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True)
        self._thread.start()
        self._listener: asyncio.Server | None = None
        self._open: set[_Connection] = set()
        self.port = 0
        self._run(self._listen())

    @property
    def settings(self) -> dict[str, Any]:
        """What a relay needs to reach this server."""
        security = "none" if self._tls is None else "starttls" if self._starttls else "tls"
        return {
            "host": self.host, "port": self.port, "security": security, "timeout": 5,
            "from_address": "quality@plant.example", "from_name": "客诉 EightD",
        }  # fmt: skip

    @property
    def uids(self) -> list[str]:
        """The Message-IDs in the order in which the mails came."""
        return [one.uid for one in self.messages]

    @property
    def down(self) -> bool:
        return self._listener is None

    @down.setter
    def down(self, wanted: bool) -> None:
        if wanted and self._listener is not None:
            self._run(self._unlisten())
        elif not wanted and self._listener is None:
            self._run(self._listen())

    def close(self) -> None:
        self.down = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, what: Any) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._listener = await self._loop.create_server(
            lambda: _Connection(self), HOST, self.port, ssl=None if self._starttls else self._tls
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _unlisten(self) -> None:
        assert self._listener is not None
        self._listener.close()
        for one in tuple(self._open):
            one.drop()
        await asyncio.sleep(0.01)  # the connections notice
        self._listener = None


class _Connection(SMTP):
    """One connection, which the server can drop."""

    def __init__(self, server: SmtpServer) -> None:
        self._of = server
        super().__init__(
            _Handler(server, self),
            hostname="mail.test",
            ident="test",
            enable_SMTPUTF8=True,  # answers may be Chinese
            tls_context=server._tls if server._starttls else None,
            require_starttls=server._starttls,
            authenticator=self._known if server._users is not None else None,
            auth_require_tls=False,  # `handle_MAIL` insists on it; asked of aiosmtpd, that warns of plain text
            loop=server._loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._of._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._of._open.discard(self)
        super().connection_lost(error)

    def drop(self) -> None:
        if self.transport is not None:
            cast("asyncio.Transport", self.transport).abort()

    def _known(
        self, _server: object, _session: object, _envelope: object, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        known = (self._of._users or {}).get(data.login.decode())
        return AuthResult(success=known is not None and known == data.password.decode(), handled=False)


class _Handler:
    """Judges recipients and mails as the server was told to."""

    def __init__(self, server: SmtpServer, connection: _Connection) -> None:
        self._of, self._connection = server, connection

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._of._users is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: object, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self._of.recipients.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        server = self._of
        if server.refuse or server.defer:
            return server.refuse or server.defer
        if server.hang:
            await asyncio.sleep(60)
        if not server.cut:
            server.messages.append(
                Received(str(envelope.mail_from), tuple(envelope.rcpt_tos), cast("bytes", envelope.content))
            )
        if server.cut or server.lose:
            self._connection.drop()
        return "250 OK"


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A mail server without encryption; see `SmtpServer`."""
    server = SmtpServer()
    yield server
    server.close()


# ---------------------------------------------------------------- HTTP


@dataclass(frozen=True)
class Posted:
    """A request as the server got it."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Reply:
    """What the server answers."""

    body: bytes = b'{"errcode":0,"errmsg":"ok"}'
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


class HttpServer:
    """An HTTP server on a free port; `answer` judges each request, all are kept in `posted`."""

    def __init__(self, answer: Callable[[Posted], Reply], *, tls: ssl.SSLContext | None = None) -> None:
        self.posted: list[Posted] = []
        self.answer = answer
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                posted = Posted(
                    self.path, {name.lower(): value for name, value in self.headers.items()}, body
                )
                outer.posted.append(posted)
                reply = outer.answer(posted)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                with contextlib.suppress(OSError):  # whoever asked may have left
                    self.wfile.write(reply.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                pass

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://{HOST}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextlib.contextmanager
def closing_port() -> Iterator[int]:
    """A port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        yield taken.getsockname()[1]
