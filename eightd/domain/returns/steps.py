"""Each step of a return as a pure function: what was typed becomes movements and the next stage (procedure 8).

A step answers ``Step`` or, where what was typed cannot be taken, ``Wrong`` with a message per field. Who may do it in
which stage is asked before (``rights``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.ledger import HERE, Held, Movement, balance, here
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnStage
from eightd.domain.words import Message, Phrase

LARGEST = 2_000_000_000

REQUIRED = Phrase("return.required", "Please fill this in", "请填写")
AT_LEAST_ONE = Phrase("return.at_least_one", "At least 1", "至少为 1")
NEGATIVE = Phrase("return.negative", "Must not be negative", "不能为负数")
TOO_MANY = Phrase("return.too_many", "More than anybody could count", "数值过大")
ANNOUNCED_UNEXPLAINED = Phrase(
    "return.announced_unexplained",
    "{announced} pieces were announced, {quantity} are here: say why, or that the rest comes",
    "预告 {announced} 件，实到 {quantity} 件：请说明原因，或注明余数后到",
)
RECEIVED_UNEXPLAINED = Phrase(
    "return.received_unexplained",
    "{received} pieces were received, {counted} counted: say why",
    "签收 {received} 件，清点 {counted} 件：请说明原因",
)
NO_REST = Phrase("return.no_rest", "Nothing of what was announced is missing", "预告数量已到齐，没有余数")
NOT_SO_MANY = Phrase("return.not_so_many", "Only {there} pieces are there", "只有 {there} 件")
NOTHING_TO_COUNT = Phrase("return.nothing_counted", "Please count the pieces in test", "请统计测试中的件数")
SUM_DIFFERS = Phrase(
    "return.sum_differs",
    "Together {sum}, but {wanted} pieces are there: {difference} too {direction}",
    "合计 {sum} 件，应为 {wanted} 件：{direction} {difference} 件",
)
TOO_FEW_WORD = Phrase("return.too_few", "few", "少")
TOO_MANY_WORD = Phrase("return.too_much", "many", "多")
NOTHING_RECORDED = Phrase("return.nothing_recorded", "Please enter at least one result", "请至少填写一项结果")
SCRAP_IS_SCRAP = Phrase(
    "return.scrap_is_scrap",
    "Pieces to be scrapped come to nothing good: change the plan first",
    "待报废的件不能记为良品，请先修改计划",
)
SCRAPPED_UNEXPLAINED = Phrase(
    "return.scrapped_unexplained",
    "Say why pieces were scrapped that were to be mended",
    "请说明应返工/返修的件为何报废",
)
HOW_WANTED = Phrase("return.how_wanted", "Say how, here or in the steps", "请在此处或步骤中说明做法")
SAME_COUNT = Phrase(
    "return.same_count", "The record says so many already: {there}", "记录数量已是 {there} 件"
)
NOT_COUNTED_THERE = Phrase("return.not_counted_there", "Pieces are not counted there", "该处不清点")
CRITERIA_WANTED = Phrase(
    "return.criteria_wanted",
    "Pieces show no trouble: name the criteria agreed with the customer",
    "存在 NTF 件：请填写与客户约定的判定准则",
)


@dataclass(frozen=True, slots=True)
class Step:
    """What a step does: the stage afterwards and the movements it makes."""

    stage: ReturnStage
    movements: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """What cannot be taken, by the name of its field (rows as ``counts-0-quantity``)."""

    problems: Mapping[str, Message]


Outcome: TypeAlias = Step | Wrong


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the pieces in test show a phenomenon; ``kind`` None where no defect was found."""

    kind: DefectKind | None
    phenomenon: str
    verdict: PieceVerdict
    quantity: int


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """What is to become of so many pieces: how, by whom, until which plant-local day."""

    disposition: Disposition
    quantity: int
    how: str = ""
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of pieces that were to be reworked, repaired or scrapped."""

    disposition: Disposition
    good: int
    scrapped: int
    note: str = ""


PLANNED_AT: Mapping[Disposition, Place] = {
    Disposition.REWORK: Place.TO_REWORK,
    Disposition.REPAIR: Place.TO_REPAIR,
    Disposition.SCRAP: Place.TO_SCRAP,
    Disposition.RETURN_AS_IS: Place.READY,
    Disposition.KEEP: Place.KEPT,
}
"""Where pieces wait for what was planned for them."""

PENDING: tuple[Place, ...] = (Place.TO_REWORK, Place.TO_REPAIR, Place.TO_SCRAP)
"""Where pieces wait for their result."""

RECOUNTED: tuple[Place, ...] = tuple(place for place in HERE if place is not Place.ARRIVED)
"""Places whose pieces may be counted again; what arrived is counted by the check."""


def receive(quantity: int) -> Outcome:
    """Take in a parcel or a part of one; at least one piece, as its papers say."""
    problem = _whole(quantity)
    if problem:
        return Wrong({"quantity": problem})
    stage = ReturnStage.RECEIVED
    return Step(stage, (Movement(stage, Place.CUSTOMER, Place.ARRIVED, quantity),))


def check(
    held: Held, *, quantity: int, wrong: int, found_part: str, because: str, rest_comes: bool
) -> Outcome:
    """Count what arrived: ``quantity`` of the right part, ``wrong`` of another one, which is set aside.

    Another sum than was received, or another quantity than was announced, needs a reason; fewer may be said to come
    later. Where nothing is there at all the return has come to its end for warehouse and production.
    """
    received = held.at[Place.ARRIVED]
    problems = {
        name: problem
        for name, value in (("quantity", quantity), ("wrong", wrong))
        if (problem := _natural(value)) is not None
    }
    if problems:
        return Wrong(problems)
    counted = quantity + wrong
    if wrong and not found_part.strip():
        problems["found_part"] = REQUIRED.say()
    if rest_comes and quantity >= held.announced:
        problems["rest_comes"] = NO_REST.say()
    if not because.strip():
        if counted != received:
            problems["because"] = RECEIVED_UNEXPLAINED.say(received=received, counted=counted)
        elif quantity != held.announced and not rest_comes:
            problems["because"] = ANNOUNCED_UNEXPLAINED.say(announced=held.announced, quantity=quantity)
    if problems:
        return Wrong(problems)
    stage, note = ReturnStage.CHECKED, because.strip()
    moves = (
        Movement(stage, Place.SURPLUS, Place.ARRIVED, counted - received, note=note),
        Movement(stage, Place.ARRIVED, Place.MISSING, received - counted, note=note),
        Movement(stage, Place.ARRIVED, Place.CHECKED, quantity),
        Movement(stage, Place.ARRIVED, Place.WRONG_PART, wrong, note=found_part.strip()),
    )
    return _onwards(held, stage, moves)


def book_in(held: Held, location: str) -> Outcome:
    """Put everything of the right part in stock at a location; what was set aside stays so."""
    if not location.strip():
        return Wrong({"location": REQUIRED.say()})
    stage = ReturnStage.BOOKED_IN
    move = Movement(stage, Place.CHECKED, Place.STORED, held.at[Place.CHECKED], note=location.strip())
    return _onwards(held, stage, (move,))


def draw(held: Held, quantity: int) -> Outcome:
    """Draw pieces from stock for testing; more may be drawn later, which are counted then."""
    stored = held.at[Place.STORED]
    problem = _whole(quantity) or (NOT_SO_MANY.say(there=stored) if quantity > stored else None)
    if problem:
        return Wrong({"quantity": problem})
    stage = ReturnStage.DRAWN
    return Step(stage, (Movement(stage, Place.STORED, Place.DRAWN, quantity),))


def count(held: Held, counts: Sequence[Count]) -> Outcome:
    """Count every piece in test under what it shows; together they are as many as were drawn."""
    drawn = held.at[Place.DRAWN]
    problems: dict[str, Message] = {}
    for position, one in enumerate(counts):
        problem = _whole(one.quantity)
        if problem:
            problems[f"counts-{position}-quantity"] = problem
        if one.verdict is PieceVerdict.NG and one.kind is None:
            problems[f"counts-{position}-kind"] = REQUIRED.say()
        if one.verdict is PieceVerdict.NG and not one.phenomenon.strip():
            problems[f"counts-{position}-phenomenon"] = REQUIRED.say()
    if not counts:
        problems["counts"] = NOTHING_TO_COUNT.say()
    elif not problems:
        differs = _differs(sum(one.quantity for one in counts), drawn)
        if differs:
            problems["counts"] = differs
    return Wrong(problems) if problems else Step(ReturnStage.COUNTED)


def analyse(counts: Sequence[Count], *, analysis: str, ntf_criteria: str) -> Outcome:
    """Record what the analysis found; pieces without trouble need the criteria agreed with the customer."""
    problems = {}
    if not analysis.strip():
        problems["analysis"] = REQUIRED.say()
    if any(one.verdict is PieceVerdict.NTF for one in counts) and not ntf_criteria.strip():
        problems["ntf_criteria"] = CRITERIA_WANTED.say()
    return Wrong(problems) if problems else Step(ReturnStage.ANALYSED)


def plan(held: Held, rows: Sequence[PlanEntry], steps: str) -> Outcome:
    """Say what becomes of every piece that is here; planning again covers everything still here anew.

    Pieces that are where their plan wants them do not move. Wrong parts are first among those that go back as they are.
    """
    problems: dict[str, Message] = {}
    for position, row in enumerate(rows):
        problem = _whole(row.quantity)
        if problem:
            problems[f"rows-{position}-quantity"] = problem
        mends = row.disposition in (Disposition.REWORK, Disposition.REPAIR)
        if mends and not row.how.strip() and not steps.strip():
            problems[f"rows-{position}-how"] = HOW_WANTED.say()
    at = held.at
    if not problems:
        differs = _differs(sum(row.quantity for row in rows), here(at))
        if differs:
            problems["rows"] = differs
    if problems:
        return Wrong(problems)
    return _onwards(held, ReturnStage.PLANNED, _moves_to(at, rows))


def rework(held: Held, results: Sequence[Result]) -> Outcome:
    """Record what came of pieces that were to be reworked, repaired or scrapped; in parts, too."""
    problems: dict[str, Message] = {}
    moves: list[Movement] = []
    left = dict(held.at)
    stage = ReturnStage.PLANNED
    for position, one in enumerate(results):
        where = f"results-{position}"
        place = PLANNED_AT[one.disposition]
        problem = _natural(one.good) or _natural(one.scrapped)
        mended = one.disposition is not Disposition.SCRAP
        if place not in PENDING:
            problems[f"{where}-disposition"] = NOT_SO_MANY.say(there=0)
        elif problem:
            problems[f"{where}-good"] = problem
        elif one.good and not mended:
            problems[f"{where}-good"] = SCRAP_IS_SCRAP.say()
        elif one.good + one.scrapped > left[place]:
            problems[f"{where}-good" if mended else f"{where}-scrapped"] = NOT_SO_MANY.say(there=left[place])
        elif one.scrapped and mended and not one.note.strip():
            problems[f"{where}-note"] = SCRAPPED_UNEXPLAINED.say()
        else:
            left[place] -= one.good + one.scrapped
            moves += [
                Movement(stage, place, Place.READY, one.good, one.disposition, one.note.strip()),
                Movement(stage, place, Place.SCRAPPED, one.scrapped, one.disposition, one.note.strip()),
            ]
    if not problems and not any(one.quantity for one in moves):
        problems["results"] = NOTHING_RECORDED.say()
    return Wrong(problems) if problems else _onwards(held, stage, moves)


def redeliver(held: Held, quantity: int) -> Outcome:
    """Send pieces back that are ready; in parts, too."""
    ready = held.at[Place.READY]
    problem = _whole(quantity) or (NOT_SO_MANY.say(there=ready) if quantity > ready else None)
    if problem:
        return Wrong({"quantity": problem})
    move = Movement(ReturnStage.REDELIVERED, Place.READY, Place.SENT_BACK, quantity)
    return _onwards(held, held.stage, (move,))


def recount(held: Held, *, place: Place, quantity: int, because: str) -> Outcome:
    """Correct how many pieces lie at a place to what was counted there; the reason stays with the difference.

    A place that holds none is not counted: nothing would lead on what is found where the course has passed.
    Pieces in test that were counted by phenomenon have to be counted again afterwards.
    """
    if place not in RECOUNTED or not held.at[place]:
        return Wrong({"place": NOT_COUNTED_THERE.say()})
    there = held.at[place]
    problem = _natural(quantity) or (SAME_COUNT.say(there=there) if quantity == there else None)
    if problem:
        return Wrong({"quantity": problem})
    if not because.strip():
        return Wrong({"because": REQUIRED.say()})
    again = place is Place.DRAWN and held.stage in (ReturnStage.COUNTED, ReturnStage.ANALYSED)
    stage = ReturnStage.DRAWN if again else held.stage
    note = because.strip()
    moves = (
        Movement(stage, Place.SURPLUS, place, quantity - there, note=note),
        Movement(stage, place, Place.MISSING, there - quantity, note=note),
    )
    return _onwards(held, stage, moves)


def standing_plan(at: Mapping[Place, int]) -> Mapping[Disposition, int]:
    """Return how many pieces wait for each disposition now: what a plan is changed from."""
    return {disposition: at[place] for disposition, place in PLANNED_AT.items() if at[place]}


_UNPLANNED = (Place.DRAWN, Place.STORED, Place.CHECKED, *PENDING, Place.READY, Place.KEPT)


def _moves_to(at: Mapping[Place, int], rows: Sequence[PlanEntry]) -> list[Movement]:
    """Return the movements that bring every piece to where its disposition wants it."""
    wanted = dict.fromkeys(PLANNED_AT.values(), 0)
    for row in rows:
        wanted[PLANNED_AT[row.disposition]] += row.quantity
    spare = {place: at[place] - min(at[place], wanted.get(place, 0)) for place in HERE}
    lacking = {place: quantity - min(at[place], quantity) for place, quantity in wanted.items()}
    moves = []
    for disposition in (
        Disposition.RETURN_AS_IS,
        *(d for d in Disposition if d is not Disposition.RETURN_AS_IS),
    ):
        to = PLANNED_AT[disposition]
        as_is = disposition is Disposition.RETURN_AS_IS
        sources = (Place.WRONG_PART, *_UNPLANNED) if as_is else (*_UNPLANNED, Place.WRONG_PART)
        for source in sources:
            quantity = min(spare[source], lacking[to])
            spare[source] -= quantity
            lacking[to] -= quantity
            moves.append(Movement(ReturnStage.PLANNED, source, to, quantity, disposition))
    return moves


def _onwards(held: Held, stage: ReturnStage, moves: Sequence[Movement]) -> Step:
    """Drop movements of nothing, and skip the stages in which nothing is left to be done."""
    made = tuple(one for one in moves if one.quantity > 0)
    at = balance((*held.movements, *made))
    if stage in (ReturnStage.PLANNED, ReturnStage.REWORKED):
        pending = any(at[place] for place in PENDING)
        stage = ReturnStage.PLANNED if pending else ReturnStage.REWORKED
        if not pending and not at[Place.READY]:
            stage = ReturnStage.REDELIVERED
    elif not here(at):
        stage = ReturnStage.REDELIVERED
    return Step(stage, made)


def _natural(value: int) -> Message | None:
    if value < 0:
        return NEGATIVE.say()
    return TOO_MANY.say() if value > LARGEST else None


def _whole(value: int) -> Message | None:
    return AT_LEAST_ONE.say() if value < 1 else _natural(value)


def _differs(total: int, wanted: int) -> Message | None:
    if total == wanted:
        return None
    direction = TOO_FEW_WORD if total < wanted else TOO_MANY_WORD
    return SUM_DIFFERS.say(
        sum=total, wanted=wanted, difference=abs(total - wanted), direction=direction.say()
    )
