"""Both languages and internal marks through the form; texts to start from; the catalogue of wordings."""

from dataclasses import replace

import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import EmergencyAnswer
from eightd.domain.discipline.texts import keyed
from eightd.domain.words import Language
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.usecases import discipline as verbs
from eightd.web.discipline_forms import reading
from eightd.web.discipline_forms.beside import Bilingual
from tests import factories
from tests.reporting.case_documents import sensor
from tests.web.casework import act, form_of, registered, text_of

D0 = DisciplineCode.D0
EARLIER = EmergencyAnswer(
    symptom="批次 B2603A 无输出", action="隔离库存", written_in=Language.ZH,
    translation={"symptom": "No output, lot B2603A"}, internal=("action",),
)  # fmt: skip


@pytest.fixture
def number(world, client_for):
    """A confirmed complaint's number."""
    return confirmed(world, client_for)


def confirmed(world, client_for):
    made = registered(world)
    act(client_for("cqe"), made, "confirm-ours",
        {"visit_needed": "no", "sample_needed": "yes", "origin": "process"})  # fmt: skip
    return made


def accepted(world, client_for, answer=EARLIER):
    made = confirmed(world, client_for)
    uow = world.services.uow
    done = verbs.submit(uow, world.order("cqe"), number=made, code=D0, version=1, answer=answer)
    verbs.accept(uow, world.order("quality_manager"), number=made, code=D0, version=done.version)
    return made


def kept(world):
    with world.services.uow.reading() as session:
        rows = session.query(DisciplineRow).filter_by(code=D0).all()
        return answer_from(D0, next(row.draft for row in rows if row.draft is not None))


def test_what_stands_beside_the_fields_is_kept(world, client_for, number):
    cqe, path = client_for("cqe"), f"/complaints/{number}/D0"
    sent = form_of(cqe.get(path).text, "D0") | {
        "symptom": "批次 B2603A 无输出", "other:symptom": "No output, lot B2603B", "written_in": "zh",
        "internal:action": "1", "action": "隔离库存", "other:nonsense/text": "x", "internal:nowhere": "1",
    }  # fmt: skip
    assert cqe.client.post(path, data={**sent, "do": "save"}).status_code == 303
    answer = kept(world)
    assert dict(answer.translation) == {"symptom": "No output, lot B2603B"}
    assert answer.internal == ("action",)
    assert answer.written_in is Language.ZH
    page = text_of(cqe.get(path).text)
    assert "Only in the text: B2603A" in page
    again = form_of(cqe.get(path).text, "D0")
    assert (again["other:symptom"], again["internal:action"]) == ("No output, lot B2603B", "1")


def test_a_text_that_is_too_long_is_named_and_nothing_is_lost(client_for, number):
    cqe, path = client_for("cqe"), f"/complaints/{number}/D0"
    sent = form_of(cqe.get(path).text, "D0") | {"symptom": "无输出", "other:symptom": "n" * 20_001}
    answer = cqe.client.post(path, data={**sent, "do": "save"})
    assert answer.status_code == 422
    assert "At most 20000 characters" in text_of(answer.text)
    assert form_of(answer.text, "D0")["other:symptom"] == "n" * 20_001


def test_both_languages_are_read_and_compared(world, client_for):
    number = accepted(world, client_for)
    page = text_of(client_for("auditor").get(f"/complaints/{number}/D0").text)
    assert "No output, lot B2603A" in page
    assert "Internal only" in page
    uow = world.services.uow
    with uow.reading() as session:
        version = session.query(DisciplineRow).filter_by(code=D0).one().version
    done = verbs.reopen_discipline(
        uow, world.order("cqe"), number=number, code=D0, version=version, reason="wrong"
    )
    changed = EmergencyAnswer(
        symptom=EARLIER.symptom, action="隔离库存", written_in=Language.ZH,
        translation={"symptom": "No output of lot B2603A"}, internal=("action",),
    )  # fmt: skip
    verbs.submit(uow, world.order("cqe"), number=number, code=D0, version=done.version, answer=changed)
    page = text_of(client_for("cqe").get(f"/complaints/{number}/D0/submissions/2").text)
    assert "Symptom (English)" in page
    assert "No output of lot B2603A" in page


