"""The shares of the causes, and causes held against actions: nothing left over (procedure 7, D4 and D5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eightd.domain.discipline.answers import CausePath, CorrectiveAction, RootCause
from eightd.domain.words import Message, Phrase

_WHOLE = Decimal(100)

NONE_GIVEN = Phrase("shares.none_given", "No share is given yet", "尚未填写占比")
WHOLE = Phrase("shares.whole", "The shares sum to 100 %", "占比合计 100 %")
WHOLE_EACH = Phrase(
    "shares.whole_each",
    "The shares sum to 100 % for each of occurrence, escape and system that has any",
    "发生、流出、系统各自的占比合计均为 100 %",
)
LEFT = Phrase(
    "shares.left", "The shares sum to {sum} %: {left} % are missing", "占比合计 {sum} %，尚缺 {left} %"
)
OVER = Phrase(
    "shares.over", "The shares sum to {sum} %: {over} % too many", "占比合计 {sum} %，超出 {over} %"
)
WITHOUT_SHARE = Phrase("shares.without_share", "Without a share: {causes}", "未填写占比：{causes}")


@dataclass(frozen=True, slots=True)
class Shares:
    """The sums of the shares in percent; ``by_path`` only paths with a share, ``without`` causes by index."""

    total: Decimal
    by_path: Mapping[CausePath, Decimal]
    without: tuple[int, ...]

    @property
    def is_each_whole(self) -> bool:
        """Return whether every path that has shares sums to 100 % by itself."""
        return bool(self.by_path) and all(sum_ == _WHOLE for sum_ in self.by_path.values())

    @property
    def is_whole(self) -> bool:
        """Return whether the shares explain everything: 100 % over all causes, or of each path by itself."""
        return self.total == _WHOLE or self.is_each_whole

    @property
    def over(self) -> Decimal:
        """Return by how much the shares exceed 100 %; 0 where they do not."""
        return Decimal(0) if self.is_whole else max(Decimal(0), self.total - _WHOLE)

    @property
    def missing(self) -> Decimal:
        """Return what is missing to 100 %; 0 where nothing is."""
        return Decimal(0) if self.is_whole else max(Decimal(0), _WHOLE - self.total)

    def says(self) -> tuple[Message, ...]:
        """Return the sums in words, and which causes have no share although others have."""
        if not self.by_path:
            return (NONE_GIVEN.say(),)
        said = [self._sum()]
        if self.without:
            said.append(WITHOUT_SHARE.say(causes=", ".join(cause_code(at) for at in self.without)))
        return tuple(said)

    def _sum(self) -> Message:
        if self.total == _WHOLE:
            return WHOLE.say()
        if self.is_each_whole:
            return WHOLE_EACH.say()
        if self.over:
            return OVER.say(sum=plain(self.total), over=plain(self.over))
        return LEFT.say(sum=plain(self.total), left=plain(self.missing))


@dataclass(frozen=True, slots=True)
class Cover:
    """Causes against actions by index: ``actions_of`` each cause, and what is left over on either side."""

    actions_of: tuple[tuple[int, ...], ...]
    uncovered: tuple[int, ...]
    astray: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Return whether every cause has an action and every action a cause."""
        return not self.uncovered and not self.astray


def shares(causes: Sequence[RootCause]) -> Shares:
    """Sum the shares of the causes. A cause without text and share is no cause yet."""
    by_path: dict[CausePath, Decimal] = {}
    for cause in causes:
        if cause.share_percent is not None:
            by_path[cause.path] = by_path.get(cause.path, Decimal(0)) + cause.share_percent
    return Shares(
        total=sum(by_path.values(), Decimal(0)),
        by_path=by_path,
        without=tuple(
            at for at, cause in enumerate(causes) if cause.share_percent is None and cause.text.strip()
        ),
    )


def cover(causes: Sequence[RootCause], actions: Sequence[CorrectiveAction]) -> Cover:
    """Hold the causes against the actions; an action without a text answers nothing and is not counted."""
    said = [(at, action.cause) for at, action in enumerate(actions) if action.action.strip()]
    actions_of = tuple(tuple(at for at, cause in said if cause == index) for index in range(len(causes)))
    return Cover(
        actions_of,
        tuple(index for index, own in enumerate(actions_of) if not own),
        tuple(at for at, cause in said if cause is None or not 0 <= cause < len(causes)),
    )


def cause_code(index: int) -> str:
    """Return the short name by which the fishbone and actions refer to a cause; ``index`` counts from 0."""
    return f"C{index + 1}"


def action_code(index: int) -> str:
    """Return the short name of an action; ``index`` counts from 0."""
    return f"A{index + 1}"


def plain(value: Decimal) -> str:
    """Return a number as people write it: without exponent and without idle zeros."""
    return f"{value.normalize():f}"
