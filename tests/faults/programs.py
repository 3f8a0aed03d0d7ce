"""The program in a process of its own that is killed without warning, again and again.

`eightd serve` and `eightd worker` begin as copies of a process that has imported everything and done nothing, so
that a start takes as long as the program's own beginning and not as long as Python's imports: thousands of kills
are affordable. What runs is the command itself.
"""

from __future__ import annotations

import contextlib
import http.client
import mmap
import multiprocessing
import os
import resource
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from eightd import app
from eightd.__main__ import main
from eightd.usecases.alarms.sweep import sweep
from eightd.usecases.mail_in.read import read_mailboxes
from eightd.usecases.outbox.carry_out import carry_out
from eightd.usecases.worker import Worker

HOST = "127.0.0.1"
PATIENCE = 120.0
"""Seconds after which something has gone wrong, however slow the machine."""

_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(
    [__name__, "eightd.cli.serve", "eightd.cli.worker", "eightd.cli.main", "psycopg"]
)


class SharedClock:
    """A clock that stands still until it is told, the same for every process that opens its file."""

    def __init__(self, path: Path, now: datetime | None = None) -> None:
        """Open the file, and make it where an instant is given."""
        if now is not None:
            path.write_bytes(struct.pack("d", now.timestamp()))
        self.path = path
        with path.open("r+b") as file:
            self._kept = mmap.mmap(file.fileno(), 8)

    def __call__(self) -> datetime:
        """Return what time it is, to the second, in UTC."""
        (seconds,) = struct.unpack("d", self._kept[:8])
        return datetime.fromtimestamp(seconds, UTC)

    def set(self, now: datetime) -> None:
        """Let it be that instant everywhere."""
        self._kept[:8] = struct.pack("d", now.timestamp())


def _begin(environ: Mapping[str, str], log: Path, starter: int) -> None:
    """Take an environment of one's own, write what is said to a file, and end with whoever started it."""

    def watch() -> None:
        with contextlib.suppress(OSError):
            while True:
                os.kill(starter, 0)
                time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    for name in [name for name in os.environ if name.startswith("EIGHTD_")]:
        del os.environ[name]
    os.environ.update(environ)
    with log.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)


def _read_mail(environ: Mapping[str, str], log: Path, starter: int) -> None:
    """Read mailboxes without end."""
    _begin(environ, log, starter)
    services = app.create_app().extensions["eightd.services"]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        read_mailboxes(services)


@contextlib.contextmanager
def mail_reader(environ: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Read mailboxes without end in a process of its own, which is killed at the end of the block."""
    log = folder / "reader.log"
    log.unlink(missing_ok=True)
    process = _fork.Process(target=_read_mail, args=(dict(environ), log, os.getpid()), daemon=True)
    process.start()
    until = time.monotonic() + PATIENCE
    while not (log.exists() and "ready" in log.read_text(encoding="utf-8", errors="replace")):
        assert process.is_alive()
        assert time.monotonic() < until
        time.sleep(0.005)
    yield
    process.kill()
    process.join(PATIENCE)
    process.close()


def _command(
    arguments: list[str], environ: Mapping[str, str], log: Path, starter: int, clock: Path | None
) -> None:
    """Be the command line."""
    _begin(environ, log, starter)
    if clock is not None:
        app.now = SharedClock(clock)
        defaults = Worker.__init__.__kwdefaults__
        assert defaults is not None
        defaults["pace"] = 0.01  # every 0.2 seconds what is due every 20
    sys.argv = ["eightd", *arguments]
    main()


def _at_once(environ: Mapping[str, str], folder: Path, clock: Path, place: int) -> None:
    """Wait at the gate, then sweep and carry out the outbox as long as there is anything to do; say how much it was."""
    os.environ.update(environ)
    services = app.create_app(clock=SharedClock(clock)).extensions["eightd.services"]
    (folder / f"ready-{place}").touch()
    while not (folder / "open").exists():
        time.sleep(0.001)
    raised = sent = 0
    for _ in range(4):
        raised += sweep(services).raised
        sent += carry_out(services)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in KiB on Linux
    (folder / f"done-{place}").write_text(f"{raised} {sent} {peak}", encoding="ascii")


@dataclass(frozen=True)
class Share:
    """What one of several processes did: alarms raised, mails sent, and its largest memory in MiB."""

    raised: int
    sent: int
    peak: float


def at_once(environ: Mapping[str, str], folder: Path, clock: SharedClock, count: int) -> list[Share]:
    """Sweep and send in so many processes at the same moment, and return what each of them did."""
    folder.mkdir()
    processes = [
        _fork.Process(target=_at_once, args=(dict(environ), folder, clock.path, place), daemon=True)
        for place in range(count)
    ]
    for process in processes:
        process.start()
    while not all((folder / f"ready-{place}").exists() for place in range(count)):
        assert all(process.is_alive() for process in processes)
        time.sleep(0.005)
    (folder / "open").touch()
    for process in processes:
        process.join()
        assert process.exitcode == 0
        process.close()
    said = [(folder / f"done-{place}").read_text(encoding="ascii").split() for place in range(count)]
    return [Share(int(raised), int(sent), int(peak) / 1024) for raised, sent, peak in said]


class Program:
    """One command, started and killed as often as wanted."""

    def __init__(
        self, environ: Mapping[str, str], folder: Path, *arguments: str, clock: SharedClock | None = None
    ) -> None:
        """Say which command in which environment; nothing is started yet."""
        self.log = folder / f"{arguments[0]}.log"
        self._arguments = arguments
        self._environ = dict(environ)
        self._clock = clock
        self._process: BaseProcess | None = None

    def start(self) -> None:
        """Start it, without waiting for anything."""
        assert self._process is None
        clock = None if self._clock is None else self._clock.path
        self._process = _fork.Process(
            target=_command,
            args=(list(self._arguments), self._environ, self.log, os.getpid(), clock),
            daemon=True,
        )
        self._process.start()

    def start_unless_running(self) -> None:
        """Start it where it was killed."""
        if self._process is None:
            self.start()

    @property
    def has_ended(self) -> bool:
        """Return whether it has ended by itself."""
        return self._process is not None and not self._process.is_alive()

    def kill(self) -> None:
        """Kill it as `kill -9` does: nothing in it gets another turn."""
        if self._process is not None:
            self._process.kill()
            self._process.join(PATIENCE)
            self._process.close()
            self._process = None

    def stop(self) -> None:
        """Ask it to end, as a service supervisor does, and wait until it has."""
        if self._process is not None:
            self._process.terminate()
            self._process.join(PATIENCE)
            assert self._process.exitcode == 0, self.said()
            self._process.close()
            self._process = None

    def said(self) -> str:
        """Return what it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


class Server(Program):
    """`eightd serve` on a port of its own, the same after each start."""

    def __init__(self, environ: Mapping[str, str], folder: Path, *, clock: SharedClock | None = None) -> None:
        """Find a port."""
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        super().__init__({**environ, "EIGHTD_PORT": str(self.port)}, folder, "serve", clock=clock)

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + PATIENCE
        while True:
            with (
                contextlib.suppress(OSError, http.client.HTTPException),
                contextlib.closing(http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)) as link,
            ):
                link.request("GET", "/login")
                with link.getresponse() as answer:
                    answer.read()
                if answer.status < 500:
                    return
            assert not self.has_ended, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.01)
