"""Register a complaint: number, classification, clocks and people in one transaction (procedure 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.assignment import suspected_origin
from eightd.domain.authority import PlantSubject, may
from eightd.domain.classification.phenomena import phenomenon_key
from eightd.domain.complaint import DefectKind, Stage, Tier
from eightd.domain.events import EventTag
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence import search
from eightd.persistence.dialects import alike
from eightd.persistence.locks import hold
from eightd.persistence.repositories import complaints, rules
from eightd.persistence.tables.catalogue import CustomerRow, PartRow, PhenomenonRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import insist
from eightd.usecases.assigning import assign_at_registration
from eightd.usecases.classifying import classify_complaint
from eightd.usecases.deadlines import NOTHING_DUE_AT, recompute
from eightd.usecases.ends.matches import note_matches
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.evidence import CheckedUpload, file_evidence, filed_document
from eightd.usecases.registration import (
    DefectEntry,
    Header,
    Registration,
    cleaned,
    registration_problems,
)
from eightd.usecases.telling import tell_registered
from eightd.usecases.verb import Done, verb

UNKNOWN_CUSTOMER = Phrase(
    "registration.unknown_customer",
    "There is no customer {code}; please choose one from the list",
    "没有客户 {code}, 请从列表中选择",
)


@verb("complaint.register")
def register(work: Work, *, registration: Registration, pictures: Sequence[CheckedUpload] = ()) -> Done:
    """Register a complaint and return its number.

    Raises Invalid with every problem by field, NotFound for a plant that is not the actor's.
    """
    row = register_complaint(work, registration, pictures)
    return Done(number=row.number, version=row.version, id=row.id)


def register_complaint(
    work: Work, registration: Registration, pictures: Sequence[CheckedUpload]
) -> ComplaintRow:
    """Register a complaint inside the transaction of the calling verb; raises as ``register`` does."""
    subject = PlantSubject(registration.plant_id)
    insist(may(work.actor, Action.REGISTER, subject))
    plant = work.session.get(PlantRow, registration.plant_id)
    if plant is None:
        raise NotFound
    problems = registration_problems(registration, work.now)
    customer = _customer(work, registration.customer_code)
    if customer is None and "customer_code" not in problems:
        problems["customer_code"] = UNKNOWN_CUSTOMER.say(code=registration.customer_code.strip())
    if problems or customer is None:
        raise Invalid(problems)
    part = _part(work.session, registration)
    row = _row(work, plant, customer, part, registration)
    work.session.add(row)
    work.session.flush()
    add_lines(work.session, row, registration.counts.defects)
    classification = classify_complaint(work, row)
    row.profile = rules.newest_profile(work.session, rules.profile_name(work.session, customer, row.tier)).ref
    origin = suspected_origin(complaints.counts(work.session, row))
    row.origin = origin
    assigned = assign_at_registration(work, row, part.product_line, origin)
    filed = [file_evidence(work, row, picture) for picture in pictures]
    recompute(work.session, row, work.now)
    index_for_search(work.session, row)
    work.record(
        EventTag.COMPLAINT_REGISTERED,
        complaint_id=row.id,
        subject=row.number,
        new={
            "customer": customer.code,
            "part": part.number,
            "received_at": row.received_at.isoformat(),
            "defects": [_entry_document(entry) for entry in registration.counts.defects],
            "files": filed_document(filed),
        },
    )
    work.record(
        EventTag.CLASSIFIED,
        complaint_id=row.id,
        subject=classification.criteria_ref,
        new={"tier": classification.tier.value, "weight": classification.weight},
    )
    note_matches(work, row)
    tell_registered(work, row, assigned)
    return row


def apply_header(row: ComplaintRow, header: Header) -> None:
    """Write the header's facts on the row."""
    row.kind, row.channel, row.received_at = header.kind, header.channel, header.received_at
    for name in (
        "customer_number",
        "customer_plant",
        "contact",
        "end_customer",
        "description",
        "part_customer_number",
        "drawing_revision",
        "order_number",
        "delivery_number",
    ):
        setattr(row, name, getattr(header, name).strip())
    row.lots = cleaned(header.lots)
    row.date_codes = cleaned(header.date_codes)
    row.serials = cleaned(header.serials)
    for name in ("delivered", "complained", "confirmed_ng", "returned"):
        setattr(row, f"quantity_{name}", getattr(header, f"quantity_{name}"))
    row.demands = [demand.value for demand in header.demands]
    if header.report_language:
        row.report_language = header.report_language


