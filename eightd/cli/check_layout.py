"""`eightd check-layout`: whether the layouts and wordings of the documents can be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from eightd import resources
from eightd.domain.paperwork import DocumentKind
from eightd.domain.returns.papers import ReturnPaper
from eightd.reporting.documents.layouts import LABELS, SHAPES
from eightd.reporting.eight_d.labels import load_labels
from eightd.reporting.eight_d.layout import load_layout
from eightd.reporting.returns import layouts as returns
from eightd.reporting.sheet.labels import load_labels as load_wording
from eightd.reporting.sheet.layout import load_layout as load_shape
from eightd.reporting.sheet.malformed import MalformedLayout

_REPORT = "eight_d_report"
_SHAPES = {kind.value: shape for kind, shape in (*SHAPES.items(), *returns.SHAPES.items())}
_WORDINGS = {kind.value: labels for kind, labels in (*LABELS.items(), *returns.LABELS.items())}


@click.command("check-layout", short_help="Check the layout and wording of the documents.")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language in which faults are told.",
)
def command(folder: Path | None, language: str) -> int:
    """Check layout.toml and labels.toml in FOLDER, or those of every document in use.

    Each fault is one line with its file, line and column; the exit code is then 1.
    """
    names = (_REPORT, *DocumentKind, *ReturnPaper)
    folders = [folder] if folder else [resources.reports() / name for name in names]
    faults = 0
    for one in folders:
        found = list(_faults(one, language))
        for line in found:
            click.echo(line)
        if not found:
            click.echo(f"{one.name}: sound")
        faults += len(found)
    return 1 if faults else 0


def _faults(folder: Path, language: str) -> Iterator[str]:
    """Yield what each broken file of the folder has to say; a folder of no other name is a report's."""
    shape, wording = _SHAPES.get(folder.name), _WORDINGS.get(folder.name)
    readers: list[tuple[Callable[[Path], object], str]] = [
        ((lambda path: load_shape(path, shape)) if shape else load_layout, "layout.toml"),
        ((lambda path: load_wording(path, wording)) if wording else load_labels, "labels.toml"),
    ]
    for read, name in readers:
        try:
            read(folder / name)
        except MalformedLayout as error:
            yield from error.text(language).splitlines()
