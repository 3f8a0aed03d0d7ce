"""Test results of the pieces of a return: for the grid, for the counts, and for what the disciplines take over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see, scope
from eightd.domain.complaint import DefectKind
from eightd.domain.returns import ledger
from eightd.domain.returns.categories import Branch, keys_of, plain
from eightd.domain.returns.feeding import Results, Shown
from eightd.domain.returns.piece_table import Catalogue
from eightd.domain.returns.pieces import Piece, Tally, by_phenomenon, serial_key, tally
from eightd.domain.returns.rights import may_on_return
from eightd.domain.returns.stages import PieceVerdict, Place, ReturnStage
from eightd.domain.returns.steps import Count
from eightd.domain.words import Language, Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import complaints, failure_categories, returns
from eightd.persistence.repositories.pieces import piece_of, piece_rows
from eightd.persistence.tables.catalogue import CustomerRow, PartRow, PhenomenonRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.returns import ReturnCountRow, ReturnPieceRow, ReturnRow
from eightd.queries.board import named

OFFERED = 300
"""Phenomena offered while somebody types; the complaint's own come first."""

_PHENOMENON = Phrase("piece.phenomenon", "{en}", "{zh}")


@dataclass(frozen=True, slots=True)
class EarlierView:
    """The same serial of the same part in an earlier return."""

    return_number: str
    complaint_number: str
    announced_at: datetime
    verdict: PieceVerdict
    phenomenon: str


@dataclass(frozen=True, slots=True)
class PhenomenonView:
    """A phenomenon that may be meant."""

    kind: DefectKind
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class PiecesPage:
    """The results of one return; ``earlier`` by the serial as it is compared, ``categories`` all of the plant's."""

    number: str
    complaint_number: str
    customer: str
    part_number: str
    part: str
    zone: str
    stage: ReturnStage
    version: int
    drawn: int
    ntf_criteria: str
    outcome: Outcome
    may_count: Outcome
    pieces: tuple[Piece, ...]
    tallies: tuple[Tally, ...]
    categories: tuple[Branch, ...]
    phenomena: tuple[PhenomenonView, ...]
    earlier: Mapping[str, tuple[EarlierView, ...]]
    catalogue: Catalogue


def pieces_page(session: Session, actor: Actor, number: str, language: Language | str) -> PiecesPage | None:
    """Return the page; None where there is no such return, or the actor may not see its complaint."""
    found = session.execute(
        sa.select(ReturnRow, ComplaintRow, PlantRow.zone, CustomerRow, PartRow)
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .join(PlantRow, PlantRow.id == ReturnRow.plant_id)
        .join(CustomerRow, CustomerRow.id == ReturnRow.customer_id)
        .join(PartRow, PartRow.id == ReturnRow.part_id)
        .where(ReturnRow.number == number)
    ).one_or_none()
    if found is None or not may_see(actor, found[0].plant_id, found[0].customer_id):
        return None
    row, complaint, zone, customer, part = found
    snapshot = complaints.snapshot(session, complaint)
    pieces = tuple(map(piece_of, piece_rows(session, row.id)))
    tree = failure_categories.branches(session, [row.plant_id])
    known = _phenomena(session, row.complaint_id)
    return PiecesPage(
        number=row.number,
        complaint_number=complaint.number,
        customer=named(customer.name, customer.name_en, language),
        part_number=part.number,
        part=named(part.name, part.name_en, language),
        zone=zone,
        stage=row.stage,
        version=row.version,
        drawn=returns.held(session, row).at[Place.DRAWN],
        ntf_criteria=row.ntf_criteria,
        outcome=may_on_return(actor, Action.RECORD_PIECES, snapshot, row.stage),
        may_count=may_on_return(actor, Action.COUNT_RETURN, snapshot, row.stage),
        pieces=pieces,
        tallies=tally(pieces),
        categories=tree,
        phenomena=known,
        earlier=_earlier(session, actor, row, [one.serial for one in pieces if one.serial]),
        catalogue=_catalogue(session, tree),
    )


def offered_categories(session: Session, plant_id: int) -> tuple[Branch, ...]:
    """Return the failure categories that may be chosen in a plant, in order."""
    return tuple(one for one in failure_categories.branches(session, [plant_id]) if one.offered)


def counts_from_pieces(session: Session, return_id: int, drawn: int) -> tuple[Count, ...]:
    """Return what ``COUNT_RETURN`` may begin with: the pieces of a return added up, the others drawn as not tested.

    Nothing where no piece was recorded. The caller has seen to it that the return may be seen.
    """
    pieces = [piece_of(row) for row in piece_rows(session, return_id)]
    lines = by_phenomenon(pieces, drawn=drawn) if pieces else ()
    return tuple(Count(one.kind, one.phenomenon, one.verdict, one.quantity) for one in lines)


def results(session: Session, actor: Actor, complaint_number: str) -> Results | None:
    """Return what the tests of all returns of a complaint came to; None where it is hidden or nothing was tested.

    A return that was counted speaks by its counts, one that was not by its single pieces.
    """
    found = session.execute(
        sa.select(ReturnRow, PlantRow.zone)
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .join(PlantRow, PlantRow.id == ReturnRow.plant_id)
        .where(ComplaintRow.number == complaint_number, ReturnRow.stage != ReturnStage.CANCELLED)
        .order_by(ReturnRow.id)
    ).all()
    if not found or not may_see(actor, found[0][0].plant_id, found[0][0].customer_id):
        return None
    rows = {row.id: row for row, _ in found}
    lines = _lines(session, tuple(rows))
    tested = [rows[one] for one in rows if any(line.verdict in _TESTED for line in lines.get(one, ()))]
    if not tested:
        return None
    every = [line for row in tested for line in lines[row.id]]
    by_verdict = {verdict: _sum(every, verdict) for verdict in PieceVerdict}
    return Results(
        returns=tuple(row.number for row in tested),
        received=sum(ledger.entered(returns.held(session, row).at) for row in tested),
        ng=by_verdict[PieceVerdict.NG],
        ok=by_verdict[PieceVerdict.OK],
        ntf=by_verdict[PieceVerdict.NTF],
        phenomena=_shown(session, every),
        criteria=_criteria(session, tested) if by_verdict[PieceVerdict.NTF] else (),
        on=_last_day(tested, found[0][1]),
    )


