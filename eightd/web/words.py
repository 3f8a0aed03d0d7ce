"""What every value of the domain is called on a page, in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from eightd.domain.clock.chain import AlarmUnit, Recipient
from eightd.domain.clock.met import MetBy
from eightd.domain.clock.profile import StartEvent, Unit
from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import (
    Channel,
    ComplaintKind,
    DefectKind,
    Demand,
    DisciplineCode,
    DisciplineState,
    Role,
    Stage,
    Tier,
)
from eightd.domain.correspondence import (
    MailKind,
    MailState,
    ReplyKind,
    ReplyState,
    TemplateKind,
    WordingKind,
)
from eightd.domain.discipline.answers import (
    CausePath,
    CauseState,
    Dimension,
    DocumentType,
    FishboneState,
    StockPlace,
)
from eightd.domain.discipline.scores import Assessor
from eightd.domain.messages import DeliveryState, MessageKind, RelayKind, Way
from eightd.domain.paperwork import DocumentKind
from eightd.domain.reviewer.findings import Level
from eightd.domain.tasks import TaskKind, TaskState
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin, ReportForm, ReportKind, VerdictResult
from eightd.reporting.sheet.wording import Arrangement
from eightd.web import value_words

E = TypeVar("E", bound=StrEnum)

LABELS: Mapping[type[StrEnum], Mapping[Any, Any]] = {
    **value_words.LABELS,
    Tier: {Tier.MAJOR: _l("Major"), Tier.GENERAL: _l("General"), Tier.OTHER: _l("Other")},
    ComplaintKind: {
        ComplaintKind.LINE: _l("Line complaint (0-km)"),
        ComplaintKind.FIELD: _l("Field complaint"),
        ComplaintKind.RETURNED_GOODS: _l("Returned goods"),
        ComplaintKind.CLAIM: _l("Claim"),
        ComplaintKind.NEW_SAMPLE: _l("New sample rejected"),
        ComplaintKind.LOGISTICS: _l("Logistics"),
    },
    MailKind: {
        MailKind.NEW: _l("New"),
        MailKind.ANSWER: _l("Answer to us"),
        MailKind.BOUNCE: _l("Came back"),
        MailKind.AUTO_REPLY: _l("Automatic"),
        MailKind.OWN: _l("Our own"),
        MailKind.REFUSED: _l("Suspicious"),
    },
    MailState: {
        MailState.OPEN: _l("Waits"),
        MailState.FILED: _l("Filed"),
        MailState.REGISTERED: _l("Registered"),
        MailState.DISMISSED: _l("Dismissed"),
        MailState.IGNORED: _l("Laid aside"),
    },
    Channel: {
        Channel.PHONE: _l("Phone"),
        Channel.EMAIL: _l("E-mail"),
        Channel.VISIT: _l("Visit"),
        Channel.PORTAL: _l("Customer portal"),
        Channel.INSTANT_MESSAGE: _l("Instant message"),
        Channel.LETTER: _l("Letter"),
    },
    Demand: {
        Demand.RETURN: _l("Return of goods"),
        Demand.REPLACEMENT: _l("Replacement"),
        Demand.CREDIT: _l("Credit"),
        Demand.EIGHT_D: _l("8D report"),
        Demand.EXPLANATION: _l("Explanation"),
    },
    DefectKind: {
        DefectKind.FUNCTIONAL: _l("Functional"),
        DefectKind.APPEARANCE: _l("Appearance"),
        DefectKind.OTHER: _l("Other"),
    },
    Role: {
        Role.SALES: _l("Sales"),
        Role.CQE: _l("Customer quality (CQE)"),
        Role.PQE: _l("Product quality (PQE)"),
        Role.SQE: _l("Supplier quality (SQE)"),
        Role.TE: _l("Test engineering (TE)"),
        Role.PIE: _l("Process engineering (PIE)"),
        Role.RD: _l("Development (RD)"),
        Role.PRODUCTION: _l("Production"),
        Role.WAREHOUSE: _l("Warehouse / PMC"),
        Role.FINANCE: _l("Finance"),
        Role.QUALITY_MANAGER: _l("Quality manager"),
        Role.AUDITOR: _l("Auditor"),
        Role.ADMIN: _l("Administrator"),
    },
    Stage: {
        Stage.REGISTERED: _l("Registered"),
        Stage.NOT_OURS: _l("Not ours: explanation"),
        Stage.NOT_OURS_APPROVED: _l("Not ours: approved"),
        Stage.NEGOTIATING: _l("Negotiating"),
        Stage.ANALYSING: _l("Analysing"),
        Stage.REPORTED: _l("Final report sent"),
        Stage.WATCHING: _l("Effectiveness watch"),
        Stage.CLOSED: _l("Closed"),
        Stage.CANCELLED: _l("Cancelled"),
    },
    DisciplineCode: {
        DisciplineCode.D0: _l("D0 Emergency action"),
        DisciplineCode.D1: _l("D1 Team"),
        DisciplineCode.D2: _l("D2 Problem description"),
        DisciplineCode.D3: _l("D3 Containment"),
        DisciplineCode.D4: _l("D4 Root causes"),
        DisciplineCode.D5: _l("D5 Corrective actions"),
        DisciplineCode.D6: _l("D6 Implementation and validation"),
        DisciplineCode.D7: _l("D7 Prevention"),
        DisciplineCode.D8: _l("D8 Closure"),
    },
    DisciplineState: {
        DisciplineState.OPEN: _l("Open"),
        DisciplineState.DRAFT: _l("Draft"),
        DisciplineState.SUBMITTED: _l("Submitted"),
        DisciplineState.ACCEPTED: _l("Accepted"),
        DisciplineState.RETURNED: _l("Returned"),
    },
    Origin: {
        Origin.FUNCTIONAL: _l("Functional"),
        Origin.PROCESS: _l("Process or workmanship"),
        Origin.APPEARANCE: _l("Appearance"),
        Origin.DESIGN: _l("Design"),
        Origin.MATERIAL: _l("Raw material"),
    },
    ReportForm: {ReportForm.FULL: _l("Full 8D"), ReportForm.SHORT: _l("Short form (4D)")},
    ReportKind: {
        ReportKind.INITIAL: _l("Initial reply"),
        ReportKind.PRELIMINARY: _l("Preliminary report"),
        ReportKind.FINAL: _l("Final report"),
    },
    Arrangement: {
        Arrangement.STACKED: _l("English below Chinese"),
        Arrangement.COLUMNS: _l("In two columns"),
    },
    VerdictResult: {
        VerdictResult.ACCEPTED: _l("Customer accepts"),
        VerdictResult.REJECTED: _l("Customer rejects"),
    },
    CausePath: {
        CausePath.OCCURRENCE: _l("Occurrence"),
        CausePath.ESCAPE: _l("Escape"),
        CausePath.SYSTEM: _l("System"),
    },
    FishboneState: {
        FishboneState.OPEN: _lp("possible cause", "Open"),
        FishboneState.EXCLUDED: _l("Excluded"),
        FishboneState.CONFIRMED: _lp("possible cause", "Confirmed"),
    },
    Assessor: {
        Assessor.PROGRAM: _l("Program"),
        Assessor.CQE: _l("CQE"),
        Assessor.CUSTOMER: _l("Customer"),
    },
    Level: {
        Level.OFF: _l("Off"),
        Level.NOTE: _l("Note"),
        Level.WARN: _l("Warning"),
        Level.STOP: _l("Keeps from submitting"),
    },
    DocumentKind: {
        DocumentKind.COMPLAINT_NOTICE: _l("Complaint notice and tracking sheet"),
        DocumentKind.HANDLING_FORM: _l("Complaint handling form"),
        DocumentKind.EXPLANATION_LETTER: _l("Explanation letter"),
    },
    TaskKind: {
        TaskKind.INTERIM: _l("Interim action"),
        TaskKind.CORRECTIVE: _l("Corrective action"),
        TaskKind.PREVENTIVE: _l("Preventive action"),
    },
    TaskState: {
        TaskState.OPEN: _lp("task", "Open"),
        TaskState.DONE: _lp("task", "Done"),
        TaskState.VERIFIED: _l("Verified"),
        TaskState.CANCELLED: _lp("task", "Cancelled"),
    },
    CauseState: {CauseState.VERIFIED: _l("Verified"), CauseState.HYPOTHESIS: _l("Hypothesis")},
    StockPlace: {
        StockPlace.CUSTOMER: _l("At the customer"),
        StockPlace.CUSTOMER_LINE: _l("At the customer's line"),
        StockPlace.IN_TRANSIT: _l("In transit"),
        StockPlace.CONSUMED: _l("Consumed by the customer"),
        StockPlace.FIELD: _l("In the field"),
        StockPlace.FINISHED_GOODS: _l("Finished goods"),
        StockPlace.WIP: _l("Work in progress"),
        StockPlace.RAW_MATERIAL: _l("Raw material"),
        StockPlace.SUPPLIER: _l("At the supplier"),
    },
    Dimension: {
        Dimension.WHAT: _l("What"),
        Dimension.WHERE: _l("Where"),
        Dimension.WHEN: _l("When"),
        Dimension.HOW_MANY: _l("How many"),
    },
    DocumentType: {
        DocumentType.PFMEA: _l("PFMEA"),
        DocumentType.DFMEA: _l("DFMEA"),
        DocumentType.CONTROL_PLAN: _l("Control plan"),
        DocumentType.WORK_INSTRUCTION: _l("Work instruction"),
        DocumentType.DRAWING: _l("Drawing"),
        DocumentType.TRAINING: _l("Training"),
        DocumentType.OTHER: _l("Other"),
    },
    StopReason: {
        StopReason.LABORATORY: _l("Laboratory test"),
        StopReason.WAITING_CUSTOMER: _l("Waiting for the customer"),
        StopReason.WAITING_SUPPLIER: _l("Waiting for the supplier"),
        StopReason.OTHER: _l("Other"),
        StopReason.WAITING_SAMPLE: _l("Waiting for the sample"),
    },
    Unit: {
        Unit.CLOCK_HOURS: _l("Clock hours"),
        Unit.CALENDAR_DAYS: _l("Calendar days"),
        Unit.WORKING_DAYS: _l("Working days"),
    },
    StartEvent: {
        StartEvent.RECEIVED: _l("Complaint received"),
        StartEvent.SAMPLE_RECEIVED: _l("Sample received"),
        StartEvent.CONFIRMED: _l("Complaint confirmed"),
        StartEvent.INITIAL_REPLY_SENT: _l("Initial reply sent"),
        StartEvent.PRELIMINARY_ANALYSIS_SENT: _l("Preliminary analysis sent"),
        StartEvent.FINAL_REPORT_SENT: _l("Final report sent"),
        StartEvent.VERDICT_RECEIVED: _l("Customer's verdict received"),
    },
    MetBy: {
        MetBy.D0_ACCEPTED: _l("D0 accepted"),
        MetBy.D1_ACCEPTED: _l("D1 accepted"),
        MetBy.D2_ACCEPTED: _l("D2 accepted"),
        MetBy.D3_ACCEPTED: _l("D3 accepted"),
        MetBy.INITIAL_REPLY: _l("Initial reply sent"),
        MetBy.D4_ACCEPTED: _l("D4 accepted"),
        MetBy.PRELIMINARY_ANALYSIS: _l("Preliminary analysis sent"),
        MetBy.D5_ACCEPTED: _l("D5 accepted"),
        MetBy.D6_ACCEPTED: _l("D6 accepted"),
        MetBy.D7_ACCEPTED: _l("D7 accepted"),
        MetBy.FINAL_REPORT: _l("Final report sent"),
        MetBy.VERDICT_ACCEPTED: _l("Customer accepts"),
        MetBy.D8_ACCEPTED: _l("D8 accepted"),
        MetBy.CLOSED: _l("Complaint closed"),
    },
    AlarmUnit: {AlarmUnit.HOURS: _l("Hours"), AlarmUnit.WORKING_DAYS: _l("Working days")},
    Recipient: {
        Recipient.OWNER: _l("Owner"),
        Recipient.LEAD: _l("CQE's lead"),
        Recipient.QUALITY_MANAGER: _l("Quality manager"),
    },
    MessageKind: {
        MessageKind.REGISTERED: _l("New complaint"),
        MessageKind.ASSIGNED: _l("Assigned to you"),
        MessageKind.SUBMITTED: _l("Submitted for review"),
        MessageKind.RETURNED: _l("Returned for rework"),
        MessageKind.ACCEPTED: _l("Answer accepted"),
        MessageKind.SAMPLE_RECEIVED: _l("Sample received"),
        MessageKind.SAMPLE_OVERDUE: _l("Sample overdue"),
        MessageKind.APPROVAL_WANTED: _l("Approval wanted"),
        MessageKind.REPORT_ISSUED: _l("Report issued"),
        MessageKind.REPLY_SENT: _l("Reply sent"),
        MessageKind.REPLY_FAILED: _l("Reply did not reach the customer"),
        MessageKind.MAIL_FAILED: _l("Mail did not arrive"),
        MessageKind.VERDICT: _l("Customer's verdict"),
        MessageKind.MAIL_RECEIVED: _l("Mail from a customer"),
        MessageKind.REMINDER: _l("Due soon"),
        MessageKind.DUE: _l("Falls due now"),
        MessageKind.OVERDUE: _l("Overdue"),
        MessageKind.TASK_ASSIGNED: _l("Action given to you"),
        MessageKind.TASK_DONE: _l("Action waits to be verified"),
        MessageKind.TASK_RETURNED: _l("Action did not work"),
        MessageKind.TASK_REMINDER: _l("Action due soon"),
        MessageKind.TASK_DUE: _l("Action falls due now"),
        MessageKind.TASK_OVERDUE: _l("Action overdue"),
        MessageKind.SUPPLIER_ANSWERED: _l("Supplier has answered"),
        MessageKind.SUPPLIER_DUE: _l("Supplier's answer falls due now"),
        MessageKind.SUPPLIER_OVERDUE: _l("Supplier's answer overdue"),
        MessageKind.STOP_ENDED: _l("Stop of the clock ended"),
        MessageKind.DEADLINE_MOVED: _l("Deadline moved"),
        MessageKind.CLAIM_WAITS: _l("Position on a claim to be approved"),
        MessageKind.CLAIM_DECIDED: _l("Position on a claim decided"),
        MessageKind.SATISFACTION: _l("Customer's satisfaction"),
        MessageKind.FOLLOW_UP_OVERDUE: _l("Unhappy customer not called"),
        MessageKind.RELATED: _l("Related complaint"),
        MessageKind.DIGEST: _l("Digest"),
    },
    Way: {Way.INBOX: _l("Inbox"), Way.EMAIL: _l("E-mail"), Way.CHAT: _l("Chat")},
    RelayKind: {
        RelayKind.SMTP: _l("Mail server (SMTP)"),
        RelayKind.WECOM: _l("WeCom robot"),
        RelayKind.DINGTALK: _l("DingTalk robot"),
        RelayKind.FEISHU: _l("Feishu / Lark robot"),
        RelayKind.WEBHOOK: _l("Webhook"),
    },
    DeliveryState: {
        DeliveryState.WAITING: _l("Waiting"),
        DeliveryState.LEASED: _l("Being sent"),
        DeliveryState.SENT: _l("Sent"),
        DeliveryState.DEAD: _l("Given up"),
        DeliveryState.CANCELLED: _l("Cancelled"),
    },
    Language: {Language.ZH: _l("Chinese"), Language.EN: _l("English")},
    TemplateKind: {
        TemplateKind.INITIAL: _l("Initial reply"),
        TemplateKind.PRELIMINARY: _l("Preliminary analysis"),
        TemplateKind.FINAL: _l("Final report"),
        TemplateKind.NOT_OURS: _l("Explanation “not ours”"),
        TemplateKind.SAMPLE: _l("Request for the sample"),
    },
    ReplyKind: {
        ReplyKind.INITIAL: _l("Initial reply"),
        ReplyKind.PRELIMINARY: _l("Preliminary analysis"),
        ReplyKind.FINAL: _l("Final report"),
        ReplyKind.NOT_OURS: _l("Explanation “not ours”"),
    },
    ReplyState: {
        ReplyState.DRAFT: _l("Draft"),
        ReplyState.REVIEWED: _l("Released, on its way"),
        ReplyState.SENT: _l("Sent to the customer"),
        ReplyState.FAILED: _l("Not delivered"),
        ReplyState.DISCARDED: _l("Discarded"),
    },
    WordingKind: {
        WordingKind.LIABILITY: _l("Admits liability"),
        WordingKind.EMPTY: _l("Says nothing"),
        WordingKind.OWN: _l("Against the plant's own rule"),
    },
}
"""Every value a page may show or offer, in the order of its enumeration; a test compares them with the domain."""

MILESTONES: Mapping[str, Any] = {
    "initial_reply": _l("Initial reply (D1–D3)"),
    "preliminary_analysis": _l("Preliminary analysis (D4)"),
    "final_report": _l("Final 8D report (D5–D8)"),
    "not_ours": _l("“Not ours” replied"),  # a sending of this kind answers every milestone
}
"""The milestones of the standard profile; a plant's own ones carry their title in the profile."""


def word(value: StrEnum | None) -> Any:
    """Return what the value is called, lazily translated; nothing for None."""
    return "" if value is None else LABELS[type(value)][value]


def milestone(name: str, title: str = "") -> Any:
    """Return what a milestone is called: its own title, the standard one's name, else its short name."""
    return title or MILESTONES.get(name, name)


def choices(kind: type[E]) -> list[tuple[str, Any]]:
    """Return value and label of every member, for a select or a group of radio buttons."""
    return [(member.value, LABELS[kind][member]) for member in kind]


def ordered(values: Iterable[E]) -> list[E]:
    """Return the members in the order of their enumeration."""
    held = set(values)
    return [member for member in type(next(iter(held))) if member in held] if held else []
