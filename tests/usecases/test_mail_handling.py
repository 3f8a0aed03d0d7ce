"""What people do with mails: file, dismiss, take back, register; who may, at which version, once; mailboxes kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from eightd.domain.correspondence import MailKind, MailState
from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.mail_in.mailbox import Security
from eightd.persistence import audit
from eightd.persistence.tables.correspondence import IncomingMailRow, MailboxRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries import mail_in as queries
from eightd.queries.administration.listing import Place
from eightd.queries.mail_in import MailFilter
from eightd.usecases.administration import mailboxes
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.mail_in import handle
from eightd.usecases.mail_in.handle import Seen
from tests import complaints, factories
from tests.notifications.corpus import HEIC, mail, multi, part, picture
from tests.notifications.imap_server import PASSWORD, USER, ImapServer, imap_server
from tests.usecases.mail_case import KNOWN, MailCase, mail_case


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture
def box(store_world: factories.World, running: ImapServer) -> MailCase:
    with running.client() as link:
        link.store("1:*", "+FLAGS", r"(\Deleted)")
        link.expunge()
    return mail_case(store_world, running)


@pytest.fixture
def waiting(box: MailCase) -> MailCase:
    """One mail with a picture and a file that is none of ours, which waits."""
    body, kind = multi(
        part("电源不良".encode(), "text/plain; charset=utf-8"),
        part(picture(), "image/png; name=a.png"),
        part(HEIC, "image/heic; name=b.heic"),
    )
    box.read(mail(body, kind=kind, subject="客诉"))
    return box


def files_of(case: MailCase, who: str = "sales") -> dict[int, Any]:
    return handle.uploads(case.services, case.world.actor(who), case.only().id)


def file_it(case: MailCase, *, who: str = "sales", version: int = 1, number: str = "", key: str = ""):
    files = files_of(case, who)
    return handle.file_mail(
        case.services.uow, case.world.order(who, key), seen=Seen(case.only().id, version),
        number=number or case.complaint.number, files=files,
    )  # fmt: skip


def dismiss_it(case: MailCase, *, who: str = "sales", version: int = 1, reason: str = "advertising"):
    return handle.dismiss_mail(
        case.services.uow, case.world.order(who), seen=Seen(case.only().id, version), reason=reason
    )


def take_it_back(case: MailCase, *, who: str = "sales", version: int = 2, reason: str = "a mistake"):
    return handle.take_back_mail(
        case.services.uow, case.world.order(who), seen=Seen(case.only().id, version), reason=reason
    )


def register_it(case: MailCase, *, who: str = "sales", version: int = 1, key: str = ""):
    return handle.register_from_mail(
        case.services.uow, case.world.order(who, key), seen=Seen(case.only().id, version),
        registration=complaints.registration(case.world), pictures=(), files=files_of(case, who),
    )  # fmt: skip


# ---------------------------------------------------------------- verbs


@pytest.mark.parametrize("who", ["sales", "cqe", "quality_manager"])
def test_a_mail_is_filed_under_a_complaint_with_what_may_be_evidence(waiting, who):
    done = file_it(waiting, who=who, number=f" {waiting.complaint.number.lower()} ")
    found = waiting.only()
    assert (found.state, found.complaint_id, found.version) == (MailState.FILED, waiting.complaint.id, 2)
    assert (found.handled_by, done.number) == (waiting.world.users[who], waiting.complaint.number)
    (evidence,) = waiting.rows(EvidenceRow)
    assert (evidence.filename, evidence.by, evidence.sender) == ("a.png", waiting.world.users[who], KNOWN)
    (entry,) = waiting.entries("mail.filed")
    assert (entry.complaint_id, entry.reason, entry.new["sha256"]) == (
        waiting.complaint.id,
        "电源不良",
        found.sha256,
    )


def test_a_mail_is_dismissed_with_the_reason(waiting):
    dismiss_it(waiting)
    assert (waiting.only().state, waiting.only().note) == (MailState.DISMISSED, "advertising")
    (entry,) = waiting.entries("mail.dismissed")
    assert (entry.complaint_id, entry.reason, entry.subject) == (None, "advertising", "客诉")


def test_nothing_is_dismissed_or_taken_back_without_a_reason(waiting):
    with pytest.raises(Invalid):
        dismiss_it(waiting, reason="  ")
    dismiss_it(waiting)
    with pytest.raises(Invalid):
        take_it_back(waiting, reason="")
    assert waiting.only().state is MailState.DISMISSED


def test_what_was_filed_wrongly_leaves_the_complaint_again(waiting):
    file_it(waiting)
    take_it_back(waiting)
    found = waiting.only()
    assert (found.state, found.complaint_id) == (MailState.OPEN, None)
    assert not waiting.rows(EvidenceRow)
    assert "evidence_id" not in found.attachments[0]
    (entry,) = waiting.entries("mail.taken_back")
    assert entry.complaint_id == waiting.complaint.id
    assert [one["filename"] for one in entry.old["files"]] == ["a.png"]
    file_it(waiting, version=3)
    assert len(waiting.rows(EvidenceRow)) == 1


def test_evidence_that_something_rests_on_stays(waiting):
    file_it(waiting)
    (evidence,) = waiting.rows(EvidenceRow)
    with waiting.services.uow.writing(waiting.world.order("cqe")) as work:
        columns = {
            "complaint_id": waiting.complaint.id, "reason": "laboratory", "from_at": work.now,
            "by": waiting.world.users["cqe"],
            "evidence_id": evidence.id, "at": work.now,
        }  # fmt: skip
        known = {column.key for column in ClockStopRow.__table__.columns}
        work.session.execute(sa.insert(ClockStopRow).values({k: v for k, v in columns.items() if k in known}))
    take_it_back(waiting)
    assert waiting.rows(EvidenceRow)


def test_what_was_laid_aside_can_be_looked_at_again(box):
    box.read(mail(b"x", subject="自动回复: x"))
    assert box.only().kind is MailKind.AUTO_REPLY
    take_it_back(box, version=1)
    assert box.only().state is MailState.OPEN


def test_a_complaint_is_registered_from_a_mail_and_both_know_it(waiting):
    done = register_it(waiting)
    found = waiting.only()
    assert (found.state, found.complaint_id) == (MailState.REGISTERED, done.id)
    (evidence,) = waiting.rows(EvidenceRow, EvidenceRow.complaint_id == done.id)
    assert (evidence.filename, evidence.sender) == ("a.png", KNOWN)
    tags = [row.tag for row in waiting.rows(AuditRow, AuditRow.complaint_id == done.id)]
    assert tags[0] != "mail.registered"
    assert "mail.registered" in tags
    with pytest.raises(NotAllowed):
        take_it_back(waiting)


def test_a_registration_that_is_refused_leaves_the_mail_waiting(waiting):
    with pytest.raises(Invalid):
        handle.register_from_mail(
            waiting.services.uow, waiting.world.order("sales"), seen=Seen(waiting.only().id, 1),
            registration=replace(complaints.registration(waiting.world), customer_code="NOBODY"), pictures=(), files={},
        )  # fmt: skip
    assert waiting.only().state is MailState.OPEN


def test_an_order_given_twice_is_carried_out_once(waiting):
    first = register_it(waiting, key="the same form")
    again = register_it(waiting, key="the same form")
    assert (again.number, again.replayed) == (first.number, True)


def test_what_somebody_else_did_meanwhile_is_not_done_over(waiting):
    dismiss_it(waiting)
    for do in (file_it, dismiss_it, register_it):
        with pytest.raises(Stale):
            do(waiting)
        with pytest.raises(NotAllowed):
            do(waiting, version=2)
    take_it_back(waiting)
    with pytest.raises(NotAllowed):
        take_it_back(waiting, version=3)


@pytest.mark.parametrize("who", ["te", "auditor", "admin", "finance", "stranger", "limited"])
def test_for_everybody_else_there_is_no_mail(waiting, who):
    for do in (file_it, dismiss_it, register_it, take_it_back):
        with pytest.raises(NotFound):
            do(waiting, who=who)
        with pytest.raises(NotFound):  # nor does a version betray it
            do(waiting, who=who, version=9)


def test_a_mail_is_filed_under_no_complaint_that_is_hidden(waiting):
    foreign = complaints.registered(
        waiting.world, by=factories.STRANGER, plant_id=waiting.world.foreign_plant
    )
    for number in (foreign.number, "CC-2020-00009"):
        with pytest.raises(Invalid) as refused:
            file_it(waiting, number=number)
        assert number in refused.value.problems["number"].text("en")


def test_the_record_stays_sound(waiting):
    file_it(waiting)
    take_it_back(waiting)
    register_it(waiting, version=3)
    uow = waiting.services.uow
    with uow.reading() as session:
        flaws = [audit.verify_chain(session, chain, uow.signing_key) for chain in audit.chains(session)]
    assert set(flaws) == {None}


# ---------------------------------------------------------------- the list


def test_a_page_of_mails_takes_two_statements_however_many(box):
    box.read(*(mail(b"x", uid=f"{number}@m", subject=f"mail {number}") for number in range(60)))
    counted: list[str] = []
    sa.event.listen(box.services.uow.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    actor = box.world.actor("sales")
    counted.clear()
    with box.services.uow.reading() as session:
        first = queries.mails(session, actor, MailFilter(), Place(), "en")
        assert len([one for one in counted if one.startswith("SELECT")]) == 1
        second = queries.mails(session, actor, MailFilter(), Place(after=first.after), "en")
        assert len([one for one in counted if one.startswith("SELECT")]) == 3
        assert queries.waiting(session, actor) == 60
    assert (len(first.lines), len(second.lines), second.after) == (50, 10, None)
    assert first.lines[0].subject == "mail 59"
    assert first.lines[0].customer == "Anke Electronics"


def test_the_list_is_narrowed_by_state_and_words(waiting):
    actor = waiting.world.actor("cqe")

    def listed(**narrowed) -> int:
        with waiting.services.uow.reading() as session:
            return len(queries.mails(session, actor, MailFilter(**narrowed), Place(), "zh").lines)

    assert listed() == 1
    assert listed(text="客诉 anke") == 1
    assert listed(text="发票") == 0
    assert listed(state=MailState.FILED) == 0
    file_it(waiting)
    assert listed() == 0
    assert listed(state=None) == listed(state=MailState.FILED) == 1


def test_who_is_limited_to_customers_sees_their_mails_only(box):
    box.read(mail(b"x"), mail(b"y", sender=b"nobody@elsewhere.example", uid="2@x"))
    everybody = box.world.actor("sales")
    limited = replace(everybody, customers=frozenset({box.world.customer}))
    other = replace(everybody, customers=frozenset({box.world.foreign_customer}))

    def seen(actor: Actor) -> int:
        with box.services.uow.reading() as session:
            return queries.waiting(session, actor)

    assert [seen(everybody), seen(limited), seen(other), seen(box.world.actor("te"))] == [2, 1, 0, 0]


# ---------------------------------------------------------------- mailboxes


def fields(box: MailCase, **others) -> mailboxes.MailboxFields:
    values = {
        "name": "quality", "plant_id": box.world.plant, "host": "localhost", "port": box.server.port,
        "security": Security.NONE, "username": USER, "password": PASSWORD, "folder": "INBOX",
        "since": date(2026, 3, 1), "ca_file": "", "active": True, **others,
    }  # fmt: skip
    return mailboxes.MailboxFields(**values)


def made(box: MailCase, who: str = "admin", **others):
    return mailboxes.create_mailbox(
        box.services.uow, box.world.order(who), fields=fields(box, **others), seal=box.services.secrets.seal
    )


def changed(box: MailCase, mailbox_id: int, version: int = 1, who: str = "admin", **others):
    return mailboxes.change_mailbox(
        box.services.uow, box.world.order(who), mailbox_id=mailbox_id, version=version,
        fields=fields(box, **others), seal=box.services.secrets.seal,
    )  # fmt: skip


def test_a_password_is_kept_sealed_and_never_written_down(box):
    done = made(box)
    (row,) = box.rows(MailboxRow, MailboxRow.id == done.id)
    assert PASSWORD not in row.secret
    assert box.services.secrets.open(row.secret) == PASSWORD
    (entry,) = box.entries("mailbox.created")
    assert entry.new["secret_set"] is True
    assert PASSWORD not in str(entry.new)
    changed(box, done.id, password="another one")
    (entry,) = box.entries("mailbox.changed")
    assert entry.new == {"secret_replaced": True}


def test_a_password_goes_to_no_other_machine_than_it_was_entered_for(box):
    done = made(box)
    for moved in (
        {"host": "evil.example"},
        {"port": 1},
        {"security": Security.TLS},
        {"ca_file": "/tmp/own.pem"},
    ):
        with pytest.raises(Invalid) as refused:
            changed(box, done.id, password=None, **moved)
        assert "password" in refused.value.problems
    changed(box, done.id, password=None, folder="Complaints")


def test_another_folder_is_read_from_its_beginning(box):
    box.read(mail(b"x"))
    changed(box, box.mailbox, name="客诉邮箱", since=None, password=None)
    (row,) = box.rows(MailboxRow)
    assert row.last_uid > 0
    changed(box, box.mailbox, password=None, folder="Complaints")
    (row,) = box.rows(MailboxRow)
    assert (row.last_uid, row.uid_validity) == (0, None)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [({"host": ""}, "host"), ({"host": "a b"}, "host"), ({"port": 0}, "port"), ({"username": "a\r\nb"}, "username"),
     ({"password": None}, "password"), ({"password": "x\ny"}, "password"), ({"folder": ""}, "folder"),
     ({"name": "x" * 200}, "name"), ({"password": "x" * 500}, "password")],
)  # fmt: skip
def test_what_cannot_be_is_refused(box, wrong, where):
    with pytest.raises(Invalid) as refused:
        made(box, **wrong)
    assert where in refused.value.problems


def test_mailboxes_are_kept_by_the_plants_administrators(box):
    for who in ("sales", "cqe", "stranger"):
        with pytest.raises(NotFound):
            made(box, who)
        with pytest.raises(NotFound):
            changed(box, box.mailbox, who=who)
        with pytest.raises(NotFound):
            mailboxes.try_mailbox(box.services, box.world.order(who), mailbox_id=box.mailbox)
    with pytest.raises(NotFound):
        made(box, plant_id=box.world.foreign_plant)
    with pytest.raises(NotFound):
        changed(box, box.mailbox, plant_id=box.world.foreign_plant)
    with pytest.raises(Stale):
        changed(box, box.mailbox, version=7)


def tried(box: MailCase):
    return mailboxes.try_mailbox(box.services, box.world.order("admin"), mailbox_id=box.mailbox)


def test_a_trial_says_what_was_seen_and_takes_nothing(box):
    box.server.put(mail(b"x"), mail(b"y", uid="2@x"))
    message, good = tried(box)
    assert good
    assert "INBOX" in message.text("en")
    assert "2" in message.text("zh")
    assert not box.rows(IncomingMailRow)
    assert b"Seen" not in box.server.flags()[0]


def test_a_trial_says_what_is_wrong(box):
    changed(box, box.mailbox, password="wrong", since=None)
    message, good = tried(box)
    assert not good
    assert "授权码" in message.text("zh")
    (row,) = box.rows(MailboxRow)
    assert row.last_error_at == box.services.clock()
    with box.services.uow.writing(box.world.order("admin")) as work:
        work.session.get_one(MailboxRow, box.mailbox).secret = "of another installation"
    assert "again" in tried(box)[0].text("en")
