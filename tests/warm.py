"""The program kept warm: started once, forked for every command, so that a test of the command line pays no start.

What a forked command sees is what a new process sees: its own environment, folder, standard streams and exit code.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from eightd.__main__ import main

_PRELOADED = (
    "eightd.app",
    "eightd.cli.serve",
    "eightd.cli.load",
    "eightd.cli.log",
    "eightd.cli.report",
    __name__,
)


def run(
    arguments: Sequence[str],
    *,
    given: str | None,
    folder: Path,
    variables: Mapping[str, str],
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run ``eightd`` with these arguments; ``given`` goes to standard input."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    with tempfile.TemporaryDirectory() as streams:
        paths = [Path(streams, name) for name in ("in", "out", "err")]
        paths[0].write_text(given or "", "utf-8")
        process = context.Process(
            target=_as_a_command, args=(list(arguments), list(map(str, paths)), str(folder), dict(variables))
        )
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), timeout)
        out, err = (path.read_text("utf-8") for path in paths[1:])
    return subprocess.CompletedProcess(list(arguments), process.exitcode, out, err)


def _as_a_command(arguments: list[str], streams: list[str], folder: str, variables: dict[str, str]) -> None:
    """Become the command: in the child, nothing of the test's process is left but what was imported."""
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    for number, path in enumerate(streams):
        handle = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["eightd", *arguments]
    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
