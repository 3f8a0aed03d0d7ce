"""The customer's claims: recorded, our position proposed and approved by amount, settled or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from eightd.domain.cost import amounts, approvals
from eightd.domain.cost.claims import (
    ACTIONS,
    COURSE,
    Borne,
    ClaimStep,
    borne,
    may_on_claim,
    nobody_covers,
)
from eightd.domain.cost.kinds import ClaimPosition, ClaimState, CostPhase
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.words import Message
from eightd.domain.workflow.actions import Action
from eightd.notifications.recipients import holders_of, standing_in
from eightd.notifications.tell import postbox
from eightd.persistence.repositories.money import limits_of, snapshot_of, stake_of
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.money import ClaimRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, insist, open_complaint
from eightd.usecases.administration.changing import check_version
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.money.costs import drop_lines_of_claim, line_of_claim
from eightd.usecases.money.entries import NEEDED, Valued, day_problem, text_problems, told, valued
from eightd.usecases.outcome import local_day
from eightd.usecases.telling import complaint_facts, sales_of
from eightd.usecases.verb import Done, verb

_LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry:
    """What the customer claims; ``rate`` None takes the one that holds on the day."""

    claimed_on: date
    amount: Decimal | None
    currency: str
    rate: Decimal | None = None
    customer_number: str = ""
    for_what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Our position; a share is said in percent or as an amount in the claim's currency, not both."""

    position: ClaimPosition
    share: Decimal | None = None
    amount: Decimal | None = None
    reason: str


@verb("claim.record")
def record_claim(work: Work, *, number: str, entry: ClaimEntry) -> Done:
    """Record what the customer claims, also after the case was closed; ``id`` of the answer is the claim's."""
    opened = open_complaint(work, number, Action.RECORD_CLAIM)
    values = _values(work, opened, entry)
    claim = ClaimRow(
        complaint_id=opened.row.id, plant_id=opened.row.plant_id, state=ClaimState.OPEN, **values
    )
    work.session.add(claim)
    work.session.flush()
    conclude(work, opened, subject=f"claim {claim.id}", new=told(values), raise_version=False)
    return Done(number=number, version=claim.version, id=claim.id)


@verb("claim.change")
def change_claim(work: Work, *, number: str, claim_id: int, version: int, entry: ClaimEntry) -> Done:
    """Correct what the customer claims; a position that was proposed is void, and must be proposed anew."""
    opened, claim = _open(work, number, claim_id, version, ClaimStep.CHANGE)
    values = _values(work, opened, entry)
    old = {name: getattr(claim, name) for name, value in values.items() if getattr(claim, name) != value}
    if old:
        for name in old:
            setattr(claim, name, values[name])
        _void(claim)
        _move(claim, ClaimStep.CHANGE)
        work.record(
            EventTag.CLAIM_CHANGED,
            complaint_id=opened.row.id,
            subject=f"claim {claim.id}",
            old=told(old),
            new=told({name: values[name] for name in old}),
        )
    return Done(number=number, version=claim.version, id=claim.id)


@verb("claim.withdraw")
def withdraw_claim(work: Work, *, number: str, claim_id: int, version: int, reason: str) -> Done:
    """Record that the customer claims it no more; what was expected to be paid counts no more. Needs a reason."""
    opened, claim = _open(work, number, claim_id, version, ClaimStep.WITHDRAW)
    _insist_text("reason", reason)
    _move(claim, ClaimStep.WITHDRAW)
    drop_lines_of_claim(work, claim, CostPhase.PLANNED)
    work.record(
        EventTag.CLAIM_WITHDRAWN,
        complaint_id=opened.row.id,
        subject=f"claim {claim.id}",
        reason=reason.strip(),
    )
    return Done(number=number, version=claim.version, id=claim.id)


