"""How it ends: verdict, closing, reopening, cancelling."""

from datetime import date

import pytest

from eightd.domain.afterwards import Wrong
from eightd.domain.complaint import DisciplineState, Stage
from eightd.domain.workflow.snapshot import ReportKind, VerdictResult
from eightd.persistence.tables.complaint import DeskRow
from eightd.usecases import confirm, discipline, outcome
from eightd.usecases.errors import Invalid, NotAllowed
from tests.complaints import UNPROVEN
from tests.usecases.case import D4, D5, D8, PROOF, Case, answers

ACCEPTED, REJECTED = VerdictResult
TODAY = date(2026, 3, 12)
WRONG = Wrong(D5, "the action could not be carried out")
SIDE = {"sales", "cqe", "cqe2", "quality_manager"}
REVIEWERS = SIDE - {"sales"}


def judge(case, result=ACCEPTED, login="sales", **others):
    values = {"by": "SQE", "on": TODAY, "reason": "x" if result is REJECTED else "", **others}
    return case.do(outcome.record_verdict, login, result=result, **values)


def test_from_the_verdict_to_the_closed_case(case, clock):
    case.reported()
    for others, field in (({"by": " "}, "by"), ({"by": "x" * 201}, "by"), ({"on": date(2026, 3, 13)}, "on")):
        with pytest.raises(Invalid) as caught:
            judge(case, **others)
        assert list(caught.value.problems) == [field]
    judge(case, by=" Mr Li ")
    row = case.row
    assert (row.stage, row.verdict, row.verdict_by, row.verdict_on) == (
        Stage.WATCHING,
        ACCEPTED,
        "Mr Li",
        TODAY,
    )
    with pytest.raises(NotAllowed) as caught:
        case.do(outcome.close, "quality_manager")
    assert ["D8" in gate.text("en") for gate in caught.value.gates] == [True]
    case.accept(D8)
    clock.set("2026-03-20T00:10:00+08:00")
    for closed_on in (date(2026, 3, 21), date(2026, 3, 11)):
        with pytest.raises(Invalid) as caught:
            case.do(outcome.close, "quality_manager", closed_on=closed_on)
        assert list(caught.value.problems) == ["closed_on"]
    case.do(outcome.close, "quality_manager")
    row = case.row
    assert (row.stage, row.is_open, row.closed_on, row.closed_by) == (
        Stage.CLOSED, False, date(2026, 3, 20), case.world.users["quality_manager"],
    )  # fmt: skip
    assert case.all(DeskRow, DeskRow.user_id) == []
    assert case.issue(ReportKind.FINAL) == 4  # the revision that tells the whole course


@pytest.mark.parametrize("closed_on", [TODAY, date(2026, 3, 14), date(2026, 3, 15)])
def test_it_may_be_closed_for_an_earlier_day(world, clock, closed_on):
    case = Case(world).reported().judged()
    case.accept(D8)
    clock.set("2026-03-15T09:00:00+08:00")
    case.do(outcome.close, "quality_manager", closed_on=closed_on)
    assert (case.row.closed_on, case.row.closed_at) == (closed_on, clock())


def test_a_rejection_brings_it_back_and_asks_for_a_new_final_report(case, clock):
    case.reported()
    clock.advance(minutes=5)
    with pytest.raises(NotAllowed):
        judge(case, REJECTED, reason=" ")
    judge(case, REJECTED, reason=" the escape is not explained ")
    row = case.row
    assert (row.stage, row.verdict, row.outcome_reason) == (
        Stage.ANALYSING,
        REJECTED,
        "the escape is not explained",
    )
    with pytest.raises(NotAllowed):
        case.send(ReportKind.FINAL, issue=False)
    case.work(discipline.reopen_discipline, "cqe", D4, reason="explain the escape")
    with pytest.raises(NotAllowed):
        case.issue(ReportKind.FINAL)
    case.work(discipline.submit, "te", D4, answer=answers()[D4])
    case.accept(D4)
    with pytest.raises(NotAllowed):
        case.send(ReportKind.FINAL, issue=False)
    clock.advance(minutes=5)
    case.send(ReportKind.FINAL)
    judge(case)
    assert case.row.stage is Stage.WATCHING
    judge(case, REJECTED, reason="it came back during the watch")
    assert case.row.stage is Stage.ANALYSING


