"""`eightd init`: make the store, or bring it to the newest version, and say where it is."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import click

from eightd.cli._console import Console
from eightd.queries import people
from eightd.usecases.demo.plant import load_demo
from eightd.usecases.services import Services


@click.command("init", short_help="Make the database or bring it up to date.")
@click.option(
    "--demo", is_flag=True, help="Load the demonstration plant: people in every role, 62 complaints."
)
@click.pass_obj
def command(console: Console, *, demo: bool) -> None:
    """Make the database, or bring it to the newest version, and say where everything is kept.

    May be run as often as you like; the demonstration plant is loaded once.
    """
    services = console.services
    if demo:
        _load_demo(services)
    with services.uow.reading() as session:
        installed = people.is_installed(session)
    click.echo(f"instance: {console.settings.instance}")
    click.echo(f"database: {_without_password(console.settings.database_url)}")
    if not installed:
        click.echo("There is no account yet: start `eightd serve` and open its first page.")


def _load_demo(services: Services) -> None:
    with click.progressbar(length=1, label="Loading the demonstration plant", file=sys.stderr) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        summary = load_demo(services, tell)
    if not summary.logins:
        click.echo("The demonstration plant is there already.")
        return
    click.echo(f"People: {' '.join(summary.logins)}")
    click.echo(f"Their password, shown only now: {summary.password}")


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@", 1)).geturl()
