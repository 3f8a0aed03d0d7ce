"""What the record's entries say: tags, fields and values in words; unknown ones are shown as they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import (
    Channel,
    ComplaintKind,
    Demand,
    DisciplineCode,
    DisciplineState,
    Role,
    Stage,
    Tier,
)
from eightd.domain.correspondence import ReplyKind
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.tasks import TaskState
from eightd.domain.workflow.snapshot import Origin, VerdictResult
from eightd.queries.timeline import EntryView
from eightd.web import around_words, formats, words
from eightd.web.discipline_forms.registry import FORMS

TAGS: Mapping[str, tuple[Any, str, str]] = {
    **around_words.TAGS,
    EventTag.COMPLAINT_REGISTERED: (_l("Complaint registered"), "inbox", "blue"),
    EventTag.HEADER_EDITED: (_l("Header corrected"), "pencil", "grey"),
    EventTag.EVIDENCE_ADDED: (_l("Evidence added"), "paperclip", "grey"),
    EventTag.EVIDENCE_CHANGED: (_l("What is said of evidence changed"), "pencil", "grey"),
    EventTag.TASK_CHANGED: (_l("Action given another owner or date"), "pencil", "grey"),
    EventTag.TASK_FINISHED: (_l("Action reported as done"), "check", "blue"),
    EventTag.TASK_VERIFIED: (_l("Action verified"), "circle-check", "green"),
    EventTag.FINDING_ACCEPTED: (_l("Finding let stand"), "shield-check", "amber"),
    EventTag.SCORED: (_l("Scored"), "list-check", "blue"),
    EventTag.ASSESSMENT_RECORDED: (_l("Customer's assessment recorded"), "list-check", "violet"),
    EventTag.COMMENT_ADDED: (_l("Comment written"), "message-circle", "grey"),
    EventTag.CLASSIFIED: (_l("Counts changed, classified again"), "clipboard-list", "amber"),
    EventTag.TIER_RAISED: (_l("Tier raised"), "alert-triangle", "red"),
    EventTag.TIER_LOWERED: (_l("Tier lowered"), "alert-triangle", "amber"),
    EventTag.ASSIGNED: (_l("Assigned"), "user-check", "blue"),
    EventTag.SHORT_FORM_CHOSEN: (_l("Short form chosen"), "file-text", "grey"),
    EventTag.FULL_FORM_CHOSEN: (_l("Full form chosen"), "copy", "grey"),
    EventTag.CONFIRMED_OURS: (_l("Confirmed as ours"), "user-check", "blue"),
    EventTag.CONFIRMED_NOT_OURS: (_l("Found not ours"), "arrow-back-up", "amber"),
    EventTag.EXPLANATION_WRITTEN: (_l("Explanation written"), "pencil", "grey"),
    EventTag.NOT_OURS_APPROVED: (_l("“Not ours” approved"), "check", "green"),
    EventTag.NOT_OURS_RETURNED: (_l("Explanation returned"), "arrow-back-up", "amber"),
    EventTag.NOT_OURS_REPLIED: (_l("“Not ours” replied"), "send", "blue"),
    EventTag.NEGOTIATION_RECORDED: (_l("Negotiation recorded"), "message-circle", "amber"),
    EventTag.NOT_OURS_ACCEPTED: (_l("Customer accepted “not ours”"), "circle-check", "green"),
    EventTag.SAMPLE_RECEIVED: (_l("Sample received"), "package-import", "blue"),
    EventTag.SAMPLE_WAIVED: (_l("No sample needed"), "package", "grey"),
    EventTag.SAMPLE_REQUIRED: (_l("Sample needed"), "package", "grey"),
    EventTag.CLOCK_STOPPED: (_l("Clock stopped"), "player-pause", "violet"),
    EventTag.CLOCK_RESUMED: (_l("Clock resumed"), "player-play", "violet"),
    EventTag.STOP_EXTENDED: (_l("Agreed end of a stop changed"), "player-pause", "violet"),
    EventTag.STOP_WITHDRAWN: (_l("Stop withdrawn"), "player-play", "amber"),
    EventTag.LATENESS_EXPLAINED: (_l("Lateness explained"), "message-circle", "amber"),
    EventTag.DEADLINE_MOVED: (_l("Deadlines moved"), "hourglass", "amber"),
    EventTag.PROFILE_ADOPTED: (_l("Another deadline profile"), "hourglass", "amber"),
    EventTag.ALARM_RAISED: (_l("Alarm raised"), "bell", "amber"),
    EventTag.INITIAL_REPORT_ISSUED: (_l("Initial report issued"), "file-check", "green"),
    EventTag.PRELIMINARY_REPORT_ISSUED: (_l("Preliminary report issued"), "file-check", "green"),
    EventTag.FINAL_REPORT_ISSUED: (_l("Final report issued"), "file-check", "green"),
    EventTag.INITIAL_REPLY_SENT: (_l("Initial reply sent"), "send", "blue"),
    EventTag.PRELIMINARY_SENT: (_l("Preliminary analysis sent"), "send", "blue"),
    EventTag.FINAL_REPORT_SENT: (_l("Final report sent"), "send", "blue"),
    EventTag.REPLY_DRAFTED: (_l("Reply drafted"), "pencil", "grey"),
    EventTag.REPLY_EDITED: (_l("Reply changed"), "pencil", "grey"),
    EventTag.REPLY_RELEASED: (_l("Reply released"), "send", "blue"),
    EventTag.REPLY_TAKEN_BACK: (_l("Reply taken back"), "arrow-back-up", "amber"),
    EventTag.REPLY_DISCARDED: (_l("Reply discarded"), "ban", "grey"),
    EventTag.REPLY_GIVEN_UP: (_l("Reply could not be sent"), "alert-circle", "red"),
    EventTag.REPLY_SENT_AGAIN: (_l("Reply sent again"), "send", "blue"),
    EventTag.REPLY_BOUNCED: (_l("Reply came back"), "alert-circle", "red"),
    EventTag.REPORT_WITHDRAWN: (_l("Report withdrawn"), "ban", "red"),
    EventTag.DOCUMENT_ISSUED: (_l("Document issued"), "file-text", "blue"),
    EventTag.STATUS_LINK_MADE: (_l("Status link made"), "link", "blue"),
    EventTag.STATUS_LINK_REVOKED: (_l("Status link revoked"), "ban", "grey"),
    EventTag.MAIL_RECEIVED: (_l("Mail received"), "mail", "blue"),
    EventTag.MAIL_FILED: (_l("Mail filed here"), "mail", "blue"),
    EventTag.MAIL_REGISTERED: (_l("Registered from a mail"), "mail", "blue"),
    EventTag.MAIL_TAKEN_BACK: (_l("Mail taken away from here"), "arrow-back-up", "amber"),
    EventTag.VERDICT_ACCEPTED: (_l("Customer accepted"), "circle-check", "green"),
    EventTag.VERDICT_REJECTED: (_l("Customer rejected"), "circle-x", "red"),
    EventTag.COMPLAINT_CLOSED: (_l("Complaint closed"), "circle-check", "green"),
    EventTag.COMPLAINT_REOPENED: (_l("Complaint reopened"), "repeat", "amber"),
    EventTag.COMPLAINT_CANCELLED: (_l("Complaint cancelled"), "ban", "grey"),
    EventTag.DRAFT_SAVED: (_l("Draft saved"), "pencil", "grey"),
    EventTag.DISCIPLINE_SUBMITTED: (_l("Submitted"), "send", "violet"),
    EventTag.DISCIPLINE_ACCEPTED: (_l("Accepted"), "circle-check", "green"),
    EventTag.DISCIPLINE_RETURNED: (_l("Returned"), "arrow-back-up", "amber"),
    EventTag.DISCIPLINE_REOPENED: (_l("Opened again"), "repeat", "amber"),
    EventTag.CATALOGUE_EXTENDED: (_l("Catalogue extended"), "plus", "grey"),
}
"""What happened in words, with symbol and tone; a test compares them with the domain's tags of complaints."""

