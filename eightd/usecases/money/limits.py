"""Approval limits per role and plant, and exchange rates, kept as data by finance and the quality manager."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from eightd.domain.authority import PlantSubject, may
from eightd.domain.complaint import Role
from eightd.domain.cost import amounts
from eightd.domain.cost.approvals import APPROVERS, Limits
from eightd.domain.events import EventTag
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.locks import hold
from eightd.persistence.repositories.money import limits_of
from eightd.persistence.tables.money import ApprovalLimitRow, ExchangeRateRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import insist
from eightd.usecases.errors import Invalid, NotFound, Stale
from eightd.usecases.money.entries import EARLIEST, NEEDED, RATE_OF_ITSELF, TOO_EARLY, TOO_FAR
from eightd.usecases.verb import Done, verb

NOBODY = Phrase("limits.nobody", "Somebody must be able to approve", "至少须有一个角色可以审批")
NO_SUCH_ROLE = Phrase("limits.no_such_role", "This role approves nothing", "该角色不能审批")
NEGATIVE = Phrase(
    "limits.negative", "A limit is zero or more, with two places at most", "额度须大于等于零，最多两位小数"
)
WRONG_LINE = Phrase(
    "rates.wrong_line",
    "Line {line}: three values are needed, such as “USD 2026-03-01 7.12”",
    "第 {line} 行：应为三个值，例如“USD 2026-03-01 7.12”",
)
WRONG_DAY = Phrase(
    "rates.wrong_day", "“{text}” is no date such as 2026-03-01", "“{text}”不是日期，例如 2026-03-01"
)
AT_LINE = Phrase("rates.at_line", "Line {line}: {problem}", "第 {line} 行：{problem}")
TOO_MANY = Phrase("rates.too_many", "At most {limit} lines at once", "一次最多 {limit} 行")
MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class RateEntry:
    """How much of the plant's currency one unit of a currency is worth from a day on."""

    currency: str
    from_on: date
    rate: Decimal | None


@verb("limits.set")
def set_limits(work: Work, *, plant_id: int, version: int, limits: Mapping[Role, Decimal | None]) -> Done:
    """Set all limits of a plant, the inclusive amounts in its currency; a role left out approves nothing.

    What waits for approval is judged by the new limits. Raises NotFound, Stale, or Invalid by role.
    """
    plant = _plant(work, plant_id)
    hold(work.session, "approvals")
    old, current = limits_of(work.session, plant.id)
    if version != current:
        raise Stale(current)
    problems: dict[str, Message] = {}
    for role, up_to in limits.items():
        if role not in APPROVERS:
            problems[role.value] = NO_SUCH_ROLE.say()
        elif up_to is not None and not (
            up_to.is_finite() and 0 <= up_to <= amounts.LARGEST and up_to == round(up_to, 2)
        ):
            problems[role.value] = NEGATIVE.say()
    if not limits:
        problems["limits"] = NOBODY.say()
    if problems:
        raise Invalid(problems)
    work.session.execute(sa.delete(ApprovalLimitRow).where(ApprovalLimitRow.plant_id == plant.id))
    work.session.add_all(
        ApprovalLimitRow(plant_id=plant.id, role=role, up_to=up_to, version=current + 1)
        for role, up_to in limits.items()
    )
    work.record(
        EventTag.APPROVALS_SET,
        subject=f"{plant.code} {plant.currency}",
        old=_written(old) if current else None,
        new=_written(limits),
    )
    return Done(id=plant.id, version=current + 1)


