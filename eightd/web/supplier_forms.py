"""The forms of suppliers' 8Ds: what is asked and shown, a link, verdicts, what is taken over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms
from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from eightd.domain.complaint import DisciplineCode
from eightd.domain.suppliers.sharing import Section
from eightd.domain.words import Language
from eightd.queries.suppliers.views import AskView, FileView
from eightd.usecases.suppliers.asking import Request
from eightd.usecases.suppliers.judge import SCORES
from eightd.usecases.suppliers.link import DAYS
from eightd.web import formats, forms, words

SECTIONS: Mapping[Section, Any] = {
    Section.HEADER: _l("The complaint and the part"),
    Section.DEFECTS: _l("Defects"),
    Section.PROBLEM: _l("From our D2"),
    Section.CONTAINMENT: _l("From our D3"),
}
"""What the groups of facts are called."""

SCORE_WORDS: Mapping[int, Any] = {
    0: lazy_pgettext("score", "0 – not usable"),
    1: lazy_pgettext("score", "1 – weak"),
    2: lazy_pgettext("score", "2 – good"),
    3: lazy_pgettext("score", "3 – exemplary"),
}
"""What a score means."""


class AskForm(forms.Form):
    """What is asked of a supplier and shown to it; the boxes are filled by the page."""

    supplier_id = wtforms.SelectField(_l("Supplier"), coerce=forms.whole_number, validate_choice=False)
    part = wtforms.StringField(_l("Supplied part or material"), [Length(max=200)])
    phenomenon = wtforms.StringField(_l("What is wrong with it"), [Length(max=200)])
    asked = wtforms.SelectMultipleField(
        _l("Asked for"), choices=lambda: [(code.value, words.word(code)) for code in DisciplineCode]
    )
    facts = wtforms.SelectMultipleField(_l("Facts"), validate_choice=False)
    evidence_ids = wtforms.SelectMultipleField(_l("Files"), coerce=forms.whole_number, validate_choice=False)
    message = wtforms.TextAreaField(_l("Message"), [Length(max=4000)])
    language = wtforms.RadioField(
        _l("Language"),
        choices=lambda: [("", gettext("The supplier's")), *words.choices(Language)],
        default="",
    )
    due_on = wtforms.DateField(_l("Whole answer wanted on"), [wtforms.validators.Optional()])

    def offer(self, view: AskView) -> None:
        """Offer the suppliers, facts and files of a complaint."""
        self.supplier_id.choices = [(one, name) for one, name, _ in view.suppliers]
        self.facts.choices = [(one.key, one.key) for one in view.facts]
        self.evidence_ids.choices = [(one.id, one.filename) for one in view.files]

    def request(self) -> Request:
        """Return what was typed, for the verb."""
        return Request(
            part=self.part.data or "",
            phenomenon=self.phenomenon.data or "",
            asked=tuple(DisciplineCode(one) for one in self.asked.data or ()),
            language=Language(self.language.data) if self.language.data else None,
            facts=tuple(self.facts.data or ()),
            evidence_ids=tuple(one for one in self.evidence_ids.data or () if one is not None),
            message=self.message.data or "",
            due_on=self.due_on.data,
        )


class LinkForm(forms.Form):
    """A link, and the mail that brings it."""

    recipient = wtforms.StringField(_l("Mail addresses"), [Length(max=320)])
    days = wtforms.SelectField(
        _l("Holds for"),
        coerce=forms.whole_number,
        choices=lambda: [(one, gettext("%(count)d days", count=one)) for one in DAYS],
    )
    subject = wtforms.StringField(_l("Subject"), [Length(max=300)])
    body = wtforms.TextAreaField(_l("Text"), [Length(max=20_000)])


class ScoreForm(forms.Form):
    """What the whole 8D is worth."""

    score = wtforms.RadioField(
        _l("Score"), coerce=forms.whole_number, choices=lambda: [(one, SCORE_WORDS[one]) for one in SCORES]
    )
    note = wtforms.TextAreaField(_l("Remark"), [Length(max=4000)])


def grouped(view: AskView, ticked: frozenset[str]) -> list[dict[str, Any]]:
    """Return the facts by section, each with what it says and whether it is chosen."""
    language = Language(formats.language())
    return [
        {
            "title": title,
            "facts": [
                {
                    "key": one.key,
                    "label": one.label(language),
                    "text": one.text(language),
                    "ticked": one.key in ticked,
                }
                for one in view.facts
                if one.section is section
            ],
        }
        for section, title in SECTIONS.items()
        if any(one.section is section for one in view.facts)
    ]


def is_picture(file: FileView) -> bool:
    """Return whether a file has a thumbnail."""
    return file.media_type.startswith("image/")
