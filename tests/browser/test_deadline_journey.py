"""A complaint that came by mail, late and answered by mail, in Chromium: alarms, stop, reply, bounce, link, register.

The mail server and the mailbox are real servers on this machine; what the worker does is done by its own jobs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
import sqlalchemy as sa
from icalendar import Calendar
from playwright.sync_api import Browser
from pypdf import PdfReader

from eightd.domain.messages import DeliveryState
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.messaging import DeliveryRow
from eightd.persistence.tables.people import UserRow
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases.services import Services
from tests import factories
from tests.browser.conftest import Person
from tests.browser.office import (
    CUSTOMER,
    EMAILS,
    GONE,
    Office,
    answer_to,
    attached,
    bounce_of,
    complaint_mail,
)
from tests.browser.test_pages_fit import OUTSIDE
from tests.conftest import StandingClock
from tests.notifications.corpus import picture
from tests.notifications.imap_server import PASSWORD, USER, ImapServer, imap_server
from tests.notifications.servers import Received, SmtpServer
from tests.usecases.case import D1, D2, D3, Case

pytestmark = pytest.mark.browser

NUMBER = "CC-2026-00001"
COMPLAINT = f"/complaints/{NUMBER}"
PLANTED = "我司对此次不良承担全部责任。"


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    """The mailbox that customers write to."""
    with imap_server() as server:
        yield server


@pytest.fixture
def office(
    services: Services,
    clock: StandingClock,
    smtp_server: SmtpServer,
    imap: ImapServer,
    world: factories.World,
) -> Office:
    """The office with the people's addresses."""
    with services.uow.writing(world.order("admin")) as work:
        for login, address in EMAILS.items():
            if login != "cqe":  # the administrator enters that one
                work.session.get_one(UserRow, world.users[login]).email = address
    return Office(services, clock, smtp_server, imap)


# ---------------------------------------------------------------- at the browser


def fits(someone: Person) -> None:
    """Assert that nothing sticks out of the page."""
    assert someone.page.evaluate(OUTSIDE) == [], someone.page.url


def look(someone: Person, path: str) -> str:
    """Go to a page that must be there and fit; return what it says."""
    assert someone.open(path) == 200, path
    fits(someone)
    return someone.text()


def in_chinese(someone: Person) -> Person:
    """Switch the person's language by the button."""
    with someone.page.expect_navigation():
        someone.page.locator("button[name=lang][value=zh]").evaluate("element => element.click()")
    assert someone.page.get_attribute("html", "lang") == "zh-CN"
    return someone


def fill(someone: Person, **values: str) -> None:
    """Type into fields of the page by their names, choosing where there is a list."""
    for name, value in values.items():
        control = someone.page.locator(f'main [name="{name}"]').first
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def press(someone: Person, button: str, expect: int = 200) -> str:
    """Press a button, wait for the page that answers, and return what it says with its notices."""
    with someone.page.expect_navigation() as navigation:
        someone.page.locator(button).first.click()
    assert navigation.value is not None
    assert navigation.value.status == expect, someone.page.inner_text("body")[:3000]
    fits(someone)
    return someone.page.inner_text("#notices") + someone.text()


SAVE = "main form .form-actions button.btn-primary"


def expected(someone: Person, status: int) -> None:
    """Forget the console's line about an answer that had to be refused."""
    someone.errors = [one for one in someone.errors if str(status) not in one]


def unread(someone: Person) -> int:
    """Return the number beside the bell."""
    return int(someone.page.inner_text(".unread-figure") or 0)


def copied(someone: Person) -> str:
    """Press the button that copies and return what is on the clipboard."""
    someone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    someone.page.click("[data-copy]")
    someone.page.get_by_text("Copied").first.wait_for()
    return str(someone.page.evaluate("navigator.clipboard.readText()"))


def events(someone: Person, path: str) -> dict[str, Any]:
    """Fetch the calendar feed as a calendar program does; return its events by uid."""
    answer = someone.context.request.get(someone.site + path)
    assert answer.status == 200
    return {str(one["UID"]): one for one in Calendar.from_ical(answer.body()).walk("VEVENT")}


# ---------------------------------------------------------------- the story


