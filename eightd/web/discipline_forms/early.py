"""Forms of D0 to D2: emergency action, team, problem."""

from __future__ import annotations

from typing import ClassVar

import wtforms
from flask_babel import lazy_gettext as _l

from eightd.domain.discipline.answers import Dimension
from eightd.web import forms
from eightd.web.discipline_forms import fields as f
from eightd.web.discipline_forms.layout import DisciplineForm, Fields, Rows, Section


class EmergencyForm(DisciplineForm):
    """D0: the symptom and what was done at once."""

    symptom = f.long(_l("Symptom"))
    action = f.long(_l("Emergency action"))
    effect_percent = f.percent(_l("Effect in %"))
    verified = f.long(_l("How it was verified"))
    verified_at = f.instant(_l("Verified on"))

    SECTIONS = (
        Section("emergency", _l("Emergency action"), "flag", (
            Fields(("symptom", "action")),
            Fields(("effect_percent", "verified_at"), "grid-4"),
            Fields(("verified",)),
        )),
    )  # fmt: skip


class MemberForm(forms.Form):
    """One person of the team."""

    key = f.key()
    name = f.text(_l("Name"))
    department = f.text(_l("Department"))
    function = f.text(_l("Function"))
    phone = f.text(_l("Phone"))
    email = f.text(_l("E-mail"))


class TeamForm(DisciplineForm):
    """D1: champion, leader and members."""

    champion = f.text(_l("Champion"))
    leader = f.text(_l("Leader"))
    members = f.rows(MemberForm, _l("Members"))

    SECTIONS = (
        Section("team", _l("Team"), "users", (
            Fields(("champion", "leader")),
            Rows("members", _l("Member"), _l("Add member"), {"phone": "s"}),
        )),
    )  # fmt: skip


class FiveWTwoHForm(forms.Form):
    """The 5W2H of the problem."""

    who = f.text(_l("Who"), longest=2000)
    what = f.text(_l("What"), longest=2000)
    where = f.text(_l("Where"), longest=2000)
    when = f.text(_l("When"), longest=2000)
    why = f.text(_l("Why is it a problem"), longest=2000)
    how = f.text(_l("How was it found"), longest=2000)
    how_many = f.text(_l("How many"), longest=2000)


class IsIsNotForm(forms.Form):
    """One comparison."""

    key = f.key()
    dimension = f.choice(_l("Dimension"), Dimension)
    is_ = f.long(_l("IS"))
    is_not = f.long(_l("IS NOT"))
    distinction = f.long(_l("Distinction"))
    change = f.long(_l("Change"))


class ProblemForm(DisciplineForm):
    """D2: the problem in the customer's words and in ours."""

    customer_words = f.long(_l("In the customer's words"))
    our_words = f.long(_l("In our words"))
    five_w2h = wtforms.FormField(FiveWTwoHForm)
    is_is_not = f.rows(IsIsNotForm, _l("IS / IS NOT"))
    specification = f.long(_l("Specification"))
    actual = f.long(_l("Actual"))
    effect_customer = f.long(_l("Effect at the customer"))
    effect_end_user = f.long(_l("Effect at the end user"))
    history = f.long(_l("History"))
    other_parts = f.long(_l("Other parts affected"))

    BLANKS: ClassVar[dict[str, int]] = {"is_is_not": 1}
    SECTIONS = (
        Section("words", _l("The problem"), "message-circle", (
            Fields(("customer_words", "our_words")),
            Fields(("specification", "actual")),
        )),
        Section("five_w2h", _l("5W2H"), "help-circle", (
            Fields(tuple(f"five_w2h.{name}" for name in ("who", "what", "where", "when", "why", "how", "how_many"))),
        )),
        Section("is_is_not", _l("IS / IS NOT"), "scale", (
            Rows("is_is_not", _l("Comparison"), _l("Add comparison"), {"dimension": "s"}),
        ), template="discipline/editors/is_is_not.html"),
        Section("effects", _l("Effect and history"), "history", (
            Fields(("effect_customer", "effect_end_user", "history", "other_parts")),
        )),
    )  # fmt: skip
