"""What each discipline's answer must contain before it is submitted and accepted (procedure 6 and 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    ANSWER_TYPES,
    ActionAnswer,
    Answer,
    CauseAnswer,
    CausePath,
    CauseState,
    ClosureAnswer,
    ContainmentAnswer,
    CorrectiveAction,
    DocumentChange,
    DocumentType,
    EmergencyAnswer,
    Fishbone,
    FishboneCause,
    FishboneState,
    PreventionAnswer,
    ProblemAnswer,
    RootCause,
    TeamAnswer,
    Validation,
    ValidationAnswer,
)
from eightd.domain.discipline.shares import shares
from eightd.domain.discipline.stock import balance, contradictions
from eightd.domain.words import Argument, Message, Phrase
from eightd.domain.workflow.form import form_in_force
from eightd.domain.workflow.snapshot import ComplaintSnapshot, ReportForm


class Severity(StrEnum):
    """Whether a finding blocks or is only shown."""

    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed about an answer."""

    severity: Severity
    message: Message


EMPTY = Phrase("content.empty", "Nothing has been filled in yet", "尚未填写任何内容")
D0_SYMPTOM = Phrase("content.d0_symptom", "D0: the symptom is missing", "D0：缺少症状")
D0_ACTION = Phrase("content.d0_action", "D0: the emergency action is missing", "D0：缺少紧急措施")
D1_LEADER = Phrase("content.d1_leader", "D1: the team has no leader", "D1：小组没有组长")
D1_MEMBER = Phrase("content.d1_member", "D1: the team has no member with a name", "D1：小组没有具名成员")
D2_WORDS = Phrase(
    "content.d2_words",
    "D2: the problem is described neither in the customer's words nor in ours",
    "D2：既没有客户的描述，也没有我方的描述",
)
D2_WHAT = Phrase("content.d2_what", "D2: 5W2H does not say what", "D2：5W2H 未填写“何事”")
D2_HOW_MANY = Phrase("content.d2_how_many", "D2: 5W2H does not say how many", "D2：5W2H 未填写“多少”")
D3_STOCK = Phrase(
    "content.d3_stock", "D3: the stock table has no place with a quantity", "D3：库存表中没有填写数量的地点"
)
D3_ACTION = Phrase(
    "content.d3_action",
    "D3: there is neither an interim action nor a disposition for every place",
    "D3：没有临时措施，也没有逐一填写各地点的处置",
)
D3_UNACCOUNTED = Phrase(
    "content.d3_unaccounted",
    "D3: {pieces} of {delivered} pieces delivered are unaccounted for and no reason is given",
    "D3：已交付的 {delivered} 件中有 {pieces} 件去向不明且未说明原因",
)
D3_TOO_MANY = Phrase(
    "content.d3_too_many",
    "D3: {pieces} pieces more were found than the {delivered} delivered",
    "D3：找到的数量比已交付的 {delivered} 件多 {pieces} 件",
)
D3_CONTRADICTION = Phrase(
    "content.d3_contradiction",
    "D3: stock row {row}: checked exceeds the quantity, or NG exceeds checked",
    "D3：库存表第 {row} 行：检查数大于数量，或不良数大于检查数",
)
D4_CAUSE = Phrase("content.d4_cause", "D4: no cause is named", "D4：未填写任何原因")
D4_OCCURRENCE = Phrase("content.d4_occurrence", "D4: the cause of occurrence is missing", "D4：缺少发生原因")
D4_ESCAPE = Phrase(
    "content.d4_escape", "D4: the cause of escape (why it was not found) is missing", "D4：缺少流出原因"
)
D4_TEXT = Phrase("content.d4_text", "D4: cause {row} has no text", "D4：第 {row} 个原因没有内容")
D4_HOW = Phrase(
    "content.d4_how",
    "D4: cause {row} is marked verified, but not how",
    "D4：第 {row} 个原因标记为已验证，但未说明如何验证",
)
D4_HYPOTHESIS = Phrase(
    "content.d4_hypothesis", "D4: cause {row} is still a hypothesis", "D4：第 {row} 个原因仍为假设"
)
D4_SHARE = Phrase(
    "content.d4_share",
    "D4: the shares of the causes add up to more than 100 %",
    "D4：各原因占比合计超过 100 %",
)
D4_EXCLUDED = Phrase(
    "content.d4_excluded",
    "D4: a possible cause on the fishbone is excluded without a reason",
    "D4：鱼骨图中有已排除的可能原因未说明理由",
)
D5_NO_CAUSES = Phrase("content.d5_no_causes", "D5: D4 names no cause yet", "D5：D4 尚未填写原因")
D5_CAUSE = Phrase("content.d5_cause", "D5: cause {row} has no action", "D5：第 {row} 个原因没有对策")
D5_UNKNOWN = Phrase(
    "content.d5_unknown", "D5: action {row} belongs to no cause of D4", "D5：第 {row} 项对策未对应 D4 的原因"
)
D5_TEXT = Phrase("content.d5_text", "D5: action {row} has no text", "D5：第 {row} 项对策没有内容")
D5_OWNER = Phrase("content.d5_owner", "D5: action {row} has no owner", "D5：第 {row} 项对策没有负责人")
D5_PLANNED = Phrase(
    "content.d5_planned", "D5: action {row} has no planned date", "D5：第 {row} 项对策没有计划日期"
)
D6_NO_ACTIONS = Phrase("content.d6_no_actions", "D6: D5 has no actions yet", "D6：D5 尚未填写对策")
D6_ACTION = Phrase("content.d6_action", "D6: action {row} has no validation", "D6：第 {row} 项对策没有验证")
D6_UNKNOWN = Phrase(
    "content.d6_unknown",
    "D6: validation {row} belongs to no action of D5",
    "D6：第 {row} 项验证未对应 D5 的对策",
)
D6_FIELD = Phrase("content.d6_field", "D6: validation {row} lacks {field}", "D6：第 {row} 项验证缺少{field}")
D6_DONE_ON = Phrase("content.d6_done_on", "the date it was done", "完成日期")
D6_FROM_LOT = Phrase("content.d6_from_lot", "the lot from which it works", "生效批次")
D6_SAMPLE = Phrase("content.d6_sample", "the sample size", "样本数")
D6_WINDOW = Phrase("content.d6_window", "the window", "验证期间")
D6_BEFORE = Phrase("content.d6_before", "the state before", "改善前")
D6_AFTER = Phrase("content.d6_after", "the state after", "改善后")
D6_INTERIM = Phrase(
    "content.d6_interim", "D6: the interim action of D3 is not ended", "D6：D3 的临时措施尚未结束"
)
D7_DOCUMENT = Phrase("content.d7_document", "D7: no document is named", "D7：未填写任何文件")
D7_REVISION = Phrase(
    "content.d7_revision",
    "D7: document {row} needs an old and a new revision, or the reason why there is none",
    "D7：第 {row} 份文件须填写新旧版本，或说明不修订的原因",
)
D7_READ_ACROSS = Phrase(
    "content.d7_read_across",
    "D7: the read-across to other products, lines or plants is missing",
    "D7：缺少对其他产品、产线或工厂的水平展开",
)
D7_REVIEWED = Phrase(
    "content.d7_reviewed",
    "D7: PFMEA and control plan should both be reviewed",
    "D7：PFMEA 与控制计划均应评审",
)
D8_WATCH = Phrase("content.d8_watch", "D8: the result of the watch is missing", "D8：缺少效果跟踪结果")


