"""Open a supplier's 8D for a verb: seen through its complaint, at the version seen, allowed by the rules."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.suppliers import SupplierCaseRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, open_complaint
from eightd.usecases.errors import NotAllowed, NotFound, Stale

ENDED = Phrase(
    "supplier.ended", "Nothing more is asked of the supplier in {number}", "{number} 已结束，不再要求供应商"
)


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A supplier's 8D with its complaint, both locked."""

    complaint: Opened
    row: SupplierCaseRow


def open_case(
    work: Work,
    number: str,
    action: Action,
    *,
    version: int | None = None,
    must_be_open: bool = True,
    reason: str = "",
) -> OpenedCase:
    """Lock the complaint and then the case ``number``, ask the rules, check the version of the case.

    Raises NotFound, NotAllowed (also for a case that has ended, where it must be open) or Stale.
    """
    above = work.session.execute(
        sa.select(ComplaintRow.number)
        .join(SupplierCaseRow, SupplierCaseRow.complaint_id == ComplaintRow.id)
        .where(SupplierCaseRow.number == number)
    ).scalar_one_or_none()
    if above is None:
        raise NotFound
    opened = open_complaint(work, above, action, reason=reason)
    row = work.session.execute(
        sa.select(SupplierCaseRow).where(SupplierCaseRow.number == number).with_for_update()
    ).scalar_one()
    if version is not None and row.version != version:
        raise Stale(row.version)
    if must_be_open and not row.is_open:
        raise NotAllowed(ENDED.say(number=row.number))
    return OpenedCase(opened, row)
