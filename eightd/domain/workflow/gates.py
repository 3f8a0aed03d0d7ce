"""What must be true before a step may be taken (procedure 6, "Gates").

A gate looks at the complaint only and answers with what is missing; an empty answer opens it.
What an answer itself must contain is in ``content``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.content import review_accepted
from eightd.domain.workflow.form import (
    ANALYSIS,
    form_in_force,
    may_use_short_form,
    owed_disciplines,
    reported_disciplines,
)
from eightd.domain.workflow.labels import DISCIPLINE_LABELS, STATE_LABELS
from eightd.domain.workflow.snapshot import ComplaintSnapshot, ReportForm, ReportKind, VerdictResult

Check: TypeAlias = Callable[[ComplaintSnapshot], tuple[Message, ...]]


@dataclass(frozen=True, slots=True)
class Gate:
    """A named condition: ``rule`` says in general what it asks, ``check`` what is missing now."""

    rule: Phrase
    check: Check

    @property
    def code(self) -> str:
        """Return the gate's stable name."""
        return self.rule.code


NOT_ACCEPTED = Phrase(
    "gate.not_accepted", "{code} {name} is not accepted yet ({state})", "{code} {name} 尚未被接受（{state}）"
)


def _unaccepted(snapshot: ComplaintSnapshot, codes: Iterable[DisciplineCode]) -> tuple[Message, ...]:
    states = ((code, snapshot.discipline(code).state) for code in codes)
    return tuple(
        NOT_ACCEPTED.say(code=code.value, name=DISCIPLINE_LABELS[code].say(), state=STATE_LABELS[state].say())
        for code, state in states
        if state is not DisciplineState.ACCEPTED
    )


def _gate(rule: Phrase, closed: Phrase, passed: Callable[[ComplaintSnapshot], bool]) -> Gate:
    return Gate(rule, lambda snapshot: () if passed(snapshot) else (closed.say(),))


