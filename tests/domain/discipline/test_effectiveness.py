"""What a sample proves, held against published values and against sums in exact fractions."""

from __future__ import annotations

import math
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.discipline import effectiveness as effect
from eightd.domain.discipline.answers import Validation
from eightd.domain.discipline.effectiveness import Change


@pytest.mark.parametrize(
    ("ng", "size", "limit"),
    [  # tables of the binomial limits, one-sided 95 %
        (0, 1, 0.95), (0, 10, 0.2589), (0, 59, 0.0495), (0, 299, 0.00997), (0, 1200, 0.0024933),
        (1, 10, 0.3942), (2, 10, 0.5069), (5, 10, 0.7776), (1, 100, 0.04656), (5, 100, 0.10225),
        (9, 10, 0.99488), (10, 10, 1.0), (1, 1, 1.0),
    ],
)  # fmt: skip
def test_the_one_sided_limit_agrees_with_the_tables(ng, size, limit):
    assert effect.upper_limit(ng, size) == pytest.approx(limit, rel=2e-4)


@pytest.mark.parametrize(
    ("ng", "size", "lower", "upper"),
    [
        (0, 10, 0.0, 0.30850), (1, 10, 0.00253, 0.44502), (5, 20, 0.08657, 0.49105),
        (10, 100, 0.04900, 0.17622), (10, 10, 0.69150, 1.0), (1, 1, 0.025, 1.0),
    ],
)  # fmt: skip
def test_the_two_sided_limits_agree_with_the_tables(ng, size, lower, upper):
    found = effect.counted(ng, size)
    assert found.lower == pytest.approx(lower, abs=1e-5)
    assert found.upper == pytest.approx(upper, abs=1e-5)
    assert found.lower <= found.share <= found.upper


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_the_limit_leaves_five_percent_exactly(counts):
    ng, size = counts
    share = Fraction(effect.upper_limit(ng, size))
    tail = sum(
        math.comb(size, found) * share**found * (1 - share) ** (size - found) for found in range(ng + 1)
    )
    assert float(tail) == pytest.approx(0.05, rel=1e-6)


@given(*[st.integers(1, 40)] * 2, st.data())
def test_the_comparison_is_the_hypergeometric_sum(before_size, after_size, data):
    before = data.draw(st.integers(0, before_size))
    after = data.draw(st.integers(0, after_size))
    defects = before + after
    ways = [
        math.comb(after_size, found) * math.comb(before_size, defects - found)
        for found in range(after + 1)
        if 0 <= defects - found <= before_size
    ]
    exact = Fraction(sum(ways), math.comb(before_size + after_size, defects))
    assert effect.chance_of(before, before_size, after, after_size) == pytest.approx(float(exact), abs=1e-9)


def test_fishers_tea_and_other_published_values():
    assert effect.chance_of(3, 4, 1, 4) == pytest.approx(17 / 70)
    assert effect.chance_of(10, 13, 2, 17) == pytest.approx(0.0004652, abs=1e-7)  # the twins of 1935


def test_what_a_claim_takes():
    assert [effect.needed(limit) for limit in (0.5, 0.05, 0.01, 0.001, 0.0001)] == [5, 59, 299, 2995, 29956]
    assert effect.needed(0.01, 1) == 473
    assert (
        effect.claim(0.001).text("en") == "To claim at most 0.1 % without a defect, 2,995 pieces are needed"
    )
    assert effect.needed_after(3, 100) == 170
    assert effect.needed_after(0, 100) is None
    for limit in (0, 1, -0.1, 1e-12):
        with pytest.raises(ValueError, match=r"limit|sample"):
            effect.needed(limit)


@pytest.mark.parametrize(("ng", "size"), [(-1, 5), (6, 5), (0, 0)])
def test_counts_that_cannot_be(ng, size):
    with pytest.raises(ValueError, match="cannot be"):
        effect.upper_limit(ng, size)
    with pytest.raises(ValueError, match="cannot be"):
        effect.chance_of(ng, size, 0, 5)


def test_huge_samples_are_quick_and_meet_the_normal_limits():
    begun = time.perf_counter()
    huge = 2_000_000_000
    assert effect.upper_limit(0, huge) == pytest.approx(1.4979e-9, rel=1e-4)
    assert effect.upper_limit(50, huge) == pytest.approx(3.164e-8, rel=1e-3)
    exact, near = effect.upper_limit(1_000_000, huge), effect.upper_limit(1_000_001, huge)
    assert near == pytest.approx(exact, rel=1e-5)
    assert effect.upper_limit(huge - 1, huge) == pytest.approx(1.0)
    assert effect.counted(huge // 2, huge).lower == pytest.approx(0.5, abs=1e-4)
    assert effect.chance_of(huge // 2, huge, huge // 2 - 100_000, huge) == pytest.approx(0.00078, abs=1e-5)
    assert effect.chance_of(0, huge, huge, huge) == 1.0
    assert effect.chance_of(huge, huge, 0, huge) == 0.0
    assert time.perf_counter() - begun < 2


def row(
    after: tuple[int | None, int | None], before: tuple[int | None, int | None] = (None, None)
) -> Validation:
    return Validation(after_ng=after[0], sample_size=after[1], before_ng=before[0], before_size=before[1])


@pytest.mark.parametrize(
    ("after", "before", "change", "said"),
    [
        ((0, 1200), (None, None), Change.UNKNOWN, ["0 of 1,200: with 95 % confidence below 0.25 %"]),
        ((0, 1200), (12, 480), Change.BETTER, [
            "0 of 1,200: with 95 % confidence below 0.25 %", "Better than before beyond chance (p < 0.0001)"]),
        ((0, 50), (3, 100), Change.MAYBE_CHANCE, [
            "0 of 50: with 95 % confidence below 5.9 %",
            "The difference from before may be chance (p = 0.29): a larger sample is needed",
            "Without a defect, 170 pieces would show it"]),
        ((3, 100), (3, 100), Change.NOT_BETTER, [
            "3 of 100: with 95 % confidence below 7.6 %", "Not better than before"]),
        ((2, 2), (None, None), Change.UNKNOWN, ["2 of 2: every piece failed"]),
    ],
)  # fmt: skip
def test_a_proof_in_words(after, before, change, said):
    found = effect.proof(row(after, before))
    assert found.change is change
    assert [one.text("en") for one in found.says()] == said
    assert all(one.text("zh") for one in found.says())


def test_no_proof_without_counts_or_with_impossible_ones():
    assert effect.proof(row((None, 10))) is None
    assert effect.proof(row((0, None))) is None
    assert effect.proof(row((0, 0))) is None
    assert effect.proof(row((11, 10))) is None
    assert effect.proof(row((0, 10), (5, 4))) is None
    assert set(effect.contradictions(row((11, 10), (5, 4)))) == {"after_ng", "before_ng"}
    assert effect.contradictions(row((1, 10), (1, None))) == {}


def test_a_proof_that_no_sample_could_give_names_none(monkeypatch):
    monkeypatch.setattr(effect, "MOST_PIECES", 100)
    assert len(effect.proof(row((0, 50), (3, 100))).says()) == 2


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0"), (0.0024933, "0.25"), (0.00250001, "0.26"), (0.3942, "40"), (1.0, "100"),
                        (0.9999, "100"), (1.5e-9, "0.00000015")],
)  # fmt: skip
def test_a_bound_is_rounded_up(share, said):
    assert effect.per_cent(share) == said
