"""Alarms of actions on both stores: the milestones' chain and sweep, each once, also after the program was down."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.clock.chain import AlarmKind
from eightd.domain.messages import MessageKind
from eightd.persistence.tables.messaging import AlarmRow, MessageRow, UserMessagingRow
from eightd.persistence.tables.people import AbsenceRow, UserRow
from eightd.persistence.tables.record import AuditRow
from eightd.persistence.tables.task import TaskRow
from eightd.usecases import outcome
from eightd.usecases.alarms.digest import send_digests
from eightd.usecases.alarms.sweep import sweep
from eightd.usecases.tasks.change import change_task
from eightd.usecases.tasks.finish import finish_task
from eightd.usecases.tasks.older import bring_older_in_step
from eightd.usecases.tasks.verify import verify_task
from tests.usecases.case import Case
from tests.usecases.tasks import DUE, do, tasks, with_actions

DUE_AT = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)  # Friday 17:30 in Shanghai
DAY = timedelta(days=1)
KINDS = (MessageKind.TASK_REMINDER, MessageKind.TASK_DUE, MessageKind.TASK_OVERDUE)


@pytest.fixture
def case(store_world):
    made = with_actions(Case(store_world))
    with made.services.uow.writing(store_world.order("admin")) as work:
        leads = sa.update(UserRow).where(UserRow.id == made.row.cqe_id)
        work.session.execute(leads.values(lead_id=store_world.users["rd"]))
    return made


def raised(case):
    """Return (kind, instant, who) of the alarms of action a, oldest first."""
    names = {user_id: login for login, user_id in case.world.users.items()}
    task = tasks(case)["a"]
    found = [one for one in case.all(AlarmRow, AlarmRow.at) if one.milestone == f"task:{task.id}"]
    return [(one.kind, one.at, {names[who] for who in one.recipients}) for one in found]


def told(case):
    return [row for row in case.all(MessageRow) if row.kind in KINDS and row.facts["task"] == "Interlock"]


def test_each_alarm_of_the_chain_is_raised_once_at_its_instant(case, clock):
    sweep(case.services)
    assert raised(case) == []
    course = [DUE_AT - DAY, DUE_AT - timedelta(hours=2), DUE_AT, DUE_AT + 3 * DAY, DUE_AT + 4 * DAY]
    for count, at in enumerate(course):
        clock.now = at - timedelta(seconds=1)
        sweep(case.services)
        assert len(raised(case)) == count
        clock.now = at
        sweep(case.services)
        sweep(case.services)
        assert len(raised(case)) == count + 1
    kinds = AlarmKind.REMINDER, AlarmKind.REMINDER, AlarmKind.DUE, AlarmKind.OVERDUE, AlarmKind.OVERDUE
    assert [(kind, at) for kind, at, _ in raised(case)] == list(zip(kinds, course, strict=True))
    owner, lead, manager = {"pie"}, {"pie", "rd"}, {"pie", "rd", "quality_manager"}
    assert [who for _, _, who in raised(case)] == [owner, owner, owner, lead, manager]
    clock.advance(days=60)
    sweep(case.services)
    assert len(raised(case)) == 5
    assert len(told(case)) == 1 + 1 + 1 + 2 + 3
    entries = [row for row in case.all(AuditRow, AuditRow.sequence) if row.tag == "alarm.raised"]
    assert "Interlock" in {row.new.get("task") for row in entries}


def test_after_downtime_sweeps_at_the_same_time_raise_each_missed_alarm_once(case, clock):
    clock.now = DUE_AT + 10 * DAY
    gate = threading.Barrier(2)

    def one():
        gate.wait()
        sweep(case.services)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep(case.services)
    assert [kind.value for kind, _, _ in raised(case)] == [
        "reminder",
        "reminder",
        "due",
        "overdue",
        "overdue",
    ]
    assert len(told(case)) == 8


def test_done_in_time_raises_nothing_and_what_does_not_work_is_told_of_again(case, clock):
    do(case, finish_task, "pie", "a", done_on=date(2026, 3, 12))
    clock.now = DUE_AT + DAY / 2
    sweep(case.services)
    assert raised(case) == []
    do(case, verify_task, "pqe", "a", works=False, note="opens")
    sweep(case.services)
    assert [kind for kind, _, _ in raised(case)] == [AlarmKind.DUE], "the latest that should have been heard"
    clock.now = DUE_AT + 3 * DAY
    sweep(case.services)
    assert [kind for kind, _, _ in raised(case)] == [AlarmKind.DUE, AlarmKind.OVERDUE]


def test_a_day_that_was_moved_begins_its_alarms_anew(case, clock):
    owner = tasks(case)["a"].owner_id
    clock.now = DUE_AT - timedelta(hours=1)
    do(case, change_task, "cqe", "a", owner_id=owner, due_on=DUE)
    do(case, change_task, "cqe", "a", owner_id=owner, due_on=date(2026, 3, 16))
    sweep(case.services)
    assert [kind for kind, _, _ in raised(case)] == [AlarmKind.OVERDUE], "of a day already past the latest"
    do(case, change_task, "cqe", "a", owner_id=owner, due_on=DUE, reason="too early")
    sweep(case.services)
    assert len(raised(case)) == 1, "no reminder that comes late"
    clock.now = DUE_AT
    sweep(case.services)
    later = date(2026, 3, 27)
    do(case, change_task, "cqe", "a", owner_id=owner, due_on=later, reason="tool comes late")
    clock.now = DUE_AT + 7 * DAY
    sweep(case.services)
    new = [(kind.value, at) for kind, at, _ in raised(case) if at > DUE_AT]
    assert new == [
        ("reminder", DUE_AT + 6 * DAY), ("reminder", DUE_AT + 7 * DAY - timedelta(hours=2)), ("due", DUE_AT + 7 * DAY),
    ]  # fmt: skip


def test_deputies_hear_alarms_nobodys_are_the_discipline_owners_and_the_cqes_and_cancelled_ones_silent(
    case, clock
):
    users = case.world.users
    with case.services.uow.writing(case.world.order("admin")) as work:
        away = AbsenceRow(user_id=users["pie"], deputy_id=users["sqe"], from_on=DUE, until_on=DUE)
        work.session.add(away)
    clock.now = DUE_AT
    sweep(case.services)
    task = tasks(case)["c"]
    (due,) = [
        one for one in case.all(AlarmRow, AlarmRow.at)
        if one.milestone == f"task:{task.id}" and one.kind is AlarmKind.DUE
    ]  # fmt: skip
    mine = {case.world.users[case.owner(task.code)], case.row.cqe_id}
    assert set(due.recipients) == {users["sqe"] if who == users["pie"] else who for who in mine}
    assert raised(case)[-1][2] == {"sqe"}
    before = len(case.all(AlarmRow, AlarmRow.at))
    case.do(outcome.cancel, "cqe", reason="registered twice")
    clock.now = DUE_AT + 10 * DAY
    sweep(case.services)
    assert len(case.all(AlarmRow, AlarmRow.at)) == before


def test_of_older_complaints_only_the_latest_alarm_is_raised(case, clock):
    with case.services.uow.writing(case.world.order("admin")) as work:
        work.session.execute(sa.delete(TaskRow))
    clock.now = DUE_AT + 10 * DAY
    bring_older_in_step(case.services)
    sweep(case.services)
    assert [kind for kind, _, _ in raised(case)] == [AlarmKind.OVERDUE]
    assert raised(case)[0][1] == DUE_AT + 4 * DAY


def test_the_morning_tells_of_my_overdue_actions_and_those_of_today(case, clock):
    send_digests(case.services)
    with case.services.uow.writing(case.world.order("admin")) as work:
        row = work.session.get_one(UserMessagingRow, case.world.users["pie"])
        row.digest_time = time(8)
        row.next_digest_at = DUE_AT.replace(hour=0)
    for at, kind in ((DUE_AT.replace(hour=0), "task_due"), (DUE_AT + DAY, "task_overdue")):
        clock.now = at
        send_digests(case.services)
        with case.services.uow.reading() as session:
            facts = session.execute(
                sa.select(MessageRow.facts)
                .where(MessageRow.user_id == case.world.users["pie"], MessageRow.kind == MessageKind.DIGEST)
                .order_by(MessageRow.id.desc())
                .limit(1)
            ).scalar_one()
        assert [(one["kind"], one["task"]) for one in facts["items"] if "task" in one] == [
            (kind, "Interlock")
        ]
