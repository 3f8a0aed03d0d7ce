"""Related complaints of the demonstration plant: answered together, split, compared, watched."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eightd.domain.complaint import Role, Stage
from eightd.persistence.tables.afterwards import MatchRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.unit_of_work import Order
from eightd.usecases.ends.matches import judge_match
from eightd.usecases.ends.merge import merge
from eightd.usecases.ends.split import split
from eightd.usecases.ends.watch import watch_afterwards
from eightd.usecases.loading.crew import Crew
from eightd.usecases.services import Services

_BEING_ANSWERED = (Stage.REGISTERED, Stage.ANALYSING)


def show_relations(services: Services, crew: Crew, now: datetime) -> None:
    """Tie some complaints together where none are yet."""
    with services.uow.reading() as session:
        tied = sa.or_(ComplaintRow.answered_by_id.is_not(None), ComplaintRow.split_from_id.is_not(None))
        if session.execute(sa.select(ComplaintRow.id).where(tied).limit(1)).first() is not None:
            return
        pair = _pair(session)
        divided = _with_two_lines(session, pair)
        match = _match(session)
        closed = session.execute(
            sa.select(ComplaintRow.number).where(ComplaintRow.stage == Stage.CLOSED, ComplaintRow.ours.is_(True))
            .order_by(ComplaintRow.id.desc()).limit(1)
        ).scalar()  # fmt: skip
    order = _order(crew, now)
    if pair:
        leader, follower = pair
        merge(services.uow, order, number=follower, version=_version(services, follower), leader=leader,
              reason="同一物料、同一工序, 一份 8D 回复 / same part and station: one 8D")  # fmt: skip
    if divided:
        split(services.uow, order, number=divided, version=_version(services, divided), lines=(1,),
              reason="第二种现象原因不同, 单独处理 / the second phenomenon has another cause")  # fmt: skip
    if match:
        number, earlier = match
        judge_match(
            services.uow,
            order,
            number=number,
            version=_version(services, number),
            earlier=earlier,
            same_cause=False,
            because="本次为供应商换料所致 / this time the supplier changed the material",
        )
    if closed:
        until = now.astimezone(crew.zone).date() + timedelta(days=60)
        watch_afterwards(services.uow, order, number=closed, version=_version(services, closed), until_on=until,
                         lots=5, seen=("B2609A", "B2610C"))  # fmt: skip


def _pair(session: Session) -> tuple[str, str] | None:
    """Return the newest two complaints of one customer and part that are being answered, the earlier one first."""
    first, second = aliased(ComplaintRow), aliased(ComplaintRow)
    found = session.execute(
        sa.select(first.number, second.number)
        .join(second, sa.and_(
            second.customer_id == first.customer_id, second.part_id == first.part_id, second.id > first.id,
        ))
        .where(first.stage == Stage.ANALYSING, second.stage.in_(_BEING_ANSWERED))
        .order_by(second.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    return None if found is None else (found[0], found[1])


def _with_two_lines(session: Session, but: tuple[str, ...] | None) -> str | None:
    lines = sa.select(sa.func.count(sa.distinct(DefectLineRow.phenomenon))).where(
        DefectLineRow.complaint_id == ComplaintRow.id
    )
    return session.execute(
        sa.select(ComplaintRow.number)
        .where(
            ComplaintRow.stage.in_(_BEING_ANSWERED),
            ComplaintRow.number.not_in(but or ()),
            lines.scalar_subquery() > 1,
        )
        .order_by(ComplaintRow.id.desc())
        .limit(1)
    ).scalar()


def _match(session: Session) -> tuple[str, str] | None:
    earlier = aliased(ComplaintRow)
    found = session.execute(
        sa.select(ComplaintRow.number, earlier.number)
        .join(MatchRow, MatchRow.complaint_id == ComplaintRow.id)
        .join(earlier, earlier.id == MatchRow.earlier_id)
        .where(ComplaintRow.stage == Stage.ANALYSING, ComplaintRow.answered_by_id.is_(None))
        .order_by(MatchRow.id.desc())
        .limit(1)
    ).first()
    return None if found is None else (found[0], found[1])


def _order(crew: Crew, now: datetime) -> Order:
    return crew.order(crew.holding(Role.CQE), "", now)


def _version(services: Services, number: str) -> int:
    with services.uow.reading() as session:
        return session.execute(
            sa.select(ComplaintRow.version).where(ComplaintRow.number == number)
        ).scalar_one()
