"""A mail as bytes: what any text in it may do, which is nothing but be read."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.notifications.mail import Attachment, Mail, as_bytes, is_address

MAIL = Mail(
    uid="9f86d081884c7d65@quality.plant.example",
    at=datetime(2026, 3, 12, 16, 40, tzinfo=timezone(timedelta(hours=8))),
    from_name="EightD",
    from_address="quality@plant.example",
    to=("li@plant.example",),
    subject="[CC-2026-00012] Initial reply due",
    text="Please send it.\n",
)
HEADERS = [
    "Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
]  # fmt: skip
SMUGGLED = [
    "=?utf-8?q?Hello=0D=0ABcc:_spy=40evil.example?=",
    "=?utf-8?b?SGVsbG8NCkJjYzogc3B5QGV2aWwuZXhhbXBsZQ==?=",
    "=?utf-8?q?a?= =?utf-8?q?=0A?= Bcc: spy@evil.example",
    "=?gb2312?b?yfo=?=",
    'x"; filename="other.exe',
    "a, spy@evil.example",
    '"<spy@evil.example>"',
    "(comment) \\",
]
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0", "\ud800"]
one_line = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=120)


def read(mail):
    return message_from_bytes(as_bytes(mail), policy=default)


def text_of(part):
    """Return a part's text with the line ends that people type."""
    return part.get_content().replace("\r\n", "\n")


def sender_of(mail):
    """Return the sender's name; the newer reader leaves a blank between two encoded words of a name."""
    value = message_from_bytes(as_bytes(mail))["From"].replace("\r\n", "")
    return str(make_header(decode_header(parseaddr(value)[0])))


def kept(name):
    """Return a file's name without what no file may be called."""
    return re.sub(r'["*/:<>?\\|]', "_", name.strip())


# ---------------------------------------------------------------- what is written


