"""Ask a supplier for its own 8D on one complaint, change what is asked while it is being answered, call it off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineState
from eightd.domain.events import EventTag
from eightd.domain.suppliers.case import SupplierCaseState, case_number, may_go_deeper
from eightd.domain.suppliers.sharing import as_document, chosen
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.dialects import upsert
from eightd.persistence.repositories.supplier_dates import derive
from eightd.persistence.repositories.supplier_facts import facts_of, files_of
from eightd.persistence.tables.deadline import NOTHING_DUE_AT
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.suppliers import (
    PartSupplierRow,
    SupplierCaseRow,
    SupplierDisciplineRow,
    SupplierEvidenceRow,
    SupplierLinkRow,
    SupplierRow,
)
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.suppliers import alarms
from eightd.usecases.suppliers.asking import NO_SUPPLIER, NOT_A_FILE, REQUIRED, Request, problems
from eightd.usecases.suppliers.opening import open_case
from eightd.usecases.suppliers.promising import keep_promises
from eightd.usecases.verb import Done, verb

TOO_DEEP = Phrase(
    "supplier_ask.too_deep", "{number} is the end of the chain", "{number} 已是供应链的最末一级"
)


@verb("supplier.ask")
def ask_supplier(work: Work, *, number: str, supplier_id: int, request: Request, parent: str = "") -> Done:
    """Make a supplier's case for the complaint ``number``; below the case ``parent`` where its supplier is asked.

    Nothing has been sent yet: a link is made and mailed by ``link.make_link``. ``number`` and ``id`` of the answer
    are the case's. Raises Invalid for a field.
    """
    opened = open_complaint(work, number, Action.ASK_SUPPLIER)
    above = None if not parent else _above(work, opened, parent)
    wrong = problems(request, _today(work, opened))
    supplier = work.session.get(SupplierRow, supplier_id)
    if supplier is None or not supplier.active:
        wrong["supplier_id"] = NO_SUPPLIER.say()
    if wrong or supplier is None:
        raise Invalid(wrong)
    case = SupplierCaseRow(
        number=_next_number(work, opened, above),
        complaint_id=opened.row.id,
        plant_id=opened.row.plant_id,
        supplier_id=supplier.id,
        parent_id=None if above is None else above.id,
        state=SupplierCaseState.OPEN,
        language=request.language or supplier.language,
        shared={},
        asked=[code.value for code in sorted(request.asked)],
        due_at=NOTHING_DUE_AT,
        due_because={},
        made_by=work.actor.id,
        made_at=work.now,
        taken_over={},
        version=1,
    )
    _take_texts(case, request)
    work.session.add(case)
    work.session.flush()
    for code in request.asked:
        work.session.add(SupplierDisciplineRow(case_id=case.id, code=code, state=DisciplineState.OPEN))
    _share(work, opened, case, request)
    derived = derive(work.session, opened.row, request.asked, supplier, now=work.now, parent=above)
    keep_promises(work.session, case, derived, request.due_on)
    work.session.flush()
    alarms.set_alarm(work.session, opened.row, case, now=work.now)
    if above is None:
        _remember_part(work, opened, supplier)
    conclude(
        work,
        opened,
        subject=case.number,
        new={
            "supplier": f"{supplier.code} {supplier.name}",
            "asked": case.asked,
            **_said(work, case),
        },
        raise_version=False,
    )
    return Done(number=case.number, version=case.version, id=case.id)


@verb("supplier.change")
def change_case(work: Work, *, number: str, version: int, request: Request) -> Done:
    """Change what an open case shows and until when it is wanted; what is asked for stays.

    The dates are counted again unless a day is given. Raises NotFound, NotAllowed, Stale or Invalid.
    """
    opened = open_case(work, number, Action.ASK_SUPPLIER, version=version)
    case = opened.row
    wrong = problems(request, _today(work, opened.complaint))
    if wrong:
        raise Invalid(wrong)
    before = _said(work, case)
    case.language = request.language or case.language
    _take_texts(case, request)
    _share(work, opened.complaint, case, request)
    supplier = work.session.get_one(SupplierRow, case.supplier_id)
    above = None if case.parent_id is None else work.session.get_one(SupplierCaseRow, case.parent_id)
    derived = derive(work.session, opened.complaint.row, request.asked, supplier, now=work.now, parent=above)
    keep_promises(work.session, case, derived, request.due_on)
    work.session.flush()
    alarms.set_alarm(work.session, opened.complaint.row, case, now=work.now)
    case.version += 1
    after = _said(work, case)
    changed = [name for name in after if after[name] != before[name]]
    work.record(
        EventTag.SUPPLIER_CASE_CHANGED,
        complaint_id=case.complaint_id,
        subject=case.number,
        old={name: before[name] for name in changed},
        new={name: after[name] for name in changed},
    )
    return Done(number=case.number, version=case.version, id=case.id)


@verb("supplier.cancel")
def cancel_case(work: Work, *, number: str, version: int, reason: str) -> Done:
    """Call a case off, with the reason: its links open nothing any more, nobody is reminded."""
    opened = open_case(work, number, Action.ASK_SUPPLIER, version=version)
    case = opened.row
    if not reason.strip():
        raise Invalid({"reason": REQUIRED.say()})
    case.state, case.is_open, case.next_alarm_at = SupplierCaseState.CANCELLED, False, None
    case.outcome_reason = reason.strip()
    case.version += 1
    work.session.execute(
        sa.update(SupplierLinkRow)
        .where(SupplierLinkRow.case_id == case.id, SupplierLinkRow.revoked_at.is_(None))
        .values(revoked_at=work.now, revoked_by=work.actor.id)
    )
    work.record(
        EventTag.SUPPLIER_CASE_CANCELLED,
        complaint_id=case.complaint_id,
        subject=case.number,
        reason=case.outcome_reason,
    )
    return Done(number=case.number, version=case.version, id=case.id)


def _today(work: Work, opened: Opened) -> date:
    zone = ZoneInfo(work.session.get_one(PlantRow, opened.row.plant_id).zone)
    return _local(work.now, zone)


def _local(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _above(work: Work, opened: Opened, parent: str) -> SupplierCaseRow:
    found = work.session.execute(
        sa.select(SupplierCaseRow).where(
            SupplierCaseRow.number == parent, SupplierCaseRow.complaint_id == opened.row.id
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    if not may_go_deeper(found.number):
        raise NotAllowed(TOO_DEEP.say(number=found.number))
    return found


def _next_number(work: Work, opened: Opened, above: SupplierCaseRow | None) -> str:
    """Return the next number; the complaint is locked, so nobody else is given one of it now."""
    parent_id = None if above is None else above.id
    known: Collection[str] = (
        work.session.execute(
            sa.select(SupplierCaseRow.number).where(
                SupplierCaseRow.complaint_id == opened.row.id, SupplierCaseRow.parent_id == parent_id
            )
        )
        .scalars()
        .all()
    )
    above_number = opened.row.number if above is None else above.number
    return case_number(above_number, known, chained=above is not None)


def _take_texts(case: SupplierCaseRow, request: Request) -> None:
    for name, text in request.texts.items():
        setattr(case, name, text)


def _share(work: Work, opened: Opened, case: SupplierCaseRow, request: Request) -> None:
    """Freeze the facts chosen and list the files. Raises Invalid for a file that may not leave the plant."""
    facts = facts_of(work.session, opened.row, opened.snapshot)
    case.shared = as_document(chosen(facts, request.facts))
    allowed = {row.id for row in files_of(work.session, opened.row.id)}
    if not set(request.evidence_ids) <= allowed:
        raise Invalid({"evidence_ids": NOT_A_FILE.say()})
    work.session.execute(
        sa.delete(SupplierEvidenceRow).where(
            SupplierEvidenceRow.case_id == case.id, ~SupplierEvidenceRow.from_supplier
        )
    )
    theirs = set(
        work.session.execute(
            sa.select(SupplierEvidenceRow.evidence_id).where(SupplierEvidenceRow.case_id == case.id)
        ).scalars()
    )
    for evidence_id in sorted(set(request.evidence_ids) - theirs):
        work.session.add(SupplierEvidenceRow(case_id=case.id, evidence_id=evidence_id))


def _remember_part(work: Work, opened: Opened, supplier: SupplierRow) -> None:
    """Keep that the supplier supplies something of this part, so that it is offered first the next time."""
    values = {"part_id": opened.row.part_id, "supplier_id": supplier.id}
    work.session.execute(upsert(work.session, PartSupplierRow).values(**values).on_conflict_do_nothing())


def _said(work: Work, case: SupplierCaseRow) -> dict[str, object]:
    """Return what the record keeps of what the supplier is shown and asked."""
    work.session.flush()
    files = work.session.execute(
        sa.select(EvidenceRow.filename)
        .join(SupplierEvidenceRow, SupplierEvidenceRow.evidence_id == EvidenceRow.id)
        .where(SupplierEvidenceRow.case_id == case.id, ~SupplierEvidenceRow.from_supplier)
        .order_by(EvidenceRow.id)
    ).scalars()
    return {
        "supplied_part": case.part,
        "supplied_phenomenon": case.phenomenon,
        "language": case.language.value,
        "message": case.message,
        "shared_facts": [f"{one['label_zh']} / {one['label_en']}" for one in case.shared["facts"]],
        "shared_files": list(files),
        "due_at": case.due_at.isoformat(),
    }
