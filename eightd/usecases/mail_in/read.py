"""Read the mailboxes: fetch without a transaction, take each mail in with one, mark it as seen after that.

How far a mailbox was read is moved in the transaction that takes the mail in. So a program that dies at any point
reads the next mail next time: none is lost, none is taken in twice, and two readers at once do no more than one.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, OperationalError

from eightd.domain.correspondence import MailKind
from eightd.domain.words import Message, Phrase
from eightd.notifications.mail_in import parse
from eightd.notifications.mail_in.mailbox import Access, MailboxError, OpenMailbox, Security, Waiting, opened
from eightd.notifications.mail_in.received import Limits, ReceivedMail
from eightd.persistence.engine import StoreBusyError
from eightd.persistence.tables.correspondence import MailboxRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.mail_in.enclosures import kept
from eightd.usecases.mail_in.filing import Arrived, take_in
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order

SEALED = Phrase(
    "mailbox.sealed",
    "The password was sealed with another key and has to be entered again",
    "密码由其他密钥加密，请重新输入",
)

_LONGEST = 300.0  # seconds for one mailbox before the others get their turn
_STORE_TROUBLE = (OperationalError, InterfaceError, StoreBusyError, OSError)
"""What says nothing about the mail: it is read again when the store is well."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """A mailbox to be read, as it stood when reading began; ``access`` None where its password cannot be opened."""

    id: int
    access: Access | None
    since: date | None


def read_mailboxes(services: Services) -> int:
    """Read every active mailbox and return how many mails were taken in; what goes wrong is kept in its row."""
    with services.uow.reading() as session:
        rows = session.execute(
            sa.select(MailboxRow).where(MailboxRow.active).order_by(MailboxRow.id)
        ).scalars()
        sources = [source(services, row) for row in rows]
    return sum(_read(services, one) for one in sources)


def source(services: Services, row: MailboxRow) -> Source:
    """Return how a mailbox is reached."""
    password = services.secrets.open(row.secret)
    settings = row.settings
    since = settings.get("since")
    access = None if password is None else Access(
        host=settings["host"],
        port=settings["port"],
        security=Security(settings["security"]),
        username=settings["username"],
        password=password,
        folder=settings.get("folder") or "INBOX",
        ca_file=settings.get("ca_file") or "",
    )  # fmt: skip
    return Source(row.id, access, date.fromisoformat(since) if since else None)


def told(message: Message) -> str:
    """Return a fault as the row keeps it: Chinese and English, a line each."""
    return "\n".join(message.text(language)[:190] for language in ("zh", "en"))


def _read(services: Services, one: Source) -> int:
    taken, fault = 0, None
    try:
        if one.access is None:
            raise MailboxError(SEALED.say())
        with opened(one.access) as box:
            ends = time.monotonic() + _LONGEST
            for waiting in box.after(_begin(services, one, box), one.since):
                taken += _fetch(services, one, box, waiting)
                if time.monotonic() > ends:
                    break
    except MailboxError as error:
        _log.warning("mailbox %s: %s", one.id, error)
        fault = error.message
    _note(services, one, fault)
    return taken


def _begin(services: Services, one: Source, box: OpenMailbox) -> int:
    """Return how far the folder was read; from its beginning where its numbers mean something else now."""
    with services.uow.reading() as session:
        row = session.get_one(MailboxRow, one.id)
        if row.uid_validity == box.uid_validity:
            return row.last_uid
    with services.uow.writing(system_order(services.clock())) as work:
        row = _locked(work, one)
        if row.uid_validity != box.uid_validity:
            row.uid_validity, row.last_uid = box.uid_validity, 0
        return row.last_uid


def _fetch(services: Services, one: Source, box: OpenMailbox, waiting: Waiting) -> int:
    """Take one mail in; return 1, or 0 where it was gone, known, or taken in by another reader."""
    most = Limits().size
    whole = waiting.size <= most
    raw = box.whole(waiting.uid) if whole else box.head(waiting.uid)
    if raw is None:
        return 0
    mail = parse.parse(raw, host=services.uow.mail_host) if whole else parse.refused_unread(raw, most)
    files = services.uow.files
    sha256 = files.put(raw)
    arrived = Arrived(mail, sha256, waiting.received_at, kept(files, services.limits, mail.enclosures))
    try:
        taken = _take(services, one, box, waiting, arrived)
    except _STORE_TROUBLE:
        raise
    except Exception:  # noqa: BLE001 - logged whole; one mail must not keep all that follow from being read
        _log.exception("mail %s of mailbox %s could not be filed", waiting.uid, one.id)
        unread = ReceivedMail(kind=MailKind.REFUSED, fault=parse.UNREADABLE.say())
        taken = _take(services, one, box, waiting, Arrived(unread, sha256, waiting.received_at))
    box.mark_seen(waiting.uid)
    return taken


def _take(services: Services, one: Source, box: OpenMailbox, waiting: Waiting, arrived: Arrived) -> int:
    with services.uow.writing(system_order(services.clock())) as work:
        row = _locked(work, one)
        if row.uid_validity != box.uid_validity or row.last_uid >= waiting.uid:
            return 0
        row.last_uid = waiting.uid
        return int(take_in(work, row, arrived) is not None)


def _note(services: Services, one: Source, fault: Message | None) -> None:
    now = services.clock()
    with services.uow.writing(system_order(now)) as work:
        row = _locked(work, one)
        if fault is None:
            row.last_read_at, row.last_error = now, ""
        else:
            row.last_error_at, row.last_error = now, told(fault)


def _locked(work: Work, one: Source) -> MailboxRow:
    return work.session.get_one(MailboxRow, one.id, with_for_update=True)
