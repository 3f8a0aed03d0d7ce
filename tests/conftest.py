"""What tests may ask for: a store on each database, settings, a clock that stands still, Chromium.

What a machine lacks is named: as the reason of a skip on a desk, as a failure where CI=true.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import psycopg
import pytest
from flask import Flask

from eightd import resources
from eightd.app import create_app, services_of
from eightd.config import Settings
from eightd.persistence.engine import make_engine
from eightd.persistence.schema import upgrade
from eightd.usecases.services import Services
from tests import factories, routes_once, warm, watching

pytest_plugins = ("tests.notifications.servers",)  # smtp_server

_PG_USER = "postgres"  # the account Debian's server package makes; the server refuses to run as root


def lacking(what: str) -> NoReturn:
    """Skip the test on a desk; in CI the skip fails, see below."""
    pytest.skip(what)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail in CI what would be skipped, whoever skips it: nothing is left out unnoticed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI", "").lower() == "true":
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{why} (CI leaves nothing out)"
    return report


# ---------------------------------------------------------------- where tests write


def _quick_folder() -> str:
    """Return a folder in memory where there is one with room, for stores that sync at every commit."""
    memory = Path("/dev/shm")
    if not (memory.is_dir() and os.access(memory, os.W_OK)):
        return tempfile.gettempdir()
    return str(memory) if shutil.disk_usage(memory).free > 2 * 2**30 else tempfile.gettempdir()


def pytest_configure() -> None:
    """Keep `tmp_path` in memory too; the environment's own choice wins."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _quick_folder())


routes_once.install()

# A slow moment of the machine is no fault of an example; CI tries the same examples every time.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=os.environ.get("CI", "").lower() == "true",
)
hypothesis.settings.load_profile("house")


# ---------------------------------------------------------------- time


