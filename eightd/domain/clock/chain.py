"""Reminders before and the escalation chain after a milestone's due instant (procedure 4: escalation)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from eightd.domain.clock.calendar import WorkingCalendar
from eightd.domain.clock.instants import as_utc, wall_clock_instant
from eightd.domain.documents import read_choice, read_list, read_object, read_whole_number
from eightd.domain.errors import ImplausibleError
from eightd.domain.words import Phrase


class AlarmKind(StrEnum):
    """Where an alarm stands to the due instant."""

    REMINDER = "reminder"
    DUE = "due"
    OVERDUE = "overdue"


class AlarmUnit(StrEnum):
    """How the distance between an alarm and the due instant is counted."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"


class Recipient(StrEnum):
    """Whom an alarm goes to; a deputy stands in for whoever is away."""

    OWNER = "owner"  # those whose answer or sending is still missing
    LEAD = "lead"  # whom the complaint's CQE reports to
    QUALITY_MANAGER = "quality_manager"


LONGEST_DISTANCE = {AlarmUnit.HOURS: 720, AlarmUnit.WORKING_DAYS: 60}
"""How far from the due instant an alarm may stand: 30 days, or 60 working days."""

MOST_STEPS = 10

_AMOUNT = Phrase(
    "chain.amount",
    "An alarm stands between 1 and {longest} {unit} from the due instant.",
    "提醒与到期时间的间隔应在 1 与 {longest} {unit} 之间。",
)
_NOBODY = Phrase("chain.nobody", "An alarm needs somebody to go to.", "提醒至少需要一位接收人。")
_TOO_MANY = Phrase(
    "chain.too_many", "At most {most} alarms before and after.", "提前与逾期提醒各最多 {most} 个。"
)
_UNITS = {
    AlarmUnit.HOURS: Phrase("chain.hours", "hours", "小时"),
    AlarmUnit.WORKING_DAYS: Phrase("chain.working_days", "working days", "个工作日"),
}


@dataclass(frozen=True, slots=True)
class Distance:
    """How far an alarm stands from the due instant; raises ImplausibleError below 1 or beyond the longest."""

    amount: int
    unit: AlarmUnit

    def __post_init__(self) -> None:
        """Refuse a distance that cannot be meant."""
        longest = LONGEST_DISTANCE[self.unit]
        if not 1 <= self.amount <= longest:
            raise ImplausibleError(_AMOUNT.say(longest=longest, unit=_UNITS[self.unit].say()))

    def as_document(self) -> dict[str, object]:
        """Return the distance as plain values."""
        return {"amount": self.amount, "unit": self.unit.value}


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Whom an alarm after the due instant goes to. Raises ImplausibleError for nobody."""

    after: Distance
    to: tuple[Recipient, ...]

    def __post_init__(self) -> None:
        """Refuse an alarm that nobody hears."""
        if not self.to:
            raise ImplausibleError(_NOBODY.say())

    def as_document(self) -> dict[str, object]:
        """Return the step as plain values."""
        return {**self.after.as_document(), "to": [one.value for one in self.to]}


@dataclass(frozen=True, slots=True)
class Chain:
    """A milestone's alarms: reminders to the owner before, one to the owner at, further ones after the due instant.

    Raises ImplausibleError for more than ten before or after.
    """

    reminders: tuple[Distance, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a chain that would only annoy."""
        if len(self.reminders) > MOST_STEPS or len(self.escalation) > MOST_STEPS:
            raise ImplausibleError(_TOO_MANY.say(most=MOST_STEPS))

    def as_document(self) -> dict[str, object]:
        """Return the chain as plain values."""
        return {
            "reminders": [one.as_document() for one in self.reminders],
            "escalation": [one.as_document() for one in self.escalation],
        }


