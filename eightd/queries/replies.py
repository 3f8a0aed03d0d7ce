"""Replies to the customer as pages show them: all of a complaint, and one with what the guard finds in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see, scope
from eightd.domain.correspondence import ReplyKind, ReplyState
from eightd.domain.messages import DeliveryState, RelayKind
from eightd.domain.wording import Finding
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import available
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor, ReportKind
from eightd.notifications.recipients import relay_for
from eightd.persistence.repositories.correspondence import judged
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import ReplyRow
from eightd.persistence.tables.messaging import DeliveryRow
from eightd.queries.case import Case, names, open_case
from eightd.queries.header import HeaderView, header_view

_UNSEEN = (ReplyState.DRAFT, ReplyState.DISCARDED)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """Where a released reply stands on its way: how often it was tried, when next, what went wrong last."""

    state: DeliveryState
    attempts: int
    next_at: datetime
    last_error: str


@dataclass(frozen=True, slots=True)
class ReplyView:
    """One reply; ``revision`` is the number of the report that goes with it."""

    id: int
    version: int
    kind: ReplyKind
    state: ReplyState
    language: Language
    subject: str
    body: str
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    revision: int | None
    attached_language: str
    drafted_by: str
    drafted_at: datetime
    reviewed_by: str
    reviewed_at: datetime | None
    sent_at: datetime | None
    message_uid: str
    sha256: str
    fault: str
    accepted: tuple[Mapping[str, Any], ...]
    delivery: DeliveryView | None

    @property
    def came_back(self) -> bool:
        """Return whether it was sent and returned, so that it reached nobody."""
        return self.state is ReplyState.FAILED and self.sent_at is not None


@dataclass(frozen=True, slots=True)
class RevisionChoice:
    """A report that may go with a reply."""

    number: int
    kind: ReportKind
    language: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class RepliesView:
    """A complaint with its replies, newest first, and what the actor may do."""

    header: HeaderView
    outcomes: Mapping[Action, Outcome]
    replies: tuple[ReplyView, ...]
    revisions: tuple[RevisionChoice, ...]
    customer_language: Language
    has_relay: bool


@dataclass(frozen=True, slots=True)
class BriefView:
    """A reply as the complaint's page names it."""

    id: int
    kind: ReplyKind
    state: ReplyState
    subject: str
    at: datetime
    fault: str
    came_back: bool


def replies(session: Session, actor: Actor, number: str) -> RepliesView | None:
    """Return the replies of a complaint; None where it is hidden. Drafts are for those who see drafts."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    rows = _rows(session, case)
    people = names(session, _people(case, rows))
    deliveries = _deliveries(session, [row.id for row in rows])
    return RepliesView(
        header=header_view(case, people),
        outcomes=available(case.snapshot, actor),
        replies=tuple(_view(case, row, people, deliveries.get(row.id)) for row in rows),
        revisions=_choices(case),
        customer_language=case.customer.language,
        has_relay=relay_for(session, case.row.plant_id, RelayKind.SMTP) is not None,
    )


def findings(session: Session, subject: str, body: str) -> tuple[Finding, ...]:
    """Return what the wording guard finds; line 1 is the subject."""
    return judged(session, subject, body)


def brief(session: Session, actor: Actor, number: str) -> tuple[BriefView, ...]:
    """Return the replies of a complaint in short, newest first; thrown away ones are left out."""
    found = session.execute(
        sa.select(ReplyRow, ComplaintRow.plant_id, ComplaintRow.customer_id)
        .join(ComplaintRow, ComplaintRow.id == ReplyRow.complaint_id)
        .where(ComplaintRow.number == number, ReplyRow.state != ReplyState.DISCARDED)
        .order_by(ReplyRow.id.desc())
    ).all()
    drafts = scope(actor).drafts
    return tuple(
        BriefView(
            id=row.id,
            kind=row.kind,
            state=row.state,
            subject=row.subject,
            at=row.sent_at or row.reviewed_at or row.drafted_at,
            fault=row.fault,
            came_back=row.state is ReplyState.FAILED and row.sent_at is not None,
        )
        for row, plant_id, customer_id in found
        if may_see(actor, plant_id, customer_id) and (drafts or row.state is not ReplyState.DRAFT)
    )


def _rows(session: Session, case: Case) -> tuple[ReplyRow, ...]:
    statement = sa.select(ReplyRow).where(ReplyRow.complaint_id == case.row.id)
    if not case.drafts:
        statement = statement.where(ReplyRow.state.not_in(_UNSEEN))
    return tuple(session.execute(statement.order_by(ReplyRow.id.desc())).scalars())


def _people(case: Case, rows: Iterable[ReplyRow]) -> list[int | None]:
    people: list[int | None] = [case.row.registered_by, case.row.closed_by]
    for row in rows:
        people += (row.drafted_by, row.reviewed_by)
    return people


def _deliveries(session: Session, reply_ids: list[int]) -> dict[int, DeliveryRow]:
    """Return the newest delivery of each reply."""
    found = session.execute(
        sa.select(DeliveryRow).where(DeliveryRow.reply_id.in_(reply_ids)).order_by(DeliveryRow.id)
    ).scalars()
    return {row.reply_id: row for row in found if row.reply_id is not None}


def _view(case: Case, row: ReplyRow, people: Mapping[int, str], delivery: DeliveryRow | None) -> ReplyView:
    numbers = {revision.id: revision.number for revision in case.revisions}
    return ReplyView(
        id=row.id,
        version=row.version,
        kind=row.kind,
        state=row.state,
        language=row.language,
        subject=row.subject,
        body=row.body,
        recipients=tuple(row.recipients),
        copies=tuple(row.copies),
        revision=None if row.revision_id is None else numbers.get(row.revision_id),
        attached_language=row.attached_language,
        drafted_by=people.get(row.drafted_by, ""),
        drafted_at=row.drafted_at,
        reviewed_by=people.get(row.reviewed_by or 0, ""),
        reviewed_at=row.reviewed_at,
        sent_at=row.sent_at,
        message_uid=row.message_uid,
        sha256=row.sha256,
        fault=row.fault,
        accepted=tuple(row.accepted_findings),
        delivery=None
        if delivery is None
        else DeliveryView(delivery.state, delivery.attempts, delivery.not_before_at, delivery.last_error),
    )


def _choices(case: Case) -> tuple[RevisionChoice, ...]:
    """Return the reports that still count: neither withdrawn nor rejected by the customer since."""
    return tuple(
        RevisionChoice(row.number, row.kind, row.language, row.issued_at)
        for row in reversed(case.revisions)
        if row.withdrawn_at is None and (case.row.rejected_at is None or row.issued_at > case.row.rejected_at)
    )
