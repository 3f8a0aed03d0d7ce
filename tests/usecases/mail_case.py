"""A plant with a mailbox, a complaint, and what the plant has sent about it; mails come from a real server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eightd.domain.correspondence import OutsidePurpose, ReplyKind, ReplyState
from eightd.domain.messages import DeliveryState, MessageKind, RelayKind
from eightd.domain.words import Language
from eightd.notifications.facts import Facts
from eightd.persistence.tables.base import Base
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import IncomingMailRow, MailboxRow, ReplyRow
from eightd.persistence.tables.messaging import DeliveryMessageRow, DeliveryRow, MessageRow, RelayRow
from eightd.persistence.tables.record import AuditRow
from eightd.usecases.mail_in import read
from eightd.usecases.outside_mail import write_outside
from eightd.usecases.services import Services
from eightd.usecases.verb import Done
from tests import complaints, factories
from tests.notifications.imap_server import PASSWORD, USER, ImapServer

KNOWN = "z@anke.example"


@dataclass
class MailCase:
    """What tests of mail in work with."""

    world: factories.World
    server: ImapServer
    mailbox: int
    complaint: Done

    @property
    def services(self) -> Services:
        """Return the services."""
        return self.world.services

    def read(self, *mails: bytes, **put: Any) -> int:
        """Deliver mails and read the mailboxes; return how many were taken in."""
        self.server.put(*mails, **put)
        return read.read_mailboxes(self.services)

    def mails(self) -> list[IncomingMailRow]:
        """Return what was taken in, in its order."""
        with self.services.uow.reading() as session:
            return list(session.execute(sa.select(IncomingMailRow).order_by(IncomingMailRow.id)).scalars())

    def only(self) -> IncomingMailRow:
        """Return the one mail."""
        (found,) = self.mails()
        return found

    def rows(self, kind: type[Base], *which: Any) -> list[Any]:
        """Return rows of a table."""
        with self.services.uow.reading() as session:
            return list(session.execute(sa.select(kind).where(*which)).scalars())

    def entries(self, tag: str) -> list[AuditRow]:
        """Return the record's entries of a tag."""
        return self.rows(AuditRow, AuditRow.tag == tag)

    def told(self, kind: MessageKind) -> set[str]:
        """Return the logins of those who were told."""
        logins = {user: login for login, user in self.world.users.items()}
        return {logins[row.user_id] for row in self.rows(MessageRow, MessageRow.kind == kind)}

    def uid(self, number: int) -> str:
        """Return a Message-ID as this program makes them."""
        return f"{number:024x}@{self.services.uow.mail_host}"

    def replied(self, number: int = 1, to: str = KNOWN, done: Done | None = None) -> str:
        """Send an initial reply to the customer; return its Message-ID."""
        with self.services.uow.writing(self.world.order("sales")) as work:
            work.session.add(
                ReplyRow(
                    complaint_id=(done or self.complaint).id, kind=ReplyKind.INITIAL, state=ReplyState.REVIEWED,
                    language=Language.ZH, recipients=[to], copies=[], subject="初步回复", body="…",
                    accepted_findings=[],
                    drafted_by=self.world.users["sales"], drafted_at=work.now, reviewed_by=self.world.users["cqe"],
                    reviewed_at=work.now, message_uid=self.uid(number),
                )
            )  # fmt: skip
        return self.uid(number)

    def notified(self, number: int, *about: int | None) -> str:
        """Send the CQE a mail of messages about these complaints; return its Message-ID."""
        with self.services.uow.writing(self.world.order("sales")) as work:
            relay = RelayRow(kind=RelayKind.SMTP, name="SMTP", settings={})
            messages = [
                MessageRow(user_id=self.world.users["cqe"], kind=MessageKind.DUE, complaint_id=one,
                           facts=Facts("/").as_document(), at=work.now)
                for one in about
            ]  # fmt: skip
            work.session.add_all([relay, *messages])
            work.session.flush()
            delivery = DeliveryRow(
                relay_id=relay.id, user_id=self.world.users["cqe"], address="cqe@plant.example",
                state=DeliveryState.SENT,
                message_uid=self.uid(number), made_at=work.now, not_before_at=work.now,
            )  # fmt: skip
            work.session.add(delivery)
            work.session.flush()
            work.session.add_all(
                DeliveryMessageRow(delivery_id=delivery.id, message_id=one.id) for one in messages
            )
        return self.uid(number)

    def asked_outside(self, number: int) -> str:
        """Send a supplier a mail about its own 8D, as sales; return its Message-ID."""
        with self.services.uow.writing(self.world.order("sales")) as work:
            work.session.add(RelayRow(kind=RelayKind.SMTP, name="SMTP", settings={}))
            work.session.flush()
            row = work.session.get_one(ComplaintRow, self.complaint.id)
            mail = write_outside(
                work, row, purpose=OutsidePurpose.SUPPLIER_CASE, subject_id=1, language=Language.EN,
                recipients=["quality@supplier.example"], subject="Your 8D", body="Please answer",
            )  # fmt: skip
            delivery = work.session.execute(
                sa.select(DeliveryRow).where(DeliveryRow.outside_mail_id == mail.id)
            ).scalar_one()
            delivery.state, delivery.message_uid = DeliveryState.SENT, self.uid(number)
        return self.uid(number)


def mail_case(world: factories.World, server: ImapServer, **settings: Any) -> MailCase:
    """Set up the plant's mailbox and register a complaint of a customer with one known address."""
    services = world.services
    with services.uow.writing(world.order("admin")) as work:
        work.session.get_one(CustomerRow, world.customer).emails = f"{KNOWN}, q@anke.example"
        box = MailboxRow(
            name="客诉邮箱", plant_id=world.plant, secret=services.secrets.seal(PASSWORD),
            settings={"host": "localhost", "port": server.port, "security": "none", "username": USER,
                      "folder": "INBOX", **settings},
        )  # fmt: skip
        work.session.add(box)
        work.session.flush()
        made = box.id
    return MailCase(world, server, made, complaints.registered(world))


def complaint_row(case: MailCase) -> ComplaintRow:
    """Return the complaint as it stands."""
    (row,) = case.rows(ComplaintRow, ComplaintRow.id == case.complaint.id)
    found: ComplaintRow = row
    return found


def at(text: str) -> datetime:
    """Return an instant."""
    return datetime.fromisoformat(text)