def review(snapshot: ComplaintSnapshot, code: DisciplineCode, answer: Answer | None) -> tuple[Finding, ...]:
    """Return what is missing from, or odd about, an answer, held against the latest answers it builds on.

    None counts as an empty answer. Rows are numbered from 1 in messages. In the short form D4 needs one
    cause of any path. Raises TypeError when the answer is of another discipline.
    """
    if answer is None:
        return (_block(EMPTY),)
    if not isinstance(answer, ANSWER_TYPES[code]):
        raise TypeError(f"{type(answer).__name__} does not answer {code}")
    return tuple(_findings(snapshot, answer))


def blocking(findings: Iterable[Finding]) -> tuple[Message, ...]:
    """Return the messages of the findings that block."""
    return tuple(finding.message for finding in findings if finding.severity is Severity.BLOCKS)


def warning(findings: Iterable[Finding]) -> tuple[Message, ...]:
    """Return the messages of the findings that only warn."""
    return tuple(finding.message for finding in findings if finding.severity is Severity.WARNS)


def review_accepted(snapshot: ComplaintSnapshot, codes: Iterable[DisciplineCode]) -> tuple[Message, ...]:
    """Return what blocks among accepted answers held against each other, drafts left aside.

    An answer accepted earlier may no longer fit when the one it builds on was reopened and changed.
    Disciplines without an accepted answer are passed over: other gates ask for them.
    """
    released = replace(
        snapshot,
        disciplines={
            code: replace(discipline, draft=discipline.accepted, submitted=discipline.accepted)
            for code, discipline in snapshot.disciplines.items()
        },
    )
    return tuple(
        message
        for code in codes
        if (answer := snapshot.discipline(code).accepted) is not None
        for message in blocking(review(released, code, answer))
    )


