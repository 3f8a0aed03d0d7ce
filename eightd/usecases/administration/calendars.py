"""Make the next version of a working calendar and move the open deadlines that go by it (procedure 4)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.errors import UnknownNameError
from eightd.persistence.locks import hold
from eightd.persistence.official_days import table_version
from eightd.persistence.repositories.open_complaints import SLICE, computed_otherwise, going_by
from eightd.persistence.tables.catalogue import CalendarRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Order, UnitOfWork, Work
from eightd.usecases.administration.calendar_fields import CalendarFields
from eightd.usecases.administration.changing import begin
from eightd.usecases.administration.naming import insist_new_name, next_number
from eightd.usecases.administration.recomputing import recompute_open
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order
from eightd.usecases.verb import Done, verb


@verb("calendar.version")
def save_calendar(work: Work, *, name: str, version: int, fields: CalendarFields) -> Done:
    """Save the version after ``version``, the newest that the actor saw; 0 begins a new name.

    The open deadlines follow by ``apply_calendar``. Raises NotFound, Stale or Invalid.
    """
    begin(work)
    if version == 0:
        insist_new_name(work, CalendarRow, name, 40)
    number = next_number(work, CalendarRow, name, version)
    fields.insist_valid()
    row = CalendarRow(
        name=name,
        number=number,
        country=fields.country,
        days_off=fields.days_off(),
        days_on=fields.days_on(),
        official=table_version(fields.country),
        final_years=sorted(set(fields.final_years)),
        created_at=work.now,
        created_by=work.actor.id,
    )
    work.session.add(row)
    work.session.flush()
    new = {
        "country": row.country,
        "days_off": {
            day.on.isoformat(): day.recorded() for day in sorted(fields.off, key=lambda one: one.on)
        },
        "days_on": {day.on.isoformat(): day.recorded() for day in sorted(fields.on, key=lambda one: one.on)},
        "final_years": row.final_years,
        "official": row.official,
    }
    work.record("calendar.version_made", subject=f"{name}@{number}", new=new)
    return Done(id=row.id, version=number, number=f"{name}@{number}")


def apply_calendar(uow: UnitOfWork, order: Order, *, name: str) -> int:
    """Move the open deadlines that go by the calendar to its newest version; return how many complaints moved.

    Each slice is a transaction of its own, so that a long run keeps nobody else from writing; what is
    left after an interruption is found by the version the deadlines were computed with, and done by calling
    this again. Raises NotFound for those who do not administer.
    """
    return _apply(uow, Order(order.actor, order.actor_name, "", order.now), name, by_system=False)


def refresh_official(services: Services) -> int:
    """Take over the official tables that have arrived and finish what was left; return how many complaints moved.

    A calendar whose country's table is another than the one it was made with gets its next version, with the same
    days beside that table, and the open deadlines that go by it are computed again. So are those that an
    interrupted run left behind. Of two processes at once one does the work; a second call finds nothing to do.
    """
    order = system_order(services.clock())
    with services.uow.reading() as session:
        names = list(session.execute(sa.select(CalendarRow.name).distinct()).scalars())
    moved = 0
    for name in sorted(names):
        with services.uow.reading() as session:
            is_outdated = _outdated(session, name) is not None
        if is_outdated:
            with services.uow.writing(order) as work:
                _take_over(work, name)
        with services.uow.reading() as session:
            is_behind = session.execute(_left_behind(_newest_ref(session, name), name)).first() is not None
        if is_behind:
            moved += _apply(services.uow, order, name, by_system=True)
    return moved


def _take_over(work: Work, name: str) -> None:
    """Make the next version with the country's present table, where nobody has meanwhile."""
    hold(work.session, "administration")
    newest = _outdated(work.session, name)
    if newest is None:
        return
    row = CalendarRow(
        name=name,
        number=newest.number + 1,
        country=newest.country,
        days_off=newest.days_off,
        days_on=newest.days_on,
        official=table_version(newest.country),
        final_years=newest.final_years,
        created_at=work.now,
        created_by=None,
    )
    work.session.add(row)
    work.session.flush()
    work.record(
        "calendar.table_taken_over",
        subject=f"{name}@{row.number}",
        old={"official": newest.official},
        new={"official": row.official},
    )


def _outdated(session: Session, name: str) -> CalendarRow | None:
    """Return the newest version where the country's table is another by now than it was made with."""
    row = session.execute(
        sa.select(CalendarRow).where(CalendarRow.name == name).order_by(CalendarRow.number.desc()).limit(1)
    ).scalar_one()
    try:
        return None if row.official == table_version(row.country) else row
    except UnknownNameError:
        return None  # a country that the library has lost: the version stays as it is


def _apply(uow: UnitOfWork, order: Order, name: str, *, by_system: bool) -> int:
    moved, after = 0, 0
    while True:
        with uow.writing(order) as work:
            if by_system:
                hold(work.session, "administration")
            else:
                begin(work)
            ref = _newest_ref(work.session, name)
            found = _left_behind(ref, name).where(ComplaintRow.id > after).limit(SLICE)
            ids = list(work.session.execute(found).scalars())
            if ids:
                moved += recompute_open(work, ComplaintRow.id.in_(ids), because=ref)
        if len(ids) < SLICE:
            return moved
        after = ids[-1]


def _left_behind(ref: str, name: str) -> sa.Select[int]:
    """Select the open complaints that go by the calendar but were computed with another version."""
    return (
        sa.select(ComplaintRow.id)
        .where(ComplaintRow.is_open, going_by(name), computed_otherwise(ref))
        .order_by(ComplaintRow.id)
    )


def _newest_ref(session: Session, name: str) -> str:
    newest = session.execute(
        sa.select(sa.func.max(CalendarRow.number)).where(CalendarRow.name == name)
    ).scalar_one()
    return f"{name}@{newest}"
