"""Answers as people read them: both languages together, internal places marked, and what changed between two."""

from __future__ import annotations

from dataclasses import replace

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.discipline.texts import in_language
from eightd.domain.words import Language
from eightd.web.discipline_forms import beside, layout, registry
from eightd.web.discipline_forms.layout import Difference, ShownSection

_NAMES = {Language.ZH: "中文", Language.EN: "English"}


def shown(code: DisciplineCode, answer: Answer, zone: str) -> list[ShownSection]:
    """Return what an answer holds, section by section; a text carries its other language and its mark."""
    own = layout.shown(registry.filled(code, answer, zone))
    if beside.is_plain(answer):
        return own
    translated = in_language(answer, beside.other_of(answer.written_in))
    other = layout.shown(registry.filled(code, translated, zone))
    inside = layout.shown(registry.filled(code, beside.marked(answer), zone))
    return [
        replace(
            section,
            facts=beside.joined(section.facts, twin.facts, marked.facts),
            tables=tuple(
                replace(table, rows=beside.joined(table.rows, other_table.rows, marked_table.rows))
                for table, other_table, marked_table in zip(
                    section.tables, twin.tables, marked.tables, strict=True
                )
            ),
        )
        for section, twin, marked in zip(own, other, inside, strict=True)
    ]


def differences(code: DisciplineCode, before: Answer, after: Answer, zone: str) -> list[Difference]:
    """Return the fields that differ between two answers, then the texts that differ in the other language."""
    found = layout.differences(registry.filled(code, before, zone), registry.filled(code, after, zone))
    if before.written_in is not after.written_in or not (before.translation or after.translation):
        return found
    language = beside.other_of(after.written_in)
    told = {(one.label, one.old, one.new) for one in found}
    own = {one.label: one for one in found}
    for one in layout.differences(
        registry.filled(code, in_language(before, language), zone),
        registry.filled(code, in_language(after, language), zone),
    ):
        if (one.label, one.old, one.new) in told:
            continue
        same = own.get(one.label)
        old = "" if same is not None and same.old == one.old else one.old
        new = "" if same is not None and same.new == one.new else one.new
        found.append(Difference(f"{one.label} ({_NAMES[language]})", old, new))
    return found
