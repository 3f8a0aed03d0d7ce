"""Every step of a return on both stores: wrong role, foreign plant, stale version, the same key twice."""

from datetime import date

import pytest

from eightd.domain.returns.stages import ReturnKind, ReturnStage
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.table import ROLES_OF
from eightd.persistence.tables.returns import ReturnRow
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.returns.announce import ReturnEntry, announce_return
from eightd.usecases.returns.change import change_return
from eightd.usecases.returns.close import cancel_return
from eightd.usecases.returns.receive import receive_return
from tests import complaints, factories
from tests.usecases.case import SEES_NOTHING, Case
from tests.usecases.verbs_of_returns import VERBS

A, S = Action, ReturnStage
COURSE = (
    (A.ANNOUNCE_RETURN, S.ANNOUNCED), (A.CHANGE_RETURN, S.ANNOUNCED), (A.RECEIVE_RETURN, S.RECEIVED),
    (A.CHECK_RETURN, S.CHECKED), (A.BOOK_IN_RETURN, S.BOOKED_IN), (A.RECOUNT_RETURN, S.BOOKED_IN),
    (A.DRAW_RETURN, S.DRAWN), (A.RECORD_PIECES, S.DRAWN), (A.COUNT_RETURN, S.COUNTED),
    (A.ANALYSE_RETURN, S.ANALYSED), (A.PLAN_RETURN, S.PLANNED), (A.RECORD_REWORK, S.REWORKED),
    (A.REDELIVER_RETURN, S.REDELIVERED), (A.SETTLE_RETURN, S.SETTLED), (A.CLOSE_RETURN, S.CLOSED),
)  # fmt: skip
READERS = [one for one in factories.PEOPLE if one not in SEES_NOTHING]


class Try:
    """A complaint whose newest return the verbs are tried on."""

    def __init__(self, world):
        self.world, self.uow = world, world.services.uow
        self.number = Case(world).number

    def do(self, action, login, *, key=""):
        return VERBS[action](self, self.world.order(login, key), self.world.services.clock(), None, None)

    @property
    def row(self):
        with self.uow.reading() as session:
            return session.query(ReturnRow).order_by(ReturnRow.id.desc()).first()


def test_each_step_is_for_its_roles_at_the_version_seen_and_once_per_key(store_world, clock):
    case = Try(store_world)
    for place, (action, stage) in enumerate(COURSE):
        able = {login for login, (_, roles) in factories.PEOPLE.items() if roles & ROLES_OF[action]}
        version = case.row.version if place else 0
        for login in READERS:
            if login not in able:
                with pytest.raises(NotAllowed):
                    case.do(action, login)
        for login in SEES_NOTHING:
            with pytest.raises(NotFound):
                case.do(action, login)
        assert place == 0 or case.row.version == version
        clock.advance(minutes=1)
        login = sorted(able)[place % len(able)]
        done = case.do(action, login, key=f"step-{place}")
        assert (case.row.stage, case.row.version) == (stage, version + 1)
        assert (done.number, done.version, done.replayed) == (case.row.number, version + 1, False)
        again = case.do(action, login, key=f"step-{place}")
        assert (again.number, again.version, again.replayed) == (done.number, done.version, True)
        assert case.row.version == version + 1


def test_a_version_seen_before_is_refused_and_what_is_hidden_betrays_none(store_world, clock):
    case = Try(store_world)
    order = store_world.order("sales")
    lines = (ReturnEntry(case.number, 5),)
    number = announce_return(case.uow, order, lines=lines, kind=ReturnKind.GOODS).number
    moved = {"expected_on": None, "carrier": "", "tracking": "", "promised_on": None, "note": ""}
    for verb, login, typed in (
        (change_return, "sales", moved),
        (receive_return, "warehouse", {"received_at": clock(), "quantity": 5}),
        (cancel_return, "cqe", {"reason": "never sent"}),
    ):
        with pytest.raises(Stale) as caught:
            verb(case.uow, store_world.order(login), number=number, version=0, **typed)
        assert caught.value.current_version == 1
        for stranger in SEES_NOTHING:
            with pytest.raises(NotFound):
                verb(case.uow, store_world.order(stranger), number=number, version=0, **typed)
    with pytest.raises(NotFound):
        change_return(case.uow, order, number="RCC-2026-09999", version=1, **moved)
    assert case.row.version == 1


def test_a_parcel_holds_complaints_of_one_customer_only(world):
    case, other = Try(world), Try(world)
    elsewhere = complaints.registered(world, foreign_customer=True).number
    order = world.order("sales")

    def announced(*numbers, quantity=3, **others):
        lines = tuple(ReturnEntry(number, quantity) for number in numbers)
        return announce_return(world.services.uow, order, lines=lines, kind=ReturnKind.GOODS, **others)

    for numbers, others, problems in (
        ((), {}, {"lines": "return.required"}),
        ((case.number, elsewhere), {}, {"lines-1-complaint": "return.of_another_customer"}),
        ((case.number, "CC-2026-09999"), {}, {"lines-1-complaint": "return.no_such_complaint"}),
        ((case.number, case.number), {}, {"lines-1-complaint": "return.twice"}),
        ((case.number,), {"quantity": 0}, {"lines-0-quantity": "return.at_least_one"}),
        ((case.number,), {"quantity": 2**31}, {"lines-0-quantity": "return.too_many"}),
        ((case.number,), {"expected_on": date(1026, 3, 1)}, {"expected_on": "return.implausible_day"}),
        ((case.number,), {"carrier": "x" * 121}, {"carrier": "registration.too_long"}),
    ):
        with pytest.raises(Invalid) as caught:
            announced(*numbers, **others)
        assert {field: message.code for field, message in caught.value.problems.items()} == problems
    with pytest.raises(NotFound):
        announced("CC-2026-09999", case.number)
    announced(other.number, case.number)
    with world.services.uow.reading() as session:
        rows = session.query(ReturnRow).order_by(ReturnRow.id).all()
    assert [row.number for row in rows] == ["RCC-2026-00001", "RCC-2026-00002"]
    assert {row.parcel for row in rows} == {"RCC-2026-00001"}