@verb("claim.propose")
def propose_position(work: Work, *, number: str, claim_id: int, version: int, proposal: Proposal) -> Done:
    """Propose to accept, share or reject, with the reason; whoever may approve the amount is told.

    A position that was approved may be proposed anew: what was expected to be paid then counts no more. Raises
    Invalid by ``share``, ``amount`` and ``reason``, NotAllowed where nobody's limit reaches the amount.
    """
    opened, claim = _open(work, number, claim_id, version, ClaimStep.PROPOSE, reason=proposal.reason)
    _insist_text("reason", proposal.reason)
    found = borne(
        proposal.position, claim.amount, claim.currency, share=proposal.share, amount=proposal.amount
    )
    if not isinstance(found, Borne):
        raise Invalid(found)
    plant = work.session.get_one(PlantRow, claim.plant_id)
    stake = stake_of(claim, plant.currency, proposal.position, found.amount)
    limits, _ = limits_of(work.session, plant.id)
    approver = approvals.approver(limits, stake)
    if approver is None:
        raise NotAllowed(nobody_covers(stake, plant.currency))
    drop_lines_of_claim(work, claim, CostPhase.PLANNED)
    _void(claim)
    claim.position, claim.accepted_amount, claim.share = proposal.position, found.amount, found.share
    claim.reason, claim.approver_role = proposal.reason.strip(), approver
    claim.proposed_by, claim.proposed_at = work.actor.id, work.now
    _move(claim, ClaimStep.PROPOSE)
    said = {
        "position": claim.position,
        "accepted_amount": found.amount,
        "currency": claim.currency,
        "share": found.share,
        "approver_role": approver,
    }
    conclude(work, opened, subject=f"claim {claim.id}", new=told(said), raise_version=False)
    _tell_approvers(work, opened.row, claim, stake, limits)
    return Done(number=number, version=claim.version, id=claim.id)


@verb("claim.approve")
def approve_position(work: Work, *, number: str, claim_id: int, version: int) -> Done:
    """Approve what was proposed, within the own limit and never the own proposal; it is an expected cost from now."""
    opened, claim = _open(work, number, claim_id, version, ClaimStep.APPROVE)
    claim.approved_by, claim.approved_at = work.actor.id, work.now
    _move(claim, ClaimStep.APPROVE)
    line_of_claim(work, opened.row, claim, CostPhase.PLANNED, _worth(work, claim), claim.claimed_on)
    conclude(work, opened, subject=f"claim {claim.id}", raise_version=False)
    _tell_decided(work, opened.row, claim, "approved")
    return Done(number=number, version=claim.version, id=claim.id)


@verb("claim.return")
def return_position(work: Work, *, number: str, claim_id: int, version: int, reason: str) -> Done:
    """Return what was proposed, with the reason; another position is wanted."""
    opened, claim = _open(work, number, claim_id, version, ClaimStep.RETURN)
    _insist_text("reason", reason)
    claim.returned_because = reason.strip()
    _move(claim, ClaimStep.RETURN)
    work.record(
        EventTag.POSITION_RETURNED,
        complaint_id=opened.row.id,
        subject=f"claim {claim.id}",
        reason=reason.strip(),
    )
    _tell_decided(work, opened.row, claim, "returned", reason.strip())
    return Done(number=number, version=claim.version, id=claim.id)


@verb("claim.settle")
def settle_claim(
    work: Work, *, number: str, claim_id: int, version: int, settled_on: date, settlement: str
) -> Done:
    """Record that the customer knows and has what was approved; what is paid becomes an actual cost of that day.

    ``settlement`` names the credit note or payment, or how the rejection was told. The cost is reckoned by the rate
    of that day where one is known, else by the claim's own. Raises Invalid by field.
    """
    opened, claim = _open(work, number, claim_id, version, ClaimStep.SETTLE)
    problems: dict[str, Message] = text_problems({"settlement": (settlement, 200)})
    if not settlement.strip():
        problems["settlement"] = NEEDED.say()
    wrong = day_problem(settled_on, local_day(work, opened.row), planned=False)
    if wrong is not None:
        problems["settled_on"] = wrong
    if problems:
        raise Invalid(problems)
    claim.settled_on, claim.settlement = settled_on, settlement.strip()
    _move(claim, ClaimStep.SETTLE)
    line_of_claim(work, opened.row, claim, CostPhase.ACTUAL, _worth(work, claim, settled_on), settled_on)
    conclude(
        work,
        opened,
        subject=f"claim {claim.id}",
        new={"settled_on": settled_on.isoformat(), "settlement": claim.settlement},
        raise_version=False,
    )
    return Done(number=number, version=claim.version, id=claim.id)


def _open(
    work: Work, number: str, claim_id: int, version: int, step: ClaimStep, *, reason: str = ""
) -> tuple[Opened, ClaimRow]:
    """Open complaint and claim: hidden, then stale, then refused. The complaint's lock is the claim's."""
    wanted = (
        (reason.strip() or "-") if step is ClaimStep.PROPOSE else ""
    )  # a missing one is told at its field
    opened = open_complaint(work, number, ACTIONS[step], reason=wanted)
    claim = work.session.get(ClaimRow, claim_id, with_for_update=True)
    if claim is None or claim.complaint_id != opened.row.id:
        raise NotFound
    check_version(claim, version)
    plant = work.session.get_one(PlantRow, claim.plant_id)
    limits, _ = limits_of(work.session, plant.id)
    insist(
        may_on_claim(
            work.actor, step, opened.snapshot, snapshot_of(claim, plant.currency), limits, plant.currency
        )
    )
    return opened, claim


