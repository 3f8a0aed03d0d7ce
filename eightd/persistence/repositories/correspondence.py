"""Read what rules the wording of replies, and one reply with the complaint it belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.correspondence import TemplateKind
from eightd.domain.wording import Finding, Rule, findings, own_rule
from eightd.domain.wording_rules import SHIPPED
from eightd.domain.words import Language
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow, ReplyTemplateRow, WordingRuleRow


def wording_rules(session: Session) -> tuple[Rule, ...]:
    """Return the shipped rules and the plant's own that are in force."""
    own = session.execute(
        sa.select(WordingRuleRow).where(WordingRuleRow.active).order_by(WordingRuleRow.id)
    ).scalars()
    return (*SHIPPED, *(own_rule(row.id, row.kind, row.phrase, row.advice) for row in own))


def judged(session: Session, subject: str, body: str) -> tuple[Finding, ...]:
    """Return what the guard finds in a reply; places are those of subject, line break and body together."""
    return findings(f"{subject}\n{body}", wording_rules(session))


def reply_of(session: Session, number: str, reply_id: int) -> ReplyRow | None:
    """Return the reply of the complaint with this number, None where it belongs to another."""
    return session.execute(
        sa.select(ReplyRow)
        .join(ComplaintRow, ComplaintRow.id == ReplyRow.complaint_id)
        .where(ReplyRow.id == reply_id, ComplaintRow.number == number)
    ).scalar_one_or_none()


def own_template(
    session: Session, kind: TemplateKind, language: Language, customer_id: int
) -> ReplyTemplateRow | None:
    """Return the plant's own template in force: the customer's before the one for all, None for the shipped one."""
    return session.execute(
        sa.select(ReplyTemplateRow)
        .where(
            ReplyTemplateRow.kind == kind,
            ReplyTemplateRow.language == language,
            ReplyTemplateRow.active,
            sa.or_(ReplyTemplateRow.customer_id == customer_id, ReplyTemplateRow.customer_id.is_(None)),
        )
        .order_by(ReplyTemplateRow.customer_id.is_(None), ReplyTemplateRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()
