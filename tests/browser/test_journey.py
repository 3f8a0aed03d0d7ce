"""The whole course of the adapter case, in Chromium, by the people it takes; an outsider sees nothing of it."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from pypdf import PdfReader

from eightd.domain.complaint import DefectKind, DisciplineCode
from eightd.domain.discipline.answers import Answer, CauseAnswer
from eightd.domain.words import Language
from eightd.persistence.tables.catalogue import CustomerRow, PartRow, PhenomenonRow
from eightd.usecases.loading.answers import read_answers
from eightd.usecases.loading.fields import Record
from tests import factories
from tests.browser.conftest import Person
from tests.conftest import StandingClock
from tests.reporting import case_documents, pdf_text

pytestmark = pytest.mark.browser

ZONE = ZoneInfo("Asia/Shanghai")
NUMBER = "CC-2026-00001"
_D = DisciplineCode
CODED = {  # printed as words of the label files, checked in tests/reporting
    ".header.kind", ".header.channel", ".header.received_at", ".header.demand", ".header.language", ".defects.kind",
    ".sample.received_at", ".stops.from", ".stops.to", ".stops.reason", ".d0.verified_at", ".d2.is_is_not.dimension",
    ".d3.stock.place", ".d4.causes.path", ".d4.causes.state", ".d7.documents.type", ".d8.verdict.result",
}  # fmt: skip


@pytest.fixture
def case() -> dict[str, Any]:
    return case_documents.case("adapter")


@pytest.fixture
def answers(case: dict[str, Any]) -> dict[DisciplineCode, Answer]:
    return read_answers(Record(json.loads(json.dumps(case, default=str)), ""))


@pytest.fixture
def known(world: factories.World, case: dict[str, Any]) -> None:
    """What an administrator keeps: the customer, the part and the phenomena with their English."""
    customer, part = case["customer"], case["header"]["part"]
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(
            CustomerRow(
                code=customer["code"],
                name=customer["name"],
                name_en=customer["name_en"],
                language=Language.ZH,
            )
        )
        work.session.add(
            PartRow(
                number=part["number"],
                name=part["name"],
                name_en=part["name_en"],
                product_line=part["product_line"],
                customer_number=part["customer_number"],
                drawing_revision=part["drawing_revision"],
            )
        )
        for line in case["defects"]:
            work.session.add(
                PhenomenonRow(
                    kind=DefectKind(line["kind"]), text=line["phenomenon"], text_en=line["phenomenon_en"]
                )
            )


def picture() -> bytes:
    """Return a small photograph."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), (180, 60, 40)).save(content, "JPEG")
    return content.getvalue()


def local(text: str) -> str:
    """Return an instant as a datetime-local input of the plant's clock takes it."""
    return datetime.fromisoformat(text).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def typed(value: Any) -> str:
    """Return a value as somebody would type it."""
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


BESIDE = {"written_in", "translation", "internal", "key"}
"""What nobody types into a field."""


