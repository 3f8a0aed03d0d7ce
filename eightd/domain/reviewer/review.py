"""Read an 8D as a sceptical customer would, and say what such a customer would object to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ANSWER_TYPES
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level, Objection
from eightd.domain.reviewer.registry import BY_ID, RULES
from eightd.domain.reviewer.rules import Hit, Rule
from eightd.domain.words import Language, Message
from eightd.domain.workflow.content import Finding

_CODES = {code: position for position, code in enumerate(DisciplineCode)}
_FIELDS = {
    code: {field.name: position for position, field in enumerate(fields(answer))}
    for code, answer in ANSWER_TYPES.items()
}


def review(
    dossier: Dossier, levels: Mapping[str, Level] | None = None, accepted: Mapping[str, str] | None = None
) -> tuple[Objection, ...]:
    """Return every objection, by discipline and place; ``levels`` weigh rules otherwise than the rules themselves.

    A rule that is off is not asked. ``accepted`` holds the reasons by the digest of what a person let stand:
    those objections are there too, with ``accepted_because`` filled.
    """
    weighed, let_stand = levels or {}, accepted or {}
    found: list[tuple[tuple[int, int, int], Objection]] = []
    for rule in RULES:
        level = weighed.get(rule.id, rule.level)
        if level is Level.OFF:
            continue
        for hit in rule.find(dossier):
            objection = _objection(rule, hit, level)
            found.append(
                (
                    _order(hit),
                    replace(objection, accepted_because=let_stand.get(digest(objection), "")),
                )
            )
    found.sort(key=lambda one: one[0])
    return tuple(objection for _, objection in found)


def digest(objection: Objection) -> str:
    """Return what tells one objection from another: its rule, place, and the words and numbers it is about.

    The row's number is left aside, since rows move; when the words change, it is another objection.
    """
    about = {
        name: value.text(Language.EN) if isinstance(value, Message) else value
        for name, value in objection.what.arguments.items()
        if name != "row"
    }
    parts = (objection.rule, objection.code.value, objection.place, objection.quote, about)
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def standing(objections: Iterable[Objection], code: DisciplineCode | None = None) -> tuple[Objection, ...]:
    """Return those that nobody let stand, of one discipline where one is given."""
    return tuple(one for one in objections if not one.accepted_because and (code is None or one.code is code))


def stopping(objections: Iterable[Objection], code: DisciplineCode) -> tuple[Message, ...]:
    """Return what keeps the discipline's answer from being submitted."""
    return tuple(one.what for one in standing(objections, code) if one.level is Level.STOP)


def repeats(finding: Finding, objection: Objection) -> bool:
    """Return whether an objection says of the same row what a gate's finding says."""
    said = finding.message
    codes = {said.code, *(inner.code for inner in said.arguments.values() if isinstance(inner, Message))}
    row = said.arguments.get("row", 0)
    same_row = objection.what.arguments.get("row", 0) in (0, row)
    return same_row and not codes.isdisjoint(BY_ID[objection.rule].gates)


def _objection(rule: Rule, hit: Hit, level: Level) -> Objection:
    return Objection(
        rule=rule.id,
        code=hit.code,
        place=hit.place,
        level=level,
        what=rule.what.say(**hit.arguments),
        why=rule.why.say(),
        mend=rule.mend.say(),
        quote=hit.quote,
    )


def _order(hit: Hit) -> tuple[int, int, int]:
    field = hit.place.split("/", 1)[0]
    return _CODES[hit.code], _FIELDS[hit.code].get(field, 99), hit.row
