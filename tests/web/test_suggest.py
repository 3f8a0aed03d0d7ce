"""What is offered while somebody types: by beginning and middle, in both languages, nothing foreign."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from eightd.domain.words import Language
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from tests import complaints, factories

ClientFor = Callable[[str | None], factories.Browser]


def offered(browser: factories.Browser, path: str, **typed: str) -> list[str]:
    page = browser.get(path, query_string=typed)
    assert page.status_code == 200
    return re.findall(r'data-value="([^"]*)"', page.text)


@pytest.mark.parametrize("text", ["an", "AN", "ke", "安科", "科", "electro", ""])
def test_customers_by_any_part_of_code_and_name(client_for: ClientFor, text: str) -> None:
    assert "ANKE" in offered(client_for("sales"), "/suggest/customers", customer_code=text)


@pytest.mark.parametrize("text", ["zzz", "%", "_", "\\", "'"])
def test_nothing_is_offered_for_what_is_nowhere(client_for: ClientFor, text: str) -> None:
    for kind in ("customers", "parts", "phenomena"):
        assert offered(client_for("sales"), f"/suggest/{kind}", x=text) == []


def test_beginnings_come_first_and_ten_are_enough(client_for: ClientFor, world: factories.World) -> None:
    with world.services.uow.writing(world.order("admin")) as work:
        for index in range(12):
            work.session.add(CustomerRow(code=f"X{index:02}AN", name="某", language=Language.ZH))
        work.session.add(CustomerRow(code="GONE-AN", name="某", language=Language.ZH, active=False))
    found = offered(client_for("sales"), "/suggest/customers", customer="an")
    assert found[0] == "ANKE"
    assert len(found) == 10
    assert "GONE-AN" not in offered(client_for("sales"), "/suggest/customers", customer="gone")


def test_parts_carry_their_name(client_for: ClientFor) -> None:
    page = client_for("sales").get("/suggest/parts?part_number=1200").text
    assert 'data-value="PA-1200"' in page
    assert 'data-name="Power adapter"' in page
    assert offered(client_for("sales"), "/suggest/parts", part_number="电源") == ["PA-1200"]


def test_phenomena_of_the_kind_as_the_catalogue_words_them(
    client_for: ClientFor, world: factories.World
) -> None:
    complaints.registered(world)
    browser = client_for("sales")
    assert offered(browser, "/suggest/phenomena", **{"defects-0-phenomenon": "无"}) == ["无输出"]
    assert offered(browser, "/suggest/phenomena", **{"defects-3-phenomenon": "OUTPUT"}) == ["无输出"]
    assert offered(browser, "/suggest/phenomena", x="无", kind="appearance") == []
    assert offered(browser, "/suggest/phenomena", x="无", kind="odd") == ["无输出"]


def test_nothing_foreign_is_offered(client_for: ClientFor, world: factories.World) -> None:
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add_all([PartRow(number="SECRET-1", name="秘密"), PartRow(number="NEW-1", name="新品")])
    complaints.registered(world, part_number="SECRET-1")
    for login in (factories.LIMITED, factories.STRANGER):
        browser = client_for(login)
        assert offered(browser, "/suggest/parts", x="SECRET") == []
        assert offered(browser, "/suggest/parts", x="NEW") == ["NEW-1"]  # nobody has complained of it
    assert offered(client_for(factories.LIMITED), "/suggest/customers", x="") == ["BERGER"]
    assert offered(client_for("sales"), "/suggest/parts", x="SECRET") == ["SECRET-1"]


def test_who_sees_no_complaints_is_offered_nothing(client_for: ClientFor) -> None:
    for kind in ("customers", "parts", "phenomena"):
        assert client_for("admin").get(f"/suggest/{kind}?x=a").status_code == 404
        assert client_for(None).get(f"/suggest/{kind}?x=a").status_code == 303
