"""Make the next version of classification criteria; a version in use is never edited (procedure 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from eightd.domain.classification.criteria import Criteria
from eightd.domain.errors import ImplausibleError
from eightd.domain.words import Message, Phrase
from eightd.persistence.tables.catalogue import CriteriaRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import begin
from eightd.usecases.administration.naming import insist_new_name, next_number
from eightd.usecases.errors import Invalid
from eightd.usecases.verb import Done, verb

_PAST = Phrase(
    "criteria.past",
    "A later version may not reach into the past; the earliest date is {first}.",
    "新版本不能追溯生效，最早日期为 {first}。",
)
_LEAST = Phrase("criteria.least", "At least 1.", "至少为 1。")
_ORDER = Phrase("criteria.order", "At most the limit for major ({major}).", "不得高于重大界限（{major}）。")
_RATE = Phrase("criteria.rate_range", "Between 0 and 100 %.", "应在 0 与 100 % 之间。")
_LIGHTER = Phrase("criteria.lighter", "A graver tier may not weigh less.", "较重等级的权重不得低于较轻等级。")
_NEGATIVE = Phrase("criteria.negative", "Not below 0.", "不得小于 0。")
_TOO_LARGE = Phrase("criteria.too_large", "At most {most}.", "不得大于 {most}。")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class CriteriaFields:
    """The limits of a version, in pieces of the worst single phenomenon, and what a tier counts in the score."""

    valid_from_on: date
    functional_major: int
    functional_general: int
    appearance_major: int
    appearance_general: int
    low_rate_percent: Decimal
    low_rate_can_lower_major: bool
    weight_major: int
    weight_general: int
    weight_other: int

    def named(self, name: str, version: int) -> Criteria:
        """Return the criteria of that name and version. Raises Invalid with a message per field."""
        problems = self.problems()
        if problems:
            raise Invalid(problems)
        try:
            return Criteria(
                name=name,
                version=version,
                valid_from_on=self.valid_from_on,
                functional_major=self.functional_major,
                functional_general=self.functional_general,
                appearance_major=self.appearance_major,
                appearance_general=self.appearance_general,
                low_rate_percent=self.low_rate_percent,
                low_rate_can_lower_major=self.low_rate_can_lower_major,
                weight_major=self.weight_major,
                weight_general=self.weight_general,
                weight_other=self.weight_other,
            )
        except ImplausibleError as implausible:
            raise Invalid({"": implausible.message}) from implausible

    def problems(self) -> dict[str, Message]:
        """Return what contradicts itself, by field."""
        problems: dict[str, Message] = {}
        for kind in ("functional", "appearance"):
            general, major = getattr(self, f"{kind}_general"), getattr(self, f"{kind}_major")
            if general > major:
                problems[f"{kind}_general"] = _ORDER.say(major=major)
            for name, value in ((f"{kind}_general", general), (f"{kind}_major", major)):
                if value < 1:
                    problems[name] = _LEAST.say()
                elif value > _MOST:
                    problems[name] = _TOO_LARGE.say(most=_MOST)
        if not self.low_rate_percent.is_finite() or not 0 <= self.low_rate_percent <= 100:
            problems["low_rate_percent"] = _RATE.say()
        if self.weight_major < self.weight_general:
            problems["weight_major"] = _LIGHTER.say()
        if self.weight_general < self.weight_other:
            problems["weight_general"] = _LIGHTER.say()
        if self.weight_other < 0:
            problems["weight_other"] = _NEGATIVE.say()
        if self.weight_major > 1000:
            problems["weight_major"] = _TOO_LARGE.say(most=1000)
        return problems


@verb("criteria.version")
def save_criteria(work: Work, *, name: str, version: int, fields: CriteriaFields) -> Done:
    """Save the version after ``version``, the newest that the actor saw; 0 begins a new name.

    Complaints keep the tier they have: the new version classifies what is received from its date on, and a
    running complaint received since then when its counts change. Only the first version of a name may reach
    into the past. Raises NotFound, Stale or Invalid.
    """
    begin(work)
    if version == 0:
        insist_new_name(work, CriteriaRow, name, 60)
    number = next_number(work, CriteriaRow, name, version)
    criteria = fields.named(name, number)
    first = (work.now - timedelta(hours=12)).date()  # still today in the westernmost plant
    if version and fields.valid_from_on < first:
        raise Invalid({"valid_from_on": _PAST.say(first=work.now.date().isoformat())})
    row = CriteriaRow(
        name=name,
        number=number,
        valid_from_on=criteria.valid_from_on,
        document=criteria.as_document(),
        created_at=work.now,
        created_by=work.actor.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("criteria.version_made", subject=criteria.ref, new=criteria.as_document())
    return Done(id=row.id, version=number, number=criteria.ref)
