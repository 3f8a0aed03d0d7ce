"""Full 8D or short form, and which disciplines each asks for (procedure 6)."""

from __future__ import annotations

from eightd.domain.complaint import DisciplineCode, DisciplineState, Tier
from eightd.domain.workflow.snapshot import ComplaintSnapshot, ReportForm

_D = DisciplineCode
ANALYSIS: tuple[DisciplineCode, ...] = (_D.D1, _D.D2, _D.D3, _D.D4)
"""What the preliminary report and the short form consist of."""

FULL: tuple[DisciplineCode, ...] = (*ANALYSIS, _D.D5, _D.D6, _D.D7)
"""What the final report consists of; D0 is optional and D8 comes after the customer's verdict."""


def may_use_short_form(snapshot: ComplaintSnapshot) -> bool:
    """Return True for tier other, unless the customer demands an 8D."""
    return snapshot.tier is Tier.OTHER and not snapshot.customer_demands_eight_d


def form_in_force(snapshot: ComplaintSnapshot) -> ReportForm:
    """Return the form to answer in: a short form chosen earlier lapses when the tier rises or an 8D is demanded."""
    return snapshot.form if may_use_short_form(snapshot) else ReportForm.FULL


def reported_disciplines(snapshot: ComplaintSnapshot) -> tuple[DisciplineCode, ...]:
    """Return what must be accepted before the final report: D1–D7, in the short form D1–D4."""
    return ANALYSIS if form_in_force(snapshot) is ReportForm.SHORT else FULL


def owed_disciplines(snapshot: ComplaintSnapshot) -> tuple[DisciplineCode, ...]:
    """Return what must be accepted before D8 or, in the short form, before closing.

    D0 counts once it was begun; the short form does not ask for what was begun of D5–D8.
    """
    begun = snapshot.discipline(_D.D0).state is not DisciplineState.OPEN
    return (_D.D0, *reported_disciplines(snapshot)) if begun else reported_disciplines(snapshot)