def inputs(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the names of a discipline's inputs with what is typed into them."""
    join = f"{name}-" if name else ""
    for field in dataclasses.fields(value):
        given, where = getattr(value, field.name), f"{join}{field.name}"
        if given is None or given == "" or field.name in BESIDE:
            continue
        if dataclasses.is_dataclass(given):
            yield from inputs(given, where)
        elif isinstance(given, tuple):
            for index, entry in enumerate(given):
                row = f"{where}-{index}"
                yield from [(f"{row}-text", entry)] if isinstance(entry, str) else inputs(entry, row)
        else:
            yield where, typed(given)


def fill(person: Person, name: str, value: str) -> None:
    """Type into an input, adding rows until it is there."""
    page = person.page
    control = page.locator(f'main [name="{name}"]')
    for _ in range(30):
        if control.count():
            break
        rows = re.match(r"(.*)-\d+-[a-z_]+$", name)
        assert rows, f"no input {name}"
        add_row(person, rows.group(1))
    assert control.count(), f"no input {name}"
    if name.endswith("-level"):  # how deep a why stands: moved by keys
        control.first.evaluate("(field, value) => { field.value = value; }", value)
    elif control.first.evaluate("element => element.tagName") == "SELECT":
        control.first.select_option(value)
    elif control.first.get_attribute("type") == "radio":
        page.check(f'main [name="{name}"][value="{value}"]')
    else:
        control.first.fill(value)


def add_row(person: Person, rows: str) -> None:
    """Press the button that adds a row to a list, or to the list that this list stands in."""
    container = person.page.locator(f'[data-prefix="{rows}"]')
    if not container.count():
        outer = re.match(r"(.*)-\d+-[a-z_]+$", rows)
        assert outer, f"no rows {rows}"
        add_row(person, outer.group(1))
        return
    nearest = f'ancestor::*[@data-prefix][1][@data-prefix="{rows}"]'
    container.locator(f"xpath=.//button[@data-add-row or @data-why-add][{nearest}]").last.click()


def press(person: Person, action: str, expect: int = 200) -> None:
    """Press a submit button and wait for the answer's page."""
    with person.page.expect_navigation() as navigation:
        person.page.click(f'main form button[name=do][value="{action}"]')
    answer = navigation.value
    assert answer is not None
    assert answer.status == expect, person.text()[:2000]


def act(person: Person, path: str, values: dict[str, str], expect: int = 200) -> None:
    """Fill the form of one action on the complaint and send it."""
    assert person.open(f"/complaints/{NUMBER}/{path}") == 200
    for name, value in values.items():
        fill(person, name, value)
    with person.page.expect_navigation() as navigation:
        person.page.click("main form .form-actions button")
    answer = navigation.value
    assert answer is not None
    assert answer.status == expect, person.text()[:2000]


def answer(
    person: Person, code: DisciplineCode, given: Answer, action: str = "submit", expect: int = 200
) -> None:
    """Type an answer into its page and save or submit it."""
    assert person.open(f"/complaints/{NUMBER}/{code}") == 200
    for name, value in inputs(given):
        fill(person, name, value)
    press(person, action, expect)


def judge(person: Person, code: DisciplineCode, verdict: str, reason: str = "") -> None:
    """Accept or return a discipline in its dialog."""
    assert person.open(f"/complaints/{NUMBER}/{code}") == 200
    person.page.click(f'[data-dialog="{verdict}"]')
    dialog = person.page.locator(f"dialog#{verdict}")
    if reason:
        dialog.locator("[name=reason]").fill(reason)
    with person.page.expect_navigation():
        dialog.locator("button:not([data-close])").last.click()


def register(person: Person, case: dict[str, Any]) -> None:
    """Register the case as sales does, watching the tier as the counts are typed."""
    header = case["header"]
    assert person.open("/complaints/new") == 200
    page = person.page
    page.fill("[name=customer_code]", "华芯")
    page.locator("[role=option]", has_text=case["customer"]["code"]).first.click()
    assert page.input_value("[name=customer_code]") == case["customer"]["code"]
    page.fill("[name=part_number]", header["part"]["number"][:6])
    page.locator("[role=option]", has_text=header["part"]["number"]).first.click()
    assert page.input_value("[name=part_number]") == header["part"]["number"]
    texts = {
        "customer_number": header["customer_number"],
        "received_at": local(header["received_at"]),
        "quantity_delivered": header["quantity_delivered"],
        "quantity_inspected": header["quantity_inspected"],
        "lots": ", ".join(header["lots"]),
        "date_codes": ", ".join(header["date_codes"]),
        "delivery_number": header["delivery_number"],
        "customer_plant": case["customer"]["plant"],
        "contact": case["customer"]["contact"],
        "report_language": "both",
        "kind": "line",
        "channel": "email",
    }
    for details in page.locator("main details:not([open]) > summary").all():
        details.click()
    for name, value in texts.items():
        fill(person, name, str(value))
    for demand in ("8d", "replacement"):
        page.check(f'[name=demands][value="{demand}"]')
    for index, line in enumerate(case["defects"]):
        for name in ("kind", "phenomenon", "quantity", "inspected"):
            fill(person, f"defects-{index}-{name}", str(line[name]))
    page.keyboard.press("Tab")
    page.get_by_text("18 pcs").first.wait_for()  # the tier's reason, while typing
    page.set_input_files("[name=pictures]", {"name": "Q1.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    with page.expect_navigation():
        page.click("main form .form-actions button.btn-primary")
    assert page.url.endswith(f"/complaints/{NUMBER}")


def test_the_adapter_case_from_register_to_closed(  # noqa: PLR0915 - one story, told in one go
    person: Callable[..., Person],
    clock: StandingClock,
    world: factories.World,
    known: None,
    case: dict[str, Any],
    answers: dict[DisciplineCode, Answer],
) -> None:
    sales, cqe, te, manager = person("sales"), person("cqe"), person("te"), person("quality_manager")
    outsider = person(factories.STRANGER)

    def nothing_for_outsiders() -> None:
        for path in (
            "",
            "/D4",
            "/record",
            "/confirm-ours",
            "/deadlines/final_report",
            "/reports/1/both-internal.pdf",
        ):
            assert outsider.open(f"/complaints/{NUMBER}{path}") == 404
        outsider.errors = [one for one in outsider.errors if "404" not in one]

    # sales registers; tier, clocks and people are there at once
    clock.set("2026-03-12T17:05:00+08:00")
    register(sales, case)
    said = sales.text()
    assert "Major" in said
    assert "2026-03-13 16:40" in said  # 24 hours after the receipt
    nothing_for_outsiders()

    # the CQE confirms and gives D5 to PIE and D6 to RD
    clock.set("2026-03-12T18:00:00+08:00")
    act(cqe, "confirm-ours", {"visit_needed": "no", "sample_needed": "yes", "origin": "functional"})
    for code, login in ((_D.D5, "pie"), (_D.D6, "rd")):
        act(cqe, "assign-discipline", {"code": code, "user_id": str(world.users[login])})

    # D0–D3; D3 is returned once and sent again
    for hour, code in ((19, _D.D0), (20, _D.D1), (21, _D.D2), (22, _D.D3)):
        clock.set(f"2026-03-12T{hour}:00:00+08:00")
        answer(cqe, code, answers[code])
        if code is not _D.D3:
            judge(cqe, code, "accept")
    cqe.open(f"/complaints/{NUMBER}/D3")
    assert "12" in cqe.page.locator("#balance").inner_text()  # pieces unaccounted for
    judge(manager, _D.D3, "return", "在途 1000 pcs 请附复测记录")
    cqe.open(f"/complaints/{NUMBER}/D3")
    assert "在途 1000 pcs 请附复测记录" in cqe.page.inner_text("body")
    press(cqe, "submit")
    judge(cqe, _D.D3, "accept")

    # initial reply within 24 hours
    clock.set("2026-03-13T10:00:00+08:00")
    act(cqe, "issue-initial", {"language": "both"})
    act(
        sales,
        "send-initial",
        {
            "sent_at": "2026-03-13T10:00",
            "recipient": "IQC",
            "revision": "1",
            "text": "见附件",
            "proof": "已发邮件",
        },
    )
    nothing_for_outsiders()

    # the sample arrives; the clock is stopped for the laboratory and runs again
    clock.set("2026-03-14T11:00:00+08:00")
    sample = case["sample"]
    act(sales, "sample-received", {
        "received_at": local(sample["received_at"]), "quantity": str(sample["received_quantity"]),
        "announced_quantity": str(sample["announced_quantity"]), "note": sample["difference_reason"],
    })  # fmt: skip
    stop = case["stops"][0]
    clock.set(stop["from"])
    act(
        cqe,
        "stop-clock",
        {"from_at": local(stop["from"]), "stop_reason": stop["reason"], "note": stop["note"]},
    )
    clock.set(stop["to"])
    act(cqe, "resume-clock", {"to_at": local(stop["to"])})
    sales.open(f"/complaints/{NUMBER}")
    said = sales.text()
    assert "2026-03-18 17:30" in said  # contractual: third working day
    assert "2026-03-20 17:30" in said  # agreed: two ticks fell into the stop
    sales.open(f"/complaints/{NUMBER}/deadlines/preliminary_analysis")
    assert "2026-03-15" in sales.text()  # a Sunday, skipped with its reason

    # TE analyses; a draft without its escape cause is refused with the reason, nothing typed is lost
    clock.set("2026-03-19T09:30:00+08:00")
    causes = answers[_D.D4]
    assert isinstance(causes, CauseAnswer)
    without_escape = dataclasses.replace(causes, causes=causes.causes[:1])
    answer(te, _D.D4, without_escape, expect=409)
    assert te.page.input_value('[name="causes-0-text"]') == without_escape.causes[0].text
    te.errors = [one for one in te.errors if "409" not in one]
    answer(te, _D.D4, causes)
    te.errors = [one for one in te.errors if "409" not in one]
    judge(cqe, _D.D4, "accept")
    clock.set("2026-03-19T11:00:00+08:00")
    act(cqe, "issue-preliminary", {"language": "both"})
    act(
        sales,
        "send-preliminary",
        {"sent_at": "2026-03-19T11:00", "recipient": "IQC", "revision": "2", "proof": "已发邮件"},
    )

    # PIE chooses actions, RD proves them, the CQE prevents; four eyes on D7
    clock.set("2026-03-28T10:00:00+08:00")
    for login, code, other in (("pie", _D.D5, cqe), ("rd", _D.D6, cqe), ("cqe", _D.D7, manager)):
        answer(person(login), code, answers[code])
        judge(other, code, "accept")
    clock.set("2026-03-28T14:00:00+08:00")
    act(cqe, "issue-final", {"language": "both"})
    act(
        sales,
        "send-final",
        {"sent_at": "2026-03-28T14:00", "recipient": "SQM", "revision": "3", "proof": "已发邮件"},
    )
    nothing_for_outsiders()

    # verdict, D8, closure
    verdict = case["d8"]["verdict"]
    clock.set("2026-04-28T10:00:00+08:00")
    act(sales, "verdict", {"result": "accepted", "by": verdict["by"], "on": verdict["on"]})
    answer(cqe, _D.D8, answers[_D.D8])
    judge(cqe, _D.D8, "accept")
    clock.set("2026-04-30T15:00:00+08:00")
    act(manager, "close", {})
    assert "Closed" in manager.text()
    act(cqe, "issue-final", {"language": "both"})

    # the report says everything the case says, and is the same for ever
    path = f"{cqe.site}/complaints/{NUMBER}/reports/4/both-internal.pdf"
    first = cqe.context.request.get(path).body()
    assert cqe.context.request.get(path).body() == first
    text = pdf_text.whole(first)
    wanted = [
        (where, one)
        for where, one in case_documents.texts(case)
        if where not in CODED and not where.startswith("._")
    ]
    assert len(wanted) > 80
    assert [(where, one) for where, one in wanted if pdf_text.squeezed(one) not in text] == []
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(first)).pages) == 1
    customer = pdf_text.whole(cqe.context.request.get(path.replace("internal", "customer")).body())
    assert "12600" not in customer  # what sorting cost us
    nothing_for_outsiders()