def set_up(office: Office, world: factories.World, admin: Person) -> None:
    """The administrator sets up both mail servers, the customer and the CQE's lead."""
    assert "No relays" in look(admin, "/admin/relays/")
    admin.page.get_by_role("link", name="Set up the mail server").click()
    fill(
        admin, name="Mail", host="127.0.0.1", port=str(office.smtp.port), security="none",
        from_address=USER, from_name="客诉 EightD",
    )  # fmt: skip
    press(admin, SAVE)
    look(admin, f"/admin/users/{world.users['admin']}")  # who has no address cannot be sent a test
    fill(admin, email="admin@plant.example")
    press(admin, SAVE)
    look(admin, "/admin/relays/")
    assert "“Mail” has taken the test message." in press(admin, "main form[action$='/try'] button")
    assert [one.recipients for one in office.smtp.messages] == [("admin@plant.example",)]

    look(admin, "/admin/mailboxes/new")
    fill(
        admin, name="Complaints", host="localhost", port=str(office.imap.port), security="none", username=USER,
        password=PASSWORD,
    )  # fmt: skip
    press(admin, SAVE)
    assert "signed in" in press(admin, "main form[action$='/try'] button").lower()

    look(admin, f"/admin/customers/{world.customer}")
    fill(admin, emails=f"{GONE}, {CUSTOMER}", profile_general="five_ten")
    press(admin, SAVE)
    look(admin, f"/admin/users/{world.users['cqe']}")
    fill(admin, email=EMAILS["cqe"], lead_id=str(world.users["cqe2"]))
    press(admin, SAVE)


def register_from_mail(office: Office, sales: Person, cqe: Person) -> None:
    """The customer's mail waits for sales, who make it a complaint; the CQE is told."""
    office.arrives(complaint_mail())
    assert "适配器无输出 8 件" in look(sales, "/mail/")
    sales.page.get_by_role("link", name="适配器无输出 8 件").click()
    said = sales.page.locator("main").inner_text()
    assert "请在 24 小时内回复" in said
    assert "ng.jpg" in said
    fits(sales)
    press(sales, ".page-head a.btn-primary")
    assert sales.page.input_value("[name=customer_code]") == "ANKE"
    assert sales.page.input_value("[name=received_at]") == "2026-03-12T16:45"
    assert "请在 24 小时内回复" in sales.page.input_value("[name=description]")
    assert sales.page.is_checked("[name=mail_files]")
    fill(sales, part_number="PA-1200", **{
        "defects-0-kind": "functional", "defects-0-phenomenon": "无输出", "defects-0-quantity": "8",
        "defects-0-inspected": "600",
    })  # fmt: skip
    before = unread(cqe)
    said = press(sales, SAVE)
    assert sales.page.url.endswith(COMPLAINT)
    assert "ng.jpg" in said
    assert "five_ten" in said  # the profile of the tier
    assert "2026-03-13 16:45" in said  # 24 hours after the mail came
    look(cqe, "/")
    assert unread(cqe) == before + 1
    office.work()
    (told,) = office.mails(EMAILS["cqe"])
    assert NUMBER in str(told.mail["Subject"])
    assert told.mail["Auto-Submitted"] == "auto-generated"


def time_passes(office: Office, cqe: Person, lead: Person) -> None:
    """Two reminders, due, overdue: each once, and the CQE's night is quiet."""
    for moment, to_cqe, to_lead in (
        ("2026-03-13T08:44", 0, 0),
        ("2026-03-13T08:45", 0, 0),  # raised in the CQE's quiet hours
        ("2026-03-13T08:59", 0, 0),
        ("2026-03-13T09:00", 1, 0),
        ("2026-03-13T14:45", 2, 0),
        ("2026-03-13T16:45", 3, 0),
        ("2026-03-13T20:45", 4, 1),  # what is overdue is never held back
        ("2026-03-14T16:45", 5, 2),
    ):
        office.at(moment)
        office.work()  # a second sweep raises nothing again
        found = (len(office.alarms("cqe")), len(office.alarms("cqe2")))
        assert found == (to_cqe, to_lead), (moment, office.subjects("cqe"), office.subjects("cqe2"))
    assert len(office.mails(EMAILS["quality_manager"])) == 1

    said = look(lead, "/inbox")  # at a telephone
    assert NUMBER in said
    assert "逾期" in said
    lead.page.locator(".message-open").first.click()
    lead.page.wait_for_url(re.compile(NUMBER))
    fits(lead)
    said = look(lead, f"{COMPLAINT}/told")
    assert "周婷" in said
    assert "2026-03-13 20:45" in said
    assert "2026-03-13 09:00" in look(cqe, f"{COMPLAINT}/told")


