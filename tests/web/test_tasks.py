"""The pages of actions: listed, finished with a proof, verified, changed; what is wrong stands beside the field."""

import io
from datetime import date

import pytest

from eightd.domain.tasks import TaskState
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.usecases import discipline
from eightd.usecases.tasks.finish import finish_task
from tests.factories import LIMITED, STRANGER
from tests.usecases.case import D5, Case, picture
from tests.usecases.tasks import do, tasks, with_actions


@pytest.fixture
def case(world):
    return with_actions(Case(world))


def place(case, key="a", verb=""):
    path = f"/complaints/{case.number}/tasks/{tasks(case)[key].id}"
    return f"{path}/{verb}" if verb else path


def test_my_actions_stand_in_the_list_with_a_figure_in_the_menu(case, client_for, clock):
    page = client_for("pie").get("/tasks/").text
    assert "Interlock" in page
    assert "Burn-in" not in page
    assert "menu-figure" not in page
    clock.advance(days=10)
    page = client_for("pie").get("/tasks/").text
    assert '<b class="menu-figure" title="overdue">1</b>' in page
    assert "Overdue" in page


def test_the_plants_and_nobodys_actions_are_a_tab_away(case, client_for):
    browser = client_for("cqe")
    assert "Nothing is waiting for you" in browser.get("/tasks/").text or case.row.cqe_id
    page = browser.get("/tasks/?whose=plant").text
    assert all(what in page for what in ("Interlock", "Burn-in", "Spare part list"))
    page = browser.get("/tasks/?whose=nobodys&kind=corrective&customer=ANKE").text
    assert "Spare part list" in page
    assert "Interlock" not in page
    assert "no user chosen" in page
    page = browser.get("/tasks/?whose=plant&state=verified").text
    assert "Nothing matches" in page
    page = (
        client_for("cqe")
        .get("/tasks/?whose=everybody&state=odd&kind=x&customer=NIX&after=nonsense&before=9-9x")
        .text
    )
    assert "Left out because it means nothing here" in page
    assert client_for("cqe").get("/tasks/?after=999999999999999999-1").status_code == 200


def test_pages_are_walked_by_key(case, client_for, monkeypatch):
    monkeypatch.setattr(
        "eightd.queries.tasks.page.__kwdefaults__", {"after": None, "before": None, "size": 2}
    )
    browser = client_for("cqe")
    first = browser.get("/tasks/?whose=plant").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(following).text
    assert ("Burn-in" in second) is ("Burn-in" not in first)
    assert 'rel="prev"' in second


def test_an_action_is_finished_with_its_proof_in_one_form(case, client_for, world):
    browser = client_for("pie")
    assert "Report as done" in browser.get(place(case)).text
    sent = {"done_on": "2026-03-12", "note": "fitted", "proof": (io.BytesIO(picture()), "door.png")}
    answer = browser.post(place(case, verb="finish"), sent, version=1, follow=True)
    assert "The action was reported as done." in answer.text
    assert "door.png" in answer.text
    assert tasks(case)["a"].state is TaskState.DONE
    assert [row.discipline for row in case.all(EvidenceRow)] == [D5]


def test_a_file_that_is_not_taken_is_told_beside_its_field_and_nothing_is_saved(case, client_for):
    sent = {"done_on": "2026-03-12", "note": "typed text", "proof": (io.BytesIO(b"MZ\0"), "tool.exe")}
    answer = client_for("pie").post(place(case, verb="finish"), sent, version=1)
    assert answer.status_code == 422
    assert 'id="f-proof-error"' in answer.text
    assert "typed text" in answer.text
    assert tasks(case)["a"].state is TaskState.OPEN
    assert case.all(EvidenceRow) == []
    answer = client_for("pie").post(
        place(case, verb="finish"), {"done_on": "2026-03-12", "note": "mine"}, version=7
    )
    assert answer.status_code == 409
    assert "mine" in answer.text


