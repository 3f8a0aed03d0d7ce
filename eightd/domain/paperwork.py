"""The documents a complaint gives rise to beside its 8D report, and when each may be issued (procedure 9)."""

from __future__ import annotations

from enum import StrEnum

from eightd.domain.complaint import Stage
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.snapshot import ComplaintSnapshot

NOT_OURS_ONLY = Phrase(
    "paperwork.not_ours_only",
    "The explanation letter is for complaints found not to be ours",
    "说明函仅用于判定为非我方责任的客诉",
)
NOT_APPROVED = Phrase(
    "paperwork.not_approved",
    "The quality manager has not approved the explanation yet",
    "品质经理尚未批准该说明",
)


class DocumentKind(StrEnum):
    """A kind of document; the value is the folder under ``reports/`` that lays it out."""

    COMPLAINT_NOTICE = "complaint_notice"  # 客户抱怨通知 / 追踪处理单
    HANDLING_FORM = "handling_form"  # 客诉处理单
    EXPLANATION_LETTER = "explanation_letter"  # 说明函, for what is not ours

    @property
    def is_for_customers(self) -> bool:
        """Return True where the document is written to the customer; the others stay inside."""
        return self is DocumentKind.EXPLANATION_LETTER


def hindrance(kind: DocumentKind, snapshot: ComplaintSnapshot) -> Message | None:
    """Return why the document may not be issued now, None where it may.

    Notice and handling form are drawn up at any time; the letter once the explanation is approved, and again
    for as long as the complaint counts as not ours.
    """
    if kind is not DocumentKind.EXPLANATION_LETTER:
        return None
    if snapshot.ours is not False:
        return NOT_OURS_ONLY.say()
    if snapshot.stage is Stage.NOT_OURS:
        return NOT_APPROVED.say()
    return None
