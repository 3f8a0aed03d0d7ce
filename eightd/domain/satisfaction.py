"""The customer's satisfaction, asked for after the reply (procedure 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from eightd.domain.complaint import Stage
from eightd.domain.words import Message, Phrase


class SurveyState(StrEnum):
    """How far asking is."""

    ASKED = "asked"
    ANSWERED = "answered"
    REVOKED = "revoked"  # asked by mistake; its link opens nothing


QUESTIONS: tuple[str, ...] = ("speed", "communication", "analysis", "solution", "overall")
"""What the page asks, each answered with 1 (very dissatisfied) to 5 (very satisfied)."""

OVERALL = "overall"
GRADES = (1, 2, 3, 4, 5)
UNHAPPY = 2
"""An overall grade up to this one is dissatisfied."""

TEXTS: Mapping[str, Phrase] = {
    "speed": Phrase("survey.speed", "How fast did we answer?", "我们的回复速度"),
    "communication": Phrase("survey.communication", "How well did we keep you informed?", "我们的沟通与配合"),
    "analysis": Phrase(
        "survey.analysis", "How convincing is the analysis of the cause?", "原因分析是否令人信服"
    ),
    "solution": Phrase(
        "survey.solution", "How well do our actions solve the problem?", "改善措施是否解决了问题"
    ),
    "overall": Phrase("survey.overall", "All in all, how satisfied are you?", "总体上，您对本次处理的满意度"),
}
"""What each question says to the customer."""

GRADE_TEXTS: Mapping[int, Phrase] = {
    1: Phrase("survey.grade1", "very dissatisfied", "非常不满意"),
    2: Phrase("survey.grade2", "dissatisfied", "不满意"),
    3: Phrase("survey.grade3", "neither", "一般"),
    4: Phrase("survey.grade4", "satisfied", "满意"),
    5: Phrase("survey.grade5", "very satisfied", "非常满意"),
}

ANSWER_THIS = Phrase("survey.answer_this", "Please choose one", "请选择")
TOO_LONG = Phrase("survey.too_long", "At most {limit} characters", "最多 {limit} 个字符")
LONGEST_COMMENT = 4000

DAYS = (7, 14, 30)
"""For how many days a link may hold."""

REMIND_AFTER = timedelta(days=5)
"""After how long somebody who has not answered is reminded, once."""

REOPENABLE: frozenset[Stage] = frozenset({Stage.REPORTED, Stage.WATCHING, Stage.CLOSED})


def remind_in(days: int) -> timedelta:
    """Return after how long the one reminder comes for a link that holds so many days: before it ends."""
    return min(REMIND_AFTER, timedelta(days=days) - timedelta(days=2))


def problems(answers: Mapping[str, int], comment: str, answered_by: str = "") -> Mapping[str, Message]:
    """Return what is wrong by field: the overall grade is needed, others may be left out."""
    found: dict[str, Message] = {}
    for question, grade in answers.items():
        if question in QUESTIONS and grade not in GRADES:
            found[question] = ANSWER_THIS.say()
    if OVERALL not in answers:
        found[OVERALL] = ANSWER_THIS.say()
    if len(comment) > LONGEST_COMMENT:
        found["comment"] = TOO_LONG.say(limit=LONGEST_COMMENT)
    if len(answered_by) > 200:
        found["answered_by"] = TOO_LONG.say(limit=200)
    return found


def is_dissatisfied(answers: Mapping[str, int]) -> bool:
    """Return whether somebody must call: overall 2 or less, or any question with the lowest grade."""
    return answers.get(OVERALL, max(GRADES)) <= UNHAPPY or min(GRADES) in answers.values()


def wants_reopening(*, dissatisfied: bool, declined: bool, reopened_since: bool, stage: Stage) -> bool:
    """Return whether reopening is proposed: an unhappy answer that nobody has decided on yet."""
    return dissatisfied and not declined and not reopened_since and stage in REOPENABLE


@dataclass(frozen=True, slots=True)
class Asked:
    """One survey as the indicators count it: what was answered, None where nothing was."""

    answers: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Score:
    """How many were asked, answered and unhappy, and the sum and number of grades by question."""

    asked: int = 0
    answered: int = 0
    dissatisfied: int = 0
    grades: Mapping[str, tuple[int, int]] | None = None

    @property
    def response_rate(self) -> Decimal | None:
        """Return how many percent of those asked have answered, one place; None where nobody was asked."""
        return _divided(self.answered * 100, self.asked)

    def average(self, question: str = OVERALL) -> Decimal | None:
        """Return the mean grade of a question with two places, None where nobody answered it."""
        total, count = (self.grades or {}).get(question, (0, 0))
        return _divided(total, count, "0.01")


def score(surveys: Iterable[Asked]) -> Score:
    """Count surveys; those taken back are left out by the caller."""
    asked = answered = unhappy = 0
    grades: dict[str, tuple[int, int]] = {}
    for one in surveys:
        asked += 1
        if one.answers is None:
            continue
        answered += 1
        unhappy += is_dissatisfied(one.answers)
        for question in QUESTIONS:
            if question in one.answers:
                total, count = grades.get(question, (0, 0))
                grades[question] = (total + one.answers[question], count + 1)
    return Score(asked, answered, unhappy, grades)


def _divided(total: int, count: int, places: str = "0.1") -> Decimal | None:
    if not count:
        return None
    return (Decimal(total) / Decimal(count)).quantize(Decimal(places), rounding=ROUND_HALF_EVEN)
