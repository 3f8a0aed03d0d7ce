"""The header of a complaint and its defect lines, as pages and forms read them (procedure 7, header)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Demand, Stage, Tier
from eightd.domain.ppm import ppm
from eightd.domain.workflow.snapshot import Origin, ReportForm, VerdictResult
from eightd.persistence.tables.complaint import DefectLineRow
from eightd.queries.case import Case


@dataclass(frozen=True, slots=True)
class DefectLineView:
    """One counted phenomenon; quantities in pieces."""

    kind: DefectKind
    phenomenon: str
    phenomenon_en: str
    quantity: int
    inspected: int | None


@dataclass(frozen=True, slots=True)
class HeaderView:
    """Every fact of the header. ``zone`` is the plant's: all its instants are shown in it.

    ``answered_by`` is the number of the complaint whose 8D answers this one; empty where it has its own.
    """

    id: int
    number: str
    version: int
    plant_id: int
    plant_name: str
    plant_name_en: str
    zone: str
    stage: Stage
    is_open: bool
    tier: Tier
    weight: int
    tier_overridden: bool
    form: ReportForm
    origin: Origin | None
    kind: ComplaintKind
    channel: Channel
    description: str
    customer_id: int
    customer_code: str
    customer_name: str
    customer_name_en: str
    customer_plant: str
    contact: str
    end_customer: str
    customer_number: str
    accepts_stops: bool
    profile: str
    part_number: str
    part_name: str
    part_name_en: str
    part_customer_number: str
    drawing_revision: str
    product_line: str
    lots: tuple[str, ...]
    date_codes: tuple[str, ...]
    serials: tuple[str, ...]
    order_number: str
    delivery_number: str
    quantity_delivered: int | None
    quantity_inspected: int | None
    quantity_complained: int | None
    quantity_confirmed_ng: int | None
    quantity_returned: int | None
    demands: tuple[Demand, ...]
    report_language: str
    penalty_triggered: bool
    ppm_exceeded: bool
    safety: bool
    line_stop: bool
    received_at: datetime
    registered_at: datetime
    registered_by: str
    ours: bool | None
    visit_needed: bool | None
    confirmed_at: datetime | None
    confirmation_note: str
    sample_needed: bool | None
    sample_announced_quantity: int | None
    sample_received_quantity: int | None
    sample_received_at: datetime | None
    sample_note: str
    verdict: VerdictResult | None
    verdict_by: str
    verdict_on: date | None
    closed_at: datetime | None
    closed_on: date | None
    closed_by: str
    outcome_reason: str
    answered_by: str = ""

    @property
    def ppm(self) -> Decimal | None:
        """Return defective parts per million delivered, as the report and the log say it."""
        return ppm(
            confirmed_ng=self.quantity_confirmed_ng,
            complained=self.quantity_complained,
            delivered=self.quantity_delivered,
        )


_AS_STORED = (
    "id", "number", "version", "plant_id", "stage", "is_open", "tier", "weight", "tier_overridden", "form",
    "origin", "kind", "channel", "description", "customer_id", "customer_plant", "contact", "end_customer",
    "customer_number", "order_number", "delivery_number", "quantity_delivered", "quantity_inspected",
    "quantity_complained", "quantity_confirmed_ng", "quantity_returned", "report_language",
    "penalty_triggered", "ppm_exceeded", "safety", "line_stop", "received_at", "registered_at", "ours",
    "visit_needed", "confirmed_at", "confirmation_note", "sample_needed", "sample_announced_quantity",
    "sample_received_quantity", "sample_received_at", "sample_note", "verdict", "verdict_by", "verdict_on",
    "closed_at", "closed_on", "outcome_reason",
)  # fmt: skip


def header_view(case: Case, people: Mapping[int, str]) -> HeaderView:
    """Return the header with the names of those it mentions."""
    row, part, customer = case.row, case.part, case.customer
    return HeaderView(
        **{name: getattr(row, name) for name in _AS_STORED},
        plant_name=case.plant.name,
        plant_name_en=case.plant.name_en,
        zone=case.plant.zone,
        customer_code=customer.code,
        customer_name=customer.name,
        customer_name_en=customer.name_en,
        accepts_stops=customer.accepts_stops,
        profile=row.profile,
        part_number=part.number,
        part_name=part.name,
        part_name_en=part.name_en,
        part_customer_number=row.part_customer_number or part.customer_number,
        drawing_revision=row.drawing_revision or part.drawing_revision,
        product_line=part.product_line,
        lots=tuple(row.lots),
        date_codes=tuple(row.date_codes),
        serials=tuple(row.serials),
        demands=tuple(Demand(demand) for demand in row.demands),
        registered_by=people.get(row.registered_by, ""),
        closed_by=people.get(row.closed_by or 0, ""),
        answered_by=case.snapshot.answered_by,
    )


def line_view(row: DefectLineRow) -> DefectLineView:
    """Return one defect line."""
    return DefectLineView(row.kind, row.phenomenon, row.phenomenon_en, row.quantity, row.inspected)
