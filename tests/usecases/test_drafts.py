"""Drafts saved as they are typed: merged by field with colleagues' saves, every version kept for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineState
from eightd.domain.discipline.answers import ProblemAnswer, TeamAnswer, TeamMember
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.workbench import DraftSaveRow, PresenceRow
from eightd.queries import drafts as saved
from eightd.queries import timeline
from eightd.usecases import discipline, drafts, presence
from eightd.usecases.errors import Conflicting, NotAllowed, NotFound, Stale
from tests.usecases.case import D1, D2, D4, answers


@pytest.fixture
def case(case):
    return case.confirmed()


def stored(case, code=D2):
    return answer_from(code, case.discipline(code).draft)


def versions(case):
    return [one.version for one in case.all(DraftSaveRow, DraftSaveRow.version)]


def auto(case, login, answer, version, code=D2, **more):
    return case.work(discipline.autosave, login, code, version=version, answer=answer, **more)


def test_two_people_save_different_fields_from_one_version(case):
    first = auto(case, "cqe", ProblemAnswer(our_words="no output"), 1)
    second = auto(case, "cqe2", ProblemAnswer(history="none"), 1)
    assert (stored(case).our_words, stored(case).history) == ("no output", "none")
    assert (first.version, first.id, second.version, second.id) == (2, 1, 3, 2)
    assert case.discipline(D2).state is DisciplineState.DRAFT
    assert versions(case) == [2, 3]
    began, went_on = case.record[-2:]
    assert (began.new["our_words"], began.new["state"]) == ("no output", "draft")
    assert (went_on.old, went_on.new["history"]) == ({"history": ""}, "none")
    assert "our_words" not in went_on.new


def test_the_same_field_stays_theirs_until_somebody_decides(case):
    auto(case, "cqe", ProblemAnswer(our_words="theirs"), 1)
    done = auto(case, "cqe2", ProblemAnswer(our_words="mine", history="none"), 1)
    assert (stored(case).our_words, stored(case).history) == ("theirs", "none")
    auto(case, "cqe2", ProblemAnswer(our_words="mine", history="two"), done.version, held=("our_words",))
    assert (stored(case).our_words, stored(case).history) == ("theirs", "two")
    auto(case, "cqe2", ProblemAnswer(our_words="mine", history="two"), done.version + 1)
    assert stored(case).our_words == "mine"


def test_nothing_new_is_no_version(case):
    auto(case, "cqe", ProblemAnswer(our_words="x"), 1)
    entries = len(case.record)
    done = auto(case, "cqe", ProblemAnswer(our_words="x"), 2)
    assert (done.version, done.id, len(case.record)) == (2, 2, entries)


def test_a_save_that_is_pressed_merges_or_shows_both(case):
    auto(case, "cqe", ProblemAnswer(our_words="theirs"), 1)
    case.work(discipline.save_draft, "cqe2", D2, version=1, answer=ProblemAnswer(history="none"))
    assert (stored(case).our_words, stored(case).history) == ("theirs", "none")
    with pytest.raises(Conflicting) as caught:
        case.work(
            discipline.save_draft, "cqe2", D2, version=1, answer=ProblemAnswer(our_words="mine", actual="0 V")
        )
    clash = caught.value
    assert (clash.current_version, clash.places) == (3, ("our_words",))
    assert (clash.mine.our_words, clash.mine.history, clash.mine.actual) == ("mine", "none", "0 V")
    assert clash.theirs.our_words == "theirs"
    assert stored(case).our_words == "theirs"


def test_a_submission_from_an_older_version_takes_in_what_others_saved(case):
    full = answers()[D4]
    auto(case, "te", replace(full, ntf_text=""), 1, D4)
    auto(case, "pqe", replace(full, ntf_text="", changes_before="heater replaced"), 2, D4)
    case.work(discipline.submit, "te", D4, version=2, answer=replace(full, ntf_text="none"))
    assert case.discipline(D4).state is DisciplineState.SUBMITTED
    answer = answer_from(D4, case.all(SubmissionRow)[-1].answer)
    assert (answer.ntf_text, answer.changes_before) == ("none", "heater replaced")


def test_a_submission_that_clashes_is_shown_not_sent(case):
    full = answers()[D4]
    auto(case, "te", full, 1, D4)
    auto(case, "pqe", replace(full, changes_before="theirs"), 2, D4)
    with pytest.raises(Conflicting):
        case.work(discipline.submit, "te", D4, version=2, answer=replace(full, changes_before="mine"))
    assert case.discipline(D4).state is DisciplineState.DRAFT


def test_what_was_not_saved_here_yet_is_kept_from_nobody(case):
    for login in ("sales", "finance"):
        with pytest.raises(NotAllowed):
            auto(case, login, ProblemAnswer(our_words="x"), 1)
    for login in ("admin", "stranger", "limited"):
        with pytest.raises(NotFound):
            auto(case, login, ProblemAnswer(our_words="x"), 1)
    with pytest.raises(Stale):
        auto(case, "cqe", ProblemAnswer(our_words="x"), 9)
    case.submit(D1)
    with pytest.raises(NotAllowed):
        auto(case, "cqe", TeamAnswer(leader="x"), case.discipline(D1).version, D1)


def test_the_same_save_twice_is_one(case):
    order = case.world.order("cqe", "one and the same")
    arguments = {"number": case.number, "code": D2, "version": 1, "answer": ProblemAnswer(our_words="x")}
    first, second = (discipline.autosave(case.services.uow, order, **arguments) for _ in range(2))
    assert (first.version, second.version, second.id, second.replayed) == (2, 2, 1, True)
    assert versions(case) == [2]


def test_versions_are_kept_since_the_last_submission_and_not_too_many(case, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_SAVES", 3)
    for turn in range(6):
        auto(case, "te", replace(answers()[D4], ntf_text=f"turn {turn}"), turn + 1, D4)
    assert versions(case) == [4, 5, 6, 7]
    case.work(discipline.submit, "te", D4)
    assert versions(case) == [7]
    case.work(discipline.return_for_rework, "cqe", D4, reason="why?")
    assert versions(case) == [7, 9]
    auto(case, "te", replace(answers()[D4], ntf_text="reworked"), 9, D4)
    # typed before the submission and sent only now: merged with what stood then
    auto(case, "te", replace(answers()[D4], ntf_text="turn 5", changes_before="late"), 7, D4)
    assert (stored(case, D4).ntf_text, stored(case, D4).changes_before) == ("reworked", "late")
    # older than anything kept: nothing is lost, the clash is shown
    done = auto(case, "te", replace(answers()[D4], ntf_text="very old"), 2, D4)
    assert stored(case, D4).ntf_text == "reworked"
    with case.services.uow.reading() as session:
        found = saved.saves(session, case.world.actor("te"), case.number, D4, (2, done.version))
    assert found.saves[2].at is None
    assert found.saves[done.version].answer.ntf_text == "reworked"


def test_rows_of_the_record_are_by_place(case):
    row = TeamMember(key="a", name="An")
    auto(case, "cqe", TeamAnswer(members=(row,)), 1, D1)
    auto(case, "cqe", TeamAnswer(members=(replace(row, name="Ang"),)), 2, D1)
    assert (case.record[-1].old, case.record[-1].new) == ({"members/a/name": "An"}, {"members/a/name": "Ang"})
    auto(case, "cqe", TeamAnswer(), 3, D1)
    assert case.record[-1].old["members/a/name"] == "Ang"


def test_saves_one_after_another_are_one_line_of_the_record(case, clock):
    for turn in range(5):
        clock.advance(minutes=1)
        auto(case, "cqe", ProblemAnswer(our_words="x" * (turn + 1)), turn + 1)
    auto(case, "cqe2", ProblemAnswer(our_words="x" * 5, history="none"), 6)
    with case.services.uow.reading() as session:
        record = timeline.record(session, case.world.actor("cqe"), case.number)
    last, before = record.entries[:2]
    assert (last.times, last.since, last.by) == (1, None, case.world.order("cqe2").actor_name)
    assert (before.times, before.at - before.since) == (5, timedelta(minutes=4))
    assert before.new["our_words"] == "x" * 5
    assert len(record.entries) < len(case.record)


def test_who_is_there_and_where(case, clock):
    def here(login, **more):
        return presence.be_present(
            case.services.uow, case.world.order(login), number=case.number, code=D2, **more
        )

    assert here("cqe").colleagues == ()
    found = here("cqe2", place="our_words")
    assert [one.user_id for one in found.colleagues] == [case.world.users["cqe"]]
    assert [one.place for one in here("cqe").colleagues] == ["our_words"]
    here("cqe2", place="x" * 900)
    assert len(here("cqe").colleagues[0].place) == 200
    here("cqe2", leaving=True)
    assert here("cqe").colleagues == ()
    here("cqe2")
    clock.advance(seconds=41)
    assert here("cqe").colleagues == ()
    assert [one.user_id for one in case.all(PresenceRow, PresenceRow.user_id)] == [case.world.users["cqe"]]
    entries = len(case.record)
    auto(case, "cqe2", ProblemAnswer(our_words="x"), 1)
    assert here("cqe").version == 2
    assert len(case.record) == entries + 1
    for login in ("stranger", "limited", "admin", "auditor"):
        with pytest.raises(NotFound):
            here(login)


def test_a_beat_is_cheap(case):
    sent: list[str] = []
    order = case.world.order("cqe")

    def note(*given):
        sent.append(given[2])

    sa.event.listen(case.services.uow.engine, "before_cursor_execute", note)
    try:
        presence.be_present(case.services.uow, order, number=case.number, code=D2)
    finally:
        sa.event.remove(case.services.uow.engine, "before_cursor_execute", note)
    assert len([one for one in sent if one.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}]) <= 5
