"""Forms of D5 to D8: actions per cause, their validation, prevention, closure."""

from __future__ import annotations

from typing import ClassVar

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms.validators import Regexp

from eightd.domain.discipline.answers import DocumentType
from eightd.web import forms
from eightd.web.discipline_forms import fields as f
from eightd.web.discipline_forms.layout import DisciplineForm, Fields, Rows, Section


class ActionForm(forms.Form):
    """The chosen action for one cause."""

    key = f.key()
    cause = f.IndexField(_l("Cause"), source="causes")
    owner = f.text(_l("Owner"))
    planned_on = f.day(_l("Planned for"))
    action = f.long(_l("Action"))
    error_proofing = f.long(_l("Error-proofing"))
    proof = f.long(_l("Proof before rollout"))
    side_effects = f.long(_l("Side effects"))


class ActionsForm(DisciplineForm):
    """D5: options considered and the action chosen for every cause."""

    options_considered = f.long(_l("Options considered"))
    actions = f.rows(ActionForm, _l("Actions"))

    BLANKS: ClassVar[dict[str, int]] = {"actions": 1}
    SECTIONS = (
        Section("options", _l("Options"), "list-details", (Fields(("options_considered",), "grid-1"),)),
        Section("actions", _l("Chosen actions"), "target", (
            Rows("actions", _l("Action"), _l("Add action"), {"cause": "all", "action": "all"}, cards=True),
        )),
        Section("matrix", _l("Causes against actions"), "list-check", (),
                template="discipline/editors/matrix.html"),
    )  # fmt: skip


class ValidationRowForm(forms.Form):
    """The proof that one action works."""

    key = f.key()
    action = f.IndexField(_l("Action"), source="actions")
    done_on = f.day(_l("Done on"))
    from_lot = f.text(_l("From lot / serial"))
    how = f.long(_l("How validated"))
    before = f.text(_l("Before"))
    before_ng = f.amount(_l("NG before"))
    before_size = f.amount(_l("of pieces before"))
    after = f.text(_l("After"))
    after_ng = f.amount(_l("NG after"))
    sample_size = f.amount(_l("Sample size"))
    window = f.text(_l("Window"))


class ValidationForm(DisciplineForm):
    """D6: implementation and effectiveness, and the end of the interim action."""

    validations = f.rows(ValidationRowForm, _l("Validations"))
    interim_ended_on = f.day(_l("Interim action ended on"))
    customer_confirmation = f.long(_l("Customer's confirmation"))

    BLANKS: ClassVar[dict[str, int]] = {"validations": 1}
    SECTIONS = (
        Section("validations", _l("Implemented and validated"), "clipboard-check", (
            Rows("validations", _l("Validation"), _l("Add validation"), {"action": "all", "how": "all"}, cards=True),
        )),
        Section("proof", _l("What the samples prove"), "chart-bar", (), template="discipline/editors/proof.html"),
        Section("ending", _l("Interim action"), "shield-check", (
            Fields(("interim_ended_on", "customer_confirmation")),
        )),
    )  # fmt: skip


class DocumentForm(forms.Form):
    """One document revised, or the reason why it was not."""

    key = f.key()
    type = f.choice(_l("Document"), DocumentType)
    number = f.text(_l("Number"))
    from_revision = f.text(_l("From revision"))
    to_revision = f.text(_l("To revision"))
    on = f.day(_l("Date"))
    owner = f.text(_l("Owner"))
    none_reason = f.text(_l("Not changed, because"))


class ReadAcrossForm(forms.Form):
    """One other product, line or plant looked at."""

    key = f.key()
    where = f.text(_l("Product, line or plant"))
    decision = f.long(_l("Decision"))
    owner = f.text(_l("Owner"))
    on = f.day(_l("Date"))


class PreventionForm(DisciplineForm):
    """D7: documents changed, read-across, lesson and advice."""

    documents = f.rows(DocumentForm, _l("Documents"))
    read_across = f.rows(ReadAcrossForm, _l("Read-across"))
    lesson = f.long(_l("Lesson learned"))
    advice = f.long(_l("Advice to the system"))

    SECTIONS = (
        Section("documents", _l("Documents"), "copy", (
            Rows("documents", _l("Document"), _l("Add document"),
                 {"type": "s", "from_revision": "xs", "to_revision": "xs", "on": "s", "owner": "s"}),
        ), _l("For each document: the old and the new revision, or the reason why it was not changed.")),
        Section("read_across", _l("Read-across"), "link", (
            Rows("read_across", _l("Place"), _l("Add place"), {"where": "m", "owner": "s", "on": "s"}),
        )),
        Section("lesson", _l("Lesson and advice"), "star", (Fields(("lesson", "advice")),)),
    )  # fmt: skip


class CostForm(forms.Form):
    """One cost of the case."""

    key = f.key()
    kind = f.text(_l("Kind of cost"))
    amount = f.money(_l("Amount"))
    currency = wtforms.StringField(_l("Currency"), [Regexp("^([A-Z]{3})?$")], default="CNY")


class ClosureForm(DisciplineForm):
    """D8: results of the watch, cost, thanks."""

    watch = f.long(_l("Results of the watch"))
    cost = f.rows(CostForm, _l("Cost"))
    thanks = f.long(_l("Thanks to the team"))

    SECTIONS = (
        Section("watch", _l("Results"), "eye", (Fields(("watch", "thanks")),)),
        Section("cost", _l("Cost"), "coin", (
            Rows("cost", _l("Cost line"), _l("Add cost line"), {"amount": "m", "currency": "s"}),
        )),
    )  # fmt: skip
