"""A due date that explains itself: every tick, skipped day and stop on the way (procedure 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.instants import shown, wall_clock_instant
from eightd.domain.clock.profile import MilestoneSpec, Unit, unit_words
from eightd.domain.clock.starts import Start
from eightd.domain.clock.stops import ClockStop, Interval, run_on, stopped_intervals
from eightd.domain.clock.ticks import EVERY_DAY, last_day_followed, out_of_reach
from eightd.domain.words import Argument, Message, Phrase


class LedgerKind(StrEnum):
    """What one entry of the ledger tells."""

    START = "start"
    TICK = "tick"  # a close of business that counts
    SKIPPED_DAY = "skipped_day"  # a day off
    SKIPPED_TICK = "skipped_tick"  # a close of business inside a stop
    STOP = "stop"
    CONTRACTUAL_DUE = "contractual_due"  # only where stops moved the agreed date away from it
    PROVISIONAL = "provisional"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One step: the plant-local day, the instant in UTC where it has one, the count reached by a tick."""

    kind: LedgerKind
    on: date
    at: datetime | None
    reason: Message
    count: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """Both dates of a running milestone in UTC with the ledger that leads to them."""

    contractual_due_at: datetime
    due_at: datetime
    provisional: bool
    ledger: tuple[LedgerEntry, ...]


_START_HOURS = Phrase(
    "ledger.start_hours", "{event} on {at}: {amount} {unit}.", "{event}，{at}：{amount} {unit}。"
)
_START_DAYS = Phrase(
    "ledger.start_days",
    "{event} on {at}: {amount} {unit}, counted at close of business ({close}) from the next day on.",
    "{event}，{at}：{amount} {unit}，自次日起于每日下班时（{close}）计数。",
)
_START_WORKING = Phrase(
    "ledger.start_working",
    "{event} on {at}: {amount} {unit} by calendar {calendar}, counted at close of business ({close}) from the "
    "next day on.",
    "{event}，{at}：{amount} {unit}，按日历 {calendar}，自次日起于每日下班时（{close}）计数。",
)
_TICK = Phrase("ledger.tick", "{count} of {amount}: {day}.", "第 {count}/{amount} 天：{day}。")
_CALENDAR_DAY = Phrase("ledger.calendar_day", "calendar day", "日历日")
_SKIPPED_DAY = Phrase("ledger.skipped_day", "Not counted, {day}.", "不计：{day}。")
_SKIPPED_TICK = Phrase(
    "ledger.skipped_tick", "Not counted, the clock was stopped ({why}).", "不计：停表中（{why}）。"
)
_STOP = Phrase(
    "ledger.stop", "Clock stopped from {since} to {until}: {why}.", "停表 {since} 至 {until}：{why}。"
)
_STOP_RUNNING = Phrase(
    "ledger.stop_running",
    "Clock stopped since {since}, still stopped: {why}.",
    "自 {since} 起停表，尚未恢复：{why}。",
)
_CONTRACTUAL = Phrase(
    "ledger.contractual_due", "Contractual date, without stops: {at}.", "合同期限（不计停表）：{at}。"
)
_PROVISIONAL = Phrase(
    "ledger.provisional",
    "Provisional: the official calendar of {years} is not known yet.",
    "暂定：{years} 年的官方日历尚未公布。",
)
_DUE = Phrase("ledger.due", "Due on {at}.", "期限：{at}。")


def explain(
    spec: MilestoneSpec,
    start: Start,
    stops: Sequence[ClockStop],
    *,
    calendar: WorkingCalendar,
    close_of_business: time,
    zone: tzinfo,
    now: datetime,
) -> Explained:
    """Walk from the start to the due instant and write down every step.

    Stops that a milestone does not accept, or that end before it starts or begin after it is due, are left
    out. Raises OutOfReachError where the calendar works too seldom.
    """
    own_stops = tuple(stops) if spec.stoppable else ()
    intervals = stopped_intervals(own_stops, now)
    if spec.unit is Unit.CLOCK_HOURS:
        contractual = start.at + timedelta(hours=spec.amount)
        due_at = run_on(start.at, timedelta(hours=spec.amount), intervals)
        steps: list[LedgerEntry] = []
        unknown_years: list[int] = []
    else:
        days = calendar if spec.unit is Unit.WORKING_DAYS else EVERY_DAY
        walk = _Walk(spec, days, close_of_business, zone)
        steps = list(walk.steps(start.at, own_stops, intervals, now))
        contractual, due_at, unknown_years = walk.contractual_due_at, walk.due_at, walk.unknown_years
    steps.extend(_stop_entries(own_stops, start.at, due_at, zone, now))
    if contractual != due_at:
        words = _CONTRACTUAL.say(at=shown(contractual, zone))
        steps.append(_entry(LedgerKind.CONTRACTUAL_DUE, contractual, zone, words))
    steps.sort(key=lambda step: (step.on, step.at is not None, step.at or start.at, _ORDER[step.kind]))
    ending = []
    if unknown_years:
        words = _PROVISIONAL.say(years=", ".join(map(str, unknown_years)))
        ending.append(_entry(LedgerKind.PROVISIONAL, due_at, zone, words))
    ending.append(_entry(LedgerKind.DUE, due_at, zone, _DUE.say(at=shown(due_at, zone))))
    first = _entry(
        LedgerKind.START, start.at, zone, _start_words(spec, start, calendar, close_of_business, zone)
    )
    return Explained(contractual, due_at, bool(unknown_years), (first, *steps, *ending))


_ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            LedgerKind.STOP,
            LedgerKind.SKIPPED_DAY,
            LedgerKind.SKIPPED_TICK,
            LedgerKind.TICK,
            LedgerKind.CONTRACTUAL_DUE,
        )
    )
}


class _Walk:
    """One walk over the days after the start; afterwards it knows both dates and the years not yet official."""

    contractual_due_at: datetime
    due_at: datetime

    def __init__(
        self, spec: MilestoneSpec, calendar: WorkingCalendar, close_of_business: time, zone: tzinfo
    ) -> None:
        self._spec = spec
        self._calendar = calendar
        self._close_of_business = close_of_business
        self._zone = zone
        self.unknown_years: list[int] = []

    def steps(
        self, started_at: datetime, stops: Sequence[ClockStop], intervals: Sequence[Interval], now: datetime
    ) -> Iterator[LedgerEntry]:
        """Yield one entry per day until the agreed date is reached."""
        amount = self._spec.amount
        passed = counted = 0
        start = started_at.astimezone(self._zone).toordinal()
        for ordinal in range(start + 1, last_day_followed(start, intervals, self._zone) + 1):
            on = date.fromordinal(ordinal)
            kind = self._calendar.day(on)
            if kind.awaited_year is not None and kind.awaited_year not in self.unknown_years:
                self.unknown_years.append(kind.awaited_year)
            if not kind.working:
                yield LedgerEntry(LedgerKind.SKIPPED_DAY, on, None, _SKIPPED_DAY.say(day=kind.reason))
                continue
            tick = wall_clock_instant(on, self._close_of_business, self._zone)
            passed += 1
            if passed == amount:
                self.contractual_due_at = tick
            stop = _stop_covering(tick, stops, now)
            if stop is not None:
                words = _SKIPPED_TICK.say(why=stop.reason_words)
                yield LedgerEntry(LedgerKind.SKIPPED_TICK, on, tick, words)
                continue
            counted += 1
            day = _CALENDAR_DAY.say() if self._spec.unit is Unit.CALENDAR_DAYS else kind.reason
            yield LedgerEntry(
                LedgerKind.TICK, on, tick, _TICK.say(count=counted, amount=amount, day=day), counted
            )
            if counted == amount:
                self.due_at = tick
                return
        raise out_of_reach(self._calendar)


def _stop_covering(tick: datetime, stops: Sequence[ClockStop], now: datetime) -> ClockStop | None:
    """Return the first stop that the tick falls inside: its beginning included, its end not."""
    for stop in stops:
        if stop.from_at <= tick < (stop.to_at or now):
            return stop
    return None


def _stop_entries(
    stops: Sequence[ClockStop], started_at: datetime, due_at: datetime, zone: tzinfo, now: datetime
) -> Iterator[LedgerEntry]:
    for stop in stops:
        if stop.from_at > due_at or (stop.to_at or now) <= started_at:
            continue
        since = shown(stop.from_at, zone)
        if stop.to_at is None:
            words = _STOP_RUNNING.say(since=since, why=stop.reason_words)
        else:
            words = _STOP.say(since=since, until=shown(stop.to_at, zone), why=stop.reason_words)
        on = stop.from_at.astimezone(zone).date()
        yield LedgerEntry(LedgerKind.STOP, on, stop.from_at, words, until=stop.to_at)


def _start_words(
    spec: MilestoneSpec, start: Start, calendar: WorkingCalendar, close_of_business: time, zone: tzinfo
) -> Message:
    arguments: dict[str, Argument | Message] = {
        "event": start.event,
        "at": shown(start.at, zone),
        "amount": spec.amount,
        "unit": unit_words(spec.unit, spec.amount),
    }
    if spec.unit is Unit.CLOCK_HOURS:
        return _START_HOURS.say(**arguments)
    arguments["close"] = close_of_business.strftime("%H:%M")
    if spec.unit is Unit.CALENDAR_DAYS:
        return _START_DAYS.say(**arguments)
    return _START_WORKING.say(**arguments, calendar=calendar.ref)


def _entry(kind: LedgerKind, at: datetime, zone: tzinfo, words: Message) -> LedgerEntry:
    return LedgerEntry(kind, at.astimezone(zone).date(), at, words)
