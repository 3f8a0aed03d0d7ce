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
| everything else | yes | yes |

Names, departments and functions of the team stay: the customer works with these people. What is
taken out never reaches the drawing, so it cannot leak through hidden text or metadata. The content
hash is that of the whole document, so that both versions show the same one.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from eightd.domain.discipline.answers import Answer, ClosureAnswer, TeamAnswer, TeamMember
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
        answers={code: _open(answer) for code, answer in document.answers.items()},
        internal=(),
    )


def _open(answer: Answer) -> Answer:
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
