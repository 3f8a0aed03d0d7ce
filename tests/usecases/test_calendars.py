"""Calendars on each kind of store: official tables uploaded and arrived, what moves, what stays, who is told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from eightd.domain.messages import MessageKind
from eightd.persistence import audit, official_days
from eightd.persistence.repositories import rules
from eightd.persistence.tables.catalogue import CalendarRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.messaging import MessageRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries.administration import moves as move_queries
from eightd.usecases.administration import calendars
from eightd.usecases.administration.calendar_fields import CalendarFields, OwnDay
from eightd.usecases.errors import Invalid

CN = CalendarFields("CN", (), ())
TABLE_2027 = CalendarFields(
    "CN",
    (
        OwnDay(date(2027, 1, 1), "元旦", "New Year's Day", official=True),
        *(OwnDay(date(2027, 2, day), "春节", "Spring Festival", official=True) for day in range(5, 12)),
    ),
    (OwnDay(date(2027, 2, 13), "补班", "make-up day", official=True), OwnDay(date(2027, 3, 6), "赶货")),
    final_years=(2027,),
)


@pytest.fixture
def world(store_world):
    return store_world


@pytest.fixture
def uow(world):
    return world.services.uow


@pytest.fixture
def late(case_of, clock):
    """A complaint whose clocks reach from December 2026 into 2027."""
    clock.set("2026-12-28T09:00:00+08:00")
    return case_of().confirmed(sample_needed=False)


def newest(uow, name="CN"):
    with uow.reading() as session:
        return session.execute(
            sa.select(CalendarRow)
            .where(CalendarRow.name == name)
            .order_by(CalendarRow.number.desc())
            .limit(1)
        ).scalar_one()


def save(uow, world, fields, version=1, name="CN"):
    return calendars.save_calendar(uow, world.order("admin"), name=name, version=version, fields=fields)


def calendar_of(fields, number=2):
    return move_queries.calendar_from(
        "CN", number, fields.country, fields.days_off(), fields.days_on(), fields.final_years
    )


def later_table(monkeypatch, version="2027-9.999"):
    """Let the library have another table: 2027 is official, and 4 January is a holiday."""
    arrived = replace(
        official_days.official_calendar("CN"),
        version=version,
        official_years=official_days.official_calendar("CN").official_years | {2027},
        holidays={
            **official_days.official_calendar("CN").holidays,
            date(2027, 1, 4): rules.DayName("New Year", "元旦"),
        },
    )
    monkeypatch.setattr(official_days, "_build", lambda code: arrived)
    rules._built.cache_clear()


@pytest.fixture(autouse=True)
def no_old_calendars():
    yield
    rules._built.cache_clear()


# ---------------------------------------------------------------- a table of one's own


def test_an_uploaded_table_makes_its_year_final(uow, world):
    save(uow, world, TABLE_2027)
    calendar = rules.working_calendar(newest(uow))
    holiday, moved, own = (calendar.day(date(2027, *day)) for day in ((2, 5), (2, 13), (3, 6)))
    assert [one.provisional for one in (holiday, moved, own)] == [False] * 3
    assert holiday.reason.text("zh") == "节假日：春节"
    assert holiday.reason.text("en") == "holiday: Spring Festival"
    assert (moved.working, moved.reason.text("en")) == (True, "working day moved here: make-up day")
    assert (own.working, own.reason.text("zh")) == (True, "工厂自定工作日：赶货")


def test_what_the_library_guessed_of_a_final_year_is_dropped(uow, world):
    guessed = rules.working_calendar(newest(uow)).day(date(2027, 10, 1))
    assert (guessed.working, guessed.provisional) == (False, True)
    save(uow, world, TABLE_2027)  # which has no National Day
    told = rules.working_calendar(newest(uow)).day(date(2027, 10, 1))
    assert (told.working, told.provisional) == (True, False)


def test_a_year_is_not_final_without_its_table(uow, world):
    for years, expected in (((2028,), {"final_years"}), ((1999,), {"final_years"}), ((2026,), set())):
        fields = replace(TABLE_2027, final_years=years)
        try:
            fields.insist_valid()
            found = set()
        except Invalid as refused:
            found = set(refused.problems)
        assert found == expected, years


def test_the_record_names_the_days(uow, world):
    save(uow, world, TABLE_2027)
    with uow.reading() as session:
        entry = session.execute(
            sa.select(AuditRow)
            .where(AuditRow.tag == "calendar.version_made")
            .order_by(AuditRow.id.desc())
            .limit(1)
        ).scalar_one()
    assert entry.new["days_off"]["2027-01-01"] == "元旦 / New Year's Day"
    assert entry.new["final_years"] == [2027]
    assert entry.new["official"] == official_days.table_version("CN")


# ---------------------------------------------------------------- what would move


def test_the_preview_tells_both_dates_and_what_is_settled(late, uow, world, clock):
    with uow.reading() as session:
        look = move_queries.moves(session, world.actor("admin"), calendar_of(TABLE_2027), clock())
        four = replace(TABLE_2027, off=(*TABLE_2027.off, OwnDay(date(2027, 1, 4), "盘点")))
        moved = move_queries.moves(session, world.actor("admin"), calendar_of(four), clock())
        foreign = move_queries.moves(session, world.actor("stranger"), calendar_of(four), clock())
    assert (look.count, look.settled) == (0, 2)
    by_name = {one.milestone.text("en"): one for one in moved.moves}
    assert moved.count == len(by_name) == 1
    final = by_name["Final 8D report"] if "Final 8D report" in by_name else next(iter(by_name.values()))
    assert final.number == late.number
    assert final.customer == "安科电子"
    assert final.contractual_due_at > final.old_contractual_due_at
    assert final.due_at > final.old_due_at
    assert not final.provisional
    assert (foreign.count, foreign.elsewhere, foreign.moves) == (0, 1, ())


def test_the_preview_asks_the_store_the_same_number_of_times_for_many(case_of, uow, world, clock):
    def asked():
        counted = []
        with uow.reading() as session:
            sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *_: counted.append(1))
            move_queries.moves(session, world.actor("admin"), calendar_of(TABLE_2027), clock())
        return len(counted)

    case_of().confirmed(sample_needed=False)
    first = asked()
    for _ in range(5):
        case_of().confirmed(sample_needed=False)
    assert asked() <= first * 2  # the listener of the first count still counts


# ---------------------------------------------------------------- the table arrives


def test_nothing_happens_while_the_table_is_the_same(case, world, uow):
    case.confirmed(sample_needed=False)
    assert calendars.refresh_official(world.services) == 0
    assert newest(uow).number == 1


def test_a_table_that_arrives_makes_the_next_version_and_moves_what_is_open(
    late, world, uow, clock, monkeypatch
):
    own = OwnDay(date(2027, 5, 10), "盘点")
    save(uow, world, replace(CN, off=(own,)))
    calendars.apply_calendar(uow, world.order("admin"), name="CN")
    before = late.due("final_report")[1]
    assert late.deadline("final_report").provisional
    later_table(monkeypatch)
    assert calendars.refresh_official(world.services) == 1
    made = newest(uow)
    assert (made.number, made.official, made.days_off) == (3, "2027-9.999", {"2027-05-10": "盘点"})
    assert made.created_by is None
    kept = late.deadline("final_report")
    assert (kept.calendar, kept.provisional) == ("CN@3", False)
    assert late.due("final_report")[1] > before
    with uow.reading() as session:
        entry = session.execute(
            sa.select(AuditRow).where(AuditRow.tag == "calendar.table_taken_over")
        ).scalar_one()
        assert (entry.actor_id, entry.actor_name, entry.subject) == (None, "EightD", "CN@3")
        assert audit.verify_chain(session, audit.SYSTEM_CHAIN, uow.signing_key) is None
        told = (
            session.execute(sa.select(MessageRow).where(MessageRow.kind == MessageKind.DEADLINE_MOVED))
            .scalars()
            .all()
        )
    assert [one.user_id for one in told] == [late.row.cqe_id]
    assert told[0].facts["milestone"] == "final_report"
    assert told[0].facts["reason"] == "CN@3"
    assert calendars.refresh_official(world.services) == 0
    assert newest(uow).number == 3


def test_a_met_deadline_keeps_the_version_it_was_met_under(case_of, world, clock, monkeypatch):
    clock.set("2026-12-28T09:00:00+08:00")
    case = case_of().contained()
    met = case.deadline("initial_reply")
    assert met.met_at is not None
    later_table(monkeypatch)
    calendars.refresh_official(world.services)
    kept = case.deadline("initial_reply")
    assert (kept.calendar, kept.due_at, kept.ledger) == (met.calendar, met.due_at, met.ledger)
    assert case.deadline("final_report").calendar == "CN@2"


def test_an_interrupted_run_is_finished(case, world, uow):
    case.confirmed(sample_needed=False)
    save(uow, world, replace(CN, off=(OwnDay(date(2026, 3, 16), "盘点"),)))
    assert case.deadline("final_report").calendar == "CN@1"
    assert calendars.refresh_official(world.services) == 1
    assert case.deadline("final_report").calendar == "CN@2"
    assert newest(uow).number == 2
    assert calendars.refresh_official(world.services) == 0


def test_two_at_once_do_it_once(late, world, uow, monkeypatch):
    later_table(monkeypatch)
    with ThreadPoolExecutor(4) as pool:
        moved = list(pool.map(calendars.refresh_official, [world.services] * 4))
    assert sum(moved) == 1
    assert newest(uow).number == 2
    with uow.reading() as session:
        entries = sa.select(sa.func.count()).where(AuditRow.tag == "calendar.table_taken_over")
        assert session.execute(entries).scalar_one() == 1


def test_a_country_that_the_library_lost_stays_as_it_is(world, uow):
    with uow.writing(world.order("admin")) as work:
        work.session.add(
            CalendarRow(name="X", number=1, country="XX", days_off={}, days_on={}, created_at=work.now)
        )
    assert calendars.refresh_official(world.services) == 0
    assert newest(uow, "X").number == 1


def test_an_uploaded_table_is_harmless_once_the_official_one_is_there(late, world, uow, monkeypatch):
    save(uow, world, TABLE_2027)
    calendars.apply_calendar(uow, world.order("admin"), name="CN")
    later_table(monkeypatch)
    calendars.refresh_official(world.services)
    calendar = rules.working_calendar(newest(uow))
    assert calendar.day(date(2027, 1, 1)).reason.code == "day.holiday"
    assert not calendar.day(date(2027, 10, 1)).working  # the official table has it
    with uow.reading() as session:
        assert session.execute(sa.select(DeadlineRow.provisional)).scalars().all().count(True) == 0
