"""The complaint log 客诉台账: the list or everything the actor may see, streamed as an Excel book (procedure 9).

The complaints are read slice by slice, each in a transaction of its own that is over before its rows are
written: whoever takes minutes to receive the file holds nothing that a writer waits for.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from eightd.domain.clock.due import Deadline
from eightd.domain.clock.met import REPLIES
from eightd.domain.complaint import (
    Channel,
    ComplaintKind,
    Demand,
    DisciplineCode,
    Role,
    Stage,
    Tier,
)
from eightd.domain.ppm import ppm
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor, Origin, ReportForm, ReportKind, VerdictResult
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.queries import log_slice
from eightd.queries.board_walk import Clock
from eightd.queries.log_filters import EVERYTHING, LogFilters, chosen
from eightd.queries.log_slice import Known, Slice
from eightd.reporting.complaint_log import NOT_STARTED, LogRow, MilestoneClock, ReportLanguage, complaint_log

E = TypeVar("E", bound=StrEnum)

SLICE = 500
"""Complaints read in one transaction."""

Progress = Callable[[int, int], None]
"""Told after each slice: how many complaints were read, of how many."""

_HOUR = timedelta(hours=1)


def log_book(
    uow: UnitOfWork,
    actor: Actor,
    *,
    language: Language,
    clock: Clock,
    filters: LogFilters = EVERYTHING,
    progress: Progress | None = None,
) -> Iterator[bytes]:
    """Yield the log as an xlsx book, in the order of registration and in constant memory.

    Instants are shown in the zone of the first plant by code that is asked for. Which complaints belong to
    the log is settled before the first byte; what is changed while it is written may show either way.
    """
    ids, zone = _chosen(uow, actor, filters, clock)
    rows = _rows(uow, ids, language=language, now=clock.now, progress=progress)
    return complaint_log(rows, language=language, zone=zone, reports=uow.reports, exported_at=clock.now)


def log_rows(
    uow: UnitOfWork, actor: Actor, *, language: Language, clock: Clock, filters: LogFilters = EVERYTHING
) -> Iterator[LogRow]:
    """Yield the rows of the log, in the order of registration."""
    ids, _zone_of_book = _chosen(uow, actor, filters, clock)
    return _rows(uow, ids, language=language, now=clock.now)


def _chosen(uow: UnitOfWork, actor: Actor, filters: LogFilters, clock: Clock) -> tuple[Sequence[int], str]:
    """Return the ids in order, eight bytes each, and the zone that the book is written in."""
    with uow.reading() as session:
        ids = array("q", chosen(session, actor, filters, clock))
        plants = filters.plants & actor.plants or actor.plants
        zones = sa.select(PlantRow.zone).where(PlantRow.id.in_(sorted(plants))).order_by(PlantRow.code)
        zone = session.execute(zones.limit(1)).scalar_one_or_none() or "UTC"
    return array("q", sorted(ids)), zone


def _rows(
    uow: UnitOfWork,
    ids: Sequence[int],
    *,
    language: Language,
    now: datetime,
    progress: Progress | None = None,
) -> Iterator[LogRow]:
    known = Known()
    for start in range(0, len(ids), SLICE):
        with uow.reading() as session:
            read = log_slice.read(session, ids[start : start + SLICE], known, now)
        for header in read.headers:
            yield _row(header, read, known.people, language, now)
        if progress is not None:
            progress(min(start + SLICE, len(ids)), len(ids))


def _row(
    row: Mapping[str, Any], read: Slice, people: Mapping[int, str], language: Language, now: datetime
) -> LogRow:
    key = row["id"]
    zone = _zone(row["plant_zone"])
    english = language is Language.EN
    held = {role: people.get(user_id, "") for _, role, user_id in read.assignments.get(key, ())}
    cqe = people.get(row["cqe_id"], "")
    clocks = _clocks(row, read, now)
    criteria, reasons = _reasons(read.classifications.get(key), english=english)
    answers = {code: answer for _, code, answer in read.accepted.get(key, ())}
    _, revision, report_kind, report_hash = read.revisions[key][-1] if key in read.revisions else _NO_REVISION
    return LogRow(
        number=row["number"],
        customer=(english and row["customer_name_en"]) or row["customer_name"],
        kind=_KINDS[row["kind"]],
        received_at=log_slice.instant(row["received_at"]) or now,
        plant=row["plant_code"],
        stage=_STAGES[row["stage"]],
        customer_number=row["customer_number"],
        customer_plant=row["customer_plant"],
        contact=row["contact"] or row["customer_contact"],
        end_customer=row["end_customer"],
        channel=_CHANNELS[row["channel"]],
        demands=_demands(row["demands"]),
        part_number=row["part_number"],
        customer_part_number=row["part_customer_number"] or row["part_own_customer_number"],
        part_name=(english and row["part_name_en"]) or row["part_name"],
        drawing_revision=row["drawing_revision"],
        product_line=row["product_line"],
        lots=_texts(row["lots"]),
        date_codes=_texts(row["date_codes"]),
        serials=_texts(row["serials"]),
        order_number=row["order_number"],
        delivery_number=row["delivery_number"],
        phenomena=tuple(
            f"{(english and other) or name} × {quantity}"
            for _, name, other, quantity in read.defects.get(key, ())
        ),
        quantity_delivered=row["quantity_delivered"],
        quantity_inspected=row["quantity_inspected"],
        quantity_complained=row["quantity_complained"],
        quantity_confirmed_ng=row["quantity_confirmed_ng"],
        quantity_returned=row["quantity_returned"],
        ppm=_ppm(row),
        tier=_TIERS[row["tier"]],
        reasons=reasons,
        criteria=criteria,
        score_weight=row["weight"],
        repeat_of=row["repeat_of"] or "",
        language=_LANGUAGES[row["report_language"]],
        revision="" if revision is None else str(revision),
        interim_on=_on(row["initial_reply_sent_at"], zone),
        final_on=_on(row["final_sent_at"], zone),
        person_in_charge=cqe,
        cqe=cqe,
        pqe=held.get(Role.PQE, ""),
        sqe=held.get(Role.SQE, ""),
        te=held.get(Role.TE, ""),
        pie=held.get(Role.PIE, ""),
        rd=held.get(Role.RD, ""),
        initial_reply=clocks.get("initial_reply", NOT_STARTED),
        preliminary_analysis=clocks.get("preliminary_analysis", NOT_STARTED),
        final_report=clocks.get("final_report", NOT_STARTED),
        ours=row["ours"],
        on_site_visit=row["visit_needed"],
        sample_needed=row["sample_needed"],
        sample_received_at=log_slice.instant(row["sample_received_at"]),
        sample_announced=row["sample_announced_quantity"],
        sample_received=row["sample_received_quantity"],
        sample_difference=row["sample_note"] if row["sample_needed"] else "",
        form=_FORMS[row["form"]],
        origin=_ORIGINS[row["origin"]],
        root_causes=_listed(answers.get(DisciplineCode.D4), "causes", "text"),
        actions=_listed(answers.get(DisciplineCode.D5), "actions", "action"),
        verdict=_VERDICTS[row["verdict"]],
        verdict_on=row["verdict_on"],
        closed_on=row["closed_on"],
        report_kind=_REPORT_KINDS[report_kind],
        report_revision=revision,
        report_hash=report_hash,
    )


def _clocks(row: Mapping[str, Any], read: Slice, now: datetime) -> dict[str, MilestoneClock]:
    """Judge each milestone as ``domain.clock.due.verdict`` does; one never met of an ended case is not late.

    Where a profile calls the milestone of a reply otherwise, it stands for that reply.
    """
    moving = {one.milestone.name: one for one in read.moving.get(row["id"], ())}
    kept = read.deadlines.get(row["id"], ())
    clocks = {one[1]: _clock(row, one, moving, now) for one in kept}
    for one in kept:
        if one[7] in REPLIES and one[7] not in clocks:
            clocks[one[7]] = clocks[one[1]]
    return clocks


def _clock(
    row: Mapping[str, Any], kept: Any, moving: Mapping[str, Deadline], now: datetime
) -> MilestoneClock:
    _, name, contractual, agreed, met, provisional, _paused, _wants = kept
    met_at = log_slice.instant(met)
    if met_at is None and name in moving:
        contractual_due_at, agreed_due_at = moving[name].contractual_due_at, moving[name].due_at
    else:
        contractual_due_at = log_slice.instant(contractual)
        agreed_due_at = contractual_due_at if agreed == contractual else log_slice.instant(agreed)
    judged = agreed_due_at if row["accepts_stops"] else contractual_due_at
    at = met_at or (now if row["is_open"] else None)
    late_by = at - judged if judged is not None and at is not None and at > judged else None
    return MilestoneClock(
        contractual_due_at=contractual_due_at,
        agreed_due_at=agreed_due_at,
        met_at=met_at,
        late_by_hours=None if late_by is None else round(late_by / _HOUR, 2),
        provisional=None if agreed_due_at is None else provisional,
    )


def _reasons(rows: Sequence[Any] | None, *, english: bool) -> tuple[str, tuple[str, ...]]:
    """Return the criteria and the reasons that held of the newest classification, a person's own words first."""
    if not rows:
        return "", ()
    _, criteria, reasons, by_hand = rows[-1]
    text = "text_en" if english else "text_zh"
    matched = tuple(one[text] for one in _matched(reasons))
    return criteria, (by_hand, *matched) if by_hand else matched


