"""What a customer objects to in D4: missing paths, shallow chains, symptoms and people called causes (procedure 7)."""

from __future__ import annotations

from collections.abc import Iterator

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import CausePath, CauseState, RootCause, Why
from eightd.domain.reviewer import lexicon
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Find, Hit, Rule, rule

_D4 = DisciplineCode.D4

FEWEST_WHYS = 3
_SAME = 0.8
_RESTATED = 0.85


def _missing(path: CausePath) -> Find:
    def find(dossier: Dossier) -> Iterator[Hit]:
        begun = _D4 in dossier.answers and not dossier.short
        if begun and all(cause.path is not path for _, cause in dossier.causes()):
            yield Hit(_D4, "causes")

    return find


def branches(whys: tuple[Why, ...]) -> tuple[tuple[Why, ...], ...]:
    """Return every way from the top of the tree to a last why; blank steps are left out."""
    path: list[Why] = []
    found: list[tuple[Why, ...]] = []
    written = [why for why in whys if why.text.strip()]
    for position, why in enumerate(written):
        while path and path[-1].level >= why.level:
            path.pop()
        path.append(why)
        last = position + 1 == len(written) or written[position + 1].level <= why.level
        if last:
            found.append(tuple(path))
    return tuple(found)


def _short_chain(dossier: Dossier) -> Iterator[Hit]:
    for row, cause in dossier.causes():
        depth = max((len(branch) for branch in branches(cause.whys)), default=0)
        if depth < FEWEST_WHYS:
            quote = " → ".join(why.text.strip() for why in cause.whys if why.text.strip())
            yield Hit(_D4, f"causes/{cause.key}/whys", row, quote, {"row": row, "whys": depth})


def _repeating_chain(dossier: Dossier) -> Iterator[Hit]:
    for row, cause in dossier.causes():
        step = _repeated(cause)
        if step is not None:
            yield Hit(_D4, f"causes/{cause.key}/whys/{step.key}/text", row, step.text, {"row": row})


def _repeated(cause: RootCause) -> Why | None:
    for branch in branches(cause.whys):
        for position, step in enumerate(branch):
            if any(lexicon.alike(step.text, earlier.text) >= _SAME for earlier in branch[:position]):
                return step
    return None


def _restated(dossier: Dossier) -> Iterator[Hit]:
    problem = dossier.problem
    symptoms = [line.phenomenon for line in dossier.facts.defects]
    symptoms += [dossier.emergency.symptom, problem.our_words, problem.customer_words, problem.five_w2h.what]
    for row, cause in dossier.causes():
        if cause.path is CausePath.OCCURRENCE and not lexicon.blame(cause.text):
            restated = next(
                (text for text in symptoms if lexicon.covered(cause.text, text) >= _RESTATED), None
            )
            if restated is not None:
                yield Hit(_D4, f"causes/{cause.key}/text", row, cause.text, {"row": row})


def _blames(dossier: Dossier) -> Iterator[Hit]:
    for row, cause in dossier.causes():
        if lexicon.blame(cause.text):
            yield Hit(_D4, f"causes/{cause.key}/text", row, cause.text, {"row": row})
            continue
        for branch in branches(cause.whys):
            if lexicon.blame(branch[-1].text):
                place = f"causes/{cause.key}/whys/{branch[-1].key}/text"
                yield Hit(_D4, place, row, branch[-1].text, {"row": row})


def _no_mechanism(dossier: Dossier) -> Iterator[Hit]:
    for row, cause in dossier.causes():
        if lexicon.is_generic(cause.text) and not lexicon.blame(cause.text):
            yield Hit(_D4, f"causes/{cause.key}/text", row, cause.text, {"row": row})


def _unverified(dossier: Dossier) -> Iterator[Hit]:
    for row, cause in dossier.causes():
        if cause.state is CauseState.HYPOTHESIS or not cause.how.strip():
            yield Hit(_D4, f"causes/{cause.key}/how", row, cause.text, {"row": row})


def _opinion(dossier: Dossier) -> Iterator[Hit]:
    for row, cause in dossier.causes():
        verified = cause.state is CauseState.VERIFIED and cause.how.strip()
        if verified and lexicon.is_opinion(cause.how):
            yield Hit(_D4, f"causes/{cause.key}/how", row, cause.how, {"row": row})


