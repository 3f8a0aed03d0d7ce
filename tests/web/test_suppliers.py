"""The pages of suppliers: one asked through the form, sent a link, judged, taken over; lists in few statements."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import CauseAnswer, CausePath, RootCause
from eightd.domain.words import Language
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierLinkRow
from eightd.queries.administration.listing import Filter, Place
from eightd.queries.suppliers.cases import of_complaint
from eightd.queries.suppliers.listing import history, suppliers
from tests.usecases.case import Case
from tests.usecases.supplier_case import Asked, asked, supplier

D4 = DisciplineCode.D4
CAUSES = CauseAnswer(
    causes=(
        RootCause(CausePath.OCCURRENCE, "Gate worn", key="1"),
        RootCause(CausePath.ESCAPE, "Not seen", key="2"),
    )
)


@pytest.fixture
def case(world):
    return Case(world).confirmed()


def test_a_supplier_is_kept_asked_judged_and_taken_over(case, client_for):
    sqe = client_for("sqe")
    assert "No suppliers yet" in sqe.get("/suppliers").text
    assert "No suppliers yet" in sqe.get(f"/complaints/{case.number}/suppliers/ask").text
    fields = {
        "code": "S-1", "name": "华联", "name_en": "Hualian", "language": "en", "lead_analysis": "1",
        "lead_whole": "2", "emails": "q@s.example", "active": "1",
    }  # fmt: skip
    assert sqe.post("/suppliers/new", {**fields, "emails": "nobody"}).status_code == 422
    assert sqe.post("/suppliers/new", fields).headers["Location"] == "/suppliers/1"
    assert sqe.post("/suppliers/1/edit", {**fields, "contact": "Lena"}, version=1).status_code == 303
    assert "Lena" in sqe.get("/suppliers?q=hua").text

    form = sqe.get(f"/complaints/{case.number}/suppliers/ask").text
    assert "defects/0" in form
    dates = sqe.part(f"/complaints/{case.number}/suppliers/dates?supplier_id=1&asked=D4").text
    assert "working days before" in dates
    request = {
        "supplier_id": "1", "part": "Housing", "phenomenon": "cracked", "asked": ["D4"], "language": "",
        "facts": ["number", "defects/0"], "message": "See the clip",
    }  # fmt: skip
    refused = sqe.post(f"/complaints/{case.number}/suppliers/ask", {**request, "asked": ["D5"]})
    assert refused.status_code == 422
    assert "please ask for both" in refused.text
    made = sqe.post(f"/complaints/{case.number}/suppliers/ask", request)
    address = f"/supplier-cases/{case.number}-S1"
    assert made.headers["Location"] == f"{address}#link"
    page = sqe.get(address).text
    assert "The supplier knows nothing of this yet" in page
    assert "See the clip" in page
    assert Asked(case, f"{case.number}-S1").row.language is Language.EN, "the supplier's"
    assert sqe.post(f"{address}/link", {"days": "30"}).status_code == 303
    assert sqe.post(f"{address}/link", {"days": "31"}).status_code == 422
    shown = re.search(r"/q/1-[\w-]{27}", sqe.get(address).text)
    assert shown is not None
    assert re.search(r"/q/1-", client_for("te").get(address).text) is None, (
        "the link is for those who may send it"
    )
    assert client_for(None).get(shown[0]).status_code == 200

    case_of = Asked(case, f"{case.number}-S1")
    case_of.submit(1, D4, CAUSES)
    assert "Gate worn" in sqe.get(address).text
    assert "Gate worn" not in client_for("auditor").get(address).text, "released content only"
    sqe.post(f"{address}/D4/return", {"reason": "which gate?"}, version=2)
    assert "which gate?" in sqe.get(address).text
    case_of.submit(1, D4, CAUSES)
    assert sqe.post(f"{address}/D4/accept", version=case_of.discipline(D4).version).status_code == 303
    version = case_of.row.version
    assert sqe.post(f"{address}/accept", {}, version=version).status_code == 422
    sqe.post(f"{address}/take-over", {"places": ["D4/causes/1"]}, version=version)
    sqe.post(f"{address}/accept", {"score": "3"}, version=case_of.row.version)
    assert "3 – exemplary" in sqe.get(address).text
    panel = sqe.part(f"/complaints/{case.number}/D4/suppliers").text
    assert f"Supplier S-1: {case.number}-S1" in panel
    assert "Gate worn" in panel
    assert sqe.part(f"/complaints/{case.number}/D5/suppliers").text.strip() == ""
    assert "100.0 %" in sqe.get("/suppliers/1").text
    assert f"{case.number}-S1" in sqe.get(f"/complaints/{case.number}/suppliers").text
    record = client_for("quality_manager").get(f"/complaints/{case.number}/record").text
    for told in ("Supplier asked for its 8D", "What the supplier sees", "Rows taken over"):
        assert told in record


def test_a_case_is_changed_called_off_and_its_supplier_asked(case, client_for):
    sqe = client_for("sqe")
    made = asked(case)
    deeper = sqe.get(f"/complaints/{case.number}/suppliers/ask?parent={made.number}").text
    assert f"Ask the supplier of {made.number}" in deeper
    form = {
        "part": "Clip",
        "phenomenon": "loose",
        "language": "zh",
        "due_on": "2026-04-01",
        "facts": ["number"],
    }
    assert sqe.get(f"/supplier-cases/{made.number}/edit").status_code == 200
    assert sqe.post(f"/supplier-cases/{made.number}/edit", {**form, "part": ""}, version=1).status_code == 422
    assert sqe.post(f"/supplier-cases/{made.number}/edit", form, version=1).status_code == 303
    assert made.row.part == "Clip"
    sqe.post(f"/supplier-cases/{made.number}/cancel", {"reason": " "}, version=2)
    assert made.row.is_open
    sqe.post(f"/supplier-cases/{made.number}/cancel", {"reason": "not theirs"}, version=2)
    assert "not theirs" in sqe.get(f"/supplier-cases/{made.number}").text
    assert sqe.get("/supplier-cases/CC-2026-00001-S9").status_code == 404
    assert client_for("stranger").get(f"/supplier-cases/{made.number}").status_code == 404


def counted(case, ask):
    """How many statements a query takes."""
    seen = []
    engine = case.services.uow.engine
    listener = lambda *given: seen.append(given[2])  # noqa: E731 - to be taken off again
    sa.event.listen(engine, "before_cursor_execute", listener)
    with case.services.uow.reading() as session:
        found = ask(session)
    sa.event.remove(engine, "before_cursor_execute", listener)
    return sum(one.lstrip().upper().startswith("SELECT") for one in seen), found


def test_lists_take_few_statements_and_count_what_the_reader_may_see(case, clock):
    world, now = case.world, case.services.clock()
    ids = [supplier(case, f"S-{number}") for number in range(3)]
    for number in (0, 0, 1):
        asked(case, supplier_id=ids[number])
    first = asked(case, supplier_id=ids[0], asked=(D4,))
    link, _ = first.link()
    first.submit(link, D4, CAUSES)
    with case.services.uow.writing(world.order("sqe")) as work:
        work.session.get_one(SupplierCaseRow, 1).score = 3
        work.session.get_one(SupplierCaseRow, 2).score = 2
        work.session.get_one(SupplierLinkRow, link).expires_at = now
    later = now + timedelta(days=60)
    sqe, everything = world.actor("sqe"), Filter()
    spent, page = counted(case, lambda session: suppliers(session, sqe, everything, Place(), later))
    assert spent <= 3
    figures = [line.figures for line in page.lines]
    assert [(one.cases, one.open, one.late, one.to_judge) for one in figures] == [
        (3, 3, 2, 1), (1, 1, 1, 0), (0, 0, 0, 0),
    ]  # fmt: skip
    assert (str(figures[0].score), str(figures[0].on_time)) == ("2.5", "14.3")
    assert (figures[2].score, figures[2].on_time) == (None, None)
    spent, found = counted(case, lambda session: history(session, sqe, ids[0], Place(), later))
    assert spent <= 5
    assert [(one.part, one.count) for one in found.repeats] == [("Housing PC-2", 3)]
    assert [line.repeat for line in found.cases.lines] == [True, True, False]
    assert [line.was_late for line in found.cases.lines] == [False, None, None]
    spent, of = counted(case, lambda session: of_complaint(session, sqe, case.number))
    assert spent <= 14
    assert [one.number[-2:] for one in of.cases] == ["S1", "S2", "S3", "S4"]
    with case.services.uow.reading() as session:
        assert history(session, world.actor("te"), ids[2], Place(), later) is None
        assert history(session, world.actor("te"), ids[0], Place(), later).figures.cases == 3
        assert suppliers(session, world.actor("sales"), everything, Place(), later) is None
        foreign = suppliers(session, world.actor("stranger"), everything, Place(), later)
        assert {line.figures.cases for line in foreign.lines} == {0}
        limited = history(session, world.actor("limited"), ids[0], Place(), later)
        assert limited.cases.lines == ()
