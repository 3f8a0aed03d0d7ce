"""What is understood of mails: character sets, names, answers, bounces, automatic answers, loops, tricks."""

from __future__ import annotations

import random
import time
from functools import reduce

import hypothesis
import hypothesis.strategies as st
import pytest

from eightd.domain.correspondence import MailKind
from eightd.notifications.mail_in import charsets, parse, plain
from eightd.notifications.mail_in.received import Limits
from tests.notifications.corpus import CORPUS, HOST, OWN, Sample, mail


@pytest.mark.parametrize("name", CORPUS)
def test_a_mail_is_understood(name):
    sample: Sample = CORPUS[name]
    found = parse.parse(sample.raw, host=HOST)
    assert found.kind == sample.kind, found.fault
    for path, wanted in sample.told.items():
        assert reduce(getattr, path.split("."), found) == wanted, path
    if found.kind is not MailKind.REFUSED:
        assert tuple(one.filename for one in found.enclosures) == sample.files
    assert sample.text_has in found.text
    assert not sample.text_lacks or sample.text_lacks not in found.text
    assert (found.fault is not None) is (found.kind is MailKind.REFUSED)
    assert_clean(found)


def assert_clean(found):
    """Nothing that a store, a page or a terminal would stumble over."""
    lines = [found.uid, found.from_name, found.from_address, found.subject, *found.to, *found.answers]
    lines += [one.filename for one in found.enclosures] + [one.media_type for one in found.enclosures]
    if found.bounce:
        lines += [found.bounce.uid, found.bounce.status, found.bounce.recipient, found.bounce.reason]
    assert all(one == charsets.one_line(one) for one in lines), lines
    for text in (found.text, found.quoted, *lines):
        text.encode()
        assert "\0" not in text
    assert len(found.uid) <= 400
    assert len(found.subject) <= 400
    assert len(found.from_name) <= 200
    assert len(found.from_address) <= 320
    assert len(found.text) <= Limits().text
    assert all(0 < len(one.filename) <= 200 for one in found.enclosures)
    assert all(len(one.media_type) <= 120 for one in found.enclosures)


def test_there_are_mails_enough():
    assert len(CORPUS) >= 60


@hypothesis.given(st.binary(max_size=3000))
@hypothesis.settings(max_examples=150)
def test_any_bytes_are_read(raw):
    assert_clean(parse.parse(raw, host=HOST))


_SAMPLES = [sample.raw for sample in CORPUS.values() if len(sample.raw) < 20_000]
_MARKS = [b"\r\n", b"\n", b"\r", b"\0", b'"', b";", b"=?", b"?=", b"--=_b", b"\xff", b"<", b">", b"*0*=", b"''", b"(",
          b"Content-Type: ", b"multipart/mixed", b"charset=", b"message/rfc822", b"base64", b"uuencode",
          b"\xd6\xd0"]  # fmt: skip


@hypothesis.given(st.randoms(use_true_random=False), st.sampled_from(_SAMPLES))
@hypothesis.settings(max_examples=400)
def test_spoilt_mails_are_read(dice: random.Random, raw):
    spoilt = bytearray(raw)
    for _ in range(dice.randint(1, 12)):
        place = dice.randint(0, len(spoilt))
        match dice.randint(0, 3):
            case 0:
                spoilt[place:place] = dice.choice(_MARKS)
            case 1:
                del spoilt[place : place + dice.randint(1, 40)]
            case 2:
                spoilt[place : place + 1] = bytes([dice.randint(0, 255)])
            case _:
                other = dice.choice(_SAMPLES)
                at = dice.randint(0, len(other))
                spoilt[place:place] = other[at : at + dice.randint(1, 200)]
    assert_clean(parse.parse(bytes(spoilt), host=HOST))


@hypothesis.given(st.text(max_size=400))
def test_any_html_becomes_text(html):
    plain.from_html(html)
    fresh, quoted = plain.parted(html)
    assert len(fresh) + len(quoted) <= len(html)


@pytest.mark.parametrize(
    "hard",
    ["<!--" * 100_000, "<a " * 100_000, "<" * 300_000, "<div>" * 60_000, "<a" + " b" * 100_000 + ">", "&#" * 200_000,
     "<![CDATA[" * 50_000, "<script" * 60_000],
)  # fmt: skip
def test_html_made_to_take_long_does_not(hard):
    began = time.monotonic()
    plain.from_html(hard)
    assert time.monotonic() - began < 20


def test_a_mail_beyond_the_limit_keeps_its_head():
    found = parse.parse(mail(b"x" * 3000, subject="大附件"), host=HOST, limits=Limits(size=2000))
    assert (found.kind, found.subject, found.from_address) == (MailKind.REFUSED, "大附件", "z@anke.example")
    assert found.fault is not None
    assert not found.text


def test_what_was_too_large_to_fetch_keeps_its_head():
    found = parse.refused_unread(mail(b"", subject="大附件"), 40 * 2**20)
    assert found.subject == "大附件"
    assert found.fault is not None
    assert "40 MB" in found.fault.text("zh")


def test_a_forwarded_mail_keeps_what_it_forwards():
    body = "请看\n\n-----原始邮件-----\n发件人: 客户\n发送时间: 今天\n主题: 客诉\n\n电源不良 12 件".encode()
    assert "电源不良" in parse.parse(mail(body, subject="转发: 客诉"), host=HOST).text
    assert "电源不良" in parse.parse(mail(body, subject="答复: 客诉"), host=HOST).quoted


def test_where_everything_is_quoted_nothing_is_cut():
    found = parse.parse(mail(b"> all\n> quoted", f"In-Reply-To: <{OWN}>"), host=HOST)
    assert found.text == "> all\n> quoted"
