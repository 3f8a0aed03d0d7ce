"""A year of a calendar in Chromium: days clicked and pressed, rows written, and back again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Person

pytestmark = pytest.mark.browser

PATH = "/admin/calendars/CN/version?year=2026"


@pytest.fixture
def page(person: Callable[..., Person]) -> Page:
    """The form of the next version, with 2026 to be clicked."""
    someone = person("admin")
    someone.open(PATH)
    return someone.page


def rows(page: Page, kind: str) -> list[tuple[str, str]]:
    found = page.locator(f'[data-rows="{kind}"] [data-row-list] > [data-row]')
    return [
        (
            found.nth(row).locator('[name$="-on"]').input_value(),
            found.nth(row).locator('[name$="-reason"]').input_value(),
        )
        for row in range(found.count())
    ]


def test_a_working_day_is_clicked_round(page: Page) -> None:
    day = page.locator('[data-day="2026-03-16"]')
    expect(day).to_be_enabled()
    page.fill("[name=marking]", "盘点")
    day.click()
    assert rows(page, "off") == [("2026-03-16", "盘点")]
    expect(day).to_have_attribute("title", "2026-03-16 · Own day off: 盘点")
    expect(day.locator(".cal-mark")).to_have_text("off")
    day.click()
    assert (rows(page, "off"), rows(page, "on")) == ([], [("2026-03-16", "盘点")])
    day.click()
    assert (rows(page, "off"), rows(page, "on")) == ([], [])
    expect(day).to_have_attribute("title", "2026-03-16 · working day (Monday)")


def test_the_keys_walk_and_press(page: Page) -> None:
    page.locator('[data-year-editor] [tabindex="0"]').focus()
    assert page.locator('[data-year-editor] [tabindex="0"]').count() == 1
    start = page.evaluate("document.activeElement.dataset.day")
    assert start.startswith("2026")
    page.locator('[data-day="2026-03-11"]').focus()
    for keys, expected in (
        ("ArrowRight", "2026-03-12"), ("ArrowDown", "2026-03-19"), ("ArrowLeft", "2026-03-18"),
        ("ArrowUp", "2026-03-11"), ("PageDown", "2026-04-11"), ("PageUp", "2026-03-11"), ("Home", "2026-03-09"),
        ("End", "2026-03-15"),
    ):  # fmt: skip
        page.keyboard.press(keys)
        assert page.evaluate("document.activeElement.dataset.day") == expected, keys
    page.keyboard.press("Enter")  # a Sunday: works first
    assert rows(page, "on") == [("2026-03-15", "Plant works")]
    page.keyboard.press("Space")
    assert (rows(page, "off"), rows(page, "on")) == ([("2026-03-15", "Plant closed")], [])
    assert page.evaluate("document.activeElement.dataset.day") == "2026-03-15"
    expect(page.locator("#live")).to_contain_text("Own day off")


def test_rows_that_are_typed_are_painted(page: Page) -> None:
    page.locator('[data-rows="off"] [data-add-row]').click()
    page.fill('[name="off-0-on"]', "2026-03-17")
    page.fill('[name="off-0-reason"]', "停电")
    expect(page.locator('[data-day="2026-03-17"]')).to_have_class("cal-day is-own_off")
    page.locator('[name="off-0-official"]').check()
    expect(page.locator('[data-day="2026-03-17"]')).to_have_class("cal-day is-holiday")
    page.locator('[data-rows="off"] [data-remove-row]').click()
    expect(page.locator('[data-day="2026-03-17"]')).to_have_class("cal-day is-working")


def test_an_official_day_that_was_clicked_away_comes_back(page: Page) -> None:
    table = "date,kind,name_zh,name_en\n2027-01-01,off,元旦,New Year\n"
    page.set_input_files(
        "[name=file]", files=[FilePayload(name="t.csv", mimeType="text/csv", buffer=table.encode())]
    )
    page.fill("[name=official_for]", "2027")
    page.click("button[value=take]")
    page.click('button[name=show][value="2027"]')
    day = page.locator('[data-day="2027-01-01"]')
    expect(day).to_have_attribute("title", "2027-01-01 · Holiday: New Year")
    day.click()
    assert rows(page, "on") == [("2027-01-01", "Plant works")]
    day.click()
    day.click()
    assert (rows(page, "off"), rows(page, "on")) == ([("2027-01-01", "元旦")], [])
    expect(page.locator('[name="off-0-official"]')).to_be_checked()
    expect(day).to_have_attribute("title", "2027-01-01 · Holiday: New Year")


def test_what_was_clicked_is_looked_at_and_saved(page: Page) -> None:
    page.locator('[data-day="2026-03-16"]').click()
    page.locator("[data-save]").click()
    expect(page.locator("main")).to_contain_text("No deadline would move")
    page.locator("button[value=save]").click()
    expect(page.locator("main")).to_contain_text("CN@2")
    expect(page.locator('td[title^="2026-03-16"]')).to_have_class("cal-day is-own_off")


def test_without_scripts_the_rows_do_it(browser: object, site: str, person: Callable[..., Person]) -> None:
    someone = person("admin", java_script_enabled=False)
    someone.open(PATH)
    expect(someone.page.locator('[data-day="2026-03-16"]')).to_be_disabled()
    expect(someone.page.locator(".without-script")).to_contain_text("Without JavaScript")
    someone.page.locator("button[name=show][value='2027']").click()
    expect(someone.page.locator('[data-day="2027-03-16"]')).to_be_visible()
