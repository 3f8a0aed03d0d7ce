"""`eightd verify`: walk the record, the evidence and the reports, and name the first thing that is wrong."""

from __future__ import annotations

from pathlib import Path

import click

from eightd.cli._console import Console
from eightd.domain.errors import DomainError
from eightd.usecases.kept_heads import KeptHead, read_heads
from eightd.usecases.verify import walk


@click.command("verify", short_help="Verify the audit trail, evidence files and reports.")
@click.option(
    "--heads",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with signed heads that were kept elsewhere (downloaded from the audit page).",
)
@click.pass_obj
def command(console: Console, kept: Path | None) -> int:
    """Verify the audit trail, every evidence file and every report.

    Reads only. Says how much is sound, exit code 0; or names the first thing that is wrong, exit code 1.
    """
    heads = () if kept is None else _read(kept)
    found = walk(console.services.uow, None, heads)
    if found.flaw is not None:
        click.echo(f"eightd: {found.message.text('en')}", err=True)
        return 1
    click.echo(found.message.text("en"))
    return 0


def _read(kept: Path) -> tuple[KeptHead, ...]:
    try:
        return read_heads(kept.read_text(encoding="utf-8"))
    except (DomainError, ValueError, OSError) as error:
        raise click.ClickException(f"{kept}: {' '.join(str(error).split())}") from error
