"""Forms of the steps a return goes through (procedure 8); quantities are pieces, times stand on the plant's clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms
from flask_babel import gettext, pgettext
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place
from eightd.domain.returns.steps import LARGEST, Count, PlanEntry, Result
from eightd.queries.returns.page import ReturnPage
from eightd.web import forms, words
from eightd.web.complaint_clock import uploaded
from eightd.web.complaint_forms import as_instant
from eightd.web.discipline_forms.fields import INSTANT_FORMATS
from eightd.web.returns import fields as f

MOST_COUNTS = 60
MOST_ROWS = 30


class StepForm(forms.Form):
    """The form of one step; ``about`` is the return it is filled in for."""

    about: ReturnPage

    def arguments(self) -> Mapping[str, Any]:
        """Return what was typed as the verb wants it: texts, days, numbers by their names."""
        return {
            one.name: "" if one.data is None and isinstance(one, wtforms.StringField) else one.data
            for one in self
        }


class ChangeForm(StepForm):
    """What may turn out otherwise on the way."""

    expected_on = f.day(_l("Expected on"))
    promised_on = f.day(_l("Promised back by"))
    carrier = f.line(_lp("transport", "Carrier"))
    tracking = f.line(_l("Tracking number"))
    note = f.text(_l("Remark"))


class ReceiveForm(StepForm):
    """What arrived; a parcel may come in parts."""

    quantity = f.pieces(_l("Pieces received"), least=1)
    cartons = f.pieces(_l("Cartons"), needed=False)
    received_at = wtforms.DateTimeLocalField(_l("Received"), [InputRequired()], format=INSTANT_FORMATS)
    photo = wtforms.FileField(_l("Photo of the parcel"))
    note = f.text(_l("Remark"), hint=_l("Damage, missing papers, anything the sender should hear."))

    def arguments(self) -> Mapping[str, Any]:
        """Return what arrived, the picture checked; raises Invalid at a picture that is not taken."""
        at = as_instant(self.received_at.data, self.about.zone)
        return {**super().arguments(), "received_at": at, "photo": uploaded("photo")}


class CheckForm(StepForm):
    """What was found on counting and comparing."""

    quantity = f.pieces(_l("Pieces of the right part"))
    wrong = f.pieces(_l("Pieces of a wrong part"), needed=False)
    found_part = f.line(_l("Which part they are"), longest=200)
    because = f.text(_l("Explanation of the difference"), hint=_l("Needed where the numbers do not agree."))
    rest_comes = wtforms.BooleanField(
        _l("The missing pieces come in a further parcel"),
        description=_l("A return of its own is announced for them, with its own label."),
    )
    rest_expected_on = f.day(_l("Further parcel expected on"))

    def arguments(self) -> Mapping[str, Any]:
        """Return what was found; without a number no piece is wrong."""
        return {**super().arguments(), "wrong": self.wrong.data or 0}


class BookInForm(StepForm):
    """Where the pieces lie."""

    location = f.line(_l("Location"), needed=True, hint=_l("Type it, or scan the label of the shelf."))


class DrawForm(StepForm):
    """How many pieces go to the test."""

    quantity = f.pieces(_l("Pieces drawn"), least=1)


NO_DEFECT = "none"


class CountRow(f.Row):
    """So many pieces show this."""

    typed_in = ("phenomenon", "quantity")
    kind = wtforms.SelectField(
        _l("Kind"),
        choices=lambda: [*words.choices(DefectKind), (NO_DEFECT, pgettext("kind of defect", "No defect"))],
        default=DefectKind.FUNCTIONAL.value,
    )
    phenomenon = wtforms.StringField(_l("Phenomenon"), [Length(max=200)])
    verdict = wtforms.SelectField(
        _l("Result"), choices=lambda: words.choices(PieceVerdict), default=PieceVerdict.NG.value
    )
    quantity = wtforms.IntegerField(_l("Pieces"), [Optional(), NumberRange(max=LARGEST)])

    @property
    def defect_kind(self) -> DefectKind | None:
        """Return the kind of defect, None where none was found."""
        return DefectKind(self.kind.data) if self.kind.data in set(DefectKind) else None


class CountForm(StepForm):
    """How many of the drawn pieces show which phenomenon."""

    counts = wtforms.FieldList(
        wtforms.FormField(CountRow), _l("Counted"), min_entries=1, max_entries=MOST_COUNTS
    )
    note = f.text(_l("How it was tested"))
    feeds = wtforms.BooleanField(
        _l("Take these counts over into the complaint"),
        description=_l("The complaint's defect lines are brought up to them; its tier may change."),
    )

    def arguments(self) -> Mapping[str, Any]:
        """Return the counts."""
        counts = (
            Count(
                row.defect_kind,
                row.phenomenon.data or "",
                PieceVerdict(row.verdict.data),
                row.quantity.data or 0,
            )
            for _, row in f.filled(self.counts)
        )
        return {**super().arguments(), "counts": tuple(counts)}


class CategoryRow(f.Row):
    """The failure category of one counted phenomenon."""

    category = wtforms.SelectField(_l("Failure category"), coerce=forms.whole_number, choices=[])


class AnalyseForm(StepForm):
    """What the analysis found."""

    categories = wtforms.FieldList(
        wtforms.FormField(CategoryRow), _l("Failure categories"), max_entries=MOST_COUNTS
    )
    analysis = f.text(_l("What the analysis found"))
    ntf_criteria = f.text(
        _l("NTF criteria agreed with the customer"), hint=_l("Needed where pieces were found without fault.")
    )

    def arguments(self) -> Mapping[str, Any]:
        """Return the categories by the position of their counts."""
        given = [entry.form.category.data for entry in self.categories]
        chosen = zip(self.about.counts, given, strict=False)
        return {
            **super().arguments(),
            "categories": {count.position: category for count, category in chosen if category is not None},
        }


class PlanRow(f.Row):
    """What becomes of so many pieces."""

    typed_in = ("quantity", "how", "owner", "due_on")
    disposition = wtforms.SelectField(
        _lp("return", "Decision"),
        choices=lambda: words.choices(Disposition),
        default=Disposition.REWORK.value,
    )
    quantity = wtforms.IntegerField(_l("Pieces"), [Optional(), NumberRange(max=LARGEST)])
    how = wtforms.StringField(_l("How"), [Length(max=1000)])
    owner = wtforms.StringField(_l("Owner"), [Length(max=200)])
    due_on = f.day(_l("Due"))


class PlanForm(StepForm):
    """What becomes of every piece that is here."""

    rows = wtforms.FieldList(wtforms.FormField(PlanRow), _l("Plan"), min_entries=1, max_entries=MOST_ROWS)
    promised_on = f.day(_l("Promised back by"))
    steps = f.text(_l("Work steps"), hint=_l("Printed on the rework order, one step a line."))

    def arguments(self) -> Mapping[str, Any]:
        """Return the rows of the plan."""
        rows = (
            PlanEntry(
                disposition=Disposition(row.disposition.data),
                quantity=row.quantity.data or 0,
                how=row.how.data or "",
                owner=row.owner.data or "",
                due_on=row.due_on.data,
            )
            for _, row in f.filled(self.rows)
        )
        return {**super().arguments(), "rows": tuple(rows)}


class ResultRow(f.Row):
    """What came of one kind of work."""

    typed_in = ("good", "scrapped", "note")
    disposition = wtforms.HiddenField()
    good = wtforms.IntegerField(_l("Good"), [Optional(), NumberRange(min=0, max=LARGEST)])
    scrapped = wtforms.IntegerField(_l("Scrapped"), [Optional(), NumberRange(min=0, max=LARGEST)])
    note = wtforms.StringField(_l("Remark"), [Length(max=400)])

    @property
    def chosen(self) -> Disposition | None:
        """Return which work it is about, None where what was sent is none."""
        return Disposition(self.disposition.data) if self.disposition.data in set(Disposition) else None


class ReworkForm(StepForm):
    """What came of rework, repair and scrapping."""

    results = wtforms.FieldList(wtforms.FormField(ResultRow), _l("Results"), max_entries=len(Disposition))

    def arguments(self) -> Mapping[str, Any]:
        """Return the results that were filled in."""
        results = (
            Result(row.chosen, row.good.data or 0, row.scrapped.data or 0, row.note.data or "")
            for _, row in f.filled(self.results)
            if row.chosen is not None
        )
        return {"results": tuple(results)}


class RedeliverForm(StepForm):
    """Pieces that left again."""

    quantity = f.pieces(_l("Pieces sent back"), least=1)
    sent_on = f.day(_l("Sent on"), needed=True)
    carrier = f.line(_lp("transport", "Carrier"))
    tracking = f.line(_l("Tracking number"))
    note = f.text(_l("Remark"))


class SettleForm(StepForm):
    """How finance booked it."""

    credit_number = f.line(
        _l("Number of the credit note or booking"),
        longest=80,
        hint=_l("The number of the credit note, or in the remark why there is none."),
    )
    booked_on = f.day(_l("Booked on"), needed=True)
    note = f.text(_l("Remark"))


class RecountForm(StepForm):
    """How many pieces really lie at a place."""

    place = wtforms.SelectField(_l("Where they lie"), [InputRequired()], choices=[])
    quantity = f.pieces(_l("Pieces counted there"))
    because = f.text(_l("Explanation of the difference"), needed=True)

    def arguments(self) -> Mapping[str, Any]:
        """Return the place with what was counted there."""
        return {**super().arguments(), "place": Place(self.place.data)}


class CloseForm(StepForm):
    """Nothing but the button."""


class CancelForm(StepForm):
    """Why it will not come."""

    reason = f.text(_l("Reason"), needed=True)


def columns_of_counts(phenomena: str) -> list[dict[str, Any]]:
    """Return the columns of what was counted; ``phenomena`` is where phenomena are suggested from."""
    kinds = [*words.choices(DefectKind), (NO_DEFECT, pgettext("kind of defect", "No defect"))]
    return [
        {"name": "kind", "label": gettext("Kind"), "kind": "select", "options": kinds, "blank": False,
         "default": DefectKind.FUNCTIONAL.value, "width": "s"},
        {"name": "phenomenon", "label": gettext("Phenomenon"), "kind": "suggest", "suggest_url": phenomena,
         "maxlength": 200},
        {"name": "verdict", "label": gettext("Result"), "kind": "select", "blank": False, "width": "m",
         "options": words.choices(PieceVerdict), "default": PieceVerdict.NG.value},
        {"name": "quantity", "label": gettext("Pieces"), "kind": "number", "min": 1, "width": "s"},
    ]  # fmt: skip


def columns_of_plan() -> list[dict[str, Any]]:
    """Return the columns of the plan."""
    return [
        {"name": "disposition", "label": pgettext("return", "Decision"), "kind": "select", "blank": False, "width": "m",
         "options": words.choices(Disposition), "default": Disposition.REWORK.value},
        {"name": "quantity", "label": gettext("Pieces"), "kind": "number", "min": 1, "width": "xs"},
        {"name": "how", "label": gettext("How"), "kind": "text", "maxlength": 1000},
        {"name": "owner", "label": gettext("Owner"), "kind": "text", "maxlength": 200, "width": "s"},
        {"name": "due_on", "label": gettext("Due"), "kind": "date", "width": "m"},
    ]  # fmt: skip
