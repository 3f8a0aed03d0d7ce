"""Let a person in who knows the password, and slow down those who guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.locks import hold
from eightd.persistence.repositories import people
from eightd.persistence.tables.people import SignInAttemptRow, UserRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import NotAllowed
from eightd.usecases.services import Limits, Services

NOBODY = Actor(id=0, roles=frozenset(), plants=frozenset())
"""Who acts before anybody has signed in."""

ADDRESS_FACTOR = 10
"""Many people share one address behind a proxy: it may fail this many times as often as a sign-in name."""

_WRONG = Phrase("sign_in.wrong", "Sign-in name or password is wrong.", "登录名或密码错误。")
_PAUSED = Phrase(
    "sign_in.paused",
    "Too many failed attempts. Please wait {minutes} minutes and try again.",
    "登录失败次数过多，请等待 {minutes} 分钟后再试。",
)
_LONGEST_LOGIN = 80


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose session begins, and in which epoch."""

    user_id: int
    session_epoch: int


def sign_in(services: Services, *, login: str, password: str, address: str) -> SignedIn:
    """Check the password and begin a session.

    Each attempt is counted before the password is looked at, and forgotten when it was right, so that
    parallel guesses cannot slip past the limit. An unknown or inactive account gets the same answer
    after the same work as a wrong password.

    Raises NotAllowed.
    """
    name = login.strip().casefold()[:_LONGEST_LOGIN]
    refused = count_attempt(services, name, address)
    if refused is not None:
        raise NotAllowed(refused)
    with services.uow.reading() as session:
        row = people.user_by_login(session, name)
        stored = row.password_hash if row is not None and row.active else None
    if not services.passwords.matches(stored, password) or row is None or stored is None:
        raise NotAllowed(_WRONG.say())
    renewed = services.passwords.hash(password) if services.passwords.is_outdated(stored) else None
    actor = Actor(id=row.id, roles=frozenset(), plants=frozenset())
    with services.uow.writing(services.order(actor, row.name, "")) as work:
        return _begin(work, row.id, name, stored, renewed)


def count_attempt(services: Services, login: str, address: str) -> Message | None:
    """Count an attempt before it is judged; return why no more may be made for now, None where one may."""
    with services.uow.writing(services.order(NOBODY, login, "")) as work:
        return _count(work, services.limits, login, address)


def forget_attempts(services: Services, login: str) -> None:
    """Forget the attempts on a sign-in name whose password turned out to be known."""
    with services.uow.writing(services.order(NOBODY, login, "")) as work:
        _forget(work, login)


def _forget(work: Work, login: str) -> None:
    work.session.execute(sa.delete(SignInAttemptRow).where(SignInAttemptRow.login == login))


def _count(work: Work, limits: Limits, login: str, address: str) -> Message | None:
    hold(work.session, f"sign-in:{login}")
    hold(work.session, f"sign-in-from:{address}")
    since = work.now - timedelta(minutes=limits.sign_in_pause_minutes)
    of_login = _failed(work, SignInAttemptRow.login == login, since)
    from_address = _failed(work, SignInAttemptRow.address == address, since)
    if of_login >= limits.sign_in_attempts or from_address >= limits.sign_in_attempts * ADDRESS_FACTOR:
        return _PAUSED.say(minutes=limits.sign_in_pause_minutes)
    work.session.execute(
        sa.delete(SignInAttemptRow).where(
            sa.or_(SignInAttemptRow.login == login, SignInAttemptRow.address == address),
            SignInAttemptRow.at <= since,
        )
    )
    work.session.add(SignInAttemptRow(login=login, address=address[:64], at=work.now))
    return None


def _failed(work: Work, condition: sa.ColumnElement[bool], since: datetime) -> int:
    counted = sa.select(sa.func.count()).where(condition, SignInAttemptRow.at > since)
    return work.session.execute(counted.select_from(SignInAttemptRow)).scalar_one()


def _begin(work: Work, user_id: int, login: str, stored: str, renewed: str | None) -> SignedIn:
    row = work.session.get_one(UserRow, user_id, with_for_update=True)
    if not row.active or row.password_hash != stored:  # changed between the two transactions
        raise NotAllowed(_WRONG.say())
    if renewed is not None:
        row.password_hash = renewed
    row.last_sign_in_at = work.now
    _forget(work, login)
    work.record("account.signed_in", subject=row.login)
    return SignedIn(row.id, row.session_epoch)
