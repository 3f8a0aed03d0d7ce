"""Receive a parcel, or a part of one: counted by its papers, with a picture; the first starts the sample's clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from eightd.domain.returns import steps
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.returns import ReturnReceiptRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence import CheckedUpload, file_evidence, filed_document
from eightd.usecases.registration import IN_FUTURE, TOO_LONG_AGO
from eightd.usecases.returns.opening import insist_valid, lengths, open_return, take_step, taken
from eightd.usecases.sample import came_with_return
from eightd.usecases.verb import Done, verb

EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)
NO_CARTONS = Phrase("return.no_cartons", "At least 1, or leave it empty", "至少为 1，或留空")


@verb("return.receive")
def receive_return(
    work: Work,
    *,
    number: str,
    version: int,
    received_at: datetime,
    quantity: int,
    cartons: int | None = None,
    note: str = "",
    photo: CheckedUpload | None = None,
) -> Done:
    """Record what arrived at that instant; again for every further part until warehouse has checked it.

    The first pieces of a complaint whose sample is awaited are that sample: its clocks start, not before the
    complaint's own receipt. The picture is filed as evidence. Raises Invalid by field.
    """
    opened = open_return(work, number, Action.RECEIVE_RETURN, version=version)
    row, about = opened.row, opened.complaint.row
    insist_valid(lengths({"note": note}))
    if received_at > work.now:
        raise Invalid({"received_at": IN_FUTURE.say()})
    if received_at < EARLIEST:
        raise Invalid({"received_at": TOO_LONG_AGO.say(first=EARLIEST.date().isoformat())})
    if cartons is not None and not 1 <= cartons <= steps.LARGEST:
        raise Invalid({"cartons": NO_CARTONS.say()})
    step = taken(steps.receive(quantity))
    picture = None if photo is None else file_evidence(work, about, photo, caption=row.number)
    work.session.add(
        ReturnReceiptRow(
            return_id=row.id,
            received_at=received_at,
            quantity=quantity,
            cartons=cartons,
            evidence_id=None if picture is None else picture.id,
            note=note.strip(),
            by=work.actor.id,
            at=work.now,
        )
    )
    row.received_at = min(row.received_at or received_at, received_at)
    said: dict[str, Any] = {
        "received_at": received_at.isoformat(),
        "quantity": quantity,
        "note": note.strip(),
    }
    if cartons is not None:
        said["cartons"] = cartons
    if picture is not None:
        said["files"] = filed_document([picture])
    started = came_with_return(work, about, received_at=received_at, quantity=quantity, subject=row.number)
    return take_step(work, opened, step, new=said, changes_complaint=started)
