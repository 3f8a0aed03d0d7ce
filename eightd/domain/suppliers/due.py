"""Until when a supplier owes its answer: counted backwards from what we owe the customer (procedure 4).

A supplier's milestone ends at a close of business of the plant that lies so many working days before our own date that
there is time left to judge the answer and take it over. Where our own clock has not begun it is counted as though it
began now; where no such close of business is left the next one counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.instants import as_utc, shown, wall_clock_instant
from eightd.domain.clock.profile import Unit
from eightd.domain.complaint import DisciplineCode
from eightd.domain.words import Message, Phrase


class SupplierMilestone(StrEnum):
    """What a supplier promises apart."""

    CONTAINMENT = "containment"
    ANALYSIS = "analysis"
    WHOLE = "whole"


_OF_CODE = {
    SupplierMilestone.CONTAINMENT: DisciplineCode.D3,
    SupplierMilestone.ANALYSIS: DisciplineCode.D4,
}

MILESTONE_LABELS = {
    SupplierMilestone.CONTAINMENT: Phrase(
        "supplier_due.containment", "Containment (to D3)", "围堵措施（至 D3）"
    ),
    SupplierMilestone.ANALYSIS: Phrase(
        "supplier_due.analysis", "Cause analysis (to D4)", "原因分析（至 D4）"
    ),
    SupplierMilestone.WHOLE: Phrase("supplier_due.whole", "Whole answer", "完整回复"),
}

OURS = Phrase("supplier_due.ours", "{title} is due on {at}", "“{title}”期限为 {at}")
AS_IF_NOW = Phrase(
    "supplier_due.as_if_now",
    "{title} has not begun to run; counted as though it began now it would be due on {at}",
    "“{title}”尚未起算；按此刻起算，期限为 {at}",
)
NO_DATE = Phrase(
    "supplier_due.no_date",
    "Nothing is due to the customer any more: {days} working days from now",
    "已无对客户的期限：自此刻起 {days} 个工作日",
)
SKIPPED = Phrase("supplier_due.skipped", "{on} does not count: {why}", "{on} 不计：{why}")
BEFORE = Phrase(
    "supplier_due.before",
    "{days} working days before, at the close of business: {at}",
    "提前 {days} 个工作日，以下班时间为准：{at}",
)
LAST_BEFORE = Phrase(
    "supplier_due.last_before",
    "The last close of business before: {at}",
    "此前最近一次下班时间：{at}",
)
ONE_BEFORE = Phrase(
    "supplier_due.one_before",
    "1 working day before, at the close of business: {at}",
    "提前 1 个工作日，以下班时间为准：{at}",
)
NONE_LEFT = Phrase(
    "supplier_due.none_left",
    "That has passed or is too near: the next close of business, {at}",
    "该时间已过或过近：取下一个下班时间 {at}",
)
NOT_BEFORE = Phrase("supplier_due.not_before", "Not before what it builds on: {at}", "不早于其前一节点：{at}")
BY_HAND = Phrase("supplier_due.by_hand", "Chosen by hand: {at}", "人工指定：{at}")

LONGEST_LEAD = 20
"""Working days that a supplier's date may lie before ours."""

_WITHOUT_DATE = 5  # working days a supplier gets where nothing is due to the customer
_LONGEST_WALK = 400  # days; a calendar that works more seldom is left where the walk ends


@dataclass(frozen=True, slots=True)
class Lead:
    """How many working days before our own dates a supplier's answers are wanted."""

    analysis: int = 1
    whole: int = 2

    def of(self, milestone: SupplierMilestone) -> int:
        """Return the lead of a milestone; containment is wanted by the last close of business before ours."""
        if milestone is SupplierMilestone.CONTAINMENT:
            return 0
        return self.analysis if milestone is SupplierMilestone.ANALYSIS else self.whole


@dataclass(frozen=True, slots=True)
class Owed:
    """Something we owe, in the order in which it falls due: ``due_at`` None while its clock has not begun."""

    title: Message
    due_at: datetime | None
    disciplines: frozenset[DisciplineCode]
    amount: int = 0
    unit: Unit = Unit.WORKING_DAYS


@dataclass(frozen=True, slots=True)
class Promise:
    """Until when a supplier owes one milestone, with the steps that led there."""

    milestone: SupplierMilestone
    due_on: date
    due_at: datetime
    because: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """By what the dates are counted."""

    calendar: WorkingCalendar
    close_of_business: time
    zone: tzinfo

    def ends(self, day: date) -> datetime:
        """Return the close of business of a plant-local day, in UTC."""
        return wall_clock_instant(day, self.close_of_business, self.zone)

    def works(self, day: date) -> bool:
        """Return whether the plant works that day."""
        return self.calendar.day(day).working

    def forth(self, at: datetime, count: int) -> date:
        """Return the working day that lies so many after the local day of an instant, which itself never counts."""
        day = at.astimezone(self.zone).date()
        for _ in range(_LONGEST_WALK):
            if count == 0:
                break
            day += timedelta(days=1)
            count -= self.works(day)
        return day

    def next_end(self, now: datetime) -> date:
        """Return the day of the first close of business after an instant."""
        today = now.astimezone(self.zone).date()
        if self.works(today) and self.ends(today) > now:
            return today
        return self.forth(now, 1)