FIELDS: Mapping[str, Any] = {
    **around_words.FIELDS,
    "state": _l("State"),
    "tier": _l("Tier"),
    "kind": _l("Kind"),
    "channel": _l("Channel"),
    "customer_number": _l("Customer's number"),
    "customer_plant": _l("Customer's plant"),
    "contact": _l("Contact"),
    "end_customer": _l("End customer"),
    "description": _l("Description"),
    "part_customer_number": _l("Customer's part number"),
    "drawing_revision": _l("Drawing revision"),
    "lots": _l("Lots"),
    "date_codes": _l("Date codes"),
    "serials": _l("Serials"),
    "order_number": _l("Order"),
    "delivery_number": _l("Delivery"),
    "quantity_delivered": _l("Quantity delivered"),
    "quantity_inspected": _l("Quantity inspected"),
    "quantity_complained": _l("Quantity complained"),
    "quantity_confirmed_ng": _l("Quantity confirmed NG"),
    "quantity_returned": _l("Quantity returned"),
    "demands": _l("The customer wants"),
    "report_language": _l("Report language"),
    "received_at": _l("Received"),
    "user_id": _l("Person"),
    "owner_id": _l("Owner"),
    "on_behalf_of": _l("On behalf of"),
    "assigned": _l("Assigned"),
    "origin": _l("Suspected origin"),
    "visit_needed": _l("On-site visit"),
    "sample_needed": _l("Sample"),
    "repeat_of": _l("Recurrence of"),
    "quantity": _l("Received quantity"),
    "announced_quantity": _l("Announced quantity"),
    "note": _l("Remark"),
    "from_at": _l("From"),
    "to_at": _l("Until"),
    "agreed_until_at": _l("Agreed until"),
    "late_reason": _l("Reason of the lateness"),
    "reason": _l("Why"),
    "sent_at": _l("Sent on"),
    "means": _l("By"),
    "recipient": _l("To"),
    "revision": _l("Revision"),
    "content_hash": _l("Hash"),
    "language": _l("Language"),
    "result": _l("Verdict"),
    "by": _l("Given by"),
    "on": _l("On"),
    "submission": _l("Submission"),
    "files": _l("Files"),
    "profile": _l("Deadline profile"),
    "sender": _l("Sender"),
    "defects": _l("Defects"),
    "task": _lp("task", "Action"),
    "tasks": _lp("task", "Actions"),
    "due_on": _l("Due"),
    "done_on": _l("Done on"),
    "works": _l("Works"),
    "filename": _l("File"),
    "caption_zh": _l("Caption in Chinese"),
    "caption_en": _l("Caption in English"),
    "marker": _l("Part shown"),
    "discipline": _l("Belongs to"),
    "beside": _l("Stands beside"),
    "order": _l("Place in the order"),
    "internal": _l("Internal"),
    "goes_along": _l("With the report"),
    "original": _l("Marked up from"),
    "marks": _l("Marks"),
}
"""What the values of an entry are called."""

