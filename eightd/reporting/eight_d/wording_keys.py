"""Which labels the 8D report prints, and what may stand in braces in each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Demand, DisciplineCode, Tier
from eightd.domain.discipline import answers
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind, VerdictResult
from eightd.reporting.eight_d.layout import SHAPE

_CODES: Mapping[str, type[StrEnum]] = {
    "channel": Channel,
    "cause_state": answers.CauseState,
    "defect_kind": DefectKind,
    "demand": Demand,
    "dimension": answers.Dimension,
    "document": answers.DocumentType,
    "fishbone_state": answers.FishboneState,
    "kind": ComplaintKind,
    "language": Language,
    "path": answers.CausePath,
    "place": answers.StockPlace,
    "report": ReportKind,
    "section": DisciplineCode,
    "tier": Tier,
    "verdict": VerdictResult,
}

_NAMES = {
    "report": ("full short subject draft revision page hash internal withdrawn check changed zone"),
    "section": ("header defects course approval attachments disclaimer internal"),
    "field": (
        "customer_number customer customer_plant contact end_customer kind channel received_at "
        "part_number part_customer_number part_name drawing_revision product_line lots date_codes "
        "serials order_number delivery_number delivered inspected complained confirmed_ng returned ppm "
        "tier tier_criteria tier_reasons demands repeat_of languages revision interim_sent_at "
        "final_sent_at person_in_charge issued_at issued_by closed_on symptom emergency_action "
        "effect_percent verified verified_at champion leader customer_words our_words specification "
        "actual effect_customer effect_end_user history other_parts first_clean_lot unaccounted_reason "
        "changes_before ntf options_considered interim_ended_on customer_confirmation lesson advice "
        "watch thanks verdict verdict_by verdict_on sample_needed sample_reason sample_announced "
        "sample_received_at sample_received sample_difference full_hash report_kind"
    ),
    "title": (
        "five_w2h is_is_not specification pictures stock reconciliation interim fishbone causes whys "
        "matrix actions validations proof documents read_across cost deadlines stops sign_offs approvals"
    ),
    "text": (
        "sum reconciliation found_only unaccounted too_many all_found fishbone_apart why_evidence signed "
        "embedded appended attached_broken attached_page action_without_cause cause_without_action "
        "verified_how hypothesis_how no_change sample_needed sample_not_needed provisional open "
        "stop_running picture_ok picture_nok picture_unreadable problem"
    ),
    "five_w2h": ("who what where when why how how_many"),
    "fishbone": ("man machine material method environment measurement"),
}
_PLACES = {
    "report.page": ("page", "pages"),
    "report.zone": ("offset", "zone"),
    "text.reconciliation": ("delivered", "found"),
    "text.found_only": ("found",),
    "text.unaccounted": ("count",),
    "text.too_many": ("count",),
    "text.attached_page": ("filename", "page", "pages"),
}
_OTHERS = (
    "column.meaning",
    "column.approved_by",
    "column.approved_at",
)  # asked for by documents beside the report


def _keys() -> set[str]:
    keys = {f"{group}.{code.value}" for group, codes in _CODES.items() for code in codes}
    keys |= {f"{group}.{name}" for group, names in _NAMES.items() for name in names.split()}
    keys |= {f"column.{column}" for columns in SHAPE.tables.values() for column in columns}
    return keys | set(_OTHERS)


NEEDED: Mapping[str, frozenset[str]] = {key: frozenset(_PLACES.get(key, ())) for key in sorted(_keys())}
"""Every label by key, with the names that may stand in braces in its text."""
