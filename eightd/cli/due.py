"""`eightd due`: when each milestone is due, with the ledger that explains it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from eightd.cli._lines import converse
from eightd.domain.words import Language
from eightd.usecases.compute_due import compute_due


@click.command("due", short_help="Compute deadlines: JSON lines in, JSON lines out.")
@click.option(
    "--language",
    type=click.Choice([one.value for one in Language]),
    default=Language.EN.value,
    show_default=True,
    help="Language of titles, ledgers and errors.",
)
def command(language: str) -> int:
    """Compute the deadlines of a complaint by a shipped profile and an official calendar.

    Reads one JSON object per line from standard input and writes one per line:

    \b
    {"received_at": "2026-03-12T16:40:00+08:00", "sample_received_at": "2026-03-14T10:20:00+08:00",
     "stops": [{"from": …, "to": …, "reason": "laboratory"}],
     "profile": "standard", "calendar": "CN", "zone": "Asia/Shanghai"}
    → {"milestones": [{"name": "initial_reply", "title": "Initial reply", "contractual_due_at": …, "due_at": …,
                       "provisional": false, "ledger": […]}, …]}

    Only received_at is required. The profile is standard, five_ten, calendar_30 or long_90. The calendar is a
    country's code. A milestone that waits for its start has null dates and says what for;
    "sample_needed": false lets it start at the receipt. A stop without "to" still runs; "now" says until when
    to count it. A bad line is answered with {"error": …, "line": n}, and the exit
    code at the end is 1.
    """  # noqa: D301 - click's mark for lines to be kept
    spoken = Language(language)
    return converse(lambda document: compute_due(document, now=datetime.now(UTC), language=spoken), spoken)
