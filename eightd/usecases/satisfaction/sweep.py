"""Remind a customer who has not answered, once; raise the alarm where an unhappy one was not called in time.

Both instants are stored and indexed; each is moved with a compare-and-swap before anybody is told, so that two
sweeps, a restart or a jump of the clock send nothing twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from eightd.domain.clock.ticks import tick_clock
from eightd.domain.complaint import Role
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.satisfaction import SurveyState
from eightd.notifications.recipients import holders_of, standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.catalogue import PartRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.alarms.tasks import timetable_of
from eightd.usecases.outcome import local_day
from eightd.usecases.outside_mail import can_write, write_outside
from eightd.usecases.satisfaction import wording
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order
from eightd.usecases.telling import complaint_facts, sales_of

SLICE = 20


def is_anything_due(services: Services) -> bool:
    """Return whether a reminder or an alarm has come, without writing anything."""
    now = services.clock()
    with services.uow.reading() as session:
        return any(
            session.execute(sa.select(SurveyRow.id).where(column <= now).limit(1)).first() is not None
            for column in (SurveyRow.remind_at, SurveyRow.next_alarm_at)
        )


def sweep_satisfaction(services: Services) -> int:
    """Send the reminders and raise the alarms that have come; return how many there were."""
    now, done = services.clock(), 0
    while True:
        with services.uow.writing(system_order(now)) as work:
            found = _slice(work)
        done += found
        if found < SLICE:
            return done


def _slice(work: Work) -> int:
    found = work.session.execute(
        sa.select(SurveyRow, ComplaintRow)
        .join(ComplaintRow, ComplaintRow.id == SurveyRow.complaint_id)
        .where(sa.or_(SurveyRow.remind_at <= work.now, SurveyRow.next_alarm_at <= work.now))
        .order_by(SurveyRow.id)
        .limit(SLICE)
        .with_for_update(of=ComplaintRow, skip_locked=True)
    ).all()
    for survey, row in found:
        if survey.remind_at is not None and survey.remind_at <= work.now:
            _remind(work, row, survey)
        if survey.next_alarm_at is not None and survey.next_alarm_at <= work.now:
            _alarm(work, row, survey)
    return len(found)


def _remind(work: Work, row: ComplaintRow, survey: SurveyRow) -> None:
    wanted = survey.state is SurveyState.ASKED and survey.expires_at > work.now
    sends = wanted and can_write(work.session, row.plant_id)
    if (
        not _swap(work, survey, SurveyRow.remind_at, None, reminded_at=work.now if sends else None)
        or not sends
    ):
        return
    subject, body = wording.reminding(about(work, row), survey.language)
    write_outside(
        work,
        row,
        purpose=OutsidePurpose.SATISFACTION,
        subject_id=survey.id,
        language=survey.language,
        recipients=survey.recipients,
        subject=subject,
        body=body,
        link_id=survey.id,
    )
    work.record(
        EventTag.SATISFACTION_ASKED,
        complaint_id=row.id,
        subject=f"survey {survey.id}",
        new={"recipients": ", ".join(survey.recipients), "reminded_at": work.now.isoformat()},
    )


def _alarm(work: Work, row: ComplaintRow, survey: SurveyRow) -> None:
    """Tell sales and the CQE when the day is over, the quality manager as well a working day later."""
    at, due_at = survey.next_alarm_at, survey.follow_up_due_at
    is_first = at == due_at
    next_at = None
    if is_first and at is not None:
        times = timetable_of(work.session, row)
        next_at = (
            tick_clock(times.calendar, times.close_of_business, times.zone).due(1, at, ()).contractual_due_at
        )
    if not _swap(work, survey, SurveyRow.next_alarm_at, next_at) or survey.follow_up_done_at is not None:
        return
    people = sales_of(work.session, row)
    if row.cqe_id is not None:
        people.add(row.cqe_id)
    if not is_first:
        people |= holders_of(work.session, Role.QUALITY_MANAGER, row.plant_id, row.customer_id)
    facts = replace(
        complaint_facts(work.session, row),
        path=f"/complaints/{row.number}/satisfaction",
        due_at=due_at,
        alarm_at=at,
        at=work.now,
    )
    told = postbox(work).tell(
        MessageKind.FOLLOW_UP_OVERDUE,
        standing_in(work.session, people, local_day(work, row)),
        facts,
        plant_id=row.plant_id,
        complaint_id=row.id,
        due_at=due_at,
        duty=True,
    )
    work.record(
        EventTag.ALARM_RAISED,
        complaint_id=row.id,
        subject=f"survey {survey.id}",
        new={
            "kind": MessageKind.FOLLOW_UP_OVERDUE.value,
            "at": at.isoformat() if at else "",
            "due_at": due_at.isoformat() if due_at else "",
            "told": list(told),
        },
    )


def about(work: Work, row: ComplaintRow) -> wording.About:
    """Return what a mail to the customer speaks of."""
    plant = work.session.get_one(PlantRow, row.plant_id)
    part = work.session.get_one(PartRow, row.part_id)
    return wording.About(row.number, row.customer_number, part.number, plant.name, plant.name_en)


def _swap(
    work: Work,
    survey: SurveyRow,
    column: sa.orm.InstrumentedAttribute[datetime | None],
    next_at: datetime | None,
    **others: datetime | None,
) -> bool:
    """Move an instant where nobody has moved it since it was read; return whether that was so."""
    swapped = work.session.execute(
        sa.update(SurveyRow)
        .where(SurveyRow.id == survey.id, column == getattr(survey, column.key))
        .values(**{column.key: next_at, **others})
        .returning(SurveyRow.id)
        .execution_options(synchronize_session=False)
    )
    return swapped.first() is not None
