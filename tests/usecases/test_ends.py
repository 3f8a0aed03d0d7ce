"""The other ends: one 8D for several complaints, split, compared with earlier cases, watched, opened again."""

import random
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.afterwards import ReopeningWhy, Wrong
from eightd.domain.complaint import DefectKind, DisciplineState, Stage
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.workflow.snapshot import ReportKind, VerdictResult
from eightd.persistence.tables.afterwards import AfterWatchRow, MatchRow, ReopeningRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.evidence import EvidenceRow, RevisionRow, SendingRow
from eightd.persistence.tables.messaging import MessageRow
from eightd.reporting.eight_d.document import from_json
from eightd.usecases import discipline, evidence, outcome
from eightd.usecases.ends.matches import judge_match
from eightd.usecases.ends.merge import merge, unmerge
from eightd.usecases.ends.split import split
from eightd.usecases.ends.watch import watch_afterwards
from eightd.usecases.errors import Invalid, NotAllowed, VerbError
from eightd.usecases.registration import Counts, DefectEntry
from tests.usecases.case import D1, D2, D3, D4, D8, Case, answers, counts, picture

REVIEWERS = {"cqe", "cqe2", "quality_manager"}
ANALYSTS = {"te", "pie", "rd", "sqe"}
SCRATCH = DefectEntry(DefectKind.APPEARANCE, "划伤", 4, None, "scratch")
SILENT = DefectEntry(DefectKind.FUNCTIONAL, "无输出", 15, None, "no output")
OTHER_PHENOMENON = Counts((DefectEntry(DefectKind.FUNCTIONAL, "异响", 15, None, "noise"),), None)


def clocks(case):
    kept = case.all(DeadlineRow, DeadlineRow.milestone)
    return [(one.milestone, one.started_at, one.contractual_due_at, one.due_at) for one in kept]


def told(case, kind):
    return {(one.user_id, one.facts.get("outcome")) for one in case.all(MessageRow) if one.kind is kind}


@pytest.fixture
def pair(store_world):
    """Two complaints of one customer: the first has an 8D, the second came in after it."""
    leader = Case(store_world)
    follower = Case(store_world, customer_number="ANKE-77", lots=("B2603B",), counts=counts(6))
    return leader, follower


def test_one_8d_answers_several_complaints_that_keep_their_clocks_replies_and_headers(pair, clock):
    leader, follower = pair
    leader.confirmed()
    follower.confirmed(sample_needed=False)
    before, version = clocks(follower), follower.row.version
    follower.do(merge, "cqe", leader=leader.number.lower(), reason="same lot, same station")
    assert (follower.row.answered_by_id, follower.row.version) == (leader.row.id, version + 1)
    assert clocks(follower) == before
    assert follower.record[-1].tag == EventTag.COMPLAINT_MERGED
    assert (leader.record[-1].tag, leader.record[-1].subject) == (EventTag.FOLLOWER_ADDED, follower.number)
    with pytest.raises(NotAllowed) as caught:
        follower.work(discipline.save_draft, "cqe", D2, answer=answers()[D2])
    assert leader.number in caught.value.message.text("en")
    clock.advance(minutes=30)
    leader.accept(D1, D2, D3)
    follower.send(ReportKind.INITIAL)
    leader.send(ReportKind.INITIAL)
    leader.sampled().accept(D4)
    follower.send(ReportKind.PRELIMINARY)
    for code in (c for c in answers() if c.value in ("D5", "D6", "D7")):
        leader.accept(code)
    follower.send(ReportKind.FINAL)
    assert (follower.row.stage, leader.row.stage) == (Stage.REPORTED, Stage.ANALYSING)
    assert [one.milestone for one in follower.all(SendingRow)] == [
        "initial_reply", "preliminary_analysis", "final_report",
    ]  # fmt: skip
    with follower.services.uow.reading() as session:
        newest = sa.select(RevisionRow.content).where(RevisionRow.complaint_id == follower.row.id)
        report = from_json(session.execute(newest.order_by(RevisionRow.number.desc()).limit(1)).scalar_one())
    assert (report.number, report.customer_number, report.lots) == (follower.number, "ANKE-77", ("B2603B",))
    assert (report.defects[0].quantity, set(report.answers)) == (
        6,
        {c for c in answers() if c is not D8} - {"D0"},
    )
    assert len(report.sign_offs) == 7
    follower.judged()
    assert follower.row.stage is Stage.WATCHING
    assert follower.row.verdict is VerdictResult.ACCEPTED
    assert leader.row.verdict is None


