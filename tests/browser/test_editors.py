"""The editors in a browser: whys built with keys alone, links that follow their cause, stock counted along."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from eightd.domain.complaint import DisciplineCode
from tests.web.test_discipline_pages import analysed
from tests.web.test_editors import CAUSES, write

pytestmark = pytest.mark.browser

WHYS = '[data-whys][data-rows="causes-0-whys"]'


def tree(page: Page) -> list[str]:
    """Return number and text of every step of the first cause."""
    return page.eval_on_selector_all(
        f"{WHYS} .why-step",
        """steps => steps.map(step => step.querySelector('[data-why-no]').textContent + ' '
            + step.querySelector('[name$="-text"]').value)""",
    )


def tabbed_to(page: Page, ending: str, key: str) -> int:
    """Press a key until a field whose name ends so has the focus; return how often that took."""
    for presses in range(1, 6):
        page.keyboard.press(key)
        if page.evaluate("ending => (document.activeElement.name || '').endsWith(ending)", ending):
            return presses
    raise AssertionError(f"{key} does not lead to {ending}")


def test_a_tree_is_built_with_keys_alone(world, client_for, person):
    number = analysed(world, client_for)
    cqe = person("cqe")
    cqe.open(f"/complaints/{number}/D4")
    page, press = cqe.page, cqe.page.keyboard.press
    page.focus("#f-causes-0-whys-0-text")
    for text in ("joint open", "zone cold", "heater weak"):
        page.keyboard.type(text)
        press("Enter")
    press("Enter")  # an empty step goes up a level
    page.keyboard.type("not measured")
    press("Shift+Enter")
    page.keyboard.type("sensor old")
    assert tree(page) == [
        "1 joint open",
        "1.1 zone cold",
        "1.1.1 heater weak",
        "1.1.2 not measured",
        "1.1.3 sensor old",
    ]
    press("Alt+ArrowLeft")
    assert tree(page)[-1] == "1.2 sensor old"
    press("Alt+ArrowUp")  # before the step of its level, with all that hangs on that
    assert tree(page) == [
        "1 joint open",
        "1.1 sensor old",
        "1.2 zone cold",
        "1.2.1 heater weak",
        "1.2.2 not measured",
    ]
    press("Alt+ArrowDown")
    press("Enter")
    press("Shift+Tab")
    page.keyboard.type("from 2014")
    assert tree(page)[-2:] == ["1.2 sensor old", "1.3 from 2014"]
    tabbed_to(page, "-evidence", "Tab")  # out of the text, in the end out of the tree: Tab is no trap
    page.keyboard.type("label")
    tabbed_to(page, "-text", "Shift+Tab")
    press("Home")
    press("Control+Backspace")
    assert tree(page)[-1] == "1.2 sensor old"
    page.get_by_role("button", name="Undo").click()
    assert tree(page)[-1] == "1.3 from 2014"
    with page.expect_navigation():
        page.click("[data-save]")
    assert tree(page)[:6] == [
        "1 joint open", "1.1 zone cold", "1.1.1 heater weak", "1.1.2 not measured", "1.2 sensor old", "1.3 from 2014",
    ]  # fmt: skip
    assert page.input_value("#f-causes-0-whys-5-evidence") == "label"


def test_a_link_follows_its_cause_and_a_new_cause_can_be_chosen(world, client_for, person):
    number = analysed(world, client_for)
    write(world, number, DisciplineCode.D4, CAUSES)
    cqe = person("cqe")
    cqe.open(f"/complaints/{number}/D4")
    page = cqe.page
    link = page.locator("#f-fishbone-machine-0-cause")
    assert link.input_value() == "0"
    page.locator("[data-causes] > [data-row-list] > [data-row]").first.locator(
        "[data-move-down]"
    ).first.click()
    expect(link).to_have_value("1")
    expect(link.locator("option:checked")).to_have_text("C2 · wrong heater")
    page.fill("#f-causes-2-text", "rail changed")
    page.select_option("#f-fishbone-machine-1-state", "confirmed")
    page.select_option("#f-fishbone-machine-1-cause", label="C3 · rail changed")
    expect(page.locator("#f-fishbone-machine-1-cause")).to_be_visible()
    page.locator("[data-causes] > [data-row-list] > [data-row]").first.locator(
        "[data-remove-row]"
    ).first.click()
    expect(page.locator("#f-fishbone-machine-1-cause option:checked")).to_have_text("C2 · rail changed")


def test_stock_and_comparisons_answer_while_one_types(world, client_for, person):
    number = analysed(world, client_for)
    cqe = person("cqe")
    cqe.open(f"/complaints/{number}/D3")
    page = cqe.page
    page.fill("#f-stock-0-quantity", "4000")
    page.fill("#f-stock-0-checked", "4100")
    words = page.locator("[data-reconciled-words]")
    expect(words).to_contain_text("1,000 of 5,000 delivered pieces are unaccounted for")
    expect(page.locator(".cell-mark")).to_have_count(1)
    page.fill("#f-stock-0-quantity", "5000")
    expect(words).to_contain_text("All 5,000 delivered pieces are found")
    expect(page.locator(".cell-mark")).to_have_count(0)
    cqe.open(f"/complaints/{number}/D2")
    page.get_by_role("button", name="When", exact=True).click()
    page.keyboard.type("since March")
    rows = page.locator("[data-compare] [data-row]:visible")
    expect(rows).to_have_count(5)
    expect(rows.nth(3)).to_have_attribute("data-dimension", "when")
    expect(rows.nth(3).get_by_text("When was it seen first")).to_be_visible()
    expect(rows.nth(3).get_by_text("Which part has it?")).to_be_hidden()
