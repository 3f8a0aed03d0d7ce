"""`eightd classify`: the tier of defect counts, with every rule tried."""

from __future__ import annotations

import click

from eightd.cli._lines import converse
from eightd.domain.classification.classify import classify
from eightd.domain.classification.criteria import STANDARD
from eightd.domain.classification.lines import classification_document, counts_from_document
from eightd.domain.words import Language


@click.command("classify", short_help="Classify defect counts: JSON lines in, JSON lines out.")
@click.option(
    "--language",
    type=click.Choice([one.value for one in Language]),
    default=Language.EN.value,
    show_default=True,
    help="Language of reasons and errors.",
)
def command(language: str) -> int:
    """Classify defect counts by the standard criteria.

    Reads one JSON object per line from standard input and writes one per line:

    \b
    {"defects": [{"kind": "functional", "phenomenon": "no output", "quantity": 15, "inspected": 600}],
     "quantity_inspected": 600,
     "flags": {"penalty_triggered": false, "ppm_exceeded": false, "safety": false, "line_stop": false}}
    → {"tier": "major", "weight": 2, "criteria": "standard@1", "reasons": [{"rule": …, "matched": true, "text": …}]}

    A bad line is answered with {"error": …, "line": n}, and the exit code at the end is 1.
    """  # noqa: D301 - click's mark for lines to be kept
    spoken = Language(language)
    return converse(
        lambda document: classification_document(classify(counts_from_document(document), STANDARD), spoken),
        spoken,
    )