def stop_the_clock(office: Office, cqe: Person, feed: str) -> None:
    """Why this date, copied; a stop with proof whose agreed end passes; the calendar feed moves."""
    office.at("2026-03-16T09:00")
    before = events(cqe, feed)
    look(cqe, COMPLAINT)
    cqe.page.locator("tr", has_text="Preliminary").get_by_role("link", name="Why this date?").click()
    cqe.page.locator("#why-text").wait_for()
    fits(cqe)
    assert "2026-03-19 17:30" in copied(cqe)

    look(cqe, f"{COMPLAINT}/stop-clock")
    fill(
        cqe, from_at="2026-03-16T09:00", stop_reason="laboratory", agreed_until_at="2026-03-17T18:00",
        note="Sent to the laboratory",
    )  # fmt: skip
    cqe.page.set_input_files(
        "[name=proof]", {"name": "lab-order.png", "mimeType": "image/png", "buffer": picture()}
    )
    said = press(cqe, SAVE)
    assert "agreed until 2026-03-17 18:00" in said
    assert "lab-order.png" in said
    told = len(office.mails(EMAILS["cqe"]))
    office.at("2026-03-17T17:59")
    assert len(office.mails(EMAILS["cqe"])) == told + 1  # the morning's digest
    office.at("2026-03-17T18:01")
    assert len(office.mails(EMAILS["cqe"])) == told + 2
    assert "the agreed end has passed" in look(cqe, COMPLAINT)
    office.at("2026-03-18T09:00")
    look(cqe, f"{COMPLAINT}/resume-clock")
    fill(cqe, to_at="2026-03-18T09:00")
    said = press(cqe, SAVE)
    assert "2026-03-19 17:30" in said  # contractual
    assert "2026-03-23 17:30" in said  # agreed: two ticks fell into the stop

    after = events(cqe, feed)
    moved = {uid for uid in before if before[uid]["DTSTART"].dt != after[uid]["DTSTART"].dt}
    (preliminary,) = (uid for uid in before if "preliminary" in uid)
    assert preliminary in moved
    assert before[preliminary]["DTSTART"].dt == datetime(2026, 3, 19, 9, 30, tzinfo=UTC)
    assert after[preliminary]["DTSTART"].dt == datetime(2026, 3, 23, 9, 30, tzinfo=UTC)
    assert after[preliminary]["SEQUENCE"] > before[preliminary]["SEQUENCE"]


def met_on_page(someone: Person) -> str:
    """Return what the deadline's table says about the initial reply."""
    look(someone, COMPLAINT)
    return someone.page.locator("#deadlines tbody tr").first.inner_text()


def reply(office: Office, world: factories.World, cqe: Person, sales: Person) -> Received:
    """The CQE drafts, the guard marks what was planted, sales release; return the mail as the server got it."""
    office.at("2026-03-18T10:00")
    case = Case.known(world, NUMBER)
    case.accept(D1, D2, D3)
    case.issue(ReportKind.INITIAL, ReportLanguage.ZH)

    look(cqe, f"{COMPLAINT}/replies")
    press(cqe, "main form button[name=language][value=zh]")
    draft = cqe.page.input_value("[name=body]")
    assert "B2603D" in draft  # the first clean lot, of D3
    cqe.page.fill("[name=body]", draft + "\n" + PLANTED)
    cqe.page.locator("#wording mark").wait_for()
    assert "责任" in cqe.page.inner_text("#wording mark")
    fill(cqe, recipients=GONE)
    press(cqe, "main form button[value=review]")
    draft_path = urlsplit(cqe.page.url).path.removesuffix("/release")

    look(sales, f"{COMPLAINT}/replies")
    press(sales, "#replies a")
    press(sales, "main form button[value=review]")
    said = press(sales, SAVE, expect=422)  # a passage without a reason
    expected(sales, 422)
    assert "责任" in said
    press(sales, ".form-actions a")
    sales.page.fill("[name=body]", sales.page.input_value("[name=body]").replace(PLANTED, ""))
    press(sales, "main form button[value=review]")
    office.clock.set("2026-03-18T10:30:00+08:00")
    press(sales, SAVE)
    assert urlsplit(sales.page.url).path == draft_path
    assert "2026-03-18 10:30" not in met_on_page(sales)
    office.work()
    assert "2026-03-18 10:30" in met_on_page(sales)
    (sent,) = office.mails(GONE)
    pdf = attached(sent.mail)["application/pdf"]
    assert NUMBER in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    look(sales, draft_path)
    kept = sales.context.request.get(f"{sales.site}{draft_path}/mail.eml").body()
    assert kept == sent.content
    return sent