CONTAINMENT_ACCEPTED = Gate(
    Phrase("gate.containment_accepted", "D3 is accepted", "D3 已被接受"),
    lambda snapshot: _unaccepted(snapshot, (DisciplineCode.D3,)),
)
ANALYSIS_ACCEPTED = Gate(
    Phrase("gate.analysis_accepted", "D1–D4 are accepted", "D1–D4 均已被接受"),
    lambda snapshot: _unaccepted(snapshot, ANALYSIS),
)
REPORT_ACCEPTED = Gate(
    Phrase(
        "gate.report_accepted",
        "D1–D7 are accepted (short form: D1–D4)",
        "D1–D7 均已被接受（简式：D1–D4）",
    ),
    lambda snapshot: _unaccepted(snapshot, reported_disciplines(snapshot)),
)
OTHERS_ACCEPTED = Gate(
    Phrase(
        "gate.others_accepted",
        "D0 (if begun) to D7 are accepted (short form: to D4)",
        "D0（如已开始）至 D7 均已被接受（简式：至 D4）",
    ),
    lambda snapshot: _unaccepted(snapshot, owed_disciplines(snapshot)),
)
CLOSURE_ACCEPTED = Gate(
    Phrase(
        "gate.closure_accepted", "D8 is accepted (not asked in the short form)", "D8 已被接受（简式不要求）"
    ),
    lambda snapshot: (
        () if form_in_force(snapshot) is ReportForm.SHORT else _unaccepted(snapshot, (DisciplineCode.D8,))
    ),
)
ANSWERS_AGREE = Gate(
    Phrase(
        "gate.answers_agree",
        "the accepted answers still agree with each other (actions with causes, validations with actions)",
        "已接受的各项内容仍相互一致（对策对应原因，验证对应对策）",
    ),
    lambda snapshot: review_accepted(snapshot, reported_disciplines(snapshot)),
)
VERDICT_ACCEPTED = _gate(
    Phrase("gate.verdict_accepted", "the customer has accepted the final report", "客户已认可最终报告"),
    Phrase(
        "gate.verdict_accepted.closed",
        "The customer has not accepted the final report",
        "客户尚未认可最终报告",
    ),
    lambda snapshot: snapshot.verdict is VerdictResult.ACCEPTED,
)
EXPLANATION_WRITTEN = _gate(
    Phrase("gate.explanation_written", "the explanation is written", "已编写说明"),
    Phrase(
        "gate.explanation_written.closed",
        "The explanation why it is not ours is not written yet",
        "尚未编写非我方责任的说明",
    ),
    lambda snapshot: snapshot.has_not_ours_explanation,
)
EXPLANATION_PROVEN = _gate(
    Phrase(
        "gate.explanation_proven",
        "the explanation names its evidence, or why there is none",
        "说明已附证据，或已注明为何没有证据",
    ),
    Phrase(
        "gate.explanation_proven.closed",
        "The explanation neither names evidence nor says why there is none",
        "说明既未附证据，也未注明为何没有证据",
    ),
    lambda snapshot: not snapshot.has_not_ours_explanation or snapshot.explanation_proven,
)
HAS_OWN_8D_CLOSED = Phrase(
    "gate.has_own_8d.closed",
    "The complaint is answered with the 8D of {leader}",
    "该客诉以 {leader} 的 8D 回复",
)
HAS_OWN_8D = Gate(
    Phrase("gate.has_own_8d", "the complaint has an 8D of its own", "该客诉有独立的 8D"),
    lambda snapshot: (
        () if not snapshot.answered_by else (HAS_OWN_8D_CLOSED.say(leader=snapshot.answered_by),)
    ),
)
FOLLOWS_ANOTHER = _gate(
    Phrase(
        "gate.follows_another",
        "the complaint is answered with another one's 8D",
        "该客诉以其他客诉的 8D 回复",
    ),
    Phrase("gate.follows_another.closed", "The complaint has an 8D of its own", "该客诉有独立的 8D"),
    lambda snapshot: bool(snapshot.answered_by),
)
LEADS_NONE = _gate(
    Phrase("gate.leads_none", "its 8D answers no other complaint", "其 8D 未用于回复其他客诉"),
    Phrase(
        "gate.leads_none.closed",
        "Its 8D answers other complaints too; give those an 8D of their own first",
        "其 8D 还用于回复其他客诉，请先为那些客诉恢复独立 8D",
    ),
    lambda snapshot: not snapshot.leads,
)
PRELIMINARY_ISSUED = _gate(
    Phrase("gate.preliminary_issued", "a preliminary report is issued", "已签发初步原因分析报告"),
    Phrase(
        "gate.preliminary_issued.closed", "No preliminary report is issued yet", "尚未签发初步原因分析报告"
    ),
    lambda snapshot: ReportKind.PRELIMINARY in snapshot.issued,
)
FINAL_ISSUED = _gate(
    Phrase("gate.final_issued", "a final report is issued", "已签发最终报告"),
    Phrase("gate.final_issued.closed", "No final report is issued yet", "尚未签发最终报告"),
    lambda snapshot: ReportKind.FINAL in snapshot.issued,
)
INITIAL_NOT_SENT = _gate(
    Phrase("gate.initial_not_sent", "not sent before", "此前未发送"),
    Phrase("gate.initial_not_sent.closed", "The initial reply has already been sent", "初步回复已发送"),
    lambda snapshot: snapshot.initial_reply_sent_at is None,
)
PRELIMINARY_NOT_SENT = _gate(
    Phrase("gate.preliminary_not_sent", "not sent before, or rejected since", "此前未发送，或此后客户不认可"),
    Phrase(
        "gate.preliminary_not_sent.closed",
        "The preliminary analysis has already been sent",
        "初步原因分析已发送",
    ),
    lambda snapshot: snapshot.preliminary_sent_at is None or snapshot.verdict is VerdictResult.REJECTED,
)
NO_SAMPLE_YET = _gate(
    Phrase("gate.no_sample_yet", "no sample received yet", "尚未收到样品"),
    Phrase("gate.no_sample_yet.closed", "The sample has already been received", "样品已收到"),
    lambda snapshot: snapshot.sample_received_at is None,
)
SAMPLE_NOT_WAIVED = _gate(
    Phrase("gate.sample_not_waived", "not marked as needing no sample", "未标记为无需样品"),
    Phrase(
        "gate.sample_not_waived.closed",
        "The complaint is marked as needing no sample",
        "该客诉已标记为无需样品",
    ),
    lambda snapshot: snapshot.sample_needed is not False,
)
SAMPLE_NOT_REQUIRED = _gate(
    Phrase("gate.sample_not_required", "not marked as needing a sample", "未标记为需要样品"),
    Phrase(
        "gate.sample_not_required.closed",
        "The complaint is already marked as needing a sample",
        "该客诉已标记为需要样品",
    ),
    lambda snapshot: snapshot.sample_needed is not True,
)
CLOCK_RUNNING = _gate(
    Phrase("gate.clock_running", "the clock is running", "计时正在进行"),
    Phrase("gate.clock_running.closed", "The clock is already stopped", "已停表"),
    lambda snapshot: not snapshot.clock_stopped,
)
CLOCK_STOPPED = _gate(
    Phrase("gate.clock_stopped", "the clock is stopped", "已停表"),
    Phrase("gate.clock_stopped.closed", "The clock is not stopped", "尚未停表"),
    lambda snapshot: snapshot.clock_stopped,
)
SHORT_FORM_ALLOWED = _gate(
    Phrase(
        "gate.short_form_allowed",
        "tier other, and the customer demands no 8D",
        "等级为“其他”，且客户未要求 8D",
    ),
    Phrase(
        "gate.short_form_allowed.closed",
        "The short form is for tier “other” only, and not where the customer demands an 8D",
        "简式报告只适用于“其他”等级，且客户未要求 8D",
    ),
    may_use_short_form,
)
FORM_IS_FULL = _gate(
    Phrase("gate.form_is_full", "the form is the full 8D", "目前使用完整 8D"),
    Phrase(
        "gate.form_is_full.closed",
        "The complaint is already answered in the short form",
        "该客诉已使用简式报告",
    ),
    lambda snapshot: snapshot.form is ReportForm.FULL,
)
FORM_IS_SHORT = _gate(
    Phrase("gate.form_is_short", "the form is the short form", "目前使用简式报告"),
    Phrase(
        "gate.form_is_short.closed",
        "The complaint is already answered with the full 8D",
        "该客诉已使用完整 8D",
    ),
    lambda snapshot: snapshot.form is ReportForm.SHORT,
)


def missing(snapshot: ComplaintSnapshot, gates: Iterable[Gate]) -> tuple[Message, ...]:
    """Return what all the gates together still ask for, without repeating a message."""
    found: list[Message] = []
    for gate in gates:
        found.extend(message for message in gate.check(snapshot) if message not in found)
    return tuple(found)
