"""Mails handed to real mail servers: encrypted, signed in, refused, put off, cut off."""

import socket
import ssl
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from eightd.domain.messages import RelayKind
from eightd.domain.words import Language
from eightd.notifications.mail import Attachment, Mail, as_bytes
from eightd.notifications.relays.carry import carry
from eightd.notifications.relays.parcel import Later, Parcel, Refused, Relay, Taken
from eightd.notifications.texts import MessageText
from tests.notifications.servers import SmtpServer, closing_port

AT = datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
MAIL = Mail(
    uid="5f1c0a@quality.plant.example",
    at=AT,
    from_name="客诉 EightD",
    from_address="quality@plant.example",
    to=("li@plant.example",),
    subject="[CC-2026-00012] 初步回复将于 2026-03-13 16:40 到期",
    text="请发送。\n.\nFrom here on\n",
    html="<p>请发送。</p>",
    attachments=(Attachment("8D 报告.pdf", "application/pdf", bytes(range(256)) * 40),),
)


def parcel(*recipients, mail=MAIL):
    to = recipients or ("li@plant.example",)
    return Parcel(
        uid=mail.uid,
        address=to[0],
        text=MessageText("s", "t", "h"),
        language=Language.ZH,
        at=AT,
        mail=as_bytes(mail),
        recipients=to,
    )


def relay(server, secret="", **settings):
    return Relay(RelayKind.SMTP, {**server.settings, **settings}, secret)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def trusted(authority, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="module")
def server_context(authority):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture
def another():
    """Start mail servers of other kinds, and close them at the end."""
    started = []

    def start(**kind):
        started.append(SmtpServer(**kind))
        return started[-1]

    yield start
    for one in started:
        one.close()


# ---------------------------------------------------------------- taken


def test_a_mail_arrives_to_the_byte(smtp_server):
    sent = parcel("li@plant.example", "wang@plant.example")
    assert carry(relay(smtp_server), sent) == Taken()
    got = smtp_server.messages[0]
    assert got.content == sent.mail
    assert got.sender == "quality@plant.example"
    assert got.recipients == ("li@plant.example", "wang@plant.example")
    assert got.uid == MAIL.uid
    assert got.mail["Subject"] == MAIL.subject
    assert got.mail.get_body(("plain",)).get_content() == MAIL.text.replace("\n", "\r\n")
    (attached,) = got.mail.iter_attachments()
    assert attached.get_filename() == "8D 报告.pdf"
    assert attached.get_content() == MAIL.attachments[0].content


def test_every_try_is_the_same_mail(smtp_server):
    for _ in range(2):
        assert carry(relay(smtp_server), parcel()) == Taken()
    first, second = smtp_server.messages
    assert first == second


@pytest.mark.parametrize("starttls", [True, False])
def test_an_encrypted_server_with_the_plants_own_authority(another, server_context, trusted, starttls):
    server = another(tls=server_context, starttls=starttls)
    assert carry(relay(server, ca_file=str(trusted)), parcel()) == Taken()
    assert server.uids == [MAIL.uid]


def test_signing_in(another):
    server = another(users={"eightd": "s3cret 密码"})
    assert carry(relay(server, "s3cret", username="eightd"), parcel()) == Later(
        "sign-in refused: 535 5.7.8 Authentication credentials invalid"
    )
    assert carry(relay(server), parcel()) == Later("sender not taken: 530 5.7.0 Authentication required")
    assert server.messages == []
    server = another(users={"eightd": "s3cret"})
    assert carry(relay(server, "s3cret", username="eightd"), parcel()) == Taken()


def test_signing_in_over_tls(another, server_context, trusted):
    server = another(tls=server_context, starttls=True, users={"eightd": "s3cret"})
    assert carry(relay(server, "s3cret", username="eightd", ca_file=str(trusted)), parcel()) == Taken()


def test_the_server_hears_no_name_of_this_machine(smtp_server, monkeypatch):
    def asked(*_):
        raise AssertionError("the name service was asked")

    monkeypatch.setattr("socket.getfqdn", asked)
    assert carry(relay(smtp_server), parcel()) == Taken()


