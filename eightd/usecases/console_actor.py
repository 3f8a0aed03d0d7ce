"""Who a console command is: the machine's administrator, who reads every plant and is recorded as ``console``."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import UnitOfWork

NAME = "console"
"""What the record calls the actor; there is no account behind it."""


def plants_by_code(uow: UnitOfWork) -> Mapping[str, int]:
    """Return the ids of all plants by their codes."""
    with uow.reading() as session:
        return {row.code: row.id for row in session.execute(sa.select(PlantRow.code, PlantRow.id))}


def console_actor(uow: UnitOfWork) -> Actor:
    """Return an auditor of all plants: everything released is read, nothing is changed."""
    return Actor(id=0, roles=frozenset({Role.AUDITOR}), plants=frozenset(plants_by_code(uow).values()))