def _matched(document: str) -> Iterator[Mapping[str, Any]]:
    """Yield the reasons that held, parsing the few of them only; quotes within texts are escaped in the document.

    A document written in another manner is parsed whole.
    """
    if _MATCHED not in document and _NOT_MATCHED not in document:
        yield from (one for one in json.loads(document) if one["matched"])
        return
    at = document.find(_MATCHED)
    while at >= 0:
        one, end = _DECODER.raw_decode(document, document.rindex(_REASON, 0, at))
        yield one
        at = document.find(_MATCHED, end)


_MATCHED, _NOT_MATCHED, _REASON = '"matched": true', '"matched": false', '{"rule": '
_DECODER = json.JSONDecoder()


def _listed(answer: str | None, rows: str, text: str) -> str:
    """Return one text of each row of an answer, a line each; the rest of the answer is not parsed."""
    if answer is None:
        return ""
    before = f'"{rows}": ['
    at = answer.find(before)
    listed = (
        _DECODER.raw_decode(answer, at + len(before) - 1)[0] if at >= 0 else json.loads(answer).get(rows, ())
    )
    return "\n".join(filter(None, (row.get(text, "") for row in listed)))


def _texts(document: str) -> tuple[str, ...]:
    return () if document == "[]" else tuple(json.loads(document))


