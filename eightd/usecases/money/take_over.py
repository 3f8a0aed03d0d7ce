"""Take the actual costs of a complaint over into the draft of D8, so that the report says what was recorded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.cost import amounts
from eightd.domain.cost.kinds import CostKind, CostPhase, CostSide
from eightd.domain.discipline.answers import ClosureAnswer, CostLine
from eightd.domain.words import Language, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.money import CostRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases import drafts
from eightd.usecases.access import open_complaint
from eightd.usecases.errors import Stale
from eightd.usecases.verb import Done, verb

KINDS: dict[CostKind, Phrase] = {
    CostKind.SORTING: Phrase("cost.sorting", "Sorting", "挑选"),
    CostKind.FREIGHT: Phrase("cost.freight", "Freight", "运费"),
    CostKind.REWORK: Phrase("cost.rework", "Rework", "返工"),
    CostKind.SCRAP: Phrase("cost.scrap", "Scrap", "报废"),
    CostKind.CREDIT: Phrase("cost.credit", "Credit", "赔款/折让"),
    CostKind.TRAVEL: Phrase("cost.travel", "Travel", "差旅"),
    CostKind.LINE_STOP: Phrase("cost.line_stop", "Line stop", "停线"),
    CostKind.ANALYSIS: Phrase("cost.analysis", "Tests and analysis", "检测与分析"),
    CostKind.OTHER: Phrase("cost.other", "Other", "其他"),
}
RECOVERED = Phrase("cost.recovered", "{kind}, recovered from the supplier", "{kind}（向供应商追偿）")
_KEY = "cost-"


@verb("cost.take_over")
def take_over_costs(work: Work, *, number: str, version: int) -> Done:
    """Put the actual costs into the draft of D8, by kind and currency, what was recovered as less.

    Rows that were taken over before are replaced by what is recorded now; rows that were typed stay. ``version`` is
    D8's as the actor saw it. Raises NotFound, NotAllowed or Stale.
    """
    opened = open_complaint(work, number, Action.SAVE_DRAFT, discipline=DisciplineCode.D8)
    row = drafts.row_of(work, opened, DisciplineCode.D8)
    if version != row.version:
        raise Stale(row.version)
    stored = opened.snapshot.discipline(DisciplineCode.D8).latest
    answer = stored if isinstance(stored, ClosureAnswer) else ClosureAnswer()
    customer = work.session.get_one(CustomerRow, opened.row.customer_id)
    costs = work.session.execute(
        sa.select(CostRow)
        .where(
            CostRow.complaint_id == opened.row.id,
            CostRow.phase == CostPhase.ACTUAL,
            CostRow.removed_at.is_(None),
        )
        .order_by(CostRow.id)
    ).scalars()
    typed = tuple(line for line in answer.cost if not line.key.startswith(_KEY))
    answer = replace(answer, cost=(*typed, *lines(costs, customer.language)))
    if row.draft is None or not drafts.says_the_same(row, answer):
        drafts.keep(work, opened, row, answer)
    return Done(number=number, version=row.version)


def lines(costs: sa.ScalarResult[CostRow], language: Language) -> tuple[CostLine, ...]:
    """Return the rows of D8 for costs: one per kind, side and currency, in the customer's language."""
    found: dict[tuple[CostKind, CostSide, str], Decimal] = {}
    for one in costs:
        key = (one.kind, one.side, one.currency)
        amount = one.amount if one.side is CostSide.OURS else -one.amount
        found[key] = found.get(key, Decimal(0)) + amount
    order = list(CostKind)
    return tuple(
        CostLine(
            key=f"{_KEY}{kind.value}-{side.value}-{currency.lower()}",
            kind=_said(kind, side, language),
            amount=amounts.rounded(amount, currency),
            currency=currency,
        )
        for (kind, side, currency), amount in sorted(
            found.items(),
            key=lambda item: (item[0][1] is CostSide.RECOVERY, order.index(item[0][0]), item[0][2]),
        )
    )


def _said(kind: CostKind, side: CostSide, language: Language) -> str:
    said = KINDS[kind].say()
    return (said if side is CostSide.OURS else RECOVERED.say(kind=said)).text(language)
