"""Two revisions of a report beside each other: what came, went and changed, by discipline and field, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    Answer,
    CausePath,
    CauseState,
    Dimension,
    DocumentType,
    StockPlace,
)
from eightd.domain.discipline.comparison import Change, ChangeKind, Piece, PieceKind, compare, pieces
from eightd.domain.revisions import ordinal, revision_name
from eightd.domain.words import Language, Message
from eightd.domain.workflow.snapshot import Actor, ReportKind
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.reporting.eight_d.document import EightDDocument, Picture, Wording, from_json
from eightd.reporting.eight_d.labels import Labels, load_labels
from eightd.usecases.report import frozen_revision

_LABEL_OF: Mapping[str, str] = {
    "action": "emergency_action",
    "is_": "is",
    "on": "date",
    "effect_percent": "effect",
    "share_percent": "share",
    "planned_on": "planned",
    "due_on": "planned",
    "done_on": "done",
    "from_on": "from",
    "text": "cause",
    "how": "how_validated",
    "ntf_quantity": "ntf",
    "ntf_text": "ntf",
    "from_revision": "revision_change",
    "to_revision": "revision_change",
    "none_reason": "reason",
    "type": "document",
    "kind": "cost_kind",
    "after_ng": "after",
    "before_ng": "before",
    "before_size": "before",
    "actions": "actions",
    "stock": "stock",
    "number": "document_number",
}
"""Labels whose name is not the field's own."""

