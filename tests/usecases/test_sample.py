"""The sample that starts the clocks: received, not needed, needed after all."""

from datetime import timedelta

import pytest

from eightd.usecases import sample
from eightd.usecases.errors import Invalid, NotAllowed
from tests.usecases.case import Case

BOTH = ("preliminary_analysis", "final_report")
REVIEWERS = {"cqe", "cqe2", "quality_manager"}


def dates(case):
    return [case.due(name)[0] for name in BOTH]


# Fifteen working days around the holiday of 4–6 April 2026; the working day ends at 17:30.
ARRIVALS = [
    ("2026-03-13T00:00:00+08:00", "2026-03-18 17:30", "2026-03-24 17:30"),
    ("2026-03-13T17:29:59+08:00", "2026-03-18 17:30", "2026-03-24 17:30"),
    ("2026-03-13T23:59:59+08:00", "2026-03-18 17:30", "2026-03-24 17:30"),
    ("2026-03-14T10:20:00+08:00", "2026-03-18 17:30", "2026-03-24 17:30"),
    ("2026-03-15T23:59:59+08:00", "2026-03-18 17:30", "2026-03-24 17:30"),
    ("2026-03-16T00:00:00+08:00", "2026-03-19 17:30", "2026-03-25 17:30"),
    ("2026-04-03T09:00:00+08:00", "2026-04-09 17:30", "2026-04-15 17:30"),
]


@pytest.mark.parametrize(("received_at", "preliminary", "final"), ARRIVALS)
def test_the_day_of_arrival_never_counts(world, clock, received_at, preliminary, final):
    case = Case(world)
    clock.set(received_at)
    case.do(sample.receive_sample, "warehouse", received_at=clock())
    assert dates(case) == [preliminary, final]


def test_the_arrival_is_kept_with_its_difference(case, clock):
    clock.advance(days=2)
    at = clock() - timedelta(hours=3)
    case.do(
        sample.receive_sample,
        "sales",
        received_at=at,
        quantity=14,
        announced_quantity=15,
        note=" one was kept ",
    )
    row = case.row
    assert (row.sample_received_at, row.sample_received_quantity, row.sample_announced_quantity, row.sample_note) == (
        at, 14, 15, "one was kept",
    )  # fmt: skip
    assert (row.sample_needed, row.awaits_sample, row.next_milestone) == (True, False, "initial_reply")
    assert case.record[-1].tag == "sample.received"
    with pytest.raises(NotAllowed):
        case.do(sample.receive_sample, "sales", received_at=at)
    for verb, arguments in ((sample.waive_sample, {"reason": "x"}), (sample.require_sample, {})):
        with pytest.raises(NotAllowed):
            case.do(verb, "cqe", **arguments)


def test_it_cannot_arrive_before_the_complaint_or_in_the_future(case, clock):
    for arguments, field in (
        ({"received_at": case.row.received_at - timedelta(seconds=1)}, "received_at"),
        ({"received_at": clock() + timedelta(seconds=1)}, "received_at"),
        ({"received_at": clock(), "quantity": -1}, "quantity"),
        ({"received_at": clock(), "announced_quantity": -1}, "announced_quantity"),
    ):
        with pytest.raises(Invalid) as caught:
            case.do(sample.receive_sample, "sales", **arguments)
        assert list(caught.value.problems) == [field]
    assert dates(case) == [None, None]
    case.do(sample.receive_sample, "sales", received_at=case.row.received_at, quantity=0)


def test_without_a_sample_the_clocks_start_at_the_receipt_until_one_is_needed_after_all(case, clock):
    clock.advance(days=1)
    with pytest.raises(NotAllowed):
        case.do(sample.waive_sample, "cqe", reason=" ")
    case.do(sample.waive_sample, "cqe", reason="pictures suffice")
    assert dates(case) == ["2026-03-17 17:30", "2026-03-23 17:30"]
    assert (case.row.sample_needed, case.row.sample_note) == (False, "pictures suffice")
    for verb, login, arguments in (
        (sample.waive_sample, "cqe", {"reason": "again"}),
        (sample.receive_sample, "sales", {"received_at": clock()}),
    ):
        with pytest.raises(NotAllowed):
            case.do(verb, login, **arguments)
    case.do(sample.require_sample, "cqe", announced_quantity=3)
    assert dates(case) == [None, None]
    assert (case.row.awaits_sample, case.row.sample_announced_quantity) == (True, 3)
    case.sampled()
    assert dates(case) == ["2026-03-18 17:30", "2026-03-24 17:30"]


def test_who_says_so(case, clock):
    for verb, allowed, login, arguments in (
        (sample.receive_sample, {"sales", "warehouse"}, "sales", {"received_at": clock()}),
        (sample.waive_sample, REVIEWERS, "cqe", {"reason": "x"}),
        (sample.require_sample, REVIEWERS, "cqe", {}),
    ):
        case.refuses_stale(verb, login, **arguments)
        case.is_only_for(allowed, lambda other, v=verb, a=arguments: case.do(v, other, **a))


def test_a_required_sample_takes_no_negative_number(case):
    with pytest.raises(Invalid):
        case.do(sample.require_sample, "cqe", announced_quantity=-1)
