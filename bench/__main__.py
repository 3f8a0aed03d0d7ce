"""`make bench`, or `python -m bench --help`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from flask import Flask

from bench import profile, tables
from bench.client import Ask
from bench.clock import deadlines_per_second
from bench.load import load
from bench.patterns import patterns
from bench.report import draw, draw_pictures
from bench.rules import classifications_per_second
from bench.serve import measure
from eightd import config
from eightd.app import create_app
from eightd.usecases.services import Services

OUT = Path(__file__).parent / "out"


def main() -> int:
    """Load, serve, measure, and write the tables below bench/out/."""
    arguments = _arguments()
    OUT.mkdir(exist_ok=True)
    if arguments.profile:
        instance = _instance(arguments.sizes[0])
        print(profile.where(_app(instance, arguments.database), Ask(arguments.profile)))
        return 0
    text = [tables.machine()]
    if not arguments.only:
        text.append(
            tables.in_process(
                {
                    (ledger, stopped): deadlines_per_second(ledger=ledger, stopped=stopped)
                    for ledger in (False, True)
                    for stopped in (False, True)
                },
                classifications_per_second(),
                draw(patterns(seed=8)),
                draw_pictures(patterns(seed=8)),
            )
        )
        print(text[-1], flush=True)
    for size in arguments.sizes:
        instance = _instance(size)
        environ = {"EIGHTD_DATABASE_URL": arguments.database} if arguments.database else {}
        if not (arguments.keep and (instance / "loaded").exists()):
            shutil.rmtree(instance, ignore_errors=True)
            loaded = load(_opened(instance, arguments.database), size)
            (instance / "loaded").touch()
            text.append(tables.loading(loaded))
            print(text[-1], flush=True)
        measured = measure(
            _opened(instance, arguments.database), instance, environ,
            requests=arguments.requests, seconds=arguments.seconds, only=arguments.only,
        )  # fmt: skip
        text.append(tables.served(size, measured))
        print(text[-1], flush=True)
    (OUT / f"{time.strftime('%Y%m%d-%H%M%S')}.md").write_text("\n".join(text), encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=lambda text: [int(one) for one in text.split(",")], default=[10_000, 100_000]
    )
    parser.add_argument("--database", default="", help="address of an empty PostgreSQL database; else SQLite")
    parser.add_argument(
        "--keep", action="store_true", help="use the store of an earlier run where there is one"
    )
    parser.add_argument(
        "--requests", type=int, default=300, help="requests per page and client count, at most"
    )
    parser.add_argument(
        "--seconds", type=float, default=20, help="seconds per page and client count, at most"
    )
    parser.add_argument("--only", default="", help="measure only pages whose name contains this")
    parser.add_argument("--profile", metavar="PATH", help="show what one page spends its time on, and end")
    return parser.parse_args()


def _instance(size: int) -> Path:
    return OUT / f"store-{size}"


def _app(instance: Path, database: str) -> Flask:
    environ = {"EIGHTD_INSTANCE": str(instance)}
    if database:
        environ["EIGHTD_DATABASE_URL"] = database
    return create_app(config.read(environ))


def _opened(instance: Path, database: str) -> Services:
    services: Services = _app(instance, database).extensions["eightd.services"]
    return services


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    sys.exit(main())
