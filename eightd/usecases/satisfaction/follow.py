"""What follows an unhappy answer: sales speaks with the customer, the CQE decides whether the case is opened again."""

from __future__ import annotations

from eightd.domain.authority import may
from eightd.domain.events import EventTag
from eightd.domain.satisfaction import wants_reopening
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, insist, open_complaint
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.satisfaction.ask import of_complaint
from eightd.usecases.verb import Done, verb

NEEDED = Phrase("follow_up.needed", "Please fill this in", "请填写")
TOO_LONG = Phrase("follow_up.too_long", "At most {limit} characters", "最多 {limit} 个字符")
NOTHING_OWED = Phrase("follow_up.nothing_owed", "No call is owed here", "无需回访")
NO_PROPOSAL = Phrase("follow_up.no_proposal", "Reopening is not proposed here", "没有待决定的重新打开建议")
LONGEST = 4000


@verb("survey.follow_up")
def follow_up(work: Work, *, number: str, survey_id: int, version: int, note: str) -> Done:
    """Record that the unhappy customer was spoken to, and what was agreed.

    Raises NotFound, Stale, Invalid without a note, NotAllowed where nothing is owed.
    """
    opened = open_complaint(work, number, Action.FOLLOW_UP, reason=note.strip() or "-")
    survey = of_complaint(work, opened.row, survey_id, version)
    _insist_text("note", note)
    if survey.follow_up_due_at is None or survey.follow_up_done_at is not None:
        raise NotAllowed(NOTHING_OWED.say())
    survey.follow_up_done_at, survey.follow_up_by = work.now, work.actor.id
    survey.follow_up_note, survey.next_alarm_at = note.strip(), None
    survey.version += 1
    conclude(work, opened, subject=f"survey {survey.id}", raise_version=False)
    return Done(number=number, version=survey.version, id=survey.id)


@verb("survey.decline_reopening")
def decline_reopening(work: Work, *, number: str, survey_id: int, version: int, reason: str) -> Done:
    """Turn the proposal to reopen down, with the reason; whoever may reopen the case may.

    Raises NotFound, Stale, Invalid without a reason, NotAllowed where nothing is proposed.
    """
    opened = open_complaint(work, number, Action.VIEW)
    survey = of_complaint(work, opened.row, survey_id, version)
    if not is_proposed(opened.row, survey):
        raise NotAllowed(NO_PROPOSAL.say())
    insist(may(work.actor, Action.REOPEN, opened.snapshot))
    _insist_text("reason", reason)
    survey.reopen_declined_because = reason.strip()
    survey.version += 1
    work.record(
        EventTag.REOPENING_DECLINED,
        complaint_id=opened.row.id,
        subject=f"survey {survey.id}",
        reason=reason.strip(),
    )
    return Done(number=number, version=survey.version, id=survey.id)


def is_proposed(row: ComplaintRow, survey: SurveyRow) -> bool:
    """Return whether reopening is proposed for an answer and nobody has decided."""
    reopened = (
        row.rejected_at is not None
        and survey.answered_at is not None
        and row.rejected_at >= survey.answered_at
    )
    return wants_reopening(
        dissatisfied=survey.is_dissatisfied,
        declined=bool(survey.reopen_declined_because),
        reopened_since=reopened,
        stage=row.stage,
    )


def _insist_text(field: str, text: str) -> None:
    if not text.strip():
        raise Invalid({field: NEEDED.say()})
    if len(text.strip()) > LONGEST:
        raise Invalid({field: TOO_LONG.say(limit=LONGEST)})
