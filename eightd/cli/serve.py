"""`eightd serve`: the pages, over HTTP."""

from __future__ import annotations

import gc

import click
import waitress

from eightd.cli._console import Console


@click.command("serve", short_help="Serve the pages over HTTP.")
@click.option("--host", help="Address to listen on; EIGHTD_HOST otherwise.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; EIGHTD_PORT otherwise.")
@click.pass_obj
def command(console: Console, host: str | None, port: int | None) -> None:
    """Serve the pages over HTTP until interrupted.

    Brings the database to the newest version first.
    """
    settings = console.settings
    host, port = host or settings.host, port or settings.port
    app = console.app
    try:
        server = waitress.create_server(app, host=host, port=port, threads=settings.threads, ident="eightd")
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    quieten_garbage_collection()
    click.echo(f"EightD serves on http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl+C stops it)")
    server.run()


def quieten_garbage_collection() -> None:
    """Leave what the start built out of later collections, and collect less often.

    A full collection walks every module, class and template: measured, it is the tail of the answer times.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
