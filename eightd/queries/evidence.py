"""The files of a complaint: listed on its pages, grouped and paired, described, read one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may, may_see
from eightd.domain.captions import caption_in
from eightd.domain.complaint import DisciplineCode
from eightd.domain.goes_along import PICTURES, GoesAlong
from eightd.domain.marks import Mark, hides, stored_marks
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.files import FileMissingError, FileStore
from eightd.persistence.repositories.evidence import evidence_of, shown_evidence
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.queries.case import Case, names, open_case
from eightd.queries.header import HeaderView, header_view


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One file with all that is said of it; ``marker`` is ok, nok or empty.

    ``original_id`` is there for a picture with marks; ``hides`` where one of its marks is a blur.
    """

    id: int
    filename: str
    media_type: str
    size: int
    caption: str
    marker: str
    discipline: DisciplineCode | None
    by: str
    at: datetime
    caption_zh: str = ""
    caption_en: str = ""
    sha256: str = ""
    width: int | None = None
    height: int | None = None
    pair: str = ""
    internal: bool = False
    goes_along: GoesAlong = GoesAlong.USUAL
    original_id: int | None = None
    marks: int = 0
    hides: bool = False
    version: int = 1

    @property
    def is_picture(self) -> bool:
        """Return whether there is a thumbnail."""
        return self.media_type in PICTURES


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    """The files of one discipline, or of the complaint itself; an OK and a NOK picture that belong together are two."""

    discipline: DisciplineCode | None
    tiles: tuple[tuple[EvidenceView, ...], ...]

    @property
    def count(self) -> int:
        """Return how many files there are."""
        return sum(map(len, self.tiles))


@dataclass(frozen=True, slots=True)
class EvidenceBoard:
    """The files of a complaint, or of one of its disciplines, and whether the reader may add and change."""

    header: HeaderView
    groups: tuple[EvidenceGroup, ...]
    may_add: Outcome
    may_change: Outcome

    @property
    def count(self) -> int:
        """Return how many files there are."""
        return sum(group.count for group in self.groups)


