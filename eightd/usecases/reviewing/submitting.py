"""What the sceptical reviewer has to say when an answer is submitted or a report issued: it may stop, and it scores."""

from __future__ import annotations

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.reviewer.review import stopping
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import GATES_CLOSED
from eightd.domain.workflow.labels import listed
from eightd.persistence.repositories import reviewing
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened
from eightd.usecases.ends.matches import unanswered
from eightd.usecases.errors import NotAllowed
from eightd.usecases.reviewing.scores import keep_program_scores


def judge_submission(work: Work, opened: Opened, code: DisciplineCode, answer: Answer | None) -> None:
    """Refuse an answer to which a rule objects that stops, and keep the program's score of it.

    D4 is refused as well while an earlier case is there that nobody has compared with.

    What is taken in from the past (a silent order) was submitted long ago and is scored only. Raises NotAllowed.
    """
    given = answer or opened.snapshot.discipline(code).latest
    if given is None:
        return
    reading = reviewing.read(work.session, opened.row, opened.snapshot, work.now, submitted=(code, given))
    stops = () if work.order.silent else stopping(reading.objections, code)
    if code is DisciplineCode.D4 and not work.order.silent:
        stops += unanswered(work, opened.row)
    if stops:
        message = GATES_CLOSED.say(action=Action.SUBMIT.label.say(), gates=listed(stops))
        raise NotAllowed(message, stops)
    keep_program_scores(work, opened.row, reading, (code,))


def score_report(work: Work, opened: Opened) -> None:
    """Keep the program's scores of what a report says: the accepted answers."""
    accepted = {
        code: answer
        for code in DisciplineCode
        if (answer := opened.snapshot.discipline(code).accepted) is not None
    }
    reading = reviewing.read(work.session, opened.row, opened.snapshot, work.now, answers=accepted)
    keep_program_scores(work, opened.row, reading, accepted)