# ---------------------------------------------------------------- not trusted


@pytest.mark.parametrize("starttls", [True, False])
def test_a_certificate_nobody_vouches_for_is_not_believed(another, server_context, starttls):
    server = another(tls=server_context, starttls=starttls)
    outcome = carry(relay(server), parcel())
    assert isinstance(outcome, Later)
    assert outcome.reason.startswith("certificate not trusted: unable to get local issuer certificate")
    assert server.messages == []


def test_a_certificate_for_another_name_is_not_believed(another, authority, trusted):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("mail.elsewhere.example").configure_cert(context)
    outcome = carry(relay(another(tls=context), ca_file=str(trusted)), parcel())
    assert isinstance(outcome, Later)
    assert "certificate is not valid for '127.0.0.1'" in outcome.reason


def test_a_server_without_starttls_gets_nothing_in_the_clear(smtp_server):
    outcome = carry(relay(smtp_server, "s3cret", security="starttls", username="eightd"), parcel())
    assert outcome == Later("STARTTLS extension not supported by server.")
    assert smtp_server.messages == []


def test_a_lost_file_of_the_authority_is_named(smtp_server):
    outcome = carry(relay(smtp_server, security="starttls", ca_file="/nowhere/ca.pem"), parcel())
    assert isinstance(outcome, Later)
    assert "/nowhere/ca.pem" in outcome.reason


# ---------------------------------------------------------------- refused and put off


def test_a_mail_that_is_put_off_is_tried_later(smtp_server):
    smtp_server.defer = "451 4.7.1 Greylisted, come back"
    assert carry(relay(smtp_server), parcel()) == Later("451 4.7.1 Greylisted, come back")
    smtp_server.defer = ""
    assert carry(relay(smtp_server), parcel()) == Taken()
    assert smtp_server.uids == [MAIL.uid]


def test_a_mail_that_is_refused_is_refused_for_good(smtp_server):
    smtp_server.refuse = "554 5.7.1 Message looks like spam"
    assert carry(relay(smtp_server), parcel()) == Refused("554 5.7.1 Message looks like spam")


def test_an_unknown_recipient_is_refused_for_good(smtp_server):
    smtp_server.recipients["li@plant.example"] = "550 5.1.1 no such user"
    assert carry(relay(smtp_server), parcel()) == Refused("li@plant.example: 550 5.1.1 no such user")
    assert smtp_server.messages == []


def test_an_unknown_recipient_does_not_keep_the_mail_from_the_others(smtp_server):
    smtp_server.recipients["li@plant.example"] = "550 5.1.1 no such user"
    outcome = carry(relay(smtp_server), parcel("li@plant.example", "wang@plant.example"))
    assert outcome == Taken({"li@plant.example": "550 5.1.1 no such user"})
    assert smtp_server.messages[0].recipients == ("wang@plant.example",)


def test_a_recipient_who_is_put_off_puts_off_the_mail_so_that_nobody_gets_it_twice(smtp_server):
    smtp_server.recipients["li@plant.example"] = "452 4.2.2 mailbox full"
    sent = parcel("li@plant.example", "wang@plant.example")
    assert carry(relay(smtp_server), sent) == Later("li@plant.example: 452 4.2.2 mailbox full")
    assert smtp_server.messages == []


def test_at_the_last_try_the_others_get_it(smtp_server):
    smtp_server.recipients["li@plant.example"] = "452 4.2.2 mailbox full"
    sent = replace(parcel("li@plant.example", "wang@plant.example"), last_try=True)
    assert carry(relay(smtp_server), sent) == Taken({"li@plant.example": "452 4.2.2 mailbox full"})
    alone = replace(parcel("li@plant.example"), last_try=True)
    assert carry(relay(smtp_server), alone) == Later("li@plant.example: 452 4.2.2 mailbox full")


