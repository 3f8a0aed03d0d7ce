"""Measure the real server over HTTP: `eightd serve` in a process of its own, on the loopback address only."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bench.client import HOST, Ask, Asking, Browser, Times, alternate
from bench.world import FREQUENT, LOGIN, PASSWORD, RARE
from eightd.domain.complaint import DisciplineState
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.usecases.services import Services

FLOOR, FLOOR_WRITE = "/bench/floor", "/bench/floor-write"
_NEXT = re.compile(r'href="([^"]*[?&](?:amp;)?after=[^"]+)"')


@dataclass(frozen=True)
class Line:
    """One page at one number of clients, with the floor measured in turn with it; times in seconds."""

    page: str
    clients: int
    times: Times
    floor: Times
    client_seconds: float

    @property
    def ratio(self) -> float:
        """Return how many floor pages this page takes, by the medians."""
        return self.times.p50 / self.floor.p50


@dataclass
class Exported:
    """The log over HTTP, in seconds and bytes."""

    first_byte: float = float("nan")
    seconds: float = float("nan")
    processor: float = float("nan")
    size: int = 0
    failed: str = ""
    peak_mib: float = float("nan")


@dataclass
class Measured:
    """Everything measured of one server."""

    lines: list[Line] = field(default_factory=list)
    start_seconds: list[float] = field(default_factory=list)
    log: Exported = field(default_factory=Exported)
    begun_mib: float = float("nan")
    after_mib: float = float("nan")
    generator_ms: float = float("nan")


@dataclass(frozen=True)
class Names:
    """What the requests name, taken from the store."""

    numbers: Sequence[str]
    analysing: Sequence[str]
    issued: Sequence[tuple[str, int]]
    customers: Sequence[str]
    part_numbers: Sequence[str]
    phenomena: Sequence[str]


def names(services: Services) -> Names:
    """Pick complaints, parts and customers evenly over the store."""
    with services.uow.reading() as session:
        found = session.execute(
            sa.select(ComplaintRow.id, ComplaintRow.number, ComplaintRow.is_open).order_by(ComplaintRow.id)
        ).all()
        open_ones = [row.number for row in found if row.is_open]
        being_written = sa.select(ComplaintRow.number).join(
            DisciplineRow, DisciplineRow.complaint_id == ComplaintRow.id
        )
        analysing = session.execute(
            being_written.where(
                ComplaintRow.is_open, DisciplineRow.code == "D4", DisciplineRow.state != DisciplineState.OPEN
            ).limit(200)
        ).scalars()
        issued = session.execute(
            sa.select(ComplaintRow.number, RevisionRow.number)
            .join(RevisionRow, RevisionRow.complaint_id == ComplaintRow.id)
            .where(RevisionRow.kind == ReportKind.FINAL)
            .order_by(ComplaintRow.id.desc())
            .limit(60)
        ).all()
        return Names(
            numbers=[row.number for row in found[:: max(1, len(found) // 150)]]
            + open_ones[:: max(1, len(open_ones) // 150)],
            analysing=analysing.all(),
            issued=[(number, revision) for number, revision in issued],
            customers=session.execute(sa.select(CustomerRow.code).order_by(CustomerRow.id)).scalars().all(),
            part_numbers=session.execute(sa.select(PartRow.number).order_by(PartRow.id)).scalars().all(),
            phenomena=session.execute(
                sa.select(DefectLineRow.phenomenon).order_by(DefectLineRow.id).limit(200)
            ).scalars().all(),
        )  # fmt: skip


@contextlib.contextmanager
def server(
    instance: Path, environ: Mapping[str, str], *, module: str = "bench.server"
) -> Iterator[tuple[int, int, float]]:
    """Run the server; yield its port, its process id and the seconds until it answered."""
    port = _free_port()
    settings = {**os.environ, **environ, "EIGHTD_INSTANCE": str(instance), "PYTHONPATH": "."}
    settings["EIGHTD_LOG_LEVEL"] = "WARNING"
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, "serve", "--host", HOST, "--port", str(port)],
        env=settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield port, process.pid, time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def measure(
    services: Services,
    instance: Path,
    environ: Mapping[str, str],
    *,
    requests: int,
    seconds: float,
    only: str = "",
) -> Measured:
    """Measure every page at one and at eight clients, then the log, and what memory the server holds at the end."""
    measured, known = Measured(), names(services)
    services.uow.engine.dispose()
    for _ in range(3):
        with server(instance, environ, module="eightd") as (_, _, started):
            measured.start_seconds.append(started)
    with server(instance, environ) as (port, pid, _):
        signed_in = _signed_in(port)
        browsers = [signed_in, *(Browser(port, signed_in.cookie) for _ in range(7))]
        measured.begun_mib = resident(pid)
        measured.generator_ms = 1000 * _generator_cost(browsers[0])
        for page, asking in pages(browsers[0], known):
            if only not in page:
                continue
            for clients in (1, 8):
                some = browsers[:clients]
                measured.lines.append(_line(page, some, asking, pid, requests=requests, seconds=seconds))
        if only in "log":
            measured.log = _log(browsers[0], pid)
        measured.after_mib = resident(pid)
    return measured


def pages(browser: Browser, known: Names) -> Iterator[tuple[str, Asking]]:
    """Yield each page's name and its requests."""

    def get(*paths: str) -> Asking:
        return lambda number: Ask(paths[number % len(paths)])

    yield "frame (own account)", get("/account/")
    yield "board, everybody's", get("/?whose=all")
    yield "board, mine", get("/?whose=mine")
    yield "board, one customer", get(*(f"/?whose=all&customer={code}" for code in known.customers))
    second = _second_page(browser)
    if second:
        yield "board, second page", get(second)
    yield "complaint", get(*(f"/complaints/{number}" for number in known.numbers))
    yield "discipline", get(*(f"/complaints/{number}/D4" for number in known.analysing))
    for name, text in (
        ("rare Chinese", RARE), ("frequent Chinese", FREQUENT), ("Latin prefix", "RT-11"), ("number", "DN-26"),
    ):  # fmt: skip
        yield f"search, {name}", get(f"/?extent=all&whose=all&q={_quoted(text)}")
    hidden = _register_form(browser)
    if hidden is not None:
        yield "register", _registrations(known, hidden)
    yield "floor: one durable INSERT", get(FLOOR_WRITE)
    reports = [
        f"/complaints/{number}/reports/{revision}/both-internal.pdf" for number, revision in known.issued
    ]
    yield "report PDF, kept", get(*reports[:1])


