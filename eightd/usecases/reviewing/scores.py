"""Score an 8D, 0 to 3 per discipline: the CQE, the customer, and the program when an answer is submitted or issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.scores import HIGHEST, Assessor
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories import reviewing
from eightd.persistence.repositories.reviewing import Reading
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.reviewing import AssessmentRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.errors import Invalid
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.verb import Done, verb

LONGEST_NOTE = 1000
NO_SCORE = Phrase("scores.none", "Please score at least one discipline.", "请至少为一个步骤评分。")
OUT_OF_RANGE = Phrase("scores.range", "Between 0 and {highest}.", "应在 0 与 {highest} 之间。")


@verb("reviewing.score")
def score(
    work: Work, *, number: str, version: int, scores: Mapping[DisciplineCode, int], note: str = ""
) -> Done:
    """Record the CQE's scores; those of before stay as history. Raises Invalid or Stale."""
    return _record(work, number, version, Action.SCORE, Assessor.CQE, scores, note)


@verb("reviewing.record_assessment")
def record_assessment(
    work: Work, *, number: str, version: int, scores: Mapping[DisciplineCode, int], note: str = ""
) -> Done:
    """Record the scores that the customer gave. Raises Invalid or Stale."""
    return _record(work, number, version, Action.RECORD_ASSESSMENT, Assessor.CUSTOMER, scores, note)


def keep_program_scores(
    work: Work, row: ComplaintRow, reading: Reading, codes: Iterable[DisciplineCode]
) -> None:
    """Keep the program's scores of these disciplines where they differ from those kept last."""
    scores = {code: reading.score(code) for code in codes}
    _add(work, row, Assessor.PROGRAM, scores, "")


def _record(
    work: Work,
    number: str,
    version: int,
    action: Action,
    assessor: Assessor,
    scores: Mapping[DisciplineCode, int],
    note: str,
) -> Done:
    opened = open_complaint(work, number, action, version=version)
    text = note.strip()
    problems = {
        code.value: OUT_OF_RANGE.say(highest=HIGHEST)
        for code, given in scores.items()
        if not 0 <= given <= HIGHEST
    }
    if not scores:
        problems[""] = NO_SCORE.say()
    if len(text) > LONGEST_NOTE:
        problems["note"] = TOO_LONG.say(limit=LONGEST_NOTE)
    if problems:
        raise Invalid(problems)
    before = _add(work, opened.row, assessor, scores, text)
    new: dict[str, object] = {code.value: given for code, given in scores.items()}
    conclude(work, opened, old=before, new={**new, **({"note": text} if text else {})})
    return Done(number=number, version=opened.row.version)


def _add(
    work: Work, row: ComplaintRow, assessor: Assessor, scores: Mapping[DisciplineCode, int], note: str
) -> dict[str, int]:
    """Add what differs from the newest; return the newest of before of what was scored."""
    newest = reviewing.newest_scores(work.session, row.id).get(assessor, {})
    for code, given in scores.items():
        known = newest.get(code)
        if known is None or known.score != given or known.note != note:
            work.session.add(
                AssessmentRow(
                    complaint_id=row.id,
                    code=code,
                    assessor=assessor,
                    score=given,
                    note=note,
                    by=work.actor.id,
                    at=work.now,
                )
            )
    return {code.value: newest[code].score for code in scores if code in newest}
