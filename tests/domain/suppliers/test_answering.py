"""What a supplier may write, judged by its own answers alone."""

from itertools import product

import pytest

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.discipline.answers import ActionAnswer, CauseAnswer, CorrectiveAction, RootCause
from eightd.domain.suppliers.answering import (
    BEING_EXAMINED,
    FINISHED,
    STANDS,
    as_written,
    findings,
    is_met,
    why_not_writable,
)
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.suppliers.due import SupplierMilestone
from eightd.domain.words import Language
from eightd.domain.workflow.content import blocking
from eightd.domain.workflow.snapshot import DisciplineSnapshot
from tests.domain.workflow.course import case_answers

D1, D3, D4, D5, D6 = (DisciplineCode(code) for code in ("D1", "D3", "D4", "D5", "D6"))
S, C, M = DisciplineState, SupplierCaseState, SupplierMilestone


@pytest.mark.parametrize(("case", "state"), list(product(C, S)))
def test_a_supplier_writes_what_is_open_draft_or_returned(case, state):
    refused = why_not_writable(case, state)
    if case in {C.ACCEPTED, C.CANCELLED}:
        assert refused == FINISHED.say()
    elif state in {S.OPEN, S.DRAFT, S.RETURNED}:
        assert refused is None
    else:
        assert refused == (STANDS if state is S.ACCEPTED else BEING_EXAMINED).say()


def test_answers_build_on_the_suppliers_own():
    answers = case_answers("adapter")
    alone = {D5: DisciplineSnapshot(D5)}
    with_causes = {**alone, D4: DisciplineSnapshot(D4, S.SUBMITTED, submitted=answers[D4])}
    assert blocking(findings(with_causes, D4, answers[D4])) == ()
    assert blocking(findings(with_causes, D5, answers[D5])) == ()
    assert blocking(findings(alone, D5, answers[D5]))
    assert blocking(findings(with_causes, D5, None))
    unfinished = ActionAnswer(actions=(CorrectiveAction(cause=0, action="Cool the mould"),))
    assert len(blocking(findings(with_causes, D5, unfinished))) > 1


@pytest.mark.parametrize(
    ("text", "language"), [("Mould too hot", Language.EN), ("模具 too hot", Language.ZH)]
)
def test_the_language_of_an_answer_is_that_of_its_texts(text, language):
    answer = CauseAnswer(
        causes=(RootCause(text=text, key="k1"),),
        written_in=Language.ZH,
        translation={"causes/k1/text": "hidden"},
        internal=("causes/k1",),
    )
    written = as_written(answer)
    assert (written.written_in, written.translation, written.internal) == (language, {}, ())
    assert written.causes == answer.causes


def test_a_milestone_is_met_when_everything_up_to_it_is_answered():
    states = {D1: S.ACCEPTED, D3: S.SUBMITTED, D4: S.DRAFT, D6: S.OPEN}
    assert [is_met(one, states) for one in M] == [True, False, False]
    states[D4] = S.SUBMITTED
    assert [is_met(one, states) for one in M] == [True, True, False]
    states[D6] = S.SUBMITTED
    assert all(is_met(one, states) for one in M)
    states[D1] = S.RETURNED
    assert not any(is_met(one, states) for one in M)
