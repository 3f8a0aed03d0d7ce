"""Reply templates and the plant's own phrases as the administrator keeps them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.correspondence import TemplateKind, WordingKind
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.correspondence import ReplyTemplateRow, WordingRuleRow


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template of the plant's own; the customer's name is empty where it holds for all."""

    id: int
    kind: TemplateKind
    language: Language
    customer_id: int | None
    customer: str
    customer_en: str
    subject: str
    body: str
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class WordingView:
    """A phrase of the plant's own."""

    id: int
    kind: WordingKind
    language: Language
    phrase: str
    advice: str
    active: bool
    version: int


def templates(session: Session, actor: Actor) -> tuple[TemplateView, ...]:
    """Return the plant's own templates by kind; those of customers that the actor may not see are left out."""
    order = {kind: place for place, kind in enumerate(TemplateKind)}
    found = session.execute(_seen(actor)).all()
    views = (_template(one[0], one[1]) for one in found)
    return tuple(sorted(views, key=lambda one: (order[one.kind], one.customer, one.language, one.id)))


def template(session: Session, actor: Actor, template_id: int) -> TemplateView | None:
    """Return one template."""
    found = session.execute(_seen(actor).where(ReplyTemplateRow.id == template_id)).one_or_none()
    return None if found is None else _template(found[0], found[1])


def wordings(session: Session) -> tuple[WordingView, ...]:
    """Return the plant's own phrases, those in force first."""
    rows = session.execute(
        sa.select(WordingRuleRow).order_by(WordingRuleRow.active.desc(), WordingRuleRow.phrase)
    ).scalars()
    return tuple(_wording(row) for row in rows)


def wording(session: Session, rule_id: int) -> WordingView | None:
    """Return one phrase."""
    row = session.get(WordingRuleRow, rule_id)
    return None if row is None else _wording(row)


def _seen(actor: Actor) -> sa.Select[ReplyTemplateRow, CustomerRow]:
    statement = sa.select(ReplyTemplateRow, CustomerRow).outerjoin(
        CustomerRow, CustomerRow.id == ReplyTemplateRow.customer_id
    )
    if actor.customers is not None:
        own = ReplyTemplateRow.customer_id.in_(actor.customers)
        statement = statement.where(sa.or_(ReplyTemplateRow.customer_id.is_(None), own))
    return statement


def _template(row: ReplyTemplateRow, customer: CustomerRow | None) -> TemplateView:
    return TemplateView(
        id=row.id,
        kind=row.kind,
        language=row.language,
        customer_id=row.customer_id,
        customer="" if customer is None else customer.name,
        customer_en="" if customer is None else customer.name_en or customer.name,
        subject=row.subject,
        body=row.body,
        active=row.active,
        version=row.version,
    )


def _wording(row: WordingRuleRow) -> WordingView:
    return WordingView(
        id=row.id,
        kind=row.kind,
        language=row.language,
        phrase=row.phrase,
        advice=row.advice,
        active=row.active,
        version=row.version,
    )