def promises(
    asked: Collection[DisciplineCode],
    owed: Sequence[Owed],
    lead: Lead,
    days: WorkingDays,
    *,
    now: datetime,
) -> tuple[Promise, ...]:
    """Return what a supplier promises who is asked for these disciplines, the earliest first.

    Containment and analysis are promised apart where more is asked beyond them. Each falls due before the first thing
    we owe that contains its last discipline, the whole answer before the one that contains the last discipline asked
    for; where nothing contains it, before the last thing we owe.
    """
    now = as_utc(now)
    last = max(asked)
    wanted = [(one, code) for one, code in _OF_CODE.items() if code in asked and code < last]
    made: list[Promise] = []
    for milestone, code in [*wanted, (SupplierMilestone.WHOLE, last)]:
        promise = _promise(milestone, _ours(owed, code), lead.of(milestone), days, now)
        if made and promise.due_at < made[-1].due_at:
            because = (*promise.because, NOT_BEFORE.say(at=shown(made[-1].due_at, days.zone)))
            promise = Promise(milestone, made[-1].due_on, made[-1].due_at, because)
        made.append(promise)
    return tuple(made)


def by_hand(due_on: date, derived: Sequence[Promise], days: WorkingDays) -> tuple[Promise, ...]:
    """Return the promises with the whole answer wanted at the close of business of another day.

    What was to come before it and would now come after it falls due with it.
    """
    due_at = days.ends(due_on)
    because = (BY_HAND.say(at=shown(due_at, days.zone)),)
    return tuple(
        Promise(one.milestone, due_on, due_at, because)
        if one.milestone is SupplierMilestone.WHOLE or one.due_at > due_at
        else one
        for one in derived
    )


def _ours(owed: Sequence[Owed], code: DisciplineCode) -> Owed | None:
    containing = [one for one in owed if code in one.disciplines]
    return containing[0] if containing else owed[-1] if owed else None


def _promise(
    milestone: SupplierMilestone, ours: Owed | None, lead: int, days: WorkingDays, now: datetime
) -> Promise:
    if ours is None:
        day = days.forth(now, _WITHOUT_DATE)
        return Promise(milestone, day, days.ends(day), (NO_DATE.say(days=_WITHOUT_DATE),))
    our_due_at = ours.due_at or _as_if_now(ours, days, now)
    phrase = OURS if ours.due_at is not None else AS_IF_NOW
    because = [phrase.say(title=ours.title, at=shown(our_due_at, days.zone))]
    day, skipped = _back(our_due_at, lead, days)
    because += [SKIPPED.say(on=f"{one:%Y-%m-%d}", why=days.calendar.day(one).reason) for one in skipped]
    told = (LAST_BEFORE, ONE_BEFORE)[lead] if lead < 2 else BEFORE
    because.append(told.say(days=lead, at=shown(days.ends(day), days.zone)))
    if days.ends(day) <= now:
        day = days.next_end(now)
        because.append(NONE_LEFT.say(at=shown(days.ends(day), days.zone)))
    return Promise(milestone, day, days.ends(day), tuple(because))


def _as_if_now(ours: Owed, days: WorkingDays, now: datetime) -> datetime:
    if ours.unit is Unit.CLOCK_HOURS:
        return now + timedelta(hours=ours.amount)
    if ours.unit is Unit.CALENDAR_DAYS:
        return days.ends(now.astimezone(days.zone).date() + timedelta(days=ours.amount))
    return days.ends(days.forth(now, ours.amount))


def _back(at: datetime, lead: int, days: WorkingDays) -> tuple[date, list[date]]:
    """Return the working day so many before an instant, and the days passed over on the way.

    The last working day that has closed by then is none before it.
    """
    day = at.astimezone(days.zone).date()
    if days.ends(day) > at:
        day -= timedelta(days=1)
    skipped = []
    for one in _downwards(day):
        day = one
        if not days.works(one):
            skipped.append(one)
        elif lead == 0:
            break
        else:
            lead -= 1
    return day, skipped


def _downwards(day: date) -> Iterator[date]:
    for passed in range(_LONGEST_WALK):
        yield day - timedelta(days=passed)
