"""Correct a complaint's header or counts, change its tier or form, write a comment (procedure 2, 3 and 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eightd.domain.complaint import Tier
from eightd.domain.events import EventTag
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action, tier_action
from eightd.domain.workflow.snapshot import ReportForm
from eightd.persistence.repositories import complaints, rules
from eightd.persistence.tables.complaint import ClassificationRow, ComplaintRow, DefectLineRow, NoteRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.evidence import SendingRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.adopting import follow_tier
from eightd.usecases.classifying import classify_complaint, counts_document
from eightd.usecases.deadlines import recompute
from eightd.usecases.errors import Invalid
from eightd.usecases.register import add_lines, apply_header, index_for_search
from eightd.usecases.registration import (
    MORE_THAN_DELIVERED,
    Counts,
    DefectEntry,
    Header,
    counts_problems,
    header_problems,
)
from eightd.usecases.verb import Done, verb

SAME_TIER = Phrase("tier.same", "The complaint already has this tier", "客诉已是该等级")
COMMENT_EMPTY = Phrase("comment.empty", "Please write something", "请填写内容")


@verb("complaint.edit_header")
def edit_header(work: Work, *, number: str, version: int, header: Header) -> Done:
    """Correct the header; a corrected receipt moves the clocks that start at it.

    Raises Invalid with every problem by field.
    """
    opened = open_complaint(work, number, Action.EDIT_HEADER, version=version)
    row = opened.row
    problems = header_problems(header, work.now, _first_event(work, row))
    if (
        header.quantity_delivered is not None
        and (row.quantity_inspected or 0) > header.quantity_delivered >= 0
    ):
        problems["quantity_delivered"] = MORE_THAN_DELIVERED.say(delivered=header.quantity_delivered)
    if problems:
        raise Invalid(problems)
    before = _header_document(row)
    apply_header(row, header)
    recompute(work.session, row, work.now)
    index_for_search(work.session, row)
    after = _header_document(row)
    changed = [name for name in after if after[name] != before[name]]
    conclude(
        work,
        opened,
        old={name: before[name] for name in changed},
        new={name: after[name] for name in changed},
    )
    return Done(number=number, version=row.version)


@verb("complaint.reclassify")
def change_counts(work: Work, *, number: str, version: int, counts: Counts) -> Done:
    """Replace the defect lines and flags, and classify again; the earlier classification stays.

    A tier for which the customer has another profile brings its deadlines with it.
    """
    opened = open_complaint(work, number, Action.RECLASSIFY, version=version)
    row = opened.row
    problems = counts_problems(counts, row.quantity_delivered)
    if problems:
        raise Invalid(problems)
    tier = row.tier
    before = {"tier": tier.value, **counts_document(complaints.counts(work.session, row))}
    row.quantity_inspected = counts.quantity_inspected
    row.penalty_triggered = counts.flags.penalty_triggered
    row.ppm_exceeded = counts.flags.ppm_exceeded
    row.safety = counts.flags.safety
    row.line_stop = counts.flags.line_stop
    after = _count_anew(work, row, counts.defects)
    conclude(work, opened, old=before, new=after)
    follow_tier(work, row, tier)
    return Done(number=number, version=row.version)


def _count_anew(work: Work, row: ComplaintRow, defects: Iterable[DefectEntry]) -> dict[str, Any]:
    """Replace the defect lines, classify again and return what the record says is now."""
    work.session.execute(sa.delete(DefectLineRow).where(DefectLineRow.complaint_id == row.id))
    add_lines(work.session, row, defects)
    classify_complaint(work, row)
    index_for_search(work.session, row)
    return {"tier": row.tier.value, **counts_document(complaints.counts(work.session, row))}


def classify_by_counts(
    work: Work,
    row: ComplaintRow,
    defects: Iterable[DefectEntry],
    *,
    subject: str,
    old: dict[str, Any],
    new: dict[str, Any],
) -> None:
    """Replace the defect lines by what was counted elsewhere, named as ``subject``, and classify again.

    ``old`` and ``new`` are what the record says beside the counts. As when a person changes the counts, another tier
    brings the profile that the customer has for it.
    """
    tier = row.tier
    before = {"tier": tier.value, **counts_document(complaints.counts(work.session, row))}
    after = _count_anew(work, row, defects)
    work.record(
        EventTag.CLASSIFIED,
        complaint_id=row.id,
        subject=subject,
        old={**before, **old},
        new={**after, **new},
    )
    follow_tier(work, row, tier)


@verb("tier.override")
def override_tier(work: Work, *, number: str, version: int, tier: Tier, reason: str) -> Done:
    """Set the tier by hand: raising needs a reason, lowering a reason and the quality manager.

    What the new tier weighs is told by the criteria of the last classification. A tier for which the customer has
    another profile brings its deadlines with it.
    """
    loaded = complaints.load(work.session, number, lock=True)  # which right is asked goes by the tier it has
    action = (tier_action(loaded.row.tier, tier) if loaded else None) or Action.RAISE_TIER
    opened = open_complaint(work, number, action, version=version, reason=reason)
    row = opened.row
    if tier is row.tier:
        raise Invalid({"tier": SAME_TIER.say()})
    before = row.tier
    last = work.session.execute(
        sa.select(ClassificationRow)
        .where(ClassificationRow.complaint_id == row.id)
        .order_by(ClassificationRow.id.desc())
        .limit(1)
    ).scalar_one()
    weight = rules.criteria_at(work.session, last.criteria).weight(tier)
    row.tier, row.weight, row.tier_overridden = tier, weight, True
    work.session.add(
        ClassificationRow(
            complaint_id=row.id,
            at=work.now,
            by=work.actor.id,
            tier=tier,
            weight=row.weight,
            criteria=last.criteria,
            reasons=last.reasons,
            counts=last.counts,
            is_override=True,
            reason=reason.strip(),
        )
    )
    conclude(work, opened, old={"tier": before.value}, new={"tier": tier.value})
    follow_tier(work, row, before)
    return Done(number=number, version=row.version)


@verb("form.choose")
def choose_form(work: Work, *, number: str, version: int, form: ReportForm) -> Done:
    """Answer in the short form or in the full one."""
    action = Action.USE_SHORT_FORM if form is ReportForm.SHORT else Action.USE_FULL_FORM
    opened = open_complaint(work, number, action, version=version)
    opened.row.form = form
    conclude(work, opened)
    return Done(number=number, version=opened.row.version)


@verb("complaint.comment")
def comment(work: Work, *, number: str, text: str) -> Done:
    """Write a comment."""
    opened = open_complaint(work, number, Action.COMMENT)
    if not text.strip():
        raise Invalid({"text": COMMENT_EMPTY.say()})
    work.session.add(
        NoteRow(complaint_id=opened.row.id, kind="comment", text=text.strip(), at=work.now, by=work.actor.id)
    )
    conclude(work, opened, raise_version=False)
    return Done(number=number, version=opened.row.version)


def _first_event(work: Work, row: ComplaintRow) -> datetime:
    """Return the first thing that happened to the complaint after its receipt."""
    stopped = sa.select(ClockStopRow.from_at).where(ClockStopRow.complaint_id == row.id)
    sent = sa.select(SendingRow.sent_at).where(SendingRow.complaint_id == row.id)
    at: list[datetime] = [*work.session.execute(stopped).scalars(), *work.session.execute(sent).scalars()]
    if row.sample_received_at is not None:
        at.append(row.sample_received_at)
    return min([row.registered_at, *at])


def _header_document(row: ComplaintRow) -> dict[str, Any]:
    names = (
        "kind", "channel", "customer_number", "customer_plant", "contact", "end_customer", "description",
        "part_customer_number", "drawing_revision", "lots", "date_codes", "serials", "order_number",
        "delivery_number", "quantity_delivered", "quantity_complained", "quantity_confirmed_ng",
        "quantity_returned", "demands", "report_language",
    )  # fmt: skip
    document = {name: getattr(row, name) for name in names}
    return {**document, "received_at": row.received_at.isoformat()}
