"""What an 8D is worth, 0 to 3 per discipline: the criteria as a table, and the program's own score by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ANSWER_TYPES, Answer
from eightd.domain.discipline.scores import HIGHEST
from eightd.domain.discipline.texts import keyed
from eightd.domain.reviewer.findings import Level, Objection
from eightd.domain.words import Phrase
from eightd.domain.workflow.content import Finding, Severity

GENERAL: tuple[Phrase, ...] = (
    Phrase("scoring.0", "Nothing that could be judged", "没有可评价的内容"),
    Phrase(
        "scoring.1",
        "What a gate asks for is missing, or two kinds of warnings or more stand, or one that stops",
        "缺少关卡要求的内容，或有两类及以上警告，或有一项禁止提交的发现",
    ),
    Phrase("scoring.2", "Complete; warnings of one kind stand", "内容完整；仍有一类警告"),
    Phrase(
        "scoring.3", "Complete, and a sceptical customer finds nothing", "内容完整，挑剔的客户也找不到问题"
    ),
)
"""How the program scores, from 0 up; notes lower nothing."""


def _row(code: DisciplineCode, *texts: tuple[str, str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(f"scoring.{code.value.lower()}.{score}", *text) for score, text in enumerate(texts))


_D = DisciplineCode

CRITERIA: Mapping[DisciplineCode, tuple[Phrase, ...]] = {
    _D.D0: _row(
        _D.D0,
        ("No emergency action", "没有紧急措施"),
        ("Action named, effect unknown", "有措施，效果不明"),
        ("Action with effect, not verified at the customer", "有措施与效果，未在客户处确认"),
        ("Action, effect in %, verified with day and place", "措施、效果百分比、确认的时间与地点齐全"),
    ),
    _D.D1: _row(
        _D.D1,
        ("No team", "没有小组"),
        ("A leader, or members without names", "只有组长，或成员无姓名"),
        ("Named team, one side of the process missing", "成员具名，但缺少过程的某一方"),
        ("Champion, leader and members of every department concerned", "发起人、组长及所有相关部门成员齐全"),
    ),
    _D.D2: _row(
        _D.D2,
        ("The customer's words copied", "只抄了客户的描述"),
        ("Described, without numbers", "有描述，没有数字"),
        ("Quantities and values, not set against what is good", "有数量与数值，没有与良品对比"),
        (
            "5W2H, value against limit, IS / IS-NOT with distinctions",
            "5W2H、实测对规格、IS / IS-NOT 及差异齐全",
        ),
    ),
    _D.D3: _row(
        _D.D3,
        ("Nothing contained", "没有围堵"),
        ("Places or quantities missing", "缺少地点或数量"),
        ("All places counted, sum or proof open", "各地点已清点，合计或验证未完成"),
        (
            "Every place counted and reconciled, action proven, first clean lot named",
            "各地点清点并核对平衡，措施已验证，首个良品批次明确",
        ),
    ),
    _D.D4: _row(
        _D.D4,
        ("The symptom again, or a person blamed", "重复现象，或归咎于人"),
        ("A cause, but escape missing or unproven", "有原因，但缺少流出原因或未验证"),
        (
            "Occurrence and escape proven, system or a chain weak",
            "发生与流出原因已验证，系统原因或 5-Why 偏弱",
        ),
        (
            "Occurrence, escape and system, each switched on and off, chains down to what the plant decides",
            "发生、流出、系统原因均经开关验证，5-Why 追到工厂能决定的事",
        ),
    ),
    _D.D5: _row(
        _D.D5,
        ("No action, or training alone", "没有对策，或只有培训"),
        (
            "Actions, a cause without one, or without owner and date",
            "有对策，但有原因无对策，或缺负责人与日期",
        ),
        ("An action for every cause, proof or error-proofing open", "每个原因有对策，验证或防错未完成"),
        (
            "Each cause error-proofed or argued, proven before rollout",
            "每个原因已防错或说明理由，推行前已验证",
        ),
    ),
    _D.D6: _row(
        _D.D6,
        ("“Effective”", "只写“有效”"),
        ("Done, without numbers", "已实施，没有数据"),
        ("Before and after with sample and window, one of them weak", "有前后对比、样本与期间，其中一项偏弱"),
        (
            "Sample large enough for the claim, from which lot, interim action ended after it",
            "样本足以支持结论，生效批次明确，其后结束临时措施",
        ),
    ),
    _D.D7: _row(
        _D.D7,
        ("Nothing revised", "没有修订"),
        ("Documents named, no revision or no read-across", "列出文件，但无版本或无水平展开"),
        ("Revised and read across, PFMEA or control plan open", "已修订并展开，PFMEA 或控制计划未评审"),
        (
            "PFMEA, control plan and instruction with revisions or reasons, read-across decided, a lesson",
            "PFMEA、控制计划、作业指导书有版本或理由，水平展开有结论，有经验教训",
        ),
    ),
    _D.D8: _row(
        _D.D8,
        ("No result", "没有结果"),
        ("“No complaints since”", "只写“之后无客诉”"),
        ("Result over some lots", "有若干批次的结果"),
        (
            "Lots or pieces watched with their NG, cost, the customer's verdict",
            "跟踪批数或件数及不良、成本、客户结论齐全",
        ),
    ),
}
"""What each score means, from 0 up: for the CQE's own score and to read the program's by."""


def score(answer: Answer | None, objections: Iterable[Objection], findings: Iterable[Finding]) -> int:
    """Return the program's score: ``objections`` are those that stand on the discipline, ``findings`` its gates'.

    What a person let stand no longer counts, so ``objections`` must not hold it. An empty answer is worth nothing.
    """
    if answer is None or is_empty(answer):
        return 0
    stands = list(objections)
    stops = any(one.level is Level.STOP for one in stands)
    blocked = any(finding.severity is Severity.BLOCKS for finding in findings)
    kinds = {one.rule for one in stands if one.level is Level.WARN}
    if stops or blocked or len(kinds) > 1:
        return 1
    return HIGHEST - len(kinds)


def is_empty(answer: Answer) -> bool:
    """Return whether nothing was written into the answer."""
    return keyed(answer) == ANSWER_TYPES[_code_of(answer)](written_in=answer.written_in)


def _code_of(answer: Answer) -> DisciplineCode:
    return next(code for code, kind in ANSWER_TYPES.items() if isinstance(answer, kind))
