"""Stops with their proof and their agreed end, moved or withdrawn; why a milestone is late."""

from datetime import timedelta

import pytest

from eightd.domain.clock.stops import StopReason
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.deadline import NOTHING_DUE_AT, ClockStopRow, DeadlineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.usecases import clock as clocks
from eightd.usecases import evidence, lateness, outcome
from eightd.usecases.errors import Invalid, NotAllowed
from tests.usecases.case import D1, D2, D3, picture

REVIEWERS = {"cqe", "cqe2", "quality_manager"}
CUSTOMER_SIDE = REVIEWERS | {"sales"}
PRELIMINARY, FINAL, INITIAL = "preliminary_analysis", "final_report", "initial_reply"


def upload(name="lab.png"):
    return evidence.CheckedUpload(name, picture(), "image/png", 8, 6)


def stop(case, login="cqe", **others):
    values = {
        "from_at": case.services.clock(), "reason": StopReason.LABORATORY, "note": "LAB-26-0317", **others,
    }  # fmt: skip
    return case.do(clocks.stop_clock, login, **values)


def extend(case, login="cqe", *, until, reason="the laboratory needs longer"):
    return case.do(clocks.extend_stop, login, agreed_until_at=until, reason=reason)


def withdraw(case, stop_id, login="cqe", reason="entered for the wrong complaint"):
    return case.do(clocks.withdraw_stop, login, stop_id=stop_id, reason=reason)


def explain(case, milestone, login="sales", reason="the customer sent the sample late"):
    return case.do(lateness.explain_lateness, login, milestone=milestone, reason=reason)


def kept(case):
    return case.all(ClockStopRow)


@pytest.fixture
def sampled(case, clock):
    clock.set("2026-03-14T10:20:00+08:00")
    return case.confirmed().sampled()


def test_the_proof_comes_along_or_is_there_already(case, clock):
    stop(case, upload=upload())
    (proof,) = case.all(EvidenceRow)
    assert (kept(case)[0].evidence_id, proof.filename) == (proof.id, "lab.png")
    assert case.record[-1].new["files"] == [{"filename": "lab.png", "sha256": proof.sha256}]
    clock.advance(hours=1)
    case.do(clocks.resume_clock, "cqe", to_at=clock())
    stop(case, evidence_id=proof.id)
    assert [one.evidence_id for one in kept(case)] == [proof.id] * 2
    clock.advance(hours=1)
    case.do(clocks.resume_clock, "cqe", to_at=clock())
    stop(case, evidence_id=proof.id, upload=upload("newer.png"))
    assert kept(case)[-1].evidence_id == case.all(EvidenceRow)[-1].id != proof.id


def test_a_file_of_another_complaint_proves_nothing(case, case_of):
    other = case_of()
    stop(other, upload=upload())
    for foreign in (other.all(EvidenceRow)[0].id, 999):
        with pytest.raises(Invalid) as caught:
            stop(case, evidence_id=foreign)
        assert list(caught.value.problems) == ["evidence_id"]
    assert kept(case) == []


def test_the_agreed_end_is_watched_until_the_clock_runs_again(case, clock):
    until = clock() + timedelta(days=2)
    stop(case, agreed_until_at=until)
    assert kept(case)[0].end_alarm_at == until
    later = until + timedelta(days=3)
    extend(case, until=later)
    (row,) = kept(case)
    assert (row.agreed_until_at, row.end_alarm_at) == (later, later)
    entry = case.record[-1]
    assert (entry.tag, entry.reason) == ("clock.stop_extended", "the laboratory needs longer")
    assert (entry.old, entry.new) == (
        {"agreed_until_at": until.isoformat()}, {"agreed_until_at": later.isoformat()},
    )  # fmt: skip
    clock.advance(hours=1)
    case.do(clocks.resume_clock, "cqe", to_at=clock())
    assert kept(case)[0].end_alarm_at is None
    with pytest.raises(NotAllowed):
        extend(case, until=later)


def test_an_agreed_end_given_later_and_one_that_cannot_be(case, clock):
    stop(case)
    assert kept(case)[0].end_alarm_at is None
    with pytest.raises(Invalid) as caught:
        extend(case, until=clock() - timedelta(seconds=1))
    assert list(caught.value.problems) == ["agreed_until_at"]
    with pytest.raises(NotAllowed):
        extend(case, until=clock(), reason=" ")
    extend(case, until=clock())
    assert case.record[-1].old is None


