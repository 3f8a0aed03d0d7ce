"""What the workbench sends while somebody writes: saves, presence, reading beside, and who may not."""

from __future__ import annotations

import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ProblemAnswer
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import UserRow
from eightd.usecases import discipline as verbs
from tests.reporting.case_documents import adapter
from tests.web.casework import act, form_of, registered, text_of

D2 = DisciplineCode.D2
OF_THE_PAGE = {"csrf_token", "idempotency_key", "version"}


@pytest.fixture
def number(world, client_for):
    """A complaint whose analysis has begun."""
    made = registered(world)
    act(
        client_for("cqe"), made, "confirm-ours",
        {"visit_needed": "no", "sample_needed": "yes", "origin": "process"},
    )  # fmt: skip
    return made


@pytest.fixture
def send(client_for, number):
    """Send the form of a discipline as the browser saves it."""

    def sent(login, code, values, version=1, key=None, **more):
        browser = client_for(login)
        form = form_of(client_for("cqe").get(f"/complaints/{number}/{code}").text, code)
        return browser.post(
            f"/complaints/{number}/{code}/autosave",
            {**{name: value for name, value in form.items() if name not in OF_THE_PAGE}, **values, **more},
            version=version, key=key,
        )  # fmt: skip

    return sent


def name_of(world, login):
    with world.services.uow.reading() as session:
        return session.get(UserRow, world.users[login]).name


def draft(world, code):
    with world.services.uow.reading() as session:
        row = session.query(DisciplineRow).filter_by(code=DisciplineCode(code)).one()
        return row.draft, row.version


def test_a_save_tells_its_version_and_time(world, send):
    answer = send("cqe", "D2", {"our_words": "No output"})
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["version"], told["refused"], len(told["saved_at"])) == (2, [], 5)
    assert "fields" not in told
    assert draft(world, "D2")[0]["our_words"] == "No output"


def test_what_others_saved_comes_back_by_place(world, send):
    send("cqe2", "D1", {"leader": "Li", "members-0-key": "aa", "members-0-name": "An"})
    told = send("cqe", "D1", {"champion": "Wang", "leader": "Zhao", "members-0-name": ""}).get_json()
    assert told["version"] == 3
    assert told["conflicts"] == [{"place": "leader", "theirs": "Li", "by": name_of(world, "cqe2")}]
    assert told["fields"]["members/aa/name"] == "An"
    assert "leader" not in told["fields"]
    assert (told["added"], told["orders"]) == (["members/aa"], {"members": ["aa"]})
    assert draft(world, "D1")[0]["leader"] == "Li"
    assert draft(world, "D1")[0]["champion"] == "Wang"


def test_what_cannot_be_understood_is_left_out_and_named(world, send):
    values = {
        "stock-0-key": "s1", "stock-0-quantity": "12x", "stock-0-on": "2026-02-30", "stock-0-disposition": "Sorted",
        "actions-0-key": "a1", "actions-0-effect_percent": "140", "delivered": "4000",
    }  # fmt: skip
    told = send("cqe", "D3", values).get_json()
    assert {one["place"] for one in told["refused"]} == {
        "stock/s1/quantity", "stock/s1/on", "actions/a1/effect_percent",
    }  # fmt: skip
    assert all(one["message"] for one in told["refused"])
    kept = draft(world, "D3")[0]
    assert (kept["delivered"], kept["stock"][0]["quantity"], kept["stock"][0]["disposition"]) == (
        4000,
        None,
        "Sorted",
    )


def test_what_was_stored_stays_where_the_new_value_is_no_number(world, send):
    send("cqe", "D3", {"delivered": "4000"})
    send("cqe", "D3", {"delivered": "4000x", "first_clean_lot": "B2604"}, version=2)
    kept = draft(world, "D3")[0]
    assert (kept["delivered"], kept["first_clean_lot"]) == (4000, "B2604")


def test_a_save_out_of_turn_says_why(world, send, number):
    answer = send("sales", "D2", {"our_words": "x"})
    assert answer.status_code == 409
    assert answer.get_json()["refused_because"]
    answer = send("cqe", "D2", {"our_words": "x"}, version=7)
    assert (answer.status_code, answer.get_json()["stale"]) == (409, True)
    verbs.submit(
        world.services.uow,
        world.order("cqe"),
        number=number,
        code=D2,
        version=1,
        answer=adapter().answers[D2],
    )
    assert send("cqe", "D2", {"our_words": "x"}, version=2).status_code in {409, 400}


