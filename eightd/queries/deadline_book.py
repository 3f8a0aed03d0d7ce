"""The register of deadlines as an Excel book: its lines streamed slice by slice, its rates (procedure 9).

Each slice is read in a transaction of its own that is over before its rows are written: whoever takes minutes
to receive the file holds nothing that a writer waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from eightd.domain.clock.profile import shown_title
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.queries import deadline_register as register
from eightd.queries import on_time
from eightd.queries.deadline_register import Filters, LineView, PageKey
from eightd.queries.log_slice import Known
from eightd.queries.on_time import RatesView
from eightd.reporting.deadline_register import RateRow, RegisterRow, deadline_register, rate_row

SLICE = 500
"""Milestones read in one transaction."""

Progress = Callable[[int], None]
"""Told after each slice how many milestones were read."""

_HOUR = timedelta(hours=1)


def register_book(
    uow: UnitOfWork,
    actor: Actor,
    *,
    language: Language,
    now: datetime,
    filters: Filters,
    from_on: date,
    until_on: date,
    progress: Progress | None = None,
) -> Iterator[bytes]:
    """Yield the register as an xlsx book by judged dates, in constant memory, with the rates of the period.

    ``filters`` narrow both sheets, their days and their state only the first; the rates are those of the days
    from ``from_on`` to ``until_on``. Instants are shown in the zone of the first plant by code that is asked
    for. What is changed while the book is written may show either way.
    """
    with uow.reading() as session:
        found = on_time.rates(session, actor, filters, now, language, from_on=from_on, until_on=until_on)
        titles = on_time.milestones(session)
        plants = filters.plants & actor.plants or actor.plants
        zones = sa.select(PlantRow.zone).where(PlantRow.id.in_(sorted(plants))).order_by(PlantRow.code)
        zone = session.execute(zones.limit(1)).scalar_one_or_none() or "UTC"
    rows = register_rows(uow, actor, language=language, now=now, filters=filters, progress=progress)
    rates = [*_rate_rows(found, titles, language)]
    return deadline_register(rows, rates, language=language, zone=zone, reports=uow.reports, exported_at=now)


def register_rows(
    uow: UnitOfWork,
    actor: Actor,
    *,
    language: Language,
    now: datetime,
    filters: Filters = register.EVERYTHING,
    progress: Progress | None = None,
) -> Iterator[RegisterRow]:
    """Yield the rows of the register in the order of the judged dates; what has none comes last."""
    known, after, read = Known(), None, 0
    while True:
        with uow.reading() as session:
            lines = register.every_line(
                session, actor, filters, now, language, after=after, size=SLICE, known=known
            )
        for line in lines:
            yield _row(line, language)
        read += len(lines)
        if progress is not None:
            progress(read)
        if len(lines) < SLICE:
            return
        last: PageKey = lines[-1].key
        after = last


def _row(line: LineView, language: Language) -> RegisterRow:
    return RegisterRow(
        number=line.number,
        plant=line.plant,
        customer=line.customer,
        part=line.part_number if line.part == line.part_number else f"{line.part_number} {line.part}",
        tier=line.tier,
        milestone=shown_title(line.milestone, line.title_en, line.title_zh).text(language),
        state=line.lateness.value,
        started_at=line.started_at,
        contractual_due_at=line.contractual_due_at,
        agreed_due_at=line.agreed_due_at,
        judged_due_at=line.judged_due_at,
        judged="agreed" if line.accepts_stops else "contractual",
        met_at=line.met_at,
        late_by_hours=_hours(line.late_by),
        contractual_late_by_hours=_hours(line.contractual_late_by),
        agreed_late_by_hours=_hours(line.agreed_late_by),
        late_reason=line.late_reason,
        late_reason_by=line.late_reason_by,
        cqe=line.cqe,
        provisional=line.provisional,
        stopped=line.stopped,
        calendar=line.calendar,
        profile=line.profile,
    )


def _rate_rows(
    found: RatesView, titles: Mapping[str, tuple[str, str]], language: Language
) -> Iterator[RateRow]:
    yield rate_row("total", "", found.total)
    for month, rates in found.months:
        yield rate_row("month", f"{month:%Y-%m}", rates)
    for customer in found.customers:
        yield rate_row("customer", f"{customer.code} {customer.name}", customer.rates)
    for name, rates in found.milestones:
        zh, en = titles.get(name, ("", ""))
        yield rate_row("milestone", shown_title(name, en, zh).text(language), rates)


def _hours(length: timedelta) -> float | None:
    return round(length / _HOUR, 2) if length else None
