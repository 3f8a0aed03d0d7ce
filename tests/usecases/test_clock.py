"""Clocks: stops and resuming, both dates, what a met deadline keeps, calendars that change, unknown years."""

from datetime import date, timedelta

import pytest

from eightd.domain.clock.stops import StopReason
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.catalogue import CalendarRow, CustomerRow
from eightd.persistence.tables.deadline import ClockStopRow, DeadlineRow
from eightd.usecases import clock as clocks
from eightd.usecases import outcome
from eightd.usecases.administration import calendars
from eightd.usecases.administration.calendar_fields import CalendarFields, OwnDay
from eightd.usecases.errors import Invalid, NotAllowed
from tests.usecases.case import D1, D2, D3, D4, Case

REVIEWERS = {"cqe", "cqe2", "quality_manager"}
PRELIMINARY, FINAL = "preliminary_analysis", "final_report"


def stop(case, login="cqe", **others):
    values = {
        "from_at": case.services.clock(),
        "reason": StopReason.LABORATORY,
        "note": "LAB-26-0317",
        **others,
    }
    return case.do(clocks.stop_clock, login, **values)


def resume(case, login="cqe", to_at=None):
    return case.do(clocks.resume_clock, login, to_at=to_at or case.services.clock())


def next_calendar(world, *days_off, days_on=()):
    """Enter the next version of China's calendar and move the open deadlines."""
    uow, order = world.services.uow, world.order("admin")
    with uow.reading() as session:
        newest = max(row.number for row in session.query(CalendarRow).filter_by(name="CN"))
    fields = CalendarFields(
        "CN",
        tuple(OwnDay(date.fromisoformat(day), "stocktaking") for day in days_off),
        tuple(OwnDay(date.fromisoformat(day), "Saturday shift") for day in days_on),
    )
    calendars.save_calendar(uow, order, name="CN", version=newest, fields=fields)
    return calendars.apply_calendar(uow, order, name="CN")


@pytest.fixture
def sampled(case, clock):
    """The adapter case: received on Thursday 2026-03-12 16:40, the sample on Saturday at 10:20."""
    clock.set("2026-03-14T10:20:00+08:00")
    return case.confirmed().sampled()


def test_the_adapter_case_to_the_minute(sampled, clock):
    assert [sampled.due(name) for name in (PRELIMINARY, FINAL)] == [
        ("2026-03-18 17:30",) * 2, ("2026-03-24 17:30",) * 2,
    ]  # fmt: skip
    clock.set("2026-03-17T14:00:00+08:00")
    stop(sampled)
    clock.set("2026-03-18T18:10:00+08:00")
    resume(sampled)
    assert [sampled.due(name) for name in (PRELIMINARY, FINAL)] == [
        ("2026-03-18 17:30", "2026-03-20 17:30"), ("2026-03-24 17:30", "2026-03-26 17:30"),
    ]  # fmt: skip
    (kept,) = sampled.all(ClockStopRow)
    assert (kept.note, kept.by, kept.resumed_by) == ("LAB-26-0317", sampled.world.users["cqe"], kept.by)
    assert [entry.tag for entry in sampled.record[-2:]] == ["clock.stopped", "clock.resumed"]


@pytest.mark.parametrize(
    ("from_at", "to_at", "agreed"),
    [
        ("2026-03-16T17:30:00+08:00", "2026-03-16T17:30:00+08:00", "2026-03-18 17:30"),  # as long as nothing
        (
            "2026-03-16T17:30:00+08:00",
            "2026-03-16T17:30:01+08:00",
            "2026-03-19 17:30",
        ),  # its beginning counts
        ("2026-03-16T09:00:00+08:00", "2026-03-16T17:30:00+08:00", "2026-03-18 17:30"),  # its end does not
        ("2026-03-14T10:20:00+08:00", "2026-03-15T23:00:00+08:00", "2026-03-18 17:30"),  # over a weekend
    ],
)
def test_a_tick_inside_a_stop_does_not_count(world, clock, from_at, to_at, agreed):
    case = Case(world)
    clock.set("2026-03-14T10:20:00+08:00")
    case.sampled()
    clock.set(from_at)
    stop(case)
    clock.set(to_at)
    resume(case)
    assert case.due(PRELIMINARY) == ("2026-03-18 17:30", agreed)


def test_while_it_is_stopped_what_is_judged_depends_on_the_customer(store_world, sampled, clock):
    clock.set("2026-03-16T09:00:00+08:00")
    sampled.accept(D1, D2, D3)
    sampled.send(ReportKind.INITIAL)
    stop(sampled)
    row = sampled.row
    assert (row.clock_paused, row.next_milestone, row.sort_due_at.year) == (True, PRELIMINARY, 9000)
    resume(sampled)
    assert (sampled.row.clock_paused, sampled.row.next_milestone) == (False, PRELIMINARY)
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.get(CustomerRow, store_world.customer).accepts_stops = False
    stop(sampled)
    row = sampled.row
    assert (row.clock_paused, row.next_milestone) == (True, PRELIMINARY)
    assert row.sort_due_at == sampled.deadline(PRELIMINARY).contractual_due_at
    sampled.do(outcome.cancel, "cqe", reason="withdrawn")
    row = sampled.row
    assert (row.clock_paused, row.next_milestone, row.sort_due_at.year) == (False, None, 9000)


