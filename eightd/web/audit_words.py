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

from eightd.domain.clock.profile import Unit
from eightd.domain.complaint import (
    Channel,
    ComplaintKind,
    DefectKind,
    Demand,
    DisciplineState,
    Role,
    Stage,
    Tier,
)
from eightd.domain.events import EventTag
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin, ReportForm, VerdictResult
from eightd.queries.audit import AuditEntryView
from eightd.queries.timeline import EntryView
from eightd.web import formats, record_words, words

TAGS: Mapping[str, Any] = {
    **{tag: told[0] for tag, told in record_words.TAGS.items()},
    EventTag.DISCIPLINE_SUBMITTED: _l("Discipline submitted"),
    EventTag.DISCIPLINE_ACCEPTED: _l("Discipline accepted"),
    EventTag.DISCIPLINE_RETURNED: _l("Discipline returned"),
    EventTag.DISCIPLINE_REOPENED: _l("Discipline opened again"),
    EventTag.ADMINISTRATION_CHANGED: _l("Administration changed"),
    EventTag.LOG_EXPORTED: _l("Log exported"),
    EventTag.DEADLINES_EXPORTED: _l("Deadline register exported"),
    EventTag.RETURNS_EXPORTED: _l("Return log exported"),
    EventTag.AUDIT_VERIFIED: _l("Record verified"),
    EventTag.MAIL_DISMISSED: _l("Mail dismissed"),
    "mailbox.created": _l("Mailbox made"),
    "mailbox.changed": _l("Mailbox changed"),
    "account.signed_in": _l("Signed in"),
    "account.password_changed": _l("Own password changed"),
    "account.sessions_ended": _l("Own sessions ended"),
    "account.language_set": _l("Own language changed"),
    "account.contact_changed": _l("Own contact changed"),
    "account.absence_planned": _l("Days away planned"),
    "account.absence_cancelled": _l("Days away taken back"),
    "account.messages_chosen": _l("Own choice of messages changed"),
    "account.feed_renewed": _l("Address of the own calendar feed made or renewed"),
    "account.feed_removed": _l("Own calendar feed removed"),
    "user.created": _l("Account made"),
    "user.changed": _l("Account changed"),
    "user.password_reset": _l("Password set by an administrator"),
    "reply_template.created": _l("Reply template made"),
    "reply_template.changed": _l("Reply template changed"),
    "wording_rule.created": _l("Phrase of the wording guard made"),
    "wording_rule.changed": _l("Phrase of the wording guard changed"),
    "plant.created": _l("Plant made"),
    "plant.changed": _l("Plant changed"),
    "customer.created": _l("Customer made"),
    "customer.changed": _l("Customer changed"),
    "customer.taken_in": _l("Customer taken in with a loaded file"),
    "import.carried_out": _l("File brought in"),
    "part.created": _l("Part made"),
    "part.changed": _l("Part changed"),
    "reviewer.changed": _l("Levels of the reviewer's rules changed"),
    "phenomenon.created": _l("Phenomenon made"),
    "phenomenon.changed": _l("Phenomenon changed"),
    "failure_category.created": _l("Failure category made"),
    "failure_category.changed": _l("Failure category changed"),
    "failure_category.shipped_added": _l("Shipped failure categories added"),
    "phrase.created": _l("Phrase made"),
    "phrase.changed": _l("Phrase changed"),
    "phrase.shipped_added": _l("Phrases that come along added"),
    "assignment_rule.created": _l("Assignment rule added"),
    "assignment_rule.removed": _l("Assignment rule removed"),
    "criteria.version_made": _l("New version of criteria"),
    "profile.version_made": _l("New version of a deadline profile"),
    "calendar.version_made": _l("New version of a calendar"),
    "calendar.table_taken_over": _l("Official table taken over"),
    "relay.created": _l("Relay made"),
    "relay.changed": _l("Relay changed"),
    "relay.tried": _l("Relay tried with a test message"),
    "delivery.sent_again": _l("Message sent again"),
    "delivery.cancelled": _l("Message cancelled"),
}
"""Every tag that a verb writes; a test compares them with the verbs."""

