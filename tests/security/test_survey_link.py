"""A satisfaction link opens exactly its own page, takes one answer, and nothing where it does not hold."""

from __future__ import annotations

import re

import pytest

from eightd.domain.words import Language
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.complaint import NoteRow
from eightd.usecases import status_link
from eightd.usecases.satisfaction import ask
from tests import factories
from tests.usecases.case import Case

GOOD = {"overall": "4", "speed": "5", "comment": "fine"}


def replied(world, **others):
    case = Case(world, **others)
    with case.services.uow.writing(world.order("cqe")) as work:
        work.session.get_one(type(case.row), case.row.id).stage = "reported"
    return case


@pytest.fixture
def case(world):
    return replied(world, customer_number="Q-77", contact="Lin Mei <lin@customer.example>")


@pytest.fixture
def visitor(app):
    """Somebody without an account, with a browser that keeps cookies."""
    return factories.Browser(app)


def asked(case, days=14, language=Language.EN):
    done = ask.ask_satisfaction(
        case.services.uow,
        case.world.order("sales"),
        number=case.number,
        language=language,
        days=days,
        send=False,
    )
    return done.id, case.services.links.token(ask.PURPOSE, done.id)


def survey(case):
    return case.all(SurveyRow)[-1]


def is_gone(answer):
    assert answer.status_code == 404
    assert "此链接无效" in answer.text
    assert "There is nothing here" in answer.text
    assert "CC-2026" not in answer.text
    return True


def nothing_written(case, state="asked"):
    return (survey(case).state, survey(case).answers) == (state, {})


def test_it_is_asked_in_the_customers_language_and_answered_once(case, visitor):
    _, token = asked(case)
    page = visitor.get(f"/f/{token}")
    assert page.status_code == 200
    for shown in (case.number, "Q-77", "All in all, how satisfied are you?", "Your name (optional)"):
        assert shown in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "总体上" in visitor.get(f"/f/{token}?lang=zh").text
    assert visitor.post(f"/f/{token}", {"speed": "3"}).status_code == 422, "the overall grade is needed"
    assert visitor.post(f"/f/{token}", {"overall": "9", "speed": "x"}).status_code == 422
    assert visitor.post(f"/f/{token}", {"overall": "4", "comment": "x" * 4001}).status_code == 422
    assert nothing_written(case)
    assert "Thank you" in visitor.post(f"/f/{token}", GOOD, key="one-answer").text
    assert "Thank you" in visitor.post(f"/f/{token}", GOOD, key="one-answer").text
    assert "Thank you" in visitor.post(f"/f/{token}", {"overall": "1"}).text
    assert (survey(case).answers, survey(case).comment) == ({"overall": 4, "speed": 5}, "fine")
    page = visitor.get(f"/f/{token}").text
    assert "Thank you" in page
    assert "fine" not in page, "what was answered is not shown to whoever has the link"
    assert [one.actor_id for one in case.record if one.tag == "satisfaction.answered"] == [None]


def test_tampered_copied_and_foreign_tokens_open_nothing(world, case, visitor):
    other = replied(world)
    survey_id, token = asked(case)
    other_id, other_token = asked(other)
    links = case.services.links
    number, _, signature = token.partition("-")
    status = status_link.make_link(
        case.services.uow, world.order("sales"), number=case.number, days=30, language=Language.EN
    ).id
    wrong = [
        f"{other_id}-{signature}", f"{number}-{signature[::-1]}", token[:-1], f"{token}A", token.swapcase(),
        f"0{token}", str(survey_id), f"{survey_id}-{'A' * 27}", links.token(ask.PURPOSE, survey_id, 1),
        links.token(ask.PURPOSE, 999), links.token(status_link.PURPOSE, survey_id),
        links.token(status_link.PURPOSE, status), links.token("supplier_case", survey_id), links.token("", survey_id),
    ]  # fmt: skip
    for one in wrong:
        assert is_gone(visitor.get(f"/f/{one}")), one
        assert is_gone(visitor.post(f"/f/{one}", GOOD)), one
    for path in (f"/s/{token}", f"/q/{token}", f"/feed/{token}.ics"):
        assert visitor.get(path).status_code == 404
    assert nothing_written(case)
    assert nothing_written(other)
    assert other.number not in visitor.get(f"/f/{token}").text
    assert visitor.post(f"/f/{other_token}", GOOD).status_code == 200
    assert nothing_written(case)


def test_revoked_and_expired_links_take_nothing(case, visitor, clock):
    survey_id, token = asked(case)
    ask.revoke_survey(
        case.services.uow, case.world.order("cqe"), number=case.number, survey_id=survey_id, version=1
    )
    assert is_gone(visitor.get(f"/f/{token}"))
    assert is_gone(visitor.post(f"/f/{token}", GOOD))
    assert nothing_written(case, "revoked")
    _, token = asked(case, days=7)
    clock.advance(days=7, seconds=-1)
    assert visitor.get(f"/f/{token}").status_code == 200
    clock.advance(seconds=1)
    assert is_gone(visitor.get(f"/f/{token}"))
    assert is_gone(visitor.post(f"/f/{token}", GOOD))
    assert nothing_written(case)


def test_nothing_internal_is_shown_and_nothing_else_opens(case, world, visitor):
    with case.services.uow.writing(world.order("cqe")) as work:
        work.session.add(NoteRow(complaint_id=case.row.id, kind="comment", text="SECRET", at=work.now, by=1))
    _, token = asked(case)
    text = visitor.get(f"/f/{token}").text
    for hidden in ("SECRET", "ajor", "赵敏", "钱伟", "Lin Mei", "lin@", "/complaints", "no output", "Stage"):
        assert hidden not in text, hidden
    visitor.post(f"/f/{token}", GOOD)
    for path in (
        f"/complaints/{case.number}",
        f"/complaints/{case.number}/satisfaction",
        "/satisfaction",
        "/f/",
    ):
        assert visitor.get(path).status_code in {303, 404}


def test_a_form_needs_its_token_and_keeps_what_was_chosen(case, visitor):
    _, token = asked(case)
    answer = visitor.client.post(
        f"/f/{token}", data={**GOOD, "csrf_token": "old", "idempotency_key": "some-key-of-mine"}
    )
    assert answer.status_code == 400
    assert "Nothing is lost" in answer.text
    assert re.search(r'name="overall" value="4"[^>]* checked', answer.text)
    assert nothing_written(case)


def test_too_much_from_one_link_is_refused(case, visitor):
    _, token = asked(case)
    answers = [visitor.post(f"/f/{token}", {"overall": "9"}).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]
    assert nothing_written(case)
