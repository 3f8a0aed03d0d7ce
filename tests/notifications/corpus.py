"""Mails as the world sends them, made here byte by byte: each with what must be understood of it."""

# ruff: noqa: E501 - a mail is easier to judge on one line

from __future__ import annotations

import base64
import io
import quopri
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

HOST = "complaints.example.com"
OWN = f"0123456789abcdef01234567@{HOST}"
OTHER = "a1@mail.example.cn"

TEXT = "您好：\n附件为不良照片，请于24小时内回复。\n张敏"


@dataclass(frozen=True)
class Sample:
    """A mail, its kind, and what its fields must be."""

    raw: bytes
    kind: str
    told: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    text_has: str = ""
    text_lacks: str = ""


def mail(
    body: bytes = b"Hello", *headers: bytes | str, sender: bytes | str = b"Zhang <z@anke.example>",
    subject: bytes | str = b"Defects", uid: str = OTHER, kind: str = "text/plain; charset=utf-8",
) -> bytes:  # fmt: skip
    """Return a mail with these headers; text is written as UTF-8 bytes."""
    lines: list[bytes | str] = [
        b"From: " + _bytes(sender), b"To: quality@plant.example", b"Subject: " + _bytes(subject),
        f"Message-ID: <{uid}>", "Date: Thu, 12 Mar 2026 16:40:00 +0800", "MIME-Version: 1.0",
        f"Content-Type: {kind}", *headers,
    ]  # fmt: skip
    return (
        b"\r\n".join(_bytes(line) for line in lines)
        + b"\r\n\r\n"
        + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def word(text: str, charset: str, codec: str = "") -> bytes:
    """Return an encoded word in base64 that calls its bytes what it is told to."""
    return f"=?{charset}?B?{base64.b64encode(text.encode(codec or charset)).decode()}?=".encode()


def multi(*parts: bytes, kind: str = "mixed", more: str = "") -> tuple[bytes, str]:
    """Return body and content type of several parts."""
    body = b"".join(b"--=_b\n" + part + b"\n" for part in parts) + b"--=_b--\n"
    return body, f'multipart/{kind}; {more}boundary="=_b"'


def part(content: bytes, kind: str, *headers: str, encode: bool = True) -> bytes:
    """Return one part, in base64 unless it is to stand as it is."""
    lines = [f"Content-Type: {kind}", *headers]
    if encode:
        lines.append("Content-Transfer-Encoding: base64")
        content = base64.encodebytes(content)
    return "\n".join(lines).encode() + b"\n\n" + content


def picture(kind: str = "PNG", size: int = 90) -> bytes:
    """Return a small picture that is one."""
    out = io.BytesIO()
    Image.effect_noise((size, size), 80).convert("RGB").save(out, kind)
    return out.getvalue()


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200
TNEF = b"\x78\x9f\x3e\x22" + b"\x00" * 60


def _report(
    status: str, action: str, original: bytes, *, head: str = "", text: str = ""
) -> tuple[bytes, str]:
    told = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; gone@anke.example\nAction: {action}\n{status}"
    return multi(
        part(text.encode() or b"This is the mail system. Your mail could not be delivered.", "text/plain", encode=False),
        part(told.encode(), "message/delivery-status", encode=False),
        part(original, head or "message/rfc822", encode=False),
        kind="report", more="report-type=delivery-status; ",
    )  # fmt: skip


ORIGINAL = f"From: plant@plant.example\nTo: gone@anke.example\nSubject: CC-2026-00001\nMessage-ID: <{OWN}>\n\ntext\n".encode()

_gbk = TEXT.encode("gbk")
_mixed, _mixed_kind = multi(
    part("请见附件".encode("gbk"), "text/plain; charset=gb2312"),
    part(
        picture(),
        'image/png; name="=?gb2312?B?' + base64.b64encode("不良.png".encode("gbk")).decode() + '?="',
    ),
)
_rfc2231, _rfc2231_kind = multi(
    part(b"see", "text/plain"),
    part(b"%PDF-1.4 x", "application/pdf", "Content-Disposition: attachment; filename*=gb2312''%B2%E2%CA%D4.pdf"),
    part(b"%PDF-1.4 y", "application/pdf",
         "Content-Disposition: attachment;\n filename*0*=utf-8''%E6%8A%A5;\n filename*1*=%E5%91%8A;\n filename*2=.pdf"),
)  # fmt: skip
_raw_name = multi(
    part(b"see", "text/plain"),
    b"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\""
    + "客诉报告.xlsx".encode("gbk") + b"\"\nContent-Transfer-Encoding: base64\n\nUEsDBA==",
)  # fmt: skip
_long_name = multi(
    part(b"see", "text/plain"),
    b'Content-Type: image/jpeg;\n name="' + word("很长的文件名称", "gbk") + b"\n " + word("不良照片.jpg", "gbk")
    + b'"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n/9j/4A==',
)  # fmt: skip
_outlook = multi(
    multi_alternative := part(
        multi(
            part(TEXT.encode("gb18030"), "text/plain; charset=gb2312"),
            part(f"<p>{TEXT}</p>".encode("gb18030"), "text/html; charset=gb2312"), kind="alternative",
        )[0].replace(b"=_b", b"=_c"), 'multipart/alternative; boundary="=_c"', encode=False,
    ),
    part(TNEF, "application/ms-tnef; name=winmail.dat", "Content-Disposition: attachment; filename=winmail.dat"),
)  # fmt: skip
_iphone = multi(
    part("第一张".encode(), "text/plain; charset=utf-8"),
    part(HEIC, "image/heic; name=IMG_0001.HEIC", "Content-Disposition: inline; filename=IMG_0001.HEIC"),
    part("第二张".encode(), "text/plain; charset=utf-8"),
    part(
        picture("JPEG"),
        "image/jpeg; name=IMG_0002.jpeg",
        "Content-Disposition: inline; filename=IMG_0002.jpeg",
    ),
)
_related = multi(
    part('<html><head><title>x</title><style>p {color:red}</style></head><body><p>裂纹<img src="cid:1"></p>'
         "<script>alert(1)</script><table><tr><td>批号</td><td>L1</td></tr></table></body></html>".encode(),
         "text/html; charset=utf-8"),
    part(picture(), "image/png; name=logo.png", "Content-ID: <1>"), kind="related",
)  # fmt: skip
_forwarded = multi(
    part("请处理下面的客诉".encode(), "text/plain; charset=utf-8"),
    part(
        mail(b"inner", subject=word("客户投诉", "utf-8"), uid="inner@x.example"),
        "message/rfc822",
        encode=False,
    ),
)
_postfix = _report("Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown", "failed", ORIGINAL)
_headers_only = _report(
    "Status: 5.7.1\n", "failed", f"Subject: x\nMessage-ID: <{OWN}>\n".encode(), head="text/rfc822-headers"
)
_delayed = _report("Status: 4.4.1\n", "delayed", ORIGINAL)
_receipt = multi(
    part(b"read", "text/plain"), part(b"Disposition: displayed", "message/disposition-notification", encode=False),
    kind="report", more="report-type=disposition-notification; ",
)  # fmt: skip


def _nested(depth: int) -> bytes:
    content = part(b"deep", "text/plain", encode=False)
    for level in range(depth):
        content = (
            f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'.encode()
            + content
            + f"\n--b{level}--\n".encode()
        )
    return b"From: z@anke.example\nSubject: x\n" + content


CORPUS: Mapping[str, Sample] = {
    # character sets
    "gbk that calls itself gb2312": Sample(
        mail("镕基𠮷".encode("gb18030"), kind="text/plain; charset=gb2312", subject=word("镕", "gb2312", "gbk")),
        "new", {"text": "镕基𠮷", "subject": "镕"},
    ),
    "gbk": Sample(mail(_gbk, kind="text/plain; charset=GBK"), "new", {"text": TEXT}),
    "x-gbk": Sample(mail(_gbk, kind='text/plain; charset="x-gbk"'), "new", {"text": TEXT}),
    "gb18030 of four bytes": Sample(
        mail("𠀀㐀".encode("gb18030"), kind="text/plain; charset=gb18030"), "new", {"text": "𠀀㐀"}
    ),
    "hz": Sample(mail("你好".encode("hz"), kind="text/plain; charset=hz-gb-2312"), "new", {"text": "你好"}),
    "hz in name only": Sample(mail(_gbk, kind="text/plain; charset=hz"), "new", {"text": TEXT}),
    "utf-8 that calls itself gb2312": Sample(
        mail(TEXT.encode(), kind="text/plain; charset=gb2312"), "new", {"text": TEXT}
    ),
    "gbk that calls itself utf-8": Sample(mail(_gbk, kind="text/plain; charset=utf-8"), "new", {"text": TEXT}),
    "gbk that calls itself latin-1": Sample(
        mail(_gbk, kind="text/plain; charset=iso-8859-1"), "new", {"text": TEXT}
    ),
    "latin-1 that is latin-1": Sample(
        mail("Řeď? Größe über 3 mm, naïve café".encode("latin-1", "ignore"), kind="text/plain; charset=iso-8859-1"),
        "new", {"text": "e? Größe über 3 mm, naïve café"},
    ),
    "gbk without a character set": Sample(mail(_gbk, kind="text/plain"), "new", {"text": TEXT}),
    "unknown-8bit": Sample(mail(_gbk, kind="text/plain; charset=unknown-8bit"), "new", {"text": TEXT}),
    "a codec that is no character set": Sample(
        mail(b"\\u4f60", kind="text/plain; charset=unicode_escape"), "new", {"text": "\\u4f60"}
    ),
    "big5": Sample(mail("電源不良".encode("big5"), kind="text/plain; charset=big5"), "new", {"text": "電源不良"}),
    "one broken character": Sample(
        mail("批号错误".encode("gbk") + b"\xff", kind="text/plain; charset=gb2312"), "new", text_has="批号错误"
    ),
    "quoted-printable gb2312": Sample(
        mail(quopri.encodestring(_gbk), "Content-Transfer-Encoding: quoted-printable", kind="text/plain; charset=gb2312"),
        "new", {"text": TEXT},
    ),
    # headers
    "raw gbk in every header": Sample(
        mail(_gbk, sender="张敏".encode("gbk") + b" <z@anke.example>", subject="客诉：电源不良".encode("gbk"), kind="text/plain"),
        "new", {"from_name": "张敏", "from_address": "z@anke.example", "subject": "客诉：电源不良"},
    ),
    "raw utf-8 in every header": Sample(
        mail(b"x", sender="张敏 <z@anke.example>", subject="客诉：电源不良"), "new",
        {"from_name": "张敏", "subject": "客诉：电源不良"},
    ),
    "a character cut between encoded words": Sample(
        mail(b"x", subject=b"=?gb2312?B?" + base64.b64encode("电源".encode("gbk")[:3]) + b"?=\r\n =?gb2312?B?"
             + base64.b64encode("电源".encode("gbk")[3:]) + b"?="), "new", {"subject": "电源"},
    ),
    "encoded words in two character sets": Sample(
        mail(b"x", subject=word("电源", "gbk") + b" " + word("不良", "utf-8") + b" No. 7"), "new",
        {"subject": "电源不良 No. 7"},
    ),
    "a name with a comma, encoded": Sample(
        mail(b"x", sender=word("Zhang, Min <ceo@anke.example>", "utf-8") + b" <z@anke.example>"), "new",
        {"from_name": "Zhang, Min <ceo@anke.example>", "from_address": "z@anke.example"},
    ),
    "a date that cannot be": Sample(
        mail(b"x").replace(b"Thu, 12 Mar 2026 16:40:00 +0800", b"Thu, 99 Foo 0000 99:99"), "new", {"sent_at": None}
    ),
    # files
    "a file with an encoded name": Sample(mail(_mixed, kind=_mixed_kind), "new", {"text": "请见附件"}, ("不良.png",)),
    "names by RFC 2231": Sample(mail(_rfc2231, kind=_rfc2231_kind), "new", {}, ("测试.pdf", "报告.pdf")),
    "a name in raw gbk": Sample(mail(_raw_name[0], kind=_raw_name[1]), "new", {}, ("客诉报告.xlsx",)),
    "a long name in two encoded words": Sample(
        mail(_long_name[0], kind=_long_name[1]), "new", {}, ("很长的文件名称不良照片.jpg",)
    ),
    "Outlook with winmail.dat": Sample(mail(_outlook[0], kind=_outlook[1]), "new", {"text": TEXT}, ("winmail.dat",)),
    "a telephone with pictures between the text": Sample(
        mail(_iphone[0], kind=_iphone[1]), "new", {"text": "第一张\n\n第二张"}, ("IMG_0001.HEIC", "IMG_0002.jpeg")
    ),
    "HTML with a logo": Sample(
        mail(_related[0], kind=_related[1]), "new", {}, ("logo.png",), text_has="裂纹", text_lacks="alert"
    ),
    "a mail inside the mail": Sample(
        mail(_forwarded[0], kind=_forwarded[1], subject="Fwd: x"), "new", {"text": "请处理下面的客诉"}, ("客户投诉.eml",)
    ),
    "a path as a name": Sample(
        mail(multi(part(b"x", "text/plain; name=..\\..\\etc/passwd"))[0], kind=multi(b"")[1]), "new", {}, ("passwd",)
    ),
    "a boundary that is nowhere": Sample(
        mail("批号".encode(), kind='multipart/mixed; boundary="none"'), "new", {"text": "批号"}
    ),
    # answers
    "an answer": Sample(
        mail(b"ok\n\n-----Original Message-----\nFrom: x\n> old", f"In-Reply-To: <{OWN}>"), "answer",
        {"answers": (OWN,), "text": "ok", "quoted": "-----Original Message-----\nFrom: x\n> old"},
    ),
    "an answer by references, the nearest last": Sample(
        mail(b"ok", f"References: <first@x> <{OWN}>"), "answer", {"answers": (OWN, "first@x")}
    ),
    "an answer from QQ": Sample(
        mail("收到，谢谢。\n\n------------------ 原始邮件 ------------------\n发件人: x\n旧".encode(), f"In-Reply-To: <{OWN}>"),
        "answer", {"text": "收到，谢谢。"},
    ),
    "an answer from 163": Sample(
        mail('好的\n\n\n\nAt 2026-03-12 16:40:00, "品质部" <q@plant.example> wrote:\n>旧'.encode(), f"In-Reply-To: <{OWN}>"),
        "answer", {"text": "好的"},
    ),
    "an answer from Outlook in Chinese": Sample(
        mail("不同意。\n\n________________________________\n发件人: 品质部 <q@plant.example>\n发送时间: 2026年3月12日\n收件人: 张敏\n主题: x\n\n旧".encode(),
             f"In-Reply-To: <{OWN}>"), "answer", {"text": "不同意。"},
    ),
    "an answer to somebody else": Sample(mail(b"ok", "In-Reply-To: <x@elsewhere.example>"), "new"),
    # bounces
    "a bounce of Postfix": Sample(
        mail(_postfix[0], "Auto-Submitted: auto-replied", "Return-Path: <>", kind=_postfix[1],
             sender=b"MAILER-DAEMON@mx.example (Mail Delivery System)", subject=b"Undelivered Mail Returned to Sender"),
        "bounce", {"bounce.uid": OWN, "bounce.status": "5.1.1", "bounce.recipient": "gone@anke.example",
                   "bounce.is_final": True, "bounce.reason": "smtp; 550 5.1.1 User unknown"},
        ("CC-2026-00001.eml",),
    ),
    "a bounce with headers only": Sample(
        mail(_headers_only[0], kind=_headers_only[1], sender=b"postmaster@mx.example"), "bounce",
        {"bounce.uid": OWN, "bounce.status": "5.7.1"}, ("attachment",),
    ),
    "a delay": Sample(
        mail(_delayed[0], kind=_delayed[1], sender=b"MAILER-DAEMON@mx.example"), "bounce",
        {"bounce.uid": OWN, "bounce.is_final": False}, ("CC-2026-00001.eml",),
    ),
    "a bounce of Exchange": Sample(
        mail("传递到以下收件人失败。\n远程服务器返回“550 5.1.10 RESOLVER.ADR.RecipientNotFound”".encode(),
             "X-MS-Exchange-Message-Is-Ndr:", f"In-Reply-To: <{OWN}>",
             sender=b"postmaster@anke.example", subject="无法送达: 初步回复".encode()), "bounce",
        {"bounce.uid": OWN, "bounce.status": "5.1.10"},
    ),
    "a bounce of QQ": Sample(
        mail(f"抱歉，您的邮件被退回来了……\n收件人邮件地址不存在: 550 Mailbox not found\nMessage-ID: <{OWN}>".encode(),
             "Return-Path: <>", sender=b"PostMaster@qq.example", subject="来自qq.example的退信"), "bounce",
        {"bounce.uid": OWN, "bounce.status": "550", "bounce.is_final": True},
    ),
    "a bounce of 163": Sample(
        mail(f"您的邮件未送达 gone@anke.example 5.2.2 Mailbox full {OWN}".encode("gbk"), kind="text/plain; charset=gbk",
             sender=b"Postmaster@163.example", subject=word("系统退信", "gbk")), "bounce",
        {"bounce.uid": OWN, "bounce.status": "5.2.2"},
    ),
    "a bounce of Exim": Sample(
        mail(b"This message was created automatically.\n  gone@anke.example\n  550 no such user",
             "X-Failed-Recipients: gone@anke.example", "Auto-Submitted: auto-replied",
             f"References: <{OWN}>", sender=b"Mail Delivery System <Mailer-Daemon@mx.example>"), "bounce",
        {"bounce.uid": OWN, "bounce.status": "550"},
    ),
    # automatic answers and lists
    "out of office, by its header": Sample(
        mail(b"away", "Auto-Submitted: auto-replied (vacation)", f"In-Reply-To: <{OWN}>"), "auto_reply", {"is_reply": True}
    ),
    "out of office in Chinese": Sample(mail(b"x", subject="自动回复: 初步回复"), "auto_reply", {"is_reply": True}),
    "out of office in English": Sample(mail(b"x", subject=b"Automatic reply: CC-2026-00001"), "auto_reply", {"is_reply": True}),
    "out of office after Re": Sample(mail(b"x", subject=b"Re: Out of Office"), "auto_reply", {"is_reply": True}),
    "x-autoreply": Sample(mail(b"x", "X-Autoreply: yes"), "auto_reply", {"is_reply": True}),
    "a read receipt": Sample(mail(_receipt[0], kind=_receipt[1]), "auto_reply", {"is_reply": True}, ("mail.eml",)),
    "a portal that reports": Sample(mail(b"x", "Auto-Submitted: auto-generated"), "auto_reply", {"is_reply": False}),
    "auto-submitted no": Sample(mail(b"x", "Auto-Submitted: no"), "new"),
    "a list": Sample(mail(b"x", "List-Id: <quality.anke.example>"), "auto_reply", {"is_reply": False}),
    "bulk": Sample(mail(b"x", "Precedence: bulk"), "auto_reply"),
    "an answer that speaks of automatic replies": Sample(
        mail(b"x", f"In-Reply-To: <{OWN}>", subject=b"Re: tester for automatic reply"), "answer"
    ),
    # loops
    "one of ours that came back": Sample(mail(b"x", uid=OWN), "own"),
    "one of ours through a list": Sample(mail(b"x", "List-Id: <a.b>", uid=OWN.upper().replace(HOST.upper(), HOST)), "own"),
    "a forwarder that keeps our mark": Sample(mail(b"x", "X-EightD: 1"), "own"),
    "somebody's mail from our host": Sample(mail(b"x", uid=f"hand.written@{HOST}"), "new"),
    # tricks
    "two senders in two headers": Sample(mail(b"x", "From: boss@anke.example"), "refused"),
    "two Message-IDs": Sample(mail(b"x", f"Message-ID: <{OWN}>"), "refused"),
    "two senders in one header": Sample(mail(b"x", sender=b"a@anke.example, b@other.example"), "refused"),
    "a line end in an encoded subject": Sample(
        mail(b"x", subject=word("Hi\r\nBcc: all@anke.example", "utf-8")), "refused", {"subject": "Hi Bcc: all@anke.example"}
    ),
    "a line end in an encoded sender": Sample(
        mail(b"x", sender=b"=?utf-8?q?Zhang=0D=0AFrom:_boss@anke.example?= <z@anke.example>"), "refused"
    ),
    "a NUL in the subject": Sample(mail(b"x", subject=b"a\0b"), "refused", {"subject": "a b"}),
    "no sender": Sample(mail(b"x", sender=b"undisclosed"), "refused"),
    "nested too deep": Sample(_nested(40), "refused"),
    "nested much too deep": Sample(_nested(3000), "refused"),
    "too many parts": Sample(mail(multi(*[part(b"x", "text/plain")] * 250)[0], kind=multi(b"")[1]), "refused"),
    "a header without end": Sample(b"From: z@anke.example\nX: " + b"x" * 300_000 + b"\n\nx", "refused"),
    "a name that turns around": Sample(
        mail(multi(part(b"x", "text/plain; charset=utf-8", "Content-Disposition: attachment; filename=\"ab\u202efdp.exe\""))[0],
             kind=multi(b"")[1]), "new", {}, ("abfdp.exe",),
    ),
    "nothing at all": Sample(b"", "refused"),
    "only noise": Sample(bytes(range(256)) * 4, "refused"),
}  # fmt: skip
