"""Take chosen rows of a supplier's accepted answers over into our D4–D7, with where they came from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from eightd.domain.suppliers.taking import take
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories.supplier_answers import answers_of
from eightd.persistence.unit_of_work import Work
from eightd.usecases import drafts
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.errors import Invalid
from eightd.usecases.suppliers.opening import open_case
from eightd.usecases.verb import Done, verb

NOTHING_NEW = Phrase(
    "supplier_take.nothing",
    "Please choose at least one row that was not taken over yet",
    "请至少选择一行尚未采用的内容",
)


@verb("supplier.take_over")
def take_over(work: Work, *, number: str, version: int, places: Collection[str]) -> Done:
    """Add the rows at the ``places`` of the case ``number`` to our drafts; ``version`` is the case's.

    Only accepted answers are taken of; nothing of ours is changed but for what is added. Raises NotFound, NotAllowed
    (also where one of our disciplines cannot be worked on), Stale or Invalid where nothing new was chosen.
    """
    opened = open_case(work, number, Action.TAKE_OVER_ANSWER, version=version, must_be_open=False)
    case, complaint = opened.row, opened.complaint
    answers = answers_of(work.session, case.id)
    taken = take(
        case.number,
        tuple(places),
        {code: one.accepted for code, one in answers.snapshots.items()},
        {code: complaint.snapshot.discipline(code).latest for code in answers.snapshots},
        case.taken_over,
    )
    if not taken.places:
        raise Invalid({"places": NOTHING_NEW.say()})
    for code, answer in taken.answers.items():
        standing_in = _in_the_team(work, complaint)
        ours = open_complaint(
            standing_in, complaint.row.number, Action.SAVE_DRAFT, discipline=code, answer=answer
        )
        drafts.keep(standing_in, ours, drafts.row_of(work, ours, code), answer)
    case.taken_over = {**case.taken_over, **taken.places}
    case.version += 1
    conclude(
        work,
        complaint,
        subject=case.number,
        new={"rows_taken": len(taken.places), "places": taken.places},
        raise_version=False,
    )
    return Done(number=number, version=case.version, id=len(taken.places))


def _in_the_team(work: Work, complaint: Opened) -> Work:
    """Return the transaction in which the actor counts as one of the complaint's team: who takes over may write.

    Whether a discipline can be worked on now is still the rules' to say; the record names the owner stood in for.
    """
    actor = work.actor
    team = frozenset(complaint.snapshot.assigned.values())
    return work.ordered(
        replace(
            work.order, actor=replace(actor, deputy_for=actor.deputy_for | team | {complaint.row.cqe_id or 0})
        )
    )