def test_answers_are_kept_as_one_short_line(smtp_server):
    smtp_server.refuse = "554 " + "退信 " * 300
    outcome = carry(relay(smtp_server), parcel())
    assert isinstance(outcome, Refused)
    assert outcome.reason.startswith("554 退信 退信")
    assert len(outcome.reason) == 400


def test_nobody_to_send_to(smtp_server):
    nobody = replace(parcel(), recipients=())
    assert carry(relay(smtp_server), nobody) == Refused("nobody to send to")


# ---------------------------------------------------------------- trouble on the way


def test_a_server_that_is_off(smtp_server):
    smtp_server.down = True
    outcome = carry(relay(smtp_server), parcel())
    assert isinstance(outcome, Later)
    assert outcome.reason.startswith("no connection: ")
    smtp_server.down = False
    assert carry(relay(smtp_server), parcel()) == Taken()


def test_a_port_at_which_nobody_listens():
    with closing_port() as port:
        settings = {"host": "127.0.0.1", "port": port, "security": "tls", "from_address": "q@plant.example"}
        assert isinstance(carry(Relay(RelayKind.SMTP, settings), parcel()), Later)


def test_a_server_that_hangs(smtp_server):
    smtp_server.hang = True
    began = time.monotonic()
    assert carry(relay(smtp_server, timeout=0.3), parcel()) == Later("the mail server did not answer in time")
    assert time.monotonic() - began < 5


def test_a_server_that_closes_in_the_middle(smtp_server):
    smtp_server.cut = True
    outcome = carry(relay(smtp_server), parcel())
    assert isinstance(outcome, Later)
    assert outcome.reason.startswith("connection lost")


def test_a_server_that_takes_the_mail_and_does_not_say_so_gets_the_same_again(smtp_server):
    smtp_server.lose = True
    assert isinstance(carry(relay(smtp_server), parcel()), Later)
    smtp_server.lose = False
    assert carry(relay(smtp_server), parcel()) == Taken()
    assert smtp_server.uids == [MAIL.uid, MAIL.uid]


def test_a_server_that_speaks_another_language(another, server_context):
    """TLS where none is expected, and the other way round."""
    server = another(tls=server_context)
    assert isinstance(carry(relay(server, security="none", timeout=0.5), parcel()), Later)
    plain = another()
    assert isinstance(carry(relay(plain, security="tls", timeout=0.5), parcel()), Later)


def test_a_server_that_is_slow_at_every_step(smtp_server, monkeypatch):
    monkeypatch.setattr("eightd.notifications.relays.smtp._WHOLE", -1.0)
    assert carry(relay(smtp_server), parcel()) == Later("the mail server is too slow")
    assert smtp_server.messages == []


def test_settings_that_lack_something():
    outcome = carry(Relay(RelayKind.SMTP, {"host": "", "port": 25}), parcel())
    assert outcome == Later("the relay's settings lack: host, from_address")


def test_a_name_that_no_server_has():
    settings = {"host": "mail.invalid", "port": 25, "security": "none", "from_address": "q@plant.example"}
    assert isinstance(carry(Relay(RelayKind.SMTP, settings), parcel()), Later)


def test_a_relay_shown_anywhere_keeps_its_secret():
    assert "s3cret" not in repr(Relay(RelayKind.SMTP, {"host": "mail"}, "s3cret"))


def test_answers_in_gbk_are_read():
    """Some mail servers answer in the encoding of their country, against all rules."""
    with closing_port() as port:
        pass
    listener = socket.create_server(("127.0.0.1", port))

    def answer():
        link, _ = listener.accept()
        with link:
            link.sendall("554 5.7.1 拒绝连接：此地址已被列入黑名单\r\n".encode("gb18030"))

    thread = threading.Thread(target=answer)
    thread.start()
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "from_address": "q@plant.example"}
    outcome = carry(Relay(RelayKind.SMTP, settings), parcel())
    thread.join()
    listener.close()
    assert outcome == Later("554 5.7.1 拒绝连接：此地址已被列入黑名单")
