"""Chat robots and the webhook, against servers that check what the makers' documentation says.

Signatures are computed here once more, from the documentation and not with the code under test.
"""

import base64
import hashlib
import hmac
import json
import ssl
import time
import urllib.parse
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from eightd.domain.messages import RelayKind
from eightd.domain.words import Language
from eightd.notifications.relays.carry import carry
from eightd.notifications.relays.parcel import Later, Parcel, Refused, Relay, Taken
from eightd.notifications.texts import MessageText
from tests.notifications.servers import HttpServer, Reply, closing_port

NOW = datetime(2026, 3, 13, 8, 40, 5, 123456, tzinfo=UTC)
SECRET = "SECdfe7b2a0c5"
LINK = "https://q.plant.example/complaints/CC-2026-00012"
TEXT = MessageText(
    subject="[CC-2026-00012] 初步回复现已到期（2026-03-13 16:40）",
    text="长正文\n",
    html="<p>…</p>",
    chat="初步回复现已到期，尚未发送。\n\n客户：安科电子\n",
    link=LINK,
)
PARCEL = Parcel(
    uid="5f1c0a@q.plant.example", address="138 0000 1111", text=TEXT, language=Language.ZH, at=NOW
)
OK = Reply()
FEISHU_OK = Reply(b'{"code":0,"msg":"success","data":{}}')


def said(document, **more):
    return Reply(json.dumps(document, ensure_ascii=False).encode(), **more)


@pytest.fixture
def robot():
    """Start an HTTP server that answers as the function says, and close it at the end."""
    started = []

    def start(answer, **kind):
        started.append(HttpServer(answer if callable(answer) else lambda _: answer, **kind))
        return started[-1]

    yield start
    for one in started:
        one.close()


# ---------------------------------------------------------------- WeCom


def wecom(server, **settings):
    return Relay(RelayKind.WECOM, {"url": f"{server.url}/cgi-bin/webhook/send?key=693a91f6", **settings})


def test_wecom_says_it_and_mentions_a_mobile_number(robot):
    server = robot(OK)
    assert carry(wecom(server), PARCEL) == Taken()
    posted = server.posted[0]
    assert posted.path == "/cgi-bin/webhook/send?key=693a91f6"
    assert posted.headers["content-type"].startswith("application/json")
    document = json.loads(posted.body)
    assert document["msgtype"] == "text"
    assert document["text"]["mentioned_mobile_list"] == ["13800001111"]
    assert "mentioned_list" not in document["text"]
    assert document["text"]["content"].splitlines() == [
        TEXT.subject, "初步回复现已到期，尚未发送。", "", "客户：安科电子", LINK,
    ]  # fmt: skip


def test_wecom_mentions_a_user_id_or_nobody(robot):
    server = robot(OK)
    carry(wecom(server), replace(PARCEL, address="LiWei"))
    carry(wecom(server), replace(PARCEL, address=""))
    first, second = (json.loads(posted.body)["text"] for posted in server.posted)
    assert first["mentioned_list"] == ["LiWei"]
    assert set(second) == {"content"}


def test_wecom_gets_at_most_2048_bytes_and_the_link_always(robot):
    server = robot(OK)
    many = "".join(f"- CC-2026-{number:05} 初步回复已逾期 4 小时 – 安科电子\n" for number in range(200))
    carry(wecom(server), replace(PARCEL, text=replace(TEXT, chat=many)))
    content = json.loads(server.posted[0].body)["text"]["content"]
    assert 1800 < len(content.encode()) <= 2048
    lines = content.splitlines()
    assert lines[-2:] == ["…", LINK]
    assert lines[-3] in many.splitlines()  # a whole line


