"""What people change about their own account: password, language, how to reach them, days away."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eightd.domain.words import Language, Message, Phrase
from eightd.persistence.tables.people import AbsenceRow, UserPlantRow, UserRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import Invalid, NotFound, Stale
from eightd.usecases.verb import Done, verb

_REQUIRED = Phrase("account.required", "Please fill this in.", "请填写。")
_BACKWARDS = Phrase("absence.backwards", "The last day lies before the first.", "结束日期早于开始日期。")
_TOO_LONG = Phrase("absence.long", "At most a year at a time.", "一次最多一年。")
_OVERLAP = Phrase(
    "absence.overlap", "You are already away from {first} to {last}.", "{first} 至 {last} 已登记外出。"
)
_NO_DEPUTY = Phrase("absence.deputy", "Choose an active colleague of your plant.", "请选择本厂在职同事。")


def own_row(work: Work, version: int | None = None) -> UserRow:
    """Return the actor's own account, locked; raise Stale where it is no longer at the version seen."""
    row = work.session.get(UserRow, work.actor.id, with_for_update=True)
    if row is None or not row.active:
        raise NotFound
    if version is not None and row.version != version:
        raise Stale(row.version)
    return row


@verb("account.change_password")
def change_password(work: Work, *, password_hash: str) -> Done:
    """Keep the new password's hash and end every session; ``version`` of the answer is the new session epoch.

    The door has checked the present password before: hashing takes longer than a transaction should.
    """
    row = own_row(work)
    row.password_hash = password_hash
    row.must_change_password = False
    row.session_epoch += 1
    work.record("account.password_changed", subject=row.login)
    return Done(id=row.id, version=row.session_epoch)


@verb("account.end_sessions")
def end_sessions(work: Work) -> Done:
    """End every session of the account; ``version`` of the answer is the new session epoch."""
    row = own_row(work)
    row.session_epoch += 1
    work.record("account.sessions_ended", subject=row.login)
    return Done(id=row.id, version=row.session_epoch)


@verb("account.set_language")
def set_language(work: Work, *, language: Language) -> Done:
    """Switch the account's language; nothing is recorded where it is the one it has."""
    row = own_row(work)
    if row.language is not language:
        work.record(
            "account.language_set",
            subject=row.login,
            old={"language": row.language},
            new={"language": language},
        )
        row.language = language
    return Done(id=row.id, version=row.version)


@verb("account.change_contact")
def change_contact(work: Work, *, version: int, name: str, email: str, phone: str) -> Done:
    """Change how the account's owner is called and reached. Raises Stale or Invalid."""
    row = own_row(work, version)
    if not name.strip():
        raise Invalid({"name": _REQUIRED.say()})
    changed = {"name": name.strip(), "email": email.strip(), "phone": phone.strip()}
    old = {key: getattr(row, key) for key, value in changed.items() if getattr(row, key) != value}
    if old:
        for key in old:
            setattr(row, key, changed[key])
        row.version += 1
        work.record(
            "account.contact_changed", subject=row.login, old=old, new={key: changed[key] for key in old}
        )
    return Done(id=row.id, version=row.version)


@verb("account.plan_absence")
def plan_absence(work: Work, *, from_on: date, until_on: date, deputy_id: int) -> Done:
    """Plan days away, both ends included, with a colleague of a shared plant as deputy. Raises Invalid."""
    row = own_row(work)
    problems: dict[str, Message] = {}
    if until_on < from_on:
        problems["until_on"] = _BACKWARDS.say()
    elif (until_on - from_on).days > 366:
        problems["until_on"] = _TOO_LONG.say()
    elif (other := _overlapping(work, row.id, from_on, until_on)) is not None:
        problems["from_on"] = _OVERLAP.say(first=other.from_on.isoformat(), last=other.until_on.isoformat())
    if not _can_stand_in(work, deputy_id):
        problems["deputy_id"] = _NO_DEPUTY.say()
    if problems:
        raise Invalid(problems)
    absence = AbsenceRow(user_id=row.id, deputy_id=deputy_id, from_on=from_on, until_on=until_on)
    work.session.add(absence)
    work.session.flush()
    work.record("account.absence_planned", subject=row.login, new=_document(absence))
    return Done(id=absence.id)


@verb("account.cancel_absence")
def cancel_absence(work: Work, *, absence_id: int) -> Done:
    """Take back days away of the actor's own. Raises NotFound."""
    row = own_row(work)
    absence = work.session.get(AbsenceRow, absence_id)
    if absence is None or absence.user_id != row.id:
        raise NotFound
    work.record("account.absence_cancelled", subject=row.login, old=_document(absence))
    work.session.delete(absence)
    return Done(id=absence_id)


def _overlapping(work: Work, user_id: int, from_on: date, until_on: date) -> AbsenceRow | None:
    found = work.session.execute(
        sa.select(AbsenceRow)
        .where(AbsenceRow.user_id == user_id, AbsenceRow.from_on <= until_on, AbsenceRow.until_on >= from_on)
        .order_by(AbsenceRow.from_on)
        .limit(1)
    )
    return found.scalar_one_or_none()


def _can_stand_in(work: Work, deputy_id: int) -> bool:
    found = work.session.execute(
        sa.select(UserRow.id)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .where(UserRow.id == deputy_id, UserRow.active, UserPlantRow.plant_id.in_(work.actor.plants))
    )
    return deputy_id != work.actor.id and found.first() is not None


def _document(absence: AbsenceRow) -> dict[str, object]:
    return {
        "from_on": absence.from_on.isoformat(),
        "until_on": absence.until_on.isoformat(),
        "deputy_id": absence.deputy_id,
    }
