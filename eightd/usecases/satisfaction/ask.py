"""Ask the customer how satisfied it is with the reply, by a signed link to one page; take it back (procedure 10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.events import EventTag
from eightd.domain.satisfaction import DAYS, SurveyState, remind_in
from eightd.domain.words import Language, Phrase
from eightd.domain.workflow.actions import Action
from eightd.notifications.signing import Signer
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.administration.changing import check_version
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.outside_mail import LINK, write_outside
from eightd.usecases.verb import Done, verb

PURPOSE = OutsidePurpose.SATISFACTION.value
"""What the links are signed for; tokens for anything else open nothing here."""

WRONG_DAYS = Phrase("survey.days", "Please choose one of the durations", "请选择有效期")
NO_LINK = Phrase(
    "survey.no_link",
    "The text must hold {link} where the link is to stand",
    "正文须包含 {link}，表示链接的位置",
)
ASKED_ALREADY = Phrase(
    "survey.asked_already",
    "The customer has been asked and has not answered yet. Take that back first, or record the answer.",
    "已发起调查且客户尚未回复。请先撤回，或直接登记客户的反馈。",
)
NOT_OPEN = Phrase("survey.not_open", "This question is not open any more", "该调查已结束")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens: one survey. ``answered`` says that it was answered and takes nothing more."""

    id: int
    complaint_id: int
    language: Language
    answered: bool


@verb("survey.ask")
def ask_satisfaction(
    work: Work,
    *,
    number: str,
    language: Language,
    days: int,
    recipients: Collection[str] = (),
    subject: str = "",
    body: str = "",
    send: bool,
) -> Done:
    """Ask once, by mail or by a link that people send themselves; ``id`` of the answer is the survey's.

    Where a mail leaves, one reminder follows unless there was an answer. Raises Invalid by field, NotAllowed while an
    earlier question is open, or without a mail server.
    """
    opened = open_complaint(work, number, Action.ASK_SATISFACTION)
    if days not in DAYS:
        raise Invalid({"days": WRONG_DAYS.say()})
    if send and LINK not in body:
        raise Invalid({"body": NO_LINK.say(link=LINK)})
    if open_survey(work.session, opened.row.id, work.now) is not None:
        raise NotAllowed(ASKED_ALREADY.say())
    survey = new_survey(work, opened.row, language, work.now + timedelta(days=days))
    if send:
        survey.recipients = list(recipients)
        survey.remind_at = work.now + remind_in(days)
        write_outside(
            work,
            opened.row,
            purpose=OutsidePurpose.SATISFACTION,
            subject_id=survey.id,
            language=language,
            recipients=recipients,
            subject=subject,
            body=body,
            link_id=survey.id,
        )
    conclude(
        work,
        opened,
        subject=f"survey {survey.id}",
        new={"recipients": ", ".join(survey.recipients), "expires_at": survey.expires_at.isoformat()},
        raise_version=False,
    )
    return Done(number=number, version=survey.version, id=survey.id)


@verb("survey.revoke")
def revoke_survey(work: Work, *, number: str, survey_id: int, version: int) -> Done:
    """Take a question back; its link opens nothing any more. Raises NotFound, Stale, NotAllowed once answered."""
    opened = open_complaint(work, number, Action.ASK_SATISFACTION)
    survey = of_complaint(work, opened.row, survey_id, version)
    if survey.state is not SurveyState.ASKED:
        raise NotAllowed(NOT_OPEN.say())
    survey.state, survey.revoked_at, survey.revoked_by = SurveyState.REVOKED, work.now, work.actor.id
    survey.remind_at = None
    survey.version += 1
    work.record(EventTag.SATISFACTION_REVOKED, complaint_id=opened.row.id, subject=f"survey {survey.id}")
    return Done(number=number, version=survey.version, id=survey.id)


def new_survey(work: Work, row: ComplaintRow, language: Language, expires_at: datetime) -> SurveyRow:
    """Add a survey that has not been answered."""
    survey = SurveyRow(
        complaint_id=row.id,
        plant_id=row.plant_id,
        customer_id=row.customer_id,
        state=SurveyState.ASKED,
        language=language,
        recipients=[],
        asked_by=work.actor.id or None,
        asked_at=work.now,
        expires_at=expires_at,
        answers={},
    )
    work.session.add(survey)
    work.session.flush()
    return survey


def open_survey(session: Session, complaint_id: int, now: datetime) -> SurveyRow | None:
    """Return the question of a complaint that can still be answered, None where there is none."""
    return session.execute(
        sa.select(SurveyRow)
        .where(
            SurveyRow.complaint_id == complaint_id,
            SurveyRow.state == SurveyState.ASKED,
            SurveyRow.expires_at > now,
        )
        .order_by(SurveyRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def of_complaint(work: Work, row: ComplaintRow, survey_id: int, version: int) -> SurveyRow:
    """Return a survey of this complaint at the version seen. Raises NotFound or Stale."""
    survey = work.session.get(SurveyRow, survey_id, with_for_update=True)
    if survey is None or survey.complaint_id != row.id:
        raise NotFound
    check_version(survey, version)
    return survey


def opened_by(session: Session, links: Signer, token: str, now: datetime) -> Opened | None:
    """Return the survey of a token, None where it was not made here for this, has expired or was taken back."""
    read = links.read(PURPOSE, token)
    if read is None or read[1]:
        return None
    row = session.get(SurveyRow, read[0])
    if row is None or row.state is SurveyState.REVOKED or row.expires_at <= now:
        return None
    return Opened(row.id, row.complaint_id, row.language, row.state is SurveyState.ANSWERED)
