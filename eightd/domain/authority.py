"""Who may do what to which complaint: role, plant, customer, ownership and state in one answer (procedure 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.tasks import TaskSnapshot, TaskState
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import DISCIPLINE_ACTIONS, PLANT_ONLY_ACTIONS, READING, Action
from eightd.domain.workflow.labels import STAGE_LABELS, STATE_LABELS, TASK_STATE_LABELS, roles_listed
from eightd.domain.workflow.outcome import Allowed, Outcome, RefusalKind, Refused
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot, DisciplineSnapshot
from eightd.domain.workflow.table import (
    DISCIPLINE_TRANSITIONS,
    FOUR_EYES,
    PLANT_ROLES,
    READERS,
    REVIEWERS,
    ROLES_OF,
    TRANSITIONS,
    WHO_OF,
    WORKABLE,
    WORKING,
    Who,
)

__all__ = [
    "Allowed",
    "Outcome",
    "PlantSubject",
    "RefusalKind",
    "Refused",
    "Scope",
    "may",
    "may_on_task",
    "may_see",
    "scope",
]

NOT_FOUND = Phrase("authority.not_found", "There is nothing here", "找不到该内容")
OTHER_ROLE = Phrase("authority.other_role", "“{action}” is done by {roles}", "“{action}”由{roles}执行")
WRONG_STAGE = Phrase(
    "authority.wrong_stage",
    "“{action}” is not possible while the complaint is: {stage}",
    "客诉处于“{stage}”时不能“{action}”",
)
WRONG_STATE = Phrase(
    "authority.wrong_state",
    "“{action}” is not possible while {code} is: {state}",
    "{code} 处于“{state}”时不能“{action}”",
)
NOT_WORKABLE = Phrase(
    "authority.not_workable",
    "{code} cannot be worked on while the complaint is: {stage}",
    "客诉处于“{stage}”时不能处理 {code}",
)
ANSWERED_ELSEWHERE = Phrase(
    "authority.answered_elsewhere",
    "{code} is worked on in {leader}: this complaint is answered with its 8D",
    "{code} 在 {leader} 中处理：该客诉以其 8D 回复",
)
NOT_OWNER = Phrase(
    "authority.not_owner",
    "“{action}” of {code} is for its owner, the owner's deputy, a CQE or the quality manager",
    "{code} 的“{action}”只能由负责人、其代理人、CQE 或品质经理执行",
)
NOT_IN_TEAM = Phrase(
    "authority.not_in_team",
    "“{action}” of {code} is for those assigned to the complaint, a CQE or the quality manager",
    "{code} 的“{action}”只能由该客诉的指派人员、CQE 或品质经理执行",
)
OWN_ANSWER = Phrase(
    "authority.own_answer",
    "{code} must be accepted by somebody other than the person who submitted it",
    "{code} 须由提交人以外的人接受",
)
NOT_ITS_OWNER = Phrase(
    "authority.not_its_owner",
    "“{action}” is for its owner, the owner's deputy, the team of {code}, a CQE or the quality manager",
    "“{action}”只能由措施负责人、其代理人、{code} 小组成员、CQE 或品质经理执行",
)
WRONG_TASK_STATE = Phrase(
    "authority.wrong_task_state",
    "“{action}” is not possible while the action is: {state}",
    "措施处于“{state}”时不能“{action}”",
)
OWN_ACTION = Phrase(
    "authority.own_action",
    "An action must be verified by somebody other than the person who reported it as done",
    "措施须由报告完成者以外的人验证",
)


@dataclass(frozen=True, slots=True)
class PlantSubject:
    """A plant, and a customer where one is already chosen, as the thing acted upon."""

    plant_id: int
    customer_id: int | None = None


Subject: TypeAlias = ComplaintSnapshot | PlantSubject | None
"""What is acted upon; None means whichever plant of the actor's."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a list may show, for queries: ``customers`` None means every customer of the plants.

    No plants at all means nothing. ``drafts`` False means released content only.
    """

    plants: frozenset[int]
    customers: frozenset[int] | None
    drafts: bool


def scope(actor: Actor) -> Scope:
    """Return which complaints the actor sees; an actor with no role but admin sees none."""
    if not actor.roles & READERS:
        return Scope(frozenset(), frozenset(), drafts=False)
    return Scope(actor.plants, actor.customers, drafts=bool(actor.roles & WORKING))


def may_see(actor: Actor, plant_id: int, customer_id: int) -> bool:
    """Return whether a complaint of this plant and customer exists for the actor."""
    seen = scope(actor)
    return plant_id in seen.plants and (seen.customers is None or customer_id in seen.customers)


def may(
    actor: Actor, action: Action, subject: Subject = None, *, discipline: DisciplineCode | None = None
) -> Outcome:
    """Say whether the actor may do this to the subject in the state it is in; reason and gates are not asked.

    Refused as HIDDEN: a foreign plant or customer, a complaint for somebody who sees none, and reading
    or plant-wide actions that are not the actor's. A user who stands in for somebody absent who is
    assigned to the complaint has that person's role on it, within the own plants and customers.
    Raises ValueError for a discipline action without a discipline.
    """
    if not isinstance(subject, ComplaintSnapshot):
        return _in_plant(actor, action, subject)
    if action in PLANT_ONLY_ACTIONS:
        return _in_plant(actor, action, PlantSubject(subject.plant_id, subject.customer_id))
    if not may_see(actor, subject.plant_id, subject.customer_id):
        return _hidden()
    if action not in DISCIPLINE_ACTIONS:
        return _on_complaint(actor, action, subject)
    if discipline is None:
        raise ValueError(f"{action} needs a discipline")
    return _on_discipline(actor, action, subject, subject.discipline(discipline))


def may_on_task(actor: Actor, action: Action, snapshot: ComplaintSnapshot, task: TaskSnapshot) -> Outcome:
    """Say whether the actor may change, finish or verify this task of the complaint.

    Finishing is for its owner, the owner's deputy, the team of its discipline, a CQE or the quality manager; nobody
    verifies what the same person reported as done. An open task is changed and finished, a done one verified, and
    again when it turns out later not to work.
    """
    outcome = may(actor, action, snapshot)
    if isinstance(outcome, Refused):
        return outcome
    selves = actor.deputy_for | {actor.id}
    if action is Action.FINISH_TASK and not _roles_on(actor, snapshot) & REVIEWERS:
        team = {task.owner_id, snapshot.discipline(task.code).owner_id, *snapshot.assigned.values()}
        if not selves & team:
            message = NOT_ITS_OWNER.say(action=action.label.say(), code=task.code.value)
            return Refused(message, RefusalKind.ROLE)
    possible = _VERIFIABLE if action is Action.VERIFY_TASK else {TaskState.OPEN}
    if task.state not in possible:
        message = WRONG_TASK_STATE.say(action=action.label.say(), state=TASK_STATE_LABELS[task.state].say())
        return Refused(message, RefusalKind.STATE)
    if action is Action.VERIFY_TASK and task.done_by_id == actor.id:
        return Refused(OWN_ACTION.say(), RefusalKind.ROLE)
    if action is Action.FINISH_TASK and task.owner_id in actor.deputy_for:
        return replace(outcome, on_behalf_of=task.owner_id)
    return outcome


_VERIFIABLE = frozenset({TaskState.DONE, TaskState.VERIFIED})


def _hidden() -> Refused:
    return Refused(NOT_FOUND.say(), RefusalKind.HIDDEN)


def _in_plant(actor: Actor, action: Action, subject: PlantSubject | None) -> Outcome:
    known = subject is None or (
        subject.plant_id in actor.plants
        and (subject.customer_id is None or actor.customers is None or subject.customer_id in actor.customers)
    )
    if not known or not actor.roles & PLANT_ROLES.get(action, frozenset()):
        return _hidden()
    return Allowed()


def _roles_on(actor: Actor, snapshot: ComplaintSnapshot) -> frozenset[Role]:
    """Return the actor's roles and those of the assigned people for whom the actor stands in."""
    lent = {role for role, user_id in snapshot.assigned.items() if user_id in actor.deputy_for}
    return actor.roles | (lent if actor.roles & WORKING else frozenset())


