"""Documents of many complaints in one archive, made by the worker in slices and kept for some days.

Making is two steps. First every PDF is drawn and kept where all issued PDFs are kept, complaint by complaint, so that
a worker that was killed goes on where it stopped. Then the kept files are packed one after the other into a temporary
file; that is quick and is begun anew. Rights are asked when a complaint's turn comes, when it is packed and when the
archive is handed out.
"""

from __future__ import annotations

import csv
import io
import logging
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from eightd.domain.authority import may_see
from eightd.domain.revisions import ordinal, revision_name
from eightd.domain.words import Phrase
from eightd.domain.workflow.snapshot import Actor, ReportKind
from eightd.persistence.files import FileMissingError
from eightd.persistence.repositories import people
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.documents import DocumentBatchRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import UnitOfWork, Work
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.report import ReportFile, kept_report
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order
from eightd.usecases.verb import Done, verb

_log = logging.getLogger(__name__)

MOST = 200
"""Complaints in one batch."""

KEPT = timedelta(days=7)
"""How long an archive can be fetched."""

MOST_WAITING = 3

TOO_MANY = Phrase(
    "batch.too_many",
    "At most {limit} complaints at a time; please narrow the choice",
    "一次最多 {limit} 件客诉，请缩小范围",
)
NONE = Phrase("batch.none", "Please choose at least one complaint", "请至少选择一件客诉")
UNKNOWN = Phrase("batch.unknown", "There is no complaint {number}", "没有客诉 {number}")
WAITING = Phrase(
    "batch.waiting",
    "{limit} of your archives are still being made; please wait for them",
    "您还有 {limit} 个压缩包正在生成，请稍候",
)
CHANGED = Phrase(
    "batch.rights_changed",
    "You may no longer see every complaint in this archive; please have a new one made",
    "您已无权查看该压缩包中的全部客诉，请重新生成",
)
EMPTY = "empty"
"""What a batch says that found nothing to pack."""

_SLICE_SECONDS = 15.0