def test_the_headers_are_these():
    got = read(MAIL)
    assert got.keys() == HEADERS
    assert got["Date"] == "Thu, 12 Mar 2026 16:40:00 +0800"
    assert got["Message-ID"] == f"<{MAIL.uid}>"
    assert (got["Auto-Submitted"], got["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


def test_what_a_person_wrote_is_not_called_automatic():
    got = read(
        replace(
            MAIL, automatic=False, copies=("wang@plant.example", "a@b.example"),
            reply_to="sales@plant.example", in_reply_to="CAF=abc+1@mail.customer.example",
        )
    )  # fmt: skip
    assert got.keys() == [
        "Date", "From", "To", "Cc", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    ]  # fmt: skip
    assert got["Cc"] == "wang@plant.example, a@b.example"
    assert got["References"] == got["In-Reply-To"] == "<CAF=abc+1@mail.customer.example>"


def test_made_twice_it_is_the_same_to_the_byte():
    mail = replace(MAIL, html="<p>x</p>", attachments=(Attachment("8D.pdf", "application/pdf", b"%PDF"),))
    assert as_bytes(mail) == as_bytes(mail)
    assert as_bytes(replace(mail, uid="other@plant.example")) != as_bytes(mail)


def test_it_passes_every_server():
    mail = replace(
        MAIL,
        subject="长" * 300,
        text="长行" * 2000 + "\n" + "x" * 3000,
        html=f"<p>{'长' * 3000}</p>",
        from_name="苏州精密电子有限公司客户质量部" * 4,
        attachments=(Attachment("8D 报告 " * 20 + ".pdf", "application/pdf", bytes(range(256)) * 99),),
    )
    for line in as_bytes(mail).split(b"\r\n"):
        assert len(line) <= 200
        assert b"\n" not in line
        assert b"\r" not in line
        assert line.isascii()


def test_alternatives_and_attachments_stand_where_mail_programs_look():
    mail = replace(
        MAIL,
        html="<p>请发送</p>",
        attachments=(
            Attachment("8D 报告（最终）.pdf", "application/pdf", b"%PDF-1.7"),
            Attachment("photo.jpg", "image/jpeg", b"\xff\xd8"),
            Attachment("mail.eml", "message/rfc822", b"Subject: no\n\nno"),
        ),
    )
    got = read(mail)
    assert got.get_content_type() == "multipart/mixed"
    first, *files = got.iter_parts()
    assert first.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    assert got.get_body(("html",)).get_content().strip() == "<p>请发送</p>"
    assert [(part.get_filename(), part.get_content_type()) for part in files] == [
        ("8D 报告（最终）.pdf", "application/pdf"),
        ("photo.jpg", "image/jpeg"),
        ("mail.eml", "application/octet-stream"),
    ]
    assert [part.get_content() for part in files] == [b"%PDF-1.7", b"\xff\xd8", b"Subject: no\n\nno"]


def test_no_text_ends_a_part():
    written = as_bytes(replace(MAIL, html="<p>x</p>")).decode()
    (boundary,) = set(re.findall(r'boundary="([^"]+)"', written))
    mail = replace(MAIL, text=f"--{boundary}--\n", html=f"<p>\n--{boundary}\n</p>")
    first, second = read(mail).iter_parts()
    assert first.get_content().strip() == f"--{boundary}--"
    assert boundary in second.get_content()


def test_control_characters_in_a_text_become_marks():
    assert text_of(read(replace(MAIL, text="a\0b\x1b[2Jc\ud800d\n"))) == "a�b�[2Jc�d\n"


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("bad", BREAKS)
@pytest.mark.parametrize("field", ["subject", "from_name"])
def test_no_line_breaks_in_headers(field, bad):
    with pytest.raises(ValueError, match="without control characters"):
        as_bytes(replace(MAIL, **{field: f"Hello{bad}Bcc: spy@evil.example"}))


@pytest.mark.parametrize("bad", BREAKS)
def test_no_line_breaks_in_a_files_name(bad):
    with pytest.raises(ValueError, match="not a file's name"):
        as_bytes(replace(MAIL, attachments=(Attachment(f"a{bad}b.pdf", "application/pdf", b""),)))


@pytest.mark.parametrize(
    "bad",
    [
        "", "li", "li@", "@plant.example", "li@plant.example\n", "li@plant.example\r\nBcc: a@b",
        "李@plant.example", "li@工厂.example", "li wang@plant.example", "a@b.example, c@d.example",
        "<li@plant.example>", '"li"@plant.example', "=?utf-8?q?li?=@plant.example", "li@plant..example",
        "li@[127.0.0.1]", "li\0@plant.example", f"{'x' * 65}@plant.example", f"li@{'x' * 200}.example",
    ],
)  # fmt: skip
def test_addresses_that_are_none(bad):
    assert not is_address(bad)
    for change in ({"to": ("a@b.example", bad)}, {"copies": (bad,)}, {"from_address": bad}):
        with pytest.raises(ValueError, match="not an address"):
            as_bytes(replace(MAIL, **change))
    if bad:
        with pytest.raises(ValueError, match="not an address"):
            as_bytes(replace(MAIL, reply_to=bad))


@pytest.mark.parametrize(
    "good", ["li@plant.example", "l.i+8d@mail-1.plant.example", "o'hara@x.io", "a@localhost"]
)
def test_addresses_that_are_some(good):
    assert is_address(good)
    assert read(replace(MAIL, to=(good,), from_address=good))["To"] == good


@pytest.mark.parametrize("bad", ["", "no at", "a@b>\r\nBcc: x", "a b@c", "a@b\n", "李@b", f"{'x' * 300}@b"])
def test_message_ids_that_are_none(bad):
    with pytest.raises(ValueError, match="not a Message-ID"):
        as_bytes(replace(MAIL, uid=bad))
    if bad and bad != "no at":
        with pytest.raises(ValueError, match="not a Message-ID"):
            as_bytes(replace(MAIL, in_reply_to=bad * (4 if len(bad) > 200 else 1)))


@pytest.mark.parametrize("bad", ["", "pdf", "application/pdf; name=x", "application/pdf\n", "应用/pdf"])
def test_media_types_that_are_none(bad):
    with pytest.raises(ValueError, match="not a media type"):
        as_bytes(replace(MAIL, attachments=(Attachment("a.pdf", bad, b""),)))


def test_a_date_needs_its_zone():
    with pytest.raises(ValueError, match="zone"):
        as_bytes(replace(MAIL, at=datetime(2026, 3, 12)))  # noqa: DTZ001 - that is the fault


def test_a_mail_goes_to_somebody():
    with pytest.raises(ValueError, match="somebody"):
        as_bytes(replace(MAIL, to=()))


# ---------------------------------------------------------------- what any text may do


def proven(mail):
    """Read the mail with both of the library's readers: nothing is there that was not meant."""
    written = as_bytes(mail)
    assert all(
        len(line) <= 998 and b"\r" not in line and b"\n" not in line for line in written.split(b"\r\n")
    )
    got = message_from_bytes(written, policy=default)
    assert got.keys()[:7] == HEADERS[:7]
    assert set(got.keys()[7:]) <= set(HEADERS[7:])
    assert not got.defects
    (sender,) = got["From"].addresses
    assert sender.addr_spec == mail.from_address
    assert [one.addr_spec for one in got["To"].addresses] == list(mail.to)
    assert message_from_bytes(written).keys() == got.keys()
    return got


@pytest.mark.parametrize("text", SMUGGLED)
def test_encoded_words_typed_by_people_stay_text(text):
    mail = replace(
        MAIL, subject=text, from_name=text, attachments=(Attachment(text, "application/pdf", b"x"),)
    )
    got = proven(mail)
    assert got["Subject"] == text
    assert sender_of(mail) == text
    assert next(got.iter_attachments()).get_filename() == kept(text)


@given(subject=one_line, name=one_line)
def test_any_subject_and_name_come_back_and_never_become_another_header(subject, name):
    mail = replace(MAIL, subject=subject, from_name=name)
    assert proven(mail)["Subject"] == subject
    assert sender_of(mail) == name.strip()


@given(name=one_line.filter(str.strip))
def test_any_files_name_comes_back(name):
    mail = replace(MAIL, attachments=(Attachment(name, "application/pdf", b"x"),))
    assert next(proven(mail).iter_attachments()).get_filename() == kept(name)


@given(st.text(max_size=300), st.text(max_size=300))
def test_anything_at_all_is_refused_or_harmless(subject, name):
    mail = replace(MAIL, subject=subject, from_name=name)
    try:
        as_bytes(mail)
    except ValueError:
        return
    proven(mail)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=400))