_LIST_LABEL: Mapping[tuple[str, str], str] = {("D3", "actions"): "title.interim"}
_FIELD_LABEL: Mapping[tuple[str, str], str] = {
    ("D3", "what"): "column.what",
    ("D4", "how"): "text.verified_how",
    ("D5", "action"): "column.action",
    ("D5", "cause"): "column.cause_no",
    ("D6", "action"): "column.action",
    ("D4", "delivered"): "field.delivered",
}
_WORDS: Mapping[type[StrEnum], str] = {
    StockPlace: "place",
    CausePath: "path",
    CauseState: "cause_state",
    Dimension: "dimension",
    DocumentType: "document",
}
_IGNORED = frozenset(
    {
        "answers", "issued_at", "revision", "revision_name", "report_kind", "issued_by", "check_url", "check_code",
        "arrangement", "changed_places", "withdrawn", "sign_offs", "deadlines", "stops", "tier_reasons", "pictures",
        "attachments", "languages", "zone", "internal",
    }
)  # fmt: skip
"""Facts of the document that say nothing of the case, or are compared on their own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: where, what happened, and the text with its stretches; a row's line may have none."""

    label: str
    kind: ChangeKind
    pieces: tuple[Piece, ...] = ()
    is_row: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What differs in one part of the report; ``code`` is empty for the header."""

    code: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PictureChange:
    """A picture that came, went, or is described otherwise."""

    kind: ChangeKind
    code: str
    sha256: str
    revision: int
    caption: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two revisions."""

    number: int
    name: Message
    issued_at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole page; ``others`` are all revisions of the complaint, to choose from."""

    number: str
    zone: str
    old: Side
    new: Side
    parts: tuple[Part, ...]
    pictures: tuple[PictureChange, ...]
    others: tuple[Side, ...]


def comparison(
    uow: UnitOfWork, actor: Actor, *, number: str, old: int, new: int, language: Language
) -> Comparison:
    """Return what differs between two revisions; raises NotFound for what is hidden or was not issued."""
    with uow.reading() as session:
        first = frozen_revision(session, actor, number, old)
        second = frozen_revision(session, actor, number, new)
        rows = session.execute(
            sa.select(RevisionRow.number, RevisionRow.kind, RevisionRow.issued_at, RevisionRow.withdrawn_at)
            .where(RevisionRow.complaint_id == first.complaint_id)
            .order_by(RevisionRow.number)
        ).all()
    issued: list[tuple[int, ReportKind]] = [(row.number, row.kind) for row in rows]
    sides = {
        row.number: Side(
            row.number,
            revision_name(row.kind, ordinal(issued, row.number)),
            row.issued_at,
            row.withdrawn_at is not None,
        )
        for row in rows
    }
    before, after = from_json(first.content), from_json(second.content)
    telling = Telling(load_labels(uow.reports / "eight_d_report" / "labels.toml"), language, after.zone)
    return Comparison(
        number=number,
        zone=after.zone,
        old=sides[old],
        new=sides[new],
        parts=tuple(telling.parts(before, after)),
        pictures=tuple(_pictures(before, after, old, new)),
        others=tuple(sides.values()),
    )


class Telling:
    """Says differences in the labels of the report."""

    def __init__(self, labels: Labels, language: Language, zone: str) -> None:
        """Take the wording of the report, the reader's language and the plant's zone."""
        self._labels = labels
        self._language = language
        self._zone = ZoneInfo(zone)

    def parts(self, before: EightDDocument, after: EightDDocument) -> Iterator[Part]:
        """Yield the header and every discipline in which something differs."""
        header = tuple(self._header(before, after))
        if header:
            yield Part("", self._label("section.header"), header)
        for code in DisciplineCode:
            lines = tuple(self.answer_lines(code, before.answers.get(code), after.answers.get(code)))
            if lines:
                yield Part(code.value, self._label(f"section.{code.value}"), lines)

    def answer_lines(self, code: DisciplineCode, old: Answer | None, new: Answer | None) -> Iterator[Line]:
        """Yield the differences between two answers of a discipline."""
        numbers = _row_numbers(old) | _row_numbers(new)
        other = "" if new is None and old is None else _other_language(new or old)
        for change in compare(old, new):
            label = self._place(code, change.place, numbers)
            if change.is_row:
                yield Line(label, change.kind, self._moved(change), is_row=True)
            else:
                yield Line(
                    label,
                    change.kind,
                    pieces(
                        *(
                            self._said(_numbered_from_one(change.place, one))
                            for one in (change.old, change.new)
                        )
                    ),
                    language=other if change.is_translation else "",
                )

    def _moved(self, change: Change) -> tuple[Piece, ...]:
        if change.kind is not ChangeKind.MOVED:
            return ()
        return (Piece(PieceKind.DELETED, str(change.old)), Piece(PieceKind.INSERTED, str(change.new)))

    def _place(self, code: DisciplineCode, place: str, numbers: Mapping[str, int]) -> str:
        """Return a place in words: the list, the row's number in it, the field."""
        said: list[str] = []
        steps = place.split("/")
        for at, step in enumerate(steps):
            path = "/".join(steps[: at + 1])
            if path in numbers:
                said[-1] = f"{said[-1]} {numbers[path]}"
            else:
                said.append(self._field(code.value, step, is_list=at < len(steps) - 1))
        return " · ".join(said)

    def _field(self, code: str, name: str, *, is_list: bool) -> str:
        called = _LABEL_OF.get(name, name)
        candidates = [
            _LIST_LABEL.get((code, name), "") if is_list else _FIELD_LABEL.get((code, name), ""),
            *((f"title.{called}",) if is_list else ()),
            f"field.{name}",
            f"column.{called}",
            f"field.{called}",
            f"five_w2h.{called}",
            f"fishbone.{called}",
            f"title.{called}",
        ]
        return next((found for key in candidates if key and (found := self._label(key))), name)

    def _label(self, key: str) -> str:
        """Return a label, empty where the layout has none of that name."""
        try:
            return self._in_language(self._labels(key))
        except LookupError:
            return ""

    def _in_language(self, wording: Wording) -> str:
        first, second = (
            (wording.en, wording.zh) if self._language is Language.EN else (wording.zh, wording.en)
        )
        return first or second

    def _said(self, value: Any) -> str:
        match value:
            case None:
                return ""
            case datetime():
                return value.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
            case date():
                return value.isoformat()
            case StrEnum():
                return (
                    self._label(f"{_WORDS.get(type(value), type(value).__name__.lower())}.{value.value}")
                    or value
                )
            case bool():
                return "✓" if value else "×"
            case Decimal():
                return f"{value.normalize():f}"
            case Wording():
                return self._in_language(value)
            case tuple():
                return ", ".join(filter(None, (self._said(one) for one in value)))
            case _ if is_dataclass(value):
                return " · ".join(
                    filter(None, (self._said(getattr(value, one.name)) for one in fields(value)))
                )
            case _:
                return str(value)

    def _header(self, before: EightDDocument, after: EightDDocument) -> Iterator[Line]:
        was, now = dict(self._facts(before)), dict(self._facts(after))
        for name in dict.fromkeys((*now, *was)):
            old, new = was.get(name, ""), now.get(name, "")
            if old != new:
                kind = ChangeKind.ADDED if not old else ChangeKind.CHANGED if new else ChangeKind.REMOVED
                yield Line(self._fact(name), kind, pieces(old, new))

    def _facts(self, document: EightDDocument) -> Iterator[tuple[str, str]]:
        for one in fields(document):
            if one.name in _IGNORED:
                continue
            value = getattr(document, one.name)
            if is_dataclass(value) and not isinstance(value, Wording):
                for inner in fields(value):
                    yield f"{one.name}.{inner.name}", self._said(getattr(value, inner.name))
            else:
                yield one.name, self._said(value)

    def _fact(self, name: str) -> str:
        group, _, inner = name.rpartition(".")
        candidates = (
            f"field.{group}_{inner}" if group else f"field.{name}",
            f"field.{_FACT_LABEL.get(name, inner)}",
            f"section.{name}",
            f"field.{group}",
        )
        return next((found for key in candidates if (found := self._label(key))), name)


