"""A real server on loopback and real browsers, one per person."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import factories

PATIENCE = 60_000
"""Milliseconds that a browser may take for anything: a bound on what is broken, not a measure of what is slow."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")  # its event loop must not stay behind for the tests of other rooms
def browser(chromium: Path, chromium_flags: list[str]) -> Iterator[Browser]:
    """Chromium, started once per module of tests."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=chromium_flags)
        yield started
        started.close()


@pytest.fixture
def site(app: Flask, world: factories.World) -> Iterator[str]:
    """The application with the small world, served by waitress on a free port; its address."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)

    def run() -> None:
        with suppress(OSError):  # closed below while it waits for more, such as the last sign of a page left
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


_LEFT = re.compile(r"htmx:(afterRequest|sendAbort|sendError)").match
"""What htmx says of a part of a page that was still on its way when the page was left."""


class Person:
    """Somebody at a browser of their own; every message of its console that is an error fails the test."""

    def __init__(self, context: BrowserContext, site: str, login: str) -> None:
        """Open a page for them."""
        self.context = context
        self.site = site
        self.login = login
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.errors.append(message.text)
                if message.type == "error" and not _LEFT(message.text)
                else None
            ),
        )

    def open(self, path: str) -> int:
        """Go to a page and return the status of its answer."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        return answer.status

    def sign_in(self) -> None:
        """Sign in through the page."""
        self.open("/login")
        self.page.fill("[name=login]", self.login)
        self.page.fill("[name=password]", factories.PASSWORD)
        self.page.click("main button[type=submit], main form button")
        self.page.wait_for_url(re.compile(r"^(?!.*/login)"))

    def text(self) -> str:
        """Return what the main part of the page says."""
        return self.page.inner_text("main")


@pytest.fixture
def person(browser: Browser, site: str) -> Iterator[Callable[..., Person]]:
    """Return somebody signed in by login; each has cookies of their own."""
    people: dict[str, Person] = {}

    def signed_in(login: str, **options: object) -> Person:
        if login not in people:
            context = browser.new_context(locale="en-GB", **options)  # type: ignore[arg-type]  # passed through
            context.set_default_timeout(PATIENCE)
            people[login] = Person(context, site, login)
            people[login].sign_in()
        return people[login]

    yield signed_in
    errors = {login: someone.errors for login, someone in people.items() if someone.errors}
    for someone in people.values():
        someone.context.close()
    assert not errors