@dataclass(frozen=True, slots=True)
class EvidenceDetail:
    """One file, what can be said of it, and what it was made from or became.

    ``partners`` are the pictures it may stand beside; ``place`` counts from 1 to ``places`` in its discipline,
    None for a file that is not shown. ``drawing`` are its own marks; ``shown_as`` is the marking shown in its place.
    """

    header: HeaderView
    file: EvidenceView
    partner_id: int | None
    partners: tuple[EvidenceView, ...]
    place: int | None
    places: int
    drawing: tuple[Mark, ...]
    original: EvidenceView | None
    shown_as: EvidenceView | None
    may_change: Outcome
    may_mark: Outcome


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The bytes of a file as they were filed."""

    filename: str
    media_type: str
    sha256: str
    content: bytes


def evidence_rows(
    session: Session, case: Case, discipline: DisciplineCode | None = None
) -> tuple[EvidenceRow, ...]:
    """Return the files of the complaint in their order, marked pictures instead of their originals.

    Of one discipline where it is named.
    """
    shown = shown_evidence(evidence_of(session, case.row.id))
    return tuple(row for row in shown if discipline is None or row.discipline is discipline)


def evidence_view(row: EvidenceRow, people: Mapping[int, str]) -> EvidenceView:
    """Return a file as pages list it."""
    captions = caption_in(row.caption, row.caption_other)
    return EvidenceView(
        id=row.id,
        filename=row.filename,
        media_type=row.media_type,
        size=row.size,
        caption=row.caption,
        marker=row.marker,
        discipline=row.discipline,
        by=row.sender or people.get(row.by, ""),
        at=row.at,
        caption_zh=captions[Language.ZH],
        caption_en=captions[Language.EN],
        sha256=row.sha256,
        width=row.width,
        height=row.height,
        pair=row.pair,
        internal=row.internal,
        goes_along=GoesAlong(row.goes_along),
        original_id=row.original_id,
        marks=len(row.marks or ()),
        hides=hides(row.marks),
        version=row.version,
    )


def evidence_board(
    session: Session, actor: Actor, number: str, discipline: DisciplineCode | None = None
) -> EvidenceBoard | None:
    """Return the files in groups, D0 first, the complaint's own before them; None for what is hidden.

    With a discipline, its files alone.
    """
    case = open_case(session, actor, number)
    if case is None:
        return None
    rows = evidence_rows(session, case, discipline)
    people = names(session, (case.row.registered_by, *(row.by for row in rows)))
    views = [evidence_view(row, people) for row in rows]
    codes = (None, *DisciplineCode) if discipline is None else (discipline,)
    groups = (
        EvidenceGroup(code, tuple(_tiles([view for view in views if view.discipline is code])))
        for code in codes
    )
    return EvidenceBoard(
        header=header_view(case, people),
        groups=tuple(group for group in groups if group.tiles),
        may_add=may(actor, Action.ADD_EVIDENCE, case.snapshot),
        may_change=may(actor, Action.CHANGE_EVIDENCE, case.snapshot),
    )


def _tiles(views: Sequence[EvidenceView]) -> Iterator[tuple[EvidenceView, ...]]:
    """Yield files in their order; a pair stands where its first does, OK before NOK."""
    done: set[str] = set()
    for view in views:
        if not view.pair:
            yield (view,)
        elif view.pair not in done:
            done.add(view.pair)
            yield tuple(
                sorted((one for one in views if one.pair == view.pair), key=lambda one: one.marker != "ok")
            )


def evidence_detail(session: Session, actor: Actor, number: str, evidence_id: int) -> EvidenceDetail | None:
    """Return one file; None where there is none, it belongs to another complaint, or the actor may not see it."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    rows = evidence_of(session, case.row.id)
    row = next((one for one in rows if one.id == evidence_id), None)
    if row is None:
        return None
    people = names(session, (case.row.registered_by, *(one.by for one in rows)))
    shown = shown_evidence(rows)
    group = [one for one in shown if one.discipline is row.discipline]
    root = row.original_id or row.id
    return EvidenceDetail(
        header=header_view(case, people),
        file=evidence_view(row, people),
        partner_id=next(
            (one.id for one in rows if one is not row and row.pair and one.pair == row.pair), None
        ),
        partners=tuple(
            evidence_view(one, people) for one in group if one is not row and one.media_type in PICTURES
        )
        if row.media_type in PICTURES
        else (),
        place=group.index(row) + 1 if row in group else None,
        places=len(group),
        drawing=stored_marks(row.marks),
        original=next((evidence_view(one, people) for one in rows if one.id == row.original_id), None),
        shown_as=next(
            (evidence_view(one, people) for one in shown if one is not row and one.original_id == root), None
        ),
        may_change=may(actor, Action.CHANGE_EVIDENCE, case.snapshot),
        may_mark=may(actor, Action.ADD_EVIDENCE, case.snapshot),
    )


def evidence_file(
    session: Session, files: FileStore, actor: Actor, number: str, evidence_id: int
) -> EvidenceFile | None:
    """Read one file; None where there is none, it belongs to another complaint, or the actor may not see it."""
    found = session.execute(
        sa.select(EvidenceRow, ComplaintRow.plant_id, ComplaintRow.customer_id)
        .join(ComplaintRow, ComplaintRow.id == EvidenceRow.complaint_id)
        .where(EvidenceRow.id == evidence_id, ComplaintRow.number == number)
    ).one_or_none()
    if found is None or not may_see(actor, found.plant_id, found.customer_id):
        return None
    row = found.EvidenceRow
    try:
        return EvidenceFile(row.filename, row.media_type, row.sha256, files.get(row.sha256))
    except FileMissingError:
        return None
