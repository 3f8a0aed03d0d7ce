"""The grid of test results at the door: typed, pasted, brought in from a file, taken over into the disciplines."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

import pytest
from openpyxl import Workbook, load_workbook

from eightd.domain.complaint import DisciplineCode
from eightd.domain.returns.pieces import Piece
from eightd.domain.returns.stages import PieceVerdict, ReturnStage
from eightd.usecases.administration import failure_categories
from eightd.usecases.returns.pieces import record_pieces
from tests import factories
from tests.usecases.case import Case
from tests.web.returns_work import announced, brought_to

HEADINGS = "Serial\tDate code\tVerdict\tKind\tPhenomenon\tCategory\tVout (V)"
THREE = f"{HEADINGS}\nA1\t2610\tng\t\tno output\t\t0.1\nA2\t\tpass\nA3\t\tntf\n"


@pytest.fixture
def case(world):
    return Case(world)


@pytest.fixture
def number(world, case):
    found = announced(world, case.number)
    brought_to(world, found, ReturnStage.DRAWN)
    return found


def address(number, rest=""):
    return f"/returns/{number}/pieces{rest}"


def shown_text(page):
    return unescape(re.search(r'<textarea[^>]*name="table"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)[1])


def version_of(page):
    return int(re.search(r'name="version" value="(\d+)"', page.text)[1])


def send(browser, number, text, **others):
    version = version_of(browser.get(address(number)))
    sent = {"table": text, "ntf_criteria": "24 h at 55 °C", **others}
    return browser.post(address(number), sent, version=version)


def book(*rows):
    made, content = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(content)
    return content.getvalue()


def bring(browser, number, content, name="results.xlsx"):
    return browser.post(address(number, "/import"), {"file": (io.BytesIO(content), name)})


def test_what_is_typed_is_kept_and_shown_as_it_was_meant(client_for, number):
    browser = client_for("production")
    assert send(browser, number, THREE).status_code == 303
    page = browser.get(address(number))
    first = shown_text(page).splitlines()[1].split("\t")
    assert first[:5] == ["A1", "2610", "NG", "Functional", "无输出"]
    assert first[-1] == "0.1"
    assert "/step" not in page.text
    assert f"/returns/{number}/count?of=pieces" in page.text
    assert (
        send(browser, number, "\t\tNG\tfunctional\tNoise").status_code == 303
    )  # a blank first column is a column
    assert [line.split("\t")[4] for line in shown_text(browser.get(address(number))).splitlines()] == [
        "Phenomenon", "Noise",
    ]  # fmt: skip
    assert send(browser, number, "").status_code == 303
    assert len(shown_text(browser.get(address(number))).splitlines()) == 1


def test_every_wrong_cell_is_named_and_nothing_is_saved(client_for, number):
    browser = client_for("te")
    typed = f"{HEADINGS}\n\nA1\t\tmaybe\nA2\t\tNG\nA2\t\tOK\n"
    answer = send(browser, number, typed)
    assert answer.status_code == 422
    assert "<b>Piece 1, Result</b>: “maybe” is none of NG, OK, NTF, not tested" in answer.text
    assert shown_text(answer) == typed
    answer = send(browser, number, typed.replace("maybe", "OK"))
    assert "<b>Piece 2, Phenomenon</b>" in answer.text
    assert "<b>Piece 3, Serial number</b>: the serial stands in piece 2 already" in answer.text
    assert 'data-wrong-line="4" data-wrong-place="4"' in answer.text
    answer = send(browser, number, "\n".join(["Serial", *(f"S{n}" for n in range(21))]))
    assert "21 pieces, but only 20 were drawn for testing" in answer.text
    assert send(browser, number, THREE, ntf_criteria="x" * 4001).status_code == 422
    assert len(shown_text(browser.get(address(number))).splitlines()) == 1


def test_who_sees_and_who_types(client_for, world, number):
    send(client_for("production"), number, THREE)
    page = client_for("finance").get(address(number))
    assert (page.status_code, "<textarea" in page.text, "A1" in page.text) == (200, False, True)
    assert "“Record test results” is done by" in page.text
    for login in (factories.STRANGER, factories.LIMITED, "admin"):
        assert client_for(login).get(address(number)).status_code == 404
        assert client_for(login).post(address(number), {"table": ""}, version=1).status_code == 404
        assert bring(client_for(login), number, b"x").status_code == 404
    assert client_for("finance").post(address(number), {"table": THREE}, version=1).status_code == 409
    assert client_for("finance").post(address(number), {"table": "a\tb\tc"}, version=1).status_code == 409
    assert bring(client_for("finance"), number, b"x").status_code == 409
    stale = client_for("te").post(address(number), {"table": THREE}, version=1)
    assert (stale.status_code, "A1\t2610" in stale.text) == (409, True)


def test_a_file_fills_the_grid_and_keeps_nothing(client_for, number):
    browser = client_for("production")
    send(browser, number, THREE)
    content = book(
        ["Results of November"],
        ["SN", "Result", "Phenomenon", "Iin [A]"],
        ["A2", "NG", "Noise", 0.25],
        [7, "OK"],
    )
    refused = bring(browser, number, content)
    assert refused.status_code == 422
    assert "<b>Line 3</b>: Kind: functional, appearance or other?" in refused.text
    content = book(
        ["SN", "Result", "Kind", "Phenomenon", "Iin [A]"], ["A2", "NG", "f", "Noise", 0.25], [7, "OK"]
    )
    answer = bring(browser, number, content)
    assert answer.status_code == 200
    assert "1 pieces are new, 1 take the place of the same serial" in answer.text
    lines = [line.split("\t") for line in shown_text(answer).splitlines()]
    assert [line[0] for line in lines] == ["Serial number", "A1", "A2", "A3", "7"]
    assert lines[0][-2:] == ["Vout (V)", "Iin [A]"]
    assert lines[2][-1] == "0.25"
    assert shown_text(browser.get(address(number))).count("\n") == 4
    assert send(browser, number, shown_text(answer)).status_code == 303


def hostile():
    harmless = book(["Serial"], ["A1"])
    bomb, entity, macro = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 30_000_000)
    for target, change in ((entity, "dtd"), (macro, "macro")):
        with zipfile.ZipFile(io.BytesIO(harmless)) as source, zipfile.ZipFile(target, "w") as archive:
            for part in source.infolist():
                content = source.read(part)
                if change == "dtd" and part.filename.endswith("sheet1.xml"):
                    content = content.replace(b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet', 1)
                archive.writestr(part.filename, content)
            if change == "macro":
                archive.writestr("xl/vbaProject.bin", b"x")
    return {
        "becomes too large": bomb.getvalue(), "declarations": entity.getvalue(), "macros": macro.getvalue(),
        "Office format before 2007": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "empty": b"",
        "neither Excel": b"\xff\xfe\x00\xd8\x00\x00",
    }  # fmt: skip


def test_hostile_files_are_refused_in_one_sentence(client_for, number):
    browser = client_for("production")
    for said, content in hostile().items():
        answer = bring(browser, number, content)
        assert answer.status_code == 422, said
        assert said in answer.text
    assert browser.post(address(number, "/import"), {}).status_code == 422
    crooked = bring(browser, number, book(["Serial", "Verdict"], *([f"S{n}", "?"] for n in range(150))))
    assert "<b>B2</b>" in crooked.text
    assert "And 50 more." in crooked.text


def test_the_template_and_the_results_are_handed_out(client_for, world, number):
    failure_categories.add_shipped(world.services.uow, world.order("admin"))
    browser = client_for("production")
    send(browser, number, THREE.replace("A2", "=A2"))
    template = load_workbook(io.BytesIO(browser.get(address(number, "/template.xlsx")).data))
    assert [sheet.title for sheet in template] == ["Results", "What may be entered"]
    assert "In order by NTF procedure" in [row[3] for row in template.worksheets[1].values]
    assert (
        browser.get(address(number, "/template.csv"))
        .data.decode("utf-8-sig")
        .startswith("Serial number,Date code,")
    )
    results = browser.get(address(number, "/results.xlsx"))
    sheet = load_workbook(io.BytesIO(results.data)).worksheets[0]
    assert [sheet["A2"].value, sheet["A3"].value, sheet["A3"].data_type] == ["A1", "=A2", "s"]
    assert "'=A2" in browser.get(address(number, "/results.csv")).data.decode("utf-8-sig")
    again = bring(browser, number, results.data)
    assert "0 pieces are new, 3 take the place of the same serial" in again.text
    assert client_for(factories.STRANGER).get(address(number, "/results.xlsx")).status_code == 404


def test_500_pieces_stand_in_one_form(client_for, world, case):
    number = announced(world, case.number, quantity=500)
    brought_to(world, number, ReturnStage.DRAWN, quantity=500)
    browser = client_for("production")
    rows = [f"SN2610{n:06d}\t2610\tNG\t功能\t无输出\t\t\t{'备注' * 20}\t3.3{n}\t0.25" for n in range(500)]
    text = "\n".join([HEADINGS.rpartition("\t")[0] + "\tNTF criteria\tNote\tVout (V)\tIin (A)", *rows])
    assert send(browser, number, text).status_code == 303
    assert len(shown_text(browser.get(address(number))).splitlines()) == 501


def test_what_taking_over_would_change_is_seen_before(client_for, world, number):
    browser = client_for("production")
    send(browser, number, "\n".join(f"S{n}\t\tNG\tappearance\tScratch" for n in range(12)))
    page = browser.get(address(number))
    assert "these results change the complaint" in page.text
    assert re.search(r"Scratch: new, 12", page.text)
    send(browser, number, THREE)
    assert "these results change the complaint" not in browser.get(address(number)).text


@pytest.mark.parametrize(
    ("code", "shown"), [("D2", "NG 1 (no output 1)"), ("D3", "RCC-2026"), ("D4", "24 h at 55")]
)
def test_results_are_taken_over_into_the_draft(client_for, world, case, number, code, shown):
    browser = client_for("cqe")
    assert "What returned pieces showed" not in browser.get(f"/complaints/{case.number}/{code}/pieces").text
    send(client_for("production"), number, THREE)
    if code == "D4":
        case.confirmed()
    panel = browser.get(f"/complaints/{case.number}/{code}/pieces")
    assert "20 received, 3 tested" in panel.text
    assert shown.split(" (")[0] in panel.text
    path = f"/complaints/{case.number}/{code}/pieces"
    assert client_for(factories.STRANGER).post(path, version=version_of(panel)).status_code == 404
    assert client_for("finance").post(path, version=version_of(panel)).status_code == 409
    assert browser.post(path, version=99).status_code == 409
    assert browser.post(path, version=version_of(panel)).status_code == 303
    answer = case.discipline(DisciplineCode(code)).draft
    assert shown.replace("no output", "无输出") in str(answer) or shown in str(answer)
    assert "The results stand in the draft." in browser.get(path).text
    assert f"/complaints/{case.number}/{code}/pieces" in browser.get(f"/complaints/{case.number}/{code}").text


def test_nothing_is_taken_over_where_nothing_was_tested(client_for, case):
    assert client_for("cqe").post(f"/complaints/{case.number}/D2/pieces", version=1).status_code == 404


def test_pieces_that_came_back_before_are_named(client_for, world, case, number):
    again = announced(world, case.number, quantity=2)
    version = brought_to(world, again, ReturnStage.DRAWN, quantity=2)
    pieces = (Piece("A1", verdict=PieceVerdict.OK),)
    send(client_for("production"), number, THREE)
    record_pieces(world.services.uow, world.order("te"), number=again, version=version, pieces=pieces)
    page = client_for("te").get(address(again))
    assert "One piece came back before:" in page.text
    assert f"Came back before: {number}" in unescape(page.text)


def test_categories_are_kept_on_a_page(client_for, world):
    admin = client_for("admin")
    assert "are not there" in admin.get("/admin/failure-categories/").text
    assert admin.post("/admin/failure-categories/shipped").status_code == 303
    assert "Solder bridge" in admin.get("/admin/failure-categories/").text
    fields = {
        "code": "P1",
        "name": "本厂分类",
        "name_en": "Own",
        "meaning": "",
        "active": "1",
        "plant_id": str(world.plant),
    }
    assert admin.get("/admin/failure-categories/new?below=1").status_code == 200
    assert admin.post("/admin/failure-categories/new", {**fields, "parent_id": ""}).status_code == 303
    assert admin.post("/admin/failure-categories/new", fields).status_code == 422
    listed = admin.get("/admin/failure-categories/").text
    path = re.search(r'href="(/admin/failure-categories/\d+)">本厂分类', listed)[1]
    assert "Own" in admin.get(path).text
    assert admin.post(path, {"name": "", "meaning": ""}, version=1).status_code == 422
    assert admin.post(path, {"name": "停用", "meaning": "undetermined"}, version=1).status_code == 303
    assert "停用" in admin.get("/admin/failure-categories/?state=all").text
    assert admin.post(path, {"name": "x", "meaning": ""}, version=1).status_code == 409
    assert admin.get("/admin/failure-categories/999").status_code == 404
    assert client_for("cqe").get("/admin/failure-categories/").status_code == 404