def test_stops_lie_between_the_receipt_and_now_and_never_overlap(case, clock):
    clock.advance(hours=5)
    now = clock()
    for others, field in (
        ({"from_at": case.row.received_at - timedelta(seconds=1)}, "from_at"),
        ({"from_at": now + timedelta(seconds=1)}, "from_at"),
        ({"agreed_until_at": now - timedelta(seconds=1)}, "agreed_until_at"),
    ):
        with pytest.raises(Invalid) as caught:
            stop(case, **others)
        assert list(caught.value.problems) == [field]
    with pytest.raises(NotAllowed):
        stop(case, note=" ")
    with pytest.raises(NotAllowed):
        resume(case)
    stop(case, from_at=now - timedelta(hours=2), agreed_until_at=now + timedelta(days=2))
    with pytest.raises(NotAllowed):
        stop(case)
    for to_at in (now - timedelta(hours=2, seconds=1), now + timedelta(seconds=1)):
        with pytest.raises(Invalid) as caught:
            resume(case, to_at=to_at)
        assert list(caught.value.problems) == ["to_at"]
    resume(case, to_at=now - timedelta(hours=1))
    for hours in (1.5, 1.0001, 4):
        with pytest.raises(Invalid) as caught:
            stop(case, from_at=now - timedelta(hours=hours))
        assert caught.value.problems["from_at"].code == "stop.overlaps"
    stop(case, from_at=now - timedelta(hours=1))  # where the one before ended
    assert len(case.all(ClockStopRow)) == 2


def test_who_stops_and_resumes(case, clock):
    arguments = {"from_at": clock(), "reason": StopReason.OTHER, "note": "x"}
    case.refuses_stale(clocks.stop_clock, "cqe", **arguments)
    case.is_only_for(REVIEWERS, lambda login: stop(case, login))
    stop(case)
    case.refuses_stale(clocks.resume_clock, "cqe", to_at=clock())
    case.is_only_for(REVIEWERS, lambda login: resume(case, login))


def test_a_met_deadline_keeps_its_dates_its_ledger_and_its_calendar(store_world, sampled, clock):
    clock.set("2026-03-17T10:00:00+08:00")
    sampled.accept(D1, D2, D3, D4)
    sampled.send(ReportKind.INITIAL)
    sampled.send(ReportKind.PRELIMINARY)
    met = sampled.deadline(PRELIMINARY)
    assert (met.met_at, met.calendar) == (clock(), sampled.row.calendar)
    assert [step["on"] for step in met.ledger if step["count"]][-1] == "2026-03-18"
    assert all(step["text_zh"] and step["text_en"] for step in met.ledger)
    assert next_calendar(store_world, "2026-03-18", "2026-03-19") == 1
    after = sampled.deadline(PRELIMINARY)
    assert (after.ledger, after.calendar, sampled.due(PRELIMINARY)) == (
        met.ledger,
        met.calendar,
        ("2026-03-18 17:30",) * 2,
    )
    moved = sampled.deadline(FINAL)
    assert moved.calendar != met.calendar
    assert sampled.due(FINAL) == ("2026-03-26 17:30",) * 2
    assert sampled.record[-1].tag == "deadline.moved"
    # A stop recorded afterwards moves what is open and nothing else.
    stop(sampled, from_at=clock() - timedelta(hours=1))
    clock.advance(days=1)
    resume(sampled)
    assert sampled.deadline(PRELIMINARY).ledger == met.ledger
    assert sampled.due(PRELIMINARY) == ("2026-03-18 17:30",) * 2
    assert sampled.due(FINAL) == ("2026-03-26 17:30", "2026-03-27 17:30")


def test_a_days_shift_brings_it_forward_and_is_taken_back(store_world, sampled):
    assert next_calendar(store_world, days_on=["2026-03-21"]) == 1
    assert (sampled.due(PRELIMINARY), sampled.due(FINAL)) == (
        ("2026-03-18 17:30",) * 2,
        ("2026-03-23 17:30",) * 2,
    )
    assert next_calendar(store_world) == 1
    assert sampled.due(FINAL) == ("2026-03-24 17:30",) * 2


def test_a_date_in_a_year_without_official_table_is_provisional(case, clock):
    clock.set("2026-12-29T10:00:00+08:00")
    case.sampled()
    assert [case.deadline(name).provisional for name in ("initial_reply", PRELIMINARY, FINAL)] == [
        False,
        True,
        True,
    ]
    assert len(case.all(DeadlineRow, DeadlineRow.position)) == 3


def test_the_customers_calendar_goes_before_the_plants(store_world, case_of, clock):
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.add(
            CalendarRow(name="CZ", number=1, country="CZ", days_off={}, days_on={}, created_at=clock())
        )
        work.session.get(CustomerRow, store_world.foreign_customer).calendar = "CZ"
    clock.set("2026-04-02T09:00:00+08:00")
    ours, theirs = case_of().sampled(), case_of(customer_code="BERGER").sampled()
    # China is off on 4–6 April, Czechia on the 3rd (Good Friday) and the 6th (Easter Monday).
    assert (ours.due(PRELIMINARY)[0], theirs.due(PRELIMINARY)[0]) == ("2026-04-08 17:30", "2026-04-09 17:30")
    assert theirs.row.calendar.startswith("CZ@1")