def _on_complaint(actor: Actor, action: Action, snapshot: ComplaintSnapshot) -> Outcome:
    roles = _roles_on(actor, snapshot)
    transition = TRANSITIONS.get((snapshot.stage, action))
    wanted = transition.roles if transition else ROLES_OF[action]
    if not roles & wanted:
        if action in READING:
            return _hidden()
        message = OTHER_ROLE.say(action=action.label.say(), roles=roles_listed(wanted))
        return Refused(message, RefusalKind.ROLE)
    if transition is None:
        message = WRONG_STAGE.say(action=action.label.say(), stage=STAGE_LABELS[snapshot.stage].say())
        return Refused(message, RefusalKind.STATE)
    return Allowed(
        to_stage=transition.to_stage, on_behalf_of=_represented(actor, action, snapshot, roles & wanted)
    )


_PERSONAL: frozenset[Action] = READING | {Action.COMMENT, Action.ADD_EVIDENCE, Action.FINISH_TASK}
"""Actions that anybody does in the own name."""


def _represented(
    actor: Actor, action: Action, snapshot: ComplaintSnapshot, used: frozenset[Role]
) -> int | None:
    """Return the person assigned in whose place the actor acts, None when it is the actor's own business."""
    assigned = [snapshot.assigned[role] for role in Role if role in used and role in snapshot.assigned]
    if action in _PERSONAL or actor.id in assigned:
        return None
    return next(iter(assigned), None)


