"""The board's list on both stores: order, filters, paging, search, scope, and how many statements it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import DefectKind, DisciplineCode, DisciplineState, Flags, Role, Stage, Tier
from eightd.domain.discipline.answers import ANSWER_TYPES
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence import search
from eightd.persistence.repositories import desk
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import SendingRow
from eightd.persistence.tables.people import AbsenceRow
from eightd.queries import board
from eightd.queries.board import BoardPageView, CountersView
from eightd.queries.board_walk import Clock, Filters, PageKey, Standing
from eightd.queries.deadlines import Lateness
from eightd.queries.filters import Extent
from eightd.usecases import assign, discipline, outcome
from eightd.usecases import clock as eightd_clock
from eightd.usecases.registration import Counts, DefectEntry
from eightd.usecases.verb import Done
from tests import complaints, factories

World = factories.World
FUNCTIONAL, APPEARANCE = DefectKind.FUNCTIONAL, DefectKind.APPEARANCE


def clock_of(world: World) -> Clock:
    now = world.services.clock()
    return Clock(now, now + timedelta(hours=7, minutes=20))  # midnight in Shanghai, as seen from 16:40


def listed(
    world: World, filters: Filters | None = None, *, as_: Actor | str = "quality_manager", **where: Any
) -> BoardPageView:
    actor = world.actor(as_) if isinstance(as_, str) else as_
    with world.services.uow.reading() as session:
        return board.page(session, actor, filters or Filters(), clock_of(world), "en", **where)


def numbers(page: BoardPageView) -> list[str]:
    return [line.number for line in page.lines]


def counted(world: World, as_: Actor | str = "quality_manager") -> CountersView:
    actor = world.actor(as_) if isinstance(as_, str) else as_
    with world.services.uow.reading() as session:
        return board.counters(session, actor, clock_of(world))


def received(world: World, hours_ago: float, **others: Any) -> str:
    """Register a complaint that was received some hours ago."""
    made = complaints.registration(world, **others)
    header = replace(made.header, received_at=world.services.clock() - timedelta(hours=hours_ago))
    return complaints.registered(world, **{**others, "header": header}).number


def counts(*lines: tuple[DefectKind, str, int], flags: Flags | None = None) -> Counts:
    return Counts(tuple(DefectEntry(*line) for line in lines), 600, flags or Flags())


@contextmanager
def changing(world: World) -> Iterator[Session]:
    with world.services.uow.writing(world.order("admin")) as work:
        yield work.session


def many(world: World, amount: int, **others: Any) -> list[str]:
    """Copy one registered complaint, each due a minute later than the one before; return the numbers in order."""
    number = received(world, 1, **others)
    table = ComplaintRow.metadata.tables["complaint"]
    with changing(world) as session:
        row = dict(session.execute(sa.select(table).where(table.c.number == number)).mappings().one())
        begin, first_id = row["sort_due_at"], row.pop("id")
        made = []
        for index in range(1, amount):
            copy = {
                **row,
                "number": f"{number}x{index:03d}",
                "sort_due_at": begin + timedelta(minutes=index // 2),
            }
            made.append(copy["number"])
            new_id = session.execute(sa.insert(table).values(**copy).returning(table.c.id)).scalar_one()
            assert new_id > first_id
            desk.lay_out(session, new_id)
            search.index(session, new_id, f"{copy['number']} 无输出")
    return [number, *made]


# ---------------------------------------------------------------- order and lateness


def test_overdue_first_then_next_due_then_what_waits(store_world: World) -> None:
    soon, late, later = received(store_world, 20), received(store_world, 30), received(store_world, 1)
    waiting = complaints.registered(store_world)
    with changing(store_world) as session:
        session.execute(
            sa.update(ComplaintRow)
            .where(ComplaintRow.number == waiting.number)
            .values(sort_due_at=datetime.fromisoformat("9000-01-01T00:00:00+00:00"), next_milestone=None)
        )

    page = listed(store_world)

    assert numbers(page) == [late, soon, later, waiting.number]
    assert [line.lateness for line in page.lines] == [
        Lateness.OVERDUE, Lateness.SOON, Lateness.SOON, Lateness.WAITING
    ]  # fmt: skip
    assert (page.previous, page.next) == (None, None)


def test_a_line_says_what_is_needed_at_a_glance(store_world: World) -> None:
    lines = (
        (APPEARANCE, "色差", 9),
        (FUNCTIONAL, "无输出", 3),
        (FUNCTIONAL, "无输出 ", 2),
        (APPEARANCE, "划伤", 1),
    )
    number = received(store_world, 2, counts=counts(*lines))

    line = listed(store_world).lines[0]

    assert line.number == number
    assert (line.customer_code, line.customer) == ("ANKE", "Anke Electronics")
    assert (line.part_number, line.part) == ("PA-1200", "Power adapter")
    assert (line.phenomenon, line.phenomenon_quantity, line.more_phenomena) == ("无输出", 5, 2)
    assert (line.tier, line.stage, line.milestone) == (Tier.OTHER, Stage.REGISTERED, "initial_reply")
    assert line.contractual_due_at == line.due_at == line.judged_due_at
    assert line.due_at == store_world.services.clock() + timedelta(hours=22)
    assert line.disciplines == (DisciplineState.OPEN,) * 9
    assert line.cqe in {"钱伟", "周婷"}
    assert line.awaits_sample


def test_names_follow_the_language(store_world: World) -> None:
    received(store_world, 2)
    with store_world.services.uow.reading() as session:
        page = board.page(session, store_world.actor("auditor"), Filters(), clock_of(store_world), "zh")
    assert (page.lines[0].customer, page.lines[0].part) == ("安科电子", "电源适配器")


def test_dots_follow_the_disciplines(store_world: World) -> None:
    done = complaints.registered(store_world)
    code = DisciplineCode.D2
    discipline.save_draft(
        store_world.services.uow, store_world.order("quality_manager"), number=done.number, version=1,
        code=code, answer=ANSWER_TYPES[code](),
    )  # fmt: skip
    assert [state.value for state in listed(store_world).lines[0].disciplines[:4]] == [
        "open",
        "open",
        "draft",
        "open",
    ]


def test_a_stopped_clock_is_neither_late_nor_lost(store_world: World, clock: Any) -> None:
    done = complaints.confirmed(store_world, complaints.registered(store_world))
    with changing(store_world) as session:  # the initial reply went out
        row = session.execute(sa.select(ComplaintRow)).scalar_one()
        session.add(
            SendingRow(
                complaint_id=row.id,
                milestone="initial_reply",
                sent_at=clock(),
                means="email",
                by=store_world.users["sales"],
                at=clock(),
            )
        )
    eightd_clock.stop_clock(
        store_world.services.uow, store_world.order("cqe"), number=done.number, version=done.version,
        from_at=clock(), reason=StopReason.LABORATORY, note="Salt spray until Friday",
    )  # fmt: skip
    clock.advance(days=60)

    page = listed(store_world)
    assert [line.lateness for line in page.lines] == [Lateness.STOPPED]
    assert page.lines[0].milestone == "preliminary_analysis"
    assert numbers(listed(store_world, Filters(standing=Standing.STOPPED))) == [done.number]
    assert counted(store_world).overdue == 0


def test_an_ended_complaint_leaves_board_and_desk(store_world: World) -> None:
    done = complaints.registered(store_world)
    assert counted(store_world, "sales").mine == 1
    outcome.cancel(
        store_world.services.uow, store_world.order("quality_manager"),
        number=done.number, version=done.version, reason="Sent twice",
    )  # fmt: skip

    assert numbers(listed(store_world)) == []
    assert numbers(listed(store_world, Filters(extent=Extent.ENDED))) == [done.number]
    assert counted(store_world, "sales") == CountersView(0, 0, 0, 0)
    assert listed(store_world, Filters(extent=Extent.ENDED)).lines[0].lateness is Lateness.NONE


# ---------------------------------------------------------------- filters


@pytest.fixture
def three(store_world: World) -> dict[str, str]:
    """A major one that is late, a general one due within the day that is ours, an other one for another customer."""
    major = received(store_world, 30, counts=counts((FUNCTIONAL, "无输出", 40)))
    general = received(store_world, 20, counts=counts((FUNCTIONAL, "异响", 7)))
    other = received(store_world, 1, counts=counts((APPEARANCE, "色差", 2)), foreign_customer=True)
    with store_world.services.uow.reading() as session:
        version = session.execute(
            sa.select(ComplaintRow.version).where(ComplaintRow.number == general)
        ).scalar_one()
    complaints.confirmed(store_world, Done(general, version))
    return {"major": major, "general": general, "other": other}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "major general other"),
        ({"tier": Tier.MAJOR}, "major"),
        ({"tier": Tier.GENERAL}, "general"),
        ({"tier": Tier.OTHER}, "other"),
        ({"stage": Stage.ANALYSING}, "general"),
        ({"stage": Stage.CLOSED}, ""),
        ({"standing": Standing.OVERDUE}, "major"),
        ({"standing": Standing.TODAY}, "general"),
        ({"standing": Standing.SOON}, "general other"),
        ({"standing": Standing.ON_TIME}, ""),
        ({"standing": Standing.WAITING}, "major other"),
        ({"standing": Standing.STOPPED}, ""),
        ({"standing": Standing.NONE}, ""),
        ({"extent": Extent.ALL}, "other general major"),
        ({"extent": Extent.ENDED}, ""),
        ({"customer": "foreign"}, "other"),
        ({"customer": "own"}, "major general"),
        ({"tier": Tier.MAJOR, "standing": Standing.OVERDUE, "customer": "own"}, "major"),
        ({"tier": Tier.MAJOR, "standing": Standing.SOON}, ""),
        ({"text": "无输出", "tier": Tier.MAJOR}, "major"),
        ({"text": "pa-1200"}, "other general major"),
        ({"text": "pa-1200", "customer": "foreign"}, "other"),
        ({"text": "pa-1200", "stage": Stage.ANALYSING}, "general"),
        ({"text": "pa-1200", "standing": Standing.OVERDUE}, "major"),
        ({"text": "pa-1200", "extent": Extent.ENDED}, ""),
    ],
)
def test_filters(store_world: World, three: dict[str, str], wanted: dict[str, Any], found: str) -> None:
    customers = {"own": store_world.customer, "foreign": store_world.foreign_customer}
    asked = {name: value for name, value in wanted.items() if name != "customer"}
    filters = Filters(**asked, customer_id=customers.get(wanted.get("customer", "")))
    assert numbers(listed(store_world, filters)) == [three[name] for name in found.split()]


def test_whose(store_world: World, three: dict[str, str]) -> None:
    desks = [
        numbers(listed(store_world, Filters(mine=True), as_=one))
        for one in ("cqe", "cqe2", factories.LIMITED)
    ]
    assert sorted(number for one in desks for number in one) == sorted(three.values())
    for login, role, others in (("cqe", Role.CQE, Role.TE), ("sales", Role.SALES, Role.CQE)):
        mine = numbers(listed(store_world, Filters(mine=True), as_=login))
        assert numbers(listed(store_world, Filters(mine=True, role=role), as_=login)) == mine
        assert numbers(listed(store_world, Filters(mine=True, role=others), as_=login)) == []
    # who registered them sells; the test engineer was given the functional ones
    assert numbers(listed(store_world, Filters(mine=True), as_="sales")) == list(three.values())
    assert numbers(listed(store_world, Filters(mine=True, role=Role.TE), as_="te")) == [
        three["major"],
        three["general"],
    ]
    assert numbers(listed(store_world, Filters(mine=True), as_="finance")) == []


def test_mine_includes_whom_i_stand_in_for_and_disciplines_i_own(
    store_world: World, three: dict[str, str]
) -> None:
    today = store_world.services.clock().date()
    with changing(store_world) as session:
        session.add(
            AbsenceRow(
                user_id=store_world.users["te"],
                deputy_id=store_world.users["rd"],
                from_on=today,
                until_on=today,
            )
        )
    assert numbers(listed(store_world, Filters(mine=True), as_="rd")) == [three["major"], three["general"]]

    version = _version(store_world, three["other"])
    assign.assign_discipline(
        store_world.services.uow, store_world.order("quality_manager"), number=three["other"], version=version,
        code=DisciplineCode.D4, user_id=store_world.users["production"],
    )  # fmt: skip
    assert numbers(listed(store_world, Filters(mine=True), as_="production")) == [three["other"]]
    assert counted(store_world, "production").mine == 1


def test_a_role_handed_over_moves_to_the_other_desk(store_world: World, three: dict[str, str]) -> None:
    number = three["major"]
    assign.assign_role(
        store_world.services.uow, store_world.order("quality_manager"), number=number,
        version=_version(store_world, number), role=Role.TE, user_id=_second_te(store_world),
    )  # fmt: skip
    assert numbers(listed(store_world, Filters(mine=True), as_="te")) == [three["general"]]


def test_ended_ones_of_mine(store_world: World, three: dict[str, str]) -> None:
    outcome.cancel(
        store_world.services.uow, store_world.order("quality_manager"), number=three["major"],
        version=_version(store_world, three["major"]), reason="Sent twice",
    )  # fmt: skip
    wanted = Filters(mine=True, extent=Extent.ENDED)
    assert numbers(listed(store_world, wanted, as_="te")) == [three["major"]]
    assert numbers(listed(store_world, wanted, as_="finance")) == []
    assert numbers(listed(store_world, replace(wanted, text="无输出"), as_="te")) == [three["major"]]


def test_counters(store_world: World, three: dict[str, str]) -> None:
    assert counted(store_world) == CountersView(overdue=1, due_today=1, awaiting_sample=2, mine=0)
    assert counted(store_world, "sales").mine == 3
    assert counted(store_world, "te").mine == 2


# ---------------------------------------------------------------- search


@pytest.mark.parametrize(
    "text",
    ["无输出", "输出", "输", "无", "安科", "ANK", "anke electro", "pa-12", "PA", "cc-2026", "00001", "an-77",
     "lot9", "漏电", "客户反馈漏电", "burn", "ＢＵＲＮ", "无输出 burn anke"],
)  # fmt: skip
def test_search_finds(store_world: World, text: str) -> None:
    made = complaints.registration(store_world)
    header = replace(
        made.header, customer_number="AN-77", lots=("LOT9",), description="客户反馈漏电 after burn-in"
    )
    number = complaints.registered(store_world, header=header).number
    complaints.registered(
        store_world, foreign_customer=True, counts=counts((APPEARANCE, "划伤", 1)), header=header
    )

    assert number in numbers(listed(store_world, Filters(text=text)))


@pytest.mark.parametrize(
    "text", ["出输", "输电", "xyz", "kan", "无输出 划伤", "%", "**", '"', "'", "OR", "(", "\\"]
)
def test_search_does_not_find(store_world: World, text: str) -> None:
    complaints.registered(store_world)
    assert numbers(listed(store_world, Filters(text=text))) == []


def test_many_matches_are_walked_newest_first(store_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_GATHERED", 3)  # on PostgreSQL: too many to gather
    made = many(store_world, 12)
    found = Filters(text="输出")
    first = listed(store_world, found, size=5)
    second = listed(store_world, found, size=5, after=first.next)
    assert numbers(first) + numbers(second) == list(reversed(made))[:10]
    assert numbers(listed(store_world, found, size=5, before=second.previous)) == numbers(first)
    assert numbers(listed(store_world, Filters(text="00001x003"), size=5)) == [made[3]]
    assert numbers(listed(store_world, replace(found, mine=True), as_="finance")) == []


def test_a_number_typed_exactly_is_known(store_world: World) -> None:
    number = complaints.registered(store_world).number
    with store_world.services.uow.reading() as session:
        for text in (number, number.lower(), f" {number} "):
            assert board.number_like(session, store_world.actor("sales"), text) == number
        assert board.number_like(session, store_world.actor(factories.STRANGER), number) is None
        assert board.number_like(session, store_world.actor("sales"), number[:-1]) is None


# ---------------------------------------------------------------- paging


@pytest.mark.parametrize(
    "filters", [Filters(), Filters(mine=True), Filters(extent=Extent.ALL), Filters(text="输出")]
)
def test_paging_meets_everything_once_and_comes_back(store_world: World, filters: Filters) -> None:
    made = many(store_world, 23)
    expected = made if filters.is_by_due_date else list(reversed(made))
    pages = [listed(store_world, filters, as_="sales", size=5)]
    while pages[-1].next:
        pages.append(listed(store_world, filters, as_="sales", size=5, after=pages[-1].next))

    assert [number for page in pages for number in numbers(page)] == expected
    assert [len(page.lines) for page in pages] == [5, 5, 5, 5, 3]
    assert pages[0].previous is None
    back = pages[-1]
    for page in reversed(pages[:-1]):
        back = listed(store_world, filters, as_="sales", size=5, before=back.previous)
        assert numbers(back) == numbers(page)
        assert (back.previous is None) == (page is pages[0])
        assert back.next is not None


def test_paging_while_rows_change(store_world: World) -> None:
    made = many(store_world, 20)
    page = listed(store_world, size=6)
    met = numbers(page)
    gone, moved = made[8], made[17]
    while page.next:
        with changing(store_world) as session:  # one is closed, one is due later, an overdue one comes in
            session.execute(sa.update(ComplaintRow).where(ComplaintRow.number == gone).values(is_open=False))
            later = store_world.services.clock() + timedelta(days=9)
            session.execute(
                sa.update(ComplaintRow).where(ComplaintRow.number == moved).values(sort_due_at=later)
            )
        received(store_world, 90)
        page = listed(store_world, size=6, after=page.next)
        met += numbers(page)

    assert len(met) == len(set(met))
    assert set(made) - set(met) == {gone}


def test_a_place_that_is_no_more_leads_to_the_first_page(store_world: World) -> None:
    made = many(store_world, 6)
    last = listed(store_world, size=3, after=listed(store_world, size=3).next).lines[-1]
    beyond = PageKey(last.judged_due_at or store_world.services.clock(), last.id)
    assert numbers(listed(store_world, size=3, after=beyond)) == made[:3]
    assert numbers(listed(store_world, size=4, before=listed(store_world, size=2).next)) == made[:4]


# ---------------------------------------------------------------- scope


def test_foreign_plants_and_customers_are_nowhere(store_world: World, three: dict[str, str]) -> None:
    everything = (
        Filters(), Filters(extent=Extent.ALL), Filters(mine=True), Filters(text="pa-1200"),
        Filters(customer_id=store_world.customer),
    )  # fmt: skip
    for filters in everything:
        assert numbers(listed(store_world, filters, as_=factories.STRANGER)) == []
        assert numbers(listed(store_world, filters, as_="admin")) == []
        seen = numbers(listed(store_world, filters, as_=factories.LIMITED))
        assert set(seen) <= {three["other"]}
    assert counted(store_world, factories.STRANGER) == CountersView(0, 0, 0, 0)
    assert counted(store_world, "admin") == CountersView(0, 0, 0, 0)
    assert counted(store_world, factories.LIMITED).overdue == 0
    assert numbers(listed(store_world, as_=factories.LIMITED)) == [three["other"]]


def test_a_desk_left_behind_shows_nothing(store_world: World) -> None:
    complaints.registered(store_world)
    moved = replace(store_world.actor("sales"), plants=frozenset({store_world.foreign_plant}))
    assert numbers(listed(store_world, Filters(mine=True), as_=moved)) == []
    with store_world.services.uow.reading() as session:
        assert board.counters(session, moved, clock_of(store_world)).mine == 0


def test_several_plants_and_customers_are_merged_in_order(store_world: World) -> None:
    made = many(store_world, 9)
    with changing(store_world) as session:
        for number in made[::3]:
            session.execute(
                sa.update(ComplaintRow)
                .where(ComplaintRow.number == number)
                .values(plant_id=store_world.foreign_plant, customer_id=store_world.foreign_customer)
            )
    both = replace(
        store_world.actor("quality_manager"), plants=frozenset({store_world.plant, store_world.foreign_plant})
    )
    limited = replace(both, customers=frozenset({store_world.customer, store_world.foreign_customer}))
    for actor in (both, limited):
        first = listed(store_world, as_=actor, size=5)
        assert numbers(first) == made[:5]
        assert numbers(listed(store_world, as_=actor, size=5, after=first.next)) == made[5:]
        assert numbers(listed(store_world, Filters(extent=Extent.ALL), as_=actor)) == made[::-1]


# ---------------------------------------------------------------- cost


@pytest.mark.parametrize(
    "filters", [Filters(), Filters(mine=True), Filters(text="输出"), Filters(extent=Extent.ENDED)]
)
def test_few_statements_whatever_the_number_of_rows(store_world: World, filters: Filters) -> None:
    spent, sales = [], store_world.actor("sales")
    for amount in (1, 30):
        many(store_world, amount)
        statements: list[str] = []

        def note(*given: Any) -> None:
            statements.append(given[2])  # noqa: B023 - called before the next turn

        engine = store_world.services.uow.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        counted(store_world, sales)
        listed(store_world, filters, as_=sales)
        sa.event.remove(engine, "before_cursor_execute", note)
        spent.append(len([one for one in statements if one.lstrip().upper().startswith("SELECT")]))
    assert spent[0] == spent[1]
    assert max(spent) <= 4  # counters, page, defects; on PostgreSQL a search asks how many match


def _version(world: World, number: str) -> int:
    with world.services.uow.reading() as session:
        return session.execute(
            sa.select(ComplaintRow.version).where(ComplaintRow.number == number)
        ).scalar_one()


def _second_te(world: World) -> int:
    with changing(world) as session:
        return factories.make_user(
            session, "te2", "吴敏", {Role.TE}, {world.plant},
            password_hash="-", created_at=world.services.clock(),
        ).id  # fmt: skip
