"""The pages of bringing in: take, correct, try, carry out; and who finds nothing there."""

import io

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from eightd.domain.importing.fields import Target
from eightd.usecases.importing.advance import advance_imports
from tests.imports_case import HEADS, book, carried, line, tried


def sent(content, target="log", plant=1, name="old.xlsx"):
    return {"target": target, "plant": str(plant), "file": (io.BytesIO(content), name)}


def test_from_file_to_history(world, client_for):
    """A file is taken, its columns are corrected, it is tried, carried out, and its progress is asked for."""
    b = client_for("quality_manager")
    content = book(
        {"a": [["台账"], HEADS, line(), line(客户单号="C-2", 客诉日期="二月三十", 客户="Kestrel Bikes")]}
    )
    answer = b.post("/imports/", sent(content, plant=world.plant))
    assert answer.status_code == 303
    address = answer.location
    page = b.get(address).text
    assert "Sheet “a”" in page
    assert page.count('<option value="customer" selected>') == 1
    form = {"sheet-0-used": "1", "sheet-0-first": "2", "sheet-0-last": "2", "order": "day", "kind": "field"}
    again = b.post(f"{address}/mapping", {**form, "do": "again"}, version=1)
    assert again.status_code == 200
    assert again.text.count('<option value="phenomenon" selected>') == 1
    columns = {
        "1": "received_on",
        "2": "customer",
        "3": "customer_number",
        "4": "part_number",
        "10": "phenomenon",
    }
    form.update({f"sheet-0-column-{place}": code for place, code in columns.items()})
    assert b.post(f"{address}/mapping", {**form, "sheet-0-used": ""}, version=1).status_code == 422
    assert b.post(f"{address}/mapping", {**form, "do": "try"}, version=1).status_code == 303
    assert "Being tried" in b.part(f"{address}/progress").text
    advance_imports(world.services)
    assert b.part(f"{address}/progress").headers["HX-Refresh"] == "true"
    page = b.get(address).text
    assert "a!B4" in page
    assert "“二月三十” is not a date" in page
    assert 'name="leave_out"' in page
    assert b.post(f"{address}/carry-out", {}, version=3).status_code == 422
    assert b.post(f"{address}/carry-out", {"leave_out": "1"}, version=2).status_code == 409
    assert b.post(f"{address}/carry-out", {"leave_out": "1"}, version=3).status_code == 303
    advance_imports(world.services)
    assert "1 record was brought in, all in one go." in b.get(address).text
    assert "HCC-2023-00001" in b.get("/complaints/HCC-2023-00001").text
    found = b.get(f"{address}/findings.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(found.data)).get_sheet_by_index(0).to_python()
    assert rows[1][:4] == ["Stays out", "a", "4", "B4"]
    assert "brought in: 1" in b.get("/imports/").text


def test_a_new_name_can_be_a_known_customer(world, client_for):
    row = tried(world, book({"a": [HEADS, line(客户="Anke GmbH")]}))
    b = client_for("cqe")
    page = b.get(f"/imports/{row.id}").text
    assert "Anke GmbH" in page
    form = {"part": "customers", "name": ["ankegmbh"], "customer": ["ANKE"]}
    assert b.post(f"/imports/{row.id}/mapping", form, version=row.version).status_code == 303
    advance_imports(world.services)
    assert "Customers that are not known" not in b.get(f"/imports/{row.id}").text


def test_what_no_column_holds_is_named(world, client_for):
    content = book({"a": [["客户", "料号"], ["Anke", "PA-1"]]})
    b = client_for("admin")
    address = b.post("/imports/", sent(content, target="customers", plant=world.plant)).location
    given = {"sheet-0-used": "1", "sheet-0-first": "1", "sheet-0-last": "1", "order": "day", "do": "again"}
    assert "No column holds: Code" in b.post(f"{address}/mapping", given, version=1).text
    b.post("/account/language", {"language": "zh"})
    assert "没有列对应：客户代码" in b.post(f"{address}/mapping", given, version=1).text


def test_what_is_refused_is_said_at_the_file(world, client_for):
    b = client_for("cqe")
    for content, text in ((b"", "the file is empty"), (b"%PDF-1.7", "please choose an Excel book")):
        answer = b.post("/imports/", sent(content, plant=world.plant))
        assert answer.status_code == 422
        assert text in answer.text


def test_runs_of_others_are_not_there(world, client_for):
    """Another plant, another role, a customer's limit: nothing to see, nothing to do."""
    row = tried(world, book({"a": [HEADS, line()]}))
    address = f"/imports/{row.id}"
    for login in ("sales", "admin", "auditor", "stranger", "limited"):
        b = client_for(login)
        for path in (address, f"{address}/progress", f"{address}/findings.xlsx", f"{address}?columns=1"):
            assert b.get(path).status_code == 404, (login, path)
        assert b.post(f"{address}/mapping", {}, version=row.version).status_code == 404
        assert b.post(f"{address}/carry-out", {"leave_out": "1"}, version=row.version).status_code == 404
    assert client_for("stranger").post("/imports/", sent(b"a", plant=world.plant)).status_code == 404
    assert (
        client_for("cqe").post("/imports/", sent(b"a", target="users", plant=world.plant)).status_code == 404
    )
    assert client_for("cqe2").get(address).status_code == 200


@pytest.mark.parametrize(("target", "login"), [("log", "cqe"), ("suppliers", "sqe"), ("users", "admin")])
def test_a_template_can_be_filled_in_and_brought_in(world, client_for, target, login):
    """The example of the template itself is read without a problem."""
    book_of = client_for(login).get(f"/imports/templates/{target}.xlsx")
    assert book_of.headers["Content-Disposition"].startswith("attachment")
    sheets = load_workbook(io.BytesIO(book_of.data)).sheetnames
    assert len(sheets) == 2
    row = tried(world, book_of.data, Target(target), login)
    assert [one for one in row.findings if one["level"] == "problem"] == []
    assert row.counts["new"] == 1
    assert carried(world, row, login).state == "finished"
    assert client_for(login).get("/imports/templates/nothing.xlsx").status_code == 404