FIELDS: Mapping[str, Any] = {
    **record_words.FIELDS,
    "flags": _l("Circumstances"),
    "penalty_triggered": _l("Penalty clause triggered"),
    "ppm_exceeded": _l("Monthly PPM limit exceeded"),
    "safety": _l("Safety"),
    "line_stop": _l("Customer line stop"),
    "active": _l("Active"),
    "cap_per_hour": _l("At most to one recipient in an hour"),
    "ca_file": _l("File of the plant's own certificate authority"),
    "chat_names": _l("Names in chats"),
    "digest_time": _l("Digest each morning at"),
    "fault": _l("Fault"),
    "from_address": _l("Sender's address"),
    "from_name": _l("Sender's name"),
    "folder": _l("Folder"),
    "host": _l("Mail server"),
    "mail": _l("Mail"),
    "since": _l("Mails since"),
    "sha256": _l("Hash"),
    "brought_in": _l("What was brought in"),
    "records_made": _l("New records"),
    "records_changed": _l("Records changed"),
    "part_numbers": _l("Part numbers"),
    "lead_id": _l("Reports to"),
    "message_choices": _l("Messages chosen otherwise than usual"),
    "plant_id": _l("Plant"),
    "port": _l("Port"),
    "proxy": _l("Proxy"),
    "quiet_from": _l("Quiet from"),
    "quiet_until": _l("Quiet until"),
    "relay": _l("Relay"),
    "secret_replaced": _l("Secret replaced"),
    "secret_set": _l("Has a secret"),
    "security": _l("Encryption"),
    "timeout": _l("Seconds to wait for an answer"),
    "url": _l("Address of the robot"),
    "username": _l("User name"),
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
    "final_years": _l("Complete years"),
    "flaw": _l("Flaw"),
    "from_on": _l("First day away"),
    "functional_general": _l("Functional: general from"),
    "functional_major": _l("Functional: major from"),
    "low_rate_can_lower_major": _l("A low rate takes a major case down to general"),
    "low_rate_percent": _l("Low rate in %"),
    "milestones": _l("Milestones"),
    "name": _lp("thing", "Name"),
    "official": _l("Official table"),
    "name_en": _l("Name in English"),
    "number": _l("Number"),
    "number_prefix": _l("Prefix of complaint numbers"),
    "part": _l("Part"),
    "person": _l("Person"),
    "phone": _l("Phone"),
    "plants": _l("Plants"),
    "product_line": _l("Product line"),
    "profile": _l("Deadline profile"),
    "tier_profiles": _l("Deadline profiles by tier"),
    "emails": _l("E-mail addresses for replies"),
    "accepts_stops": _l("Accepts stopped clocks"),
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
    "weight": _l("Counts in the score"),
    "zone": _l("Time zone"),
    **words.MILESTONES,
}
"""What the fields of old and new are called; others, such as those of a draft, are shown as they are kept."""

_KINDS: Mapping[str, type[StrEnum]] = {
    "role": Role,
    "roles": Role,
    "language": Language,
    "tier": Tier,
    "channel": Channel,
    "means": Channel,
    "origin": Origin,
    "demands": Demand,
    "result": VerdictResult,
    "form": ReportForm,
}
"""Fields whose values have words; kind and state depend on what the entry is about."""

_PERSONS = frozenset({"lead_id", "user_id", "owner_id", "on_behalf_of"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry in words; ``old`` or ``new`` None where there is none."""

    label: str
    old: str | None
    new: str | None


def tag(name: str) -> str:
    """Return what a tag is called; one of an earlier edition of the program is shown as written."""
    return str(TAGS.get(name, name))


def offered(*, administration: bool) -> list[tuple[str, str]]:
    """Return the tags to choose from, by their words: those of complaints, and of administration if wanted."""
    known = TAGS if administration else record_words.TAGS
    return sorted(((str(one), tag(one)) for one in known), key=lambda pair: pair[1])


def changes(entry: AuditEntryView) -> Iterator[Change]:
    """Yield the fields of an entry, those of the new values first; of a draft only which fields changed."""
    if entry.tag == EventTag.DRAFT_SAVED:
        told = record_words.told(
            EntryView(entry.sequence, entry.at, entry.by, entry.tag, entry.subject, "", {}, entry.new), "UTC"
        )
        yield from (Change(one.label, None, one.new) for one in told.changes)
        return
    for name in dict.fromkeys([*entry.new, *entry.old]):
        yield Change(
            label=str(FIELDS.get(name, name)),
            old=_shown(entry, name, entry.old[name]) if name in entry.old else None,
            new=_shown(entry, name, entry.new[name]) if name in entry.new else None,
        )


def _shown(entry: AuditEntryView, name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return str(_l("Yes") if value else _l("No"))
    if name in _PERSONS and isinstance(value, int):
        return entry.people.get(value, str(value))
    if isinstance(value, str):
        return _text(entry, name, value)
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return record_words.formats_joined([_shown(entry, name, one) for one in value])
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return record_words.formats_joined([_item(one) for one in value])
    if isinstance(value, dict) and all(isinstance(one, str | int) for one in value.values()):
        told = [f"{_key(entry, name, key)} {_shown(entry, key, one)}" for key, one in value.items()]
        return record_words.formats_joined(told)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _item(value: Mapping[str, Any]) -> str:
    """Return a row of a list, such as a defect line, a file or a milestone, by what tells it from the others."""
    if "phenomenon" in value:
        return f"{value['phenomenon']} {formats.number(value.get('quantity'))}"
    if "amount" in value and "unit" in value:
        return f"{value['name']} {value['amount']} {words.word(Unit(value['unit']))}"
    named = value.get("filename") or value.get("name")
    return str(named) if named else json.dumps(value, ensure_ascii=False)


def _key(entry: AuditEntryView, name: str, key: str) -> str:
    """Return what a key inside a value is called: a role, a tier, a field, or as it is kept."""
    if key in FIELDS:
        return str(FIELDS[key])
    return _text(entry, {"assigned": "role", "weights": "tier"}.get(name, ""), key)


def _text(entry: AuditEntryView, name: str, value: str) -> str:
    kind = _kind(entry, name)
    if kind is not None and value in set(kind):
        return str(words.word(kind(value)))
    if name.endswith("_at") or name in words.MILESTONES or entry.tag in record_words.BY_MILESTONE:
        try:
            return formats.instant(datetime.fromisoformat(value))
        except ValueError:
            return value
    return value


def _kind(entry: AuditEntryView, name: str) -> type[StrEnum] | None:
    if name == "kind":
        return DefectKind if entry.tag.startswith("phenomenon.") else ComplaintKind
    if name == "state":
        return DisciplineState if entry.tag.startswith("discipline.") else Stage
    return _KINDS.get(name)
