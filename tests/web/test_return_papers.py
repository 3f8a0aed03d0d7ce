"""The papers of a return at the door: who gets them, in which language, and when there is nothing to print."""

import pytest

from eightd.domain.returns.stages import ReturnStage
from tests import complaints
from tests.reporting.pdf_text import pages
from tests.web.returns_work import announced, brought_to


@pytest.fixture
def number(world):
    first, second = complaints.registered(world).number, complaints.registered(world).number
    return announced(world, first, second, enclose="packing list", carrier="Freight", tracking="SF1")


def words(answer):
    return " ".join(" ".join(pages(answer.data)).split())


def test_the_label_names_every_complaint_of_the_parcel(client_for, number):
    answer = client_for("sales").get(f"/returns/{number}/label.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{number}-label.pdf"')
    text = words(answer)
    assert [
        one
        for one in (number, "RCC-2026-00002", "CC-2026-00001", "CC-2026-00002", "packing list")
        if one not in text
    ] == []


@pytest.mark.parametrize(
    ("language", "title"), [("zh", "客退品处理单"), ("en", "Return sheet"), ("both", "客退品处理单")]
)
def test_the_sheet_is_printed_in_the_language_asked_for(client_for, number, language, title):
    assert title in words(client_for("warehouse").get(f"/returns/{number}/sheet.pdf?language={language}"))


def test_a_rework_order_wants_a_plan_and_then_shows_it(world, client_for, number):
    pie = client_for("pie")
    refused = pie.get(f"/returns/{number}/rework.pdf")
    assert refused.status_code == 409
    brought_to(world, number, ReturnStage.PLANNED)
    order = pie.get(f"/returns/{number}/rework.pdf?language=en")
    assert "replace C12" in words(order)
    sheet = words(pie.get(f"/returns/{number}/sheet.pdf?language=en"))
    assert [one for one in ("to be reworked", "2 h at 55 °C", "R2-B07", "NTF") if one not in sheet] == []


@pytest.mark.parametrize("login", ["stranger", "limited", "admin"])
@pytest.mark.parametrize("paper", ["label", "sheet", "rework"])
def test_what_may_not_be_seen_is_not_there(client_for, number, login, paper):
    assert client_for(login).get(f"/returns/{number}/{paper}.pdf").status_code == 404
    assert client_for("sales").get(f"/returns/RCC-2026-99999/{paper}.pdf").status_code == 404
