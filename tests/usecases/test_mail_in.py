"""Mails read from a real server: filed, put before sales, laid aside; each once, on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eightd.domain.correspondence import MailKind, MailState, ReplyState
from eightd.domain.messages import DeliveryState, MessageKind
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.correspondence import MailboxRow, ReplyRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.messaging import DeliveryRow, MessageRow
from eightd.usecases.mail_in import read
from tests import complaints, factories
from tests.notifications.corpus import CORPUS, HEIC, OWN, mail, multi, part, picture
from tests.notifications.imap_server import ARRIVED, ImapServer, imap_server
from tests.usecases.mail_case import KNOWN, MailCase, mail_case


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture
def box(store_world: factories.World, running: ImapServer) -> MailCase:
    """A mailbox that is empty again for each test."""
    with running.client() as link:
        link.store("1:*", "+FLAGS", r"(\Deleted)")
        link.expunge()
    return mail_case(store_world, running)


# ---------------------------------------------------------------- what is new


def test_a_new_mail_waits_for_sales_with_its_customer(box):
    assert box.read(mail("电源不良 12 件".encode(), subject="客诉：电源")) == 1
    found = box.only()
    assert (found.kind, found.state, found.customer_id) == (MailKind.NEW, MailState.OPEN, box.world.customer)
    assert (found.subject, found.text, found.from_address) == ("客诉：电源", "电源不良 12 件", KNOWN)
    assert found.received_at == ARRIVED
    assert box.told(MessageKind.MAIL_RECEIVED) == {"sales"}
    assert b"Seen" in box.server.flags()[0]


def test_the_raw_mail_and_its_files_are_kept(box):
    body, kind = multi(
        part(b"see", "text/plain"),
        part(picture(), "image/png; name=a.png"),
        part(HEIC, "image/heic; name=b.heic"),
    )
    raw = mail(body, kind=kind)
    box.read(raw)
    found, files = box.only(), box.services.uow.files
    assert files.get(found.sha256) == raw
    assert [one["filename"] for one in found.attachments] == ["a.png", "b.heic"]
    assert files.get(found.attachments[1]["sha256"]) == HEIC
    assert "note" not in found.attachments[0]
    assert "图片无法读取" in found.attachments[1]["note"]["zh"]  # no picture, whatever its name says


def test_the_customer_is_guessed_by_the_domain_and_that_is_said(box):
    box.read(mail(b"x", sender=b"new@anke.example"))
    found = box.only()
    assert found.customer_id == box.world.customer
    assert "@" in found.hints[0]["zh"] or "域名" in found.hints[0]["zh"]


def test_where_everybody_may_have_an_address_nothing_is_guessed(box):
    with box.services.uow.writing(box.world.order("admin")) as work:
        work.session.get_one(CustomerRow, box.world.customer).emails = "anke@qq.com"
    box.read(mail(b"x", sender=b"somebody@qq.com"), mail(b"y", sender=b"anke@qq.com", uid="b@b"))
    assert [one.customer_id for one in box.mails()] == [None, box.world.customer]


def test_two_customers_of_one_domain_are_not_guessed(box):
    with box.services.uow.writing(box.world.order("admin")) as work:
        work.session.get_one(CustomerRow, box.world.foreign_customer).emails = "other@anke.example"
    box.read(mail(b"x", sender=b"third@anke.example"))
    assert box.only().customer_id is None


# ---------------------------------------------------------------- answers


def test_an_answer_to_a_reply_is_filed_with_its_files(box):
    uid = box.replied()
    body, kind = multi(
        part("照片见附件".encode(), "text/plain; charset=utf-8"),
        part(picture(), "image/png; name=a.png"),
        part(HEIC, "image/heic; name=b.heic"),
    )
    box.read(mail(body, f"In-Reply-To: <{uid}>", kind=kind, subject="Re: 初步回复"))
    found = box.only()
    assert (found.kind, found.state, found.complaint_id) == (
        MailKind.ANSWER,
        MailState.FILED,
        box.complaint.id,
    )
    (evidence,) = box.rows(EvidenceRow)
    assert (evidence.filename, evidence.sender, evidence.complaint_id) == ("a.png", KNOWN, box.complaint.id)
    assert found.attachments[0]["evidence_id"] == evidence.id
    (entry,) = box.entries("mail.received")
    assert (entry.complaint_id, entry.actor_name, entry.reason) == (box.complaint.id, "EightD", "照片见附件")
    assert entry.new["mail"] == found.id
    assert [one["filename"] for one in entry.new["files"]] == ["a.png"]
    assert box.told(MessageKind.MAIL_RECEIVED) == {"sales", "cqe"} or "cqe2" in box.told(
        MessageKind.MAIL_RECEIVED
    )


def test_an_answer_to_a_message_is_filed_too(box):
    uid = box.notified(2, box.complaint.id)
    box.read(mail(b"ok", f"References: <x@y> <{uid}>", sender=b"cqe@plant.example"))
    assert box.only().complaint_id == box.complaint.id


def test_an_answer_to_a_digest_of_several_complaints_waits(box):
    other = complaints.registered(box.world)
    uid = box.notified(2, box.complaint.id, other.id)
    box.read(mail(b"ok", f"In-Reply-To: <{uid}>"))
    found = box.only()
    assert (found.kind, found.state, found.complaint_id) == (MailKind.NEW, MailState.OPEN, None)
    assert "多个客诉" in found.hints[0]["zh"]


def test_an_answer_from_an_unknown_address_is_filed_and_that_is_said(box):
    uid = box.replied()
    box.read(mail(b"ok", f"In-Reply-To: <{uid}>", sender=b"boss@elsewhere.example"))
    found = box.only()
    assert found.state is MailState.FILED
    assert "未登记" in found.hints[0]["zh"]


def test_our_number_and_a_known_sender_are_enough(box):
    box.read(mail(b"ok", subject=f"RE: {box.complaint.number.lower()} 补充".encode()))
    assert box.only().complaint_id == box.complaint.id


def test_a_recipient_of_a_reply_is_known(box):
    box.replied(to="buyer@elsewhere.example")
    box.read(mail(b"ok", subject=box.complaint.number, sender=b"Buyer@Elsewhere.example"))
    assert box.only().complaint_id == box.complaint.id


@pytest.mark.parametrize(
    "sender", [b"stranger@elsewhere.example", b"z@anke.example.evil.example", b"q@berger.example"]
)
def test_our_number_alone_opens_nobodys_complaint(box, sender):
    with box.services.uow.writing(box.world.order("admin")) as work:
        work.session.get_one(CustomerRow, box.world.foreign_customer).emails = "q@berger.example"
    box.read(mail(b"x", subject=box.complaint.number, sender=sender))
    found = box.only()
    assert (found.kind, found.state, found.complaint_id) == (MailKind.NEW, MailState.OPEN, None)
    assert box.complaint.number in found.hints[0]["en"]
    assert not box.rows(EvidenceRow)


def test_a_number_that_is_none_reads_the_same_as_a_foreign_one(box):
    box.read(mail(b"x", subject=b"CC-2020-99999", sender=b"stranger@elsewhere.example"))
    assert "CC-2020-99999" in box.only().hints[0]["en"]


def test_the_second_mail_of_a_customers_own_thread_follows_the_first(box):
    box.read(mail(b"one", subject=box.complaint.number, uid="first@anke"))
    box.read(mail(b"two", "In-Reply-To: <first@anke>", uid="second@anke"))
    box.read(
        mail(b"three", "In-Reply-To: <first@anke>", uid="third@anke", sender=b"stranger@elsewhere.example")
    )
    assert [one.complaint_id for one in box.mails()] == [box.complaint.id, box.complaint.id, None]


def test_an_answer_to_a_closed_complaint_is_filed_as_well(box):
    uid = box.replied()
    complaints.closed(box.world, box.complaint)
    box.read(mail(b"thanks", f"In-Reply-To: <{uid}>"))
    assert box.only().state is MailState.FILED


# ---------------------------------------------------------------- bounces, automatic answers, loops


def bounce(uid: str, name: str = "a bounce of Postfix") -> bytes:
    return CORPUS[name].raw.replace(OWN.encode(), uid.encode())


def test_a_bounce_fails_its_reply_and_tells_its_author(box):
    box.read(bounce(box.replied()))
    found = box.only()
    (reply,) = box.rows(ReplyRow)
    assert (found.kind, found.state, found.complaint_id) == (
        MailKind.BOUNCE,
        MailState.FILED,
        box.complaint.id,
    )
    assert reply.state is ReplyState.FAILED
    assert "5.1.1" in reply.fault
    assert "sales" in box.told(MessageKind.REPLY_FAILED)
    assert not box.told(MessageKind.MAIL_RECEIVED)


def test_a_delay_fails_nothing(box):
    box.read(bounce(box.replied(), "a delay"))
    (reply,) = box.rows(ReplyRow)
    assert reply.state is ReplyState.REVIEWED
    assert box.only().state is MailState.IGNORED


def test_a_message_that_came_back_may_be_sent_again(box):
    box.read(bounce(box.notified(3, box.complaint.id)))
    (delivery,) = box.rows(DeliveryRow)
    assert delivery.state is DeliveryState.DEAD
    assert "5.1.1" in delivery.last_error


def test_a_mail_to_a_supplier_that_came_back_is_told_to_its_writer(box):
    box.read(bounce(box.asked_outside(4)))
    (delivery,) = box.rows(DeliveryRow)
    assert delivery.state is DeliveryState.DEAD
    assert {"sales", "cqe"} <= set(box.told(MessageKind.MAIL_FAILED))


def test_what_a_supplier_answers_by_mail_is_filed(box):
    box.read(mail(b"we are on it", f"In-Reply-To: <{box.asked_outside(4)}>", sender=b"q@supplier.example"))
    found = box.only()
    assert (found.kind, found.state, found.complaint_id) == (
        MailKind.ANSWER,
        MailState.FILED,
        box.complaint.id,
    )


def test_a_bounce_of_an_unknown_mail_is_laid_aside(box):
    box.read(bounce("f" * 24 + "@elsewhere"))
    assert box.only().state is MailState.IGNORED


@pytest.mark.parametrize(
    "name", ["out of office in Chinese", "out of office, by its header", "a list", "bulk", "a read receipt"]
)
def test_what_answers_by_itself_is_kept_and_never_answered(box, name):
    box.read(CORPUS[name].raw.replace(b"z@anke.example", b"anybody@elsewhere.example"))
    assert (box.only().kind, box.only().state) == (MailKind.AUTO_REPLY, MailState.IGNORED)
    assert not box.told(MessageKind.MAIL_RECEIVED)
    assert not box.rows(DeliveryRow)


def test_a_customers_portal_is_read_by_a_person(box):
    box.read(CORPUS["a portal that reports"].raw)
    assert (box.only().kind, box.only().state) == (MailKind.NEW, MailState.OPEN)


def test_a_mail_of_ours_that_came_back_ends_there(box):
    box.read(mail(b"x", uid=box.uid(7)))
    assert (box.only().kind, box.only().state) == (MailKind.OWN, MailState.IGNORED)
    assert not box.told(MessageKind.MAIL_RECEIVED)


def test_a_mail_of_ours_is_known_under_a_former_name_of_the_host(box):
    uid = box.replied()
    with box.services.uow.writing(box.world.order("admin")) as work:
        for row in work.session.execute(sa.select(ReplyRow)).scalars():
            row.message_uid = "0" * 24 + "@former.example"
    box.read(
        mail(b"x", uid="0" * 24 + "@former.example"), mail(b"y", f"In-Reply-To: <{'0' * 24}@former.example>")
    )
    assert [one.kind for one in box.mails()] == [MailKind.OWN, MailKind.ANSWER]
    assert uid


def test_a_machine_that_writes_on_and_on_tells_nobody_on_and_on(box):
    box.read(*(mail(b"x", uid=f"{number}@m", subject=f"{number}") for number in range(30)))
    assert len(box.mails()) == 30
    assert len(box.rows(MessageRow, MessageRow.kind == MessageKind.MAIL_RECEIVED)) == 20


def test_a_refused_mail_waits_with_a_warning_and_does_nothing(box):
    box.read(
        mail(b"x", "From: boss@anke.example", f"In-Reply-To: <{box.replied()}>", subject=box.complaint.number)
    )
    found = box.only()
    assert (found.kind, found.state, found.complaint_id) == (MailKind.REFUSED, MailState.OPEN, None)
    assert "From" in found.hints[0]["zh"]


# ---------------------------------------------------------------- once, and not lost


def test_a_mail_is_taken_in_once(box):
    raw = mail(b"x")
    assert box.read(raw) == 1
    assert read.read_mailboxes(box.services) == 0
    assert box.read(raw) == 0  # delivered twice, byte for byte
    assert box.read(raw.replace(b"MIME-Version", b"Received: again\r\nMIME-Version")) == 0  # on two ways
    assert box.read(raw.replace(b"\r\n\r\nx", b"\r\n\r\nother")) == 1  # a Message-ID is no proof
    assert len(box.mails()) == 2


def test_a_folder_whose_numbers_begin_again_is_read_again_and_nothing_doubles(box):
    box.read(mail(b"one"), mail(b"two", uid="2@x"))
    with box.services.uow.writing(box.world.order("admin")) as work:
        row = work.session.get_one(MailboxRow, box.mailbox)
        assert row.uid_validity is not None
        row.uid_validity += 1
    assert box.read(mail(b"three", uid="3@x")) == 1
    assert [one.text for one in box.mails()] == ["one", "two", "three"]


def test_mails_from_before_the_day_are_left_alone(box):
    with box.services.uow.writing(box.world.order("admin")) as work:
        row = work.session.get_one(MailboxRow, box.mailbox)
        row.settings = {**row.settings, "since": "2026-03-12"}
    box.read(mail(b"old", uid="old@x"), at=datetime(2026, 3, 1, tzinfo=UTC))
    box.read(mail(b"new", uid="new@x"))
    assert [one.text for one in box.mails()] == ["new"]


@pytest.mark.parametrize("where", ["put", "take_in", "mark_seen"])
def test_a_death_at_any_point_neither_loses_nor_doubles(box, monkeypatch, where):
    """The program ends before the files are kept, inside the transaction, or after it: the next reader goes on."""

    class Killed(BaseException):
        pass

    def die(*_given, **_named):
        raise Killed

    box.server.put(mail(b"one"), mail(b"two", uid="2@x"))
    with monkeypatch.context() as patched:
        if where == "put":
            patched.setattr(type(box.services.uow.files), "put", die)
        elif where == "take_in":
            real = read.take_in
            patched.setattr(read, "take_in", lambda *given: (real(*given), die()))
        else:
            patched.setattr(read.OpenMailbox, "mark_seen", die)
        with pytest.raises(Killed):
            read.read_mailboxes(box.services)
    read.read_mailboxes(box.services)
    assert [one.text for one in box.mails()] == ["one", "two"]
    assert len(box.rows(MailboxRow)) == 1


def test_a_full_disk_is_no_reason_to_skip_a_mail(box, monkeypatch):
    box.server.put(mail(b"one"))
    with monkeypatch.context() as patched:
        patched.setattr(
            type(box.services.uow.files), "put", lambda *_: (_ for _ in ()).throw(OSError(28, "No space"))
        )
        with pytest.raises(OSError, match="No space"):
            read.read_mailboxes(box.services)
    assert read.read_mailboxes(box.services) == 1


def test_a_mail_that_breaks_the_filing_is_kept_and_does_not_stop_the_next(box, monkeypatch):
    box.server.put(mail(b"one"), mail(b"two", uid="2@x"))
    real = read.take_in

    def breaks(work, row, arrived):
        if arrived.mail.text == "one":
            raise ValueError("a fault of the program")
        return real(work, row, arrived)

    monkeypatch.setattr(read, "take_in", breaks)
    assert read.read_mailboxes(box.services) == 2
    first, second = box.mails()
    assert (first.kind, first.state) == (MailKind.REFUSED, MailState.OPEN)
    assert box.services.uow.files.get(first.sha256) == mail(b"one")
    assert second.text == "two"


def test_a_mail_that_is_too_large_is_announced_and_not_fetched(box, monkeypatch):
    monkeypatch.setattr(read, "Limits", lambda: read.parse.Limits(size=10_000))
    box.read(mail(b"x" * 70_000, subject="大附件"))
    found = box.only()
    assert (found.kind, found.state, found.subject) == (MailKind.REFUSED, MailState.OPEN, "大附件")
    assert not found.text


# ---------------------------------------------------------------- when it cannot be read


def test_what_went_wrong_stands_in_the_mailbox_until_it_is_read_again(box):
    def change(**settings):
        with box.services.uow.writing(box.world.order("admin")) as work:
            row = work.session.get_one(MailboxRow, box.mailbox)
            row.settings = {**row.settings, **settings}

    change(folder="Nowhere")
    assert read.read_mailboxes(box.services) == 0
    (row,) = box.rows(MailboxRow)
    zh, en = row.last_error.split("\n")
    assert ("无法打开" in zh, "cannot be opened" in en, row.last_read_at) == (True, True, None)
    change(folder="INBOX")
    read.read_mailboxes(box.services)
    (row,) = box.rows(MailboxRow)
    assert (row.last_error, row.last_read_at) == ("", box.services.clock())


def test_a_password_of_another_installation_is_asked_for_again(box):
    with box.services.uow.writing(box.world.order("admin")) as work:
        work.session.get_one(MailboxRow, box.mailbox).secret = "gAAAAAB"
    read.read_mailboxes(box.services)
    (row,) = box.rows(MailboxRow)
    assert "重新输入" in row.last_error


def test_one_mailbox_that_fails_does_not_stop_the_next(box):
    with box.services.uow.writing(box.world.order("admin")) as work:
        good = work.session.get_one(MailboxRow, box.mailbox)
        bad = MailboxRow(name="bad", plant_id=good.plant_id, secret="", settings={**good.settings, "port": 1})
        off = MailboxRow(name="off", plant_id=good.plant_id, secret="", settings=good.settings, active=False)
        bad.id = 0
        work.session.add_all([bad, off])
    assert box.read(mail(b"x")) == 1
    assert [row.last_error_at is None for row in sorted(box.rows(MailboxRow), key=lambda row: row.id)] == [
        False,
        True,
        True,
    ]


def test_nothing_is_asked_of_the_network_inside_a_transaction(box, monkeypatch):
    open_now = []
    real = type(box.services.uow).writing

    def writing(self, order):
        made = real(self, order)

        class Watched:
            def __enter__(self):
                open_now.append(1)
                return made.__enter__()

            def __exit__(self, *given):
                open_now.pop()
                return made.__exit__(*given)

        return Watched()

    def guarded(name):
        known = getattr(read.OpenMailbox, name)
        monkeypatch.setattr(read.OpenMailbox, name, lambda *given: (_refuse(open_now), known(*given))[1])

    monkeypatch.setattr(type(box.services.uow), "writing", writing)
    for name in ("after", "whole", "head", "mark_seen"):
        guarded(name)
    assert box.read(mail(b"x")) == 1


def _refuse(open_now):
    assert not open_now
