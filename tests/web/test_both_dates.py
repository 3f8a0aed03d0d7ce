"""The contractual and the agreed date stand side by side: on the board, the page, in the log and the report."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from eightd.domain.clock.stops import StopReason
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.usecases import clock as clocks
from tests.usecases.case import D1, D2, D3, Case
from tests.web.casework import text_of

CONTRACTUAL, AGREED = "2026-03-18 17:30", "2026-03-20 17:30"


@pytest.fixture
def case(world, clock):
    """The initial reply is sent, the sample came on Saturday: the preliminary analysis is next."""
    clock.set("2026-03-14T10:20:00+08:00")
    found = Case(world).confirmed().sampled()
    found.accept(D1, D2, D3)
    found.send(ReportKind.INITIAL)
    return found


@pytest.fixture
def stopped(case, clock):
    clock.set("2026-03-17T14:00:00+08:00")
    case.do(clocks.stop_clock, "cqe", from_at=clock(), reason=StopReason.LABORATORY, note="LAB")
    return case


@pytest.fixture
def resumed(stopped, clock):
    clock.set("2026-03-18T18:10:00+08:00")
    stopped.do(clocks.resume_clock, "cqe", to_at=clock())
    return stopped


def line_of(browser, number):
    page = browser.get("/?whose=all").text
    return text_of(next(row for row in re.split("<tr", page) if number in row))


def accept_no_stops(world):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(CustomerRow, world.customer).accepts_stops = False


def test_the_board_tells_the_other_date_only_where_it_is_another(client_for, case):
    line = line_of(client_for("cqe"), case.number)
    assert CONTRACTUAL in line
    assert "by contract" not in line


def test_the_board_while_the_clock_is_stopped(client_for, stopped):
    line = line_of(client_for("cqe"), stopped.number)
    assert "Clock stopped" in line
    assert f"by contract {CONTRACTUAL}" in line


def test_the_board_after_a_stop(client_for, resumed):
    line = line_of(client_for("cqe"), resumed.number)
    assert AGREED in line
    assert f"by contract {CONTRACTUAL}" in line


def test_the_board_for_a_customer_without_stops(client_for, world, case, clock):
    accept_no_stops(world)
    clock.set("2026-03-17T14:00:00+08:00")
    case.do(clocks.stop_clock, "cqe", from_at=clock(), reason=StopReason.LABORATORY, note="LAB")
    line = line_of(client_for("cqe"), case.number)
    assert CONTRACTUAL in line
    assert "Clock stopped" in line  # the agreed date moves on every day, and is not judged
    clock.set("2026-03-18T18:10:00+08:00")
    case.do(clocks.resume_clock, "cqe", to_at=clock())
    line = line_of(client_for("cqe"), case.number)
    assert f"as agreed {AGREED}" in line
    assert "late" in line
    page = text_of(client_for("cqe").get(f"/complaints/{case.number}").text)
    assert "Lateness is judged on the contractual date, because the customer does not accept stops." in page


def test_the_page_and_the_log_and_the_report(client_for, resumed):
    page = text_of(client_for("cqe").get(f"/complaints/{resumed.number}").text)
    assert f"{CONTRACTUAL} {AGREED}" in page
    book = load_workbook(
        io.BytesIO(client_for("auditor").post("/log/export", {"language": "en"}).data)
    ).active
    titles, row = book.iter_rows(values_only=True)
    log = dict(zip(titles, row, strict=True))
    assert f"{log['Preliminary analysis: contractual']:%Y-%m-%d %H:%M}" == CONTRACTUAL
    assert f"{log['Preliminary analysis: agreed']:%Y-%m-%d %H:%M}" == AGREED
    pdf = client_for("cqe").get(f"/complaints/{resumed.number}/reports/preview-en-customer.pdf")
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages)
    flat = re.sub(r"\s+", " ", printed)
    assert CONTRACTUAL in flat
    assert AGREED in flat
