"""The editors of a discipline: trees, links and counts survive the form; what is odd is said, not lost."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

from eightd.domain.complaint import DisciplineCode as D
from eightd.domain.discipline.answers import (
    ActionAnswer,
    CauseAnswer,
    CausePath,
    CorrectiveAction,
    Dimension,
    Fishbone,
    FishboneCause,
    FishboneState,
    RootCause,
    Validation,
    ValidationAnswer,
    Why,
)
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.usecases import discipline as verbs
from tests.web.casework import form_of, text_of
from tests.web.test_discipline_pages import analysed, draft

TREE = (
    Why("joint not wetted", 0, "section 4"),
    Why("zone 3 too cold", 1, "profile of 1 March"),
    Why("heater of 1.2 kW", 2),
    Why("profile not measured again", 1, "list without entry"),
    Why("not asked for", 2),
)
CAUSES = CauseAnswer(
    fishbone=Fishbone(
        machine=(FishboneCause("heater <old>", FishboneState.CONFIRMED, "", 0), FishboneCause("sensor")),
        man=(FishboneCause("night shift", FishboneState.EXCLUDED, "trained & signed"),),
    ),
    causes=(
        RootCause(CausePath.OCCURRENCE, "wrong heater", whys=TREE),
        RootCause(CausePath.ESCAPE, "no test under load", whys=(Why("never specified"),)),
    ),
)


def write(world, number, code, answer, login="cqe"):
    with world.services.uow.reading() as session:
        row = next((one for one in session.query(DisciplineRow) if one.code == code and one.draft), None)
        version = row.version if row else 1
    verbs.save_draft(
        world.services.uow, world.order(login), number=number, code=code, version=version, answer=answer
    )


def sent(client, number, code, **fields):
    """Send the form as the page shows it, with some fields filled in; return the answer of the server."""
    path = f"/complaints/{number}/{code}"
    return client.client.post(path, data={**form_of(client.get(path).text, code), **fields, "do": "save"})


def saved(world, number, code):
    return answer_from(code, draft(world, number, code).draft)


def test_a_tree_of_whys_comes_back_as_it_was_typed(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    write(world, number, D.D4, CAUSES)
    shown = cqe.get(f"/complaints/{number}/D4").text
    assert re.findall(r"data-why-no>([\d.]+)<", shown)[:6] == ["1", "1.1", "1.1.1", "1.2", "1.2.1", "1.2.1.1"]
    assert sent(cqe, number, "D4").status_code == 303
    assert saved(world, number, D.D4) == CAUSES


def test_a_tree_can_be_built_without_a_script(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    given = {"causes-0-text": "wrong heater"}
    for at, (text, level) in enumerate((("a", 0), ("b", 1), ("c", 1), ("d", 2))):
        given |= {f"causes-0-whys-{at}-text": text, f"causes-0-whys-{at}-level": str(level)}
    assert sent(cqe, number, "D4", **given).status_code == 303
    whys = saved(world, number, D.D4).causes[0].whys
    assert [(why.text, why.level) for why in whys] == [("a", 0), ("b", 1), ("c", 1), ("d", 2)]


def test_a_level_that_cannot_be_is_refused_politely_and_kept(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    answer = sent(cqe, number, "D4", **{"causes-0-whys-0-text": "kept", "causes-0-whys-0-level": "25"})
    assert answer.status_code == 422
    assert "Level: Number must be between 0 and 20." in text_of(answer.text)
    assert "kept" in answer.text
    assert (
        sent(cqe, number, "D4", **{"causes-0-whys-0-text": "x", "causes-0-whys-0-level": "deep"}).status_code
        == 422
    )


def test_a_possible_cause_may_name_a_cause_that_is_not_saved_yet(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    given = {
        "causes-0-text": "", "causes-1-text": "wrong heater", "causes-1-path": "occurrence",
        "causes-1-state": "hypothesis",
        "fishbone-machine-0-text": "heater", "fishbone-machine-0-state": "confirmed",
        "fishbone-machine-0-cause": "1",
    }  # fmt: skip
    assert sent(cqe, number, "D4", **given).status_code == 303
    answer = saved(world, number, D.D4)
    assert [one.text for one in answer.causes] == ["wrong heater"]
    assert answer.fishbone.machine[0].cause == 0  # the empty row before it is gone
    assert sent(cqe, number, "D4", **{"fishbone-machine-0-cause": "9"}).status_code == 422


def test_an_exclusion_without_a_reason_warns_and_is_saved(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    given = {"fishbone-man-0-text": "night shift", "fishbone-man-0-state": "excluded"}
    assert sent(cqe, number, "D4", **given).status_code == 303
    assert saved(world, number, D.D4).fishbone.man[0].state is FishboneState.EXCLUDED
    assert "excluded without a reason" in text_of(cqe.get(f"/complaints/{number}/D4").text)


def test_the_fishbone_is_drawn_again_and_handed_out_as_a_picture(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    assert cqe.get(f"/complaints/{number}/D4/fishbone.png").status_code == 404
    write(world, number, D.D4, CAUSES)
    drawn = cqe.part(f"/complaints/{number}/D4/part/fishbone").text
    assert "heater &lt;old&gt;" in drawn
    assert 'text-decoration="line-through"' in drawn
    assert "trained &amp; signed" in drawn
    assert "C1 heater" in drawn
    assert "style=" not in drawn
    ET.fromstring(re.search(r"<svg.*fishbone-figure.*?</svg>", drawn, re.DOTALL)[0])  # noqa: S314
    picture = cqe.get(f"/complaints/{number}/D4/fishbone.png")
    assert picture.headers["Content-Disposition"] == f"attachment; filename={number}-D4-fishbone.png"
    assert picture.data.startswith(b"\x89PNG")
    assert cqe.get(f"/complaints/{number}/D4/part/matrix").status_code == 404
    auditor = client_for("auditor")
    assert auditor.get(f"/complaints/{number}/D4/fishbone.png").status_code == 404
    assert "heater" not in auditor.get(f"/complaints/{number}/D4/part/fishbone").text
    assert client_for("stranger").get(f"/complaints/{number}/D4/part/fishbone").status_code == 404


def test_shares_are_said_in_words(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    causes = (replace(CAUSES.causes[0], share_percent=60), replace(CAUSES.causes[1], share_percent=30))
    write(world, number, D.D4, replace(CAUSES, causes=causes))
    said = text_of(cqe.get(f"/complaints/{number}/D4/part/shares").text)
    assert "The shares sum to 90 %: 10 % are missing" in said


def test_the_matrix_says_what_is_left_over(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    part = f"/complaints/{number}/D5/part/matrix"
    assert "when D4 names a cause" in cqe.get(part).text
    write(world, number, D.D4, CAUSES)
    actions = (CorrectiveAction(0, "new heater"), CorrectiveAction(None, "posters"))
    write(world, number, D.D5, ActionAnswer(actions=actions))
    said = text_of(cqe.get(part).text)
    assert "Causes without an action: C2. Actions without a cause: A2." in said
    assert "Causes without an action: C2." in text_of(cqe.get(f"/complaints/{number}/D5").text)
    write(world, number, D.D5, ActionAnswer(actions=(actions[0], CorrectiveAction(1, "load test"))))
    assert "Every cause has an action" in text_of(cqe.get(part).text)
    assert "Every cause has an action" in text_of(client_for("finance").get(f"/complaints/{number}/D5").text)


def test_the_proof_says_what_the_sample_allows(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    write(world, number, D.D5, ActionAnswer(actions=(CorrectiveAction(0, "new heater"),)))
    given = {
        "validations-0-action": "0", "validations-0-after_ng": "0", "validations-0-sample_size": "1200",
        "validations-0-before_ng": "12", "validations-0-before_size": "480",
    }  # fmt: skip
    assert sent(cqe, number, "D6", **given).status_code == 303
    assert saved(world, number, D.D6).validations[0].before_size == 480
    shown = cqe.get(f"/complaints/{number}/D6").text
    assert "0 of 1,200: with 95 % confidence below 0.25 %" in text_of(shown)
    assert "Better than before beyond chance" in text_of(shown)
    assert "proof-figure" in shown
    write(world, number, D.D6, ValidationAnswer(validations=(Validation(0, after_ng=9, sample_size=5),)))
    assert "exceeds the sample size" in text_of(cqe.get(f"/complaints/{number}/D6/part/proof").text)


def test_is_is_not_asks_for_each_dimension_and_keeps_what_is_answered(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    shown = cqe.get(f"/complaints/{number}/D2").text
    assert re.findall(r'data-dimension="(\w+)"', shown)[:4] == [one.value for one in Dimension]
    assert "In which step of the part" in shown
    where = {"is_is_not-1-is_": "line 2", "is_is_not-1-is_not": "line 1"}
    assert sent(cqe, number, "D2", **where).status_code == 303
    rows = saved(world, number, D.D2).is_is_not
    assert [(row.dimension, row.is_, row.is_not) for row in rows] == [(Dimension.WHERE, "line 2", "line 1")]
    again = cqe.get(f"/complaints/{number}/D2").text
    assert re.findall(r'data-dimension="(\w+)"', again)[:4] == [one.value for one in Dimension]


def test_stock_that_contradicts_itself_is_marked_at_the_cell(world, client_for):
    number, cqe = analysed(world, client_for), client_for("cqe")
    given = {
        "delivered": "5000", "stock-0-quantity": "100", "stock-0-checked": "120", "stock-0-ng": "130",
    }  # fmt: skip
    assert sent(cqe, number, "D3", **given).status_code == 303
    shown = cqe.get(f"/complaints/{number}/D3").text
    assert shown.count("cell-mark") == 2
    assert "4,900 of 5,000 delivered pieces are unaccounted for" in text_of(shown)
    read = client_for("finance").get(f"/complaints/{number}/D3").text
    assert "4,900 of 5,000 delivered pieces are unaccounted for" in text_of(read)


def test_a_tree_is_read_as_a_tree(world, client_for):
    number = analysed(world, client_for)
    write(world, number, D.D4, CAUSES)
    read = client_for("finance").get(f"/complaints/{number}/D4").text
    tree = re.search(r'<div class="whys-read">(.*?)</div>', read, re.DOTALL)[1]
    assert tree.count("<ol>") == tree.count("</ol>") == 4
    assert tree.count("<li>") == tree.count("</li>") == len(TREE)
    assert re.findall(r'why-no">([\d.]+)', tree) == ["1", "1.1", "1.1.1", "1.2", "1.2.1"]
    assert "profile of 1 March" in tree
    assert '<caption class="strong">Machine</caption>' in read
    assert read.count("Why excluded") == 2  # head and cell: where a column says nothing it is left out