def test_nobody_is_mentioned_by_what_people_typed(robot):
    server = robot(OK)
    carry(wecom(server), replace(PARCEL, text=replace(TEXT, chat="短路 <@all> <@LiWei>")))
    assert "<@" not in json.loads(server.posted[0].body)["text"]["content"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"errcode": 45009, "errmsg": "api freq out of limit"}, Later("45009: api freq out of limit")),
        ({"errcode": -1, "errmsg": "system busy"}, Later("-1: system busy")),
        ({"errcode": 93000, "errmsg": "invalid webhook url"}, Refused("93000: invalid webhook url")),
        ({"errcode": 40058, "errmsg": "content\nexceeds\x00 limit"}, Refused("40058: content exceeds limit")),
        ({"what": "else"}, Later("HTTP 200: the answer is not a robot's")),
        (["not an object"], Later("HTTP 200: the answer is not a robot's")),
    ],
)
def test_wecom_answers(robot, answer, expected):
    assert carry(wecom(robot(said(answer))), PARCEL) == expected


# ---------------------------------------------------------------- DingTalk


def dingtalk_judge(posted):
    """Check timestamp and signature as DingTalk's documentation says: within an hour, over both with the secret."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(posted.path).query)
    if query["access_token"] != ["f1d2"]:
        return said({"errcode": 300001, "errmsg": "token is not exist"})
    timestamp = query["timestamp"][0]
    mac = hmac.new(SECRET.encode("utf-8"), digestmod=hashlib.sha256)
    mac.update(timestamp.encode("utf-8") + b"\n" + SECRET.encode("utf-8"))
    if abs(int(timestamp) - NOW.timestamp() * 1000) > 3_600_000:
        return said({"errcode": 310000, "errmsg": "invalid timestamp"})
    if query["sign"] != [base64.b64encode(mac.digest()).decode("utf-8")]:
        return said({"errcode": 310000, "errmsg": "sign not match"})
    return OK


def dingtalk(server, secret=SECRET, key="f1d2"):
    return Relay(RelayKind.DINGTALK, {"url": f"{server.url}/robot/send?access_token={key}"}, secret)


def test_dingtalk_is_signed_and_mentions_a_mobile_number(robot):
    server = robot(dingtalk_judge)
    assert carry(dingtalk(server), PARCEL) == Taken()
    document = json.loads(server.posted[0].body)
    assert document["msgtype"] == "text"
    assert document["at"] == {"atMobiles": ["13800001111"], "isAtAll": False}
    lines = document["text"]["content"].splitlines()
    assert lines[0] == TEXT.subject
    assert lines[-2:] == [LINK, "@13800001111"]


def test_dingtalk_mentions_a_user_id(robot):
    server = robot(dingtalk_judge)
    assert carry(dingtalk(server), replace(PARCEL, address="manager7078")) == Taken()
    assert json.loads(server.posted[0].body)["at"] == {"atUserIds": ["manager7078"], "isAtAll": False}


@pytest.mark.parametrize(
    ("secret", "key", "late", "expected"),
    [
        ("another", "f1d2", 0, Refused("310000: sign not match")),
        (SECRET, "f1d2", 3601, Refused("310000: invalid timestamp")),
        (SECRET, "gone", 0, Refused("300001: token is not exist")),
    ],
)
def test_dingtalk_refusals(robot, secret, key, late, expected):
    parcel = replace(PARCEL, at=NOW + timedelta(seconds=late))
    assert carry(dingtalk(robot(dingtalk_judge), secret, key), parcel) == expected


def test_dingtalk_too_fast(robot):
    answer = said({"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"})
    assert carry(dingtalk(robot(answer)), PARCEL) == Later(
        "130101: send too fast, exceed 20 times per minute"
    )


def test_dingtalk_without_a_secret_is_not_signed(robot):
    server = robot(OK)
    assert carry(dingtalk(server, secret=""), PARCEL) == Taken()
    assert server.posted[0].path == "/robot/send?access_token=f1d2"


# ---------------------------------------------------------------- Feishu / Lark


def feishu_judge(posted):
    """Check timestamp and signature as Feishu's documentation says: the key is both, and nothing is hashed."""
    document = json.loads(posted.body)
    key = f"{document['timestamp']}\n{SECRET}".encode()
    sign = base64.b64encode(hmac.new(key, b"", digestmod=hashlib.sha256).digest()).decode()
    if document["sign"] != sign or abs(int(document["timestamp"]) - NOW.timestamp()) > 3600:
        return said({"code": 19021, "msg": "sign match fail or timestamp is not within one hour"})
    return FEISHU_OK


