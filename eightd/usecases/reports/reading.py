"""An issued report as a page for reading on a screen: what the PDF says, in its order and wording."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from PIL import Image

from eightd.domain.revisions import ordinal, revision_name
from eightd.domain.words import Message
from eightd.domain.workflow.snapshot import Actor, ReportKind
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.reporting.eight_d.audience import Audience, for_audience
from eightd.reporting.eight_d.document import from_json
from eightd.reporting.eight_d.pictures import print_ready
from eightd.reporting.eight_d.render import story
from eightd.reporting.screen.parts import Part
from eightd.reporting.screen.reading import Reader
from eightd.reporting.sheet.layout import PictureLayout
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases.errors import NotFound
from eightd.usecases.report import contents, frozen_revision

_ON_SCREEN = PictureLayout(most_pixels=1600, quality=86, highest=62.0)


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One of the complaint's revisions, to go to."""

    number: int
    name: Message
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report on the screen, in parts; ``newer`` is the newest revision that holds, None where it is this one."""

    number: str
    revision: int
    name: Message
    kind: ReportKind
    zone: str
    issued_at: datetime
    content_hash: str
    language: ReportLanguage
    audience: Audience
    parts: tuple[Part, ...]
    withdrawn_at: datetime | None
    withdrawn_because: str
    newer: int | None
    revisions: tuple[RevisionLine, ...]


def report_page(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    revision: int,
    language: ReportLanguage | None,
    audience: Audience,
) -> ReportPage:
    """Return a revision for reading; ``language`` None is the one it was issued in.

    Raises NotFound for what is hidden or was not issued.
    """
    with uow.reading() as session:
        frozen = frozen_revision(session, actor, number, revision)
        siblings = session.execute(
            sa.select(RevisionRow.number, RevisionRow.kind, RevisionRow.withdrawn_at)
            .where(RevisionRow.complaint_id == frozen.complaint_id)
            .order_by(RevisionRow.number)
        ).all()
    document = from_json(frozen.content)
    chosen = ReportLanguage(frozen.language) if language is None else language
    told = story(
        document,
        language=chosen,
        audience=audience,
        reports=uow.reports,
        pictures=stand_ins(one.sha256 for one in document.pictures),
        attachments=contents(uow.files, (one.sha256 for one in document.attachments)),
        digest=frozen.content_hash,
    )
    issued = [(one.number, one.kind) for one in siblings]
    holding = [one.number for one in siblings if one.withdrawn_at is None]
    return ReportPage(
        number=number,
        revision=frozen.number,
        name=revision_name(frozen.kind, ordinal(issued, frozen.number)),
        kind=frozen.kind,
        zone=str(ZoneInfo(document.zone)),
        issued_at=frozen.issued_at,
        content_hash=frozen.content_hash,
        language=chosen,
        audience=audience,
        parts=Reader(told.sheet.layout).read(told.blocks),
        withdrawn_at=frozen.withdrawn_at,
        withdrawn_because=frozen.withdrawn_because,
        newer=holding[-1] if holding and holding[-1] > frozen.number else None,
        revisions=tuple(
            RevisionLine(
                one.number,
                revision_name(one.kind, ordinal(issued, one.number)),
                one.withdrawn_at is not None,
            )
            for one in siblings
        ),
    )


def report_picture(
    uow: UnitOfWork, actor: Actor, *, number: str, revision: int, audience: Audience, sha256: str
) -> bytes:
    """Return a picture of a revision as JPEG without its metadata.

    Raises NotFound for what is hidden, for a picture that this revision does not show this audience, and for one
    that cannot be shown.
    """
    with uow.reading() as session:
        frozen = frozen_revision(session, actor, number, revision)
    document = for_audience(from_json(frozen.content), audience)
    if sha256 not in {picture.sha256 for picture in document.pictures}:
        raise NotFound
    return on_screen(uow, sha256)


def on_screen(uow: UnitOfWork, sha256: str) -> bytes:
    """Return a picture as JPEG of the screen's size, without its metadata; NotFound where it cannot be shown."""
    jpeg = print_ready(uow.files.get(sha256), _ON_SCREEN)
    if jpeg is None:
        raise NotFound
    return jpeg


def stand_ins(pictures: Iterable[str]) -> dict[str, bytes]:
    """Return something to set in place of each picture: the page asks for the real ones by their hash."""
    return dict.fromkeys(pictures, _dot())


@lru_cache(maxsize=1)
def _dot() -> bytes:
    """Return a picture that stands for every other."""
    target = io.BytesIO()
    Image.new("RGB", (4, 3), "white").save(target, "JPEG")
    return target.getvalue()
