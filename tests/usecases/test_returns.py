"""Returns from the announcement to the end: what each verb writes, refuses and leaves behind."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eightd.domain.complaint import DefectKind, Tier
from eightd.domain.messages import MessageKind
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnKind, ReturnStage
from eightd.persistence.repositories import returns as repository
from eightd.persistence.tables.complaint import DefectLineRow
from eightd.persistence.tables.messaging import MessageRow
from eightd.persistence.tables.returns import FailureCategoryRow, ReturnRow
from eightd.queries.why import why
from eightd.usecases import outcome, sample
from eightd.usecases.alarms.samples_sweep import is_any_overdue, tell_of_overdue
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.evidence import Upload, check_upload
from eightd.usecases.returns.analyse import analyse_return
from eightd.usecases.returns.announce import ReturnEntry, announce_return
from eightd.usecases.returns.change import change_return
from eightd.usecases.returns.check import check_return
from eightd.usecases.returns.close import cancel_return, close_return
from eightd.usecases.returns.count import Count, count_return
from eightd.usecases.returns.draw import draw_return
from eightd.usecases.returns.plan import PlanEntry, plan_return
from eightd.usecases.returns.receive import receive_return
from eightd.usecases.returns.recount import recount_return
from eightd.usecases.returns.redeliver import redeliver_return
from eightd.usecases.returns.rework import Result, record_rework
from eightd.usecases.returns.settle import settle_return
from eightd.usecases.returns.store import book_in
from tests.usecases.case import Case, counts, picture

KEPT = {"carrier": "", "tracking": "", "promised_on": None, "note": ""}


class Parcel:
    """One return of a complaint, driven by named people; remembers the version it saw last."""

    def __init__(self, case: Case, quantity: int = 20, *, by: str = "sales", **others):
        """Announce it."""
        self.case, self.world = case, case.world
        done = announce_return(
            self.world.services.uow,
            self.world.order(by),
            lines=(ReturnEntry(case.number, quantity),),
            **{"kind": ReturnKind.SAMPLE, **others},
        )
        self.number, self.version = done.number, done.version

    def do(self, verb, by, **arguments):
        """Carry out a verb at the version seen last."""
        arguments.setdefault("version", self.version)
        done = verb(self.world.services.uow, self.world.order(by), number=self.number, **arguments)
        self.version = done.version
        return done

    @property
    def row(self) -> ReturnRow:
        with self.world.services.uow.reading() as session:
            return session.query(ReturnRow).filter_by(number=self.number).one()

    @property
    def at(self):
        with self.world.services.uow.reading() as session:
            found = repository.held(session, session.query(ReturnRow).filter_by(number=self.number).one()).at
        return {place: quantity for place, quantity in found.items() if quantity}


@pytest.fixture
def case(world):
    return Case(world)


def test_the_first_receipt_starts_the_clocks(case, clock):
    parcel = Parcel(case)
    assert parcel.number == "RCC-2026-00001"
    clock.advance(days=2)
    parcel.do(receive_return, "sales", received_at=clock(), quantity=12, cartons=1)
    assert (case.row.sample_received_at, case.row.sample_received_quantity) == (clock(), 12)
    assert case.due("final_report")[0] is not None
    assert [entry.tag for entry in case.record[-2:]] == ["sample.received", "return.received"]
    first = clock()
    clock.advance(hours=3)
    parcel.do(receive_return, "warehouse", received_at=clock(), quantity=7)
    assert case.row.sample_received_at == first
    assert parcel.at == {Place.CUSTOMER: -19, Place.ARRIVED: 19}


def test_what_differs_is_explained_and_the_rest_announced(case, clock):
    parcel = Parcel(case)
    parcel.do(receive_return, "sales", received_at=clock() - timedelta(hours=1), quantity=15)
    for arguments, field in (
        ({"quantity": 15}, "because"),
        ({"quantity": 14, "rest_comes": True}, "because"),
        ({"quantity": 14, "wrong": 1, "rest_comes": True}, "found_part"),
    ):
        with pytest.raises(Invalid) as caught:
            parcel.do(check_return, "warehouse", **arguments)
        assert list(caught.value.problems) == [field]
    parcel.do(
        check_return,
        "warehouse",
        quantity=12,
        wrong=2,
        found_part="PA-1300",
        because="1 box empty",
        rest_comes=True,
    )
    assert parcel.row.stage is ReturnStage.CHECKED
    assert parcel.at == {Place.CUSTOMER: -15, Place.CHECKED: 12, Place.WRONG_PART: 2, Place.MISSING: 1}
    assert case.row.quantity_returned == 12
    with case.world.services.uow.reading() as session:
        rest = session.query(ReturnRow).filter_by(number="RCC-2026-00002").one()
        assert (rest.rest_of_id, rest.quantity_announced, rest.stage) == (
            parcel.row.id,
            8,
            ReturnStage.ANNOUNCED,
        )


def picture_of(case):
    """A checked picture of a parcel."""
    upload = Upload("parcel.png", picture())
    return check_upload(upload, case.world.services.limits)


def brought_to_stock(case, clock, quantity=20):
    """Bring a return as far as stock."""
    parcel = Parcel(case, quantity)
    parcel.do(receive_return, "sales", received_at=clock(), quantity=quantity)
    parcel.do(check_return, "warehouse", quantity=quantity)
    parcel.do(book_in, "warehouse", location="R2-B07")
    return parcel


NO_OUTPUT = Count(DefectKind.FUNCTIONAL, "无输出", PieceVerdict.NG, 12)
NTF = Count(None, "", PieceVerdict.NTF, 4)


def test_a_return_from_stock_to_its_end(case, clock):
    parcel = brought_to_stock(case, clock)
    parcel.do(draw_return, "production", quantity=10)
    parcel.do(draw_return, "te", quantity=6)
    with pytest.raises(Invalid) as caught:
        parcel.do(count_return, "production", counts=(NO_OUTPUT,))
    assert list(caught.value.problems) == ["counts"]
    parcel.do(count_return, "production", counts=(NO_OUTPUT, NTF), note="bench 3")
    with pytest.raises(Invalid) as caught:
        parcel.do(analyse_return, "te", analysis="C12 short", categories={})
    assert list(caught.value.problems) == ["ntf_criteria"]
    parcel.do(analyse_return, "te", analysis="C12 short", ntf_criteria="2 h at 55 °C", categories={})
    rows = (
        PlanEntry(Disposition.REWORK, 12, "replace C12", "PIE"),
        PlanEntry(Disposition.RETURN_AS_IS, 6),
        PlanEntry(Disposition.SCRAP, 1),
    )
    with pytest.raises(Invalid) as caught:
        parcel.do(plan_return, "pie", rows=rows)
    assert caught.value.problems["rows"].text("en") == "Together 19, but 20 pieces are there: 1 too few"
    rows = (*rows, PlanEntry(Disposition.KEEP, 1))
    parcel.do(plan_return, "pie", rows=rows, promised_on=clock().date())
    parcel.do(record_rework, "production", results=(Result(Disposition.REWORK, 8, 0),))
    parcel.do(redeliver_return, "sales", quantity=10, sent_on=clock().date(), carrier="SF")
    assert parcel.row.stage is ReturnStage.PLANNED
    parcel.do(
        record_rework,
        "production",
        results=(Result(Disposition.REWORK, 3, 1, "lifted pad"), Result(Disposition.SCRAP, 0, 1)),
    )
    assert parcel.row.stage is ReturnStage.REWORKED
    parcel.do(redeliver_return, "warehouse", quantity=7, sent_on=clock().date())
    assert parcel.row.stage is ReturnStage.REDELIVERED
    assert parcel.at == {Place.CUSTOMER: -20, Place.KEPT: 1, Place.SCRAPPED: 2, Place.SENT_BACK: 17}
    with pytest.raises(Invalid):
        parcel.do(settle_return, "finance", credit_number="", booked_on=clock().date())
    parcel.do(settle_return, "finance", credit_number="CN-88", booked_on=clock().date())
    parcel.do(close_return, "sales")
    assert (parcel.row.stage, parcel.row.is_open, parcel.row.closed_at) == (
        ReturnStage.CLOSED,
        False,
        clock(),
    )


def test_days_waited_for_a_sample_stop_what_may_be_stopped(world, clock):
    case = Case(world)
    case.do(sample.require_sample, "cqe")
    clock.advance(days=4)
    case.do(sample.waive_sample, "cqe", reason="the pictures are enough")
    assert case.due("final_report") == ("2026-03-23 17:30", "2026-03-24 17:30")
    assert len(set(case.due("initial_reply"))) == 1
    with world.services.uow.reading() as session:
        view = why(session, world.actor("sales"), case.number, "final_report", clock())
    stopped = [step for step in view.steps if step.code == "stop.waiting_sample"]
    assert [step.on.isoformat() for step in stopped] == ["2026-03-12", "2026-03-13"]
    assert stopped[0].why.en == "waiting for the sample"


def test_sales_hears_of_an_overdue_sample_every_three_days_until_it_comes(case, clock):
    services = case.world.services
    case.do(sample.require_sample, "cqe")
    assert case.row.sample_due_at == clock() + timedelta(days=3)
    parcel = Parcel(case, expected_on=(clock() + timedelta(days=1)).date())
    assert tell_of_overdue(services) == 0
    assert not is_any_overdue(services)
    clock.set("2026-03-13T17:30:00+08:00")
    assert is_any_overdue(services)
    assert [tell_of_overdue(services), tell_of_overdue(services)] == [1, 0]
    with services.uow.reading() as session:
        told = session.query(MessageRow).filter_by(kind=MessageKind.SAMPLE_OVERDUE).one()
    assert (told.user_id, told.facts["task"]) == (case.world.users["sales"], parcel.number)
    parcel.do(change_return, "sales", **KEPT, expected_on=parcel.row.expected_on)
    assert not is_any_overdue(services), "what was told already is not told again at once"
    clock.advance(days=3)
    assert tell_of_overdue(services) == 1
    parcel.do(receive_return, "sales", received_at=clock(), quantity=20)
    assert (case.row.sample_due_at, case.row.sample_chase_at) == (None, None)


def test_counts_feed_the_defect_lines_and_may_raise_the_tier(case, clock):
    assert (case.row.tier, case.row.quantity_confirmed_ng) == (Tier.MAJOR, None)
    small = Case(case.world, counts=counts(quantity=7))
    assert small.row.tier is Tier.GENERAL
    parcel = brought_to_stock(small, clock)
    parcel.do(draw_return, "production", quantity=20)
    scratched = Count(DefectKind.APPEARANCE, "划伤", PieceVerdict.NG, 3)
    shown = (replace(NO_OUTPUT, quantity=16), scratched, Count(None, "", PieceVerdict.OK, 1))
    version = small.row.version
    parcel.do(count_return, "te", counts=shown, feeds=True)
    assert (small.row.tier, small.row.quantity_confirmed_ng, small.row.version) == (
        Tier.MAJOR,
        19,
        version + 1,
    )
    lines = [(line.phenomenon, line.quantity) for line in small.all(DefectLineRow, DefectLineRow.position)]
    assert lines == [("无输出", 16), ("划伤", 3)]
    fed, counted = small.record[-2:]
    assert (fed.tag, fed.subject, fed.old["tier"], fed.new["tier"]) == (
        "tier.classified", parcel.number, "general", "major",
    )  # fmt: skip
    assert counted.tag == "return.counted"
    parcel.do(count_return, "te", counts=shown, feeds=True)
    assert small.record[-1].tag == small.record[-2].tag == "return.counted", (
        "nothing changed, nothing was fed"
    )


def test_a_count_is_corrected_and_counted_again(case, clock):
    parcel = brought_to_stock(case, clock)
    parcel.do(draw_return, "production", quantity=16)
    parcel.do(count_return, "production", counts=(NO_OUTPUT, NTF))
    parcel.do(recount_return, "production", place=Place.DRAWN, quantity=15, because="one fell down")
    assert (parcel.row.stage, parcel.at[Place.DRAWN], parcel.at[Place.MISSING]) == (ReturnStage.DRAWN, 15, 1)
    with pytest.raises(NotAllowed):
        parcel.do(analyse_return, "te", analysis="C12", categories={})
    parcel.do(recount_return, "warehouse", place=Place.STORED, quantity=0, because="they were never there")
    parcel.do(count_return, "production", counts=(replace(NO_OUTPUT, quantity=15),))
    assert [entry.tag for entry in case.record[-3:]] == [
        "return.recounted",
        "return.recounted",
        "return.counted",
    ]


def test_every_tested_count_gets_a_category_where_the_plant_has_some(case, clock):
    with case.world.services.uow.writing(case.world.order("admin")) as work:
        made = FailureCategoryRow(level=1, code="D", name="不良", name_en="Defect")
        work.session.add(made)
        work.session.flush()
        category = made.id
    parcel = brought_to_stock(case, clock)
    parcel.do(draw_return, "production", quantity=13)
    untested = Count(None, "", PieceVerdict.NOT_TESTED, 1)
    parcel.do(count_return, "production", counts=(NO_OUTPUT, untested))
    for given, code in (({}, "return.required"), ({0: category + 1}, "return.no_such_category")):
        with pytest.raises(Invalid) as caught:
            parcel.do(analyse_return, "te", analysis="C12", categories=given)
        assert {field: message.code for field, message in caught.value.problems.items()} == {
            "categories-0-category": code
        }
    parcel.do(analyse_return, "te", analysis="C12", categories={0: category})
    assert case.record[-1].new["categories"] == ["D"]


def test_what_cannot_be_typed(case, clock):
    parcel = Parcel(case)
    now, too_long = clock(), "x" * 4001
    attempts = [
        (receive_return, "sales", {"received_at": now + timedelta(hours=1), "quantity": 1}, "received_at"),
        (
            receive_return,
            "sales",
            {"received_at": now - timedelta(days=20_000), "quantity": 1},
            "received_at",
        ),
        (receive_return, "sales", {"received_at": now, "quantity": 1, "cartons": 0}, "cartons"),
        (receive_return, "sales", {"received_at": now, "quantity": 1, "note": too_long}, "note"),
        (change_return, "sales", {**KEPT, "expected_on": date(9999, 1, 1)}, "expected_on"),
        (cancel_return, "cqe", {"reason": too_long}, "reason"),
    ]
    for verb, login, typed, field in attempts:
        with pytest.raises(Invalid) as caught:
            parcel.do(verb, login, **typed)
        assert set(caught.value.problems) == {field}
    with pytest.raises(NotAllowed):
        parcel.do(cancel_return, "cqe", reason=" ")
    parcel.do(cancel_return, "cqe", reason="the customer keeps them")
    assert (parcel.row.stage, parcel.row.is_open, parcel.row.outcome_reason) == (
        ReturnStage.CANCELLED, False, "the customer keeps them",
    )  # fmt: skip


def test_dates_of_what_is_sent_back_and_booked(case, clock):
    parcel = brought_to_stock(case, clock)
    parcel.do(plan_return, "pie", rows=(PlanEntry(Disposition.RETURN_AS_IS, 20),))
    today = clock().date()
    for sent_on in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(Invalid) as caught:
            parcel.do(redeliver_return, "sales", quantity=20, sent_on=sent_on)
        assert set(caught.value.problems) == {"sent_on"}
    parcel.do(redeliver_return, "sales", quantity=20, sent_on=today)
    with pytest.raises(Invalid) as caught:
        parcel.do(settle_return, "finance", credit_number="1", booked_on=today + timedelta(days=1))
    assert set(caught.value.problems) == {"booked_on"}
    plain = brought_to_stock(case, clock)
    rows = (PlanEntry(Disposition.SCRAP, 20, "x" * 4001, "y", date(1026, 1, 1)),)
    with pytest.raises(Invalid) as caught:
        plain.do(plan_return, "pie", rows=rows, promised_on=date(1026, 1, 1))
    assert set(caught.value.problems) == {"promised_on", "rows-0-how", "rows-0-due_on"}


def test_goods_that_were_here_before_start_the_clocks_at_the_complaint_and_a_closed_one_none(case, clock):
    earlier = case.row.received_at - timedelta(days=2)
    parcel = Parcel(case, kind=ReturnKind.GOODS)
    parcel.do(receive_return, "sales", received_at=earlier, quantity=20, photo=picture_of(case))
    assert case.row.sample_received_at == case.row.received_at
    assert parcel.row.received_at == earlier
    assert case.record[-1].new["files"][0]["filename"] == "parcel.png"
    ended = Case(case.world)
    parcel = Parcel(ended, kind=ReturnKind.GOODS)
    ended.do(outcome.cancel, "cqe", reason="a double")
    with pytest.raises(NotAllowed):
        Parcel(ended)
    parcel.do(receive_return, "sales", received_at=clock(), quantity=20)
    parcel.do(check_return, "warehouse", quantity=20)
    parcel.do(book_in, "warehouse", location="R2")
    parcel.do(draw_return, "production", quantity=12)
    assert ended.row.sample_received_at is None
    with pytest.raises(Invalid) as caught:
        parcel.do(count_return, "production", counts=(NO_OUTPUT,), feeds=True)
    assert set(caught.value.problems) == {"feeds"}
