"""Write the cases of an old log as closed complaints, all of them in the caller's transaction, in bulk.

What takes time is made before the transaction begins: each case is classified and its documents are written. Within it
there are only numbers, ids and inserts, so that other writers wait seconds, not minutes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.classification.classify import classify
from eightd.domain.classification.criteria import STANDARD, Criteria
from eightd.domain.classification.phenomena import phenomenon_key
from eightd.domain.complaint import (
    HISTORY,
    DefectCounts,
    DefectKind,
    DefectLine,
    DisciplineCode,
    DisciplineState,
    Stage,
    Tier,
)
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    CausePath,
    CorrectiveAction,
    RootCause,
)
from eightd.domain.events import EventTag
from eightd.domain.importing.cells import key_of
from eightd.domain.importing.fields import Target
from eightd.domain.words import Language
from eightd.persistence import search
from eightd.persistence.codec import answer_document
from eightd.persistence.locks import hold
from eightd.persistence.repositories import rules
from eightd.persistence.tables.base import Base
from eightd.persistence.tables.catalogue import CriteriaRow, CustomerRow, PartRow, PhenomenonRow
from eightd.persistence.tables.complaint import ClassificationRow, ComplaintRow, DefectLineRow
from eightd.persistence.tables.deadline import NOTHING_DUE_AT
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.persistence.tables.importing import ImportedRecordRow, ImportRunRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import record_new
from eightd.usecases.classifying import counts_document, reason_documents
from eightd.usecases.importing.old_log import TAKEN_TIER, OldCase
from eightd.usecases.importing.values import OldState

_COMPLAINT = cast("sa.Table", ComplaintRow.__table__)
_AT_ONCE = 1_000
_FOLDED_TEXT = 30_000


@dataclass(frozen=True, slots=True)
class Classified:
    """A case with its tier and the reasons for it, as they are kept."""

    case: OldCase
    tier: Tier
    weight: int
    document: dict[str, Any]
    by_hand: bool
    answers: tuple[tuple[DisciplineCode, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the plant knows already: codes of customers and numbers of parts by their keys."""

    customers: Mapping[str, str]
    parts: frozenset[str]


def known_names(session: Session) -> Known:
    """Return the customers by code, name and English name, and the parts by number."""
    customers: dict[str, str] = {}
    rows = session.execute(sa.select(CustomerRow.code, CustomerRow.name, CustomerRow.name_en)).all()
    for place in (2, 1, 0):  # a code counts more than a name that another customer has
        customers.update((key_of(row[place]), row.code) for row in rows if row[place])
    return Known(customers, frozenset(session.execute(sa.select(PartRow.number)).scalars()))


def known_records(session: Session, plant_id: int, target: Target) -> dict[str, str]:
    """Return what was brought in before, by its fingerprint, with the hash of what it said."""
    found = session.execute(
        sa.select(ImportedRecordRow.fingerprint, ImportedRecordRow.content).where(
            ImportedRecordRow.plant_id == plant_id, ImportedRecordRow.target == target.value
        )
    )
    return {row.fingerprint: row.content for row in found}


def classified(
    session: Session, cases: Iterable[OldCase], told: Callable[[int], None] = lambda _done: None
) -> list[Classified]:
    """Classify each case by the criteria that held for its customer then; a tier the old log gives stays."""
    rows = session.execute(sa.select(CustomerRow.code, CustomerRow.criteria)).all()
    names = {row.code: row.criteria for row in rows}
    begins = sorted(set(session.execute(sa.select(CriteriaRow.valid_from_on)).scalars()))
    criteria: dict[tuple[str, int], Criteria] = {}
    found = []
    for done, case in enumerate(cases):
        if done % _AT_ONCE == 0:
            told(done)
        name = names.get(case.customer, STANDARD.name)
        asked = (name, bisect_right(begins, case.received_on))
        if asked not in criteria:
            customer = CustomerRow(criteria=name)
            criteria[asked] = rules.criteria_for(session, customer, case.received_on)
        found.append(_classified(case, criteria[asked]))
    return found


