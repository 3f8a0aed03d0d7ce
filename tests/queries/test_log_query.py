"""The complaint log read from the store: every column of a whole case, whose complaints, which, how many queries."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import Stage, Tier
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin, ReportKind, VerdictResult
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ClassificationRow, ComplaintRow
from eightd.queries import log, log_filters, log_slice
from eightd.queries.board_walk import Clock, Filters, Standing
from eightd.queries.filters import Extent
from eightd.queries.log_filters import LogFilters
from eightd.usecases import clock as clock_verbs
from eightd.usecases import confirm, header, sample
from eightd.usecases.loading.crew import muster
from eightd.usecases.loading.load import Loader
from eightd.usecases.loading.records import raw_records, read_record
from tests.factories import LIMITED, STRANGER
from tests.web.casework import registered

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
def world(store_world):
    return store_world


@pytest.fixture
def rows(world):
    """Read the log as somebody, `filters` narrowing it."""

    def read(login="auditor", language=Language.EN, filters=log_filters.EVERYTHING):
        now = world.services.clock()
        found = log.log_rows(
            world.services.uow,
            world.actor(login),
            language=language,
            clock=Clock(now=now, today_ends_at=now + timedelta(hours=7)),
            filters=filters,
        )
        return {row.number: row for row in found}

    return read


def loaded(world, clock, name):
    clock.set("2026-11-20T10:00:00+08:00")
    with world.services.uow.reading() as session:
        crew = muster(session, "P1", clock())
    loader = Loader(world.services, crew, lambda _: clock())
    (_, raw), *_ = raw_records((CASES / name).read_text(encoding="utf-8"))
    return loader.take_in(read_record(raw, "")).number, raw


def version(world, number):
    with world.services.uow.reading() as session:
        return session.execute(
            sa.select(ComplaintRow.version).where(ComplaintRow.number == number)
        ).scalar_one()


def test_a_whole_case_fills_its_row(world, clock, rows):
    number, raw = loaded(world, clock, "eight_d_adapter.json")
    row = rows(language=Language.ZH)[number]
    assert row.plant == "P1"
    assert row.tier in set(Tier)
    assert row.reasons
    assert row.criteria == "standard@1"
    assert row.phenomena
    assert row.person_in_charge == row.cqe != ""
    assert row.stage in set(Stage)
    said = json.dumps(raw, ensure_ascii=False)
    assert row.root_causes
    assert all(line in said for line in row.root_causes.split("\n"))
    assert row.actions
    assert all(line in said for line in row.actions.split("\n"))
    assert row.report_hash
    assert row.report_kind is ReportKind.FINAL
    assert row.revision == str(row.report_revision)
    assert row.verdict is VerdictResult.ACCEPTED
    assert row.initial_reply.met_at is not None
    assert row.final_report.contractual_due_at is not None
    assert row.final_on is not None


def test_nothing_is_a_log_without_rows(rows):
    assert rows() == {}


def test_a_new_complaint_waits_for_its_sample(world, clock, rows):
    number = registered(world)
    clock.advance(hours=30)
    row = rows()[number]
    assert row.customer == "Anke Electronics"
    assert row.lots == ("B2603A",)
    assert row.serials == ()
    assert row.demands == ("8d", "replacement")
    assert row.received_at == datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
    assert row.initial_reply.late_by_hours == 6.0
    assert row.final_report == row.preliminary_analysis
    assert row.final_report.provisional is None
    assert row.report_revision is None
    assert row.report_hash == ""
    assert rows(language=Language.ZH)[number].customer == "安科电子"


def test_a_tier_set_by_hand_says_why_first(world, rows):
    number = registered(world, quantity=6)
    header.override_tier(
        world.services.uow,
        world.order("cqe"),
        number=number,
        version=version(world, number),
        tier=Tier.MAJOR,
        reason="their line stood still",
    )
    assert rows()[number].reasons[0] == "their line stood still"
    assert rows()[number].tier is Tier.MAJOR


def test_documents_written_in_another_manner_are_read_too(world, rows):
    number = registered(world)
    before = rows()[number].reasons
    with world.services.uow.writing(world.order("admin")) as work:
        kept = work.session.execute(sa.select(ClassificationRow)).scalars().one()
        compact = json.dumps(kept.reasons, separators=(",", ":"), ensure_ascii=False)
        work.session.execute(
            sa.text(
                "UPDATE classification SET reasons = CAST(:text AS JSON)"
                if work.session.get_bind().dialect.name == "postgresql"
                else "UPDATE classification SET reasons = :text"
            ),
            {"text": compact},
        )
    assert rows()[number].reasons == before != ()


def stopped(world, clock):
    """A complaint whose sample came and whose clock is stopped."""
    number = registered(world)
    uow = world.services.uow
    confirm.confirm_ours(
        uow,
        world.order("cqe"),
        number=number,
        version=version(world, number),
        confirmation=confirm.Confirmation(visit_needed=False, sample_needed=True, origin=Origin.FUNCTIONAL),
    )
    clock.advance(days=1)
    sample.receive_sample(
        uow, world.order("sales"), number=number, version=version(world, number), received_at=clock()
    )
    clock.advance(hours=1)
    clock_verbs.stop_clock(
        uow,
        world.order("cqe"),
        number=number,
        version=version(world, number),
        from_at=clock(),
        reason=StopReason.LABORATORY,
        note="salt spray",
    )
    return number


def test_a_running_stop_moves_the_agreed_date_until_now(world, clock, rows):
    number = stopped(world, clock)
    clock.advance(days=30)
    row = rows()[number]
    clock.advance(days=30)
    later = rows()[number]
    assert later.final_report.agreed_due_at > row.final_report.agreed_due_at
    assert later.final_report.contractual_due_at == row.final_report.contractual_due_at
    assert later.final_report.late_by_hours is None


def test_a_customer_without_stops_is_judged_by_contract(world, clock, rows):
    number = stopped(world, clock)
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(CustomerRow, world.customer).accepts_stops = False
    clock.advance(days=30)
    row = rows()[number]
    late = clock() - row.final_report.contractual_due_at
    assert row.final_report.late_by_hours == round(late / timedelta(hours=1), 2)


def test_whose_complaints(world, rows):
    number = registered(world)
    assert list(rows("auditor")) == [number]
    assert list(rows("quality_manager")) == [number]
    assert rows(STRANGER) == {}
    assert rows(LIMITED) == {}
    assert rows("admin") == {}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (LogFilters(listed=Filters(extent=Extent.OPEN)), 2),
        (LogFilters(listed=Filters(extent=Extent.ENDED)), 0),
        (LogFilters(listed=Filters(extent=Extent.ALL, tier=Tier.MAJOR)), 1),
        (LogFilters(listed=Filters(extent=Extent.ALL, text="无输出")), 2),
        (LogFilters(listed=Filters(extent=Extent.ALL, text="…")), 0),
        (LogFilters(listed=Filters(extent=Extent.OPEN, mine=True)), 0),
        (LogFilters(listed=Filters(extent=Extent.ALL, mine=True)), 0),
        (LogFilters(listed=Filters(extent=Extent.OPEN, standing=Standing.OVERDUE)), 0),
        (LogFilters(listed=Filters(extent=Extent.OPEN, standing=Standing.SOON)), 2),
        (LogFilters(stages=frozenset({Stage.REGISTERED})), 2),
        (LogFilters(stages=frozenset({Stage.CLOSED})), 0),
        (LogFilters(plants=frozenset({999})), 0),
        # 16:40 and 23:59 in Shanghai are both the 12th there, though the second is nearly the 13th
        (LogFilters(received_from_on=date(2026, 3, 12), received_until_on=date(2026, 3, 12)), 2),
        (LogFilters(received_from_on=date(2026, 3, 13)), 0),
        (LogFilters(received_until_on=date(2026, 3, 11)), 0),
    ],
)
def test_what_is_asked_for(world, clock, rows, filters, found):
    clock.set("2026-03-13T00:30:00+08:00")
    registered(world)
    registered(world, received_at="2026-03-12T23:59:59+08:00", quantity=6)
    assert len(rows(filters=filters)) == found
    with world.services.uow.reading() as session:
        counted = log_filters.count(
            session, world.actor("auditor"), filters, Clock(clock(), clock() + timedelta(hours=7))
        )
    assert counted == found


def test_slices_join_without_a_seam(world, rows, monkeypatch):
    numbers = [registered(world) for _ in range(7)]
    monkeypatch.setattr(log, "SLICE", 3)
    assert list(rows()) == numbers
    with world.services.uow.writing(world.order("admin")) as work:  # ids far apart are not read as a range
        far = work.session.execute(
            sa.select(ComplaintRow).where(ComplaintRow.number.in_(numbers[1:6]))
        ).scalars()
        for row in far:
            row.stage, row.is_open = Stage.CANCELLED, False
    assert list(rows(filters=LogFilters(listed=Filters(extent=Extent.OPEN)))) == [numbers[0], numbers[6]]


def test_a_slice_takes_the_same_number_of_statements_whatever_its_size(world, clock):
    def statements(ids):
        seen = []
        engine = world.services.uow.engine
        listen = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        sa.event.listen(engine, "before_cursor_execute", listen)
        with world.services.uow.reading() as session:
            log_slice.read(session, ids, log_slice.Known(), clock())
        sa.event.remove(engine, "before_cursor_execute", listen)
        return [one for one in seen if one != "BEGIN"]

    registered(world)
    few = statements([1])
    for _ in range(5):
        registered(world)
    assert len(few) == len(statements([1, 2, 3, 4, 5, 6])) == 8
