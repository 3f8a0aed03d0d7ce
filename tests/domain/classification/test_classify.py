"""Tiers of procedure 3 with their boundaries."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from eightd.domain.classification.classify import Classification, classify
from eightd.domain.classification.criteria import STANDARD, Criteria
from eightd.domain.classification.lines import classification_document, counts_from_document
from eightd.domain.complaint import DefectCounts, DefectKind, DefectLine, Flags, Tier
from eightd.domain.words import Language

CASES = Path(__file__).parents[2] / "cases"
F, A, O = DefectKind.FUNCTIONAL, DefectKind.APPEARANCE, DefectKind.OTHER  # noqa: E741


def tier(*lines: DefectLine, inspected: int | None = None, criteria: Criteria = STANDARD) -> Tier:
    return classify(DefectCounts(lines, inspected), criteria).tier


def matched(classification: Classification) -> set[str]:
    return {reason.rule for reason in classification.reasons if reason.matched}


@pytest.mark.parametrize(
    ("kind", "quantity", "expected"),
    [
        (F, 0, Tier.OTHER),
        (F, 4, Tier.OTHER),
        (F, 5, Tier.GENERAL),
        (F, 14, Tier.GENERAL),
        (F, 15, Tier.MAJOR),
        (A, 9, Tier.OTHER),
        (A, 10, Tier.GENERAL),
        (A, 29, Tier.GENERAL),
        (A, 30, Tier.MAJOR),
        (O, 14, Tier.OTHER),
        (O, 1_000_000, Tier.OTHER),
    ],
)
def test_limits_of_each_kind(kind, quantity, expected):
    assert tier(DefectLine(kind, "x", quantity)) is expected


def test_no_defects_at_all_is_other():
    result = classify(DefectCounts(), STANDARD)
    assert (result.tier, result.weight, result.criteria_ref) == (Tier.OTHER, 0, "standard@1")
    assert matched(result) == {"default"}


def test_same_phenomenon_adds_up_whatever_its_spelling():
    lines = DefectLine(F, " No  Output", 7), DefectLine(F, "ｎｏ output ", 8)
    assert tier(*lines) is Tier.MAJOR


def test_different_phenomena_and_kinds_do_not_add_up():
    assert tier(DefectLine(F, "a", 4), DefectLine(F, "b", 4), DefectLine(A, "a", 9)) is Tier.OTHER
    assert tier(DefectLine(F, "a", 14), DefectLine(F, "b", 14)) is Tier.GENERAL


@pytest.mark.parametrize(
    ("quantity", "inspected", "expected"),
    [
        (10, 1000, Tier.GENERAL),  # exactly 1 %
        (10, 1001, Tier.OTHER),  # just below
        (10, 999, Tier.GENERAL),
        (14, 1400, Tier.GENERAL),
        (14, 1401, Tier.OTHER),
        (10, None, Tier.GENERAL),
        (10, 0, Tier.GENERAL),
        (15, 10**18, Tier.MAJOR),  # never lowers a major
    ],
)
def test_low_rate_exception(quantity, inspected, expected):
    assert tier(DefectLine(F, "x", quantity, inspected)) is expected
    assert tier(DefectLine(F, "x", quantity), inspected=inspected) is expected


def test_low_rate_takes_the_largest_given_on_the_lines_before_the_complaints():
    lines = DefectLine(F, "x", 5, 900), DefectLine(F, "x", 5, 1001), DefectLine(F, "x", 0)
    assert tier(*lines, inspected=50) is Tier.OTHER
    assert tier(DefectLine(F, "x", 10, 500), inspected=10_000) is Tier.GENERAL
    assert tier(DefectLine(F, "x", 10, 0), inspected=10_000) is Tier.GENERAL


def test_low_rate_exempts_only_its_own_phenomenon():
    lines = DefectLine(F, "x", 10, 5000), DefectLine(A, "y", 12, 600)
    result = classify(DefectCounts(lines), STANDARD)
    assert result.tier is Tier.GENERAL
    assert [r.matched for r in result.reasons if r.rule == "low_rate"] == [True, False]


@pytest.mark.parametrize("flag", ["penalty_triggered", "ppm_exceeded", "safety", "line_stop"])
def test_each_flag_alone_is_major(flag):
    result = classify(DefectCounts(flags=Flags(**{flag: True})), STANDARD)
    assert (result.tier, result.weight, matched(result)) == (Tier.MAJOR, 2, {flag})


def test_criteria_may_let_a_low_rate_take_a_major_down_by_one_step():
    lenient = Criteria("lenient", 1, STANDARD.valid_from_on, low_rate_can_lower_major=True)
    assert tier(DefectLine(F, "x", 15, 1501), criteria=lenient) is Tier.GENERAL
    assert tier(DefectLine(F, "x", 15, 1500), criteria=lenient) is Tier.MAJOR
    assert tier(DefectLine(F, "x", 15), criteria=lenient) is Tier.MAJOR
    assert tier(DefectLine(F, "x", 14, 1501), criteria=lenient) is Tier.OTHER
    flagged = DefectCounts((DefectLine(F, "x", 15, 1501),), flags=Flags(safety=True))
    assert classify(flagged, lenient).tier is Tier.MAJOR


def test_a_fractional_limit_is_exact():
    criteria = Criteria("fine", 1, STANDARD.valid_from_on, low_rate_percent=Decimal("0.1"))
    assert tier(DefectLine(F, "x", 10, 10_000), criteria=criteria) is Tier.GENERAL
    assert tier(DefectLine(F, "x", 10, 10_001), criteria=criteria) is Tier.OTHER


def test_every_rule_is_told_whether_it_matched_or_not():
    rules = {
        "functional_major",
        "appearance_major",
        "penalty_triggered",
        "ppm_exceeded",
        "safety",
        "line_stop",
        "functional_general",
        "appearance_general",
        "low_rate",
        "other_kind",
        "default",
    }
    for lines in ((), (DefectLine(F, "x", 15), DefectLine(A, "y", 10, 100), DefectLine(O, "z", 3))):
        assert {reason.rule for reason in classify(DefectCounts(lines), STANDARD).reasons} == rules


def test_the_reasons_carry_the_numbers_and_words_in_both_languages():
    result = classify(DefectCounts((DefectLine(F, "{x}", 10, 1001),)), STANDARD)
    low = next(reason for reason in result.reasons if reason.rule == "low_rate")
    assert low.numbers == {
        "phenomenon": "{x}",
        "quantity": 10,
        "inspected": 1001,
        "rate_percent": "0.999",
        "limit_percent": "1",
    }
    assert "“{x}”: 10 of 1001 pcs inspected are 0.999 %, below 1 %" in low.message.text(Language.EN)
    assert "不良率 0.999 %，低于 1 %" in low.message.text(Language.ZH)


def test_a_rate_just_below_the_limit_never_reads_as_the_limit():
    result = classify(
        DefectCounts((DefectLine(F, "x", 10, 10**3 + 1), DefectLine(A, "y", 10**1, 10**9))), STANDARD
    )
    assert [r.numbers["rate_percent"] for r in result.reasons if r.rule == "low_rate"] == ["0.999", "0"]
    criteria = Criteria("c", 1, STANDARD.valid_from_on, functional_general=1, functional_major=10**17)
    low = classify(DefectCounts((DefectLine(F, "x", 10**15 - 1, 10**17),)), criteria).reasons
    assert next(r for r in low if r.rule == "low_rate").numbers["rate_percent"] == "0.9999"


def test_every_sentence_can_be_said_in_both_languages():
    counts = DefectCounts(
        (
            DefectLine(F, "a", 15),
            DefectLine(F, "b", 10),
            DefectLine(F, "c", 10, 100),
            DefectLine(F, "d", 10, 10_000),
            DefectLine(A, "e", 30),
            DefectLine(A, "f", 10),
            DefectLine(O, "g", 1),
        ),
        flags=Flags(True, True, True, True),
    )
    lenient = Criteria("lenient", 1, STANDARD.valid_from_on, low_rate_can_lower_major=True)
    for criteria in (STANDARD, lenient):
        for reason in classify(counts, criteria).reasons:
            for language in Language:
                assert "{" not in reason.message.text(language)


@pytest.mark.parametrize(
    "case",
    json.loads((CASES / "complaints.json").read_text("utf-8"))["complaints"],
    ids=lambda case: case["customer_number"],
)
def test_the_sixty_complaints(case):
    document = {key: case[key] for key in ("defects", "quantity_inspected", "flags")}
    assert classify(counts_from_document(document), STANDARD).tier == case["expected_tier"]


@pytest.mark.parametrize("name", ["adapter", "housing"])
def test_both_8d_cases(name):
    case = json.loads((CASES / f"eight_d_{name}.json").read_text("utf-8"))
    document = {
        "defects": [{key: line[key] for key in line if key != "phenomenon_en"} for line in case["defects"]],
        "quantity_inspected": case["header"]["quantity_inspected"],
    }
    said = classification_document(classify(counts_from_document(document), STANDARD), Language.ZH)
    assert (said["tier"], said["weight"]) == (case["expected"]["tier"], case["expected"]["weight"])