def test_what_is_wrong_stands_beside_its_field(case, client_for):
    wrong = [
        ("finish", {"done_on": ""}, "done_on"),
        ("finish", {"done_on": "2026-03-13"}, "done_on"),
        ("change", {"owner_id": "", "due_on": "2026-04-01"}, "reason"),
        ("change", {"owner_id": "99999", "due_on": ""}, "owner_id"),
    ]
    for verb, sent, field in wrong:
        answer = client_for("cqe").post(place(case, verb=verb), sent, version=1)
        assert answer.status_code == 422
        assert f'id="f-{field}-error"' in answer.text


def test_pqe_verifies_and_what_does_not_work_is_open_again(case, client_for):
    do(case, finish_task, "pie", "a", done_on=date(2026, 3, 12))
    browser = client_for("pqe")
    assert "Record the verification" in browser.get(place(case)).text
    for sent, field in (({}, "works"), ({"works": "no"}, "note")):
        answer = browser.post(place(case, verb="verify"), sent, version=2)
        assert answer.status_code == 422
        assert f'id="f-{field}-error"' in answer.text
    answer = browser.post(
        place(case, verb="verify"), {"works": "no", "note": "opens"}, version=2, follow=True
    )
    assert "Did not work" in answer.text
    do(case, finish_task, "pie", "a", done_on=date(2026, 3, 12))
    answer = browser.post(place(case, verb="verify"), {"works": "yes"}, version=4, follow=True)
    assert "The action was verified." in answer.text
    assert "It turned out not to work" in answer.text
    case.work(discipline.accept, "quality_manager", D5)
    page = client_for(case.owner(D5)).get(f"/complaints/{case.number}/D6").text
    assert 'value="2026-03-12"' in page, "D6 begins with the days on which actions were done"


def test_an_owner_is_chosen_and_told_why_others_may_not(case, client_for, world):
    sent = {"owner_id": str(world.users["rd"]), "due_on": "2026-03-19"}
    answer = client_for("cqe").post(place(case, "c", "change"), sent, version=1, follow=True)
    assert "The action was changed." in answer.text
    assert "冯涛" in answer.text
    page = client_for("finance").get(place(case)).text
    assert "Report as done" not in page
    assert "is for its owner" in page
    assert (
        client_for("finance").post(place(case, verb="finish"), {"done_on": ""}, version=1).status_code == 409
    )


def test_what_is_foreign_is_not_there(case, client_for):
    for login in (STRANGER, LIMITED, "admin"):
        assert client_for(login).get(place(case)).status_code == 404
        assert client_for(login).get(f"/complaints/{case.number}/tasks/panel").status_code == 404
        assert (
            client_for(login)
            .post(place(case, verb="finish"), {"done_on": "2026-03-12"}, version=1)
            .status_code
            == 404
        )
    other = Case(case.world)
    assert client_for("pie").get(place(case).replace(case.number, other.number)).status_code == 404
    assert client_for("pie").get(f"/complaints/{case.number}/tasks/4000000000").status_code == 404
    assert client_for("admin").get("/tasks/").status_code == 404


def test_the_complaint_and_the_workbench_show_its_actions(case, client_for):
    browser = client_for("cqe")
    page = browser.get(f"/complaints/{case.number}").text
    assert "Interlock" in page.split('id="actions"')[1]
    panel = browser.part(f"/complaints/{case.number}/tasks/panel?discipline=D5").text
    assert "Interlock" in panel
    assert '<option value="PIE 王磊">' in panel
    assert "Interlock" in browser.part(f"/complaints/{case.number}/tasks/panel?discipline=D6").text
    assert browser.part(f"/complaints/{case.number}/tasks/panel?discipline=D4").text.strip() == ""
    assert (
        "once their discipline has been submitted"
        in browser.part(f"/complaints/{case.number}/tasks/panel?discipline=D7").text
    )
    assert browser.part(f"/complaints/{case.number}/tasks/panel?discipline=D9").status_code == 404
    assert 'list="plant-people"' in browser.get(f"/complaints/{case.number}/D3").text
    page = client_for("cqe").get(f"/complaints/{case.number}/record").text
    assert "Spare part list · 品质部 · 2026-03-20 · Open" in page

    page = client_for("cqe").get(f"/complaints/{case.number}/cancel").text
    assert "3 actions are still open." in page
    assert "They are cancelled with the complaint" in page