_KINDS: Mapping[str, tuple[type[StrEnum], ...]] = {
    **around_words.KINDS,
    "tier": (Tier,),
    "kind": (ComplaintKind, MessageKind, ReplyKind),
    "channel": (Channel,),
    "means": (Channel,),
    "origin": (Origin,),
    "result": (VerdictResult,),
    "reason": (StopReason,),
    "demands": (Demand,),
}
"""What the values of a field may be; no two kinds of one field share a value."""

_OF_EVIDENCE: Mapping[str, Mapping[str, Any]] = {
    "marker": {"ok": _l("OK part"), "nok": _l("NOK part")},
    "goes_along": {"embed": _l("Embedded"), "pages": _l("As pages"), "not": _l("Not in the report")},
}

_YES, _NO = _l("Yes"), _l("No")
_LANGUAGES = {"zh": _l("Chinese"), "en": _l("English"), "both": _l("Chinese and English")}


@dataclass(frozen=True)
class Change:
    """One value of an entry: its name, before and after; before is empty where there was none."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Told:
    """An entry of the record in words."""

    title: str
    symbol: str
    tone: str
    by: str
    at: datetime
    reason: str
    changes: tuple[Change, ...]
    mail: int | None = None  # the mail that an entry is about


def told(entry: EntryView, zone: str) -> Told:
    """Return the entry as people read it, instants on the plant's clock."""
    label, symbol, tone = TAGS.get(entry.tag, (entry.tag, "circle-dot", "grey"))
    if entry.since is not None:
        label = _saved_often(entry, entry.since, zone)
    subject = _subject(entry)
    return Told(
        title=f"{label} · {subject}" if subject else str(label),
        symbol=symbol,
        tone=tone,
        by=entry.by,
        at=entry.at,
        reason=entry.reason,
        changes=tuple(_changes(entry, zone)),
        mail=(entry.new or entry.old).get("mail"),
    )


def _saved_often(entry: EntryView, since: datetime, zone: str) -> str:
    first, last = formats.instant(since, zone), formats.instant(entry.at, zone)
    return str(
        gettext(
            "Draft saved %(times)d times, %(first)s–%(last)s",
            times=entry.times,
            first=first,
            last=last[-5:] if first[:10] == last[:10] else last,
        )
    )


def _subject(entry: EntryView) -> str:
    subject = entry.subject
    if subject in set(Role):
        return str(words.word(Role(subject)))
    if subject in words.MILESTONES or subject in entry.titles:
        return _milestone(entry, subject)
    match subject.split(" "):
        case ["revision", number]:
            return str(gettext("revision %(number)s", number=number))
        case ["reply", number]:
            return str(gettext("reply %(number)s", number=number))
        case ["link", number]:
            return str(gettext("link %(number)s", number=number))
    return subject


