"""One discipline: draft, submit, return, accept, reopen; every submission kept, four eyes, deputies, versions."""

from dataclasses import replace
from datetime import date

import pytest

from eightd.domain.complaint import DisciplineState
from eightd.domain.discipline.answers import CauseAnswer, TeamAnswer
from eightd.domain.discipline.texts import keyed
from eightd.persistence.codec import answer_document
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.people import AbsenceRow
from eightd.usecases import assign, discipline
from eightd.usecases.errors import NotAllowed, NotFound, Stale
from tests.usecases.case import D0, D1, D2, D3, D4, D5, D6, D7, D8, Case, answers

S = DisciplineState
TEAM = {"cqe", "cqe2", "quality_manager", "te", "pqe"}  # the CQE's colleague may do what a CQE may
OWNERS = {"te", "cqe", "cqe2", "quality_manager"}
REVIEWERS = {"cqe", "cqe2", "quality_manager"}


@pytest.fixture
def case(case):
    return case.confirmed()


def submissions(case, code=D4):
    return [one for one in case.all(SubmissionRow, SubmissionRow.number) if one.code is code]


def drafted(leader):
    return TeamAnswer(leader=leader)


def test_from_draft_to_accepted_with_every_submission_kept(case, clock):
    half = CauseAnswer(changes_before="thermocouple replaced")
    first, second = answers()[D4], replace(answers()[D4], changes_before="none")
    case.work(discipline.save_draft, "te", D4, answer=half)
    assert (case.discipline(D4).state, submissions(case)) == (S.DRAFT, [])
    case.work(discipline.submit, "te", D4, answer=first)
    assert (case.discipline(D4).state, case.discipline(D4).draft) == (S.SUBMITTED, None)
    clock.advance(hours=1)
    case.work(discipline.return_for_rework, "cqe", D4, reason=" only a symptom ")
    row = case.discipline(D4)
    assert (row.state, row.draft) == (S.RETURNED, answer_document(keyed(first)))
    case.work(discipline.save_draft, "te", D4, answer=second)
    case.work(discipline.submit, "te", D4)  # the draft
    case.work(discipline.accept, "cqe", D4, note="convincing")
    case.work(discipline.reopen_discipline, "cqe", D4, reason="lot 2 has it as well")
    assert (case.discipline(D4).state, case.discipline(D4).draft) == (
        S.RETURNED,
        answer_document(keyed(second)),
    )
    case.work(discipline.submit, "te", D4)  # sent in again unchanged
    case.work(discipline.accept, "quality_manager", D4)
    kept = submissions(case)
    assert [(one.number, one.verdict, one.verdict_reason) for one in kept] == [
        (1, "returned", "only a symptom"), (2, "accepted", "convincing"), (3, "accepted", ""),
    ]  # fmt: skip
    assert [one.answer for one in kept] == [answer_document(keyed(one)) for one in (first, second, second)]
    assert kept[0].verdict_at == clock()
    assert [entry.tag.split(".")[1] for entry in case.record if entry.subject == "D4"] == [
        "draft_saved", "submitted", "returned", "draft_saved", "submitted", "accepted", "reopened", "submitted",
        "accepted",
    ]  # fmt: skip
    assert case.discipline(D4).version == 10


def test_the_record_tells_which_fields_of_a_draft_changed(case):
    case.work(discipline.save_draft, "cqe", D1, answer=drafted("Wang"))
    case.work(discipline.save_draft, "cqe", D1, answer=drafted("Chen"))
    last = case.record[-1]
    assert (last.old, last.new) == ({"leader": "Wang"}, {"leader": "Chen"})


@pytest.mark.parametrize("code", [D0, D1, D4, D8])
def test_nothing_is_submitted_that_says_nothing(world, code):
    case = Case(world).confirmed()
    empty = type(answers()[code])()
    for given in (None, empty):
        with pytest.raises(NotAllowed) as caught:
            case.work(discipline.submit, "cqe", code, answer=given)
        assert caught.value.gates
    assert (case.discipline(code).state, case.all(SubmissionRow)) == (S.OPEN, [])
    case.work(discipline.save_draft, "cqe", code, answer=empty)
    with pytest.raises(NotAllowed):
        case.work(discipline.submit, "cqe", code)


def test_an_answer_of_another_discipline_is_not_taken(case):
    with pytest.raises(TypeError):
        case.work(discipline.submit, "te", D4, answer=answers()[D1])
    assert case.discipline(D4).state is S.OPEN


def test_a_step_out_of_turn_is_refused(case):
    for verb, login, arguments in (
        (discipline.accept, "cqe", {}),
        (discipline.return_for_rework, "cqe", {"reason": "x"}),
        (discipline.reopen_discipline, "cqe", {"reason": "x"}),
    ):
        with pytest.raises(NotAllowed):
            case.work(verb, login, D1, **arguments)
    case.submit(D1)
    for verb, login, arguments in (
        (discipline.save_draft, "cqe", {"answer": drafted("x")}),
        (discipline.submit, "cqe", {"answer": answers()[D1]}),
        (discipline.return_for_rework, "cqe", {"reason": " "}),
        (discipline.reopen_discipline, "cqe", {"reason": "x"}),
    ):
        with pytest.raises(NotAllowed):
            case.work(verb, login, D1, **arguments)
    case.accept(D1)
    with pytest.raises(NotAllowed):
        case.work(discipline.save_draft, "cqe", D1, answer=drafted("x"))
    with pytest.raises(NotAllowed):
        case.work(discipline.reopen_discipline, "cqe", D1, reason="")


