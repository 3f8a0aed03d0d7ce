"""Record what the analysis of a return found, with a failure category for what was counted."""

from __future__ import annotations

from collections.abc import Mapping

from eightd.domain.returns import steps
from eightd.domain.returns.stages import PieceVerdict
from eightd.domain.returns.steps import REQUIRED, Count
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories import failure_categories
from eightd.persistence.tables.returns import ReturnCountRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.returns.count import counts_of
from eightd.usecases.returns.opening import insist_valid, lengths, open_return, take_step, taken
from eightd.usecases.verb import Done, verb

NO_SUCH_CATEGORY = Phrase("return.no_such_category", "There is no such failure category", "没有该不良类别")


@verb("return.analyse")
def analyse_return(
    work: Work,
    *,
    number: str,
    version: int,
    analysis: str,
    ntf_criteria: str = "",
    categories: Mapping[int, int],
) -> Done:
    """Record the analysis; ``categories`` names a failure category by the position of each count.

    Where the plant has categories, everything that was tested gets one. Pieces without trouble need the criteria
    agreed with the customer. Raises Invalid by field (``categories-0-category``).
    """
    opened = open_return(work, number, Action.ANALYSE_RETURN, version=version)
    row = opened.row
    insist_valid(lengths({"analysis": analysis, "ntf_criteria": ntf_criteria}))
    counts = counts_of(work, row)
    step = taken(
        steps.analyse(
            [Count(one.kind, one.phenomenon, one.verdict, one.quantity) for one in counts],
            analysis=analysis,
            ntf_criteria=ntf_criteria,
        )
    )
    tree = failure_categories.branches(work.session, [row.plant_id])
    known = {one.category.id: one.category.code for one in tree}
    wanted = any(one.category.active for one in tree)
    insist_valid(_category_problems(counts, categories, known, wanted=wanted))
    for one in counts:
        one.category_id = categories.get(one.position)
    row.analysis, row.ntf_criteria = analysis.strip(), ntf_criteria.strip()
    return take_step(
        work,
        opened,
        step,
        new={
            "analysis": row.analysis,
            "ntf_criteria": row.ntf_criteria,
            "categories": [known[one.category_id] for one in counts if one.category_id is not None],
        },
    )


def _category_problems(
    counts: list[ReturnCountRow], categories: Mapping[int, int], known: Mapping[int, str], *, wanted: bool
) -> dict[str, Message]:
    problems = {}
    for at, one in enumerate(counts):
        chosen = categories.get(one.position)
        if chosen is not None and chosen not in known:
            problems[f"categories-{at}-category"] = NO_SUCH_CATEGORY.say()
        elif chosen is None and wanted and one.verdict is not PieceVerdict.NOT_TESTED:
            problems[f"categories-{at}-category"] = REQUIRED.say()
    return problems
