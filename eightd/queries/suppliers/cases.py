"""Suppliers' 8Ds for one complaint, and one of them as our own people see it: what was asked, answered and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.messages import DeliveryState
from eightd.domain.suppliers import answering
from eightd.domain.suppliers.case import ASKED_BY_DEFAULT, SupplierCaseState, level_of, may_go_deeper
from eightd.domain.suppliers.due import Promise, SupplierMilestone
from eightd.domain.suppliers.sharing import from_document
from eightd.domain.suppliers.taking import offers
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.content import blocking, warning
from eightd.domain.workflow.decide import available
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.recipients import relay_for
from eightd.persistence.repositories.supplier_answers import SupplierAnswers, answers_of
from eightd.persistence.repositories.supplier_dates import derive
from eightd.persistence.repositories.supplier_facts import facts_of, files_of
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.messaging import DeliveryRow, OutsideMailRow
from eightd.persistence.tables.suppliers import (
    SupplierCaseRow,
    SupplierDisciplineRow,
    SupplierEvidenceRow,
    SupplierLinkRow,
    SupplierPromiseRow,
    SupplierRow,
    SupplierSubmissionRow,
)
from eightd.queries.case import Case, names, open_case
from eightd.queries.header import header_view
from eightd.queries.suppliers.listing import supplier_choices
from eightd.queries.suppliers.views import (
    AnswerView,
    AskView,
    CaseOfComplaint,
    CasePage,
    CasesOfComplaint,
    FileView,
    LetterView,
    LinkView,
    PromiseView,
    SubmissionView,
)

_ACTIONS = (Action.ASK_SUPPLIER, Action.JUDGE_SUPPLIER, Action.TAKE_OVER_ANSWER)


def of_complaint(session: Session, actor: Actor, number: str) -> CasesOfComplaint | None:
    """Return the suppliers' 8Ds of a complaint; None where there is none or the actor may not see it."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    rows = session.execute(
        sa.select(SupplierCaseRow, SupplierRow)
        .join(SupplierRow, SupplierRow.id == SupplierCaseRow.supplier_id)
        .where(SupplierCaseRow.complaint_id == case.row.id)
    ).all()
    states: dict[int, dict[DisciplineCode, DisciplineState]] = {}
    for one in session.execute(
        sa.select(SupplierDisciplineRow)
        .where(SupplierDisciplineRow.case_id.in_([row.id for row, _ in rows]))
        .order_by(SupplierDisciplineRow.code)
    ).scalars():
        state = one.state if case.drafts or one.state is not DisciplineState.DRAFT else DisciplineState.OPEN
        states.setdefault(one.case_id, {})[one.code] = state
    found = [
        CaseOfComplaint(
            number=row.number,
            supplier_id=supplier.id,
            supplier=f"{supplier.code} {supplier.name}",
            part=row.part,
            phenomenon=row.phenomenon,
            state=row.state,
            level=level_of(row.number),
            due_at=row.due_at,
            submitted_at=row.submitted_at,
            score=row.score,
            states=states.get(row.id, {}),
            taken=len(row.taken_over),
        )
        for row, supplier in rows
    ]
    found.sort(key=lambda one: _in_chain(one.number))
    return CasesOfComplaint(header_view(case, names(session, ())), tuple(found), _outcomes(case, actor))