def _classified(case: OldCase, criteria: Criteria) -> Classified:
    counts = DefectCounts(
        tuple(DefectLine(one.kind, one.phenomenon, one.quantity, one.inspected) for one in case.lines),
        case.counts["quantity_inspected"],
    )
    judged = classify(counts, criteria)
    tier = case.tier or judged.tier
    document = {
        "criteria": judged.criteria_ref,
        "reasons": reason_documents(judged),
        "counts": counts_document(counts),
        "reason": "" if tier is judged.tier else f"{TAKEN_TIER.zh} / {TAKEN_TIER.en}",
    }
    answers = tuple((code, answer_document(answer)) for code, answer in _answers(case))
    return Classified(case, tier, criteria.weight(tier), document, tier is not judged.tier, answers)


@dataclass(slots=True)
class _Frame:
    """What all rows of a run share."""

    work: Work
    run: ImportRunRow
    plant: PlantRow
    calendars: Mapping[str, str]
    profiles: Mapping[str, str]
    customers: dict[str, CustomerRow]
    parts: dict[str, PartRow]


def bring_in(work: Work, run: ImportRunRow, found: Sequence[Classified]) -> int:
    """Write the cases that are not known yet, with their customers and parts; return how many.

    Nobody is told, nothing becomes due. What another run brought in meanwhile is left alone.
    """
    session = work.session
    hold(session, f"history:{run.plant_id}")
    known = known_records(session, run.plant_id, Target.LOG)
    new = [one for one in found if one.case.key not in known]
    plant = session.get_one(PlantRow, run.plant_id)
    customers = _customers(work, plant, new)
    frame = _Frame(
        work,
        run,
        plant,
        {code: rules.calendar_for(session, plant, row).ref for code, row in customers.items()},
        {code: rules.newest_profile(session, row.profile).ref for code, row in customers.items()},
        customers,
        _parts(work, new),
    )
    numbers = _numbers(session, plant, [one.case.received_on.year for one in new])
    for start in range(0, len(new), _AT_ONCE):
        _write(frame, new[start : start + _AT_ONCE], numbers[start : start + _AT_ONCE])
    return len(new)


def _write(frame: _Frame, cases: Sequence[Classified], numbers: Sequence[str]) -> None:
    session = frame.work.session
    rows = [_header(frame, one, number) for one, number in zip(cases, numbers, strict=True)]
    ids = session.execute(
        sa.insert(_COMPLAINT).returning(_COMPLAINT.c.id, sort_by_parameter_order=True), rows
    ).scalars()
    catalogue = {
        (kind, phenomenon_key(text)): (text, text_en)
        for kind, text, text_en in session.execute(
            sa.select(PhenomenonRow.kind, PhenomenonRow.text, PhenomenonRow.text_en)
        )
    }
    made: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
    texts, entries = [], []
    for key, one, row in zip(ids, cases, rows, strict=True):
        case = one.case
        made[DefectLineRow].extend(_lines(key, case, catalogue))
        made[ClassificationRow].append(_classification(frame, key, one))
        for code in DisciplineCode:
            made[DisciplineRow].append(
                {"complaint_id": key, "code": code, "state": DisciplineState.OPEN, "version": 1}
            )
        for code, answer in one.answers:
            made[DisciplineRow][int(code.value[1:]) - 9]["state"] = DisciplineState.ACCEPTED
            made[SubmissionRow].append(_submission(frame, key, code, answer))
        made[ImportedRecordRow].append(
            {
                "plant_id": frame.run.plant_id, "target": Target.LOG.value, "fingerprint": case.key,
                "content": case.content, "run_id": frame.run.id, "record_id": key,
            }
        )  # fmt: skip
        texts.append((key, _searchable(frame, case, row["number"])))
        entries.append((key, row["number"], _noted(frame, case)))
    for table, values in made.items():
        session.execute(
            sa.insert(cast("sa.Table", table.__table__)), values
        )  # not through the mapper: it asks back by row
    search.index_new(session, texts)
    frame.work.begin_records(EventTag.LOG_IMPORTED, entries)


