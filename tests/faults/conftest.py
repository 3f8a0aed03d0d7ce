"""What is done to the program on purpose: how much of it, and the mark that says so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notifications.servers import SmtpServer, smtp_server

if sys.platform == "win32":  # neither `kill -9` nor processes that begin as forks
    collect_ignore_glob = ["test_*"]
else:
    from tests.faults.post import Post

__all__ = ["smtp_server"]

SHORT = 36
"""Kills in a run of the whole suite, over all tests that kill."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run last: `make soak` names how many kills in all, and everything else is done at full length."""
    parser.addoption(
        "--soak", type=int, default=0, metavar="KILLS", help="kill so often in all, at full length"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def soaking(request: pytest.FixtureRequest) -> int:
    """How many kills a long run wants in all, 0 in a short one."""
    return int(request.config.getoption("--soak", default=0))


@pytest.fixture(scope="session")
def kills(soaking: int) -> int:
    """How often each of the six tests that kill is to do so: server, worker and reader of mail, on each store."""
    return -(-(soaking or SHORT) // 6)


@pytest.fixture
def post(tmp_path: Path, ready_store: str, smtp_server: SmtpServer) -> Iterator[Post]:
    """An installation whose alarms leave by mail, on each kind of store."""
    made = Post(tmp_path, ready_store, smtp_server)
    yield made
    made.close()
