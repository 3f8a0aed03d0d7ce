"""Every main page, in both languages, at a desk and on a telephone: nothing sticks out, no error on the console.

What breaks the content security policy is an error on the console, which `person` lets no test pass with.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tests import factories
from tests.browser.conftest import Person
from tests.web.casework import act, registered

pytestmark = pytest.mark.browser

OUTSIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
    .map(e => e.tagName + '.' + e.className).slice(0, 5);
}"""
ADMIN = (
    "",
    "/users/",
    "/users/new",
    "/plants/",
    "/plants/1",
    "/customers/",
    "/customers/1",
    "/parts/",
    "/phenomena/",
    "/assignment/",
    "/criteria/",
    "/criteria/new",
    "/profiles/",
    "/profiles/new",
    "/calendars/",
    "/calendars/new",
    "/calendars/CN",
    "/calendars/CN/version",
    "/relays/",
    "/relays/new/smtp",
    "/relays/new/dingtalk",
    "/mailboxes/",
    "/mailboxes/new",
    "/deliveries/",
    "/deliveries/?state=waiting",
)


def pages(number: str) -> dict[str, list[str]]:
    """Return who looks at which pages."""
    complaint = f"/complaints/{number}"
    actions = (
        "header",
        "counts",
        "stop-clock",
        "assign-discipline",
        "cancel",
        "comment",
        "evidence/new",
        "record",
    )
    return {
        "sales": [
            "/",
            "/?q=nothing",
            "/complaints/new",
            "/account/",
            "/account/password",
            "/account/messages",
            "/inbox",
            "/mail/",
            "/reports",
        ],
        "cqe": [
            complaint,
            f"{complaint}/deadlines/initial_reply",
            f"{complaint}/deadlines/final_report",
            *(f"{complaint}/D{digit}" for digit in range(9)),
            *(f"{complaint}/{action}" for action in actions),
        ],
        "auditor": ["/audit", "/log/", complaint],
        "admin": [f"/admin{path}" for path in ADMIN],
    }


@pytest.mark.parametrize("width", [1400, 390])
def test_pages_fit(
    width: int,
    person: Callable[..., Person],
    world: factories.World,
    client_for: Callable[[str | None], factories.Browser],
) -> None:
    number = registered(world)
    act(
        client_for("cqe"),
        number,
        "confirm-ours",
        {"visit_needed": "no", "sample_needed": "yes", "origin": "functional"},
    )
    wrong = []
    for login, paths in pages(number).items():
        someone = person(login, viewport={"width": width, "height": 850})
        for language, path in itertools.product(("en", "zh"), paths):
            if path == paths[0]:
                someone.open(path)
                button = someone.page.locator(f"button[name=lang][value={language}]")
                if button.count():
                    with someone.page.expect_navigation():
                        button.first.evaluate("element => element.click()")
            status = someone.open(path)
            spoken = someone.page.get_attribute("html", "lang") or ""
            outside = someone.page.evaluate(OUTSIDE)
            if status != 200 or outside or not spoken.startswith(language):
                wrong.append((login, path, status, spoken, outside))
    assert wrong == []