_TESTED = (PieceVerdict.NG, PieceVerdict.OK, PieceVerdict.NTF)


def _sum(lines: Sequence[Tally], verdict: PieceVerdict) -> int:
    return sum(one.quantity for one in lines if one.verdict is verdict)


def _lines(session: Session, return_ids: Sequence[int]) -> dict[int, tuple[Tally, ...]]:
    """Return what each return's pieces came to: its counts, else its pieces added up."""
    counted: dict[int, tuple[Tally, ...]] = {}
    rows = session.execute(
        sa.select(ReturnCountRow)
        .where(ReturnCountRow.return_id.in_(return_ids))
        .order_by(ReturnCountRow.return_id, ReturnCountRow.position)
    ).scalars()
    for one in rows:
        line = Tally(one.verdict, one.kind, one.phenomenon, one.category_id, one.quantity)
        counted[one.return_id] = (*counted.get(one.return_id, ()), line)
    single: dict[int, list[Piece]] = {}
    for row in piece_rows(session, *(one for one in return_ids if one not in counted)):
        single.setdefault(row.return_id, []).append(piece_of(row))
    return counted | {return_id: by_phenomenon(pieces) for return_id, pieces in single.items()}


def _shown(session: Session, lines: Sequence[Tally]) -> tuple[Shown, ...]:
    quantities: dict[str, int] = {}
    for one in lines:
        if one.verdict is PieceVerdict.NG:
            quantities[one.phenomenon] = quantities.get(one.phenomenon, 0) + one.quantity
    known = sa.select(PhenomenonRow.text, PhenomenonRow.text_en)
    english = dict(iter(session.execute(known.where(PhenomenonRow.text.in_(list(quantities))))))
    return tuple(
        Shown(_PHENOMENON.say(zh=text, en=english.get(text) or text), quantity)
        for text, quantity in sorted(quantities.items(), key=lambda one: (-one[1], one[0]))
    )


def _criteria(session: Session, rows: Sequence[ReturnRow]) -> tuple[str, ...]:
    own = session.execute(
        sa.select(ReturnPieceRow.ntf_criteria)
        .where(
            ReturnPieceRow.return_id.in_([row.id for row in rows]),
            ReturnPieceRow.verdict == PieceVerdict.NTF,
            ReturnPieceRow.ntf_criteria != "",
        )
        .order_by(ReturnPieceRow.id)
    ).scalars()
    return tuple(dict.fromkeys([*(row.ntf_criteria for row in rows if row.ntf_criteria), *own]))


def _last_day(rows: Sequence[ReturnRow], zone: str) -> date:
    return max(row.stage_at for row in rows).astimezone(ZoneInfo(zone)).date()


def _phenomena(session: Session, complaint_id: int) -> tuple[PhenomenonView, ...]:
    own = sa.select(DefectLineRow.phenomenon).where(DefectLineRow.complaint_id == complaint_id)
    rows = session.execute(
        sa.select(PhenomenonRow)
        .where(PhenomenonRow.active)
        .order_by(sa.case((PhenomenonRow.text.in_(own), 0), else_=1), PhenomenonRow.text)
        .limit(OFFERED)
    ).scalars()
    return tuple(PhenomenonView(row.kind, row.text, row.text_en) for row in rows)


def _catalogue(session: Session, tree: Sequence[Branch]) -> Catalogue:
    """Return what words mean; of phenomena that share a word, one that is offered goes first."""
    p = PhenomenonRow
    rows = session.execute(sa.select(p.kind, p.text, p.text_en).order_by(p.active.desc(), p.id))
    known: dict[str, tuple[DefectKind, str]] = {}
    english: dict[str, tuple[DefectKind, str]] = {}
    for kind, text, text_en in rows:
        known.setdefault(plain(text), (kind, text))
        if text_en:
            english.setdefault(plain(text_en), (kind, text))
    return Catalogue({**english, **known}, keys_of(tree))


def _earlier(
    session: Session, actor: Actor, row: ReturnRow, serials: Sequence[str]
) -> dict[str, tuple[EarlierView, ...]]:
    """Return where the same serials of the same part came back before, as far as the actor may see it."""
    seen = scope(actor)
    statement = (
        sa.select(ReturnPieceRow, ReturnRow.number, ReturnRow.announced_at, ComplaintRow.number)
        .join(ReturnRow, ReturnRow.id == ReturnPieceRow.return_id)
        .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
        .where(
            ReturnPieceRow.serial.in_(serials),
            ReturnRow.id < row.id,
            ReturnRow.part_id == row.part_id,
            ReturnRow.plant_id.in_(sorted(seen.plants)),
        )
        .order_by(ReturnRow.id)
    )
    if seen.customers is not None:
        statement = statement.where(ReturnRow.customer_id.in_(sorted(seen.customers)))
    found: dict[str, tuple[EarlierView, ...]] = {}
    for piece, return_number, announced_at, complaint_number in session.execute(statement):
        view = EarlierView(return_number, complaint_number, announced_at, piece.verdict, piece.phenomenon)
        key = serial_key(piece.serial)
        found[key] = (*found.get(key, ()), view)
    return found
