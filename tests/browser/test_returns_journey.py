"""A return from its label to its re-delivery by the people it takes, with a scanner's keys and on a telephone."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests import factories
from tests.browser.conftest import Person
from tests.browser.test_pages_fit import OUTSIDE
from tests.web.casework import registered

pytestmark = pytest.mark.browser

NUMBER = "RCC-2026-00001"


def scan(someone: Person, code: str) -> None:
    """Send a code as a scanner does: its keys within a moment, then Enter, wherever the focus is."""
    someone.page.wait_for_timeout(150)  # the hand goes from the keys to the scanner
    someone.page.keyboard.type(code)
    with someone.page.expect_navigation():
        someone.page.keyboard.press("Enter")


def focused(someone: Person) -> str:
    """Return the name of the field that has the focus."""
    name: str = someone.page.evaluate("document.activeElement.name || document.activeElement.tagName")
    return name


def save(someone: Person) -> None:
    """Press the button of the step that is shown; a form that is refused is told on the console, too."""
    with someone.page.expect_navigation():
        someone.page.click("#step .section-foot button")
    someone.errors = [one for one in someone.errors if "422" not in one]


def photo() -> bytes:
    """Return a picture of a parcel."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), (150, 110, 70)).save(content, "JPEG")
    return content.getvalue()


def test_a_return_from_label_to_redelivery(world: factories.World, person: Callable[..., Person]) -> None:
    complaint = registered(world)
    sales = person("sales")
    announce(sales, complaint)
    receive(sales)
    warehouse = person("warehouse", viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    check_and_store(warehouse)
    count_pieces(person("production"))
    analyse(person("te"))
    plan(person("pie"))
    mend(person("production"))
    send_back(warehouse)
    end(person("finance"), sales)


def announce(sales: Person, complaint: str) -> None:
    sales.open(f"/returns/new?complaint={complaint}")
    page = sales.page
    page.fill("[name=lines-0-quantity]", "20")
    page.fill("[name=carrier]", "SF Express")
    page.focus("[name=tracking]")
    page.keyboard.type("SF1408273300151")  # the carrier's label is scanned: Enter only goes on
    page.keyboard.press("Enter")
    assert focused(sales) == "sender"
    page.select_option("[name=language]", "en")
    assert "antistatic" in page.input_value("[name=enclose]")  # the usual text follows the label's language
    with page.expect_navigation():
        page.click("main form .btn-primary")
    assert page.url.endswith(f"/returns/{NUMBER}")
    label = page.request.get(f"{sales.site}/returns/{NUMBER}/label.pdf")
    assert label.status == 200
    assert label.body().startswith(b"%PDF")


def receive(sales: Person) -> None:
    """The parcel arrives: its label is scanned on the board, and the photo goes with the quantity."""
    page = sales.page
    sales.open("/returns/")
    assert focused(sales) == "code"
    scan(sales, NUMBER)
    assert focused(sales) == "quantity"
    page.keyboard.type("12")
    scan(sales, "SF1408273300151")  # a scan in the middle of the form is no quantity, and sends nothing
    assert page.url.endswith(f"/returns/{NUMBER}?scanned=1")
    assert "Nothing has arrived yet" in sales.text()
    page.fill("[name=quantity]", "20")
    page.set_input_files("[name=photo]", {"name": "parcel.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    save(sales)
    assert "20 Arrived" in " ".join(page.inner_text("#places").split())
    assert page.locator("#receipts img").count() == 1
    assert focused(sales) == "code"  # ready for the next one


def check_and_store(warehouse: Person) -> None:
    """On a telephone: two pieces are of a wrong part, which wants an explanation; then the shelf is scanned."""
    page = warehouse.page
    warehouse.open("/returns/")
    assert page.evaluate(OUTSIDE) == []
    scan(warehouse, NUMBER.lower())
    page.fill("[name=quantity]", "18")
    page.fill("[name=wrong]", "2")
    save(warehouse)
    assert page.input_value("[name=quantity]") == "18"
    assert page.locator("#f-found_part-error").count() == 1
    assert page.locator("#f-because-error").count() == 1
    assert page.evaluate(OUTSIDE) == []
    page.fill("[name=found_part]", "PA-1300")
    page.fill("[name=because]", "two of the old type")
    save(warehouse)
    page.focus("[name=location]")
    scan(warehouse, "R2-B07")
    text = " ".join(warehouse.text().split())
    assert "18 In stock · R2-B07" in text
    assert "2 Wrong part, set aside" in text
    assert page.evaluate(OUTSIDE) == []
    button = page.locator("form.scan .btn").bounding_box()
    assert button is not None
    assert button["height"] >= 44


def count_pieces(production: Person) -> None:
    page = production.page
    production.open("/returns/")
    assert page.locator("#stage-booked_in").count() == 1
    scan(production, NUMBER)
    assert page.input_value("[name=quantity]") == "18"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.fill("[name=counts-0-phenomenon]", "无输出")
    page.fill("[name=counts-0-quantity]", "15")
    assert page.inner_text("[data-left]") == "3"
    page.click("[data-add-row]")
    page.select_option("[name=counts-1-kind]", "none")
    page.select_option("[name=counts-1-verdict]", "ntf")
    page.fill("[name=counts-1-quantity]", "2")
    save(production)
    assert "1 too few" in page.inner_text("#counts-error")
    page.fill("[name=counts-1-quantity]", "3")
    assert page.inner_text("[data-left]") == "0"
    save(production)
    assert "无输出" in page.inner_text("#counts")


def analyse(te: Person) -> None:
    te.open(f"/returns/{NUMBER}")
    te.page.fill("[name=analysis]", "C12 lifted after vibration")
    te.page.fill("[name=ntf_criteria]", "2 h at 55 °C, ripple below 60 mV")
    save(te)
    assert "C12 lifted" in te.page.inner_text("#counts")


def plan(pie: Person) -> None:
    page = pie.page
    pie.open(f"/returns/{NUMBER}")
    for row, (decision, quantity, how) in enumerate(
        (("rework", "15", "replace C12"), ("return_as_is", "5", "with the test record"))
    ):
        if row:
            page.click("[data-add-row]")
        page.select_option(f"[name=rows-{row}-disposition]", decision)
        page.fill(f"[name=rows-{row}-quantity]", quantity)
        page.fill(f"[name=rows-{row}-how]", how)
    page.fill("[name=promised_on]", "2026-03-20")
    save(pie)
    assert "replace C12" in page.inner_text("#plan")


def mend(production: Person) -> None:
    production.open("/returns/")
    scan(production, NUMBER)
    production.page.fill("[name=results-0-good]", "15")
    save(production)
    assert "20 Ready to go back" in " ".join(production.page.inner_text("#places").split())


def send_back(warehouse: Person) -> None:
    warehouse.open("/returns/")
    scan(warehouse, NUMBER)
    assert warehouse.page.input_value("[name=quantity]") == "20"
    save(warehouse)
    assert "20 Sent back" in " ".join(warehouse.page.inner_text("#places").split())


def end(finance: Person, sales: Person) -> None:
    finance.open("/returns/")
    finance.page.click(f"a.return-card:has-text('{NUMBER}')")
    finance.page.fill("[name=credit_number]", "CN-88")
    save(finance)
    sales.open(f"/returns/{NUMBER}")
    save(sales)
    assert "Closed" in sales.page.inner_text("h1")
    sales.open("/returns/")
    assert sales.page.locator(".return-card").count() == 0
