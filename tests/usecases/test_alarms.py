"""Alarms: each once, to whom the chain says, also after the program was down."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.clock.stops import StopReason
from eightd.domain.messages import DeliveryState, MessageKind, RelayKind
from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from eightd.persistence.tables.messaging import (
    AlarmRow,
    DeliveryMessageRow,
    DeliveryRow,
    MessageRow,
    RelayRow,
    UserMessagingRow,
)
from eightd.persistence.tables.people import AbsenceRow, UserRow
from eightd.usecases.alarms.digest import send_digests
from eightd.usecases.alarms.sweep import sweep
from eightd.usecases.clock import resume_clock, stop_clock
from tests import complaints


@pytest.fixture
def world(store_world):
    return store_world


@pytest.fixture
def services(store_services):
    return store_services


def told(services, *kinds):
    """Return (login, kind, milestone) of the messages there are, in the order they were made."""
    with services.uow.reading() as session:
        found = session.execute(
            sa.select(UserRow.login, MessageRow.kind, MessageRow.facts)
            .join(UserRow, UserRow.id == MessageRow.user_id)
            .order_by(MessageRow.id)
        ).all()
    return [(login, kind.value, facts.get("milestone", "")) for login, kind, facts in found if kind in kinds]


ALARMS = (MessageKind.REMINDER, MessageKind.DUE, MessageKind.OVERDUE)


def work_on(services, world, change):
    with services.uow.writing(world.order("admin")) as work:
        change(work.session)


def with_relay(services, world, *, cap=30, logins=("cqe", "sales", "quality_manager")):
    def change(session):
        session.add(
            RelayRow(
                kind=RelayKind.SMTP,
                name="mail",
                plant_id=None,
                settings={"host": "127.0.0.1"},
                cap_per_hour=cap,
            )
        )
        for login in logins:
            session.get_one(UserRow, world.users[login]).email = f"{login}@example.com"

    work_on(services, world, change)


def deliveries(services):
    with services.uow.reading() as session:
        rows = session.execute(sa.select(DeliveryRow).order_by(DeliveryRow.id)).scalars().all()
        counts = dict(
            session.execute(
                sa.select(DeliveryMessageRow.delivery_id, sa.func.count()).group_by(
                    DeliveryMessageRow.delivery_id
                )
            ).all()
        )
    return [(row.address, counts.get(row.id, 0), row) for row in rows]


# ---------------------------------------------------------------- the chain of the initial reply: 24 hours


def test_each_alarm_of_a_milestone_is_raised_once_at_its_instant(services, world, clock):
    work_on(
        services,
        world,
        lambda session: setattr(session.get_one(UserRow, world.users["cqe"]), "lead_id", world.users["cqe2"]),
    )
    done = complaints.registered(world)
    with services.uow.reading() as session:
        row = session.get_one(DeadlineRow, (done.id, "initial_reply"))
        due_at = row.due_at
    course = [
        (timedelta(hours=-8, seconds=-1), 0),
        (timedelta(hours=-8), 1),
        (timedelta(hours=-2), 1),
        (timedelta(0), 1),
        (timedelta(hours=4), 1),
        (timedelta(hours=24), 1),
        (timedelta(days=30), 0),
    ]
    raised = []
    for distance, wanted in course:
        clock.now = due_at + distance
        assert sweep(services).raised == wanted, distance
        assert sweep(services).raised == 0, "a second sweep raises nothing again"
        raised.append(wanted)
    with services.uow.reading() as session:
        kept = session.execute(sa.select(AlarmRow).order_by(AlarmRow.step)).scalars().all()
    assert [(alarm.kind.value, alarm.at) for alarm in kept] == [
        ("reminder", due_at - timedelta(hours=8)),
        ("reminder", due_at - timedelta(hours=2)),
        ("due", due_at),
        ("overdue", due_at + timedelta(hours=4)),
        ("overdue", due_at + timedelta(hours=24)),
    ]
    people = {alarm.step: set(alarm.recipients) for alarm in kept}
    assert world.users["cqe2"] in people[3]
    assert world.users["cqe2"] not in people[2]
    assert world.users["quality_manager"] in people[4]
    assert world.users["quality_manager"] not in people[3]


def test_a_lead_nobody_named_means_the_quality_manager(services, world, clock):
    complaints.registered(world)
    clock.advance(hours=28)
    sweep(services)
    assert ("quality_manager", "overdue", "initial_reply") in told(services, MessageKind.OVERDUE)


def test_who_is_away_is_told_through_the_deputy(services, world, clock):
    done = complaints.registered(world)
    with services.uow.reading() as session:
        owner = session.execute(
            sa.select(MessageRow.user_id).where(MessageRow.kind == MessageKind.REGISTERED)
        ).scalar_one()
    today = date(2026, 3, 13)
    others = {"cqe": "cqe2", "cqe2": "cqe"}
    login = next(one for one, user_id in world.users.items() if user_id == owner)
    work_on(
        services,
        world,
        lambda session: session.add(
            AbsenceRow(user_id=owner, deputy_id=world.users[others[login]], from_on=today, until_on=today)
        ),
    )
    clock.advance(hours=16)
    sweep(services)
    reminded = [one for one, _, _ in told(services, MessageKind.REMINDER)]
    assert others[login] in reminded
    assert login not in reminded
    assert done.number


def test_a_milestone_that_is_met_raises_nothing_more(services, world, clock):
    done = complaints.registered(world)
    complaints.closed(world, done)
    clock.advance(days=3)
    assert sweep(services).raised == 0


# ---------------------------------------------------------------- the program was down


def test_after_three_days_down_every_alarm_comes_once_as_one_mail_per_person(services, world, clock):
    with_relay(services, world)
    for _ in range(4):
        complaints.registered(world)
    before = len(deliveries(services))
    clock.advance(days=3)
    swept = sweep(services)
    assert swept.raised == 4 * 5
    assert sweep(services).raised == 0
    new = deliveries(services)[before:]
    addresses = [address for address, _, _ in new]
    assert len(addresses) == len(set(addresses)), "one mail per person"
    assert {row.not_before_at for _, _, row in new} == {clock.now}, "let go at the end of the sweep"
    with services.uow.reading() as session:
        alarms = session.execute(
            sa.select(MessageRow.facts)
            .where(MessageRow.user_id == world.users["sales"], MessageRow.kind.in_(ALARMS))
            .order_by(MessageRow.id)
        ).scalars()
        instants = [facts["alarm_at"] for facts in alarms]
    assert instants == sorted(instants), "the oldest first"


def test_a_sweep_that_died_leaves_its_bundles_to_leave_by_themselves(services, world, clock):
    with_relay(services, world)
    for _ in range(60):
        complaints.registered(world)
    clock.advance(days=3)
    first = sweep(services, until_told=1)
    assert first.raised > 0
    held = [row for _, _, row in deliveries(services) if row.is_alarm]
    assert all(row.not_before_at <= clock.now + timedelta(minutes=2) for row in held)
    clock.advance(seconds=20)
    rest = sweep(services)
    assert first.raised + rest.raised == 60 * 5


def test_a_complaint_that_comes_in_late_is_told_of_once_not_reminded_first(services, world, clock):
    late = complaints.registration(world)
    header = complaints.replace(late.header, received_at=clock.now - timedelta(days=3))
    complaints.register(
        services.uow, world.order("sales"), registration=complaints.replace(late, header=header)
    )
    assert sweep(services).raised == 1
    assert {kind for _, kind, _ in told(services, *ALARMS)} == {"overdue"}


def test_cases_loaded_from_earlier_times_are_told_of_once_not_through_their_whole_past(
    services, world, clock
):
    order = replace(world.order("sales"), silent=True)
    complaints.register(services.uow, order, registration=complaints.registration(world))
    assert told(services, *MessageKind) == []
    clock.advance(days=3)
    assert sweep(services).raised == 1
    assert {kind for _, kind, _ in told(services, *ALARMS)} == {"overdue"}


# ---------------------------------------------------------------- several sweeps, a clock that jumps


def test_sweeps_at_the_same_time_raise_each_alarm_once(services, world, clock):
    for _ in range(30):
        complaints.registered(world)
    clock.advance(days=3)
    raised = []
    gate = threading.Barrier(4)

    def one():
        gate.wait()
        raised.append(sweep(services).raised)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep(services)  # what another sweep had locked while these passed by
    with services.uow.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AlarmRow)) == 30 * 5
        doubled = session.execute(
            sa.select(MessageRow.user_id, MessageRow.complaint_id, MessageRow.kind, MessageRow.facts).where(
                MessageRow.kind.in_(ALARMS)
            )
        ).all()
    keys = [(user, complaint, kind, facts["alarm_at"]) for user, complaint, kind, facts in doubled]
    assert len(keys) == len(set(keys))


def test_a_clock_set_forward_a_day_and_back_tells_nothing_twice(services, world, clock):
    complaints.registered(world)
    seen = []
    for hours in (16, 24, -24, 8, 2, 24, 24):
        clock.advance(hours=hours)
        sweep(services)
        seen = told(services, *ALARMS)
    assert len(seen) == len(set(_keys(services)))
    with services.uow.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AlarmRow)) == 5


def _keys(services):
    with services.uow.reading() as session:
        return [
            (user, facts["milestone"], facts["alarm_at"])
            for user, facts in session.execute(
                sa.select(MessageRow.user_id, MessageRow.facts).where(MessageRow.kind.in_(ALARMS))
            )
        ]


# ---------------------------------------------------------------- stops


def test_a_running_stop_holds_the_alarms_and_its_agreed_end_is_told_once(services, world, clock):
    done = complaints.confirmed(world, complaints.registered(world))
    agreed = clock.now + timedelta(days=2)
    done = stop_clock(
        services.uow, world.order("cqe"), number=done.number, version=done.version, from_at=clock.now,
        reason=StopReason.LABORATORY, note="X-ray at the laboratory", agreed_until_at=agreed,
    )  # fmt: skip
    with services.uow.reading() as session:
        states = {
            row.milestone: row.next_alarm_at for row in session.execute(sa.select(DeadlineRow)).scalars()
        }
    assert states["initial_reply"] is not None
    assert states["preliminary_analysis"] is None
    assert states["final_report"] is None
    clock.now = agreed - timedelta(seconds=1)
    sweep(services)
    assert told(services, MessageKind.STOP_ENDED) == []
    clock.now = agreed
    sweep(services)
    sweep(services)
    assert len(told(services, MessageKind.STOP_ENDED)) == len(set(told(services, MessageKind.STOP_ENDED))) > 0
    with services.uow.reading() as session:
        assert session.execute(sa.select(ClockStopRow.end_alarm_at)).scalars().all() == [None]


def test_a_resumed_clock_has_its_alarms_again(services, world, clock):
    done = complaints.confirmed(world, complaints.registered(world))
    done = stop_clock(
        services.uow, world.order("cqe"), number=done.number, version=done.version, from_at=clock.now,
        reason=StopReason.LABORATORY, note="X-ray at the laboratory",
    )  # fmt: skip
    clock.advance(days=1)
    resume_clock(services.uow, world.order("cqe"), number=done.number, version=done.version, to_at=clock.now)
    with services.uow.reading() as session:
        row = session.get_one(DeadlineRow, (done.id or 1, "final_report"))
    assert row.next_alarm_at is not None
    assert row.next_alarm_at < row.due_at


# ---------------------------------------------------------------- quiet hours, caps, mornings


def test_quiet_hours_hold_back_a_reminder_but_not_what_falls_due_within_them(services, world, clock):
    with_relay(services, world, logins=("cqe", "cqe2"))

    def quiet(session):
        for login in ("cqe", "cqe2"):
            session.add(
                UserMessagingRow(
                    user_id=world.users[login], zone="Asia/Shanghai", chat_names={},
                    quiet_from=time(23), quiet_until=time(7),
                )
            )  # fmt: skip

    work_on(services, world, quiet)
    complaints.registered(world)  # 16:40 in Shanghai; due at 16:40 tomorrow, reminders at 08:40 and 14:40
    clock.set("2026-03-12T18:00:00+00:00")  # 02:00 in Shanghai
    complaints.registered(
        world,
        header=complaints.replace(
            complaints.registration(world).header, received_at=clock.now - timedelta(hours=20)
        ),
    )  # due at 06:00, within the quiet hours
    sweep(services)
    alarms = [(address, row.not_before_at) for address, _, row in deliveries(services) if row.is_alarm]
    assert alarms
    assert {leaves for _, leaves in alarms} == {clock.now}


def test_more_than_the_cap_waits_and_leaves_together(services, world, clock):
    with_relay(services, world, cap=3, logins=("cqe", "cqe2"))
    for _ in range(12):
        complaints.registered(world)
    found = deliveries(services)
    for login in ("cqe@example.com", "cqe2@example.com"):
        own = [(count, row.not_before_at - clock.now) for address, count, row in found if address == login]
        assert [count for count, _ in own] == [1, 1, 1, 3]
        assert [wait for _, wait in own] == [timedelta(0)] * 3 + [timedelta(hours=1)]
    assert {row.state for _, _, row in found} == {DeliveryState.WAITING}


def test_each_morning_those_with_something_due_are_told_what(services, world, clock):
    send_digests(services)  # makes everybody's usual morning
    done = complaints.registered(world)
    clock.set("2026-03-13T00:00:00+00:00")  # 08:00 in Shanghai
    assert send_digests(services) > 0
    assert send_digests(services) == 0
    mornings = told(services, MessageKind.DIGEST)
    assert "admin" not in {login for login, _, _ in mornings}, "nobody is told that nothing is due"
    with services.uow.reading() as session:
        facts = session.execute(
            sa.select(MessageRow.facts).where(
                MessageRow.kind == MessageKind.DIGEST, MessageRow.user_id == world.users["sales"]
            )
        ).scalar_one()
        following = session.get_one(UserMessagingRow, world.users["sales"]).next_digest_at
    assert [item["number"] for item in facts["items"]] == [done.number]
    assert facts["items"][0]["milestone_en"] == "Initial reply"
    assert following == datetime(2026, 3, 14, 0, 0, tzinfo=UTC)


def test_mornings_missed_while_the_program_was_down_are_made_up_for_once(services, world, clock):
    send_digests(services)
    complaints.registered(world)
    clock.advance(days=5)
    first = send_digests(services)
    assert first == len(told(services, MessageKind.DIGEST))
    assert send_digests(services) == 0
