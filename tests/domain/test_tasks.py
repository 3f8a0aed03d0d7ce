"""Which rows ask for tasks, when they fall due, and whom a typed owner means."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from eightd.domain.complaint import Role
from eightd.domain.discipline.answers import (
    ActionAnswer,
    ContainmentAction,
    ContainmentAnswer,
    CorrectiveAction,
    DocumentChange,
    DocumentType,
    PreventionAnswer,
    ReadAcross,
    TeamAnswer,
    Validation,
    ValidationAnswer,
)
from eightd.domain.tasks import (
    Candidate,
    TaskKind,
    TaskState,
    Wanted,
    carried_out,
    due_instant,
    meant_by,
    wanted_of,
)

TODAY = date(2026, 3, 12)
EARLIER, LATER = date(2026, 3, 10), date(2026, 3, 20)


def interim(**values):
    answer = ContainmentAnswer(actions=(ContainmentAction(key="a", what=" Sort ", **values),))
    (found,) = wanted_of(answer, TODAY)
    return found


def test_only_what_is_open_is_owed():
    assert [state for state in TaskState if state.is_owed] == [TaskState.OPEN]


def test_an_interim_action_is_due_on_its_date_and_done_when_it_is_in_force():
    assert interim(where="line 3", owner="PIE 陈志远", due_on=LATER) == Wanted(
        "actions/a", TaskKind.INTERIM, "Sort · line 3", "PIE 陈志远", LATER, None
    )
    assert interim(from_on=LATER).due_on == LATER
    assert interim(from_on=LATER).done_on is None
    assert interim(from_on=EARLIER).done_on == EARLIER
    assert interim(from_on=TODAY, due_on=TODAY).done_on == TODAY
    assert interim(from_on=EARLIER, due_on=LATER).done_on is None, "begun, and to be ended later"
    assert interim().due_on is None


def test_corrective_actions_are_plans_whatever_their_date():
    answer = ActionAnswer(
        actions=(
            CorrectiveAction(key="x", action="Interlock", owner="PIE", planned_on=EARLIER),
            CorrectiveAction(key="y", action="  "),
        )
    )
    assert wanted_of(answer, TODAY) == (
        Wanted("actions/x", TaskKind.CORRECTIVE, "Interlock", "PIE", EARLIER),
    )


def test_prevention_asks_for_what_has_a_date():
    kind = DocumentType.CONTROL_PLAN
    answer = PreventionAnswer(
        documents=(
            DocumentChange(
                key="1", type=kind, number="CP-1", from_revision="D", to_revision="E", on=LATER, owner="PQE"
            ),
            DocumentChange(key="2", type=kind, number="CP-2", to_revision="B", on=TODAY),
            DocumentChange(key="3", type=kind, number="CP-3", on=EARLIER),
            DocumentChange(key="4", type=kind, number="CP-4"),
            DocumentChange(key="5", type=kind, on=LATER),
            DocumentChange(key="6", type=kind, number="CP-6", on=LATER, none_reason="unchanged"),
        ),
        read_across=(
            ReadAcross(key="1", where="line 2", decision="same mend", owner="PIE", on=LATER),
            ReadAcross(key="2", where="line 3", decision="not concerned", on=EARLIER),
            ReadAcross(key="3", where="line 4", on=EARLIER),
            ReadAcross(key="4", where="line 5"),
            ReadAcross(key="5", on=LATER),
        ),
    )
    found = {one.row_key: one for one in wanted_of(answer, TODAY)}
    assert {key: (one.what, one.due_on, one.done_on) for key, one in found.items()} == {
        "documents/1": ("控制计划 Control plan CP-1 D → E", LATER, None),
        "documents/2": ("控制计划 Control plan CP-2 B", TODAY, TODAY),
        "documents/3": ("控制计划 Control plan CP-3", EARLIER, None),
        "read_across/1": ("line 2: same mend", LATER, None),
        "read_across/2": ("line 3: not concerned", EARLIER, EARLIER),
        "read_across/3": ("line 4", EARLIER, None),
    }
    assert {one.kind for one in found.values()} == {TaskKind.PREVENTIVE}
    assert found["documents/1"].owner == "PQE"


def test_other_answers_ask_for_nothing():
    assert wanted_of(TeamAnswer("Mr Shen"), TODAY) == ()


def test_validation_says_which_actions_were_carried_out():
    actions = ActionAnswer(actions=(CorrectiveAction(key="x"), CorrectiveAction(key="y")))
    proofs = ValidationAnswer(
        validations=(
            Validation(action=0, done_on=EARLIER),
            Validation(action=0, done_on=TODAY),
            Validation(action=1, done_on=LATER),
            Validation(action=1),
            Validation(action=None, done_on=TODAY),
            Validation(action=7, done_on=TODAY),
        )
    )
    assert carried_out(proofs, actions, TODAY) == {"actions/x": TODAY}


def test_a_day_ends_at_the_close_of_business():
    zone = ZoneInfo("Asia/Shanghai")
    assert due_instant(TODAY, time(17, 30), zone) == datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
    assert due_instant(None, time(17, 30), zone) is None
    assert due_instant(date(9999, 12, 31), time(17, 30), zone) is None


CHEN = Candidate(1, "陈志远", "chen", frozenset({Role.PIE}))
NAMESAKE = Candidate(2, "陈志远", "chen2", frozenset({Role.TE}))
LONGER = Candidate(3, "陈志远明", "chen3", frozenset({Role.RD}))
LI = Candidate(4, "Li Na", "lina", frozenset({Role.TE}))
PIE = Candidate(5, "王磊", "pie", frozenset({Role.PIE}))
NAMELESS = Candidate(6, " ", "nobody", frozenset({Role.TE}))
ASSIGNED = {Role.PIE: 50, Role.QUALITY_MANAGER: 51}


@pytest.mark.parametrize(
    ("text", "people", "meant"),
    [
        ("PIE 陈志远", [CHEN, LI, PIE], 1),
        ("陈志远", [CHEN], 1),
        ("PIE陈志远（白班）", [CHEN], 1),
        ("S-014, followed by TE  LI NA", [LI], 4),
        ("Li Nadine", [LI], None),
        ("Ali Na", [LI], None),
        ("Ali Na, Li Na", [LI], 4),
        ("TE 陈志远", [CHEN, NAMESAKE], 2),
        ("陈志远", [CHEN, NAMESAKE], None),
        ("陈志远明", [CHEN, LONGER], 3),
        ("陈志远, Li Na", [CHEN, LI], None),
        ("PIE", [PIE, CHEN], 50),
        ("ＰＩＥ", [PIE], 50),
        ("品质经理", [PIE], 51),
        ("TE", [PIE, CHEN], None),
        ("pie 李雷", [PIE], None),
        ("lina", [LI], 4),
        ("品质部", [PIE, NAMELESS], None),
        ("  ", [PIE], None),
    ],
)
def test_an_owner_as_it_is_typed_means_somebody_only_where_that_is_certain(text, people, meant):
    assert meant_by(text, people, ASSIGNED) == meant


def test_a_role_nobody_holds_on_the_complaint_may_still_be_somebodys_sign_in_name():
    assert meant_by("PIE", [PIE], {}) == 5
