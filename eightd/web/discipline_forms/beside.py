"""What is written beside a discipline's fields: the other language, and what no customer reads.

A request names them by place: ``other:<place>`` is the text in the other language, ``internal:<place>`` marks a
field or a row, ``written_in`` says in which language the fields themselves are written. A place that the answer
does not have is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import wtforms
from flask import request
from flask_babel import gettext

from eightd.domain.discipline.agreement import WITHOUT_LANGUAGE, disagreements
from eightd.domain.discipline.answers import Answer, Written
from eightd.domain.discipline.texts import keyed, places, with_texts
from eightd.domain.words import Language
from eightd.web import formats
from eightd.web.discipline_forms.fields import LONGEST
from eightd.web.discipline_forms.layout import DisciplineForm
from eightd.web.discipline_forms.mapping import is_blank

A = TypeVar("A", bound=Written)

OTHER, INTERNAL, WRITTEN_IN = "other:", "internal:", "written_in"
_TEXTS = (wtforms.StringField, wtforms.TextAreaField)


@dataclass(frozen=True)
class Pair:
    """One field that people write in: its place, what it is called, its text and the other language's."""

    place: str
    label: str
    text: str
    other: str
    internal: bool
    error: str
    disagreements: tuple[str, ...]


@dataclass(frozen=True)
class MarkedRow:
    """One row as a whole, which may be internal."""

    place: str
    label: str
    internal: bool


@dataclass(frozen=True)
class Sheet:
    """What stands beside a form; ``both`` says that both languages are wanted at once."""

    written_in: Language
    pairs: tuple[Pair, ...]
    rows: tuple[MarkedRow, ...]
    both: bool

    @property
    def without_language(self) -> str:
        """Return the names of fields that are read alike in every language."""
        return " ".join(sorted(WITHOUT_LANGUAGE))

    @property
    def other_language(self) -> Language:
        """Return the language that stands beside."""
        return other_of(self.written_in)


def other_of(language: Language) -> Language:
    """Return the other of the two languages."""
    return Language.EN if language is Language.ZH else Language.ZH


def first_language(report_language: str) -> Language:
    """Return the language that answers are written in until somebody says otherwise; Chinese where it is both."""
    return Language.EN if report_language == Language.EN else Language.ZH


def collected(answer: A, sent: Mapping[str, str] | None = None) -> A:
    """Return the answer with what was sent beside its fields; the request's form where nothing is given."""
    given = request.form if sent is None else sent
    if WRITTEN_IN not in given:
        return answer
    answer = keyed(answer)
    texts, rows = places(answer)
    others = _named(given, OTHER)
    return replace(
        answer,
        written_in=Language.EN if given[WRITTEN_IN] == Language.EN else Language.ZH,
        translation={place: text for place, text in others.items() if place in texts and text},
        internal=tuple(place for place in _named(given, INTERNAL) if place in texts or place in rows),
    )


def refuses() -> bool:
    """Return whether a text beside is too long; the sheet then says so beside it."""
    return any(len(text) > LONGEST for text in _named(request.form, OTHER).values())


def sheet(
    form: DisciplineForm, answer: Written | None, report_language: str, *, as_sent: bool = True
) -> Sheet:
    """Return what stands beside a form: as the request sent it, else as the answer has it."""
    written_in, others, internal = first_language(report_language), dict[str, str](), frozenset[str]()
    if as_sent and WRITTEN_IN in request.form:
        written_in = Language.EN if request.form[WRITTEN_IN] == Language.EN else Language.ZH
        others, internal = _named(request.form, OTHER), frozenset(_named(request.form, INTERNAL))
    elif answer is not None:
        written_in, others, internal = answer.written_in, dict(answer.translation), frozenset(answer.internal)
    pairs, rows = [], []
    for place, label, field in _walk(form, "", ""):
        if field is None:
            rows.append(MarkedRow(place, label, place in internal))
            continue
        text, other = field.data or "", others.get(place, "")
        if text or other or place in internal:
            pairs.append(_pair(place, label, text, other, internal=place in internal))
    return Sheet(written_in, tuple(pairs), tuple(rows), both=report_language == "both" or bool(others))


def _pair(place: str, label: str, text: str, other: str, *, internal: bool) -> Pair:
    error = gettext("At most %(most)d characters.", most=LONGEST) if len(other) > LONGEST else ""
    unlike: tuple[str, ...] = ()
    if other and not error:
        unlike = tuple(formats.message(one) for one in disagreements(text, other))
    return Pair(place, label, text, other, internal, error, unlike)


def _named(given: Mapping[str, Any], prefix: str) -> dict[str, str]:
    return {name[len(prefix) :]: str(given[name]).strip() for name in given if name.startswith(prefix)}


def _walk(form: Any, before: str, title: str) -> Iterator[tuple[str, str, Any]]:
    """Yield every row and every text field with its place and what it is called; rows have no field."""
    for one in form:
        label = f"{title} · {one.label.text}" if title else str(one.label.text)
        if isinstance(one, wtforms.FieldList):
            for number, entry in enumerate(one, 1):
                key = entry.form["key"].data
                if key:
                    row = f"{before}{one.short_name}/{key}"
                    if not is_blank(entry.form):
                        yield row, f"{label} {number}", None
                    yield from _walk(entry.form, f"{row}/", f"{label} {number}")
        elif isinstance(one, wtforms.FormField):
            yield from _walk(one.form, f"{before}{one.short_name}/", title)
        elif isinstance(one, _TEXTS) and not isinstance(one, wtforms.HiddenField):
            yield f"{before}{one.short_name}", label, one


# Reading: both languages at once


class Bilingual(str):
    """A text as read, with what stands beside it."""

    __slots__ = ("internal", "other")

    other: str
    internal: bool

    @classmethod
    def of(cls, text: str, other: str, *, internal: bool) -> Bilingual:
        """Return the text with the other language's, and whether no customer reads it."""
        made = cls(text)
        made.other, made.internal = other, internal
        return made


_MARK = "\ue000"


def marked(answer: A) -> A:
    """Return the answer in which a sign stands for each internal text."""
    hidden = frozenset(answer.internal)

    def say(place: str, text: str) -> str:
        parts = place.split("/")
        inside = any("/".join(parts[:end]) in hidden for end in range(1, len(parts) + 1))
        return _MARK if inside and text else text

    return with_texts(answer, say)


def joined(own: Any, other: Any, inside: Any) -> Any:
    """Put three readings of one answer together, cell by cell: its own, the other language's, the marked one."""
    if isinstance(own, str):
        if own == other == inside:
            return own
        return Bilingual.of(own, other if other != own else "", internal=inside == _MARK)
    if isinstance(own, tuple | list):
        return type(own)(joined(*three) for three in zip(own, other, inside, strict=True))
    return own


def is_plain(answer: Answer) -> bool:
    """Return whether the answer has neither another language nor internal places."""
    return not answer.translation and not answer.internal
