"""The reviewer's panel, the page of the whole 8D with scores, the comparison, and the levels of administration."""

from __future__ import annotations

import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    CauseAnswer,
    ContainmentAnswer,
    RootCause,
    StockCheck,
    StockPlace,
    chain,
)
from eightd.persistence.tables.reviewing import AcceptedFindingRow, AssessmentRow, ReviewSettingRow
from eightd.usecases import discipline as verbs
from tests.web.casework import act, registered, text_of

D4 = DisciplineCode.D4
BLAMING = CauseAnswer(
    causes=(
        RootCause(
            text="操作员疏忽 <b>", how="0/100", whys=chain("no output", "joint open", "preheater 84 °C")
        ),
    )
)


@pytest.fixture
def number(world, client_for):
    """A confirmed complaint whose D4 blames a person."""
    number = registered(world)
    act(
        client_for("cqe"), number, "confirm-ours",
        {"visit_needed": "no", "sample_needed": "yes", "origin": "process"},
    )  # fmt: skip
    verbs.save_draft(
        world.services.uow, world.order("cqe"), number=number, code=D4, version=1, answer=BLAMING
    )
    return number


def rows(world, table):
    with world.services.uow.reading() as session:
        return session.query(table).order_by(table.id).all()


def version_of(page):
    return page.text.split('name="version" value="', 1)[1].split('"', 1)[0]


def digest_of(page, rule):
    part = page.text.split(f'data-finding="{rule}"', 1)[1]
    return part.split('name="digest" value="', 1)[1].split('"', 1)[0]


def test_the_panel_says_what_is_wrong_where_why_and_how_to_mend_it(number, client_for):
    panel = client_for("cqe").part(f"/complaints/{number}/D4/review")
    assert panel.status_code == 200
    assert "<html" not in panel.text
    shown = text_of(panel.text)
    for words in (
        "Keeps from submitting", "Cause blames a person", "操作员疏忽", "Say why the process let it happen",
        "Score as it stands: 1 / 3", "No cause of escape",
    ):  # fmt: skip
        assert words in shown
    assert 'data-place="causes/1/text"' in panel.text
    assert "操作员疏忽 &lt;b&gt;" in panel.text
    assert "the cause of escape (why it was not found) is missing" not in shown  # said once, by the reviewer


def test_the_workbench_asks_for_the_panel(number, client_for):
    page = client_for("cqe").get(f"/complaints/{number}/D4")
    assert f'hx-get="/complaints/{number}/D4/review"' in page.text
    assert "reviewer.js" in page.text


def test_a_finding_is_let_stand_with_a_reason(world, number, client_for):
    cqe, path = client_for("cqe"), f"/complaints/{number}/D4/review"
    digest = digest_of(cqe.part(path), "d4.blames_person")
    refused = cqe.post(path, {"digest": digest, "reason": ""})
    assert refused.status_code == 422
    assert "Please give the reason." in refused.text
    part = cqe.post(path, {"digest": digest, "reason": " "}, headers={"HX-Request": "true"})
    assert "Please give the reason." in part.text
    done = cqe.post(path, {"digest": digest, "reason": "the customer knows"}, headers={"HX-Request": "true"})
    assert "the customer knows" in done.text
    assert [row.reason for row in rows(world, AcceptedFindingRow)] == ["the customer knows"]
    again = cqe.post(path, {"digest": digest, "reason": "once more"})
    assert again.status_code == 303
    assert "1 finding let stand" in cqe.get(f"/complaints/{number}/review").text


def test_others_read_the_findings_and_are_offered_nothing(number, client_for):
    panel = client_for("te").part(f"/complaints/{number}/D4/review")
    assert "Cause blames a person" in panel.text
    assert "Let it stand" not in panel.text
    page = client_for("te").get(f"/complaints/{number}/review")
    assert "Score as CQE" not in page.text
    assert "Nothing is written yet." in client_for("auditor").part(f"/complaints/{number}/D4/review").text


