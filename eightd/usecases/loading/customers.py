"""Take in a customer that a record names and nobody has entered yet."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may
from eightd.domain.workflow.actions import Action
from eightd.persistence.dialects import alike
from eightd.persistence.locks import hold
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import insist
from eightd.usecases.loading.records import LoadedCustomer
from eightd.usecases.verb import Done, verb


@verb("customer.take_in")
def take_in_customer(work: Work, *, customer: LoadedCustomer) -> Done:
    """Return the customer with this code, made if there is none; one that exists is left as it is."""
    insist(may(work.actor, Action.REGISTER))
    known = _known(work.session, customer.code)
    if known is None:
        hold(work.session, f"customer:{customer.code.lower()}")
        known = _known(work.session, customer.code)
    if known is not None:
        return Done(id=known.id)
    row = CustomerRow(
        code=customer.code, name=customer.name, name_en=customer.name_en, language=customer.language
    )
    work.session.add(row)
    work.session.flush()
    work.record("customer.taken_in", subject=row.code, new={"name": row.name})
    return Done(id=row.id)


def _known(session: Session, code: str) -> CustomerRow | None:
    """Return the customer, preferably written just so, None where there is none."""
    wanted = sa.select(CustomerRow).where(alike(CustomerRow.code, code))
    return session.execute(wanted.order_by(CustomerRow.code != code).limit(1)).scalar_one_or_none()
