"""Rows of a supplier's accepted answers among ours."""

from eightd.domain.complaint import DisciplineCode as D
from eightd.domain.discipline.answers import (
    ActionAnswer,
    CauseAnswer,
    CorrectiveAction,
    DocumentChange,
    PreventionAnswer,
    ReadAcross,
    RootCause,
    Validation,
    ValidationAnswer,
    Why,
)
from eightd.domain.suppliers.taking import offers, take
from eightd.domain.words import Language

EN = Language.EN
NUMBER = "CC-2026-00001-S1.2"
THEIRS = {
    D.D3: None,
    D.D4: CauseAnswer(
        causes=(
            RootCause(text="Gate worn", whys=(Why("not serviced", key="w"),), key="1"),
            RootCause(text="Not checked", key="2"),
        ),
        written_in=EN,
    ),
    D.D5: ActionAnswer(
        actions=(
            CorrectiveAction(0, "New gate", key="1"),
            CorrectiveAction(1, "Gauge", key="2"),
            CorrectiveAction(None, "Talk", key="3"),
            CorrectiveAction(7, "Lost", key="4"),
        ),
        written_in=EN,
    ),
    D.D6: ValidationAnswer(validations=(Validation(1, from_lot="L5", key="1"),), written_in=EN),
    D.D7: PreventionAnswer(
        documents=(DocumentChange(number="CP-1", key="1"),),
        read_across=(ReadAcross("line 2", key="1"),),
        written_in=EN,
    ),
}
OURS = {D.D4: CauseAnswer(causes=(RootCause(text="我方原因", key="s1_2-1"),))}
ALL = tuple(one.place for one in offers(THEIRS, {}))


def test_everything_that_may_be_taken_is_offered_with_where_it_went():
    assert ALL == (
        "D4/causes/1", "D4/causes/2", "D5/actions/1", "D5/actions/2", "D5/actions/3", "D5/actions/4",
        "D6/validations/1", "D7/documents/1", "D7/read_across/1",
    )  # fmt: skip
    (first, *_) = offers(THEIRS, {"D4/causes/s1_2-1": "D4/causes/1"})
    assert first.ours == "D4/causes/s1_2-1"
    assert offers({D.D4: None}, {}) == ()


def test_rows_stand_beside_ours_and_keep_to_their_causes():
    taken = take(NUMBER, ALL, THEIRS, OURS, {})
    causes = taken.answers[D.D4].causes
    assert [one.text for one in causes] == ["我方原因", "Gate worn", "Not checked"]
    assert [one.key for one in causes] == ["s1_2-1", "s1_2-1-2", "s1_2-2"]
    assert [one.cause for one in taken.answers[D.D5].actions] == [1, 2, None, None]
    assert taken.answers[D.D6].validations[0].action == 1
    assert taken.answers[D.D7].documents[0].number == "CP-1"
    assert taken.places["D4/causes/s1_2-1-2"] == "D4/causes/1"
    assert len(taken.places) == len(ALL)


def test_texts_of_another_language_stand_in_both():
    answer = take(NUMBER, ("D4/causes/1",), THEIRS, OURS, {}).answers[D.D4]
    assert answer.translation == {
        "causes/s1_2-1-2/text": "Gate worn",
        "causes/s1_2-1-2/whys/w/text": "not serviced",
    }
    ours = {D.D4: CauseAnswer(written_in=EN)}
    assert take(NUMBER, ("D4/causes/1",), THEIRS, ours, {}).answers[D.D4].translation == {}


def test_nothing_is_taken_twice_and_actions_find_causes_taken_before():
    first = take(NUMBER, ("D4/causes/2",), THEIRS, OURS, {})
    second = take(NUMBER, ("D4/causes/2", "D5/actions/1", "D5/actions/2"), THEIRS,
                  {**OURS, **first.answers}, first.places)  # fmt: skip
    assert list(second.answers) == [D.D5]
    assert [one.cause for one in second.answers[D.D5].actions] == [None, 1]
    gone = take(NUMBER, ("D5/actions/2",), THEIRS, OURS, first.places)  # our row was removed since
    assert gone.answers[D.D5].actions[0].cause is None
    assert take(NUMBER, ("D4/causes/9",), THEIRS, OURS, {}).answers == {}
    assert (
        take(NUMBER, ("D5/actions/1",), {D.D5: THEIRS[D.D5]}, {}, {}).answers[D.D5].actions[0].cause is None
    )