def _on_discipline(
    actor: Actor, action: Action, snapshot: ComplaintSnapshot, discipline: DisciplineSnapshot
) -> Outcome:
    refused = _not_theirs(actor, action, snapshot, discipline) or _not_now(action, snapshot, discipline)
    if refused:
        return refused
    if action is Action.ACCEPT and discipline.code in FOUR_EYES and actor.id == _submitter(discipline):
        return Refused(OWN_ANSWER.say(code=discipline.code.value), RefusalKind.ROLE)
    owner_id = discipline.owner_id
    on_behalf_of = owner_id if action in (Action.SAVE_DRAFT, Action.SUBMIT) and owner_id != actor.id else None
    transition = DISCIPLINE_TRANSITIONS[discipline.state, action]
    return Allowed(to_stage=snapshot.stage, to_state=transition.to_state, on_behalf_of=on_behalf_of)


def _submitter(discipline: DisciplineSnapshot) -> int | None:
    return discipline.submitted_by_id if discipline.submitted_by_id is not None else discipline.owner_id


def _not_theirs(
    actor: Actor, action: Action, snapshot: ComplaintSnapshot, discipline: DisciplineSnapshot
) -> Refused | None:
    who = WHO_OF[action]
    if _roles_on(actor, snapshot) & REVIEWERS:
        return None
    selves = actor.deputy_for | {actor.id} if actor.roles & WORKING else frozenset()
    if who is not Who.REVIEWER and discipline.owner_id in selves:
        return None
    if who is Who.TEAM and selves & frozenset(snapshot.assigned.values()):
        return None
    label = action.label.say()
    if who is Who.REVIEWER:
        message = OTHER_ROLE.say(action=label, roles=roles_listed(REVIEWERS))
    else:
        phrase = NOT_OWNER if who is Who.OWNER else NOT_IN_TEAM
        message = phrase.say(action=label, code=discipline.code.value)
    return Refused(message, RefusalKind.ROLE)


def _not_now(action: Action, snapshot: ComplaintSnapshot, discipline: DisciplineSnapshot) -> Refused | None:
    code = discipline.code.value
    if snapshot.answered_by:
        message = ANSWERED_ELSEWHERE.say(code=code, leader=snapshot.answered_by)
        return Refused(message, RefusalKind.STATE)
    if discipline.code not in WORKABLE.get(snapshot.stage, frozenset()):
        message = NOT_WORKABLE.say(code=code, stage=STAGE_LABELS[snapshot.stage].say())
        return Refused(message, RefusalKind.STATE)
    if (discipline.state, action) not in DISCIPLINE_TRANSITIONS:
        state: DisciplineState = discipline.state
        message = WRONG_STATE.say(action=action.label.say(), code=code, state=STATE_LABELS[state].say())
        return Refused(message, RefusalKind.STATE)
    return None