class Which(StrEnum):
    """Which of a complaint's revisions go into the archive."""

    NEWEST = "newest"
    FINAL = "final"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be packed; ``language`` None is the one each revision was issued in."""

    numbers: tuple[str, ...]
    which: Which
    language: ReportLanguage | None
    audience: Audience

    def document(self) -> dict[str, Any]:
        """Return the wish as it is kept."""
        return {
            "numbers": list(self.numbers),
            "which": self.which.value,
            "language": "" if self.language is None else self.language.value,
            "audience": self.audience.value,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Wish:
        """Read a wish that was kept."""
        return cls(
            tuple(document["numbers"]),
            Which(document["which"]),
            ReportLanguage(document["language"]) if document["language"] else None,
            Audience(document["audience"]),
        )


@verb("batch.request")
def request_batch(work: Work, *, wish: Wish) -> Done:
    """Ask for an archive; ``id`` of the answer is the batch's.

    Raises Invalid for no complaint, too many, and one that does not exist for the actor; NotAllowed while several of
    the actor's are still being made.
    """
    numbers = tuple(dict.fromkeys(one.strip() for one in wish.numbers if one.strip()))
    if not numbers:
        raise Invalid({"numbers": NONE.say()})
    if len(numbers) > MOST:
        raise Invalid({"numbers": TOO_MANY.say(limit=MOST)})
    seen = _seen(work.session, work.actor, numbers)
    for number in numbers:
        if number not in seen:
            raise Invalid({"numbers": UNKNOWN.say(number=number)})
    waiting = work.session.execute(
        sa.select(sa.func.count())
        .select_from(DocumentBatchRow)
        .where(DocumentBatchRow.user_id == work.actor.id, DocumentBatchRow.finished_at.is_(None))
    ).scalar_one()
    if waiting >= MOST_WAITING:
        raise NotAllowed(WAITING.say(limit=MOST_WAITING))
    wanted = Wish(numbers, wish.which, wish.language, wish.audience).document()
    row = DocumentBatchRow(user_id=work.actor.id, request=wanted, total=len(numbers), made_at=work.now)
    work.session.add(row)
    work.session.flush()
    return Done(id=row.id)


def archive(uow: UnitOfWork, actor: Actor, *, batch_id: int) -> tuple[Path, str]:
    """Return where a finished archive lies and what it is called.

    Raises NotFound for another person's, an unfinished or a tidied one, NotAllowed where the actor may meanwhile no
    longer see everything in it.
    """
    with uow.reading() as session:
        row = session.get(DocumentBatchRow, batch_id)
        if row is None or row.user_id != actor.id or not row.sha256:
            raise NotFound
        packed = row.request.get("packed", [])
        if set(packed) - set(_seen(session, actor, packed)):
            raise NotAllowed(CHANGED.say())
    path = uow.batches.path(row.sha256)
    if not path.exists():
        raise NotFound
    return path, f"eightd-reports-{row.id}.zip"


def is_anything_to_make(services: Services) -> bool:
    """Return whether an archive waits to be made or to be tidied away."""
    with services.uow.reading() as session:
        found = session.execute(
            sa.select(DocumentBatchRow.id)
            .where(
                sa.or_(
                    DocumentBatchRow.finished_at.is_(None),
                    DocumentBatchRow.finished_at < services.clock() - KEPT,
                )
            )
            .limit(1)
        ).first()
    return found is not None


def make_batches(services: Services, *, seconds: float = _SLICE_SECONDS) -> int:
    """Go on with the batches that wait, the oldest first, for so many seconds; return how many were finished."""
    ends = time.monotonic() + seconds
    tidy(services)
    finished = 0
    while time.monotonic() < ends:
        with services.uow.reading() as session:
            batch_id = session.execute(
                sa.select(DocumentBatchRow.id)
                .where(DocumentBatchRow.finished_at.is_(None))
                .order_by(DocumentBatchRow.id)
                .limit(1)
            ).scalar_one_or_none()
        if batch_id is None:
            break
        if not _advance(services, batch_id):
            continue
        finished += 1
    return finished


def tidy(services: Services) -> int:
    """Remove archives that were kept long enough; return how many."""
    before = services.clock() - KEPT
    with services.uow.writing(system_order(services.clock())) as work:
        rows = work.session.execute(
            sa.select(DocumentBatchRow)
            .where(DocumentBatchRow.finished_at.is_not(None), DocumentBatchRow.finished_at < before)
            .limit(100)
        ).scalars()
        gone = [(row.id, row.sha256) for row in rows]
        if not gone:
            return 0
        work.session.execute(
            sa.delete(DocumentBatchRow).where(DocumentBatchRow.id.in_([one for one, _ in gone]))
        )
        hashes = {sha256 for _, sha256 in gone if sha256}
        used = set(
            work.session.execute(
                sa.select(DocumentBatchRow.sha256).where(DocumentBatchRow.sha256.in_(hashes))
            ).scalars()
        )
    for sha256 in hashes - used:
        services.uow.batches.remove(sha256)
    return len(gone)


def _advance(services: Services, batch_id: int) -> bool:
    """Draw the PDFs of the next complaint, or pack when all are drawn; return whether the batch is finished."""
    uow, now = services.uow, services.clock()
    with uow.reading() as session:
        row = session.get(DocumentBatchRow, batch_id)
        if row is None or row.finished_at is not None:
            return False
        actor = _person(session, row.user_id, now)
    wish = Wish.of(row.request)
    if row.done >= row.total:
        _pack(services, row, wish, actor)
        return True
    for one in _wanted(uow, actor, wish, wish.numbers[row.done]):
        _file(uow, one, wish, now)
    with uow.writing(system_order(now)) as work:
        work.session.execute(
            sa.update(DocumentBatchRow)
            .where(DocumentBatchRow.id == batch_id, DocumentBatchRow.done == row.done)
            .values(done=row.done + 1)
        )
    return False


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A revision to be packed, with what the manifest says of it."""

    number: str
    zone: str
    frozen: RevisionRow
    name: str


def _wanted(uow: UnitOfWork, actor: Actor | None, wish: Wish, number: str) -> Iterator[_Wanted]:
    """Yield the revisions of a complaint that go in, none where the person may not see it now."""
    with uow.reading() as session:
        seen = {} if actor is None else _seen(session, actor, (number,))
        if number not in seen:
            return
        statement = (
            sa.select(RevisionRow)
            .where(RevisionRow.complaint_id == seen[number][0])
            .order_by(RevisionRow.number)
            .options(undefer(RevisionRow.content))
        )
        rows = session.execute(statement).scalars().all()
    issued = [(row.number, row.kind) for row in rows]
    holding = [row for row in rows if row.withdrawn_at is None]
    chosen: Mapping[Which, Sequence[RevisionRow]] = {
        Which.ALL: rows,
        Which.NEWEST: holding[-1:],
        Which.FINAL: [row for row in holding if row.kind is ReportKind.FINAL][-1:],
    }
    for row in chosen[wish.which]:
        said = revision_name(row.kind, ordinal(issued, row.number))
        yield _Wanted(number, seen[number][1], row, f"{said.text('zh')} / {said.text('en')}")


