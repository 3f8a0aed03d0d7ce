"""Every main page, in both languages, at a desk and on a telephone: nothing sticks out, no error on the console.

What breaks the content security policy is an error on the console, which `person` lets no test pass with.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tests import factories
from tests.browser.conftest import Person
from tests.browser.full_store import Full, full_store
from tests.conftest import StandingClock
from tests.notifications.imap_server import imap_server
from tests.notifications.servers import SmtpServer
from tests.web.casework import act, registered

pytestmark = pytest.mark.browser

WIDTHS = (1400, 390)
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
    "/failure-categories/",
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
            "/returns/",
            "/returns/new",
            f"{complaint}/returns",
        ],
        "cqe": [
            "/imports/",
            complaint,
            f"{complaint}/deadlines/initial_reply",
            f"{complaint}/deadlines/final_report",
            *(f"{complaint}/D{digit}" for digit in range(9)),
            *(f"{complaint}/{action}" for action in actions),
            "/suppliers",
            "/suppliers/new",
            f"{complaint}/suppliers",
            f"{complaint}/relations",
            f"{complaint}/relations/merge",
            "/short-answers",
        ],
        "auditor": ["/audit", "/log/", complaint],
        "admin": [f"/admin{path}" for path in ADMIN],
    }


def full_pages(full: Full) -> dict[str, list[str]]:
    """Return who looks at which pages of a store that is full."""
    complaint = f"/complaints/{full.number}"
    replies = f"{complaint}/replies"
    return {
        "sales": [
            complaint,
            "/mail/",
            "/mail/?state=all",
            *(f"/mail/{mail}" for mail in range(1, full.mails + 1)),
            "/complaints/new?mail=1",
            "/deadlines/",
            replies,
            f"{replies}/{full.draft}",
            f"{replies}/{full.draft}/release",
            f"{replies}/{full.failed}",
            f"{replies}/{full.sent}",
            f"{complaint}/links",
            f"{complaint}/told",
            f"{complaint}/explain-lateness",
            f"{full.link}?lang={{lang}}",
        ],
        "cqe": [
            complaint,
            f"{complaint}/deadlines/final_report",
            f"{complaint}/resume-clock",
            f"{complaint}/extend-stop",
            f"{complaint}/withdraw-stop",
            f"{complaint}/profile",
            f"{complaint}/record",
            f"{complaint}/evidence",
            f"{complaint}/evidence/1/details",
            f"{complaint}/evidence/1/mark",
            "/deadlines/rates",
            f"{complaint}/money",
            f"{complaint}/money/costs/new",
            "/costs",
            f"{complaint}/satisfaction",
            "/satisfaction",
            "/inbox",
            "/inbox?show=alarms",
            "/account/messages",
        ],
        "admin": [
            "/admin/relays/",
            "/admin/relays/1",
            "/admin/relays/2",
            "/admin/mailboxes/",
            "/admin/mailboxes/2",
            "/admin/deliveries/",
            "/admin/deliveries/?state=waiting",
            "/admin/profiles/five_ten",
            "/admin/profiles/five_ten/version",
            "/admin/profiles/standard/adopt",
            "/admin/reply-templates/",
            "/admin/reply-templates/new",
            "/admin/wording/",
            "/admin/wording/1",
            "/admin/wording/new",
            "/admin/users/2",
        ],
    }


def test_pages_fit(
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
        wrong += misfits(person(login), paths)
    assert wrong == []


def test_full_pages_of_deadlines_and_mail_fit(
    person: Callable[..., Person],
    world: factories.World,
    clock: StandingClock,
    smtp_server: SmtpServer,
) -> None:
    with imap_server() as imap:
        full = full_store(world, clock, smtp_server, imap, registered(world))
    wrong = []
    for login, paths in full_pages(full).items():
        wrong += misfits(person(login), paths)
    assert wrong == []


def misfits(someone: Person, paths: list[str]) -> list[tuple[object, ...]]:
    """Look at pages in both languages and widths; return those with something outside, otherwise said, or missing."""
    wrong: list[tuple[object, ...]] = []
    for language, path in itertools.product(("en", "zh"), paths):
        if path == paths[0]:
            someone.open(path)
            button = someone.page.locator(f"button[name=lang][value={language}]")
            if button.count():
                with someone.page.expect_navigation():
                    button.first.evaluate("element => element.click()")
        status = someone.open(path.replace("{lang}", language))
        spoken = someone.page.get_attribute("html", "lang") or ""
        outside = []
        for width in WIDTHS:
            someone.page.set_viewport_size({"width": width, "height": 850})
            outside += [(width, one) for one in someone.page.evaluate(OUTSIDE)]
        if status != 200 or outside or not spoken.startswith(language):
            wrong.append((someone.login, path, status, spoken, outside))
    return wrong