class StandingClock:
    """A clock that moves only when told; call it for the instant, as `create_app(clock=…)` does."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        """Go to an ISO instant with an offset."""
        self.now = datetime.fromisoformat(text).astimezone(UTC)

    def advance(self, **length: float) -> None:
        """Go on by days, hours, minutes … as `timedelta` takes them."""
        self.now += timedelta(**length)


@pytest.fixture
def clock() -> StandingClock:
    """A Thursday afternoon in Shanghai: 2026-03-12 16:40 there, 08:40 UTC."""
    return StandingClock(datetime(2026, 3, 12, 8, 40, tzinfo=UTC))


# ---------------------------------------------------------------- PostgreSQL


@dataclass(frozen=True)
class PostgresServer:
    """A throw-away server of this test process, on a unix socket only."""

    socket: Path

    def url(self, database: str) -> str:
        """Return the address of a database, as `EIGHTD_DATABASE_URL` takes it."""
        return f"postgresql+psycopg://{_PG_USER}@/{database}?host={self.socket}"

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        with psycopg.connect(
            host=str(self.socket), user=_PG_USER, dbname="postgres", autocommit=True
        ) as link:
            link.execute(statement.encode())


def postgres_binaries() -> Path | None:
    """Return the folder of the newest server's programs, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda found: int(found.parts[4]))
    on_path = shutil.which("postgres")
    if debian:
        return debian[-1].parent
    return Path(on_path).resolve().parent if on_path else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """An empty PostgreSQL server, started when a test first asks; each xdist worker has its own."""
    binaries = postgres_binaries()
    if binaries is None:
        lacking("no PostgreSQL server here: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="eightd-pg-", dir=_quick_folder()))  # a socket's path must be short
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    who: dict[str, Any] = {"user": _PG_USER, "group": _PG_USER, "extra_groups": []} if as_root else {}
    if as_root:
        shutil.chown(folder, _PG_USER, _PG_USER)
    data, log = folder / "data", folder / "log"
    try:
        made = subprocess.run(
            [str(binaries / "initdb"), "-D", str(data), "-U", _PG_USER, "-A", "trust", "-E", "UTF8",
             "--no-locale", "-N"],
            capture_output=True, text=True, cwd="/", check=False, **who,
        )  # fmt: skip
        if made.returncode:
            pytest.fail(f"initdb failed: {made.stderr}", pytrace=False)
        quick = {"listen_addresses": "", "unix_socket_directories": folder, "fsync": "off",
                 "full_page_writes": "off", "synchronous_commit": "off", "max_connections": 60,
                 "shared_buffers": "64MB", "autovacuum": "off"}  # fmt: skip
        options = itertools.chain.from_iterable(("-c", f"{name}={value}") for name, value in quick.items())
        with log.open("wb") as output:
            server = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(data), *options],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/", **who,
            )  # fmt: skip
        try:
            found = PostgresServer(folder)
            _wait_for(found, server, log)
            yield found
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth a checkpoint
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(found: PostgresServer, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            return found.run("SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')}", pytrace=False)
            time.sleep(0.05)


_numbers = itertools.count(1)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test alone."""
    name = f"test_{next(_numbers)}"
    postgres_server.run(f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgres_server.url(name)
    postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an empty SQLite database of this test alone."""
    return f"sqlite:///{(tmp_path / 'store.sqlite').as_posix()}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> str:
    """The address of an empty database; the test runs once on each kind of store."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    address: str = request.getfixturevalue(fixture)
    return address


# ---------------------------------------------------------------- stores at the newest version


def _upgraded(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine, resources.migrations())
    engine.dispose()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "ready.sqlite"
    _upgraded(f"sqlite:///{path.as_posix()}")
    return path


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: PostgresServer) -> str:
    postgres_server.run("CREATE DATABASE ready TEMPLATE template0")
    _upgraded(postgres_server.url("ready"))
    return "ready"


@pytest.fixture
def ready_sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """The address of a SQLite database of this test alone, at the newest version, without rows."""
    path = tmp_path / "ready.sqlite"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path.as_posix()}"


@pytest.fixture
def ready_postgres_url(postgres_server: PostgresServer, _postgres_template: str) -> Iterator[str]:
    """The same on PostgreSQL."""
    name = f"ready_{next(_numbers)}"
    postgres_server.run(f"CREATE DATABASE {name} TEMPLATE {_postgres_template}")
    yield postgres_server.url(name)
    postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def ready_store(request: pytest.FixtureRequest) -> str:
    """The address of a database at the newest version; the test runs once on each kind of store."""
    fixture = "ready_sqlite_url" if request.param == "sqlite" else "ready_postgres_url"
    address: str = request.getfixturevalue(fixture)
    return address


# ---------------------------------------------------------------- settings and application


def make_settings(folder: Path, database_url: str, **others: object) -> Settings:
    """Return settings for a test: an instance in `folder`, nothing read from this machine."""
    instance = folder / "instance"
    instance.mkdir(exist_ok=True)
    values: dict[str, object] = {
        "instance": instance,
        "database_url": database_url,
        "secret_key": "a key for tests, long enough to be taken",
        "base_url": "http://127.0.0.1:8000",
        "cookie_secure": False,
        "log_level": "WARNING",
        "password_memory_kib": 8,  # below what an installation may choose: tests hash often
    }
    return Settings(**{**values, **others})  # type: ignore[arg-type]


@pytest.fixture
def settings(tmp_path: Path, ready_sqlite_url: str) -> Settings:
    """Settings with an instance folder and a SQLite database of this test alone."""
    return make_settings(tmp_path, ready_sqlite_url)


@pytest.fixture
def store_settings(tmp_path: Path, ready_store: str) -> Settings:
    """The same on each kind of store."""
    return make_settings(tmp_path, ready_store)


def _services(settings: Settings, clock: StandingClock) -> Iterator[Services]:
    opened = services_of(settings, clock)
    yield opened
    opened.uow.engine.dispose()


@pytest.fixture
def services(settings: Settings, clock: StandingClock) -> Iterator[Services]:
    """What the doors call, on SQLite, with the standing clock."""
    yield from _services(settings, clock)


@pytest.fixture
def store_services(store_settings: Settings, clock: StandingClock) -> Iterator[Services]:
    """The same on each kind of store."""
    yield from _services(store_settings, clock)


def _app(settings: Settings, services: Services, clock: StandingClock) -> Flask:
    made = create_app(settings, clock=clock, services=services)
    made.testing = True
    made.test_client_class = watching.Client  # every page that any test loads is looked at
    return made


@pytest.fixture
def app(settings: Settings, services: Services, clock: StandingClock) -> Flask:
    """The application on SQLite, with the standing clock."""
    return _app(settings, services, clock)


@pytest.fixture
def store_app(store_settings: Settings, store_services: Services, clock: StandingClock) -> Flask:
    """The same on each kind of store."""
    return _app(store_settings, store_services, clock)


# ---------------------------------------------------------------- people


@pytest.fixture
def world(services: Services) -> factories.World:
    """A plant with somebody in every role, a foreign plant and a foreign customer; see `tests/factories.py`."""
    return factories.world(services)


@pytest.fixture
def store_world(store_services: Services) -> factories.World:
    """The same on each kind of store."""
    return factories.world(store_services)


@pytest.fixture
def client_for(app: Flask, world: factories.World) -> Callable[[str | None], factories.Browser]:
    """Return a browser signed in as the person of that login; None for nobody."""

    def browser(login: str | None) -> factories.Browser:
        return factories.Browser(app, None if login is None else world.users[login])

    return browser


# ---------------------------------------------------------------- programs


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's program; start it through Playwright's `executable_path`."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    lacking("no Chromium here: apt-get install chromium")


@pytest.fixture(scope="session")
def chromium_flags() -> list[str]:
    """What a browser under test is started with: no sandbox for root, no calls to the outside."""
    return [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    ]  # fmt: skip


@pytest.fixture(scope="session")
def program() -> Callable[..., str]:
    """Return the path of a program that must be here, or name what to install."""

    def find(name: str, package: str) -> str:
        found = shutil.which(name)
        if found is None:
            lacking(f"no {name} here: apt-get install {package}")
        return found

    return find


@pytest.fixture
def eightd(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `python -m eightd …` in an instance of this test alone; `given` goes to standard input."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EIGHTD_")}

    def run(*arguments: str, given: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        return warm.run(
            arguments, given=given, folder=Path(__file__).parent.parent,
            variables={**inherited, "EIGHTD_INSTANCE": str(tmp_path / "instance"), "PYTHONUTF8": "1", **variables},
        )  # fmt: skip

    return run
