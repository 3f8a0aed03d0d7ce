"""The forms of a complaint's money: a cost line, a claim, our position, its settlement, a reason."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from wtforms.validators import InputRequired, Length

from eightd.domain.cost.kinds import ClaimPosition, CostKind, CostPhase, CostSide
from eightd.queries.money.page import ClaimView, CostView, MoneyPage
from eightd.usecases.money.claims import ClaimEntry, Proposal
from eightd.usecases.money.costs import CostEntry
from eightd.web import forms, words
from eightd.web.money.door import AmountField, currencies, day, typed

_NO_RATE = _l("Left empty: the rate that was entered for this day.")


class CostForm(forms.Form):
    """One cost line."""

    kind = wtforms.SelectField(_l("Kind of cost"), choices=lambda: words.choices(CostKind))
    phase = wtforms.RadioField(
        _l("Expected or actual"), choices=lambda: words.choices(CostPhase), default=CostPhase.ACTUAL.value
    )
    amount = AmountField(_lp("money", "Amount"), [InputRequired(), Length(max=40)])
    currency = wtforms.SelectField(_l("Currency"))
    spent_on = wtforms.DateField(_lp("money", "Date"), [InputRequired()])
    rate = AmountField(_l("Exchange rate"), [Length(max=40)], description=_NO_RATE)
    department = wtforms.StringField(
        _l("Department that caused it"), [Length(max=120)], description=_l("Costs are added up by it.")
    )
    side = wtforms.RadioField(
        _l("Borne by"), choices=lambda: words.choices(CostSide), default=CostSide.OURS.value
    )
    supplier_id = wtforms.SelectField(_l("Recovered from"), coerce=forms.whole_number)
    return_number = wtforms.SelectField(_l("For the return"), default="")
    note = wtforms.StringField(_lp("money", "Note"), [Length(max=400)])

    @classmethod
    def of(cls, page: MoneyPage, cost: CostView | None = None) -> CostForm:
        """Return the form for a new line, or for one that is corrected; its rate is taken anew unless typed."""
        given: dict[str, Any] = {"currency": page.currency, "spent_on": page.today}
        if cost is not None:
            given = {
                "kind": cost.kind.value,
                "phase": cost.phase.value,
                "amount": typed(cost.amount),
                "currency": cost.currency,
                "spent_on": cost.spent_on,
                "department": cost.department,
                "side": cost.side.value,
                "supplier_id": cost.supplier_id,
                "return_number": cost.return_number,
                "note": cost.note,
            }
        form = cls(data=given)
        form.currency.choices = currencies(page.currency)
        suppliers = dict(page.suppliers)
        if cost is not None and cost.supplier_id is not None:
            suppliers.setdefault(cost.supplier_id, cost.supplier)
        form.supplier_id.choices = [("", "–"), *((str(one), name) for one, name in suppliers.items())]
        form.return_number.choices = [("", "–"), *((one, one) for one in page.returns)]
        return form

    def entry(self) -> CostEntry:
        """Return what was typed."""
        return CostEntry(
            kind=CostKind(self.kind.data),
            phase=CostPhase(self.phase.data),
            side=CostSide(self.side.data),
            spent_on=day(self.spent_on),
            amount=self.amount.number,
            currency=self.currency.data or "",
            rate=self.rate.number,
            department=self.department.data or "",
            note=self.note.data or "",
            supplier_id=self.supplier_id.data,
            return_number=self.return_number.data or "",
        )


class ClaimForm(forms.Form):
    """What the customer claims."""

    amount = AmountField(_lp("money", "Amount"), [InputRequired(), Length(max=40)])
    currency = wtforms.SelectField(_l("Currency"))
    claimed_on = wtforms.DateField(_l("Claimed on"), [InputRequired()])
    rate = AmountField(_l("Exchange rate"), [Length(max=40)], description=_NO_RATE)
    customer_number = wtforms.StringField(_l("Customer's number (debit note)"), [Length(max=120)])
    for_what = wtforms.TextAreaField(_l("For what"), [Length(max=4000)])

    @classmethod
    def of(cls, page: MoneyPage, claim: ClaimView | None = None) -> ClaimForm:
        """Return the form for a new claim, or for one that is corrected."""
        given: dict[str, Any] = {"currency": page.currency, "claimed_on": page.today}
        if claim is not None:
            given = {
                "amount": typed(claim.amount),
                "currency": claim.currency,
                "claimed_on": claim.claimed_on,
                "customer_number": claim.customer_number,
                "for_what": claim.for_what,
            }
        form = cls(data=given)
        form.currency.choices = currencies(page.currency)
        return form

    def entry(self) -> ClaimEntry:
        """Return what was typed."""
        return ClaimEntry(
            claimed_on=day(self.claimed_on),
            amount=self.amount.number,
            currency=self.currency.data or "",
            rate=self.rate.number,
            customer_number=self.customer_number.data or "",
            for_what=self.for_what.data or "",
        )


class PositionForm(forms.Form):
    """What we answer to a claim."""

    position = wtforms.RadioField(
        _l("Our position"), [InputRequired()], choices=lambda: words.choices(ClaimPosition)
    )
    share = AmountField(
        _l("Our share in percent"), [Length(max=40)], description=_l("Where it is shared: this …")
    )
    amount = AmountField(_l("What we bear"), [Length(max=40)], description=_l("… or the amount."))
    reason = wtforms.TextAreaField(_lp("money", "Reason"), [InputRequired(), Length(max=4000)])

    def proposal(self) -> Proposal:
        """Return what was typed."""
        return Proposal(
            position=ClaimPosition(self.position.data),
            share=self.share.number,
            amount=self.amount.number,
            reason=self.reason.data or "",
        )


class SettleForm(forms.Form):
    """How what was approved was carried out."""

    settled_on = wtforms.DateField(_l("Settled on"), [InputRequired()])
    settlement = wtforms.StringField(
        _l("Credit note, payment, or how the rejection was told"), [InputRequired(), Length(max=200)]
    )


class ReasonForm(forms.Form):
    """A reason that is needed."""

    reason = wtforms.TextAreaField(_lp("money", "Reason"), [InputRequired(), Length(max=2000)])
