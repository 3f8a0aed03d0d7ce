"""The deadline register (procedure 9): one row per milestone, and the on-time rates on a second sheet.

Which columns, in which order and how wide is in ``deadline_register/layout.toml`` and ``rates.toml``; what
they and the words in them are called, in both languages, is in ``deadline_register/labels.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from eightd.domain.clock.punctuality import Punctuality, Rate
from eightd.domain.complaint import Tier
from eightd.domain.words import Language
from eightd.reporting.excel import layout as layouts
from eightd.reporting.excel.layout import Labels, Layout, SheetDataError
from eightd.reporting.excel.stream import Sheet, stream_sheet

_FOLDER = "deadline_register"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One milestone as the book shows it: aware instants, None for what has not come yet.

    ``late_by_hours`` is how late it was met, or is now, on the date that is judged; the other two on the
    contractual and on the agreed date. None while it is not late. ``judged`` is contractual or agreed.
    """

    number: str
    plant: str
    customer: str
    part: str
    tier: Tier
    milestone: str
    state: str
    started_at: datetime | None = None
    contractual_due_at: datetime | None = None
    agreed_due_at: datetime | None = None
    judged_due_at: datetime | None = None
    judged: str = "agreed"
    met_at: datetime | None = None
    late_by_hours: float | None = None
    contractual_late_by_hours: float | None = None
    agreed_late_by_hours: float | None = None
    late_reason: str = ""
    late_reason_by: str = ""
    cqe: str = ""
    provisional: bool = False
    stopped: bool = False
    calendar: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """The rates of one month, customer or milestone; ``by`` says of which, ``total`` of all together."""

    by: str
    name: str
    judged: Rate
    contractual: Rate
    agreed: Rate


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(RegisterRow))
RATE_FIELDS: tuple[str, ...] = (
    "by",
    "name",
    *(
        f"{date}.{part}"
        for date in ("judged", "contractual", "agreed")
        for part in ("counted", "in_time", "late", "share")
    ),
)
"""Everything a column of either sheet may show."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "tier": tuple(member.value for member in Tier),
    "state": ("overdue", "soon", "on_time", "met", "met_late", "waiting", "stopped", "none"),
    "judged": ("contractual", "agreed"),
    "yes_no": ("yes", "no"),
    "by": ("total", "month", "customer", "milestone"),
}
"""The values that need a word, by the group they have in ``labels.toml``."""


def rate_row(by: str, name: str, rates: Punctuality) -> RateRow:
    """Return the row of one group."""
    return RateRow(by=by, name=name, judged=rates.judged, contractual=rates.contractual, agreed=rates.agreed)


def read(reports: Path) -> tuple[Layout, Layout, Labels]:
    """Read the layouts of both sheets and the labels; raises ``SheetDataError`` where they lack anything."""
    folder = reports / _FOLDER
    register = layouts.read_layout(folder, FIELDS, WORDS)
    rates = layouts.read_layout(folder, RATE_FIELDS, WORDS, name="rates.toml")
    labels = layouts.read_labels(folder)
    needed = [
        *layouts.needed_labels(register, WORDS, ("title", "rates", "creator")),
        *layouts.needed_labels(rates, {}, (), group="rates"),
    ]
    lacking = layouts.lacking(labels, needed)
    if lacking:
        raise SheetDataError(f"{_FOLDER}/labels.toml lacks {', '.join(lacking)}")
    return register, rates, labels


def deadline_register(
    rows: Iterable[RegisterRow],
    rates: Iterable[RateRow],
    *,
    language: Language | str,
    zone: str,
    reports: Path,
    exported_at: datetime | None = None,
) -> Iterator[bytes]:
    """Yield the register as an xlsx book, in constant memory; rows are read only as they are written.

    Instants are shown in ``zone``. ``exported_at`` is kept in the book's properties; without it the same rows
    give the same bytes. Raises ``SheetDataError`` at the call if layouts or labels lack anything.
    """
    layout, rate_layout, labels = read(reports)
    spoken = Language(language)
    take = attrgetter(*(entry.field for entry in layout.columns))
    take_rate = attrgetter(*(entry.field for entry in rate_layout.columns))
    return stream_sheet(
        labels[("document", "title")][spoken],
        [layouts.column(entry, labels, WORDS, spoken) for entry in layout.columns],
        map(take, rows),
        zone=zone,
        creator=labels[("document", "creator")][spoken],
        created=exported_at,
        frozen_columns=layout.frozen_columns,
        further=(
            Sheet(
                labels[("document", "rates")][spoken],
                [
                    layouts.column(entry, labels, WORDS, spoken, group="rates")
                    for entry in rate_layout.columns
                ],
                map(take_rate, rates),
                rate_layout.frozen_columns,
            ),
        ),
    )
