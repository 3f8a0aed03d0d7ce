"""How much each rule of the sceptical reviewer weighs at a plant, and for one customer of it."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.registry import BY_ID
from eightd.persistence.repositories.reviewing import FIRST_VERSION, VERSION_RULE
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.reviewing import ReviewSettingRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import UNKNOWN, begin
from eightd.usecases.errors import Invalid, NotFound, Stale
from eightd.usecases.verb import Done, verb


@verb("reviewer.set_levels")
def set_levels(
    work: Work,
    *,
    plant_id: int,
    customer_id: int | None,
    version: int,
    levels: Mapping[str, Level | None],
) -> Done:
    """Set the levels of a plant, or of one customer there; None takes what holds without it.

    Rules that are not named stay as they are. ``version`` is 1 where nothing was ever set. Raises NotFound, Stale
    or Invalid for a rule that there is not.
    """
    begin(work, plant_id=plant_id, customer_id=customer_id)
    plant = work.session.get(PlantRow, plant_id)
    customer = None if customer_id is None else work.session.get(CustomerRow, customer_id)
    if plant is None or (customer is None) != (customer_id is None):
        raise NotFound
    unknown = {rule: UNKNOWN.say() for rule in levels if rule not in BY_ID}
    if unknown:
        raise Invalid(unknown)
    known = _rows(work, plant_id, customer_id)
    head = known.pop(VERSION_RULE, None)
    current = head.version if head else FIRST_VERSION
    if current != version:
        raise Stale(current)
    old: dict[str, str | None] = {}
    new: dict[str, str | None] = {}
    for rule, level in levels.items():
        row = known.get(rule)
        if (row.level if row else None) is level:
            continue
        old[rule], new[rule] = (row.level.value if row else None), (level.value if level else None)
        if row is not None and level is None:
            work.session.delete(row)
        elif row is not None and level is not None:
            row.level = level
            row.version += 1
        elif level is not None:
            work.session.add(
                ReviewSettingRow(plant_id=plant_id, customer_id=customer_id, rule=rule, level=level)
            )
    if not new:
        return Done(version=version)
    if head is None:
        head = ReviewSettingRow(
            plant_id=plant_id, customer_id=customer_id, rule=VERSION_RULE, level=Level.NOTE, version=current
        )
        work.session.add(head)
    head.version += 1
    work.session.flush()
    subject = plant.code if customer is None else f"{plant.code} {customer.code}"
    work.record("reviewer.changed", subject=subject, old=old, new=new)
    return Done(version=head.version)


def _rows(work: Work, plant_id: int, customer_id: int | None) -> dict[str, ReviewSettingRow]:
    whose = (
        ReviewSettingRow.customer_id.is_(None)
        if customer_id is None
        else ReviewSettingRow.customer_id == customer_id
    )
    found = work.session.execute(
        sa.select(ReviewSettingRow).where(ReviewSettingRow.plant_id == plant_id, whose)
    ).scalars()
    return {row.rule: row for row in found}
