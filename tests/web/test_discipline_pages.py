"""One page per discipline: everything typed comes back, verdicts, earlier submissions, who may do what."""

from __future__ import annotations

import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ANSWER_TYPES
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.usecases import discipline as verbs
from eightd.web.discipline_forms.fields import MOST_ROWS
from tests.reporting.case_documents import adapter, housing, sensor
from tests.web.casework import act, form_of, registered, text_of

CASES = {"adapter": adapter, "housing": housing, "sensor": sensor}
CODES = list(DisciplineCode)


def analysed(world, client_for):
    """Return a confirmed complaint's number."""
    number = registered(world)
    act(
        client_for("cqe"), number, "confirm-ours",
        {"visit_needed": "no", "sample_needed": "yes", "origin": "process"},
    )  # fmt: skip
    return number


def draft(world, number, code):
    with world.services.uow.reading() as session:
        rows = session.query(DisciplineRow).filter_by(code=code).all()
        return next((row for row in rows if row.draft is not None), None)


@pytest.mark.parametrize(
    ("name", "code"),
    [(name, code) for name, made in CASES.items() for code in CODES if code in made().answers],
)
def test_an_answer_survives_the_page(world, client_for, name, code):
    number = analysed(world, client_for)
    answers = CASES[name]().answers
    for earlier in (DisciplineCode.D4, DisciplineCode.D5):  # what D5 and D6 choose among
        if earlier != code:
            verbs.save_draft(
                world.services.uow, world.order("cqe"), number=number, code=earlier, version=1,
                answer=answers[earlier],
            )  # fmt: skip
    cqe = client_for("cqe")
    path = f"/complaints/{number}/{code}"
    verbs.save_draft(
        world.services.uow, world.order("cqe"), number=number, code=code, version=1, answer=answers[code]
    )
    sent = form_of(cqe.get(path).text, str(code))
    answer = cqe.client.post(path, data={**sent, "do": "save"})
    assert answer.status_code == 303, text_of(answer.text)
    row = draft(world, number, code)
    assert row.version == 3
    assert answer_from(code, row.draft) == answers[code]


@pytest.mark.parametrize("code", CODES)
def test_an_empty_form_is_an_empty_answer(world, client_for, code):
    number = analysed(world, client_for)
    cqe = client_for("cqe")
    sent = form_of(cqe.get(f"/complaints/{number}/{code}").text, str(code))
    assert cqe.client.post(f"/complaints/{number}/{code}", data={**sent, "do": "save"}).status_code == 303
    found = answer_from(code, draft(world, number, code).draft)
    if code is DisciplineCode.D3:
        assert found.delivered == 5000
    else:
        assert found == ANSWER_TYPES[code]()


def test_more_rows_than_a_list_takes_are_refused_not_cut_off(world, client_for):
    number = analysed(world, client_for)
    rows = {f"members-{at}-name": f"member {at}" for at in range(MOST_ROWS + 1)}
    answer = client_for("cqe").post(
        f"/complaints/{number}/D1", {"leader": "Chen", **rows, "do": "save"}, version=1
    )
    assert answer.status_code == 422
    assert f"Members: at most {MOST_ROWS} rows." in answer.text
    assert draft(world, number, DisciplineCode.D1) is None


def test_bad_numbers_and_dates_are_told_beside_the_field_and_kept(world, client_for):
    number = analysed(world, client_for)
    cqe = client_for("cqe")
    path = f"/complaints/{number}/D3"
    sent = form_of(cqe.get(path).text, "D3")
    sent |= {"stock-0-quantity": "12x", "stock-0-on": "2026-02-30", "stock-1-disposition": "Rework",
             "actions-0-effect_percent": "140", "do": "save"}  # fmt: skip
    answer = cqe.client.post(path, data=sent)
    assert answer.status_code == 422
    for kept in ("12x", "2026-02-30", "Rework", "140"):
        assert f'value="{kept}"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 3
    assert draft(world, number, DisciplineCode.D3) is None


def test_closed_gates_stand_above_the_form_and_nothing_is_saved(world, client_for):
    number = analysed(world, client_for)
    cqe = client_for("cqe")
    path = f"/complaints/{number}/D4"
    sent = form_of(cqe.get(path).text, "D4") | {"causes-0-text": "Cold joint", "do": "submit"}
    answer = cqe.client.post(path, data=sent)
    assert answer.status_code == 409
    assert "escape" in text_of(answer.text)
    assert "Cold joint" in answer.text
    assert draft(world, number, DisciplineCode.D4) is None