def _file(uow: UnitOfWork, one: _Wanted, wish: Wish, now: datetime) -> ReportFile | None:
    """Return the PDF of a revision, None where a file that it needs is lost: the others are packed all the same."""
    language = wish.language or ReportLanguage(one.frozen.language)
    try:
        return kept_report(
            uow, one.frozen, number=one.number, language=language, audience=wish.audience, now=now
        )
    except FileMissingError:
        _log.exception("%s revision %s cannot be packed", one.number, one.frozen.number)
        return None


_HEADS = (
    "complaint", "revision", "name", "issued_at", "withdrawn_at", "language", "audience", "content_sha256", "file",
    "file_sha256",
)  # fmt: skip


def _pack(services: Services, row: DocumentBatchRow, wish: Wish, actor: Actor | None) -> None:
    """Write the archive file by file, so that no more than one is in memory, and finish the batch."""
    uow, now = services.uow, services.clock()
    packed: list[str] = []
    lines: list[Sequence[str]] = []
    room = uow.batches.room()
    try:
        with zipfile.ZipFile(room, "w", zipfile.ZIP_STORED) as target:
            for number in wish.numbers:
                for one in _wanted(uow, actor, wish, number):
                    file = _file(uow, one, wish, now)
                    if file is not None:
                        target.writestr(_entry(f"{number}/{file.filename}", one), file.content)
                    lines.append(_line(one, wish, file))
                    packed.append(number)
            target.writestr(zipfile.ZipInfo("manifest.csv", _moment(now)), _manifest(lines))
        sha256 = uow.batches.take(room) if lines else ""
        size = uow.batches.path(sha256).stat().st_size if lines else 0
    finally:
        room.unlink(missing_ok=True)
    with uow.writing(system_order(now)) as work:
        work.session.execute(
            sa.update(DocumentBatchRow)
            .where(DocumentBatchRow.id == row.id, DocumentBatchRow.finished_at.is_(None))
            .values(
                finished_at=now,
                sha256=sha256,
                size=size,
                error="" if lines else EMPTY,
                request={**row.request, "packed": list(dict.fromkeys(packed)), "files": len(lines)},
            )
        )


def _line(one: _Wanted, wish: Wish, file: ReportFile | None) -> Sequence[str]:
    zone, frozen = ZoneInfo(one.zone), one.frozen
    withdrawn = frozen.withdrawn_at
    return (
        one.number,
        str(frozen.number),
        one.name,
        frozen.issued_at.astimezone(zone).isoformat(timespec="seconds"),
        "" if withdrawn is None else withdrawn.astimezone(zone).isoformat(timespec="seconds"),
        (wish.language or ReportLanguage(frozen.language)).value,
        wish.audience.value,
        frozen.content_hash,
        "" if file is None else f"{one.number}/{file.filename}",
        "" if file is None else file.sha256,
    )


def _manifest(lines: Sequence[Sequence[str]]) -> bytes:
    """Return what is in the archive as a table that spreadsheets open as UTF-8."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerows((_HEADS, *lines))
    return target.getvalue().encode("utf-8-sig")


def _entry(name: str, one: _Wanted) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _moment(one.frozen.issued_at.astimezone(ZoneInfo(one.zone))))


def _moment(at: datetime) -> tuple[int, int, int, int, int, int]:
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def _seen(session: Session, actor: Actor, numbers: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return id and zone of those complaints that the actor may see, in one statement."""
    found = session.execute(
        sa.select(
            ComplaintRow.id,
            ComplaintRow.number,
            ComplaintRow.plant_id,
            ComplaintRow.customer_id,
            PlantRow.zone,
        )
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .where(ComplaintRow.number.in_(numbers))
    )
    return {one.number: (one.id, one.zone) for one in found if may_see(actor, one.plant_id, one.customer_id)}


def _person(session: Session, user_id: int, now: datetime) -> Actor | None:
    """Return the person as the rules see them today, None for one who may no longer sign in."""
    row = people.user(session, user_id)
    return None if row is None or not row.active else people.actor(session, row, now.date())
