"""Actions as tasks on both stores: in step with their answers, changed, finished, verified, cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.discipline.answers import ContainmentAnswer, PreventionAnswer, ReadAcross, ValidationAnswer
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.tasks import TaskKind, TaskState
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.messaging import LeaseRow, MessageRow
from eightd.persistence.tables.task import TaskRow
from eightd.usecases import discipline, outcome
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.evidence import Upload, check_upload
from eightd.usecases.tasks.change import change_task
from eightd.usecases.tasks.finish import finish_task
from eightd.usecases.tasks.older import STEP, bring_older_in_step
from eightd.usecases.tasks.verify import verify_task
from tests.factories import GONE, LIMITED, STRANGER
from tests.usecases.case import D3, D5, D6, D7, D8, answers, picture
from tests.usecases.tasks import DUE, ROWS, do, resubmit, tasks, with_actions

A, B, C = ROWS
OPEN, DONE, VERIFIED, CANCELLED = TaskState


def told(case, *kinds):
    names = {user_id: login for login, user_id in case.world.users.items()}
    return [
        (names[row.user_id], row.kind, row.facts.get("task") or len(row.facts.get("items", ())))
        for row in case.all(MessageRow)
        if row.kind in kinds
    ]


def test_each_row_becomes_a_task_when_the_answer_is_submitted(case):
    with_actions(case)
    found = tasks(case)
    assert {key: (one.what, one.kind, one.due_on, one.state) for key, one in found.items()} == {
        "a": ("Interlock", TaskKind.CORRECTIVE, DUE, OPEN),
        "b": ("Burn-in at 100 %", TaskKind.CORRECTIVE, date(2026, 3, 24), OPEN),
        "c": ("Spare part list", TaskKind.CORRECTIVE, DUE, OPEN),
    }
    users = case.world.users
    assert [found[key].owner_id for key in "abc"] == [users["pie"], users["te"], None]
    assert found["a"].due_at == datetime(2026, 3, 20, 9, 30, tzinfo=UTC), "the plant closes at 17:30"
    entry = [one for one in case.record if one.tag == EventTag.DISCIPLINE_SUBMITTED][-1]
    assert [one["what"] for one in entry.new["tasks"]] == ["Interlock", "Burn-in at 100 %", "Spare part list"]
    versions = {key: one.version for key, one in found.items()}
    case.work(discipline.accept, "quality_manager", D5)
    assert {key: one.version for key, one in tasks(case).items()} == versions, "in step already"
    assert "tasks" not in [one for one in case.record if one.tag == EventTag.DISCIPLINE_ACCEPTED][-1].new
    by_name = {login for login, _, _ in told(case, MessageKind.TASK_ASSIGNED)}
    assert by_name <= {"pie", "te"}
    assert "pie" in by_name or case.owner(D5) == "pie"


def test_what_is_said_anew_follows_what_is_gone_is_cancelled_and_what_comes_back_is_open(case):
    with_actions(case)
    do(case, finish_task, "cqe", "b", done_on=date(2026, 3, 12))
    both = replace(A, action="Interlock on both doors", planned_on=date(2026, 3, 23))
    resubmit(case, both, replace(B, action="Burn-in"), replace(C, key="d"))
    found = tasks(case)
    assert (found["a"].what, found["a"].due_on) == ("Interlock on both doors", date(2026, 3, 23))
    assert (found["b"].what, found["b"].state) == ("Burn-in", DONE), "not open again for its wording"
    assert (found["c"].state, found["c"].next_alarm_at) == (CANCELLED, None)
    entry = [one for one in case.record if one.tag == EventTag.DISCIPLINE_SUBMITTED][-1]
    assert [one["what"] for one in entry.old["tasks"]] == [A.action, B.action, C.action]
    assert [one["state"] for one in entry.new["tasks"]] == ["open", "done", "cancelled", "open"]
    resubmit(case, replace(A, owner="rd"), replace(B, owner="rd"), C)
    assert told(case, MessageKind.TASK_ASSIGNED)[-1][::2] == ("rd", "Interlock")
    resubmit(case, replace(A, owner="sqe"), B, replace(C, owner="sqe"))
    assert told(case, MessageKind.TASK_ASSIGNED)[-1] == ("sqe", MessageKind.TASK_ASSIGNED, 2), (
        "in one message"
    )
    found = tasks(case)
    assert found["c"].state is OPEN
    assert found["c"].next_alarm_at is not None
    assert [found[key].state for key in "abcd"] == [OPEN, DONE, OPEN, CANCELLED]


def test_what_a_person_chose_holds_until_the_answer_says_something_else(case):
    with_actions(case)
    for login in ("auditor", "admin", STRANGER, LIMITED, GONE):
        with pytest.raises(Invalid) as caught:
            do(case, change_task, "cqe", "c", owner_id=case.world.users[login], due_on=DUE)
        assert set(caught.value.problems) == {"owner_id"}, "only somebody who works the complaint"
    do(case, change_task, "cqe", "a", owner_id=case.world.users["rd"], due_on=date(2026, 3, 18))
    assert told(case, MessageKind.TASK_ASSIGNED)[-1] == ("rd", MessageKind.TASK_ASSIGNED, "Interlock")
    resubmit(case, replace(A, action="Interlock, tested"), B, C)
    found = tasks(case)["a"]
    assert (found.owner_id, found.due_on) == (case.world.users["rd"], date(2026, 3, 18))
    resubmit(case, replace(A, owner="SQE 吴刚", planned_on=date(2026, 3, 25)), B, C)
    found = tasks(case)["a"]
    assert (found.owner_id, found.due_on) == (case.world.users["sqe"], date(2026, 3, 25))


def test_interim_and_preventive_actions_are_tasks_too(case, clock):
    case.confirmed()
    given = answers()[D3]
    assert isinstance(given, ContainmentAnswer)
    row = replace(given.actions[0], key="s", from_on=None, due_on=date(2026, 3, 13), owner="te")
    answer = replace(given, actions=(row, replace(row, key="t", from_on=date(2026, 3, 12), due_on=None)))
    case.work(discipline.submit, case.owner(D3), D3, answer=answer)
    found = {one.row_key: one for one in case.all(TaskRow)}
    assert found["actions/s"].kind is TaskKind.INTERIM
    assert (found["actions/s"].state, found["actions/s"].owner_id) == (OPEN, case.world.users["te"])
    assert (found["actions/t"].state, found["actions/t"].done_on) == (DONE, date(2026, 3, 12))


def test_validation_says_what_was_done_its_acceptance_verifies_that_and_it_may_still_fail(case, clock):
    with_actions(case)
    case.work(discipline.accept, "quality_manager", D5)
    case.accept(D3)
    clock.advance(days=20)
    given = answers()[D6]
    assert isinstance(given, ValidationAnswer)
    case.accept(D6)
    assert {key: (one.state, one.done_on) for key, one in tasks(case).items()} == {
        "a": (VERIFIED, date(2026, 3, 19)),
        "b": (VERIFIED, date(2026, 3, 21)),
        "c": (VERIFIED, date(2026, 3, 26)),
    }, "by whoever accepted the proof"
    assert {one.verified_by for one in tasks(case).values()} == {case.world.users["quality_manager"]}
    interim = [one for one in case.all(TaskRow) if one.kind is TaskKind.INTERIM]
    assert {one.state for one in interim} == {VERIFIED}
    do(case, verify_task, "pqe", "a", works=False, note="opens while running")
    case.work(discipline.reopen_discipline, "cqe", D6, reason="the interlock fails")
    case.accept(D6)
    assert tasks(case)["a"].state is OPEN, "what was done before the verdict is no news"
    anew = replace(given.validations[0], done_on=date(2026, 4, 2))
    again = replace(given, validations=(anew, *given.validations[1:]))
    case.work(discipline.reopen_discipline, "cqe", D6, reason="mended")
    clock.advance(days=3)
    case.work(discipline.submit, case.owner(D6), D6, answer=again)
    assert (tasks(case)["a"].state, tasks(case)["a"].done_on) == (DONE, date(2026, 4, 2))


def test_finishing_keeps_the_day_the_remark_and_the_proof_and_tells_who_verifies(case):
    with_actions(case)
    upload = check_upload(Upload("door.png", picture()), case.services.limits)
    do(case, finish_task, "pie", "a", done_on=date(2026, 3, 12), note=" fitted ", upload=upload)
    task = tasks(case)["a"]
    assert (task.state, task.done_on, task.done_note, task.done_by) == (
        DONE, date(2026, 3, 12), "fitted", case.world.users["pie"],
    )  # fmt: skip
    assert task.evidence_id is not None
    assert task.next_alarm_at is None
    entry = case.record[-1]
    assert entry.tag == EventTag.TASK_FINISHED
    assert entry.new["files"][0]["filename"] == "door.png"
    verifier = "pqe" if Role.PQE in _assigned(case) else "cqe"
    assert [one[0] for one in told(case, MessageKind.TASK_DONE)] == [verifier]


def _assigned(case):
    with case.services.uow.reading() as session:
        return complaints.load(session, case.number).snapshot.assigned


def test_nobody_verifies_the_own_report_and_what_fails_is_open_again(case):
    with_actions(case)
    do(case, finish_task, "cqe", "a", done_on=date(2026, 3, 12))
    with pytest.raises(NotAllowed):
        do(case, verify_task, "cqe", "a", works=True)
    with pytest.raises(Invalid) as caught:
        do(case, verify_task, "pqe", "a", works=False, note=" ")
    assert set(caught.value.problems) == {"note"}
    do(case, verify_task, "pqe", "a", works=False, note="still opens")
    task = tasks(case)["a"]
    assert (task.state, task.verdict_note, task.verified_by) == (OPEN, "still opens", case.world.users["pqe"])
    assert task.next_alarm_at is not None
    assert {one[0] for one in told(case, MessageKind.TASK_RETURNED)} == {"pie", "cqe"}
    do(case, finish_task, "pie", "a", done_on=date(2026, 3, 12))
    do(case, verify_task, "pqe", "a", works=True)
    assert tasks(case)["a"].state is VERIFIED
    assert [one.tag for one in case.record[-2:]] == [EventTag.TASK_FINISHED, EventTag.TASK_VERIFIED]


def test_rights_versions_repetition_and_what_later_needs(case, case_of):
    with_actions(case)
    owner = tasks(case)["a"].owner_id
    for due_on in (date(2026, 3, 21), None):
        with pytest.raises(Invalid) as caught:
            do(case, change_task, "cqe", "a", owner_id=owner, due_on=due_on)
        assert set(caught.value.problems) == {"reason"}
    do(case, change_task, "cqe", "a", owner_id=owner, due_on=date(2026, 3, 18))
    do(case, change_task, "cqe", "a", owner_id=owner, due_on=date(2026, 3, 21), reason="tool comes late")
    entry = case.record[-1]
    assert (entry.old["due_on"], entry.new["due_on"]) == ("2026-03-18", "2026-03-21")
    assert entry.new["reason"] == "tool comes late"
    with pytest.raises(Invalid) as caught:
        do(case, change_task, "cqe", "a", owner_id=owner, due_on=date(9999, 1, 1), reason="x")
    assert set(caught.value.problems) == {"due_on"}
    do(case, change_task, "cqe", "a", owner_id=owner, due_on=DUE)
    arguments = {"done_on": date(2026, 3, 12)}
    for login in ("finance", "auditor"):
        with pytest.raises(NotAllowed):
            do(case, finish_task, login, "a", **arguments)
    for login in ("admin", STRANGER, LIMITED):
        with pytest.raises(NotFound):
            do(case, finish_task, login, "a", **arguments)
    with pytest.raises(NotAllowed):
        do(case, change_task, "pie", "a", owner_id=None, due_on=None)
    with pytest.raises(Stale):
        do(case, finish_task, "pie", "a", version=7, **arguments)
    with pytest.raises(Invalid) as caught:
        do(case, finish_task, "pie", "a", done_on=date(2026, 3, 13))
    assert set(caught.value.problems) == {"done_on"}
    with pytest.raises(Invalid) as caught:
        do(case, finish_task, "pie", "a", evidence_id=999, **arguments)
    assert set(caught.value.problems) == {"evidence_id"}
    other = case_of()
    task = tasks(case)["a"]
    with pytest.raises(NotFound):
        finish_task(
            case.services.uow, case.world.order("cqe"), number=other.number, task_id=task.id,
            version=task.version, done_on=DUE,
        )  # fmt: skip
    version = tasks(case)["a"].version
    first = do(case, finish_task, "pie", "a", order_key="k" * 10, **arguments)
    second = do(case, finish_task, "pie", "a", order_key="k" * 10, version=version, **arguments)
    assert (first.replayed, second.replayed) == (False, True)
    with pytest.raises(NotAllowed):
        do(case, finish_task, "pie", "a", **arguments)


def test_cancelling_the_complaint_cancels_what_is_open_and_reopening_owes_it_again(case):
    with_actions(case)
    do(case, finish_task, "pie", "a", done_on=date(2026, 3, 12))
    case.do(outcome.cancel, "cqe", reason="registered twice")
    assert [tasks(case)[key].state for key in "abc"] == [DONE, CANCELLED, CANCELLED]
    entry = case.record[-1]
    assert [one["state"] for one in entry.new["tasks"]] == ["cancelled"] * 2
    assert entry.old["state"] == "analysing"
    with pytest.raises(NotAllowed):
        do(case, finish_task, "te", "b", done_on=date(2026, 3, 12))
    case.do(outcome.reopen, "cqe", reason="it was not")
    assert [tasks(case)[key].state for key in "abc"] == [DONE, OPEN, OPEN]


def test_what_was_promised_outlives_the_case(case, clock):
    case.analysed().accept(D5, D6)
    given = answers()[D7]
    assert isinstance(given, PreventionAnswer)
    row = ReadAcross(key="z", where="line 9", decision="same", owner="te", on=date(2026, 6, 1))
    case.work(
        discipline.submit, case.owner(D7), D7, answer=replace(given, read_across=(*given.read_across, row))
    )
    case.work(discipline.accept, "quality_manager", D7)
    case.send(ReportKind.FINAL)
    case.judged().accept(D8)
    case.do(outcome.close, "quality_manager")
    (task,) = [one for one in case.all(TaskRow) if one.row_key == "read_across/z"]
    assert task.state is OPEN
    finish_task(
        case.services.uow, case.world.order("te"), number=case.number, task_id=task.id, version=task.version,
        done_on=date(2026, 3, 12),
    )  # fmt: skip


def test_older_complaints_are_brought_in_step_once_and_nobody_is_told(case, case_of):
    with_actions(case)
    late = case_of()
    with case.services.uow.writing(case.world.order("admin")) as work:
        work.session.execute(sa.delete(TaskRow))
        work.session.execute(sa.delete(MessageRow))
    assert bring_older_in_step(case.services) == 1
    assert bring_older_in_step(case.services) == 0
    assert [tasks(case)[key].state for key in "abc"] == [OPEN] * 3
    assert case.all(MessageRow) == []
    assert late.all(TaskRow) == []
    with case.services.uow.reading() as session:
        assert session.get_one(LeaseRow, STEP).holder == "done"
