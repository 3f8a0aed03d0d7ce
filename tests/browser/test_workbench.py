"""The workbench in browsers: two people on one discipline, off the line, signed out, back again: nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from eightd.domain.complaint import DisciplineCode
from eightd.persistence.tables.discipline import DisciplineRow
from tests import factories
from tests.browser.conftest import Person
from tests.web.casework import act, registered

pytestmark = pytest.mark.browser

ROW_OF_BO = """Array.from(document.querySelectorAll('[data-rows="members"] [name^="members-"][name$="-name"]'))
    .findIndex((field) => field.value === "Bo")"""
SAVED = re.compile(r"^Saved \d\d:\d\d by you$")


@pytest.fixture
def number(world: factories.World, client_for: Callable[[str | None], factories.Browser]) -> str:
    """A complaint whose analysis has begun."""
    made = registered(world)
    act(
        client_for("cqe"), made, "confirm-ours",
        {"visit_needed": "no", "sample_needed": "no", "origin": "functional"},
    )  # fmt: skip
    return made


@pytest.fixture
def writer(person: Callable[..., Person], number: str) -> Callable[[str, str], Person]:
    """Return somebody at a discipline, without the panels beside it, which are others' affair."""

    def at(login: str, code: str) -> Person:
        someone = person(login)
        panels = re.compile(r"/(panel|review|texts)(\?|$)")
        someone.page.route(panels, lambda route: route.fulfill(status=200, body=""))
        someone.open(f"/complaints/{number}/{code}")
        return someone

    return at


def stored(world: factories.World, code: str) -> dict[str, object]:
    with world.services.uow.reading() as session:
        row = session.query(DisciplineRow).filter_by(code=DisciplineCode(code)).one()
        return dict(row.draft or {})


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)


def kept(page: Page) -> int:
    """Return how many texts the browser keeps."""
    found = page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('eightd-work:')).length")
    return int(found)


def beat(page: Page) -> None:
    page.evaluate("EightD.beat()")


def test_two_people_on_one_discipline(world: factories.World, writer: Callable[[str, str], Person]) -> None:
    one, two = writer("cqe", "D2").page, writer("cqe2", "D2").page
    # different fields go together, without anybody pressing anything
    one.fill("[name=our_words]", "No output after 20 minutes")
    saved(one)
    two.fill("[name=history]", "None before")
    saved(two)
    expect(two.locator("[name=our_words]")).to_have_value("No output after 20 minutes")
    beat(one)
    expect(one.locator("[name=history]")).to_have_value("None before")
    found = stored(world, "D2")
    assert (found["our_words"], found["history"]) == ("No output after 20 minutes", "None before")
    # they see each other, and where
    two.focus("[name=specification]")
    beat(two)
    beat(one)
    expect(one.locator("[data-presence]")).to_contain_text("is in “Specification”")
    # the same field: theirs stands beside, mine is kept, a person chooses
    one.fill("[name=actual]", "0 V")
    saved(one)
    two.fill("[name=actual]", "0.2 V")
    clash = two.locator(".conflict")
    expect(clash).to_contain_text("0 V")
    expect(two.locator("[name=actual]")).to_have_value("0.2 V")
    assert stored(world, "D2")["actual"] == "0 V"
    with two.expect_response("**/autosave"):
        two.fill("[name=specification]", "12 V")
    expect(two.locator("[data-save-state]")).to_contain_text("please choose")
    assert stored(world, "D2")["actual"] == "0 V"
    clash.get_by_role("button", name="Keep mine").click()
    expect(clash).to_have_count(0)
    saved(two)
    beat(one)
    expect(one.locator("[name=actual]")).to_have_value("0.2 V")
    assert stored(world, "D2")["actual"] == "0.2 V"
    assert kept(one) == kept(two) == 0


