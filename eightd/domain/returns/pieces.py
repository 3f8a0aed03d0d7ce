"""Test results of single pieces: what one may say, what contradicts itself, and what they add up to (procedure 8)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.categories import Meaning
from eightd.domain.returns.stages import PieceVerdict
from eightd.domain.words import Message, Phrase

MOST_PIECES = 1_000
"""Pieces of one return that are recorded one by one; more are counted."""

MOST_MEASURED = 20
LONGEST_NAME, LONGEST_VALUE = 60, 80

TOO_LONG = Phrase("piece.too_long", "at most {most} characters", "最多 {most} 个字符")
SAME_SERIAL = Phrase(
    "piece.same_serial", "the serial stands in piece {first} already", "序列号与第 {first} 件重复"
)
NG_WITHOUT_PHENOMENON = Phrase(
    "piece.ng_without_phenomenon", "which phenomenon does this NG piece show?", "请填写该 NG 件的不良现象"
)
NG_WITHOUT_KIND = Phrase(
    "piece.ng_without_kind",
    "functional, appearance or other? “{phenomenon}” is not in the catalogue",
    "“{phenomenon}”不在现象目录中，请填写类别：功能、外观或其他",
)
PHENOMENON_OF_GOOD = Phrase(
    "piece.phenomenon_of_good",
    "only an NG piece shows a phenomenon; what the customer reported belongs in the remark",
    "仅 NG 件可填写不良现象；客户反馈的现象请写入备注",
)
NTF_WITHOUT_CRITERIA = Phrase(
    "piece.ntf_without_criteria",
    "by which criteria agreed with the customer was no fault found?",
    "请填写与客户约定的 NTF 判定标准",
)
NOT_IN_ORDER = Phrase(
    "piece.not_in_order", "an NG piece is not “{category}”", "NG 件的失效分类不能是“{category}”"
)
NOT_A_FAILURE = Phrase(
    "piece.not_a_failure",
    "a piece without a defect cannot have the failure “{category}”",
    "无不良的件不能归入失效分类“{category}”",
)
UNKNOWN_CATEGORY = Phrase(
    "piece.unknown_category", "there is no such failure category (any more)", "没有该失效分类（或已停用）"
)
TOO_MANY_PIECES = Phrase(
    "piece.too_many",
    "{count} pieces, but only {drawn} were drawn for testing",
    "共 {count} 件，但仅领出 {drawn} 件",
)
TOO_MANY_ROWS = Phrase(
    "piece.too_many_rows",
    "At most {most} pieces are recorded one by one; count the others together",
    "逐件记录最多 {most} 件，其余请合并统计",
)
TOO_MANY_MEASURED = Phrase(
    "piece.too_many_measured", "at most {most} measured values per piece", "每件最多 {most} 个测量值"
)


class Column(StrEnum):
    """What is written down about a piece, in the order of the table; measured values follow."""

    SERIAL = "serial"
    DATE_CODE = "date_code"
    VERDICT = "verdict"
    KIND = "kind"
    PHENOMENON = "phenomenon"
    CATEGORY = "category"
    NTF_CRITERIA = "ntf_criteria"
    NOTE = "note"


_LONGEST: Mapping[Column, int] = {
    Column.SERIAL: 120,
    Column.DATE_CODE: 60,
    Column.PHENOMENON: 200,
    Column.NTF_CRITERIA: 400,
    Column.NOTE: 400,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """The test of one piece; ``measured`` gives the value, with its unit, of each thing that was measured.

    ``ntf_criteria`` is empty where those of the whole return hold.
    """

    serial: str = ""
    date_code: str = ""
    verdict: PieceVerdict = PieceVerdict.NOT_TESTED
    kind: DefectKind | None = None
    phenomenon: str = ""
    category_id: int | None = None
    ntf_criteria: str = ""
    note: str = ""
    measured: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A failure category as a piece may have it: its name in both languages, and what it means to the program."""

    name: Message
    meaning: Meaning | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a piece: its place among the pieces from 0, the column or the measured value's name."""

    piece: int
    column: str
    message: Message