def test_who_may_merge_with_what(pair, store_world):
    leader, follower = pair
    foreign = Case(store_world, customer_code="BERGER", counts=OTHER_PHENOMENON)
    given = {"leader": leader.number, "reason": "same lot"}
    follower.is_only_for(REVIEWERS, lambda login: follower.do(merge, login, **given))
    follower.do(merge, "cqe", **given)
    assert follower.row.answered_by_id == leader.row.id
    follower.refuses_stale(unmerge, "cqe", reason="x")
    follower.is_only_for(
        REVIEWERS, lambda login: follower.do(unmerge, login, reason="another cause after all")
    )
    follower.do(unmerge, "cqe2", reason="another cause after all")
    follower.refuses_stale(merge, "cqe", **given)
    for wanted in ("CC-1999-00001", follower.number, foreign.number):
        with pytest.raises(Invalid) as caught:
            follower.do(merge, "cqe", leader=wanted, reason="x")
        assert list(caught.value.problems) == ["leader"]
    with pytest.raises(NotAllowed):
        follower.do(merge, "cqe", leader=leader.number, reason=" ")
    key = store_world.order("cqe", "one-key")
    once = merge(store_world.services.uow, key, number=follower.number, version=follower.row.version, **given)
    again = merge(
        store_world.services.uow, key, number=follower.number, version=follower.row.version, **given
    )
    assert (once.replayed, again.replayed, again.version) == (False, True, once.version)
    third = Case(store_world, counts=OTHER_PHENOMENON)
    with pytest.raises(Invalid) as caught:  # a follower leads nobody, and its leader is named
        third.do(merge, "cqe", leader=follower.number, reason="x")
    assert leader.number in caught.value.problems["leader"].text("en")
    for verb, arguments in ((merge, {"leader": third.number}), (outcome.cancel, {})):
        with pytest.raises(NotAllowed):  # whose 8D answers others follows nobody, and stays
            leader.do(verb, "cqe", reason="x", **arguments)


def test_an_8d_of_its_own_again_starts_from_what_was_there(pair):
    leader, follower = pair
    leader.confirmed().accept(D1, D2)
    follower.confirmed().work(discipline.save_draft, "cqe", D1, answer=answers()[D1])
    follower.do(merge, "cqe", leader=leader.number, reason="same lot")
    follower.do(unmerge, "cqe", reason="another cause")
    states = [follower.discipline(code).state for code in (D1, D2, D3)]
    assert states == [DisciplineState.DRAFT, DisciplineState.DRAFT, DisciplineState.OPEN]
    assert follower.discipline(D2).draft is not None
    assert leader.record[-1].tag == EventTag.COMPLAINT_UNMERGED
    follower.submit(D2)
    assert leader.discipline(D2).state is DisciplineState.ACCEPTED


def test_merging_at_random_loses_no_clock_and_makes_no_circle(world):
    dice = random.Random(5)
    cases = [Case(world, counts=counts(5 + n)).confirmed(sample_needed=False) for n in range(3)]
    before = [clocks(case) for case in cases]
    done = 0
    for _ in range(16):
        case, other = dice.sample(cases, 2)
        try:
            if dice.random() < 0.6:
                case.do(merge, "cqe", leader=other.number, reason="x")
            else:
                case.do(unmerge, "cqe", reason="x", copy=False)
            done += 1
        except VerbError:
            pass
        with world.services.uow.reading() as session:
            rows = dict(session.execute(sa.select(ComplaintRow.id, ComplaintRow.answered_by_id)).all())
        assert all(rows[leader] is None for leader in rows.values() if leader is not None)
    assert done > 2
    assert [clocks(case) for case in cases] == before


