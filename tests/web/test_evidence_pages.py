"""The pages of evidence: uploads answered file by file, what is said, marks; and who finds nothing there."""

import io
import re

import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.persistence.repositories.evidence import evidence_of
from eightd.usecases import evidence
from eightd.usecases.evidence import Upload, check_upload
from tests import factories
from tests.usecases.case import Case, picture

D2, D4 = DisciplineCode.D2, DisciplineCode.D4
JSON = {"Accept": "application/json"}


@pytest.fixture
def case(world):
    return Case(world)


def filed(case, name="a.png", content=None, discipline=None):
    upload = check_upload(Upload(name, content or picture("navy", (80, 60))), case.services.limits)
    return evidence.add_evidence(
        case.services.uow, case.world.order("te"), number=case.number, uploads=(upload,), discipline=discipline
    ).id  # fmt: skip


def rows(case):
    with case.services.uow.reading() as session:
        return {row.id: row for row in evidence_of(session, case.row.id)}


def path(case, evidence_id, ending=""):
    return f"/complaints/{case.number}/evidence/{evidence_id}{ending}"


def send(browser, case, name, content, key=None):
    return browser.post(
        f"/complaints/{case.number}/evidence/new",
        {"files": (io.BytesIO(content), name), "discipline": "D2", "marker": ""},
        key=key,
        headers=JSON,
    )


# ---------------------------------------------------------------- uploads of the script


def test_a_script_is_told_of_each_file_what_became_of_it(case, client_for):
    cqe = client_for("cqe")
    taken = send(cqe, case, "a.png", picture(), key="one-file-sent-twice")
    assert (taken.status_code, taken.json["filenames"]) == (201, ["a.png"])
    again = send(cqe, case, "a.png", picture(), key="one-file-sent-twice")
    assert again.json == taken.json
    refused = send(cqe, case, "b.png", b"no picture")
    assert refused.status_code == 422
    (said,) = refused.json["errors"]
    assert said.startswith("b.png: only JPEG")
    assert [(row.filename, row.discipline) for row in rows(case).values()] == [("a.png", "D2")]


def test_a_script_is_told_why_nothing_may_be_added(case, client_for):
    answer = send(client_for("auditor"), case, "a.png", picture())
    assert answer.status_code == 409
    assert "Add evidence" in answer.json["errors"][0]


# ---------------------------------------------------------------- pages


def test_the_page_groups_files_and_sets_ok_beside_nok(case, client_for):
    ok, nok = filed(case, "ok.png", discipline=D2), filed(case, "nok.png", picture("red"), discipline=D2)
    filed(case, "curve.csv", b"t,T\n", discipline=D4)
    te = client_for("te")
    said = {
        "caption_zh": "良品",
        "caption_en": "OK part",
        "marker": "ok",
        "discipline": "D2",
        "pair_with": nok,
    }
    assert te.post(path(case, ok, "/details"), said, version=1).status_code == 303
    page = te.get(f"/complaints/{case.number}/evidence").text
    assert page.index("D2") < page.index(f'id="e{ok}"') < page.index(f'id="e{nok}"') < page.index("curve.csv")
    assert "evidence-pair" in page
    assert rows(case)[ok].sha256 in page
    assert "良品" in page
    panel = te.part(f"/complaints/{case.number}/evidence/panel?discipline=D4").text
    assert "curve.csv" in panel
    assert f'id="e{ok}"' not in panel
    assert 'data-evidence-discipline="D4"' in panel
    assert te.get(f"/complaints/{case.number}/evidence/panel?discipline=D9").status_code == 404
    record = te.get(f"/complaints/{case.number}/record").text
    for said in ("What is said of evidence changed", "Stands beside", "nok.png", "OK part"):
        assert said in record


def test_a_reader_sees_the_files_but_no_way_to_change_them(case, client_for):
    one = filed(case)
    auditor = client_for("auditor")
    page = auditor.get(f"/complaints/{case.number}/evidence").text
    assert f'id="e{one}"' in page
    assert "data-evidence-files" not in page
    assert "/mark" not in page
    detail = auditor.get(path(case, one, "/details"))
    assert (detail.status_code, "data-save" in detail.text) == (200, False)
    assert auditor.get(path(case, one, "/mark")).status_code == 409
    assert auditor.post(path(case, one, "/details"), {"marker": "ok"}, version=1).status_code == 409


