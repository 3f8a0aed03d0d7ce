"""Compare a complaint with earlier cases: found at registration, answered with same or other cause (procedure 10)."""

from __future__ import annotations

import sqlalchemy as sa

from eightd.domain.authority import may_see
from eightd.domain.events import EventTag
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories import complaints, matching
from eightd.persistence.tables.afterwards import MatchRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.ends.telling import tell_related
from eightd.usecases.errors import Invalid
from eightd.usecases.verb import Done, verb

NO_SUCH_CASE = Phrase("match.unknown", "There is no earlier case {number}", "没有更早的客诉 {number}")
BECAUSE_MISSING = Phrase(
    "match.because_missing",
    "Please say why it is another cause",
    "请说明为何是不同原因",
)
UNANSWERED = Phrase(
    "match.unanswered",
    "{number} had the same part and phenomenon: say under “Related complaints” whether this is the same cause, or why"
    " it is another",
    "{number} 的物料与不良现象相同：请在“相关客诉”中说明是否同一原因，或为何不同",
)


def note_matches(work: Work, row: ComplaintRow) -> None:
    """Keep which earlier cases a complaint looks like; of one under watch both records and both CQEs are told."""
    known = set(
        work.session.execute(sa.select(MatchRow.earlier_id).where(MatchRow.complaint_id == row.id)).scalars()
    )
    for candidate in matching.candidates(work.session, row):
        if candidate.id in known:
            continue
        match = MatchRow(
            complaint_id=row.id, earlier_id=candidate.id, found_at=work.now, under_watch=candidate.under_watch
        )
        work.session.add(match)
        if candidate.under_watch:
            earlier = work.session.get_one(ComplaintRow, candidate.id)
            work.record(EventTag.MATCH_FOUND, complaint_id=row.id, subject=_named(row, earlier))
            work.record(EventTag.MATCH_FOUND, complaint_id=earlier.id, subject=_named(earlier, row))
            tell_related(work, row, earlier, "match")
    work.session.flush()


def unanswered(work: Work, row: ComplaintRow) -> tuple[Message, ...]:
    """Return what keeps D4 from being submitted: earlier cases that the actor may see and nobody compared with."""
    waiting = matching.unanswered(work.session, row)
    return tuple(
        UNANSWERED.say(number=number)
        for number, customer_id in waiting
        if may_see(work.actor, row.plant_id, customer_id)
    )


def _named(row: ComplaintRow, other: ComplaintRow) -> str:
    """Return the other complaint's number where it is the same customer's: readers of one may not know of the other."""
    return other.number if other.customer_id == row.customer_id else ""


@verb("match.judge")
def judge_match(
    work: Work, *, number: str, version: int, earlier: str, same_cause: bool, because: str = ""
) -> Done:
    """Say whether an earlier case had the same cause; another cause needs to be explained.

    The same cause makes the complaint a recurrence of that case where it is the same customer's and none of another
    yet. An answer may be given anew; the record keeps all. Raises Invalid for an earlier case that is not there or
    may not be seen.
    """
    opened = open_complaint(work, number, Action.JUDGE_MATCH, version=version)
    row, wanted = opened.row, earlier.strip().upper()
    found = complaints.load(work.session, wanted)
    if found is None or found.row.id >= row.id or not complaints.is_visible(found, work.actor):
        raise Invalid({"earlier": NO_SUCH_CASE.say(number=wanted)})
    if not same_cause and not because.strip():
        raise Invalid({"because": BECAUSE_MISSING.say()})
    match = work.session.execute(
        sa.select(MatchRow).where(MatchRow.complaint_id == row.id, MatchRow.earlier_id == found.row.id)
    ).scalar_one_or_none()
    if match is None:
        match = MatchRow(complaint_id=row.id, earlier_id=found.row.id, found_at=work.now)
        work.session.add(match)
    before = {} if match.same_cause is None else {"same_cause": match.same_cause, "because": match.because}
    match.same_cause, match.because = same_cause, because.strip()
    match.judged_by, match.judged_at = work.actor.id, work.now
    same_customer = found.row.customer_id == row.customer_id
    if same_cause and row.repeat_of_id is None and same_customer:  # a report names what it repeats
        row.repeat_of_id = found.row.id
    elif not same_cause and row.repeat_of_id == found.row.id:
        row.repeat_of_id = None
    said = {"same_cause": same_cause, "because": because.strip()}
    conclude(work, opened, old=before, new=said, subject=_named(row, found.row))
    return Done(number=number, version=row.version, id=match.id)
