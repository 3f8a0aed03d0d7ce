"""Change what is said of a file: captions, OK or NOK, its pair, its discipline and place, who may have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from eightd.domain.captions import caption_in, stored_captions
from eightd.domain.complaint import DisciplineCode
from eightd.domain.goes_along import PICTURES, GoesAlong, ways_along
from eightd.domain.words import Language, Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories.evidence import evidence_of, shown_evidence
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import Opened, conclude, open_complaint
from eightd.usecases.errors import Invalid, NotFound, Stale
from eightd.usecases.verb import Done, verb

LONGEST_CAPTION = 400
MARKERS = ("", "ok", "nok")
TOO_LONG = Phrase("evidence.too_long", "At most {limit} characters", "最多 {limit} 个字符")
UNKNOWN_MARKER = Phrase(
    "evidence.unknown_marker", "Please choose OK, NOK or neither", "请选择 OK、NOK 或都不是"
)
NOT_SO_ALONG = Phrase(
    "evidence.not_so_along", "A file of this kind cannot go along in this way", "此类文件不能以此方式随附"
)
NO_PARTNER = Phrase(
    "evidence.no_partner",
    "Please choose another picture of this complaint and the same discipline",
    "请选择本客诉同一步骤的另一张图片",
)
SAME_MARKER = Phrase(
    "evidence.same_marker",
    "One of the two must show an OK part, the other a NOK part",
    "两张图片须一张为 OK 件、一张为 NOK 件",
)
_OPPOSITE = {"ok": "nok", "nok": "ok"}


@dataclass(frozen=True, slots=True)
class Said:
    """All that is said of a file. ``place`` counts from 1 among those of its discipline; None leaves the order."""

    chinese: str = ""
    english: str = ""
    marker: str = ""
    discipline: DisciplineCode | None = None
    pair_with: int | None = None
    place: int | None = None
    internal: bool = False
    goes_along: GoesAlong = GoesAlong.USUAL


@verb("evidence.change")
def change_evidence(work: Work, *, number: str, evidence_id: int, version: int, said: Said) -> Done:
    """Say all of this of a file now; its bytes stay. ``version`` is the file's own, as the actor saw it.

    Saying what was said already leaves nothing in the record. Raises NotFound, NotAllowed, Stale, Invalid.
    """
    opened, rows, row = opened_file(work, number, evidence_id, Action.CHANGE_EVIDENCE, version)
    before = _document(row, rows)
    said = replace(said, chinese=said.chinese.strip(), english=said.english.strip())
    _check(row, said)
    partner = _partner(rows, row, said)
    row.caption, row.caption_other = stored_captions(said.chinese, said.english)
    moved, row.discipline = row.discipline is not said.discipline, said.discipline
    row.marker, row.internal, row.goes_along = said.marker, said.internal, said.goes_along.value
    _pair(rows, row, partner)
    _place(rows, row, said.place, moved=moved)
    after = _document(row, rows)
    if after != before:
        row.version += 1
        changed = {name for name in after if after[name] != before[name]}
        conclude(
            work,
            opened,
            old={name: before[name] for name in sorted(changed)},
            new={"filename": row.filename, **{name: after[name] for name in sorted(changed)}},
            subject=row.discipline.value if row.discipline else "",
            raise_version=False,
        )
    return Done(number=number, version=row.version, id=row.id)


def opened_file(
    work: Work, number: str, evidence_id: int, action: Action, version: int
) -> tuple[Opened, tuple[EvidenceRow, ...], EvidenceRow]:
    """Return the complaint, locked, all its files in their order, and the one meant, at the version seen."""
    opened = open_complaint(work, number, action)
    rows = evidence_of(work.session, opened.row.id)
    row = next((one for one in rows if one.id == evidence_id), None)
    if row is None:
        raise NotFound
    if row.version != version:
        raise Stale(row.version)
    return opened, rows, row


def _check(row: EvidenceRow, said: Said) -> None:
    problems = {}
    for field, text in (("caption_zh", said.chinese), ("caption_en", said.english)):
        if len(text) > LONGEST_CAPTION:
            problems[field] = TOO_LONG.say(limit=LONGEST_CAPTION)
    if said.marker not in MARKERS:
        problems["marker"] = UNKNOWN_MARKER.say()
    if said.goes_along not in ways_along(row.media_type):
        problems["goes_along"] = NOT_SO_ALONG.say()
    if problems:
        raise Invalid(problems)


def _partner(rows: Sequence[EvidenceRow], row: EvidenceRow, said: Said) -> EvidenceRow | None:
    """Return the picture to stand beside this one; raises Invalid where the two are no pair."""
    if said.pair_with is None:
        return None
    found = next(
        (
            one
            for one in shown_evidence(rows)
            if one.id == said.pair_with and one is not row and one.media_type in PICTURES
        ),
        None,
    )
    if found is None or row.media_type not in PICTURES or found.discipline is not said.discipline:
        raise Invalid({"pair_with": NO_PARTNER.say()})
    if said.marker not in _OPPOSITE or found.marker == said.marker:
        raise Invalid({"pair_with": SAME_MARKER.say()})
    return found


def _pair(rows: Sequence[EvidenceRow], row: EvidenceRow, partner: EvidenceRow | None) -> None:
    """Put the two together; whoever stood beside either of them stands alone again, and has changed."""
    key = "" if partner is None else f"{min(row.id, partner.id)}-{max(row.id, partner.id)}"
    loosened = {one.pair for one in (row, partner) if one is not None and one.pair} - {key}
    for other in rows:
        if other is not row and other is not partner and other.pair in loosened:
            other.pair = ""
            other.version += 1
    row.pair = key
    if partner is not None and (partner.pair != key or partner.marker != _OPPOSITE[row.marker]):
        partner.pair, partner.marker = key, _OPPOSITE[row.marker]
        partner.version += 1


def _place(rows: Sequence[EvidenceRow], row: EvidenceRow, place: int | None, *, moved: bool) -> None:
    """Put the file at its place among those of its discipline, and number them all."""
    group = [one for one in shown_evidence(rows) if one.discipline is row.discipline]
    if moved and place is None:
        row.position = 0
    if place is None or row not in group:
        return
    others = [one for one in group if one is not row]
    at = max(0, min(place - 1, len(others)))
    if not moved and group.index(row) == at:
        return
    for position, one in enumerate([*others[:at], row, *others[at:]], start=1):
        one.position = position


def _document(row: EvidenceRow, rows: Sequence[EvidenceRow]) -> dict[str, Any]:
    """Return what the record keeps of what is said of a file."""
    captions = caption_in(row.caption, row.caption_other)
    partner = next((one.filename for one in rows if one is not row and row.pair and one.pair == row.pair), "")
    return {
        "caption_zh": captions[Language.ZH],
        "caption_en": captions[Language.EN],
        "marker": row.marker,
        "discipline": row.discipline.value if row.discipline else "",
        "beside": partner,
        "order": row.position or None,
        "internal": row.internal,
        "goes_along": row.goes_along,
    }
