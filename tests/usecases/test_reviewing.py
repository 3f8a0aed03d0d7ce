"""Findings let stand, scores given, levels set: who may, what is kept, what holds no longer; submission stopped."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    CauseAnswer,
    CausePath,
    CauseState,
    RootCause,
    chain,
)
from eightd.domain.discipline.scores import Assessor
from eightd.domain.events import EventTag
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.review import digest
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.repositories import complaints, reviewing
from eightd.persistence.tables.record import AuditRow
from eightd.persistence.tables.reviewing import AcceptedFindingRow, AssessmentRow
from eightd.queries import reviewing as queries
from eightd.queries.administration import reviewer as levels_queries
from eightd.usecases import discipline
from eightd.usecases.administration.reviewer import set_levels
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.reviewing.findings import accept_finding
from eightd.usecases.reviewing.scores import record_assessment, score

D1, D3, D4 = DisciplineCode.D1, DisciplineCode.D3, DisciplineCode.D4


def cause(text, path=CausePath.OCCURRENCE):
    return RootCause(
        path, text, None, CauseState.VERIFIED, "on: 9/100, off: 0/100",
        chain("no output", "joint open", "preheater at 84 °C"),
    )  # fmt: skip


BLAMING = CauseAnswer(
    "preheater changed",
    causes=(
        cause("Operator error"),
        cause("Load 50 % only", CausePath.ESCAPE),
        cause("No change control", CausePath.SYSTEM),
    ),
)


def objections(case):
    with case.services.uow.reading() as session:
        loaded = complaints.load(session, case.number)
        return reviewing.read(session, loaded.row, loaded.snapshot, case.services.clock()).objections


def blamed(case):
    return next(one for one in objections(case) if one.rule == "d4.blames_person")


def accept(case, login, **others):
    about = others.pop("digest", None) or digest(blamed(case))
    arguments = {"code": D4, "digest": about, "reason": "agreed with the customer", **others}
    return accept_finding(case.services.uow, case.world.order(login), number=case.number, **arguments)


def draft(case, answer=BLAMING):
    return case.work(discipline.save_draft, "cqe", D4, answer=answer)


# ---------------------------------------------------------------- submission


def test_a_rule_that_stops_keeps_an_answer_from_being_submitted(case):
    case.confirmed()
    draft(case)
    with pytest.raises(NotAllowed) as caught:
        case.work(discipline.submit, "cqe", D4)
    assert [gate.code for gate in caught.value.gates] == ["reviewer.d4.blames_person.what"]
    with pytest.raises(NotAllowed):
        case.work(discipline.submit, "cqe", D4, answer=BLAMING)
    accept(case, "cqe")  # let stand, it is submitted
    case.work(discipline.submit, "cqe", D4)
    assert len(case.all(AcceptedFindingRow)) == 1


def test_a_record_of_the_past_is_taken_in_as_it_was(case):
    case.confirmed()
    order = case.world.order("cqe")
    version = case.discipline(D4).version
    discipline.submit(
        case.services.uow,
        replace(order, silent=True),
        number=case.number,
        code=D4,
        version=version,
        answer=BLAMING,
    )
    kept = {(row.code, row.score) for row in case.all(AssessmentRow) if row.assessor is Assessor.PROGRAM}
    assert (D4, 1) in kept


def test_the_program_keeps_its_score_at_submission_and_at_issue(case):
    case.confirmed().submit(D1)
    (kept,) = [row for row in case.all(AssessmentRow) if row.code is D1]
    assert (kept.assessor, kept.score) == (Assessor.PROGRAM, 3)
    case.submit(DisciplineCode.D2, D3)
    case.accept(D1, DisciplineCode.D2, D3)
    before = len(case.all(AssessmentRow))
    case.issue(ReportKind.INITIAL)
    codes = [row.code for row in case.all(AssessmentRow)]
    assert len(codes) >= before
    assert set(codes) >= {D1, DisciplineCode.D2, D3}


# ---------------------------------------------------------------- let stand


def test_a_finding_is_let_stand_by_cqe_and_quality_manager_with_a_reason(case):
    case.confirmed()
    draft(case)
    case.is_only_for({"cqe", "cqe2", "quality_manager"}, lambda login: accept(case, login))
    with pytest.raises(NotAllowed):
        accept(case, "cqe", reason=" ")
    with pytest.raises(Invalid):
        accept(case, "cqe", reason="x" * 1001)
    accept(case, "quality_manager")
    entry = case.record[-1]
    assert (entry.tag, entry.subject, entry.reason) == (
        EventTag.FINDING_ACCEPTED, "D4", "agreed with the customer",
    )  # fmt: skip
    assert entry.new["rule"] == "d4.blames_person"
    assert blamed(case).accepted_because == "agreed with the customer"


def test_what_was_let_stand_falls_with_its_words(case):
    case.confirmed()
    draft(case)
    accept(case, "cqe")
    draft(case, replace(BLAMING, causes=(cause("Human error"), *BLAMING.causes[1:])))
    assert blamed(case).accepted_because == ""
    draft(case)
    assert blamed(case).accepted_because != ""


def test_a_finding_that_is_gone_is_not_let_stand(case):
    case.confirmed()
    draft(case)
    gone = digest(blamed(case))
    draft(case, replace(BLAMING, causes=(cause("Preheater 1.2 kW fitted"), *BLAMING.causes[1:])))
    for code in (D4, D1):
        with pytest.raises(NotAllowed) as caught:
            accept_finding(
                case.services.uow,
                case.world.order("cqe"),
                number=case.number,
                code=code,
                digest=gone,
                reason="x",
            )
        assert caught.value.message.code == "reviewing.changed"
    assert case.all(AcceptedFindingRow) == []


# ---------------------------------------------------------------- scores


@pytest.mark.parametrize(
    ("verb", "people", "assessor", "tag"),
    [
        (score, {"cqe", "cqe2", "quality_manager"}, Assessor.CQE, EventTag.SCORED),
        (
            record_assessment,
            {"cqe", "cqe2", "quality_manager", "sales"},
            Assessor.CUSTOMER,
            EventTag.ASSESSMENT_RECORDED,
        ),
    ],
)
def test_scores_are_given_kept_and_given_again(case, verb, people, assessor, tag):
    case.is_only_for(people, lambda login: case.do(verb, login, scores={D1: 2}))
    case.do(verb, "cqe", scores={D1: 2, D3: 0}, note="half a team")
    case.refuses_stale(verb, "cqe", scores={D1: 1})
    case.do(verb, "cqe", scores={D1: 3})
    entry = case.record[-1]
    assert (entry.tag, entry.old, entry.new) == (tag, {"D1": 2}, {"D1": 3})
    kept = [(row.code, row.score, row.note) for row in case.all(AssessmentRow) if row.assessor is assessor]
    assert kept == [(D1, 2, "half a team"), (D3, 0, "half a team"), (D1, 3, "")]
    with case.services.uow.reading() as session:
        newest = reviewing.newest_scores(session, case.row.id)[assessor]
        assert {code: row.score for code, row in newest.items()} == {D1: 3, D3: 0}


def test_scores_out_of_range_are_refused(case):
    for wrong in ({"scores": {}}, {"scores": {D1: 4}}, {"scores": {D1: 1}, "note": "x" * 1001}):
        with pytest.raises(Invalid):
            case.do(score, "cqe", **wrong)


# ---------------------------------------------------------------- reading


def statements(uow):
    seen = []
    sa.event.listen(uow.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    return seen


def test_the_page_shows_gates_and_objections_once_and_what_stops_first(case):
    case.confirmed()
    draft(case, CauseAnswer(causes=(cause("Operator error"),)))
    with case.services.uow.reading() as session:
        view = queries.review_page(session, case.world.actor("cqe"), case.number, case.services.clock())
    d4 = next(one for one in view.disciplines if one.code is D4)
    assert [one.rule for one in d4.findings if one.gate] == ["d4.no_escape", "d4.blames_person"]
    said = [one.what.text("en") for one in d4.findings]
    assert len(said) == len(set(said))
    assert not any(text.startswith("D4: the cause of escape") for text in said)
    assert (d4.now, d4.stops) == (1, 2)
    assert [one.gate for one in d4.findings] == sorted((one.gate for one in d4.findings), reverse=True)


def test_a_gate_stays_though_its_objection_was_let_stand(case):
    case.confirmed()
    draft(case, CauseAnswer(causes=(cause("Preheater 1.2 kW fitted"),)))
    missing = next(one for one in objections(case) if one.rule == "d4.no_escape")
    accept(case, "cqe", digest=digest(missing))
    with case.services.uow.reading() as session:
        view = queries.panel(session, case.world.actor("cqe"), case.number, D4, case.services.clock())
    assert [one.what.code for one in view.review.findings if one.gate] == ["content.d4_escape"]
    assert [one.rule for one in view.review.accepted] == ["d4.no_escape"]


def test_readers_of_released_content_see_nothing_of_drafts(case):
    case.confirmed()
    draft(case)
    with case.services.uow.reading() as session:
        page = queries.review_page(session, case.world.actor("auditor"), case.number, case.services.clock())
        hidden = queries.review_page(
            session, case.world.actor("stranger"), case.number, case.services.clock()
        )
        assert (
            queries.panel(session, case.world.actor("stranger"), case.number, D4, case.services.clock())
            is None
        )
    assert hidden is None
    d4 = next(one for one in page.disciplines if one.code is D4)
    assert (d4.is_begun, d4.findings) == (False, ())


def test_scores_are_compared_by_customer_and_discipline(case_of):
    first, second = case_of(), case_of()
    first.do(score, "cqe", scores={D1: 1, D3: 2})
    second.do(score, "cqe", scores={D1: 2})
    second.do(score, "cqe", scores={D1: 3})  # the newest counts
    second.do(record_assessment, "sales", scores={D1: 0})
    actor, day = first.world.actor("cqe"), first.services.clock().date()
    limited = first.world.actor("limited")
    with first.services.uow.reading() as session:
        seen = statements(first.services.uow)
        rows = queries.comparison(session, actor, since=day, until=day)
        assert len(seen) <= 3  # the plants, and one for each
        assert queries.comparison(session, actor, since=day, until=day, customer_id=-1) == ()
        assert queries.comparison(session, actor, since=date(2020, 1, 1), until=date(2020, 2, 1)) == ()
        assert queries.comparison(session, limited, since=day, until=day) == ()
    assert {(row.code, row.complaints): dict(row.means) for row in rows} == {
        (D1, 2): {Assessor.CQE: 2.0, Assessor.CUSTOMER: 0.0},
        (D3, 1): {Assessor.CQE: 2.0},
    }


# ---------------------------------------------------------------- levels


def levels(world, by="admin", **others):
    arguments = {"plant_id": world.plant, "customer_id": None, "version": 1, "levels": {}, **others}
    return set_levels(world.services.uow, world.order(by), **arguments)


def test_the_customers_level_goes_before_the_plants(case):
    world = case.world
    case.confirmed()
    draft(case)
    levels(world, levels={"d4.blames_person": Level.NOTE, "any.empty_phrase": Level.OFF})
    assert blamed(case).level is Level.NOTE
    levels(world, customer_id=world.customer, levels={"d4.blames_person": Level.WARN})
    assert blamed(case).level is Level.WARN
    levels(world, customer_id=world.customer, version=2, levels={"d4.blames_person": None})
    assert blamed(case).level is Level.NOTE
    with world.services.uow.reading() as session:
        view = levels_queries.levels(session, world.actor("admin"), world.plant, world.customer)
        assert (view.version, dict(view.own), len(view.plants)) == (3, {}, 2)
        assert levels_queries.customers_with_levels(session, world.actor("admin"), world.plant) == ()
        entry = session.execute(sa.select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).scalar_one()
        assert (entry.tag, entry.old, entry.new) == (
            "reviewer.changed", {"d4.blames_person": "warn"}, {"d4.blames_person": None},
        )  # fmt: skip


def test_levels_are_the_administrators_at_the_version_seen(store_world):
    world = store_world
    for login in ("cqe", "quality_manager", "auditor"):
        with pytest.raises(NotFound):
            levels(world, by=login)
    with pytest.raises(NotFound):
        levels(world, plant_id=world.foreign_plant)
    with pytest.raises(NotFound):
        levels(world, customer_id=999)
    with pytest.raises(Invalid):
        levels(world, levels={"d9.nothing": Level.OFF})
    levels(world, levels={"d4.shares": Level.WARN})
    with pytest.raises(Stale):
        levels(world, levels={"d4.shares": Level.OFF})
    levels(world, version=2, levels={"d4.shares": Level.OFF, "d4.no_system": None})
    assert levels(world, version=3, levels={"d4.shares": Level.OFF}).version == 3
