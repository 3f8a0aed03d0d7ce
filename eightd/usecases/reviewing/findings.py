"""Let a finding of the sceptical reviewer stand, with a reason; it holds while its words do."""

from __future__ import annotations

from eightd.domain.complaint import DisciplineCode
from eightd.domain.reviewer.registry import BY_ID
from eightd.domain.reviewer.review import digest as digest_of
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories import reviewing
from eightd.persistence.tables.reviewing import AcceptedFindingRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.registration import TOO_LONG
from eightd.usecases.verb import Done, verb

LONGEST_REASON = 1000
CHANGED = Phrase(
    "reviewing.changed",
    "The words have changed since; please look at the findings again.",
    "内容已更改，请重新查看审核发现。",
)


@verb("reviewing.accept_finding")
def accept_finding(work: Work, *, number: str, code: DisciplineCode, digest: str, reason: str) -> Done:
    """Let the finding of this digest stand. Raises NotAllowed where the words it was about have changed."""
    opened = open_complaint(work, number, Action.ACCEPT_FINDING, reason=reason)
    text = reason.strip()
    if len(text) > LONGEST_REASON:
        raise Invalid({"reason": TOO_LONG.say(limit=LONGEST_REASON)})
    reading = reviewing.read(work.session, opened.row, opened.snapshot, work.now)
    found = next((one for one in reading.objections if one.code is code and digest_of(one) == digest), None)
    if found is None:
        raise NotAllowed(CHANGED.say())
    row = AcceptedFindingRow(
        complaint_id=opened.row.id,
        rule=found.rule,
        code=code,
        place=found.place[:200],
        digest=digest,
        reason=text,
        by=work.actor.id,
        at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    said = {
        "rule": found.rule,
        "title": BY_ID[found.rule].title.en,
        "place": found.place,
        "words": found.quote,
    }
    conclude(work, opened, new=said, subject=code.value, raise_version=False)
    return Done(number=number, version=opened.row.version, id=row.id)