@verb("rates.set")
def set_rates(work: Work, *, plant_id: int, entries: Sequence[RateEntry]) -> Done:
    """Enter exchange rates into the plant's currency; one of the same day is replaced.

    Lines that were recorded keep the rate they have. Raises NotFound, or Invalid: by field for a single entry, for
    several by ``text`` with the line, all of them or none.
    """
    plant = _plant(work, plant_id)
    if len(entries) > MOST_LINES:
        raise Invalid({"text": TOO_MANY.say(limit=MOST_LINES)})
    problems: dict[str, Message] = {}
    for line, entry in enumerate(entries, start=1):
        wrong = _entry_problems(entry, plant.currency)
        if not wrong:
            continue
        if len(entries) == 1:
            raise Invalid(wrong)
        problems.setdefault("text", AT_LINE.say(line=line, problem=next(iter(wrong.values()))))
    if problems:
        raise Invalid(problems)
    if not entries:
        raise Invalid({"text": NEEDED.say()})
    hold(work.session, "approvals")
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    for entry in entries:
        key = (plant.currency, entry.currency, entry.from_on)
        named = f"{entry.currency} {entry.from_on.isoformat()}"
        row = work.session.get(ExchangeRateRow, key)
        if row is None:
            work.session.add(ExchangeRateRow(base=key[0], currency=key[1], from_on=key[2], rate=entry.rate))
        elif entry.rate is not None and row.rate != entry.rate:
            old.setdefault(named, _plain(row.rate))
            row.rate = entry.rate
        new[named] = _plain(entry.rate)
    work.record(EventTag.APPROVALS_SET, subject=plant.currency, old=old or None, new=new)
    return Done(id=plant.id, version=len(new))


@verb("rates.remove")
def remove_rate(work: Work, *, plant_id: int, currency: str, from_on: date) -> Done:
    """Take out a rate that was entered by mistake; lines that were recorded keep theirs. Raises NotFound."""
    plant = _plant(work, plant_id)
    row = work.session.get(ExchangeRateRow, (plant.currency, currency, from_on), with_for_update=True)
    if row is None:
        raise NotFound
    work.session.delete(row)
    work.record(
        EventTag.APPROVALS_SET,
        subject=plant.currency,
        old={f"{currency} {from_on.isoformat()}": _plain(row.rate)},
    )
    return Done(id=plant.id)


def read_rates(text: str) -> tuple[RateEntry, ...]:
    """Read rates pasted from a table: currency, day, rate, parted by tabs, semicolons, commas or blanks.

    Raises Invalid at ``text`` with the first line that cannot be read.
    """
    lines = [line.strip() for line in text.splitlines()]
    found: list[RateEntry] = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        if len(found) >= MOST_LINES:
            raise Invalid({"text": TOO_MANY.say(limit=MOST_LINES)})
        cells = _cells(line)
        if len(cells) != _CELLS:
            raise Invalid({"text": WRONG_LINE.say(line=number)})
        try:
            on = date.fromisoformat(cells[1].replace("/", "-"))
        except ValueError:
            problem = WRONG_DAY.say(text=cells[1][:20])
            raise Invalid({"text": AT_LINE.say(line=number, problem=problem)}) from None
        found.append(RateEntry(cells[0].upper(), on, amounts.typed(cells[2])))
    if not found:
        raise Invalid({"text": NEEDED.say()})
    return tuple(found)


_CELLS = 3


def _cells(line: str) -> list[str]:
    for mark in ("\t", ";", ","):
        if mark in line:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=mark))]
    return line.split()


def _plant(work: Work, plant_id: int) -> PlantRow:
    insist(may(work.actor, Action.SET_APPROVALS, PlantSubject(plant_id)))
    return work.session.get_one(PlantRow, plant_id)


def _entry_problems(entry: RateEntry, base: str) -> dict[str, Message]:
    problems: dict[str, Message] = {}
    wrong = amounts.currency_problem(entry.currency)
    if wrong is None and entry.currency == base:
        wrong = RATE_OF_ITSELF.say(currency=base)
    if wrong is not None:
        problems["currency"] = wrong
    wrong = amounts.rate_problem(entry.rate)
    if wrong is not None:
        problems["rate"] = wrong
    if entry.from_on < EARLIEST:
        problems["from_on"] = TOO_EARLY.say(day=EARLIEST.isoformat())
    elif entry.from_on.year >= 2200:
        problems["from_on"] = TOO_FAR.say()
    return problems


def _written(limits: Limits) -> dict[str, str]:
    return {
        role.value: "any" if up_to is None else f"{up_to.normalize():f}" for role, up_to in limits.items()
    }


def _plain(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate.normalize():f}"
