"""The customer's satisfaction: asked once, reminded once, answered once; an unhappy answer is followed up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind, RelayKind
from eightd.domain.satisfaction import SurveyState
from eightd.domain.words import Language
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.messaging import MessageRow, OutsideMailRow, RelayRow
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.outside_mail import NO_RELAY
from eightd.usecases.satisfaction import answer, ask, follow
from eightd.usecases.satisfaction.sweep import is_anything_due, sweep_satisfaction
from tests.factories import LIMITED, STRANGER
from tests.usecases.case import Case

ASKERS = {"sales", "cqe", "cqe2", "quality_manager"}
GOOD = {"overall": 4, "speed": 5}
BAD = {"overall": 2}


@pytest.fixture
def replied(store_world):
    """A complaint whose final report was sent; the stage is set, its course is proven elsewhere."""
    return answered_by_us(store_world)


@pytest.fixture
def plain(world):
    return answered_by_us(world)


def answered_by_us(world):
    case = Case(world)
    with case.services.uow.writing(world.order("cqe")) as work:
        row = work.session.get_one(type(case.row), case.row.id)
        row.stage, row.final_sent_at = "reported", work.now
    return case


def add_relay(case):
    with case.services.uow.writing(case.world.order("admin")) as work:
        work.session.add(RelayRow(name="mail", kind=RelayKind.SMTP, settings={}, active=True, version=1))


def do(case, verb, login="sales", key="", **values):
    return verb(case.services.uow, case.world.order(login, key), number=case.number, **values)


def asked(case, login="sales", key="", **others):
    values = {"language": Language.EN, "days": 14, "send": False}
    return do(case, ask.ask_satisfaction, login, key, **{**values, **others})


def mailed(case, **others):
    values = {
        "send": True, "recipients": ("lin@customer.example",), "subject": "How was it?", "body": "Here: {link}"
    }  # fmt: skip
    return asked(case, **{**values, **others})


def guest(case, survey_id, answers=None, key="", **others):
    order = case.services.order(answer.GUEST, "guest", key)
    given = GOOD if answers is None else answers
    return answer.answer_survey(case.services.uow, order, survey_id=survey_id, answers=given, **others)


def survey(case):
    return case.all(SurveyRow)[-1]


def told(case, kind):
    names = {user_id: login for login, user_id in case.world.users.items()}
    return {names[row.user_id] for row in case.all(MessageRow) if row.kind is kind}


def problems(attempt):
    with pytest.raises(Invalid) as caught:
        attempt()
    return set(caught.value.problems)


# ---------------------------------------------------------------- on both stores


def test_asked_reminded_once_and_answered_once(replied, clock):
    case = replied
    add_relay(case)
    done = mailed(case, key="ask")
    assert mailed(case, key="ask").replayed
    with pytest.raises(NotAllowed):
        asked(case)
    (mail,) = case.all(OutsideMailRow)
    assert (mail.link_id, mail.purpose, mail.recipients) == (
        done.id,
        "satisfaction",
        ["lin@customer.example"],
    )
    clock.advance(days=5, seconds=-1)
    assert not is_anything_due(case.services)
    clock.advance(seconds=1)
    assert is_anything_due(case.services)
    assert [sweep_satisfaction(case.services) for _ in range(2)] == [1, 0]
    assert len(case.all(OutsideMailRow)) == 2, "reminded once"
    assert survey(case).reminded_at == clock()
    guest(case, done.id, key="one", comment=" quick ", answered_by="Ms  Lin")
    assert guest(case, done.id, key="one", comment=" quick ", answered_by="Ms  Lin").replayed
    with pytest.raises(NotAllowed):
        guest(case, done.id, BAD)
    row = survey(case)
    assert (row.state, row.answers, row.comment, row.answered_by, row.is_dissatisfied) == (
        SurveyState.ANSWERED, GOOD, "quick", "Ms Lin", False,
    )  # fmt: skip
    assert told(case, MessageKind.SATISFACTION) == {"sales", "cqe"}
    tags = [one.tag for one in case.record if one.tag.startswith("satisfaction")]
    assert tags == ["satisfaction.asked", "satisfaction.asked", "satisfaction.answered"]


def test_an_unhappy_answer_is_followed_up_within_a_working_day(replied, clock):
    case = replied
    done = asked(case)
    guest(case, done.id, BAD, comment="nobody called back")
    row = survey(case)
    due = datetime(2026, 3, 13, 9, 30, tzinfo=UTC)  # Friday, the plant closes at 17:30
    assert (row.is_dissatisfied, row.follow_up_due_at) == (True, due)
    assert told(case, MessageKind.SATISFACTION) == {"sales", "cqe", "quality_manager"}
    clock.now = due
    assert [sweep_satisfaction(case.services) for _ in range(2)] == [1, 0]
    assert told(case, MessageKind.FOLLOW_UP_OVERDUE) == {"sales", "cqe"}
    assert survey(case).next_alarm_at == due + timedelta(days=3), "Monday"
    clock.advance(days=3)
    sweep_satisfaction(case.services)
    assert told(case, MessageKind.FOLLOW_UP_OVERDUE) == {"sales", "cqe", "quality_manager"}
    assert survey(case).next_alarm_at is None
    step = {"survey_id": done.id}
    with pytest.raises(Stale):
        do(case, follow.follow_up, version=1, note="called", **step)
    assert problems(lambda: do(case, follow.follow_up, version=2, note=" ", **step)) == {"note"}
    do(case, follow.follow_up, version=2, note="agreed on a visit", key="call", **step)
    assert do(case, follow.follow_up, version=2, note="agreed on a visit", key="call", **step).replayed
    with pytest.raises(NotAllowed):
        do(case, follow.follow_up, version=3, note="again", **step)
    assert case.record[-1].reason == "agreed on a visit"
    assert survey(case).follow_up_by == case.world.users["sales"]


# ---------------------------------------------------------------- on one store


def test_who_asks_records_and_follows_up(plain):
    case = plain
    case.is_only_for(ASKERS, lambda login: asked(case, login))
    done = asked(case)
    case.is_only_for(ASKERS, lambda login: do(case, ask.revoke_survey, login, survey_id=done.id, version=1))
    values = {"version": 1, "answers": BAD, "answered_by": "Lin"}
    case.is_only_for(ASKERS, lambda login: do(case, answer.record_satisfaction, login, **values))
    do(case, answer.record_satisfaction, "cqe", **values)
    step = {"survey_id": done.id, "version": 2}
    case.is_only_for(ASKERS, lambda login: do(case, follow.follow_up, login, note="x", **step))
    decide = {**step, "reason": "it was settled by phone"}
    with pytest.raises(NotAllowed):
        do(case, follow.decline_reopening, "sales", **decide)
    for login in (STRANGER, LIMITED):
        with pytest.raises(NotFound):
            do(case, follow.decline_reopening, login, **decide)
    assert problems(lambda: do(case, follow.decline_reopening, "cqe", **{**step, "reason": " "})) == {
        "reason"
    }
    assert problems(lambda: do(case, follow.decline_reopening, "cqe", **{**step, "reason": "x" * 4001})) == {
        "reason"
    }
    do(case, follow.decline_reopening, "cqe", **decide)
    with pytest.raises(NotAllowed):
        do(case, follow.decline_reopening, "cqe", **{**decide, "version": 3})
    assert case.record[-1].tag == EventTag.REOPENING_DECLINED
    other = answered_by_us(case.world)
    with pytest.raises(NotFound):
        do(other, follow.follow_up, **step, note="x")


def test_nobody_is_asked_before_the_reply(world):
    with pytest.raises(NotAllowed):
        asked(Case(world))


def test_what_is_wrong_with_asking(plain):
    case = plain
    assert problems(lambda: asked(case, days=3)) == {"days"}
    assert problems(lambda: mailed(case, body="no place for it")) == {"body"}
    with pytest.raises(NotAllowed) as caught:
        mailed(case)
    assert caught.value.message.code == NO_RELAY.code
    add_relay(case)
    assert problems(lambda: mailed(case, recipients=())) == {"recipients"}
    assert problems(lambda: mailed(case, recipients=("x",), subject="")) == {"recipients", "subject"}
    assert case.all(SurveyRow) == []


def test_taken_back_expired_and_asked_again(plain, clock):
    case = plain
    first = asked(case, days=7)
    with pytest.raises(Stale):
        do(case, ask.revoke_survey, survey_id=first.id, version=2)
    do(case, ask.revoke_survey, survey_id=first.id, version=1)
    with pytest.raises(NotAllowed):
        do(case, ask.revoke_survey, survey_id=first.id, version=2)
    with pytest.raises(NotFound):
        guest(case, first.id)
    second = asked(case, days=7)
    clock.advance(days=7)
    with pytest.raises(NotFound):
        guest(case, second.id)
    third = asked(case)
    assert problems(lambda: guest(case, third.id, {"speed": 9})) == {"speed", "overall"}
    with pytest.raises(NotFound):
        guest(case, 99)


def test_told_by_phone(plain):
    case = plain
    done = asked(case)
    values = {"answers": GOOD, "answered_by": "Mr Wu, by phone"}
    with pytest.raises(Stale):
        do(case, answer.record_satisfaction, version=0, **values)
    assert problems(lambda: do(case, answer.record_satisfaction, version=1, answers={}, answered_by=" ")) == {
        "overall", "answered_by",
    }  # fmt: skip
    assert do(case, answer.record_satisfaction, version=1, **values).id == done.id
    again = do(case, answer.record_satisfaction, version=0, **values)
    assert again.id != done.id
    assert [row.recorded_by for row in case.all(SurveyRow)] == [case.world.users["sales"]] * 2
    with pytest.raises(NotAllowed):
        guest(case, done.id)


def test_nobody_is_reminded_without_a_mail_server_or_of_an_expired_link(plain, clock):
    case = plain
    add_relay(case)
    mailed(case)
    with case.services.uow.writing(case.world.order("admin")) as work:
        work.session.execute(sa.update(RelayRow).values(active=False))
    clock.advance(days=5)
    assert sweep_satisfaction(case.services) == 1
    assert (survey(case).remind_at, survey(case).reminded_at) == (None, None)
    assert len(case.all(OutsideMailRow)) == 1


def test_a_reopened_case_is_not_proposed_again(plain, clock):
    case = plain
    done = asked(case)
    guest(case, done.id, BAD)
    assert follow.is_proposed(case.row, survey(case))
    clock.advance(hours=1)
    with case.services.uow.writing(case.world.order("cqe")) as work:
        row = work.session.get_one(type(case.row), case.row.id)
        row.rejected_at = work.now  # as reopening and rejecting do, see usecases.outcome
    assert not follow.is_proposed(case.row, survey(case))
    with pytest.raises(NotAllowed):
        do(case, follow.decline_reopening, "cqe", survey_id=done.id, version=2, reason="x")
