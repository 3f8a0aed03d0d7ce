"""The bell in Chromium: it counts by itself, leads to the inbox, and prolongs no session."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from eightd.domain.messages import MessageKind
from eightd.persistence.tables.people import UserRow
from tests import factories
from tests.browser.conftest import Person
from tests.web.casework import registered
from tests.web.test_inbox import told

pytestmark = pytest.mark.browser


def test_the_bell_counts_by_itself_and_keeps_nobody_signed_in(
    person: Callable[..., Person], world: factories.World
) -> None:
    someone = person("rd")  # whom nothing of a new complaint concerns
    page = someone.page
    page.clock.install()
    someone.open("/account/")
    bell = page.locator(".unread-figure")
    expect(bell).to_be_empty()
    expect(bell).to_be_hidden()
    cookie = [one["value"] for one in someone.context.cookies() if one["name"] == "session"]
    number = registered(world)
    told(world, "rd", MessageKind.DUE, number=number, milestone="final_report")
    page.clock.fast_forward(61_000)
    expect(bell).to_have_text("1")
    assert cookie == [one["value"] for one in someone.context.cookies() if one["name"] == "session"]

    page.click(".unread")
    page.click(".message.is-unread .message-open")
    expect(page).to_have_url(re.compile(f"/complaints/{number}"))
    expect(bell).to_be_hidden()


def test_the_bell_of_an_ended_session_asks_no_more_and_says_nothing(
    person: Callable[..., Person], world: factories.World
) -> None:
    someone = person("te")
    page = someone.page
    page.clock.install()
    someone.open("/account/")
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(UserRow, world.users["te"]).session_epoch += 1
    asked: list[str] = []  # the browser may still ask for the page's own icon
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/inbox/unread") else None)
    page.evaluate("addEventListener('htmx:afterRequest', () => { document.body.dataset.told = 'yes'; })")
    with page.expect_response("**/inbox/unread") as answer:
        page.clock.fast_forward(61_000)
    assert answer.value.status == 286  # what stops the polling, once the page has understood it
    expect(page.locator("body[data-told]")).to_be_visible()
    for _ in range(2):
        page.clock.fast_forward(61_000)
        page.wait_for_timeout(300)
    assert len(asked) == 1
    expect(page).to_have_url(re.compile("/account/"))