def ask_view(session: Session, actor: Actor, number: str) -> AskView | None:
    """Return what may be asked and shown on a complaint; None where the actor may not see it."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    return AskView(
        header=header_view(case, names(session, ())),
        suppliers=supplier_choices(session, case.row.part_id),
        facts=facts_of(session, case.row, case.snapshot),
        files=tuple(
            _file(row, row.discipline, from_supplier=False) for row in files_of(session, case.row.id)
        ),
        outcome=_outcomes(case, actor)[Action.ASK_SUPPLIER],
    )


def derived_dates(
    session: Session,
    actor: Actor,
    number: str,
    supplier_id: int,
    now: datetime,
    *,
    asked: Sequence[DisciplineCode] = ASKED_BY_DEFAULT,
    parent: str = "",
) -> tuple[Promise, ...]:
    """Return until when a supplier would be asked to answer as things stand; none for what may not be seen."""
    case = open_case(session, actor, number)
    supplier = session.get(SupplierRow, supplier_id)
    if case is None or supplier is None or not asked:
        return ()
    above = session.execute(
        sa.select(SupplierCaseRow).where(
            SupplierCaseRow.number == parent, SupplierCaseRow.complaint_id == case.row.id
        )
    ).scalar_one_or_none()
    return derive(session, case.row, asked, supplier, now=now, parent=above).promises


def case_page(session: Session, actor: Actor, number: str, now: datetime) -> CasePage | None:
    """Return one supplier's 8D; None where there is none or the actor may not see its complaint."""
    found = session.execute(
        sa.select(SupplierCaseRow, SupplierRow, ComplaintRow.number)
        .join(SupplierRow, SupplierRow.id == SupplierCaseRow.supplier_id)
        .join(ComplaintRow, ComplaintRow.id == SupplierCaseRow.complaint_id)
        .where(SupplierCaseRow.number == number)
    ).one_or_none()
    case = None if found is None else open_case(session, actor, found[2])
    if found is None or case is None:
        return None
    row, supplier, _ = found
    answers = answers_of(session, row.id)
    links = _links(session, row.id)
    letters = _letters(session, row.id)
    people = names(
        session,
        {
            row.made_by,
            row.accepted_by,
            *(one.made_by for one in links),
            *(one.revoked_by for one in links),
            *(mail.by for mail, _ in letters),
            *(one.verdict_by for given in answers.submissions.values() for one in given),
        },
    )
    around = session.execute(
        sa.select(SupplierCaseRow.id, SupplierCaseRow.number, SupplierCaseRow.parent_id).where(
            SupplierCaseRow.complaint_id == row.complaint_id
        )
    ).all()
    asked = tuple(DisciplineCode(code) for code in row.asked)
    promises = _promises(session, row)
    return CasePage(
        header=header_view(case, names(session, ())),
        id=row.id,
        number=row.number,
        version=row.version,
        supplier_id=supplier.id,
        supplier=f"{supplier.code} {supplier.name}",
        supplier_emails=supplier.emails,
        language=row.language,
        state=row.state,
        part=row.part,
        phenomenon=row.phenomenon,
        message=row.message,
        asked=asked,
        due_at=row.due_at,
        promises=promises,
        moved_to=_moved_to(session, case, row, supplier, asked, now),
        made_by=people.get(row.made_by, ""),
        made_at=row.made_at,
        sent_at=row.sent_at,
        submitted_at=row.submitted_at,
        accepted_at=row.accepted_at,
        accepted_by=people.get(row.accepted_by or 0, ""),
        score=row.score,
        score_note=row.score_note,
        outcome_reason=row.outcome_reason,
        facts=from_document(row.shared),
        files=_files(session, row.id),
        answers=_answers(answers, people, drafts=case.drafts),
        offers=offers({code: one.accepted for code, one in answers.snapshots.items()}, row.taken_over),
        links=tuple(_link(one, people, row, now) for one in links),
        letters=tuple(_letter(mail, state, people) for mail, state in letters),
        above=next((one.number for one in around if one.id == row.parent_id), ""),
        below=tuple(sorted(one.number for one in around if one.parent_id == row.id)),
        may_go_deeper=may_go_deeper(row.number),
        can_mail=relay_for(session, row.plant_id) is not None,
        outcomes=_outcomes(case, actor),
    )


def _outcomes(case: Case, actor: Actor) -> Mapping[Action, Outcome]:
    found = available(case.snapshot, actor)
    return {action: found[action] for action in _ACTIONS}


def _in_chain(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.rpartition("-S")[2].split("."))


def _promises(session: Session, row: SupplierCaseRow) -> tuple[PromiseView, ...]:
    kept = session.execute(
        sa.select(SupplierPromiseRow)
        .where(SupplierPromiseRow.case_id == row.id)
        .order_by(SupplierPromiseRow.due_at, SupplierPromiseRow.id)
    ).scalars()
    return tuple(
        PromiseView(
            SupplierMilestone(one.milestone),
            one.due_at,
            one.met_at,
            tuple(row.due_because.get(one.milestone, ())),
        )
        for one in kept
    )


