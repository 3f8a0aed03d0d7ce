"""What was measured, as Markdown."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from collections.abc import Mapping

from bench.load import Loaded
from bench.report import Drawn, Illustrated
from bench.serve import Line, Measured


def machine() -> str:
    """Return what it ran on, without names."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, load before the run {load:.1f}\n"
    )


def in_process(
    deadlines: Mapping[tuple[bool, bool], float], classified: float, drawn: Drawn, illustrated: Illustrated
) -> str:
    """Return what needs no server."""
    rows = [
        f"| deadlines {'with ledger' if ledger else 'without ledger'}, {'one stop' if stopped else 'no stop'} "
        f"| {rate:,.0f} per second |"
        for (ledger, stopped), rate in deadlines.items()
    ]
    rows.append(f"| classifications with every reason | {classified:,.0f} per second |")
    rows.append(
        f"| report PDF, {drawn.pages} pages, {drawn.size / 1024:.0f} KiB | first {1000 * drawn.first:.0f} ms, "
        f"then {1000 * drawn.later:.0f} ms |"
    )
    rows.append(
        f"| report PDF with {illustrated.pictures} photographs, {illustrated.pages} pages, "
        f"{illustrated.size / 1024**2:.1f} MiB | {illustrated.seconds:.1f} s, {illustrated.memory / 1024**2:.0f} MiB |"
    )
    return "\n".join(("## In process\n", "| what | how fast |", "| --- | --- |", *rows, ""))


def loading(loaded: Loaded) -> str:
    """Return what loading took."""
    rows = ", ".join(
        f"{count:,} {name}" for name, count in sorted(loaded.rows.items(), key=lambda one: -one[1])
    )
    return (
        f"## {loaded.complaints:,} complaints\n\n{loaded.is_open:,} of them open; loaded in "
        f"{loaded.seconds:.0f} s: {rows}.\n"
    )


def served(size: int, measured: Measured) -> str:
    """Return the server's table."""
    log = measured.log
    lines = [
        f"## Served at {size:,} complaints\n",
        "| page | clients | floor p50 ms | p50 ms | × floor | p99 ms | p99 / p50 | CPU ms | × floor | KiB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *map(_row, measured.lines),
        "",
        "CPU: the server's processor time per answer, which neighbours on the machine disturb least.",
        "",
        f"- start to the first answer: {statistics.median(measured.start_seconds or [float('nan')]):.2f} s",
        f"- log of everything: {log.failed} {log.seconds:.1f} s ({log.processor:.1f} s of processor), first byte "
        f"after {log.first_byte:.2f} s, {log.size / 2**20:.1f} MiB, server's peak {log.peak_mib:.0f} MiB",
        f"- server in memory: {measured.begun_mib:.0f} MiB at first, {measured.after_mib:.0f} MiB after all",
        f"- the measuring process itself spends {measured.generator_ms:.2f} ms of processor time per request",
        "",
    ]
    return "\n".join(lines)


def _row(line: Line) -> str:
    if line.times.failed or not line.times.seconds:
        return f"| {line.page} | {line.clients} | | {line.times.failed or 'nothing'} | | | | | | |"
    times = line.times
    return (
        f"| {line.page} | {line.clients} | {1000 * line.floor.p50:.1f} | {1000 * times.p50:.1f} | "
        f"{line.ratio:.1f} | {1000 * times.p99:.1f} | {times.p99 / times.p50:.1f} | "
        f"{1000 * times.each:.1f} | {times.each / line.floor.each:.1f} | {times.size / 1024:.0f} |"
    )
