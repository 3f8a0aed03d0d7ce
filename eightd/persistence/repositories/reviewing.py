"""Read a complaint for the sceptical reviewer: the header's facts, the levels in force, what was let stand, scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DefectLine, Demand, DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.scores import Assessor
from eightd.domain.reviewer.dossier import Dossier, Facts, dossier, submitting
from eightd.domain.reviewer.findings import Level, Objection
from eightd.domain.reviewer.review import review, standing
from eightd.domain.reviewer.scoring import score
from eightd.domain.words import Language
from eightd.domain.workflow import content
from eightd.domain.workflow.content import Finding
from eightd.domain.workflow.snapshot import ComplaintSnapshot
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.reviewing import AcceptedFindingRow, AssessmentRow, ReviewSettingRow

VERSION_RULE = "*"
"""The setting row that carries the version of a plant's or customer's list of levels."""

FIRST_VERSION = 1
"""The version of a list to which nothing was ever set."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An 8D as the reviewer reads it: every objection, and the gates' findings of each discipline written."""

    dossier: Dossier
    objections: tuple[Objection, ...]
    findings: Mapping[DisciplineCode, tuple[Finding, ...]]

    def score(self, code: DisciplineCode) -> int:
        """Return the program's score of a discipline."""
        answer = self.dossier.answers.get(code)
        return score(answer, standing(self.objections, code), self.findings.get(code, ()))


def read(
    session: Session,
    row: ComplaintRow,
    snapshot: ComplaintSnapshot,
    now: datetime,
    *,
    answers: Mapping[DisciplineCode, Answer] | None = None,
    submitted: tuple[DisciplineCode, Answer] | None = None,
) -> Reading:
    """Review a complaint as it stands, or the ``answers`` that a reader sees, or one being ``submitted``."""
    found = dossier(snapshot, facts(session, row, now), answers=answers)
    if submitted is not None:
        found = submitting(found, *submitted)
    weighed = levels(session, row.plant_id, row.customer_id)
    objections = review(found, weighed, accepted(session, row.id))
    findings = {code: content.review(snapshot, code, answer) for code, answer in found.answers.items()}
    return Reading(found, objections, findings)


def facts(session: Session, row: ComplaintRow, now: datetime) -> Facts:
    """Return what the header says, its days in the plant's zone."""
    zone = ZoneInfo(session.execute(sa.select(PlantRow.zone).where(PlantRow.id == row.plant_id)).scalar_one())
    lines = session.execute(
        sa.select(DefectLineRow).where(DefectLineRow.complaint_id == row.id).order_by(DefectLineRow.position)
    ).scalars()
    both = tuple(Language)
    return Facts(
        received_on=row.received_at.astimezone(zone).date(),
        on=now.astimezone(zone).date(),
        delivered=row.quantity_delivered,
        inspected=row.quantity_inspected,
        complained=row.quantity_complained,
        lots=tuple(row.lots),
        defects=tuple(
            DefectLine(line.kind, line.phenomenon, line.quantity, line.inspected) for line in lines
        ),
        demands=frozenset(Demand(demand) for demand in row.demands),
        languages=both if row.report_language == "both" else (Language(row.report_language),),
    )


def levels(session: Session, plant_id: int, customer_id: int | None) -> Mapping[str, Level]:
    """Return the levels that differ from the rules' own: the customer's before the plant's."""
    plants = ReviewSettingRow.customer_id.is_(None)
    scope = plants if customer_id is None else sa.or_(plants, ReviewSettingRow.customer_id == customer_id)
    rows = session.execute(
        sa.select(ReviewSettingRow.rule, ReviewSettingRow.level)
        .where(ReviewSettingRow.plant_id == plant_id, ReviewSettingRow.rule != VERSION_RULE, scope)
        .order_by(ReviewSettingRow.customer_id.is_not(None))
    )
    return dict(iter(rows))


def accepted(session: Session, complaint_id: int) -> Mapping[str, str]:
    """Return the reasons of what was let stand by digest, the newest of each."""
    rows = session.execute(
        sa.select(AcceptedFindingRow.digest, AcceptedFindingRow.reason)
        .where(AcceptedFindingRow.complaint_id == complaint_id)
        .order_by(AcceptedFindingRow.id)
    )
    return dict(iter(rows))


def newest_scores(
    session: Session, complaint_id: int
) -> Mapping[Assessor, Mapping[DisciplineCode, AssessmentRow]]:
    """Return the newest score of each discipline by each assessor."""
    found: dict[Assessor, dict[DisciplineCode, AssessmentRow]] = {}
    rows = session.execute(
        sa.select(AssessmentRow).where(AssessmentRow.complaint_id == complaint_id).order_by(AssessmentRow.id)
    ).scalars()
    for row in rows:
        found.setdefault(row.assessor, {})[row.code] = row
    return found