def _void(claim: ClaimRow) -> None:
    claim.position = claim.accepted_amount = claim.share = claim.approver_role = None
    claim.reason = claim.returned_because = ""
    claim.proposed_by = claim.proposed_at = claim.approved_by = claim.approved_at = None


def _move(claim: ClaimRow, step: ClaimStep) -> None:
    claim.state = COURSE[claim.state, step]
    claim.version += 1


def _insist_text(field: str, text: str) -> None:
    problems = text_problems({field: (text, _LONGEST_TEXT)})
    if not text.strip():
        problems[field] = NEEDED.say()
    if problems:
        raise Invalid(problems)


def _values(work: Work, opened: Opened, entry: ClaimEntry) -> dict[str, Any]:
    problems: dict[str, Message] = text_problems(
        {"customer_number": (entry.customer_number, 120), "for_what": (entry.for_what, _LONGEST_TEXT)}
    )
    wrong = day_problem(entry.claimed_on, local_day(work, opened.row), planned=False)
    if wrong is not None:
        problems["claimed_on"] = wrong
    found: dict[str, Message] = {}
    plant = work.session.get_one(PlantRow, opened.row.plant_id)
    worth = valued(
        work.session,
        base=plant.currency,
        amount=entry.amount,
        currency=entry.currency,
        on=entry.claimed_on,
        rate=entry.rate,
        problems=found,
    )
    if worth is None or problems:
        raise Invalid({**problems, **found})
    return {
        "claimed_on": entry.claimed_on,
        "amount": worth.amount,
        "currency": worth.currency,
        "rate": worth.rate,
        "rate_on": worth.rate_on,
        "customer_number": entry.customer_number.strip(),
        "for_what": entry.for_what.strip(),
    }


def _worth(work: Work, claim: ClaimRow, on: date | None = None) -> Valued:
    """Return what we bear with its rate: of a day where one is known, else of the claim."""
    base = work.session.get_one(PlantRow, claim.plant_id).currency
    amount = claim.accepted_amount or Decimal(0)
    if on is not None and amount:
        found = valued(
            work.session, base=base, amount=amount, currency=claim.currency, on=on, rate=None, problems={}
        )
        if found is not None:
            return found
    return Valued(
        amount, claim.currency, claim.rate, claim.rate_on, amounts.converted(amount, claim.rate, base)
    )


def _tell_approvers(
    work: Work, row: ComplaintRow, claim: ClaimRow, stake: Decimal, limits: approvals.Limits
) -> None:
    """Tell those with the lowest limit that reaches; where nobody but the proposer has it, all who may approve."""
    people: set[int] = set()
    if claim.approver_role is not None:
        people = holders_of(work.session, claim.approver_role, row.plant_id, row.customer_id)
    if not people - {work.actor.id}:
        for role in approvals.covering(limits, stake):
            people |= holders_of(work.session, role, row.plant_id, row.customer_id)
    _tell(work, row, claim, MessageKind.CLAIM_WAITS, people, reason=claim.reason)


def _tell_decided(work: Work, row: ComplaintRow, claim: ClaimRow, outcome: str, reason: str = "") -> None:
    people = sales_of(work.session, row)
    if claim.proposed_by is not None:
        people.add(claim.proposed_by)
    _tell(work, row, claim, MessageKind.CLAIM_DECIDED, people, outcome=outcome, reason=reason)


def _tell(
    work: Work,
    row: ComplaintRow,
    claim: ClaimRow,
    kind: MessageKind,
    people: set[int],
    *,
    outcome: str = "",
    reason: str = "",
) -> None:
    facts = replace(
        complaint_facts(work.session, row),
        path=f"/complaints/{row.number}/money#claim-{claim.id}",
        amount=f"{claim.amount:,.2f} {claim.currency}",
        by=work.order.actor_name,
        at=work.now,
        outcome=outcome,
        reason=reason,
    )
    stands = standing_in(work.session, people - {work.actor.id}, local_day(work, row))
    postbox(work).tell(kind, stands, facts, plant_id=row.plant_id, complaint_id=row.id)