def test_any_text_comes_back(text):
    got = read(replace(MAIL, text=text + "\n", html=f"<p>{text}</p>"))
    assert text_of(got.get_body(("plain",))) == text + "\n"
    assert text_of(got.get_body(("html",))) == f"<p>{text}</p>\n"


def test_utc_is_as_good_a_zone():
    assert read(replace(MAIL, at=datetime(2026, 3, 12, tzinfo=UTC)))["Date"].endswith("+0000")


# ---------------------------------------------------------------- the proof itself


@pytest.mark.parametrize(
    ("function", "written", "fault"),
    [
        ("_words", "x\r\nBcc: spy@evil.example", "other headers"),
        ("_words", "another", "another subject"),
        ("_mailbox", "x <spy@evil.example>", "somebody else"),
        ("_disposition", 'attachment; filename="other.exe"', "other attachments"),
    ],
)
def test_a_mail_that_reads_otherwise_never_leaves(monkeypatch, function, written, fault):
    """Whatever might be wrong with the writing, the reading of what was written finds it."""
    monkeypatch.setattr(f"eightd.notifications.mail.{function}", lambda *_: written)
    mail = replace(MAIL, from_name="", attachments=(Attachment("a.pdf", "application/pdf", b""),))
    with pytest.raises(ValueError, match=fault):
        as_bytes(mail)
