"""Correcting the header, choosing the form, commenting."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import ComplaintKind, Demand
from eightd.domain.workflow.snapshot import ReportForm, ReportKind
from eightd.persistence import search
from eightd.persistence.tables.complaint import ComplaintRow, NoteRow
from eightd.usecases import clock as clocks
from eightd.usecases import header, sample
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.registration import Header
from tests.usecases.case import D1, D2, D3, SEES_NOTHING, Case, counts

SIDE = {"sales", "cqe", "cqe2", "quality_manager"}


def corrected(case, **others):
    row = case.row
    values = {
        "kind": row.kind, "channel": row.channel, "received_at": row.received_at, "lots": tuple(row.lots),
        "quantity_delivered": row.quantity_delivered,
        "demands": tuple(Demand(demand) for demand in row.demands), **others,
    }  # fmt: skip
    return Header(**values)


def edit(case, login="sales", **others):
    return case.do(header.edit_header, login, header=corrected(case, **others))


def found(case, text):
    with case.services.uow.reading() as session:
        ids = search.matching(session, text)
        wanted = sa.select(ComplaintRow.number).where(ComplaintRow.id.in_(ids))
        return list(session.execute(wanted).scalars())


def test_only_what_changed_is_recorded(case):
    edit(case, kind=ComplaintKind.FIELD, lots=(" B2603A ", "", "B2603B", "B2603B"), contact=" 李工 ")
    row = case.row
    assert (row.kind, row.lots, row.contact, row.version) == (
        ComplaintKind.FIELD,
        ["B2603A", "B2603B"],
        "李工",
        2,
    )
    last = case.record[-1]
    assert last.tag == "complaint.header_edited"
    assert last.old == {"kind": "line", "lots": ["B2603A"], "contact": ""}
    assert last.new == {"kind": "field", "lots": ["B2603A", "B2603B"], "contact": "李工"}


def test_a_corrected_receipt_moves_the_clocks_that_start_at_it(case):
    before = case.row.received_at
    edit(case, received_at=before - timedelta(hours=5))
    assert case.due("initial_reply") == ("2026-03-13 11:40",) * 2
    assert case.row.sort_due_at == before + timedelta(hours=19)


@pytest.mark.parametrize("event", ["registered", "sample", "stop", "initial"])
def test_the_receipt_lies_before_everything_that_happened(world, clock, event):
    case = Case(world, received_at=clock() - timedelta(hours=2))
    first = clock() - timedelta(hours=1)
    if event == "registered":
        first = clock()
    elif event == "sample":
        case.do(sample.receive_sample, "sales", received_at=first)
    elif event == "stop":
        case.do(clocks.stop_clock, "cqe", from_at=first, reason=StopReason.OTHER, note="laboratory closed")
    elif event == "initial":
        case.accept(D1, D2, D3)
        case.send(ReportKind.INITIAL, first)
    clock.advance(hours=2)
    with pytest.raises(Invalid) as caught:
        edit(case, received_at=first + timedelta(seconds=1))
    assert caught.value.problems["received_at"].code == "registration.after_an_event"
    with pytest.raises(Invalid) as caught:
        edit(case, received_at=clock() + timedelta(seconds=1))
    assert caught.value.problems["received_at"].code == "registration.in_future"
    edit(case, received_at=first)


def test_what_is_wrong_is_said_by_field(case):
    case.do(header.change_counts, "sales", counts=counts(5, 600))
    for others, fields in (
        ({"quantity_delivered": -1}, ["quantity_delivered"]),
        ({"customer_number": "x" * 121, "contact": "x" * 201}, ["contact", "customer_number"]),
        ({"order_number": "x" * 81}, ["order_number"]),
    ):
        with pytest.raises(Invalid) as caught:
            edit(case, **others)
        assert sorted(caught.value.problems) == fields


def test_no_more_is_inspected_than_was_delivered(case):
    inspected = counts(5)
    case.do(header.change_counts, "sales", counts=type(inspected)(inspected.defects, 600, inspected.flags))
    with pytest.raises(Invalid) as caught:
        edit(case, quantity_delivered=599)
    assert list(caught.value.problems) == ["quantity_delivered"]
    edit(case, quantity_delivered=600)
    edit(case, quantity_delivered=None)


def test_it_is_found_by_what_it_says_now(case):
    edit(case, customer_number="SCAR-77", description="客户产线停机两小时")
    assert found(case, "SCAR-77") == found(case, "停机") == [case.number]
    edit(case, customer_number="SCAR-78", description="")
    assert found(case, "SCAR-77") == found(case, "停机") == []


def test_who_corrects_and_chooses(case):
    case.do(header.change_counts, "sales", counts=counts(1))
    edit(case, demands=())
    case.refuses_stale(header.edit_header, "sales", header=corrected(case))
    case.is_only_for(SIDE, lambda login: edit(case, login))
    case.refuses_stale(header.choose_form, "cqe", form=ReportForm.SHORT)
    case.is_only_for(
        SIDE - {"sales"}, lambda login: case.do(header.choose_form, login, form=ReportForm.SHORT)
    )


def test_the_short_form_is_for_tier_other_without_a_demand_for_an_8d(case):
    def short(form=ReportForm.SHORT):
        return case.do(header.choose_form, "cqe", form=form)

    with pytest.raises(NotAllowed):
        short()  # major
    case.do(header.change_counts, "sales", counts=counts(4))
    with pytest.raises(NotAllowed):
        short()  # an 8D is demanded
    edit(case, demands=(Demand.CREDIT,))
    with pytest.raises(NotAllowed):
        short(ReportForm.FULL)  # it is the full one already
    short()
    assert case.row.form is ReportForm.SHORT
    with pytest.raises(NotAllowed):
        short()
    short(ReportForm.FULL)
    assert [entry.tag for entry in case.record[-2:]] == ["form.short_chosen", "form.full_chosen"]


def test_anybody_who_works_comments_and_nobody_has_to_reload(case):
    from_now_on = case.row.version

    def comment(login, text="请查一下批次"):
        return header.comment(case.services.uow, case.world.order(login), number=case.number, text=text)

    for login in ("te", "finance", "warehouse"):
        comment(login, f" {login} says ")
    assert [one.text for one in case.all(NoteRow)] == ["te says", "finance says", "warehouse says"]
    assert case.row.version == from_now_on
    with pytest.raises(Invalid):
        comment("te", " \n")
    with pytest.raises(NotAllowed):
        comment("auditor")
    for login in SEES_NOTHING:
        with pytest.raises(NotFound):
            comment(login)
    with pytest.raises(NotFound):
        header.comment(case.services.uow, case.world.order("te"), number="CC-2026-99999", text="x")
