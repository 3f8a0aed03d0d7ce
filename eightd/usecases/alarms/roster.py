"""Who hears an alarm: those its step names, deputies considered, looked up once per slice of a sweep."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eightd.domain.clock.chain import Alarm, Recipient
from eightd.domain.clock.due import Deadline
from eightd.domain.complaint import DisciplineState, Role
from eightd.notifications.recipients import Stand, holders_of, leads_of, standing_in
from eightd.persistence.repositories.complaints import answering_id
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.task import TaskRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.telling import sales_of


class Roster:
    """Answers for one transaction; what was looked up holds until its end."""

    def __init__(self, work: Work) -> None:
        """Begin with nothing known."""
        self._work = work
        self._owners: dict[tuple[int, str], frozenset[int]] = {}
        self._leads: dict[frozenset[int], frozenset[int]] = {}
        self._quality_managers: dict[tuple[int, int], frozenset[int]] = {}
        self._stands: dict[tuple[frozenset[int], date], tuple[Stand, ...]] = {}

    def stands(self, row: ComplaintRow, deadline: Deadline, alarm: Alarm, on: date) -> tuple[Stand, ...]:
        """Return who hears a milestone's alarm on a plant-local day."""
        return self.hearing(row, self.owners(row, deadline), alarm, on)

    def hearing(self, row: ComplaintRow, owners: frozenset[int], alarm: Alarm, on: date) -> tuple[Stand, ...]:
        """Return who hears an alarm of these owners; where nobody is left, the quality manager does."""
        people: frozenset[int] = frozenset()
        if Recipient.OWNER in alarm.to:
            people |= owners
        if Recipient.LEAD in alarm.to:
            people |= self._leads_of(row, owners) or self.quality_managers(row)
        if Recipient.QUALITY_MANAGER in alarm.to or not people:
            people |= self.quality_managers(row)
        if (people, on) not in self._stands:
            self._stands[people, on] = standing_in(self._work.session, people, on)
        return self._stands[people, on]

    def owners(self, row: ComplaintRow, deadline: Deadline) -> frozenset[int]:
        """Return whom a milestone waits for.

        They are the owners of its answers that are not accepted yet, else who sends; always the CQE as well.
        """
        known = self._owners.get((row.id, deadline.milestone.name))
        if known is not None:
            return known
        missing = self._work.session.execute(
            sa.select(DisciplineRow.owner_id).where(
                DisciplineRow.complaint_id == answering_id(row),
                DisciplineRow.code.in_(deadline.milestone.disciplines),
                DisciplineRow.state != DisciplineState.ACCEPTED,
            )
        ).scalars()
        owners = set(missing)
        people = owners - {None} if owners else set(sales_of(self._work.session, row))
        found = frozenset(one for one in people | {row.cqe_id} if one is not None)
        self._owners[row.id, deadline.milestone.name] = found
        return found

    def task_owners(self, row: ComplaintRow, task: TaskRow) -> frozenset[int]:
        """Return whom an action waits for: its owner, else the discipline's owner and the CQE."""
        if task.owner_id is not None:
            return frozenset({task.owner_id})
        discipline = self._work.session.get(DisciplineRow, (row.id, task.code))
        owner_id = None if discipline is None else discipline.owner_id
        return frozenset(one for one in (owner_id, row.cqe_id) if one is not None)

    def quality_managers(self, row: ComplaintRow) -> frozenset[int]:
        """Return the quality managers of the complaint's plant who may see its customer."""
        where = (row.plant_id, row.customer_id)
        if where not in self._quality_managers:
            found = holders_of(self._work.session, Role.QUALITY_MANAGER, *where)
            self._quality_managers[where] = frozenset(found)
        return self._quality_managers[where]

    def _leads_of(self, row: ComplaintRow, owners: frozenset[int]) -> frozenset[int]:
        """Return whom the CQE reports to, or the owners where the complaint has no CQE."""
        whose = frozenset({row.cqe_id}) if row.cqe_id is not None else owners
        if whose not in self._leads:
            self._leads[whose] = frozenset(leads_of(self._work.session, whose))
        return self._leads[whose]
