"""What counts as dissatisfied, when reopening is proposed, averages and response rate without floats."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.complaint import Stage
from eightd.domain.satisfaction import (
    DAYS,
    GRADE_TEXTS,
    GRADES,
    QUESTIONS,
    TEXTS,
    Asked,
    is_dissatisfied,
    problems,
    remind_in,
    score,
    wants_reopening,
)

D = Decimal


@pytest.mark.parametrize(
    ("answers", "unhappy"),
    [
        ({"overall": 2}, True), ({"overall": 3}, False), ({"overall": 5, "speed": 1}, True),
        ({"overall": 3, "speed": 2, "analysis": 2}, False), ({"overall": 1}, True), ({}, False), ({"speed": 5}, False),
    ],
)  # fmt: skip
def test_dissatisfied(answers, unhappy):
    assert is_dissatisfied(answers) is unhappy


def test_problems():
    assert problems({"overall": 4}, "fine", "Ms Lin") == {}
    assert set(problems({"speed": 0, "analysis": 6}, "x" * 4001, "y" * 201)) == {
        "speed", "analysis", "overall", "comment", "answered_by",
    }  # fmt: skip
    assert "overall" in problems({"overall": 9}, "")
    assert problems({"overall": 4, "unknown": 77}, "") == {}
    assert set(TEXTS) == set(QUESTIONS)
    assert set(GRADE_TEXTS) == set(GRADES)


@pytest.mark.parametrize("stage", Stage)
def test_reopening_is_proposed_once(stage):
    asked = {"dissatisfied": True, "declined": False, "reopened_since": False, "stage": stage}
    assert wants_reopening(**asked) is (stage in {Stage.REPORTED, Stage.WATCHING, Stage.CLOSED})
    for name, value in (("dissatisfied", False), ("declined", True), ("reopened_since", True)):
        assert not wants_reopening(**{**asked, name: value})


def test_the_reminder_comes_before_the_link_ends():
    assert [remind_in(days) for days in DAYS] == [timedelta(days=5)] * 3
    assert all(remind_in(days) < timedelta(days=days) for days in (3, *DAYS))


def test_a_score():
    found = score(
        [Asked({"overall": 5, "speed": 4}), Asked({"overall": 4}), Asked({"overall": 1}), *[Asked(None)] * 3]
    )
    assert (found.asked, found.answered, found.dissatisfied, found.response_rate) == (6, 3, 1, D("50.0"))
    assert (found.average(), found.average("speed"), found.average("analysis")) == (
        D("3.33"),
        D("4.00"),
        None,
    )
    assert (score([]).response_rate, score([]).average()) == (None, None)


@given(st.lists(st.one_of(st.none(), st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(GRADES)))))
def test_scores_stay_within_their_bounds(given_answers):
    found = score(Asked(one) for one in given_answers)
    assert found.dissatisfied <= found.answered <= found.asked == len(given_answers)
    assert found.response_rate is None or 0 <= found.response_rate <= 100
    for question in QUESTIONS:
        assert found.average(question) is None or 1 <= found.average(question) <= 5