def test_the_panel_offers_and_a_whole_answer_is_read(world, client_for):
    earlier = accepted(world, client_for)
    number = confirmed(world, client_for)
    cqe, path = client_for("cqe"), f"/complaints/{number}/D0/texts"
    panel = cqe.part(f"{path}?place=symptom").text
    assert EARLIER.symptom in panel
    assert earlier in panel
    assert "隔离库存" not in panel + cqe.part(f"{path}?place=action").text
    whole = cqe.part(f"{path}/{earlier}").text
    assert "Take over" in whole
    assert "隔离库存" not in whole
    assert client_for("auditor").part(f"{path}?place=symptom").status_code == 404
    assert client_for(factories.STRANGER).part(f"{path}?place=symptom").status_code == 404
    assert cqe.part(f"{path}/CC-1999-00001").status_code == 404


def test_a_text_is_saved_as_a_phrase_once(client_for, number):
    cqe, path = client_for("cqe"), f"/complaints/{number}/D0/texts"
    phrase = {"place": "symptom", "text_zh": "无输出，指示灯不亮。", "text_en": "No output, indicator dark."}
    assert "saved as a phrase" in cqe.post(f"{path}/phrase", phrase).text
    assert "in use already" in cqe.post(f"{path}/phrase", phrase).text
    assert "无输出，指示灯不亮。" in cqe.part(f"{path}?place=symptom").text
    assert client_for("finance").post(f"{path}/phrase", phrase).status_code == 404


def test_agreement_is_told_for_each_pair(client_for):
    pairs = {"text:a": "两天", "other:a": "2 days", "text:b": "5 V", "other:b": "5 A", "other:c": " "}
    answer = client_for("cqe").post("/texts/agreement", pairs)
    assert answer.json == {
        "a": [],
        "b": ["Only in the text: 5 V", "Only in the other language: 5 A"],
        "c": [],
    }
    assert client_for("auditor").post("/texts/agreement", pairs).status_code == 404


def test_the_catalogue_is_kept(world, client_for):
    admin, te = client_for("admin"), client_for("te")
    assert admin.post("/phrases/shipped", {}).status_code == 303
    fields = {"place": "D4:causes/text", "text_zh": "自有用语", "text_en": "Own phrase", "active": "y"}
    own = fields | {"plant_id": str(world.plant)}
    assert te.post("/phrases/new", own).status_code == 303
    assert te.post("/phrases/new", own).status_code == 422
    assert te.post("/phrases/new", fields).status_code in {404, 422}
    assert "自有用语" in te.get("/phrases/?q=自有").text
    assert "自有用语" not in te.get("/phrases/?discipline=D5").text
    assert client_for("auditor").get("/phrases/").status_code == 404


def test_a_row_written_in_the_other_language_only_is_kept(world, client_for, number):
    cqe, path = client_for("cqe"), f"/complaints/{number}/D4"
    sent = form_of(cqe.get(path).text, "D4")
    key = sent["causes-0-key"]
    sent |= {f"other:causes/{key}/text": "Soldering too cold", "written_in": "zh"}
    assert cqe.client.post(path, data={**sent, "do": "save"}).status_code == 303
    assert form_of(cqe.get(path).text, "D4")[f"other:causes/{key}/text"] == "Soldering too cold"


def test_every_answer_of_a_case_in_two_languages_is_read_with_both(app):
    with app.test_request_context("/"):
        for code, answer in sensor().answers.items():
            shown = reading.shown(code, replace(keyed(answer), internal=("causes/1",)), "Asia/Shanghai")
            told = list(
                texts_in([(section.facts, [table.rows for table in section.tables]) for section in shown])
            )
            others = {text.other for text in told if isinstance(text, Bilingual)} - {""}
            assert bool(others) is bool(answer.translation), code
            assert any(getattr(text, "internal", False) for text in told) is (code is DisciplineCode.D4)


def texts_in(cells):
    for cell in cells:
        if isinstance(cell, str):
            yield cell
        else:
            yield from texts_in(cell)
