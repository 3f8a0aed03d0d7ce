"""What a sample really proves: limits of a share of defects, before against after, the sample a claim needs.

The limits are exact ones (Clopper and Pearson 1934), the comparison is Fisher's exact test, one-sided, for D6 of
procedure 7: no sample size without what it is good for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from eightd.domain.discipline.answers import Validation
from eightd.domain.words import Message, Phrase

CONFIDENCE = 0.95
MOST_PIECES = 10**10
"""No sample larger than this is searched for."""

_LARGE = 1_000_000  # found and not found both above it: the normal limits agree to six places

LIMIT = Phrase(
    "effect.limit",
    "{ng} of {size}: with 95 % confidence below {limit} %",
    "{size} 件中 {ng} 件不良：95 % 置信度下不良率低于 {limit} %",
)
NO_LIMIT = Phrase(
    "effect.no_limit", "{ng} of {size}: every piece failed", "{size} 件中 {ng} 件不良：全部不良"
)
BETTER = Phrase(
    "effect.better",
    "Better than before beyond chance (p {p})",
    "较改善前的好转不是偶然（p {p}）",
)
MAYBE_CHANCE = Phrase(
    "effect.maybe_chance",
    "The difference from before may be chance (p {p}): a larger sample is needed",
    "与改善前的差异可能出于偶然（p {p}），需要更大的样本",
)
NOT_BETTER = Phrase("effect.not_better", "Not better than before", "未优于改善前")
WANTED = Phrase(
    "effect.wanted",
    "Without a defect, {pieces} pieces would show it",
    "若无不良，需 {pieces} 件方可证明",
)
TOO_MANY_AFTER = Phrase("effect.too_many_after", "NG after exceeds the sample size", "改善后不良数大于样本数")
TOO_MANY_BEFORE = Phrase(
    "effect.too_many_before", "NG before exceeds the pieces before", "改善前不良数大于改善前件数"
)
CLAIM = Phrase(
    "effect.claim",
    "To claim at most {limit} % without a defect, {pieces} pieces are needed",
    "要在无不良时声称不高于 {limit} %，需要 {pieces} 件",
)


class Change(StrEnum):
    """What the comparison of before and after says."""

    UNKNOWN = "unknown"
    BETTER = "better"
    MAYBE_CHANCE = "maybe_chance"
    NOT_BETTER = "not_better"


@dataclass(frozen=True, slots=True)
class Counted:
    """Defects found in a sample, and the two-sided 95 % limits of their share (0–1)."""

    ng: int
    size: int
    lower: float
    upper: float

    @property
    def share(self) -> float:
        """Return the share found, 0–1."""
        return self.ng / self.size


@dataclass(frozen=True, slots=True)
class Proof:
    """What the counts of one validation prove; ``before`` None where nothing was counted before.

    ``limit`` is the one-sided upper bound (0–1) of the share after; ``chance`` the probability that no more
    defects than found would turn up although nothing had changed.
    """

    after: Counted
    limit: float
    before: Counted | None = None
    chance: float | None = None

    @property
    def change(self) -> Change:
        """Return what the comparison says."""
        if self.before is None or self.chance is None:
            return Change.UNKNOWN
        if self.after.share >= self.before.share:
            return Change.NOT_BETTER
        return Change.BETTER if self.chance <= 1 - CONFIDENCE else Change.MAYBE_CHANCE

    def says(self) -> tuple[Message, ...]:
        """Return the limit, the comparison and, where that shows nothing yet, the sample it would take."""
        counts = {"ng": f"{self.after.ng:,}", "size": f"{self.after.size:,}"}
        said = [
            NO_LIMIT.say(**counts) if self.limit >= 1 else LIMIT.say(**counts, limit=per_cent(self.limit))
        ]
        if self.before is None or self.chance is None:
            return tuple(said)
        if self.change is Change.NOT_BETTER:
            return (*said, NOT_BETTER.say())
        if self.change is Change.BETTER:
            return (*said, BETTER.say(p=probability(self.chance)))
        said.append(MAYBE_CHANCE.say(p=probability(self.chance)))
        wanted = needed_after(self.before.ng, self.before.size)
        if wanted is not None:
            said.append(WANTED.say(pieces=f"{wanted:,}"))
        return tuple(said)


def proof(row: Validation) -> Proof | None:
    """Return what a validation's counts prove; None without both numbers after, or where they cannot be."""
    if row.after_ng is None or not row.sample_size or contradictions(row):
        return None
    after = counted(row.after_ng, row.sample_size)
    limit = upper_limit(row.after_ng, row.sample_size)
    if row.before_ng is None or not row.before_size:
        return Proof(after, limit)
    before = counted(row.before_ng, row.before_size)
    chance = chance_of(row.before_ng, row.before_size, row.after_ng, row.sample_size)
    return Proof(after, limit, before, chance)


def contradictions(row: Validation) -> dict[str, Message]:
    """Return what contradicts itself in a validation's counts, by field."""
    found: dict[str, Message] = {}
    if row.after_ng is not None and row.sample_size is not None and row.after_ng > row.sample_size:
        found["after_ng"] = TOO_MANY_AFTER.say()
    if row.before_ng is not None and row.before_size is not None and row.before_ng > row.before_size:
        found["before_ng"] = TOO_MANY_BEFORE.say()
    return found


def counted(ng: int, size: int) -> Counted:
    """Return a count with its two-sided limits. Raises ValueError unless 0 ≤ ``ng`` ≤ ``size`` and ``size`` ≥ 1."""
    tail = (1 - CONFIDENCE) / 2
    return Counted(ng, size, 1 - _limit(size - ng, size, tail), _limit(ng, size, tail))


