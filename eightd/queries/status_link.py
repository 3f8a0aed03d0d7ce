"""What a customer sees through a status link: what was released of one complaint and nothing else; and the links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Stage
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import available
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor, ReportKind, VerdictResult
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.correspondence import StatusLinkRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.evidence import RevisionRow, SendingRow
from eightd.persistence.tables.people import PlantRow
from eightd.queries.case import names, open_case


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """A reply that is owed: its name, until when by the date that is judged, when it was given."""

    milestone: str
    title_zh: str
    title_en: str
    due_at: datetime | None
    met_at: datetime | None
    awaits_sample: bool


@dataclass(frozen=True, slots=True)
class SentReportView:
    """A report that was sent to the customer; ``sent_at`` the last time, ``withdrawn_at`` None where it holds."""

    revision: int
    kind: ReportKind
    sent_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything that the page shows; ``zone`` is the plant's."""

    number: str
    customer_number: str
    plant: str
    plant_en: str
    zone: str
    part: str
    part_name: str
    part_name_en: str
    part_customer_number: str
    phenomena: tuple[tuple[str, str], ...]
    received_at: datetime
    stage: Stage
    sample_received_at: datetime | None
    awaits_sample: bool
    milestones: tuple[MilestoneView, ...]
    reports: tuple[SentReportView, ...]
    verdict: VerdictResult | None
    verdict_on: date | None


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that was made, as the people of the plant see it."""

    id: int
    language: Language
    recipient: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str
    opened: int
    last_opened_at: datetime | None
    holds: bool


@dataclass(frozen=True, slots=True)
class LinksView:
    """The links of a complaint, and whether the actor may make and revoke them."""

    number: str
    zone: str
    customer: str
    customer_en: str
    customer_language: Language
    outcome: Outcome
    links: tuple[LinkView, ...]


def status(session: Session, complaint_id: int) -> StatusView:
    """Return what was released of a complaint, in six statements at most."""
    found = session.execute(
        sa.select(ComplaintRow, PlantRow, CustomerRow, PartRow)
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
        .join(PartRow, PartRow.id == ComplaintRow.part_id)
        .where(ComplaintRow.id == complaint_id)
    ).one()
    row, plant, customer, part = found
    awaits = row.sample_received_at is None and row.sample_needed is True
    return StatusView(
        number=row.number,
        customer_number=row.customer_number,
        plant=plant.name,
        plant_en=plant.name_en or plant.name,
        zone=plant.zone,
        part=part.number,
        part_name=part.name,
        part_name_en=part.name_en or part.name,
        part_customer_number=row.part_customer_number or part.customer_number,
        phenomena=_phenomena(session, row.id),
        received_at=row.received_at,
        stage=row.stage,
        sample_received_at=row.sample_received_at,
        awaits_sample=awaits,
        milestones=_milestones(session, row, awaits=awaits, accepts_stops=customer.accepts_stops),
        reports=_reports(session, row.id),
        verdict=row.verdict,
        verdict_on=row.verdict_on,
    )


def links(session: Session, actor: Actor, number: str, now: datetime) -> LinksView | None:
    """Return the links made of a complaint, the newest first; None where the actor may not know of it."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    rows = tuple(
        session.execute(
            sa.select(StatusLinkRow)
            .where(StatusLinkRow.complaint_id == case.row.id)
            .order_by(StatusLinkRow.id.desc())
        ).scalars()
    )
    people = names(session, [one for row in rows for one in (row.made_by, row.revoked_by)])
    return LinksView(
        number=case.row.number,
        zone=case.plant.zone,
        customer=case.customer.name,
        customer_en=case.customer.name_en or case.customer.name,
        customer_language=case.customer.language,
        outcome=available(case.snapshot, actor)[Action.SHARE_STATUS],
        links=tuple(_link(row, people, now) for row in rows),
    )


def _link(row: StatusLinkRow, people: Mapping[int, str], now: datetime) -> LinkView:
    return LinkView(
        id=row.id,
        language=row.language,
        recipient=row.recipient,
        made_at=row.made_at,
        made_by=people.get(row.made_by, ""),
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        revoked_by=people.get(row.revoked_by or 0, ""),
        opened=row.opened,
        last_opened_at=row.last_opened_at,
        holds=row.revoked_at is None and row.expires_at > now,
    )


def _phenomena(session: Session, complaint_id: int) -> tuple[tuple[str, str], ...]:
    found = session.execute(
        sa.select(DefectLineRow.phenomenon, DefectLineRow.phenomenon_en)
        .where(DefectLineRow.complaint_id == complaint_id)
        .order_by(DefectLineRow.position)
    )
    return tuple(dict.fromkeys((zh, en or zh) for zh, en in found))


def _milestones(
    session: Session, row: ComplaintRow, *, awaits: bool, accepts_stops: bool
) -> tuple[MilestoneView, ...]:
    found = session.execute(
        sa.select(DeadlineRow).where(DeadlineRow.complaint_id == row.id).order_by(DeadlineRow.position)
    ).scalars()
    return tuple(
        MilestoneView(
            milestone=one.milestone,
            title_zh=one.title_zh,
            title_en=one.title_en,
            due_at=one.due_at if accepts_stops else one.contractual_due_at,
            met_at=one.met_at,
            awaits_sample=awaits and one.started_at is None,
        )
        for one in found
    )


def _reports(session: Session, complaint_id: int) -> tuple[SentReportView, ...]:
    found = session.execute(
        sa.select(
            RevisionRow.number,
            RevisionRow.kind,
            sa.func.max(SendingRow.sent_at).label("sent_at"),
            RevisionRow.withdrawn_at,
        )
        .join(SendingRow, SendingRow.revision_id == RevisionRow.id)
        .where(RevisionRow.complaint_id == complaint_id, SendingRow.bounced_at.is_(None))
        .group_by(RevisionRow.number, RevisionRow.kind, RevisionRow.withdrawn_at)
        .order_by(RevisionRow.number.desc())
    )
    return tuple(SentReportView(*one) for one in found)
