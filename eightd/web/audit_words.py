"""What entries of every chain say, those of administration included: all values, for people who check."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from eightd.domain.complaint import Role, Stage
from eightd.domain.events import EventTag
from eightd.domain.words import Language
from eightd.web import formats, record_words, words

TAGS: Mapping[str, Any] = {
    **{tag: told[0] for tag, told in record_words.TAGS.items()},
    EventTag.DISCIPLINE_SUBMITTED: _l("Discipline submitted"),
    EventTag.DISCIPLINE_ACCEPTED: _l("Discipline accepted"),
    EventTag.DISCIPLINE_RETURNED: _l("Discipline returned"),
    EventTag.DISCIPLINE_REOPENED: _l("Discipline opened again"),
    EventTag.ADMINISTRATION_CHANGED: _l("Administration changed"),
    EventTag.LOG_EXPORTED: _l("Log exported"),
    EventTag.AUDIT_VERIFIED: _l("Record verified"),
    "account.signed_in": _l("Signed in"),
    "account.password_changed": _l("Own password changed"),
    "account.sessions_ended": _l("Own sessions ended"),
    "account.language_set": _l("Own language changed"),
    "account.contact_changed": _l("Own contact changed"),
    "account.absence_planned": _l("Days away planned"),
    "account.absence_cancelled": _l("Days away taken back"),
    "user.created": _l("Account made"),
    "user.changed": _l("Account changed"),
    "user.password_reset": _l("Password set by an administrator"),
    "plant.created": _l("Plant made"),
    "plant.changed": _l("Plant changed"),
    "customer.created": _l("Customer made"),
    "customer.changed": _l("Customer changed"),
    "part.created": _l("Part made"),
    "part.changed": _l("Part changed"),
    "phenomenon.created": _l("Phenomenon made"),
    "phenomenon.changed": _l("Phenomenon changed"),
    "assignment_rule.created": _l("Assignment rule added"),
    "assignment_rule.removed": _l("Assignment rule removed"),
    "criteria.version_made": _l("New version of criteria"),
    "profile.version_made": _l("New version of a deadline profile"),
    "calendar.version_made": _l("New version of a calendar"),
}
"""Every tag that a verb writes; a test compares them with the verbs."""

FIELDS: Mapping[str, Any] = {
    **record_words.FIELDS,
    "accepts_stops": _l("Accepts stopped clocks"),
    "active": _l("Active"),
    "appearance_general": _l("Appearance: general from"),
    "appearance_major": _l("Appearance: major from"),
    "calendar": _l("Working calendar"),
    "chains": _l("Chains"),
    "close_of_business": _l("Close of business"),
    "code": _l("Code"),
    "country": _l("Public holidays of"),
    "criteria": _l("Tier criteria"),
    "customer": _l("Customer"),
    "customers": _l("Only these customers"),
    "days_off": _l("Own days off"),
    "days_on": _l("Own working days"),
    "department": _l("Department"),
    "email": _l("E-mail"),
    "entries": _l("Entries"),
    "flaw": _l("Flaw"),
    "from_on": _l("First day away"),
    "functional_general": _l("Functional: general from"),
    "functional_major": _l("Functional: major from"),
    "low_rate_can_lower_major": _l("A low rate takes a major case down to general"),
    "low_rate_percent": _l("Low rate in %"),
    "milestones": _l("Milestones"),
    "name": _lp("thing", "Name"),
    "name_en": _l("Name in English"),
    "number": _l("Number"),
    "number_prefix": _l("Prefix of complaint numbers"),
    "person": _l("Person"),
    "phone": _l("Phone"),
    "plants": _l("Plants"),
    "product_line": _l("Product line"),
    "profile": _l("Deadline profile"),
    "rank": _l("Rank"),
    "reports": _l("Reports"),
    "role": _l("Role"),
    "roles": _l("Roles"),
    "sound": _l("Sound"),
    "text": _l("In Chinese"),
    "text_en": _l("In English"),
    "until_on": _l("Last day away"),
    "valid_from_on": _l("Holds from"),
    "version": _l("Version"),
    "weights": _l("Counts in the score"),
    "zone": _l("Time zone"),
    **words.MILESTONES,
}
"""What the fields of old and new are called; others, such as those of a draft, are shown as they are kept."""

_MEMBERS: Mapping[str, StrEnum] = {
    **{member.value: member for kind in words.LABELS for member in kind},
    **{member.value: member for member in (*Stage, *Role, *Language)},
}
_ENUMERATED = frozenset(
    {"role", "roles", "language", "kind", "tier", "state", "means", "origin", "channel", "demands", "result"}
)
_PERSONS = frozenset({"user_id", "owner_id", "on_behalf_of"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry in words; ``old`` or ``new`` None where there is none."""

    label: str
    old: str | None
    new: str | None


def tag(name: str) -> str:
    """Return what a tag is called; one of an earlier edition of the program is shown as written."""
    return str(TAGS.get(name, name))


def changes(old: Mapping[str, Any], new: Mapping[str, Any], people: Mapping[int, str]) -> Iterator[Change]:
    """Yield the fields of an entry, those of the new values first."""
    for name in dict.fromkeys([*new, *old]):
        yield Change(
            label=str(FIELDS.get(name, name)),
            old=_shown(name, old[name], people) if name in old else None,
            new=_shown(name, new[name], people) if name in new else None,
        )


def _shown(name: str, value: Any, people: Mapping[int, str]) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return str(_l("Yes") if value else _l("No"))
    if name in _PERSONS and isinstance(value, int):
        return people.get(value, str(value))
    if isinstance(value, str):
        return _text(name, value)
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return record_words.formats_joined([_shown(name, one, people) for one in value])
    if isinstance(value, dict) and all(isinstance(one, str | int) for one in value.values()):
        told = [f"{_key(key)} {_shown(key, one, people)}" for key, one in value.items()]
        return record_words.formats_joined(told)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _key(key: str) -> str:
    return str(FIELDS[key]) if key in FIELDS else _text("tier", key)


def _text(name: str, value: str) -> str:
    if name in _ENUMERATED and value in _MEMBERS:
        return str(words.word(_MEMBERS[value]))
    if name.endswith("_at") or name in words.MILESTONES:
        try:
            return formats.instant(datetime.fromisoformat(value))
        except ValueError:
            return value
    return value
