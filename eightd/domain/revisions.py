"""What people call the revisions of a report: preliminary 1, preliminary 2, final (procedure 6).

Inside, the revisions of a complaint are counted through, whatever their kind. People count them by what they are
worth: those after D3 and after D4 are both preliminary, and a second final one says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.snapshot import ReportKind

PRELIMINARY = Phrase("revision.preliminary", "Preliminary {count}", "初步报告 {count}")
FINAL = Phrase("revision.final", "Final", "最终报告")
FURTHER_FINAL = Phrase("revision.further_final", "Final {count}", "最终报告 {count}")


def ordinal(issued: Iterable[tuple[int, ReportKind]], number: int) -> int:
    """Return the how-manieth of its sort the revision of that number is, from 1.

    ``issued`` are number and kind of every revision of the complaint, in order; withdrawn ones keep their place,
    so that a name is never given twice. 0 where no revision has the number.
    """
    until = [*takewhile(lambda one: one[0] <= number, issued)]
    if not until or until[-1][0] != number:
        return 0
    is_final = until[-1][1] is ReportKind.FINAL
    return sum((kind is ReportKind.FINAL) is is_final for _, kind in until)


def revision_name(kind: ReportKind, count: int) -> Message:
    """Return what the ``count``-th revision of its sort is called; the first final one needs no number."""
    if kind is not ReportKind.FINAL:
        return PRELIMINARY.say(count=count)
    return FINAL.say() if count <= 1 else FURTHER_FINAL.say(count=count)
