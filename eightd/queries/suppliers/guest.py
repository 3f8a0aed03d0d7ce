"""What a supplier sees through its link: the facts and files chosen for it, its own answers, and nothing else.

No name of ours but the plant's is among it, no customer, no score, nothing of how its dates were derived.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.captions import caption_in
from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.discipline.answers import Answer
from eightd.domain.goes_along import PICTURES
from eightd.domain.marks import hides
from eightd.domain.suppliers import answering, sharing
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.suppliers.due import SupplierMilestone
from eightd.domain.suppliers.sharing import SharedFact
from eightd.domain.words import Language, Message
from eightd.domain.workflow.content import blocking
from eightd.persistence.files import FileMissingError, FileStore
from eightd.persistence.repositories.evidence import evidence_of
from eightd.persistence.repositories.supplier_answers import RETURNED, SupplierAnswers, answers_of
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.suppliers import (
    SupplierCaseRow,
    SupplierEvidenceRow,
    SupplierPromiseRow,
    SupplierRow,
    SupplierSubmissionRow,
)
from eightd.queries.evidence import EvidenceFile


@dataclass(frozen=True, slots=True)
class GuestHeader:
    """What stands on every page. ``description`` says what the fish's head says where the answer says nothing."""

    number: str
    plant: str
    plant_en: str
    zone: str
    supplier: str
    supplier_en: str
    part: str
    phenomenon: str
    state: SupplierCaseState
    due_at: datetime

    @property
    def description(self) -> str:
        """Return what is asked about."""
        return self.phenomenon or self.part


@dataclass(frozen=True, slots=True)
class GuestStep:
    """One discipline asked for; ``returned_because`` while the supplier is to rework it."""

    code: DisciplineCode
    state: DisciplineState
    submissions: int
    returned_because: str


@dataclass(frozen=True, slots=True)
class GuestFile:
    """A file that was chosen for the supplier, or that it sent."""

    id: int
    filename: str
    media_type: str
    size: int
    caption_zh: str
    caption_en: str
    marker: str
    code: DisciplineCode | None
    from_supplier: bool
    at: datetime

    @property
    def is_picture(self) -> bool:
        """Return whether there is a thumbnail."""
        return self.media_type in PICTURES


@dataclass(frozen=True, slots=True)
class GuestPromise:
    """Until when a part of the answer is wanted, and when it was given."""

    milestone: SupplierMilestone
    due_at: datetime
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class GuestSubmission:
    """A submission by the supplier and what became of it; who of us judged it is not said."""

    number: int
    by_name: str
    at: datetime
    verdict: str
    verdict_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class GuestCasePage:
    """The page that a link opens first."""

    header: GuestHeader
    message: str
    facts: tuple[SharedFact, ...]
    files: tuple[GuestFile, ...]
    steps: tuple[GuestStep, ...]
    promises: tuple[GuestPromise, ...]
    accepted_at: datetime | None

    @property
    def answered(self) -> int:
        """Return how many disciplines are submitted or accepted."""
        return sum(step.state in answering.ANSWERED for step in self.steps)


@dataclass(frozen=True, slots=True)
class GuestDisciplinePage:
    """One discipline, as its form and its reading want it; ``answers`` are the supplier's alone."""

    header: GuestHeader
    code: DisciplineCode
    state: DisciplineState
    version: int
    answer: Answer | None
    draft_at: datetime | None
    submissions: tuple[GuestSubmission, ...]
    steps: tuple[GuestStep, ...]
    files: tuple[GuestFile, ...]
    facts: tuple[SharedFact, ...]
    answers: Mapping[DisciplineCode, Answer]
    missing: tuple[Message, ...]
    refusal: Message | None
    is_guest: bool = True

    @property
    def returned_because(self) -> str:
        """Return why the answer is to be reworked, empty where it is not."""
        return next((step.returned_because for step in self.steps if step.code is self.code), "")


def case_page(session: Session, case_id: int) -> GuestCasePage:
    """Return everything that was chosen for the supplier, in six statements at most."""
    case, header = _header(session, case_id)
    return GuestCasePage(
        header=header,
        message=case.message,
        facts=sharing.from_document(case.shared),
        files=_files(session, case),
        steps=_steps(answers_of(session, case_id)),
        promises=_promises(session, case_id),
        accepted_at=case.accepted_at,
    )