def add_lines(session: Session, row: ComplaintRow, entries: Iterable[DefectEntry]) -> None:
    """Add defect lines; a phenomenon nobody has reported before enters the catalogue."""
    entries = tuple(entries)
    catalogue = _catalogue(session)
    if any((entry.kind, phenomenon_key(entry.phenomenon)) not in catalogue for entry in entries):
        hold(session, "phenomena")  # two may report the same new phenomenon at once
        catalogue = _catalogue(session)
    for position, entry in enumerate(entries):
        key = (entry.kind, phenomenon_key(entry.phenomenon))
        known = catalogue.get(key)
        if known is None:
            known = PhenomenonRow(
                kind=entry.kind, text=entry.phenomenon.strip(), text_en=entry.phenomenon_en.strip()
            )
            session.add(known)
            catalogue[key] = known
        session.add(
            DefectLineRow(
                complaint_id=row.id,
                position=position,
                kind=entry.kind,
                phenomenon=known.text,
                phenomenon_en=entry.phenomenon_en.strip() or known.text_en,
                quantity=entry.quantity,
                inspected=entry.inspected,
            )
        )
    session.flush()


def _catalogue(session: Session) -> dict[tuple[DefectKind, str], Any]:
    """Return text and English text of every phenomenon; hundreds, so no more of them than that."""
    statement = sa.select(PhenomenonRow.kind, PhenomenonRow.text, PhenomenonRow.text_en)
    return {(known.kind, phenomenon_key(known.text)): known for known in session.execute(statement)}


def index_for_search(session: Session, row: ComplaintRow) -> None:
    """Make the complaint findable by numbers, customer, part, phenomena and description."""
    customer = session.get_one(CustomerRow, row.customer_id)
    part = session.get_one(PartRow, row.part_id)
    lines = session.execute(
        sa.select(DefectLineRow.phenomenon, DefectLineRow.phenomenon_en).where(
            DefectLineRow.complaint_id == row.id
        )
    )
    texts = [
        row.number,
        row.customer_number,
        row.order_number,
        row.delivery_number,
        customer.code,
        customer.name,
        customer.name_en,
        part.number,
        part.name,
        part.name_en,
        row.part_customer_number,
        *row.lots,
        *row.date_codes,
        *row.serials,
        *(text for line in lines for text in line),
        row.description,
    ]
    search.index(session, row.id, "\n".join(texts))


def _customer(work: Work, code: str) -> CustomerRow | None:
    """Return the active customer by code or name, None where the actor may not see it either."""
    wanted = code.strip()
    found = work.session.execute(
        sa.select(CustomerRow).where(
            CustomerRow.active,
            sa.or_(
                alike(CustomerRow.code, wanted),
                CustomerRow.name == wanted,
                sa.and_(CustomerRow.name_en == wanted, CustomerRow.name_en != ""),
            ),
        )
    ).scalars()
    limits = work.actor.customers
    return next((row for row in found if limits is None or row.id in limits), None)


def _part(session: Session, registration: Registration) -> PartRow:
    number = registration.part_number.strip()
    part = _known_part(session, number)
    if part is None:
        hold(session, f"part:{number.lower()}")
        part = _known_part(session, number)
    if part is None:
        part = PartRow(
            number=number,
            name=registration.part_name.strip() or number,
            name_en=registration.part_name_en.strip(),
            product_line=registration.product_line.strip(),
        )
        session.add(part)
        session.flush()
    return part


def _known_part(session: Session, number: str) -> PartRow | None:
    """Return the part, preferably written just so, None where there is none."""
    wanted = sa.select(PartRow).where(alike(PartRow.number, number))
    return session.execute(wanted.order_by(PartRow.number != number).limit(1)).scalar_one_or_none()


def _row(
    work: Work, plant: PlantRow, customer: CustomerRow, part: PartRow, registration: Registration
) -> ComplaintRow:
    counts = registration.counts
    year = work.now.astimezone(ZoneInfo(plant.zone)).year
    row = ComplaintRow(
        number=complaints.next_number(work.session, plant, year),
        plant_id=plant.id,
        customer_id=customer.id,
        part_id=part.id,
        version=1,
        registered_at=work.now,
        registered_by=work.actor.id,
        report_language=customer.language.value,
        quantity_inspected=counts.quantity_inspected,
        penalty_triggered=counts.flags.penalty_triggered,
        ppm_exceeded=counts.flags.ppm_exceeded,
        safety=counts.flags.safety,
        line_stop=counts.flags.line_stop,
        stage=Stage.REGISTERED,
        is_open=True,
        tier=Tier.OTHER,
        weight=0,
        profile="",  # chosen by the tier, when that is known
        calendar="",
        sort_due_at=NOTHING_DUE_AT,
    )
    apply_header(row, registration.header)
    row.part_customer_number = row.part_customer_number or part.customer_number
    row.drawing_revision = row.drawing_revision or part.drawing_revision
    return row


def _entry_document(entry: DefectEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "phenomenon": entry.phenomenon.strip(),
        "quantity": entry.quantity,
        "inspected": entry.inspected,
    }
