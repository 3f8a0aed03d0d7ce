"""The return log: every quantity of every return the person may see, in the language asked for."""

import io

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from eightd.domain.events import EventTag
from eightd.domain.returns.stages import ReturnStage
from eightd.persistence.tables.record import AuditRow
from tests import complaints
from tests.web.returns_work import announced, brought_to


@pytest.fixture
def ended(world, clock):
    number = announced(world, complaints.registered(world).number)
    brought_to(world, number, ReturnStage.SETTLED)
    announced(world, complaints.registered(world).number, quantity=3)
    return number


def table(answer):
    sheet = load_workbook(io.BytesIO(answer.data)).active
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def export(browser, key=None, **asked):
    return browser.post("/returns/log/export", {"language": "en", **asked}, key=key)


def test_a_row_tells_the_whole_course(client_for, ended):
    rows = table(export(client_for("warehouse")))
    assert [row["Return no."] for row in rows] == ["RCC-2026-00001", "RCC-2026-00002"]
    first = rows[0]
    told = {name: first[name] for name in (
        "Complaint no.", "Stage", "Announced pcs", "Received pcs", "Right part", "Drawn", "NG", "NTF", "Sent back",
        "Still here", "Credit number", "Phenomena", "Late", "Does not reconcile",
    )}  # fmt: skip
    assert told == {
        "Complaint no.": "CC-2026-00001", "Stage": "Booked by finance", "Announced pcs": 20, "Received pcs": 20,
        "Right part": 20, "Drawn": 20, "NG": 16, "NTF": 4, "Sent back": 20, "Still here": 0, "Credit number": "CN-1",
        "Phenomena": "无输出 16", "Late": "Yes", "Does not reconcile": "No",
    }  # fmt: skip


def test_it_is_narrowed_and_recorded_once_however_often_it_is_sent(world, client_for, ended):
    sales = client_for("sales")
    assert [row["客退单号"] for row in table(export(sales, language="zh", **{"from": "2020-01-01"}))] == [
        "RCC-2026-00001",
        "RCC-2026-00002",
    ]
    assert table(export(sales, **{"from": "2049-01-01"})) == []
    assert len(table(export(sales, key="sent-twice-0001", customer="ANKE", open="1"))) == 2
    assert len(table(export(sales, key="sent-twice-0001", customer="ANKE", open="1"))) == 2
    with world.services.uow.reading() as session:
        kept = session.execute(
            sa.select(AuditRow.new).where(AuditRow.tag == EventTag.RETURNS_EXPORTED).order_by(AuditRow.id)
        ).scalars()
        assert [one["filters"] for one in kept] == [
            {"from": "2020-01-01"},
            {"from": "2049-01-01"},
            {"customer": "ANKE", "open": "1"},
        ]


@pytest.mark.parametrize("login", ["stranger", "limited"])
def test_what_may_not_be_seen_is_not_in_it(client_for, ended, login):
    assert table(export(client_for(login))) == []


@pytest.mark.parametrize(
    "asked", [{"from": "yesterday"}, {"customer": "NOBODY"}, {"language": "fr"}, {"until": "2026-02-30"}]
)
def test_what_it_does_not_understand_is_refused_rather_than_left_out(client_for, ended, asked):
    assert export(client_for("sales"), **asked).status_code == 400


def test_the_page_says_what_meant_nothing(client_for, ended):
    page = client_for("sales").get("/returns/log?from=yesterday")
    assert page.status_code == 200
    assert "meant nothing here" in page.text
    assert client_for("admin").get("/returns/log").status_code == 404