def test_chosen_lines_go_their_own_way_and_keep_the_receipt(store_world, clock):
    case = Case(store_world, counts=Counts((SILENT, SCRATCH), 600), quantity_complained=19)
    upload = evidence.check_upload(evidence.Upload("a.png", picture()), store_world.services.limits)
    evidence.add_evidence(
        store_world.services.uow, store_world.order("sales"), number=case.number, uploads=(upload,)
    )
    case.confirmed().accept(D1, D2, D3)
    clock.advance(hours=2)
    case.send(ReportKind.INITIAL)
    clock.advance(hours=2)
    (filed,) = case.all(EvidenceRow)
    for lines, place in (((), "lines"), ((0, 1), "lines"), ((9,), "lines")):
        with pytest.raises(Invalid) as caught:
            case.do(split, "cqe", lines=lines, reason="another cause")
        assert list(caught.value.problems) == [place]
    case.refuses_stale(split, "cqe", lines=(1,), reason="x")
    wanted = {"lines": (1,), "reason": "the scratches come from the customer's tray", "evidence": (filed.id,)}
    case.is_only_for(REVIEWERS, lambda login: case.do(split, login, **wanted))
    new = Case.known(store_world, case.do(split, "cqe", **wanted).number)
    assert (new.row.split_from_id, new.row.received_at) == (case.row.id, case.row.received_at)
    assert (new.row.stage, new.row.quantity_complained, case.row.quantity_complained) == (
        Stage.REGISTERED,
        4,
        15,
    )
    lines = [[line.phenomenon for line in one.all(DefectLineRow)] for one in (case, new)]
    assert lines == [["无输出"], ["划伤"]]
    assert new.deadline("initial_reply").met_at == case.deadline("initial_reply").met_at is not None
    assert clocks(new)[0][2] == clocks(case)[0][2]
    assert [one.sha256 for one in new.all(EvidenceRow)] == [filed.sha256]
    assert [entry.tag for entry in new.record] == [EventTag.COMPLAINT_REGISTERED, EventTag.CLASSIFIED]
    assert case.record[-1].tag == EventTag.COMPLAINT_SPLIT


def test_a_new_complaint_like_one_under_watch_is_linked_and_both_cqes_hear_of_it(store_world, clock):
    first = Case(store_world).closed()
    with store_world.services.uow.reading() as session:
        watch = session.get_one(AfterWatchRow, first.row.id)
    assert (watch.from_on, watch.until_on) == (first.row.closed_on, first.row.closed_on + timedelta(days=90))
    first.is_only_for(REVIEWERS, lambda login: first.do(watch_afterwards, login, lots=2))
    first.do(watch_afterwards, "cqe", lots=2)
    first.refuses_stale(watch_afterwards, "cqe", lots=2)
    for wrong in ({}, {"lots": 0}, {"until_on": date(2020, 1, 1)}):
        with pytest.raises(Invalid):
            first.do(watch_afterwards, "cqe", **wrong)
    clock.advance(days=200)
    unlike = Case(store_world, counts=OTHER_PHENOMENON)
    assert unlike.all(MatchRow) == []
    second = Case(store_world)
    (match,) = second.all(MatchRow)
    assert (match.earlier_id, match.under_watch, match.same_cause) == (first.row.id, True, None)
    assert (store_world.users["cqe"], "match") in told(second, MessageKind.RELATED)
    assert (second.record[-1].tag, first.record[-1].tag) == (EventTag.MATCH_FOUND,) * 2
    first.do(watch_afterwards, "cqe", lots=2, seen=("B1", " B1", "B2"))
    assert first.record[-1].tag == EventTag.WATCH_ENDED
    third = Case(store_world)
    assert {row.earlier_id: row.under_watch for row in third.all(MatchRow)} == {first.row.id: False}


