"""A supplier answers in English on a telephone, from the link to the acceptance, with a return in between."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.usecases.suppliers import judge
from tests import factories
from tests.browser.conftest import PATIENCE
from tests.browser.test_pages_fit import OUTSIDE
from tests.browser.test_register import PHONE
from tests.usecases.case import D2, D3, D4, Case
from tests.usecases.supplier_case import Asked, asked, file_of

pytestmark = pytest.mark.browser

NAME = "Lena Sommer"
_REFUSED = "Failed to load resource: the server responded with a status of 4"
WHY = "Your D4 does not say why your own inspection let it pass."


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """A telephone of somebody without an account; an error on its console fails the test."""
    context = browser.new_context(locale="en-GB", base_url=site, **PHONE)  # type: ignore[arg-type]  # passed through
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and not message.text.startswith(_REFUSED)
            else None
        ),
    )
    page.on("request", lambda one: None if one.url.startswith((site, "data:")) else errors.append(one.url))
    yield page
    context.close()
    assert not errors


def fits(page: Page) -> None:
    """Nothing sticks out of the screen."""
    assert page.evaluate(OUTSIDE) == []


def judged(own: Asked, code: DisciplineCode, reason: str = "") -> None:
    """Accept an answer, or return it with a reason, as our SQE."""
    services, world = own.case.services, own.case.world
    given: dict[str, Any] = {"number": own.number, "code": code, "version": own.discipline(code).version}
    if reason:
        judge.return_answer(services.uow, world.order("sqe"), **given, reason=reason)
    else:
        judge.accept_answer(services.uow, world.order("sqe"), **given)


def photo() -> bytes:
    """A picture as a camera takes it."""
    made = io.BytesIO()
    Image.new("RGB", (1200, 900), "grey").save(made, "JPEG")
    return made.getvalue()


def reads(own: Asked, phone: Page, token: str) -> None:
    """What it is about stands there, and nothing but."""
    phone.goto(f"/q/{token}")
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"8D {own.number}")
    expect(phone.get_by_text("Housing PC-2")).to_be_visible()
    expect(phone.get_by_text("B2603A", exact=True)).to_be_visible()
    expect(phone.locator("#shared img")).to_have_js_property("complete", True)
    assert phone.locator("#shared img").evaluate("picture => picture.naturalWidth") > 0
    assert phone.locator("header nav a, .topbar").count() == 1  # the other language, no menu
    fits(phone)
    phone.get_by_role("link", name="中文").click()
    expect(phone.get_by_text("需要贵方答复的内容")).to_be_visible()
    fits(phone)
    phone.get_by_role("link", name="EN").click()


def contains(phone: Page) -> None:
    """D3: a draft, then submitted under a name."""
    phone.get_by_role("link", name="Go on with D3").click()
    fits(phone)
    phone.select_option("[name=stock-0-place]", "supplier")
    phone.fill("[name=stock-0-quantity]", "120")
    phone.fill("[name=stock-0-checked]", "120")
    phone.fill("[name=stock-0-ng]", "3")
    phone.fill("[name=stock-0-disposition]", "sorted, 3 scrapped")
    phone.fill("[name=actions-0-what]", "Sort all stock by gauge")
    phone.get_by_role("button", name="Save draft").click()
    expect(phone.get_by_text("D3: the draft was saved.")).to_be_visible()
    expect(phone.locator("[name=actions-0-what]")).to_have_value("Sort all stock by gauge")
    phone.get_by_role("button", name="Submit", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("Please write your name")
    fits(phone)
    phone.fill("[name=by_name]", NAME)
    phone.get_by_role("button", name="Submit", exact=True).click()
    expect(phone.get_by_text("D3 was submitted.")).to_be_visible()


def analyses(phone: Page) -> None:
    """D4: what is typed outlives a photo that is sent meanwhile; what lacks something is not submitted."""
    phone.get_by_role("link", name="Go on with D4").click()
    fits(phone)
    phone.fill("[name=causes-0-text]", "Cooling time was cut from 18 s to 12 s")
    phone.fill("[name=causes-0-how]", "Warp came and went with the cooling time, 2 x 50 pieces")
    phone.select_option("[name=causes-0-state]", "verified")
    phone.fill("[name=causes-0-whys-0-text]", "The mould runs 8 degrees too hot")
    phone.set_input_files(
        "[name=files]", FilePayload(name="gauge.jpg", mimeType="image/jpeg", buffer=photo())
    )
    phone.fill("[name=caption]", "Gauge with a warped piece")
    expect(phone.locator("[data-save-state]")).to_contain_text("Saved")  # while it was being written
    phone.fill("[name=changes_before]", "A new mould since week 8")
    phone.get_by_role("button", name="Send files").click()
    expect(phone.get_by_text("1 file was added.")).to_be_visible()
    expect(phone.locator("#files img")).to_be_visible()
    expect(phone.locator("[name=causes-0-text]")).to_have_value("Cooling time was cut from 18 s to 12 s")
    expect(phone.locator("[name=changes_before]")).to_have_value(
        "A new mould since week 8"
    )  # kept by the tab
    expect(phone.locator("[name=by_name]")).to_have_value(NAME)  # remembered
    phone.get_by_role("button", name="Submit", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("cause of escape")
    phone.get_by_role("button", name="Add cause").click()
    last = phone.locator("[data-causes] [data-row]").locator("[name$=-path]").count() - 1
    phone.select_option(f"[name=causes-{last}-path]", "escape")
    phone.fill(f"[name=causes-{last}-text]", "Warp is not measured at outgoing inspection")
    fits(phone)
    phone.get_by_role("button", name="Submit", exact=True).click()
    expect(phone.get_by_text("You have answered everything.")).to_be_visible()
    fits(phone)


def reworks(own: Asked, phone: Page) -> None:
    """D4 comes back with a reason and is submitted again."""
    judged(own, D4, WHY)
    phone.reload()
    expect(phone.get_by_text(WHY)).to_be_visible()
    phone.get_by_role("link", name="Go on with D4").click()
    expect(phone.locator(".notice").get_by_text(WHY)).to_be_visible()
    fits(phone)
    escape = phone.locator("[name^=causes-][name$=-text]:not([name*=whys])").nth(1)
    expect(escape).to_have_value("Warp is not measured at outgoing inspection")
    escape.fill("Warp is not measured: the control plan was copied from a stiffer part")
    phone.get_by_role("button", name="Submit", exact=True).click()
    expect(phone.get_by_text("D4 was submitted.")).to_be_visible()


def is_accepted(own: Asked, phone: Page) -> None:
    """The whole is accepted: to be read, to be changed no more."""
    for code in (D3, D4):
        judged(own, code)
    services = own.case.services
    judge.accept_case(
        services.uow, own.case.world.order("sqe"), number=own.number, version=own.row.version, score=2
    )
    phone.reload()
    expect(phone.get_by_text("Your 8D was accepted as a whole.")).to_be_visible()
    phone.get_by_role("link", name="D4 Root causes").click()
    expect(phone.get_by_text("copied from a stiffer part")).to_be_visible()
    assert phone.locator("main form").count() == 0
    fits(phone)
    assert own.discipline(D4).state is DisciplineState.ACCEPTED


def test_a_supplier_answers_on_a_telephone(world: factories.World, phone: Page) -> None:
    case = Case(world).confirmed()
    case.submit(D2, D3)
    facts = ("number", "lots", "quantity_delivered", "defects/0", "D2/five_w2h/how_many")
    own = asked(case, facts=facts, evidence_ids=(file_of(case, caption="warped"),), asked=(D3, D4))
    _, token = own.link()
    reads(own, phone, token)
    contains(phone)
    analyses(phone)
    reworks(own, phone)
    is_accepted(own, phone)
