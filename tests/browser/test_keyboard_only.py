"""From the registration to an issued report with keys alone: nothing is clicked, no field is reached but by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import factories
from tests.browser.conftest import PATIENCE, Person

pytestmark = pytest.mark.browser

FOCUSED = """() => {
    const focused = document.activeElement;
    return focused.matches('button') ? focused.innerText.trim() : focused.name || focused.innerText.trim();
}"""


class Typist(Person):
    """Somebody without a mouse, who sees where the focus is."""

    def focused(self) -> str:
        """Return the name of the field that has the focus, or what its button says."""
        return str(self.page.evaluate(FOCUSED))

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def tab(self, name: str, most: int = 12) -> None:
        """Go on by Tab until a field has the focus; that is not far."""
        passed = []
        for _ in range(most):
            self.press("Tab")
            passed.append(self.focused())
            if passed[-1] == name:
                return
        raise AssertionError(f"{name} is not within {most} presses of Tab: {passed}")

    def type(self, name: str, text: str) -> None:
        """Go on to a field and type."""
        self.tab(name)
        self.page.keyboard.type(text)

    def go(self, *keys: str) -> None:
        """Press keys, the last of which leads to another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])

    def next_step(self, label: str) -> None:
        """Out of the field, to the button for the next step."""
        self.press("Escape", ".")
        assert label in self.focused()

    def accept(self) -> None:
        """Accept the discipline that this page shows."""
        self.next_step("Accept")
        self.press("Enter")
        expect(self.page.locator("dialog[open] textarea:focus")).to_have_count(1)
        self.press("Tab", "Tab")
        self.go("Enter")
        expect(self.page.locator("#notices")).to_contain_text("was accepted")

    def sign_in(self) -> None:
        """Sign in: the name has the focus when the page opens."""
        self.open("/login")
        self.page.keyboard.type(self.login)
        self.type("password", factories.PASSWORD)
        self.go("Enter")

    def find(self, number: str) -> None:
        """Find a complaint by its number."""
        self.press("/")
        self.page.keyboard.type(number)
        self.go("Enter")
        assert self.page.url.endswith(f"/complaints/{number}")


@pytest.fixture
def people(browser: Browser, site: str) -> Iterator[dict[str, Typist]]:
    """Sales, the CQE and the test engineer, signed in."""
    typists = {}
    for login in ("sales", "cqe", "te"):
        typists[login] = Typist(browser.new_context(locale="en-GB"), site, login)
        typists[login].page.set_default_timeout(PATIENCE)
        typists[login].sign_in()
    yield typists
    errors = {login: one.errors for login, one in typists.items() if one.errors}
    for one in typists.values():
        one.context.close()
    assert not errors


def test_a_complaint_becomes_a_report_with_keys_alone(  # noqa: PLR0915 - one story, told in one go
    people: dict[str, Typist],
) -> None:
    sales, cqe, te = people["sales"], people["cqe"], people["te"]

    sales.go("n")  # the customer has the focus
    assert sales.focused() == "customer_code"
    sales.page.keyboard.type("ANKE")
    sales.type("part_number", "PA-1200")
    sales.type("customer_number", "HX-7")
    sales.tab("defects-0-phenomenon", most=16)
    sales.page.keyboard.type("no output")
    sales.type("defects-0-quantity", "18")
    sales.type("quantity_delivered", "5000")
    sales.go("Control+s")
    expect(sales.page.locator("#notices")).to_contain_text("was registered")
    number = re.sub(r".*/", "", sales.page.url)

    cqe.find(number)
    cqe.next_step("Confirm: ours")
    cqe.go("Enter")
    assert cqe.focused() == "visit_needed"  # the form of a step begins at its first field
    cqe.press("ArrowDown")
    cqe.tab("sample_needed")
    cqe.press("ArrowDown")
    cqe.next_step("Confirm: ours")
    cqe.go("Enter")

    cqe.go("g", "3")
    cqe.press("i")
    assert cqe.focused() == "delivered"
    cqe.type("stock-0-quantity", "3200")
    cqe.type("stock-0-checked", "3200")
    cqe.type("stock-0-ng", "91")
    cqe.press("Control+Enter")
    assert cqe.focused() == "stock-1-place"
    cqe.page.keyboard.type("In tr")
    cqe.type("stock-1-quantity", "1800")
    cqe.press("Alt+ArrowUp")
    assert cqe.focused() == "stock-0-quantity"  # the row has moved, the focus with it
    cqe.press("Alt+ArrowDown")
    assert cqe.focused() == "stock-1-quantity"
    expect(cqe.page.locator("[data-reconciled-words]")).to_contain_text(
        "All 5,000 delivered pieces are found"
    )
    cqe.go("Control+s")  # the page comes back where one was
    expect(cqe.page.locator('[name="stock-1-quantity"]:focus')).to_have_value("1800")
    cqe.tab("unaccounted_reason", most=50)
    cqe.tab("actions-0-what")
    cqe.page.keyboard.type("100 % full load burn-in for 30 min")
    cqe.press("Alt+i")  # the mark is set from the text, and taken away again
    assert cqe.page.locator('[name^="internal:actions/"][name$="/what"]').is_checked()
    cqe.press("Alt+i")
    assert not cqe.page.locator('[name^="internal:actions/"][name$="/what"]').is_checked()
    cqe.type("actions-0-where", "warehouse")
    cqe.next_step("Submit")
    cqe.go("Enter")
    cqe.accept()

    te.find(number)
    te.go("g", "4")
    te.press("i")
    te.type("fishbone-man-0-text", "curve not measured at night")
    te.press("Control+Enter")
    assert te.focused() == "fishbone-man-1-text"
    te.tab("causes-0-path", most=50)
    for at, (path, cause) in enumerate((("Occ", "wrong heater in zone 3"), ("Esc", "tested at half load"))):
        if at:
            te.tab("Add cause")
            te.press("Enter")
            assert te.focused() == "causes-1-path"
        te.page.keyboard.type(path)
        te.type(f"causes-{at}-text", cause)
        te.type(f"causes-{at}-how", "switched on and off")
        te.tab(f"causes-{at}-whys-0-text")
        for why in ("joint open", "joint cold", "zone weak"):
            te.page.keyboard.type(why)
            te.press("Enter")
        te.press("Enter")  # an empty step goes up a level
        te.page.keyboard.type("not noticed")
    numbers = te.page.locator('[data-prefix="causes-1-whys"] [data-why-no]').all_inner_texts()
    assert numbers == ["1", "1.1", "1.1.1", "1.1.2"]
    te.next_step("Submit")
    te.go("Enter")

    cqe.find(number)
    cqe.go("g", "4")
    cqe.accept()
    cqe.go("g", "c")
    cqe.page.keyboard.press("i")
    cqe.tab("Issue initial report", most=80)
    cqe.go("Enter")
    cqe.next_step("Issue initial report")
    cqe.go("Enter")
    expect(cqe.page.locator("#notices")).to_contain_text("Revision 1 was issued")
