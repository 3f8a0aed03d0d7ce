"""Writes due dates as a calendar that other programs subscribe to (iCalendar, RFC 5545 and 7986)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from eightd.domain.words import Language, Phrase

NAME = Phrase("feed.name", "8D due dates of {name}", "{name} 的 8D 期限")
PROVISIONAL = Phrase("feed.provisional", "provisional", "暂定")

REFRESHED_EVERY = timedelta(hours=1)
_LENGTH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Due:
    """One due date. ``uid`` stays while it moves; ``sequence`` and ``changed_at`` rise when it does."""

    uid: str
    sequence: int
    changed_at: datetime
    due_at: datetime
    summary: str
    description: str
    url: str


def written(name: str, language: Language, events: Sequence[Due]) -> bytes:
    """Return the calendar; the same events always give the same bytes.

    An event begins at the due instant, in UTC, and lasts a quarter of an hour in which nobody counts as busy.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//EightD//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    title = NAME.say(name=name).text(language)
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in events:
        event = Event()
        event.add("uid", one.uid)
        event.add("sequence", one.sequence)
        event.add("dtstamp", one.changed_at)
        event.add("last-modified", one.changed_at)
        event.add("dtstart", one.due_at)
        event.add("dtend", one.due_at + _LENGTH)
        event.add("summary", one.summary)
        event.add("description", one.description)
        event.add("url", one.url)
        event.add("transp", "TRANSPARENT")
        event.add("class", "CONFIDENTIAL")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