def test_hidden_is_not_found_and_a_key_is_needed(client_for, number):
    for path in ("autosave", "presence"):
        for login in ("stranger", "limited", "admin"):
            answer = client_for(login).post(f"/complaints/{number}/D2/{path}", {}, version=1)
            assert answer.status_code == 404
        assert client_for("cqe").post(f"/complaints/{number}/D9/{path}", {}, version=1).status_code == 404
        assert client_for("cqe").post(f"/complaints/{number}/D2/{path}", {"version": ""}).status_code == 400
    answer = client_for("cqe").post(
        f"/complaints/{number}/D2/autosave", {"idempotency_key": "x"}, version=1, key="x"
    )
    assert answer.status_code == 400


def test_the_same_save_sent_twice_is_answered_alike(world, send):
    first = send("cqe", "D2", {"our_words": "x"}, key="the-same-key").get_json()
    again = send("cqe", "D2", {"our_words": "x"}, key="the-same-key").get_json()
    assert first["version"] == again["version"] == draft(world, "D2")[1] == 2


def test_presence_tells_who_is_there_and_what_they_saved(world, client_for, send, number):
    path = f"/complaints/{number}/D2/presence"
    client_for("cqe2").post(path, {"place": "our_words"}, version=1)
    send("cqe2", "D2", {"our_words": "No output"})
    told = client_for("cqe").post(path, {"place": ""}, version=1).get_json()
    assert [(one["place"]) for one in told["people"]] == ["our_words"]
    assert (told["version"], told["fields"]["our_words"], told["state"]) == (2, "No output", "draft")
    assert told["saved_by"] == name_of(world, "cqe2")
    told = client_for("cqe").post(path, {"place": ""}, version=2).get_json()
    assert "fields" not in told
    assert client_for("auditor").post(path, {"place": ""}, version=1).status_code == 404


def test_another_discipline_is_read_beside(world, client_for, number):
    verbs.save_draft(
        world.services.uow, world.order("cqe"), number=number, code=D2, version=1,
        answer=ProblemAnswer(our_words="No output"),
    )  # fmt: skip
    shown = client_for("cqe").part(f"/complaints/{number}/D2/reading")
    assert "No output" in shown.text
    assert "<html" not in shown.text
    assert "No output" not in client_for("auditor").part(f"/complaints/{number}/D2/reading").text
    assert "There is no answer yet" in client_for("cqe").part(f"/complaints/{number}/D5/reading").text
    assert client_for("stranger").part(f"/complaints/{number}/D2/reading").status_code == 404


def test_who_is_signed_in_and_the_token(client_for, world):
    assert client_for(None).get("/session").get_json()["user"] is None
    told = client_for("cqe").get("/session").get_json()
    assert told["user"] == world.users["cqe"]
    assert told["csrf"]


def test_the_rail_tells_states_owners_dates_and_the_next_step(world, client_for, number):
    verbs.save_draft(
        world.services.uow, world.order("cqe"), number=number, code=D2, version=1,
        answer=ProblemAnswer(our_words="No output"),
    )  # fmt: skip
    page = client_for("cqe").get(f"/complaints/{number}/D4")
    shown = text_of(page.text)
    assert 'aria-current="step"' in page.text
    assert "0 of 7 accepted" in shown
    assert "Next step:" in shown
    assert "What is in its way:" in shown
    assert "thing" in shown
    assert page.text.count("rail-link") == 9


def test_without_a_script_both_versions_are_shown(client_for, number):
    cqe, path = client_for("cqe"), f"/complaints/{number}/D2"
    sent = form_of(cqe.get(path).text, "D2")
    cqe.client.post(path, data={**sent, "our_words": "theirs", "history": "none", "do": "save"})
    answer = cqe.client.post(
        path,
        data={**sent, "our_words": "mine", "actual": "0 V", "do": "save", "idempotency_key": "another-key"},
    )
    assert answer.status_code == 409
    shown = text_of(answer.text)
    assert "Somebody else changed the same fields" in shown
    assert 'data-theirs="theirs"' in answer.text
    again = form_of(answer.text, "D2")
    assert (again["our_words"], again["history"], again["actual"], again["version"]) == (
        "mine",
        "none",
        "0 V",
        "2",
    )
    assert cqe.client.post(path, data={**again, "do": "save"}).status_code == 303


def test_many_saves_are_one_line_of_the_record(world, client_for, send, number):
    for turn in range(4):
        send("cqe", "D2", {"our_words": "x" * (turn + 1)}, version=turn + 1)
    shown = text_of(client_for("cqe").get(f"/complaints/{number}/record").text)
    assert "Draft saved 4 times" in shown
    assert "Draft saved 4 times" in text_of(client_for("cqe").get(f"/complaints/{number}").text)