def test_d4_asks_whether_it_is_the_same_cause_as_before(store_world):
    first = Case(store_world).analysed()
    second = Case(store_world).contained()
    third = Case(store_world, counts=OTHER_PHENOMENON).contained()
    third.submit(D4)  # nothing like it was there
    with pytest.raises(NotAllowed) as caught:
        second.submit(D4)
    assert [first.number in gate.text("zh") for gate in caught.value.gates] == [True]
    for given, place in (
        ({"earlier": "CC-1999-00001", "same_cause": True}, "earlier"),
        ({"earlier": second.number, "same_cause": True}, "earlier"),
        ({"earlier": first.number, "same_cause": False, "because": " "}, "because"),
    ):
        with pytest.raises(Invalid) as caught:
            second.do(judge_match, "te", **given)
        assert list(caught.value.problems) == [place]
    second.refuses_stale(judge_match, "te", earlier=first.number, same_cause=True)
    because = {"earlier": first.number, "same_cause": False, "because": "another supplier's capacitor"}
    second.is_only_for(REVIEWERS | ANALYSTS, lambda login: second.do(judge_match, login, **because))
    second.do(judge_match, "te", **because)
    second.submit(D4)
    second.do(judge_match, "cqe", earlier=first.number, same_cause=True)
    assert (second.row.repeat_of_id, second.record[-1].tag) == (first.row.id, EventTag.MATCH_JUDGED)


def test_opened_again_with_what_was_wrong_before(store_world, clock):
    case = Case(store_world).closed()
    clock.advance(days=3)
    later = Case(store_world)
    wrong = (Wrong(D4, "the escape cause was a guess"),)
    with pytest.raises(Invalid) as caught:
        case.do(outcome.reopen, "cqe", reason="came back", was_wrong=(Wrong(D4, " "),))
    assert list(caught.value.problems) == ["wrong_D4"]
    given = {
        "reason": "came back",
        "why": ReopeningWhy.RECURRED,
        "was_wrong": wrong,
        "recurred_as": later.number,
    }
    case.do(outcome.reopen, "cqe", **given)
    (kept,) = case.all(ReopeningRow)
    assert (kept.why, kept.recurred_as_id, kept.was_wrong) == (
        ReopeningWhy.RECURRED, later.row.id, [{"code": "D4", "text": "the escape cause was a guess"}],
    )  # fmt: skip
    assert [case.discipline(code).state for code in (D3, D4)] == [
        DisciplineState.ACCEPTED, DisciplineState.RETURNED,
    ]  # fmt: skip
    assert case.discipline(D4).draft is not None
    tags = [entry.tag for entry in case.record[-2:]]
    assert tags == [EventTag.COMPLAINT_REOPENED, EventTag.DISCIPLINE_REOPENED]
    with store_world.services.uow.reading() as session:
        assert session.get_one(AfterWatchRow, case.row.id).ended_on is not None
    rejected = (
        Case(store_world, counts=OTHER_PHENOMENON).reported().judged(VerdictResult.REJECTED, "not clear")
    )
    assert [one.why for one in rejected.all(ReopeningRow)] == [ReopeningWhy.REJECTED]


def test_cancelled_as_the_double_of_another(pair):
    first, double = pair
    double.do(merge, "cqe", leader=first.number, reason="same lot")
    for wanted in (double.number, "CC-1999-00001"):
        with pytest.raises(Invalid):
            double.do(outcome.cancel, "cqe", reason="registered twice", duplicate_of=wanted)
    double.do(outcome.cancel, "cqe", reason="registered twice", duplicate_of=first.number)
    assert (double.row.duplicate_of_id, double.row.answered_by_id) == (first.row.id, None)
    with pytest.raises(Invalid):  # what is cancelled does not go on
        first.do(outcome.cancel, "cqe", reason="x", duplicate_of=double.number)
    double.do(outcome.reopen, "cqe", reason="another delivery")
    assert double.row.duplicate_of_id is None
