"""What a customer objects to in D6: proof without numbers, samples too small (procedure 6, 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil, log

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Validation
from eightd.domain.reviewer import lexicon, numbers
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Find, Hit, Rule, rule
from eightd.domain.words import Argument, Message

_D6 = DisciplineCode.D6

_CHANCE = 0.05
"""A result that would come about by chance more often than this proves nothing."""


def _lacks(field: str, lacks: Callable[[Validation], bool]) -> Find:
    def find(dossier: Dossier) -> Iterator[Hit]:
        for row, validation in enumerate(dossier.validation.validations, start=1):
            if lacks(validation):
                yield Hit(_D6, f"validations/{validation.key}/{field}", row, arguments={"row": row})

    return find


def _no_sample(validation: Validation) -> bool:
    return not validation.sample_size


def _no_window(validation: Validation) -> bool:
    return lexicon.is_nothing(validation.window)


def _no_comparison(validation: Validation) -> bool:
    before = validation.before.strip() or validation.before_ng is not None
    after = validation.after.strip() or validation.after_ng is not None
    return not before or not after


def rate_before(validation: Validation) -> float | None:
    """Return the share NG before, from the numbers or else from the words; None where neither says."""
    if validation.before_ng is not None and validation.before_size:
        return validation.before_ng / validation.before_size
    return numbers.rate(validation.before)


def rate_after(validation: Validation) -> float | None:
    """Return the share NG after."""
    if validation.after_ng is not None and validation.sample_size:
        return validation.after_ng / validation.sample_size
    return numbers.rate(validation.after)


def pieces_needed(before: float) -> int:
    """Return how many pieces without NG it takes, so that chance alone would give them once in twenty times."""
    return ceil(log(_CHANCE) / log(1 - before))


def _too_small(dossier: Dossier) -> Iterator[Hit]:
    for row, validation in enumerate(dossier.validation.validations, start=1):
        before, size = rate_before(validation), validation.sample_size
        if not size or rate_after(validation) != 0.0 or before is None or not 0 < before < 1:
            continue
        needed = pieces_needed(before)
        if size < needed:
            said: dict[str, Argument | Message] = {
                "row": row,
                "size": size,
                "needed": needed,
                "percent": f"{before * 100:.3g}",
            }
            yield Hit(_D6, f"validations/{validation.key}/sample_size", row, validation.after, said)


def _no_better(dossier: Dossier) -> Iterator[Hit]:
    for row, validation in enumerate(dossier.validation.validations, start=1):
        before = validation.before_ng is not None and bool(validation.before_size)
        after = validation.after_ng is not None and bool(validation.sample_size)
        if before and after and (rate_after(validation) or 0) >= (rate_before(validation) or 0) > 0:
            yield Hit(_D6, f"validations/{validation.key}/after_ng", row, validation.after, {"row": row})


def _wordy(dossier: Dossier) -> Iterator[Hit]:
    for row, validation in enumerate(dossier.validation.validations, start=1):
        if validation.after_ng is None and lexicon.is_satisfied(validation.after):
            yield Hit(_D6, f"validations/{validation.key}/after", row, validation.after, {"row": row})


def _interim(dossier: Dossier) -> Iterator[Hit]:
    held = any(action.what.strip() for action in dossier.containment.actions)
    if _D6 in dossier.answers and held and dossier.validation.interim_ended_on is None:
        yield Hit(_D6, "interim_ended_on")


RULES: tuple[Rule, ...] = (
    rule(
        "d6.no_sample",
        Level.WARN,
        _lacks("sample_size", _no_sample),
        title=("Effectiveness without sample size", "有效性没有样本数"),
        what=("Proof {row} has no sample size", "第 {row} 项验证没有样本数"),
        why=("“No more defects” of how many?", "“没有不良”是多少件里没有？"),
        mend=("Write how many pieces were looked at", "写明检查了多少件"),
        basis="procedure 6 gate D6; IATF 16949 10.2.3",
        gates=("d6_sample",),
    ),
    rule(
        "d6.no_window",
        Level.WARN,
        _lacks("window", _no_window),
        title=("Effectiveness without window", "有效性没有验证期间"),
        what=(
            "Proof {row} does not say over which days or lots",
            "第 {row} 项验证没有写明日期或批次范围",
        ),
        why=(
            "A good hour proves nothing about the next night shift",
            "一个小时的良好不能证明之后的班次",
        ),
        mend=("Write the days or the lots that were watched", "写明跟踪的日期或批次"),
        basis="procedure 6 gate D6",
        gates=("d6_window",),
    ),
    rule(
        "d6.no_before_after",
        Level.WARN,
        _lacks("before", _no_comparison),
        title=("Effectiveness without before or after", "有效性没有改善前后对比"),
        what=("Proof {row} does not compare before and after", "第 {row} 项验证没有改善前后对比"),
        why=("Without the state before nobody sees an improvement", "没有改善前的数据就看不出改善"),
        mend=("Write both in the same unit", "以相同单位写明前后数据"),
        basis="procedure 6 gate D6",
        gates=("d6_before", "d6_after"),
    ),
    rule(
        "d6.sample_too_small",
        Level.WARN,
        _too_small,
        title=("Sample too small for the claim", "样本太小，不足以支持结论"),
        what=(
            "Proof {row}: none of {size} is no proof where {percent} % were NG before; it takes {needed}",
            "第 {row} 项验证：改善前不良率 {percent} %，{size} 件无不良不足以证明，至少需要 {needed} 件",
        ),
        why=(
            "With the old rate so few pieces would often have shown nothing either",
            "即使不良率没有改变，这么少的样本也常常看不到不良",
        ),
        mend=("Look at more pieces, or provoke the defect on purpose", "增加样本，或有意施加诱发条件"),
        basis="procedure 7 D6; IATF 16949 10.2.3; binomial, 95 %",
    ),
    rule(
        "d6.no_better",
        Level.WARN,
        _no_better,
        title=("No better than before", "没有改善"),
        what=(
            "Proof {row}: the share NG after is not below that before",
            "第 {row} 项验证：改善后不良率并不低于改善前",
        ),
        why=("The action does not work, or the numbers are mixed up", "对策无效，或数据写反"),
        mend=("Check the numbers; otherwise go back to D4", "核对数据，否则回到 D4"),
        basis="procedure 7 D6",
    ),
    rule(
        "d6.result_without_number",
        Level.WARN,
        _wordy,
        title=("Result without a number", "结果没有数字"),
        what=(
            "Proof {row} calls the result good instead of giving it",
            "第 {row} 项验证只说结果良好，没有数据",
        ),
        why=("“OK” cannot be compared with what was before", "“OK”无法与改善前比较"),
        mend=("Write the number of NG and of pieces", "写明不良数与样本数"),
        basis="procedure 7 D6",
    ),
    rule(
        "d6.interim_not_ended",
        Level.WARN,
        _interim,
        title=("Interim action never ended", "临时措施没有结束"),
        what=("The interim action of D3 has no end", "D3 的临时措施没有结束日期"),
        why=(
            "Either the correction is not trusted, or sorting is forgotten until it is paid for",
            "要么对策不可信，要么挑选被遗忘、费用持续发生",
        ),
        mend=("Give the day on which it ended, after the proof", "写明验证后结束的日期"),
        basis="procedure 6 gate D6",
        gates=("d6_interim",),
    ),
)
