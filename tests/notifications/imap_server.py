"""A real IMAP server of the tests' own, and one in front of it that is as particular as NetEase's."""

from __future__ import annotations

import asyncio
import imaplib
import socket
import ssl
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trustme
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer, IMAPService

from eightd.notifications.mail_in.mailbox import Access, Security

USER, PASSWORD = "quality@plant.example", "of the mailbox alone"
ARRIVED = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)


@dataclass
class ImapServer:
    """A server that runs; mails are put into it as a mail server would."""

    port: int
    security: Security = Security.NONE
    ca_file: str = ""

    def access(self, **others: object) -> Access:
        """Return how its one mailbox is reached."""
        values = {"host": "localhost", "port": self.port, "security": self.security, "username": USER,
                  "password": PASSWORD, "ca_file": self.ca_file, "timeout": 60.0, **others}  # fmt: skip
        return Access(**values)  # type: ignore[arg-type]

    @contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """Open the mailbox as another client."""
        trusted = ssl.create_default_context(cafile=self.ca_file or None)
        if self.security is Security.TLS:
            link: imaplib.IMAP4 = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trusted, timeout=60)
        else:
            link = imaplib.IMAP4("localhost", self.port, timeout=60)
        if self.security is Security.STARTTLS:
            link.starttls(trusted)
        with link:
            link.login(USER, PASSWORD)
            link.select(folder)
            yield link

    def put(self, *mails: bytes, folder: str = "INBOX", at: datetime = ARRIVED) -> None:
        """Deliver mails."""
        with self.client() as link:
            for raw in mails:
                answer, told = link.append(folder, "", imaplib.Time2Internaldate(at), raw)
                assert answer == "OK", told

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """Return the flags of each mail, as the server tells them."""
        with self.client(folder) as link:
            _, lines = link.fetch("1:*", "(FLAGS)")
        return [line for line in lines if isinstance(line, bytes)]

    def make_anew(self, folder: str) -> None:
        """Remove a folder and make one of the same name: its numbers begin again."""
        with self.client() as link:
            link.delete(folder)
            answer, told = link.create(folder)
            assert answer == "OK", told


@contextmanager
def imap_server(security: Security = Security.NONE, folder: Path | None = None) -> Iterator[ImapServer]:
    """Run a server in a thread of its own; with TLS it needs a folder for its certificate."""
    authority, files = trustme.CA(), ("", "")
    if folder is not None:
        own = authority.issue_cert("localhost")
        files = str(folder / "chain.pem"), str(folder / "key.pem")
        own.private_key_pem.write_to_path(files[1])
        for at, blob in enumerate(own.cert_chain_pems):
            blob.write_to_path(files[0], append=at > 0)
        authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    port: list[int] = []
    began, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

    async def run() -> None:
        parser = ArgumentParser()
        IMAPService.add_arguments(parser)
        DictBackend.add_subparser("dict", parser.add_subparsers())
        options = [] if security is Security.STARTTLS else ["--no-tls"]
        if files[0]:
            options += ["--cert", files[0], "--key", files[1]]
        args = parser.parse_args([*options, "dict", "--demo-user", USER, "--demo-password", PASSWORD])
        args.debug, args.passlib_cfg = False, None
        backend, config = await DictBackend.init(args, invalid_user_sleep=0)
        config.apply_context()
        serve = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
        context = config.ssl_context if security is Security.TLS else None
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        port.append(server.sockets[0].getsockname()[1])
        began.set()
        await stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert began.wait(20), "the IMAP server did not start"
    try:
        yield ImapServer(port[0], security, str(folder / "authority.pem") if folder else "")
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


Answer = Callable[[bytes], bytes | None]


@contextmanager
def in_front_of(server: ImapServer, refuse: Answer) -> Iterator[tuple[ImapServer, list[bytes]]]:
    """Stand before the server, write down each line of the client, and answer some of them in its place."""
    seen: list[bytes] = []
    door = socket.create_server(("127.0.0.1", 0))
    door.settimeout(0.2)
    stop = threading.Event()
    attending: list[threading.Thread] = []

    def carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65_536):
                target.sendall(part)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def attend(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", server.port)) as inner:
            back = threading.Thread(target=carry, args=(inner, client), daemon=True)
            back.start()
            with suppress(OSError), client.makefile("rb") as lines:
                for line in lines:
                    seen.append(line.strip())
                    own = refuse(line)
                    if own is None:
                        inner.sendall(line)
                    else:
                        client.sendall(own)
            with suppress(OSError):
                inner.shutdown(socket.SHUT_RDWR)
            back.join(5)

    def accept() -> None:
        while not stop.is_set():
            with suppress(TimeoutError, OSError):
                client, _ = door.accept()
                attending.append(threading.Thread(target=attend, args=(client,), daemon=True))
                attending[-1].start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield ImapServer(door.getsockname()[1], Security.NONE), seen
    finally:
        stop.set()
        for one in (thread, *attending):
            one.join(5)
        door.close()