def _findings(snapshot: ComplaintSnapshot, answer: Answer) -> Iterator[Finding]:
    if isinstance(answer, EmergencyAnswer):
        return _emergency(answer)
    if isinstance(answer, TeamAnswer):
        return _team(answer)
    if isinstance(answer, ProblemAnswer):
        return _problem(answer)
    if isinstance(answer, ContainmentAnswer):
        return _containment(answer)
    if isinstance(answer, CauseAnswer):
        return _causes(answer, short=form_in_force(snapshot) is ReportForm.SHORT)
    if isinstance(answer, ActionAnswer):
        return _actions(answer, _latest_causes(snapshot))
    if isinstance(answer, ValidationAnswer):
        return _validations(answer, _latest_actions(snapshot), _has_interim_action(snapshot))
    if isinstance(answer, PreventionAnswer):
        return _prevention(answer)
    return _closure(answer)


def _block(phrase: Phrase, **arguments: Argument | Message) -> Finding:
    return Finding(Severity.BLOCKS, phrase.say(**arguments))


def _warn(phrase: Phrase, **arguments: Argument | Message) -> Finding:
    return Finding(Severity.WARNS, phrase.say(**arguments))


def _blank(text: str) -> bool:
    return not text.strip()


def _latest_causes(snapshot: ComplaintSnapshot) -> tuple[RootCause, ...]:
    latest = snapshot.discipline(DisciplineCode.D4).latest
    return latest.causes if isinstance(latest, CauseAnswer) else ()


def _latest_actions(snapshot: ComplaintSnapshot) -> tuple[CorrectiveAction, ...]:
    latest = snapshot.discipline(DisciplineCode.D5).latest
    return latest.actions if isinstance(latest, ActionAnswer) else ()


def _has_interim_action(snapshot: ComplaintSnapshot) -> bool:
    latest = snapshot.discipline(DisciplineCode.D3).latest
    return isinstance(latest, ContainmentAnswer) and any(not _blank(action.what) for action in latest.actions)


def _emergency(answer: EmergencyAnswer) -> Iterator[Finding]:
    if _blank(answer.symptom):
        yield _block(D0_SYMPTOM)
    if _blank(answer.action):
        yield _block(D0_ACTION)


def _team(answer: TeamAnswer) -> Iterator[Finding]:
    if _blank(answer.leader):
        yield _block(D1_LEADER)
    if all(_blank(member.name) for member in answer.members):
        yield _block(D1_MEMBER)


def _problem(answer: ProblemAnswer) -> Iterator[Finding]:
    if _blank(answer.customer_words) and _blank(answer.our_words):
        yield _block(D2_WORDS)
    if _blank(answer.five_w2h.what):
        yield _warn(D2_WHAT)
    if _blank(answer.five_w2h.how_many):
        yield _warn(D2_HOW_MANY)


def _containment(answer: ContainmentAnswer) -> Iterator[Finding]:
    counted = [row for row in answer.stock if row.quantity is not None]
    if not counted:
        yield _block(D3_STOCK)
    acted = any(not _blank(action.what) for action in answer.actions)
    disposed = bool(counted) and all(not _blank(row.disposition) for row in counted)
    if not acted and not disposed:
        yield _block(D3_ACTION)
    for number, row in enumerate(answer.stock, start=1):
        if contradictions(row):
            yield _warn(D3_CONTRADICTION, row=number)
    sums = balance(answer)
    if sums.delivered is not None and sums.unaccounted:
        if sums.unaccounted < 0:
            yield _warn(D3_TOO_MANY, pieces=-sums.unaccounted, delivered=sums.delivered)
        elif _blank(answer.unaccounted_reason):
            yield _warn(D3_UNACCOUNTED, pieces=sums.unaccounted, delivered=sums.delivered)


