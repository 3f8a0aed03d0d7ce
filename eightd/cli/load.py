"""`eightd load`: take in complaints and complete 8D records from a JSON file."""

from __future__ import annotations

from pathlib import Path

import click

from eightd.cli._console import Console
from eightd.domain.errors import DomainError
from eightd.domain.words import Language
from eightd.usecases.errors import Invalid, NotAllowed, VerbError
from eightd.usecases.loading.crew import Crew, muster
from eightd.usecases.loading.load import Loader
from eightd.usecases.loading.records import raw_records, read_record


@click.command("load", short_help="Take in complaints and 8D records from a JSON file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plant", default="", help="Code of the plant; needed only where there are several.")
@click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of messages.",
)
@click.pass_context
def command(ctx: click.Context, file: Path, plant: str, language: str) -> None:
    """Take in complaints and complete 8D records from a JSON file.

    The file holds {"complaints": [...]}, a list, or one record with its disciplines. Each record is
    entered by people of the plant who may do so, and says what became of it; a record taken in
    before is left alone. Exit code 1 where a record could not be taken in.
    """
    console: Console = ctx.obj
    records = _records(file, language)
    services = console.services
    try:
        with services.uow.reading() as session:
            crew = muster(session, plant, services.clock())
    except VerbError as refused:
        raise click.ClickException(_words(refused, language)) from refused
    loader = Loader(services, crew, lambda _: services.clock())
    failed = sum(not _take_in(loader, crew, raw, place, language) for place, raw in _shown(records))
    click.echo(f"{len(records) - failed} of {len(records)} records are in", err=True)
    ctx.exit(1 if failed else 0)


def _records(file: Path, language: str) -> list[tuple[str, object]]:
    try:
        return raw_records(file.read_text(encoding="utf-8-sig"))
    except DomainError as malformed:
        raise click.ClickException(malformed.message.text(language)) from malformed
    except UnicodeDecodeError as wrong:
        raise click.ClickException(f"{file}: not UTF-8 text") from wrong


def _shown(records: list[tuple[str, object]]) -> list[tuple[str, object]]:
    """Return the records, each announced by its place and how far the loading has come."""
    total = len(records)
    return [
        (f"{index}/{total}" + (f" {where}" if where else ""), raw)
        for index, (where, raw) in enumerate(records, 1)
    ]


def _take_in(loader: Loader, crew: Crew, raw: object, place: str, language: str) -> bool:
    try:
        record = read_record(raw, "")
    except DomainError as malformed:
        click.echo(f"{place}: not taken in: {_words(malformed, language)}")
        return False
    try:
        loaded = loader.take_in(record)
    except (DomainError, VerbError) as problem:
        number = loader.number_of(record)
        became = f"{number} registered, but not brought to its end" if number else "not taken in"
        click.echo(f"{place}: {became}: {_words(problem, language)}")
        return False
    what = "registered" if loaded.is_new else "was already in"
    click.echo(f"{place}: {loaded.number} {what} in {crew.plant_code}, {loaded.stage.value}")
    return True


def _words(problem: DomainError | VerbError, language: str) -> str:
    chosen = Language(language)
    if isinstance(problem, DomainError):
        return problem.message.text(chosen)
    if isinstance(problem, Invalid):
        return "; ".join(f"{field}: {message.text(chosen)}" for field, message in problem.problems.items())
    if isinstance(problem, NotAllowed):
        return "; ".join(message.text(chosen) for message in (problem.gates or (problem.message,)))
    return str(problem) or type(problem).__name__
