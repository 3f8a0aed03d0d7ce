"""What stands around a complaint, in figures: returned goods, suppliers' 8Ds, money, satisfaction, relations."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.tables.afterwards import MatchRow, SurveyRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.money import ClaimRow, CostRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.persistence.tables.suppliers import SupplierCaseRow


@dataclass(frozen=True, slots=True)
class Figure:
    """How many there are of something, and how many of them still want something of somebody."""

    count: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Around:
    """The figures of a complaint; relations count complaints it is answered with, follows, split from or looks like."""

    returns: Figure = Figure()
    suppliers: Figure = Figure()
    money: Figure = Figure()
    satisfaction: Figure = Figure()
    relations: Figure = Figure()


def around(session: Session, number: str) -> Around:
    """Return the figures of one complaint in one statement; whoever asks has been shown that it may be seen."""
    own = sa.select(ComplaintRow.id).where(ComplaintRow.number == number).scalar_subquery()
    answered_by = (
        sa.select(ComplaintRow.answered_by_id).where(ComplaintRow.number == number).scalar_subquery()
    )
    split_from = sa.select(ComplaintRow.split_from_id).where(ComplaintRow.number == number).scalar_subquery()
    relative = sa.or_(
        ComplaintRow.answered_by_id == own,
        ComplaintRow.split_from_id == own,
        ComplaintRow.id == answered_by,
        ComplaintRow.id == split_from,
    )
    of_match = sa.or_(MatchRow.complaint_id == own, MatchRow.earlier_id == own)
    found = session.execute(
        sa.select(
            _count(ReturnRow.complaint_id == own),
            _count(ReturnRow.complaint_id == own, ReturnRow.is_open),
            _count(SupplierCaseRow.complaint_id == own),
            _count(SupplierCaseRow.complaint_id == own, SupplierCaseRow.is_open),
            _count(ClaimRow.complaint_id == own)
            + _count(CostRow.complaint_id == own, CostRow.removed_at.is_(None)),
            _count(ClaimRow.complaint_id == own, ClaimRow.state.in_(("open", "proposed"))),
            _count(SurveyRow.complaint_id == own),
            _count(
                SurveyRow.complaint_id == own,
                SurveyRow.is_dissatisfied,
                SurveyRow.follow_up_done_at.is_(None),
            ),
            _count(relative) + _count(of_match),
            _count(MatchRow.complaint_id == own, MatchRow.same_cause.is_(None)),
        )
    ).one()
    return Around(*(Figure(found[at], found[at + 1]) for at in range(0, 10, 2)))


def _count(*where: sa.ColumnExpressionArgument[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(*where).scalar_subquery()
