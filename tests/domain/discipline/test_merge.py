"""Two people's work on one answer: what is taken, what is a conflict, and that nothing anybody typed is lost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eightd.domain.discipline.answers import (
    CauseAnswer,
    CausePath,
    EmergencyAnswer,
    Fishbone,
    FishboneCause,
    RootCause,
    TeamAnswer,
    TeamMember,
    Why,
)
from eightd.domain.discipline.merge import difference, flat, merge
from eightd.domain.words import Language

BASE = TeamAnswer(
    champion="Wang",
    leader="Li",
    members=(
        TeamMember(key="a", name="An"),
        TeamMember(key="b", name="Bo"),
        TeamMember(key="c", name="Chen"),
    ),
)


def members(*rows):
    return replace(BASE, members=tuple(rows))


def keys(answer):
    return [one.key for one in answer.members]


A, B, C = BASE.members
D, E = TeamMember(key="d", name="Ding"), TeamMember(key="e", name="Er")


def test_different_fields_go_together():
    merged = merge(BASE, replace(BASE, champion="Zhao"), replace(BASE, leader="Qian"))
    assert (merged.answer.champion, merged.answer.leader) == ("Zhao", "Qian")
    assert (merged.conflicts, merged.kept) == ((), ())


@pytest.mark.parametrize(("mine_wins", "stands"), [(False, "Theirs"), (True, "Mine")])
def test_one_field_changed_by_both_is_a_conflict(mine_wins, stands):
    mine, theirs = replace(BASE, leader="Mine"), replace(BASE, leader="Theirs")
    merged = merge(BASE, mine, theirs, mine_wins=mine_wins)
    assert merged.conflicts == ("leader",)
    assert merged.answer.leader == stands


def test_the_same_change_by_both_is_none():
    both = replace(BASE, leader="Sun")
    assert merge(BASE, both, both).conflicts == ()


def test_a_field_that_is_held_stays_theirs():
    mine, theirs = replace(BASE, leader="Mine", champion="Zhao"), replace(BASE, leader="Theirs")
    merged = merge(BASE, mine, theirs, held=["leader"])
    assert (merged.answer.leader, merged.answer.champion, merged.conflicts) == ("Theirs", "Zhao", ())


def test_rows_are_known_by_their_keys():
    mine = members(A, replace(B, name="Bai"), C)
    theirs = members(replace(A, phone="12"), B, replace(C, email="c@example.com"))
    merged = merge(BASE, mine, theirs).answer.members
    assert [(one.name, one.phone, one.email) for one in merged] == [
        ("An", "12", ""), ("Bai", "", ""), ("Chen", "", "c@example.com"),
    ]  # fmt: skip


def test_rows_added_by_both_stand_where_they_were_put():
    assert keys(merge(BASE, members(A, D, B, C), members(A, B, C, E)).answer) == ["a", "d", "b", "c", "e"]
    assert keys(merge(BASE, members(D, A, B, C), members(A, B, E, C)).answer) == ["d", "a", "b", "e", "c"]


def test_a_row_that_both_began_under_one_key_is_one_row():
    mine, theirs = members(A, B, C, replace(D, name="Ding")), members(A, B, C, replace(D, name="", phone="9"))
    merged = merge(BASE, mine, theirs)
    assert (merged.answer.members[-1].name, merged.answer.members[-1].phone) == ("Ding", "9")
    assert merged.conflicts == ()
    clash = merge(BASE, mine, members(A, B, C, replace(D, name="Dong")))
    assert clash.conflicts == ("members/d/name",)


def test_whose_order_holds():
    moved = members(C, A, B)
    assert keys(merge(BASE, moved, BASE).answer) == ["c", "a", "b"]
    assert keys(merge(BASE, BASE, moved).answer) == ["c", "a", "b"]
    assert keys(merge(BASE, moved, members(A, E, B, C)).answer) == ["c", "a", "e", "b"]
    assert keys(merge(BASE, moved, members(B, A, C)).answer) == ["c", "a", "b"]


def test_a_removed_row_goes_unless_the_other_edited_it():
    assert keys(merge(BASE, members(A, C), BASE).answer) == ["a", "c"]
    assert keys(merge(BASE, BASE, members(A, C)).answer) == ["a", "c"]
    edited = members(A, replace(B, function="QE"), C)
    for mine, theirs in ((members(A, C), edited), (edited, members(A, C))):
        merged = merge(BASE, mine, theirs)
        assert keys(merged.answer) == ["a", "b", "c"]
        assert merged.kept == ("members/b",)


CAUSES = CauseAnswer(
    causes=(
        RootCause(key="x", path=CausePath.ESCAPE, text="No test", whys=(Why(key="1", text="because"),)),
        RootCause(key="y", text="Wrong heater"),
    ),
    fishbone=Fishbone(
        machine=(FishboneCause(key="m", text="heater", cause=1), FishboneCause(key="n", text="belt"))
    ),
)


def test_a_row_with_rows_inside_counts_as_edited_by_them():
    x, y = CAUSES.causes
    longer = replace(CAUSES, causes=(replace(x, whys=(*x.whys, Why(key="2", text="and why"))), y))
    merged = merge(CAUSES, replace(CAUSES, causes=(y,)), longer)
    assert merged.kept == ("causes/x",)
    turned = replace(CAUSES, causes=(replace(x, whys=(Why(key="2", text="first"), *x.whys)), y))
    both = merge(CAUSES, longer, turned)
    assert [one.text for one in both.answer.causes[0].whys] == [
        "first",
        "because",
        "and why",
    ] or both.conflicts


def test_the_fishbone_keeps_to_its_cause_while_causes_move_and_go():
    x, y = CAUSES.causes
    new = RootCause(key="z", text="New")
    merged = merge(CAUSES, replace(CAUSES, ntf_text="mine"), replace(
        CAUSES, causes=(new, x, y), fishbone=Fishbone(
            machine=(FishboneCause(key="m", text="heater", cause=2), FishboneCause(key="n", text="belt"))
        ),
    ))  # fmt: skip
    assert [one.cause for one in merged.answer.fishbone.machine] == [2, None]
    gone = merge(CAUSES, CAUSES, replace(CAUSES, causes=(x,), fishbone=Fishbone(machine=())))
    assert gone.answer.fishbone.machine == ()
    without = replace(CAUSES, causes=(x,))
    assert merge(CAUSES, without, without).answer.fishbone.machine[0].cause is None


def test_a_row_that_points_to_another_is_told_by_what_it_points_to():
    x, y = CAUSES.causes
    moved = replace(
        CAUSES, causes=(y, x), fishbone=Fishbone(
            machine=(FishboneCause(key="m", text="heater", cause=0), FishboneCause(key="n", text="belt"))
        ),
    )  # fmt: skip
    found = difference(CAUSES, moved)
    assert (found.fields, found.orders) == ((), {"causes": ("y", "x")})


def test_translations_and_internal_marks_are_merged_by_place():
    base = replace(BASE, translation={"leader": "Li (en)"}, internal=("champion",))
    mine = replace(base, translation={"leader": "Li (en)", "champion": "Wang (en)"}, internal=())
    theirs = replace(base, translation={}, internal=("champion", "leader"), written_in=Language.EN)
    merged = merge(base, mine, theirs)
    assert merged.answer.translation == {"champion": "Wang (en)"}
    assert merged.answer.internal == ("leader",)
    assert merged.answer.written_in == Language.EN
    other = merge(
        base, replace(base, translation={"leader": "A"}), replace(base, translation={"leader": "B"})
    )
    assert other.conflicts == ("other:leader",)
    assert flat(merged.answer)["internal:leader"] is True
    assert flat(merged.answer)["other:champion"] == "Wang (en)"


def test_what_changed_is_told_by_place():
    new = members(C, replace(A, name="Ang"), D)
    found = difference(BASE, replace(new, leader="Zhou"))
    assert set(found.fields) == {
        "leader", "members/a/name", "members/d/name", "members/d/department", "members/d/function",
        "members/d/phone", "members/d/email",
    }  # fmt: skip
    assert (found.added, found.removed) == (("members/d",), ("members/b",))
    assert found.orders == {"members": ("c", "a", "d")}
    assert difference(BASE, BASE).fields == ()


WORDS = st.sampled_from(["", "one", "two", "three"])
ROWS = st.lists(
    st.builds(TeamMember, key=st.sampled_from("abcdef"), name=WORDS, phone=WORDS),
    max_size=5, unique_by=lambda row: row.key,
).map(tuple)  # fmt: skip
TEAMS = st.builds(TeamAnswer, champion=WORDS, leader=WORDS, members=ROWS)


@settings(max_examples=150, deadline=None)
@given(TEAMS, TEAMS)
def test_who_works_alone_is_taken_whole(base, alone):
    for merged in (merge(base, alone, base), merge(base, base, alone), merge(base, alone, alone)):
        assert merged.answer == alone
        assert keys(merged.answer) == keys(alone)
        assert merged.conflicts == ()


@settings(max_examples=300, deadline=None)
@given(TEAMS, TEAMS, TEAMS)
def test_nothing_that_anybody_typed_is_lost(base, mine, theirs):
    merged = merge(base, mine, theirs)
    began, result = flat(base), flat(merged.answer)
    assert len(set(keys(merged.answer))) == len(keys(merged.answer))
    for typed in (flat(mine), flat(theirs)):
        for place, text in typed.items():
            if text and text != began.get(place, ""):
                assert result[place] == text or place in merged.conflicts
    assert {place for place in merged.conflicts if result[place] != flat(theirs)[place]} == set()
    mirrored = merge(base, theirs, mine, mine_wins=True)
    assert set(mirrored.conflicts) == set(merged.conflicts)
    assert {one: text for one, text in flat(mirrored.answer).items() if text} == {
        one: text for one, text in result.items() if text
    }


@settings(max_examples=150, deadline=None)
@given(TEAMS, TEAMS)
def test_without_a_known_beginning_no_text_is_lost(mine, theirs):
    merged = merge(TeamAnswer(), mine, theirs)
    result = flat(merged.answer)
    for typed in (flat(mine), flat(theirs)):
        for place, text in typed.items():
            assert not text or result[place] == text or place in merged.conflicts


def test_an_answer_without_rows():
    merged = merge(EmergencyAnswer(), EmergencyAnswer(symptom="No output"), EmergencyAnswer(action="Sorted"))
    assert (merged.answer.symptom, merged.answer.action) == ("No output", "Sorted")
