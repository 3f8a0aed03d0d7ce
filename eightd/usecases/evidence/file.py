"""File pictures and documents under a complaint: stored by hash, under a discipline where one is named."""

from __future__ import annotations

from collections.abc import Sequence

from eightd.domain.complaint import DisciplineCode
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.evidence.check import CheckedUpload
from eightd.usecases.verb import Done, verb


def file_evidence(
    work: Work,
    row: ComplaintRow,
    upload: CheckedUpload,
    *,
    discipline: DisciplineCode | None = None,
    caption: str = "",
    marker: str = "",
    by: int | None = None,
    sender: str = "",
) -> EvidenceRow:
    """Store the bytes and the row inside the transaction of the calling verb; ``sender`` of what came by mail."""
    evidence = EvidenceRow(
        complaint_id=row.id,
        discipline=discipline,
        sha256=work.files.put(upload.content),
        filename=upload.filename,
        media_type=upload.media_type,
        size=len(upload.content),
        width=upload.width,
        height=upload.height,
        caption=caption.strip()[:400],
        marker=marker,
        sender=sender,
        by=work.actor.id if by is None else by,
        at=work.now,
    )
    work.session.add(evidence)
    work.session.flush()
    return evidence


def filed_document(rows: Sequence[EvidenceRow]) -> list[dict[str, str]]:
    """Return what the record keeps of filed evidence: each name with its hash."""
    return [{"filename": row.filename, "sha256": row.sha256} for row in rows]


@verb("evidence.add")
def add_evidence(
    work: Work,
    *,
    number: str,
    uploads: tuple[CheckedUpload, ...],
    discipline: DisciplineCode | None = None,
    caption: str = "",
    marker: str = "",
) -> Done:
    """File checked uploads under the complaint, and under a discipline where one is named."""
    opened = open_complaint(work, number, Action.ADD_EVIDENCE)
    rows = [
        file_evidence(work, opened.row, upload, discipline=discipline, caption=caption, marker=marker)
        for upload in uploads
    ]
    conclude(
        work,
        opened,
        new={"files": filed_document(rows)},
        subject=discipline.value if discipline else "",
        raise_version=False,
    )
    return Done(number=number, version=opened.row.version, id=rows[-1].id if rows else 0)
