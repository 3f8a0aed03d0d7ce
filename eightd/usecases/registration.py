"""What a complaint is registered or corrected with, and what is wrong with it (procedure 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, DefectLine, Demand, Flags
from eightd.domain.words import Message, Phrase

REQUIRED = Phrase("field.required", "Please fill this in", "请填写")
IN_FUTURE = Phrase("registration.in_future", "This lies in the future", "该时间在未来")
TOO_LONG_AGO = Phrase(
    "registration.too_long_ago", "Before {first}; please check the year", "早于 {first}，请核对年份"
)
AFTER_AN_EVENT = Phrase(
    "registration.after_an_event",
    "Something has already happened to the complaint before that",
    "晚于该客诉已发生的事项",
)
NEGATIVE = Phrase("registration.negative", "Must not be negative", "不能为负数")
NOT_POSITIVE = Phrase("registration.not_positive", "At least 1", "至少为 1")
TOO_MANY = Phrase("registration.too_many", "More than anybody could count", "数值过大")
MORE_THAN_INSPECTED = Phrase(
    "registration.more_than_inspected",
    "More defective than inspected ({inspected})",
    "不良数大于检验数 ({inspected})",
)
MORE_THAN_DELIVERED = Phrase(
    "registration.more_than_delivered",
    "More inspected than delivered ({delivered})",
    "检验数大于出货数 ({delivered})",
)
NO_LINES = Phrase(
    "registration.no_lines",
    "Please enter at least one defect with its quantity",
    "请至少填写一项不良及其数量",
)
TOO_LONG = Phrase("registration.too_long", "At most {limit} characters", "最多 {limit} 个字符")

_EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)  # 2000-01-01 is over everywhere: criteria and calendars hold
_LARGEST = 2_000_000_000
_LIMITS = {
    "customer_number": 120,
    "customer_plant": 120,
    "contact": 200,
    "end_customer": 200,
    "part_number": 80,
    "part_name": 200,
    "part_name_en": 200,
    "product_line": 80,
    "part_customer_number": 80,
    "drawing_revision": 40,
    "order_number": 80,
    "delivery_number": 80,
    "description": 20_000,
}


@dataclass(frozen=True, slots=True)
class DefectEntry:
    """One defect line as typed, with the phenomenon's English where it is new."""

    kind: DefectKind
    phenomenon: str
    quantity: int
    inspected: int | None = None
    phenomenon_en: str = ""

    def line(self) -> DefectLine:
        """Return what the classification looks at."""
        return DefectLine(self.kind, self.phenomenon.strip(), self.quantity, self.inspected)


@dataclass(frozen=True, slots=True)
class Header:
    """The facts of the header that may be corrected later; quantities in pieces."""

    kind: ComplaintKind
    channel: Channel
    received_at: datetime
    customer_number: str = ""
    customer_plant: str = ""
    contact: str = ""
    end_customer: str = ""
    description: str = ""
    part_customer_number: str = ""
    drawing_revision: str = ""
    lots: tuple[str, ...] = ()
    date_codes: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    order_number: str = ""
    delivery_number: str = ""
    quantity_delivered: int | None = None
    quantity_complained: int | None = None
    quantity_confirmed_ng: int | None = None
    quantity_returned: int | None = None
    demands: tuple[Demand, ...] = ()
    report_language: str = ""  # zh, en, both; empty: the customer's language


@dataclass(frozen=True, slots=True)
class Counts:
    """What the tier depends on."""

    defects: tuple[DefectEntry, ...]
    quantity_inspected: int | None = None
    flags: Flags = field(default_factory=Flags)


@dataclass(frozen=True, slots=True)
class Registration:
    """A complaint as sales registers it; an unknown part is added to the catalogue under its number."""

    plant_id: int
    customer_code: str
    part_number: str
    header: Header
    counts: Counts
    part_name: str = ""
    part_name_en: str = ""
    product_line: str = ""


def header_problems(
    header: Header, now: datetime, received_before: datetime | None = None
) -> dict[str, Message]:
    """Return what is wrong with the header, by field.

    The receipt may not lie in the future nor before the year 2000; ``received_before`` is the first thing
    that happened afterwards, such as the sample's arrival, and bounds a corrected receipt too.
    """
    problems = _lengths(header)
    if header.received_at > now:
        problems["received_at"] = IN_FUTURE.say()
    elif header.received_at < _EARLIEST:
        problems["received_at"] = TOO_LONG_AGO.say(first=_EARLIEST.date().isoformat())
    elif received_before is not None and header.received_at > received_before:
        problems["received_at"] = AFTER_AN_EVENT.say()
    for name in ("delivered", "complained", "confirmed_ng", "returned"):
        _check_quantity(problems, f"quantity_{name}", getattr(header, f"quantity_{name}"))
    return problems


def counts_problems(counts: Counts, delivered: int | None) -> dict[str, Message]:
    """Return what is wrong with the defect lines, by field (``defects-0-quantity``)."""
    problems: dict[str, Message] = {}
    if not counts.defects:
        problems["defects"] = NO_LINES.say()
    _check_quantity(problems, "quantity_inspected", counts.quantity_inspected)
    if delivered is not None and (counts.quantity_inspected or 0) > delivered >= 0:
        problems.setdefault("quantity_inspected", MORE_THAN_DELIVERED.say(delivered=delivered))
    for position, entry in enumerate(counts.defects):
        where = f"defects-{position}"
        if not entry.phenomenon.strip():
            problems[f"{where}-phenomenon"] = REQUIRED.say()
        elif len(entry.phenomenon.strip()) > 200:
            problems[f"{where}-phenomenon"] = TOO_LONG.say(limit=200)
        if len(entry.phenomenon_en.strip()) > 200:
            problems[f"{where}-phenomenon_en"] = TOO_LONG.say(limit=200)
        _check_quantity(problems, f"{where}-inspected", entry.inspected)
        if entry.quantity < 1:
            problems[f"{where}-quantity"] = NOT_POSITIVE.say()
        elif entry.quantity > _LARGEST:
            problems[f"{where}-quantity"] = TOO_MANY.say()
        elif entry.inspected is not None and entry.quantity > entry.inspected >= 0:
            problems[f"{where}-quantity"] = MORE_THAN_INSPECTED.say(inspected=entry.inspected)
    return problems


def registration_problems(registration: Registration, now: datetime) -> dict[str, Message]:
    """Return everything that is wrong, by field; what needs the store is checked by the verb."""
    problems = header_problems(registration.header, now)
    problems |= counts_problems(registration.counts, registration.header.quantity_delivered)
    problems |= _lengths(registration)
    for name in ("customer_code", "part_number"):
        if not getattr(registration, name).strip():
            problems[name] = REQUIRED.say()
    return problems


def cleaned(texts: Sequence[str]) -> list[str]:
    """Return the texts without blanks around them and without empty or repeated ones, in order."""
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _lengths(value: object) -> dict[str, Message]:
    return {
        name: TOO_LONG.say(limit=limit)
        for name, limit in _LIMITS.items()
        if len(getattr(value, name, "").strip()) > limit
    }


def _check_quantity(problems: dict[str, Message], field_name: str, quantity: int | None) -> None:
    if quantity is None:
        return
    if quantity < 0:
        problems[field_name] = NEGATIVE.say()
    elif quantity > _LARGEST:
        problems[field_name] = TOO_MANY.say()