def discipline_page(session: Session, case_id: int, code: DisciplineCode) -> GuestDisciplinePage | None:
    """Return the page of a discipline, None where it is not asked for."""
    answers = answers_of(session, case_id)
    row = answers.rows.get(code)
    if row is None:
        return None
    case, header = _header(session, case_id)
    answer = answers.snapshots[code].latest
    refusal = answering.why_not_writable(case.state, row.state)
    missing = () if refusal else blocking(answering.findings(answers.snapshots, code, answer))
    return GuestDisciplinePage(
        header=header,
        code=code,
        state=row.state,
        version=row.version,
        answer=answer,
        draft_at=row.draft_at if row.draft is not None else None,
        submissions=tuple(_submission(one) for one in reversed(answers.submissions.get(code, ()))),
        steps=_steps(answers),
        files=_files(session, case),
        facts=sharing.from_document(case.shared),
        answers={
            other: found for other, one in answers.snapshots.items() if (found := one.latest) is not None
        },
        missing=missing if answer is not None else (),
        refusal=refusal,
    )


def file_of(session: Session, store: FileStore, case_id: int, evidence_id: int) -> EvidenceFile | None:
    """Return the bytes of a file that the supplier may see, None for every other."""
    case = session.get_one(SupplierCaseRow, case_id)
    row = next((row for row, _ in _seen(session, case) if row.id == evidence_id), None)
    if row is None:
        return None
    try:
        content = store.get(row.sha256)
    except FileMissingError:
        return None
    return EvidenceFile(row.filename, row.media_type, row.sha256, content)


def _header(session: Session, case_id: int) -> tuple[SupplierCaseRow, GuestHeader]:
    found = session.execute(
        sa.select(SupplierCaseRow, SupplierRow, PlantRow)
        .join(SupplierRow, SupplierRow.id == SupplierCaseRow.supplier_id)
        .join(PlantRow, PlantRow.id == SupplierCaseRow.plant_id)
        .where(SupplierCaseRow.id == case_id)
    ).one()
    case, supplier, plant = found
    return case, GuestHeader(
        number=case.number,
        plant=plant.name,
        plant_en=plant.name_en or plant.name,
        zone=plant.zone,
        supplier=supplier.name,
        supplier_en=supplier.name_en or supplier.name,
        part=case.part,
        phenomenon=case.phenomenon,
        state=case.state,
        due_at=case.due_at,
    )


def _steps(answers: SupplierAnswers) -> tuple[GuestStep, ...]:
    return tuple(
        GuestStep(
            code, row.state, len(given := answers.submissions.get(code, ())), _because(row.state, given)
        )
        for code, row in sorted(answers.rows.items())
    )


def _because(state: DisciplineState, submissions: tuple[SupplierSubmissionRow, ...]) -> str:
    """Return the reason of the last verdict as long as the answer is being reworked for it."""
    if state not in answering.WRITABLE or not submissions or submissions[-1].verdict != RETURNED:
        return ""
    return submissions[-1].verdict_reason


def _promises(session: Session, case_id: int) -> tuple[GuestPromise, ...]:
    rows = session.execute(
        sa.select(SupplierPromiseRow)
        .where(SupplierPromiseRow.case_id == case_id)
        .order_by(SupplierPromiseRow.due_at, SupplierPromiseRow.id)
    ).scalars()
    return tuple(GuestPromise(SupplierMilestone(row.milestone), row.due_at, row.met_at) for row in rows)


def _files(session: Session, case: SupplierCaseRow) -> tuple[GuestFile, ...]:
    return tuple(_file(row, shared) for row, shared in _seen(session, case))


def _seen(session: Session, case: SupplierCaseRow) -> Iterator[tuple[EvidenceRow, SupplierEvidenceRow]]:
    """Yield the files of the case, but none of ours that became internal, or was blurred, after it was chosen."""
    listed = {
        one.evidence_id: one
        for one in session.execute(
            sa.select(SupplierEvidenceRow).where(SupplierEvidenceRow.case_id == case.id)
        ).scalars()
    }
    rows = evidence_of(session, case.complaint_id) if listed else ()
    blurred = {row.original_id for row in rows if hides(row.marks)}
    secret = {row.sha256 for row in rows if row.id in blurred}
    for row in sorted(rows, key=lambda one: one.id):
        shared = listed.get(row.id)
        if shared is not None and (shared.from_supplier or not (row.internal or row.sha256 in secret)):
            yield row, shared


def _file(row: EvidenceRow, shared: SupplierEvidenceRow) -> GuestFile:
    captions = caption_in(row.caption, row.caption_other)
    return GuestFile(
        id=row.id,
        filename=row.filename,
        media_type=row.media_type,
        size=row.size,
        caption_zh=captions[Language.ZH],
        caption_en=captions[Language.EN],
        marker=row.marker,
        code=shared.code,
        from_supplier=shared.from_supplier,
        at=row.at,
    )


def _submission(row: SupplierSubmissionRow) -> GuestSubmission:
    return GuestSubmission(
        number=row.number,
        by_name=row.by_name,
        at=row.at,
        verdict=row.verdict,
        verdict_at=row.verdict_at,
        reason=row.verdict_reason if row.verdict == RETURNED else "",  # a remark on an accepted one is ours
    )
