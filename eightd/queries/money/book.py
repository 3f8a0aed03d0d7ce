"""The cost of poor quality as an Excel book: sums as on the page, and every line, read slice by slice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime

from eightd.domain.cost.sums import Sums
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.queries.money import poor_quality as queries
from eightd.queries.money.kept import PlantView
from eightd.queries.money.poor_quality import By, Filters, LineView
from eightd.reporting.cost_book import CostLine, SumLine, cost_book

SLICE = 500
"""Lines read in one transaction."""


def book(
    uow: UnitOfWork,
    actor: Actor,
    plant: PlantView,
    filters: Filters,
    by: By,
    *,
    language: Language,
    now: datetime,
) -> Iterator[bytes]:
    """Yield the book as xlsx, in constant memory: what was asked for, in the plant's currency."""
    with uow.reading() as session:
        found = queries.poor_quality(session, actor, plant, filters, by, language)
    currency = plant.currency
    sums = [
        _sum(None, "", found.total, None, currency),
        *(_sum(one.name, one.under, one.sums, one.lines, currency) for one in found.groups),
    ]
    return cost_book(
        sums,
        (_line(one, currency) for one in _lines(uow, actor, currency, filters, language)),
        language=language,
        zone=plant.zone,
        reports=uow.reports,
        exported_at=now,
    )


def _lines(
    uow: UnitOfWork, actor: Actor, currency: str, filters: Filters, language: Language
) -> Iterator[LineView]:
    after: tuple[date, int] | None = None
    while True:
        with uow.reading() as session:
            found, after = queries.lines(session, actor, currency, filters, language, after=after, size=SLICE)
        yield from found
        if after is None:
            return


def _line(view: LineView, currency: str) -> CostLine:
    values = {field.name: getattr(view, field.name) for field in fields(LineView)}
    return CostLine(**values, plant_currency=currency)


def _sum(name: str | None, under: str, sums: Sums, lines: int | None, currency: str) -> SumLine:
    return SumLine(
        name=name,
        under=under,
        planned=sums.planned,
        actual=sums.actual,
        recovery_planned=sums.recovery_planned,
        recovered=sums.recovered,
        net=sums.net,
        plant_currency=currency,
        lines=lines,
    )