@lru_cache(maxsize=64)
def _demands(document: str) -> tuple[Demand, ...]:
    return tuple(map(Demand, json.loads(document)))


def _ppm(row: Mapping[str, Any]) -> float | None:
    found = ppm(
        confirmed_ng=row["quantity_confirmed_ng"],
        complained=row["quantity_complained"],
        delivered=row["quantity_delivered"],
    )
    return None if found is None else float(found)


def _on(kept: str | datetime | None, zone: ZoneInfo) -> date | None:
    at = log_slice.instant(kept)
    return None if at is None else at.astimezone(zone).date()


_zone = lru_cache(maxsize=64)(ZoneInfo)


def _by_value(kind: type[E]) -> Mapping[str | None, E]:
    return {member.value: member for member in kind}


def _or_none(kind: type[E]) -> Mapping[str | None, E | None]:
    return {None: None, **_by_value(kind)}


_KINDS, _STAGES, _TIERS = _by_value(ComplaintKind), _by_value(Stage), _by_value(Tier)
_CHANNELS, _FORMS = _by_value(Channel), _by_value(ReportForm)
_ORIGINS, _VERDICTS, _REPORT_KINDS = _or_none(Origin), _or_none(VerdictResult), _or_none(ReportKind)
_LANGUAGES: Mapping[str, ReportLanguage] = {"both": "both", **{one.value: one for one in Language}}
_NO_REVISION = (0, None, None, "")
