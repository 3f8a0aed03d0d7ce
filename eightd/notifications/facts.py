"""What a message says, frozen when it was caused: enough to act on, in either language, at any later time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """The few facts of one message; empty where a kind of message does not need them.

    ``path`` is the one link, beginning with a slash. ``zone`` is the plant's, in which instants are shown.
    Texts that exist in both languages come in pairs. ``items`` are the messages that a digest bundles or the
    lines of a morning's list, each with its own facts and the ``kind`` of its message. ``counts`` says how many
    there are of each kind where ``items`` holds only the first of them.
    """

    path: str
    zone: str = "Asia/Shanghai"
    number: str = ""
    customer_zh: str = ""
    customer_en: str = ""
    part: str = ""
    phenomenon_zh: str = ""
    phenomenon_en: str = ""
    tier: str = ""
    role: str = ""
    discipline: str = ""
    task: str = ""  # what an action is, in the words of its discipline; or whose 8D it is about
    milestone: str = ""
    milestone_zh: str = ""
    milestone_en: str = ""
    due_at: datetime | None = None
    contractual_due_at: datetime | None = None
    alarm_at: datetime | None = None
    old_due_at: datetime | None = None
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    for_absent: str = ""
    outcome: str = ""
    amount: str = ""  # what is claimed, with its currency
    kind: str = ""
    items: tuple[Facts, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()

    def as_document(self) -> dict[str, Any]:
        """Return the facts as JSON holds them; what is empty is left out."""
        document: dict[str, Any] = {}
        for name, value in asdict(self).items():
            if name in ("items", "counts"):
                continue
            if isinstance(value, datetime):
                document[name] = value.isoformat()
            elif value not in ("", None):
                document[name] = value
        if self.items:
            document["items"] = [item.as_document() for item in self.items]
        if self.counts:
            document["counts"] = [list(one) for one in self.counts]
        return document


def from_document(document: Mapping[str, Any]) -> Facts:
    """Read what ``Facts.as_document`` wrote; keys of a later program are passed over."""
    values: dict[str, Any] = {}
    for field in fields(Facts):
        if field.name not in document:
            continue
        value = document[field.name]
        if field.name.endswith("_at") or field.name == "at":
            value = datetime.fromisoformat(value)
        elif field.name == "items":
            value = tuple(from_document(item) for item in value)
        elif field.name == "counts":
            value = tuple((kind, count) for kind, count in value)
        values[field.name] = value
    return Facts(**values)
