"""`eightd init`: make the store, or bring it to the newest version, and say where it is."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from eightd.cli._console import Console
from eightd.queries import people


@click.command("init", short_help="Make the database or bring it up to date.")
@click.pass_obj
def command(console: Console) -> None:
    """Make the database, or bring it to the newest version, and say where everything is kept.

    May be run as often as you like.
    """
    services = console.services
    with services.uow.reading() as session:
        installed = people.is_installed(session)
    click.echo(f"instance: {console.settings.instance}")
    click.echo(f"database: {_without_password(console.settings.database_url)}")
    if not installed:
        click.echo("There is no account yet: start `eightd serve` and open its first page.")


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@", 1)).geturl()
