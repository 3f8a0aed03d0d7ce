"""Replies: a milestone is met only when something is recorded as sent, at the instant it was sent."""

from datetime import timedelta

import pytest

from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import Channel, Stage
from eightd.domain.workflow.snapshot import ReportKind, VerdictResult
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.evidence import SendingRow
from eightd.usecases import clock as clocks
from eightd.usecases import reply
from eightd.usecases.errors import Invalid, NotAllowed
from tests.usecases.case import D1, D2, D3, D4, D5, D6, D7, PROOF

INITIAL, PRELIMINARY, FINAL = ReportKind
MILESTONES = ("initial_reply", "preliminary_analysis", "final_report")


def told(case, **others):
    values = {
        "sent_at": case.services.clock(),
        "means": Channel.EMAIL,
        "text": "see below",
        "proof": PROOF,
        **others,
    }
    return reply.Reply(**values)


def send(case, kind, login="sales", **others):
    return case.do(reply.send_reply, login, kind=kind, reply=told(case, **others))


def met(case):
    return [case.deadline(name).met_at for name in MILESTONES]


def test_a_milestone_is_met_by_sending_and_by_nothing_before(case, clock):
    case.confirmed().sampled().accept(D1, D2, D3)
    case.issue(INITIAL)
    assert met(case) == [None] * 3
    assert case.row.next_milestone == "initial_reply"
    clock.advance(hours=1)
    send(case, INITIAL, revision=1)
    assert met(case) == [clock(), None, None]
    assert case.row.next_milestone == "preliminary_analysis"
    case.accept(D4)
    case.issue(PRELIMINARY)
    assert met(case)[1] is None
    clock.advance(days=1)
    send(case, PRELIMINARY, revision=2)
    case.accept(D5, D6, D7)
    case.issue(FINAL)
    clock.advance(days=1)
    assert case.row.stage is Stage.ANALYSING
    send(case, FINAL, revision=3, recipient=" SQE ")
    assert met(case)[2] == clock()
    assert (case.row.stage, case.row.next_milestone, case.row.final_sent_at) == (
        Stage.REPORTED,
        None,
        clock(),
    )
    kept = case.all(SendingRow)
    assert [(one.milestone, one.revision_id is not None, one.recipient) for one in kept] == [
        (name, True, "SQE" if name == "final_report" else "") for name in MILESTONES
    ]
    last = case.record[-1]
    assert (last.tag, last.new["revision"], len(last.new["content_hash"])) == ("reply.final_sent", 3, 64)


def test_what_was_sent_earlier_counts_from_then(case, clock):
    case.accept(D1, D2, D3)
    clock.advance(hours=25)
    on_time = case.row.received_at + timedelta(hours=24)
    for sent_at in (case.row.received_at - timedelta(seconds=1), clock() + timedelta(seconds=1)):
        with pytest.raises(Invalid) as caught:
            send(case, INITIAL, sent_at=sent_at)
        assert list(caught.value.problems) == ["sent_at"]
    send(case, INITIAL, sent_at=on_time)
    kept = case.deadline("initial_reply")
    assert (kept.met_at, kept.due_at) == (on_time, on_time)


def test_something_was_sent(case):
    case.accept(D1, D2, D3)
    case.issue(INITIAL)
    for others, field in (
        ({"text": " "}, "text"),
        ({"recipient": "x" * 201}, "recipient"),
        ({"revision": 2}, "revision"),
        ({"revision": 0}, "revision"),
    ):
        with pytest.raises(Invalid) as caught:
            send(case, INITIAL, **others)
        assert list(caught.value.problems) == [field]
    case.confirmed().accept(D4)
    case.issue(PRELIMINARY)
    with pytest.raises(Invalid):
        send(case, PRELIMINARY, revision=1)  # that is the initial one
    send(case, PRELIMINARY, revision=2, text="")
    send(case, INITIAL, text="text alone will do")
    with pytest.raises(NotAllowed):
        send(case, INITIAL)


def test_gates_before_sending(case):
    case.confirmed()
    for kind in (INITIAL, PRELIMINARY, FINAL):
        with pytest.raises(NotAllowed) as caught:
            send(case, kind)
        assert caught.value.gates
    case.accept(D1, D2, D3, D4, D5, D6, D7)
    for kind in (PRELIMINARY, FINAL):  # accepted, but not issued
        with pytest.raises(NotAllowed):
            send(case, kind)
    assert met(case) == [None] * 3


def test_the_final_report_ends_a_running_stop(case, clock):
    case.analysed().accept(D5, D6, D7)
    case.do(
        clocks.stop_clock, "cqe", from_at=clock(), reason=StopReason.WAITING_CUSTOMER, note="which truck?"
    )
    clock.advance(days=1)
    case.send(FINAL)
    (stop,) = case.all(ClockStopRow)
    assert (stop.to_at, stop.resumed_by, case.row.clock_paused) == (clock(), case.world.users["sales"], False)


def test_after_a_rejection_only_a_report_issued_since_is_sent(case, clock):
    case.reported()
    first_sent = met(case)
    clock.advance(hours=1)
    case.judged(VerdictResult.REJECTED, "the escape is not explained")
    with pytest.raises(NotAllowed):
        send(case, FINAL, revision=3)
    clock.advance(hours=1)
    newest = case.issue(FINAL)
    with pytest.raises(Invalid) as caught:
        send(case, FINAL, revision=3)  # the one that was rejected
    assert list(caught.value.problems) == ["revision"]
    send(case, FINAL, revision=newest)
    assert (case.row.stage, case.row.final_sent_at) == (Stage.REPORTED, clock())
    assert met(case) == first_sent  # lateness is judged on the first sending


def test_who_records_it(case):
    case.confirmed().accept(D3)
    arguments = {"kind": INITIAL, "reply": told(case)}
    case.refuses_stale(reply.send_reply, "sales", **arguments)
    case.is_only_for({"sales"}, lambda login: send(case, INITIAL, login))
