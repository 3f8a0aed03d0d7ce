"""Take rows of a supplier's accepted answers over into ours, beside what stands there, with where they came from.

Nothing of ours is changed: chosen causes, actions, proofs and documents are added as rows of their own. An action keeps
to its cause and a proof to its action where that was taken over too. A text that is written in the other language than
ours is kept as both, so that either report says it until somebody has translated it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    ANSWER_TYPES,
    Answer,
    Keyed,
)
from eightd.domain.discipline.texts import keyed, texts
from eightd.domain.words import Phrase

_D = DisciplineCode

LISTS: Mapping[DisciplineCode, tuple[str, ...]] = {
    _D.D4: ("causes",),
    _D.D5: ("actions",),
    _D.D6: ("validations",),
    _D.D7: ("documents", "read_across"),
}
"""The rows that may be taken over, by the lists in which they stand."""

ORIGIN = Phrase("supplier_origin", "Supplier {code}: {number}", "供应商 {code}：{number}")


@dataclass(frozen=True, slots=True)
class Offer:
    """One row of a supplier's accepted answer; ``place`` such as ``D4/causes/ab12``, ``ours`` where it was taken to."""

    place: str
    code: DisciplineCode
    row: Keyed
    ours: str = ""


def offers(accepted: Mapping[DisciplineCode, Answer | None], taken: Mapping[str, str]) -> tuple[Offer, ...]:
    """Return every row that may be taken over, with where it was taken to; ``taken`` leads from ours to theirs."""
    where = {theirs: ours for ours, theirs in taken.items()}
    found = []
    for code, names in LISTS.items():
        answer = accepted.get(code)
        if answer is None:
            continue
        for name in names:
            for row in getattr(answer, name):
                place = f"{code.value}/{name}/{row.key}"
                found.append(Offer(place, code, row, where.get(place, "")))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Taken:
    """Our answers with the rows added, and where each came from, from our place to theirs."""

    answers: Mapping[DisciplineCode, Answer]
    places: Mapping[str, str]


def take(
    case_number: str,
    chosen: Sequence[str],
    accepted: Mapping[DisciplineCode, Answer | None],
    ours: Mapping[DisciplineCode, Answer | None],
    taken: Mapping[str, str],
) -> Taken:
    """Add the chosen rows of the supplier's answers to ours; what was taken over before is not taken again.

    Places that the supplier's accepted answers do not hold choose nothing. The answers returned are those that changed.
    """
    places: dict[str, str] = {}
    made: dict[DisciplineCode, Answer] = {}
    current: dict[DisciplineCode, Answer] = {}
    for code, names in LISTS.items():
        theirs = accepted.get(code)
        current[code] = keyed(ours.get(code) or ANSWER_TYPES[code]())
        if theirs is None:
            continue
        known = {**taken, **places}
        for name in names:
            rows = [
                row
                for row in getattr(theirs, name)
                if f"{code.value}/{name}/{row.key}" in chosen
                and f"{code.value}/{name}/{row.key}" not in known.values()
            ]
            for row in rows:
                key = _key(case_number, name, row.key, current[code])
                added = _linked(replace(row, key=key), accepted, current, known)
                current[code] = _with_row(current[code], theirs, name, row, added)
                places[f"{code.value}/{name}/{key}"] = f"{code.value}/{name}/{row.key}"
                made[code] = current[code]
    return Taken(made, places)


def _key(case_number: str, name: str, key: str, ours: Answer) -> str:
    """Return a key that says which case the row came from and that no row of ours has."""
    _, _, tail = case_number.rpartition("-")
    wanted = f"{tail}-{key}".replace(".", "_").lower()
    used = {row.key for row in getattr(ours, name)}
    number, free = 1, wanted
    while free in used:
        number += 1
        free = f"{wanted}-{number}"
    return free


def _linked(
    row: Any,
    accepted: Mapping[DisciplineCode, Answer | None],
    current: Mapping[DisciplineCode, Answer],
    known: Mapping[str, str],
) -> Any:
    """Let an action name its cause, and a proof its action, by where that stands among ours."""
    if hasattr(row, "action") and hasattr(row, "cause"):
        return replace(row, cause=_index(row.cause, _D.D4, "causes", accepted, current, known))
    if hasattr(row, "from_lot"):
        return replace(row, action=_index(row.action, _D.D5, "actions", accepted, current, known))
    return row


def _index(
    theirs: int | None,
    code: DisciplineCode,
    name: str,
    accepted: Mapping[DisciplineCode, Answer | None],
    current: Mapping[DisciplineCode, Answer],
    known: Mapping[str, str],
) -> int | None:
    answer = accepted.get(code)
    rows: Sequence[Keyed] = () if answer is None else getattr(answer, name)
    if theirs is None or theirs not in range(len(rows)):
        return None
    place = f"{code.value}/{name}/{rows[theirs].key}"
    ours = {from_: to for to, from_ in known.items()}.get(place, "")
    keys = [row.key for row in getattr(current[code], name)]
    key = ours.rpartition("/")[2]
    return keys.index(key) if key in keys else None


def _with_row(ours: Answer, theirs: Answer, name: str, row: Keyed, added: Keyed) -> Answer:
    """Return our answer with the row behind the others, its texts in our language where the supplier gave them."""
    before, after = f"{name}/{row.key}/", f"{name}/{added.key}/"
    said = {
        place.removeprefix(before): text for place, text in texts(theirs).items() if place.startswith(before)
    }
    translation = dict(ours.translation)
    if theirs.written_in is not ours.written_in:
        translation.update({f"{after}{rest}": text for rest, text in said.items()})
    rows = (*getattr(ours, name), added)
    changed: dict[str, Any] = {name: rows, "translation": translation}
    return replace(ours, **changed)
