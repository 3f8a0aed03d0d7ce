"""Letters that the program writes to a supplier on its own, where it can: by a mail server, to a link that holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.words import Argument
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.suppliers import SupplierCaseRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.outside_mail import can_write, problems, write_outside
from eightd.usecases.suppliers.addresses import addresses_in
from eightd.usecases.suppliers.link import holding_link
from eightd.usecases.suppliers.wording import CaseWords, Letter, body_of, subject_of


def words_of(session: Session, case: SupplierCaseRow, *, due_at: datetime | None = None) -> CaseWords:
    """Return what letters say of a case; ``due_at`` of one promise, else of the whole."""
    plant = session.get_one(PlantRow, case.plant_id)
    return CaseWords(
        number=case.number,
        part=case.part,
        phenomenon=case.phenomenon,
        codes=tuple(case.asked),
        due_at=due_at or case.due_at,
        zone=plant.zone,
        plant=plant.name_en if case.language == "en" and plant.name_en else plant.name,
        message=case.message,
    )


def write(
    work: Work,
    complaint: ComplaintRow,
    case: SupplierCaseRow,
    letter: Letter,
    *,
    due_at: datetime | None = None,
    **others: Argument,
) -> bool:
    """Write to whoever has the link that holds longest; return False where that cannot be done."""
    link = holding_link(work.session, case.id, work.now)
    if link is None or not link.recipient or not can_write(work.session, case.plant_id):
        return False
    words = words_of(work.session, case, due_at=due_at)
    recipients = addresses_in(link.recipient)
    subject = subject_of(letter, words, case.language, **others)
    body = body_of(letter, words, case.language, **others)
    if problems(recipients, subject, body) is not None:
        return False
    write_outside(
        work,
        complaint,
        purpose=OutsidePurpose.SUPPLIER_CASE,
        subject_id=case.id,
        language=case.language,
        recipients=recipients,
        subject=subject,
        body=body,
        link_id=link.id,
    )
    return True
