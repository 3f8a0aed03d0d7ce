"""Who reads a report, and what is taken out of the document before the customer's version is drawn.

| what | customer | internal |
| --- | --- | --- |
| cost lines (D8) | no | yes |
| telephone and e-mail of members other than the leader (D1) | no | yes |
| tier, criteria and reasons | no | yes |
| number of the earlier case that this one repeats | no | yes |
| note and author of a clock stop | no | yes |
| why a deadline was agreed | no | yes |
| internal facts | no | yes |
| whatever an answer marks as internal: texts, rows, their translations | no | yes |
| pictures and attachments marked as internal, with their captions and names | no | yes |
| everything else | yes | yes |

Names, departments and functions of the team stay: the customer works with these people. What is
taken out never reaches the drawing, so it cannot leak through hidden text or metadata. The content
hash is that of the whole document, so that both versions show the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from enum import StrEnum

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    ClosureAnswer,
    Fishbone,
    Keyed,
    TeamAnswer,
    TeamMember,
    ValidationAnswer,
)
from eightd.domain.discipline.texts import for_customers
from eightd.reporting.eight_d.document import EightDDocument, Wording


class Audience(StrEnum):
    """Who a version is for."""

    CUSTOMER = "customer"
    INTERNAL = "internal"


def for_audience(document: EightDDocument, audience: Audience) -> EightDDocument:
    """Return the document as the audience may read it; see the module's table."""
    if audience is Audience.INTERNAL:
        return document
    return replace(
        document,
        tier=None,
        tier_criteria="",
        tier_reasons=(),
        repeat_of="",
        deadlines=tuple(replace(deadline, agreed_because=Wording()) for deadline in document.deadlines),
        stops=tuple(replace(stop, note="", by="") for stop in document.stops),
        answers=linked(document.answers, {code: _open(one) for code, one in document.answers.items()}),
        pictures=tuple(picture for picture in document.pictures if not picture.internal),
        attachments=tuple(one for one in document.attachments if not one.internal),
        internal=(),
    )


def linked(
    whole: Mapping[DisciplineCode, Answer], shown: dict[DisciplineCode, Answer]
) -> dict[DisciplineCode, Answer]:
    """Let rows that name a row by its number still name the same one after others were taken out."""
    causes, before = shown.get(DisciplineCode.D4), whole.get(DisciplineCode.D4)
    if isinstance(causes, CauseAnswer) and isinstance(before, CauseAnswer):
        moved = _moved(before.causes, causes.causes)
        bones = {
            one.name: tuple(
                replace(cause, cause=moved.get(cause.cause)) for cause in getattr(causes.fishbone, one.name)
            )
            for one in fields(causes.fishbone)
        }
        shown[DisciplineCode.D4] = replace(causes, fishbone=Fishbone(**bones))
        actions = shown.get(DisciplineCode.D5)
        if isinstance(actions, ActionAnswer):
            rows = tuple(replace(one, cause=moved.get(one.cause)) for one in actions.actions)
            shown[DisciplineCode.D5] = replace(actions, actions=rows)
    chosen, planned = shown.get(DisciplineCode.D5), whole.get(DisciplineCode.D5)
    proofs = shown.get(DisciplineCode.D6)
    if (
        isinstance(chosen, ActionAnswer)
        and isinstance(planned, ActionAnswer)
        and isinstance(proofs, ValidationAnswer)
    ):
        moved = _moved(planned.actions, chosen.actions)
        proven = tuple(replace(one, action=moved.get(one.action)) for one in proofs.validations)
        shown[DisciplineCode.D6] = replace(proofs, validations=proven)
    return shown


def _moved(before: Sequence[Keyed], after: Sequence[Keyed]) -> dict[int | None, int]:
    """Return the new number of each row that stayed, by its old one."""
    if len(before) == len(after):
        return {at: at for at in range(len(before))}
    new = {row.key: at for at, row in enumerate(after)}
    return {at: new[row.key] for at, row in enumerate(before) if row.key in new}


def _open(answer: Answer) -> Answer:
    answer = for_customers(answer)
    match answer:
        case ClosureAnswer():
            return replace(answer, cost=())
        case TeamAnswer():
            return replace(answer, members=tuple(_reachable(answer, one) for one in answer.members))
        case _:
            return answer


def _reachable(team: TeamAnswer, member: TeamMember) -> TeamMember:
    leads = bool(member.name) and member.name in team.leader
    return member if leads else replace(member, phone="", email="")
