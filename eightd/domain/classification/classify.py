"""The tier of a complaint with every rule tried and the numbers used (procedure 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from eightd.domain.classification import wording
from eightd.domain.classification.criteria import Criteria
from eightd.domain.classification.phenomena import PhenomenonCount, count_phenomena
from eightd.domain.complaint import DefectCounts, DefectKind, Flags, Tier
from eightd.domain.words import Message, Phrase

Number: TypeAlias = str | int
"""A number used by a rule; a percentage is exact text."""

_RAISING = (DefectKind.FUNCTIONAL, DefectKind.APPEARANCE)
_RATE_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule tried: whether its condition held, in words for a customer, with the numbers used."""

    rule: str
    matched: bool
    message: Message
    numbers: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Classification:
    """The tier, what it counts in the monthly score, by which criteria and why."""

    tier: Tier
    weight: int
    criteria_ref: str
    reasons: tuple[Reason, ...]


def classify(counts: DefectCounts, criteria: Criteria) -> Classification:
    """Classify the counts and say of every rule whether it matched.

    Limits are inclusive; the low-rate exception needs a rate strictly below its limit, compared exactly, and a
    quantity inspected that is known and not zero. The gravest phenomenon or flag decides; quantities of kind
    other never do.
    """
    counted = count_phenomena(counts)
    raising = [phenomenon for kind in _RAISING for phenomenon in counted if phenomenon.kind is kind]
    candidates = [_tier_of(phenomenon, criteria) for phenomenon in raising]
    if any(matched for _, matched in _flags(counts.flags)):
        candidates.append(Tier.MAJOR)
    tier = max(candidates, key=lambda candidate: candidate.rank, default=Tier.OTHER)
    reasons = (
        *_major_reasons(raising, criteria),
        *_flag_reasons(counts.flags),
        *_general_reasons(raising, criteria),
        *_low_rate_reasons(raising, criteria),
        _other_kind_reason(counted),
        _reason("default", tier is Tier.OTHER, wording.DEFAULT, {}),
    )
    return Classification(tier, criteria.weight(tier), criteria.ref, reasons)


def _range_of(phenomenon: PhenomenonCount, criteria: Criteria) -> Tier:
    """Return the range that the quantity alone falls into."""
    major, general = criteria.limits(phenomenon.kind)
    if phenomenon.quantity >= major:
        return Tier.MAJOR
    return Tier.GENERAL if phenomenon.quantity >= general else Tier.OTHER


def _tier_of(phenomenon: PhenomenonCount, criteria: Criteria) -> Tier:
    """Return the tier that the phenomenon asks for, the low-rate exception considered."""
    reached = _range_of(phenomenon, criteria)
    if not _is_low_rate(phenomenon, criteria):
        return reached
    if reached is Tier.MAJOR:
        return Tier.GENERAL if criteria.low_rate_can_lower_major else Tier.MAJOR
    return Tier.OTHER


def _is_low_rate(phenomenon: PhenomenonCount, criteria: Criteria) -> bool:
    if not phenomenon.inspected:
        return False
    return Fraction(phenomenon.quantity * 100, phenomenon.inspected) < Fraction(criteria.low_rate_percent)


def _flags(flags: Flags) -> tuple[tuple[str, bool], ...]:
    return (
        ("penalty_triggered", flags.penalty_triggered),
        ("ppm_exceeded", flags.ppm_exceeded),
        ("safety", flags.safety),
        ("line_stop", flags.line_stop),
    )


def _reason(rule: str, matched: bool, wordings: wording.Wordings, numbers: Mapping[str, Number]) -> Reason:
    phrase: Phrase = wordings[matched]
    return Reason(rule, matched, phrase.say(**numbers), numbers)


