"""Split a complaint: chosen defect lines go their own way under a new number, received when the first was."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.complaint import Stage, Tier
from eightd.domain.events import EventTag
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import ReportForm
from eightd.persistence.repositories import complaints, rules
from eightd.persistence.tables.base import Base
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.evidence import EvidenceRow, SendingRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.adopting import follow_tier
from eightd.usecases.assigning import assign_at_registration
from eightd.usecases.classifying import classify_complaint
from eightd.usecases.deadlines import NOTHING_DUE_AT, recompute
from eightd.usecases.ends.matches import note_matches
from eightd.usecases.ends.telling import tell_related
from eightd.usecases.errors import Invalid
from eightd.usecases.register import index_for_search
from eightd.usecases.telling import tell_registered
from eightd.usecases.verb import Done, verb

NOTHING_CHOSEN = Phrase(
    "split.nothing_chosen",
    "Please choose the defect lines that go their own way",
    "请选择要拆分出去的不良明细",
)
NOTHING_LEFT = Phrase(
    "split.nothing_left", "At least one defect line must stay here", "至少须保留一行不良明细"
)
NO_SUCH_LINE = Phrase("split.no_such_line", "There is no such defect line", "没有该不良明细")
NO_SUCH_FILE = Phrase("split.no_such_file", "There is no such file of this complaint", "该客诉没有此文件")

_ALIKE = (
    "plant_id", "customer_id", "part_id", "customer_number", "customer_plant", "contact", "end_customer", "kind",
    "channel", "description", "received_at", "part_customer_number", "drawing_revision", "lots", "date_codes",
    "serials", "order_number", "delivery_number", "quantity_delivered", "quantity_inspected", "demands",
    "report_language", "penalty_triggered", "ppm_exceeded", "safety", "line_stop", "origin", "sample_needed",
    "sample_wanted_from_at", "sample_received_at", "sample_note", "initial_reply_sent_at", "preliminary_sent_at",
)  # fmt: skip
"""What the new complaint has in common with the one that it comes from: header, clocks, what was replied so far."""


@verb("complaint.split")
def split(
    work: Work, *, number: str, version: int, lines: Sequence[int], reason: str, evidence: Sequence[int] = ()
) -> Done:
    """Move the defect lines at these positions into a new complaint, and file these of its pictures there as well.

    The new one was received when this one was, and what the customer has been replied so far it was replied for both;
    it starts unconfirmed, with an 8D of its own. Both are classified anew. Done names the new complaint. Raises
    Invalid where nothing would go or nothing stay.
    """
    opened = open_complaint(work, number, Action.SPLIT, version=version, reason=reason)
    row, tier = opened.row, opened.row.tier
    moving = _chosen(work, row, lines)
    files = _files(work, row, evidence)
    made = _made(work, row)
    _move(work, row, made, moving)
    _copy(work, made.id, files, but=("original_id",))
    _copy(work, made.id, _sendings(work, row), but=("revision_id", "reply_id", "evidence_id"))
    classification = classify_complaint(work, made)
    customer = work.session.get_one(CustomerRow, row.customer_id)
    made.profile = rules.newest_profile(
        work.session, rules.profile_name(work.session, customer, made.tier)
    ).ref
    part = work.session.get_one(PartRow, row.part_id)
    assigned = assign_at_registration(work, made, part.product_line, made.origin)
    recompute(work.session, made, work.now)
    index_for_search(work.session, made)
    classify_complaint(work, row)
    index_for_search(work.session, row)
    moved = [{"phenomenon": line.phenomenon, "quantity": line.quantity} for line in moving]
    conclude(work, opened, new={"split_into": made.number, "defects": moved})
    work.record(
        EventTag.COMPLAINT_REGISTERED,
        complaint_id=made.id,
        subject=made.number,
        new={"split_from": number, "received_at": made.received_at.isoformat(), "defects": moved},
        reason=reason.strip(),
    )
    work.record(
        EventTag.CLASSIFIED,
        complaint_id=made.id,
        subject=classification.criteria_ref,
        new={"tier": classification.tier.value, "weight": classification.weight},
    )
    follow_tier(work, row, tier)
    recompute(work.session, row, work.now)
    tell_registered(work, made, assigned)
    tell_related(work, made, row, "split", reason=reason.strip())
    note_matches(work, made)
    return Done(number=made.number, version=row.version, id=made.id)


def _chosen(work: Work, row: ComplaintRow, positions: Sequence[int]) -> list[DefectLineRow]:
    found = work.session.execute(
        sa.select(DefectLineRow).where(DefectLineRow.complaint_id == row.id).order_by(DefectLineRow.position)
    ).scalars()
    lines = {line.position: line for line in found}
    wanted = set(positions)
    if not wanted:
        raise Invalid({"lines": NOTHING_CHOSEN.say()})
    if not wanted <= set(lines):
        raise Invalid({"lines": NO_SUCH_LINE.say()})
    if wanted == set(lines):
        raise Invalid({"lines": NOTHING_LEFT.say()})
    return [line for position, line in lines.items() if position in wanted]


def _files(work: Work, row: ComplaintRow, wanted: Sequence[int]) -> list[EvidenceRow]:
    found = list(
        work.session.execute(
            sa.select(EvidenceRow).where(
                EvidenceRow.complaint_id == row.id, EvidenceRow.id.in_(sorted(set(wanted)))
            )
        ).scalars()
    )
    if len(found) != len(set(wanted)):
        raise Invalid({"evidence": NO_SUCH_FILE.say()})
    return found


def _sendings(work: Work, row: ComplaintRow) -> list[SendingRow]:
    """Return what reached the customer; it told of these lines too."""
    found = sa.select(SendingRow).where(SendingRow.complaint_id == row.id, SendingRow.bounced_at.is_(None))
    return list(work.session.execute(found.order_by(SendingRow.id)).scalars())


def _made(work: Work, row: ComplaintRow) -> ComplaintRow:
    plant = work.session.get_one(PlantRow, row.plant_id)
    year = work.now.astimezone(ZoneInfo(plant.zone)).year
    made = ComplaintRow(
        **{name: getattr(row, name) for name in _ALIKE},
        number=complaints.next_number(work.session, plant, year),
        version=1,
        registered_at=work.now,
        registered_by=work.actor.id,
        stage=Stage.REGISTERED,
        is_open=True,
        tier=Tier.OTHER,
        weight=0,
        form=ReportForm.FULL,
        profile="",  # chosen by the tier, when that is known
        calendar="",
        sort_due_at=NOTHING_DUE_AT,
        split_from_id=row.id,
    )
    work.session.add(made)
    work.session.flush()
    return made


def _move(work: Work, row: ComplaintRow, made: ComplaintRow, moving: Sequence[DefectLineRow]) -> None:
    """Give the lines to the new complaint; what was complained of is divided with them, where that is known."""
    quantity = sum(line.quantity for line in moving)
    for position, line in enumerate(moving):
        line.complaint_id, line.position = made.id, position
    if row.quantity_complained is not None:
        made.quantity_complained = min(quantity, row.quantity_complained)
        row.quantity_complained -= made.quantity_complained
    work.session.flush()
    left = (
        sa.select(DefectLineRow).where(DefectLineRow.complaint_id == row.id).order_by(DefectLineRow.position)
    )
    for position, line in enumerate(work.session.execute(left).scalars().all()):
        line.position = position
    work.session.flush()


def _copy(work: Work, complaint_id: int, rows: Sequence[Base], *, but: tuple[str, ...]) -> None:
    """Add copies of the rows to the new complaint, without what leads back into the old one."""
    for one in rows:
        names = [column.key for column in sa.inspect(type(one)).column_attrs]
        values = {name: getattr(one, name) for name in names if name not in ("id", *but)}
        work.session.add(type(one)(**{**values, "complaint_id": complaint_id}))
    work.session.flush()
