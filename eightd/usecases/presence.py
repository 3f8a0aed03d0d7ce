"""Who has a discipline open at this moment, and in which field (procedure 6).

Browsers say so every few seconds. That is nobody's deed: it is no verb, leaves no entry in the record, and claims no
idempotency key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from eightd.domain.authority import may_see, scope
from eightd.domain.complaint import DisciplineCode
from eightd.persistence.dialects import upsert
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.workbench import PresenceRow
from eightd.persistence.unit_of_work import Order, UnitOfWork
from eightd.usecases.errors import NotFound

FADES_AFTER = timedelta(seconds=40)
"""Who was not heard of for so long is not there any more."""

_LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody else who has the discipline open; ``place`` is the field they are in, empty for none."""

    user_id: int
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Present:
    """Who else is there, and at which version the discipline stands."""

    version: int
    colleagues: tuple[Colleague, ...]


def be_present(
    uow: UnitOfWork,
    order: Order,
    *,
    number: str,
    code: DisciplineCode,
    place: str = "",
    leaving: bool = False,
) -> Present:
    """Say that the actor has the discipline open, or leaves it, and hear who else has; in five statements.

    Raises NotFound for what is hidden from the actor, drafts among it.
    """
    with uow.writing(order) as work:
        found = work.session.execute(
            sa.select(ComplaintRow.id, ComplaintRow.plant_id, ComplaintRow.customer_id, DisciplineRow.version)
            .join(DisciplineRow, DisciplineRow.complaint_id == ComplaintRow.id)
            .where(ComplaintRow.number == number, DisciplineRow.code == code)
        ).one_or_none()
        if found is None or not may_see(order.actor, found.plant_id, found.customer_id):
            raise NotFound
        if not scope(order.actor).drafts:
            raise NotFound
        here = (PresenceRow.complaint_id == found.id, PresenceRow.code == code)
        gone = PresenceRow.at < order.now - FADES_AFTER
        if leaving:
            gone = sa.or_(gone, PresenceRow.user_id == order.actor.id)
        work.session.execute(sa.delete(PresenceRow).where(*here, gone))
        if not leaving:
            said = {"place": place[:_LONGEST_PLACE], "at": order.now}
            insert = upsert(work.session, PresenceRow).values(
                complaint_id=found.id, code=code, user_id=order.actor.id, **said
            )
            work.session.execute(
                insert.on_conflict_do_update(index_elements=["complaint_id", "code", "user_id"], set_=said)
            )
        others = work.session.execute(
            sa.select(PresenceRow.user_id, UserRow.name, PresenceRow.place)
            .join(UserRow, UserRow.id == PresenceRow.user_id)
            .where(*here, PresenceRow.user_id != order.actor.id)
            .order_by(UserRow.name)
        )
        return Present(found.version, tuple(Colleague(*one) for one in others))