def _major_reasons(raising: Iterable[PhenomenonCount], criteria: Criteria) -> Iterator[Reason]:
    by_kind = _by_kind(raising)
    for kind in _RAISING:
        limit, _ = criteria.limits(kind)
        if not by_kind[kind]:
            yield _reason(
                f"{kind}_major", False, wording.NONE_REPORTED[kind], {"quantity": 0, "limit": limit}
            )
        for phenomenon in by_kind[kind]:
            yield _reason(
                f"{kind}_major",
                phenomenon.quantity >= limit,
                wording.MAJOR[kind],
                {"phenomenon": phenomenon.phenomenon, "quantity": phenomenon.quantity, "limit": limit},
            )


def _flag_reasons(flags: Flags) -> Iterator[Reason]:
    for name, is_set in _flags(flags):
        yield _reason(name, is_set, wording.FLAGS[name], {})


def _general_reasons(raising: Iterable[PhenomenonCount], criteria: Criteria) -> Iterator[Reason]:
    by_kind = _by_kind(raising)
    for kind in _RAISING:
        major, general = criteria.limits(kind)
        numbers: dict[str, Number] = {"low": general, "high": major - 1}
        if not by_kind[kind]:
            yield _reason(f"{kind}_general", False, wording.NONE_REPORTED[kind], {"quantity": 0, **numbers})
        for phenomenon in by_kind[kind]:
            yield _reason(
                f"{kind}_general",
                _range_of(phenomenon, criteria) is Tier.GENERAL,
                wording.GENERAL[kind],
                {"phenomenon": phenomenon.phenomenon, "quantity": phenomenon.quantity, **numbers},
            )


def _low_rate_reasons(raising: Iterable[PhenomenonCount], criteria: Criteria) -> Iterator[Reason]:
    in_range = [one for one in raising if _range_of(one, criteria) is not Tier.OTHER]
    if not in_range:
        yield _reason("low_rate", False, wording.LOW_RATE_IDLE, {})
    for phenomenon in in_range:
        yield _low_rate_reason(phenomenon, criteria)


def _low_rate_reason(phenomenon: PhenomenonCount, criteria: Criteria) -> Reason:
    is_major = _range_of(phenomenon, criteria) is Tier.MAJOR
    numbers: dict[str, Number] = {
        "phenomenon": phenomenon.phenomenon,
        "quantity": phenomenon.quantity,
        "limit_percent": _plain(criteria.low_rate_percent),
    }
    if phenomenon.inspected is not None:
        numbers["inspected"] = phenomenon.inspected
    if is_major and not criteria.low_rate_can_lower_major:
        return _reason("low_rate", False, wording.LOW_RATE_MAJOR, numbers)
    if not phenomenon.inspected:
        return _reason("low_rate", False, wording.LOW_RATE_UNKNOWN, numbers)
    numbers["rate_percent"] = _percent(phenomenon.quantity, phenomenon.inspected)
    wordings = wording.LOW_RATE_LOWERS if is_major else wording.LOW_RATE
    return _reason("low_rate", _is_low_rate(phenomenon, criteria), wordings, numbers)


def _other_kind_reason(counted: Iterable[PhenomenonCount]) -> Reason:
    quantity = sum(one.quantity for one in counted if one.kind is DefectKind.OTHER)
    return _reason("other_kind", quantity > 0, wording.OTHER_KIND, {"quantity": quantity})


def _by_kind(raising: Iterable[PhenomenonCount]) -> dict[DefectKind, list[PhenomenonCount]]:
    groups: dict[DefectKind, list[PhenomenonCount]] = {kind: [] for kind in _RAISING}
    for phenomenon in raising:
        groups[phenomenon.kind].append(phenomenon)
    return groups


def _percent(quantity: int, inspected: int) -> str:
    """Return the rate in percent with four decimals, cut and not rounded: what is below 1 never reads as 1."""
    whole, rest = divmod(quantity * 100 * 10**_RATE_DECIMALS // inspected, 10**_RATE_DECIMALS)
    return f"{whole}.{rest:0{_RATE_DECIMALS}}".rstrip("0").rstrip(".")


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
