"""Deadlines in the open: one plain document in, one out, as other programs exchange them (procedure 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Any, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.due import Deadline, compute
from eightd.domain.clock.examples import SHIPPED
from eightd.domain.clock.instants import as_utc
from eightd.domain.clock.ledger import LedgerEntry
from eightd.domain.clock.profile import STANDARD, Profile, StartEvent
from eightd.domain.clock.stops import ClockStop, StopReason
from eightd.domain.clock.ticks import CLOSE_OF_BUSINESS
from eightd.domain.documents import (
    read_instant,
    read_list,
    read_object,
    read_text,
    read_time_of_day,
    read_yes_no,
)
from eightd.domain.errors import ImplausibleError, MalformedError, UnknownNameError
from eightd.domain.words import Language, Phrase

_Made = TypeVar("_Made")

ProfileLookup: TypeAlias = Callable[[str], Profile]
CalendarLookup: TypeAlias = Callable[[str], WorkingCalendar]

_EVENT_KEYS = {f"{event}_at": event for event in StartEvent}
_AT_PLACE = Phrase("due.at_place", "{where}: {problem}", "{where}：{problem}")
_NO_ZONE = Phrase("due.zone", "zone: there is no time zone {zone}", "zone：没有时区 {zone}")
_NO_PROFILE = Phrase(
    "due.profile", "profile: there is no deadline profile {profile}", "profile：没有期限方案 {profile}"
)


@dataclass(frozen=True, slots=True)
class DueRequest:
    """All that ``compute`` needs, read from one document."""

    profile: Profile
    starts: Mapping[StartEvent, datetime | None]
    stops: tuple[ClockStop, ...]
    calendar: WorkingCalendar
    close_of_business: time
    zone: tzinfo
    sample_needed: bool | None
    now: datetime

    def compute(self) -> tuple[Deadline, ...]:
        """Return the deadlines asked for."""
        return compute(
            self.profile,
            self.starts,
            self.stops,
            calendar=self.calendar,
            close_of_business=self.close_of_business,
            zone=self.zone,
            sample_needed=self.sample_needed,
            now=self.now,
        )


def shipped_profile(name: str) -> Profile:
    """Return the shipped profile for ``standard`` or ``standard@1``; an UnknownNameError for one not shipped."""
    for profile in SHIPPED:
        if name in (profile.name, profile.ref):
            return profile
    raise UnknownNameError(_NO_PROFILE.say(profile=name))


def due_request(
    document: object,
    *,
    calendars: CalendarLookup,
    now: datetime,
    profiles: ProfileLookup = shipped_profile,
    default_calendar: str = "CN",
    default_zone: str = "Asia/Shanghai",
    default_close_of_business: time = CLOSE_OF_BUSINESS,
) -> DueRequest:
    """Read ``{"received_at": …, "sample_received_at": …, "stops": […], "profile": …, "calendar": …, "zone": …}``.

    Every instant needs its offset. Only ``received_at`` must be there; any other start event may follow as
    ``<event>_at``, with ``sample_needed``, ``close_of_business`` and, for stops that are still running,
    ``now``. A stop without ``to`` is still running; a reason that is none of the known codes is kept as the
    note of an "other" one. Raises MalformedError or ImplausibleError naming the place, UnknownNameError for an
    unknown profile, calendar or zone.
    """
    root = read_object(
        document,
        "",
        required=("received_at",),
        optional=(
            *_EVENT_KEYS,
            "sample_needed",
            "stops",
            "profile",
            "calendar",
            "zone",
            "close_of_business",
            "now",
        ),
    )
    starts = {
        event: _instant(root[key], key)
        for key, event in _EVENT_KEYS.items()
        if root.get(key) is not None or key == "received_at"
    }
    stops = read_list(root.get("stops", []), "stops")
    needed = root.get("sample_needed")
    close = root.get("close_of_business")
    return DueRequest(
        profile=profiles(read_text(root.get("profile", STANDARD.name), "profile")),
        starts=starts,
        stops=tuple(_stop(stop, f"stops[{index}]") for index, stop in enumerate(stops)),
        calendar=calendars(read_text(root.get("calendar", default_calendar), "calendar")),
        close_of_business=(
            default_close_of_business if close is None else read_time_of_day(close, "close_of_business")
        ),
        zone=zone_named(read_text(root.get("zone", default_zone), "zone")),
        sample_needed=None if needed is None else read_yes_no(needed, "sample_needed"),
        now=as_utc(now) if root.get("now") is None else _instant(root["now"], "now"),
    )


def due_document(deadlines: Iterable[Deadline], zone: tzinfo, language: Language | str) -> dict[str, Any]:
    """Return the deadlines as plain values: instants with the zone's offset, sentences in the language."""
    return {"milestones": [_milestone(deadline, zone, language) for deadline in deadlines]}


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of the IANA database; UnknownNameError where there is none."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # missing, malformed, and a folder such as "Asia"
        raise UnknownNameError(_NO_ZONE.say(zone=repr(name))) from None


def _instant(value: object, where: str) -> datetime:
    return _placed(where, lambda: as_utc(read_instant(value, where)))


def _stop(document: object, where: str) -> ClockStop:
    fields = read_object(document, where, required=("from",), optional=("to", "reason", "note"))
    to_at = fields.get("to")
    reason, note = _reason(fields, where)
    from_at = read_instant(fields["from"], f"{where}.from")
    until = None if to_at is None else read_instant(to_at, f"{where}.to")
    return _placed(where, lambda: ClockStop(from_at, until, reason, note))


def _reason(fields: Mapping[str, object], where: str) -> tuple[StopReason, str]:
    note = read_text(fields["note"], f"{where}.note") if fields.get("note") else ""
    if fields.get("reason") is None:
        return StopReason.OTHER, note
    given = read_text(fields["reason"], f"{where}.reason")
    if given in list(StopReason):
        return StopReason(given), note
    return StopReason.OTHER, note or given


def _placed(where: str, make: Callable[[], _Made]) -> _Made:
    """Say where in the document an implausible value stood."""
    try:
        return make()
    except ImplausibleError as error:
        raise MalformedError(_AT_PLACE.say(where=where, problem=error.message)) from None


def _milestone(deadline: Deadline, zone: tzinfo, language: Language | str) -> dict[str, Any]:
    waiting_for = deadline.waiting_for
    return {
        "name": deadline.milestone.name,
        "title": deadline.milestone.title.text(language),
        "started_at": _iso(deadline.started_at, zone),
        "contractual_due_at": _iso(deadline.contractual_due_at, zone),
        "due_at": _iso(deadline.due_at, zone),
        "provisional": deadline.provisional,
        "paused": deadline.paused,
        "waiting_for": None if waiting_for is None else waiting_for.text(language),
        "waiting_since": _iso(deadline.waiting_since, zone),
        "calendar": deadline.calendar_ref,
        "ledger": [_ledger_entry(entry, zone, language) for entry in deadline.ledger],
    }


def _ledger_entry(entry: LedgerEntry, zone: tzinfo, language: Language | str) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "on": entry.on.isoformat(),
        "at": _iso(entry.at, zone),
        "until": _iso(entry.until, zone),
        "count": entry.count,
        "text": entry.reason.text(language),
    }


def _iso(instant: datetime | None, zone: tzinfo) -> str | None:
    return None if instant is None else instant.astimezone(zone).isoformat()
