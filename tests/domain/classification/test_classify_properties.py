"""What holds of every classification."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.classification.classify import classify
from eightd.domain.classification.criteria import STANDARD, Criteria
from eightd.domain.complaint import DefectCounts, DefectKind, DefectLine, Flags, Tier

lines = st.builds(
    DefectLine,
    kind=st.sampled_from(DefectKind),
    phenomenon=st.sampled_from(["a", "b", " A"]),
    quantity=st.integers(0, 40),
    inspected=st.none() | st.integers(0, 4000),
)
counts = st.builds(
    DefectCounts,
    defects=st.lists(lines, max_size=6).map(tuple),
    quantity_inspected=st.none() | st.integers(0, 4000),
    flags=st.builds(Flags, st.booleans(), st.booleans(), st.booleans(), st.booleans()) | st.just(Flags()),
)
criteria = st.sampled_from(
    [STANDARD, Criteria("low", 1, STANDARD.valid_from_on, low_rate_can_lower_major=True)]
)


@given(counts, criteria, st.data())
def test_raising_a_quantity_never_lowers_the_tier(before, rules, data):
    if not before.defects:
        return
    place = data.draw(st.integers(0, len(before.defects) - 1))
    more = data.draw(st.integers(0, 60))
    defects = list(before.defects)
    defects[place] = replace(defects[place], quantity=defects[place].quantity + more)
    after = replace(before, defects=tuple(defects))
    assert classify(after, rules).tier.rank >= classify(before, rules).tier.rank


@given(counts, criteria, lines)
def test_setting_a_flag_or_reporting_a_new_phenomenon_never_lowers_the_tier(before, rules, line):
    rank = classify(before, rules).tier.rank
    assert classify(replace(before, flags=replace(before.flags, safety=True)), rules).tier.rank >= rank
    new = replace(line, phenomenon="never seen")
    assert classify(replace(before, defects=(*before.defects, new)), rules).tier.rank >= rank


@given(counts)
def test_the_order_of_the_lines_does_not_matter(before):
    assert (
        classify(replace(before, defects=before.defects[::-1]), STANDARD).tier
        is classify(before, STANDARD).tier
    )


@given(counts)
def test_the_tier_is_the_one_read_straight_from_the_procedure(given_counts):
    assert classify(given_counts, STANDARD).tier is straight(given_counts)


def straight(given_counts: DefectCounts) -> Tier:
    flags = given_counts.flags
    if flags.penalty_triggered or flags.ppm_exceeded or flags.safety or flags.line_stop:
        return Tier.MAJOR
    tiers = [Tier.OTHER]
    for kind, major, general in ((DefectKind.FUNCTIONAL, 15, 5), (DefectKind.APPEARANCE, 30, 10)):
        for name in ("a", "b"):
            same = [
                d for d in given_counts.defects if d.kind is kind and d.phenomenon.strip().lower() == name
            ]
            pieces = sum(d.quantity for d in same)
            of = max(
                (d.inspected for d in same if d.inspected is not None),
                default=given_counts.quantity_inspected,
            )
            if pieces >= major:
                tiers.append(Tier.MAJOR)
            elif pieces >= general and not (of and Fraction(pieces, of) < Fraction(1, 100)):
                tiers.append(Tier.GENERAL)
    return max(tiers, key=lambda tier: tier.rank)
