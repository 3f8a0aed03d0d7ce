"""What the verbs about money have in common: dates, texts, currency and the rate that is kept on a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from eightd.domain.cost import amounts
from eightd.domain.words import Message, Phrase
from eightd.persistence.repositories.money import known_rate
from eightd.usecases.administration.changing import plain

EARLIEST = date(2000, 1, 1)
NO_RATE = Phrase(
    "cost.no_rate",
    "No rate of {currency} in {base} is known on {day}. Type the rate, or have it entered under “Exchange rates”.",
    "{day} 没有 {currency} 兑 {base} 的汇率。请直接填写汇率，或在“汇率”页面维护。",
)
IN_FUTURE = Phrase(
    "cost.in_future", "What has been spent is not dated in the future", "实际费用的日期不能在未来"
)
TOO_EARLY = Phrase("cost.too_early", "This date is before {day}", "日期早于 {day}")
TOO_FAR = Phrase("cost.too_far", "This date is too far in the future", "日期过于久远")
NEEDED = Phrase("cost.needed", "Please fill this in", "请填写")
TOO_LONG = Phrase("cost.too_long", "At most {limit} characters", "最多 {limit} 个字符")
RATE_OF_ITSELF = Phrase(
    "cost.rate_of_itself",
    "{currency} is the plant's own currency; its rate is 1",
    "{currency} 为本厂货币，汇率为 1",
)

_LATEST_YEAR = 2200


@dataclass(frozen=True, slots=True)
class Valued:
    """An amount with the rate that holds for it: what it is worth in the plant's currency."""

    amount: Decimal
    currency: str
    rate: Decimal
    rate_on: date
    in_plant: Decimal


def valued(
    session: Session,
    *,
    base: str,
    amount: Decimal | None,
    currency: str,
    on: date,
    rate: Decimal | None,
    problems: dict[str, Message],
) -> Valued | None:
    """Return the amount with its rate: the one typed, else the one that holds on the day.

    What is wrong goes into ``problems`` by ``amount``, ``currency`` and ``rate``; then None.
    """
    wrong = amounts.currency_problem(currency)
    if wrong is not None:
        problems["currency"] = wrong
    else:
        wrong = amounts.amount_problem(amount, currency)
        if wrong is not None:
            problems["amount"] = wrong
    if problems or amount is None:
        return None
    kept: tuple[Decimal, date] | None
    if rate is None:
        kept = known_rate(session, base, currency, on)
        wrong = NO_RATE.say(currency=currency, base=base, day=on.isoformat()) if kept is None else None
    else:
        kept = rate, on
        wrong = amounts.rate_problem(rate)
        if wrong is None and currency == base and rate != 1:
            wrong = RATE_OF_ITSELF.say(currency=currency)
    if kept is None or wrong is not None:
        problems["rate"] = wrong or NEEDED.say()
        return None
    in_plant = amounts.converted(amount, kept[0], base)
    if in_plant > amounts.LARGEST:
        problems["amount"] = amounts.TOO_LARGE.say()
        return None
    return Valued(amount, currency, kept[0], kept[1], in_plant)


def day_problem(on: date, today: date, *, planned: bool) -> Message | None:
    """Return what is wrong with the day of an amount: before this century, or to come though already spent."""
    if on < EARLIEST:
        return TOO_EARLY.say(day=EARLIEST.isoformat())
    if on.year >= _LATEST_YEAR:
        return TOO_FAR.say()
    return IN_FUTURE.say() if on > today and not planned else None


def text_problems(texts: Mapping[str, tuple[str, int]]) -> dict[str, Message]:
    """Return which texts are longer than their limit, by field."""
    return {
        name: TOO_LONG.say(limit=limit) for name, (text, limit) in texts.items() if len(text.strip()) > limit
    }


_NAMES = {
    "kind": "cost_kind",
    "phase": "cost_phase",
    "side": "cost_side",
    "position": "claim_position",
    "note": "cost_note",
}
"""What columns are called in the record, where other things have a field of the same name."""


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as the record keeps them: empty ones left out, amounts without the store's empty places."""
    return {
        _NAMES.get(name, name): f"{value.normalize():f}" if isinstance(value, Decimal) else plain(value)
        for name, value in values.items()
        if value not in (None, "")
    }