def test_a_withdrawn_stop_stays_and_moves_nothing(sampled, clock):
    clock.set("2026-03-16T09:00:00+08:00")
    stop_id = stop(sampled, agreed_until_at=clock() + timedelta(days=1)).id
    clock.set("2026-03-17T09:00:00+08:00")
    assert sampled.deadline(PRELIMINARY).paused
    withdraw(sampled, stop_id)
    (row,) = kept(sampled)
    assert (row.withdrawn_because, row.to_at, row.end_alarm_at) == (
        "entered for the wrong complaint", clock(), None,
    )  # fmt: skip
    assert sampled.due(PRELIMINARY) == ("2026-03-18 17:30", "2026-03-18 17:30")
    assert sampled.record[-1].tag == "clock.stop_withdrawn"
    with pytest.raises(Invalid) as caught:
        withdraw(sampled, stop_id)
    assert caught.value.problems["stop_id"].code == "stop.withdrawn_already"
    again = stop(sampled, from_at=row.from_at).id  # where it stood there is room again
    clock.set("2026-03-17T18:00:00+08:00")
    sampled.do(clocks.resume_clock, "cqe", to_at=clock())
    assert sampled.due(PRELIMINARY) == ("2026-03-18 17:30", "2026-03-20 17:30")
    withdraw(sampled, again)
    assert sampled.due(PRELIMINARY) == ("2026-03-18 17:30", "2026-03-18 17:30")
    assert "to_at" in sampled.record[-1].old


def test_only_stops_of_the_complaint_are_withdrawn(case, case_of):
    foreign = stop(case_of()).id
    for stop_id in (foreign, 999):
        with pytest.raises(Invalid) as caught:
            withdraw(case, stop_id)
        assert caught.value.problems["stop_id"].code == "stop.no_such_stop"


def test_who_moves_and_withdraws(case, clock):
    stop_id = stop(case).id
    case.refuses_stale(clocks.extend_stop, "cqe", agreed_until_at=clock(), reason="x")
    case.is_only_for(REVIEWERS, lambda login: extend(case, login, until=clock()))
    case.refuses_stale(clocks.withdraw_stop, "cqe", stop_id=stop_id, reason="x")

    def another(login):
        found = [one.id for one in kept(case) if not one.withdrawn_because]
        return withdraw(case, found[0] if found else stop(case).id, login)

    case.is_only_for(REVIEWERS, another)


def test_lateness_is_explained_once_it_is_there(case, clock):
    for moment in (clock(), case.deadline(INITIAL).due_at):
        clock.now = moment
        with pytest.raises(Invalid) as caught:
            explain(case, INITIAL)
        assert caught.value.problems["milestone"].code == "lateness.not_late"
    clock.advance(seconds=1)
    for milestone in (PRELIMINARY, "none"):  # one waits for its sample, one is not there
        with pytest.raises(Invalid) as caught:
            explain(case, milestone)
        assert list(caught.value.problems) == ["milestone"]
    with pytest.raises(NotAllowed):
        explain(case, INITIAL, reason="  ")
    with pytest.raises(Invalid) as caught:
        explain(case, INITIAL, reason="x" * 2001)
    assert list(caught.value.problems) == ["reason"]
    explain(case, INITIAL)
    row = case.deadline(INITIAL)
    assert (row.late_reason, row.late_reason_by, row.late_reason_at) == (
        "the customer sent the sample late", case.world.users["sales"], clock(),
    )  # fmt: skip
    explain(case, INITIAL, "cqe", "nobody was there")
    entry = case.record[-1]
    assert (entry.tag, entry.subject) == ("deadline.lateness_explained", INITIAL)
    assert (entry.old, entry.new) == (
        {"late_reason": "the customer sent the sample late"}, {"late_reason": "nobody was there"},
    )  # fmt: skip


def test_what_was_met_late_keeps_its_reason(case, clock):
    clock.advance(hours=30)
    case.accept(D1, D2, D3)
    case.send(ReportKind.INITIAL)
    explain(case, INITIAL)
    clock.advance(hours=1)
    stop(case)
    assert case.deadline(INITIAL).late_reason


def test_an_ended_case_owes_nothing_more(case, clock):
    clock.advance(hours=30)
    case.do(outcome.cancel, "cqe", reason="withdrawn")
    with pytest.raises(Invalid):
        explain(case, INITIAL)


def test_who_explains(case, clock):
    clock.advance(hours=30)
    case.refuses_stale(lateness.explain_lateness, "cqe", milestone=INITIAL, reason="x")
    case.is_only_for(CUSTOMER_SIDE, lambda login: explain(case, INITIAL, login))


def entered(case):
    return {
        one.milestone: (one.plant_id, one.customer_id, one.judged_due_at, one.owed)
        for one in case.all(DeadlineRow, DeadlineRow.position)
    }


def test_the_register_follows_the_clocks(sampled, clock):
    world = sampled.world
    due = {name: sampled.deadline(name).due_at for name in (INITIAL, PRELIMINARY, FINAL)}
    assert entered(sampled) == {
        name: (world.plant, world.customer, due_at, True) for name, due_at in due.items()
    }
    clock.set("2026-03-16T09:00:00+08:00")
    stop(sampled)
    held = entered(sampled)
    assert [held[name][2] for name in (INITIAL, PRELIMINARY, FINAL)] == [
        due[INITIAL], NOTHING_DUE_AT, NOTHING_DUE_AT,
    ]  # fmt: skip
    sampled.do(outcome.cancel, "cqe", reason="withdrawn")
    assert [owed for *_, owed in entered(sampled).values()] == [False] * 3
