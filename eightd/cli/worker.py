"""`eightd worker`: alarms, mail and calendars without the pages, beside servers that do not do it themselves."""

from __future__ import annotations

import signal
import threading

import click

from eightd.cli._console import Console
from eightd.usecases.worker import Worker


@click.command("worker", short_help="Raise alarms, send and read mail, without serving pages.")
@click.pass_obj
def command(console: Console) -> None:
    """Raise alarms, send what waits in the outbox and read mailboxes, until interrupted.

    For installations whose pages are served by gunicorn or by several machines; `eightd serve` does the
    same by itself. Any number of workers may run: each thing is done once.
    """
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    worker = Worker(console.services)
    worker.start()
    click.echo("EightD works: alarms, outbox, mailboxes (Ctrl+C stops it)")
    while not stopped.wait(1.0):  # a wait without end would not hear the signal on Windows
        pass
    worker.stop()
