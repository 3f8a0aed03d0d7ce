"""Passwords: what is taken, and that hashes tell nothing."""

import pytest

from eightd.usecases.passwords import LONGEST, Passwords, flaw, invent


@pytest.mark.parametrize(
    ("password", "code"),
    [("x" * 9, "password.short"), ("abcde" * 41, "password.long"), ("Sales.Office", "password.login"),
     ("abababababab", "password.monotonous"), ("correct horse", None), ("密码要有十个以上的字", None)],
)  # fmt: skip
def test_a_new_password_is_long_and_not_trivial(password, code):
    found = flaw(password, "sales.office")
    assert (found.code if found else None) == code


def test_invented_passwords_are_fit_and_all_different():
    made = {invent() for _ in range(200)}
    assert len(made) == 200
    assert not any(flaw(one, "x") for one in made)


def test_hashes_are_salted_and_checked():
    passwords = Passwords(8)
    one, other = passwords.hash("correct horse"), passwords.hash("correct horse")
    assert one != other
    assert one.startswith("$argon2id$")
    assert passwords.matches(one, "correct horse")
    assert not passwords.matches(one, "wrong horse")
    assert not passwords.matches("no hash at all", "correct horse")
    assert not passwords.matches(None, "correct horse")


def test_an_endless_password_costs_no_more():
    assert not Passwords(8).matches(None, "x" * (LONGEST * 10_000))
