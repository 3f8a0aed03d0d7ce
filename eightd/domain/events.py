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
    RETURN_ANNOUNCED = "return.announced"
    RETURN_CHANGED = "return.changed"
    RETURN_RECEIVED = "return.received"
    RETURN_CHECKED = "return.checked"
    RETURN_BOOKED_IN = "return.booked_in"
    RETURN_RECOUNTED = "return.recounted"
    RETURN_DRAWN = "return.drawn"
    RETURN_COUNTED = "return.counted"
    PIECES_RECORDED = "return.pieces_recorded"
    RETURN_ANALYSED = "return.analysed"
    RETURN_PLANNED = "return.planned"
    RETURN_REWORKED = "return.reworked"
    RETURN_REDELIVERED = "return.redelivered"
    RETURN_SETTLED = "return.settled"
    RETURN_CLOSED = "return.closed"
    RETURN_CANCELLED = "return.cancelled"
    SAMPLE_CHASED = "sample.chased"
    SUPPLIER_ASKED = "supplier.asked"
    SUPPLIER_CASE_CHANGED = "supplier.changed"
    SUPPLIER_LINK_MADE = "supplier.link_made"
    SUPPLIER_LINK_REVOKED = "supplier.link_revoked"
    SUPPLIER_CASE_CANCELLED = "supplier.cancelled"
    SUPPLIER_ACCEPTED = "supplier.accepted"
    SUPPLIER_RETURNED = "supplier.returned"
    SUPPLIER_SCORED = "supplier.scored"
    SUPPLIER_ANSWER_TAKEN = "supplier.answer_taken"
    COMPLAINT_MERGED = "complaint.merged"
    COMPLAINT_UNMERGED = "complaint.unmerged"
    COMPLAINT_SPLIT = "complaint.split"
    MATCH_FOUND = "match.found"
    MATCH_JUDGED = "match.judged"
    WATCH_CHANGED = "watch.changed"
    WATCH_ENDED = "watch.ended"
    CLAIM_RECORDED = "claim.recorded"
    CLAIM_CHANGED = "claim.changed"
    CLAIM_WITHDRAWN = "claim.withdrawn"
    POSITION_PROPOSED = "claim.position_proposed"
    POSITION_APPROVED = "claim.position_approved"
    POSITION_RETURNED = "claim.position_returned"
    CLAIM_SETTLED = "claim.settled"
    COST_RECORDED = "cost.recorded"
    COST_CHANGED = "cost.changed"
    COST_REMOVED = "cost.removed"
    SATISFACTION_ASKED = "satisfaction.asked"
    SATISFACTION_REVOKED = "satisfaction.revoked"
    SATISFACTION_ANSWERED = "satisfaction.answered"
    FOLLOWED_UP = "satisfaction.followed_up"
    REOPENING_DECLINED = "satisfaction.reopening_declined"
    SUPPLIER_KEPT = "supplier.kept"
    LOG_IMPORTED = "log.imported"
    APPROVALS_SET = "approvals.set"
    SUPPLIER_DRAFT_SAVED = "supplier.draft_saved"
    SUPPLIER_SUBMITTED = "supplier.submitted"
    SUPPLIER_FILE_ADDED = "supplier.file_added"
    COMPLAINT_IMPORTED = "complaint.imported"
    FOLLOWER_ADDED = "complaint.follower_added"
    CATALOGUE_EXTENDED = "catalogue.extended"
    ADMINISTRATION_CHANGED = "administration.changed"
    LOG_EXPORTED = "log.exported"
    DEADLINES_EXPORTED = "deadlines.exported"
    RETURNS_EXPORTED = "returns.exported"
    COSTS_EXPORTED = "costs.exported"
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
    Action.ANNOUNCE_RETURN: (EventTag.RETURN_ANNOUNCED,),
    Action.CHANGE_RETURN: (EventTag.RETURN_CHANGED,),
    Action.RECEIVE_RETURN: (EventTag.RETURN_RECEIVED,),
    Action.CHECK_RETURN: (EventTag.RETURN_CHECKED,),
    Action.BOOK_IN_RETURN: (EventTag.RETURN_BOOKED_IN,),
    Action.RECOUNT_RETURN: (EventTag.RETURN_RECOUNTED,),
    Action.DRAW_RETURN: (EventTag.RETURN_DRAWN,),
    Action.COUNT_RETURN: (EventTag.RETURN_COUNTED,),
    Action.RECORD_PIECES: (EventTag.PIECES_RECORDED,),
    Action.ANALYSE_RETURN: (EventTag.RETURN_ANALYSED,),
    Action.PLAN_RETURN: (EventTag.RETURN_PLANNED,),
    Action.RECORD_REWORK: (EventTag.RETURN_REWORKED,),
    Action.REDELIVER_RETURN: (EventTag.RETURN_REDELIVERED,),
    Action.SETTLE_RETURN: (EventTag.RETURN_SETTLED,),
    Action.CLOSE_RETURN: (EventTag.RETURN_CLOSED,),
    Action.CANCEL_RETURN: (EventTag.RETURN_CANCELLED,),
    Action.CHASE_SAMPLE: (EventTag.SAMPLE_CHASED,),
    Action.ASK_SUPPLIER: (EventTag.SUPPLIER_ASKED,),
    Action.JUDGE_SUPPLIER: (EventTag.SUPPLIER_ACCEPTED,),
    Action.TAKE_OVER_ANSWER: (EventTag.SUPPLIER_ANSWER_TAKEN,),
    Action.MERGE: (EventTag.COMPLAINT_MERGED,),
    Action.UNMERGE: (EventTag.COMPLAINT_UNMERGED,),
    Action.SPLIT: (EventTag.COMPLAINT_SPLIT,),
    Action.JUDGE_MATCH: (EventTag.MATCH_JUDGED,),
    Action.WATCH_AFTERWARDS: (EventTag.WATCH_CHANGED,),
    Action.RECORD_CLAIM: (EventTag.CLAIM_RECORDED,),
    Action.PROPOSE_POSITION: (EventTag.POSITION_PROPOSED,),
    Action.APPROVE_CLAIM: (EventTag.POSITION_APPROVED,),
    Action.SETTLE_CLAIM: (EventTag.CLAIM_SETTLED,),
    Action.RECORD_COST: (EventTag.COST_RECORDED,),
    Action.ASK_SATISFACTION: (EventTag.SATISFACTION_ASKED,),
    Action.RECORD_SATISFACTION: (EventTag.SATISFACTION_ANSWERED,),
    Action.FOLLOW_UP: (EventTag.FOLLOWED_UP,),
    Action.KEEP_SUPPLIERS: (EventTag.SUPPLIER_KEPT,),
    Action.IMPORT_LOG: (EventTag.LOG_IMPORTED,),
    Action.READ_COSTS: (),
    Action.SET_APPROVALS: (EventTag.APPROVALS_SET,),
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
