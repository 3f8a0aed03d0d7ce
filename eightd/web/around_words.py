"""What the record says of returns, suppliers, money and the other ends of a complaint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from eightd.domain.afterwards import ReopeningWhy
from eightd.domain.complaint import Role
from eightd.domain.cost.kinds import ClaimPosition, CostKind, CostPhase, CostSide
from eightd.domain.events import EventTag
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnKind, ReturnStage
from eightd.web import formats, value_words

TAGS: Mapping[str, tuple[Any, str, str]] = {
    EventTag.RETURN_ANNOUNCED: (_l("Return announced"), "truck", "blue"),
    EventTag.RETURN_CHANGED: (_l("Return changed"), "pencil", "grey"),
    EventTag.RETURN_RECEIVED: (_l("Return received"), "package", "blue"),
    EventTag.RETURN_CHECKED: (_l("Return checked"), "clipboard-list", "blue"),
    EventTag.RETURN_BOOKED_IN: (_l("Return booked in"), "package", "blue"),
    EventTag.RETURN_RECOUNTED: (_l("Count at a place corrected"), "pencil", "amber"),
    EventTag.RETURN_DRAWN: (_l("Pieces drawn for testing"), "microscope", "blue"),
    EventTag.RETURN_COUNTED: (_l("Phenomena and defects counted"), "list-check", "blue"),
    EventTag.PIECES_RECORDED: (_l("Test results of pieces recorded"), "list-check", "grey"),
    EventTag.RETURN_ANALYSED: (_l("Return analysed"), "search", "blue"),
    EventTag.RETURN_PLANNED: (_l("What becomes of the pieces planned"), "clipboard-list", "blue"),
    EventTag.RETURN_REWORKED: (_l("Results of the plan recorded"), "check", "blue"),
    EventTag.RETURN_REDELIVERED: (_l("Pieces sent back"), "send", "green"),
    EventTag.RETURN_SETTLED: (_l("Return booked by finance"), "coin", "green"),
    EventTag.RETURN_CLOSED: (_l("Return closed"), "lock", "green"),
    EventTag.RETURN_CANCELLED: (_l("Return cancelled"), "x", "red"),
    EventTag.SAMPLE_CHASED: (_l("Customer asked for the sample"), "mail", "amber"),
    EventTag.SUPPLIER_ASKED: (_l("Supplier asked for its 8D"), "send", "blue"),
    EventTag.SUPPLIER_CASE_CHANGED: (_l("What is asked of the supplier changed"), "pencil", "grey"),
    EventTag.SUPPLIER_LINK_MADE: (_l("Link for the supplier made"), "link", "grey"),
    EventTag.SUPPLIER_LINK_REVOKED: (_l("Link of the supplier revoked"), "x", "amber"),
    EventTag.SUPPLIER_CASE_CANCELLED: (_l("Supplier's 8D called off"), "x", "red"),
    EventTag.SUPPLIER_ACCEPTED: (_l("Supplier's answer accepted"), "circle-check", "green"),
    EventTag.SUPPLIER_RETURNED: (_l("Supplier's answer returned"), "arrow-back-up", "amber"),
    EventTag.SUPPLIER_SCORED: (_l("Supplier's 8D scored"), "list-check", "blue"),
    EventTag.SUPPLIER_ANSWER_TAKEN: (_l("Supplier's causes and actions taken over"), "copy", "blue"),
    EventTag.COMPLAINT_MERGED: (_l("Answered with another complaint's 8D"), "copy", "blue"),
    EventTag.COMPLAINT_UNMERGED: (_l("Has an 8D of its own again"), "copy", "amber"),
    EventTag.COMPLAINT_SPLIT: (_l("Split into two complaints"), "copy", "amber"),
    EventTag.MATCH_FOUND: (_l("Looks like an earlier case"), "search", "amber"),
    EventTag.MATCH_JUDGED: (_l("Compared with an earlier case"), "check", "blue"),
    EventTag.WATCH_CHANGED: (_l("Watch after closure changed"), "eye", "grey"),
    EventTag.WATCH_ENDED: (_l("Watch after closure ended"), "circle-check", "green"),
    EventTag.CLAIM_RECORDED: (_l("Claim recorded"), "coin", "amber"),
    EventTag.CLAIM_CHANGED: (_l("Claim changed"), "pencil", "grey"),
    EventTag.CLAIM_WITHDRAWN: (_l("Claim withdrawn by the customer"), "x", "grey"),
    EventTag.POSITION_PROPOSED: (_l("Position on the claim proposed"), "clipboard-list", "blue"),
    EventTag.POSITION_APPROVED: (_l("Position on the claim approved"), "check", "green"),
    EventTag.POSITION_RETURNED: (_l("Position on the claim returned"), "arrow-back-up", "amber"),
    EventTag.CLAIM_SETTLED: (_l("Claim settled"), "circle-check", "green"),
    EventTag.COST_RECORDED: (_l("Cost recorded"), "coin", "grey"),
    EventTag.COST_CHANGED: (_l("Cost corrected"), "pencil", "grey"),
    EventTag.COST_REMOVED: (_l("Cost entered by mistake taken out"), "x", "amber"),
    EventTag.SATISFACTION_ASKED: (_l("Customer asked how satisfied it is"), "mail", "blue"),
    EventTag.SATISFACTION_REVOKED: (_l("Question about satisfaction taken back"), "x", "grey"),
    EventTag.SATISFACTION_ANSWERED: (_l("Customer's satisfaction recorded"), "message-circle", "blue"),
    EventTag.FOLLOWED_UP: (_l("Unhappy customer spoken to"), "message-circle", "green"),
    EventTag.REOPENING_DECLINED: (_l("Proposal to reopen turned down"), "x", "amber"),
    EventTag.SUPPLIER_KEPT: (_l("Supplier made or changed"), "pencil", "grey"),
    EventTag.LOG_IMPORTED: (_l("Old log brought in"), "upload", "blue"),
    EventTag.COSTS_EXPORTED: (_l("Costs exported"), "file-spreadsheet", "grey"),
    EventTag.APPROVALS_SET: (_l("Approval limits or exchange rates changed"), "pencil", "grey"),
    EventTag.SUPPLIER_DRAFT_SAVED: (_l("Supplier saved a draft"), "device-floppy", "grey"),
    EventTag.SUPPLIER_SUBMITTED: (_l("Supplier submitted an answer"), "send", "blue"),
    EventTag.SUPPLIER_FILE_ADDED: (_l("Supplier added a file"), "paperclip", "grey"),
    EventTag.COMPLAINT_IMPORTED: (_l("Brought in from an old log"), "upload", "grey"),
    EventTag.FOLLOWER_ADDED: (_l("Answers another complaint too"), "copy", "blue"),
}
"""Text, icon and colour of an entry."""

FIELDS: Mapping[str, Any] = {
    "imported_file": _l("File of the old log"),
    "imported_line": _l("Line of the old log"),
    "return_kind": _l("Kind of return"),
    "return_stage": _l("Stage of the return"),
    "parcel": _l("Parcel"),
    "pieces": _l("Pieces"),
    "expected_on": _l("Expected on"),
    "promised_on": _l("Promised back by"),
    "carrier": _lp("transport", "Carrier"),
    "tracking": _l("Tracking number"),
    "cartons": _l("Cartons"),
    "received": _l("Pieces received"),
    "wrong": _l("Pieces of a wrong part"),
    "found_part": _l("Wrong pieces are"),
    "because": _l("Explanation"),
    "rest": _l("Rest comes with"),
    "rest_expected_on": _l("Rest expected on"),
    "rest_of": _l("Rest of"),
    "location": _l("Location"),
    "place": _l("Place"),
    "counts": _l("What was found"),
    "analysis": _l("What the analysis found"),
    "ntf_criteria": _l("NTF criteria"),
    "pieces_ng": _l("NG pieces"),
    "pieces_ok": _l("OK pieces"),
    "pieces_ntf": _l("NTF pieces"),
    "pieces_not_tested": _l("Pieces not tested"),
    "piece_results": _l("Results of pieces"),
    "categories": _l("Failure categories"),
    "plan": _l("Plan"),
    "steps": _l("Work steps"),
    "results": _l("Results"),
    "sent_on": _l("Sent back on"),
    "credit_number": _l("Booking of finance"),
    "booked_on": _l("Booked on"),
    "recipients": _l("Written to"),
    "answered_by": _l("Answered with the 8D of"),
    "copied": _l("Started from the other 8D"),
    "split_into": _l("Split off"),
    "split_from": _l("Split from"),
    "duplicate_of": _l("Duplicate of"),
    "same_cause": _l("Same cause"),
    "watched_until": _l("Watch until"),
    "watched_lots": _l("Lots to watch"),
    "lots_seen": _l("Lots without the phenomenon"),
    "watch_result": _l("Result of the watch"),
    "why": _l("Opened again because"),
    "was_wrong": _l("What was wrong before"),
    "recurred_as": _l("Came back as"),
    "unproven_because": _l("Why there is no evidence"),
    "supplier": _l("Supplier"),
    "supplied_part": _l("Supplied part or material"),
    "supplied_phenomenon": _l("What is wrong with it"),
    "asked": _l("Asked for"),
    "message": _l("Message"),
    "shared_facts": _l("What the supplier sees"),
    "shared_files": _l("Files the supplier may open"),
    "due_at": _l("Due"),
    "expires_at": _l("Holds until"),
    "opened": _l("Times opened"),
    "supplier_written_to": _l("Supplier written to"),
    "score": _l("Score"),
    "rows_taken": _l("Rows taken over"),
    "cost_kind": _l("Kind of cost"),
    "cost_phase": _l("Expected or actual"),
    "cost_side": _l("Borne by"),
    "cost_note": _lp("money", "Note"),
    "department": _l("Department"),
    "spent_on": _lp("money", "Date"),
    "amount": _lp("money", "Amount"),
    "currency": _l("Currency"),
    "rate": _l("Exchange rate"),
    "rate_on": _l("Rate of the day"),
    "in_plant": _l("In the plant's currency"),
    "claim_id": _l("Number of the claim"),
    "return_id": _l("Number of the return"),
    "supplier_id": _l("Number of the supplier"),
    "claimed_on": _l("Claimed on"),
    "for_what": _l("For what"),
    "claim_position": _l("Our position"),
    "accepted_amount": _l("What we bear"),
    "share": _l("Our share in percent"),
    "approver_role": _l("To be approved by"),
    "settled_on": _l("Settled on"),
    "settlement": _l("Settlement"),
    "grade_speed": _l("Speed, 1 to 5"),
    "grade_communication": _l("Communication, 1 to 5"),
    "grade_analysis": _l("Analysis, 1 to 5"),
    "grade_solution": _l("Solution, 1 to 5"),
    "grade_overall": _l("All in all, 1 to 5"),
    "said": _l("In the customer's words"),
    "said_by": _l("Answered by"),
    "reminded_at": _l("Reminded at"),
}
"""What the fields of these entries are called."""

KINDS: Mapping[str, tuple[type[StrEnum], ...]] = {
    "cost_kind": (CostKind,),
    "cost_phase": (CostPhase,),
    "cost_side": (CostSide,),
    "claim_position": (ClaimPosition,),
    "approver_role": (Role,),
    "return_kind": (ReturnKind,),
    "return_stage": (ReturnStage,),
    "place": (Place,),
    "why": (ReopeningWhy,),
}
"""What the values of a field may be."""


def _count(value: Mapping[str, Any]) -> str:
    what = value["phenomenon"] or _word(PieceVerdict(value["verdict"]))
    return f"{what} {formats.number(value['quantity'])}"


def _planned(value: Mapping[str, Any]) -> str:
    what = f"{_word(Disposition(value['disposition']))} {formats.number(value['quantity'])}"
    return " · ".join(filter(None, [what, value["how"], value["owner"], value["due_on"]]))


def _result(value: Mapping[str, Any]) -> str:
    good, scrapped = formats.number(value["good"]), formats.number(value["scrapped"])
    said = gettext("%(good)s good, %(scrapped)s scrapped", good=good, scrapped=scrapped)
    return " · ".join(filter(None, [f"{_word(Disposition(value['disposition']))}: {said}", value["note"]]))


def _word(value: StrEnum) -> str:
    return str(value_words.LABELS[type(value)][value])


ROWS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "counts": _count,
    "plan": _planned,
    "results": _result,
}
"""How one row of a field that holds several is told."""
