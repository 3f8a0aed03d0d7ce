"""`eightd serve` answers over HTTP, says where, and stops when told."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serving(tmp_path):
    started = []

    def start(**variables):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EIGHTD_")}
        own = {"EIGHTD_INSTANCE": str(tmp_path / "instance"), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
        # What a plain shell begins in the background does not hear Ctrl+C, and hands that down.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            server = subprocess.Popen(
                [sys.executable, "-m", "eightd", "serve"],
                cwd=ROOT, env={**inherited, **own, **variables}, text=True, encoding="utf-8",
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
        finally:
            signal.signal(signal.SIGINT, before)
        started.append(server)
        return server

    yield start
    for server in started:
        if server.poll() is None:
            server.kill()
        server.communicate()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_serves_answers_and_stops(serving, told):
    port = free_port()
    server = serving(EIGHTD_PORT=str(port))
    said = server.stdout.readline()
    assert f"http://127.0.0.1:{port}" in said, server.stderr.read()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        with error:
            status = error.code
    assert status < 500
    server.send_signal(told)
    assert server.wait(timeout=20) == 0


def test_a_port_in_use_is_one_line_and_code_1(serving):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = serving(EIGHTD_PORT=str(taken.getsockname()[1]))
        out, err = server.communicate(timeout=30)
    assert server.returncode == 1
    assert out == ""
    assert err.startswith("eightd: cannot listen on 127.0.0.1:")
    assert err.count("\n") == 1
