"""What the values of returns, suppliers, cost and satisfaction are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_pgettext as _lp

from eightd.domain.afterwards import ReopeningWhy
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.cost.kinds import ClaimPosition, ClaimState, CostKind, CostPhase, CostSide
from eightd.domain.returns.categories import Meaning
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnKind, ReturnStage
from eightd.domain.satisfaction import SurveyState
from eightd.domain.suppliers.case import SupplierCaseState

LABELS: Mapping[type[StrEnum], Mapping[Any, Any]] = {
    ReturnKind: {
        ReturnKind.SAMPLE: _lp("return kind", "Sample"),
        ReturnKind.GOODS: _lp("return kind", "Returned goods"),
    },
    ReturnStage: {
        ReturnStage.ANNOUNCED: _lp("return", "Announced"),
        ReturnStage.RECEIVED: _lp("return", "Received"),
        ReturnStage.CHECKED: _lp("return", "Checked"),
        ReturnStage.BOOKED_IN: _lp("return", "Booked in"),
        ReturnStage.DRAWN: _lp("return", "Being tested"),
        ReturnStage.COUNTED: _lp("return", "Counted"),
        ReturnStage.ANALYSED: _lp("return", "Analysed"),
        ReturnStage.PLANNED: _lp("return", "Planned"),
        ReturnStage.REWORKED: _lp("return", "Ready to go back"),
        ReturnStage.REDELIVERED: _lp("return", "Sent back"),
        ReturnStage.SETTLED: _lp("return", "Booked by finance"),
        ReturnStage.CLOSED: _lp("return", "Closed"),
        ReturnStage.CANCELLED: _lp("return", "Cancelled"),
    },
    Place: {
        Place.CUSTOMER: _lp("place of pieces", "At the customer"),
        Place.SURPLUS: _lp("place of pieces", "More than received"),
        Place.ARRIVED: _lp("place of pieces", "Arrived"),
        Place.CHECKED: _lp("place of pieces", "Checked"),
        Place.WRONG_PART: _lp("place of pieces", "Wrong part, set aside"),
        Place.STORED: _lp("place of pieces", "In stock"),
        Place.DRAWN: _lp("place of pieces", "In test"),
        Place.TO_REWORK: _lp("place of pieces", "To be reworked"),
        Place.TO_REPAIR: _lp("place of pieces", "To be repaired"),
        Place.TO_SCRAP: _lp("place of pieces", "To be scrapped"),
        Place.READY: _lp("place of pieces", "Ready to go back"),
        Place.KEPT: _lp("place of pieces", "Kept for reference"),
        Place.SCRAPPED: _lp("place of pieces", "Scrapped"),
        Place.SENT_BACK: _lp("place of pieces", "Sent back"),
        Place.MISSING: _lp("place of pieces", "Missing"),
    },
    Disposition: {
        Disposition.REWORK: _lp("what becomes of pieces", "Rework"),
        Disposition.REPAIR: _lp("what becomes of pieces", "Repair"),
        Disposition.SCRAP: _lp("what becomes of pieces", "Scrap"),
        Disposition.RETURN_AS_IS: _lp("what becomes of pieces", "Return as it is"),
        Disposition.KEEP: _lp("what becomes of pieces", "Keep for reference"),
    },
    PieceVerdict: {
        PieceVerdict.NG: _lp("piece", "NG"),
        PieceVerdict.OK: _lp("piece", "OK"),
        PieceVerdict.NTF: _lp("piece", "NTF (no trouble found)"),
        PieceVerdict.NOT_TESTED: _lp("piece", "Not tested"),
    },
    Meaning: {
        Meaning.IN_ORDER: _lp("failure category", "In order"),
        Meaning.IN_ORDER_NTF: _lp("failure category", "In order by NTF procedure"),
        Meaning.CAUSED_BY_CUSTOMER: _lp("failure category", "Caused by customer"),
        Meaning.UNDETERMINED: _lp("failure category", "Cannot be determined"),
    },
    SupplierCaseState: {
        SupplierCaseState.OPEN: _lp("supplier", "Being answered"),
        SupplierCaseState.SUBMITTED: _lp("supplier", "Answered, to be judged"),
        SupplierCaseState.ACCEPTED: _lp("supplier", "Accepted"),
        SupplierCaseState.CANCELLED: _lp("supplier", "Called off"),
    },
    CostKind: {
        CostKind.SORTING: _lp("cost", "Sorting"),
        CostKind.FREIGHT: _lp("cost", "Freight"),
        CostKind.REWORK: _lp("cost", "Rework"),
        CostKind.SCRAP: _lp("cost", "Scrap"),
        CostKind.CREDIT: _lp("cost", "Credit"),
        CostKind.TRAVEL: _lp("cost", "Travel"),
        CostKind.LINE_STOP: _lp("cost", "Line stop"),
        CostKind.ANALYSIS: _lp("cost", "Tests and analysis"),
        CostKind.OTHER: _lp("cost", "Other"),
    },
    CostPhase: {
        CostPhase.PLANNED: _lp("cost", "Expected"),
        CostPhase.ACTUAL: _lp("cost", "Actual"),
    },
    CostSide: {
        CostSide.OURS: _lp("cost", "Borne by us"),
        CostSide.RECOVERY: _lp("cost", "Recovered from the supplier"),
    },
    ClaimPosition: {
        ClaimPosition.ACCEPT: _lp("position", "Accept"),
        ClaimPosition.SHARE: _lp("position", "Share"),
        ClaimPosition.REJECT: _lp("position", "Reject"),
    },
    ClaimState: {
        ClaimState.OPEN: _lp("claim", "Position wanted"),
        ClaimState.PROPOSED: _lp("claim", "To be approved"),
        ClaimState.APPROVED: _lp("claim", "Approved"),
        ClaimState.SETTLED: _lp("claim", "Settled"),
        ClaimState.WITHDRAWN: _lp("claim", "Withdrawn"),
    },
    SurveyState: {
        SurveyState.ASKED: _lp("survey", "Asked"),
        SurveyState.ANSWERED: _lp("survey", "Answered"),
        SurveyState.REVOKED: _lp("survey", "Taken back"),
    },
    OutsidePurpose: {
        OutsidePurpose.SUPPLIER_CASE: _lp("mail", "8D of a supplier"),
        OutsidePurpose.SAMPLE: _lp("mail", "Sample asked for"),
        OutsidePurpose.SATISFACTION: _lp("mail", "Satisfaction asked for"),
    },
    ReopeningWhy: {
        ReopeningWhy.REJECTED: _lp("reopened", "The customer rejected the report"),
        ReopeningWhy.RECURRED: _lp("reopened", "It came back"),
        ReopeningWhy.DISSATISFIED: _lp("reopened", "The customer is not satisfied"),
        ReopeningWhy.OTHER: _lp("reopened", "Another reason"),
    },
}
"""Every member of every enumeration, by a context of its own: one English word is several in Chinese."""
