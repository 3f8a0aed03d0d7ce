"""Pages of claims and cost: recorded by the form, what is wrong beside its field, approved, exported, taken over."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import openpyxl
import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.money import ClaimRow, CostRow
from eightd.web.discipline_forms.correction import ClosureForm
from eightd.web.discipline_forms.layout import columns
from tests.usecases.case import Case

COST = {
    "kind": "sorting", "phase": "actual", "side": "ours", "amount": "１,234.50", "currency": "CNY",
    "spent_on": "2026-03-12", "department": "production",
}  # fmt: skip


@pytest.fixture
def case(world):
    return Case(world).confirmed()


def at(case, tail=""):
    return f"/complaints/{case.number}/money{tail}"


def test_a_cost_is_recorded_corrected_and_taken_out(case, client_for):
    b = client_for("production")
    assert "No cost has been recorded" in b.get(at(case)).text
    wrong = b.post(at(case, "/costs/new"), {**COST, "amount": "1e5", "side": "recovery", "rate": "two"})
    assert wrong.status_code == 422
    assert "Please type an amount such as 1,234.50" in wrong.text
    assert "From which supplier is it recovered?" in wrong.text
    assert b.post(at(case, "/costs/new"), COST).status_code == 303
    (row,) = case.all(CostRow)
    assert row.amount == Decimal("1234.50")
    assert "1,234.50 CNY" in b.get(at(case)).text
    edit = at(case, f"/costs/{row.id}")
    assert 'value="1234.50"' in b.get(edit).text
    assert b.post(edit, {**COST, "amount": "99"}, version=1).status_code == 303
    assert b.post(edit, {**COST, "amount": "98"}, version=1).status_code == 409
    assert b.post(f"{edit}/remove", {"reason": ""}, version=2).status_code == 422
    assert b.post(f"{edit}/remove", {"reason": "entered twice"}, version=2).status_code == 303
    assert "entered twice" in b.get(at(case)).text
    assert b.get(at(case, "/costs/77")).status_code == 404


def test_a_claim_through_the_pages(case, client_for):
    sales, manager = client_for("sales"), client_for("quality_manager")
    claim = {"amount": "1000", "currency": "EUR", "claimed_on": "2026-03-10", "customer_number": "DN-9"}
    assert "No rate of EUR in CNY is known" in sales.post(at(case, "/claims/new"), claim).text
    rates = {"text": "EUR;2026-03-01;7.8\nUSD 2026-03-01 7.1"}
    assert client_for("finance").post("/costs/rates", rates).status_code == 303
    assert sales.post(at(case, "/claims/new"), claim).status_code == 303
    (row,) = case.all(ClaimRow)
    step = at(case, f"/claims/{row.id}")
    share = {"position": "share", "share": "50", "amount": "", "reason": "half is handling"}
    assert (
        "Please say either the share"
        in sales.post(f"{step}/position", {**share, "share": ""}, version=1).text
    )
    assert sales.post(f"{step}/position", share, version=1).status_code == 303
    page = sales.get(at(case)).text
    assert "3,900.00 CNY" in page
    assert "“Approve our position on a claim” is done by" in page
    assert sales.post(f"{step}/approve", version=2).status_code == 409
    assert "DN-9" in manager.get("/costs/claims").text
    assert manager.post(f"{step}/approve", version=2).status_code == 303
    settled = {"settled_on": "2026-03-12", "settlement": "CN-1"}
    assert client_for("finance").post(f"{step}/settle", settled, version=3).status_code == 303
    assert sales.get(f"{step}/position").status_code == 409
    assert sales.get(at(case, "/claims/99/position")).status_code == 404
    book = manager.post("/costs/export", {"by": "kind", "language": "zh", "from": "2026-01-01"})
    assert book.status_code == 200
    sheets = openpyxl.load_workbook(io.BytesIO(book.data))
    lines, sums = sheets["费用明细"], sheets["汇总"]
    cells = [[cell.value for cell in line] for line in lines.iter_rows(min_row=2)]
    assert [(line[3], line[4], line[8], line[9], line[12]) for line in cells] == [
        ("赔款/折让", "预计", 500, "EUR", 3900), ("赔款/折让", "实际", 500, "EUR", 3900),
    ]  # fmt: skip
    assert [[cell.value for cell in line][:4] for line in sums.iter_rows(min_row=2)] == [
        ["合计", None, 3900, 3900], ["赔款/折让", None, 3900, 3900],
    ]  # fmt: skip
    assert manager.post("/costs/export", {"by": "x", "language": "zh"}).status_code == 400


def test_sums_by_everything(case, client_for):
    client_for("production").post(at(case, "/costs/new"), COST)
    manager = client_for("quality_manager")
    for by, shown in (
        ("month", "2026-03"), ("customer", "ANKE"), ("part", "PA-1200"), ("department", "production"),
        ("kind", "Sorting"), ("complaint", case.number),
    ):  # fmt: skip
        page = manager.get(f"/costs?by={by}")
        assert page.status_code == 200
        assert shown in page.text
        assert page.text.count("1,234.50") >= 2
    assert "No cost in this period" in manager.get("/costs?until=2026-02-01&from=2026-01-01&kind=rework").text
    assert (
        "Left out because it means nothing"
        in manager.get("/costs?by=x&kind=y&from=z&customer=q&plant=99").text
    )
    assert "No cost in this period" in client_for("stranger").get("/costs").text
    assert client_for("production").get("/costs").status_code == 404


def test_limits_and_rates_are_kept(world, client_for):
    b = client_for("finance")
    assert "the quality manager approves any amount" in b.get("/costs/limits").text
    wrong = b.post("/costs/limits", {"cqe": "-5", "quality_manager": "10"}, version=0)
    assert wrong.status_code == 422
    assert "A limit is zero or more" in wrong.text
    limits = {"cqe": "5,000", "finance": "", "quality_manager_any": "1"}
    assert b.post("/costs/limits", limits, version=0).status_code == 303
    assert b.post("/costs/limits", limits, version=0).status_code == 409
    page = b.get("/costs/limits").text
    assert re.search(r'name="cqe"[^>]*|value="5000"', page)
    one = {"currency": "USD", "from_on": "2026-03-01", "rate": "7.12"}
    assert "at most 8 places" in b.post("/costs/rates", {**one, "rate": "0"}).text
    assert b.post("/costs/rates", one).status_code == 303
    assert "Line 2" in b.post("/costs/rates", {"text": "USD 2026-01-01 7\nXXX 2026-01-01 7"}).text
    assert "7.12" in b.get("/costs/rates").text
    assert b.post("/costs/rates/remove", {"currency": "USD", "from_on": "2026-03-01"}).status_code == 303
    assert b.post("/costs/rates/remove", {"currency": "USD", "from_on": "x"}).status_code == 400
    assert b.get(f"/costs/rates?plant={world.foreign_plant}").status_code == 404


def test_actual_costs_are_taken_over_into_d8(case, client_for):
    b = client_for("cqe")
    for amount, currency, rate in (("10", "CNY", ""), ("2.50", "CNY", ""), ("7", "USD", "7.1")):
        sent = {**COST, "amount": amount, "currency": currency, "rate": rate}
        assert b.post(at(case, "/costs/new"), sent).status_code == 303
    b.post(at(case, "/costs/new"), {**COST, "phase": "planned"})
    d8 = f"/complaints/{case.number}/D8"
    assert f"{d8}/costs" in b.get(d8).text
    assert "Take the actual costs over into D8" in b.get(f"{d8}/costs").text
    version = case.discipline(DisciplineCode.D8).version
    assert b.post(at(case, "/take-over"), version=version).status_code == 303
    row: DisciplineRow = case.discipline(DisciplineCode.D8)
    assert [(one["kind"], str(one["amount"]), one["currency"]) for one in row.draft["cost"]] == [
        ("挑选", "12.50", "CNY"), ("挑选", "7.00", "USD"),
    ]  # fmt: skip
    assert b.post(at(case, "/take-over"), version=version).status_code == 409
    b.post(at(case, "/take-over"), version=row.version)
    assert case.discipline(DisciplineCode.D8).version == row.version, "nothing new to take over"
    assert client_for("auditor").post(at(case, "/take-over"), version=row.version).status_code == 409


def test_a_cost_row_that_is_added_in_d8_has_its_currency(app):
    with app.test_request_context():
        form = ClosureForm()
        (part,) = [
            one for section in form.SECTIONS for one in section.parts if getattr(one, "name", "") == "cost"
        ]
        found = {one["name"]: one.get("default") for one in columns(form.cost, part)}
    assert found["currency"] == "CNY"
