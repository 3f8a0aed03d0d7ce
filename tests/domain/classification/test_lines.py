"""The shapes of ``eightd classify``."""

import json

import pytest

from eightd.domain.classification.classify import classify
from eightd.domain.classification.criteria import STANDARD
from eightd.domain.classification.lines import classification_document, counts_from_document
from eightd.domain.complaint import DefectCounts, DefectKind, DefectLine, Flags
from eightd.domain.errors import MalformedError

LINE = {"kind": "functional", "phenomenon": "no output", "quantity": 15, "inspected": 600}


def test_the_example_of_the_interface():
    document = {
        "defects": [LINE],
        "quantity_inspected": 600,
        "flags": {"penalty_triggered": False, "ppm_exceeded": False, "safety": False, "line_stop": False},
    }
    said = classification_document(classify(counts_from_document(document), STANDARD), "en")
    assert (said["tier"], said["weight"], said["criteria"]) == ("major", 2, "standard@1")
    assert said["reasons"][0] == {
        "rule": "functional_major",
        "matched": True,
        "text": "Functional defect “no output”: 15 pcs reach the limit of 15 pcs for a major case.",
        "numbers": {"phenomenon": "no output", "quantity": 15, "limit": 15},
    }
    assert json.loads(json.dumps(said)) == said


def test_what_is_left_out_is_unknown_or_false():
    assert counts_from_document({}) == DefectCounts()
    line = {"kind": "other", "phenomenon": " x ", "quantity": 0}
    read = counts_from_document({"defects": [line], "quantity_inspected": None, "flags": {"safety": True}})
    assert read == DefectCounts((DefectLine(DefectKind.OTHER, "x", 0),), None, Flags(safety=True))
    assert counts_from_document({"defects": [{**line, "inspected": None}]}).defects[0].inspected is None


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "the document: expected an object, got […]"),
        ("x", "the document: expected an object, got 'x'"),
        (None, "the document: expected an object, got null"),
        ({"defect": []}, "the document: unknown key 'defect'; known are defects, quantity_inspected, flags"),
        ({"defects": {}}, "defects: expected a list, got {…}"),
        ({"defects": None}, "defects: expected a list, got null"),
        ({"defects": [7]}, "defects[0]: expected an object, got 7"),
        ({"defects": [{"kind": "functional"}]}, "defects[0]: “phenomenon” is missing"),
        ({"defects": [LINE, {**LINE, "quantity": -1}]}, "defects[1].quantity: must be between 0 and"),
        ({"defects": [{**LINE, "quantity": True}]}, "defects[0].quantity: expected a whole number, got true"),
        ({"defects": [{**LINE, "quantity": 15.0}]}, "defects[0].quantity: expected a whole number, got 15.0"),
        ({"defects": [{**LINE, "quantity": "15"}]}, "defects[0].quantity: expected a whole number, got '15'"),
        ({"defects": [{**LINE, "quantity": 10**5000}]}, "got ±10^18…"),
        ({"defects": [{**LINE, "inspected": -5}]}, "defects[0].inspected: must be between"),
        (
            {"defects": [{**LINE, "kind": "visual"}]},
            "must be one of functional, appearance, other, got 'visual'",
        ),
        ({"defects": [{**LINE, "kind": ["functional"]}]}, "defects[0].kind: must be one of"),
        (
            {"defects": [{**LINE, "phenomenon": " "}]},
            "defects[0].phenomenon: expected text that is not empty",
        ),
        ({"defects": [{**LINE, "phenomenon": "\ud800"}]}, "defects[0].phenomenon: expected text"),
        ({"defects": [{**LINE, "phenomenon": 3}]}, "defects[0].phenomenon: expected text"),
        ({"defects": [{**LINE, "x" * 99: 1}]}, "defects[0]: unknown key 'xxxxx"),
        ({"quantity_inspected": "600"}, "quantity_inspected: expected a whole number"),
        ({"flags": None}, "flags: expected an object, got null"),
        ({"flags": {"saftey": True}}, "flags: unknown key 'saftey'; known are penalty_triggered"),
        ({"flags": {"safety": 1}}, "flags.safety: expected true or false, got 1"),
        ({"flags": {"safety": None}}, "flags.safety: expected true or false, got null"),
    ],
)
def test_each_wrong_thing_is_told_in_one_line(document, said):
    with pytest.raises(MalformedError) as caught:
        counts_from_document(document)
    assert said in str(caught.value)
    for language in ("en", "zh"):
        assert len(caught.value.message.text(language).splitlines()) == 1