def _registrations(known: Names, hidden: Mapping[str, str]) -> Asking:
    stamp = time.time_ns()
    received = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(hours=1)

    numbers = itertools.count()

    def asking(_: int) -> Ask:
        number = next(numbers)
        fields = {
            **hidden,
            "idempotency_key": f"bench-{stamp}-{number}",
            "customer_code": known.customers[number % len(known.customers)],
            "part_number": known.part_numbers[number % len(known.part_numbers)],
            "customer_number": f"BENCH-{stamp % 10**9}-{number}",
            "double_ok": "y",
            "received_at": f"{received:%Y-%m-%dT%H:%M}",
            "kind": "line",
            "channel": "email",
            "description": "客户产线首检发现, 请立即确认在途及库存状态。",
            "quantity_delivered": "5000",
            "quantity_inspected": "600",
            "defects-0-kind": "functional",
            "defects-0-phenomenon": known.phenomena[number % len(known.phenomena)],
            "defects-0-quantity": "7",
            "defects-0-inspected": "600",
        }
        return Ask("/complaints/new", list(fields.items()), expect=303)

    return asking


def _register_form(browser: Browser) -> dict[str, str] | None:
    """Return the hidden fields and the preset values that the page has, None where it is not there."""
    try:
        return browser.form("/complaints/new")
    except RuntimeError:
        return None


def _second_page(browser: Browser) -> str:
    _, body = browser.send(Ask("/?whose=all"))
    found = _NEXT.search(body.decode())
    return found[1].replace("&amp;", "&") if found else ""


def _line(
    page: str, browsers: Sequence[Browser], asking: Asking, pid: int, *, requests: int, seconds: float
) -> Line:
    for number in range(10):
        browsers[0].send(asking(number + 10**6))
    before = time.process_time()
    below, above = alternate(
        browsers,
        lambda _: Ask(FLOOR),
        asking,
        requests=requests if len(browsers) == 1 else 2 * requests,
        seconds=seconds,
        processor=lambda: processor_seconds(pid),
    )
    return Line(page, len(browsers), above, below, time.process_time() - before)


def _log(browser: Browser, pid: int) -> Exported:
    """Fetch the whole log and throw it away as it comes."""
    exported = Exported()
    try:
        fields = {**browser.form("/log/"), "extent": "all", "whose": "all", "language": "en"}
    except RuntimeError as missing:
        exported.failed = str(missing)
        return exported
    _reset_peak(pid)
    spent = processor_seconds(pid)
    begun = time.perf_counter()
    answer = browser.begin(Ask("/log/export", list(fields.items())))
    if answer.status != 200:
        answer.read()
        exported.failed = str(answer.status)
        return exported
    first = answer.read1(1)
    exported.first_byte = time.perf_counter() - begun
    exported.size = len(first)
    while piece := answer.read1(2**16):
        exported.size += len(piece)
    exported.seconds = time.perf_counter() - begun
    exported.processor = processor_seconds(pid) - spent
    exported.peak_mib = _status(pid, "VmHWM")
    return exported


def _generator_cost(browser: Browser) -> float:
    """Return the seconds of this process's own time that one request costs it."""
    times = Times()
    before = time.process_time()
    for _ in range(200):
        browser.timed(Ask(FLOOR), times)
    return (time.process_time() - before) / 200


def resident(pid: int) -> float:
    """Return the MiB a process holds in memory."""
    return _status(pid, "VmRSS")


def processor_seconds(pid: int) -> float:
    """Return the processor time that all threads of a process have taken."""
    return sum(int(one.read_text().split()[0]) for one in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def _status(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return float("nan")


def _reset_peak(pid: int) -> None:
    with contextlib.suppress(OSError):  # the peak is then that of the whole run
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _signed_in(port: int) -> Browser:
    browser = Browser(port)
    browser.sign_in(LOGIN, PASSWORD)
    return browser


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while True:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the server did not start (exit code {process.returncode})")
        try:
            with socket.create_connection((HOST, port), timeout=1):
                break
        except OSError:
            time.sleep(0.005)
    Browser(port).send(Ask("/login"))
