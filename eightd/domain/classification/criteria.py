"""The criteria of a tier: named, versioned data with a date from which they hold (procedure 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eightd.domain.complaint import DefectKind, Tier
from eightd.domain.documents import (
    read_date,
    read_decimal,
    read_object,
    read_text,
    read_whole_number,
    read_yes_no,
)
from eightd.domain.errors import ImplausibleError, UnknownNameError
from eightd.domain.words import Phrase

_NAME = Phrase(
    "criteria.name",
    "Criteria need a name without “@” or blanks around it.",
    "标准名称不能为空，且不得含“@”或首尾空格。",
)
_VERSION = Phrase("criteria.version", "The criteria's version starts at 1.", "标准版本号从 1 开始。")
_LIMITS = Phrase(
    "criteria.limits",
    "{kind}: the general limit must be at least 1 and at most the major limit, got {general} and {major}.",
    "{kind}：一般界限至少为 1 且不高于重大界限，实际为 {general} 和 {major}。",
)
_RATE = Phrase(
    "criteria.rate", "The low rate must lie between 0 and 100 %.", "低不良率界限应在 0 与 100 % 之间。"
)
_WEIGHTS = Phrase(
    "criteria.weights",
    "A graver tier may not weigh less, and no weight may be negative.",
    "较重等级的权重不得低于较轻等级，且不得为负。",
)
_NONE_IN_FORCE = Phrase(
    "criteria.none_in_force", "No criteria were in force on {on}.", "{on} 没有生效的客诉等级标准。"
)
_KINDS = {
    DefectKind.FUNCTIONAL: Phrase("criteria.functional", "Functional", "功能"),
    DefectKind.APPEARANCE: Phrase("criteria.appearance", "Appearance", "外观"),
}


@dataclass(frozen=True, slots=True)
class Criteria:
    """One version of the criteria; limits in pieces of the worst single phenomenon, inclusive.

    A phenomenon is in the general range from the general limit up to one below the major limit. Its rate is
    low when it is strictly below ``low_rate_percent`` of the quantity inspected; 0 switches the rule off.
    Where ``low_rate_can_lower_major`` is set, a low rate takes a phenomenon in the major range down by one
    step, to general, and never further. Raises ImplausibleError for limits that contradict each other.
    """

    name: str
    version: int
    valid_from_on: date
    functional_major: int = 15
    functional_general: int = 5
    appearance_major: int = 30
    appearance_general: int = 10
    low_rate_percent: Decimal = Decimal(1)
    low_rate_can_lower_major: bool = False
    weight_major: int = 2
    weight_general: int = 1
    weight_other: int = 0

    def __post_init__(self) -> None:
        """Refuse what no plant can have meant."""
        if not self.name or self.name != self.name.strip() or "@" in self.name:
            raise ImplausibleError(_NAME.say())
        if self.version < 1:
            raise ImplausibleError(_VERSION.say())
        for kind, phrase in _KINDS.items():
            major, general = self.limits(kind)
            if not 1 <= general <= major:
                raise ImplausibleError(_LIMITS.say(kind=phrase.say(), general=general, major=major))
        if not self.low_rate_percent.is_finite() or not 0 <= self.low_rate_percent <= 100:
            raise ImplausibleError(_RATE.say())
        if not 0 <= self.weight_other <= self.weight_general <= self.weight_major:
            raise ImplausibleError(_WEIGHTS.say())

    @property
    def ref(self) -> str:
        """Return name and version as in ``standard@1``."""
        return f"{self.name}@{self.version}"

    def limits(self, kind: DefectKind) -> tuple[int, int]:
        """Return the major and the general limit of a kind that can raise the tier."""
        if kind is DefectKind.FUNCTIONAL:
            return self.functional_major, self.functional_general
        return self.appearance_major, self.appearance_general

    def weight(self, tier: Tier) -> int:
        """Return what a complaint of the tier counts in the monthly score."""
        return {
            Tier.MAJOR: self.weight_major,
            Tier.GENERAL: self.weight_general,
            Tier.OTHER: self.weight_other,
        }[tier]

    def as_document(self) -> dict[str, object]:
        """Return the criteria as plain values that JSON can hold; the percentage stays exact as text."""
        return {
            "name": self.name,
            "version": self.version,
            "valid_from_on": self.valid_from_on.isoformat(),
            **{limit: getattr(self, limit) for limit in _LIMIT_NAMES},
            "low_rate_percent": format(self.low_rate_percent, "f"),
            "low_rate_can_lower_major": self.low_rate_can_lower_major,
            "weights": {tier.value: self.weight(tier) for tier in Tier},
        }


_LIMIT_NAMES = ("functional_major", "functional_general", "appearance_major", "appearance_general")

STANDARD = Criteria(name="standard", version=1, valid_from_on=date(2000, 1, 1))
"""The default criteria of procedure 3."""


def from_document(document: object) -> Criteria:
    """Read what ``Criteria.as_document`` wrote; limits and weights left out take the standard's.

    Raises MalformedError for a wrong type or an unknown key, ImplausibleError for limits that contradict.
    """
    fields = read_object(
        document,
        "",
        required=("name", "version", "valid_from_on"),
        optional=(*_LIMIT_NAMES, "low_rate_percent", "low_rate_can_lower_major", "weights"),
    )
    weights = read_object(fields.get("weights", {}), "weights", optional=[tier.value for tier in Tier])
    return Criteria(
        name=read_text(fields["name"], "name"),
        version=read_whole_number(fields["version"], "version"),
        valid_from_on=read_date(fields["valid_from_on"], "valid_from_on"),
        low_rate_percent=read_decimal(fields.get("low_rate_percent", "1"), "low_rate_percent"),
        low_rate_can_lower_major=read_yes_no(
            fields.get("low_rate_can_lower_major", False), "low_rate_can_lower_major"
        ),
        **{limit: _number(fields, limit, limit) for limit in _LIMIT_NAMES},
        **{f"weight_{tier}": _number(weights, tier.value, f"weight_{tier}") for tier in Tier},
    )


def _number(fields: Mapping[str, object], key: str, attribute: str) -> int:
    return read_whole_number(fields.get(key, getattr(STANDARD, attribute)), attribute)


def criteria_in_force(candidates: Iterable[Criteria], on_date: date) -> Criteria:
    """Return the criteria that hold on the plant-local date: the latest begun, then the highest version.

    A version holds from its own ``valid_from_on``, that day included. Raises UnknownNameError where none
    has begun.
    """
    begun = [criteria for criteria in candidates if criteria.valid_from_on <= on_date]
    if not begun:
        raise UnknownNameError(_NONE_IN_FORCE.say(on=on_date.isoformat()))
    return max(begun, key=lambda criteria: (criteria.valid_from_on, criteria.version))