_HOURLY = Chain(
    (Distance(8, AlarmUnit.HOURS), Distance(2, AlarmUnit.HOURS)),
    (
        EscalationStep(Distance(4, AlarmUnit.HOURS), (Recipient.OWNER, Recipient.LEAD)),
        EscalationStep(
            Distance(24, AlarmUnit.HOURS), (Recipient.OWNER, Recipient.LEAD, Recipient.QUALITY_MANAGER)
        ),
    ),
)
_DAILY = Chain(
    (Distance(1, AlarmUnit.WORKING_DAYS), Distance(2, AlarmUnit.HOURS)),
    (
        EscalationStep(Distance(1, AlarmUnit.WORKING_DAYS), (Recipient.OWNER, Recipient.LEAD)),
        EscalationStep(
            Distance(2, AlarmUnit.WORKING_DAYS), (Recipient.OWNER, Recipient.LEAD, Recipient.QUALITY_MANAGER)
        ),
    ),
)


def standard_chain(*, hourly: bool) -> Chain:
    """Return the alarms of a milestone whose profile names none; ``hourly`` for one counted in clock hours."""
    return _HOURLY if hourly else _DAILY


def chain_from_document(document: object, where: str) -> Chain:
    """Read what ``Chain.as_document`` wrote. Raises MalformedError naming the place, or ImplausibleError."""
    fields = read_object(document, where, required=("reminders", "escalation"), optional=())
    return Chain(
        tuple(
            _distance(one, f"{where}.reminders[{index}]")
            for index, one in enumerate(read_list(fields["reminders"], f"{where}.reminders"))
        ),
        tuple(
            _step(one, f"{where}.escalation[{index}]")
            for index, one in enumerate(read_list(fields["escalation"], f"{where}.escalation"))
        ),
    )


def _distance(document: object, where: str) -> Distance:
    fields = read_object(document, where, required=("amount", "unit"), optional=())
    return Distance(
        read_whole_number(fields["amount"], f"{where}.amount"),
        read_choice(fields["unit"], f"{where}.unit", AlarmUnit),
    )


def _step(document: object, where: str) -> EscalationStep:
    fields = read_object(document, where, required=("amount", "unit", "to"), optional=())
    return EscalationStep(
        _distance({"amount": fields["amount"], "unit": fields["unit"]}, where),
        tuple(read_choice(one, f"{where}.to", Recipient) for one in read_list(fields["to"], f"{where}.to")),
    )


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm of a milestone; ``step`` numbers the chain from its earliest alarm, 0. ``at`` is in UTC."""

    step: int
    kind: AlarmKind
    at: datetime
    to: tuple[Recipient, ...]


def alarms(
    chain: Chain, due_at: datetime, *, calendar: WorkingCalendar, zone: tzinfo, started_at: datetime
) -> tuple[Alarm, ...]:
    """Return every alarm of a due instant, the earliest first.

    Hours are counted on the clock. Working days are counted from the plant-local due day, which itself never
    counts, at the due instant's local time of day. A reminder that would stand at or before the start is left
    out: a milestone of two hours is not announced a day before.
    """
    due_at, started_at = as_utc(due_at), as_utc(started_at)
    before = {_shifted(due_at, one, -1, calendar, zone) for one in chain.reminders}
    owner: tuple[Recipient, ...] = (Recipient.OWNER,)
    found = [(at, AlarmKind.REMINDER, owner) for at in before if started_at < at < due_at]
    found.append((due_at, AlarmKind.DUE, owner))
    after: dict[datetime, set[Recipient]] = {}
    for step in chain.escalation:
        after.setdefault(_shifted(due_at, step.after, 1, calendar, zone), set()).update(step.to)
    found += [(at, AlarmKind.OVERDUE, tuple(sorted(to))) for at, to in after.items()]
    found.sort(key=lambda one: one[0])
    return tuple(Alarm(step, kind, at, to) for step, (at, kind, to) in enumerate(found))


def _shifted(
    due_at: datetime, distance: Distance, direction: int, calendar: WorkingCalendar, zone: tzinfo
) -> datetime:
    """Return the instant that lies the distance before (-1) or after (1) the due instant."""
    if distance.unit is AlarmUnit.HOURS:
        return due_at + direction * timedelta(hours=distance.amount)
    local = due_at.astimezone(zone)
    day, left = local.date(), distance.amount
    for _ in range(_LONGEST_SEARCH):
        day += direction * timedelta(days=1)
        left -= calendar.day(day).working
        if left == 0:
            break
    return wall_clock_instant(day, time(local.hour, local.minute, local.second, local.microsecond), zone)


_LONGEST_SEARCH = 400  # days; a calendar that works more seldom is told after a year rather than never
