"""`eightd report`: the PDF of an issued 8D report."""

from __future__ import annotations

import click

from eightd.cli._console import Console
from eightd.cli._output import STANDARD_OUTPUT, write
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases.console_actor import console_actor
from eightd.usecases.errors import NotFound
from eightd.usecases.report import ReportFile, issued_report, preview_report


@click.command("report", short_help="Write the PDF of an issued 8D report.")
@click.argument("number")
@click.option("--revision", type=click.IntRange(min=1), help="Number of the revision; the newest otherwise.")
@click.option(
    "--language",
    type=click.Choice([one.value for one in ReportLanguage]),
    help="Language of the report; the one it was issued in otherwise.",
)
@click.option(
    "--audience",
    type=click.Choice([one.value for one in Audience]),
    default=Audience.CUSTOMER.value,
    show_default=True,
    help="Who the version is for.",
)
@click.option("--preview", is_flag=True, help="What the final report would be now, marked as a preview.")
@click.option(
    "--output",
    metavar="FILE",
    help="Where to write; - is standard output. NUMBER-rREVISION-LANGUAGE-AUDIENCE.pdf here otherwise.",
)
@click.pass_obj
def command(
    console: Console,
    number: str,
    revision: int | None,
    language: str | None,
    audience: str,
    preview: bool,
    output: str | None,
) -> None:
    """Write the PDF of the complaint's issued 8D report, such as CC-2026-00001.

    The same revision, language and audience give the same bytes for ever.
    """
    if preview and revision is not None:
        raise click.UsageError("a preview has no revision: give --preview or --revision")
    spoken = None if language is None else ReportLanguage(language)
    try:
        found = _found(console, number, revision, spoken, Audience(audience), preview=preview)
    except NotFound:
        raise click.ClickException(_nothing(number, revision, preview=preview)) from None
    target = output or found.filename
    write([found.content], target)
    if target != STANDARD_OUTPUT:
        click.echo(f"{target}: {len(found.content):,} bytes", err=True)


def _nothing(number: str, revision: int | None, *, preview: bool) -> str:
    if preview:
        return f"there is no complaint {number}"
    return f"there is no {'issued report' if revision is None else f'revision {revision}'} of {number}"


def _found(
    console: Console,
    number: str,
    revision: int | None,
    language: ReportLanguage | None,
    audience: Audience,
    *,
    preview: bool,
) -> ReportFile:
    services = console.services
    actor = console_actor(services.uow)
    if preview:
        return preview_report(
            services.uow,
            actor,
            number=number,
            language=language or ReportLanguage.BOTH,
            audience=audience,
            now=services.clock(),
        )
    return issued_report(
        services.uow,
        actor,
        number=number,
        revision=revision,
        language=language,
        audience=audience,
        now=services.clock(),
    )