def test_submit_return_submit_again_accept_and_reopen(world, client_for):
    number = analysed(world, client_for)
    pie, cqe, path = client_for("pie"), client_for("cqe"), f"/complaints/{number}/D4"
    answer = adapter().answers[DisciplineCode.D4]
    verbs.save_draft(
        world.services.uow,
        world.order("pie"),
        number=number,
        code=DisciplineCode.D4,
        version=1,
        answer=answer,
    )
    sent = form_of(pie.get(path).text, "D4")
    assert pie.client.post(path, data={**sent, "do": "submit"}).status_code == 303
    page = cqe.get(path).text
    assert 'id="accept"' in page
    assert 'id="return"' in page
    returned = cqe.post(path, {"do": "return"}, version=3)
    assert returned.status_code == 422
    assert cqe.post(path, {"do": "return", "reason": "Share missing"}, version=3).status_code == 303
    shown = pie.get(path)
    assert "Share missing" in shown.text
    sent = form_of(shown.text, "D4") | {"ntf_text": "Intermittent", "do": "submit"}
    assert pie.client.post(path, data=sent).status_code == 303
    compared = text_of(cqe.get(path).text)
    assert "What changed" in compared
    assert "Intermittent" in compared
    assert cqe.post(path, {"do": "accept"}, version=5).status_code == 303
    assert "Share missing" in cqe.get(f"{path}/submissions/1").text
    assert cqe.get(f"{path}/submissions/9").status_code == 404
    assert cqe.post(path, {"do": "reopen", "reason": "Recurrence"}, version=6).status_code == 303
    with world.services.uow.reading() as session:
        assert session.query(SubmissionRow).count() == 2


def test_a_stale_version_keeps_what_was_typed(world, client_for):
    number = analysed(world, client_for)
    cqe, path = client_for("cqe"), f"/complaints/{number}/D0"
    sent = form_of(cqe.get(path).text, "D0")
    assert cqe.client.post(path, data={**sent, "symptom": "first", "do": "save"}).status_code == 303
    stale = cqe.client.post(
        path, data={**sent, "symptom": "second", "do": "save", "idempotency_key": "another-key"}
    )
    assert stale.status_code == 409
    assert "second" in stale.text


def test_wrong_people(world, client_for):
    number = analysed(world, client_for)
    path = f"/complaints/{number}/D4"
    for login in ("stranger", "limited", "admin"):
        assert client_for(login).get(path).status_code == 404
        assert client_for(login).post(path, {"do": "save"}, version=1).status_code == 404
        assert client_for(login).get(f"{path}/submissions/1").status_code == 404
    finance = client_for("finance")
    assert "data-guard" not in finance.get(path).text
    assert finance.post(path, {"do": "save"}, version=1).status_code == 409
    assert finance.post(path, {"do": "nonsense"}, version=1).status_code == 400
    assert finance.get(f"/complaints/{number}/D9").status_code == 404


def test_an_auditor_sees_no_draft(world, client_for):
    number = analysed(world, client_for)
    verbs.save_draft(
        world.services.uow, world.order("cqe"), number=number, code=DisciplineCode.D2, version=1,
        answer=adapter().answers[DisciplineCode.D2],
    )  # fmt: skip
    auditor = client_for("auditor")
    words = adapter().answers[DisciplineCode.D2].our_words
    for page in ("D2", "D3", "D4", "", "record"):
        shown = auditor.get(f"/complaints/{number}/{page}".rstrip("/"))
        assert shown.status_code == 200
        assert words not in shown.text


def test_the_pieces_not_found_are_worked_out_by_the_server(world, client_for):
    number = analysed(world, client_for)
    verbs.save_draft(
        world.services.uow, world.order("cqe"), number=number, code=DisciplineCode.D3, version=1,
        answer=adapter().answers[DisciplineCode.D3],
    )  # fmt: skip
    shown = client_for("cqe").get(f"/complaints/{number}/D3").text
    assert 'data-delivered-from="#f-delivered">12</output>' in shown


def test_causes_without_an_action_are_named(world, client_for):
    number = analysed(world, client_for)
    answers = adapter().answers
    for code in (DisciplineCode.D4, DisciplineCode.D5):
        answer = answers[code]
        if code is DisciplineCode.D5:
            answer = type(answer)(actions=answer.actions[:2])
        verbs.save_draft(
            world.services.uow, world.order("cqe"), number=number, code=code, version=1, answer=answer
        )
    shown = text_of(client_for("cqe").get(f"/complaints/{number}/D5").text)
    assert "Causes without an action: 3 · 设备备件更换不在 4M 变更管理范围" in shown
