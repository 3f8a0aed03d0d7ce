"""`eightd serve`: the pages, over HTTP."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import signal
import sys

import click
import waitress

from eightd.cli._console import Console
from eightd.config import in_address
from eightd.usecases.worker import Worker


@click.command("serve", short_help="Serve the pages over HTTP.")
@click.option("--host", help="Address to listen on; EIGHTD_HOST otherwise.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; EIGHTD_PORT otherwise.")
@click.pass_obj
def command(console: Console, host: str | None, port: int | None) -> None:
    """Serve the pages over HTTP until interrupted, raise alarms and send mail.

    Brings the database to the newest version first. With EIGHTD_WORKER=no the alarms and mails are left to
    `eightd worker`.
    """
    share_memory_between_threads()  # before there are any
    settings = console.settings
    host, port = host or settings.host, port or settings.port
    app = console.app
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=settings.threads,
            ident="eightd",
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            # Waitress would drop the headers that the app's own proxy setting is about to judge.
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
        )
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # service supervisors stop it as Ctrl+C does
    quieten_garbage_collection()
    click.echo(f"EightD serves on http://{in_address(host)}:{port} (Ctrl+C stops it)")
    worker = Worker(console.services) if settings.worker else None
    if worker is not None:
        worker.start()
    try:
        server.run()
    finally:
        if worker is not None:
            worker.stop()


def share_memory_between_threads() -> None:
    """Let glibc's threads share two arenas of memory; elsewhere do nothing.

    By default each thread has one of its own and keeps what it once needed: measured, a fifth of the server.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


_M_ARENA_MAX = -8  # of glibc's malloc.h


def quieten_garbage_collection() -> None:
    """Leave what the start built out of later collections, and collect less often.

    A full collection walks every module, class and template: measured, it is the tail of the answer times.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