def feishu(server, secret=SECRET):
    return Relay(RelayKind.FEISHU, {"url": f"{server.url}/open-apis/bot/v2/hook/8d0a"}, secret)


def test_feishu_is_signed_and_says_it_as_a_post(robot):
    server = robot(feishu_judge)
    assert carry(feishu(server), replace(PARCEL, address="ou_18eac8")) == Taken()
    assert server.posted[0].path == "/open-apis/bot/v2/hook/8d0a"
    document = json.loads(server.posted[0].body)
    assert isinstance(document["timestamp"], str)
    assert document["msg_type"] == "post"
    assert document["content"]["post"]["zh_cn"] == {
        "title": TEXT.subject,
        "content": [
            [{"tag": "text", "text": "初步回复现已到期，尚未发送。\n\n客户：安科电子"}],
            [{"tag": "a", "text": LINK, "href": LINK}],
            [{"tag": "at", "user_id": "ou_18eac8"}],
        ],
    }


def test_feishu_in_english_without_secret_or_mention(robot):
    server = robot(FEISHU_OK)
    assert carry(feishu(server, ""), replace(PARCEL, language=Language.EN, address="")) == Taken()
    document = json.loads(server.posted[0].body)
    assert set(document) == {"msg_type", "content"}
    parts = [part["tag"] for line in document["content"]["post"]["en_us"]["content"] for part in line]
    assert parts == ["text", "a"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"code": 19024, "msg": "Key Words Not Found"}, Refused("19024: Key Words Not Found")),
        ({"code": 19001, "msg": "param invalid: incoming webhook access token invalid"},
         Refused("19001: param invalid: incoming webhook access token invalid")),
        ({"code": 11232, "msg": "frequency limited"}, Later("11232: frequency limited")),
        ({"code": 9499, "msg": "too many request"}, Later("9499: too many request")),
    ],
)  # fmt: skip
def test_feishu_answers(robot, answer, expected):
    assert carry(feishu(robot(said(answer))), PARCEL) == expected


def test_feishu_refuses_another_secret_and_an_old_timestamp(robot):
    refused = Refused("19021: sign match fail or timestamp is not within one hour")
    assert carry(feishu(robot(feishu_judge), "another"), PARCEL) == refused
    assert carry(feishu(robot(feishu_judge)), replace(PARCEL, at=NOW - timedelta(hours=2))) == refused


@pytest.mark.parametrize(
    "chat", ["初步回复已逾期 – 安科电子\n" * 3000, '"\\' * 20_000, "\n" * 20_000 + "短路"]
)
@pytest.mark.parametrize("relay", [feishu, dingtalk])
def test_a_robots_message_stays_below_20_kilobytes(robot, relay, chat):
    server = robot(OK)
    carry(relay(server), replace(PARCEL, text=replace(TEXT, chat=chat)))
    assert len(server.posted[0].body) < 20_000
    assert LINK in server.posted[0].body.decode()


# ---------------------------------------------------------------- webhook


def webhook(server, **settings):
    return Relay(RelayKind.WEBHOOK, {"url": f"{server.url}/eightd", **settings}, SECRET)