@pytest.mark.parametrize("stage", [Stage.REPORTED, Stage.WATCHING, Stage.CLOSED])
def test_what_recurs_is_reopened_with_a_reason(world, clock, stage):
    case = Case(world)
    ways = {Stage.REPORTED: case.reported, Stage.WATCHING: lambda: case.reported().judged()}
    ways.get(stage, case.closed)()
    assert case.row.stage is stage
    clock.advance(days=1)
    with pytest.raises(NotAllowed):
        case.do(outcome.reopen, "cqe", reason="")
    with pytest.raises(Invalid):  # nothing would begin again
        case.do(outcome.reopen, "cqe", reason="two more pieces")
    case.do(outcome.reopen, "cqe", reason=" two more pieces ", was_wrong=(WRONG,))
    assert case.discipline(D5).state is DisciplineState.RETURNED
    row = case.row
    assert (row.stage, row.is_open, row.outcome_reason) == (Stage.ANALYSING, True, "two more pieces")
    assert (row.verdict, row.verdict_on, row.closed_on, row.closed_at, row.closed_by) == (None,) * 5
    with pytest.raises(NotAllowed):
        case.send(ReportKind.FINAL, issue=False)
    clock.advance(minutes=5)
    case.accept(D5)
    case.send(ReportKind.FINAL)
    judge(case)
    assert case.row.stage is Stage.WATCHING
    assert case.all(DeskRow, DeskRow.user_id)


def test_a_closed_case_that_was_not_ours_is_ours_when_it_is_reopened(case, clock):
    case.do(confirm.confirm_not_ours, "cqe", reason="x", backing=UNPROVEN)
    case.do(confirm.approve_not_ours, "quality_manager")
    case.do(
        confirm.reply_not_ours, "sales", sent_at=clock(), means=case.row.channel, recipient="", proof=PROOF
    )
    case.do(confirm.accept_not_ours, "sales")
    assert (case.row.stage, case.row.closed_on) == (Stage.CLOSED, TODAY)
    case.do(outcome.reopen, "cqe", reason="our label after all")
    assert (case.row.stage, case.row.ours, case.row.closed_on) == (Stage.ANALYSING, True, None)
    assert case.deadline("final_report").met_at is None


def test_cancelled_with_a_reason_and_brought_back_to_where_it_began(case):
    case.contained()
    with pytest.raises(NotAllowed):
        case.do(outcome.cancel, "cqe", reason=" ")
    case.do(outcome.cancel, "cqe", reason="registered twice")
    row = case.row
    assert (row.stage, row.is_open, row.next_milestone, row.outcome_reason) == (
        Stage.CANCELLED, False, None, "registered twice",
    )  # fmt: skip
    for verb, arguments in ((outcome.cancel, {"reason": "x"}), (confirm.confirm_not_ours, {"reason": "x"})):
        with pytest.raises(NotAllowed):
            case.do(verb, "cqe", **arguments)
    case.do(outcome.reopen, "cqe", reason="not a duplicate")
    assert (case.row.stage, case.row.is_open) == (Stage.REGISTERED, True)
    case.confirmed()
    assert case.row.stage is Stage.ANALYSING


def test_who_ends_it(case):
    case.reported()
    steps = (
        (outcome.record_verdict, SIDE, "sales", {"result": ACCEPTED, "by": "SQE", "on": TODAY}),
        (outcome.close, {"quality_manager"}, "quality_manager", {}),
        (outcome.reopen, REVIEWERS, "cqe", {"reason": "x", "was_wrong": (WRONG,)}),
        (outcome.cancel, REVIEWERS, "cqe", {"reason": "x"}),
    )
    for verb, allowed, login, arguments in steps:
        if verb is outcome.close:
            case.accept(D8)
        case.refuses_stale(verb, login, **arguments)
        case.is_only_for(allowed, lambda other, v=verb, a=arguments: case.do(v, other, **a))
        case.do(verb, login, **arguments)
