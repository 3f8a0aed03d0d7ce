"""Who may do what to a return in which stage: the complaint's rights, then the course (procedure 1 and 8)."""

from __future__ import annotations

from eightd.domain.authority import may
from eightd.domain.returns.course import RETURN_ACTIONS, RETURN_TRANSITIONS
from eightd.domain.returns.labels import RETURN_STAGE_LABELS
from eightd.domain.returns.stages import ReturnStage
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome, RefusalKind, Refused
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot

WRONG_RETURN_STAGE = Phrase(
    "return.wrong_stage",
    "“{action}” is not possible while the return is: {stage}",
    "客退单处于“{stage}”时不能“{action}”",
)


def may_on_return(actor: Actor, action: Action, complaint: ComplaintSnapshot, stage: ReturnStage) -> Outcome:
    """Say whether the actor may do this to a return of the complaint that stands there.

    What is hidden of the complaint is hidden of its returns. Raises ValueError for an action not done to a return.
    """
    if action not in RETURN_ACTIONS:
        raise ValueError(f"{action} is not done to a return")
    outcome = may(actor, action, complaint)
    if isinstance(outcome, Refused):
        return outcome
    return possible(action, stage) or outcome


def possible(action: Action, stage: ReturnStage) -> Refused | None:
    """Return why the course refuses the action there, None where it does not."""
    if (stage, action) in RETURN_TRANSITIONS:
        return None
    message = WRONG_RETURN_STAGE.say(action=action.label.say(), stage=RETURN_STAGE_LABELS[stage].say())
    return Refused(message, RefusalKind.STATE)