_FACT_LABEL: Mapping[str, str] = {
    "customer.name": "customer",
    "customer.name_en": "customer",
    "part.name_en": "part_name",
    "sample.received_quantity": "sample_received",
    "sample.announced_quantity": "sample_announced",
    "sample.difference_reason": "sample_difference",
    "verdict.result": "verdict",
}


def _numbered_from_one(place: str, value: Any) -> Any:
    """Return what refers to another row as people count: causes are C1, C2 …, actions 1, 2 …."""
    name = place.rpartition("/")[2]
    if type(value) is not int or name not in {"cause", "action"}:
        return value
    return f"C{value + 1}" if name == "cause" else value + 1


def _row_numbers(answer: Answer | None) -> dict[str, int]:
    """Return the position of every row from 1, by the row's place."""
    return {} if answer is None else dict(_numbered(answer, ""))


def _numbered(value: Any, before: str) -> Iterator[tuple[str, int]]:
    for one in fields(value):
        inner = getattr(value, one.name)
        if isinstance(inner, tuple):
            for number, row in enumerate(inner, 1):
                if is_dataclass(row):
                    place = f"{before}{one.name}/{getattr(row, 'key', '')}"
                    yield place, number
                    yield from _numbered(row, f"{place}/")
        elif is_dataclass(inner):
            yield from _numbered(inner, f"{before}{one.name}/")


def _other_language(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return (Language.EN if answer.written_in is Language.ZH else Language.ZH).value


def _pictures(before: EightDDocument, after: EightDDocument, old: int, new: int) -> Iterator[PictureChange]:
    was = {picture.sha256: picture for picture in before.pictures}
    now = {picture.sha256: picture for picture in after.pictures}
    for sha256, picture in now.items():
        earlier = was.get(sha256)
        if earlier is None:
            yield PictureChange(
                ChangeKind.ADDED, picture.discipline.value, sha256, new, pieces("", picture.caption)
            )
        elif _described(earlier) != _described(picture):
            caption = pieces(*(_told(one) for one in (earlier, picture)))
            yield PictureChange(ChangeKind.CHANGED, picture.discipline.value, sha256, new, caption)
    for sha256, picture in was.items():
        if sha256 not in now:
            yield PictureChange(
                ChangeKind.REMOVED, picture.discipline.value, sha256, old, pieces(picture.caption, "")
            )


def _described(picture: Picture) -> Sequence[Any]:
    return (picture.caption, picture.caption_other, picture.mark, picture.discipline, picture.internal)


def _told(picture: Picture) -> str:
    mark = "" if picture.mark is None else f"{picture.mark.value.upper()} · "
    said = " / ".join(filter(None, (picture.caption, picture.caption_other)))
    return f"{picture.discipline.value} · {mark}{said}"