def _causes(answer: CauseAnswer, *, short: bool) -> Iterator[Finding]:
    named = {cause.path for cause in answer.causes if not _blank(cause.text)}
    if short:
        if not named:
            yield _block(D4_CAUSE)
    else:
        if CausePath.OCCURRENCE not in named:
            yield _block(D4_OCCURRENCE)
        if CausePath.ESCAPE not in named:
            yield _block(D4_ESCAPE)
    for number, cause in enumerate(answer.causes, start=1):
        if _blank(cause.text):
            yield _block(D4_TEXT, row=number)
        if cause.state is CauseState.HYPOTHESIS:
            yield _warn(D4_HYPOTHESIS, row=number)
        elif _blank(cause.how):
            yield _block(D4_HOW, row=number)
    if shares(answer.causes).over:
        yield _warn(D4_SHARE)
    if any(one.state is FishboneState.EXCLUDED and _blank(one.reason) for one in _possible(answer.fishbone)):
        yield _warn(D4_EXCLUDED)


def _possible(bones: Fishbone) -> tuple[FishboneCause, ...]:
    return (
        *bones.man,
        *bones.machine,
        *bones.material,
        *bones.method,
        *bones.environment,
        *bones.measurement,
    )


def _actions(answer: ActionAnswer, causes: tuple[RootCause, ...]) -> Iterator[Finding]:
    if not causes:
        yield _block(D5_NO_CAUSES)
    answered = {action.cause for action in answer.actions if not _blank(action.action)}
    for index in range(len(causes)):
        if index not in answered:
            yield _block(D5_CAUSE, row=index + 1)
    for number, action in enumerate(answer.actions, start=1):
        if action.cause not in range(len(causes)):
            yield _block(D5_UNKNOWN, row=number)
        if _blank(action.action):
            yield _block(D5_TEXT, row=number)
        if _blank(action.owner):
            yield _block(D5_OWNER, row=number)
        if action.planned_on is None:
            yield _block(D5_PLANNED, row=number)


def _validations(
    answer: ValidationAnswer, actions: tuple[CorrectiveAction, ...], has_interim: bool
) -> Iterator[Finding]:
    if not actions:
        yield _block(D6_NO_ACTIONS)
    validated = {validation.action for validation in answer.validations}
    for index in range(len(actions)):
        if index not in validated:
            yield _block(D6_ACTION, row=index + 1)
    for number, validation in enumerate(answer.validations, start=1):
        if validation.action not in range(len(actions)):
            yield _block(D6_UNKNOWN, row=number)
        for phrase in _missing_evidence(validation):
            yield _block(D6_FIELD, row=number, field=phrase.say())
    if has_interim and answer.interim_ended_on is None:
        yield _block(D6_INTERIM)


def _missing_evidence(validation: Validation) -> tuple[Phrase, ...]:
    fields = (
        (D6_DONE_ON, validation.done_on is None),
        (D6_FROM_LOT, _blank(validation.from_lot)),
        (D6_SAMPLE, not validation.sample_size),
        (D6_WINDOW, _blank(validation.window)),
        (D6_BEFORE, _blank(validation.before)),
        (D6_AFTER, _blank(validation.after)),
    )
    return tuple(phrase for phrase, is_missing in fields if is_missing)


def _prevention(answer: PreventionAnswer) -> Iterator[Finding]:
    if not answer.documents:
        yield _block(D7_DOCUMENT)
    for number, document in enumerate(answer.documents, start=1):
        if _blank(document.none_reason) and not _is_revised(document):
            yield _block(D7_REVISION, row=number)
    if not any(not _blank(row.where) and not _blank(row.decision) for row in answer.read_across):
        yield _block(D7_READ_ACROSS)
    if not {DocumentType.PFMEA, DocumentType.CONTROL_PLAN} <= {
        document.type for document in answer.documents
    }:
        yield _warn(D7_REVIEWED)


def _is_revised(document: DocumentChange) -> bool:
    old, new = document.from_revision.strip(), document.to_revision.strip()
    return bool(old) and bool(new) and old != new


def _closure(answer: ClosureAnswer) -> Iterator[Finding]:
    if _blank(answer.watch):
        yield _block(D8_WATCH)
