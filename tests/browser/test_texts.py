"""Both languages side by side, and texts to start from, in a browser: shown, checked, put in, saved as one types."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from eightd.domain.complaint import DisciplineCode
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.usecases import phrases
from tests import factories
from tests.browser.conftest import Person
from tests.web.casework import act, registered

pytestmark = pytest.mark.browser

D4 = DisciplineCode.D4


@pytest.fixture
def number(world: factories.World, client_for: Callable[[str | None], factories.Browser]) -> str:
    """A complaint whose analysis has begun, and a wording for what changed before."""
    made = registered(world)
    act(
        client_for("cqe"),
        made,
        "confirm-ours",
        {"visit_needed": "no", "sample_needed": "no", "origin": "functional"},
    )
    wording = phrases.PhraseFields(D4, "changes_before", "无变更。", "Nothing was changed.", world.plant)
    phrases.create_phrase(world.services.uow, world.order("te"), fields=wording)
    return made


def test_a_pair_is_typed_checked_begun_with_a_phrase_and_saved(
    person: Callable[..., Person], world: factories.World, number: str
) -> None:
    someone = person("te")
    page = someone.page
    someone.open(f"/complaints/{number}/D4")
    both = page.get_by_label("Both languages")
    both.check()
    text, other = page.locator('[name="changes_before"]'), page.locator('[name="other:changes_before"]')
    text.fill("3 月 12 日起使用批次 B2603A。")
    other.fill("Lot B2603A from 13 March on.")
    expect(page.locator('[data-other="changes_before"] [data-unlike]')).to_contain_text("13 March")
    other.fill("Lot B2603A from 12 March on.")
    expect(page.locator('[data-other="changes_before"] [data-unlike] li')).to_have_count(0)

    text.fill("")
    other.fill("")
    text.focus()
    expect(page.locator("[data-texts] [data-insert]").first).to_be_visible()
    with page.expect_response(lambda answer: "/autosave" in answer.url and answer.ok):
        page.keyboard.press("Alt+Digit1")
    expect(text).to_have_value("无变更。")
    expect(other).to_have_value("Nothing was changed.")

    page.locator('[data-internal="changes_before"] input').check(force=True)
    row = page.locator('[data-rows="causes"] [data-row-list] > .row-card').first
    prefix = row.get_attribute("data-row-prefix")
    cause = page.locator(f'[name="{prefix}-text"]')
    cause.fill("焊接温度过低")
    place = cause.evaluate("field => EightD.placeOf(field)")
    page.locator(f'[name="other:{place}"]').fill("Soldering too cold")
    page.get_by_role("button", name="Add cause", exact=True).click()
    added = page.locator('[data-rows="causes"] [data-row-list] > .row-card').last
    expect(added.locator('[name^="other:causes/"]').first).to_be_visible()
    added.locator("[data-move-up]").first.click()  # the pair follows its row
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(f'[name="other:{place}"]')).to_have_value("Soldering too cold")

    with world.services.uow.reading() as session:
        draft = session.query(DisciplineRow).filter_by(code=D4).one().draft
    answer = answer_from(D4, draft or {})
    assert dict(answer.translation) == {"changes_before": "Nothing was changed.", place: "Soldering too cold"}
    assert answer.internal == ("changes_before",)
