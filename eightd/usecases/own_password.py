"""Check that the person at the keyboard knows the account's password, as slowly as at the sign-in."""

from __future__ import annotations

from eightd.persistence.repositories import people
from eightd.usecases.errors import NotAllowed, NotFound
from eightd.usecases.services import Services
from eightd.usecases.sign_in import count_attempt, forget_attempts


def is_own_password(services: Services, *, user_id: int, password: str, address: str) -> bool:
    """Return whether the password is the account's; wrong ones count as failed sign-ins.

    Raises NotAllowed after too many, NotFound where there is no such account.
    """
    with services.uow.reading() as session:
        row = people.user(session, user_id)
    if row is None:
        raise NotFound
    refused = count_attempt(services, row.login, address)
    if refused is not None:
        raise NotAllowed(refused)
    if not services.passwords.matches(row.password_hash, password):
        return False
    forget_attempts(services, row.login)
    return True
