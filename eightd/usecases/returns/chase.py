"""Ask the customer for a sample that does not come: by mail from the template in force, or by whatever means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from eightd.domain.complaint import Channel
from eightd.domain.correspondence import OutsidePurpose, TemplateKind
from eightd.domain.reply_texts import ReplyText, fill
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import decide
from eightd.domain.workflow.outcome import Outcome, Refused
from eightd.notifications.mail import is_address
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.unit_of_work import Order, Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.alarms.samples import PATIENCE
from eightd.usecases.errors import Invalid
from eightd.usecases.outside_mail import can_write, write_outside
from eightd.usecases.registration import REQUIRED, TOO_LONG
from eightd.usecases.replies.facts import About, addresses_in, values_of
from eightd.usecases.replies.templates import report_labels, template_for
from eightd.usecases.verb import Done, verb

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it begins; ``by_mail`` says that the plant has a mail server, else its text is copied."""

    number: str
    language: Language
    recipients: tuple[str, ...]
    text: ReplyText
    by_mail: bool
    outcome: Outcome


def draft_request(
    session: Session, order: Order, reports: Path, number: str, language: Language | None = None
) -> Request | None:
    """Write the request for the complaint's sample from the template in force; ``language`` None is the customer's.

    ``outcome`` says whether the order's actor may send it now. None for a complaint that is hidden.
    """
    loaded = complaints.load(session, number)
    if loaded is None:
        return None
    row = loaded.row
    outcome = decide(loaded.snapshot, Action.CHASE_SAMPLE, order.actor, now=order.now)
    if isinstance(outcome, Refused) and outcome.hidden:
        return None
    customer = session.get_one(CustomerRow, row.customer_id)
    chosen = language or customer.language
    about = About(row, loaded.snapshot, None, chosen, order.actor_name, None)
    template = template_for(session, reports, TemplateKind.SAMPLE, chosen, row.customer_id)
    return Request(
        number=row.number,
        language=chosen,
        recipients=tuple(
            one for one in addresses_in(row.contact) or addresses_in(customer.emails) if is_address(one)
        ),
        text=fill(template, values_of(session, about, report_labels(reports))),
        by_mail=can_write(session, row.plant_id),
        outcome=outcome,
    )


@verb("return.chase_sample")
def chase_sample(
    work: Work,
    *,
    number: str,
    recipients: Collection[str],
    language: Language,
    subject: str,
    body: str,
) -> Done:
    """Send the request; sales hears again of the sample only after the usual time.

    Raises Invalid by field, NotAllowed where no sample is awaited and without a mail server.
    """
    opened = open_complaint(work, number, Action.CHASE_SAMPLE)
    row = opened.row
    mail = write_outside(
        work,
        row,
        purpose=OutsidePurpose.SAMPLE,
        subject_id=row.id,
        language=language,
        recipients=recipients,
        subject=subject,
        body=body,
    )
    _asked(work, opened, {"recipients": list(mail.recipients), "language": language.value})
    return Done(number=number, version=row.version, id=mail.id)


@verb("return.record_request")
def record_request(work: Work, *, number: str, means: Channel, note: str) -> Done:
    """Record that the customer was asked for the sample outside the program: by which means, whom, what was said.

    Raises Invalid for the note, NotAllowed where no sample is awaited.
    """
    opened = open_complaint(work, number, Action.CHASE_SAMPLE)
    note = note.strip()
    if not note:
        raise Invalid({"note": REQUIRED.say()})
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": TOO_LONG.say(limit=LONGEST_NOTE)})
    _asked(work, opened, {"means": means.value, "note": note})
    return Done(number=number, version=opened.row.version)


def _asked(work: Work, opened: Opened, how: dict[str, Any]) -> None:
    row = opened.row
    row.sample_chased_at = work.now
    if row.sample_chase_at is not None:
        row.sample_chase_at = max(row.sample_chase_at, work.now + PATIENCE)
    conclude(work, opened, new=how, raise_version=False)