def test_strangers_find_nothing(case, client_for):
    one = filed(case)
    for browser in (client_for(factories.STRANGER), client_for(factories.LIMITED)):
        for address in ("", "/panel", f"/{one}/details", f"/{one}/mark", f"/{one}/large", f"/{one}"):
            assert browser.get(f"/complaints/{case.number}/evidence{address}").status_code == 404
        assert browser.post(path(case, one, "/details"), {"marker": "ok"}, version=1).status_code == 404
        assert browser.post(path(case, one, "/mark"), ARROW, version=1).status_code == 404


def test_a_file_of_another_complaint_is_not_there(case, client_for):
    one, other = filed(case), Case(case.world)
    cqe = client_for("cqe")
    for ending in ("", "/details", "/mark", "/large", "/thumbnail"):
        assert cqe.get(path(case, one, ending)).status_code == 200
        assert cqe.get(path(other, one, ending)).status_code == 404
    assert cqe.post(path(other, one, "/details"), {"marker": "ok"}, version=1).status_code == 404
    assert cqe.post(path(other, one, "/mark"), ARROW, version=1).status_code == 404


def test_what_is_wrong_is_said_beside_its_field(case, client_for):
    one, two = filed(case), filed(case, "b.png")
    cqe = client_for("cqe")
    answer = cqe.post(path(case, one, "/details"), {"caption_zh": "a" * 401, "marker": "nok"}, version=1)
    assert answer.status_code == 422
    answer = cqe.post(path(case, one, "/details"), {"marker": "", "pair_with": two}, version=1)
    assert answer.status_code == 422
    assert re.search(r'id="f-pair_with-error"[^>]*>[^<]*(<[^>]*>)*[^<]*One of the two', answer.text)


def test_who_saw_an_earlier_version_is_shown_what_was_typed(case, client_for):
    one = filed(case)
    cqe, te = client_for("cqe"), client_for("te")
    assert cqe.post(path(case, one, "/details"), {"caption_en": "first"}, version=1).status_code == 303
    answer = te.post(path(case, one, "/details"), {"caption_en": "second"}, version=1)
    assert (answer.status_code, "second" in answer.text) == (409, True)
    answer = te.post(path(case, one, "/mark"), ARROW, version=1)
    assert answer.status_code == 409
    assert rows(case)[one].caption == "first"


# ---------------------------------------------------------------- marks

ARROW = {
    "marks-0-kind": "arrow", "marks-0-x1": "10", "marks-0-y1": "10", "marks-0-x2": "60.5", "marks-0-y2": "60",
    "marks-0-colour": "yellow", "marks-1-kind": "text", "marks-1-x1": "5", "marks-1-y1": "80",
    "marks-1-x2": "", "marks-1-y2": "", "marks-1-colour": "red", "marks-1-text": "毛刺",
}  # fmt: skip


def test_marks_can_be_drawn_with_numbers_alone(case, client_for):
    one = filed(case)
    cqe = client_for("cqe")
    assert 'name="marks-' in cqe.get(path(case, one, "/mark")).text
    answer = cqe.post(path(case, one, "/mark"), ARROW, version=1)
    assert answer.status_code == 303
    (new,) = (row for row in rows(case).values() if row.original_id == one)
    assert new.marks[0]["x2"] == 0.605
    page = cqe.get(f"/complaints/{case.number}/evidence").text
    assert f'id="e{new.id}"' in page
    assert f'id="e{one}"' not in page
    original = cqe.get(path(case, one, "/details")).text  # kept, and told what became of it
    assert "This picture was marked up" in original
    again = cqe.get(path(case, new.id, "/mark")).text
    assert 'value="60.5"' in again
    assert f"/evidence/{one}/large" in again  # drawn on the original


def test_a_mark_that_cannot_be_is_refused_at_its_field(case, client_for):
    one, cqe = filed(case), client_for("cqe")
    for name, value in (
        ("0-x1", "101"), ("0-x1", "NaN"), ("0-x1", ""), ("0-kind", "star"), ("0-colour", "url(x)"),
        ("1-text", "x" * 201), ("1-text", " "),
    ):  # fmt: skip
        answer = cqe.post(path(case, one, "/mark"), {**ARROW, f"marks-{name}": value}, version=1)
        assert answer.status_code == 422
        assert f'href="#f-marks-{name}"' in answer.text, name
    assert len(rows(case)) == 1


def test_only_pictures_have_a_page_to_be_marked_on(case, client_for):
    table = filed(case, "curve.csv", b"t,T\n")
    cqe = client_for("cqe")
    assert cqe.get(path(case, table, "/details")).status_code == 200
    for ending in ("/mark", "/large"):
        assert cqe.get(path(case, table, ending)).status_code == 404
    nothing = cqe.post(path(case, filed(case), "/mark"), {}, version=1)
    assert nothing.status_code == 422
    assert "Draw at least one" in nothing.text
