"""A date explained as plain text, to be pasted into a mail (procedure 4: each date can explain itself)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from eightd.domain.clock.ledger import LedgerKind
from eightd.domain.clock.steps import Step, Told
from eightd.domain.words import Language, Message, Phrase

_DAY = timedelta(days=1)
_WEEKEND = "day.weekend"

_P = Phrase
_TITLE = _P("explained.title", "{number} · {milestone}: why this date", "{number} · {milestone}：期限说明")
_COUNTED = _P("explained.counted", "Counted:", "计入：")
_NOT_COUNTED = _P("explained.not_counted", "Not counted:", "不计：")
_STOPPED = _P("explained.stopped", "clock stopped: {why}", "停表：{why}")
_STOPS = _P("explained.stops", "Clock stopped:", "停表：")
_FROM_TO = _P("explained.from_to", "{since} – {until}: {why}", "{since} 至 {until}：{why}")
_SINCE = _P("explained.since", "since {since}, still stopped: {why}", "自 {since} 起，尚未恢复：{why}")
_CONTRACTUAL = _P(
    "explained.contractual", "Contractual date (without stops): {at}", "合同期限（不计停表）：{at}"
)
_AGREED = _P("explained.agreed", "Agreed date (with stops): {at}", "协议期限（计入停表）：{at}")
_HELD = _P(
    "explained.held",
    "Agreed date (with stops): open while the clock is stopped; {at} if it ran again now",
    "协议期限（计入停表）：停表期间未定；若现在恢复则为 {at}",
)
_MET = _P("explained.met", "Met on {at}", "完成时间：{at}")
_CALENDAR = _P(
    "explained.calendar", "Calendar {calendar}; local time of {zone}", "日历 {calendar}；时区 {zone}"
)
_WEEKENDS = _P("explained.weekend", "weekend", "周末")
_RANGE = _P("explained.range", "{first} – {last}", "{first} 至 {last}")
_LINE = _P("explained.line", "{what}: {why}", "{what}：{why}")
_WEEKDAYS = {
    Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    Language.ZH: tuple("一二三四五六日"),
}

JUDGED_AGREED = _P(
    "explained.judged_agreed",
    "Lateness is judged on the agreed date, because the customer accepts stops.",
    "按协议期限判定是否逾期：客户接受停表。",
)
JUDGED_CONTRACTUAL = _P(
    "explained.judged_contractual",
    "Lateness is judged on the contractual date, because the customer does not accept stops.",
    "按合同期限判定是否逾期：客户不接受停表。",
)


def judged_on(*, accepts_stops: bool) -> Message:
    """Say which of the two dates is judged, and why that one."""
    return (JUDGED_AGREED if accepts_stops else JUDGED_CONTRACTUAL).say()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One date with all that led to it; without steps while its clock waits. Instants are aware."""

    number: str
    milestone: Message
    steps: Sequence[Step]
    contractual_due_at: datetime | None
    agreed_due_at: datetime | None
    met_at: datetime | None
    held: bool
    accepts_stops: bool
    calendar: str
    zone: tzinfo
    zone_name: str
    waiting_for: Message | None = None


def plain_text(explained: Explanation, languages: Iterable[Language]) -> str:
    """Return the explanation in each language, one after the other, without markup; local times with offsets.

    Days off of the same reason stand on one line, and days that follow one another as one range.
    """
    return "\n\n".join("\n".join(_lines(explained, language)) for language in languages)


