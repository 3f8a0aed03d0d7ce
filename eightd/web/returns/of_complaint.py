"""The returns of one complaint."""

from __future__ import annotations

from flask import abort, render_template

from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Refused
from eightd.queries import complaint as complaints
from eightd.queries.returns import finding as queries
from eightd.web import formats, requests


def of_complaint(number: str) -> str:
    """List the returns of a complaint, the newest first, with the way to announce another one."""
    with requests.services().uow.reading() as session:
        found = queries.of_complaint(session, requests.actor(), number)
        head = complaints.complaint_head(session, requests.actor(), number)
    if found is None or head is None:
        abort(404)
    outcome = head.outcomes[Action.ANNOUNCE_RETURN]
    asking = head.outcomes[Action.CHASE_SAMPLE]
    return render_template(
        "returns/of_complaint.html",
        may_ask=not isinstance(asking, Refused),
        header=head.header,
        lines=found,
        reason=formats.message(outcome.message) if isinstance(outcome, Refused) else None,
        announce_label=formats.message(Action.ANNOUNCE_RETURN.label),
    )
