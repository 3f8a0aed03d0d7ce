"""Every verb of returned goods with everything it asks for, tried on the newest return of a complaint."""

import sqlalchemy as sa

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.pieces import Piece
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnKind
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories import returns
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.usecases.returns.analyse import analyse_return
from eightd.usecases.returns.announce import ReturnEntry, announce_return
from eightd.usecases.returns.change import change_return
from eightd.usecases.returns.chase import chase_sample
from eightd.usecases.returns.check import check_return
from eightd.usecases.returns.close import cancel_return, close_return
from eightd.usecases.returns.count import Count, count_return
from eightd.usecases.returns.draw import draw_return
from eightd.usecases.returns.pieces import record_pieces
from eightd.usecases.returns.plan import PlanEntry, plan_return
from eightd.usecases.returns.receive import receive_return
from eightd.usecases.returns.recount import recount_return
from eightd.usecases.returns.redeliver import redeliver_return
from eightd.usecases.returns.rework import Result, record_rework
from eightd.usecases.returns.settle import settle_return
from eightd.usecases.returns.store import book_in

A = Action
NOWHERE = "RCC-2026-09999"


def _held(case):
    """The newest return of the complaint: its number, its version, where its pieces are."""
    with case.uow.reading() as session:
        row = session.execute(
            sa.select(ReturnRow)
            .join(ComplaintRow, ComplaintRow.id == ReturnRow.complaint_id)
            .where(ComplaintRow.number == case.number)
            .order_by(ReturnRow.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        if row is None:
            return {"number": NOWHERE, "version": 1}, dict.fromkeys(Place, 0)
        return {"number": row.number, "version": row.version}, returns.held(session, row).at


def _on(verb, **others):
    """The verb on the newest return; values that are functions are told where its pieces are."""

    def do(c, o, now, _of, _d):
        of, at = _held(c)
        given = {name: value(at, now) if callable(value) else value for name, value in others.items()}
        return verb(c.uow, o, **of, **given)

    return do


def _today(_at, now):
    return now.date()


VERBS = {
    A.ANNOUNCE_RETURN: lambda c, o, now, of, d: announce_return(
        c.uow, o, lines=(ReturnEntry(c.number, 5),), kind=ReturnKind.SAMPLE
    ),
    A.CHANGE_RETURN: _on(
        change_return, expected_on=_today, carrier="SF", tracking="1", promised_on=None, note=""
    ),
    A.RECEIVE_RETURN: _on(receive_return, received_at=lambda _, now: now, quantity=5),
    A.CHECK_RETURN: _on(check_return, quantity=lambda at, _: at[Place.ARRIVED], because="counted twice"),
    A.BOOK_IN_RETURN: _on(book_in, location="R2-B07"),
    A.RECOUNT_RETURN: _on(
        recount_return, place=Place.STORED, quantity=lambda at, _: at[Place.STORED] + 1, because="found one"
    ),
    A.DRAW_RETURN: _on(draw_return, quantity=lambda at, _: at[Place.STORED]),
    A.COUNT_RETURN: _on(
        count_return,
        counts=lambda at, _: (Count(DefectKind.FUNCTIONAL, "no output", PieceVerdict.NG, at[Place.DRAWN]),),
    ),
    A.RECORD_PIECES: _on(
        record_pieces, pieces=lambda _, now: (Piece(serial=now.isoformat(), verdict=PieceVerdict.OK),)
    ),
    A.ANALYSE_RETURN: _on(analyse_return, analysis="C12 short", categories={}),
    A.PLAN_RETURN: _on(
        plan_return,
        rows=lambda at, _: (
            PlanEntry(Disposition.REWORK, max(1, at[Place.STORED] + at[Place.DRAWN]), "replace C12"),
        ),
    ),
    A.RECORD_REWORK: _on(
        record_rework, results=lambda at, _: (Result(Disposition.REWORK, at[Place.TO_REWORK], 0),)
    ),
    A.REDELIVER_RETURN: _on(redeliver_return, quantity=lambda at, _: at[Place.READY], sent_on=_today),
    A.SETTLE_RETURN: _on(settle_return, credit_number="CN-1", booked_on=_today),
    A.CLOSE_RETURN: _on(close_return),
    A.CANCEL_RETURN: _on(cancel_return, reason="never sent"),
    A.CHASE_SAMPLE: lambda c, o, now, of, d: chase_sample(
        c.uow,
        o,
        number=c.number,
        recipients=["x@example.com"],
        language=Language.EN,
        subject="The sample",
        body="Please",
    ),
}
