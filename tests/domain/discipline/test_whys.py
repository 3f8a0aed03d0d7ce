"""The 5-Why tree: any list is read as a tree, numbered, and nothing of it is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.discipline.answers import Why, chain
from eightd.domain.discipline.whys import (
    DEEPEST,
    branches,
    in_order,
    is_chain,
    levels,
    longest,
    numbers,
    tree,
)

ANY_LEVELS = st.lists(st.integers(-3, DEEPEST + 5), max_size=60)


def made(*given_levels: int) -> tuple[Why, ...]:
    return tuple(Why(f"w{at}", level) for at, level in enumerate(given_levels))


def test_a_tree_with_branches_is_numbered_from_the_top():
    assert numbers((0, 1, 2, 1, 0, 1)) == ("1", "1.1", "1.1.1", "1.2", "2", "2.1")


def test_impossible_levels_become_the_nearest_possible():
    assert levels((2, 5, -1, 3)) == (0, 1, 0, 1)
    assert levels(range(DEEPEST + 3))[-2:] == (DEEPEST, DEEPEST)


def test_branches_and_the_longest_chain():
    whys = made(0, 1, 2, 1, 0)
    assert [[step.number for step in way] for way in branches(tree(whys))] == [
        ["1", "1.1", "1.1.1"],
        ["1", "1.2"],
        ["2"],
    ]
    assert [why.text for why in longest(whys)] == ["w0", "w1", "w2"]
    assert longest((Why("a"), Why("", 1), Why("b", 2), Why("c"), Why("d", 1), Why("e", 2))) == (
        Why("c"),
        Why("d", 1),
        Why("e", 2),
    )
    assert longest(()) == ()


def test_a_chain_has_no_branches():
    assert is_chain(chain("a", "b", "c"))
    assert is_chain(())
    assert not is_chain(made(0, 1, 1))


@given(ANY_LEVELS)
def test_nothing_is_lost_and_the_order_stays(given_levels):
    whys = made(*given_levels)
    steps = in_order(tree(whys))
    assert tuple(step.why for step in steps) == whys
    assert tuple(step.number for step in steps) == numbers(given_levels)
    assert len({step.number for step in steps}) == len(steps)
    assert all(step.number.count(".") == step.level for step in steps)
    assert {step.why for way in branches(tree(whys)) for step in way} == set(whys)


@given(ANY_LEVELS)
def test_levels_are_possible_and_stay_when_they_are(given_levels):
    made_levels = levels(given_levels)
    assert all(0 <= level <= DEEPEST for level in made_levels)
    assert all(after <= before + 1 for before, after in zip((-1, *made_levels), made_levels, strict=False))
    assert levels(made_levels) == made_levels
