"""What a registration takes from a mail: the first words of the form, and the files that go with it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort

from eightd.domain.complaint import Channel
from eightd.domain.correspondence import MailState
from eightd.queries import mail_in as queries
from eightd.queries.mail_in import MailFileView, MailView
from eightd.usecases.evidence import CheckedUpload
from eightd.usecases.mail_in import handle
from eightd.usecases.registration import Registration
from eightd.usecases.verb import Done, Order
from eightd.web import formats, requests
from eightd.web.register_form import RegisterForm

_LONGEST_DESCRIPTION = 20_000


def asked() -> MailView | None:
    """Return the mail that the address names, None where it names none; answers 404 for a hidden one."""
    mail_id = requests.asked_id("mail")
    return None if mail_id is None else _mail(mail_id)


def sent(made: RegisterForm) -> MailView | None:
    """Return the mail that the form was made from, None where from none; answers 404 for a hidden one."""
    given = made.mail_id.data or ""
    if not given:
        return None
    return _mail(int(given)) if given.isascii() and given.isdigit() and len(given) < 10 else abort(404)


def beginning(mail: MailView) -> dict[str, Any]:
    """Return what the form says at first."""
    received_at = mail.received_at.astimezone(ZoneInfo(mail.zone)).replace(
        tzinfo=None, second=0, microsecond=0
    )
    contact = f"{mail.from_name} <{mail.from_address}>" if mail.from_name else mail.from_address
    return {
        "mail_id": str(mail.id),
        "plant_id": mail.plant_id,
        "customer_code": mail.customer_code,
        "received_at": received_at,
        "channel": Channel.EMAIL.value,
        "contact": contact[:200],
        "description": "\n\n".join(one for one in (mail.subject, mail.text) if one)[:_LONGEST_DESCRIPTION],
        "mail_files": [str(one.place) for one in offered(mail)],
    }


def offered(mail: MailView) -> tuple[MailFileView, ...]:
    """Return the files of the mail that may be evidence."""
    return tuple(one for one in mail.files if not one.note)


def choices(mail: MailView | None) -> list[tuple[str, str]]:
    """Return the files to choose from."""
    if mail is None:
        return []
    return [
        (str(one.place), f"{one.filename} ({formats.number(-(-one.size // 1024))} KB)")
        for one in offered(mail)
    ]


def register(
    order: Order,
    made: RegisterForm,
    mail: MailView,
    registration: Registration,
    pictures: tuple[CheckedUpload, ...],
) -> Done:
    """Register from the mail with the files that were chosen."""
    services = requests.services()
    chosen = {int(one) for one in made.mail_files.data or () if one.isdigit()}
    files = handle.uploads(services, order.actor, mail.id)
    return handle.register_from_mail(
        services.uow,
        order,
        seen=handle.Seen(mail.id, requests.seen_version()),
        registration=registration,
        pictures=pictures,
        files={place: upload for place, upload in files.items() if place in chosen},
    )


def waits(mail: MailView | None) -> bool:
    """Return whether a complaint may still be registered from the mail."""
    return mail is None or mail.state is MailState.OPEN


def _mail(mail_id: int) -> MailView:
    with requests.services().uow.reading() as session:
        found = queries.mail(session, requests.actor(), mail_id, formats.language())
    return found or abort(404)