def _header(frame: _Frame, one: Classified, number: str) -> dict[str, Any]:
    case, work = one.case, frame.work
    customer = frame.customers[case.customer]
    stage = Stage.CANCELLED if case.state is OldState.CANCELLED else Stage.CLOSED
    closed_at = (
        None if case.closed_on is None else _at(frame.plant, case.closed_on, frame.plant.close_of_business)
    )
    known = case.counts
    old = f"{case.where} · {case.texts['own_number']}" if case.texts["own_number"] else case.where
    return {
        "number": number,
        "plant_id": frame.plant.id,
        "customer_id": customer.id,
        "part_id": frame.parts[key_of(case.part_number)].id,
        "version": 1,
        **{
            name: case.texts[name]
            for name in (
                "customer_number", "contact", "end_customer", "part_customer_number", "order_number",
                "delivery_number",
            )
        },
        "kind": case.kind,
        "channel": case.channel,
        "description": _description(case),
        "received_at": _at(frame.plant, case.received_on, time(8)),
        "registered_at": work.now,
        "registered_by": work.actor.id,
        "lots": list(case.lists["lots"]),
        "date_codes": list(case.lists["date_codes"]),
        "serials": [],
        "quantity_delivered": known["quantity_delivered"],
        "quantity_inspected": known["quantity_inspected"],
        "quantity_complained": known["quantity_defective"],
        "quantity_returned": known["quantity_returned"],
        "demands": [],
        "report_language": customer.language.value,
        "stage": stage,
        "is_open": False,
        "tier": one.tier,
        "weight": one.weight,
        "tier_overridden": one.by_hand,
        "origin": case.origin,
        "imported_from": old[:80],
        "sample_needed": False,
        "profile": frame.profiles[case.customer],
        "calendar": frame.calendars[case.customer],
        "closed_at": closed_at,
        "closed_on": case.closed_on,
        "sort_due_at": NOTHING_DUE_AT,
    }  # fmt: skip


def _at(plant: PlantRow, on: date, at: time) -> datetime:
    return datetime.combine(on, at, ZoneInfo(plant.zone)).astimezone(UTC)


def _description(case: OldCase) -> str:
    return "\n".join(case.notes)


