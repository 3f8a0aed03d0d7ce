"""Registering in Chromium: the tier while typing, suggestions by keyboard, pictures, errors, a telephone."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Person

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NO_OVERFLOW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def test_suggestions_open_when_asked_for_and_are_chosen_by_keyboard(person: Callable[..., Person]) -> None:
    page = person("sales").page
    person("sales").open("/complaints/new")
    customer, options = page.locator("[name=customer_code]"), page.locator("#f-customer_code-list")
    expect(customer).to_be_focused()
    page.wait_for_timeout(400)  # longer than a list would take to come
    expect(options).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(options.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(options).to_be_hidden()
    page.keyboard.type("贝格")
    expect(options.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(customer).to_have_value("BERGER")
    expect(options).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.type("pa-12")
    expect(page.locator("#f-part_number-list").get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=part_number]")).to_have_value("PA-1200")
    expect(page.locator("[name=part_name]")).not_to_have_value("")


def test_the_tier_follows_the_counts(person: Callable[..., Person]) -> None:
    someone = person("sales")
    page = someone.page
    someone.open("/complaints/new")
    page.fill("[name=defects-0-phenomenon]", "no output")
    page.locator("[name=defects-0-quantity]").press_sequentially("14")
    tier = page.locator("#tier")
    expect(tier).to_contain_text("General")
    expect(tier).to_contain_text("14 pcs")
    page.fill("[name=defects-0-quantity]", "15")
    expect(tier).to_contain_text("Major")
    page.fill("[name=defects-0-quantity]", "1")
    expect(tier).to_contain_text("Other")
    page.check("[name=safety]")
    expect(tier).to_contain_text("Major")


def test_errors_stand_beside_their_fields_and_pictures_arrive(person: Callable[..., Person]) -> None:
    someone = person("sales")
    page = someone.page
    someone.open("/complaints/new")
    page.fill("[name=defects-0-phenomenon]", "无输出")
    with page.expect_navigation():
        page.click("#register .form-actions .btn-primary")
    someone.errors = [one for one in someone.errors if "422" not in one]
    expect(page.locator("[data-error-summary]")).to_be_focused()
    for name in ("customer_code", "part_number"):
        field = page.locator(f"[name={name}]")
        expect(field).to_have_attribute("aria-invalid", "true")
        described = (field.get_attribute("aria-describedby") or "").split()
        assert any(page.locator(f"#{one}.error").count() for one in described), name
    assert page.input_value("[name=defects-0-phenomenon]") == "无输出"
    page.locator("[data-error-summary] a").first.click()
    assert page.evaluate("document.activeElement.name") == "customer_code"
    page.fill("[name=customer_code]", "ANKE")
    page.fill("[name=part_number]", "PA-1200")
    page.fill("[name=defects-0-quantity]", "2")
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (180, 60, 40)).save(content, "JPEG")
    page.set_input_files(
        "[name=pictures]", {"name": "Q1.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}
    )
    with page.expect_navigation():
        page.click("#register .form-actions .btn-primary")
    assert page.url.endswith("/complaints/CC-2026-00001")
    shown = page.locator("main img[src*='/thumbnail']")
    expect(shown).to_have_count(1)
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("picture => picture.naturalWidth") > 0


def test_a_telephone_shows_the_whole_form(person: Callable[..., Person]) -> None:
    someone = person("sales", **PHONE)
    page = someone.page
    someone.open("/complaints/new")
    page.fill(
        "[name=defects-0-phenomenon]", "a phenomenon with a name that is longer than the telephone is wide"
    )
    page.fill("[name=defects-0-quantity]", "20")
    expect(page.locator("#tier")).to_contain_text("Major")
    page.click("main summary >> nth=-1")
    assert page.evaluate(NO_OVERFLOW)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main select, main input:not([type=hidden])')]
        .filter(e => e.offsetParent && !['checkbox', 'radio'].includes(e.type)
            && e.getBoundingClientRect().height < 32).map(e => e.name || e.textContent)"""
    )
    assert small == []
