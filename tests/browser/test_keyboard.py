"""A discipline by keyboard alone, and what is typed outlives a reload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Person
from tests.web.casework import act, registered

pytestmark = pytest.mark.browser


@pytest.fixture
def number(world: factories.World, client_for: Callable[[str | None], factories.Browser]) -> str:
    """A complaint whose analysis has begun."""
    made = registered(world)
    act(
        client_for("cqe"),
        made,
        "confirm-ours",
        {"visit_needed": "no", "sample_needed": "no", "origin": "functional"},
    )
    return made


def test_causes_are_typed_saved_and_restored(person: Callable[..., Person], number: str) -> None:
    someone = person("te")
    page = someone.page
    someone.open(f"/complaints/{number}/D4")
    add = page.locator('[data-rows="causes"] > div > [data-add-row]')
    add.focus()
    outline = add.evaluate("e => { const s = getComputedStyle(e); return s.outlineStyle + s.boxShadow }")
    assert outline != "nonenone"
    count = page.locator('[name$="-text"][name^="causes-"]').count()
    page.keyboard.press("Enter")
    row = page.locator('[data-rows="causes"] [data-row-list] > .row-card').last
    prefix = row.get_attribute("data-row-prefix")
    expect(row.locator(":focus")).to_have_count(1)
    why = page.locator(f'[name="{prefix}-whys-0-text"]')
    expect(why).to_have_count(1)  # a blank to begin with
    assert count == page.locator('[name$="-text"][name^="causes-"]').count() - 2

    why.focus()
    page.keyboard.type("Q1 源极焊点开路")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("焊点冷焊")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    prefix = "causes-0"  # the blank cause before it is not kept
    expect(page.locator(f'[name="{prefix}-whys-1-text"]')).to_have_value("焊点冷焊")

    page.locator(f'[name="{prefix}-text"]').fill("预热区发热管规格错误")
    page.reload()  # no question, nothing pressed: it was sent on its way when the page was left
    expect(page.locator(f'[name="{prefix}-text"]')).to_have_value("预热区发热管规格错误")
    expect(page.locator(f'[name="{prefix}-whys-1-text"]')).to_have_value("焊点冷焊")


def test_the_focus_is_seen_and_not_hidden_by_the_bar(person: Callable[..., Person], number: str) -> None:
    someone = person("cqe")
    page = someone.page
    page.set_viewport_size({"width": 1000, "height": 600})
    someone.open(f"/complaints/{number}/D2")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """async () => { const frame = () => new Promise(requestAnimationFrame);
            const e = document.activeElement; if (e === document.body) return null;
            const covered = () => { const r = e.getBoundingClientRect();
                const bar = document.querySelector('.form-actions').getBoundingClientRect();
                return !e.closest('.form-actions') && e.closest('main')
                    && r.bottom > bar.top + 2 && r.top < bar.bottom - 2; };
            await frame();
            for (let waited = 0; waited < 60 && covered(); waited++) await frame();  // the page may still be scrolling
            const s = getComputedStyle(e);
            const marked = s.outlineStyle !== 'none' || s.boxShadow !== 'none';
            return [e.name || e.textContent.trim().slice(0, 40), marked, covered()]; }"""
        )
        if found and (not found[1] or found[2]):
            unseen.append(found)
    assert unseen == []


def test_the_page_stands_where_it_was_brought(person: Callable[..., Person], number: str) -> None:
    page = person("te").page
    person("te").open(f"/complaints/{number}/D4")
    top, most = page.evaluate("""() => {
        const html = document.documentElement;
        window.scrollTo(0, html.scrollHeight);
        return [window.scrollY, html.scrollHeight - window.innerHeight];
    }""")
    assert 0 < most - 1 <= top  # at once: a button that still moves slips from under the pointer