def test_a_webhook_is_signed_and_can_be_told_from_a_repetition(robot):
    server = robot(Reply(b"", 204))
    assert carry(webhook(server), PARCEL) == Taken()
    assert carry(webhook(server), replace(PARCEL, at=NOW + timedelta(minutes=5))) == Taken()
    first, second = server.posted
    assert first.headers["x-eightd-delivery"] == second.headers["x-eightd-delivery"] == PARCEL.uid
    assert first.body == second.body
    assert json.loads(first.body) == {
        "delivery": PARCEL.uid,
        "to": PARCEL.address,
        "language": "zh",
        "subject": TEXT.subject,
        "text": TEXT.chat,
        "link": LINK,
    }
    for posted, at in ((first, NOW), (second, NOW + timedelta(minutes=5))):
        parts = dict(part.split("=", 1) for part in posted.headers["x-eightd-signature"].split(","))
        assert parts["t"] == str(int(at.timestamp()))
        signed = parts["t"].encode() + b"." + posted.body
        assert parts["v1"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Taken()), (202, Taken()),
        (400, Refused("HTTP 400: Bad Request")), (404, Refused("HTTP 404: Not Found")),
        (401, Refused("HTTP 401: Unauthorized")), (410, Refused("HTTP 410: Gone")),
        (408, Later("HTTP 408: Request Timeout")), (429, Later("HTTP 429: Too Many Requests")),
        (500, Later("HTTP 500: Internal Server Error")), (503, Later("HTTP 503: Service Unavailable")),
    ],
)  # fmt: skip
def test_a_webhooks_status(robot, status, expected):
    assert carry(webhook(robot(Reply(b"no", status))), PARCEL) == expected


# ---------------------------------------------------------------- on the way


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_nowhere(robot, status):
    other = robot(OK)
    server = robot(Reply(b"", status, {"Location": f"{other.url}/"}))
    outcome = carry(webhook(server), PARCEL)
    assert isinstance(outcome, Refused)
    assert "redirects are not followed" in outcome.reason
    assert other.posted == []


@pytest.mark.parametrize("url", ["file:/etc/passwd", "ftp://h/x", "gopher://h/x", "data:,x", "", "h/x"])
def test_nothing_but_http_is_spoken(url):
    outcome = carry(Relay(RelayKind.WEBHOOK, {"url": url}, SECRET), PARCEL)
    assert outcome == Refused("the address begins neither with https:// nor with http://")


def test_a_server_that_is_not_there():
    with closing_port() as port:
        relay = Relay(RelayKind.WECOM, {"url": f"http://127.0.0.1:{port}/send?key=693a91f6"})
        outcome = carry(relay, PARCEL)
    assert isinstance(outcome, Later)
    assert outcome.reason.startswith("no connection")
    assert "693a91f6" not in outcome.reason  # the key is a password


def test_a_server_that_hangs(robot):
    def wait(_):
        time.sleep(0.5)
        return OK

    assert carry(wecom(robot(wait), timeout=0.1), PARCEL) == Later("no answer in time")


def test_an_answer_without_end_is_read_to_a_limit(robot):
    huge = Reply(b'{"errcode":0,"errmsg":"' + b"x" * 10_000_000)
    assert carry(wecom(robot(huge)), PARCEL) == Later("HTTP 200: the answer is not a robot's")


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "http://h:99999/", "http://客诉 x/", "http://a\r\nb/"]
)
def test_an_address_that_is_none(url):
    assert isinstance(carry(Relay(RelayKind.WEBHOOK, {"url": url}, SECRET), PARCEL), Later)


def test_https_is_verified(robot, tmp_path):
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = robot(OK, tls=context)
    outcome = carry(wecom(server), PARCEL)
    assert isinstance(outcome, Later)
    assert outcome.reason.startswith("certificate not trusted")
    assert server.posted == []
    assert carry(wecom(server, ca_file=str(tmp_path / "ca.pem")), PARCEL) == Taken()
    assert isinstance(carry(wecom(server, ca_file=str(tmp_path / "none.pem")), PARCEL), Later)


def test_a_proxy_is_used_where_one_is_set_and_never_by_the_environment(robot, monkeypatch):
    proxy = robot(OK)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    relay = Relay(RelayKind.WECOM, {"url": "http://robot.invalid/send?key=1", "proxy": proxy.url})
    assert carry(relay, PARCEL) == Taken()
    assert proxy.posted[0].path == "http://robot.invalid/send?key=1"
    assert carry(wecom(robot(OK)), PARCEL) == Taken()


def test_text_that_no_encoding_holds_is_said_all_the_same(robot):
    server = robot(OK)
    assert carry(webhook(server), replace(PARCEL, text=replace(TEXT, chat="\ud800 短路"))) == Taken()
    assert json.loads(server.posted[0].body)["text"] == "? 短路"
