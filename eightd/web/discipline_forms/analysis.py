"""Forms of D3 and D4: containment with its stock table, causes with their 5-Why chains."""

from __future__ import annotations

from typing import Any, ClassVar

import wtforms
from flask_babel import lazy_gettext as _l

from eightd.domain.discipline.answers import CausePath, CauseState, FishboneState, StockPlace
from eightd.domain.discipline.shares import cause_code
from eightd.web import forms, words
from eightd.web.discipline_forms import fields as f
from eightd.web.discipline_forms.layout import DisciplineForm, Fields, Rows, Section


def _places() -> list[Any]:
    return [
        (place.value, words.word(place), {"data-of-delivered": ""} if place.is_delivered else {})
        for place in StockPlace
    ]


class StockForm(forms.Form):
    """One place of the stock table."""

    key = f.key()
    place = wtforms.SelectField(_l("Place"), choices=_places, coerce=str, default=StockPlace.CUSTOMER)
    quantity = f.amount(_l("Quantity"))
    checked = f.amount(_l("Checked"))
    ng = f.amount(_l("NG"))
    on = f.day(_l("Date"))
    disposition = f.text(_l("Disposition"))
    marking = f.text(_l("Marking of OK parts"))


class InterimForm(forms.Form):
    """One interim action."""

    key = f.key()
    what = f.long(_l("What"))
    where = f.text(_l("Where"))
    owner = f.text(_l("Owner"))
    due_on = f.day(_l("Due"))
    from_on = f.day(_l("From"))
    effect_percent = f.percent(_l("Effect in %"))
    evidence = f.text(_l("Evidence"))


class ContainmentForm(DisciplineForm):
    """D3: suspect stock and interim actions."""

    delivered = f.amount(_l("Quantity delivered"))
    stock = f.rows(StockForm, _l("Stock"))
    unaccounted_reason = f.long(_l("Where the pieces not found are"))
    actions = f.rows(InterimForm, _l("Interim actions"))
    first_clean_lot = f.text(_l("First clean lot"))

    BLANKS: ClassVar[dict[str, int]] = {"actions": 1}
    SECTIONS = (
        Section("stock", _l("Stock"), "building-warehouse", (
            Fields(("delivered",), "grid-4"),
            Rows("stock", _l("Place"), _l("Add place"),
                 {"place": "m", "quantity": "xs", "checked": "xs", "ng": "xs", "on": "s"}),
            Fields(("unaccounted_reason",)),
        ), template="discipline/editors/stock.html"),
        Section("interim", _l("Interim actions"), "shield-check", (
            Rows("actions", _l("Interim action"), _l("Add interim action"),
                 {"what": "all", "evidence": "all"}, cards=True),
            Fields(("first_clean_lot",), "grid-4"),
        )),
    )  # fmt: skip


BONES = (
    ("man", _l("Man")),
    ("machine", _l("Machine")),
    ("material", _l("Material")),
    ("method", _l("Method")),
    ("environment", _l("Environment")),
    ("measurement", _l("Measurement")),
)
"""The categories of the fishbone by field name, as people call them."""


class FishboneCauseForm(forms.Form):
    """One possible cause."""

    key = f.key()
    text = f.text(_l("Possible cause"), longest=2000)
    state = f.choice(_l("State"), FishboneState)
    reason = f.text(_l("Why excluded"), longest=2000)
    cause = f.IndexField(_l("Root cause"), source="own_causes")


class FishboneForm(forms.Form):
    """What was looked at, by the six categories."""

    man = f.rows(FishboneCauseForm, _l("Man"))
    machine = f.rows(FishboneCauseForm, _l("Machine"))
    material = f.rows(FishboneCauseForm, _l("Material"))
    method = f.rows(FishboneCauseForm, _l("Method"))
    environment = f.rows(FishboneCauseForm, _l("Environment"))
    measurement = f.rows(FishboneCauseForm, _l("Measurement"))


class WhyForm(forms.Form):
    """One answer to "why?"."""

    key = f.key()
    level = f.level()
    text = f.text(_l("Because"), longest=2000)
    evidence = f.text(_l("Evidence"), longest=2000)


class CauseForm(forms.Form):
    """One cause with its chain of whys."""

    key = f.key()
    path = f.choice(_l("Path"), CausePath)
    state = f.choice(_l("Verified or hypothesis"), CauseState, default=CauseState.HYPOTHESIS)
    share_percent = f.percent(_l("Share in %"))
    text = f.long(_l("Cause"))
    how = f.long(_l("How it was verified, or will be"))
    whys = f.rows(WhyForm, _l("5 whys"))


class CausesForm(DisciplineForm):
    """D4: causes of occurrence, escape and system."""

    changes_before = f.long(_l("What changed before it began"))
    fishbone = wtforms.FormField(FishboneForm)
    causes = f.rows(CauseForm, _l("Causes"))
    ntf_quantity = f.amount(_l("Pieces without a fault found (NTF)"))
    ntf_text = f.long(_l("What that means"))

    def __init__(self, formdata: Any = None, **values: Any) -> None:
        """Let the fishbone name the causes of this form itself, also those that are not saved yet."""
        super().__init__(formdata, **values)
        own = [(at, f"{cause_code(at)} · {row.form.text.data or ''}") for at, row in enumerate(self.causes)]
        f.offer(own_causes=own)
        bones: Any = self.fishbone.form
        for bone in bones:
            for entry in bone:
                entry.form.cause.choices = [("", "–"), *own]

    BLANKS: ClassVar[dict[str, int]] = {"causes": 1, "whys": 1, **{name: 1 for name, _ in BONES}}
    SECTIONS = (
        Section("changes", _l("Changes"), "git-compare", (Fields(("changes_before",), "grid-1"),)),
        Section("fishbone", _l("Fishbone"), "fish-bone", (
            *(Rows(f"fishbone.{name}", title, _l("Add possible cause"), {"text": "l", "reason": "m"})
              for name, title in BONES),
        ), template="discipline/editors/fishbone.html"),
        Section("causes", _l("Causes"), "search", (
            Rows("causes", _l("Cause"), _l("Add cause"), {"text": "all", "how": "all"}, cards=True, nested=(
                Rows("whys", _l("Why"), _l("Add why")),
            )),
        ), template="discipline/editors/causes.html"),
        Section("ntf", _l("No fault found"), "circle-dashed", (Fields(("ntf_quantity", "ntf_text")),)),
    )  # fmt: skip
