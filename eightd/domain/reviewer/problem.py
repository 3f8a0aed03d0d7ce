"""What a customer objects to in D0, D1, D2 and D8: problems without numbers, teams and watches that prove nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import CauseState
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Hit, Rule, rule

_D = DisciplineCode


def _not_counted(dossier: Dossier) -> Iterator[Hit]:
    problem = dossier.problem
    if _D.D2 not in dossier.answers:
        return
    said = (problem.our_words, problem.five_w2h.how_many, problem.five_w2h.what, problem.actual)
    if not any(re.search(r"\d", text) for text in said):
        yield Hit(_D.D2, "five_w2h/how_many", quote=problem.five_w2h.how_many)


def _not_compared(dossier: Dossier) -> Iterator[Hit]:
    rows = dossier.problem.is_is_not
    filled = any(row.is_.strip() and row.is_not.strip() for row in rows)
    if _D.D2 in dossier.answers and not filled and not dossier.short:
        yield Hit(_D.D2, "is_is_not")


def _unproven_emergency(dossier: Dossier) -> Iterator[Hit]:
    answer = dossier.emergency
    if answer.action.strip() and answer.effect_percent is None and not answer.verified.strip():
        yield Hit(_D.D0, "verified", quote=answer.action)


def _one_department(dossier: Dossier) -> Iterator[Hit]:
    members = [one for one in dossier.team.members if one.name.strip()]
    departments = {one.department.strip().lower() for one in members}
    if members and len(departments) == 1 and not dossier.short:
        yield Hit(_D.D1, "members", quote=members[0].department)


def _watch_unmeasured(dossier: Dossier) -> Iterator[Hit]:
    watch = dossier.closure.watch
    if watch.strip() and not re.search(r"\d|[一二三四五六七八九十两]+(?:批|周|个?月|天)", watch):
        yield Hit(_D.D8, "watch", quote=watch)


def _all_assumed(dossier: Dossier) -> Iterator[Hit]:
    causes = [cause for _, cause in dossier.causes()]
    done = _D.D6 in dossier.answers and any(one.done_on for one in dossier.validation.validations)
    if done and causes and all(cause.state is CauseState.HYPOTHESIS for cause in causes):
        yield Hit(_D.D6, "validations")


RULES: tuple[Rule, ...] = (
    rule(
        "d0.unproven",
        Level.NOTE,
        _unproven_emergency,
        title=("Emergency action not verified", "紧急措施未验证"),
        what=("Nothing says that the emergency action worked", "没有说明紧急措施是否有效"),
        why=("The customer's line runs on it", "客户产线依赖该措施"),
        mend=(
            "Write its effect in %, and how and when it was seen",
            "写明效果百分比以及如何、何时确认",
        ),
        basis="procedure 7 D0",
    ),
    rule(
        "d1.one_department",
        Level.NOTE,
        _one_department,
        title=("Team of one department", "小组只有一个部门"),
        what=("All members come from one department", "全部成员来自同一部门"),
        why=("A cause in another department is not found", "其他部门的原因难以被发现"),
        mend=("Add who runs the process and who planned it", "加入过程执行与策划部门的人员"),
        basis="procedure 7 D1; IATF 16949 10.2.3",
    ),
    rule(
        "d2.not_counted",
        Level.WARN,
        _not_counted,
        title=("Problem without a number", "问题没有数字"),
        what=("Neither quantity nor measured value is given", "既没有数量也没有测量值"),
        why=(
            "Without a number nobody can say later that it became better",
            "没有数字，以后就无法说明是否改善",
        ),
        mend=(
            "Write pieces NG of pieces inspected, and the value against its limit",
            "写明不良数／检查数以及实测值与规格",
        ),
        basis="procedure 7 D2",
        gates=("d2_how_many",),
    ),
    rule(
        "d2.not_compared",
        Level.NOTE,
        _not_compared,
        title=("No IS / IS-NOT", "没有 IS / IS-NOT 对比"),
        what=(
            "No row says where the problem is and where it is not",
            "没有一行写明问题在哪里、不在哪里",
        ),
        why=("The difference between the two leads to the cause", "两者的差别指向原因"),
        mend=(
            "Fill at least one row: the like product, line or week that is good",
            "至少填一行：正常的同类产品、产线或周次",
        ),
        basis="procedure 7 D2",
    ),
    rule(
        "d6.causes_assumed",
        Level.WARN,
        _all_assumed,
        title=("Proof of actions against assumed causes", "针对假设原因的验证"),
        what=(
            "Actions are proven, and every cause is still a hypothesis",
            "对策已验证，而所有原因仍是假设",
        ),
        why=("Nobody knows why it became better", "不知道为什么会改善"),
        mend=("Verify the causes in D4", "在 D4 验证原因"),
        basis="procedure 6 gate D4",
    ),
    rule(
        "d8.watch_unmeasured",
        Level.WARN,
        _watch_unmeasured,
        title=("Watch without a number", "效果跟踪没有数字"),
        what=(
            "The result of the watch names neither lots, pieces nor days",
            "效果跟踪没有写明批数、件数或天数",
        ),
        why=(
            "“No complaints since” may mean that nothing was delivered",
            "“之后无客诉”可能只是没有交付",
        ),
        mend=(
            "Write the lots or pieces delivered since, and the NG among them",
            "写明此后交付的批数或件数及其中的不良",
        ),
        basis="procedure 10",
    ),
)
