"""What meets a milestone: a reply answers what comes before it, an accepted discipline only itself."""

from datetime import UTC, datetime, timedelta

import pytest

from eightd.domain.clock.met import ACCEPTANCES, REPLIES, MetBy, answers, first_met
from eightd.domain.complaint import DisciplineCode

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
DAY = timedelta(days=1)
M = MetBy


def test_every_discipline_can_be_asked_for():
    assert {one.value for one in ACCEPTANCES} == {f"{code.value.lower()}_accepted" for code in DisciplineCode}
    assert {one.value for one in REPLIES} == {"initial_reply", "preliminary_analysis", "final_report"}


@pytest.mark.parametrize("wanted", MetBy)
def test_a_closure_answers_everything_and_an_acceptance_itself_alone(wanted):
    assert answers(M.CLOSED, wanted)
    assert answers(wanted, wanted)
    for code in ACCEPTANCES - {wanted}:
        assert not answers(code, wanted)


def test_a_reply_answers_what_comes_before_it_in_the_course():
    before = {one for one in MetBy if answers(M.PRELIMINARY_ANALYSIS, one)}
    assert before == {
        M.D0_ACCEPTED, M.D1_ACCEPTED, M.D2_ACCEPTED, M.D3_ACCEPTED, M.INITIAL_REPLY, M.D4_ACCEPTED,
        M.PRELIMINARY_ANALYSIS,
    }  # fmt: skip
    assert not answers(M.INITIAL_REPLY, M.FINAL_REPORT)
    assert answers(M.VERDICT_ACCEPTED, M.FINAL_REPORT)
    assert not answers(M.VERDICT_ACCEPTED, M.D8_ACCEPTED)


def test_the_first_of_what_answers_counts():
    happened = [(M.FINAL_REPORT, MONDAY + 3 * DAY), (M.INITIAL_REPLY, MONDAY), (M.D5_ACCEPTED, MONDAY + DAY)]
    assert first_met(M.INITIAL_REPLY, happened) == MONDAY
    assert first_met(M.PRELIMINARY_ANALYSIS, happened) == MONDAY + 3 * DAY
    assert first_met(M.D5_ACCEPTED, happened) == MONDAY + DAY
    assert first_met(M.CLOSED, happened) is None
    assert first_met(M.INITIAL_REPLY, [*happened, (M.INITIAL_REPLY, MONDAY - DAY)]) == MONDAY - DAY