def test_before_it_is_confirmed_only_the_first_disciplines_are_worked_on(world):
    case = Case(world)
    case.submit(D0, D1, D2, D3)
    for code in (D4, D5, D6, D7, D8):
        with pytest.raises(NotAllowed):
            case.work(discipline.save_draft, "quality_manager", code, answer=answers()[code])


def test_later_answers_build_on_earlier_ones(case):
    for code in (D5, D6):
        with pytest.raises(NotAllowed) as caught:
            case.work(discipline.submit, case.owner(code), code, answer=answers()[code])
        assert caught.value.gates
    case.submit(D4, D5)  # on what was submitted, not only on what was accepted
    case.submit(D6, D7)
    with pytest.raises(NotAllowed):
        case.work(discipline.accept, "cqe", D8)


@pytest.mark.parametrize(("code", "by", "may"), [(D1, "cqe", True), (D3, "cqe", True), (D7, "cqe", False)])
def test_nobody_accepts_an_analysis_of_their_own(world, code, by, may):
    case = Case(world).confirmed()
    case.work(discipline.submit, by, code, answer=answers()[code])
    if may:
        case.work(discipline.accept, by, code)
    else:
        with pytest.raises(NotAllowed):
            case.work(discipline.accept, by, code)
        case.work(discipline.accept, "cqe2", code)
    assert case.discipline(code).state is S.ACCEPTED


def test_the_submitter_counts_and_not_the_owner(case):
    case.work(discipline.submit, "cqe", D4, answer=answers()[D4])  # te's, written by the CQE
    with pytest.raises(NotAllowed):
        case.work(discipline.accept, "cqe", D4)
    assert case.record[-1].new["on_behalf_of"] == case.world.users["te"]


def test_who_writes_submits_and_judges(case):
    case.is_only_for(TEAM, lambda login: case.work(discipline.save_draft, login, D4, answer=answers()[D4]))
    case.is_only_for(OWNERS, lambda login: case.work(discipline.submit, login, D4, answer=answers()[D4]))
    case.submit(D4)
    case.is_only_for(REVIEWERS, lambda login: case.work(discipline.accept, login, D4))
    case.is_only_for(REVIEWERS, lambda login: case.work(discipline.return_for_rework, login, D4, reason="x"))
    case.accept(D4)
    case.is_only_for(REVIEWERS, lambda login: case.work(discipline.reopen_discipline, login, D4, reason="x"))


def test_a_deputy_writes_and_submits_while_the_owner_is_away(case, clock):
    users = case.world.users
    with case.services.uow.writing(case.world.order("te")) as work:
        away = {"from_on": date(2026, 3, 12), "until_on": date(2026, 3, 13)}
        work.session.add(AbsenceRow(user_id=users["te"], deputy_id=users["rd"], **away))
    case.work(discipline.save_draft, "rd", D4, answer=answers()[D4])
    case.work(discipline.submit, "rd", D4)
    assert (submissions(case)[0].by, case.record[-1].new["on_behalf_of"]) == (users["rd"], users["te"])
    with pytest.raises(NotAllowed):
        case.work(discipline.save_draft, "pie", D5, answer=answers()[D5])
    clock.advance(days=2)
    with pytest.raises(NotAllowed):
        case.work(discipline.submit, "rd", D5, answer=answers()[D5])


def test_who_saved_meanwhile_makes_it_stale_but_other_disciplines_do_not(case):
    seen = {code: case.discipline(code).version for code in (D1, D2)}
    complaint = case.row.version
    case.work(discipline.save_draft, "cqe", D1, answer=drafted("Wang"))
    with pytest.raises(Stale) as caught:
        case.work(discipline.save_draft, "cqe2", D1, version=seen[D1], answer=drafted("Chen"))
    assert caught.value.current_version == seen[D1] + 1
    assert case.discipline(D1).draft["leader"] == "Wang"
    case.work(discipline.submit, "cqe", D2, version=seen[D2], answer=answers()[D2])
    for verb, arguments in (
        (discipline.accept, {}),
        (discipline.return_for_rework, {"reason": "x"}),
    ):
        with pytest.raises(Stale):
            case.work(verb, "cqe2", D2, version=seen[D2], **arguments)
    assert case.row.version == complaint


def test_the_same_order_twice_is_one_submission(case):
    order = case.world.order("te", "the same form")
    arguments = {"number": case.number, "code": D4, "version": 1, "answer": answers()[D4]}
    first, second = (discipline.submit(case.services.uow, order, **arguments) for _ in range(2))
    assert (first.replayed, second.replayed, first.version, second.version) == (False, True, 2, 2)
    assert len(submissions(case)) == 1


def test_a_complaint_that_is_not_there(case):
    with pytest.raises(NotFound):
        discipline.submit(
            case.services.uow,
            case.world.order("te"),
            number="CC-2026-99999",
            code=D4,
            version=1,
            answer=answers()[D4],
        )


def test_an_owner_by_name_may_submit_without_a_role_on_the_case(case):
    case.do(assign.assign_discipline, "cqe", code=D7, user_id=case.world.users["pie"])
    case.submit(D4, D5, D6)
    case.work(discipline.submit, "pie", D7, answer=answers()[D7])
    assert (case.owner(D7), case.discipline(D7).state) == ("pie", S.SUBMITTED)