def correspondence(office: Office, sales: Person, sent: Received) -> None:
    """The reply comes back and is sent to the right address; the customer answers."""
    office.at("2026-03-18T10:40")
    office.arrives(bounce_of(sent))
    said = look(sales, COMPLAINT)
    assert "已被退回" in said
    assert "未能送达客户" in office.subjects("sales")[-1]
    assert "2026-03-18 10:30" not in met_on_page(sales)
    press(sales, "#reports a[href*='/replies/']")
    assert "User unknown" in sales.page.inner_text("main")
    press(sales, ".page-head button.btn-primary")
    fill(sales, recipients=CUSTOMER)
    press(sales, "main form button[value=review]")
    office.clock.set("2026-03-18T11:00:00+08:00")
    press(sales, SAVE)
    office.work()
    assert "2026-03-18 11:00" in met_on_page(sales)

    (again,) = office.mails(CUSTOMER)
    office.at("2026-03-18T13:00")
    office.arrives(answer_to(again))
    said = look(sales, COMPLAINT)
    assert "收到邮件" in office.subjects("sales")[-1]
    assert "more.png" in said
    assert "请补充在途品的复测数据" in said
    look(sales, "/mail/?state=all")


def status_link(browser: Browser, sales: Person) -> None:
    """The customer opens the link without an account, until it is revoked."""
    look(sales, f"{COMPLAINT}/links")
    fill(sales, recipient="林小姐")
    press(sales, "main form button.btn-primary")
    path = urlsplit(sales.page.input_value("main input[readonly]")).path
    context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 800})
    customer = Person(context, sales.site, "customer")
    said = look(customer, path)
    assert NUMBER in customer.page.inner_text("body")
    assert "2026-03-18 11:00" in said
    report = customer.page.get_attribute("#reports a", "href")
    assert context.request.get(f"{sales.site}{report}").body().startswith(b"%PDF")
    press(sales, "main form[action$='/revoke'] button")
    assert customer.open(path) == 404
    assert context.request.get(f"{sales.site}{report}").status == 404
    expected(customer, 404)
    assert customer.errors == []
    context.close()


def register_of_deadlines(sales: Person, cqe: Person) -> None:
    """The milestone was met late; why stands in the register, on the page and in the book."""
    look(sales, f"{COMPLAINT}/explain-lateness?milestone=initial_reply")
    fill(sales, reason="样品周末才到")
    press(sales, SAVE)
    said = look(sales, "/deadlines/?state=met_late")
    assert "样品周末才到" in said
    assert "2026-03-18 11:00" in said
    look(cqe, "/deadlines/rates")
    look(cqe, "/deadlines/")
    with cqe.page.expect_download() as download:
        cqe.page.click("#export button.btn-primary")
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cells = [[str(cell.value) for cell in row] for row in book.worksheets[0].iter_rows()]
    (line,) = (row for row in cells if "样品周末才到" in row)
    assert NUMBER in line
    assert any("2026-03-18 11:00" in cell for cell in line)


def test_a_complaint_by_mail_from_first_alarm_to_answered(
    office: Office, world: factories.World, person: Callable[..., Person], browser: Browser
) -> None:
    admin, cqe = person("admin"), person("cqe")
    sales = in_chinese(person("sales"))
    lead = in_chinese(person("cqe2", viewport={"width": 390, "height": 800}))

    set_up(office, world, admin)
    look(cqe, "/account/messages")
    fill(cqe, quiet_from="20:00", quiet_until="09:00", digest_time="09:30")
    press(cqe, SAVE)
    press(cqe, "#feed button")
    feed = urlsplit(cqe.page.input_value("#feed-address")).path

    office.at("2026-03-12T16:45")
    register_from_mail(office, sales, cqe)
    look(cqe, f"{COMPLAINT}/confirm-ours")
    cqe.page.check("[name=visit_needed][value=no]")
    cqe.page.check("[name=sample_needed][value=no]")
    fill(cqe, origin="functional")
    press(cqe, SAVE)
    time_passes(office, cqe, lead)
    stop_the_clock(office, cqe, feed)
    sent = reply(office, world, cqe, sales)
    correspondence(office, sales, sent)
    status_link(browser, sales)
    register_of_deadlines(sales, cqe)
    look(lead, COMPLAINT)

    assert all(b"Seen" in one for one in office.imap.flags())
    with office.services.uow.reading() as session:
        assert set(session.scalars(sa.select(DeliveryRow.state))) == {DeliveryState.SENT}
