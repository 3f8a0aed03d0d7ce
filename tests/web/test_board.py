"""The board over HTTP: its address, its list for htmx, its words in both languages, and who sees what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from eightd.domain.words import Language
from eightd.persistence.tables.people import UserRow
from eightd.queries import board as query
from eightd.web import board_address
from eightd.web.board_address import Address
from tests import complaints, factories

ClientFor = Callable[[str | None], factories.Browser]


def late(world: factories.World, **others: Any) -> str:
    made = complaints.registration(world, **others)
    header = replace(made.header, received_at=world.services.clock() - timedelta(hours=30))
    return complaints.registered(world, **{**others, "header": header}).number


def shown(text: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="/complaints/([^"]+)"', text)


def test_the_board_shows_overdue_first_in_words(client_for: ClientFor, world: factories.World) -> None:
    on_time = complaints.registered(world).number
    overdue = late(world)
    page = client_for("quality_manager").get("/")
    assert page.status_code == 200
    assert shown(page.text) == [overdue, on_time]
    assert "6 h late" in page.text
    assert "24 h left" in page.text or "1 day left" in page.text
    assert 'aria-label="D0–D8 Open"' in page.text
    assert "Initial reply (D1–D3)" in page.text


def test_mine_is_shown_where_there_is_any_else_everything(
    client_for: ClientFor, world: factories.World
) -> None:
    number = complaints.registered(world).number
    for login, mine in (("sales", True), ("te", True), ("finance", False), ("auditor", False)):
        page = client_for(login).get("/")
        assert shown(page.text) == [number], login
        chosen = re.search(r'<option value="(\w+)" selected>', page.text)
        assert chosen is not None
        assert (chosen[1] == "mine") is mine, login
    assert shown(client_for("finance").get("/?whose=mine").text) == []


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/?whose=all", "late new"),
        ("/?whose=all&standing=overdue", "late"),
        ("/?whose=all&standing=soon", "new"),
        ("/?whose=all&tier=general", "late new"),
        ("/?whose=all&tier=major", ""),
        ("/?whose=all&stage=registered&customer=ANKE", "new"),
        ("/?whose=all&customer=BERGER", "late"),
        ("/?whose=cqe", ""),
        ("/?whose=sales", "late new"),
        ("/?whose=all&extent=ended", ""),
        ("/?q=无输出&whose=all&extent=all", "late new"),
        ("/?q=贝格&whose=all", "late"),
    ],
)
def test_the_address_narrows_the_list(
    client_for: ClientFor, world: factories.World, address: str, found: str
) -> None:
    numbers = {"new": complaints.registered(world).number, "late": late(world, foreign_customer=True)}
    assert sorted(shown(client_for("sales").get(address).text)) == sorted(
        numbers[one] for one in found.split()
    )


@pytest.mark.parametrize(
    "address",
    ["/?tier=huge", "/?stage=x", "/?whose=boss", "/?standing=9", "/?extent=none", "/?customer=NOBODY",
     "/?after=x", "/?before=1-2-3", "/?after=999999999999999999-1", "/?after=1-99999999999"],
)  # fmt: skip
def test_what_is_unknown_is_left_out_with_a_word(
    client_for: ClientFor, world: factories.World, address: str
) -> None:
    number = complaints.registered(world).number
    page = client_for("sales").get(address)
    assert page.status_code == 200
    assert "Left out because it means nothing here" in page.text
    assert shown(page.text) == [number]


@pytest.mark.parametrize(
    "address", ["/?q=" + "x" * 5000, "/?q=%22%27%28%2A", "/?customer=%25", "/?q=%E2%80%AE"]
)
def test_odd_input_is_no_error(client_for: ClientFor, address: str) -> None:
    assert client_for("sales").get(address).status_code == 200


def test_an_address_survives_writing_and_reading() -> None:
    for text in (
        "q=a b&extent=all&whose=cqe&tier=major&stage=analysing&customer=X&standing=soon",
        "after=1773304800000001-7",
    ):
        given = {name: values[0] for name, values in parse_qs(text).items()}
        read = board_address.read(MultiDict(given))
        assert read.parameters() == given
        assert read.ignored == ()
    assert Address().parameters() == {}


def test_htmx_gets_the_list_only_and_the_clean_address(client_for: ClientFor, world: factories.World) -> None:
    number = complaints.registered(world).number
    part = client_for("sales").part("/?q=&whose=all&standing=&tier=general&stage=&customer=&extent=open")
    assert shown(part.text) == [number]
    assert "<html" not in part.text
    assert 'hx-swap-oob="true"' in part.text
    assert part.headers["HX-Push-Url"] == "/?whose=all&tier=general"
    assert "HX-Request" in part.headers["Vary"]
    back = client_for("sales").get(
        "/?whose=all", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in back.text


def test_counters_lead_to_what_they_count(client_for: ClientFor, world: factories.World) -> None:
    new, overdue = complaints.registered(world).number, late(world)
    browser = client_for("sales")
    cards = re.findall(r'<a class="figure-card[^"]*" href="([^"]+)"[^>]*><b>(\d+)</b>', browser.get("/").text)
    assert [count for _, count in cards] == ["1", "0", "2", "2"]
    found = [shown(browser.get(url.replace("&amp;", "&")).text) for url, _ in cards]
    assert found == [[overdue], [], [overdue, new], [overdue, new]]


def test_many_are_counted_up_to_a_limit(
    client_for: ClientFor, world: factories.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        complaints.registered(world)
    query._counters.cache_clear()
    monkeypatch.setattr(query, "COUNTED_UP_TO", 2)
    assert "<b>1+</b><span>" in client_for("sales").get("/").text
    query._counters.cache_clear()


def test_pages_follow_each_other(
    client_for: ClientFor, world: factories.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [complaints.registered(world).number for _ in range(5)]
    defaults = query.page.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "size", 2)
    browser, met, url = client_for("sales"), [], "/?whose=all"
    page = browser.get("/")
    for _ in range(3):
        page = browser.get(url)
        met += shown(page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        url = following[1].replace("&amp;", "&") if following else ""
    assert met == made
    assert url == ""
    before = re.search(r'rel="prev" href="([^"]+)"', page.text)
    assert before is not None
    assert shown(browser.get(before[1].replace("&amp;", "&")).text) == made[2:4]


def test_empty_boards_say_what_to_do(client_for: ClientFor, world: factories.World) -> None:
    nothing = client_for("sales").get("/").text
    assert "There are no complaints yet" in nothing
    assert 'href="/complaints/new"' in nothing
    assert "There are no complaints yet" in client_for("finance").get("/").text
    complaints.registered(world)
    no_match = client_for("sales").get("/?q=xyzzy").text
    assert "Nothing matches" in no_match
    assert "Clear filters" in no_match


def test_search_jumps_to_a_number_and_lists_the_rest(client_for: ClientFor, world: factories.World) -> None:
    number = complaints.registered(world).number
    browser = client_for("sales")
    for text in (number, number.lower(), f"  {number} "):
        assert browser.get("/search", query_string={"q": text}).location == f"/complaints/{number}"
    listed = browser.get("/search", query_string={"q": "无输出"}).location
    assert parse_qs(urlsplit(listed).query) == {"q": ["无输出"], "extent": ["all"], "whose": ["all"]}
    assert shown(browser.get(listed).text) == [number]
    assert browser.get("/search?q=").location == "/"
    foreign = client_for(factories.STRANGER).get("/search", query_string={"q": number}).location
    assert foreign.startswith("/?q=")


def test_strangers_see_nothing_of_it(client_for: ClientFor, world: factories.World) -> None:
    number = complaints.registered(world).number
    for login in (factories.STRANGER, factories.LIMITED):
        for address in ("/", "/?whose=all&extent=all", "/?q=PA-1200&whose=all", "/?customer=ANKE"):
            page = client_for(login).get(address).text
            assert number not in page, (login, address)
            assert re.findall(r"<b>(\d+)</b><span>", page) == ["0", "0", "0", "0"]
    assert "Left out" in client_for(factories.LIMITED).get("/?customer=ANKE").text


def test_an_administrator_is_sent_to_administration(client_for: ClientFor, app: Flask) -> None:
    answer = client_for("admin").get("/")
    assert answer.status_code == 303
    assert answer.location == ("/admin" if "admin.index" in app.view_functions else "/account/")
    assert client_for(None).get("/").location.startswith("/login")


def test_chinese(client_for: ClientFor, world: factories.World) -> None:
    late(world)
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.update(UserRow).values(language=Language.ZH))
    page = client_for("sales").get("/").text
    for word in (
        "看板",
        "逾期 6 小时",
        "安科电子",
        "电源适配器",
        "不良现象",
        "D0–D8 未开始",
        "已登记",
        "一般",
        "等待样品",
    ):
        assert word in page, word
    assert "Anke" not in page
