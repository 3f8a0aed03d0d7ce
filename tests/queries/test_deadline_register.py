"""The register of deadlines on both stores: what is in it, by which date, for whom; the rates; how it is read."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.clock.punctuality import Promise, Punctuality, Rate, punctuality
from eightd.domain.clock.stops import StopReason
from eightd.domain.words import Language
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import NOTHING_DUE_AT, DeadlineRow
from eightd.queries import deadline_book, on_time
from eightd.queries import deadline_register as register
from eightd.queries.deadline_register import CountersView, Filters, State
from eightd.queries.deadlines import Lateness
from eightd.usecases import clock as clocks
from eightd.usecases import lateness, outcome
from tests import factories
from tests.factories import LIMITED, STRANGER
from tests.usecases.case import Case

INITIAL, PRELIMINARY, FINAL = "initial_reply", "preliminary_analysis", "final_report"
NAMES = (INITIAL, PRELIMINARY, FINAL)


@pytest.fixture
def world(store_world):
    return store_world


@pytest.fixture
def page(world):
    def read(login="auditor", filters=register.EVERYTHING, **others):
        with world.services.uow.reading() as session:
            actor = world.actor(login)
            return register.page(session, actor, filters, world.services.clock(), Language.EN, **others)

    return read


@pytest.fixture
def counted(world):
    def read(login="auditor"):
        with world.services.uow.reading() as session:
            return register.counters(session, world.actor(login), world.services.clock())

    return read


@pytest.fixture
def rates(world):
    def read(login="auditor", filters=register.EVERYTHING, since=date(2026, 1, 1), until=date(2026, 12, 31)):
        with world.services.uow.reading() as session:
            return on_time.rates(
                session, world.actor(login), filters, world.services.clock(), Language.EN,
                from_on=since, until_on=until,
            )  # fmt: skip

    return read


def told(view):
    return [(line.number, line.milestone) for line in view.lines]


def keep(world, number, milestone, **values):
    """Write what a deadline keeps, as if it had come about so."""
    with world.services.uow.writing(world.order("admin")) as work:
        complaint = work.session.execute(
            sa.select(ComplaintRow.id).where(ComplaintRow.number == number)
        ).scalar_one()
        row = work.session.get_one(DeadlineRow, (complaint, milestone))
        for name, value in values.items():
            setattr(row, name, value)


def stops_count(world, *, accepted):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(CustomerRow, world.customer).accepts_stops = accepted


def test_a_new_complaint_has_its_line_per_milestone(world, page, clock):
    case = Case(world)
    view = page()
    assert told(view) == [(case.number, INITIAL), (case.number, FINAL), (case.number, PRELIMINARY)]
    first, last = view.lines[0], view.lines[-1]
    assert (first.customer, first.part, first.plant, first.cqe, first.calendar, first.profile) == (
        "Anke Electronics", "Power adapter", "P1", first.cqe, case.row.calendar, "standard@1",
    )  # fmt: skip
    assert (first.contractual_due_at, first.agreed_due_at, first.judged_due_at) == (
        clock() + timedelta(hours=24),
    ) * 3
    assert (first.lateness, first.left, first.late_by) == (Lateness.SOON, timedelta(hours=24), timedelta(0))
    assert (last.lateness, last.judged_due_at, last.started_at) == (Lateness.WAITING, None, None)
    clock.advance(hours=30)
    assert page().lines[0].late_by == timedelta(hours=6)


def test_what_is_asked_for(world, page, counted, clock):
    number = Case(world).number
    assert counted() == CountersView(overdue=0, unexplained=0, waiting=2)
    clock.advance(hours=25)
    late = [(number, INITIAL)]
    waiting = [(number, FINAL), (number, PRELIMINARY)]
    for state, expected in (
        (State.OPEN, late + waiting), (State.OVERDUE, late), (State.WAITING, waiting), (State.MET, []),
        (State.MET_LATE, []), (State.UNEXPLAINED, late),
    ):  # fmt: skip
        assert told(page(filters=Filters(state=state))) == expected, state
    assert counted() == CountersView(overdue=1, unexplained=1, waiting=2)
    lateness.explain_lateness(
        world.services.uow, world.order("cqe"), number=number, version=Case.known(world, number).row.version,
        milestone=INITIAL, reason="a holiday of theirs",
    )  # fmt: skip
    assert counted() == CountersView(overdue=1, unexplained=0, waiting=2)
    (line, *_) = page().lines
    assert (line.late_reason, line.late_reason_by) == ("a holiday of theirs", "钱伟")
    assert told(page(filters=Filters(milestone=FINAL))) == [(number, FINAL)]
    assert told(page(filters=Filters(customer_id=world.customer, milestone=INITIAL))) == late
    assert told(page(filters=Filters(customer_id=world.foreign_customer))) == []
    assert told(page(filters=Filters(plants=frozenset({world.foreign_plant})))) == []
    keep(world, number, INITIAL, met_at=clock(), owed=False)
    assert told(page(filters=Filters(state=State.MET_LATE))) == late
    assert page(filters=Filters(state=State.MET_LATE)).lines[0].lateness is Lateness.MET_LATE
    keep(world, number, INITIAL, met_at=clock() - timedelta(hours=1))
    assert told(page(filters=Filters(state=State.MET))) == late  # at the due instant itself
    assert page(filters=Filters(state=State.MET)).lines[0].lateness is Lateness.MET


def test_days_are_the_plants_own(world, page):
    number = Case(world).number  # due on Friday 2026-03-13 16:40 in Shanghai
    keep(world, number, INITIAL, judged_due_at=datetime(2026, 3, 12, 16, 0, tzinfo=UTC))  # midnight there
    on, before = date(2026, 3, 13), date(2026, 3, 12)
    assert told(page(filters=Filters(from_on=on, until_on=on))) == [(number, INITIAL)]
    assert told(page(filters=Filters(until_on=before))) == []
    undated = [(number, FINAL), (number, PRELIMINARY)]
    assert told(page(filters=Filters(from_on=date(2026, 3, 14)))) == undated  # owed, and due some day
    Case.known(world, number).do(outcome.cancel, "cqe", reason="withdrawn")
    assert told(page(filters=Filters(from_on=on))) == [
        (number, INITIAL)
    ]  # it had its date; nobody owes it now
    assert [line.lateness for line in page().lines] == [Lateness.NONE] * 3


def test_a_running_stop_leaves_the_agreed_date_open(world, page, clock):
    clock.set("2026-03-14T10:20:00+08:00")
    case = Case(world).confirmed().sampled()
    clock.set("2026-03-16T09:00:00+08:00")
    case.do(
        clocks.stop_clock, "cqe", from_at=clock(), reason=StopReason.LABORATORY, note="LAB",
    )  # fmt: skip
    clock.set("2026-03-20T09:00:00+08:00")
    line = next(line for line in page().lines if line.milestone == PRELIMINARY)
    assert (line.lateness, line.stopped, line.judged_due_at) == (Lateness.STOPPED, True, None)
    assert line.agreed_due_at == datetime(2026, 3, 24, 9, 30, tzinfo=UTC)  # if it ran again now
    assert line.contractual_late_by > line.late_by == line.agreed_late_by == timedelta(0)
    stops_count(world, accepted=False)
    case.do(clocks.extend_stop, "cqe", agreed_until_at=clock(), reason="x")
    clock.advance(minutes=1)
    case.do(clocks.resume_clock, "cqe", to_at=clock())
    line = next(line for line in page().lines if line.milestone == PRELIMINARY)
    assert (line.lateness, line.accepts_stops) == (Lateness.OVERDUE, False)
    assert line.judged_due_at == line.contractual_due_at


def test_pages_by_key_forwards_and_back(world, page):
    for _ in range(4):
        Case(world)
    everything = told(page())
    assert len(everything) == 12
    first = page(size=5)
    second = page(size=5, after=first.next)
    third = page(size=5, after=second.next)
    assert told(first) + told(second) + told(third) == everything
    assert (first.previous, third.next) == (None, None)
    assert told(page(size=5, before=third.previous)) == told(second)
    assert told(page(size=5, before=second.previous)) == told(first)
    assert told(page(size=5, after=third.lines[-1].key)) == told(first)  # nothing lies behind
    assert told(page(size=9, before=second.previous)) == everything[:9]  # too few lie before


@pytest.mark.parametrize("login", [STRANGER, LIMITED, "admin"])
def test_foreign_deadlines_are_not_there(world, page, counted, rates, clock, login):
    Case(world)
    clock.advance(hours=30)
    assert page(login).lines == ()
    assert counted(login) == CountersView(0, 0, 0)
    assert rates(login).total == Punctuality()
    with world.services.uow.reading() as session:
        assert register.is_empty(session, world.actor(login), clock())
        assert not register.is_empty(session, world.actor("te"), clock())
    rows = deadline_book.register_rows(
        world.services.uow, world.actor(login), language=Language.EN, now=clock()
    )
    assert list(rows) == []


def test_whoever_sees_one_customer_sees_its_lines(world, page):
    Case(world)
    theirs = Case(world, customer_code="BERGER")
    assert {number for number, _ in told(page(LIMITED))} == {theirs.number}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(register, "_MOST_WALKS", 0)  # as for whoever sees very many
        assert {number for number, _ in told(page(LIMITED))} == {theirs.number}


def promises(world, count=240):
    """Fill the deadlines of many complaints with all that may come about; return what was promised."""
    dice, found = random.Random(26), []
    now = world.services.clock()
    cases = [Case(world, customer_code=dice.choice(["ANKE", "BERGER"])) for _ in range(count // 3)]
    for case in cases:
        for name in NAMES:
            contractual = now + timedelta(hours=dice.randint(-60 * 24, 10 * 24))
            agreed = contractual + timedelta(hours=dice.choice([0, 0, 0, 24, 24 * 20]))
            met = dice.choice([None, None, contractual, agreed, agreed + timedelta(seconds=1), contractual])
            values = {
                "contractual_due_at": contractual, "due_at": agreed, "met_at": met,
                "judged_due_at": dice.choice([contractual, agreed]),
                "owed": met is None and dice.random() < 0.8,
            }  # fmt: skip
            if dice.random() < 0.1:
                values |= {
                    "contractual_due_at": None, "due_at": None, "judged_due_at": NOTHING_DUE_AT,
                    "owed": met is None,
                }  # fmt: skip
            keep(world, case.number, name, **values)
            found.append((case, name, values))
    return found


def promise(values):
    judged = values["judged_due_at"]
    return Promise(
        values["contractual_due_at"], values["due_at"], None if judged == NOTHING_DUE_AT else judged,
        values["met_at"], values["owed"],
    )  # fmt: skip


def test_the_store_counts_as_the_rule_does(world, rates, clock):
    found = promises(world)
    now = clock()
    dated = [one for one in found if one[2]["judged_due_at"] < NOTHING_DUE_AT]
    view = rates()
    assert view.total == punctuality((promise(values) for *_, values in dated), now)
    assert view.total.judged.counted > view.total.judged.in_time > 0
    for name, rate in view.milestones:
        assert rate == punctuality((promise(values) for _, one, values in dated if one == name), now)
    assert [name for name, _ in view.milestones] == [*NAMES]
    assert sum((rate for _, rate in view.months), Punctuality()) == view.total
    assert len(view.months) == 12
    assert sum((one.rates for one in view.customers), Punctuality()) == view.total
    assert [one.code for one in view.customers] == sorted(
        (one.code for one in view.customers),
        key=lambda code: -next(one.rates.judged.counted for one in view.customers if one.code == code),
    )
    month = dict(view.months)[date(2026, 2, 1)]
    shanghai = timedelta(hours=8)
    inside = [one for one in dated if (one[2]["judged_due_at"] + shanghai).month == 2]
    assert month == punctuality((promise(values) for *_, values in inside), now)
    assert rates(filters=Filters(milestone=FINAL)).milestones[0][0] == FINAL
    narrowed = rates(since=date(2026, 2, 10), until=date(2026, 2, 10))
    assert narrowed.months == ((date(2026, 2, 1), narrowed.total),)
    assert rates(filters=Filters(customer_id=world.customer)).total != view.total


def test_a_held_date_is_not_past_however_old_it_is_kept(world, rates, clock):
    case = Case(world)
    past = clock() - timedelta(days=2)
    keep(
        world, case.number, FINAL, contractual_due_at=past, due_at=past, judged_due_at=past, paused=True, owed=True
    )  # fmt: skip
    keep(world, case.number, INITIAL, judged_due_at=NOTHING_DUE_AT)
    assert rates().total == Punctuality(Rate(1, 0), Rate(1, 0), Rate())


def test_five_years_at_most(rates):
    assert len(rates(since=date(2022, 1, 1), until=date(2026, 12, 31)).months) == 60
    with pytest.raises(ValueError, match="five years"):
        rates(since=date(2021, 12, 31), until=date(2026, 12, 31))


def test_the_book_holds_every_line_once_however_it_is_cut(world, page, clock, monkeypatch):
    for _ in range(3):
        Case(world)
    clock.advance(hours=30)
    monkeypatch.setattr(deadline_book, "SLICE", 4)
    told_of = []
    rows = [
        *deadline_book.register_rows(
            world.services.uow,
            world.actor("auditor"),
            language=Language.ZH,
            now=clock(),
            progress=told_of.append,
        )
    ]
    assert told_of == [4, 8, 9]
    assert [row.number for row in rows] == [line.number for line in page().lines]
    assert (rows[0].state, rows[0].late_by_hours, rows[0].milestone) == ("overdue", 6.0, "初步回复")
    assert rows[0].judged == "agreed"


def test_few_statements_whatever_the_number_of_lines(world, page, counted, rates):
    spent = []
    for more in (1, 6):
        for _ in range(more):
            Case(world)
        statements: list[str] = []

        def note(*given, seen=statements):
            if given[2].startswith(("SELECT", "WITH")):
                seen.append(given[2])

        engine = world.services.uow.engine
        actor = world.actor("auditor")
        with world.services.uow.reading() as session:
            now = world.services.clock()
            sa.event.listen(engine, "before_cursor_execute", note)
            filters = Filters(from_on=date(2026, 3, 1), state=State.OPEN)
            register.page(session, actor, filters, now, Language.EN)
            in_page = len(statements)
            register.counters(session, actor, now)
            in_counters = len(statements) - in_page
            on_time.rates(
                session, actor, filters, now, Language.EN,
                from_on=date(2026, 1, 1), until_on=date(2026, 12, 31),
            )  # fmt: skip
            sa.event.remove(engine, "before_cursor_execute", note)
        spent.append((in_page, in_counters, len(statements) - in_page - in_counters))
    assert spent[0] == spent[1]
    assert spent[0] == (2, 1, 4)


def test_lists_and_rates_are_read_from_indexes(services):
    """SQLite tells its plan: nothing is scanned, and rates need no row of the table itself."""
    world = factories.world(services)
    Case(world)
    engine = services.uow.engine
    statements: list[tuple[str, object]] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: statements.append((given[2], given[3])))
    with world.services.uow.reading() as session:
        actor, now = world.actor("auditor"), world.services.clock()
        statements.clear()
        register.page(session, actor, register.EVERYTHING, now, Language.EN)
        on_time.rates(
            session, actor, register.EVERYTHING, now, Language.EN,
            from_on=date(2026, 1, 1), until_on=date(2026, 12, 31),
        )  # fmt: skip
        wanted = [one for one in statements if "deadline" in one[0]]
    plans = []
    with engine.connect() as connection:
        for statement, parameters in wanted:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(" | ".join(row[3] for row in rows))
    walk, sums = plans
    assert "USING COVERING INDEX ix_deadline_of_plant (plant_id=?" in walk
    assert "SCAN deadline" not in walk + sums
    assert "SEARCH deadline USING COVERING INDEX ix_deadline_of_plant (plant_id=? AND judged_due_at>?" in sums