def _lines(explained: Explanation, language: Language) -> Iterator[str]:
    zone, by_kind = explained.zone, _by_kind(explained.steps)

    def say(phrase: Phrase, **arguments: str) -> str:
        return phrase.say(**arguments).text(language)

    def instant(at: datetime) -> str:
        return _with_offset(at, zone)

    yield say(_TITLE, number=explained.number, milestone=explained.milestone.text(language))
    if explained.waiting_for is not None:
        yield explained.waiting_for.text(language)
    for start in by_kind.get(LedgerKind.START, ()):
        yield f"{start.sentence.text(language)} ({_offset(start.at, zone)})"
    counted = by_kind.get(LedgerKind.TICK, ())
    if counted:
        yield say(_COUNTED)
        for step in counted:
            yield f"  {step.count}. {_day(step.on, language)}{_reason(step, language)}"
    skipped = [*_days_off(by_kind, language)]
    if skipped:
        yield say(_NOT_COUNTED)
        yield from (f"  {say(_LINE, what=days, why=why)}" for days, why in skipped)
    stops = by_kind.get(LedgerKind.STOP, ())
    if stops:
        yield say(_STOPS)
        yield from (f"  {_stop(step, zone, language)}" for step in stops)
    if explained.contractual_due_at is not None and explained.agreed_due_at is not None:
        yield say(_CONTRACTUAL, at=instant(explained.contractual_due_at))
        yield say(_HELD if explained.held else _AGREED, at=instant(explained.agreed_due_at))
    yield from (step.sentence.text(language) for step in by_kind.get(LedgerKind.PROVISIONAL, ()))
    if explained.met_at is not None:
        yield say(_MET, at=instant(explained.met_at))
    yield judged_on(accepts_stops=explained.accepts_stops).text(language)
    yield say(_CALENDAR, calendar=explained.calendar, zone=explained.zone_name)


def _by_kind(steps: Sequence[Step]) -> Mapping[LedgerKind, list[Step]]:
    found: dict[LedgerKind, list[Step]] = {}
    for step in steps:
        found.setdefault(step.kind, []).append(step)
    return found


_WORTH_TELLING = {"day.moved", "day.own_on"}  # why a day counts that one would think off


def _reason(step: Step, language: Language) -> str:
    return f" · {step.why.text(language)}" if step.code in _WORTH_TELLING else ""


def _days_off(by_kind: Mapping[LedgerKind, list[Step]], language: Language) -> Iterator[tuple[str, str]]:
    """Yield days with the reason that they did not count, reasons in the order of their first day."""
    days: dict[str, list[date]] = {}
    skipped = [*by_kind.get(LedgerKind.SKIPPED_DAY, ()), *by_kind.get(LedgerKind.SKIPPED_TICK, ())]
    for step in sorted(skipped, key=lambda step: step.on):
        days.setdefault(_why_not(step, language), []).append(step.on)
    for why, on in days.items():
        yield ", ".join(_ranges(on, language)), why


def _why_not(step: Step, language: Language) -> str:
    bare = step.why.text(language)
    if not bare:
        return step.sentence.text(language)
    if step.kind is LedgerKind.SKIPPED_TICK:
        return _STOPPED.say(why=bare).text(language)
    return _WEEKENDS.say().text(language) if step.code == _WEEKEND else bare


def _ranges(days: Sequence[date], language: Language) -> Iterator[str]:
    """Yield days in order, those that follow one another as first and last."""
    numbered = enumerate(days)
    for _, run in groupby(numbered, key=lambda one: one[1] - one[0] * _DAY):
        one = [day for _, day in run]
        if len(one) == 1:
            yield one[0].isoformat()
        else:
            yield _RANGE.say(first=one[0].isoformat(), last=one[-1].isoformat()).text(language)


def _stop(step: Step, zone: tzinfo, language: Language) -> str:
    bare: Told = step.why
    if not bare.en or step.at is None:  # kept before stops told their end
        return step.sentence.text(language)
    since = _with_offset(step.at, zone)
    why = bare.text(language)
    if step.until is None:
        return _SINCE.say(since=since, why=why).text(language)
    return _FROM_TO.say(since=since, until=_with_offset(step.until, zone), why=why).text(language)


def _day(on: date, language: Language) -> str:
    weekday = _WEEKDAYS[language][on.weekday()]
    return f"{on.isoformat()} {'周' if language is Language.ZH else ''}{weekday}"


def _with_offset(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({_offset(at, zone)})"


def _offset(at: datetime | None, zone: tzinfo) -> str:
    """Return how far the zone is ahead of UTC then, as ``UTC+08:00``."""
    return "" if at is None else at.astimezone(zone).isoformat(timespec="minutes")[16:].join(("UTC", ""))
