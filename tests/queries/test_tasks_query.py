"""The lists of actions on both stores: whose, in which order, for whom, page by page, from indexes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.tasks import TaskKind, TaskState
from eightd.domain.words import Language
from eightd.persistence.repositories import complaints as repository
from eightd.persistence.tables.deadline import NOTHING_DUE_AT
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import AbsenceRow, UserRoleRow
from eightd.persistence.tables.task import TaskRow
from eightd.queries import people
from eightd.queries import tasks as queries
from eightd.queries.tasks import CountersView, Filters, Standing, Whose
from tests import complaints, factories
from tests.factories import LIMITED, STRANGER

NOW = datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
D3, D5 = DisciplineCode.D3, DisciplineCode.D5


@pytest.fixture
def world(store_world):
    return store_world


def put(world, number, *given):
    """Write actions as (what, owner, days until due or None, state, kind)."""
    with world.services.uow.writing(world.order("admin")) as work:
        row = repository.load(work.session, number).row
        for what, owner, days, state, kind in given:
            due_at = NOTHING_DUE_AT if days is None else NOW + timedelta(days=days)
            work.session.add(
                TaskRow(
                    complaint_id=row.id, plant_id=row.plant_id, customer_id=row.customer_id, kind=kind,
                    code=D3 if kind is TaskKind.INTERIM else D5, row_key=f"actions/{what}", what=what,
                    owner_id=world.users.get(owner), owner_name=owner, state=state, due_at=due_at,
                    due_on=None if days is None else due_at.date(),
                )
            )  # fmt: skip


def several(world):
    done = complaints.registered(world)
    interim, corrective = TaskKind.INTERIM, TaskKind.CORRECTIVE
    put(
        world, done.number,
        ("late", "pie", -3, TaskState.OPEN, corrective), ("soon", "pie", 1, TaskState.OPEN, interim),
        ("some day", "pie", None, TaskState.OPEN, corrective), ("later", "te", 9, TaskState.OPEN, corrective),
        ("nobody's", "品质部", -1, TaskState.OPEN, corrective), ("done", "pie", -5, TaskState.DONE, corrective),
        ("gone", "pie", -9, TaskState.CANCELLED, corrective),
    )  # fmt: skip
    return done.number


def listed(world, login, **given):
    after, before, size = (given.pop(name, None) for name in ("after", "before", "size"))
    with world.services.uow.reading() as session:
        return queries.page(
            session, world.actor(login), Filters(**given), NOW, Language.EN, after=after, before=before,
            size=size or queries.PAGE_SIZE,
        )  # fmt: skip


def whats(view):
    return [line.what for line in view.lines]


def test_mine_are_my_open_ones_the_earliest_first_those_without_a_day_last(world):
    several(world)
    view = listed(world, "pie")
    assert whats(view) == ["late", "soon", "some day"]
    assert [line.standing for line in view.lines] == [Standing.OVERDUE, Standing.SOON, Standing.NONE]
    assert view.lines[0].distance == timedelta(days=3)
    assert (view.lines[2].due_at, view.lines[2].due_on) == (None, None)
    assert whats(listed(world, "te")) == ["later"]
    assert whats(listed(world, "sales")) == []


def test_what_is_asked_for_narrows_the_list(world):
    several(world)
    everybodys = ["late", "nobody's", "soon", "later", "some day"]
    assert whats(listed(world, "sales", whose=Whose.PLANT)) == everybodys
    assert whats(listed(world, "sales", whose=Whose.NOBODYS)) == ["nobody's"]
    assert whats(listed(world, "pie", state=None)) == ["gone", "done", "late", "soon", "some day"]
    assert whats(listed(world, "pie", state=TaskState.DONE)) == ["done"]
    assert whats(listed(world, "pie", state=None, overdue=True)) == ["late"]
    assert whats(listed(world, "pie", kind=TaskKind.INTERIM)) == ["soon"]
    assert whats(listed(world, "pie", customer_id=world.customer)) == ["late", "soon", "some day"]
    assert whats(listed(world, "pie", customer_id=world.foreign_customer)) == []
    assert listed(world, "sales", whose=Whose.NOBODYS).lines[0].owner == "品质部"


def test_what_is_foreign_is_not_listed_unreleased_answers_are_not_for_readers_and_owners_are_suggested(world):
    number = several(world)
    for login in (STRANGER, LIMITED, "admin"):
        assert whats(listed(world, login, whose=Whose.PLANT, state=None)) == []
    assert whats(listed(world, "auditor", whose=Whose.PLANT)) == []
    with world.services.uow.reading() as session:
        assert queries.of_complaint(session, world.actor(STRANGER), number, NOW, "en") is None
        assert queries.of_complaint(session, world.actor("auditor"), number, NOW, "en") == ()
        assert queries.one(session, world.actor("auditor"), number, 1, NOW, "en") is None
        assert queries.one(session, world.actor(STRANGER), number, 1, NOW, "en") is None
        assert len(queries.of_complaint(session, world.actor("te"), number, NOW, "en", D5)) == 6
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.execute(
            sa.update(DisciplineRow).where(DisciplineRow.code == D3).values(state=DisciplineState.ACCEPTED)
        )
    assert whats(listed(world, "auditor", whose=Whose.PLANT)) == ["soon"]
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(UserRoleRow(user_id=world.users["sales"], role=Role.CQE))
    with world.services.uow.reading() as session:
        found = queries.people_of(session, number)
    assert {"PIE 王磊", "TE 郑洁", "CQE 赵敏", "陈静"} <= set(found)
    assert not any("沈岩" in one or "韩雪" in one for one in found), "neither auditor nor admin"


def test_pages_by_key_go_forwards_and_back(world):
    several(world)
    put(world, complaints.registered(world).number, ("b", "te", -3, TaskState.OPEN, TaskKind.CORRECTIVE))
    whole = whats(listed(world, "sales", whose=Whose.PLANT, state=None))
    seen, key, pages = [], None, []
    while True:
        view = listed(world, "sales", whose=Whose.PLANT, state=None, after=key, size=3)
        seen += whats(view)
        pages.append(view)
        if view.next is None:
            break
        key = view.next
    assert seen == whole
    assert len(seen) == 8
    back = listed(world, "sales", whose=Whose.PLANT, state=None, before=pages[1].previous, size=3)
    assert whats(back) == whats(pages[0])
    assert back.previous is None


def test_counters_the_figure_in_the_menu_and_what_a_deputy_has(world):
    several(world)
    with world.services.uow.reading() as session:
        assert queries.counters(session, world.actor("pie"), NOW) == CountersView(1, 2, 1, 1)
        assert queries.counters(session, world.actor("admin"), NOW) == CountersView(0, 0, 0, 0)
        view = people.signed_in(session, world.users["pie"], 1, NOW)
        assert view is not None
        assert view.overdue_tasks == 1
    today = date(2026, 3, 12)
    with world.services.uow.writing(world.order("admin")) as work:
        away = AbsenceRow(
            user_id=world.users["te"], deputy_id=world.users["rd"], from_on=today, until_on=today
        )
        work.session.add(away)
    assert whats(listed(world, "rd")) == ["later"]


def test_few_statements_whatever_the_number_of_lines(world):
    spent = []
    for _ in range(2):
        number = several(world)
        statements: list[str] = []

        def note(*given, seen=statements):
            if given[2].startswith(("SELECT", "WITH")):
                seen.append(given[2])

        engine, actor = world.services.uow.engine, world.actor("sales")
        with world.services.uow.reading() as session:
            sa.event.listen(engine, "before_cursor_execute", note)
            queries.page(session, actor, Filters(whose=Whose.PLANT, state=None), NOW, Language.EN)
            in_page = len(statements)
            queries.counters(session, actor, NOW)
            queries.of_complaint(session, actor, number, NOW, Language.EN)
            sa.event.remove(engine, "before_cursor_execute", note)
        spent.append((in_page, len(statements) - in_page))
    assert spent == [(1, 3), (1, 3)]


def test_lists_are_read_from_indexes(services):
    """SQLite tells its plan: no list scans the table."""
    world = factories.world(services)
    several(world)
    engine = services.uow.engine
    statements: list[tuple[str, object]] = []
    with services.uow.reading() as session:
        actor = world.actor("sales")
        sa.event.listen(
            engine, "before_cursor_execute", lambda *given: statements.append((given[2], given[3]))
        )
        for whose in Whose:
            queries.page(session, actor, Filters(whose=whose), NOW, Language.EN)
        wanted = [one for one in statements if one[0].startswith(("SELECT", "WITH"))]
    plans = []
    with engine.connect() as connection:
        for statement, parameters in wanted:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(" | ".join(row[3] for row in rows))
    for plan, index in zip(plans, ("ix_task_mine", "ix_task_of_plant", "ix_task_mine"), strict=True):
        assert index in plan
        assert "SCAN task" not in plan
