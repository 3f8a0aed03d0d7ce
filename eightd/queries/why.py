"""Why a milestone is due when it is: its steps, its months, the text for a mail (procedure 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from eightd.domain.clock.explanation import Explanation
from eightd.domain.clock.month_picture import PictureMonth, months
from eightd.domain.clock.steps import Step, from_documents, steps_of
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.queries.case import names, open_case
from eightd.queries.deadlines import (
    DeadlineView,
    StopView,
    compute,
    deadline_view,
    stop_views,
    stored_deadlines,
    with_former,
)


@dataclass(frozen=True, slots=True)
class WhyView:
    """Everything that explains one date; ``kept`` says that it was frozen when the milestone was met.

    ``language`` is the customer's; there are no steps and no months while the clock waits.
    """

    number: str
    zone: str
    language: Language
    deadline: DeadlineView
    steps: tuple[Step, ...]
    months: tuple[PictureMonth, ...]
    explanation: Explanation
    stops: tuple[StopView, ...]
    accepts_stops: bool
    kept: bool


def why(session: Session, actor: Actor, number: str, milestone: str, now: datetime) -> WhyView | None:
    """Explain one date; None for a complaint that is hidden and a milestone that is not its own."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    stored = stored_deadlines(session, case)
    kept = stored.get(milestone)
    computed = {one.milestone.name: one for one in with_former(compute(session, case, now), stored)}
    deadline = computed.get(milestone)
    if deadline is None:
        return None
    frozen = kept.ledger if kept is not None and kept.met_at is not None else None
    steps = steps_of(deadline.ledger) if frozen is None else from_documents(frozen)
    view = deadline_view(case, deadline, kept, now)
    people = names(session, (person for stop in case.stops for person in (stop.by, stop.resumed_by)))
    zone = ZoneInfo(case.plant.zone)
    contractual, agreed = view.contractual_due_at, view.agreed_due_at
    picture: tuple[PictureMonth, ...] = ()
    if steps and contractual is not None and agreed is not None:
        picture = months(steps, contractual_due_at=contractual, agreed_due_at=agreed, zone=zone, now=now)
    return WhyView(
        number=case.row.number,
        zone=case.plant.zone,
        language=case.customer.language,
        deadline=view,
        steps=steps,
        months=picture,
        explanation=Explanation(
            number=case.row.number,
            milestone=view.title,
            steps=steps,
            contractual_due_at=contractual,
            agreed_due_at=agreed,
            met_at=view.met_at,
            held=view.paused,
            accepts_stops=case.customer.accepts_stops,
            calendar=view.calendar,
            zone=zone,
            zone_name=case.plant.zone,
            waiting_for=view.waiting_for,
        ),
        stops=stop_views(case, people),
        accepts_stops=case.customer.accepts_stops,
        kept=frozen is not None,
    )
