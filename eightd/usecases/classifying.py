"""Classify a complaint again and keep the result with its reasons (procedure 3)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from eightd.domain.classification.classify import Classification, classify
from eightd.domain.complaint import DefectCounts
from eightd.domain.words import Language
from eightd.persistence.repositories import complaints, rules
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ClassificationRow, ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work


def classify_complaint(work: Work, row: ComplaintRow) -> Classification:
    """Classify by the criteria in force when the complaint was received; add a row to the history.

    A tier that a person had set is replaced: the counts it was judged on have changed.
    """
    work.session.flush()
    plant = work.session.get_one(PlantRow, row.plant_id)
    customer = work.session.get_one(CustomerRow, row.customer_id)
    received_on = row.received_at.astimezone(ZoneInfo(plant.zone)).date()
    counts = complaints.counts(work.session, row)
    result = classify(counts, rules.criteria_for(work.session, customer, received_on))
    row.tier, row.weight, row.tier_overridden = result.tier, result.weight, False
    work.session.add(
        ClassificationRow(
            complaint_id=row.id,
            at=work.now,
            by=work.actor.id,
            tier=result.tier,
            weight=result.weight,
            criteria=result.criteria_ref,
            reasons=reason_documents(result),
            counts=counts_document(counts),
        )
    )
    return result


def reason_documents(classification: Classification) -> list[dict[str, Any]]:
    """Return every rule tried as plain values, worded in both languages."""
    return [
        {
            "rule": reason.rule,
            "matched": reason.matched,
            "text_zh": reason.message.text(Language.ZH),
            "text_en": reason.message.text(Language.EN),
            "numbers": dict(reason.numbers),
        }
        for reason in classification.reasons
    ]


def counts_document(counts: DefectCounts) -> dict[str, Any]:
    """Return the numbers a classification was made on."""
    return {
        "quantity_inspected": counts.quantity_inspected,
        "flags": {
            "penalty_triggered": counts.flags.penalty_triggered,
            "ppm_exceeded": counts.flags.ppm_exceeded,
            "safety": counts.flags.safety,
            "line_stop": counts.flags.line_stop,
        },
        "defects": [
            {
                "kind": line.kind.value,
                "phenomenon": line.phenomenon,
                "quantity": line.quantity,
                "inspected": line.inspected,
            }
            for line in counts.defects
        ],
    }
