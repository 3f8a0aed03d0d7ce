"""The complaint page is read in a bounded number of statements, and only by those who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed, RefusalKind, Refused
from eightd.queries import complaint, discipline, timeline, why
from eightd.queries.deadlines import Lateness
from eightd.usecases import discipline as disciplines
from eightd.usecases import header, sample
from eightd.usecases.services import Services
from tests.reporting.case_documents import adapter
from tests.web.casework import registered

D2 = DisciplineCode.D2


@contextmanager
def statements(services: Services) -> Iterator[list[str]]:
    """Collect the statements sent while the block runs."""
    sent: list[str] = []

    def listen(_link: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        sent.append(statement)

    sa.event.listen(services.uow.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        sa.event.remove(services.uow.engine, "before_cursor_execute", listen)


def page(world, login, number):
    with world.services.uow.reading() as session:
        return complaint.complaint_page(session, world.actor(login), number, world.services.clock())


def test_few_statements_however_much_there_is(world):
    number = registered(world)
    for _ in range(12):
        header.comment(world.services.uow, world.order("pie"), number=number, text="again")
        registered(world)
    for code in DisciplineCode:
        if code <= DisciplineCode.D3:
            disciplines.submit(
                world.services.uow, world.order("cqe"), number=number, code=code, version=1,
                answer=adapter().answers[code],
            )  # fmt: skip
    services, actor = world.services, world.actor("cqe")
    now = services.clock()
    for most, read in (
        (22, lambda session: complaint.complaint_page(session, actor, number, now)),
        (14, lambda session: discipline.discipline_page(session, actor, number, DisciplineCode.D3)),
        (12, lambda session: complaint.complaint_head(session, actor, number)),
        (14, lambda session: why.why(session, actor, number, "final_report", now)),
        (11, lambda session: timeline.record(session, actor, number)),
    ):
        with services.uow.reading() as session, statements(services) as sent:
            assert read(session) is not None
        assert len(sent) <= most, len(sent)


@pytest.mark.parametrize("login", ["stranger", "limited", "admin"])
def test_hidden_is_none(world, login):
    number = registered(world)
    services, actor = world.services, world.actor(login)
    with services.uow.reading() as session:
        assert complaint.complaint_page(session, actor, number, services.clock()) is None
        assert complaint.complaint_head(session, actor, number) is None
        assert discipline.discipline_page(session, actor, number, D2) is None
        assert why.why(session, actor, number, "initial_reply", services.clock()) is None
        assert timeline.record(session, actor, number) is None
    assert page(world, "cqe", "CC-2026-99999") is None


def test_what_a_new_complaint_says(world):
    found = page(world, "cqe", registered(world))
    assert found.classification.tier == "major"
    assert [one.lateness for one in found.deadlines] == [Lateness.SOON, Lateness.WAITING, Lateness.WAITING]
    assert found.next_step is Action.CONFIRM_OURS
    assert found.blockers
    assert isinstance(found.outcomes[Action.CONFIRM_OURS], Allowed)
    refused = found.outcomes[Action.CLOSE]
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.ROLE
    assert {one.role for one in found.assignments} >= {Role.CQE, Role.PQE}
    assert len(found.steps) == 9


def test_lateness_moves_with_time(world, clock):
    number = registered(world)
    sample.waive_sample(world.services.uow, world.order("cqe"), number=number, version=1, reason="photos")
    clock.set("2026-03-13T16:41:00+08:00")
    first = page(world, "cqe", number).deadlines[0]
    assert first.lateness is Lateness.OVERDUE
    assert first.late_by.total_seconds() == 60


def test_similar_cases_are_earlier_ones_that_may_be_seen(world):
    first, second = registered(world), registered(world)
    registered(world, customer="BERGER")
    last = registered(world)
    assert [one.number for one in page(world, "cqe", second).similar] == [first]
    assert len(page(world, "cqe", last).similar) == 3
    assert len(page(world, "limited", "CC-2026-00003").similar) == 0


def test_readers_of_released_content_see_no_draft(world):
    number = registered(world)
    answer = adapter().answers[D2]
    disciplines.save_draft(
        world.services.uow, world.order("cqe"), number=number, code=D2, version=1, answer=answer
    )
    actor = world.actor("auditor")
    with world.services.uow.reading() as session:
        shown = discipline.discipline_page(session, actor, number, D2)
        entries = timeline.record(session, actor, number).entries
    assert shown.answer is None
    assert shown.state is DisciplineState.OPEN
    assert entries[0].tag == "discipline.draft_saved"
    assert entries[0].new == {}


def test_the_record_pages_by_key(world):
    number = registered(world)
    for turn in range(timeline.PAGE + 5):
        header.comment(world.services.uow, world.order("cqe"), number=number, text=f"note {turn}")
    with world.services.uow.reading() as session:
        newest = timeline.record(session, world.actor("cqe"), number)
        older = timeline.record(session, world.actor("cqe"), number, newest.older)
    keys = [one.sequence for one in (*newest.entries, *older.entries)]
    assert keys == list(range(keys[0], 0, -1))
    assert older.older is None