def _shares(dossier: Dossier) -> Iterator[Hit]:
    shares = [cause.share_percent for _, cause in dossier.causes()]
    known = [share for share in shares if share is not None]
    if known and (sum(known) > 100 or (len(known) == len(shares) and sum(known) != 100)):
        yield Hit(_D4, "causes", arguments={"percent": f"{sum(known):f}"})


def _changes(dossier: Dossier) -> Iterator[Hit]:
    answer = dossier.analysis
    told = answer.changes_before.strip() or any(row.change.strip() for row in dossier.problem.is_is_not)
    if _D4 in dossier.answers and not told and not dossier.short:
        yield Hit(_D4, "changes_before")


def _no_fault_found(dossier: Dossier) -> Iterator[Hit]:
    answer = dossier.analysis
    if answer.ntf_quantity and not answer.ntf_text.strip():
        yield Hit(_D4, "ntf_text", arguments={"pieces": answer.ntf_quantity})


RULES: tuple[Rule, ...] = (
    rule(
        "d4.no_occurrence",
        Level.WARN,
        _missing(CausePath.OCCURRENCE),
        title=("No cause of occurrence", "没有发生原因"),
        what=("No cause says why it happened", "没有说明为什么会发生"),
        why=("Without it nothing can be corrected", "没有发生原因就无从纠正"),
        mend=("Name the technical cause that makes the defect", "写明产生该不良的技术原因"),
        basis="procedure 6 gate D4; IATF 16949 10.2.3",
        gates=("d4_occurrence",),
    ),
    rule(
        "d4.no_escape",
        Level.WARN,
        _missing(CausePath.ESCAPE),
        title=("No cause of escape", "没有流出原因"),
        what=("No cause says why it was not found before delivery", "没有说明出货前为什么未检出"),
        why=(
            "The next defect of another kind escapes the same way",
            "下一个不良会从同一个漏洞流出",
        ),
        mend=(
            "Name the first control that could have found it, and why it did not",
            "写明最早应能检出的管控点以及它为什么没有检出",
        ),
        basis="procedure 6 gate D4; IATF 16949 10.2.3",
        gates=("d4_escape",),
    ),
    rule(
        "d4.no_system",
        Level.WARN,
        _missing(CausePath.SYSTEM),
        title=("No system cause", "没有系统原因"),
        what=("No cause says why the system allowed it", "没有说明体系为什么允许它发生"),
        why=(
            "A corrected machine beside an unchanged system fails again elsewhere",
            "只改设备而体系不变，同类问题会在别处再次发生",
        ),
        mend=(
            "Ask why planning, PFMEA, change control or release did not foresee it",
            "追问策划、PFMEA、变更管理或放行为什么没有预见",
        ),
        basis="procedure 7 D4; IATF 16949 10.2.3 e",
    ),
    rule(
        "d4.short_chain",
        Level.WARN,
        _short_chain,
        title=("Chain of fewer than three whys", "5-Why 少于三层"),
        what=(
            "Cause {row}: steps in its chain of whys: {whys}; fewer than three seldom reach a cause",
            "第 {row} 个原因：5-Why 只有 {whys} 层，少于三层很难到达根本原因",
        ),
        why=(
            "A customer reads a short chain as a guess with an arrow",
            "客户会把过短的链视为猜测",
        ),
        mend=(
            "Go on asking until the answer is something that the plant decides: a design, a setting, a rule",
            "继续追问，直到答案是工厂能决定的事：设计、设定或规定",
        ),
        basis="procedure 7 D4; IATF 16949 10.2.3",
    ),
    rule(
        "d4.chain_repeats",
        Level.WARN,
        _repeating_chain,
        title=("Chain that repeats itself", "5-Why 前后重复"),
        what=(
            "Cause {row}: a step says again what stands above it",
            "第 {row} 个原因：有一层重复了上面的内容",
        ),
        why=("A step that repeats the one before explains nothing", "重复上一层等于没有解释"),
        mend=(
            "Write what made the step above happen, seen at the part or in a record",
            "写出造成上一层的事实，以实物或记录为证",
        ),
        basis="procedure 7 D4",
    ),
    rule(
        "d4.restates_symptom",
        Level.WARN,
        _restated,
        title=("Cause restates the symptom", "原因只是重复现象"),
        what=("Cause {row} says what was seen, not why", "第 {row} 个原因写的是现象，不是原因"),
        why=(
            "The customer told us the symptom; it asked for the cause",
            "现象是客户告诉我们的，客户要的是原因",
        ),
        mend=("Name what physically produces the symptom", "写明在物理上产生该现象的机理"),
        basis="procedure 7 D4",
    ),
    rule(
        "d4.blames_person",
        Level.STOP,
        _blames,
        title=("Cause blames a person", "把原因归咎于人"),
        what=(
            "Cause {row} blames a person and names nothing that made the mistake possible",
            "第 {row} 个原因归咎于人，没有写明什么使这个错误成为可能",
        ),
        why=(
            "The next person makes the same mistake; customers return such reports",
            "换一个人还会犯同样的错，客户通常会退回此类报告",
        ),
        mend=(
            "Say why the process let it happen: fixture, instruction, lighting, look-alike parts, no error-proofing",
            "写明流程为什么允许出错：治具、作业指导书、照明、外形相似的零件、没有防呆",
        ),
        basis="procedure 7 D4; IATF 16949 10.2.3, 10.2.4",
    ),
    rule(
        "d4.no_mechanism",
        Level.WARN,
        _no_mechanism,
        title=("Cause names no mechanism", "原因没有机理"),
        what=("Cause {row} would fit any complaint", "第 {row} 个原因放在任何客诉都适用"),
        why=("What fits every case explains none", "处处适用的说法什么也没有解释"),
        mend=(
            "Name the part, the property and the number that was off",
            "写明具体的部位、特性以及偏离的数值",
        ),
        basis="procedure 7 D4",
    ),
    rule(
        "d4.unverified",
        Level.WARN,
        _unverified,
        title=("Cause unverified", "原因未验证"),
        what=("Cause {row} is assumed, not verified", "第 {row} 个原因只是假设，尚未验证"),
        why=(
            "An assumed cause makes every action a trial at the customer's expense",
            "原因未经验证，对策就是拿客户做试验",
        ),
        mend=(
            "Switch it on and off, reproduce it, or show the measurement; write the numbers",
            "做开关试验、再现试验或给出测量结果，并写明数据",
        ),
        basis="procedure 7 D4; IATF 16949 10.2.3",
        gates=("d4_hypothesis", "d4_how"),
    ),
    rule(
        "d4.proof_is_opinion",
        Level.WARN,
        _opinion,
        title=("Proof is an opinion", "验证只是意见"),
        what=(
            "Cause {row}: the proof says only that somebody confirmed it",
            "第 {row} 个原因：验证只写了有人确认",
        ),
        why=("Agreement in a meeting is no evidence", "会议上的共识不是证据"),
        mend=(
            "Write the trial: how many pieces, with and without the cause, how many NG",
            "写明试验：有无该原因各多少件、不良多少件",
        ),
        basis="procedure 7 D4; IATF 16949 10.2.3",
    ),
    rule(
        "d4.shares",
        Level.NOTE,
        _shares,
        title=("Shares do not make a whole", "占比合计不是 100 %"),
        what=("The shares of the causes add up to {percent} %", "各原因占比合计为 {percent} %"),
        why=("Either a cause is missing or one is counted twice", "要么漏了原因，要么重复计算"),
        mend=("Count again, or leave the shares out", "重新统计，或不写占比"),
        basis="procedure 7 D4",
        gates=("d4_share",),
    ),
    rule(
        "d4.changes_not_asked",
        Level.NOTE,
        _changes,
        title=("Nothing said about what changed", "没有说明此前的变化"),
        what=(
            "Neither here nor in IS / IS-NOT is it said what changed before it began",
            "此处与 IS / IS-NOT 均未写明发生前有何变化",
        ),
        why=(
            "A process that ran well for years fails because something changed",
            "长期正常的过程出问题，通常是因为有变化",
        ),
        mend=(
            "List the changes of man, machine, material, method, or “none since …”",
            "列出人机料法的变化，或写“自……起无变化”",
        ),
        basis="procedure 7 D4",
    ),
    rule(
        "d4.ntf_unexplained",
        Level.WARN,
        _no_fault_found,
        title=("No fault found, and no more said", "未发现故障却没有说明"),
        what=(
            "{pieces} pieces showed no fault, and it is not said how they were tested",
            "{pieces} 件未发现故障，但没有说明如何测试",
        ),
        why=(
            "“No fault found” at our bench is still a fault at the customer's",
            "在我方未复现的故障在客户处依然存在",
        ),
        mend=(
            "Say how they were tested, under the customer's conditions too, and what became of them",
            "写明测试方法（含客户条件下的测试）与处置",
        ),
        basis="IATF 16949 10.2.5, 10.2.6",
    ),
)
