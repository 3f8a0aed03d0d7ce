"""Write to a supplier or a customer outside the replies: put in the outbox with what caused it, worded when it leaves.

Such a mail asks for something: a supplier's 8D, a sample, a few answers. Its text may hold ``{link}``, which becomes
the signed address of the one thing it opens only when the mail leaves.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.messages import MessageKind
from eightd.domain.words import Language, Phrase
from eightd.notifications.mail import is_address
from eightd.notifications.recipients import relay_for
from eightd.notifications.signing import Signer
from eightd.notifications.tell import postbox
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.messaging import OutsideMailRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.telling import tell_people

NO_RELAY = Phrase(
    "outside_mail.no_relay",
    "No mail server is set up for this plant. Copy the link or the text and send it yourself.",
    "本厂未配置邮件服务器，请复制链接或文字自行发送。",
)
NO_RECIPIENT = Phrase("outside_mail.no_recipient", "Please say who gets it", "请填写收件人")
NO_ADDRESS = Phrase(
    "outside_mail.no_address", "“{address}” is no mail address", "“{address}”不是有效的邮箱地址"
)
EMPTY = Phrase("outside_mail.empty", "Please write something", "请填写内容")
TOO_LONG = Phrase("outside_mail.too_long", "At most {limit} characters", "最多 {limit} 个字符")

LINK = "{link}"
"""Stands in a text for the signed address."""

PATHS = {OutsidePurpose.SUPPLIER_CASE: "/q/", OutsidePurpose.SATISFACTION: "/f/"}
"""Where the links of a purpose lead; its value is also what their tokens are signed for."""

_LONGEST_SUBJECT = 300
_LONGEST_BODY = 20_000
_LONGEST_REASON = 400


def can_write(session: Session, plant_id: int) -> bool:
    """Return whether the plant has a mail server to write by."""
    return relay_for(session, plant_id) is not None


def problems(recipients: Collection[str], subject: str, body: str) -> Invalid | None:
    """Return what is wrong by the fields ``recipients``, ``subject`` and ``body``, None where nothing is."""
    found = {}
    if not recipients:
        found["recipients"] = NO_RECIPIENT.say()
    for address in recipients:
        if not is_address(address):
            found["recipients"] = NO_ADDRESS.say(address=address)
    for field, text, limit in (("subject", subject, _LONGEST_SUBJECT), ("body", body, _LONGEST_BODY)):
        if not text.strip():
            found[field] = EMPTY.say()
        elif len(text) > limit:
            found[field] = TOO_LONG.say(limit=limit)
    return Invalid(found) if found else None


def write_outside(
    work: Work,
    complaint: ComplaintRow,
    *,
    purpose: OutsidePurpose,
    subject_id: int,
    language: Language,
    recipients: Collection[str],
    subject: str,
    body: str,
    link_id: int | None = None,
) -> OutsideMailRow:
    """Put the mail in the outbox of the transaction. Raises Invalid for a field, NotAllowed without a mail server.

    The caller has asked the rules and makes the audit entry.
    """
    wrong = problems(recipients, subject, body)
    if wrong is not None:
        raise wrong
    relay = relay_for(work.session, complaint.plant_id)
    if relay is None:
        raise NotAllowed(NO_RELAY.say())
    row = OutsideMailRow(
        complaint_id=complaint.id,
        purpose=purpose,
        subject_id=subject_id,
        link_id=link_id,
        language=language,
        recipients=list(recipients),
        subject=" ".join(subject.split()),
        body=body.strip(),
        by=work.actor.id or None,
        at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    postbox(work).post_outside(row, relay)
    return row


def tell_writer(work: Work, mail: OutsideMailRow, reason: str) -> None:
    """Tell who wrote it, and who leads the complaint, that the mail will not arrive."""
    row = work.session.get_one(ComplaintRow, mail.complaint_id)
    people = {one for one in (mail.by, row.cqe_id) if one is not None}
    to = ", ".join(mail.recipients)
    tell_people(
        work,
        row,
        MessageKind.MAIL_FAILED,
        people,
        outcome=mail.purpose.value,
        reason=f"{to}: {reason}"[:_LONGEST_REASON],
    )


def text_of(row: OutsideMailRow, links: Signer, base_url: str) -> str:
    """Return the body with its link filled in."""
    return row.body.replace(LINK, address_of(row.purpose, row.link_id, links, base_url))


def address_of(purpose: OutsidePurpose, link_id: int | None, links: Signer, base_url: str) -> str:
    """Return the signed address of a link, empty where the purpose has none."""
    if link_id is None or purpose not in PATHS:
        return ""
    return f"{base_url}{PATHS[purpose]}{links.token(purpose.value, link_id)}"