def _moved_to(
    session: Session,
    case: Case,
    row: SupplierCaseRow,
    supplier: SupplierRow,
    asked: Sequence[DisciplineCode],
    now: datetime,
) -> datetime | None:
    """Return until when an open case would be wanted by the dates of today, None where that is what was asked for.

    A day that a person chose stays, and so does a date that has passed.
    """
    settled = not row.state.is_open or row.submitted_at is not None or row.due_at <= now
    if settled or row.due_because.get("by_hand"):
        return None
    above = None if row.parent_id is None else session.get(SupplierCaseRow, row.parent_id)
    whole = derive(session, case.row, asked, supplier, now=now, parent=above).promises[-1]
    return whole.due_at if whole.due_at != row.due_at else None


def _answers(answers: SupplierAnswers, people: Mapping[int, str], *, drafts: bool) -> tuple[AnswerView, ...]:
    found = []
    for code, row in answers.rows.items():
        snapshot = answers.snapshots[code]
        shown = snapshot.submitted if drafts else snapshot.accepted
        findings = () if shown is None else answering.findings(answers.snapshots, code, shown)
        found.append(
            AnswerView(
                code=code,
                state=row.state,
                version=row.version,
                answer=shown,
                missing=blocking(findings),
                warnings=warning(findings),
                submissions=tuple(_submission(one, people) for one in answers.submissions.get(code, ())),
            )
        )
    return tuple(found)


def _submission(one: SupplierSubmissionRow, people: Mapping[int, str]) -> SubmissionView:
    return SubmissionView(
        number=one.number,
        by_name=one.by_name,
        at=one.at,
        verdict=one.verdict,
        verdict_by=people.get(one.verdict_by or 0, ""),
        verdict_at=one.verdict_at,
        verdict_reason=one.verdict_reason,
    )


def _files(session: Session, case_id: int) -> tuple[FileView, ...]:
    rows = session.execute(
        sa.select(SupplierEvidenceRow, EvidenceRow)
        .join(EvidenceRow, EvidenceRow.id == SupplierEvidenceRow.evidence_id)
        .where(SupplierEvidenceRow.case_id == case_id)
        .order_by(EvidenceRow.id)
    ).all()
    return tuple(_file(row, tie.code, from_supplier=tie.from_supplier) for tie, row in rows)


def _file(row: EvidenceRow, code: DisciplineCode | None, *, from_supplier: bool) -> FileView:
    return FileView(row.id, row.filename, row.media_type, row.size, row.caption, code, from_supplier)


def _links(session: Session, case_id: int) -> Sequence[SupplierLinkRow]:
    return (
        session.execute(
            sa.select(SupplierLinkRow)
            .where(SupplierLinkRow.case_id == case_id)
            .order_by(SupplierLinkRow.id.desc())
        )
        .scalars()
        .all()
    )


def _link(one: SupplierLinkRow, people: Mapping[int, str], row: SupplierCaseRow, now: datetime) -> LinkView:
    return LinkView(
        id=one.id,
        recipient=one.recipient,
        made_at=one.made_at,
        made_by=people.get(one.made_by, ""),
        expires_at=one.expires_at,
        revoked_at=one.revoked_at,
        revoked_by=people.get(one.revoked_by or 0, ""),
        opened=one.opened,
        last_opened_at=one.last_opened_at,
        holds=one.revoked_at is None
        and one.expires_at > now
        and row.state is not SupplierCaseState.CANCELLED,
    )


def _letters(session: Session, case_id: int) -> list[tuple[OutsideMailRow, DeliveryState | None]]:
    rows = session.execute(
        sa.select(OutsideMailRow, DeliveryRow.state)
        .outerjoin(DeliveryRow, DeliveryRow.outside_mail_id == OutsideMailRow.id)
        .where(OutsideMailRow.purpose == OutsidePurpose.SUPPLIER_CASE, OutsideMailRow.subject_id == case_id)
        .order_by(OutsideMailRow.id.desc())
        .limit(50)
    ).all()
    return [(mail, state) for mail, state in rows]


def _letter(mail: OutsideMailRow, state: DeliveryState | None, people: Mapping[int, str]) -> LetterView:
    return LetterView(mail.subject, tuple(mail.recipients), people.get(mail.by or 0, ""), mail.at, state)
