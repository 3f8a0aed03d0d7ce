"""Deadline profiles by name and version (procedure 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.examples import EXAMPLES
from eightd.domain.clock.profile import Profile, from_document
from eightd.domain.words import Message
from eightd.persistence.tables.catalogue import CustomerRow, CustomerTierProfileRow, ProfileRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import UserRow


@dataclass(frozen=True, slots=True)
class ProfileNameView:
    """A name with its newest version and how many active customers go by it, for whatever tier."""

    name: str
    newest: int
    pace: Message
    created_at: datetime
    customers: int


@dataclass(frozen=True, slots=True)
class ProfileVersionView:
    """One version and how many open complaints run by it."""

    profile: Profile
    created_at: datetime
    created_by: str
    open_complaints: int


def names(session: Session) -> tuple[ProfileNameView, ...]:
    """Return every name in order."""
    usual = sa.select(CustomerRow.profile.label("profile"), CustomerRow.id.label("id"))
    of_tiers = sa.select(CustomerTierProfileRow.profile, CustomerRow.id).join(
        CustomerRow, CustomerRow.id == CustomerTierProfileRow.customer_id
    )
    going = sa.union(usual.where(CustomerRow.active), of_tiers.where(CustomerRow.active)).subquery()
    used: dict[str, int] = dict(
        session.execute(sa.select(going.c.profile, sa.func.count()).group_by(going.c.profile)).all()
    )
    newest: dict[str, ProfileRow] = {}
    for row in session.execute(sa.select(ProfileRow).order_by(ProfileRow.name, ProfileRow.number)).scalars():
        newest[row.name] = row
    return tuple(
        ProfileNameView(name, row.number, from_document(row.document).pace, row.created_at, used.get(name, 0))
        for name, row in newest.items()
    )


def missing_examples(names: tuple[ProfileNameView, ...]) -> tuple[Profile, ...]:
    """Return the shipped examples whose names are not in use, whatever their case."""
    known = {one.name.lower() for one in names}
    return tuple(one for one in EXAMPLES if one.name not in known)


def versions(session: Session, name: str) -> tuple[ProfileVersionView, ...]:
    """Return the versions of a name, newest first; none for a name that does not exist."""
    rows = session.execute(
        sa.select(ProfileRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == ProfileRow.created_by)
        .where(ProfileRow.name == name)
        .order_by(ProfileRow.number.desc())
    ).all()
    refs = [f"{row.name}@{row.number}" for row, _ in rows]
    running = dict(
        session.execute(
            sa.select(ComplaintRow.profile, sa.func.count())
            .where(ComplaintRow.is_open, ComplaintRow.profile.in_(refs))
            .group_by(ComplaintRow.profile)
        ).all()
    )
    return tuple(
        ProfileVersionView(from_document(row.document), row.created_at, by or "", running.get(ref, 0))
        for (row, by), ref in zip(rows, refs, strict=True)
    )