def problems(
    pieces: Sequence[Piece], *, criteria: str = "", categories: Mapping[int, Known] | None = None
) -> tuple[Problem, ...]:
    """Return everything that is wrong with pieces, piece by piece; ``criteria`` are the return's own for NTF."""
    found: list[Problem] = []
    seen: dict[str, int] = {}
    for at, piece in enumerate(pieces):
        found.extend(Problem(at, column, message) for column, message in _of_texts(piece))
        found.extend(
            Problem(at, column, message) for column, message in _of_verdict(piece, criteria, categories or {})
        )
        if piece.serial:
            first = seen.setdefault(serial_key(piece.serial), at)
            if first != at:
                found.append(Problem(at, Column.SERIAL, SAME_SERIAL.say(first=first + 1)))
    return tuple(found)


def serial_key(serial: str) -> str:
    """Return the serial as it is compared: full-width and half-width, capital and small letters are the same."""
    return unicodedata.normalize("NFKC", serial).casefold()


def _of_texts(piece: Piece) -> Iterator[tuple[str, Message]]:
    for column, most in _LONGEST.items():
        if len(getattr(piece, column.value)) > most:
            yield column, TOO_LONG.say(most=most)
    for name, value in piece.measured.items():
        if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
            yield name, TOO_LONG.say(most=LONGEST_NAME if len(name) > LONGEST_NAME else LONGEST_VALUE)
    if len(piece.measured) > MOST_MEASURED:
        yield Column.NOTE, TOO_MANY_MEASURED.say(most=MOST_MEASURED)


def _of_verdict(
    piece: Piece, criteria: str, categories: Mapping[int, Known]
) -> Iterator[tuple[str, Message]]:
    is_ng = piece.verdict is PieceVerdict.NG
    if is_ng and not piece.phenomenon:
        yield Column.PHENOMENON, NG_WITHOUT_PHENOMENON.say()
    elif is_ng and piece.kind is None:
        yield Column.KIND, NG_WITHOUT_KIND.say(phenomenon=piece.phenomenon)
    if not is_ng and (piece.phenomenon or piece.kind is not None):
        yield Column.PHENOMENON, PHENOMENON_OF_GOOD.say()
    if piece.verdict is PieceVerdict.NTF and not (piece.ntf_criteria or criteria):
        yield Column.NTF_CRITERIA, NTF_WITHOUT_CRITERIA.say()
    if piece.category_id is None:
        return
    known = categories.get(piece.category_id)
    if known is None:
        yield Column.CATEGORY, UNKNOWN_CATEGORY.say()
    elif is_ng and known.meaning is not None and known.meaning.is_good:
        yield Column.CATEGORY, NOT_IN_ORDER.say(category=known.name)
    elif piece.verdict in (PieceVerdict.OK, PieceVerdict.NTF) and known.meaning is None:
        yield Column.CATEGORY, NOT_A_FAILURE.say(category=known.name)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many pieces with the same result."""

    verdict: PieceVerdict
    kind: DefectKind | None
    phenomenon: str
    category_id: int | None
    quantity: int


def tally(pieces: Iterable[Piece]) -> tuple[Tally, ...]:
    """Return how many pieces share verdict, phenomenon and category: NG first, then by number."""
    order = list(PieceVerdict)
    found = Counter((one.verdict, one.kind, one.phenomenon, one.category_id) for one in pieces)
    lines = [Tally(*group, quantity) for group, quantity in found.items()]
    return tuple(sorted(lines, key=lambda one: (order.index(one.verdict), -one.quantity, one.phenomenon)))


def by_phenomenon(pieces: Iterable[Piece], *, drawn: int = 0) -> tuple[Tally, ...]:
    """Return the counts of a return without regard to categories; what was drawn beyond the pieces is not tested.

    Verdict, kind and phenomenon as ``COUNT_RETURN`` asks for them; the quantities add up to ``drawn`` or, where more
    pieces were recorded, to their number.
    """
    bare = [Piece(verdict=one.verdict, kind=one.kind, phenomenon=one.phenomenon) for one in pieces]
    bare.extend(Piece() for _ in range(drawn - len(bare)))
    return tally(bare)


def merged(stored: Sequence[Piece], brought: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the stored pieces with what was brought: a serial that is there is replaced, the others follow.

    Pieces without a serial are nobody's and always follow.
    """
    made = list(stored)
    places = {serial_key(one.serial): at for at, one in enumerate(made) if one.serial}
    for piece in brought:
        at = places.get(serial_key(piece.serial)) if piece.serial else None
        if at is None:
            made.append(piece)
        else:
            made[at] = piece
    return tuple(made)


def measured_names(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Return the names of everything measured, in the order in which they first come."""
    return tuple(dict.fromkeys(name for one in pieces for name in one.measured))
