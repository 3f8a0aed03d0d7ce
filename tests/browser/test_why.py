"""Why a date, in Chromium: opened within the complaint by keyboard, its text copied; the register fits a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Person
from tests.browser.test_pages_fit import OUTSIDE
from tests.web.casework import registered

pytestmark = pytest.mark.browser


def test_the_text_is_copied_by_keyboard(person: Callable[..., Person], world: factories.World) -> None:
    number = registered(world)
    sales = person("sales", permissions=["clipboard-read", "clipboard-write"])
    page = sales.page
    sales.open(f"/complaints/{number}")
    link = page.locator("#deadlines a", has_text="Why this date?").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#why .month")
    page.get_by_role("link", name="English", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#why-text")).to_have_value(re.compile("Contractual date"))
    page.get_by_role("button", name="Copy the text").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-copy-note]")).to_have_text("Copied")
    expect(page.locator("#live")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.input_value("#why-text")


def test_where_there_is_no_clipboard_the_old_way_serves(
    person: Callable[..., Person], world: factories.World
) -> None:
    number = registered(world)
    sales = person("sales", permissions=["clipboard-read"])
    page = sales.page
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    sales.open(f"/complaints/{number}/deadlines/initial_reply?text=both")
    page.get_by_role("button", name="Copy the text").click()
    expect(page.locator("[data-copy-note]")).to_have_text(re.compile("Copied|Ctrl"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_fit(
    person: Callable[..., Person], world: factories.World, width: int, language: str
) -> None:
    number = registered(world)
    manager = person("quality_manager")
    manager.page.set_viewport_size({"width": width, "height": 800})
    if language == "zh":
        manager.page.click("button[name=lang][value=zh]")
    for path in (
        "/deadlines/", "/deadlines/rates", f"/complaints/{number}/deadlines/initial_reply",
        f"/complaints/{number}/deadlines/final_report", f"/complaints/{number}/stop-clock",
        f"/complaints/{number}/explain-lateness",
    ):  # fmt: skip
        assert manager.open(path) == 200, path
        assert manager.page.evaluate(OUTSIDE) == [], path
