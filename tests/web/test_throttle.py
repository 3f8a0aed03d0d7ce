"""Guessing passwords is slow."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from eightd.usecases.errors import NotAllowed
from eightd.usecases.sign_in import ADDRESS_FACTOR, sign_in
from tests import factories
from tests.web.test_sign_in import sign_in as send

LIMIT, PAUSE = 5, 15


def test_after_five_wrong_passwords_even_the_right_one_waits(client_for, clock):
    for _ in range(LIMIT):
        assert "is wrong" in send(client_for(None), password="guess").text
    answer = send(client_for(None))
    assert answer.status_code == 403
    assert "wait 15 minutes" in answer.text
    clock.advance(minutes=PAUSE, seconds=1)
    assert send(client_for(None)).status_code == 303


def test_unknown_names_are_paused_alike(client_for):
    answers = [send(client_for(None), "nobody").text for _ in range(LIMIT + 1)]
    assert "wait 15 minutes" in answers[-1]


def test_one_name_paused_leaves_the_others_in_peace(client_for):
    for _ in range(LIMIT + 1):
        send(client_for(None), password="guess")
    assert send(client_for(None), "te").status_code == 303


def test_a_right_password_forgets_the_wrong_ones(client_for):
    for _ in range(2):
        for _ in range(LIMIT - 1):
            send(client_for(None), password="guess")
        assert send(client_for(None)).status_code == 303


def test_an_address_that_tries_many_names_is_paused_too(client_for):
    for number in range(LIMIT * ADDRESS_FACTOR):
        send(client_for(None), f"name{number}")
    assert "wait 15 minutes" in send(client_for(None)).text


def test_the_own_password_cannot_be_guessed_on_the_account_page(client_for):
    browser = client_for("cqe")
    guess = {"present": "guess", "new": "a new long password", "again": "a new long password"}
    for _ in range(LIMIT):
        assert browser.post("/account/password", guess).status_code == 422
    assert browser.post("/account/password", {**guess, "present": factories.PASSWORD}).status_code == 409


@pytest.mark.slow
def test_parallel_guesses_cannot_slip_past_the_limit(store_world):
    services = store_world.services

    def guess(_number):
        try:
            sign_in(services, login="cqe", password="guess", address="192.0.2.1")
        except NotAllowed as refused:
            return refused.message.code
        return "in"

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(guess, range(24)))
    assert answers.count("sign_in.wrong") == LIMIT
    assert answers.count("sign_in.paused") == 24 - LIMIT
