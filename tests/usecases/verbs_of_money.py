"""Every verb of claims, cost and satisfaction with all it asks for, tried on the newest of a complaint."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from eightd.domain.cost.kinds import ClaimPosition, CostKind, CostPhase
from eightd.domain.events import EventTag
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.money import ClaimRow
from eightd.usecases.money import claims, costs
from eightd.usecases.money.claims import ClaimEntry, Proposal
from eightd.usecases.money.costs import CostEntry
from eightd.usecases.satisfaction import answer, ask, follow

A = Action


def _day(now):
    return (now + timedelta(hours=8)).date()


def _newest(case, table, name):
    with case.uow.reading() as session:
        row = session.execute(
            sa.select(table)
            .join(ComplaintRow, ComplaintRow.id == table.complaint_id)
            .where(ComplaintRow.number == case.number)
            .order_by(table.id.desc())
            .limit(1)
        ).scalar_one_or_none()
    return {"number": case.number, name: row.id if row else 0, "version": row.version if row else 1}


def _claim(verb, **others):
    return lambda c, o, now, of, d: verb(
        c.uow, o, **_newest(c, ClaimRow, "claim_id"),
        **{name: value(now) if callable(value) else value for name, value in others.items()},
    )  # fmt: skip


def _open_version(case, now):
    with case.uow.reading() as session:
        found = session.execute(
            sa.select(ComplaintRow.id).where(ComplaintRow.number == case.number)
        ).scalar_one()
        survey = ask.open_survey(session, found, now)
    return 0 if survey is None else survey.version


VERBS = {
    A.RECORD_CLAIM: lambda c, o, now, of, d: claims.record_claim(
        c.uow, o, number=c.number, entry=ClaimEntry(claimed_on=_day(now), amount=Decimal(900), currency="CNY")
    ),
    A.PROPOSE_POSITION: _claim(
        claims.propose_position, proposal=Proposal(position=ClaimPosition.ACCEPT, reason="because")
    ),
    A.APPROVE_CLAIM: _claim(claims.approve_position),
    A.SETTLE_CLAIM: _claim(claims.settle_claim, settled_on=_day, settlement="CN-1"),
    A.RECORD_COST: lambda c, o, now, of, d: costs.record_cost(
        c.uow, o, number=c.number,
        entry=CostEntry(
            kind=CostKind.SCRAP, phase=CostPhase.ACTUAL, spent_on=_day(now), amount=Decimal(5), currency="CNY"
        ),
    ),
    A.ASK_SATISFACTION: lambda c, o, now, of, d: ask.ask_satisfaction(
        c.uow, o, number=c.number, language=Language.EN, days=7, send=False
    ),
    A.RECORD_SATISFACTION: lambda c, o, now, of, d: answer.record_satisfaction(
        c.uow, o, number=c.number, version=_open_version(c, now), answers={"overall": 2}, answered_by="Lin"
    ),
    A.FOLLOW_UP: lambda c, o, now, of, d: follow.follow_up(
        c.uow, o, **_newest(c, SurveyRow, "survey_id"), note="because"
    ),
}  # fmt: skip

ALSO = {
    A.PROPOSE_POSITION: (EventTag.COST_REMOVED,),
    A.APPROVE_CLAIM: (EventTag.COST_RECORDED,),
    A.SETTLE_CLAIM: (EventTag.COST_RECORDED,),
}
"""A claim's expected and actual cost follow it."""
