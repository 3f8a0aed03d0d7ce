"""The one answer to "may this be done now?": rights, then table, then reason, then gates (procedure 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from eightd.domain.authority import may
from eightd.domain.complaint import DisciplineCode, Stage
from eightd.domain.discipline.answers import Answer
from eightd.domain.events import TAGS, Event
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import COMPLAINT_ACTIONS, DISCIPLINE_ACTIONS, PLANT_ONLY_ACTIONS, Action
from eightd.domain.workflow.content import Finding, blocking, review, warning
from eightd.domain.workflow.form import form_in_force
from eightd.domain.workflow.gates import REPORT_ACCEPTED, missing
from eightd.domain.workflow.labels import listed, roles_listed
from eightd.domain.workflow.outcome import Allowed, Outcome, RefusalKind, Refused
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot, ReportForm
from eightd.domain.workflow.table import ACCEPT_GATES, DISCIPLINE_TRANSITIONS, TRANSITIONS

__all__ = [
    "Allowed",
    "Outcome",
    "RefusalKind",
    "Refused",
    "available",
    "blockers",
    "decide",
    "next_step",
    "reason_required",
]

REASON_MISSING = Phrase("decide.reason_missing", "“{action}” needs a reason", "“{action}”须填写原因")
GATES_CLOSED = Phrase(
    "decide.gates_closed", "“{action}” is not possible yet: {gates}", "暂不能“{action}”：{gates}"
)
AWAITED = Phrase("decide.awaited", "Next: “{action}”, by {roles}", "下一步：{roles}“{action}”")


def decide(
    snapshot: ComplaintSnapshot,
    action: Action,
    actor: Actor,
    *,
    discipline: DisciplineCode | None = None,
    reason: str = "",
    answer: Answer | None = None,
    now: datetime,
) -> Outcome:
    """Decide an action on a complaint or on one of its disciplines.

    ``answer`` is what is being submitted, None for the stored draft; other actions ignore it. ``now`` is
    an aware instant and becomes the events' time. Raises ValueError for an action of a plant and for a
    discipline action without a discipline, TypeError for an answer of another discipline.
    """
    permission = _permission(snapshot, action, actor, discipline)
    if isinstance(permission, Refused):
        return permission
    if reason_required(snapshot, action, discipline) and not reason.strip():
        return Refused(REASON_MISSING.say(action=action.label.say()), RefusalKind.REASON)
    findings = _findings(snapshot, action, discipline, answer)
    closed = _closed_gates(snapshot, action, discipline) + blocking(findings)
    if closed:
        return _gates_closed(action, closed)
    return replace(
        permission,
        events=_events(permission, snapshot, action, actor, discipline, reason.strip(), now),
        warnings=warning(findings),
    )


def available(
    snapshot: ComplaintSnapshot, actor: Actor, discipline: DisciplineCode | None = None
) -> Mapping[Action, Outcome]:
    """Return the outcome of every action on the complaint, or on the discipline if one is given.

    For greying out buttons: a reason counts as given, and what is being typed into an answer is not
    judged (``review`` does that). The outcomes carry no events.
    """
    actions = COMPLAINT_ACTIONS if discipline is None else DISCIPLINE_ACTIONS
    return {
        action: _availability(snapshot, action, actor, discipline) for action in Action if action in actions
    }


def next_step(snapshot: ComplaintSnapshot) -> Action | None:
    """Return the action that brings the complaint onwards, None when it is closed or cancelled."""
    if snapshot.stage is Stage.ANALYSING:
        return _next_reply(snapshot)
    return _NEXT.get(snapshot.stage)


def blockers(snapshot: ComplaintSnapshot) -> tuple[Message, ...]:
    """Say what stands in the way of the next step: what its gates ask for, or else who is awaited for it.

    Empty when the complaint is closed or cancelled.
    """
    action = next_step(snapshot)
    if action is None:
        return ()
    transition = TRANSITIONS[snapshot.stage, action]
    awaited = AWAITED.say(action=action.label.say(), roles=roles_listed(transition.roles))
    return missing(snapshot, transition.gates) or (awaited,)


def reason_required(
    snapshot: ComplaintSnapshot, action: Action, discipline: DisciplineCode | None = None
) -> bool:
    """Return whether the action asks for a reason in the present state; False where it is not listed."""
    if discipline is not None and action in DISCIPLINE_ACTIONS:
        step = DISCIPLINE_TRANSITIONS.get((snapshot.discipline(discipline).state, action))
        return step is not None and step.reason_required
    transition = TRANSITIONS.get((snapshot.stage, action))
    return transition is not None and transition.reason_required


_NEXT: Mapping[Stage, Action] = {
    Stage.REGISTERED: Action.CONFIRM_OURS,
    Stage.NOT_OURS: Action.APPROVE_NOT_OURS,
    Stage.NOT_OURS_APPROVED: Action.REPLY_NOT_OURS,
    Stage.NEGOTIATING: Action.ACCEPT_NOT_OURS,
    Stage.REPORTED: Action.RECORD_VERDICT_ACCEPTED,
    Stage.WATCHING: Action.CLOSE,
}


def _next_reply(snapshot: ComplaintSnapshot) -> Action:
    if snapshot.initial_reply_sent_at is None:
        return Action.SEND_INITIAL_REPLY
    complete = not missing(snapshot, (REPORT_ACCEPTED,))
    if complete or snapshot.preliminary_sent_at is not None or form_in_force(snapshot) is ReportForm.SHORT:
        return Action.SEND_FINAL_REPORT
    return Action.SEND_PRELIMINARY


def _permission(
    snapshot: ComplaintSnapshot, action: Action, actor: Actor, discipline: DisciplineCode | None
) -> Outcome:
    if action in PLANT_ONLY_ACTIONS:
        raise ValueError(f"{action} is not an action on a complaint")
    return may(actor, action, snapshot, discipline=discipline)


def _closed_gates(
    snapshot: ComplaintSnapshot, action: Action, discipline: DisciplineCode | None
) -> tuple[Message, ...]:
    if action not in DISCIPLINE_ACTIONS:
        return missing(snapshot, TRANSITIONS[snapshot.stage, action].gates)
    if action is Action.ACCEPT and discipline is not None:
        return missing(snapshot, ACCEPT_GATES.get(discipline, ()))
    return ()


def _findings(
    snapshot: ComplaintSnapshot, action: Action, code: DisciplineCode | None, answer: Answer | None
) -> tuple[Finding, ...]:
    """Review the answer that is being submitted, or the submitted one that is being accepted."""
    if code is None or action not in (Action.SUBMIT, Action.ACCEPT):
        return ()
    discipline = snapshot.discipline(code)
    return review(
        snapshot, code, discipline.submitted if action is Action.ACCEPT else answer or discipline.latest
    )


def _gates_closed(action: Action, closed: tuple[Message, ...]) -> Refused:
    message = GATES_CLOSED.say(action=action.label.say(), gates=listed(closed))
    return Refused(message, RefusalKind.GATE, closed)


def _availability(
    snapshot: ComplaintSnapshot, action: Action, actor: Actor, discipline: DisciplineCode | None
) -> Outcome:
    permission = _permission(snapshot, action, actor, discipline)
    if isinstance(permission, Refused):
        return permission
    findings = () if action is Action.SUBMIT else _findings(snapshot, action, discipline, None)
    closed = _closed_gates(snapshot, action, discipline) + blocking(findings)
    return _gates_closed(action, closed) if closed else replace(permission, warnings=warning(findings))


def _events(
    permission: Allowed,
    snapshot: ComplaintSnapshot,
    action: Action,
    actor: Actor,
    discipline: DisciplineCode | None,
    reason: str,
    now: datetime,
) -> tuple[Event, ...]:
    """Make the audit entries; a discipline action tells the discipline's states, any other the stages."""
    if discipline is not None and permission.to_state is not None:
        from_, to = snapshot.discipline(discipline).state.value, permission.to_state.value
    else:
        from_, to = snapshot.stage.value, (permission.to_stage or snapshot.stage).value
    return tuple(
        Event(tag, snapshot.id, actor.id, now, reason, discipline, from_, to, permission.on_behalf_of)
        for tag in TAGS[action]
    )