def _lines(
    key: int, case: OldCase, catalogue: Mapping[tuple[DefectKind, str], tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    """Yield the defect lines, in the catalogue's words where it has them; nothing new enters the catalogue."""
    for position, line in enumerate(case.lines):
        text, text_en = catalogue.get((line.kind, phenomenon_key(line.phenomenon)), (line.phenomenon, ""))
        yield {
            "complaint_id": key, "position": position, "kind": line.kind, "phenomenon": text,
            "phenomenon_en": text_en, "quantity": line.quantity, "inspected": line.inspected,
        }  # fmt: skip


def _classification(frame: _Frame, key: int, one: Classified) -> dict[str, Any]:
    return {
        "complaint_id": key, "at": frame.work.now, "by": frame.work.actor.id, "tier": one.tier, "weight": one.weight,
        **one.document, "is_override": one.by_hand,
    }  # fmt: skip


def _answers(case: OldCase) -> Iterator[tuple[DisciplineCode, Answer]]:
    """Yield what the old log says of causes and actions, as accepted answers of D4 and D5."""
    written = Language.ZH
    if case.causes:
        causes = tuple(
            RootCause(key=str(place), path=CausePath.OCCURRENCE, text=text)
            for place, text in enumerate(case.causes, start=1)
        )
        yield DisciplineCode.D4, CauseAnswer(written_in=written, causes=causes)
    if case.actions:
        cause = 0 if case.causes else None
        actions = tuple(
            CorrectiveAction(key=str(place), cause=cause, action=text)
            for place, text in enumerate(case.actions, start=1)
        )
        yield DisciplineCode.D5, ActionAnswer(written_in=written, actions=actions)


def _submission(frame: _Frame, key: int, code: DisciplineCode, answer: dict[str, Any]) -> dict[str, Any]:
    by, at = frame.work.actor.id, frame.work.now
    return {
        "complaint_id": key, "code": code, "number": 1, "answer": answer, "by": by, "at": at,
        "verdict": "accepted", "verdict_by": by, "verdict_at": at, "verdict_reason": "",
    }  # fmt: skip


def _searchable(frame: _Frame, case: OldCase, number: str) -> str:
    customer, part = frame.customers[case.customer], frame.parts[key_of(case.part_number)]
    texts = [
        number, *case.texts.values(), customer.code, customer.name, customer.name_en, part.number, part.name,
        part.name_en, *case.lists["lots"], *case.lists["date_codes"],
        *(line.phenomenon for line in case.lines), _description(case), *case.causes, *case.actions,
    ]  # fmt: skip
    return "\n".join(texts)[:_FOLDED_TEXT]


def _noted(frame: _Frame, case: OldCase) -> dict[str, Any]:
    """Return what the record keeps of a case that was brought in."""
    return {
        "customer": case.customer,
        "part": case.part_number,
        "received_at": case.received_on.isoformat(),
        "imported_file": frame.run.filename,
        "imported_line": case.where,
        "defects": [asdict(line) for line in case.lines],
    }


def _customers(work: Work, plant: PlantRow, found: Iterable[Classified]) -> dict[str, CustomerRow]:
    """Return the customers by code, or by name where they were made for this run."""
    rows = work.session.execute(sa.select(CustomerRow)).scalars().all()
    known = {row.code: row for row in rows}
    taken = {row.code.casefold() for row in rows}
    wanted = {}
    for name in dict.fromkeys(one.case.customer for one in found):
        if name not in known:
            code = _code(name, taken)
            taken.add(code.casefold())
            known[name] = CustomerRow(code=code, name=name, language=plant.language)
            work.session.add(known[name])
            record_new(work, "customer", code, {"code": code, "name": name})
        wanted[name] = known[name]
    work.session.flush()
    return wanted


def _code(name: str, taken: set[str]) -> str:
    """Return a code of at most twenty characters that nobody has, as near to the name as may be."""
    base = " ".join(name.split())[:20].strip().upper()
    code, number = base, 2
    while code.casefold() in taken:
        code = f"{base[: 19 - len(str(number))]}-{number}"
        number += 1
    return code


def _parts(work: Work, found: Iterable[Classified]) -> dict[str, PartRow]:
    """Return the parts by the key of their number; what is not known yet is made."""
    known = {key_of(row.number): row for row in work.session.execute(sa.select(PartRow)).scalars()}
    made = []
    for one in found:
        key = key_of(one.case.part_number)
        if key not in known:
            known[key] = PartRow(number=one.case.part_number, name=one.case.part_name)
            work.session.add(known[key])
            made.append(one.case.part_number)
    work.session.flush()
    if made:
        work.record(
            "part.created", subject=made[0][:80], new={"part_numbers": made[:500], "records_made": len(made)}
        )
    return known


def _numbers(session: Session, plant: PlantRow, years: Sequence[int]) -> list[str]:
    """Give out numbers of the plant's own series of history, such as HCC-2023-00001, by the year of receipt."""
    last: dict[int, int] = {}
    numbers = []
    for year in years:
        begins = f"{HISTORY}{plant.number_prefix}-{year}-"
        if year not in last:
            newest = session.execute(
                sa.select(ComplaintRow.number)
                .where(ComplaintRow.plant_id == plant.id, ComplaintRow.imported_from != "")
                .where(ComplaintRow.number.startswith(begins, autoescape=True))
                .order_by(sa.func.length(ComplaintRow.number).desc(), ComplaintRow.number.desc())
                .limit(1)
            ).scalar_one_or_none()
            last[year] = 0 if newest is None else int(newest.rpartition("-")[2])
        last[year] += 1
        numbers.append(f"{begins}{last[year]:05d}")
    return numbers
