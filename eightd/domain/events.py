"""What happened, as the audit trail and the outbox record it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eightd.domain.complaint import DisciplineCode
from eightd.domain.workflow.actions import Action


class EventTag(StrEnum):
    """Stable names of audit entries: ``noun.what_happened``. Never rename one, old entries carry it."""

    COMPLAINT_REGISTERED = "complaint.registered"
    HEADER_EDITED = "complaint.header_edited"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_CHANGED = "evidence.changed"
    TASK_CHANGED = "task.changed"
    TASK_FINISHED = "task.finished"
    TASK_VERIFIED = "task.verified"
    FINDING_ACCEPTED = "finding.accepted"
    SCORED = "assessment.scored"
    ASSESSMENT_RECORDED = "assessment.customer_recorded"
    COMMENT_ADDED = "comment.added"
    CLASSIFIED = "tier.classified"
    TIER_RAISED = "tier.raised"
    TIER_LOWERED = "tier.lowered"
    ASSIGNED = "complaint.assigned"
    SHORT_FORM_CHOSEN = "form.short_chosen"
    FULL_FORM_CHOSEN = "form.full_chosen"
    CONFIRMED_OURS = "complaint.confirmed_ours"
    CONFIRMED_NOT_OURS = "complaint.confirmed_not_ours"
    EXPLANATION_WRITTEN = "not_ours.explanation_written"
    NOT_OURS_APPROVED = "not_ours.approved"
    NOT_OURS_RETURNED = "not_ours.returned"
    NOT_OURS_REPLIED = "not_ours.replied"
    NEGOTIATION_RECORDED = "not_ours.negotiation_recorded"
    NOT_OURS_ACCEPTED = "not_ours.accepted_by_customer"
    SAMPLE_RECEIVED = "sample.received"
    SAMPLE_WAIVED = "sample.waived"
    SAMPLE_REQUIRED = "sample.required"
    CLOCK_STOPPED = "clock.stopped"
    CLOCK_RESUMED = "clock.resumed"
    STOP_EXTENDED = "clock.stop_extended"
    STOP_WITHDRAWN = "clock.stop_withdrawn"
    LATENESS_EXPLAINED = "deadline.lateness_explained"
    DEADLINE_MOVED = "deadline.moved"
    PROFILE_ADOPTED = "deadline.profile_adopted"
    ALARM_RAISED = "alarm.raised"
    INITIAL_REPORT_ISSUED = "report.initial_issued"
    PRELIMINARY_REPORT_ISSUED = "report.preliminary_issued"
    FINAL_REPORT_ISSUED = "report.final_issued"
    REPORT_WITHDRAWN = "report.withdrawn"
    DOCUMENT_ISSUED = "document.issued"
    INITIAL_REPLY_SENT = "reply.initial_sent"
    PRELIMINARY_SENT = "reply.preliminary_sent"
    FINAL_REPORT_SENT = "reply.final_sent"
    REPLY_DRAFTED = "reply.drafted"
    REPLY_EDITED = "reply.edited"
    REPLY_RELEASED = "reply.released"
    REPLY_TAKEN_BACK = "reply.taken_back"
    REPLY_DISCARDED = "reply.discarded"
    REPLY_GIVEN_UP = "reply.given_up"
    REPLY_SENT_AGAIN = "reply.sent_again"
    REPLY_BOUNCED = "reply.bounced"
    STATUS_LINK_MADE = "status_link.made"
    STATUS_LINK_REVOKED = "status_link.revoked"
    MAIL_RECEIVED = "mail.received"
    MAIL_FILED = "mail.filed"
    MAIL_REGISTERED = "mail.registered"
    MAIL_DISMISSED = "mail.dismissed"
    MAIL_TAKEN_BACK = "mail.taken_back"
    VERDICT_ACCEPTED = "verdict.accepted"
    VERDICT_REJECTED = "verdict.rejected"
    COMPLAINT_CLOSED = "complaint.closed"
    COMPLAINT_REOPENED = "complaint.reopened"
    COMPLAINT_CANCELLED = "complaint.cancelled"
    DRAFT_SAVED = "discipline.draft_saved"
    DISCIPLINE_SUBMITTED = "discipline.submitted"
    DISCIPLINE_ACCEPTED = "discipline.accepted"
    DISCIPLINE_RETURNED = "discipline.returned"
    DISCIPLINE_REOPENED = "discipline.reopened"
    CATALOGUE_EXTENDED = "catalogue.extended"
    ADMINISTRATION_CHANGED = "administration.changed"
    LOG_EXPORTED = "log.exported"
    DEADLINES_EXPORTED = "deadlines.exported"
    AUDIT_VERIFIED = "audit.verified"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: who, when, what, from where to where, why.

    ``at`` is an aware instant. ``from_`` and ``to`` hold stage values, or discipline-state values
    when ``discipline`` is set by a discipline action. ``on_behalf_of`` is the user in whose place the
    actor acted (the owner or the person assigned), None when acting for oneself.
    """

    tag: EventTag
    complaint_id: int | None
    actor_id: int
    at: datetime
    reason: str = ""
    discipline: DisciplineCode | None = None
    from_: str = ""
    to: str = ""
    on_behalf_of: int | None = None


