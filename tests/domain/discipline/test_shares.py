"""Shares of causes, and causes held against actions."""

from __future__ import annotations

from decimal import Decimal

from eightd.domain.discipline.answers import CausePath, CorrectiveAction, RootCause
from eightd.domain.discipline.shares import action_code, cause_code, cover, shares

P = CausePath


def cause(path: CausePath, share: str | None, text: str = "cause") -> RootCause:
    return RootCause(path, text, None if share is None else Decimal(share))


def said(*causes: RootCause) -> list[str]:
    return [one.text("en") for one in shares(causes).says()]


def test_shares_that_sum_to_a_hundred():
    found = shares((cause(P.OCCURRENCE, "60"), cause(P.ESCAPE, "25.5"), cause(P.SYSTEM, "14.5")))
    assert found.is_whole
    assert (found.over, found.missing) == (0, 0)
    assert found.by_path == {P.OCCURRENCE: 60, P.ESCAPE: Decimal("25.5"), P.SYSTEM: Decimal("14.5")}
    assert [one.text("zh") for one in found.says()] == ["占比合计 100 %"]


def test_each_path_may_sum_to_a_hundred_by_itself():
    found = shares((cause(P.OCCURRENCE, "70"), cause(P.OCCURRENCE, "30"), cause(P.ESCAPE, "100")))
    assert found.is_whole
    assert found.over == 0
    assert "for each of" in found.says()[0].text("en")


def test_missing_and_too_many_are_said_with_the_causes_left_out():
    assert said(cause(P.OCCURRENCE, "60"), cause(P.ESCAPE, None)) == [
        "The shares sum to 60 %: 40 % are missing",
        "Without a share: C2",
    ]
    assert said(cause(P.OCCURRENCE, "60"), cause(P.ESCAPE, "50.50")) == [
        "The shares sum to 110.5 %: 10.5 % too many"
    ]
    assert shares((cause(P.OCCURRENCE, "60"),)).missing == 40


def test_no_share_at_all():
    found = shares((cause(P.OCCURRENCE, None), cause(P.ESCAPE, None, "")))
    assert found.without == (0,)
    assert not found.is_whole
    assert said(cause(P.OCCURRENCE, None)) == ["No share is given yet"]


def test_causes_against_actions():
    causes = (cause(P.OCCURRENCE, None), cause(P.ESCAPE, None), cause(P.SYSTEM, None))
    actions = (
        CorrectiveAction(0, "a"),
        CorrectiveAction(0, "b"),
        CorrectiveAction(2, " "),
        CorrectiveAction(None, "c"),
        CorrectiveAction(7, "d"),
    )
    found = cover(causes, actions)
    assert found.actions_of == ((0, 1), (), ())
    assert found.uncovered == (1, 2)
    assert found.astray == (3, 4)
    assert not found.is_complete
    assert cover(causes[:1], actions[:2]).is_complete
    assert (cause_code(0), action_code(11)) == ("C1", "A12")
