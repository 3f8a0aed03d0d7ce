"""A plant's day for tests at the browser: its clock and worker, a mail server, a mailbox, what a customer writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage

from eightd.usecases.services import Services
from eightd.usecases.worker import CLOCK_JOBS, MAIL_JOBS, OUTBOX_JOBS
from tests.conftest import StandingClock
from tests.notifications.corpus import mail, multi, part, picture, word
from tests.notifications.imap_server import ImapServer
from tests.notifications.servers import Received, SmtpServer

CUSTOMER, GONE = "lin@anke.example", "gone@anke.example"
EMAILS = {login: f"{login}@plant.example" for login in ("sales", "cqe", "cqe2", "quality_manager")}
WORDS = "林小姐您好：\n贵司适配器上电无输出 8 件，批号 B2603A，请在 24 小时内回复。\n安科电子 林"


@dataclass
class Office:
    """The plant's day: its clock, its worker, the two mail servers, and who sits at which browser."""

    services: Services
    clock: StandingClock
    smtp: SmtpServer
    imap: ImapServer

    def at(self, text: str) -> None:
        """Let it be that time in Shanghai, and let the worker do what then has to be done."""
        self.clock.set(f"{text}:00+08:00")
        self.work()

    def work(self) -> None:
        """Do once what the worker does again and again."""
        for job in (*CLOCK_JOBS, *MAIL_JOBS, *OUTBOX_JOBS):
            job.do(self.services)

    def arrives(self, raw: bytes) -> None:
        """Let a mail arrive in the mailbox now, and be read."""
        self.imap.put(raw, at=self.clock())
        self.work()

    def mails(self, address: str) -> list[Received]:
        """Return what the mail server took for an address."""
        return [one for one in self.smtp.messages if address in one.recipients]

    def alarms(self, login: str) -> list[str]:
        """Return the subjects of the alarms mailed to one of the plant."""
        return [
            one for one in self.subjects(login) if re.search(r"Initial reply (due|OVERDUE)|初步回复", one)
        ]

    def subjects(self, login: str) -> list[str]:
        """Return the subjects of the mails to one of the plant."""
        return [str(one.mail["Subject"]) for one in self.mails(EMAILS[login])]


def complaint_mail() -> bytes:
    """Return the customer's mail: GBK that calls itself gb2312, with a photograph."""
    body, kind = multi(
        part(WORDS.encode("gbk"), "text/plain; charset=gb2312"),
        part(picture("JPEG", 200), "image/jpeg; name=ng.jpg", "Content-Disposition: attachment; filename=ng.jpg"),
    )  # fmt: skip
    sender = word("林小姐", "gb2312", "gbk") + f" <{CUSTOMER}>".encode()
    return mail(
        body,
        sender=sender,
        subject=word("适配器无输出 8 件", "gb2312", "gbk"),
        uid="c1@anke.example",
        kind=kind,
    )


def bounce_of(sent: Received) -> bytes:
    """Return what the customer's server says of a mail that it cannot deliver."""
    body, kind = multi(
        part(b"This is the mail system. Your mail could not be delivered.", "text/plain", encode=False),
        part(
            f"Reporting-MTA: dns; mx.anke.example\n\nFinal-Recipient: rfc822; {GONE}\nAction: failed\n"
            "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown".encode(),
            "message/delivery-status",
            encode=False,
        ),
        part(f"Message-ID: <{sent.uid}>\n".encode(), "text/rfc822-headers", encode=False),
        kind="report",
        more="report-type=delivery-status; ",
    )
    sender = b"Mail Delivery System <MAILER-DAEMON@anke.example>"
    return mail(body, sender=sender, subject=b"Undelivered", uid="b1@anke.example", kind=kind)


def answer_to(sent: Received) -> bytes:
    """Return the customer's answer with another photograph."""
    body, kind = multi(
        part("收到，请补充在途品的复测数据。".encode("gbk"), "text/plain; charset=gb2312"),
        part(picture("PNG", 120), "image/png; name=more.png", "Content-Disposition: attachment; filename=more.png"),
    )  # fmt: skip
    subject = word("Re: 初步回复", "gb2312", "gbk")
    sender = f"Lin <{CUSTOMER}>"
    headers = f"In-Reply-To: <{sent.uid}>"
    return mail(body, headers, sender=sender, subject=subject, uid="a1@anke.example", kind=kind)


def attached(one: EmailMessage) -> dict[str, bytes]:
    """Return the files of a mail by media type."""
    return {file.get_content_type(): file.get_content() for file in one.iter_attachments()}
