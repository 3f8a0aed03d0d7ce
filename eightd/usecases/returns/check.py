"""Check what arrived: is it the part, how many are there; the difference is explained, a rest is announced."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from eightd.domain.events import EventTag
from eightd.domain.returns import steps
from eightd.domain.returns.stages import Place
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.returns import ReturnMovementRow, ReturnRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.returns.announce import add_return, announced
from eightd.usecases.returns.opening import (
    day_text,
    implausible_days,
    insist_valid,
    lengths,
    open_return,
    take_step,
    taken,
)
from eightd.usecases.verb import Done, verb


@verb("return.check")
def check_return(
    work: Work,
    *,
    number: str,
    version: int,
    quantity: int,
    wrong: int = 0,
    found_part: str = "",
    because: str = "",
    rest_comes: bool = False,
    rest_expected_on: date | None = None,
) -> Done:
    """Count the right part and the wrong one; fewer than announced may be said to come later, as a return of its own.

    The complaint's quantity returned follows what was found of the right part. Raises Invalid by field.
    """
    opened = open_return(work, number, Action.CHECK_RETURN, version=version)
    row, about = opened.row, opened.complaint.row
    insist_valid(
        {
            **lengths({"found_part": found_part, "because": because}),
            **implausible_days(rest_expected_on=rest_expected_on),
        }
    )
    step = taken(
        steps.check(
            opened.held,
            quantity=quantity,
            wrong=wrong,
            found_part=found_part,
            because=because,
            rest_comes=rest_comes,
        )
    )
    row.found_part = found_part.strip() if wrong else ""
    row.difference_because = because.strip()
    said: dict[str, Any] = {"pieces": quantity}
    received = opened.held.at[Place.ARRIVED]
    if quantity + wrong != received:
        said["received"] = received
    if wrong:
        said |= {"wrong": wrong, "found_part": row.found_part}
    if row.difference_because:
        said["because"] = row.difference_because
    before = about.quantity_returned
    about.quantity_returned = quantity + _found_before(work, about)
    if rest_comes:
        rest = add_return(
            work,
            about,
            quantity=row.quantity_announced - quantity,
            lots=row.lots,
            kind=row.kind,
            parcel=None,
            rest_of_id=row.id,
            expected_on=rest_expected_on,
            carrier=row.carrier,
            sender=row.sender,
            enclose=row.enclose,
            language=row.language,
            promised_on=row.promised_on,
        )
        work.record(
            EventTag.RETURN_ANNOUNCED,
            complaint_id=about.id,
            subject=rest.number,
            new={**announced(rest), "rest_of": row.number},
        )
        said |= {"rest": rest.number, "rest_expected_on": day_text(rest_expected_on)}
    changed = before != about.quantity_returned
    return take_step(
        work,
        opened,
        step,
        old={"quantity_returned": before} if changed else {},
        new={**said, **({"quantity_returned": about.quantity_returned} if changed else {})},
        changes_complaint=changed,
    )


def _found_before(work: Work, about: ComplaintRow) -> int:
    """Return how many right pieces the checks of the complaint's other returns found."""
    return (
        work.session.execute(
            sa.select(sa.func.sum(ReturnMovementRow.quantity))
            .join(ReturnRow, ReturnRow.id == ReturnMovementRow.return_id)
            .where(
                ReturnRow.complaint_id == about.id,
                ReturnMovementRow.from_place == Place.ARRIVED,
                ReturnMovementRow.to_place == Place.CHECKED,
            )
        ).scalar_one()
        or 0
    )
