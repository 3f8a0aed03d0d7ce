"""The catalogue of good and bad examples: every bad one is objected to by its rule alone, no good one by any."""

from eightd.domain.reviewer.review import review
from tests.domain.reviewer.examples import EXAMPLES, sound


def found_in(example):
    return {one.rule for one in review(example.put(sound(example.zh), example.words))}


def test_the_sound_8d_is_objected_to_by_nobody():
    assert [(one.rule, one.place) for zh in (True, False) for one in review(sound(zh))] == []


def test_every_example_is_judged_as_it_should_be():
    wrong = []
    for example in EXAMPLES:
        expected = {example.rule} - {None}
        if (found := found_in(example)) != expected:
            wrong.append(f"{example.words!r}: expected {expected or 'nothing'}, found {found or 'nothing'}")
    bad = sum(example.rule is not None for example in EXAMPLES)
    score = f"{len(EXAMPLES) - len(wrong)} of {len(EXAMPLES)} right ({bad} bad, {len(EXAMPLES) - bad} good)"
    assert not wrong, score + "\n" + "\n".join(wrong)


def test_there_are_examples_enough_in_both_languages():
    for zh in (True, False):
        bad = [one for one in EXAMPLES if one.zh is zh and one.rule is not None]
        good = [one for one in EXAMPLES if one.zh is zh and one.rule is None]
        assert len(bad) >= 40
        assert len(good) >= 30
