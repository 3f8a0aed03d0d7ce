"""What an administrator may enter for a relay."""

import pytest

from eightd.domain.messages import RelayKind
from eightd.notifications.relays.settings import FIELDS, SECURITIES, USUAL_PORTS, problems

SMTP = {
    "host": "mail.plant.example",
    "port": 587,
    "security": "starttls",
    "from_address": "quality@plant.example",
}
URLS = {
    RelayKind.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa",
    RelayKind.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=f1d2",
    RelayKind.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/8d0a",
    RelayKind.WEBHOOK: "http://mes.plant.example:8080/eightd",
}
SECRET = "0123456789abcdef"


def fields(kind, settings, secret=""):
    found = problems(kind, settings, secret)
    for message in found.values():
        assert message.text("en")
        assert message.text("zh") != message.text("en")
    return set(found)


def test_what_is_right_has_no_problems():
    assert problems(RelayKind.SMTP, SMTP, "") == {}
    signed_in = {**SMTP, "username": "quality", "from_name": "客诉 EightD", "timeout": 30, "port": "465"}
    assert problems(RelayKind.SMTP, signed_in, "密码 s3cret") == {}
    for kind, url in URLS.items():
        assert problems(kind, {"url": url}, SECRET) == {}
    assert problems(RelayKind.FEISHU, {"url": URLS[RelayKind.FEISHU], "proxy": "http://proxy:3128"}, "") == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"host": ""}, "host"), ({"host": "mail plant"}, "host"), ({"host": "http://mail"}, "host"),
        ({"host": "mail\r\n"}, "host"),
        ({"port": 0}, "port"), ({"port": 65536}, "port"), ({"port": "smtp"}, "port"), ({"port": None}, "port"),
        ({"port": "nan"}, "port"),
        ({"security": "ssl"}, "security"), ({"security": ""}, "security"),
        ({"from_address": ""}, "from_address"), ({"from_address": "质量@plant.example"}, "from_address"),
        ({"from_name": "a\nb"}, "from_name"), ({"from_name": "x" * 101}, "from_name"),
        ({"username": "a\0"}, "username"), ({"username": "quality"}, "secret"),
        ({"timeout": 0}, "timeout"), ({"timeout": 31}, "timeout"), ({"timeout": "long"}, "timeout"),
        ({"ca_file": "/nowhere/ca.pem"}, "ca_file"), ({"ca_file": "a\0b"}, "ca_file"),
    ],
)  # fmt: skip
def test_a_mail_servers_settings(change, field):
    assert field in fields(RelayKind.SMTP, {**SMTP, **change})


def test_a_password_is_one_line():
    assert fields(RelayKind.SMTP, {**SMTP, "username": "quality"}, "a\nb") == {"secret"}


def test_a_file_of_the_plants_own_authority(tmp_path):
    (tmp_path / "ca.pem").write_text("…")
    assert problems(RelayKind.SMTP, {**SMTP, "ca_file": str(tmp_path / "ca.pem")}, "") == {}


@pytest.mark.parametrize("kind", URLS)
@pytest.mark.parametrize(
    "url",
    [
        "", "qyapi.weixin.qq.com/send?key=1", "file:/etc/passwd", "ftp://h/hook/?key=1&access_token=1",
        "https://user:word@h/hook/?key=1&access_token=1", "https:///hook/?key=1&access_token=1",
        "https://h/hook/ x?key=1&access_token=1", "https://h:0/hook/?key=1&access_token=1",
        "https://h:x/hook/?key=1&access_token=1", "https://h/hook/?key=1&access_token=1#x",
        "https://h/hook/客诉?key=1&access_token=1", "https://[::1/hook/?key=1&access_token=1",
        f"https://h/hook/?key=1&access_token={'x' * 500}", "https://h/hook/?key=1&access_token=1\r\nX: y",
    ],
)  # fmt: skip
def test_addresses_that_are_none(kind, url):
    assert fields(kind, {"url": url}, SECRET) == {"url"}


@pytest.mark.parametrize("kind", [RelayKind.WECOM, RelayKind.DINGTALK, RelayKind.FEISHU])
def test_a_robots_address_is_the_robots(kind):
    assert fields(kind, {"url": "https://www.plant.example/"}) == {"url"}
    others = [other for other in URLS if other not in (kind, RelayKind.WEBHOOK)]
    for other in others:
        assert fields(kind, {"url": URLS[other]}) == {"url"}
    assert fields(kind, {"url": URLS[kind].replace("https://", "http://proxy.plant.example:8443/")}) == set()


def test_a_webhook_needs_a_secret_worth_the_name():
    settings = {"url": URLS[RelayKind.WEBHOOK]}
    assert fields(RelayKind.WEBHOOK, settings) == {"secret"}
    assert fields(RelayKind.WEBHOOK, settings, "short") == {"secret"}
    assert fields(RelayKind.DINGTALK, {"url": URLS[RelayKind.DINGTALK]}, "a\nb") == {"secret"}


def test_a_proxy_is_an_address_too():
    assert fields(RelayKind.WECOM, {"url": URLS[RelayKind.WECOM], "proxy": "socks5://p:1"}) == {"proxy"}


def test_every_kind_says_what_it_reads():
    assert set(FIELDS) == set(RelayKind)
    assert set(USUAL_PORTS) == set(SECURITIES)
