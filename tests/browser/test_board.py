"""The board in Chromium: filters keep their address, the back button, keys, search in Chinese, paging."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Person
from tests.web.casework import registered

pytestmark = pytest.mark.browser


def test_filters_search_and_the_way_back(person: Callable[..., Person], world: factories.World) -> None:
    major, other = registered(world), registered(world, quantity=1, customer="BERGER", customer_number="B-1")
    someone = person("quality_manager")
    page = someone.page
    someone.open("/?whose=all")
    numbers = page.locator("#list th[scope=row] a")
    expect(numbers).to_have_count(2)
    page.evaluate("window.untouched = true")  # gone if the page were loaded again

    page.select_option("#filters [name=tier]", "major")
    expect(numbers).to_have_text([major])
    expect(page).to_have_url(re.compile("tier=major"))
    expect(page.locator("#log-export")).to_have_attribute("href", re.compile("tier=major"))
    page.select_option("#filters [name=tier]", "other")
    expect(numbers).to_have_text([other])
    assert page.evaluate("window.untouched")

    page.go_back()
    expect(page).to_have_url(re.compile("tier=major"))
    expect(numbers).to_have_text([major])
    someone.open(page.url.removeprefix(someone.site))  # the address alone says the same
    expect(numbers).to_have_text([major])
    expect(page.locator("#filters [name=tier]")).to_have_value("major")

    page.keyboard.press("/")
    search = page.locator("[data-search]")
    expect(search).to_be_focused()
    page.keyboard.type("贝格")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q="))
    expect(numbers).to_have_text([other])
    page.keyboard.press("/")
    page.keyboard.type(major)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/complaints/{major}$"))


def test_pages_of_fifty_follow_each_other(person: Callable[..., Person], world: factories.World) -> None:
    for index in range(53):
        registered(world, customer_number=f"HX-{index}")
    someone = person("quality_manager")
    page = someone.page
    someone.open("/?whose=all")
    numbers = page.locator("#list th[scope=row] a")
    first = numbers.all_inner_texts()
    assert len(first) == 50
    page.locator("a[rel=next]").click()
    expect(numbers).to_have_count(3)
    assert not set(first) & set(numbers.all_inner_texts())
    page.locator("a[rel=prev]").click()
    expect(numbers).to_have_count(50)
    assert numbers.all_inner_texts() == first