def _changes(entry: EntryView, zone: str) -> Iterator[Change]:
    if entry.tag == EventTag.DRAFT_SAVED:
        names = _answer_fields(entry)
        if names:
            yield Change(gettext("Changed"), "", names)
        return
    if entry.tag in BY_MILESTONE:  # old and new are due instants by milestone, and what moved them
        for name in dict.fromkeys([*entry.new, *entry.old]):
            key, label = (name, str(FIELDS[name])) if name in _MOVERS else ("due_at", _milestone(entry, name))
            old, new = (_value(entry, key, side.get(name), zone) for side in (entry.old, entry.new))
            yield Change(label, old, new)
        return
    for name in dict.fromkeys([*entry.old, *entry.new]):
        if name not in FIELDS:
            continue
        old, new = (_value(entry, name, side.get(name), zone) for side in (entry.old, entry.new))
        if old != new:
            yield Change(str(FIELDS[name]), old, new)


_MOST_TOLD = 40
"""Items of a list shown on the page; the record holds all of them."""

BY_MILESTONE = frozenset({EventTag.DEADLINE_MOVED, EventTag.PROFILE_ADOPTED})
"""Entries whose values are due instants by milestone, beside what moved them."""

_MOVERS = frozenset({"profile", "tier", "state", "on_behalf_of"})


def _milestone(entry: EntryView, name: str) -> str:
    chinese, english = entry.titles.get(name, ("", ""))
    return str(words.milestone(name, chinese if formats.language() == "zh" else english))


def _answer_fields(entry: EntryView) -> str:
    """Name the fields of an answer that a draft changed."""
    if entry.subject not in set(DisciplineCode):
        return ""
    form = FORMS[DisciplineCode(entry.subject)]
    labels = []
    for name in dict.fromkeys(place.partition("/")[0] for place in [*entry.new, *entry.old]):
        unbound = getattr(form, name, None)
        label = unbound.args[1] if unbound is not None and len(unbound.args) > 1 else None
        label = label or (
            unbound.args[0] if unbound is not None and not isinstance(unbound.args[0], type) else None
        )
        if isinstance(label, str) or hasattr(label, "translate"):
            labels.append(str(label))
    return formats_joined(labels)


def formats_joined(parts: list[str]) -> str:
    """Join words as the language lists them."""
    return ("、" if formats.language() == "zh" else ", ").join(parts)


def _value(entry: EntryView, name: str, value: Any, zone: str) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return str(_YES if value else _NO)
    if name in {"user_id", "owner_id", "on_behalf_of"}:
        return entry.people.get(value, str(value))
    if name == "assigned" and isinstance(value, dict):
        return formats_joined(
            [f"{words.word(Role(role))}: {entry.people.get(one, one)}" for role, one in value.items()]
        )
    if name.endswith("_at"):
        return formats.instant(datetime.fromisoformat(value), zone)
    if name == "state":
        return _state(entry, value)
    if name in {"language", "report_language"}:
        return str(_LANGUAGES.get(value, value))
    if isinstance(value, list):
        told = [_item(name, one) for one in value[:_MOST_TOLD]]
        return formats_joined([*told, f"… (+{len(value) - _MOST_TOLD})"] if len(value) > _MOST_TOLD else told)
    if name == "content_hash":
        return f"{value[:12]}…"
    return _item(name, value)


def _state(entry: EntryView, value: str) -> str:
    kind: type[StrEnum] = DisciplineState if entry.tag.startswith("discipline.") else Stage
    return str(words.word(kind(value)))


def _item(name: str, value: Any) -> str:
    if isinstance(value, dict):
        if name in around_words.ROWS:
            return around_words.ROWS[name](value)
        if name == "defects":
            return f"{value['phenomenon']} {formats.number(value['quantity'])}"
        if name == "tasks":
            state = words.word(TaskState(value["state"]))
            return " · ".join(filter(None, [value["what"], value["owner"], value["due_on"], str(state)]))
        return str(value.get("filename", ""))
    if isinstance(value, int):
        return formats.number(value)
    if name in _OF_EVIDENCE:
        return str(_OF_EVIDENCE[name].get(value, value))
    kind = next((one for one in _KINDS.get(name, ()) if value in set(one)), None)
    return str(value) if kind is None else str(words.word(kind(value)))