def test_each_adds_a_row(world: factories.World, writer: Callable[[str, str], Person]) -> None:
    one, two = writer("cqe", "D1").page, writer("cqe2", "D1").page
    for page, name in ((one, "An"), (two, "Bo")):
        rows = page.locator('[data-rows="members"]')
        rows.locator("[data-add-row]").click()
        rows.locator('[name$="-name"]').last.fill(name)
        saved(page)
    assert [row["name"] for row in stored(world, "D1")["members"]] == ["An", "Bo"]  # type: ignore[attr-defined]
    beat(one)
    one.wait_for_function(f"{ROW_OF_BO} >= 0")
    one.route("**/presence", lambda route: route.fulfill(json={"people": [], "version": 0}))
    # one removes the row that the other edits: it stays, and it is said
    with two.expect_response("**/autosave"):
        two.fill(f"[name=members-{two.evaluate(ROW_OF_BO)}-function]", "QE")
    one.locator('[data-rows="members"] [data-remove-row]').nth(one.evaluate(ROW_OF_BO)).click()
    notices = one.locator("[data-workbench-notices] .notice")
    expect(notices).to_have_text("周婷 changed a row that you removed: it is kept")
    saved(one)
    # the same, told by the beat before it was saved
    with two.expect_response("**/autosave"):
        two.fill(f"[name=members-{two.evaluate(ROW_OF_BO)}-phone]", "12")
    one.unroute("**/presence")
    one.locator('[data-rows="members"] [data-remove-row]').nth(one.evaluate(ROW_OF_BO)).click()
    beat(one)
    expect(notices).to_have_count(2)
    expect(one.locator(f"[name=members-{one.evaluate(ROW_OF_BO)}-phone]")).to_have_value("12")
    assert [row["name"] for row in stored(world, "D1")["members"]] == ["An", "Bo"]  # type: ignore[attr-defined]


def test_off_the_line_for_a_while(world: factories.World, writer: Callable[[str, str], Person]) -> None:
    someone = writer("te", "D4")
    page = someone.page
    saved_before = page.locator("[data-save-state]").inner_text()
    assert saved_before == ""
    someone.context.set_offline(True)
    page.fill("[name=changes_before]", "Thermocouple replaced")
    expect(page.locator("[data-save-state]")).to_contain_text("Offline")
    assert kept(page) == 1
    someone.context.set_offline(False)
    saved(page)
    assert stored(world, "D4")["changes_before"] == "Thermocouple replaced"
    assert kept(page) == 0
    # a server that does not answer, and a page that is loaded again meanwhile
    page.route("**/autosave", lambda route: route.abort())
    page.fill("[name=ntf_text]", "None of them")
    expect(page.locator("[data-save-state]")).to_contain_text("Offline")
    page.reload()
    expect(page.locator("[name=ntf_text]")).to_have_value("None of them")
    expect(page.locator("form [role=status]", has_text="restored")).to_be_visible()
    page.unroute("**/autosave")
    saved(page)
    assert stored(world, "D4")["ntf_text"] == "None of them"
    someone.errors[:] = [one for one in someone.errors if "ERR_" not in one]


def test_the_session_ends_in_the_middle_of_a_text(
    world: factories.World, writer: Callable[[str, str], Person]
) -> None:
    someone = writer("cqe", "D0")
    page = someone.page
    page.fill("[name=symptom]", "No output")
    saved(page)
    someone.context.clear_cookies()
    page.fill("[name=symptom]", "No output after twenty minutes at 40 °C")
    again = page.locator("#sign-in-again")
    expect(again).to_be_visible()
    expect(page.locator("[data-save-state]")).to_contain_text("Signed out")
    assert kept(page) == 1
    again.locator("[name=password]").fill("wrong")
    again.get_by_role("button", name="Sign in").click()
    expect(again.locator(".error")).to_be_visible()
    again.locator("[name=password]").fill(factories.PASSWORD)
    again.get_by_role("button", name="Sign in").click()
    expect(again).to_be_hidden()
    saved(page)
    assert stored(world, "D0")["symptom"] == "No output after twenty minutes at 40 °C"
    assert kept(page) == 0
    page.fill("[name=action]", "Sorted")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator("[name=action]")).to_have_value("Sorted")
    someone.errors[:] = [one for one in someone.errors if "status of 4" not in one]


def test_away_and_back_again(world: factories.World, writer: Callable[[str, str], Person]) -> None:
    page = writer("cqe", "D0").page
    page.fill("[name=symptom]", "Typed and left at once")
    page.focus("[name=symptom]")
    page.keyboard.press("Alt+PageDown")
    page.wait_for_url("**/D1")
    page.go_back()
    expect(page.locator("[name=symptom]")).to_have_value("Typed and left at once")
    page.fill("[name=effect_percent]", "400")
    page.fill("[name=action]", "Stopped the line")
    expect(page.locator("[data-save-state]")).to_contain_text("not understood")
    found = stored(world, "D0")
    assert (found["symptom"], found["action"], found["effect_percent"]) == (
        "Typed and left at once", "Stopped the line", None,
    )  # fmt: skip
    page.reload()
    expect(page.locator("[name=effect_percent]")).to_have_value("400")
    page.fill("[name=effect_percent]", "40")
    saved(page)
    assert kept(page) == 0
