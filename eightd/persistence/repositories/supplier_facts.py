"""What of a complaint may be chosen for a supplier: facts and files."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ContainmentAnswer, ProblemAnswer
from eightd.domain.suppliers.sharing import DefectFact, HeaderFacts, SharedFact, offered
from eightd.domain.workflow.snapshot import ComplaintSnapshot
from eightd.persistence.repositories.evidence import evidence_for_customers, evidence_of
from eightd.persistence.tables.catalogue import PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import PlantRow


def facts_of(session: Session, row: ComplaintRow, snapshot: ComplaintSnapshot) -> tuple[SharedFact, ...]:
    """Return everything of a complaint that may be chosen for a supplier."""
    part = session.get_one(PartRow, row.part_id)
    zone = ZoneInfo(session.get_one(PlantRow, row.plant_id).zone)
    lines = session.execute(
        sa.select(DefectLineRow).where(DefectLineRow.complaint_id == row.id).order_by(DefectLineRow.position)
    ).scalars()
    header = HeaderFacts(
        number=row.number,
        received_on=row.received_at.astimezone(zone).date(),
        part_number=part.number,
        part_name=part.name,
        part_name_en=part.name_en,
        drawing_revision=row.drawing_revision,
        lots=tuple(row.lots),
        date_codes=tuple(row.date_codes),
        serials=tuple(row.serials),
        quantity_delivered=row.quantity_delivered,
        quantity_inspected=row.quantity_inspected,
        quantity_complained=row.quantity_complained,
        quantity_confirmed_ng=row.quantity_confirmed_ng,
    )
    problem = snapshot.discipline(DisciplineCode.D2).latest
    containment = snapshot.discipline(DisciplineCode.D3).latest
    return offered(
        header,
        [
            DefectFact(one.kind, one.phenomenon, one.phenomenon_en, one.quantity, one.inspected)
            for one in lines
        ],
        problem if isinstance(problem, ProblemAnswer) else None,
        containment if isinstance(containment, ContainmentAnswer) else None,
    )


def files_of(session: Session, complaint_id: int) -> tuple[EvidenceRow, ...]:
    """Return the files that may be chosen for a supplier: none that is internal or was blurred."""
    return evidence_for_customers(evidence_of(session, complaint_id))
