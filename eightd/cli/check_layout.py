"""`eightd check-layout`: whether the 8D report's layout and wording can be used."""

from __future__ import annotations

from pathlib import Path

import click

from eightd import resources
from eightd.reporting.eight_d.labels import load_labels
from eightd.reporting.eight_d.layout import load_layout
from eightd.reporting.sheet.malformed import MalformedLayout


@click.command("check-layout", short_help="Check the layout and wording of the 8D report.")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language in which faults are told.",
)
def command(folder: Path | None, language: str) -> int:
    """Check layout.toml and labels.toml in FOLDER, or those in use.

    Each fault is one line with its file, line and column; the exit code is then 1.
    """
    folder = folder or resources.reports() / "eight_d_report"
    faults = 0
    for read, name in ((load_layout, "layout.toml"), (load_labels, "labels.toml")):
        try:
            read(folder / name)
        except MalformedLayout as error:
            faults += len(error.faults)
            click.echo(error.text(language))
    if not faults:
        click.echo(f"{folder.name}: sound")
    return 1 if faults else 0
