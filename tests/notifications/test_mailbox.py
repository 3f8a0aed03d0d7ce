"""Mailboxes read over the wire, from a server that speaks IMAP: TLS, marks, numbers, limits, what goes wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from imap_tools.utils import encode_folder

from eightd.notifications.mail_in import mailbox
from eightd.notifications.mail_in.mailbox import MailboxError, Security, opened
from tests.notifications.corpus import mail
from tests.notifications.imap_server import ARRIVED, ImapServer, imap_server, in_front_of


@pytest.fixture(scope="module")
def tls_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.mark.parametrize("security", Security)
def test_a_mail_is_fetched_as_it_came_and_left_unmarked(security, tls_folder):
    raw = mail("正文".encode())
    with imap_server(security, None if security is Security.NONE else tls_folder) as server:
        server.put(raw)
        with opened(server.access()) as box:
            (waiting,) = box.after(0)
            assert box.whole(waiting.uid) == raw
            assert (waiting.size, waiting.received_at) == (len(raw), ARRIVED)
        assert b"Seen" not in server.flags()[0]


def test_what_was_read_is_marked_and_nobody_elses_mail_is(server):
    server.put(mail(b"one"), mail(b"two"), mail(b"three"))
    with server.client() as link:
        link.store("3", "+FLAGS", r"(\Deleted)")
    with opened(server.access()) as box:
        box.mark_seen(box.after(0)[0].uid)
    marks = server.flags()
    assert [b"Seen" in one for one in marks] == [True, False, False]
    assert b"Deleted" in marks[2], "what another person has marked is still there"


def test_only_what_came_since_is_listed(server):
    server.put(mail(b"one"), mail(b"two"))
    with opened(server.access()) as box:
        first, second = box.after(0)
        assert [one.uid for one in box.after(first.uid)] == [second.uid]
        assert box.after(second.uid) == ()  # a server answers n:* with the last one all the same


def test_nothing_lies_in_an_empty_folder(server):
    with opened(server.access()) as box:
        assert box.after(0) == ()


def test_old_mail_is_left_alone(server):
    server.put(mail(b"old"), at=datetime(2025, 1, 1, tzinfo=UTC))
    server.put(mail(b"new"))
    with opened(server.access()) as box:
        assert [one.uid for one in box.after(0, date(2026, 3, 12))] == [102]


def test_a_folder_made_anew_has_another_validity(server):
    with server.client() as link:
        link.create("Complaints")
    with opened(server.access(folder="Complaints")) as box:
        before = box.uid_validity
    server.make_anew("Complaints")
    with opened(server.access(folder="Complaints")) as box:
        assert box.uid_validity != before


def test_of_a_large_mail_the_beginning_is_read(server):
    server.put(mail(b"x" * 200_000))
    with opened(server.access()) as box:
        head = box.head(box.after(0)[0].uid)
    assert head is not None
    assert len(head) == 65_536
    assert head.startswith(b"From: ")


def test_a_mail_that_is_gone_is_none(server):
    server.put(mail(b"x"))
    with opened(server.access()) as box:
        assert box.whole(9999) is None


def test_a_folder_may_have_a_chinese_name(server):
    with server.client() as link:
        link.create(encode_folder("客诉").decode())
    server.put(mail(b"x"), folder=encode_folder("客诉").decode())
    with opened(server.access(folder="客诉")) as box:
        assert len(box.after(0)) == 1


def test_a_server_that_wants_to_know_the_program_is_told(server):
    """As NetEase's does: without ID before it, SELECT is refused."""
    told = []

    def refuse(line: bytes) -> bytes | None:
        tag, verb, *_ = line.split()
        told.extend([verb] if verb in {b"ID", b"SELECT"} else [])
        return tag + b" NO SELECT Unsafe Login. Please contact us\r\n" if told == [b"SELECT"] else None

    with in_front_of(server, refuse) as (door, _), opened(door.access()):
        pass
    assert told == [b"ID", b"SELECT"]


def test_an_unsafe_sign_in_is_told_in_the_servers_words(server):
    def refuse(line: bytes) -> bytes | None:
        tag, verb, *_ = line.split()
        return tag + b" NO SELECT Unsafe Login\r\n" if verb == b"SELECT" else None

    with in_front_of(server, refuse) as (door, _):
        assert "Unsafe Login" in trouble(door.access())


def test_a_server_that_hangs_up_is_no_answer(server):
    with in_front_of(server, lambda line: None) as (door, seen):
        with opened(door.access()) as box:
            box.after(0)
        assert seen[-1].endswith(b"LOGOUT")


def trouble(access: mailbox.Access) -> str:
    with pytest.raises(MailboxError) as raised, opened(access):
        pass
    assert raised.value.message.text("zh") != raised.value.message.text("en")
    return raised.value.message.text("en")


def test_a_wrong_password_is_told(server):
    assert "authorisation code" in trouble(server.access(password="wrong"))
    assert "sign-in" in trouble(server.access(password="错的"))


def test_a_missing_folder_is_told(server):
    assert "Nowhere" in trouble(server.access(folder="Nowhere"))


def test_an_unknown_host_is_told(server):
    assert "no host" in trouble(server.access(host="nowhere.invalid"))
    assert "no host" in trouble(server.access(host="a" * 70 + ".example"))


def test_a_closed_port_is_told(server):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "does not answer" in trouble(server.access(port=port))


def test_a_server_that_says_nothing_is_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        quiet = ImapServer(silent.getsockname()[1])
        assert "does not answer" in trouble(quiet.access(timeout=0.3))


def test_a_foreign_certificate_is_told(tls_folder):
    with imap_server(Security.TLS, tls_folder) as server:
        assert "not trusted" in trouble(server.access(ca_file=""))
        assert "not trusted" in trouble(server.access(host="127.0.0.1"))


def test_plain_text_where_tls_is_wanted_is_told(server):
    assert "TLS" in trouble(server.access(security=Security.TLS))
    assert "STARTTLS" in trouble(server.access(security=Security.STARTTLS))


def test_a_missing_file_of_certificates_is_told(server):
    assert "certificates" in trouble(server.access(security=Security.TLS, ca_file="/nowhere.pem"))


def test_an_endless_answer_is_cut(server):
    with (
        in_front_of(
            server, lambda line: b"* 1 FETCH (BODY[] {99999999999}\r\n" if b"FETCH" in line else None
        ) as (door, _),
        pytest.raises(MailboxError),
        opened(door.access()) as box,
    ):
        box.whole(1)


def test_the_password_is_not_in_what_is_printed(server):
    assert server.access().password not in repr(server.access())
