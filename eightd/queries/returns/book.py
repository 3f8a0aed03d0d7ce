"""The log of returns as an Excel book, streamed slice by slice (procedure 8 and 9).

Each slice is read in a transaction of its own that is over before its rows are written: whoever takes minutes
to receive the file holds nothing that a writer waits for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.queries.returns.log import SLICE, Filters, LogLine, log_slice
from eightd.reporting.return_log import ReturnLogRow, return_log


def log_book(
    uow: UnitOfWork, actor: Actor, *, language: Language, filters: Filters, now: datetime
) -> Iterator[bytes]:
    """Yield the log as an xlsx book in the order of the announcements, in constant memory.

    Instants are shown in the zone of the actor's first plant by code.
    """
    with uow.reading() as session:
        zones = sa.select(PlantRow.zone).where(PlantRow.id.in_(sorted(actor.plants))).order_by(PlantRow.code)
        zone = session.execute(zones.limit(1)).scalar_one_or_none() or "UTC"
    rows = _rows(uow, actor, filters, language)
    return return_log(rows, language=language, zone=zone, reports=uow.reports, exported_at=now)


def _rows(uow: UnitOfWork, actor: Actor, filters: Filters, language: Language) -> Iterator[ReturnLogRow]:
    after = 0
    while True:
        with uow.reading() as session:
            lines = log_slice(session, actor, filters, after=after)
        for line in lines:
            yield _row(line, language)
        if len(lines) < SLICE:
            return
        after = lines[-1].id


def _row(line: LogLine, language: Language) -> ReturnLogRow:
    is_english = language is Language.EN
    customer = line.customer_name_en if is_english else line.customer_name
    part = line.part_name_en if is_english else line.part_name
    return ReturnLogRow(
        number=line.number,
        complaint=line.complaint_number,
        customer=f"{line.customer_code} {customer}",
        part=line.part_number if part == line.part_number else f"{line.part_number} {part}",
        kind=line.kind,
        stage=line.stage,
        parcel=line.parcel,
        rest_of=line.rest_of,
        lots=", ".join(line.lots),
        announced_at=line.announced_at,
        announced_by=line.announced_by,
        announced=line.quantity_announced,
        expected_on=line.expected_on,
        carrier=" ".join(filter(None, (line.carrier, line.tracking))),
        received_at=line.received_at,
        received=line.received,
        right=line.right,
        wrong=line.wrong,
        found_part=line.found_part,
        missing=line.missing,
        surplus=line.surplus,
        difference_because=line.difference_because,
        unexplained=line.unexplained,
        location=line.location,
        drawn=line.drawn,
        ng=line.ng,
        ok=line.ok,
        ntf=line.ntf,
        not_tested=line.not_tested,
        phenomena="; ".join(line.phenomena),
        categories=", ".join(line.categories),
        analysis=line.analysis,
        here=line.here,
        scrapped=line.scrapped,
        kept=line.kept,
        sent_back=line.sent_back,
        promised_on=line.promised_on,
        sent_on=line.last_sent_on,
        late=line.late,
        credit_number=line.credit_number,
        booked_on=line.booked_on,
        closed_at=line.closed_at,
        outcome_reason=line.outcome_reason,
    )
