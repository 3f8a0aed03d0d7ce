"""`eightd log`: the complaint log 客诉台账 as an Excel book."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time, timedelta

import click

from eightd.cli._console import Console
from eightd.cli._output import STANDARD_OUTPUT, write
from eightd.domain.complaint import Stage
from eightd.domain.words import Language
from eightd.queries.board_walk import Clock
from eightd.queries.log import log_book
from eightd.queries.log_filters import LogFilters
from eightd.usecases import console_actor
from eightd.usecases.export_log import export_log
from eightd.usecases.services import Services


@click.command("log", short_help="Write the complaint log as an Excel book.")
@click.option(
    "--output",
    metavar="FILE",
    help="Where to write; - is standard output. complaint-log-DATE.xlsx here otherwise.",
)
@click.option(
    "--language",
    type=click.Choice([one.value for one in Language]),
    default=Language.EN.value,
    show_default=True,
    help="Language of titles and words.",
)
@click.option("--plant", "plants", multiple=True, metavar="CODE", help="Only this plant; may be repeated.")
@click.option(
    "--from",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only complaints received on this day or later.",
)
@click.option(
    "--to",
    "until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only complaints received on this day or earlier.",
)
@click.option(
    "--stage",
    "stages",
    multiple=True,
    type=click.Choice([one.value for one in Stage]),
    metavar="STAGE",
    help=f"Only complaints in this stage; may be repeated. One of {', '.join(one.value for one in Stage)}.",
)
@click.pass_obj
def command(
    console: Console,
    output: str | None,
    language: str,
    plants: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    stages: tuple[str, ...],
) -> None:
    """Write the complaint log of all plants, or of what is asked for, as an Excel book.

    Days are those of each complaint's plant. The export is recorded in the audit trail. Progress goes to
    standard error.
    """
    services = console.services
    filters = LogFilters(
        plants=_plants(services, plants),
        stages=frozenset(map(Stage, stages)),
        received_from_on=None if since is None else since.date(),
        received_until_on=None if until is None else until.date(),
    )
    now, spoken = services.clock(), Language(language)
    actor = console_actor.console_actor(services.uow)
    wanted = {
        "plant": list(plants),
        "stage": list(stages),
        "from": since.date().isoformat() if since else "",
        "until": until.date().isoformat() if until else "",
    }
    export_log(
        services.uow,
        services.order(actor, console_actor.NAME, ""),
        wanted={name: value for name, value in wanted.items() if value},
        language=spoken,
    )
    progress = _Progress()
    today_ends_at = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    book = log_book(
        services.uow,
        actor,
        language=spoken,
        clock=Clock(now=now, today_ends_at=today_ends_at),
        filters=filters,
        progress=progress,
    )
    target = output or f"complaint-log-{now.date().isoformat()}.xlsx"
    write(book, target)
    progress.end("" if target == STANDARD_OUTPUT else target)


def _plants(services: Services, codes: tuple[str, ...]) -> frozenset[int]:
    known = console_actor.plants_by_code(services.uow)
    for code in codes:
        if code not in known:
            there = ", ".join(sorted(known)) or "none yet"
            raise click.UsageError(f"there is no plant {code!r}; there are: {there}")
    return frozenset(known[code] for code in codes)


class _Progress:
    """Tells on a terminal how far it has come, and anywhere how many complaints there were."""

    def __init__(self) -> None:
        self._done = 0

    def __call__(self, done: int, total: int) -> None:
        self._done = done
        if sys.stderr.isatty():
            click.echo(f"\r{done:,} of {total:,} complaints", err=True, nl=False)

    def end(self, target: str) -> None:
        if sys.stderr.isatty() and self._done:
            click.echo("\r", err=True, nl=False)
        where = f" in {target}" if target else ""
        click.echo(f"{self._done:,} complaints{where}", err=True)
