"""The recorded cases before the sceptical reviewer: what it objects to there is true, and argued here."""

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from eightd.domain.complaint import DefectKind, DefectLine
from eightd.domain.discipline.texts import keyed
from eightd.domain.reviewer.dossier import Dossier, Facts
from eightd.domain.reviewer.review import review
from eightd.domain.words import Language
from eightd.usecases.loading.answers import read_answers
from eightd.usecases.loading.fields import Record

CASES = Path(__file__).parents[2] / "cases"


def dossier(name, languages=None):
    """Return a recorded case as the reviewer reads it on its last day."""
    raw = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    header = raw["header"]
    received = datetime.fromisoformat(header["received_at"]).astimezone(UTC).date()
    facts = Facts(
        received_on=received,
        on=date(2026, 12, 31),
        delivered=header["quantity_delivered"],
        inspected=header["quantity_inspected"],
        lots=tuple(header["lots"]),
        defects=tuple(
            DefectLine(DefectKind(one["kind"]), one["phenomenon"], one["quantity"], one["inspected"])
            for one in raw["defects"]
        ),
        languages=tuple(map(Language, header["language"] if languages is None else languages)),
    )
    answers = {code: keyed(answer) for code, answer in read_answers(Record(raw, "")).items()}
    return Dossier(facts=facts, answers=answers)


def objected(found):
    return [(one.rule, one.place) for one in review(found)]


def test_the_adapter_has_twelve_pieces_nobody_can_find():
    """True: 4,988 of 5,000 pieces are in the stock table, and no reason is given for the other twelve."""
    assert objected(dossier("eight_d_adapter", ["zh"])) == [("d3.unreconciled", "unaccounted_reason")]


def test_the_adapter_is_not_written_in_the_english_its_report_asks_for():
    """True: the report goes out in both languages, and the record holds Chinese texts alone."""
    untold = [one for one in objected(dossier("eight_d_adapter")) if one[0] == "any.language_missing"]
    assert set(objected(dossier("eight_d_adapter"))) - set(untold) == {
        ("d3.unreconciled", "unaccounted_reason")
    }
    assert len(untold) == 8  # of every discipline but the team, whose names stay as they are


def test_the_housing_has_no_system_cause_and_no_action_against_the_first_lot():
    """True: neither of its two causes says why the system allowed it (the replaced rail needed no release)."""
    assert objected(dossier("eight_d_housing")) == [("d4.no_system", "causes")]


def test_the_sensor_leaves_some_rows_in_one_language():
    """True: the marking of its stock and the steps of its whys stand there in English alone."""
    found = objected(dossier("eight_d_sensor"))
    assert {rule for rule, _ in found} <= {"any.language_missing"}
    assert objected(dossier("eight_d_sensor", ["en"])) == []


@pytest.mark.parametrize("name", ["eight_d_adapter", "eight_d_housing", "eight_d_sensor"])
def test_a_whole_8d_is_read_quickly(name):
    """5 ms is the aim; the test leaves room for a busy machine."""
    found = dossier(name)
    review(found)
    began = time.perf_counter()
    for _ in range(5):
        review(found)
    assert (time.perf_counter() - began) / 5 < 0.05
