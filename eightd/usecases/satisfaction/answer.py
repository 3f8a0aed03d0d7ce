"""Take the customer's answer, by its link or as told by phone; an unhappy one sets sales a date and tells the CQE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from eightd.domain.clock.ticks import tick_clock
from eightd.domain.complaint import Role
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.satisfaction import QUESTIONS, SurveyState, is_dissatisfied, problems
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.recipients import holders_of, standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.alarms.tasks import timetable_of
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.outcome import local_day
from eightd.usecases.satisfaction.ask import new_survey, open_survey
from eightd.usecases.telling import complaint_facts, sales_of
from eightd.usecases.verb import Done, verb

GUEST = Actor(id=0, roles=frozenset(), plants=frozenset())
"""Who answers by a link: nobody with an account."""

ANSWERED_ALREADY = Phrase(
    "survey.answered_already", "This was answered already. Thank you.", "您已提交过评价，谢谢！"
)
WHO = Phrase("survey.who", "Who told you?", "请填写反馈人")


@verb("survey.answer")
def answer_survey(
    work: Work, *, survey_id: int, answers: Mapping[str, int], comment: str = "", answered_by: str = ""
) -> Done:
    """Take the answer given on the page of a link; a survey is answered once.

    The door has read the link; whether it still holds is looked at again under the lock. Raises NotFound for one that
    was taken back or has expired, NotAllowed for one that was answered, Invalid by question.
    """
    found = work.session.get(SurveyRow, survey_id)
    if found is None:
        raise NotFound
    row = _locked(work, found.complaint_id)
    survey = work.session.get_one(SurveyRow, survey_id, with_for_update=True, populate_existing=True)
    if survey.state is SurveyState.REVOKED or survey.expires_at <= work.now:
        raise NotFound
    if survey.state is SurveyState.ANSWERED:
        raise NotAllowed(ANSWERED_ALREADY.say())
    wrong = problems(answers, comment, answered_by)
    if wrong:
        raise Invalid(wrong)
    _take(work, row, survey, answers, comment, answered_by)
    work.record(
        EventTag.SATISFACTION_ANSWERED,
        complaint_id=row.id,
        subject=f"survey {survey.id}",
        new=_told(survey),
    )
    _tell(work, row, survey)
    return Done(version=survey.version, id=survey.id)


@verb("survey.record")
def record_satisfaction(
    work: Work, *, number: str, version: int, answers: Mapping[str, int], comment: str = "", answered_by: str
) -> Done:
    """Record what the customer said by phone or on a visit; a question that is open is answered by it.

    ``version`` is that of the open question as the actor saw it, 0 where there was none. Raises Stale where it has
    been answered or asked since, Invalid by question and ``answered_by``.
    """
    opened = open_complaint(work, number, Action.RECORD_SATISFACTION)
    survey = open_survey(work.session, opened.row.id, work.now)
    current = 0 if survey is None else survey.version
    if version != current:
        raise Stale(current)
    wrong = dict(problems(answers, comment, answered_by))
    if not answered_by.strip():
        wrong["answered_by"] = WHO.say()
    if wrong:
        raise Invalid(wrong)
    if survey is None:
        language = work.session.get_one(CustomerRow, opened.row.customer_id).language
        survey = new_survey(work, opened.row, language, work.now)
    survey.recorded_by = work.actor.id
    _take(work, opened.row, survey, answers, comment, answered_by)
    conclude(work, opened, subject=f"survey {survey.id}", new=_told(survey), raise_version=False)
    _tell(work, opened.row, survey)
    return Done(number=number, version=survey.version, id=survey.id)


def _locked(work: Work, complaint_id: int) -> ComplaintRow:
    """Lock the complaint first, as every verb does."""
    number = work.session.get_one(ComplaintRow, complaint_id).number
    loaded = complaints.load(work.session, number, lock=True)
    if loaded is None:
        raise NotFound
    return loaded.row


def _take(
    work: Work,
    row: ComplaintRow,
    survey: SurveyRow,
    answers: Mapping[str, int],
    comment: str,
    answered_by: str,
) -> None:
    survey.state = SurveyState.ANSWERED
    survey.answers = {question: answers[question] for question in QUESTIONS if question in answers}
    survey.comment, survey.answered_by = comment.strip(), " ".join(answered_by.split())
    survey.answered_at, survey.remind_at = work.now, None
    survey.is_dissatisfied = is_dissatisfied(survey.answers)
    if survey.is_dissatisfied:
        times = timetable_of(work.session, row)
        clock = tick_clock(times.calendar, times.close_of_business, times.zone)
        survey.follow_up_due_at = survey.next_alarm_at = clock.due(1, work.now, ()).contractual_due_at
    survey.version += 1


def _told(survey: SurveyRow) -> dict[str, object]:
    return {
        **{f"grade_{question}": grade for question, grade in survey.answers.items()},
        **({"said": survey.comment} if survey.comment else {}),
        **({"said_by": survey.answered_by} if survey.answered_by else {}),
    }


def _tell(work: Work, row: ComplaintRow, survey: SurveyRow) -> None:
    """Tell sales and the CQE; of an unhappy answer the quality manager as well."""
    people = sales_of(work.session, row)
    if row.cqe_id is not None:
        people.add(row.cqe_id)
    if survey.is_dissatisfied:
        people |= holders_of(work.session, Role.QUALITY_MANAGER, row.plant_id, row.customer_id)
    facts = replace(
        complaint_facts(work.session, row),
        path=f"/complaints/{row.number}/satisfaction",
        by=survey.answered_by,
        at=work.now,
        due_at=survey.follow_up_due_at,
        outcome="dissatisfied" if survey.is_dissatisfied else "satisfied",
        reason=survey.comment,
    )
    stands = standing_in(work.session, people - {work.actor.id}, local_day(work, row))
    postbox(work).tell(MessageKind.SATISFACTION, stands, facts, plant_id=row.plant_id, complaint_id=row.id)
