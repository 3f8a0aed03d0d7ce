"""What a customer objects to in D5: training alone, one more look, no owner, day or proof (procedure 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import CausePath, CorrectiveAction
from eightd.domain.reviewer import lexicon
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Find, Hit, Rule, rule

_D5 = DisciplineCode.D5


def _by_cause(dossier: Dossier) -> Iterator[list[tuple[int, CorrectiveAction]]]:
    """Yield the written actions of each cause, numbered from 1; those without a cause are one group."""
    groups: dict[int | None, list[tuple[int, CorrectiveAction]]] = {}
    for row, action in enumerate(dossier.correction.actions, start=1):
        if action.action.strip():
            groups.setdefault(action.cause, []).append((row, action))
    yield from groups.values()


def is_soft(action: CorrectiveAction) -> bool:
    """Return whether an action changes nothing but what people are told."""
    return lexicon.is_soft(action.action) and (
        lexicon.is_nothing(action.error_proofing) or lexicon.is_soft(action.error_proofing)
    )


def _only_training(dossier: Dossier) -> Iterator[Hit]:
    for group in _by_cause(dossier):
        if all(is_soft(action) for _, action in group):
            for row, action in group:
                yield Hit(_D5, f"actions/{action.key}/action", row, action.action, {"row": row})


def _only_looking(dossier: Dossier) -> Iterator[Hit]:
    causes = dossier.analysis.causes
    for group in _by_cause(dossier):
        cause = group[0][1].cause
        prevents = cause is not None and 0 <= cause < len(causes)
        if not prevents or causes[cause or 0].path is not CausePath.OCCURRENCE:
            continue
        if all(_looks(action) for _, action in group):
            for row, action in group:
                yield Hit(_D5, f"actions/{action.key}/action", row, action.action, {"row": row})


def _looks(action: CorrectiveAction) -> bool:
    return lexicon.is_only_looking(action.action) and lexicon.is_nothing(action.error_proofing)


def _lacks(field: str, lacks: Callable[[CorrectiveAction], bool]) -> Find:
    def find(dossier: Dossier) -> Iterator[Hit]:
        for row, action in enumerate(dossier.correction.actions, start=1):
            if action.action.strip() and lacks(action):
                yield Hit(_D5, f"actions/{action.key}/{field}", row, action.action, {"row": row})

    return find


RULES: tuple[Rule, ...] = (
    rule(
        "d5.only_training",
        Level.STOP,
        _only_training,
        title=("Training or “management” as the only action", "只有培训或“加强管理”"),
        what=(
            "Action {row} is training, awareness or management, and nothing else is done about its cause",
            "第 {row} 项对策只有培训、提高意识或加强管理，该原因没有其他对策",
        ),
        why=(
            "Trained people forget, leave and are replaced; the process stays as it was",
            "人会忘记、会换岗，而过程没有改变",
        ),
        mend=(
            "Add what makes the mistake impossible or visible; training may stand beside it",
            "增加能防止或能发现该错误的措施，培训可作为辅助",
        ),
        basis="procedure 7 D5; IATF 16949 10.2.4",
    ),
    rule(
        "d5.only_inspection",
        Level.WARN,
        _only_looking,
        title=("One more inspection against a cause of occurrence", "用加强检验对付发生原因"),
        what=(
            "Action {row} looks for the defect; nothing is done about its occurrence",
            "第 {row} 项对策只是检查不良，没有消除发生原因",
        ),
        why=(
            "Looking harder finds some of the defects and prevents none",
            "检查只能发现部分不良，不能防止发生",
        ),
        mend=(
            "Act on the cause itself, and keep the inspection for the escape",
            "针对原因本身采取措施，检验作为流出对策",
        ),
        basis="procedure 7 D5; IATF 16949 10.2.4",
    ),
    rule(
        "d5.no_owner",
        Level.WARN,
        _lacks("owner", lambda action: not action.owner.strip()),
        title=("Action without owner", "对策没有负责人"),
        what=("Action {row} has no owner", "第 {row} 项对策没有负责人"),
        why=("Nobody can be asked about it", "无人可问"),
        mend=("Name one person or function", "写明一位人员或岗位"),
        basis="procedure 7 D5",
        gates=("d5_owner",),
    ),
    rule(
        "d5.no_date",
        Level.WARN,
        _lacks("planned_on", lambda action: action.planned_on is None),
        title=("Action without date", "对策没有日期"),
        what=("Action {row} has no planned date", "第 {row} 项对策没有计划日期"),
        why=("Without a date it is an intention", "没有日期只是意向"),
        mend=("Give the day on which it will work", "写明生效日期"),
        basis="procedure 7 D5",
        gates=("d5_planned",),
    ),
    rule(
        "d5.no_proof",
        Level.WARN,
        _lacks("proof", lambda action: lexicon.is_nothing(action.proof)),
        title=("Action without proof before rollout", "对策推行前没有验证"),
        what=(
            "Action {row}: no proof that it works before it is rolled out",
            "第 {row} 项对策：推行前没有有效性验证",
        ),
        why=("An untried action may not work, or do harm", "未经验证的对策可能无效甚至有害"),
        mend=("Try it: how many pieces, with what result", "先行试验，写明件数与结果"),
        basis="procedure 7 D5; IATF 16949 10.2.3",
    ),
    rule(
        "d5.no_error_proofing",
        Level.NOTE,
        _lacks("error_proofing", lambda action: not action.error_proofing.strip()),
        title=("Error-proofing not considered", "未考虑防错"),
        what=("Action {row} says nothing of error-proofing", "第 {row} 项对策未写防错"),
        why=(
            "The standard asks whether the mistake can be made impossible",
            "标准要求考虑能否使错误无法发生",
        ),
        mend=(
            "Name the error-proofing, or say why there can be none",
            "写明防错方法，或说明为什么无法防错",
        ),
        basis="IATF 16949 10.2.4",
    ),
)