TAGS: Mapping[Action, tuple[EventTag, ...]] = {
    Action.EDIT_HEADER: (EventTag.HEADER_EDITED,),
    Action.ADD_EVIDENCE: (EventTag.EVIDENCE_ADDED,),
    Action.CHANGE_EVIDENCE: (EventTag.EVIDENCE_CHANGED,),
    Action.CHANGE_TASK: (EventTag.TASK_CHANGED,),
    Action.FINISH_TASK: (EventTag.TASK_FINISHED,),
    Action.VERIFY_TASK: (EventTag.TASK_VERIFIED,),
    Action.ACCEPT_FINDING: (EventTag.FINDING_ACCEPTED,),
    Action.SCORE: (EventTag.SCORED,),
    Action.RECORD_ASSESSMENT: (EventTag.ASSESSMENT_RECORDED,),
    Action.COMMENT: (EventTag.COMMENT_ADDED,),
    Action.RECLASSIFY: (EventTag.CLASSIFIED,),
    Action.RAISE_TIER: (EventTag.TIER_RAISED,),
    Action.LOWER_TIER: (EventTag.TIER_LOWERED,),
    Action.ASSIGN: (EventTag.ASSIGNED,),
    Action.USE_SHORT_FORM: (EventTag.SHORT_FORM_CHOSEN,),
    Action.USE_FULL_FORM: (EventTag.FULL_FORM_CHOSEN,),
    Action.CONFIRM_OURS: (EventTag.CONFIRMED_OURS,),
    Action.CONFIRM_NOT_OURS: (EventTag.CONFIRMED_NOT_OURS,),
    Action.WRITE_EXPLANATION: (EventTag.EXPLANATION_WRITTEN,),
    Action.APPROVE_NOT_OURS: (EventTag.NOT_OURS_APPROVED,),
    Action.RETURN_NOT_OURS: (EventTag.NOT_OURS_RETURNED,),
    Action.REPLY_NOT_OURS: (EventTag.NOT_OURS_REPLIED,),
    Action.RECORD_NEGOTIATION: (EventTag.NEGOTIATION_RECORDED,),
    Action.ACCEPT_NOT_OURS: (EventTag.NOT_OURS_ACCEPTED, EventTag.COMPLAINT_CLOSED),
    Action.RECEIVE_SAMPLE: (EventTag.SAMPLE_RECEIVED,),
    Action.WAIVE_SAMPLE: (EventTag.SAMPLE_WAIVED,),
    Action.REQUIRE_SAMPLE: (EventTag.SAMPLE_REQUIRED,),
    Action.STOP_CLOCK: (EventTag.CLOCK_STOPPED,),
    Action.RESUME_CLOCK: (EventTag.CLOCK_RESUMED,),
    Action.EXTEND_STOP: (EventTag.STOP_EXTENDED,),
    Action.WITHDRAW_STOP: (EventTag.STOP_WITHDRAWN,),
    Action.EXPLAIN_LATENESS: (EventTag.LATENESS_EXPLAINED,),
    Action.ADOPT_PROFILE: (EventTag.PROFILE_ADOPTED,),
    Action.ISSUE_REPORT_INITIAL: (EventTag.INITIAL_REPORT_ISSUED,),
    Action.ISSUE_REPORT_PRELIMINARY: (EventTag.PRELIMINARY_REPORT_ISSUED,),
    Action.ISSUE_REPORT_FINAL: (EventTag.FINAL_REPORT_ISSUED,),
    Action.SEND_INITIAL_REPLY: (EventTag.INITIAL_REPLY_SENT,),
    Action.SEND_PRELIMINARY: (EventTag.PRELIMINARY_SENT,),
    Action.SEND_FINAL_REPORT: (EventTag.FINAL_REPORT_SENT,),
    Action.WITHDRAW_REPORT: (EventTag.REPORT_WITHDRAWN,),
    Action.ISSUE_DOCUMENT: (EventTag.DOCUMENT_ISSUED,),
    Action.DRAFT_REPLY: (EventTag.REPLY_DRAFTED,),
    Action.SHARE_STATUS: (EventTag.STATUS_LINK_MADE,),
    Action.RECORD_VERDICT_ACCEPTED: (EventTag.VERDICT_ACCEPTED,),
    Action.RECORD_VERDICT_REJECTED: (EventTag.VERDICT_REJECTED, EventTag.COMPLAINT_REOPENED),
    Action.CLOSE: (EventTag.COMPLAINT_CLOSED,),
    Action.REOPEN: (EventTag.COMPLAINT_REOPENED,),
    Action.CANCEL: (EventTag.COMPLAINT_CANCELLED,),
    Action.VIEW: (),
    Action.VIEW_DRAFTS: (),
    Action.VIEW_AUDIT: (),
    Action.SAVE_DRAFT: (EventTag.DRAFT_SAVED,),
    Action.SUBMIT: (EventTag.DISCIPLINE_SUBMITTED,),
    Action.ACCEPT: (EventTag.DISCIPLINE_ACCEPTED,),
    Action.RETURN_FOR_REWORK: (EventTag.DISCIPLINE_RETURNED,),
    Action.REOPEN_DISCIPLINE: (EventTag.DISCIPLINE_REOPENED,),
    Action.REGISTER: (EventTag.COMPLAINT_REGISTERED,),
    Action.HANDLE_MAIL: (  # one of them
        EventTag.MAIL_FILED,
        EventTag.MAIL_REGISTERED,
        EventTag.MAIL_DISMISSED,
        EventTag.MAIL_TAKEN_BACK,
    ),
    Action.EXTEND_CATALOGUE: (EventTag.CATALOGUE_EXTENDED,),
    Action.ADMINISTER: (EventTag.ADMINISTRATION_CHANGED,),
    Action.EXPORT_LOG: (EventTag.LOG_EXPORTED,),
    Action.VERIFY_AUDIT: (EventTag.AUDIT_VERIFIED,),
    Action.READ_INDICATORS: (),
}
"""The audit entries each action leaves, in order; reading leaves none."""