def test_submitting_is_refused_in_words_beside_the_form(number, client_for):
    cqe = client_for("cqe")
    refused = cqe.post(f"/complaints/{number}/D4", {"do": "submit", "causes-0-path": "occurrence",
        "causes-0-text": "Operator error", "causes-0-state": "verified", "causes-0-how": "0/100",
        "causes-1-path": "escape", "causes-1-text": "Load 50 % only", "causes-1-state": "verified",
        "causes-1-how": "9/100"}, version=2)  # fmt: skip
    assert refused.status_code == 409
    assert "blames a person" in refused.text
    assert "Operator error" in refused.text  # what was typed is there still


def test_scores_of_cqe_and_customer_stand_beside_the_programs(world, number, client_for):
    cqe, path = client_for("cqe"), f"/complaints/{number}/review"
    page = cqe.get(path)
    assert page.status_code == 200
    version = version_of(page)
    empty = cqe.post(f"{path}/score", {"note": "nothing"}, version=version)
    assert empty.status_code == 422
    assert "Please score at least one discipline." in empty.text
    wrong = cqe.post(f"{path}/score", {"D4": "7"}, version=version)
    assert wrong.status_code == 422
    assert cqe.post(f"{path}/score", {"D4": "1", "D1": ""}, version=version).status_code == 303
    stale = cqe.post(f"{path}/assessment", {"D4": "0"}, version=version)
    assert stale.status_code == 409
    version = version_of(cqe.get(path))
    sales = client_for("sales")
    assert (
        sales.post(f"{path}/assessment", {"D4": "0", "note": "by mail"}, version=version).status_code == 303
    )
    kept = [(row.assessor.value, row.code.value, row.score) for row in rows(world, AssessmentRow)]
    assert kept == [("cqe", "D4", 1), ("customer", "D4", 0)]
    shown = text_of(sales.get(path).text)
    assert "by mail" in shown
    assert "1 / 3" in shown
    compared = text_of(cqe.get("/assessments?since=2020-01-01").text)
    assert "D4" in compared
    assert "1.0" in compared
    assert "No scores yet" in cqe.get("/assessments?since=2020-01-01&until=2020-02-01").text


def test_both_languages_of_the_page(number, client_for):
    cqe = client_for("cqe")
    cqe.post("/language", {"lang": "zh", "next": "/"})
    page = text_of(cqe.get(f"/complaints/{number}/review").text)
    assert "8D 审核" in page
    assert "把原因归咎于人" in page
    assert "换一个人还会犯同样的错" in page


def test_levels_are_set_by_plant_and_customer(world, number, client_for):
    admin = client_for("admin")
    page = admin.get("/admin/reviewer/")
    assert "d4.blames_person" in page.text
    sent = {"plant": world.plant, "customer": "", "d4.blames_person": "warn", "any.empty_phrase": ""}
    assert admin.post("/admin/reviewer/", sent, version=1).status_code == 303
    assert admin.post("/admin/reviewer/", sent, version=1).status_code == 409
    assert admin.post("/admin/reviewer/", {**sent, "d4.no_system": "loud"}, version=2).status_code == 400
    assert admin.post("/admin/reviewer/", {"plant": ""}, version=1).status_code == 400
    customer = {"plant": world.plant, "customer": world.customer, "d4.blames_person": "off"}
    assert admin.post("/admin/reviewer/", customer, version=1).status_code == 303
    assert "Customers with levels of their own:" in admin.get("/admin/reviewer/").text
    of_customer = admin.get(f"/admin/reviewer/?plant={world.plant}&customer={world.customer}")
    assert "usual: Warning" in of_customer.text
    assert admin.get(f"/admin/reviewer/?plant={world.foreign_plant}").status_code == 404
    assert "Cause blames a person" not in client_for("cqe").part(f"/complaints/{number}/D4/review").text
    assert {row.rule for row in rows(world, ReviewSettingRow)} == {"*", "d4.blames_person"}


def test_impossible_counts_are_named_at_their_row(world, number, client_for):
    stock = (StockCheck(StockPlace.WIP, 5, 9, 0, None, "scrap", key="ab12"),)
    verbs.save_draft(
        world.services.uow, world.order("cqe"), number=number, code=DisciplineCode.D3, version=1,
        answer=ContainmentAnswer(stock=stock),
    )  # fmt: skip
    panel = client_for("cqe").part(f"/complaints/{number}/D3/review")
    assert 'data-place="stock/ab12/checked"' in panel.text
