"""The board of returns: columns by stage, whose turn it is, pages by key, a constant number of statements."""

from datetime import timedelta

import pytest

from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.queries.returns import board as queries
from eightd.queries.returns import log
from eightd.queries.returns.board import Desk, Filters
from eightd.queries.returns.finding import by_code, of_complaint
from eightd.queries.returns.page import return_page
from eightd.usecases.returns.announce import ReturnEntry, announce_return
from eightd.usecases.returns.check import check_return
from eightd.usecases.returns.receive import receive_return
from tests.asked import questions
from tests.usecases.case import SEES_NOTHING, Case


@pytest.fixture
def case(world):
    return Case(world)


def announced(case, quantity=5, **others):
    made = {"kind": ReturnKind.GOODS, **others}
    order = case.world.order("sales")
    return announce_return(
        case.world.services.uow, order, lines=(ReturnEntry(case.number, quantity),), **made
    )


def seen(world, login, ask, *arguments, **others):
    with world.services.uow.reading() as session:
        return ask(session, world.actor(login), *arguments, **others)


def test_columns_counts_and_pages_by_key(case, clock):
    world = case.world
    numbers = [announced(case).number for _ in range(12)]
    now = clock()
    for number in numbers[:2]:
        receive_return(
            world.services.uow, world.order("sales"), number=number, version=1, received_at=now, quantity=5
        )
    view = seen(world, "warehouse", queries.board, Filters(), now)
    columns = {column.stage: column for column in view.columns}
    assert [view.counts[stage] for stage in (ReturnStage.ANNOUNCED, ReturnStage.RECEIVED)] == [10, 2]
    assert [card.number for card in columns[ReturnStage.ANNOUNCED].cards] == numbers[2:10]
    assert columns[ReturnStage.ANNOUNCED].more
    assert [card.here for card in columns[ReturnStage.RECEIVED].cards] == [5, 5]
    assert [
        column.stage
        for column in seen(world, "finance", queries.board, Filters(desk=Desk.FINANCE), now).columns
    ] == [ReturnStage.REDELIVERED]
    queries.PAGE_SIZE, kept = 4, queries.PAGE_SIZE
    try:
        one_stage = Filters(stage=ReturnStage.ANNOUNCED)
        first = seen(world, "sales", queries.board, one_stage, now)
        second = seen(world, "sales", queries.board, one_stage, now, first.next)
        third = seen(world, "sales", queries.board, one_stage, now, second.next)
        back = seen(world, "sales", queries.board, one_stage, now, third.previous)
        pages = [[card.number for card in view.columns[0].cards] for view in (first, second, third, back)]
        assert pages == [numbers[2:6], numbers[6:10], numbers[10:], numbers[6:10]]
        assert (first.previous, third.next) == (None, None)
    finally:
        queries.PAGE_SIZE = kept
    for login in SEES_NOTHING:
        assert not any(view.count for view in seen(world, login, queries.board, Filters(), now).columns)


def test_a_board_costs_the_same_however_many_there_are(case, clock):
    world = case.world
    costs = []
    for _ in range(2):
        for _ in range(3):
            announced(case)
        with questions(world.services) as counted:
            seen(world, "warehouse", queries.board, Filters(), clock())
        costs.append(len(counted))
    assert costs[0] == costs[1]
    number = announced(case).number
    with world.services.uow.reading() as session:
        actor = world.actor("warehouse")
        with questions(world.services) as counted:
            return_page(session, actor, number)
    assert len(counted) <= 9


def test_late_ones_and_samples_that_do_not_come_are_shown(case, clock):
    world = case.world
    tomorrow = (clock() + timedelta(days=1)).date()
    late = announced(case, kind=ReturnKind.SAMPLE, expected_on=tomorrow).number
    announced(case, promised_on=tomorrow)
    now = clock() + timedelta(days=2)
    view = seen(world, "sales", queries.board, Filters(late=True), now)
    assert [card.number for column in view.columns for card in column.cards] == [late]
    assert [one.complaint_number for one in view.overdue_samples] == [case.number]
    assert seen(world, "sales", queries.board, Filters(), clock()).overdue_samples == ()


def test_a_scanned_code_means_a_return_a_parcel_or_a_tracking_number(case, clock):
    world = case.world
    other = Case(world)
    lines = (ReturnEntry(case.number, 3), ReturnEntry(other.number, 4))
    order = world.order("sales")
    first = announce_return(
        world.services.uow, order, lines=lines, kind=ReturnKind.GOODS, tracking="SF-1234567"
    ).number
    both = {first, "RCC-2026-00002"}
    assert set(seen(world, "warehouse", by_code, f" {first.lower()} ")) == both
    assert set(seen(world, "warehouse", by_code, "SF-1234567")) == both
    assert seen(world, "warehouse", by_code, "RCC-2026-00002") == ("RCC-2026-00002",)
    assert seen(world, "warehouse", by_code, "") == seen(world, "warehouse", by_code, "x" * 200) == ()
    assert [one.number for one in seen(world, "warehouse", of_complaint, case.number)] == [first]
    for login in SEES_NOTHING:
        assert seen(world, login, by_code, first) == ()
        assert seen(world, login, of_complaint, case.number) is None
        assert seen(world, login, return_page, first) is None


def test_the_page_says_what_does_not_agree(case, clock):
    world = case.world
    number = announced(case, 10).number
    uow = world.services.uow
    receive_return(uow, world.order("sales"), number=number, version=1, received_at=clock(), quantity=8)
    check_return(
        uow, world.order("warehouse"), number=number, version=2, quantity=6, wrong=1, found_part="PA-9",
        because="one lost", rest_comes=True,
    )  # fmt: skip
    page = seen(world, "warehouse", return_page, number)
    lines = [(one.label.text("en"), one.expected, one.actual, one.explained) for one in page.reconciliation]
    assert lines == [
        ("Announced – right part found, with the rest that comes", 10, 10, True),
        ("Received – counted at the check", 8, 7, True),
        ("Came in – here, sent back, scrapped or missing", 8, 8, True),
    ]
    assert page.rests == ("RCC-2026-00002",)
    rest = seen(world, "warehouse", return_page, "RCC-2026-00002")
    assert (rest.rest_of, rest.quantity_announced, rest.stage) == (number, 4, ReturnStage.ANNOUNCED)


def test_the_log_is_read_in_slices_with_every_quantity(case, clock):
    world = case.world
    number = announced(case, 10).number
    uow = world.services.uow
    receive_return(uow, world.order("sales"), number=number, version=1, received_at=clock(), quantity=8)
    check_return(uow, world.order("warehouse"), number=number, version=2, quantity=8, rest_comes=True)
    first = seen(world, "auditor", log.log_slice, log.Filters(), size=1)
    second = seen(world, "auditor", log.log_slice, log.Filters(), after=first[0].id, size=1)
    assert [
        (one.number, one.received, one.right, one.here, one.unexplained) for one in (*first, *second)
    ] == [
        (number, 8, 8, 8, False),
        ("RCC-2026-00002", 0, 0, 0, False),
    ]
    assert second[0].rest_of == number
    narrowed = log.Filters(customer_id=world.customer, from_at=clock(), until_at=clock(), open_only=True)
    assert seen(world, "auditor", log.log_slice, narrowed) == ()
    assert len(seen(world, "cqe", log.log_slice, log.Filters(open_only=True))) == 2
    for login in SEES_NOTHING:
        assert seen(world, login, log.log_slice, log.Filters()) == ()