def upper_limit(ng: int, size: int, confidence: float = CONFIDENCE) -> float:
    """Return the exact one-sided upper bound of the share (0–1) for ``ng`` defects in ``size`` pieces.

    1 where every piece failed. Raises ValueError unless 0 ≤ ``ng`` ≤ ``size`` and ``size`` ≥ 1.
    """
    return _limit(ng, size, 1 - confidence)


def needed(limit: float, ng: int = 0, confidence: float = CONFIDENCE) -> int:
    """Return the smallest sample in which ``ng`` defects still bound the share at or below ``limit`` (0–1).

    0.001 without a defect takes 2,995 pieces. Raises ValueError unless 0 < ``limit`` < 1, and where it would
    take more than ``MOST_PIECES``.
    """
    if not 0 < limit < 1:
        raise ValueError("a limit lies between 0 and 1")
    found = _smallest(ng + 1, lambda size: upper_limit(ng, size, confidence) <= limit)
    if found is None:
        raise ValueError(f"no sample shows {limit} with {ng} found")
    return found


def claim(limit: float) -> Message:
    """Return in words what the claim takes that at most ``limit`` (0–1) is defective."""
    return CLAIM.say(limit=per_cent(limit), pieces=f"{needed(limit):,}")


def needed_after(before_ng: int, before_size: int) -> int | None:
    """Return the smallest sample without a defect that is better than before beyond chance.

    None where nothing was found before: no sample shows that it got better.
    """
    if before_ng == 0:
        return None
    return _smallest(1, lambda size: chance_of(before_ng, before_size, 0, size) <= 1 - CONFIDENCE)


def chance_of(before_ng: int, before_size: int, after_ng: int, after_size: int) -> float:
    """Return Fisher's one-sided probability of at most ``after_ng`` defects after, had nothing changed.

    Raises ValueError for counts that cannot be.
    """
    _check(before_ng, before_size)
    _check(after_ng, after_size)
    defects, pieces = before_ng + after_ng, before_size + after_size
    least, most = max(0, defects - before_size), min(defects, after_size)

    def weight(found: int) -> float:
        return math.exp(
            _log_choose(after_size, found)
            + _log_choose(before_size, defects - found)
            - _log_choose(pieces, defects)
        )

    expected = defects * after_size / pieces
    if after_ng <= expected:  # terms fall off towards fewer: the sum is short
        term, total, found = weight(after_ng), 0.0, after_ng
        while found >= least and term > total * 1e-17:
            total += term
            ways = (after_size - found + 1) * (defects - found + 1)
            term *= found * (before_size - defects + found) / ways
            found -= 1
        return min(1.0, total)
    term, total, found = weight(after_ng + 1) if after_ng < most else 0.0, 0.0, after_ng + 1
    while found <= most and term > total * 1e-17:
        total += term
        ways = (found + 1) * (before_size - defects + found + 1)
        term *= (after_size - found) * (defects - found) / ways
        found += 1
    return max(0.0, 1.0 - total)


def per_cent(share: float) -> str:
    """Return a bound as a percentage with two significant digits, rounded up: it must not say too much."""
    value = Decimal(repr(share * 100))
    if value <= 0:
        return "0"
    places = Decimal(1).scaleb(value.adjusted() - 1)
    return f"{min(Decimal(100), value.quantize(places, ROUND_CEILING)).normalize():f}"


def probability(value: float) -> str:
    """Return ``= 0.29``, a probability with two significant digits; very small ones as ``< 0.0001``."""
    return "< 0.0001" if value < 0.0001 else f"= {Decimal(f'{value:.2g}'):f}"


def _limit(ng: int, size: int, tail: float) -> float:
    """Return the share at which ``ng`` or fewer of ``size`` turn up with probability ``tail``."""
    _check(ng, size)
    if ng == size:
        return 1.0
    if ng == 0:
        return -math.expm1(math.log(tail) / size)
    if min(ng, size - ng) > _LARGE:
        return _normal_limit(ng, size, tail)
    low, high = ng / size, 1.0
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if _tail(ng, size, middle) > tail:
            low = middle
        else:
            high = middle
    return high


def _tail(ng: int, size: int, share: float) -> float:
    """Return the probability of ``ng`` or fewer in ``size``, for a ``share`` above what was found.

    Terms fall off towards fewer, so the sum ends where they no longer count.
    """
    term = math.exp(_log_choose(size, ng) + ng * math.log(share) + (size - ng) * math.log1p(-share))
    total, found, odds = 0.0, ng, (1 - share) / share
    while found >= 0 and term > total * 1e-17:
        total += term
        term *= found * odds / (size - found + 1)
        found -= 1
    return total


def _normal_limit(ng: int, size: int, tail: float) -> float:
    """Return Wilson's limit with a half piece added: for counts at which exact sums only take time."""
    score = _normal_score(tail)
    found = (ng + 0.5) / size
    square = score * score / size
    spread = score * math.sqrt(found * (1 - found) / size + square / (4 * size))
    return min(1.0, (found + square / 2 + spread) / (1 + square))


def _normal_score(tail: float) -> float:
    """Return how many standard deviations leave ``tail`` above them."""
    low, high = 0.0, 40.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        if math.erfc(middle / math.sqrt(2)) / 2 > tail:
            low = middle
        else:
            high = middle
    return low


def _smallest(start: int, suffices: Callable[[int], bool]) -> int | None:
    """Return the smallest size from ``start`` that suffices, if one up to ``MOST_PIECES`` does."""
    high = start
    while not suffices(high):
        high *= 2
        if high > MOST_PIECES:
            return None
    low = max(start - 1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        if suffices(middle):
            high = middle
        else:
            low = middle
    return high


def _log_choose(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)


def _check(ng: int, size: int) -> None:
    if size < 1 or not 0 <= ng <= size:
        raise ValueError(f"{ng} of {size} cannot be")
